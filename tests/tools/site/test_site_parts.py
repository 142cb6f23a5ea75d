"""Parts of the site that need no course: colours, links, pictures, words, kept outputs."""

import base64
import struct
import zlib
from types import SimpleNamespace

import matplotlib.pyplot as plt
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner

from tests.a_site import FIRST, curves, make_course, picture, what_it_showed
from tools import executed
from tools.__main__ import app
from tools.colab import colab_link
from tools.describing import describe_figure
from tools.lesson import Lesson
from tools.site import png, space
from tools.site import showing as showing_module
from tools.site.colours import CODE, GROUNDS, TEXTS, contrast, style
from tools.site.figures import Figures
from tools.site.headings import make_heading
from tools.site.problem import SiteError
from tools.site.showing import what_is_shown
from tools.site.words import words
from tools.verify.execution import execute
from tools.verify.notebooks import DESCRIBE, solved_notebook

AA = 4.5  # WCAG 2, text of ordinary size


class TestColours:
    @pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
    def test_of_text_stand_off_from_what_is_behind_them(self, theme):
        for name, text in TEXTS.items():
            for ground, behind in GROUNDS.items():
                assert contrast(text[theme], behind[theme]) >= AA, f"{name} on {ground}"
        for name, text in CODE.items():
            for ground in ("code-ground", "gap"):
                behind = GROUNDS[ground]
                assert contrast(text[theme], behind[theme]) >= AA, f"{name} on {ground}"

    def test_contrast_is_that_of_the_standard(self):
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)

    def test_every_token_of_a_role_has_its_colour(self):
        for selector in (".code .k,", ".code .s2", ".code .c1", ".code .mi", ".code .nf"):
            assert selector in style()


class TestColab:
    def test_opens_the_student_branch_of_the_language(self):
        link = colab_link("08_x", "ja", "https://github.com/someone/course.git/")
        assert link == (
            "https://colab.research.google.com/github/someone/course/blob/student-ja/"
            "chapters/ja/08_x.ipynb"
        ).replace("course.git/", "course")

    def test_is_not_for_other_places(self):
        assert colab_link("08_x", "ja", "https://example.org/course") is None


class TestHeadings:
    @pytest.mark.parametrize(
        ("level", "html", "anchor", "title"),
        [
            (2, "3. Online <em>learning</em>", "section-3", "3. Online learning"),
            (3, "Exercise 02_01: a &amp; b (20 minutes)", "exercise-02_01", "a & b"),
            (3, "演習 02_01：開（20分）", "exercise-02_01", "開"),
            (3, "Advanced 02_A1: more", "advanced-02_A1", "more"),
            (3, "Elsewhere", "text-0123abcd-2", "Elsewhere"),
            (1, "1. Title", "text-0123abcd-2", "1. Title"),
        ],
    )
    def test_lead_to_the_same_place_in_both_languages(self, level, html, anchor, title):
        found = make_heading(level, html, "0123abcdef", 2)
        assert (found.anchor, found.title) == (anchor, title)


class TestPictures:
    def test_lose_what_they_say_of_themselves_and_nothing_else(self):
        drawn = base64.b64decode(picture(Comment="secret")["data"]["image/png"])
        hidden = zlib.compress(b"secret")
        chunk = b"zTXt" + b"key\0\0" + hidden
        remark = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        with_both = drawn[:33] + remark + drawn[33:]
        bare = png.without_remarks(with_both)
        assert b"zTXt" not in bare
        assert b"secret" not in bare
        assert bare == png.without_remarks(drawn)
        assert png.size(bare) == png.size(drawn) == (1100, 400)

    @pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n\0\0", None])
    def test_that_are_none_are_refused(self, data):
        half = base64.b64decode(picture()["data"]["image/png"])[:1000]
        with pytest.raises(ValueError, match="PNG"):
            png.without_remarks(half if data is None else data)

    def test_in_three_dimensions_are_drawn_from_the_same_numbers_each_time(self):
        figure = curves()["data"]["application/vnd.plotly.v1+json"]
        assert space.draw(figure) == space.draw(figure)
        assert png.size(space.draw(figure))[0] >= 1000

    def test_of_another_kind_are_left_to_plotly(self):
        figures = Figures()
        (output,) = figures.shown([curves("surface")])
        assert output.metadata.figure.src is None
        assert list(figures.files) == [output.metadata.figure.turning]

    def test_that_are_equal_are_one_file(self):
        figures = Figures()
        figures.shown([picture(), picture(), picture("something else")])
        assert len(figures.files) == 1

    def test_of_which_nothing_is_known_have_no_description(self):
        (output,) = Figures().shown([picture("<Figure size 640x480 with 1 Axes>")])
        assert output.metadata.figure.alt == ""


