"""A learner's notebook meets a new version of it, whatever they did to it."""

import json

import nbformat
import pytest
from course import (
    DECAY,
    RUN,
    SET_UP,
    answered,
    cell,
    edited,
    merge,
    notebook,
    place,
    ran,
    sources,
    stripped,
    with_cells,
)

from utils.update.course_cell import exercises_judged
from utils.update.notebook_file import Notebook, make_cell, write_notebook

BASE = notebook()
NEW_SET_UP = SET_UP.replace("student-en-1", "student-en-2")
NEW_DECAY = DECAY.replace('"""One step towards zero."""', '"""One step of size rate."""')
NEW_TEXT = "## Exercise 01_01\n\nWrite one step, and mind the sign.\n\nIt is a short one."
NEW = notebook(setup=NEW_SET_UP, exercise_01_01=NEW_DECAY, text_1=NEW_TEXT)


def note(text="a note of mine"):
    return make_cell("markdown", text)


def test_an_untouched_notebook_becomes_the_new_one():
    book, told = merge(BASE, BASE, NEW)
    assert sources(book) == sources(NEW)
    assert told == {}


def test_answers_are_carried_into_the_new_cells():
    book, told = merge(BASE, answered(BASE), NEW)
    assert cell(book, "exercise-01_01").source == NEW_DECAY.replace("y = ...", "y = (1 - rate) * x")
    assert cell(book, "exercise-01_02").source == cell(answered(BASE), "exercise-01_02").source
    assert cell(book, "text-1").source == NEW_TEXT
    assert cell(book, "setup").source == NEW_SET_UP
    assert told == {
        "carried": ["exercise 01_01", "exercise 01_02"],
        "merged": ["exercise 01_01"],
    }


def test_outputs_stay_where_nothing_changed_and_go_where_something_did():
    book, _ = merge(BASE, ran(answered(BASE)), NEW)
    assert cell(book, "exercise-01_02").raw["outputs"]
    assert cell(book, "demo").raw["execution_count"] == 1
    assert not cell(book, "exercise-01_01").raw["outputs"]
    assert not cell(book, "setup").raw["outputs"]


def test_without_ids_and_metadata_it_is_the_same():
    book, told = merge(BASE, stripped(answered(BASE)), NEW)
    whole, as_told = merge(BASE, answered(BASE), NEW)
    assert sources(book) == sources(whole)
    assert told == as_told
    assert [one.id for one in book.cells] == [one.id for one in whole.cells]


@pytest.mark.parametrize("call", ['f["a"], "01_01"', "lambda *a: f(*map(abs, (a))), '01_01'"])
@pytest.mark.parametrize("before", ["", "# "])
def test_the_exercise_of_a_call_is_found_whatever_is_judged(before, call):
    mine = make_cell("code", f"{before}test_func({call})\nhint('01_02')")
    assert exercises_judged(mine) == ("01_01",)


def test_it_is_the_same_after_a_second_update():
    once, _ = merge(BASE, answered(BASE), NEW)
    again, told = merge(NEW, once, NEW)
    assert again == once
    assert "clash" not in told


def test_the_starter_changed_where_the_learner_wrote():
    new = notebook(exercise_01_01=DECAY.replace("The next state.", "The state after one step."))
    book, told = merge(BASE, answered(BASE), new)
    kept = cell(book, "exercise-01_01")
    assert "y = (1 - rate) * x" in kept.source
    below = book.cells[place(book, "exercise-01_01") + 1]
    assert below.kind == "markdown"
    assert "The state after one step." in below.source
    assert told["clash"] == ["exercise 01_01"]


def test_in_japanese_the_note_is_japanese():
    new = notebook(exercise_01_01=DECAY.replace("The next state.", "次の状態。"))
    book, told = merge(BASE, answered(BASE), new, lang="ja")
    assert "更新" in book.cells[place(book, "exercise-01_01") + 1].source
    assert told["clash"] == ["演習 01_01"]


