"""The bars in a terminal; tests/utils/viewer/test_in_a_notebook.py has them in a kernel."""

from utils.tqdm import tqdm, trange


def test_counts_like_range(capsys):
    assert list(trange(2, 8, 3, display=False)) == [2, 5]
    assert list(trange(3)) == [0, 1, 2]
    assert "3/3" in capsys.readouterr().err


def test_any_iterable_and_the_options_of_the_original(capsys):
    assert list(tqdm("abc", desc="letters")) == ["a", "b", "c"]
    assert "letters: 100%" in capsys.readouterr().err


def test_silent_and_still_usable(capsys):
    bar = tqdm(range(3), display=False, desc="quiet")
    for _ in bar:
        bar.set_postfix(dw=0.1)
        bar.set_description("quiet still")
    assert capsys.readouterr() == ("", "")


def test_text_set_on_a_bar_waits_for_the_next_redraw(capsys):
    bar = trange(1000, mininterval=1e9)
    before = capsys.readouterr().err
    for k in bar:
        bar.set_postfix(dw=k)
    assert before.count("\r") == 1
    assert capsys.readouterr().err.count("\r") == 1  # the last one, when the bar closes
