"""01_04: forward."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("The features of a reservoir", "リザバーの特徴量")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Follow one pixel through two layers on paper. From which state does each layer start, what does it hear in each update, and what does the next layer hear?",
        "1つの画素が2つの層を通っていく様子を、紙の上で追ってみましょう。各層はどの状態から始まり、更新のたびに何を聞きますか。そして、次の層は何を聞きますか。",
    ),
    Text(
        "Every layer starts from zeros: a row for each pixel, a column for each of its units. In an update three terms stand inside the tanh, the input and the state, each with its weights on the right, and the bias. The next layer hears this one's last state; and the features are all last states joined along the columns.",
        "どの層も0から始まります。行が画素、列がその層のユニットです。1回の更新では、3つの項がtanhの中に入ります。重みを右から掛けた入力と状態、そしてバイアスです。次の層が聞くのはこの層の最後の状態で、特徴量は、全層の最後の状態を列の方向につなげたものです。",
    ),
)

OUTPUTS = (Numeric("H"),)


def draw(rng: np.random.Generator) -> Case:
    """A few inputs to a small reservoir, which has seldom settled."""
    units = int(rng.integers(2, 7))
    return case(
        rng,
        inputs=int(rng.integers(1, 13)),
        dim=units if rng.random() < 0.3 else int(rng.integers(1, 5)),
        units=units,
        layers=int(rng.integers(1, 4)),
        num_iterations=int(rng.integers(1, 7)),
    )


def case(
    rng: np.random.Generator,
    inputs: int = 6,
    dim: int = 2,
    units: int = 4,
    layers: int = 2,
    num_iterations: int | None = 3,
    label: Text | None = None,
) -> Case:
    """Weights as large as those of the lesson; without ``num_iterations`` its default holds."""
    weights = []
    for i in range(layers):
        W_in = rng.uniform(0.3, 1.0, (units if i else dim, units))
        W_in *= rng.choice([-1.0, 1.0], W_in.shape)
        W_hh = rng.standard_normal((units, units))
        W_hh *= 0.9 / np.abs(np.linalg.eigvals(W_hh)).max()
        weights.append((W_in, W_hh, rng.uniform(0.1, 0.4, units)))
    given = {"X": rng.uniform(-1, 1, (inputs, dim)), "layers": weights}
    if num_iterations is not None:
        given["num_iterations"] = num_iterations
    return Case(
        label=label
        or Text(
            f"inputs: {inputs}, numbers in each: {dim}, layers: {layers}, units of each: {units}, "
            f"iterations: {num_iterations or 10}",
            f"入力{inputs}個（{dim}次元）、{layers}層、各{units}ユニット、反復{num_iterations or 10}回",
        ),
        inputs=given,
        preserves=("X", "layers"),
    )


def cases() -> list[Case]:
    """From one update of one layer to three layers and the default number of iterations."""
    rng = np.random.default_rng(104)
    return [
        case(rng, layers=1, num_iterations=1, label=Text("one layer, one update", "1層、更新1回")),
        case(rng, layers=1, num_iterations=2, label=Text("one layer, two updates", "1層、更新2回")),
        case(
            rng, layers=1, num_iterations=5, label=Text("one layer, five updates", "1層、更新5回")
        ),
        case(rng, layers=2, num_iterations=1, label=Text("two layers, one update", "2層、更新1回")),
        case(rng, layers=2, label=Text("two layers, three updates", "2層、更新3回")),
        case(rng, layers=3, label=Text("three layers, three updates", "3層、更新3回")),
        case(
            rng,
            dim=4,
            layers=3,
            num_iterations=4,
            label=Text(
                "as many inputs as units, three layers", "入力の次元とユニット数が同じ、3層"
            ),
        ),
        case(
            rng,
            inputs=4,
            dim=4,
            layers=2,
            num_iterations=2,
            label=Text(
                "as many rows as inputs and units", "行数と入力の次元とユニット数がすべて同じ"
            ),
        ),
        case(
            rng,
            num_iterations=None,
            layers=3,
            label=Text("num_iterations left alone", "num_iterationsは既定値のまま"),
        ),
        case(rng, inputs=1, label=Text("a single row", "1行だけ")),
        case(
            rng, units=1, layers=3, label=Text("layers of a single unit", "どの層も1ユニットだけ")
        ),
        case(rng, inputs=12, dim=1, units=6, layers=3, num_iterations=6),
        case(rng, inputs=9, dim=3, units=5, layers=2, num_iterations=4),
        case(rng, inputs=5, dim=3, units=3, layers=3, num_iterations=2),
    ]


START = "h = np.zeros((len(X), len(b)))"
UPDATE = "h = np.tanh(u @ W_in + h @ W_hh + b)"
NEXT = "u = h  #"
SIDE = "np.concatenate(states, axis=1)"
MISTAKES = (
    Mistake(
        "no_recurrence",
        ((UPDATE, "h = np.tanh(u @ W_in + b)"),),
        Text(
            "However often you iterate, nothing changes after the first time. What has the state "
            "before to do with the state after?",
            "何回反復しても、2回目からは何も変わりません。更新後の状態に、更新前の状態はどう関わりますか。",
        ),
    ),
    Mistake(
        "no_bias",
        ((UPDATE, "h = np.tanh(u @ W_in + h @ W_hh)"),),
        Text(
            "One of the three terms inside the tanh is missing. What would a layer answer to an "
            "input of zeros?",
            "tanhの中の3つの項のうち1つが抜けています。入力が0のとき、層は何を答えますか。",
        ),
    ),
    Mistake(
        "bias_outside",
        ((UPDATE, "h = np.tanh(u @ W_in + h @ W_hh) + b"),),
        Text(
            "Your states may leave the range of the tanh. What stands inside it, and what outside?",
            "状態がtanhの値の範囲を外れることがあります。tanhの中にあるものと外にあるものを見直してください。",
        ),
    ),
    Mistake(
        "no_tanh",
        ((UPDATE, "h = u @ W_in + h @ W_hh + b"),),
        Text(
            "Your layers are linear. What keeps a state between -1 and 1?",
            "層が線形になっています。状態を-1と1の間に保つのは何ですか。",
        ),
    ),
    Mistake(
        "recurrence_transposed",
        ((UPDATE, "h = np.tanh(u @ W_in + h @ W_hh.T + b)"),),
        Text(
            "A row of h is the state of one pixel, so the matrix stands on its right, as it is. No "
            "transpose is needed.",
            "hの1行が1画素の状態なので、行列はそのまま右から掛けます。転置は要りません。",
        ),
    ),
    Mistake(
        "input_heard_once",
        ((UPDATE, "h = np.tanh((0 if h.any() else u @ W_in) + h @ W_hh + b)"),),
        Text(
            "The input is heard in the first update only. Which terms of the formula change from one "
            "update to the next?",
            "入力を聞いているのが最初の更新だけです。式の中で、更新のたびに変わるのはどの項ですか。",
        ),
    ),
    Mistake(
        "adds_to_the_state",
        ((UPDATE, "h = h + np.tanh(u @ W_in + h @ W_hh + b)"),),
        Text(
            "The tanh is the new state, and not what has to be added to the old one.",
            "tanhの値が新しい状態そのものです。前の状態に加えるものではありません。",
        ),
    ),
    Mistake(
        "one_iteration_short",
        (("range(num_iterations)", "range(num_iterations - 1)"),),
        Text(
            "Your layers stop one update early. How often does range(1, T) run?",
            "更新が1回足りません。range(1, T)は何回繰り返しますか。",
        ),
    ),
    Mistake(
        "one_iteration_more",
        (("range(num_iterations)", "range(num_iterations + 1)"),),
        Text(
            "Your layers do one update too many. Is the state from which they start counted?",
            "更新が1回多すぎます。出発点の状態を数に入れていませんか。",
        ),
    ),
    Mistake(
        "starts_from_ones",
        ((START, "h = np.ones((len(X), len(b)))"),),
        Text(
            "From which state does each layer start?",
            "各層はどの状態から出発しますか。",
        ),
    ),
    Mistake(
        "starts_from_the_bias",
        ((START, "h = np.zeros((len(X), len(b))) + b"),),
        Text(
            "From which state does each layer start? The bias comes in with the first update.",
            "各層はどの状態から出発しますか。バイアスは最初の更新のときに入ります。",
        ),
    ),
    Mistake(
        "starts_from_the_layer_before",
        ((START, "h = states[-1] if states else np.zeros((len(X), len(b)))"),),
        Text(
            "The first layer is right. From where does the second one start: from where the first "
            "one ended, or afresh?",
            "1層目は合っています。2層目はどこから出発しますか。1層目の終わりの続きですか、それとも改めてですか。",
        ),
    ),
    Mistake(
        "every_layer_hears_the_coordinates",
        ((NEXT, "u = X if W_in.shape == layers[-1][0].shape else h  #"),),
        Text(
            "Later layers hear the coordinates again. Whose state should they hear?",
            "2層目以降も座標を聞いています。聞くべきなのは、どの層の状態ですか。",
        ),
    ),
    Mistake(
        "next_layer_hears_the_sum",
        ((NEXT, "u = sum(states)  #"),),
        Text(
            "The third layer hears the first one as well as the second. Which layer stands right "
            "before it?",
            "3層目が、2層目だけでなく1層目も聞いています。すぐ前の層はどれですか。",
        ),
    ),
    Mistake(
        "last_layer_only",
        ((SIDE, "states[-1]"),),
        Text(
            "You return the last layer alone. How many columns has H?",
            "最後の層だけを返しています。Hの列はいくつですか。",
        ),
    ),
    Mistake(
        "one_below_the_other",
        ((SIDE, "np.concatenate(states, axis=0)"),),
        Text(
            "The layers stand one below the other. A row of H shall hold all there is about one pixel.",
            "層が縦に並んでいます。Hの1行に、1画素についてのすべてが並ぶはずです。",
        ),
    ),
    Mistake(
        "layers_reversed",
        ((SIDE, "np.concatenate(states[::-1], axis=1)"),),
        Text(
            "All the states are there, but in another order. Which layer comes first?",
            "状態は全部そろっていますが、順序が違います。最初に来るのはどの層ですか。",
        ),
    ),
    Mistake(
        "units_interleaved",
        ((SIDE, "np.stack(states, axis=2).reshape(len(X), -1)"),),
        Text(
            "The units of the layers are interleaved. All of the first layer's units come first.",
            "各層のユニットが互い違いに並んでいます。まず1層目のユニットがすべて並びます。",
        ),
    ),
    Mistake(
        "layers_added_up",
        ((SIDE, "sum(states)"),),
        Text(
            "The layers are added up, and cannot be told apart any more. How many columns has H?",
            "層を足し合わせているので、もう区別がつきません。Hの列はいくつですか。",
        ),
    ),
    Mistake(
        "matrices_before_the_rows",
        ((UPDATE, "h = np.tanh(W_in @ u + W_hh @ h + b)"),),
        Text(
            "A row of u or h belongs to one sample, and there are n of them; in your product these n meet the N units. On which side of a matrix does a row stand?",
            "uやhの1行は1つの標本のもので、行はn個あります。いまの積では、そのn個とN個のユニットが出会っています。行は、行列のどちら側に置けばよいでしょうか。",
        ),
    ),
    Mistake(
        "recurrent_matrix_before_the_rows",
        ((UPDATE, "h = np.tanh(u @ W_in + W_hh @ h + b)"),),
        Text(
            "A row of u or h belongs to one sample, and there are n of them; in your product these n meet the N units. On which side of a matrix does a row stand?",
            "uやhの1行は1つの標本のもので、行はn個あります。いまの積では、そのn個とN個のユニットが出会っています。行は、行列のどちら側に置けばよいでしょうか。",
        ),
    ),
    Mistake(
        "input_weights_transposed",
        ((UPDATE, "h = np.tanh(u @ W_in.T + h @ W_hh + b)"),),
        Text(
            "W_in has the shape (d_in, N) here; turned, its N units meet the d_in entries of a row of u. In chapter 3 a layer kept its weight the other way round. Is a transpose needed here?",
            "ここでのW_inの形は(d_in, N)です。転置したので、N個のユニットと、uの1行にあるd_in個の成分が出会っています。3章の層の重みとは、向きが逆です。ここでは転置が要るでしょうか。",
        ),
    ),
    Mistake(
        "state_shaped_like_the_input",
        ((START, "h = np.zeros_like(u)"),),
        Text(
            "Your first state has as many columns as the input of the layer. A state has a number for each unit: what tells how many units the layer has?",
            "最初の状態の列の数が、その層の入力と同じになっています。状態は、ユニットごとに1つの数です。層のユニットの数は、何からわかるでしょうか。",
        ),
    ),
    Mistake(
        "shape_without_brackets",
        ((START, "h = np.zeros(len(X), len(b))"),),
        Text(
            "np.zeros and np.empty take the whole shape as one argument; what comes second is already the data type, and NumPy stumbles over that. How do several lengths become one shape?",
            "np.zerosやnp.emptyは、形全体を1つの引数として受け取ります。2つ目の引数はデータ型なので、そこに長さを渡すとエラーになります。いくつもの長さを1つの形にまとめるには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "zero_as_a_number",
        ((START, "h = 0"),),
        Text(
            "0 is a mere number, and @ multiplies arrays alone. A state has a row for each input and a column for each unit: how are zeros of that shape made?",
            "0はただの数で、@で掛けられるのは配列だけです。状態は、入力ごとに1行、ユニットごとに1列です。その形に並んだ0は、どう作ればよいでしょうか。",
        ),
    ),
    Mistake(
        "second_layer_hears_the_coordinates",
        ((NEXT, "u = X  #"),),
        Text(
            "Later layers hear the coordinates again. Whose state should they hear?",
            "2層目以降も座標を聞いています。聞くべきなのは、どの層の状態ですか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "hoisted_and_first_step_free",
        code="""
