"""Slices against whole notebooks: what is wanted comes out the same, and little else is run."""

import ast
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from utils.tester.cells import parse_cell
from utils.tester.names import Borrowed
from utils.tester.slicing import read_statements, slice_statements


def sliced(cells, wanted, borrowed=None):
    """The slice of some cells, one text a statement."""
    statements = read_statements({i: parse_cell(cell) for i, cell in enumerate(cells)}, borrowed)
    return [ast.unparse(one.node) for one in slice_statements(statements, wanted)]


def lines(*cells, wanted=("f",)):
    """The slice of cells that hold one line a statement, as those lines."""
    return sliced(cells, wanted)


class TestLittleElseIsRun:
    def test_imports_constants_and_helpers_come_along_from_any_cell(self):
        assert sliced(
            [
                "import numpy as np\nimport os",
                "K = 3\nUNUSED = 4",
                "def helper(x):\n    return np.sin(x) * K",
                "def other():\n    return os.getcwd()",
                "def f(x):\n    return helper(x)",
                "K = 5",
            ],
            ["f"],
        ) == [
            "import numpy as np",
            "def helper(x):\n    return np.sin(x) * K",
            "def f(x):\n    return helper(x)",
            "K = 5",
        ]

    def test_a_demonstration_that_uses_the_function_is_left_out(self):
        cells = [
            "import numpy as np",
            "def f(x):\n    return np.sin(x)",
            "rnd = np.random.default_rng(1234)\n"
            "record = f(rnd.normal(size=100000))\n"
            "for k in range(10**9):\n    record = f(record)\n"
            "print(np.abs(record).max())\n"
            "np.save('record.npy', record)\n"
            "np.testing.assert_allclose(record, 0)",
        ]
        assert len(sliced(cells, ["f"])) == 2

    def test_a_line_that_fails_does_not_matter_to_what_stands_below_it(self):
        assert sliced(["K = 1\nprint(1 / 0)\nK = 2\ndef f():\n    return K"], ["f"]) == [
            "K = 2",
            "def f():\n    return K",
        ]

    def test_the_last_definition_wins(self):
        assert lines("f = 1", "f = 2", "f = endless()", "f = 3") == ["f = 3"]
        assert lines("f = 1", "f = f + 1", "g = 3") == ["f = 1", "f = f + 1"]
        assert lines("f = 1", "if g:\n    f = 2") == ["f = 1", "if g:\n    f = 2"]

    def test_a_helper_is_the_one_that_stands_when_it_is_called(self):
        assert lines("A = 1", "B = 2", "h = lambda: A", "f = lambda: h()", "h = lambda: B") == [
            "B = 2",
            "f = lambda: h()",
            "h = lambda: B",
        ]

    def test_a_name_that_is_something_else_elsewhere_does_not_matter(self):
        cells = [
            "import numpy as np",
            "f, state = prepare()",
            "state.run(f)",
            "rate = np.ones(9)",
            "record = simulate(rate, f)",
            "print(record)",
            "rate = 0.5",
            "def f():\n    return rate",
            "show(f, record)",
            "test_func(f)",
        ]
        assert sliced(cells, ["f"]) == ["rate = 0.5", "def f():\n    return rate"]

    def test_a_class_that_calls_super_needs_nothing_for_it(self):
        cells = [
            "class A(list):\n\n    def __init__(self):\n        super().__init__()",
            "class f(list):\n\n    def __init__(self):\n        super().__init__()",
            "a = A()",
            "a.grow()",
        ]
        assert sliced(cells, ["f"]) == [cells[1]]

    def test_what_a_function_reads_is_what_stands_when_it_is_called(self):
        assert lines("K = 1", "f = lambda: K", "K = 2") == ["f = lambda: K", "K = 2"]
        assert lines("K = 1", "g = lambda: K", "f = g()", "K = 2") == [
            "K = 1",
            "g = lambda: K",
            "f = g()",
            "K = 2",
        ]


