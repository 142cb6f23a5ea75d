"""Markers are found, refused or cut as the design says, whatever code they stand in."""

import ast
import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.gaps import cut_answer, cut_gaps, find_gaps
from tools.problems import CellError
from utils.tester.markers import keep_language

LANGUAGES = st.sampled_from(["en", "ja"])


@pytest.mark.parametrize(
    ("source", "cut"),
    [
        ("y = f(x)  # TODO a | あ", "y = ...  # TODO a"),
        ("y = f(x)      # TODO a | あ\n", "y = ...  # TODO a\n"),
        ("y = (\n    f(x)  # TODO a | あ\n)", "y = ...  # TODO a"),
        ("y = f(  # TODO a | あ\n    x,  # the answer\n)  # more", "y = ...  # TODO a"),
        ("y = f(\n    # TODO a | あ\n    x,\n)", "y = ...  # TODO a"),
        ("y = a + \\\n    b  # TODO a | あ", "y = ...  # TODO a"),
        ("y = \\\n    b  # TODO a | あ", "y = ...  # TODO a"),
        ("y = ((a) + (b))  # TODO a | あ", "y = ...  # TODO a"),
        ("y = (a), (b)  # TODO a | あ", "y = ...  # TODO a"),
        ("y = z = a  # TODO a | あ", "y = z = ...  # TODO a"),
        ("a, (b, *c) = d, e  # TODO a | あ", "a, (b, *c) = ...  # TODO a"),
        ("y[i] += 1  # TODO a | あ", "y[i] += ...  # TODO a"),
        ("y: dict[str, int] = {}  # TODO a | あ", "y: dict[str, int] = ...  # TODO a"),
        ("s = '日本語' + '語'  # TODO a | あ", "s = ...  # TODO a"),
        ("s = '# TODO no'  # TODO a | あ", "s = ...  # TODO a"),
        ('s = f"{x}{y!r}"  # TODO a | あ', "s = ...  # TODO a"),
        ("f = lambda x: x + 1  # TODO a | あ", "f = ...  # TODO a"),
        ("if(a):  # TODO a | あ\n    b", "if ...:  # TODO a\n    b"),
        ("if (a and\n    b):  # TODO a | あ\n    b", "if ...:  # TODO a\n    b"),
        ("if a:\n  b\nelif c:  # TODO a | あ\n  d", "if a:\n  b\nelif ...:  # TODO a\n  d"),
        ("while f(x) > 1:  # TODO a | あ\n    b", "while ...:  # TODO a\n    b"),
        ("def f():\n    return x, y  # TODO a | あ", "def f():\n    return ...  # TODO a"),
        ("def f():\n\treturn(x)  # TODO a | あ", "def f():\n\treturn ...  # TODO a"),
        ("# TODO a | あ\nf(x)\n# END TODO", "# TODO a\n..."),
        (
            "if a:\n    # TODO a | あ\n    # the answer\n\n    @d\n    def f():\n        g\n"
            "    # END TODO\n\n    h",
            "if a:\n    # TODO a\n    ...\n\n    h",
        ),
        (
            "x = 1  # kept\n\n\n# kept\ny = 2  # TODO a | あ\n",
            "x = 1  # kept\n\n\n# kept\ny = ...  # TODO a\n",
        ),
    ],
)
def test_what_a_marker_cuts(source, cut):
    assert cut_gaps(source, "en") == cut
    assert cut_gaps(source, "ja") == cut.replace("TODO a", "TODO あ")


