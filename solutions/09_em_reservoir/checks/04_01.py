"""04_01: random_baseline, a readout that is fitted on some pixels and asked for others."""

from __future__ import annotations

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("The random baseline", "ランダムなリザバーという基準")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Which pixels may the readout learn from, and which features does it take to paint the other ones? To which function goes the penalty, to which the number of updates?",
        "読み出し層が学習してよいのは、どの画素ですか。もう一方の画素を描くには、どの特徴量が要りますか。罰則の強さと更新の回数は、それぞれどの関数に渡しますか。",
    ),
    Text(
        "The features are made twice, for either set of coordinates, by the same layers with the same number of updates. The readout comes from the first set of features and its colours, by `ridge`, to which the penalty is handed as it is. One readout then paints both sets, and both pictures are clipped to the range of colours.",
        "特徴量は、2組の座標のそれぞれについて、同じ層と同じ更新回数で作ります。読み出し層は、学習用の特徴量と色から`ridge`で求めます（罰則の強さはそのまま渡します）。その1つの読み出し層で両方の絵を描き、どちらも色の範囲に切り詰めます。",
    ),
)

OUTPUTS = (Numeric("prediction_train"), Numeric("prediction_test"))


def draw(rng: np.random.Generator) -> Case:
    """A small reservoir, pixels of strong colours, so that some predictions have to be clipped."""
    return case(
        rng,
        pixels=int(rng.integers(12, 41)),
        others=int(rng.integers(5, 21)),
        hidden=tuple(rng.integers(2, 7, int(rng.integers(1, 4))).tolist()),
        lamb=float(np.round(10.0 ** rng.uniform(-3, 0), 4)),
        num_iterations=int(rng.integers(1, 7)),
    )


def case(
    rng: np.random.Generator,
    pixels: int = 20,
    others: int = 10,
    hidden: tuple[int, ...] = (4, 3),
    lamb: float | None = None,
    num_iterations: int | None = None,
    label: Text | None = None,
) -> Case:
    """The training pixels lie in the middle; what is beyond them invites colours beyond [0, 1]."""
    layers, inputs = [], 2
    for units in hidden:
        W_in, b = rng.normal(0, 1.0, (inputs, units)), rng.normal(0, 0.5, units)
        layers.append((W_in, rng.normal(0, 0.6 / np.sqrt(units), (units, units)), b))
        inputs = units
    inputs = {
        "X_train": rng.uniform(0.25, 0.75, (pixels, 2)),
        "Y_train": np.round(rng.beta(0.3, 0.3, (pixels, 3)), 3),
        "X_test": rng.random((others, 2)),
        "layers": layers,
    }
    if lamb is not None:  # else the default has to hold
        inputs["lamb"] = lamb
    if num_iterations is not None:
        inputs["num_iterations"] = num_iterations
    return Case(
        label=label
        or Text(
            f"{pixels} and {others} pixels, units {hidden}, lambda {lamb}, T = {num_iterations}",
            f"{pixels}画素と{others}画素、ユニット数{hidden}、λ = {lamb}、T = {num_iterations}",
        ),
        inputs=inputs,
        preserves=("X_train", "Y_train", "X_test", "layers"),
    )


def cases() -> list[Case]:
    """Every argument matters in some of them."""
    rng = np.random.default_rng(401)
    same = case(
        rng,
        15,
        1,
        (5,),
        0.01,
        2,
        Text("the test pixels are the training pixels", "検証用の画素が学習用と同じ"),
    )
    same.inputs["X_test"] = same.inputs["X_train"].copy()
    return [
        case(rng, label=Text("lamb and num_iterations left alone", "lambとnum_iterationsは既定値")),
        case(rng, hidden=(4,), lamb=1.0, num_iterations=1, label=Text("one layer", "1層")),
        case(rng, lamb=0.1, label=Text("lambda 0.1", "λ = 0.1")),
        case(rng, lamb=1e-3, num_iterations=3, label=Text("three updates", "更新3回")),
        case(rng, num_iterations=6, label=Text("six updates", "更新6回")),
        case(rng, 30, 30, (3, 3, 3), 0.05, 4, Text("three layers", "3層")),
        case(rng, 12, 1, (2, 5), 0.5, 5, Text("a single test pixel", "検証用の画素が1つだけ")),
        same,
        case(
            rng,
            5,
            12,
            (6, 6),
            1e-2,
            2,
            Text("fewer pixels than features", "特徴量より画素が少ない"),
        ),
        draw(rng),
        draw(rng),
        draw(rng),
        draw(rng),
    ]