class TestWhatChangesANeededName:
    @pytest.mark.parametrize(
        "change",
        [
            "buf.append(1)",
            "buf[0] = 1",
            "del buf[0]",
            "grow(buf)",
            "other = buf",
            "print(buf)",
            "buf += [1]",
            "for item in buf:\n    pass",
            "g()",
            "setattr(buf, 'x', 1)",
        ],
    )
    def test_of_an_object(self, change):
        cells = ["def g():\n    buf.append(2)", "buf = [0]", change, "def f():\n    return buf"]
        assert change in sliced(cells, ["f"])

    @pytest.mark.parametrize(
        "alias",
        [
            "other = buf",
            "other = [buf][0]",
            "first, other = 1, buf",
            "first, *other = buf",
            "other, first = pair(buf)",
            "other: list = buf",
            "for other in buf:\n    pass",
            "with opened(buf) as other:\n    pass",
            "if (other := buf):\n    pass",
            "[other := item for item in buf]",
            "try:\n    fail(buf)\nexcept ValueError as other:\n    kept = other",
            "match buf:\n    case [*other]:\n        pass",
            "match buf:\n    case {'a': 1, **other}:\n        pass",
            "match buf:\n    case other:\n        pass",
            "def alias():\n    global other\n    other = buf\nalias()",
        ],
    )
    @pytest.mark.parametrize("change", ["other.append(1)", "other += [1]", "other[0] = 1"])
    def test_under_another_name(self, alias, change):
        cells = ["buf = []", alias, change, "f = lambda: buf"]
        assert sliced(cells, ["f"]) == sliced(cells, ["f", "other"])
        assert change in sliced(cells, ["f"])

    @pytest.mark.parametrize(
        "change",
        ["C.step = 1", "C.items.append(1)", "setattr(C, 'step', 1)", "del C.step", "C.setup()"],
    )
    def test_of_a_class(self, change):
        cells = ["class C:\n    step = 0", change, "c = C()", "f = lambda: C()"]
        assert sliced(cells, ["f"]) == [cells[0], change, cells[3]]

    @pytest.mark.parametrize("change", ["np.random.seed(0)", "np.seterr(all='raise')", "np.x = 1"])
    def test_of_a_module(self, change):
        cells = ["import numpy as np", change, "f = lambda: np.random.rand()"]
        assert sliced(cells, ["f"]) == cells

    def test_by_a_function_that_assigns_a_global(self):
        cells = ["K = 1", "def g():\n    global K\n    K += 1", "g()", "f = lambda: K"]
        assert sliced(cells, ["f"]) == cells

    @pytest.mark.parametrize(
        "change", ["C.k = 1", "C.items.append(1)", "del C.k", "setattr(C, 'k', 1)"]
    )
    def test_by_a_function_that_changes_a_class(self, change):
        cells = ["class C:\n    k = 0", f"def g():\n    {change}", "g()", "f = lambda: C.k"]
        assert sliced(cells, ["f"]) == cells

    def test_of_an_object_that_a_function_put_there(self):
        cells = ["K = 1", "def g():\n    global K\n    K = []", "g()", "other = K"]
        cells += ["other.append(1)", "f = lambda: K"]
        assert sliced(cells, ["f"]) == cells

    def test_by_the_function_itself(self):
        cells = ["K = 1", "def f():\n    global K\n    K += 1"]
        assert sliced(cells, ["f"]) == cells

    @pytest.mark.parametrize("put", ["todo.append(g)", "put(todo, g)"])
    def test_by_a_function_reached_through_an_object(self, put):
        cells = [
            "K = 1",
            "def g():\n    global K\n    K += 1",
            "todo = []",
            put,
            "todo[0]()",
            "f = lambda: K",
        ]
        assert sliced(cells, ["f"]) == cells

    @pytest.mark.parametrize("rest", [["buf.append(1)"], ["buf.append(1)", "buf = 5"]])
    @pytest.mark.parametrize(
        "definition",
        [
            "def f(seen=buf):\n    return seen",
            "f = lambda seen=buf: seen",
            "class f:\n    seen = buf",
            "@keep(buf)\ndef f():\n    return seen",
        ],
    )
    def test_a_default_value(self, definition, rest):
        cells = ["buf = []", definition, *rest]
        assert sliced(cells, ["f"]) == cells[:3]


