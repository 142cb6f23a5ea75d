"""The checker: judges what a learner writes, at once and in their language.

A notebook needs these names of it::

    from utils.tester import hint, load_from_chapter_name, ready, show_progress, use_solution

    test_func, show_solution = load_from_chapter_name("08_closed_loop_control")
"""

from utils.tester.session import (
    hint,
    load_from_chapter_name,
    ready,
    show_progress,
    use_solution,
)

__all__ = ["hint", "load_from_chapter_name", "ready", "show_progress", "use_solution"]