def test_the_courses_other_changes_are_taken_even_beside_a_clash():
    new = notebook(
        exercise_01_02=RUN.replace("Go on.", "The next x.").replace(
            "return run(*args", "return run(*list(args)"
        )
    )
    book, _ = merge(BASE, answered(BASE), new)
    source = cell(book, "exercise-01_02").source
    assert "x = decay(x, rate, [])" in source
    assert "return run(*list(args)" in source


def test_an_exercise_that_got_another_number_is_found_by_its_function():
    new = notebook(
        exercise_01_01=DECAY.replace("01_01", "01_02"), exercise_01_02=RUN.replace("01_02", "01_03")
    )
    inserted = make_cell(
        "code", 'def grow(x):\n    return ...  # TODO\n\n\ntest_func(grow, "01_01")', name="new"
    )
    cells = list(new.cells)
    cells.insert(place(new, "exercise-01_01"), inserted)
    book, told = merge(BASE, answered(BASE), Notebook(tuple(cells), new.frame))
    assert 'test_func(decay, "01_02")' in cell(book, "exercise-01_01").source
    assert "y = (1 - rate) * x" in cell(book, "exercise-01_01").source
    assert cell(book, "new").source == inserted.source
    assert told["new_exercise"] == ["exercise 01_01"]
    assert "clash" not in told


def test_a_function_that_the_course_renamed_keeps_its_answer():
    new = notebook(exercise_01_02=RUN.replace("run", "simulate"))
    book, _ = merge(BASE, answered(BASE), new)
    source = cell(book, "exercise-01_02").source
    assert "def simulate(" in source
    assert "return simulate(" in source
    assert "y = w(x)" in source


def test_a_function_that_the_learner_renamed_is_still_the_exercises():
    mine = edited(answered(BASE), "exercise-01_01", "decay(", "shrink(")
    mine = edited(mine, "exercise-01_01", "test_func(decay", "test_func(shrink")
    book, told = merge(BASE, stripped(mine), NEW)
    source = cell(book, "exercise-01_01").source
    assert "def shrink(x" in source
    assert "One step of size rate." in source
    assert told["carried"] == ["exercise 01_01", "exercise 01_02"]


def test_an_exercise_that_is_gone_keeps_its_answer_and_no_longer_calls_the_checker():
    new = notebook(exercise_01_01=None)
    book, told = merge(BASE, answered(BASE), new)
    (kept,) = [one for one in sources(book) if "def decay" in one]
    assert "y = (1 - rate) * x" in kept
    assert '\n# test_func(decay, "01_01")' in kept
    assert kept.startswith("# Yours, kept by the update: this exercise is no longer part")
    assert told["gone_kept"] == ["exercise 01_01"]
    assert sources(book).index(kept) == place(BASE, "exercise-01_01")


def test_an_exercise_that_is_gone_and_was_not_begun_goes():
    book, told = merge(BASE, BASE, notebook(exercise_01_01=None))
    assert sources(book) == sources(notebook(exercise_01_01=None))
    assert told == {"gone_exercise": ["exercise 01_01"]}


def test_a_note_in_a_text_of_the_course_comes_along():
    mine = edited(BASE, "text-1", "one.", "one.\n\nMine: watch the sign!")
    book, told = merge(BASE, mine, NEW)
    assert cell(book, "text-1").source == NEW_TEXT + "\n\nMine: watch the sign!"
    assert told["merged"] == ["text “Exercise 01_01”"]


def test_of_a_text_that_both_rewrote_both_are_kept_and_mine_is_marked():
    mine = edited(BASE, "text-1", "Write one step.", "In my own words.")
    book, told = merge(BASE, mine, NEW)
    at = place(book, "text-1")
    assert book.cells[at].source == NEW_TEXT
    assert "In my own words." in book.cells[at + 1].source
    assert book.cells[at + 1].source.startswith("> **Yours, kept by the update")
    assert told["two_versions"] == ["text “Exercise 01_01”"]
    again, _ = merge(NEW, book, notebook(text_1=NEW_TEXT.replace("short", "long")))
    assert sum("Yours, kept" in source for source in sources(again)) == 1


