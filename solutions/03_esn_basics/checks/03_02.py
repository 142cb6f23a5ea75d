"""03_02: evaluate."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("Training and testing on different times", "別々の区間での学習とテスト")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "With a washout of 3, 10 steps of training and 20 steps in all: which steps belong to the training, which to the test, and which to neither?",
        "ウォッシュアウトが3、学習が10ステップ、全部で20ステップだとします。学習に入るのはどのステップ、テストに入るのはどのステップ、どちらにも入らないのはどれですか。",
    ),
    Text(
        "The training begins after the washout and takes t_train steps; the test begins where it ends and takes all the rest. Only the training span is shown to the regression. A score belongs to one span throughout: its outputs, its targets, and the variance of those targets, each output by itself.",
        "学習はウォッシュアウトの後に始まり、t_trainステップ続きます。テストはその終わりから始まり、残り全部です。回帰に見せるのは学習区間だけです。成績は区間ごと、出力ごとに求めます。出力も目標も目標の分散も、すべてその区間のものを使います。",
    ),
)

OUTPUTS = (Numeric("train"), Numeric("test"), Numeric("weight"), Numeric("bias"))


def draw(rng: np.random.Generator) -> Case:
    """States of moderate condition in three spans of different lengths."""
    washout, train, test = (int(n) for n in rng.permutation(np.arange(25, 75))[:3])
    return case(
        rng,
        washout=washout // 5,
        train=train,
        test=test,
        units=int(rng.integers(2, 11)),
        outputs=int(rng.integers(1, 4)),
        lmbd=float(np.round(rng.uniform(0.5, 5), 2)),
    )


def case(
    rng: np.random.Generator,
    washout: int = 7,
    train: int = 40,
    test: int = 25,
    units: int = 5,
    outputs: int = 2,
    lmbd: float = 1.0,
    label: Text | None = None,
) -> Case:
    """Targets whose spread changes on the way, so that it matters which variance is used."""
    steps = washout + train + test
    growth = np.linspace(0.5, 2, steps)[:, np.newaxis]
    xs = growth * rng.uniform(-1, 1, (steps, units)) + rng.uniform(-0.5, 0.5, units)
    ds = xs @ rng.normal(size=(units, outputs)) + rng.normal(0, 0.5, (steps, outputs))
    ds += rng.uniform(1, 3, outputs)
    return Case(
        label=label
        or Text(
            f"washout {washout}, training {train}, test {test}, {units} units, outputs: {outputs}",
            f"ウォッシュアウト{washout}、学習{train}、テスト{test}、{units}ユニット、出力{outputs}個",
        ),
        inputs={"xs": xs, "ds": ds, "t_washout": washout, "t_train": train, "lmbd": lmbd},
        preserves=("xs", "ds"),
    )


def cases() -> list[Case]:
    """With and without washout, long and short tests, one output and three."""
    rng = np.random.default_rng(304)
    return [
        case(rng),
        case(rng, outputs=1),
        case(rng, outputs=3, units=3),
        case(rng, washout=0, label=Text("no washout", "ウォッシュアウトなし")),
        case(rng, washout=1, label=Text("a washout of one step", "ウォッシュアウト1ステップ")),
        case(rng, washout=30, train=20, test=45),
        case(rng, washout=12, train=60, test=5, label=Text("a short test", "短いテスト")),
        case(rng, washout=3, train=15, test=70, label=Text("a short training", "短い学習")),
        case(rng, lmbd=0.0, label=Text("no penalty", "罰則なし")),
        case(rng, lmbd=30.0, label=Text("a strong penalty", "強い罰則")),
        case(rng, units=1, outputs=2, label=Text("a single unit", "ユニット1個")),
        case(
            rng,
            washout=20,
            train=40,
            test=20,
            label=Text("a test as long as the washout", "テストとウォッシュアウトが同じ長さ"),
        ),
        *(draw(np.random.default_rng(seed)) for seed in range(4)),
    ]


TRAIN = "train = slice(t_washout, t_end)"
TEST = "test = slice(t_end, None)"
FIT = "fit_readout(xs[train], ds[train], lmbd)"
NRMSE = "np.sqrt(mean_square / ds[span].var(axis=0))"

MISTAKES = (
    Mistake(
        "washout_trained_on",
        ((TRAIN, "train = slice(0, t_end)"),),
        Text(
            "The regression sees the first steps, whose states still remember how the run began.",
            "回帰が先頭のステップも見ています。そこの状態は、走り始めの状態をまだ覚えています。",
        ),
    ),
    Mistake(
        "length_taken_for_the_end",
        ((TRAIN, "train = slice(t_washout, t_train)"),),
        Text(
            "t_train is how long the training lasts. At which step does it end?",
            "t_trainは学習の長さです。学習が終わるのは何ステップ目ですか。",
        ),
    ),
    Mistake(
        "test_from_the_length",
        ((TEST, "test = slice(t_train, None)"),),
        Text(
            "Your test begins too early: the washout comes before the training.",
            "テストの始まりが早すぎます。学習の前にはウォッシュアウトがあります。",
        ),
    ),
    Mistake(
        "test_overlaps_training",
        ((TEST, "test = slice(t_washout, None)"),),
        Text(
            "Some of your exam questions were in the textbook. Where does the training end?",
            "試験問題の一部が教科書に載っています。学習はどこで終わりますか。",
        ),
    ),
    Mistake(
        "everything_tested",
        ((TEST, "test = slice(0, None)"),),
        Text(
            "Your test is the whole run, washout and training with it.",
            "ウォッシュアウトも学習も含めた全体をテストにしています。",
        ),
    ),
    Mistake(
        "trained_on_the_test_too",
        ((FIT, "fit_readout(xs[t_washout:], ds[t_washout:], lmbd)"),),
        Text(
            "The exam was used for study: the regression has seen the steps on which it is tested.",
            "試験問題で勉強しています。テストに使うステップを、回帰がもう見てしまっています。",
        ),
    ),
    Mistake(
        "trained_on_the_test",
        ((FIT, "fit_readout(xs[test], ds[test], lmbd)"),),
        Text(
            "The regression is shown the test and not the training. Which of the two may it see?",
            "回帰に見せているのが、学習区間ではなくテスト区間です。見せてよいのはどちらですか。",
        ),
    ),
    Mistake(
        "trained_on_everything",
        ((FIT, "fit_readout(xs, ds, lmbd)"),),
        Text(
            "The regression has seen the whole run: the washout, and the steps on which it is tested. Which span is for learning?",
            "回帰が、ウォッシュアウトもテストに使うステップも含めて、全部を見ています。学習に使ってよいのはどの区間ですか。",
        ),
    ),
    Mistake(
        "training_variance",
        ((NRMSE, "np.sqrt(mean_square / ds[train].var(axis=0))"),),
        Text(
            "Errors of one span are measured by the spread of another. Which mean would an idle readout say in the test?",
            "ある区間の誤差を、別の区間の散らばりで測っています。NRMSEの分母は、どの区間の分散でしょうか。",
        ),
    ),
    Mistake(
        "variance_of_the_run",
        ((NRMSE, "np.sqrt(mean_square / ds.var(axis=0))"),),
        Text(
            "Errors of one span are measured by the spread of the whole run. In the formula both sums are over the same span.",
            "1つの区間の誤差を、全体の散らばりで測っています。式では、2つの和はどちらも同じ区間についてのものです。",
        ),
    ),
    Mistake(
        "training_for_test",
        (('"test": score(test)', '"test": score(train)'),),
        Text(
            "The two scores are the same number. Which outputs is the test about?",
            "2つの成績が同じ数になっています。テストの成績は、どの出力についてのものですか。",
        ),
    ),
    Mistake(
        "one_number_for_all_outputs",
        (
            ("((ys - ds[span]) ** 2).mean(axis=0)", "((ys - ds[span]) ** 2).mean()"),
            ("ds[span].var(axis=0)", "ds[span].var()"),
        ),
        Text(
            "You have one number for all outputs together. Asked is one for each.",
            "すべての出力をまとめた1つの数になっています。求めるのは出力ごとの値です。",
        ),
    ),
    Mistake(
        "one_spread_for_all_outputs",
        ((NRMSE, "np.sqrt(mean_square / ds[span].var())"),),
        Text(
            "You measure all outputs by one spread. Each output has a spread of its own: over which axis?",
            "すべての出力を1つの散らばりで測っています。散らばりは出力ごとに違います。どの軸についてとりますか。",
        ),
    ),
    Mistake(
        "root_forgotten",
        ((NRMSE, "mean_square / ds[span].var(axis=0)"),),
        Text(
            "What you return is the square of the NRMSE.",
            "返しているのはNRMSEの2乗です。",
        ),
    ),
    Mistake(
        "spread_about_zero",
        ((NRMSE, "np.sqrt(mean_square / (ds[span] ** 2).mean(axis=0))"),),
        Text(
            "Your scale is the size of the targets, not their spread about the mean: a target shifted far away makes any readout look good.",
            "分母が、平均のまわりの散らばりではなく、目標の大きさになっています。目標を遠くにずらすだけで、どんな読み出し層もよく見えてしまいます。",
        ),
    ),
    Mistake(
        "not_normalised",
        ((NRMSE, "np.sqrt(mean_square)"),),
        Text(
            "This is an error in the units of the target. By what has it to be divided?",
            "これは目標の単位での誤差です。何で割る必要がありますか。",
        ),
    ),
    Mistake(
        "outputs_without_bias",
        (("weight.T + bias", "weight.T"),),
        Text(
            "The outputs that you score lack something that the regression returned.",
            "採点している出力に、回帰が返したものの一方が足りません。",
        ),
    ),
    Mistake(
        "test_as_long_as_the_training",
        ((TEST, "test = slice(-t_train, None)"),),
        Text(
            "You count the test from the end. It begins where the training ends, however long it is.",
            "テスト区間を終わりから数えています。長さにかかわらず、学習の終わりから始まります。",
        ),
    ),
    Mistake(
        "first_test_step_lost",
        ((TEST, "test = slice(t_end + 1, None)"),),
        Text(
            "One step belongs to neither span. The end of a slice is not part of it.",
            "どちらの区間にも入らないステップが1つあります。スライスの終わりは、そのスライスに含まれません。",
        ),
    ),
    Mistake(
        "weight_not_transposed",
        (("xs[span] @ weight.T", "xs[span] @ weight"),),
        Text(
            "xs[span] has N numbers in each row, one row a step, and so has weight, one row an output. In the product N has to meet N: which of them stands on the left, and how is the other turned?",
            "xs[span]は1ステップが1行、weightは1つの出力が1行で、どちらも1行にN個の数が並んでいます。積の中でNとNが出会うには、どちらを左に置き、もう一方をどの向きにすればよいでしょうか。",
        ),
    ),
    Mistake(
        "weight_before_the_states",
        (("xs[span] @ weight.T", "weight @ xs[span]"),),
        Text(
            "xs[span] has N numbers in each row, one row a step, and so has weight, one row an output. In the product N has to meet N: which of them stands on the left, and how is the other turned?",
            "xs[span]は1ステップが1行、weightは1つの出力が1行で、どちらも1行にN個の数が並んでいます。積の中でNとNが出会うには、どちらを左に置き、もう一方をどの向きにすればよいでしょうか。",
        ),
    ),
    Mistake(
        "states_for_a_span",
        (
            (TRAIN, "train = xs[t_washout:t_end]"),
            (TEST, "test = xs[t_end:]"),
        ),
        Text(
            "A span is put into brackets further down, as in ds[span]: it has to say which steps are meant, and not to be their states. How is a slice, with its beginning and its end, kept in a variable?",
            "区間は、下でds[span]のように角括弧に入れて使います。そこに入るのは状態そのものではなく、「どのステップか」です。始まりと終わりをもつスライスを変数に入れておくには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "pair_for_a_span",
        (
            (TRAIN, "train = (t_washout, t_end)"),
            (TEST, "test = (t_end, len(xs))"),
        ),
        Text(
            "In brackets two numbers mean row and column: xs[(7, 47)] is xs[7, 47]. What kind of object says from where to where?",
            "角括弧の中の2つの数は、行と列を意味します（xs[(7, 47)]はxs[7, 47]と同じです）。「どこからどこまで」を表すのは、どんなオブジェクトでしょうか。",
        ),
    ),
)

HEAD = "def evaluate(xs, ds, t_washout, t_train, lmbd):\n"
ALTERNATIVES = (
    Alternative(
        "split",
        code=HEAD
        + """
    _, x_train, x_test = np.split(xs, [t_washout, t_washout + t_train])
    _, d_train, d_test = np.split(ds, [t_washout, t_washout + t_train])
    weight, bias = fit_readout(x_train, d_train, lmbd)
    result = {"weight": weight, "bias": bias}
    for name, x, d in (("train", x_train, d_train), ("test", x_test, d_test)):
        error = x @ weight.T + bias - d
        result[name] = np.linalg.norm(error, axis=0) / np.linalg.norm(d - d.mean(axis=0), axis=0)
    return result
