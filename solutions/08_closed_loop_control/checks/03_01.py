"""03_01: rls_update and FORCEReadout."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("Recursive least squares", "逐次最小二乗法")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Write the shape beside each letter of the formulas: which of g, k, P, dP and dw is a scalar, which a vector, which a matrix, and from what kind of product does it come? Then look for the places where P is read and where it has to be kept.",
        "式の文字の横に、形を書き込んでみましょう。g、k、P、dP、dwのうち、スカラー、ベクトル、行列はそれぞれどれで、どんな種類の積から出てきますか。次に、Pを読む場所と、Pを残しておくべき場所を探してください。",
    ),
    Text(
        "k is what P makes of the state; the gain falls as the inner product of state and k grows. What P loses is an outer product of k with itself that counts the gain once. Before any state is seen, P is the inverse of what the penalty alone puts into the ridge solution. In `step`, let the function do the work on this readout's own P and keep the new one; the weights then change by an outer product of the error before the update (rows) and k (columns), and again the gain counts once.",
        "kは状態をPで変換したもので、ゲインは状態とkの内積が大きいほど小さくなります。Pから引かれるのは、kどうしの外積にゲインが1回だけ掛かったものです。状態を1つも見ていないときのPは、リッジ回帰の解の中で正則化項だけが残ったときの逆行列です。`step`では、この読み出し層自身のPで先ほどの関数を働かせ、新しいPを残します。重みの変化は、更新前の誤差（行）とk（列）の外積で、ここでもゲインが1回だけ掛かります。",
    ),
)

OUTPUTS = (
    Numeric("y_eval"),
    Numeric("weight"),
    Numeric("bias"),
    Numeric("P"),
    Numeric("dw"),
)
UPDATE = (Numeric("g"), Numeric("k"), Numeric("P_new"))


def draw(rng: np.random.Generator) -> Case:
    """One update, or a readout's life of 1 to 12 steps."""
    n = int(rng.integers(2, 13))
    if rng.random() < 0.3:
        return update_case(n, rng)
    outs = int(rng.integers(1, 5))
    steps = int(rng.integers(1, 13))
    lmbd = float(np.round(rng.uniform(0.2, 3.0), 2))
    zero = bool(rng.random() < 0.5)
    return readout_case(n, outs, steps, rng, lmbd, zero, scalar=outs == 1 and rng.random() < 0.5)


def update_case(n: int, rng: np.random.Generator, label: Text | None = None) -> Case:
    """``rls_update`` alone, on the P that a few states of order one leave behind."""
    seen = rng.uniform(-1, 1, (int(rng.integers(1, 2 * n)), n))
    P = np.linalg.inv(rng.uniform(0.2, 2.0) * np.eye(n) + seen.T @ seen)
    return Case(
        label=label or Text(f"rls_update alone, n = {n}", f"rls_update単独、n = {n}"),
        inputs={"P": (P + P.T) / 2, "x": rng.uniform(-1, 1, n)},
        call="rls_update",
        outputs=UPDATE,
        preserves=("P", "x"),
    )


def readout_case(
    n: int,
    outs: int,
    steps: int,
    rng: np.random.Generator,
    lmbd: float,
    zero: bool,
    scalar: bool = False,
    evaluate: int | None = None,
    label: Text | None = None,
) -> Case:
    """A readout that learns ``steps`` states and is then asked for its outputs.

    A given weight and bias stand there in every case: with ``initialize_with_zero`` the weight
    must vanish, and without it the error has to count both.
    """
    inputs = {
        "dim_in": n,
        "dim_out": outs,
        "x_train": rng.uniform(-1, 1, (steps, n)),
        "y_train": rng.uniform(-1, 1, steps).tolist()
        if scalar
        else rng.uniform(-1, 1, (steps, outs)),
        "x_eval": rng.uniform(-1, 1, n if evaluate is None else (evaluate, n)),
        "lmbd": lmbd,
        "initialize_with_zero": zero,
        "weight": rng.uniform(-1, 1, (outs, n)),
        "bias": None if zero else rng.uniform(0.2, 0.8, outs),
    }
    start = Text("zero", "ゼロ") if zero else Text("given weights", "与えられた重み")
    return Case(
        label=label
        or Text(
            f"steps: {steps}, n = {n}, outputs: {outs}, lambda {lmbd}, from {start.en}",
            f"{steps}ステップ、n = {n}、出力{outs}個、λ = {lmbd}、初期値は{start.ja}",
        ),
        inputs=inputs,
        preserves=("x_train", "y_train", "x_eval", "weight"),
    )


