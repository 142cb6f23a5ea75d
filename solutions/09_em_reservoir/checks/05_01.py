"""05_01: reduced_value_and_grad."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("The reduced objective and its gradient", "縮約した目的関数とその勾配")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "The envelope theorem has its small print: which J has to be differentiated, and at which readout? Write both terms of J on paper before you write them in code.",
        "包絡線定理には但し書きがありました。微分するのはどのJで、そのときの読み出し層は何でなければなりませんか。コードにする前に、Jの2つの項を紙に書いてみましょう。",
    ),
    Text(
        "The features come from your function of 02_01, with the number of updates asked for, the readout from that of 02_02, with the very penalty of J. The first term adds up squared residuals, nothing clamped or averaged; the second adds up squared weights and counts them with the penalty. What is differentiated is their sum, with respect to the list of weights that stands there already.",
        "特徴量は02_01の関数で、指定された更新回数で求めます。読み出し層は02_02の関数で、Jと同じ罰則の強さで求めます。第1項は残差の2乗の和で、クランプも平均もしません。第2項は重みの2乗の和に、罰則の強さを掛けたものです。微分するのはこの2つの和で、用意してある重みのリストについて微分します。",
    ),
)

OUTPUTS = (Numeric("value"), Numeric("grads"))


def draw(rng: np.random.Generator) -> Case:
    """A few pixels and one to three small layers, with a penalty that is felt."""
    return case(
        rng,
        n=int(rng.integers(6, 25)),
        widths=[int(rng.integers(2, 7)) for _ in range(int(rng.integers(1, 4)))],
        num_iterations=int(rng.integers(2, 7)),
        lamb=float(np.round(10 ** rng.uniform(-1.5, 0), 4)),
        colours=int(rng.integers(1, 4)),
    )


def case(
    rng: np.random.Generator,
    n: int = 12,
    widths: list[int] | None = None,
    num_iterations: int | None = 3,
    lamb: float | None = 0.1,
    colours: int = 3,
    label: Text | None = None,
) -> Case:
    """``n`` pixels whose colours reach beyond what the readout can give them, and the layers."""
    widths = widths or [4]
    layers = []
    for d_in, width in zip([2, *widths], widths, strict=False):
        W_hh = rng.standard_normal((width, width))
        W_hh *= rng.uniform(0.8, 1.1) / np.linalg.norm(W_hh, 2)
        layers.append((rng.standard_normal((d_in, width)), W_hh, 0.3 * rng.standard_normal(width)))
    # Far from what these features can give, some of it outside [0, 1]: residuals are never small.
    inputs = {"X": rng.uniform(-1, 1, (n, 2)), "Y": rng.uniform(-0.5, 1.5, (n, colours))}
    inputs["layers"] = layers
    if lamb is not None:  # else the default has to hold
        inputs["lamb"] = lamb
    if num_iterations is not None:
        inputs["num_iterations"] = num_iterations
    return Case(
        label=label
        or Text(
            f"{n} pixels, units {widths}, {num_iterations} updates, lambda {lamb}",
            f"{n}画素、ユニット数{widths}、更新{num_iterations}回、λ = {lamb}",
        ),
        inputs=inputs,
        preserves=("X", "Y"),
    )


def cases() -> list[Case]:
    """From one layer with one colour to three layers."""
    rng = np.random.default_rng(5001)
    return [
        case(
            rng,
            n=8,
            widths=[2],
            colours=1,
            label=Text("one layer of 2 units, one colour", "2ユニットの層1つ、1色"),
        ),
        case(rng, label=Text("one layer of 4 units, three colours", "4ユニットの層1つ、3色")),
        case(
            rng,
            num_iterations=2,
            label=Text("two updates of the state", "状態の更新2回"),
        ),
        case(rng, lamb=1.0, label=Text("a strong penalty, lambda = 1", "強い正則化、λ = 1")),
        case(
            rng,
            n=20,
            lamb=None,
            label=Text("lamb left alone", "lambは既定値のまま"),
        ),
        case(
            rng,
            num_iterations=None,
            label=Text("num_iterations left alone", "num_iterationsは既定値のまま"),
        ),
        case(rng, widths=[3, 3], label=Text("two layers of 3 units", "3ユニットの層が2つ")),
        case(
            rng,
            widths=[5, 2],
            num_iterations=5,
            label=Text("layers of 5 and 2 units", "5ユニットと2ユニットの層"),
        ),
        case(
            rng,
            n=24,
            widths=[4, 4, 4],
            num_iterations=4,
            label=Text("three layers, 24 pixels", "3層、24画素"),
        ),
        case(
            rng,
            n=15,
            widths=[2, 4, 3],
            lamb=0.5,
            colours=2,
            label=Text("layers of 2, 4 and 3 units, two colours", "2、4、3ユニットの層、2色"),
        ),
        case(
            rng,
            n=6,
            widths=[6, 6],
            lamb=0.2,
            label=Text("fewer pixels than features", "特徴量より少ない画素"),
        ),
        case(
            rng,
            n=7,
            widths=[5],
            num_iterations=6,
            colours=1,
            lamb=0.03,
            label=Text("a weak penalty, lambda = 0.03", "弱い正則化、λ = 0.03"),
        ),
        case(
            rng,
            n=3,
            widths=[3],
            colours=3,
            lamb=0.4,
            label=Text(
                "as many pixels as features and colours", "画素、特徴量、色の数がすべて同じ"
            ),
        ),
    ]


H_LINE = "H = forward_torch(X, layers, num_iterations)  #"
W_LINE = "W_out = solve_ridge_torch(H, Y, lamb)  #"
MISFIT = "misfit = torch.sum((H @ W_out - Y) ** 2)  #"
J_LINE = "J = misfit + lamb * torch.sum(W_out**2)  #"
GRADS = "flat = torch.autograd.grad(J, weights)  #"
MISTAKES = (
    Mistake(
        "penalty_missing",
        ((J_LINE, "J = misfit  #"),),
        Text(
            "The gradient is right, the value is not. J has two terms; why does the gradient not "
            "notice that the second one is missing?",
            "勾配は正しいのですが、値が違います。Jには項が2つあります。2つ目がなくても勾配が変わらないのはなぜですか。",
        ),
    ),
    Mistake(
        "penalty_not_weighted",
        ((J_LINE, "J = misfit + torch.sum(W_out**2)  #"),),
        Text(
            "How much does the size of the readout count in J? The gradient cannot tell you, the "
            "value can.",
            "Jの中で、読み出し層の大きさはどれだけの重みで数えますか。勾配からはわかりませんが、値からはわかります。",
        ),
    ),
    Mistake(
        "penalty_square_root",
        ((J_LINE, "J = misfit + lamb**0.5 * torch.sum(W_out**2)  #"),),
        Text(
            "The root of lambda belongs into the augmented system, whose rows are squared later. "
            "What stands in J?",
            "λの平方根が要るのは、あとで2乗される拡大した連立方程式の中です。Jの中では何ですか。",
        ),
    ),
    Mistake(
        "penalty_of_norm",
        ((J_LINE, "J = misfit + lamb * torch.linalg.norm(W_out)  #"),),
        Text(
            "Is it the norm of the readout that is penalised, or its square?",
            "罰則がかかるのは読み出し層のノルムですか、それともその2乗ですか。",
        ),
    ),
    Mistake(
        "mean_for_sum",
        ((MISFIT, "misfit = torch.mean((H @ W_out - Y) ** 2)  #"),),
        Text(
            "The readout minimises a sum of squares plus the penalty. With a mean in place of the "
            "sum, lambda weighs differently in the two steps, and J is another function.",
            "読み出し層が最小にするのは、二乗和と正則化項の和です。和を平均に変えると、2つのステップでλの効き方が変わり、Jは別の関数になってしまいます。",
        ),
    ),
    Mistake(
        "mean_of_J",
        ((J_LINE, "J = (misfit + lamb * torch.sum(W_out**2)) / Y.numel()  #"),),
        Text(
            "All is right up to one factor, the number of entries of Y. J is a sum, not a mean.",
            "定数倍（Yの成分数）だけ違います。Jは平均ではなく和です。",
        ),
    ),
    Mistake(
        "half",
        ((J_LINE, "J = (misfit + lamb * torch.sum(W_out**2)) / 2  #"),),
        Text(
            "All is right up to a factor of 2. Is there a one half in the J of this chapter?",
            "ちょうど2倍だけ違います。この章のJに1/2はありますか。",
        ),
    ),
    Mistake(
        "root_of_squares",
        ((MISFIT, "misfit = torch.linalg.norm(H @ W_out - Y)  #"),),
        Text(
            "Is it the length of the residual, or the square of that length?",
            "使うのは残差の長さですか、それともその2乗ですか。",
        ),
    ),
    Mistake(
        "absolute_error",
        ((MISFIT, "misfit = torch.sum(torch.abs(H @ W_out - Y))  #"),),
        Text(
            "The readout minimises squares. For the envelope theorem both have to speak of the same "
            "function.",
            "読み出し層が最小にしているのは二乗の和です。包絡線定理が使えるのは、両者が同じ関数について語っているときだけです。",
        ),
    ),
    Mistake(
        "clamped",
        ((MISFIT, "misfit = torch.sum((torch.clamp(H @ W_out, 0, 1) - Y) ** 2)  #"),),
        Text(
            "The clamp makes it another function, one that this readout does not minimise. Then the "
            "envelope theorem says nothing.",
            "クランプすると別の関数になり、この読み出し層はもうその最小点ではありません。そうなると、包絡線定理は何も教えてくれません。",
        ),
    ),
    Mistake(
        "readout_without_penalty",
        ((W_LINE, "W_out = solve_ridge_torch(H, Y, 1e-9)  #"),),
        Text(
            "This is not the readout that minimises J. Which lambda does J have?",
            "この読み出し層はJを最小にしていません。Jのλはいくつですか。",
        ),
    ),
    Mistake(
        "lamb_default",
        ((W_LINE, "W_out = solve_ridge_torch(H, Y, 1e-3)  #"),),
        Text(
            "The readout is solved for the default lambda, whichever one is handed in.",
            "どんなλを渡されても、既定値で読み出し層を解いています。",
        ),
    ),
    Mistake(
        "readout_of_random_weights",
        ((W_LINE, "W_out = torch.zeros(H.shape[1], Y.shape[1], dtype=H.dtype)  #"),),
        Text(
            "Here the readout is all zeros. At which readout is the gradient of J also the gradient "
            "of the reduced objective?",
            "読み出し層がすべて0です。Jの勾配が縮約した目的関数の勾配にもなるのは、どの読み出し層のときですか。",
        ),
    ),
    Mistake(
        "iterations_forgotten",
        ((H_LINE, "H = forward_torch(X, layers)  #"),),
        Text(
            "The layers settle for the default number of updates. How many were asked for?",
            "各層の更新回数が、いつも既定値になっています。指定されたのは何回ですか。",
        ),
    ),
    Mistake(
        "features_detached",
        (
            (MISFIT, "misfit = torch.sum((H.detach() @ W_out - Y) ** 2)  #"),
            (GRADS, "flat = [torch.zeros_like(w) for w in weights]  #"),
        ),
        Text(
            "No gradient arrives at the reservoir. What is to be held fixed: the readout, or the "
            "features?",
            "勾配がリザバーに届いていません。固定するのは読み出し層ですか、それとも特徴量ですか。",
        ),
    ),
    Mistake(
        "misfit_gradient_scaled",
        ((GRADS, "flat = torch.autograd.grad(J / len(X), weights)  #"),),
        Text(
            "The value is J, but the gradient is that of J divided by something.",
            "値はJですが、勾配はJを何かで割ったものの勾配です。",
        ),
    ),
    Mistake(
        "gradients_pile_up",
        (
            (
                GRADS,
                "J.backward()\n    flat = [torch.zeros_like(w) if w.grad is None else w.grad.clone() for w in weights]  #",
            ),
        ),
        Text(
            "backward() adds to what is already in .grad. Who empties it? (torch.autograd.grad "
            "returns gradients and leaves .grad alone.)",
            "backward()は、.gradにすでにある値へ足し込みます。それを空にするのは誰ですか（torch.autograd.gradなら勾配を返すだけで、.gradには触れません）。",
        ),
    ),
    Mistake(
        "ascent",
        ((GRADS, "flat = torch.autograd.grad(-J, weights)  #"),),
        Text("The gradient has the wrong sign.", "勾配の符号が逆です。"),
    ),
    Mistake(
        "record_cut",
        ((H_LINE, "H = forward_torch(X, layers, num_iterations).detach()  #"),),
        Text(
            "J does not know any more how it depends on the layers: what leads from them to J was detached, and the readout is held fixed already. Which of the two, readout or features, carries the gradient?",
            "Jが層にどう依存するかの記録が途切れています。読み出し層はもう固定されています。勾配を運ぶのは、読み出し層と特徴量のどちらでしょうか。",
        ),
    ),
    Mistake(
        "backward_for_gradients",
        ((GRADS, "flat = J.backward()  #"),),
        Text(
            "backward() returns nothing: it adds the gradients to the .grad of each weight, where they would pile up from call to call. Which function returns them instead?",
            "backward()は何も返しません。勾配は各重みの.gradに足し込まれ、呼び出すたびにたまっていきます。勾配を戻り値として返してくれるのは、どの関数でしょうか。",
        ),
    ),
    Mistake(
        "misfit_not_summed",
        ((MISFIT, "misfit = (H @ W_out - Y) ** 2  #"),),
        Text(
            "What is differentiated has to be one number, and yours still has many entries. Which term of J has not been summed, or was something else than J differentiated?",
            "微分できるのは1つの数だけですが、成分がたくさん残っています。Jの項のうち、まだ足し合わせていないのはどれでしょうか。J以外のものを微分していないかも、確かめてみましょう。",
        ),
    ),
    Mistake(
        "layers_for_weights",
        ((GRADS, "flat = torch.autograd.grad(J, layers)  #"),),
        Text(
            "layers is a list of tuples, and grad wants tensors in one plain row. Which name above holds them like that?",
            "layersはタプルのリストですが、gradにはテンソルを1列に並べて渡します。そのように並べたものが、上に用意されています。どれでしょうか。",
        ),
    ),
)

HEAD = "def reduced_value_and_grad(X, Y, layers, lamb=1e-3, num_iterations=10):\n"
ALTERNATIVES = (
    # Through the solver: by the envelope theorem the same gradient.
    Alternative(
        "differentiated_through_the_solver",
        (
            (
                W_LINE,
                "eye = torch.eye(H.shape[1], dtype=H.dtype)\n"
                "    W_out = torch.linalg.solve(H.T @ H + lamb * eye, H.T @ Y)  #",
            ),
        ),
    ),
    Alternative(
        "projected_data",  # J(theta, W*) = <Y, Y - H W*>
        code=HEAD
        + """
    weights = [w for layer in layers for w in layer]
    H = forward_torch(X, layers, num_iterations)
    G = H.T @ H + lamb * torch.eye(H.shape[1], dtype=H.dtype)
    J = (Y * (Y - H @ torch.cholesky_solve(H.T @ Y, torch.linalg.cholesky(G)))).sum()
    flat = torch.autograd.grad(J, weights)
    return float(J), [flat[i : i + 3] for i in range(0, len(flat), 3)]