def test_of_a_demo_that_both_changed_both_are_kept():
    mine = edited(BASE, "demo", "steps = 100", "steps = 5000")
    new = notebook(demo=cell(BASE, "demo").source.replace("steps = 100", "steps = 200"))
    book, _ = merge(BASE, mine, new)
    at = place(book, "demo")
    assert "steps = 200" in book.cells[at].source
    assert "steps = 5000" in book.cells[at + 1].source


def test_a_demo_that_only_the_learner_changed_stays_theirs():
    mine = ran(edited(BASE, "demo", "steps = 100", "steps = 5000"))
    book, _ = merge(BASE, mine, NEW)
    assert "steps = 5000" in cell(book, "demo").source
    assert cell(book, "demo").raw["outputs"]


def test_lines_added_to_the_set_up_cell_come_along():
    mine = edited(BASE, "setup", "# Run this cell first.", "# Run this cell first.\nimport pandas")
    book, _ = merge(BASE, mine, NEW)
    assert cell(book, "setup").source == NEW_SET_UP.replace("first.", "first.\nimport pandas")


def test_a_rewritten_set_up_cell_gives_way_and_is_shown():
    mine = edited(BASE, "setup", 'version = "student-en-1"', 'version = "mine"')
    book, told = merge(BASE, mine, NEW)
    at = place(book, "setup")
    assert book.cells[at].source == NEW_SET_UP
    assert book.cells[at + 1].kind == "markdown"
    assert 'version = "mine"' in book.cells[at + 1].source
    assert told["two_versions"] == ["the set-up cell"]


def test_cells_of_the_learner_stay_behind_the_cell_they_stood_behind():
    cells = list(BASE.cells)
    cells.insert(0, note("first of all"))
    cells.insert(place(BASE, "demo") + 2, make_cell("code", "plot(my_rates)"))
    cells.append(note("at last"))
    book, _ = merge(BASE, Notebook(tuple(cells), BASE.frame), NEW)
    assert sources(book)[0] == "first of all"
    assert sources(book)[-1] == "at last"
    assert book.cells[place(book, "demo") + 1].source == "plot(my_rates)"


def test_where_that_cell_is_gone_they_stay_behind_the_one_before():
    cells = list(BASE.cells)
    cells.insert(place(BASE, "text-3") + 1, note())
    book, _ = merge(BASE, Notebook(tuple(cells), BASE.frame), notebook(text_3=None))
    assert book.cells[place(book, "exercise-01_02") + 1].source == "a note of mine"


def split(book):
    """Exercise 01_02 in three cells, a note between them."""
    source = cell(book, "exercise-01_02").source
    first, rest = source.split("\n\n\ndef solution")
    harness, _, call = rest.partition("\n\n\n")
    return with_cells(
        book,
        "exercise-01_02",
        make_cell("code", first, name="exercise-01_02"),
        note(),
        make_cell("code", "def solution" + harness),
        make_cell("code", call),
    )


@pytest.mark.parametrize("leave", [lambda book: book, stripped])
def test_a_split_exercise_stays_split_and_comes_once(leave):
    mine = leave(split(answered(BASE)))
    book, _ = merge(BASE, mine, NEW)
    assert sum("def run" in source for source in sources(book)) == 1
    assert sum('test_func(solution, "01_02"' in source for source in sources(book)) == 1
    at = sources(book).index("a note of mine")
    assert sources(book)[at - 1] == sources(split(answered(BASE)))[at - 1]


