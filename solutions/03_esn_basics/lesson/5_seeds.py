# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# ## 5. One network is an anecdote
#
# A reservoir is drawn at random, so its score is a random number. A single one is an anecdote: it
# may be lucky. Before two settings are compared, each needs several networks, and what is reported
# is where their scores lie: the median and the range.
#
# Three habits make such a comparison honest.
#
# - **A fresh generator for each seed.** Then network 7 is the same network, whatever was drawn
#   before, and anybody can repeat just that one.
# - **The median, and the range.** One exploding run ruins a mean. And a standard deviation of a
#   handful of scores suggests a bell shape that nobody has seen.
# - **A failure is a result.** A run that ends in NaN must count, as the worst there is. Who leaves
#   it out reports the best of those that happened to work.
#
# ### Exercise 05_01: a score over several seeds (15 minutes)
#
# Write `score_over_seeds`. `score` is a function that takes a generator, draws from it what it
# wants, and returns a number, for which smaller is better. Give each call a generator of its own,
# `np.random.default_rng(seed)`, and keep the scores in the order of `seeds`. For the check no
# reservoir is trained: its `score`, in `solution` below, returns the sum of `draws` random numbers,
# and NaN if the first of them is below `exploding`.

# %% [markdown] lang="ja"
# ## 5. 1つのネットワークは、1つの例にすぎない
#
# リザバーは乱数で作るので、その成績も確率変数です。
# 1つだけでは、たまたま運がよかっただけかもしれません。
# 2つの設定を比べるには、それぞれいくつものネットワークを作り、成績がどのあたりに散らばるかを、中央値と範囲で報告します。
#
# 公正に比べるための習慣が3つあります。
#
# - **シードごとに新しい生成器を使う。**
#   こうすれば、それまでに何を引いていようと、7番のネットワークはいつも同じ7番です。
#   誰でも、それだけを再現できます。
# - **中央値と範囲を使う。**
#   平均は、1回の爆発で台無しになります。
#   わずかな数の成績から標準偏差を出すと、誰も確かめていない釣鐘形の分布を思わせてしまいます。
# - **失敗も結果に数える。**
#   NaNで終わった実行は、いちばん悪い結果として数えます。
#   それを除くと、たまたまうまく動いたものだけの成績を報告することになります。
#
# ### 演習 05_01：複数のシードでの成績（15分）
#
# `score_over_seeds`を書いてください。
# `score`は、生成器を受け取り、そこから好きなだけ乱数を引いて、1つの数を返す関数です（小さいほどよい成績です）。
# 呼び出すたびに専用の生成器`np.random.default_rng(seed)`を渡し、成績は`seeds`の順に並べます。
# 判定では、リザバーの学習はしません。
# 下の`solution`にある`score`は、乱数`draws`個の和を返し、最初の1個が`exploding`より小さければNaNを返します。


# %% exercise="05_01" points=1 minutes=15
def score_over_seeds(score, seeds):
    """The scores of several random networks, and where they lie.

    Args:
        score: a function of a generator that returns a number; NaN says that the run exploded.
        seeds: a sequence of S seeds, one for each call of score.

    Returns:
        a dict with values (S,), in the order of the seeds, inf where score returned NaN; their
        median; low and high, the smallest and the largest of them.
    """
    rnds = [np.random.default_rng(seed) for seed in seeds]  # TODO Generators. | 生成器。
    values = np.array([score(rnd) for rnd in rnds])  # TODO The scores. | 成績。
    values = np.where(np.isnan(values), np.inf, values)  # TODO Explosions. | 爆発したもの。
    median = np.median(values)  # TODO The middle. | 真ん中の値。
    low, high = values.min(), values.max()  # TODO The range. | 範囲。
    return {"values": values, "median": median, "low": low, "high": high}


def solution(seeds, draws, exploding):
    def score(rnd):
        if draws == 0:
            return 0.5
        numbers = rnd.random(draws)
        return np.nan if numbers[0] < exploding else float(numbers.sum())

    found = score_over_seeds(score, seeds)
    return tuple(found.get(key) for key in ("values", "median", "low", "high"))


test_func(solution, "05_01", multiple_output=True)
# show_solution("05_01", "score_over_seeds")

# %% [markdown] lang="en"
# ### Ten networks a setting
#
# Now the table that section 4 could not give. The textbook's setting ($0.1\,u$, no bias) with 100
# and 200 units, and a second one, in which the reservoir hears $0.05\,u + 0.05$ instead: the same
# signal, half as loud, with a constant added.