class TestDescriptions:
    def test_name_titles_axes_and_curves(self):
        figure, (left, right) = plt.subplots(1, 2)
        left.set(title="Eigenvalues", xlabel="real", ylabel="imaginary")
        left.plot([1], label="open")
        left.plot([1], label="closed")
        left.plot([1])
        figure.suptitle("Both")
        right.imshow([[1]])
        assert describe_figure(figure) == "Both; Eigenvalues: imaginary over real (open, closed)"
        plt.close(figure)

    def test_come_with_the_figures_of_a_kernel_that_shows_nothing_of_it(self, tmp_path):
        code = "import matplotlib.pyplot as plt\nplt.title('Seen'); plt.show()"
        notebook = new_notebook(cells=[new_code_cell("print(dir())"), new_code_cell(code)])
        names, drawn = execute(notebook, tmp_path, before=DESCRIBE).notebook.cells
        assert drawn.outputs[0].data["text/plain"] == "Seen"
        assert "install" not in names.outputs[0].text
        assert "sys" not in names.outputs[0].text


class TestWhatIsKept:
    @pytest.fixture
    def root(self, tmp_path):
        make_course(tmp_path)
        return tmp_path

    @pytest.fixture
    def notebook(self):
        return new_notebook(
            cells=[
                new_code_cell("clone('/here')", id="setup"),
                new_markdown_cell("Prose.", id="prose"),
                new_code_cell("x = 1", id="demo"),
            ]
        )

    def test_is_found_again(self, root, notebook):
        path = executed.path_of(root, FIRST, notebook)
        assert executed.load(path) is None
        notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="1\n")]
        executed.keep(path, notebook)
        assert executed.load(executed.path_of(root, FIRST, notebook))["demo"][0]["text"] == "1\n"

    def test_belongs_to_code_library_and_packages(self, root, notebook, monkeypatch):
        before = executed.path_of(root, FIRST, notebook)
        notebook.cells[0].source = "clone('/there')"
        notebook.cells[1].source = "Other prose."
        (root / "utils" / "check" / "command.py").write_text("only for the terminal")
        assert executed.path_of(root, FIRST, notebook) == before
        notebook.cells[2].source = "x = 2"
        changed = executed.path_of(root, FIRST, notebook)
        (root / "utils" / "library.py").write_text("ONE = 2\n")
        other_library = executed.path_of(root, FIRST, notebook)
        monkeypatch.setattr(executed, "version", lambda name: "0.0")
        other_packages = executed.path_of(root, FIRST, notebook)
        assert len({before, changed, other_library, other_packages}) == 4

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"schema": 0, "outputs": {}}', "\0"])
    def test_that_cannot_be_read_is_not_there(self, tmp_path, content):
        path = tmp_path / "x.json"
        path.write_text(content)
        assert executed.load(path) is None

    def test_goes_when_it_is_out_of_date_unless_all_of_it_may_be_anothers(self, root, notebook):
        now = executed.path_of(root, FIRST, notebook)
        old = now.with_name("old.json")
        for path in (now, old):
            executed.keep(path, notebook)
        executed.sweep(root, FIRST, [now.with_name("never_kept.json")])
        assert old.exists()
        executed.sweep(root, FIRST, [now])
        assert now.exists()
        assert not old.exists()


def stand_in(lesson, notebook, errors=None, status="passed"):
    """What executing a notebook would have come to."""
    verdicts = {cell.exercise: status for cell in lesson.exercises}
    return SimpleNamespace(notebook=notebook, errors=errors or {}, verdicts=verdicts)


