"""02_02: solve_ridge_torch."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Text

TITLE = Text("Ridge regression without squaring", "2乗しないリッジ回帰")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Write down the shapes of A and B. What must stand in the added rows so that their squares add up to the penalty? Which of the tensors carries a gradient into your function, and in which precision does it come?",
        "AとBの形を書き出してみましょう。加えた行の2乗和が罰則になるには、そこに何を置けばよいですか。関数に勾配を持ち込むのはどのテンソルで、その精度は何ですか。",
    ),
    Text(
        "First take the features off their history and turn both tensors into float64. Below the features goes the identity, weighted by the root of the penalty, below the targets go zeros. The task names the solver and its driver; what it returns is turned back into the dtype that the features had when they came.",
        "まず特徴量を計算の履歴から切り離し、2つのテンソルをどちらもfloat64にします。特徴量の下には単位行列に罰則の平方根を掛けたものを、目標の下には0を積みます。ソルバーとドライバーは問題文にあります。返ってきた解は、特徴量がもともともっていたdtypeに戻します。",
    ),
)

OUTPUTS = (Numeric("W_out"), Exact("dtype"), Exact("requires_grad"))
# Where features nearly depend on each other, digits are lost on any way, on some all of them: what
# is judged is whether six are left (see the harness).
DEPENDENT = (Exact("W_out is accurate"), Exact("dtype"), Exact("requires_grad"))


def draw(rng: np.random.Generator) -> Case:
    """Mostly harmless features; sometimes nearly dependent ones, in double or single precision."""
    num_features, outputs = int(rng.integers(2, 7)), int(rng.integers(1, 4))
    kind = rng.random()
    if kind < 0.3:
        n = int(rng.integers(num_features + 2, 25))
        return dependent(rng, n, num_features, outputs, single=bool(kind < 0.15))
    lamb = float(np.round(10 ** rng.uniform(-2.5, -0.3), 4))
    return plain(rng, int(rng.integers(1, 25)), num_features, outputs, lamb)


def plain(
    rng: np.random.Generator,
    n: int,
    num_features: int,
    outputs: int,
    lamb: float,
    label: Text | None = None,
) -> Case:
    """Random states of tanh units and random colours, in double precision."""
    return Case(
        label=label
        or Text(
            f"{n} samples, {num_features} features, outputs: {outputs}, lambda {lamb}",
            f"標本{n}個、特徴量{num_features}個、出力{outputs}個、λ = {lamb}",
        ),
        inputs={
            "H": np.tanh(rng.standard_normal((n, num_features)) + 0.2),
            "Y": rng.uniform(0, 1, (n, outputs)),
            "lamb": lamb,
        },
        preserves=("H", "Y"),
    )


def dependent(
    rng: np.random.Generator,
    n: int,
    num_features: int,
    outputs: int,
    single: bool,
    label: Text | None = None,
) -> Case:
    """Features whose smallest singular value is as small as the precision bears, and lambda its
    square; the readout that solves them comes along as ``best``."""
    smallest = 1e-4 if single else 1e-7
    left = np.linalg.qr(rng.standard_normal((n, num_features)))[0]
    right = np.linalg.qr(rng.standard_normal((num_features, num_features)))[0]
    H = left * np.geomspace(1, smallest, num_features) @ right.T
    Y = H @ rng.uniform(0.5, 1.5, (num_features, outputs))
    if single:  # what the harness makes of it, so that best is the solution of just that
        H = H.astype(np.float32).astype(float)
    lamb = smallest**2
    U, s, V = np.linalg.svd(H, full_matrices=False)
    precision = Text("single precision", "単精度") if single else Text("double precision", "倍精度")
    return Case(
        label=label
        or Text(
            f"{n} samples of {num_features} nearly dependent features in {precision.en}",
            f"互いにほぼ従属な特徴量{num_features}個の標本{n}個、{precision.ja}",
        ),
        inputs={
            "H": H,
            "Y": Y,
            "lamb": lamb,
            "single": single,
            "best": V.T @ ((s / (s**2 + lamb))[:, None] * (U.T @ Y)),
        },
        outputs=DEPENDENT,
        preserves=("H", "Y"),
    )


def cases() -> list[Case]:
    """Few and many samples, small and large penalties, and features that all but coincide."""
    rng = np.random.default_rng(2092)
    return [
        plain(rng, 8, 3, 1, 0.1, label=Text("three features, one output", "特徴量3個、出力1個")),
        plain(rng, 8, 3, 3, 0.1, label=Text("three features, three outputs", "特徴量3個、出力3個")),
        plain(rng, 20, 5, 3, 0.01),
        plain(rng, 20, 5, 2, 4.0, label=Text("a large penalty, lambda 4", "大きな罰則、λ = 4")),
        plain(
            rng,
            2,
            5,
            3,
            0.2,
            label=Text("fewer samples than features", "標本が特徴量より少ない"),
        ),
        plain(rng, 1, 3, 2, 0.3, label=Text("a single sample", "標本1個だけ")),
        plain(rng, 4, 4, 4, 0.05, label=Text("as many samples as features", "標本と特徴量が同数")),
        plain(rng, 12, 1, 2, 0.5, label=Text("a single feature", "特徴量1個だけ")),
        plain(rng, 40, 6, 3, 0.003),
        plain(rng, 15, 2, 5, 0.02),
        dependent(rng, 12, 4, 3, single=False),
        dependent(rng, 20, 6, 1, single=False),
        dependent(rng, 12, 4, 3, single=True),
        dependent(rng, 16, 3, 2, single=True),
    ]


BOTH = "H64, Y64 = H.detach().double(), Y.double()"
FEATURES = "A = torch.cat([H64, lamb**0.5 * eye])  #"
TARGETS = "B = torch.cat([Y64, zeros])  #"
SOLVE = 'W_out = torch.linalg.lstsq(A, B, driver="gels").solution'
OUT = "return W_out.to(H.dtype)  #"
MISTAKES = (
    Mistake(
        "lamb_for_its_root",
        ((FEATURES, "A = torch.cat([H64, lamb * eye])  #"),),
        Text(
            "Least squares squares whatever stands in the added rows. What has to stand there so "
            "that lambda |W|^2 comes out?",
            "最小二乗法は、加えた行の中身を2乗します。λ|W|²が出てくるためには、そこに何を置けばよいですか。",
        ),
    ),
    Mistake(
        "no_penalty_rows",
        ((FEATURES, "A = H64  #"), (TARGETS, "B = Y64  #")),
        Text(
            "The penalty is missing: this is plain least squares. What do the added rows do?",
            "罰則がありません。これではただの最小二乗法です。加える行は何のためにありますか。",
        ),
    ),
    Mistake(
        "penalty_per_sample",
        ((FEATURES, "A = torch.cat([H64, (lamb * len(H)) ** 0.5 * eye])  #"),),
        Text(
            "The penalty grows with the number of samples. Is the objective of the task a mean or "
            "a sum over them?",
            "罰則が標本の数とともに大きくなっています。問題文の目的関数は、標本についての平均ですか、和ですか。",
        ),
    ),
    Mistake(
        "penalty_squared_again",
        ((FEATURES, "A = torch.cat([H64, lamb**2 * eye])  #"),),
        Text(
            "lamb has been squared, and least squares squares once more. It has to go the other way.",
            "lambを2乗した上に、最小二乗法がもう一度2乗します。向きが逆です。",
        ),
    ),
    Mistake(
        "weights_drawn_to_one",
        ((TARGETS, "B = torch.cat([Y64, zeros + 1])  #"),),
        Text(
            "The added rows ask for weights near another value than zero. What is their target?",
            "加えた行が、重みを0以外の値に近づけようとしています。その行の目標は何ですか。",
        ),
    ),
    Mistake(
        "weights_drawn_to_root",
        ((TARGETS, "B = torch.cat([Y64, zeros + lamb**0.5])  #"),),
        Text(
            "The root of lambda belongs to one side of the added rows only.",
            "λの平方根が入るのは、加える行の片側だけです。",
        ),
    ),
    Mistake(
        "normal_equations",
        ((SOLVE, "W_out = torch.linalg.solve(A.T @ A, A.T @ B)"),),
        Text(
            "Right on harmless features, but most digits are lost where features nearly depend on "
            "each other, as after forming A' A or an inverse of A. Hand the system itself to a "
            "least-squares solver.",
            "素直な特徴量では正しいのですが、特徴量が互いにほぼ従属になると桁のほとんどが失われます。A'AやAの逆行列を作るとそうなります。連立系そのものを最小二乗のソルバーに渡してみましょう。",
        ),
    ),
    Mistake(
        "solved_in_the_dtype_of_H",
        ((BOTH, "H64, Y64 = H.detach(), Y.to(H.dtype)"),),
        Text(
            "With features in float32 the system was solved in float32 too, and nothing is left of "
            "the small singular values. In which precision is it to be solved?",
            "特徴量がfloat32のとき、方程式もfloat32で解いているため、小さな特異値の情報が残っていません。どの精度で解くのでしたか。",
        ),
    ),
    Mistake(
        "returned_in_float64",
        ((OUT, "return W_out  #"),),
        Text(
            "W_out is float64 though H is float32: H @ W_out would refuse to multiply them. Solving "
            "is done in float64; and the result?",
            "Hがfloat32なのに、W_outがfloat64です。これではH @ W_outの積がとれません。解くのはfloat64ですが、結果はどうしますか。",
        ),
    ),
    Mistake(
        "returned_in_float32",
        ((OUT, "return W_out.float()  #"),),
        Text(
            "W_out is float32 even where H is float64. Whose dtype should it have?",
            "Hがfloat64のときまで、W_outがfloat32です。どれのdtypeに合わせるのでしたか。",
        ),
    ),
    Mistake(
        "gradient_through_the_solver",
        ((BOTH, "H64, Y64 = H.double(), Y.double()"),),
        Text(
            "W_out remembers how it was computed from H, so a later backward would run through the "
            "solver. What cuts that memory?",
            "W_outが、Hからどう計算されたかを覚えています。このままでは、あとでbackwardがソルバーの中まで遡ります。その記録を断つには、どうしますか。",
        ),
    ),
    Mistake(
        "features_centred",
        ((FEATURES, "A = torch.cat([H64 - H64.mean(dim=0), lamb**0.5 * eye])  #"),),
        Text(
            "The features were centred. That belongs to a regression with a bias; there is none here.",
            "特徴量から平均を引いています。それはバイアスのある回帰での処理で、ここにはバイアスがありません。",
        ),
    ),
    Mistake(
        "transposed",
        ((OUT, "return W_out.T.to(H.dtype)  #"),),
        Text(
            "W_out is to fit behind H, in H @ W_out: a row for each feature.",
            "W_outは、H @ W_outのようにHの後ろに掛けます。1特徴量1行です。",
        ),
    ),
    Mistake(
        "rows_added_at_the_side",
        ((FEATURES, "A = torch.cat([H64, lamb**0.5 * eye], dim=1)  #"),),
        Text(
            "The added rows continue the matrix downwards: as many columns, N rows more. You join them at the side, where n rows meet N. Along which axis do rows follow each other?",
            "加える行は、行列の下に続きます（列の数は同じで、行がN行増えます）。いまは横につなごうとして、n行とN行が出会っています。行が続いていくのは、どの軸の向きでしょうか。",
        ),
    ),
    Mistake(
        "one_side_augmented",
        ((TARGETS, "B = Y64  #"),),
        Text(
            "A and B differ in their number of rows. Did you add the N rows to both?",
            "AとBの行の数が違います。N行を、両方に加えたでしょうか。",
        ),
    ),
    Mistake(
        "all_that_the_solver_returns",
        ((SOLVE, 'W_out = torch.linalg.lstsq(A, B, driver="gels")'),),
        Text(
            "lstsq returns several things together: the solution, the residuals, the rank, the singular values. Which of them do you need?",
            "lstsqが返すのは、解、残差、ランク、特異値などをまとめたものです。必要なのはどれでしょうか。",
        ),
    ),
    Mistake(
        "solved_as_if_square",
        ((SOLVE, "W_out = torch.linalg.solve(A, B)"),),
        Text(
            "There are n + N equations for N unknowns, more than can be met; solve is for as many as there are unknowns. What is asked for here is the smallest sum of squares: which function finds it?",
            "N個の未知数に対して式がn + N個あり、全部は満たせません。solveで解けるのは、式と未知数が同数のときだけです。ここで求めるのは誤差の二乗和が最小になる解です。それを求めるのは、どの関数でしょうか。",
        ),
    ),
    Mistake(
        "each_in_its_own_dtype",
        ((BOTH, "H64, Y64 = H.detach(), Y"),),
        Text(
            "H may be float32 while Y is float64, and lstsq solves only for equal dtypes. In which precision are both to be?",
            "Hがfloat32で、Yがfloat64のことがあります。lstsqは、dtypeがそろっていないと解けません。両方を、どの精度にそろえればよいでしょうか。",
        ),
    ),
)

HEAD = "def solve_ridge_torch(H, Y, lamb):\n"
ALTERNATIVES = (
    Alternative(
        "no_grad",
        code=HEAD
        + """
    with torch.no_grad():
        N, D = H.shape[1], Y.shape[1]
        A = torch.vstack([H.to(torch.float64), torch.diag(torch.full((N,), lamb, dtype=torch.float64).sqrt())])
        B = torch.vstack([Y.to(torch.float64), torch.zeros(N, D, dtype=torch.float64)])
        return torch.linalg.lstsq(A, B)[0].type(H.dtype)
