"""The gate: what it refuses in a small chapter, and what its reports say."""

import html
import re
import shutil
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from functools import partial

import nbformat
import pytest
from small_lesson import CHAPTER, CHECKS_01, LESSON, changed, write_chapter
from typer.testing import CliRunner

from tests.scaffold import CHAPTER as SCAFFOLD
from tests.scaffold import command, edit, make_tree
from tools.__main__ import app
from tools.checkfile import load_check_file
from tools.checks import Alternative, Mistake, Text
from tools.lesson import LessonError, chapters, read_lesson
from tools.record import record_chapter, reference_path
from tools.verify.answers import Exam
from tools.verify.budgets import Spent
from tools.verify.content import emptied_functions, too_few
from tools.verify.diagnosing import Trial, counts, try_all
from tools.verify.execution import execute
from tools.verify.jobs import Found, Job, run_jobs
from tools.verify.languages import differing_code, differing_formulas, untranslated
from tools.verify.notebooks import answers_come_last
from utils.tester.rules import Numeric
from utils.tester.store import load_chapter, load_header, save_chapter


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = write_chapter(tmp_path_factory.mktemp("small"))
    assert record_chapter(CHAPTER, root) == []
    return root


@pytest.fixture(scope="module")
def exam(root):
    recorded = load_chapter(reference_path(CHAPTER, root))
    return Exam(read_lesson(CHAPTER, root), recorded, "01_01", root)


def lesson_with(tmp_path, old, new):
    return read_lesson(CHAPTER, write_chapter(tmp_path, lesson=changed(LESSON, old, new)))


def checks_with(tmp_path, old, new):
    write_chapter(tmp_path, checks_01=changed(CHECKS_01, old, new))
    return load_check_file(tmp_path, CHAPTER, "01_01")


def test_right_answers_and_known_mistakes_have_no_problem(exam):
    problems, seconds = exam.of_model()
    assert problems == []
    assert seconds > 0
    assert [exam.of_starter(lang) for lang in ("en", "ja")] == [[], []]
    assert exam.of_half_done() == []
    assert [exam.of_mistake(mistake) for mistake in exam.checks.mistakes] == [[], [], []]
    assert [exam.of_alternative(one) for one in exam.checks.alternatives] == [[], []]


def test_a_mistake_that_passes_is_a_problem(exam):
    harmless = Mistake("harmless", (("(1 - rate)", "(1.0 - rate)"),), Text("No.", "いいえ。"))
    assert exam.of_mistake(harmless) == ["exercise 01_01: mistake 'harmless' passes"]


def test_a_mistake_without_a_hint_or_with_anothers_is_a_problem(exam):
    unknown = Mistake("unknown", (("(1 - rate)", "(2 - rate)"),), Text("No.", "いいえ。"))
    assert exam.of_mistake(unknown)[0].endswith("should get its own hint and gets none")
    twin = Mistake("twin", (("(1 - rate)", "(rate + 1)"),), Text("No.", "いいえ。"))
    assert exam.of_mistake(twin)[0].endswith("should get its own hint and gets that of 'grows'")


def test_an_alternative_that_fails_is_a_problem(exam):
    (problem,) = exam.of_alternative(Alternative("zero", (("(1 - rate) * x", "0 * x"),)))
    assert problem.startswith("exercise 01_01: alternative 'zero': failed")


def test_what_is_wrong_in_a_general_way_is_refused_and_named(exam):
    trials = try_all(exam.recorded.exercises["01_01"], exam.answers.model())
    assert [trial.problem for trial in trials if trial.problem] == []
    found = counts(trials)
    for kind in ("one step too few", "reversed", "sign", "dtype", "stale state"):
        assert found[kind].keys() == {"named"}, kind
    # y is (1 - rate) x, so that nothing else is another name for a factor of rate.
    assert found["factor"]["named"] == found["factor"].total() >= 4


def test_what_is_wrong_in_a_general_way_and_accepted_or_misnamed_is_a_problem(exam):
    exercise = exam.recorded.exercises["01_01"]
    loose = replace(exercise, outputs=(Numeric("y", rtol=10.0),))
    trials = try_all(loose, exam.answers.model())
    assert "sign, y: accepted" in [trial.problem for trial in trials]
    misnamed = Trial("sign", "y", "misnamed", "late")
    assert misnamed.problem == "sign, y: the diagnosis is 'late'"