class TestExecuting:
    @pytest.fixture
    def course(self, tmp_path, monkeypatch):
        """The course, and a stand-in for executing that keeps what each notebook showed."""
        lessons = make_course(tmp_path)
        shown = what_it_showed(lessons, tmp_path)
        runs = []

        def execute_solved(lesson, root, advanced):
            runs.append((lesson.chapter, advanced))
            (root / f"{lesson.chapter}-{advanced}").touch()  # seen from another process
            notebook = solved_notebook(lesson, root, advanced)
            for cell in notebook.cells:
                cell.outputs = shown[lesson.chapter, advanced].get(cell.id, [])
            executed.keep(executed.path_of(root, lesson.chapter, notebook), notebook)
            return stand_in(lesson, notebook)

        monkeypatch.setattr(showing_module, "execute_solved", execute_solved)
        return tmp_path, lessons, shown

    def ran(self, root):
        found = sorted(path.name for path in root.glob("*-*"))
        for name in found:
            (root / name).unlink()
        return found

    def test_is_done_once_for_what_has_not_changed(self, course):
        root, lessons, shown = course
        told = []
        first = what_is_shown(lessons, root, False, 2, told.append, told.append)
        assert first == {key: value for key, value in shown.items() if not key[1]}
        assert self.ran(root) == ["01_first-False", "02_second-False"]
        assert told[0] == 2
        assert {result.chapter for result in told[1:]} == {"01_first", "02_second"}
        assert what_is_shown(lessons, root, True, 1) == shown
        assert self.ran(root) == ["01_first-True"]  # the second chapter asks nothing advanced
        what_is_shown(lessons, root, False, 1)
        assert what_is_shown(lessons, root, True, 1) == shown
        assert self.ran(root) == []

    def test_goes_on_from_where_it_was_interrupted(self, course):
        root, lessons, _ = course
        what_is_shown(lessons[:1], root, False, 1)
        self.ran(root)
        what_is_shown(lessons, root, False, 1)
        assert self.ran(root) == ["02_second-False"]

    def test_that_ends_in_an_error_names_chapter_and_cell(self, course, monkeypatch):
        root, lessons, _ = course

        def fails(lesson, root, advanced):
            notebook = solved_notebook(lesson, root, advanced)
            return stand_in(lesson, notebook, errors={1: "NameError: no x"})

        monkeypatch.setattr(showing_module, "execute_solved", fails)
        with pytest.raises(SiteError, match="01_first: cell setup ends in an error: Name"):
            what_is_shown(lessons, root, False, 1)

    def test_that_proves_an_answer_wrong_names_it(self, course, monkeypatch):
        root, lessons, _ = course

        def fails(lesson, root, advanced):
            return stand_in(lesson, solved_notebook(lesson, root, advanced), status="failed")

        monkeypatch.setattr(showing_module, "execute_solved", fails)
        with pytest.raises(SiteError, match=r"exercise 01_01: failed where passed is due"):
            what_is_shown(lessons, root, False, 1)

    def test_is_refused_without_the_packages_that_figures_take(self, course, monkeypatch):
        root, lessons, _ = course
        monkeypatch.setattr(Lesson, "packages", ("nowhere",))
        with pytest.raises(SiteError, match="python -m pip install nowhere"):
            what_is_shown(lessons, root, False, 1)
        assert self.ran(root) == []


class TestTheCommand:
    def test_teaches_by_example(self):
        told = CliRunner().invoke(app, ["site", "--help"]).output
        assert "python -m tools site --out" in told

    def test_that_cannot_write_says_what_to_do(self, tmp_path, monkeypatch):
        from tools.site import command

        monkeypatch.setattr(command, "_shown", lambda lessons, solved, jobs: {})
        (tmp_path / "mine.txt").touch()
        done = CliRunner().invoke(app, ["site", "--out", str(tmp_path)])
        assert done.exit_code == 2
        assert "give --out a new or empty folder" in done.output
        assert "Traceback" not in done.output

    def test_that_finds_an_answer_names_it_and_fails(self, tmp_path, monkeypatch):
        from tools.site import command

        monkeypatch.setattr(command, "_shown", lambda lessons, solved, jobs: {})
        monkeypatch.setattr(command, "write_site", lambda *args: ["en/a.html: holds an answer"])
        done = CliRunner().invoke(app, ["site", "--out", str(tmp_path / "out")])
        assert done.exit_code == 1
        assert "leak en/a.html: holds an answer" in done.output
        assert "is not written" in done.output


def test_everything_is_said_in_both_languages():
    assert words("en").keys() == words("ja").keys()
    assert all(words("en").values())
    assert all(words("ja").values())
    assert not {"get", "items", "keys", "values"} & words("en").keys()  # templates read attributes