# %% [markdown] lang="ja"
# ### 設定ごとに10個のネットワーク
#
# 4節では出せなかった表を作りましょう。
# 入門記事の設定（$0.1\,u$、バイアスなし）で100ユニットと200ユニット。
# もう1つは、リザバーに$0.05\,u + 0.05$を聞かせる設定です。
# 同じ信号を半分の大きさにして、一定の値を足しただけです。


# %%
def narma_of_network(dim, factor, shift):
    """A score for score_over_seeds: a reservoir of dim units that hears factor * u + shift."""

    def score(rnd):
        net, w_in = draw_network(rnd, dim, sr=0.9)
        return narma_score(drive(np.zeros(dim), net, w_in, factor * us + shift))

    return score


if ready("01_01", "03_01", "03_02", "04_01", "04_02", "04_03", "05_01"):
    table = {
        f"{dim} units, {name}": score_over_seeds(narma_of_network(dim, factor, shift), range(10))
        for name, factor, shift in (("0.1 u", 0.1, 0.0), ("0.05 u + 0.05", 0.05, 0.05))
        for dim in (100, 200)
    }
    baselines = {
        "mean": narma_mean,
        "persistence": narma_persistence,
        "linear, 20 taps": by_taps[20],
        "linear, 30 taps": by_taps[30],
        "20 taps, 1 product": narma_products[1],
        "20 taps, 8 products": narma_products[8],
    }
    for name, value in baselines.items():
        print(f"{name:26s}{value:.3f}")
    for name, found in table.items():
        print(f"{name:26s}{found['median']:.3f}  [{found['low']:.3f}, {found['high']:.3f}]")

    fig, ax = plt.subplots(figsize=(9, 3.8), layout="constrained")
    for i, found in enumerate(table.values()):
        ax.plot(np.full(10, i), found["values"], "o", alpha=0.5)
        ax.plot([i - 0.2, i + 0.2], [found["median"]] * 2, color="black")
    for name in ("linear, 20 taps", "20 taps, 1 product", "20 taps, 8 products"):
        ax.axhline(baselines[name], color="0.5", ls="--", lw=0.8)
        ax.text(3.4, baselines[name], name, va="center", fontsize=8, backgroundcolor="white")
    ax.set_xticks(range(4), [name.replace(", ", "\n") for name in table])
    ax.set(xlim=(-0.5, 4.4), ylim=(0, 0.5), ylabel="test NRMSE", title="NARMA10: ten seeds each")
    plt.show()

    net, w_in = draw_network(np.random.default_rng(0), 200, sr=0.9)
    both = [drive(np.zeros(200), net, w_in, sign * 0.1 * us) for sign in (1, -1)]
    print(f"largest |x(u) + x(-u)|: {np.abs(both[0] + both[1]).max()}")

# %% [markdown] lang="en"
# **Surprise: the textbook's setting is no better than a linear filter.** A hundred units get 0.39;
# a filter of 20 taps gets 0.40, one of 30 taps 0.385. Twice as many units do not help; they are a
# little worse. Where is the famous nonlinearity?
#
# It is there, and cannot be used. Without a bias and from a zero start, $\tanh$ being odd, the
# whole network is odd: hear $-u$ instead of $u$, and every state changes its sign. The last line
# shows it, to the last bit. A linear readout of odd states is an odd function of the input, plus a
# constant. But the product $u[k-1]\,u[k-10]$ is *even*: it does not change when both factors change
# their sign. No combination of these states, were there a million, contains any of it.
#
# The constant 0.05 breaks the symmetry, and at once the same number of units gets 0.32, twice as
# many 0.24. In this setting more units help. In the figure the clouds of the last two settings lie
# far below those of the first two: that is a difference one may claim.
#
# And the last baseline? Twenty-nine coefficients chosen by thought, 0.15, beat two hundred random
# units. A benchmark tests, among other things, how well one knows the benchmark. This line of
# thought, feeding a readout with delays and products instead of a reservoir, was made a method by
# Gauthier and others [10]; before, Rodan and Tiňo had asked how much randomness a reservoir needs,
# and found that a simple ring does as well [9].

