"""What Gradescope is told when a submission could not be graded, through no fault of its own.

Its format has no word for that and asks for a number. So the 0 does not come alone: the page says
in both languages that it is no mark, and so does the one test on it.
"""

from __future__ import annotations

import json
from typing import Any

_NAME = "NOT GRADED / 未採点"
_TOLD = """\
NOT GRADED: something is wrong with the grader, not with your work. The 0 is not your mark. Tell \
your instructor, who can run the grader again.
未採点：採点プログラムの側に問題があり、提出物を採点できませんでした。表示されている0点は採点結果ではありません。\
担当の先生に知らせてください。採点はやり直せます。"""


def not_graded(why: str) -> dict[str, Any]:
    """Gradescope's results.json; ``why`` is for the instructor alone."""
    test = {
        "name": _NAME,
        "name_format": "text",
        "score": 0.0,
        "status": "failed",
        "output": _TOLD,
        "output_format": "text",
        "visibility": "visible",
    }
    return {
        "score": 0.0,
        "output": _TOLD,
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [test],
        "extra_data": {"not_graded": True, "why": why[:2000]},
    }


def as_json(results: dict[str, Any]) -> bytes:
    return (json.dumps(results, ensure_ascii=False, indent=1) + "\n").encode(errors="replace")