""",
    ),
    Alternative(
        "library_metric",
        code=HEAD
        + """
    from utils.metrics import nrmse
    xs, ds = xs[t_washout:], ds[t_washout:]
    weight, bias = fit_readout(xs[:t_train], ds[:t_train], lmbd)
    ys = xs @ weight.T + bias
    parts = {"train": slice(t_train), "test": slice(t_train, None)}
    scores = {name: np.array([nrmse(y[part], d[part]) for y, d in zip(ys.T, ds.T)])
              for name, part in parts.items()}
    return scores | {"weight": weight, "bias": bias}
""",
    ),
    Alternative("standard_deviation", ((NRMSE, "np.sqrt(mean_square) / ds[span].std(axis=0)"),)),
    Alternative(
        "spelled_out",
        (
            (
                NRMSE,
                "np.sqrt(((ys - ds[span]) ** 2).sum(axis=0) / ((ds[span] - ds[span].mean(axis=0)) ** 2).sum(axis=0))",
            ),
        ),
    ),
    Alternative(
        "einsum",
        (("xs[span] @ weight.T + bias", 'np.einsum("tn,dn->td", xs[span], weight) + bias'),),
    ),
    Alternative(
        "layer",
        code=HEAD
        + """
    from utils.reservoir import Linear
    end = t_washout + t_train
    w_out = Linear(xs.shape[1], ds.shape[1], seed=0)
    w_out.weight, w_out.bias = fit_readout(xs[t_washout:end], ds[t_washout:end], lmbd)
    y = w_out(xs)
    wrong, idle = (y - ds) ** 2, lambda d: (d - d.mean(axis=0)) ** 2
    return {
        "train": np.sqrt(wrong[t_washout:end].sum(0) / idle(ds[t_washout:end]).sum(0)),
        "test": np.sqrt(wrong[end:].sum(0) / idle(ds[end:]).sum(0)),
        "weight": w_out.weight,
        "bias": w_out.bias,
    }
""",
    ),
    Alternative(
        "own_steps",
        (
            (TRAIN, "train = np.arange(t_washout, t_end)"),
            (TEST, "test = np.arange(t_end, len(xs))"),
        ),
    ),
)
