"""01_03: scale_to_spectral_radius."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("The spectral radius", "スペクトル半径")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Which eigenvalues has a rotation by 90 degrees, and how far from zero are they? And what becomes of the eigenvalues if every entry of W is doubled?",
        "90度の回転行列の固有値は何で、0からどれだけ離れていますか。また、Wの成分をすべて2倍にすると、固有値はどうなりますか。",
    ),
    Text(
        "`np.linalg.eigvals` gives the eigenvalues, complex ones too, and `np.abs` their distances from zero: the largest is the radius. The factor for W is the radius asked for over the radius it has; let the product be a new array.",
        "`np.linalg.eigvals`で固有値が（複素数も含めて）求まり、`np.abs`で0からの距離がわかります。その最大値が半径です。Wに掛ける係数は、指定された半径をいまの半径で割ったものです。積は新しい配列にします。",
    ),
)

OUTPUTS = (Numeric("W"),)


def draw(rng: np.random.Generator) -> Case:
    """A Gaussian matrix whose spectral radius is told plainly."""
    units = int(rng.integers(3, 11))
    return case(gaussian(units, rng), float(np.round(rng.uniform(0.3, 1.6), 2)))


def gaussian(units: int, rng: np.random.Generator) -> np.ndarray:
    """A matrix of N(0, 1) whose eigenvalues are well conditioned, and its radius unlike the rest.

    Some of them, such as the largest real part, the largest entry, the determinant and the norms,
    could be taken for the radius by accident.
    """
    while True:
        W = rng.standard_normal((units, units))
        eigenvalues, vectors = np.linalg.eig(W)
        radius = np.abs(eigenvalues).max()
        others = [eigenvalues.real.max(), np.abs(eigenvalues.real).max(), np.abs(W).max()]
        others += [np.abs(np.linalg.det(W)), np.abs(eigenvalues).min(), 1.0]
        others += [np.linalg.norm(W, order) for order in (2, "fro", 1, np.inf)]
        if min(abs(other / radius - 1) for other in others) > 0.02 and np.linalg.cond(vectors) < 50:
            return W


def case(W: np.ndarray, spectral_radius: float, label: Text | None = None) -> Case:
    """A matrix and the radius wanted."""
    units = len(W)
    return Case(
        label=label
        or Text(
            f"a Gaussian matrix, {units} x {units}, to radius {spectral_radius}",
            f"{units}次のガウス行列、スペクトル半径{spectral_radius}",
        ),
        inputs={"W": W, "spectral_radius": spectral_radius},
        preserves=("W",),
    )


def cases() -> list[Case]:
    """Real, complex and negative eigenvalues, small radii and large ones."""
    rng = np.random.default_rng(103)
    triangle = np.array([[0.5, 8.0, -6.0], [0.0, -2.0, 7.0], [0.0, 0.0, 1.0]])
    return [
        case(
            np.array([[0.0, -2.0], [2.0, 0.0]]),
            0.9,
            Text("a rotation: no real eigenvalue", "回転：実数の固有値がない"),
        ),
        case(
            np.diag([1.0, -4.0, 2.0]),
            0.5,
            Text("the largest eigenvalue is negative", "絶対値が最大の固有値が負"),
        ),
        case(
            triangle,
            0.9,
            Text(
                "a triangle whose entries are larger than its eigenvalues",
                "固有値より大きな成分をもつ三角行列",
            ),
        ),
        case(np.array([[-3.0]]), 0.7, Text("a single unit", "1ユニットだけ")),
        case(np.array([[2.0, 1.0], [1.0, 2.0]]), 0.9, Text("a symmetric matrix", "対称行列")),
        case(gaussian(4, rng), 1.0),
        case(
            1e-3 * gaussian(5, rng),
            0.95,
            Text("a matrix that has to grow", "大きくしなければならない行列"),
        ),
        case(
            gaussian(6, rng),
            1.5,
            Text("a radius above 1", "1より大きいスペクトル半径"),
        ),
        case(gaussian(3, rng), 0.0, Text("a radius of 0", "スペクトル半径0")),
        case(gaussian(8, rng), 0.9),
        case(gaussian(10, rng), 0.3),
        case(gaussian(7, rng), 1.2),
        case(gaussian(4, rng), 0.6),
    ]


RADIUS = "np.abs(np.linalg.eigvals(W)).max()"
SCALED = "W * (spectral_radius / radius)"
MISTAKES = (
    Mistake(
        "largest_real_part",
        ((RADIUS, "np.linalg.eigvals(W).real.max()"),),
        Text(
            "An eigenvalue far from zero need not have a large real part. What is the distance of a "
            "complex number from zero?",
            "0から遠い固有値でも、実部が大きいとは限りません。複素数と0との距離は何ですか。",
        ),
    ),
    Mistake(
        "absolute_real_part",
        ((RADIUS, "np.abs(np.linalg.eigvals(W).real).max()"),),
        Text(
            "A rotation has eigenvalues without a real part. Is its spectral radius 0?",
            "回転行列の固有値には実部が0のことがあります。スペクトル半径は0ですか。",
        ),
    ),
    Mistake(
        "largest_singular_value",
        ((RADIUS, "np.linalg.norm(W, 2)"),),
        Text(
            "That is the largest singular value: by how much W can stretch a vector once. The "
            "spectral radius is about eigenvalues.",
            "それは最大特異値で、Wが1回でベクトルをどれだけ伸ばせるかを表します。スペクトル半径は固有値についての量です。",
        ),
    ),
    Mistake(
        "frobenius_norm",
        ((RADIUS, "np.linalg.norm(W)"),),
        Text(
            "np.linalg.norm of a matrix is the root of the sum of its squared entries. Which "
            "function gives eigenvalues?",
            "行列のnp.linalg.normは、成分の二乗和の平方根です。固有値を求める関数はどれですか。",
        ),
    ),
    Mistake(
        "largest_entry",
        ((RADIUS, "np.abs(W).max()"),),
        Text(
            "That is the largest entry of W. What about W must be computed first?",
            "それはWの成分の最大値です。まずWの何を計算しなければなりませんか。",
        ),
    ),
    Mistake(
        "mean_of_the_absolute_values",
        ((RADIUS, "np.abs(np.linalg.eigvals(W)).mean()"),),
        Text(
            "One eigenvalue decides alone, and the others do not matter. Which one?",
            "決めるのは1つの固有値だけで、ほかは関係ありません。それはどの固有値ですか。",
        ),
    ),
    Mistake(
        "smallest",
        ((RADIUS, "np.abs(np.linalg.eigvals(W)).min()"),),
        Text(
            "The circle around zero shall hold all the eigenvalues, not only touch the nearest.",
            "0を中心とする円は、いちばん近い固有値に触れるだけでなく、すべての固有値を含まなければなりません。",
        ),
    ),
    Mistake(
        "sum_of_the_absolute_values",
        ((RADIUS, "np.abs(np.linalg.eigvals(W)).sum()"),),
        Text(
            "The absolute values are added up. Which one of them is the radius?",
            "絶対値をすべて足しています。半径に当たるのは、そのうちのどれですか。",
        ),
    ),
    Mistake(
        "symmetric_eigenvalues",
        ((RADIUS, "np.abs(np.linalg.eigvalsh(W)).max()"),),
        Text(
            "eigvalsh is for symmetric matrices; of others it reads one triangle only. Is W symmetric?",
            "eigvalshは対称行列のための関数で、そうでない行列では片側の三角部分しか見ません。Wは対称ですか。",
        ),
    ),
    Mistake(
        "multiplied_by_the_radius_too",
        ((SCALED, "W * (spectral_radius * radius)"),),
        Text(
            "What if W has the wanted radius already? Then nothing should change.",
            "Wがはじめから望みのスペクトル半径をもっていたら、何も変わらないはずです。",
        ),
    ),
    Mistake(
        "upside_down",
        ((SCALED, "W * (radius / max(spectral_radius, 1e-3))"),),
        Text(
            "The larger the radius asked for, the smaller the matrix you return.",
            "大きいスペクトル半径を指定するほど、返ってくる行列が小さくなっています。",
        ),
    ),
    Mistake(
        "radius_one",
        ((SCALED, "W / radius"),),
        Text(
            "Your result always has the spectral radius 1. Which one was asked for?",
            "いつもスペクトル半径が1の行列になっています。指定された値はいくつですか。",
        ),
    ),
    Mistake(
        "not_divided",
        ((SCALED, "spectral_radius * W"),),
        Text(
            "That would be right if W had the spectral radius 1. Which one does it have?",
            "それで正しいのは、Wのスペクトル半径が1のときです。実際にはいくつですか。",
        ),
    ),
    Mistake(
        "callers_matrix_changed",
        (
            (
                SCALED,
                "np.multiply(W, spectral_radius / radius, out=W)",
            ),
        ),
        Text(
            "The values are right, but the W that you were given has changed too. Return a new array.",
            "値は正しいのですが、渡されたWそのものも書き換わっています。新しい配列を返しましょう。",
        ),
    ),
    Mistake(
        "eigenvectors_too",
        ((RADIUS, "np.abs(np.linalg.eig(W)).max()"),),
        Text(
            "np.linalg.eig returns two things of different shapes, the eigenvalues and a matrix with the eigenvectors; they cannot become one array. Which of the two is needed?",
            "np.linalg.eigは、固有値と、固有ベクトルを並べた行列の2つを返します。形が違うので、1つの配列にはまとめられません。必要なのはどちらでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative("eig", ((RADIUS, "max(abs(np.linalg.eig(W)[0]))"),)),
    Alternative(
        "of_the_transpose", ((RADIUS, "np.abs(np.linalg.eigvals(np.transpose(W))).max()"),)
    ),
    Alternative(
        "real_and_imaginary",
        (
            (
                RADIUS,
                "np.sqrt((lambda z: z.real**2 + z.imag**2)(np.linalg.eigvals(W)).max())",
            ),
        ),
    ),
    Alternative("maximum_norm", ((RADIUS, "np.linalg.norm(np.linalg.eigvals(W), np.inf)"),)),
    Alternative("two_divisions", ((SCALED, "W / radius * spectral_radius"),)),
    Alternative("divided_by_the_ratio", ((SCALED, "spectral_radius * (W / radius)"),)),
    Alternative(
        "roots_of_the_square",
        ((RADIUS, "np.sqrt(np.abs(np.linalg.eigvals(np.linalg.matrix_power(W, 2))).max())"),),
    ),
    Alternative(
        "loop_over_eigenvalues",
        code="""
def scale_to_spectral_radius(W, spectral_radius):
    from math import hypot

    radius = 0.0
    for value in np.linalg.eigvals(np.array(W)):
        radius = max(radius, hypot(value.real, value.imag))
    scaled = np.array(W, dtype=float)
    scaled *= spectral_radius / radius
    return scaled
""",
    ),
    Alternative(
        "schur",
        code="""
def scale_to_spectral_radius(W, spectral_radius):
    from scipy.linalg import schur

    triangle, _ = schur(W, output="complex")
    return W * spectral_radius / np.abs(np.diag(triangle)).max()
""",
    ),
)