class TestWhatCannotBeDecided:
    @pytest.mark.parametrize(
        "statement",
        [
            "exec(text)",
            "globals()['f'] = 1",
            "eval(text)",
            "vars()['f'] = 1",
            "import __main__",
            "inspect.currentframe().f_back",
            "sys.modules['__main__'].f = 1",
            "get_ipython().push({'f': 1})",
            "use_solution('99_99')",
        ],
    )
    def test_takes_everything_above(self, statement):
        cells = ["a = 1", statement, "b = 2", "f = 3"]
        assert sliced(cells, ["f"]) == ["a = 1", statement, "f = 3"]

    def test_also_inside_a_function(self):
        cells = ["a = 1", "def f():\n    return eval('a')", "b = 2"]
        assert sliced(cells, ["f"]) == cells
        cells = ["a = 1", "def g():\n    exec('f = 1')", "b = 2", "g()", "c = 3", "f = 3"]
        assert sliced(cells, ["f"]) == [*cells[:4], "f = 3"]

    def test_a_name_of_ones_own_is_none_of_them(self):
        cells = ["vars = {}", "a = 1", "vars['x'] = 1", "f = 3"]
        assert sliced(cells, ["f"]) == ["f = 3"]

    def test_star_imports_come_along(self):
        cells = ["a = 1", "from math import *", "f = lambda: pi"]
        assert sliced(cells, ["f"]) == cells[1:]

    def test_where_modules_are_found_comes_along_with_imports(self):
        cells = ["import sys", "sys.path.append('..')", "a = 1", "import helper", "f = helper.f"]
        assert sliced(cells, ["f"]) == [*cells[:2], *cells[3:]]
        assert sliced([*cells[:3], "f = 1"], ["f"]) == ["f = 1"]

    def test_an_import_changes_nothing_for_other_imports(self):
        cells = [
            "import sys",
            "def find():\n    sys.path.append('..')",
            "find()",
            "import heavy",
            "import helper",
            "f = helper.f",
        ]
        assert sliced(cells, ["f"]) == [*cells[:3], *cells[4:]]

    def test_future_statements_come_along(self):
        cells = ["from __future__ import annotations", "def f(x: Later):\n    pass"]
        assert sliced(cells, ["f"]) == cells


BORROWED = {"01_01": Borrowed(frozenset({"sample"}), frozenset({"helper"}))}


class TestUseSolution:
    CELLS = (
        "import numpy as np",
        "from utils.tester import load_from_chapter_name, use_solution",
        "test_func, show_solution = load_from_chapter_name('08')",
        "def helper():\n    return 1",
        "demo = helper()",
        "use_solution('01_01')",
        "def f():\n    return sample()",
    )

    def test_comes_along_with_what_the_answer_needs(self):
        cells = list(self.CELLS)
        assert sliced(cells, ["f"], BORROWED) == [*cells[:4], *cells[5:]]

    def test_is_left_out_where_the_learner_defines_the_function_below(self):
        cells = [*self.CELLS, "def sample():\n    return 2"]
        assert "use_solution('01_01')" not in sliced(cells, ["f"], BORROWED)


