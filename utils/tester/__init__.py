"""The checker: judges what a learner writes, at once and in their language.

A notebook needs these names of it::

    from utils.tester import hint, load_from_chapter_name, ready, show_progress, use_solution

    test_func, show_solution = load_from_chapter_name("08_closed_loop_control")
"""

from utils.doctor.finding import ask_the_doctor

try:
    from utils.tester.session import (
        hint,
        load_from_chapter_name,
        ready,
        show_progress,
        use_solution,
    )
except ImportError as error:  # a package that is missing, too old or broken
    raise ImportError(f"{error}\n{ask_the_doctor()}", name=error.name) from error

__all__ = ["hint", "load_from_chapter_name", "ready", "show_progress", "use_solution"]