""",
    ),
    Alternative(
        "qr",
        (
            (
                SOLVE,
                "Q, R = torch.linalg.qr(A)\n"
                "    W_out = torch.linalg.solve_triangular(R, Q.T @ B, upper=True)",
            ),
        ),
    ),
    Alternative(
        "singular_values",
        code=HEAD
        + """
    U, s, Vt = torch.linalg.svd(H.detach().double(), full_matrices=False)
    filtered = (s / (s * s + lamb))[:, None] * (U.T @ Y.double())
    return (Vt.T @ filtered).to(H.dtype)
""",
    ),
    Alternative(
        "numpy",
        code=HEAD
        + """
    h, y = H.detach().cpu().numpy().astype(float), Y.cpu().numpy().astype(float)
    n, m = h.shape
    A, B = np.zeros((n + m, m)), np.zeros((n + m, y.shape[1]))
    A[:n], B[:n] = h, y
    A[n:][np.diag_indices(m)] = np.sqrt(lamb)
    return torch.as_tensor(np.linalg.lstsq(A, B, rcond=None)[0], dtype=H.dtype)
""",
    ),
    Alternative(
        "divide_and_conquer",
        ((SOLVE, 'W_out = torch.linalg.lstsq(A, B, driver="gelsd").solution'),),
    ),
    Alternative(
        "one_output_at_a_time",
        (
            (
                SOLVE,
                "W_out = torch.stack([torch.linalg.lstsq(A, y[:, None]).solution[:, 0] for y in B.T], dim=1)",
            ),
        ),
    ),
    Alternative(
        "penalty_rows_first",
        (
            (FEATURES, "A = torch.cat([eye.mul_(lamb**0.5), H64])  #"),
            (TARGETS, "B = torch.cat([zeros, Y64])  #"),
        ),
    ),
    Alternative(
        "folded_in_sample_by_sample",
        code=HEAD
        + """
    # A triangle that takes in the pixels in chunks, as one does when H does not fit into memory.
    rows = torch.cat([H, Y], dim=1).detach().double()
    N = H.shape[1]
    start = torch.zeros(N, rows.shape[1], dtype=torch.float64)
    start[:, :N] = lamb**0.5 * torch.eye(N, dtype=torch.float64)
    for chunk in rows.split(5):
        start = torch.linalg.qr(torch.cat([start, chunk]))[1][:N]
    return torch.linalg.solve_triangular(start[:, :N], start[:, N:], upper=True).to(H.dtype)
""",
    ),
)