@pytest.mark.parametrize("leave", [lambda book: book, stripped])
def test_a_split_exercise_whose_starter_changed_keeps_every_part(leave):
    mine = split(answered(BASE))
    new = notebook(exercise_01_02=RUN.replace('"""Several steps."""', '"""Some steps."""'))
    book, told = merge(BASE, leave(mine), new)
    assert sum("def run" in source for source in sources(book)) == 1
    assert "Some steps." in "".join(sources(book))
    assert "y = w(x)" in "".join(sources(book))
    assert len(book.cells) == len(mine.cells)
    assert "clash" not in told


@pytest.mark.parametrize("leave", [lambda book: book, stripped])
def test_merged_cells_stay_merged_and_no_exercise_comes_twice(leave):
    book = answered(BASE)
    joined = "\n\n".join(
        cell(book, name).source for name in ("exercise-01_01", "demo", "exercise-01_02")
    )
    mine = with_cells(book, "exercise-01_01", make_cell("code", joined, name="exercise-01_01"))
    for name in ("demo", "exercise-01_02"):
        mine = with_cells(mine, name)
    book, told = merge(BASE, leave(mine), NEW)
    text = "\n".join(one.source for one in book.cells if one.kind == "code")
    assert text.count("def decay") == text.count("def run") == text.count("rates = np.lin") == 1
    assert "One step of size rate." in text
    assert told["carried"] == ["exercise 01_01", "exercise 01_02"]


def test_a_moved_answer_stays_where_it_was_moved_with_what_stands_behind_it():
    book = answered(BASE)
    moved = cell(book, "exercise-01_01")
    cells = [*with_cells(book, "exercise-01_01").cells, make_cell("code", "helper = 1"), moved]
    merged, _ = merge(BASE, Notebook(tuple(cells), book.frame), NEW)
    *_, helper, last = sources(merged)
    assert helper == "helper = 1"
    assert "y = (1 - rate) * x" in last
    assert "One step of size rate." in last
    assert sum("def decay" in source for source in sources(merged)) == 1


def test_a_copied_exercise_gives_two_and_both_are_brought_up_to_date():
    book = answered(BASE)
    attempt = make_cell("code", cell(book, "exercise-01_01").source.replace("(1 - rate)", "rate"))
    mine = with_cells(book, "exercise-01_01", attempt, cell(book, "exercise-01_01"))
    merged, _ = merge(BASE, stripped(mine), NEW)
    both = [source for source in sources(merged) if "def decay" in source]
    assert len(both) == 2
    assert "y = rate * x" in both[0]
    assert "y = (1 - rate) * x" in both[1]
    assert all("One step of size rate." in source for source in both)


def test_a_starter_kept_beside_the_answer_does_not_hide_it():
    pristine = make_cell("code", DECAY)
    mine = answered(BASE)
    mine = with_cells(mine, "exercise-01_01", pristine, cell(mine, "exercise-01_01"))
    for leave in (lambda book: book, stripped):
        merged, _ = merge(BASE, leave(mine), NEW)
        both = [source for source in sources(merged) if "def decay" in source]
        assert ["(1 - rate)" in source for source in both] == [False, True]


def test_a_deleted_exercise_comes_back_and_a_deleted_text_does_not():
    mine = with_cells(with_cells(BASE, "exercise-01_02"), "end")
    book, told = merge(BASE, mine, NEW)
    assert cell(book, "exercise-01_02").source == RUN
    assert "That was all there is." not in sources(book)
    assert told == {"returned": ["exercise 01_02"]}


def test_a_deleted_text_that_says_something_new_comes_back():
    book, _ = merge(BASE, with_cells(BASE, "text-1"), NEW)
    assert cell(book, "text-1").source == NEW_TEXT


def test_new_cells_come_at_their_place():
    cells = list(NEW.cells)
    cells.insert(place(NEW, "demo"), make_cell("markdown", "Something new.", name="fresh"))
    book, _ = merge(BASE, answered(BASE), Notebook(tuple(cells), NEW.frame))
    assert place(book, "fresh") == place(book, "exercise-01_01") + 1