# %% [markdown] lang="ja"
# **意外な結果：教科書どおりの設定は、線形フィルタと変わりません。** 100ユニットで0.39。
# 線形フィルタなら20タップで0.40、30タップで0.385です。
# ユニットを2倍にしてもよくならず、むしろ少し悪くなります。
# 評判の非線形性は、どこへ行ったのでしょうか。
#
# 非線形性はあります。
# ただ、使えないのです。
# バイアスがなく、ゼロから始めると、$\tanh$が奇関数なので、ネットワーク全体も奇関数になります。
# $u$の代わりに$-u$を聞かせると、どの状態も符号が変わるだけです。
# 前のセルの最後の行が0.0なので、最後の1ビットまでそのとおりだとわかります。
# 奇関数である状態を線形に読み出しても、入力の奇関数に定数を足したものにしかなりません。
# ところが積$u[k-1]\,u[k-10]$は**偶関数**です。
# 両方の因子の符号を変えても、値は変わりません。
# ユニットが100万個あっても、どう組み合わせても、この積は出てこないのです。
#
# 定数0.05が、この対称性を破ります。
# それだけで、同じ100ユニットで0.32、200ユニットなら0.24になります。
# この設定では、ユニットを増やせばよくなります。
# 図では、後の2つの設定の点の集まりが、前の2つよりもずっと下にあります。
# これなら、差があると言ってよいでしょう。
#
# では、最後の基準はどうでしょうか。
# 考えて選んだ積を加えた29個の係数が0.15で、ランダムな200ユニットに勝っています。
# ベンチマークは、ベンチマークのことをどれだけ知っているかも測ってしまうのです。
# リザバーの代わりに遅延と積を読み出し層に与えるというこの考えを、1つの手法にしたのがGauthierら [10] です。
# それより前に、RodanとTiňoは、リザバーにどれだけランダムさが要るのかを問い、単純な環状の結合でも同じくらいうまくいくことを見いだしました [9]。

# %% [markdown] lang="en"
# ### How much does the washout matter?
#
# The same tool answers a question left from section 2. Networks of 50 units start at random, hear
# $0.05\,u + 0.05$, and learn from 300 steps *after* a washout of 0, 20, 100 or 500. All are tested
# on the same steps, from 1000 on.

# %% [markdown] lang="ja"
# ### ウォッシュアウトはどれだけ効くか
#
# 2節で残した問いにも、同じ道具で答えられます。
# 50ユニットのネットワークをランダムな状態から始めて$0.05\,u + 0.05$を聞かせ、0、20、100、500ステップのウォッシュアウトの**後**の300ステップで学習します。
# テストはどれも同じ、1000ステップ目からです。


# %%
def narma_after_washout(rho, t_washout):
    """A score for score_over_seeds: 50 units, trained on the 300 steps after a washout."""

    def score(rnd):
        net, w_in = draw_network(rnd, 50, sr=rho)
        xs = drive(rnd.uniform(-1, 1, 50), net, w_in, 0.05 * us + 0.05)
        span = slice(t_washout, t_washout + 300)
        weight, bias = fit_readout(xs[span], ys[span], 1e-8)
        return nrmse(xs[1000:] @ weight.T + bias, ys[1000:])

    return score


if ready("01_01", "03_01", "04_01", "05_01"):
    lines = ["washout   " + "".join(f"{t_washout:<24d}" for t_washout in (0, 20, 100, 500))]
    for rho in (0.9, 0.99):
        line = f"rho {rho:<6}"
        for t_washout in (0, 20, 100, 500):
            found = score_over_seeds(narma_after_washout(rho, t_washout), range(10))
            line += f"{found['median']:.3f} [{found['low']:.3f}, {found['high']:.3f}]".ljust(24)
        lines.append(line)
    print("\n".join(lines))

# %% [markdown] lang="en"
# Leaving the washout out costs about a tenth, compared with a washout of 100. The ranges of these
# two, over ten seeds, just miss each other at $\rho = 0.9$ and overlap at 0.99. That is less than
# the sermons about washout suggest, and for a reason: a regression over three hundred rows is not
# swayed much by a few dozen odd ones. It is still free of charge. Note also that a *longer* washout
# than forgetting takes brings nothing.

# %% [markdown] lang="ja"
# ウォッシュアウトを省くと、100ステップ捨てた場合に比べて、誤差はおよそ1割増えます。
# ただし、この2つの場合の10個のシードの範囲は、$\rho = 0.9$ではかろうじて離れていますが、0.99では重なっています。
# 強調される割に影響が小さいのには理由があります。
# 300行のうち数十行がおかしくても、回帰全体はそれほど引きずられないのです。
# それでも、費用のかからない用心です。
# なお、忘れるのに必要な長さを**超えて**捨てても、よくはなりません。