TRAIN = "H_train = forward(X_train, layers, num_iterations)"
SOLVE = "W_out = ridge(H_train, Y_train, lamb)"
TEST = "H_test = forward(X_test, layers, num_iterations)"
CLIP_TRAIN = "prediction_train = np.clip(H_train @ W_out, 0, 1)"
CLIP_TEST = "prediction_test = np.clip(H_test @ W_out, 0, 1)"

MISTAKES = (
    Mistake(
        "train_features_twice",
        ((CLIP_TEST, "prediction_test = np.clip(H_train @ W_out, 0, 1)"),),
        Text(
            "The second picture is painted from the features of the first one's pixels. Which pixels is it of?",
            "2つ目の絵が、1つ目と同じ画素の特徴量から描かれています。これは、どの画素の絵ですか。",
        ),
    ),
    Mistake(
        "not_clipped",
        (
            (CLIP_TRAIN, "prediction_train = H_train @ W_out"),
            (CLIP_TEST, "prediction_test = H_test @ W_out"),
        ),
        Text(
            "Some of your colours are darker than black or brighter than white.",
            "黒より暗い色や、白より明るい色が混じっています。",
        ),
    ),
    Mistake(
        "train_not_clipped",
        ((CLIP_TRAIN, "prediction_train = H_train @ W_out"),),
        Text(
            "Only one of the two pictures keeps to the range of colours.",
            "色の範囲に収まっているのは、2つの絵のうち片方だけです。",
        ),
    ),
    Mistake(
        "test_not_clipped",
        ((CLIP_TEST, "prediction_test = H_test @ W_out"),),
        Text(
            "Away from the training pixels a linear readout easily leaves the range of colours.",
            "学習した画素から離れると、線形の読み出し層は色の範囲を簡単に飛び出します。",
        ),
    ),
    Mistake(
        "penalty_ignored",
        ((SOLVE, "W_out = ridge(H_train, Y_train, 1e-3)"),),
        Text(
            "A fair comparison has the same penalty everywhere; here the caller's is not heard.",
            "公平な比較では、罰則の強さをそろえなければなりません。呼び出し側の指定が無視されています。",
        ),
    ),
    Mistake(
        "penalty_rooted_twice",
        ((SOLVE, "W_out = ridge(H_train, Y_train, np.sqrt(lamb))"),),
        Text(
            "The square root of lamb is taken already. Where?",
            "lambの平方根は、すでに別の場所でとられています。どこですか。",
        ),
    ),
    Mistake(
        "penalty_times_pixels",
        ((SOLVE, "W_out = ridge(H_train, Y_train, lamb * len(X_train))"),),
        Text(
            "Your penalty grows with the number of pixels. The objective of this chapter is a sum over pixels, not a mean.",
            "罰則が画素数とともに大きくなっています。この章の目的関数は、画素についての平均ではなく和です。",
        ),
    ),
    Mistake(
        "iterations_ignored",
        (
            (TRAIN, "H_train = forward(X_train, layers)"),
            (TEST, "H_test = forward(X_test, layers)"),
        ),
        Text(
            "The states always settle for ten iterations. Who is to decide how many?",
            "状態がいつも10回更新されています。回数を決めるのは誰ですか。",
        ),
    ),
    Mistake(
        "iterations_only_in_training",
        ((TEST, "H_test = forward(X_test, layers)"),),
        Text(
            "The readout was solved for features of one kind, and is asked for features of another. Compare the two calls of forward.",
            "読み出し層を求めたときの特徴量と、使うときの特徴量が違っています。forwardの2つの呼び出しを比べてみましょう。",
        ),
    ),
    Mistake(
        "solved_for_half",
        ((SOLVE, "W_out = ridge(H_train[::2], Y_train[::2], lamb)"),),
        Text(
            "Half of the training pixels have no say in the readout.",
            "学習用の画素の半分が、読み出し層の計算に使われていません。",
        ),
    ),
    Mistake(
        "last_layer_alone",
        (
            (TRAIN, TRAIN + "[:, -len(layers[-1][2]) :]"),
            (TEST, TEST + "[:, -len(layers[-1][2]) :]"),
        ),
        Text(
            "Your readout hears the last layer alone. What does forward return?",
            "読み出し層が、最後の層の声しか聞いていません。forwardは何を返しますか。",
        ),
    ),
    Mistake(
        "in_the_wrong_order",
        (("return prediction_train, prediction_test", "return prediction_test, prediction_train"),),
        Text(
            "Both pictures are right. In which order are they asked for?",
            "2つの絵はどちらも正しく描けています。返す順序はどうですか。",
        ),
    ),
    Mistake(
        "test_moved_to_the_middle",
        ((TEST, "H_test = forward(X_test - X_test.mean(0), layers, num_iterations)"),),
        Text(
            "A pixel's coordinates say where it is. May they depend on which other pixels are asked for?",
            "座標は、画素の位置そのものです。ほかにどの画素を尋ねたかで変わってよいですか。",
        ),
    ),
    Mistake(
        "clipped_to_both_signs",
        (
            (CLIP_TRAIN, "prediction_train = np.clip(H_train @ W_out, -1, 1)"),
            (CLIP_TEST, "prediction_test = np.clip(H_test @ W_out, -1, 1)"),
        ),
        Text(
            "States lie between -1 and 1. And colours?",
            "状態の範囲は-1から1までです。色はどうですか。",
        ),
    ),
    Mistake(
        "readout_of_the_coordinates",
        ((SOLVE, "W_out = ridge(X_train, Y_train, lamb)"),),
        Text(
            "Your readout has two rows, one for each coordinate, and meets features, a number for each unit of all layers. What does the readout read?",
            "読み出し層が座標に合わせた2行になっていて、特徴量（全層のユニットの数だけあります）と出会っています。読み出し層が読み取るのは、何でしょうか。",
        ),
    ),
    Mistake(
        "coordinates_painted",
        ((CLIP_TEST, "prediction_test = np.clip(X_test @ W_out, 0, 1)"),),
        Text(
            "The readout has a row for each feature, and you multiply it by the two coordinates of each pixel. What is made of the coordinates first?",
            "読み出し層は特徴量ごとに1行ですが、画素の2つの座標を掛けています。まず、座標から何を作ればよいでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "normal_equations",
        code="""
def ridge(H, Y, lamb):
    return np.linalg.solve(H.T @ H + lamb * np.eye(H.shape[1]), H.T @ Y)
""",
    ),
    Alternative(
        "dual",
        code="""
def ridge(H, Y, lamb):
    return H.T @ np.linalg.solve(H @ H.T + lamb * np.eye(len(H)), Y)
""",
    ),
    Alternative(
        "singular_values",
        code="""
def ridge(H, Y, lamb):
    U, s, Vt = np.linalg.svd(H, full_matrices=False)
    return Vt.T @ ((s / (s**2 + lamb))[:, None] * (U.T @ Y))
""",
    ),
    Alternative(
        "qr",
        code="""
def ridge(H, Y, lamb):
    Q, R = np.linalg.qr(np.concatenate([H, lamb**0.5 * np.eye(H.shape[1])]))
    return np.linalg.solve(R, Q[: len(H)].T @ Y)
""",
    ),
    Alternative(
        "all_pixels_at_once",
        code="""
def random_baseline(X_train, Y_train, X_test, layers, lamb=1e-3, num_iterations=10):
    n = len(X_train)
    H = forward(np.concatenate([X_train, X_test]), layers, num_iterations)
    picture = (H @ ridge(H[:n], Y_train, lamb)).clip(0, 1)
    return picture[:n], picture[n:]
""",
    ),
    Alternative(
        "pixel_by_pixel",
        code="""
def random_baseline(X_train, Y_train, X_test, layers, lamb=1e-3, num_iterations=10):
    def features(x):
        return forward(x[None, :], layers, num_iterations)[0]

    H = np.array([features(x) for x in X_train])
    W_out = ridge(H, Y_train, lamb)
    train = [np.minimum(1.0, np.maximum(0.0, h @ W_out)) for h in H]
    test = [np.minimum(1.0, np.maximum(0.0, features(x) @ W_out)) for x in X_test]
    return train, np.array(test).reshape(-1, 3)
""",
    ),
    Alternative(
        "channel_by_channel",
        (
            (
                SOLVE,
                "W_out = np.stack([ridge(H_train, y[:, None], lamb)[:, 0] for y in Y_train.T], axis=1)",
            ),
        ),
    ),
)