def test_a_gap_knows_its_function_line_text_and_answer():
    source = (
        "class A:\n    def f(self):\n        def g():\n"
        "            y = p + q  # TODO a | あ\n"
        "        # TODO b | い\n        s(1)\n        t()\n        # END TODO\n"
        "z = (u)  # TODO c | う"
    )
    found = [(gap.function, gap.line, gap.text.ja, gap.answer) for gap in find_gaps(source)]
    assert found == [
        ("A.f.g", 4, "あ", "p + q"),
        ("A.f", 5, "い", "        s(1)\n        t()"),
        ("", 9, "う", "(u)"),
    ]


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("x = 1\ny = 2  # TODO only English", 2, "both languages"),
        ("y = 2  # TODO | 日本語", 1, "both languages"),
        ("y = 2  # TODO English | ", 1, "both languages"),
        ("y = 2  # TODO", 1, "looks like a marker"),
        ("y = 2  #TODO a | あ", 1, "looks like a marker"),
        ("y = 2  # todo a | あ", 1, "looks like a marker"),
        ("y = 2  # ToDo: a | あ", 1, "looks like a marker"),
        ("y = 2  # the answer TODO a | あ", 1, "looks like a marker"),
        ("y = 2\n# ENDTODO", 2, "looks like a marker"),
        ("y = 1\n# END TODO", 2, "closes nothing"),
        ("y = 1  # END TODO", 1, "behind code"),
        ("y = 1\n# TODO a | あ\ny = 2", 2, "never closed"),
        ("# TODO a | あ\n# TODO b | い\ny = 2\n# END TODO", 2, "in a block that is still open"),
        ("# TODO a | あ\ny = 2  # TODO b | い\n# END TODO", 2, "in a block that is still open"),
        ("# TODO a | あ\n# END TODO", 1, "empty"),
        ("# TODO a | あ\n\n# words\n...\n# END TODO", 1, "empty"),
        ("y = ...  # TODO a | あ", 1, "already '...'"),
        ("f(x)  # TODO a | あ", 1, "no value to cut"),
        ("def f():\n    return  # TODO a | あ", 2, "no value to cut"),
        ("y: int  # TODO a | あ", 1, "no value to cut"),
        ("for x in y:  # TODO a | あ\n    pass", 1, "no value to cut"),
        ("if x:\n    a\nelse:  # TODO a | あ\n    b", 3, "no value to cut"),
        ("def f():  # TODO a | あ\n    b", 1, "no value to cut"),
        ("x = 1; y = 2  # TODO a | あ", 1, "two statements"),
        ("x = 1;  # TODO a | あ", 1, "two statements"),
        ("if x: y = 2  # TODO a | あ", 1, "two statements"),
        ("if x:\n    # TODO a | あ\n    y = 1\n# END TODO", 2, "run of whole statements"),
        (
            "# TODO a | あ\nif x:\n    y = 1\n    # END TODO\n    z = 1",
            1,
            "run of whole statements",
        ),
        (
            "if x:\n    # TODO a | あ\n    y\nelse:\n    z\n    # END TODO",
            2,
            "run of whole statements",
        ),
        (
            "if x:\n    y\n    # TODO a | あ\nelse:\n    z\n    # END TODO",
            3,
            "run of whole statements",
        ),
        ("if x:\n# TODO a | あ\n    y = 1\n# END TODO", 2, "run of whole statements"),
        ("if x:\n    # TODO a | あ\n    y = 1\n        # END TODO", 2, "run of whole statements"),
        ("x = f(\n    1,\n", 1, "no Python"),
        ("x = 1\ny = = 2", 2, "no Python"),
        ("x = 1\n  y = 2", 2, "no Python"),
        ("x = '\0'", 1, "no Python"),
    ],
)
def test_malformed_markers_are_refused_with_their_line(source, line, what):
    with pytest.raises(CellError) as refusal:
        find_gaps(source)
    assert [problem.line for problem in refusal.value.problems] == [line]
    assert what in refusal.value.problems[0].what
    assert refusal.value.problems[0].remedy


def test_all_malformed_markers_are_named_at_once():
    with pytest.raises(CellError) as refusal:
        find_gaps("f(x)  # TODO a | あ\ny = 1  # TODO b\n# END TODO")
    assert [problem.line for problem in refusal.value.problems] == [1, 2, 3]


def test_an_advanced_answer_is_cut_as_a_whole():
    source = "# TODO Draw it. | 描きます。\nxs = f(x)  # how\nplot(xs)"
    assert cut_answer(source, "ja", "02_A1") == '# TODO 描きます。\n...;\n# show_solution("02_A1")'


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("plot(x)", 1),
        ("plot(x)  # TODO a | あ", 1),
        ("# END TODO\nplot(x)", 1),
        ("# TODO a\nplot(x)", 1),
        ("# TODO a | あ\n# words alone", 1),
        ("# TODO a | あ\ny = f(x)  # TODO b | い", 2),
        ("# TODO a | あ\ny = = 1", 2),
    ],
)
def test_a_malformed_advanced_answer_is_refused(source, line):
    with pytest.raises(CellError) as refusal:
        cut_answer(source, "en", "02_A1")
    assert [problem.line for problem in refusal.value.problems] == [line]


@dataclass(frozen=True)
class Code:
    """Some statements as lines: as the lesson has them, as a learner gets them in English, and
    with the answers blank but the markers whole."""

    lesson: tuple[str, ...]
    learner: tuple[str, ...]
    blank: tuple[str, ...]
    gaps: int

    def indented(self) -> "Code":
        return Code(
            *(
                tuple("    " + line if line else line for line in lines)
                for lines in (self.lesson, self.learner, self.blank)
            ),
            self.gaps,
        )


def joined(parts):
    return Code(
        tuple(itertools.chain.from_iterable(part.lesson for part in parts)),
        tuple(itertools.chain.from_iterable(part.learner for part in parts)),
        tuple(itertools.chain.from_iterable(part.blank for part in parts)),
        sum(part.gaps for part in parts),
    )


def given_lines(*lines):
    return Code(lines, lines, lines, 0)


