"""04_03: choose_sigma."""

from __future__ import annotations

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("The scale, chosen on validation pixels", "検証用の画素によるスケールの選択")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "For every scale there are two sets of pixels: which one teaches the readout, and which one gives the mark? Of the two numbers that `compute_loss` returns, which is better when it is larger?",
        "どのスケールについても、画素は2組あります。読み出し層に教えるのはどちらで、点数をつけるのはどちらですか。`compute_loss`が返す2つの数のうち、大きいほどよいのはどちらですか。",
    ),
    Text(
        "Make the frequencies anew from G for each scale. The Fourier features of the training pixels and their colours give the readout, by `ridge`, with the caller's penalty. The same frequencies make the features of the validation pixels; that readout paints them, and the decibels are noted. At the end look up which scale stands where the decibels are highest.",
        "周波数は、スケールごとにGから作り直します。読み出し層は、学習用の画素のフーリエ特徴と色から、指定された罰則の強さで`ridge`により求めます。検証用の画素の特徴も同じ周波数で作り、その読み出し層で描いて、デシベルの値を記録します。最後に、デシベルが最大の位置にあるスケールを調べます。",
    ),
)

OUTPUTS = (Numeric("best"), Numeric("psnrs"))


def draw(rng: np.random.Generator) -> Case:
    """A picture of two random waves; three to five scales in any order."""
    scales = rng.permutation([0.2, 0.5, 1.0, 2.0, 4.0, 8.0])[: int(rng.integers(3, 6))]
    return case(
        rng,
        pixels=int(rng.integers(20, 41)),
        others=int(rng.integers(8, 21)),
        waves=int(rng.integers(2, 7)),
        sigmas=scales.tolist(),
        lamb=float(np.round(10.0 ** rng.uniform(-3, 0), 4)),
    )


def case(
    rng: np.random.Generator,
    pixels: int = 30,
    others: int = 12,
    waves: int = 5,
    sigmas: list[float] | np.ndarray = (0.5, 1.0, 2.0, 4.0),
    lamb: float | None = None,
    label: Text | None = None,
) -> Case:
    """Pixels of a picture of strong colours, so that clipping matters.

    Continuous draws: no two of the scales are ever equally good.
    """
    k = rng.uniform(0.5, 2.5, (2, 3))
    phase = rng.uniform(0, 2 * np.pi, 3)

    def colours(X: np.ndarray) -> np.ndarray:
        noise = 0.05 * rng.standard_normal((len(X), 3))
        return np.clip(0.5 + 0.7 * np.sin(2 * np.pi * X @ k + phase) + noise, 0, 1)

    X_train, X_valid = rng.random((pixels, 2)), rng.random((others, 2))
    inputs = {
        "X_train": X_train,
        "Y_train": colours(X_train),
        "X_valid": X_valid,
        "Y_valid": colours(X_valid),
        "sigmas": sigmas if isinstance(sigmas, np.ndarray) else list(sigmas),
        "G": rng.standard_normal((waves, 2)),
    }
    if lamb is not None:  # else the default has to hold
        inputs["lamb"] = lamb
    return Case(
        label=label
        or Text(
            f"scales {sigmas}, pixels: {pixels} and {others}, waves: {waves}, lambda {lamb}",
            f"スケール{sigmas}、{pixels}画素と{others}画素、波{waves}個、λ = {lamb}",
        ),
        inputs=inputs,
        preserves=tuple(inputs)[:6],
    )


def cases() -> list[Case]:
    """Scales up and down, in lists and arrays, one and many."""
    rng = np.random.default_rng(403)
    return [
        case(rng, label=Text("four scales, lamb left alone", "4つのスケール、lambは既定値")),
        case(rng, sigmas=[1.5], lamb=0.1, label=Text("a single scale", "スケールが1つだけ")),
        case(
            rng,
            sigmas=[8.0, 4.0, 2.0, 1.0, 0.5],
            lamb=0.01,
            label=Text("scales from large to small", "大きい順に並んだスケール"),
        ),
        case(
            rng,
            sigmas=[2.0, 0.5, 8.0, 1.0],
            lamb=1e-3,
            label=Text("scales in no order", "順不同のスケール"),
        ),
        case(
            rng,
            sigmas=np.array([0.5, 1.0, 2.0]),
            lamb=0.5,
            label=Text("scales in an array", "配列で渡されたスケール"),
        ),
        case(
            rng,
            pixels=14,
            others=20,
            waves=8,
            lamb=1e-3,
            label=Text(
                "more features than pixels: the training pixels praise what is bad",
                "画素より特徴量が多い：学習用の画素では、悪いスケールほどよく見える",
            ),
        ),
        case(rng, waves=1, lamb=0.02, label=Text("a single wave", "波が1つだけ")),
        case(rng, others=3, lamb=1.0, label=Text("three validation pixels", "検証用の画素が3つ")),
        case(
            rng,
            sigmas=[1, 2, 3],
            lamb=0.2,
            label=Text("whole numbers for scales", "整数のスケール"),
        ),
        draw(rng),
        draw(rng),
        draw(rng),
        draw(rng),
        draw(rng),
    ]