def forward(X, layers, num_iterations=10):
    u, states = X, []
    for W_in, W_hh, b in layers:
        v = u @ W_in + b
        u = np.tanh(v)
        for _ in range(num_iterations - 1):
            u = np.tanh(v + u @ W_hh)
        states.append(u)
    return np.hstack(states)
""",
    ),
    Alternative(
        "in_place",
        code="""
def forward(X, layers, num_iterations=10):
    n, H = len(X), len(layers[0][2])
    out = np.zeros((n, len(layers) * H))
    u = X
    for i, (W_in, W_hh, b) in enumerate(layers):
        h = out[:, i * H : (i + 1) * H]
        v = u @ W_in
        v += b
        for _ in range(num_iterations):
            np.tanh(h @ W_hh + v, out=h)
        u = h
    return out
""",
    ),
    Alternative(
        "row_by_row",
        code="""
def forward(X, layers, num_iterations=10):
    H = []
    for row in X:
        u, features = row, []
        for W_in, W_hh, b in layers:
            h = np.zeros_like(b)
            for _ in range(num_iterations):
                h = np.tanh(W_in.T @ u + W_hh.T @ h + b)
            features.extend(h)
            u = h
        H.append(features)
    return np.array(H)
""",
    ),
    Alternative(
        "pixels_as_columns",
        code="""
