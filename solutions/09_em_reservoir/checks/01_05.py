"""01_05: solve_ridge and predict."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Property, Text

TITLE = Text("The readout", "読み出し層")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Write the shapes into the normal equations. Which matrix is square, where in it does the penalty stand, and what is on the right-hand side? In `predict`: what has to be asked before anything is multiplied?",
        "正規方程式に形を書き込んでみましょう。正方行列はどれで、罰則はその中のどこに入り、右辺には何がありますか。`predict`では、積を計算する前に何を確かめますか。",
    ),
    Text(
        "The matrix is made of the features' transpose times the features, with the penalty on its diagonal alone: `np.eye` has ones just there, and needs one row for each feature. `np.linalg.solve` takes the matrix and the right-hand side. In `predict`, refuse a readout that is None first; then multiply, and let `np.clip` keep the colours in their range.",
        "左辺の行列は、特徴量の転置と特徴量の積に、対角成分だけ罰則を加えたものです。対角成分だけが1の行列は`np.eye`で作れます（大きさは特徴量の数です）。`np.linalg.solve`に、行列と右辺を渡します。`predict`では、まず読み出し層がNoneの場合を断り、それから積をとり、`np.clip`で色の範囲に収めます。",
    ),
)

WEIGHTS = Property("W_out", "ridge_solution")
COLOURS = Numeric("colours")
OUTPUTS = (WEIGHTS, COLOURS, Exact("refused"))


def draw(rng: np.random.Generator) -> Case:
    """A well-conditioned regression, colours some of which leave [0, 1], or one after the other."""
    features = int(rng.integers(2, 7))
    outputs = int(rng.integers(2, 4))
    samples = int(rng.integers(features + 3, 25))
    lamb = float(np.round(rng.uniform(0.3, 3.0), 2))
    kind = rng.integers(0, 4)
    if kind == 0:
        H, Y = rng.uniform(-0.7, 1, (samples, features)), rng.uniform(0, 1, (samples, outputs))
        return ridge(Text(f"solve_ridge, lamb {lamb}", f"solve_ridge、lamb {lamb}"), H, Y, lamb)
    if kind == 1:
        while True:
            H = rng.uniform(-1, 1, (samples, features))
            W_out = rng.uniform(-1.5, 1.5, (features, outputs))
            if on_both_sides(H @ W_out):
                return painting(Text("predict", "predict"), H, W_out)
    return case(rng, samples, features, outputs, lamb, new=int(rng.integers(4, 9)))


def on_both_sides(colours: np.ndarray) -> bool:
    """Whether some colours are plainly below 0, some above 1, and some inside."""
    inside = np.any((colours > 0.05) & (colours < 0.95))
    return bool(inside and colours.min() < -0.05 and colours.max() > 1.05)


def case(
    rng: np.random.Generator,
    samples: int = 12,
    features: int = 4,
    outputs: int = 3,
    lamb: float = 0.5,
    new: int = 5,
    label: Text | None = None,
) -> Case:
    """Features with a mean unlike 0, which a bias would take up; colours on both sides of [0, 1]."""
    while True:
        H = rng.uniform(-0.7, 1, (samples, features))
        Y = rng.uniform(0, 1, (samples, outputs))
        H_new = rng.uniform(-1, 1, (new, features))
        A = H.T @ H + lamb * np.eye(features)
        colours = H_new @ np.linalg.solve(A, H.T @ Y)
        stretch = 1.5 / max(np.abs(colours).max(), 0.1)  # so that some colour has to be clipped
        H_new, colours = stretch * H_new, stretch * colours
        if on_both_sides(colours):
            break
    return Case(
        label=label
        or Text(
            f"samples: {samples}, features: {features}, outputs: {outputs}, lamb {lamb}",
            f"サンプル{samples}個、特徴量{features}個、出力{outputs}個、lamb {lamb}",
        ),
        inputs={"H": H, "Y": Y, "lamb": lamb, "H_new": H_new},
        preserves=("H", "Y", "H_new"),
    )


def ridge(label: Text, H: np.ndarray, Y: np.ndarray, lamb: float) -> Case:
    """A call of solve_ridge by itself."""
    inputs = {"H": H, "Y": Y, "lamb": lamb}
    return Case(
        label=label, inputs=inputs, call="solve_ridge", outputs=(WEIGHTS,), preserves=("H", "Y")
    )


def painting(label: Text, H: np.ndarray, W_out: np.ndarray) -> Case:
    """A call of predict by itself."""
    inputs = {"H": H, "W_out": W_out}
    return Case(
        label=label,
        inputs=inputs,
        call="predict",
        outputs=(COLOURS,),
        preserves=("H", "W_out"),
    )


def cases() -> list[Case]:
    """Each function by itself, then both together."""
    rng = np.random.default_rng(105)
    return [
        ridge(
            Text("solve_ridge with orthogonal features", "solve_ridge（直交する特徴量）"),
            np.array([[1.0, 0.0], [0.0, 2.0], [0.0, 0.0]]),
            np.array([[1.0], [1.0], [1.0]]),
            1.0,
        ),
        ridge(
            Text("solve_ridge, three outputs", "solve_ridge（出力3個）"),
            rng.uniform(-0.5, 1, (8, 3)),
            rng.uniform(0, 1, (8, 3)),
            0.2,
        ),
        ridge(
            Text(
                "solve_ridge, more features than samples", "solve_ridge（特徴量がサンプルより多い）"
            ),
            rng.uniform(-1, 1, (4, 6)),
            rng.uniform(0, 1, (4, 2)),
            0.7,
        ),
        painting(
            Text(
                "predict, colours below 0, inside and above 1", "predict（0未満、範囲内、1超の色）"
            ),
            np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [-1.0, 0.5]]),
            np.array([[0.5, -0.25, 0.75], [0.25, 0.5, 0.75]]),
        ),
        painting(
            Text("predict, one output", "predict（出力1個）"),
            rng.uniform(-1, 1, (6, 3)),
            np.array([[1.0], [-0.5], [0.8]]),
        ),
        painting(
            Text("predict with a readout of zeros", "predict（すべて0の読み出し層）"),
            rng.uniform(-1, 1, (3, 2)),
            np.zeros((2, 3)),
        ),
        case(
            rng,
            label=Text("learn, then paint from new features", "学習してから、新しい特徴量で描く"),
        ),
        case(rng, samples=20, lamb=0.02, label=Text("a small penalty", "弱い正則化")),
        case(rng, lamb=5.0, label=Text("a large penalty", "強い正則化")),
        case(rng, samples=9, features=6, outputs=2, lamb=0.3),
        case(rng, outputs=1, lamb=1.0, new=8, label=Text("a single output", "出力1個")),
        case(
            rng,
            samples=5,
            features=5,
            lamb=0.8,
            label=Text("as many samples as features", "サンプルと特徴量の数が同じ"),
        ),
        case(
            rng,
            features=3,
            outputs=3,
            lamb=1.5,
            label=Text("as many outputs as features", "出力と特徴量の数が同じ"),
        ),
        case(rng, samples=30, features=2, outputs=3, lamb=2.0, new=4),
    ]


A = "A = H.T @ H + lamb * np.eye(H.shape[1])"
SOLUTION = "np.linalg.solve(A, H.T @ Y)"
TEST = "if W_out is None:"
COLOUR = "np.clip(H @ W_out, 0, 1)"
CENTRED = "(H - H.mean(axis=0)).T @ (H - H.mean(axis=0))"
MISTAKES = (
    Mistake(
        "no_penalty",
        ((A, "A = H.T @ H"), (SOLUTION, "np.linalg.lstsq(A, H.T @ Y)[0]")),
        Text(
            "The result does not depend on lamb. What does the penalty add to the matrix?",
            "結果がlambに依存していません。罰則は行列に何を加えますか。",
        ),
    ),
    Mistake(
        "penalty_on_every_entry",
        ((A, "A = H.T @ H + lamb"),),
        Text(
            "A number that is added to a matrix lands on every entry. Where in the matrix does the "
            "penalty belong?",
            "行列に数を足すと、すべての成分に加わります。罰則は行列のどこに加わるのですか。",
        ),
    ),
    Mistake(
        "penalty_squared",
        ((A, "A = H.T @ H + lamb**2 * np.eye(H.shape[1])"),),
        Text(
            "All is well at lamb = 1 alone. How does lamb stand in the normal equations?",
            "合っているのはlamb = 1のときだけです。正規方程式の中で、lambはどんな形をしていますか。",
        ),
    ),
    Mistake(
        "penalty_times_samples",
        ((A, "A = H.T @ H + lamb * len(H) * np.eye(H.shape[1])"),),
        Text(
            "Your penalty grows with the number of samples. Is J a sum of squares here, or a mean?",
            "罰則がサンプル数に比例しています。ここでのJは二乗の和ですか、平均ですか。",
        ),
    ),
    Mistake(
        "penalty_halved",
        ((A, "A = H.T @ H + lamb / 2 * np.eye(H.shape[1])"),),
        Text(
            "Take the derivative of J once more: both terms are squares, so which factor do they share?",
            "Jをもう一度微分してみましょう。どちらの項も二乗なので、共通の係数が出ます。それは何ですか。",
        ),
    ),
    Mistake(
        "penalty_subtracted",
        ((A, "A = H.T @ H - lamb * np.eye(H.shape[1])"),),
        Text(
            "With a larger penalty the weights should become smaller. Look at the signs.",
            "罰則を強くすると重みは小さくなるはずです。符号を見直してください。",
        ),
    ),
    Mistake(
        "matrix_centred",
        ((A, "A = " + CENTRED + " + lamb * np.eye(H.shape[1])"),),
        Text(
            "The mean of the features is taken away in one place. Is there a bias in this readout?",
            "特徴量の平均を引いている箇所があります。この読み出し層にバイアスはありますか。",
        ),
    ),
    Mistake(
        "centred",
        (
            (A, "A = " + CENTRED + " + lamb * np.eye(H.shape[1])"),
            (
                SOLUTION,
                "np.linalg.solve(A, (H - H.mean(axis=0)).T @ (Y - Y.mean(axis=0)))",
            ),
        ),
        Text(
            "That is the ridge regression with a free bias. Here nothing is centred.",
            "それは自由なバイアスをもつリッジ回帰です。ここでは平均を引きません。",
        ),
    ),
    Mistake(
        "right_hand_side_only",
        ((SOLUTION, "H.T @ Y / np.diag(A)[:, None]"),),
        Text(
            "You divide by the diagonal, as if the features had nothing to do with each other. The "
            "normal equations are a system.",
            "特徴量どうしが無関係であるかのように、対角成分で割っています。正規方程式は連立方程式です。",
        ),
    ),
    Mistake(
        "multiplied_instead_of_solved",
        ((SOLUTION, "A @ H.T @ Y"),),
        Text(
            "You multiply by the matrix. On which side of the equation does it stand?",
            "行列を掛けてしまっています。その行列は、方程式のどちら側にありますか。",
        ),
    ),
    Mistake(
        "prediction_not_clipped",
        ((COLOUR, "H @ W_out"),),
        Text(
            "Your readout may be right, but predict gives colours that no screen can show.",
            "読み出し層は正しくても、predictが画面に出せない色を返しています。",
        ),
    ),
    Mistake(
        "clipped_below_only",
        ((COLOUR, "np.maximum(H @ W_out, 0)"),),
        Text(
            "predict gives no negative colours any more. What about the other end?",
            "predictは負の色を返さなくなりました。反対側の端はどうですか。",
        ),
    ),
    Mistake(
        "clipped_above_only",
        ((COLOUR, "np.minimum(H @ W_out, 1)"),),
        Text(
            "predict gives no colours above 1 any more. What about the other end?",
            "predictは1より大きい色を返さなくなりました。反対側の端はどうですか。",
        ),
    ),
    Mistake(
        "clipped_to_minus_one",
        ((COLOUR, "np.clip(H @ W_out, -1, 1)"),),
        Text(
            "Between which two values does a colour lie? The range of the tanh is another one.",
            "色の値の範囲はどこからどこまでですか。tanhの値の範囲とは違います。",
        ),
    ),
    Mistake(
        "scaled_instead_of_clipped",
        (
            (
                COLOUR,
                "(H @ W_out - (H @ W_out).min()) / max((H @ W_out).max() - (H @ W_out).min(), 1e-9)",
            ),
        ),
        Text(
            "predict stretches the colours to [0, 1]. Those that lie inside already shall stay as "
            "they are.",
            "predictが色全体を[0, 1]に引き伸ばしています。すでに範囲内にある色は、変えてはいけません。",
        ),
    ),
    Mistake(
        "never_refuses",
        ((TEST, "if False:"),),
        Text(
            "predict tries to paint although nothing has been learned. Which value stands for that?",
            "まだ何も学習していないのに、predictが色を計算しようとしています。学習していないことを表す値は何ですか。",
        ),
    ),
    Mistake(
        "compared_with_none",
        ((TEST, "if W_out == None:"),),
        Text(
            "A condition wants one yes or no. == compares entry by entry, and not W_out asks the whole array; either has many answers. How do you ask whether W_out is None itself?",
            "条件に要るのは「はい」か「いいえ」の1つです。==は成分ごとに比べ、not W_outは配列全体に尋ねるので、答えがいくつも出てしまいます。W_outがNoneそのものかどうかは、どう調べればよいでしょうか。",
        ),
    ),
    Mistake(
        "products_of_samples",
        ((A, "A = H @ H.T + lamb * np.eye(H.shape[1])"),),
        Text(
            "The matrix on the left has a row and a column for each feature, (N, N). Your two terms are of different sizes: which of them has a row for each sample?",
            "左辺の行列は、特徴量ごとに1行1列の(N, N)です。足そうとしている2つは、大きさが違います。標本ごとの行をもっているのは、どちらでしょうか。",
        ),
    ),
    Mistake(
        "identity_of_the_samples",
        ((A, "A = H.T @ H + lamb * np.eye(len(H))"),),
        Text(
            "The matrix on the left has a row and a column for each feature, (N, N). Your two terms are of different sizes: which of them has a row for each sample?",
            "左辺の行列は、特徴量ごとに1行1列の(N, N)です。足そうとしている2つは、大きさが違います。標本ごとの行をもっているのは、どちらでしょうか。",
        ),
    ),
    Mistake(
        "targets_as_they_are",
        ((SOLUTION, "np.linalg.solve(A, Y)"),),
        Text(
            "The matrix has a row for each feature, N of them, and so must the right-hand side; Y has a row for each sample. What stands before Y in the normal equations, and how is it turned?",
            "左辺の行列は特徴量ごとに1行のN行なので、右辺もN行でなければなりません。Yは標本ごとに1行です。正規方程式では、Yの前に何が、どの向きで掛かっているでしょうか。",
        ),
    ),
    Mistake(
        "features_not_turned",
        ((SOLUTION, "np.linalg.solve(A, H @ Y)"),),
        Text(
            "The matrix has a row for each feature, N of them, and so must the right-hand side; Y has a row for each sample. What stands before Y in the normal equations, and how is it turned?",
            "左辺の行列は特徴量ごとに1行のN行なので、右辺もN行でなければなりません。Yは標本ごとに1行です。正規方程式では、Yの前に何が、どの向きで掛かっているでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative("inverse", ((SOLUTION, "np.linalg.inv(A) @ (H.T @ Y)"),)),
    Alternative(
        "augmented_least_squares",
        code="""