def test_too_few_mistakes_and_alternatives_are_told(exam):
    told = " ".join(too_few(exam.checks))
    assert "3 mistakes, fewer than 8" in told
    assert "2 alternatives, fewer than 6" in told
    assert "cases" not in told


def test_a_function_that_is_all_gap_is_told(tmp_path):
    old = (
        "    log.append(rate)  # given\n"
        "    y = (1 - rate) * x  # TODO The next state. | 次の状態。\n"
        "    return y\n"
    )
    new = (
        "    # TODO All of it. | すべて。\n"
        "    log.append(rate)\n"
        "    return (1 - rate) * x\n"
        "    # END TODO\n"
    )
    lesson = lesson_with(tmp_path, old, new)
    (problem,) = emptied_functions(lesson.exercise("01_01"))
    assert "of decay nothing is left but the gap" in problem
    assert emptied_functions(lesson.exercise("01_02")) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"減衰"', '"Decay"', "TITLE"),
        ('"どうやって？"', '"How?"', "hint 2"),
        ('"乱数"', '""', "the label of case 1"),
        ('"縮むはずです。"', '"It must shrink."', "the hint of 'grows'"),
        ('"It must shrink."', '"縮むはずです。"', "the hint of 'grows'"),
    ],
)
def test_a_text_in_one_language_alone_is_told(tmp_path, old, new, what):
    checks = checks_with(tmp_path, old, new)
    problems = untranslated(checks, read_lesson(CHAPTER, tmp_path).exercise("01_01"))
    assert f": {what} is not in both languages" in problems[0]


def test_symbols_are_the_same_in_both_languages(tmp_path):
    checks = checks_with(tmp_path, '"減衰"', '"λ = 0.1"')
    assert untranslated(checks, read_lesson(CHAPTER, tmp_path).exercise("01_01")) == []


@pytest.mark.parametrize(
    ("english", "japanese", "problems"),
    [
        ("$a$ and $b$, $a$ again", "$b$と$a$", 0),
        ("`$a`, `$b` and\n# ```\n# $c$\n# ```", "`$a`と`$b`", 0),
        ("$a$", "$b$", 2),
        ("$$\n# a + b .\n# $$", "$$a  + b$$", 0),
        ("$$a$$ $$b$$", "$$b$$ $$a$$", 1),
        ("$$a$$", "$a$", 2),
    ],
)
def test_formulas_are_the_same_in_both_languages(tmp_path, english, japanese, problems):
    text = changed(LESSON, "# # A small chapter", f"# {english}")
    lesson = changed(text, "# # 小さな章", f"# {japanese}")
    found = differing_formulas(read_lesson(CHAPTER, write_chapter(tmp_path, lesson=lesson)))
    assert len(found) == problems
    assert all(problem.startswith("solutions/01_small/lesson/0_all.py:14: ") for problem in found)


@pytest.mark.parametrize("chapter", chapters())
def test_the_chapters_have_the_same_code_and_formulas_in_both_languages(chapter):
    lesson = read_lesson(chapter)
    assert differing_code(lesson) == []
    assert differing_formulas(lesson) == []


def test_only_what_is_far_over_its_budget_is_refused():
    assert not Spent("a", 1.0, 1.0).over
    late = Spent("b", 4.9, 1.0)
    assert late.over
    assert late.problems() == []
    assert Spent("c", 5.1, 1.0).problems() == ["c: 5.1 of 1 s is more than 5 times its budget"]
    told = Spent("d", 1e9, None, "MB")
    assert (str(told), told.over, told.problems()) == ("d: 1e+09 MB", False, [])


def test_a_job_that_breaks_is_a_problem_and_the_others_go_on():
    def broken():
        raise LessonError("file:1: what. remedy.")

    def crashed():
        raise ZeroDivisionError("by zero")

    runs = [broken, crashed, lambda: Found(["wrong"]), lambda: Found(detail=7)]
    jobs = [Job("chapter", "part", str(number), run) for number, run in enumerate(runs)]
    seen = []
    results = run_jobs(jobs, 2, seen.append)
    assert [result.subject for result in results] == ["0", "1", "2", "3"]
    assert {result.subject for result in seen} == {"0", "1", "2", "3"}
    assert [result.problems for result in results] == [
        ["file:1: what. remedy."],
        ["part 1: ZeroDivisionError: by zero"],
        ["wrong"],
        [],
    ]
    assert results[3].found.detail == 7