def cases() -> list[Case]:
    """From the smallest update to a dozen steps; each argument matters in some of them."""
    rng = np.random.default_rng(301)
    eye = Case(
        label=Text("rls_update from the identity", "単位行列から始めたrls_update"),
        inputs={"P": np.eye(3), "x": np.array([1.0, -2.0, 0.5])},
        call="rls_update",
        outputs=UPDATE,
        preserves=("P", "x"),
    )
    silent = Case(
        label=Text("rls_update on a silent state, x = 0", "状態が0のときのrls_update"),
        inputs={"P": np.diag([2.0, 0.5]), "x": np.zeros(2)},
        call="rls_update",
        outputs=UPDATE,
        preserves=("P", "x"),
    )
    plain = Case(
        label=Text("one step, all options left alone", "1ステップ、オプションは既定値のまま"),
        inputs={
            "dim_in": 5,
            "dim_out": 1,
            "x_train": rng.uniform(-1, 1, (1, 5)),
            "y_train": rng.uniform(-1, 1, (1, 1)),
            "x_eval": rng.uniform(-1, 1, 5),
        },
        preserves=("x_train", "y_train", "x_eval"),
    )
    return [
        eye,
        update_case(4, rng),
        update_case(12, rng),
        silent,
        plain,
        readout_case(
            6, 3, 1, rng, 1.0, True, label=Text("one step, three outputs", "1ステップ、出力3個")
        ),
        readout_case(
            5, 2, 1, rng, 0.1, True, label=Text("one step, lambda 0.1", "1ステップ、λ = 0.1")
        ),
        readout_case(5, 2, 4, rng, 2.5, True),
        readout_case(
            6,
            1,
            8,
            rng,
            0.5,
            True,
            scalar=True,
            label=Text("the target is a plain number", "目標がただの数"),
        ),
        readout_case(4, 3, 1, rng, 1.0, False),
        readout_case(8, 2, 12, rng, 0.7, False),
        readout_case(
            5,
            3,
            4,
            rng,
            1.0,
            False,
            scalar=True,
            label=Text(
                "one number is the target of all three outputs", "1つの数が3つの出力すべての目標"
            ),
        ),
        readout_case(
            4,
            4,
            6,
            rng,
            0.4,
            False,
            label=Text("as many outputs as inputs", "入力と出力の次元が同じ"),
        ),
        readout_case(
            3,
            2,
            30,
            rng,
            0.3,
            True,
            evaluate=5,
            label=Text("thirty steps, then five states", "30ステップ学習し、5つの状態で評価"),
        ),
    ]