def solve_ridge(H, Y, lamb):
    N = H.shape[1]
    rows = np.vstack([H, np.sqrt(lamb) * np.eye(N)])
    targets = np.vstack([Y, np.zeros((N, Y.shape[1]))])
    return np.linalg.lstsq(rows, targets)[0]
""",
    ),
    Alternative(
        "qr",
        code="""
def solve_ridge(H, Y, lamb):
    N = H.shape[1]
    Q, R = np.linalg.qr(np.vstack([H, np.sqrt(lamb) * np.eye(N)]))
    return np.linalg.solve(R, Q[: len(H)].T @ Y)
""",
    ),
    Alternative(
        "svd",
        code="""
def solve_ridge(H, Y, lamb):
    U, s, Vt = np.linalg.svd(H, full_matrices=False)
    return Vt.T @ ((s / (s**2 + lamb))[:, None] * (U.T @ Y))
""",
    ),
    Alternative(
        "samples_by_samples",
        code="""
def solve_ridge(H, Y, lamb):
    return H.T @ np.linalg.solve(H @ H.T + lamb * np.eye(len(H)), Y)
""",
    ),
    Alternative(
        "cholesky",
        code="""
def solve_ridge(H, Y, lamb):
    from scipy.linalg import cho_factor, cho_solve

    A = np.einsum("ni,nj->ij", H, H)
    A[np.diag_indices_from(A)] += lamb
    return cho_solve(cho_factor(A), np.dot(H.T, Y))
""",
    ),
    Alternative(
        "column_by_column",
        (
            (
                SOLUTION,
                "np.stack([np.linalg.solve(A, H.T @ y) for y in Y.T], axis=1)",
            ),
        ),
    ),
    Alternative(
        "eigenvectors",
        code="""
def solve_ridge(H, Y, lamb):
    values, vectors = np.linalg.eigh(H.T @ H)
    return vectors @ np.diag(1 / (values + lamb)) @ vectors.T @ H.T @ Y
""",
    ),
    Alternative(
        "isinstance_and_bounds",
        (
            (TEST, "if not isinstance(W_out, np.ndarray):"),
            (COLOUR, "np.minimum(np.maximum(np.dot(H, W_out), 0.0), 1.0)"),
        ),
    ),
    Alternative(
        "masks",
        code="""
def predict(H, W_out):
    if W_out is None:
        raise ValueError
    colours = np.array(H) @ W_out
    colours[colours < 0] = 0
    colours[colours > 1] = 1
    return colours
""",
    ),
)