STATEMENTS = [
    # Numbers
    "n1 = 3",
    "n1 += 1",
    "n2 = n1 * 2",
    "n1, n2 = n2, n1",
    "for n1 in range(3):\n    n2 += n1",
    "if n1 > 3:\n    n2 = 5\nelse:\n    l2.append(n1)",
    "[n1 := i for i in range(4)]",
    "try:\n    n1 = 1 // 0\nexcept ZeroDivisionError:\n    n1 = 4",
    "while n2 > 7:\n    n2 -= 3",
    "del n2\nn2 = 6",
    # Lists that may be one object
    "l1 = [1]",
    "l2 = l1",
    "l1 = list(l2)",
    "l3 = [l1, l2]",
    "l3 = pick(l2, l1)",
    "l1.append(n1)",
    "l2 += [n2]",
    "l2[:1] = [9]",
    "touch(l1)",
    "for item in l3:\n    touch(item)",
    "with opened(l2) as l3:\n    touch(l3)",
    "n1, *l1 = [7, 8, 9]",
    "l1 = (lambda x: x)(l3)",
    "it = iter(l2)\nl3 = [next(it, 0)]",
    "print(l1)",
    # Functions; each may call the ones before it
    "def f1():\n    return n1, str(l1)",
    "def f1():\n    global n1\n    n1 += 1\n    return n1",
    "def f1():\n    l2.append(n2)\n    return str(l2)",
    "def f1(k=l2):\n    k.append(1)\n    return str(k)",
    "def f1():\n    return C().m(), C.k",
    "def f1():\n    return getattr(math, 'mark', 0), e",
    "def f2():\n    touch(l1)\n    return f1()",
    "def f2():\n    f2.count = getattr(f2, 'count', 0) + 1\n    return f2.count",
    "def f2():\n    C.k += 1\n    return C.k",
    "f2 = lambda: (n2, str(l3))",
    "@watch\ndef f2():\n    return f1()",
    "def f3():\n    return [f() for f in (f1, f2)]",
    "def f3():\n    def inner():\n        global n2\n        n2 = n1\n    inner()\n    return f2()",
    "f3 = functools.partial(pick, l1, l2)",
    "def f3():\n    return eval('str(l2)')",
    "def watch(f):\n    touch(l3)\n    return f",
    # Calls with effects
    "f1()",
    "n1 = len(str(f2()))",
    "l2.append(str(f3()))",
    "later = [f1, f2]",
    "for call in later:\n    call()",
    # Classes and modules
    "class C:\n    k = n1\n    def m(self):\n        return self.k, n2",
    "C.k = n2",
    "setattr(C, 'k', 7)",
    "C.m = lambda self: str(l2)",
    "o = C()\no.k = 5\nn1 = o.k",
    "math.mark = n1",
    "import math",
    "from math import *",
    "e = n1",
    # Nobody can tell
    "exec('n1 = 10')",
    "globals()['n2'] = 4",
    "eval('l1').append(3)",
    # What is no Python
    "%matplotlib inline",
    "%time n1 = 8",
]

FIRST = """
import contextlib, functools, math
def touch(x):
    if isinstance(x, list):
        x.append(len(x))
def pick(a, b):
    return a if len(str(a)) > len(str(b)) else b
@contextlib.contextmanager
def opened(x):
    touch(x)
    yield x
def watch(f):
    return f
n1, n2, e = 1, 2, 3
l1, l2, l3 = [], [5], []
later = []
class C:
    k = 0
    def m(self):
        return n1
def f1():
    return 1
def f2():
    return 2
def f3():
    return 3
"""

BROKEN = ["1 / 0", "def broken(:", "nobody.knows()", "!ls", "%%bash\nls"]

cell = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4).map("\n".join)
notebooks = st.lists(cell | st.sampled_from(BROKEN), max_size=8)
wanted_names = st.lists(
    st.sampled_from(["f1", "f2", "f3", "C", "l1", "n1", "n2"]), min_size=1, max_size=3, unique=True
)


@settings(max_examples=400, deadline=None)
@given(notebooks, wanted_names)
@example(["def f1(k=l2):\n    k.append(1)\n    return str(k)", "f1()"], ["l2", "f1"])
@example(["later = [f1, f2]\nfor call in later:\n    call()"], ["n1"])
def test_the_slice_gives_what_the_whole_notebook_gives(cells, wanted):
    parsed = []
    for source in [FIRST, *cells]:
        try:
            parsed.append(parse_cell(source))
        except SyntaxError:
            assert source == "def broken(:"
    statements = read_statements(dict(enumerate(parsed)))
    kept = slice_statements(statements, wanted)
    assert outcome(statements, wanted) == outcome(kept, wanted)


def outcome(statements, wanted):
    """Run the statements as cells, then use what is wanted twice over."""
    vars(math).pop("mark", None)
    namespace = {"__name__": "notebook", "print": lambda *_: None}
    failed = set()
    for statement in statements:
        if statement.cell not in failed:
            module = ast.Module([statement.node], type_ignores=[])
            try:
                exec(compile(module, "<cell>", "exec"), namespace)
            except (ZeroDivisionError, NameError):
                failed.add(statement.cell)
    results = []
    for name in wanted * 2:
        value = namespace[name]
        if isinstance(value, type):
            value = value().m(), value.k
        results.append(str(value() if callable(value) else value))
    return results