MISTAKES = (
    Mistake(
        "missing_one",
        (("1.0 / (1.0 + x @ k)", "1.0 / (x @ k)"),),
        Text(
            "Let the state be tiny: nothing was learnt from it, so by how much should the error shrink? Look at the denominator of g.",
            "状態がごく小さいときを考えてみましょう。ほとんど何も学べないなら、誤差は何倍になるはずですか。gの分母を見直してください。",
        ),
    ),
    Mistake(
        "gain_of_bare_state",
        (("1.0 + x @ k", "1.0 + x @ x"),),
        Text(
            "The gain has to know what was seen before: a direction that P knows well deserves less. Which vector does g meet x with?",
            "ゲインは、これまでに見た状態を反映していなければなりません。gの式で、xと内積をとる相手は何ですか。",
        ),
    ),
    Mistake(
        "P_grows",
        (("P_new = P - dP", "P_new = P + dP"),),
        Text(
            "P measures what is still uncertain. Can a new observation make it larger?",
            "Pは「まだわかっていない度合い」を表します。新しく観測して、それが大きくなることはありますか。",
        ),
    ),
    Mistake(
        "dP_without_g",
        (("dP = np.outer(g * k, k)", "dP = np.outer(k, k)"),),
        Text(
            "Too much is taken from P: after the update xᵀ P x may even be negative. One scalar of this function is not used yet in dP.",
            "Pから引きすぎています（更新後に xᵀ P x が負になることさえあります）。dPでまだ使っていないスカラーはありませんか。",
        ),
    ),
    Mistake(
        "dP_from_x",
        (("np.outer(g * k, k)", "g * np.outer(x, x)"),),
        Text(
            "Forgetting P inside dP is right only while P is the identity. What does P do to the state first?",
            "その式が正しいのは、Pが単位行列のときだけです。状態は、まずPによってどう変換されるのでしたか。",
        ),
    ),
    Mistake(
        "inner_for_outer",
        (("np.outer(g * k, k)", "g * (k @ k)"),),
        Text(
            "What shape has dP in your code? NumPy takes a number off every entry without complaint, but k kᵀ is a matrix.",
            "そのdPの形は何ですか。NumPyは全成分から1つの数を引いても文句を言いませんが、k kᵀ は行列です。",
        ),
    ),
    Mistake(
        "elementwise_for_outer",
        (("np.outer(g * k, k)", "g * k * k"),),
        Text(
            "What shape has dP in your code? Broadcasting takes the same vector off every row, but k kᵀ is a matrix with products of all pairs.",
            "そのdPの形は何ですか。ブロードキャストで各行から同じベクトルが引かれていますが、k kᵀ はすべての組の積を並べた行列です。",
        ),
    ),
    Mistake(
        "callers_P_changed",
        (("P_new = P - dP", "P -= dP\n    P_new = P"),),
        Text(
            "The numbers are right, but the P you were given has changed too. Whoever called may still need it: return a new array.",
            "値は正しいのですが、渡されたPそのものまで書き換わっています。呼び出し側がまだ使うかもしれないので、新しい配列を返しましょう。",
        ),
    ),
    Mistake(
        "P_never_stored",
        (("g, k, self.P = rls_update(self.P, x)", "g, k, _ = rls_update(self.P, x)"),),
        Text(
            "What has the readout kept of the state that it just saw? Compare its P before and after a step.",
            "読み出し層は、いま見た状態について何を覚えていますか。ステップの前後でPを比べてみてください。",
        ),
    ),
    Mistake(
        "P0_times_lambda",
        (("np.eye(n) / lmbd", "lmbd * np.eye(n)"),),
        Text(
            "P is an inverse: what stands in the ridge solution before the first state, and what is its inverse?",
            "Pは逆行列です。最初の状態が来る前、リッジ回帰の解で逆をとられるのは何ですか。",
        ),
    ),
    Mistake(
        "P0_without_lambda",
        (("np.eye(n) / lmbd", "np.eye(n)"),),
        Text(
            "All is well at lambda = 1 alone. Where does the penalty enter?",
            "正しいのは λ = 1 のときだけです。正則化の強さはどこに現れるのでしたか。",
        ),
    ),
    Mistake(
        "dw_transposed",
        (("np.outer(d - self(x), k)", "np.outer(k, d - self(x))"),),
        Text(
            "Rows of the weight belong to outputs, columns to units. Which of your two vectors runs along the rows?",
            "重みの行は出力に、列はユニットに対応します。2つのベクトルのうち、行の向きに並ぶのはどちらですか。",
        ),
    ),
    Mistake(
        "k_is_the_whole_step",
        (
            ("k = P @ x", "k = P @ x / (1.0 + x @ P @ x)"),
            ("g = 1.0 / (1.0 + x @ k)", "g = 1.0 / (1.0 + x @ P @ x)"),
            ("np.outer(g * k, k)", "np.outer(k, k) / g"),
            ("g * np.outer(d - self(x), k)", "np.outer(d - self(x), k)"),
        ),
        Text(
            "Your readout learns as it should, but the k you return is what textbooks call the Kalman gain. Which of the factors has a name of its own here?",
            "学習の結果は正しいのですが、返しているkは教科書でいうカルマンゲインです。ここで別の名前がついている因子はどれですか。",
        ),
    ),
    Mistake(
        "dw_entry_by_entry",
        (("g * np.outer(d - self(x), k)", "g * (d - self(x)) * k"),),
        Text(
            "One step's dw is a matrix (out, n) with a row for each output. What shape has your product, entry by entry, of a vector (out,) and a vector (n,)?",
            "1ステップ分のdwは、出力ごとに1行をもつ行列 (out, n) です。(out,) と (n,) のベクトルを成分どうし掛けると、どんな形になりますか。",
        ),
    ),
    Mistake(
        "weight_moved_twice",
        (
            (
                "dw = g * np.outer(d - self(x), k)",
                "dw = g * np.outer(d - self(x), k)\n        self.weight += dw",
            ),
        ),
        Text(
            "The weights move by dw twice. What does the line below yours do already?",
            "重みがdwだけ二度動いています。あなたの行の下の行は、すでに何をしていますか。",
        ),
    ),
    Mistake(
        "dw_without_g",
        (("g * np.outer(d - self(x), k)", "np.outer(d - self(x), k)"),),
        Text(
            "The step is too long: evaluate the output for the same x again and see on which side of the target it lands.",
            "更新が大きすぎます。同じxでもう一度出力を計算し、目標のどちら側に来るかを見てください。",
        ),
    ),
    Mistake(
        "dw_sign",
        (("d - self(x)", "self(x) - d"),),
        Text(
            "The error grows at every step. If the output is too low, in which direction must the weights go?",
            "ステップごとに誤差が大きくなります。出力が目標より小さいとき、重みはどちらへ動くべきですか。",
        ),
    ),
    Mistake(
        "dw_along_x",
        (("np.outer(d - self(x), k)", "np.outer(d - self(x), x)"),),
        Text(
            "That is gradient descent (LMS). RLS does not move along the state itself but along what P makes of it.",
            "それは勾配法（LMS）です。RLSが進む方向は状態そのものではなく、Pで変換したあとの方向です。",
        ),
    ),
    Mistake(
        "target_for_error",
        (("np.outer(d - self(x), k)", "np.outer(d, k) + 0 * self.weight"),),
        Text(
            "With an output that is right already, nothing should change. What drives the update: the target, or what is missing from it?",
            "出力がすでに正しければ、何も変わらないはずです。更新を駆動するのは目標そのものですか、それとも足りない分ですか。",
        ),
    ),
    Mistake(
        "bias_left_out_of_error",
        (("d - self(x)", "d - self.weight @ x"),),
        Text(
            "The bias is not trained, but it is part of the output. Which output is compared with the target?",
            "バイアスは学習しませんが、出力の一部です。目標と比べているのはどの出力ですか。",
        ),
    ),
    Mistake(
        "bias_trained",
        (
            (
                "self.weight += dw",
                "self.weight += dw\n        self.bias += g * (d - self(x))",
            ),
        ),
        Text(
            "The weights are as they should be at first, yet the bias has moved. Which part of the readout does RLS train here?",
            "重みは合っていても、バイアスが動いています。ここでRLSが学習するのは、読み出し層のどの部分ですか。",
        ),
    ),
    Mistake(
        "error_after_update",
        (
            (
                "dw = g * np.outer(d - self(x), k)",
                "self.weight += g * np.outer(d - self(x), k)\n        dw = g * np.outer(d - self(x), k)",
            ),
        ),
        Text(
            "The weights move twice: once in your lines, once below, with an error that has already shrunk. Only the error before the update counts.",
            "重みが二度動いています。あなたの行で一度、その下に用意された行でもう一度です。二度目の誤差は、もう小さくなったあとのものです。使うのは更新前の誤差だけです。",
        ),
    ),
    Mistake(
        "new_P_and_g",
        (("np.outer(d - self(x), k)", "np.outer(d - self(x), self.P @ x)"),),
        Text(
            "The new P times x is already g k. How often does g shrink your step?",
            "新しいPにxを掛けたものは、それだけで g k です。更新量にgは何回掛かっていますか。",
        ),
    ),
    Mistake(
        "P_times_x_entry_by_entry",
        (("k = P @ x", "k = P * x"),),
        Text(
            "k should be a vector (n,), and yours is a matrix: * multiplies entry by entry and adds nothing up. Which product gives one number for each row of P?",
            "kは長さnのベクトルのはずですが、行列になっています。*は成分どうしを掛けるだけで、足し合わせません。Pの1行につき1つの数を与えるのは、どんな積でしょうか。",
        ),
    ),
    Mistake(
        "lmbd_of_self",
        (("np.eye(n) / lmbd", "np.eye(n) / self.lmbd"),),
        Text(
            "lmbd arrives as an argument of __init__; Linear knows nothing of it, and nobody has put it into self. By which name can it be had here?",
            "lmbdは__init__の引数として届きます。Linearはそれを知らず、selfに入れた人もいません。ここでは、どんな名前で使えるでしょうか。",
        ),
    ),
    Mistake(
        "dw_as_an_inner_product",
        (("g * np.outer(d - self(x), k)", "g * (d - self(x)) @ k"),),
        Text(
            "@ and np.dot multiply entry by entry and add up, and so want two vectors of the same length; here (out,) meets (n,). Which product of the two gives a matrix (out, n)?",
            "@やnp.dotは成分どうしを掛けて足し合わせるので、2つのベクトルは同じ長さでなければなりません。ここでは(out,)と(n,)が出会っています。この2つから(out, n)の行列を作るのは、どんな積でしょうか。",
        ),
    ),
    Mistake(
        "dw_by_dot",
        (("g * np.outer(d - self(x), k)", "g * np.dot(d - self(x), k)"),),
        Text(
            "@ and np.dot multiply entry by entry and add up, and so want two vectors of the same length; here (out,) meets (n,). Which product of the two gives a matrix (out, n)?",
            "@やnp.dotは成分どうしを掛けて足し合わせるので、2つのベクトルは同じ長さでなければなりません。ここでは(out,)と(n,)が出会っています。この2つから(out, n)の行列を作るのは、どんな積でしょうか。",
        ),
    ),
    Mistake(
        "dw_as_an_inner_product_k_first",
        (("g * np.outer(d - self(x), k)", "g * k @ (d - self(x))"),),
        Text(
            "@ and np.dot multiply entry by entry and add up, and so want two vectors of the same length; here (out,) meets (n,). Which product of the two gives a matrix (out, n)?",
            "@やnp.dotは成分どうしを掛けて足し合わせるので、2つのベクトルは同じ長さでなければなりません。ここでは(out,)と(n,)が出会っています。この2つから(out, n)の行列を作るのは、どんな積でしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "einsum",
        (
            ("P @ x", 'np.einsum("ij,j->i", P, x)'),
            ("np.outer(g * k, k)", 'np.einsum(",i,j->ij", g, k, k)'),
            ("g * np.outer(d - self(x), k)", 'g * np.einsum("i,j->ij", d - self(x), k)'),
        ),
    ),
    Alternative(
        "dot_and_columns",
        (
            ("P @ x", "np.dot(P, x)"),
            ("1.0 / (1.0 + x @ k)", "1 / (1 + np.dot(x, k))"),
            ("np.outer(g * k, k)", "g * k[:, None] * k"),
            ("g * np.outer(d - self(x), k)", "(d - self(x))[:, None] @ (g * k)[None, :]"),
        ),
    ),
    Alternative(
        "loops",
        code="""
def rls_update(P, x):
    n = len(x)
    k = [sum(P[i, j] * x[j] for j in range(n)) for i in range(n)]
    g = 1 / (1 + sum(x[i] * k[i] for i in range(n)))
    P_new = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            P_new[i, j] = P[i, j] - g * k[i] * k[j]
    return g, np.array(k), P_new
""",
    ),
    Alternative(
        "inverse_of_the_sum",
        code="""
def rls_update(P, x):
    P_new = np.linalg.inv(np.linalg.inv(P) + np.outer(x, x))
    k = P @ x
    return 1.0 / (1.0 + x @ k), k, P_new
""",
    ),
    Alternative(
        "joseph_form",
        code="""
def rls_update(P, x):
    k = P @ x
    g = 1.0 / (1.0 + x @ k)
    shrink = np.eye(len(x)) - np.outer(g * k, x)
    return g, k, shrink @ P @ shrink.T + np.outer(g * k, g * k)
""",
    ),
    Alternative(
        "own_copy_changed_in_place",
        (("P_new = P - dP", "P_new = P.copy()\n    P_new -= dP"),),
    ),
    Alternative(
        "symmetric_blas",
        code="""
def rls_update(P, x):
    from scipy.linalg.blas import dsymv, dsyr

    k = dsymv(1.0, P, x, lower=1)
    g = 1.0 / (1.0 + x @ k)
    lower = np.tril(dsyr(-g, k, a=np.array(P, order="F"), lower=1))
    return g, k, lower + np.tril(lower, -1).T
""",
    ),
    Alternative(
        "gain_from_new_P", (("g * np.outer(d - self(x), k)", "np.outer(d - self(x), self.P @ x)"),)
    ),
    Alternative(
        "error_first_and_lists",
        (
            ("return g, k, P_new", "return g, list(k), P_new.tolist()"),
            (
                "g, k, self.P = rls_update(self.P, x)",
                "error = d - self(x)\n        g, k, P = rls_update(self.P, x)\n        self.P = np.array(P)",
            ),
            ("g * np.outer(d - self(x), k)", "np.outer(error, g * np.array(k))"),
        ),
    ),
    Alternative("P0_by_solving", (("np.eye(n) / lmbd", "np.linalg.inv(lmbd * np.eye(n))"),)),
)