def test_heavy_jobs_are_done_one_at_a_time_and_the_heaviest_first(tmp_path):
    log = tmp_path / "log"

    def run(name):
        for sign in "+-":
            with log.open("a") as file:
                file.write(f"{sign}{name} ")
            time.sleep(0.1)
        return Found()

    weights = {"a": 0, "b": 1, "c": 0, "d": 2, "e": 0}
    jobs = [Job("", "", name, partial(run, name), heavy) for name, heavy in weights.items()]
    assert [result.subject for result in run_jobs(jobs, 2, lambda result: None)] == list(weights)
    heavy = [event for event in log.read_text().split() if event[1] in "bd"]
    assert heavy == ["+d", "-d", "+b", "-b"]


def test_what_stands_before_the_advanced_answers_ran_without_them(tmp_path):
    new_cell = nbformat.v4.new_code_cell
    answer = new_cell("y = np.ones(20_000_000)", metadata={"answer": "01_A1"})
    cells = [new_cell("import numpy as np"), new_cell("1 / 0"), answer]
    whole = execute(nbformat.v4.new_notebook(cells=cells), tmp_path)
    demos = whole.without_answers()
    assert [cell.source for cell in demos.notebook.cells] == ["import numpy as np", "1 / 0"]
    assert len(whole.notebook.cells) == 3
    assert sum(demos.seconds.values()) < sum(whole.seconds.values())
    assert list(demos.errors) == [1]
    assert demos.peak_megabytes + 100 < whole.peak_megabytes


@pytest.mark.parametrize(
    ("after", "last"),
    [("", True), ("# %% [markdown]\n# $$x$$\n", True), ("# %%\nprint(1)\n", False)],
)
def test_whether_advanced_answers_come_last(tmp_path, after, last):
    answer = '\n# %% answer="01_A1"\n# TODO Try. | 試す。\nprint(2)\n\n'
    write_chapter(tmp_path, lesson=f"{LESSON}{answer}{after}")
    assert answers_come_last(read_lesson(CHAPTER, tmp_path)) == last


def test_an_unknown_chapter_is_wrong_usage():
    done = CliRunner().invoke(app, ["verify", "08_nothing"])
    assert done.exit_code == 2
    assert "no chapter '08_nothing'" in done.output


def test_help_has_an_example():
    done = CliRunner().invoke(app, ["verify", "--help"])
    assert done.exit_code == 0
    assert "Example: python -m tools verify" in done.output


@pytest.fixture(scope="module")
def verified(tmp_path_factory):
    """A project whose scaffolded chapter has been verified: its root, and what was said."""
    root = make_tree(tmp_path_factory.mktemp("project"))
    for name in ("build", "record"):
        assert command(root, name).returncode == 0
    reports = "--junit", "out/report.xml", "--html", "out/report.html"
    return root, command(root, "verify", "--mutants", *reports)


def test_a_sound_chapter_is_accepted(verified):
    _, done = verified
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{SCAFFOLD}: 16 of 16 known mistakes refused with their own hint" in done.stdout
    assert "12 of 12 alternatives accepted" in done.stdout
    assert "general mistakes, tried on every output" in done.stdout
    assert "by their names and 0 by another" in done.stdout
    assert "326 of 326 mutants refused" in done.stdout
    assert "all is well" in done.stdout
    assert re.search(r"01_02 +xs +\S+ +\S+ +\S+ +\S+ +\S+ +✓", done.stdout)