SCALE = "B = sigma * G"
SOLVE = "W_out = ridge(fourier_features(X_train, B), Y_train, lamb)"
JUDGE = "_, psnr = compute_loss(fourier_features(X_valid, B) @ W_out, Y_valid)"
BEST = "best = sigmas[np.argmax(psnrs)]"

MISTAKES = (
    Mistake(
        "judged_on_training",
        ((JUDGE, "_, psnr = compute_loss(fourier_features(X_train, B) @ W_out, Y_train)"),),
        Text(
            "You let each scale mark its own homework. Which pixels were meant for judging?",
            "自分の宿題を自分で採点させています。判定に使うはずの画素は、どちらですか。",
        ),
    ),
    Mistake(
        "solved_on_validation",
        ((SOLVE, "W_out = ridge(fourier_features(X_valid, B), Y_valid, lamb)"),),
        Text(
            "The readout has seen the answers of the examination.",
            "読み出し層が、試験の答えを見てしまっています。",
        ),
    ),
    Mistake(
        "solved_on_all",
        (
            (
                SOLVE,
                "W_out = ridge(fourier_features(np.vstack([X_train, X_valid]), B), np.vstack([Y_train, Y_valid]), lamb)",
            ),
        ),
        Text(
            "More pixels make a better readout, but these ones were needed for something else.",
            "画素が多いほどよい読み出し層になりますが、その画素には別の役目がありました。",
        ),
    ),
    Mistake(
        "worst_chosen",
        ((BEST, "best = sigmas[np.argmin(psnrs)]"),),
        Text(
            "Is a high PSNR good or bad?",
            "PSNRは、高いほうがよいですか、低いほうがよいですか。",
        ),
    ),
    Mistake(
        "index_for_scale",
        ((BEST, "best = np.argmax(psnrs)"),),
        Text(
            "You return a place in the list. What stands there?",
            "返しているのは、リストの中の位置です。そこには何がありますか。",
        ),
    ),
    Mistake(
        "psnr_for_scale",
        ((BEST, "best = max(psnrs)"),),
        Text(
            "You return how good the best one is. Which one is it?",
            "返しているのは、最良のものの点数です。それは、どのスケールですか。",
        ),
    ),
    Mistake(
        "divided",
        ((SCALE, "B = G / sigma"),),
        Text(
            "A large sigma should mean fine detail. What does it mean in your code?",
            "sigmaが大きいほど、細かい模様になるはずです。みなさんのコードではどうなりますか。",
        ),
    ),
    Mistake(
        "variance_for_scale",
        ((SCALE, "B = np.sqrt(sigma) * G"),),
        Text(
            "Is sigma a standard deviation or a variance?",
            "sigmaは標準偏差ですか、分散ですか。",
        ),
    ),
    Mistake(
        "scales_multiplied_up",
        ((SCALE, "B = G = sigma * G"),),
        Text(
            "Your second scale starts from where the first one ended.",
            "2つ目のスケールが、1つ目のスケールを掛けた結果から始まっています。",
        ),
    ),
    Mistake(
        "scale_ignored",
        ((SCALE, "B = G"),),
        Text("All scales give the same PSNR.", "どのスケールでも、同じPSNRになっています。"),
    ),
    Mistake(
        "penalty_ignored",
        ((SOLVE, SOLVE.replace("lamb)", "1e-3)")),),
        Text(
            "The caller's penalty is not heard.",
            "呼び出し側が指定した罰則の強さが無視されています。",
        ),
    ),
    Mistake(
        "mse_for_psnr",
        ((JUDGE, JUDGE.replace("_, psnr", "psnr, _")),),
        Text(
            "compute_loss returns two numbers. In which order, and which of them is best when it is large?",
            "compute_lossは2つの数を返します。どの順序ですか。大きいほどよいのは、どちらですか。",
        ),
    ),
    Mistake(
        "first_chosen",
        ((BEST, "best = sigmas[0]"),),
        Text(
            "Your answer does not depend on the PSNRs at all.",
            "答えが、PSNRにまったく依存していません。",
        ),
    ),
    Mistake(
        "readout_of_other_waves",
        ((JUDGE, JUDGE.replace("X_valid, B", "X_valid, G")),),
        Text(
            "The readout was solved for some waves and is used with others.",
            "読み出し層を求めたときの波と、使うときの波が違っています。",
        ),
    ),
    Mistake(
        "sorted_scales",
        (("for sigma in sigmas:", "for sigma in sorted(sigmas):"),),
        Text(
            "Which PSNR belongs to which scale? The scales may stand in any order.",
            "どのPSNRがどのスケールのものですか。スケールは順不同で渡されることがあります。",
        ),
    ),
    Mistake(
        "psnr_for_a_place",
        ((BEST, "best = sigmas[max(psnrs)]"),),
        Text(
            "max says how good the best one is, and brackets want to know where it stands. What gives the place of the largest value?",
            "maxが返すのは、最もよいものの点数です。角括弧に入れるのは点数ではなく、並びの中の位置です。最大の値の位置は、何でわかるでしょうか。",
        ),
    ),
    Mistake(
        "both_numbers_kept",
        ((JUDGE, "psnr = compute_loss(fourier_features(X_valid, B) @ W_out, Y_valid)"),),
        Text(
            "compute_loss returns two numbers. In which order, and which of them is best when it is large?",
            "compute_lossは2つの数を返します。どの順序ですか。大きいほどよいのは、どちらですか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "running_best",
        code="""
def choose_sigma(X_train, Y_train, X_valid, Y_valid, sigmas, G, lamb=1e-3):
    best, top, psnrs = None, -np.inf, []
    for sigma in sigmas:
        W_out = ridge(fourier_features(X_train, G * sigma), Y_train, lamb)
        psnr = compute_loss(fourier_features(X_valid, G * sigma) @ W_out, Y_valid)[1]
        psnrs += [psnr]
        if psnr > top:
            best, top = sigma, psnr
    return best, np.array(psnrs)
""",
    ),
    Alternative(
        "dictionary",
        code="""
def choose_sigma(X_train, Y_train, X_valid, Y_valid, sigmas, G, lamb=1e-3):
    def score(sigma):
        H = fourier_features(np.vstack([X_train, X_valid]), sigma * G)
        W_out = ridge(H[: len(X_train)], Y_train, lamb)
        return compute_loss(H[len(X_train) :] @ W_out, Y_valid)[1]

    scores = {sigma: score(sigma) for sigma in sigmas}
    return max(scores, key=scores.get), tuple(scores.values())
""",
    ),
    Alternative(
        "normal_equations",
        (
            (
                SOLVE,
                "H = fourier_features(X_train, B)\n        W_out = np.linalg.solve(H.T @ H + lamb * np.eye(H.shape[1]), H.T @ Y_train)",
            ),
        ),
    ),
    Alternative(
        "singular_values",
        (
            (
                SOLVE,
                "U, s, Vt = np.linalg.svd(fourier_features(X_train, B), full_matrices=False)\n"
                "        W_out = Vt.T @ np.diag(s / (s**2 + lamb)) @ U.T @ Y_train",
            ),
        ),
    ),
    Alternative(
        "own_loss",
        (
            (
                JUDGE,
                "error = np.clip(fourier_features(X_valid, B) @ W_out, 0, 1) - Y_valid\n"
                "        psnr = 10 * np.log10(error.size / np.sum(error**2))",
            ),
        ),
    ),
    Alternative("sorted_by_psnr", ((BEST, "best = sorted(zip(psnrs, sigmas))[-1][1]"),)),
    Alternative(
        "scaled_coordinates", ((SCALE, "B = np.array([[sigma * k for k in g] for g in G])"),)
    ),
)