GIVEN = st.sampled_from(
    [
        given_lines("given = 1"),
        given_lines("", "# a comment, kept", "given(x)  # kept, 日本語", ""),
        given_lines("given = '''", "# TODO not a marker | 文字列の中", "   '''"),
        given_lines("for i in given: pass"),
    ]
)
TODO_TEXTS = [("Fill it.", "埋めます。"), ("a #b", "い # b"), ("|dW|", "変化量 |dW|")]
TEXTS = st.sampled_from(TODO_TEXTS)
VALUES = st.sampled_from(
    [
        ("secret",),
        ("secret @ x + '日本語'",),
        ("(", "    secret", "    + x)"),
        ("secret(", "    x,", "", "    '# TODO no',", ")"),
        ("[secret for secret in (1,", " 2)]"),
        ("secret + \\", "  secret"),
        ("'''secret", "secret'''"),
        ("(lambda: secret)()",),
    ]
)
TUPLES = st.just(("(secret), secret",))
PREFIXES = st.sampled_from(
    ["y = ", "y = z = ", "y += ", "y[given] = ", "y: float = ", "a, b = ", "return ", "日本 = "]
)


@st.composite
def value_gaps(draw, prefixes=PREFIXES, values=VALUES | TUPLES, suffix=""):
    """A statement whose value is cut, the marker on a line of the value that can bear one."""
    prefix, value, (en, ja) = draw(prefixes), draw(values), draw(TEXTS)
    lines = [prefix + value[0], *value[1:]]
    lines[-1] += suffix
    bearing = [
        number
        for number, line in enumerate(lines)
        if line and not line.endswith("\\") and not (value[0].startswith("'''") and number == 0)
    ]
    marked = draw(st.sampled_from(bearing))
    lesson = list(lines)
    for number in bearing:
        if number != marked and draw(st.booleans()):
            lesson[number] += "  # secret"
    lesson[marked] += f"  # TODO {en} | {ja}"
    cut = f"{prefix}...{suffix}  # TODO "
    return Code(tuple(lesson), (cut + en,), (f"{cut}{en} | {ja}",), 1)


@st.composite
def block_gaps(draw, bodies):
    en, ja = draw(TEXTS)
    body = draw(bodies)
    plain = [line.replace("TODO", "secret") for line in body.lesson]
    lesson = (f"# TODO {en} | {ja}", *plain, "secret()", "# END TODO")
    blank = (f"# TODO {en} | {ja}", "blank()", "# END TODO")
    return Code(lesson, (f"# TODO {en}", "..."), blank, 1)


@st.composite
def compounds(draw, bodies):
    """A header, given or cut, over a body."""
    headers = st.one_of(
        st.sampled_from(
            [given_lines("for i in given:"), given_lines("if x:"), given_lines("class A:")]
        ),
        value_gaps(st.sampled_from(["if ", "while "]), VALUES, ":"),
    )
    return joined([draw(headers), draw(bodies).indented(), given_lines("given()").indented()])


STATEMENTS = st.recursive(
    st.one_of(GIVEN, value_gaps()),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(joined), block_gaps(inner), compounds(inner)
    ),
    max_leaves=8,
)


@st.composite
def cells(draw):
    body = draw(st.lists(STATEMENTS, min_size=1, max_size=3).map(joined))
    whole = joined([given_lines("def f(x, given):"), body.indented(), given_lines("", "")])
    return Code(whole.lesson, whole.learner, whole.blank, whole.gaps)


@given(cells())
def test_cutting_takes_every_answer_and_leaves_all_else_as_it_is(code):
    source = "\n".join(code.lesson)
    assert len(find_gaps(source)) == code.gaps
    assert cut_gaps(source, "en") == "\n".join(code.learner)
    assert "secret" not in cut_gaps(source, "ja")


@given(cells())
def test_the_cut_does_not_depend_on_what_is_cut(code):
    answered = "\n".join(code.blank).replace("...", "other")
    assert cut_gaps(answered, "en") == "\n".join(code.learner)


@given(cells(), LANGUAGES)
def test_both_languages_and_the_solved_cell_are_the_same_code(code, lang):
    source = "\n".join(code.lesson)
    kept = keep_language(source, lang)
    assert ast.dump(ast.parse(kept)) == ast.dump(ast.parse(source))
    assert not any(f"TODO {en} | {ja}" in kept for en, ja in TODO_TEXTS)
    cut = {ast.dump(ast.parse(cut_gaps(source, each))) for each in ("en", "ja")}
    assert len(cut) == 1


LINES = st.sampled_from(
    [
        *("x = 1", "if x:", "else:", "    y = (", "    )", "    z", "        w = 2", "return x"),
        *("# TODO a | あ", "    # TODO a | あ", "# END TODO", "    # END TODO", "#TODO", '"""'),
        *("x = 1  # TODO a | あ", "    y += 1  # TODO b | い", "if (x or  # TODO c | う", "", "\\"),
    ]
)


@given(st.lists(LINES, max_size=10).map("\n".join))
def test_whatever_is_written_is_cut_or_refused(source):
    try:
        gaps = find_gaps(source)
    except CellError as refusal:
        gaps, problems = [], refusal.problems
    else:
        problems = []
    assert all(1 <= problem.line <= source.count("\n") + 2 for problem in problems)
    if not problems:
        cut = ast.parse(cut_gaps(source, "en"))
        assert sum(is_ellipsis(node) for node in ast.walk(cut)) == len(gaps)


def is_ellipsis(node):
    return isinstance(node, ast.Constant) and node.value is Ellipsis
