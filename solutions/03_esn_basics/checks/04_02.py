"""04_02: tapped_delay."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Text

TITLE = Text("A tapped delay line", "タップ付き遅延線")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Write down the table for us = 1, 2, 3, 4 and three taps. Along a row time runs backwards: what does the first row look like?",
        "us = 1, 2, 3, 4でタップが3つの表を書いてみましょう。行に沿って進むと時間をさかのぼります。最初の行はどうなりますか。",
    ),
    Text(
        "The column of a lag is the series moved down by so many rows: it starts that many rows below the top and lacks as many values of the series' end. In `taps` the axes are step, lag, component; joining the last two gives the asked order.",
        "ある遅れの列は、系列をその行数だけ下にずらしたものです。その分だけ上が空き、系列の終わりの値が同じ数だけ入りません。`taps`の軸はステップ、遅れ、成分の順なので、後の2つをつなげれば求める並びになります。",
    ),
)

OUTPUTS = (Exact("taps"),)


def draw(rng: np.random.Generator) -> Case:
    """A random series, at most as many taps as steps."""
    steps = int(rng.integers(4, 20))
    return case(rng, steps, int(rng.integers(1, steps + 1)), int(rng.integers(1, 4)))


def case(
    rng: np.random.Generator, steps: int, n_taps: int, dims: int, label: Text | None = None
) -> Case:
    """Values that are all different and none of them 0."""
    return Case(
        label=label
        or Text(
            f"T = {steps}, {n_taps} taps, d = {dims}", f"T = {steps}、{n_taps}タップ、d = {dims}"
        ),
        inputs={"us": rng.uniform(0.1, 1, (steps, dims)), "n_taps": n_taps},
        preserves=("us",),
    )


def cases() -> list[Case]:
    """One tap, several, as many as steps; one component and more."""
    rng = np.random.default_rng(402)
    counting = Case(
        label=Text("the series 1, 2, ..., 6, three taps", "系列1, 2, …, 6、3タップ"),
        inputs={"us": np.arange(1.0, 7.0)[:, np.newaxis], "n_taps": 3},
        preserves=("us",),
    )
    two = Case(
        label=Text("two components, two taps", "成分2つ、2タップ"),
        inputs={"us": np.array([[1.0, 10], [2, 20], [3, 30], [4, 40]]), "n_taps": 2},
        preserves=("us",),
    )
    return [
        counting,
        two,
        case(rng, 8, 1, 1, Text("a single tap: the series itself", "1タップ（系列そのもの）")),
        case(rng, 8, 1, 2, Text("a single tap, two components", "1タップ、成分2つ")),
        case(rng, 5, 5, 1, Text("as many taps as steps", "タップ数とステップ数が同じ")),
        case(rng, 1, 1, 3, Text("a single step", "1ステップだけ")),
        case(rng, 12, 4, 1),
        case(rng, 12, 4, 2),
        case(rng, 9, 3, 3, Text("as many taps as components", "タップ数と成分の数が同じ")),
        case(rng, 10, 7, 2),
        case(rng, 20, 10, 1),
        case(rng, 15, 2, 4),
        *(draw(np.random.default_rng(seed)) for seed in range(2)),
    ]


LINE = "taps[lag:, lag] = us[: len(us) - lag]"
ORDER = "taps.reshape(len(us), -1)"

MISTAKES = (
    Mistake(
        "rolled_round",
        ((LINE, "taps[:, lag] = np.roll(us, lag, axis=0)"),),
        Text(
            "Row 0 knows the end of the series: np.roll wraps what falls out at the end round to the beginning.",
            "0行目が系列の終わりを知っています。np.rollは、終わりからはみ出した値を先頭に回してしまいます。",
        ),
    ),
    Mistake(
        "future_for_past",
        ((LINE, "taps[: len(us) - lag, lag] = us[lag:]"),),
        Text(
            "Your row k holds the inputs that come after k. A delay line looks back.",
            "k行目に、kより後の入力が入っています。遅延線は過去を振り返るものです。",
        ),
    ),
    Mistake(
        "columns_not_moved",
        ((LINE, "taps[lag:, lag] = us[lag:]"),),
        Text(
            "Each of your columns is the series itself, with a few zeros at the top. The column of a lag has to be older than the first.",
            "どの列も、上のほうが0になっているだけで、同じ系列です。遅れのある列には、最初の列より古い値が入るはずです。",
        ),
    ),
    Mistake(
        "oldest_first",
        ((ORDER, "taps[:, ::-1].reshape(len(us), -1)"),),
        Text(
            "Your rows begin with the oldest input. The present one comes first.",
            "行の先頭がいちばん古い入力になっています。先頭は現在の入力です。",
        ),
    ),
    Mistake(
        "present_missing",
        ((LINE, "taps[lag + 1 :, lag] = us[: len(us) - lag - 1]"),),
        Text(
            "The present input is nowhere in its row. Which lag does the first column have?",
            "行の中に現在の入力がありません。最初の列の遅れはいくつですか。",
        ),
    ),
    Mistake(
        "grouped_by_component",
        ((ORDER, "taps.swapaxes(1, 2).reshape(len(us), -1)"),),
        Text(
            "Your columns are grouped by component. All components of lag 0 come first, then those of lag 1.",
            "列が成分ごとにまとまっています。まず遅れ0の成分が全部、次に遅れ1の成分、という順です。",
        ),
    ),
    Mistake(
        "first_value_held",
        (
            (
                "taps = np.zeros((len(us), n_taps, us.shape[1]))",
                "taps = np.zeros((len(us), n_taps, us.shape[1])) + us[0]",
            ),
        ),
        Text(
            "Before the series begins you continue its first value backwards. What should stand there?",
            "系列が始まる前を、最初の値で埋めています。そこには何が入るはずですか。",
        ),
    ),
    Mistake(
        "series_changed",
        (
            (
                LINE,
                "taps[:, lag] = us\n        us[1:] = us[:-1].copy()\n        us[0] = 0",
            ),
        ),
        Text(
            "The table is right, but you shifted the caller's series in place. Whoever uses it next finds zeros.",
            "表は正しいのですが、呼び出し側の系列をその場でずらしています。次に使う人が見るのは0の並びです。",
        ),
    ),
    Mistake(
        "one_tap_missing",
        (("for lag in range(n_taps)", "for lag in range(n_taps - 1)"),),
        Text(
            "The last tap stays empty. Which lags does range give?",
            "最後のタップが空のままです。rangeが返す遅れはどれですか。",
        ),
    ),
    Mistake(
        "first_rows_dropped",
        ((ORDER, "taps.reshape(len(us), -1)[n_taps - 1 :]"),),
        Text(
            "Rows are missing: every step has one, also those whose past is not complete.",
            "行が足りません。過去がそろっていないステップにも、1行ずつあります。",
        ),
    ),
    Mistake(
        "columns_below_each_other",
        ((ORDER, "taps.reshape(-1, us.shape[1])"),),
        Text(
            "The lags stand below each other and not side by side. Which axes have to be joined?",
            "遅れが横ではなく縦に並んでいます。つなげるのはどの軸とどの軸ですか。",
        ),
    ),
    Mistake(
        "whole_series_for_fewer_rows",
        ((LINE, "taps[lag:, lag] = us"),),
        Text(
            "With a lag the first rows stay as they are, and T inputs do not fit into the T - lag rows that are left. Which inputs have no row any more?",
            "遅れがあると先頭のlag行はそのままで、残りはT - lag行です。T個の入力は入りきりません。入る行がなくなるのは、どの入力でしょうか。",
        ),
    ),
    Mistake(
        "minus_zero",
        ((LINE, "taps[lag:, lag] = us[:-lag]"),),
        Text(
            "At lag 0 your slice is empty, for -0 is 0 and us[:0] ends before it begins. How can its end be counted from the front?",
            "lagが0のとき、スライスが空になっています（-0は0なので、us[:0]と同じです）。終わりを前から数えるには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "all_rows_for_fewer_inputs",
        ((LINE, "taps[:, lag] = us[: len(us) - lag]"),),
        Text(
            "T - lag inputs do not fill T rows. In which row does us[0] stand at this lag?",
            "T - lag個の入力では、T行は埋まりません。この遅れの列で、us[0]が入るのは何行目でしょうか。",
        ),
    ),
    Mistake(
        "one_component_taken_for_granted",
        ((ORDER, "taps.reshape(len(us), n_taps)"),),
        Text(
            "All is well with one component. How many numbers are in a row where each lag has d of them?",
            "成分が1つのときだけ正しい結果です。遅れ1つにつき成分がd個あるとき、1行にはいくつの数が並ぶでしょうか。",
        ),
    ),
)

HEAD = "def tapped_delay(us, n_taps):\n"
ALTERNATIVES = (
    Alternative(
        "stacked",
        code=HEAD
        + """
    zeros = np.zeros((n_taps, us.shape[1]))
    padded = np.vstack([zeros, us])
    return np.hstack([padded[n_taps - lag : n_taps - lag + len(us)] for lag in range(n_taps)])
