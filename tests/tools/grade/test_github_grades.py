"""A graded class on GitHub Actions, whatever its students wrote."""

from dataclasses import replace

import pytest
from github_runner import commands_in, hostile
from hypothesis import given

from tools.grade.marks import Class, Graded, Mark, Submission
from tools.grade.writing.github import annotations, report_to_github, summary_markdown
from utils.github import plain

RIGHT = Mark("01_01", "A leaky sum", "passed", 1.0, 1.0, public=(4, 4), hidden=(20, 20))
WRONG = Mark("01_02", "A filter", "failed", 0.0, 2.0, mistake="transposed")
CARRIED = Mark(
    *("01_02", "A filter", "failed", 2.0, 2.0, True),
    flags=("carried_forward",),
    detail="01_01 is wrong",
)
CRASHED = Mark("01_02", "A filter", "crashed", 0.0, 2.0, flags=("crashed",))


def handed_in(student, *marks, problems=(), problem="", chapter="01_small"):
    graded = Graded(chapter, "en", marks, problem)
    return Submission(student, f"{student}/01_small.ipynb", "0" * 64, graded, problems)


def a_class(*submissions, **given):
    return Class(
        submissions, **{"isolation": "bubblewrap", "hidden": 20, "carried_share": 1} | given
    )


CLASS = a_class(
    handed_in("ada", RIGHT, CARRIED),
    handed_in("bob", RIGHT, WRONG),
    handed_in("cyd", RIGHT, CRASHED, problems=("a symbolic link was left out",)),
    handed_in("dan", problem="dan.ipynb is not a notebook."),
    problems=("eve handed in nothing",),
)


def test_a_warning_for_each_that_somebody_should_look_at():
    assert annotations(CLASS) == [
        "::warning title=The class::Of the class as a whole: eve handed in nothing",
        "::warning title=ada 01_small::01_02 Carried forward: 01_01 is wrong",
        "::warning title=cyd 01_small::How it was handed in: a symbolic link was left out%0A"
        "01_02 Python died",
        "::warning title=dan 01_small::Notebooks that could not be read: dan.ipynb is not a "
        "notebook.",
    ]


def test_they_are_no_more_than_github_shows():
    many = a_class(*(handed_in(f"s{i}", CRASHED) for i in range(300)))
    assert len(annotations(many)) == 10
    assert annotations(many)[-1].startswith("::warning::291 more; ")


def test_reduced_isolation_is_named_in_both():
    reduced = replace(CLASS, isolation="reduced")
    assert "reduced isolation" in annotations(reduced)[0]
    assert "**Graded with reduced isolation" in summary_markdown(reduced)
    assert "reduced" not in summary_markdown(CLASS)


def test_the_summary():
    assert (
        summary_markdown(CLASS)
        == """\
## Grades

4 notebooks of 4 students, 20 hidden cases an exercise; carried forward earns 100% of the points.

### To look at

| whose | exercise | why |
| --- | --- | --- |
| The class |  | Of the class as a whole&#58; eve handed in nothing |
| dan 01&#95;small |  | Notebooks that could not be read&#58; dan&#46;ipynb is not a notebook&#46; |
| cyd 01&#95;small |  | How it was handed in&#58; a symbolic link was left out |
| cyd 01&#95;small | 01&#95;02 | Python died |
| ada 01&#95;small | 01&#95;02 | Carried forward&#58; 01&#95;01 is wrong |

### Exercises

| chapter | exercise | passed | carried forward | of | commonest mistake |
| --- | --- | --- | --- | --- | --- |
| 01&#95;small | 01&#95;01 | 3 | 0 | 3 |  |
| 01&#95;small | 01&#95;02 | 0 | 1 | 3 | transposed &#40;1&#41; |

### Scores

| student | chapter | score | of |
| --- | --- | --- | --- |
| ada | 01&#95;small | 3 | 3 |
| bob | 01&#95;small | 1 | 3 |
| cyd | 01&#95;small | 1 | 3 |
| dan | 01&#95;small | 0 | 0 |
"""
    )


def test_a_large_class_is_summed_up_in_a_few_pages():
    many = a_class(*(handed_in(f"s{i}", CRASHED) for i in range(10_000)))
    told = summary_markdown(many)
    assert told.count("\n| s") == 2 * 200 + 1
    assert told.count("9800 more") == 2


@given(hostile, hostile, hostile)
def test_no_text_of_a_student_is_a_command_or_leaves_its_cell(student, detail, problem):
    marks = (replace(CARRIED, detail=detail, mistake=detail),)
    graded = a_class(
        handed_in(student, *marks, problems=(problem,), problem=problem, chapter=student),
        problems=(problem,),
    )
    lines = annotations(graded)
    commands = commands_in("\n".join(lines))
    assert {command.name for command in commands} == {"warning"}
    assert len(commands) == len(lines)
    if detail.strip():
        assert any(plain(detail).strip() in command.data for command in commands)
    rows = [line for line in summary_markdown(graded).splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} <= {4, 5, 7}


@pytest.mark.parametrize("value", ["true", ""])
def test_it_is_reported_on_github_alone(tmp_path, monkeypatch, capsys, value):
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", value)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    report_to_github(CLASS)
    assert summary.exists() == bool(value)
    assert bool(capsys.readouterr().out) == bool(value)