""",
    ),
    Alternative(
        "backward_and_zero",
        (
            (
                GRADS,
                "for w in weights:\n"
                "        w.grad = None\n"
                "    J.backward()\n"
                "    flat = [torch.zeros_like(w) if w.grad is None else w.grad for w in weights]  #",
            ),
        ),
    ),
    Alternative(
        "squared_norms", ((MISFIT, "misfit = torch.linalg.norm(H @ W_out - Y).square()  #"),)
    ),
    Alternative(
        "einsum", ((MISFIT, 'misfit = torch.einsum("nd,nd->", H @ W_out - Y, H @ W_out - Y)  #'),)
    ),
    Alternative(
        "penalty_left_out_of_the_gradient",
        (
            (J_LINE, "J = misfit + (lamb * W_out.pow(2)).sum()  #"),
            (GRADS, "flat = torch.autograd.grad(misfit, weights)  #"),
        ),
    ),
    Alternative(
        "augmented_residual",
        (
            (
                MISFIT,
                "misfit = torch.cat([H @ W_out - Y, lamb**0.5 * W_out]).pow(2).sum()  #",
            ),
            (J_LINE, "J = misfit  #"),
        ),
    ),
    Alternative(
        "by_the_chain_rule",
        (
            (
                GRADS,
                "flat = torch.autograd.grad(H, weights, 2 * (H @ W_out - Y).detach() @ W_out.T)  #",
            ),
        ),
    ),
    Alternative(
        "colour_by_colour",
        (
            (
                MISFIT,
                "misfit = sum(((H @ W_out[:, k] - Y[:, k]) ** 2).sum() for k in range(Y.shape[1]))  #",
            ),
        ),
    ),
)
