"""01_01: pixel_grid."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("The grid of coordinates", "座標の格子")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Take an image of 2 rows and 3 columns and write down the six rows of X by hand, in the order in which reshape meets the pixels. How many different x are there, and how many different y?",
        "2行3列の画像を例に、Xの6行を、reshapeが画素を並べる順に手で書き出してみましょう。xの値は何通り、yの値は何通りありますか。",
    ),
    Text(
        "Either axis is a `np.linspace` with as many points as the image has pixels along it, and the argument `endpoint` leaves out the end. `np.meshgrid` takes the axis of the columns first; it returns all x and all y, as two arrays with a row for each row of the image.",
        "どちらの軸も、その方向の画素数だけ点をもつ`np.linspace`で、引数`endpoint`を使って終点を除きます。`np.meshgrid`には列の軸を先に渡します。全画素のxと全画素のyが、画像と同じ行数の2つの配列になって返ってきます。",
    ),
)

OUTPUTS = (Numeric("X"),)


def draw(rng: np.random.Generator) -> Case:
    """An image of any size, hardly ever square."""
    return case(int(rng.integers(1, 9)), int(rng.integers(1, 9)))


def case(height: int, width: int, label: Text | None = None) -> Case:
    """The grid of an image with ``height`` rows and ``width`` columns."""
    return Case(
        label=label or Text(f"rows: {height}, columns: {width}", f"{height}行{width}列"),
        inputs={"height": height, "width": width},
    )


def cases() -> list[Case]:
    """Wide, high and square images, down to a single pixel."""
    return [
        case(2, 3, Text("a small wide image, 2 x 3", "小さな横長の画像（2行3列）")),
        case(3, 2, Text("a small high image, 3 x 2", "小さな縦長の画像（3行2列）")),
        case(4, 4, Text("a square image, 4 x 4", "正方形の画像（4行4列）")),
        case(1, 5, Text("a single row", "1行だけの画像")),
        case(5, 1, Text("a single column", "1列だけの画像")),
        case(1, 1, Text("a single pixel", "1画素だけの画像")),
        case(2, 8),
        case(8, 2),
        case(5, 4),
        case(4, 5),
        case(7, 3),
        case(3, 8),
        case(6, 6),
    ]


X_AXIS = "np.linspace(0, 1, width, endpoint=False)"
Y_AXIS = "np.linspace(0, 1, height, endpoint=False)"
GRID = "np.meshgrid(x, y)"
MISTAKES = (
    Mistake(
        "end_included",
        ((X_AXIS, "np.linspace(0, 1, width)"), (Y_AXIS, "np.linspace(0, 1, height)")),
        Text(
            "The last column lies at 1, but n pixels have the coordinates 0, 1/n, ..., (n-1)/n. "
            "Which argument of np.linspace leaves out the end?",
            "最後の列が1にあります。n画素の座標は0, 1/n, ..., (n-1)/nです。終点を含めないようにするには、np.linspaceのどの引数を使いますか。",
        ),
    ),
    Mistake(
        "sizes_swapped",
        ((X_AXIS, "np.linspace(0, 1, height, endpoint=False)  "), (Y_AXIS, X_AXIS)),
        Text(
            "How many columns has an image, height or width? Each column has an x.",
            "画像の列の数はheightですか、widthですか。xは列ごとに1つあります。",
        ),
    ),
    Mistake(
        "row_first",
        ((GRID, "np.meshgrid(x, y)[::-1]"),),
        Text(
            "Rows and columns have changed places: your first coordinate tells the row. Which of "
            "the two does x tell?",
            "行と列が入れ替わっていて、1つ目の座標が行を表しています。xが表すのはどちらですか。",
        ),
    ),
    Mistake(
        "columns_first",
        ((GRID, 'np.meshgrid(x, y, indexing="ij")'),),
        Text(
            "Your grid walks down the first column before it goes to the second. In which order "
            "does image.reshape(-1, 3) meet the pixels?",
            "1列目を下まで進んでから2列目に移る順になっています。image.reshape(-1, 3)は、画素をどの順に並べますか。",
        ),
    ),
    Mistake(
        "upside_down",
        ((Y_AXIS, Y_AXIS + "[::-1]"),),
        Text(
            "The picture stands on its head. Which y does the first row of the image have?",
            "絵が上下逆さまです。画像の1行目のyはいくつですか。",
        ),
    ),
    Mistake(
        "mirrored",
        ((X_AXIS, X_AXIS + "[::-1]"),),
        Text(
            "The picture is mirrored. Which x does the first column of the image have?",
            "絵が左右反対です。画像の1列目のxはいくつですか。",
        ),
    ),
    Mistake(
        "whole_pixels",
        ((X_AXIS, "np.arange(width)"), (Y_AXIS, "np.arange(height)")),
        Text(
            "These are the numbers of rows and columns. Between which two values do the coordinates "
            "lie, whatever the size of the image?",
            "これは行と列の番号です。画像の大きさによらず、座標はどの範囲に収まりますか。",
        ),
    ),
    Mistake(
        "pixel_centres",
        (
            (X_AXIS, "(np.arange(width) + 0.5) / width"),
            (Y_AXIS, "(np.arange(height) + 0.5) / height"),
        ),
        Text(
            "Your coordinates are those of the middles of the pixels, which is a fine convention, "
            "but not ours. Where does the first pixel lie here?",
            "画素の中心の座標になっています。それも1つの流儀ですが、ここでは違います。最初の画素はどこにありますか。",
        ),
    ),
    Mistake(
        "one_spacing",
        (
            (X_AXIS, "np.arange(width) / max(height, width)"),
            (Y_AXIS, "np.arange(height) / max(height, width)"),
        ),
        Text(
            "Both axes have the same spacing, and so the shorter one ends early. What does the task "
            "say of an axis of n pixels if the image is not square?",
            "2つの軸の間隔が同じなので、短いほうの軸が途中で終わっています。正方形でない画像では、n画素の軸の座標はどうなると書いてありますか。",
        ),
    ),
    Mistake(
        "minus_one_to_one",
        (
            (X_AXIS, "np.linspace(-1, 1, width, endpoint=False)"),
            (Y_AXIS, "np.linspace(-1, 1, height, endpoint=False)"),
        ),
        Text(
            "Many programs let coordinates run from -1. Where do they start here?",
            "座標を-1から始めるプログラムも多いのですが、ここではどこから始まりますか。",
        ),
    ),
    Mistake(
        "spacing_for_number",
        (
            (X_AXIS, "np.linspace(0, 1, 1 / width, endpoint=False)"),
            (Y_AXIS, "np.linspace(0, 1, 1 / height, endpoint=False)"),
        ),
        Text(
            "np.linspace wants to know how many values there are, a whole number, and not how far apart they lie. How many columns has the image, and how many rows?",
            "np.linspaceに渡すのは、値の間隔ではなく個数（整数）です。画像の列はいくつ、行はいくつあるでしょうか。",
        ),
    ),
    Mistake(
        "axes_not_crossed",
        ((GRID, "x, y"),),
        Text(
            "There are width numbers x and height numbers y, but a pixel for every pair of them. How does each pixel come by an x and a y of its own?",
            "xはwidth個、yはheight個しかありませんが、画素は両者の組み合わせの数だけあります。どの画素にもxとyを1つずつもたせるには、どうすればよいでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative("arange", ((X_AXIS, "np.arange(width) / width"),)),
    Alternative("cut_off_end", ((Y_AXIS, "np.linspace(0, 1, height + 1)[:-1]"),)),
    Alternative(
        "repeat_and_tile",
        code="""
def pixel_grid(height, width):
    x = np.tile(np.arange(width) / width, height)
    y = np.repeat(np.arange(height) / height, width)
    return np.stack([x, y], axis=1)
""",
    ),
    Alternative(
        "loops",
        code="""
def pixel_grid(height, width):
    return [(column / width, row / height) for row in range(height) for column in range(width)]
""",
    ),
    Alternative(
        "indices",
        code="""
def pixel_grid(height, width):
    row, column = np.indices((height, width))
    return np.c_[column.reshape(-1) / width, row.reshape(-1) / height]
""",
    ),
    Alternative(
        "one_stack",
        code="""
def pixel_grid(height, width):
    x, y = (np.linspace(0, 1, n, endpoint=False) for n in (width, height))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(height * width, 2)
""",
    ),
    Alternative(
        "remainders",
        code="""
def pixel_grid(height, width):
    row, column = divmod(np.arange(height * width), width)
    X = np.zeros((height * width, 2))
    X[:, 0], X[:, 1] = column / width, row / height
    return X
""",
    ),
    Alternative(
        "ij_turned",
        ((GRID, '(axis.T for axis in np.meshgrid(x, y, indexing="ij"))'),),
    ),
)
