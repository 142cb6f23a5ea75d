"""03_01: fit_readout."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Property, Text

TITLE = Text("The regression of the readout", "読み出し層の回帰")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Two things are done before the regression (the means are taken away; the penalty becomes data), and one after it (the bias comes back). Which shapes do the two stacked matrices have?",
        "回帰の前にすることが2つ（平均を引くこと、罰則をデータにすること）、後にすることが1つ（バイアスを戻すこと）あります。積み重ねた2つの行列は、それぞれどんな形ですか。",
    ),
    Text(
        "Means are over time, the first axis. Below the centred states stands the identity times the root of lmbd, below the centred targets as many rows of zeros. After the QR decomposition a system with the triangle r remains; its solution has a column for each output, the weight a row. The bias makes the mean state give the mean target.",
        "平均は時間、つまり最初の軸についてとります。中心化した状態の下には、lmbdの平方根を掛けた単位行列を、中心化した目標の下には同じ行数のゼロを置きます。QR分解のあとに残るのは、三角行列rの連立方程式です。その解は出力ごとに1列、重みは出力ごとに1行です。バイアスは、平均の状態が平均の目標を与えるように決めます。",
    ),
)

OUTPUTS = (Numeric("weight"), Numeric("bias"), Property("solution", "normal_equations"))


def draw(rng: np.random.Generator) -> Case:
    """States of moderate condition, a penalty like their middle eigenvalue, a mean that counts."""
    return case(
        rng,
        steps=int(rng.integers(40, 81)),
        units=int(rng.integers(2, 21)),
        outputs=int(rng.integers(1, 4)),
        strength=float(rng.choice([0.0, 0.3, 1.0, 3.0], p=[0.1, 0.3, 0.3, 0.3])),
    )


def case(
    rng: np.random.Generator,
    steps: int = 60,
    units: int = 8,
    outputs: int = 2,
    strength: float = 1.0,
    label: Text | None = None,
) -> Case:
    """``strength`` is the penalty in middle eigenvalues of the centred states' X'X."""
    mixing = rng.normal(size=(units, units)) / np.sqrt(units) + np.eye(units)
    xs = np.tanh(rng.uniform(-1, 1, (steps, units)) @ mixing + rng.uniform(-0.8, 0.8, units))
    ds = xs @ rng.normal(size=(units, outputs)) + rng.normal(0, 0.3, (steps, outputs))
    ds += rng.uniform(1, 2, outputs) * rng.choice([-1, 1], outputs)
    centred = xs - xs.mean(axis=0)
    middle = np.median(np.linalg.eigvalsh(centred.T @ centred))
    lmbd = float(f"{strength * middle:.2g}")
    return Case(
        label=label
        or Text(
            f"{steps} states of {units} units, outputs: {outputs}, lmbd {lmbd}",
            f"{units}ユニットの状態{steps}個、出力{outputs}個、lmbd {lmbd}",
        ),
        inputs={"xs": xs, "ds": ds, "lmbd": lmbd},
        preserves=("xs", "ds"),
        extras={"x": xs, "y": ds},
    )


def cases() -> list[Case]:
    """No penalty, small ones, large ones; one unit; as many units as samples or outputs."""
    rng = np.random.default_rng(303)
    return [
        case(rng, strength=0.0, label=Text("no penalty", "罰則なし（lmbd = 0）")),
        case(rng, label=Text("a medium penalty", "中くらいの罰則")),
        case(rng, outputs=1, label=Text("one output", "出力1個")),
        case(rng, units=1, outputs=1, label=Text("a single unit", "ユニット1個")),
        case(
            rng, units=3, outputs=3, label=Text("as many outputs as units", "出力とユニットが同数")
        ),
        case(
            rng,
            steps=9,  # of 8 samples, centred, one is made of the others: the penalty alone would decide
            units=8,
            label=Text("one sample more than units", "サンプルがユニットより1つ多い"),
        ),
        case(
            rng,
            steps=6,
            units=9,
            label=Text("fewer samples than units", "サンプルがユニットより少ない"),
        ),
        case(rng, strength=0.1, label=Text("a weak penalty", "弱い罰則")),
        case(rng, strength=10.0, label=Text("a strong penalty", "強い罰則")),
        case(
            rng, units=15, outputs=3, label=Text("15 units, three outputs", "15ユニット、出力3個")
        ),
        case(
            rng,
            steps=80,
            units=20,
            strength=0.3,
            label=Text("20 units, 80 samples", "20ユニット、サンプル80個"),
        ),
        case(
            rng,
            steps=40,
            units=20,
            strength=3.0,
            label=Text("20 units, 40 samples", "20ユニット、サンプル40個"),
        ),
        *(draw(np.random.default_rng(seed)) for seed in range(4)),
    ]


STATES = "np.vstack([xs - x_mean, np.sqrt(lmbd) * np.eye(units)])"
TARGETS = "np.vstack([ds - d_mean, np.zeros((units, outputs))])"
WEIGHT = "np.linalg.solve(r, q.T @ targets).T"
BIAS = "d_mean - weight @ x_mean  #"

MISTAKES = (
    Mistake(
        "bias_penalised",
        (
            (STATES, "np.vstack([np.c_[np.ones(len(xs)), xs], np.sqrt(lmbd) * np.eye(units + 1)])"),
            (TARGETS, "np.vstack([ds, np.zeros((units + 1, outputs))])"),
            (WEIGHT, "np.linalg.solve(r, q.T @ targets).T[:, 1:]"),
            (BIAS, "np.linalg.solve(r, q.T @ targets)[0]  #"),
        ),
        Text(
            "Add 100 to the target: your error rises (the demonstration below measures by how much). A good readout does not notice a shift. Does the penalty act on the bias, too?",
            "目標に100を足してみましょう。誤差が大きくなるはずです（どれだけ大きくなるかは、下のデモで測ります）。よい読み出し層なら、目標をずらしても誤差は変わりません。罰則がバイアスにもかかっていませんか。",
        ),
    ),
    Mistake(
        "bias_left_out",
        ((BIAS, "0 * d_mean  #"),),
        Text(
            "You centred the data, and the means never come back. What should the output be for the mean state?",
            "データを中心化したまま、平均が戻ってきません。平均の状態に対して、出力は何になるべきでしょうか。",
        ),
    ),
    Mistake(
        "bias_is_the_mean_target",
        ((BIAS, "d_mean  #"),),
        Text(
            "Your bias makes the output right for the state 0. It has to be right for the mean state.",
            "このバイアスでは、状態が0のときに出力が正しくなります。正しくなるべきなのは、平均の状態のときです。",
        ),
    ),
    Mistake(
        "bias_sign",
        ((BIAS, "weight @ x_mean - d_mean  #"),),
        Text(
            "The bias has the wrong sign. Put the mean state into the readout: do you get the mean target?",
            "バイアスの符号が逆です。読み出し層に平均の状態を入れると、平均の目標になりますか。",
        ),
    ),
    Mistake(
        "bias_sum",
        ((BIAS, "d_mean + weight @ x_mean  #"),),
        Text(
            "The bias has the wrong sign. Put the mean state into the readout: do you get the mean target?",
            "バイアスの符号が逆です。読み出し層に平均の状態を入れると、平均の目標になりますか。",
        ),
    ),
    Mistake(
        "penalty_times_samples",
        (("np.sqrt(lmbd)", "np.sqrt(lmbd * len(xs))"),),
        Text(
            "Your penalty grows with the number of samples. Our lmbd multiplies |w|^2 beside a *sum* of squares, not beside their mean.",
            "サンプル数に比例して罰則が強くなっています。この章のlmbdは、2乗誤差の平均ではなく**総和**に対する|w|^2の係数です。",
        ),
    ),
    Mistake(
        "penalty_without_root",
        (("np.sqrt(lmbd)", "lmbd"),),
        Text(
            "Your penalty is lmbd squared: the rows at the bottom are squared when the errors are added up.",
            "罰則がlmbdの2乗になっています。誤差を足し合わせるとき、下に付けた行も2乗されます。",
        ),
    ),
    Mistake(
        "penalty_forgotten",
        (("np.sqrt(lmbd)", "0"),),
        Text(
            "Your weights are those of plain least squares. Where does lmbd act?",
            "ただの最小二乗法の重みになっています。lmbdはどこに効きますか。",
        ),
    ),
    Mistake(
        "mean_over_units",
        (("xs.mean(axis=0)", "xs.mean(axis=1)"),),
        Text(
            "The mean of a state over its units says nothing about any unit. Over which axis does time run?",
            "1つの状態をユニットについて平均しても、どのユニットのこともわかりません。時間はどちらの軸ですか。",
        ),
    ),
    Mistake(
        "one_mean_for_all_units",
        (("xs.mean(axis=0)", "xs.mean() * np.ones(units)"),),
        Text(
            "You take the same number away from every unit. Each unit has a mean of its own.",
            "すべてのユニットから同じ数を引いています。平均はユニットごとに違います。",
        ),
    ),
    Mistake(
        "weight_transposed",
        ((WEIGHT, "np.linalg.solve(r, q.T @ targets)"), (BIAS, "d_mean - x_mean @ weight  #")),
        Text(
            "Your weight has a column for each output. As in Linear, it should have a row for each.",
            "重みが出力ごとに1列になっています。Linearと同じように、出力ごとに1行にしましょう。",
        ),
    ),
    Mistake(
        "states_not_centred",
        (("xs - x_mean", "xs"),),
        Text(
            "You centred the targets, but not the states: the regression has to pass through the origin instead of through the means.",
            "目標は中心化しましたが、状態はそのままです。回帰が、平均の点ではなく原点を通ることになってしまいます。",
        ),
    ),
    Mistake(
        "nothing_centred",
        (("xs - x_mean", "xs"), ("ds - d_mean", "ds")),
        Text(
            "Neither states nor targets are centred: without a bias the regression has to pass through the origin, and the bias that you add afterwards belongs to another regression.",
            "状態も目標も中心化していません。バイアスのない回帰は原点を通ることになり、あとから足すバイアスは別の回帰のものです。",
        ),
    ),
    Mistake(
        "penalty_towards_one",
        (("np.zeros((units, outputs))", "np.ones((units, outputs))"),),
        Text(
            "Your penalty pulls the weights somewhere, but not to 0. What do the rows at the bottom ask for?",
            "罰則が、重みを0ではないところへ引き寄せています。下に付けた行は何を求めていますか。",
        ),
    ),
    Mistake(
        "states_normalised",
        (("xs - x_mean", "(xs - x_mean) / xs.std(axis=0)"),),
        Text(
            "You divide the states by their spread; the weights are then for other states than those that the readout will be given.",
            "状態を標準偏差で割っています。それでは、読み出し層が実際に受け取る状態とは別のものに対する重みになります。",
        ),
    ),
    Mistake(
        "zeros_without_brackets",
        ((TARGETS, "np.vstack([ds - d_mean, np.zeros(units, outputs)])"),),
        Text(
            "np.zeros and np.empty take the whole shape as one argument; what comes second is already the data type, and NumPy stumbles over that. How do several lengths become one shape?",
            "np.zerosやnp.emptyは、形全体を1つの引数として受け取ります。2つ目の引数はデータ型なので、そこに長さを渡すとエラーになります。いくつもの長さを1つの形にまとめるには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "zeros_in_one_row",
        ((TARGETS, "np.vstack([ds - d_mean, np.zeros(units)])"),),
        Text(
            "Rows that stand below each other have to be equally long, and a row of the targets has D entries. How many zeros are in one row of the penalty, and how many such rows are there?",
            "上下に積む行は、長さがそろっていなければなりません。目標の1行には要素がD個あります。罰則のための行には、ゼロが1行にいくつ、全部で何行要るでしょうか。",
        ),
    ),
    Mistake(
        "zeros_turned",
        ((TARGETS, "np.vstack([ds - d_mean, np.zeros((outputs, units))])"),),
        Text(
            "Rows that stand below each other have to be equally long, and a row of the targets has D entries. How many zeros are in one row of the penalty, and how many such rows are there?",
            "上下に積む行は、長さがそろっていなければなりません。目標の1行には要素がD個あります。罰則のための行には、ゼロが1行にいくつ、全部で何行要るでしょうか。",
        ),
    ),
    Mistake(
        "no_targets_for_the_penalty",
        ((TARGETS, "ds - d_mean"),),
        Text(
            "The two stacks differ in height: there are T + N rows of states and T rows of targets. What should be the target of the rows that you added for the penalty?",
            "積み上げた2つの行列の高さが違います。状態はT + N行あるのに、目標はT行です。罰則のために付け足した行の目標は何でしょうか。",
        ),
    ),
    Mistake(
        "mean_before_the_weight",
        ((BIAS, "d_mean - x_mean @ weight  #"),),
        Text(
            "The mean state has N numbers and weight the shape (D, N): in your product N meets D. On which side of weight does a state stand, so that N meets N?",
            "平均の状態は数がN個、weightの形は(D, N)です。いまの積では、NとDが出会っています。NとNが出会うようにするには、状態をweightのどちら側に置けばよいでしょうか。",
        ),
    ),
    Mistake(
        "weight_as_it_was_solved",
        ((WEIGHT, "np.linalg.solve(r, q.T @ targets)"),),
        Text(
            "The solution of the system has a column for each output, so its shape is (N, D), and in the line of the bias D meets the N of the mean state. Which shape does the docstring promise?",
            "連立方程式の解は出力ごとに1列、つまり(N, D)です。そのため、バイアスの行でDと平均の状態のNが出会っています。docstringでは、weightはどんな形でしょうか。",
        ),
    ),
    Mistake(
        "q_left_out",
        ((WEIGHT, "np.linalg.solve(r, targets).T"),),
        Text(
            "q has T + N rows and N columns, and r is (N, N). Since the states are q r, what has to be done to the T + N rows of the targets, so that N rows remain, as many as r has?",
            "qは(T + N)行N列、rはN行N列です。状態がq rと書けることから、T + N行の目標に何をすれば、rの行数と同じN行になるでしょうか。",
        ),
    ),
    Mistake(
        "q_not_transposed",
        ((WEIGHT, "np.linalg.solve(r, q @ targets).T"),),
        Text(
            "q has T + N rows and N columns, and r is (N, N). Since the states are q r, what has to be done to the T + N rows of the targets, so that N rows remain, as many as r has?",
            "qは(T + N)行N列、rはN行N列です。状態がq rと書けることから、T + N行の目標に何をすれば、rの行数と同じN行になるでしょうか。",
        ),
    ),
    Mistake(
        "solved_before_the_decomposition",
        ((WEIGHT, "np.linalg.solve(states, targets).T"),),
        Text(
            "np.linalg.solve is for as many equations as unknowns, that is, for a square matrix. Here are T + N rows for N unknowns. Which part of the QR decomposition is square?",
            "np.linalg.solveが解けるのは、式と未知数が同数の方程式、つまり正方行列の場合だけです。ここでは、N個の未知数に対して式がT + N個あります。QR分解で得られた2つのうち、正方行列はどちらでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "normal_equations",
        code="""