def forward(X, layers, num_iterations=10):
    u, states = X.T, []
    for W_in, W_hh, b in layers:
        h = np.zeros((len(b), len(X)))
        for _ in range(num_iterations):
            h = np.tanh(W_in.T @ u + W_hh.T @ h + b[:, None])
        states.append(h)
        u = h
    return np.vstack(states).T
""",
    ),
    Alternative(
        "one_matrix",
        code="""
def forward(X, layers, num_iterations=10):
    u, H = X, np.empty((len(X), 0))
    ones = np.ones((len(X), 1))
    for W_in, W_hh, b in layers:
        W = np.vstack([W_in, W_hh, b])
        h = np.zeros((len(X), len(b)))
        for _ in range(num_iterations):
            h = np.tanh(np.hstack([u, h, ones]) @ W)
        H, u = np.hstack([H, h]), h
    return H
""",
    ),
    Alternative(
        "recursion",
        code="""
def forward(X, layers, num_iterations=10):
    (W_in, W_hh, b), *deeper = layers
    h = 0 * (X @ W_in)
    for _ in range(num_iterations):
        h = np.tanh(X @ W_in + h @ W_hh + b)
    return np.concatenate([h, forward(h, deeper, num_iterations)], axis=1) if deeper else h
""",
    ),
    Alternative(
        "einsum",
        (
            (
                UPDATE,
                'h = np.tanh(np.einsum("ni,ij->nj", u, W_in) + np.einsum("nj,jk->nk", h, W_hh) + b)',
            ),
        ),
    ),
    Alternative(
        "hstack_and_exponentials",
        (
            (UPDATE, "h = 1 - 2 / (np.exp(2 * (u @ W_in + h @ W_hh + b)) + 1)"),
            (SIDE, "np.hstack(states)"),
        ),
    ),
    Alternative("state_of_one_row", ((START, "h = np.zeros(len(b))"),)),
)