""",
    ),
    Alternative(
        "rolled_and_cleared",
        code=HEAD
        + """
    columns = []
    for lag in range(n_taps):
        column = np.roll(us, lag, axis=0)
        column[:lag] = 0
        columns.append(column)
    return np.concatenate(columns, axis=1)
""",
    ),
    Alternative(
        "row_by_row",
        code=HEAD
        + """
    rows, last = [], [np.zeros(us.shape[1])] * n_taps
    for u in us:
        last = [u, *last[:-1]]
        rows.append(np.concatenate(last))
    return np.array(rows)
""",
    ),
    Alternative(
        "windows",
        code=HEAD
        + """
    padded = np.pad(us, ((n_taps - 1, 0), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, n_taps, axis=0)
    return windows[:, :, ::-1].transpose(0, 2, 1).reshape(len(us), n_taps * us.shape[1])
""",
    ),
    Alternative(
        "by_index",
        code=HEAD
        + """
    k = np.arange(len(us))[:, None] - np.arange(n_taps)
    taps = np.where((k >= 0)[..., None], us[np.maximum(k, 0)], 0.0)
    return taps.reshape(len(us), -1)
""",
    ),
    Alternative(
        "entry_by_entry",
        code=HEAD
        + """
    d = us.shape[1]
    out = np.zeros((len(us), n_taps * d))
    for k in range(len(us)):
        for lag in range(min(n_taps, k + 1)):
            out[k, lag * d : (lag + 1) * d] = us[k - lag]
    return out
""",
    ),
)
