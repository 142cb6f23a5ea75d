"""In a real kernel: every figure appears once, at the end of its cell."""

import nbformat
import pytest
from nbclient import NotebookClient

PLOTLY = "application/vnd.plotly.v1+json"

CELLS = {
    "imports": "import numpy as np\n"
    "from utils.tqdm import trange\n"
    "from utils.viewer import show_3d_coord, show_trajectory\n"
    "curve = np.random.default_rng(0).normal(size=(50, 3))",
    "last value": "show_trajectory(curve)",
    "not the last value": "fig = show_trajectory(curve)\nprint('end')",
    "inside if": "if True:\n    show_trajectory(curve)\n    show_3d_coord(curve)",
    "again": "fig",
    "space, last value": "space = show_3d_coord(curve)\nspace.update_layout(title='later')\nspace",
    "space, not the last value": "show_3d_coord(output=curve, target=curve)\nprint('end')",
    "space, cell that fails": "show_3d_coord(curve)\n1 / 0",
    "two": "show_3d_coord(curve)\nshow_3d_coord(curve)",
    "nothing left": "print('end')",
    "bar": "for _ in trange(3): pass",
    "no bar": "for _ in trange(3, display=False): pass",
    "bar without widgets": "import importlib.util\n"
    "find = importlib.util.find_spec\n"
    "importlib.util.find_spec = lambda name: None if name == 'ipywidgets' else find(name)\n"
    "for _ in trange(3): pass\n"
    "importlib.util.find_spec = find",
}


@pytest.fixture(scope="module")
def outputs(request):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    )
    root = str(request.config.rootpath)
    NotebookClient(notebook, allow_errors=True, resources={"metadata": {"path": root}}).execute()
    return {name: cell.outputs for name, cell in zip(CELLS, notebook.cells, strict=True)}


def pictures(cell_outputs, form):
    return [out for out in cell_outputs if form in out.get("data", {})]


@pytest.mark.parametrize(
    ("name", "panels", "spaces"),
    [
        ("imports", 0, 0),
        ("last value", 1, 0),
        ("not the last value", 1, 0),
        ("inside if", 1, 1),
        ("again", 1, 0),
        ("space, last value", 0, 1),
        ("space, not the last value", 0, 1),
        ("space, cell that fails", 0, 1),
        ("two", 0, 2),
        ("nothing left", 0, 0),
    ],
)
def test_a_figure_appears_once(outputs, name, panels, spaces):
    assert len(pictures(outputs[name], "image/png")) == panels
    assert len(pictures(outputs[name], PLOTLY)) == spaces
    assert not [out for out in outputs[name] if out.get("name") == "stderr"]


def test_what_is_set_after_the_call_is_shown(outputs):
    (space,) = pictures(outputs["space, last value"], PLOTLY)
    assert space.data[PLOTLY]["layout"]["title"]["text"] == "later"


def test_a_space_figure_is_html_too_and_brings_no_copy_of_plotly(outputs):
    (space,) = pictures(outputs["inside if"], PLOTLY)
    assert "<div" in space.data["text/html"]
    assert len(space.data["text/html"]) < 50_000


def test_the_bar_is_a_widget_where_there_are_widgets(outputs):
    assert len(pictures(outputs["bar"], "application/vnd.jupyter.widget-view+json")) == 1
    assert len(outputs["bar"]) == 1
    assert outputs["no bar"] == []


def test_the_bar_is_text_without_widgets_and_looks_like_no_error(outputs):
    text = outputs["bar without widgets"]
    assert {out.name for out in text} == {"stdout"}
    assert "3/3" in "".join(out.text for out in text)
