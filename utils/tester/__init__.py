"""The checker: judges what a learner writes, at once and in their language.

A notebook needs three names of it::

    from utils.tester import load_from_chapter_name, ready, use_solution

    test_func, show_solution = load_from_chapter_name("08_closed_loop_control")
"""

from utils.tester.session import load_from_chapter_name, ready, use_solution

__all__ = ["load_from_chapter_name", "ready", "use_solution"]
