"""04_03: add_products."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("Products of columns", "列どうしの積")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "A column is one quantity over time. What shape does the product of two columns have, entry by entry?",
        "1つの列は、1つの量の時間変化です。2つの列を要素ごとに掛けると、どんな形になりますか。",
    ),
    Text(
        "Make a column for each pair, in the order in which they are given, also where both numbers are the same. The table itself stays in front, unchanged. See that it still works for an empty list.",
        "組ごとに、与えられた順に1列ずつ作ります。2つの番号が同じ組も同様です。もとの表はそのまま前に置きます。組が1つもないときにも動くようにしましょう。",
    ),
)

OUTPUTS = (Numeric("table"),)


def draw(rng: np.random.Generator) -> Case:
    """A few pairs of a small table, equal numbers and repetitions among them."""
    units = int(rng.integers(2, 8))
    pairs = rng.integers(0, units, (int(rng.integers(1, 7)), 2))
    return case(rng, int(rng.integers(3, 15)), units, [tuple(pair) for pair in pairs.tolist()])


def case(
    rng: np.random.Generator, steps: int, units: int, pairs, label: Text | None = None
) -> Case:
    """A table of entries that are neither 0 nor 1."""
    return Case(
        label=label
        or Text(f"{steps} rows, {units} columns, pairs {pairs}", f"{steps}行{units}列、組 {pairs}"),
        inputs={
            "xs": rng.uniform(0.2, 0.9, (steps, units)) * rng.choice([-1, 1], (steps, units)),
            "pairs": pairs,
        },
        preserves=("xs",),
    )


def cases() -> list[Case]:
    """No pair, one, many; squares, repetitions, both orders."""
    rng = np.random.default_rng(403)
    return [
        case(rng, 5, 3, [(0, 1)], Text("one pair", "組が1つ")),
        case(rng, 5, 3, [], Text("no pairs", "組が1つもない")),
        case(rng, 5, 3, [(1, 1)], Text("a square", "2乗")),
        case(
            rng, 6, 4, [(0, 3), (1, 2), (2, 2)], Text("two products and a square", "積2つと2乗1つ")
        ),
        case(rng, 6, 4, [(3, 0), (2, 1)], Text("the larger number first", "番号の大きいほうが先")),
        case(rng, 6, 3, [(0, 2), (0, 2)], Text("the same pair twice", "同じ組が2回")),
        case(rng, 6, 3, [(1, 2), (0, 1), (0, 0)], Text("pairs out of order", "順番どおりでない組")),
        case(rng, 4, 4, [(0, 1), (2, 3)], Text("as many rows as columns", "行数と列数が同じ")),
        case(rng, 1, 5, [(0, 4), (4, 4)], Text("a single row", "1行だけ")),
        case(rng, 7, 1, [(0, 0)], Text("a single column", "1列だけ")),
        case(rng, 10, 12, [(1 + j, 10 + j) for j in range(2)]),
        case(
            rng,
            8,
            4,
            [(i, j) for i in range(4) for j in range(i, 4)],
            Text("all ten products of four columns", "4列から作れる10個の積すべて"),
        ),
        *(draw(np.random.default_rng(seed)) for seed in range(3)),
    ]


PRODUCT = "[xs[:, i] * xs[:, j] for i, j in pairs]"
TABLE = "np.column_stack([xs, *products])"

MISTAKES = (
    Mistake(
        "products_alone",
        ((TABLE, "np.column_stack(products) if products else np.empty((len(xs), 0))"),),
        Text(
            "You return the products without the table. They were to be added to it.",
            "積だけを返しています。もとの表に付け加えるのでした。",
        ),
    ),
    Mistake(
        "products_in_front",
        ((TABLE, "np.column_stack([*products, xs])"),),
        Text(
            "All columns are there; the table should come before its products.",
            "列はそろっていますが、もとの表が先、積が後です。",
        ),
    ),
    Mistake(
        "sums",
        ((PRODUCT, "[xs[:, i] + xs[:, j] for i, j in pairs]"),),
        Text(
            "You add the columns of a pair. A linear readout can do that by itself; a product it cannot.",
            "組の列を足しています。足し算なら線形の読み出し層が自分でできます。できないのは掛け算です。",
        ),
    ),
    Mistake(
        "squares_left_out",
        ((PRODUCT, "[xs[:, i] * xs[:, j] for i, j in pairs if i != j]"),),
        Text(
            "A column is missing where both numbers of a pair are the same.",
            "2つの番号が同じ組の列が抜けています。",
        ),
    ),
    Mistake(
        "rows_for_columns",
        ((PRODUCT, "[xs[i, :] * xs[j, :] for i, j in pairs]"),),
        Text(
            "You multiply rows, that is, the states of two times. A pair names two columns.",
            "行どうし、つまり2つの時刻の状態を掛けています。組が指しているのは2つの列です。",
        ),
    ),
    Mistake(
        "inner_product",
        ((PRODUCT, "[np.full(len(xs), xs[:, i] @ xs[:, j]) for i, j in pairs]"),),
        Text(
            "@ sums over time and leaves one number. The product is taken step by step.",
            "@は時間について足し合わせ、1つの数にしてしまいます。積はステップごとにとります。",
        ),
    ),
    Mistake(
        "first_squared",
        ((PRODUCT, "[xs[:, i] ** 2 for i, j in pairs]"),),
        Text(
            "The second number of a pair is not used.",
            "組の2つ目の番号が使われていません。",
        ),
    ),
    Mistake(
        "each_pair_once",
        ((PRODUCT, "[xs[:, i] * xs[:, j] for i, j in dict.fromkeys(pairs)]"),),
        Text(
            "A pair that is given twice wants two columns; you drop the second.",
            "同じ組が2回あれば列も2つです。2つ目が捨てられています。",
        ),
    ),
    Mistake(
        "pairs_sorted",
        ((PRODUCT, "[xs[:, i] * xs[:, j] for i, j in sorted(pairs)]"),),
        Text(
            "Your products are in another order than the pairs.",
            "積の並びが、組の並びと違っています。",
        ),
    ),
    Mistake(
        "below_each_other",
        ((TABLE, "np.vstack([xs.T, *products])"),),
        Text(
            "Your table is lying on its side: time runs along the rows.",
            "表が横倒しになっています。時間が行に沿って進んでいます。",
        ),
    ),
    Mistake(
        "products_with_one_axis",
        ((TABLE, "np.hstack([xs, *products])"),),
        Text(
            "xs is a table with two axes; a product is T numbers in a row, with one axis. hstack and concatenate join only what has equally many. How does a product become a column?",
            "xsは軸が2つの表ですが、積はT個の数が並んだだけで、軸は1つです。hstackやconcatenateは、軸の数がそろっていないとつなげません。積を1つの列にするには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "list_of_products_as_one",
        ((TABLE, "np.column_stack([xs, products])"),),
        Text(
            "Your list of products was taken for one table with a row for each product, and that has M rows where xs has T. How are the members of the list handed over one by one, as columns?",
            "積のリスト全体が、積ごとに1行の表として扱われています。そのため、xsはT行なのに、その表はM行です。リストの中身を1つずつ、列として渡すには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "list_of_products_as_one_by_hstack",
        ((TABLE, "np.hstack([xs, products])"),),
        Text(
            "Your list of products was taken for one table with a row for each product, and that has M rows where xs has T. How are the members of the list handed over one by one, as columns?",
            "積のリスト全体が、積ごとに1行の表として扱われています。そのため、xsはT行なのに、その表はM行です。リストの中身を1つずつ、列として渡すには、どうすればよいでしょうか。",
        ),
    ),
)

HEAD = "def add_products(xs, pairs):\n"
ALTERNATIVES = (
    Alternative(
        "by_index",
        code=HEAD
        + """
    i, j = np.array(pairs, dtype=int).reshape(-1, 2).T
    return np.hstack([xs, xs[:, i] * xs[:, j]])
""",
    ),
    Alternative(
        "one_after_the_other",
        code=HEAD
        + """
    table = xs
    for i, j in pairs:
        table = np.concatenate([table, xs[:, [i]] * xs[:, [j]]], axis=1)
    return table
""",
    ),
    Alternative(
        "filled_in",
        code=HEAD
        + """
    table = np.empty((len(xs), xs.shape[1] + len(pairs)))
    table[:, : xs.shape[1]] = xs
    for m, (i, j) in enumerate(pairs):
        table[:, xs.shape[1] + m] = np.multiply(xs[:, j], xs[:, i])
    return table
""",
    ),
    Alternative(
        "row_by_row",
        code=HEAD
        + """
    return np.array([[*x, *(x[i] * x[j] for i, j in pairs)] for x in xs])
""",
    ),
    Alternative(
        "transposed_inside",
        code=HEAD
        + """
    columns = list(xs.T)
    return np.array(columns + [columns[i] * columns[j] for i, j in pairs]).T
""",
    ),
    Alternative("prod", ((PRODUCT, "[xs[:, [i, j]].prod(axis=1) for i, j in pairs]"),)),
)
