"""``python -m utils`` as a learner gives it: real notebooks, real processes, a whole tree."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest
from small_chapter import LEAK, LEAK_GAPS, LEAK_HINTS, LEAK_MISTAKE, LEAK_STARTER, NAME, SCALE, cut

from utils.progress.file import read_all
from utils.tester.store import load_chapter, save_chapter

WRONG = f"{LEAK.replace(*LEAK_MISTAKE)}\n\ntest_func(solution, '01_01', multiple_output=True)"
SHRINK = "def shrink(P, x):\n    return P"
SCALED = f"{SCALE}\n\ntest_func(scale, '01_03')"


@pytest.fixture
def second(tree):
    """Another chapter with exercises of the same numbers."""
    checks = tree / "chapters" / "checks"
    chapter = load_chapter(checks / f"{NAME}.npz")
    save_chapter(checks / "02_other.npz", type(chapter)("02_other", chapter.exercises), "")


def _kept(tree):
    return read_all(tree / ".progress.sqlite")


def test_the_list_in_both_languages(run, write):
    write(LEAK_STARTER.en)
    done = run()
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "1. Small things: 0 of 4 exercises passed, about 1 h to go"
    assert lines[2] == "  01_01  ○ Not attempted  A leaky sum  about 15 min"
    assert "Next: 01_01 A leaky sum (about 15 min), in 1. Small things" in lines
    assert run("list").stdout == done.stdout
    japanese = run("--lang", "ja").stdout
    assert "01_01  ○ 未着手です  減衰する和  目安15分" in japanese
    assert run("list", "--lang", "ja").stdout == japanese


@pytest.mark.parametrize(
    ("lang", "paragraph", "line"),
    [
        ("en", "**You need** Python\nand patience.", "  You need Python and patience."),
        ("ja", "**前提知識** Pythonと\n根気です。", "  前提知識：Pythonと根気です。"),
    ],
)
def test_the_list_says_what_a_chapter_builds_upon(run, write, lang, paragraph, line):
    path = write(lang=lang)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += f"\n\nA tale.\n\n{paragraph}\n\nMore."
    nbformat.write(notebook, path)
    assert run("--lang", lang).stdout.splitlines()[2] == line


def test_a_tree_of_one_language_speaks_it(run, write):
    write(LEAK_STARTER.ja, lang="ja")
    assert "4問中0問正解" in run().stdout


@pytest.mark.parametrize(("lang", "text"), [("ja_JP.UTF-8", "次は"), ("C.UTF-8", "Next")])
def test_a_tree_of_both_speaks_that_of_the_terminal(run, write, lang, text):
    write(LEAK_STARTER.en)
    write(LEAK_STARTER.ja, lang="ja")
    assert text in run(LC_ALL=lang).stdout


def test_check_is_the_check_of_old_and_is_kept(run, write, tree):
    write(WRONG, SCALED)
    done = run("check")
    assert done.returncode == 1
    assert "01_03  ✓ Passed" in done.stdout
    assert "Stuck? python -m utils hint 01/01_01 helps" in done.stdout
    assert _kept(tree)[NAME, "01_03"].is_passed
    assert _kept(tree)[NAME, "01_01"].attempts == 1
    assert (NAME, "01_02") not in _kept(tree)  # it is not in the notebook
    run("check")
    assert _kept(tree)[NAME, "01_01"].attempts == 1


@pytest.mark.parametrize("name", ["01", "1", NAME])
def test_a_chapter_is_checked_by_its_number(run, write, name):
    write(SCALED)
    write(SCALED, lang="ja")
    done = run("check", name)
    assert done.stdout.startswith("chapters/en/01_small.ipynb\n")
    assert "1 of 4 exercises passed" in done.stdout
    assert "4問中1問が正解です。" in run("check", name, "--lang", "ja").stdout


@pytest.mark.parametrize("name", ["01/01_03", "1/01_03", "01_03"])
def test_one_exercise_is_checked_by_its_name(run, write, name):
    write(WRONG, SCALED)
    done = run("check", name)
    assert done.returncode == 0
    assert "1 of 1 exercises passed" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("7", "There is no chapter 7. There are: 01_small"),
        ("01/01_3", "Did you mean 01_03?"),
        ("01", "There is no notebook here."),
        ("none.ipynb", "none.ipynb cannot be read"),
    ],
)
def test_what_cannot_be_checked_is_named(run, name, said):
    done = run("check", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_notebook_of_somebody_else_leaves_no_trace(run, write, tree, tmp_path):
    path = write(WRONG, SCALED)
    theirs = tmp_path / "submissions" / "01_small.ipynb"
    theirs.parent.mkdir()
    shutil.copy(path, theirs)
    done = run("check", theirs)
    assert "01_03  ✓ Passed" in done.stdout
    assert "Stuck?" not in done.stdout
    assert not (tree / ".progress.sqlite").exists()


def test_nor_does_a_run_of_ci(run, write, tree):
    write(SCALED)
    run("check", CI="true")
    assert not (tree / ".progress.sqlite").exists()


def test_what_the_notebook_itself_asks_for_is_not_asked_for_again(run, write, tree):
    write("exec('x = 1')\nhint('01_01')\nuse_solution('01_02')", WRONG)
    run("check")
    assert set(_kept(tree)) == {(NAME, "01_01")}
    assert _kept(tree)[NAME, "01_01"].hints == 0


def test_next_says_what_where_and_how(run, write):
    write(SCALED, cut(LEAK, *LEAK_GAPS) + "\ntest_func(solution, '01_01', multiple_output=True)")
    done = run("next")
    assert done.returncode == 0
    assert "Next: 01_01 A leaky sum (about 15 min)" in done.stdout
    place = 'Place    chapters/en/01_small.ipynb, under "Exercise 01_01: a leaky sum (15 minutes)"'
    assert f"{place}\n" in done.stdout
    assert "python -m jupyterlab chapters/en/01_small.ipynb" in done.stdout
    assert "python -m utils hint 01/01_01" in done.stdout


def test_a_cell_without_a_heading_is_named_by_what_it_defines(run, write):
    cells = f"{LEAK}\n\ntest_func(solution, '01_01', multiple_output=True)", SHRINK
    write(*cells)
    write(*cells, lang="ja")
    run("check", "01")
    assert "01_small.ipynb, the cell that defines shrink, Filter\n" in run("next").stdout
    japanese = run("next", "--lang", "ja").stdout
    assert "01_small.ipynb の、shrink, Filter を定義しているセル\n" in japanese


def test_notebooks_that_were_not_touched_do_not_say_where_one_is(run, write, second):
    path = write(LEAK_STARTER.en)
    other = path.with_name("02_other.ipynb")
    other.write_text(path.read_text().replace(NAME, "02_other"))
    write(LEAK_STARTER.en, SCALED)
    run("check")
    assert "hint 01/01_01" in run("next").stdout

    other.write_text(path.read_text().replace(NAME, "02_other"))
    run("check", other)
    assert "hint 02/01_01" in run("next").stdout
    write(WRONG, SCALED)
    run("check")
    assert "hint 01/01_01" in run("next").stdout


def test_next_goes_on_and_ends(run, write, tree):
    write(f"{LEAK}\n\ntest_func(solution, '01_01', multiple_output=True)")
    run("check")
    assert "Next: 01_02" in run("next").stdout
    assert "its cell is gone: python -m utils reset 01/01_02" in run("next").stdout


def test_what_passed_and_is_broken_since_is_marked_wherever_states_are_shown(run, write):
    right = f"{LEAK}\n\ntest_func(solution, '01_01', multiple_output=True)"
    write(right)
    run("check")
    write(WRONG)
    run("check")
    (row,) = [line for line in run().stdout.splitlines() if line.startswith("  01_01")]
    assert row.endswith("about 15 min  last time: Not right yet")
    assert "A check mark means that you have passed it once" in run().stdout
    assert "✓ は一度でも正解した演習です。" in run("--lang", "ja").stdout
    assert "Passed before, but not the last time: 01/01_01" in run("next").stdout
    assert "最後の判定では正解でなかった演習：01/01_01" in run("next", "--lang", "ja").stdout
    write(right)
    run("check")
    assert "last time" not in run().stdout + run("next").stdout


def test_the_ladder_in_a_terminal(run, write, tree):
    write(WRONG)
    said = [run("hint", "01_01").stdout for _ in range(5)]
    assert LEAK_HINTS[0].en in said[0]
    assert "Add up xs over time." in said[1]
    assert "yours: " in said[2]
    assert "expected: " in said[2]
    assert "python -m utils solution 01/01_01" in said[3]
    assert said[4] == said[3]
    assert LEAK_HINTS[0].en in run("hint", "01_01", "1").stdout
    assert _kept(tree)[NAME, "01_01"].hints == 4
    assert "解答" in run("hint", "1/01_01", "--lang", "ja").stdout


def test_after_a_pass_the_ladder_goes_by_numbers_and_is_not_counted(run, write, tree):
    write(f"{LEAK}\n\ntest_func(solution, '01_01', multiple_output=True)")
    run("check")
    assert "python -m utils hint 01/01_01 2 shows the next hint" in run("hint", "01_01").stdout
    assert "python -m utils hint 01/01_01 3 shows a case" in run("hint", "01_01", "2").stdout
    run("solution", "01_01")
    assert _kept(tree)[NAME, "01_01"].hints == 0
    assert _kept(tree)[NAME, "01_01"].revealed is None


def test_the_picture_without_a_notebook_is_an_example(run):
    assert "xs (expected)" in run("hint", "01_01", "3").stdout


def test_the_picture_of_a_cell_that_cannot_be_read_is_an_example(run, write):
    write("def leak(:\n    pass\n\ntest_func(leak, '01_01')")
    assert "xs (expected)" in run("hint", "01_01", "3").stdout


def test_the_picture_of_what_passes_is_none(run, write):
    write(f"{LEAK}\n\ntest_func(solution, '01_01', multiple_output=True)")
    assert "All cases are right" in run("hint", "01_01", "3").stdout


def test_the_answer(run, tree):
    done = run("solution", "01/01_02", "shrink")
    assert done.stdout.startswith("def shrink(P, x):\n")
    assert "The direction." in done.stdout
    assert "方向。" in run("solution", "01_02", "--lang", "ja").stdout
    assert "Plot it." in run("solution", "01_A1").stdout
    assert _kept(tree)[NAME, "01_02"].revealed
    assert set(_kept(tree)) == {(NAME, "01_02")}


def test_progress_as_text_and_as_a_page(run, write, tree, tmp_path):
    write(WRONG, SCALED)
    run("check")
    done = run("progress")
    assert "✓ Passed         1 attempt, under a minute" in done.stdout
    assert "Times are estimates" in done.stdout
    page = tmp_path / "progress.html"
    assert run("progress", "--html", page, "--lang", "ja").returncode == 0
    html = page.read_text(encoding="utf-8")
    assert '<html lang="ja">' in html
    assert "color-scheme: light dark" in html
    assert "✓ 正解です" in html
    assert "<a href" not in html
    assert run("progress", "--html", tmp_path).returncode == 2


class TestNames:
    @pytest.mark.parametrize("name", ["01_01", "01/01_01", "1/01_01", "01:01_01", f"{NAME}/01_01"])
    def test_an_exercise_has_several(self, run, name):
        assert "01_01 A leaky sum" in run("hint", name, "1").stdout

    def test_of_two_chapters_the_one_worked_on_last_is_meant(self, run, second):
        done = run("hint", "01_01")
        assert done.returncode == 2
        assert "Say which one: 01/01_01, 02/01_01" in done.stderr
        run("hint", "02/01_01")
        assert "Step 2 of 4: a hint" in run("hint", "01_01").stdout
        assert run("reset", "01_01", "--yes").returncode == 2

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["hint", "77_01"], "python -m utils lists them all"),
            (["hint", "9/01_01"], "There are: 01_small"),
            (["hint", "01/1_1"], "Did you mean 01_01?"),
            (["hint", "01_01", "7"], "steps 1 to 4"),
            (["hint", "01_A1"], "no hints. python -m utils solution 01/01_A1 shows the answer."),
            (["hint", "01/01_A1", "--lang", "ja"], "発展問題 01_A1 にはヒントがありません。"),
            (["solution", "01_01", "nothing"], "There are: leak"),
            (["solution", "01_A7"], "There is no answer"),
            (["reset", "01_01", "--yes"], "--notebook FILE"),
            (["reset", "01_01", "--notebook", "none.ipynb"], "none.ipynb cannot be read"),
        ],
    )
    def test_what_is_not_there_is_named(self, run, arguments, said):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr
        assert "`" not in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "en", "ja"),
    [
        (["chek"], "invalid choice: 'chek'", "COMMAND に 'chek' は指定できません。指定できるのは"),
        (["--lang", "fr"], "invalid choice: 'fr'", "--lang に 'fr' は指定できません。"),
        (["hint"], "are required: EXERCISE", "次の引数が必要です：EXERCISE"),
        (["next", "08"], "unrecognized arguments: 08", "使えない引数があります：08"),
        (["hint", "01_01", "a"], "invalid int value: 'a'", "STEP には整数を指定してください"),
        (["check", "--junit"], "expected one argument", "--junit には値を1つ付けてください。"),
        (["doctor", "--jso=1"], "ignored explicit", "引数の指定が正しくありません。"),
        (["doctor", "--odd"], "unrecognized", "使えない引数があります：--odd"),
    ],
)
def test_what_is_typed_wrongly_is_told_in_both_languages(run, arguments, en, ja):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert en in done.stderr
    assert ja in done.stderr


COMMANDS = ["list", "check", "next", "hint", "solution", "reset", "progress", "update", "doctor"]


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=str)
def test_help_is_in_both_languages(run, command):
    done = run(*command, "--help")
    assert done.returncode == 0
    assert any("ぁ" <= character <= "ん" for character in done.stdout)
    if not command:
        assert all(f"    {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", ["check", "update", "doctor"])
def test_a_command_is_a_module_of_its_own_too(run_module, run, name):
    assert run_module(f"utils.{name}", "--help").stdout == run(name, "--help").stdout


@pytest.mark.parametrize("command", ["update", "doctor"])
def test_every_command_takes_the_language_from_before_and_behind_it(run, command):
    before, behind = run("--lang", "ja", command), run(command, "--lang", "ja")
    said = before.stdout + before.stderr
    assert said == behind.stdout + behind.stderr
    assert any("ぁ" <= character <= "ん" for character in said)


def test_a_reader_who_has_seen_enough_is_no_error(tree, surroundings):
    reader = subprocess.run(
        f'"{sys.executable}" -u -m utils | true',
        shell=True,
        cwd=tree,
        env=surroundings,
        capture_output=True,
        text=True,
    )
    assert reader.stderr == ""


def test_a_damaged_progress_file_is_said_once_and_stops_nothing(run, tree):
    (tree / ".progress.sqlite").write_text(json.dumps(["not", "a", "database"] * 100))
    done = run()
    assert done.returncode == 0
    assert "0 of 4 exercises passed" in done.stdout
    assert done.stderr.count("Your progress cannot be kept") == 1