def test_when_the_course_changes_its_order_so_does_the_notebook():
    mine = answered(BASE)
    mine = with_cells(mine, "demo", cell(mine, "demo"), note())
    cells = [one for one in NEW.cells if one.id not in ("demo", "text-1")]
    cells[2:2] = [cell(NEW, "demo")]
    book, _ = merge(BASE, mine, Notebook(tuple(cells), NEW.frame))
    assert [one.id for one in book.cells if one.id in dict.fromkeys(c.id for c in cells)] == [
        one.id for one in cells
    ]
    assert book.cells[place(book, "demo") + 1].source == "a note of mine"


def test_code_that_python_cannot_read_is_carried_all_the_same():
    mine = edited(BASE, "exercise-01_01", "y = ...  # TODO The next state.", "y = (1 - rate * x")
    book, _ = merge(BASE, mine, NEW)
    assert "y = (1 - rate * x" in cell(book, "exercise-01_01").source
    assert "One step of size rate." in cell(book, "exercise-01_01").source


def test_changes_that_would_not_fit_together_are_not_put_together():
    new = notebook(
        exercise_01_01=DECAY.replace("    return y\n", "    if rate:\n        return y\n")
    )
    mine = edited(BASE, "exercise-01_01", "y = ...", "y = (1 - rate) * x")
    mine = edited(mine, "exercise-01_01", "    log.append(rate)  # given", "\tlog.append(rate)")
    mine = edited(mine, "exercise-01_01", "    y = (", "\ty = (")
    mine = edited(mine, "exercise-01_01", "    return y", "\treturn y")
    mine = edited(mine, "exercise-01_01", '    """One step', '\t"""One step')
    book, told = merge(BASE, mine, new)
    assert "\ty = (1 - rate) * x" in cell(book, "exercise-01_01").source
    compile(cell(book, "exercise-01_01").source, "cell", "exec")
    assert told["clash"] == ["exercise 01_01"]


def test_a_notebook_of_a_few_cells_gets_no_others_unless_it_is_the_chapters_own():
    few = Notebook((cell(BASE, "setup"), cell(answered(BASE), "exercise-01_01")), BASE.frame)
    book, _ = merge(BASE, few, NEW, canonical=False)
    assert len(book.cells) == 2
    assert "One step of size rate." in book.cells[1].source
    book, told = merge(BASE, few, NEW)
    assert cell(book, "exercise-01_02").source == RUN
    assert told["returned"] == ["exercise 01_02", "exercise 01_A1"]


def test_carriage_returns_do_not_count():
    mine = answered(BASE)
    cells = tuple(
        make_cell(one.kind, one.source.replace("\n", "\r\n"), name=one.id) for one in mine.cells
    )
    from utils.update.notebook_file import read_notebook

    book = read_notebook(write_notebook(Notebook(cells, mine.frame)), "crlf")
    merged, told = merge(BASE, book, NEW)
    assert [source.replace("\r", "") for source in sources(merged)] == sources(
        merge(BASE, mine, NEW)[0]
    )
    assert told["carried"] == ["exercise 01_01", "exercise 01_02"]


def test_the_result_is_a_valid_notebook_with_the_learners_settings():
    mine = stripped(split(answered(BASE)))
    book, _ = merge(BASE, mine, NEW)
    document = json.loads(write_notebook(book))
    nbformat.validate(nbformat.from_dict(document))
    assert document["nbformat_minor"] == 5
    assert document["metadata"]["colab"] == {"provenance": []}
    assert document["metadata"]["kernelspec"]["name"] == "python3"


def test_pictures_in_a_changed_text_stay():
    picture = {"image.png": {"image/png": "aGVsbG8="}}
    mine = edited(BASE, "text-1", "one.", "one.\n\n![mine](attachment:image.png)")
    cell(mine, "text-1").raw["attachments"] = picture
    book, _ = merge(BASE, mine, NEW)
    assert cell(book, "text-1").raw["attachments"] == picture