def test_what_is_wrong_is_read_by_ci_and_instructors(verified, tmp_path):
    root = tmp_path / "project"
    shutil.copytree(verified[0], root)
    section = f"solutions/{SCAFFOLD}/lesson/1_section.py"
    # Two mutants that no case refuses, of which one is known to be right.
    edit(root, section, "xs[0] = x0", "xs[0] = np.array(x0)")
    equivalents = root / "solutions" / SCAFFOLD / "equivalents.toml"
    equivalents.write_text(
        '[[equivalent]]\nexercise = "01_01"\nbefore = "xs[0] = np.array(x0)"\n'
        'after = ["xs[0] = (x0)"]\nreason = "np.array < assignment."\n'
    )
    # A demo that only those can run who answered an advanced question.
    with (root / section).open("a", encoding="utf-8") as lesson:
        lesson.write('\n# %% answer="01_A1"\n# TODO How much? | いくつ？\nmuch = 3\n')
        lesson.write('\n# %%\nif ready("01_01"):\n    print(much)\n')
    for name in ("build", "record"):
        assert command(root, name).returncode == 0
    # What is left of a chapter that is gone.
    (root / "chapters" / "en" / "07_gone.ipynb").write_text("{}")
    done = command(root, "verify", "--mutants", "--junit", "report.xml", "--html", "report.html")
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    page = (root / "report.html").read_text(encoding="utf-8")
    gone = "chapters/en/07_gone.ipynb: no lesson in solutions/ makes it"
    lost = "ends in an error: NameError: name &#x27;much&#x27; is not defined"
    assert gone in said
    assert gone in page
    assert html.unescape(lost) in said
    assert lost in page
    refused, mutants = re.search(r"(\d+) of (\d+) mutants refused", said).groups()
    assert int(refused) == int(mutants) - 1
    for shown in ("xs[0] = (x0)", "because", "np.array &lt; assignment."):
        assert shown in page
    assert "<th>the survivor</th>" in page
    assert "<pre>xs[0] = np.asarray(x0)</pre>" in page
    suites = ElementTree.parse(root / "report.xml").getroot()
    cases = [case for suite in suites for case in suite]
    failed = {case.get("name") for case in cases if case.find("failure") is not None}
    assert failed == {"files of no chapter", "notebooks without advanced answers", "mutants"}
    # Whoever asks for one chapter asks for nothing else.
    assert gone not in " ".join(command(root, "verify", SCAFFOLD).stdout.split())


def test_what_ci_reads(verified):
    root, _ = verified
    (suite,) = ElementTree.parse(root / "out" / "report.xml").getroot()
    assert suite.get("name") == SCAFFOLD
    assert suite.get("failures") == "0"
    names = {case.get("name") for case in suite}
    assert {"mistakes 01_01", "calibration 01_02", "notebooks solved", "mutants"} <= names
    assert int(suite.get("tests")) == len(suite) == len(names)
    (told,) = suite.findall("testcase[@name='calibration 01_02']/system-out")
    assert re.fullmatch(r"xs: right \S+ \(.+\), wrong \S+ \(.+\), ratio \S+, placed \S+", told.text)


def test_what_an_instructor_reads(verified):
    root, _ = verified
    page = (root / "out" / "report.html").read_text(encoding="utf-8")
    for exercise in ("01_01", "01_02"):
        for mistake in load_check_file(root, SCAFFOLD, exercise).mistakes:
            assert mistake.name in page
            assert mistake.hint.ja in page
    assert "<td>one step early</td>" in page
    assert "prefers-color-scheme: dark" in page
    assert "<svg" in page
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", page)


def judge_by(root, exercise, rtol):
    """Change the references: the outputs of an exercise are judged by another tolerance."""
    path = reference_path(SCAFFOLD, root)
    chapter = load_chapter(path)
    changed = replace(chapter.exercises[exercise], outputs=(Numeric("xs", rtol),))
    exercises = {**chapter.exercises, exercise: changed}
    save_chapter(path, replace(chapter, exercises=exercises), load_header(path)["sources"])


def test_what_is_not_as_it_should_be_is_refused_and_named(verified):
    root, _ = verified
    judge_by(root, "01_02", 1e-1)
    edit(
        root,
        f"solutions/{SCAFFOLD}/checks/01_02.py",
        "rng.uniform(0.1, 0.9)",
        "rng.uniform(0.1, 0.8)",
    )
    done = command(root, "verify", "--junit", "out/other.xml")
    assert done.returncode == 1
    said = " ".join(done.stdout.split())
    assert "exercise 01_02, xs: the tolerance 1.0e-01 is not within" in said
    assert f"chapters/checks/{SCAFFOLD}.npz: stale" in said
    (suite,) = ElementTree.parse(root / "out" / "other.xml").getroot()
    failed = {case.get("name") for case in suite if case.find("failure") is not None}
    assert {"calibration 01_02", "generated files"} <= failed