def fit_readout(xs, ds, lmbd):
    x, d = xs - xs.mean(axis=0), ds - ds.mean(axis=0)
    weight = np.linalg.solve(x.T @ x + lmbd * np.eye(x.shape[1]), x.T @ d).T
    return weight, ds.mean(axis=0) - weight @ xs.mean(axis=0)
""",
    ),
    Alternative(
        "targets_left_alone",
        (("ds - d_mean", "ds"),),  # centred states are orthogonal to any constant
    ),
    Alternative("least_squares", ((WEIGHT, "np.linalg.lstsq(states, targets, rcond=None)[0].T"),)),
    Alternative(
        "free_column_of_ones",
        code="""
def fit_readout(xs, ds, lmbd):
    units = xs.shape[1]
    ones = np.hstack([np.ones((len(xs), 1)), xs])
    rows = np.sqrt(lmbd) * np.eye(units + 1)[1:]
    both = np.linalg.lstsq(np.vstack([ones, rows]), np.vstack([ds, np.zeros((units, ds.shape[1]))]))[0]
    return both[1:].T, both[0]
""",
    ),
    Alternative(
        "singular_values",
        code="""
def fit_readout(xs, ds, lmbd):
    x_mean, d_mean = np.mean(xs, axis=0), np.mean(ds, axis=0)
    u, s, vt = np.linalg.svd(xs - x_mean, full_matrices=False)
    weight = ((s / (s**2 + lmbd))[:, None] * (u.T @ (ds - d_mean))).T @ vt
    return weight, d_mean - x_mean @ weight.T
""",
    ),
    Alternative(
        "output_by_output",
        code="""
def fit_readout(xs, ds, lmbd):
    x_mean = xs.sum(axis=0) / len(xs)
    states = np.concatenate([xs - x_mean, lmbd**0.5 * np.identity(len(x_mean))])
    weight, bias = [], []
    for d in ds.T:
        target = np.append(d - d.mean(), np.zeros(len(x_mean)))
        w = np.linalg.lstsq(states, target, rcond=None)[0]
        weight.append(w)
        bias.append(d.mean() - w @ x_mean)
    return np.array(weight), np.array(bias)
""",
    ),
    Alternative(
        "triangle_by_scipy",
        (
            (
                WEIGHT,
                '__import__("scipy.linalg").linalg.solve_triangular(r, q.T @ targets).T',
            ),
        ),
    ),
    Alternative(
        "library",
        code="""
def fit_readout(xs, ds, lmbd):
    from utils.reservoir import RidgeReadout
    readout = RidgeReadout(xs.shape[1], ds.shape[1], lmbd=lmbd)
    readout.train(xs, ds)
    return readout.weight, readout.bias
""",
    ),
)
