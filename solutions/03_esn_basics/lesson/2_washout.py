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
# ## 2. Echoes fade
#
# A run has to begin somewhere: at zero, at random, wherever the last experiment stopped. That first
# state has nothing to do with the input, and yet the states after it depend on it. If the
# dependence dies out, the state becomes a function of the input's past alone. Jaeger called this
# the *echo state property* [1], and everything that follows stands on it: a readout can only learn
# "after such a past say this" if the same past leads to the same state.
#
# It can be measured without any training. Start the network from two different states, let both
# hear the same input, and watch their distance. As long as it is large, the state remembers how it
# began. The steps to throw away at the head of a run, until this is over, are its *washout*.
#
# ### Exercise 02_01: how long two states take to become one (15 minutes)
#
# `dist[k]` is the distance after step `k`. Write `forget_time`: the first `k` from which on the
# distance stays below `tol` **to the end** of the record. Distances need not fall evenly: they may
# dip below `tol` and rise again, and such a dip does not count. If the record ends before the
# distance is below, return `len(dist)`, which says "not within this record".

# %% [markdown] lang="ja"
# ## 2. こだまは消える
#
# リザバーは、何らかの状態から走らせ始めなければなりません。
# ゼロでも、乱数でも、前の実験が終わったときの状態でもかまいません。
# その最初の状態は入力とは何の関係もないのに、そのあとの状態を左右します。
# この影響がやがて消えるなら、状態は入力の過去だけで決まる関数になります。
# Jaegerはこの性質を**エコーステート特性**（echo state property）と名づけました [1]。
# このあとのことはすべて、この性質の上に成り立っています。
# 「こういう過去のあとには、こう答える」と読み出し層に覚えさせるには、同じ過去から同じ状態が生まれなければならないからです。
#
# これは学習をしなくても測れます。
# ネットワークを2つの異なる状態から始め、どちらにも同じ入力を聞かせて、2つの状態の距離を見ます。
# 距離が大きいうちは、状態は始まりを覚えています。
# 始まりを忘れるまでの先頭のステップは、使わずに捨てます。
# この捨てる区間を**ウォッシュアウト**（washout、洗い流し）といいます。
#
# ### 演習 02_01：2つの状態が1つになるまでの時間（15分）
#
# `dist[k]`は、ステップ`k`の後の距離です。
# `forget_time`を書いてください。
# そこから記録の**最後まで**距離が`tol`未満であり続けるような、最初の`k`を返します。
# 距離はきれいに減っていくとは限りません。
# いったん`tol`を下回ってから、また上がることもあります。
# そのような一時的な谷は数えません。
# 記録が終わるまでに下回らなければ、`len(dist)`を返します。
# 「この記録の中では忘れなかった」という意味です。


# %% exercise="02_01" points=1 minutes=15
def forget_time(dist, tol=1e-6):
    """The first step from which a distance stays below a threshold.

    Args:
        dist (T,): the distance of two states after each step.
        tol: the threshold; a distance that equals it is not below it.

    Returns:
        the smallest k with dist[k:] all below tol, an int; T if even the last one is not.
    """
    late = np.flatnonzero(np.asarray(dist) >= tol)  # TODO Steps not below. | tol以上の時刻。
    if len(late) == 0:  # TODO Is it below from the beginning? | 最初からtol未満か。
        return 0
    return int(late[-1]) + 1  # TODO The first step of the last stretch. | 最後の区間の先頭。


test_func(forget_time, "02_01")
# show_solution("02_01", "forget_time")

# %% [markdown] lang="en"
# ### What decides: the radius, or the input?
#
# "Keep the spectral radius below 1, and the network forgets." You will read this in many places.
# Let us ask 20 networks of 100 units, for six values of $\rho$ and three inputs: none, a whisper
# ($u$ within $\pm 0.1$), and a loud one ($\pm 1$), with input weights within $\pm 1$ and 1500
# steps. The distance is the root mean square over the units. The three inputs and the two starts
# make six rows of one table of states, so that a single call of `drive` serves all.
#
# *Before you run it:* for which of the radii do you expect that the size of the input matters?

# %% [markdown] lang="ja"
# ### 決め手はスペクトル半径か、入力か
#
# 「スペクトル半径を1より小さくしておけば、ネットワークは忘れる」。
# いろいろなところで目にする説明です。
# 本当かどうか、100ユニットのネットワーク20個で確かめてみましょう。
# $\rho$は6通り、入力は3通りで、入力なし、ささやき声（$u$は$\pm 0.1$の範囲）、大声（$\pm 1$）とします。
# 入力の重みは$\pm 1$の範囲、長さは1500ステップです。
# 距離は、ユニットについての二乗平均平方根で測ります。
# 3通りの入力と2つの初期状態の組み合わせを、状態の表の6行に並べます。
# こうすれば、`drive`を1回呼ぶだけで全部いっぺんに済みます。
#
# **実行する前に：** 入力の大きさが効いてくるのは、どの$\rho$のときだと思いますか。

# %%
SIZES = (0.0, 0.1, 1.0)


def distances(seed, rho, steps=1500):
    """Distance over time of two starts, (steps, 3): a column for each size of the input."""
    rnd = np.random.default_rng(seed)
    net, w_in = draw_network(rnd, 100, sr=rho)
    two = rnd.uniform(-1, 1, (2, 100))
    us = rnd.uniform(-1, 1, (steps, 1, 1)) * np.repeat(SIZES, 2)[:, np.newaxis]
    xs = drive(np.tile(two, (3, 1)), net, w_in, us)
    return np.linalg.norm(xs[:, ::2] - xs[:, 1::2], axis=2) / np.sqrt(100)


def in_words(times, steps=1500):
    """The range of the times, and how many networks never forgot."""
    found = [time for time in times if time < steps]
    never = len(times) - len(found)
    span = f"{min(found)}-{max(found)}" if found else ""
    return f"{span}{', ' if found and never else ''}{f'never x{never}' if never else ''}"


RHOS = (0.5, 0.9, 0.99, 1.0, 1.2, 1.5)
if ready("01_01", "02_01"):
    fig, axes = plt.subplots(1, 3, figsize=(13, 3.8), sharey=True, layout="constrained")
    lines = [f"{'rho':6s}{'no input':>20s}{'u within 0.1':>20s}{'u within 1':>20s}"]
    for rho in RHOS:
        by_seed = [distances(seed, rho) for seed in range(20)]
        times = np.array([[forget_time(column) for column in dist.T] for dist in by_seed])
        lines.append(f"{rho:<6}" + "".join(f"{in_words(column):>20s}" for column in times.T))
        for ax, dist in zip(axes, by_seed[0].T, strict=True):
            ax.semilogy(np.maximum(dist, 1e-17), lw=1, label=f"rho = {rho}")
        if rho == 1.0:
            left = np.median([dist[-1, 0] for dist in by_seed])
    print("\n".join(lines))
    for ax, size in zip(axes, SIZES, strict=True):
        ax.axhline(1e-6, color="0.5", ls=":")
        ax.set(xlabel="step k", title=f"u within {size:.1g}" if size else "no input")
    axes[0].set_ylabel("distance of the two states")
    axes[2].legend(loc="center right", fontsize="small")
    fig.suptitle("Two starts, one input (seed 0; dotted: the threshold)")
    plt.show()
    print(f"rho = 1, no input: median distance after 1500 steps {left:.3f}")
    norms = [0.9 * np.linalg.norm(ESN(100, seed=seed).weight, 2) for seed in range(20)]
    print(f"largest singular value at rho = 0.9: {min(norms):.2f} to {max(norms):.2f}")

# %% [markdown] lang="en"
# Read the table along its rows. Up to $\rho = 0.9$ the whisper changes next to nothing. But look at
# $\rho = 0.99$: under a loud input the network forgets within 52 to 85 steps, in silence within 948
# to 1190. At $\rho = 1$ silence is not forgotten within the record: the distance, 0.03 after 1500
# steps, still shrinks, but no longer by a constant factor a step (the red curve of the left panel
# flattens; theory says that it falls like a power of $k$). At 1.2 nothing is forgotten in silence,
# and *everything* is under the loud input, by all 20 networks. Even at 1.5 half of them forget.
# (Curves that end level near $10^{-16}$ have arrived: the two states agree to their last digits.)
#
# So the radius alone decides nothing. The reason is the slope of $\tanh$: it is 1 at rest and
# smaller everywhere else. A loud input drives the units to where the slope is small, and there the
# differences between two states are squashed. One says that the input *quenches* the network's own
# activity.
#
# What is true, then?
#
# - If the largest *singular value* of $\rho W$ is below 1, two states approach each other at every
#   step and for any input, since $\tanh$ never enlarges a difference [1]. It is a strict condition:
#   at $\rho = 0.9$ our networks have 1.59 to 1.79. (A rescaled norm gives a less strict one [6].)
# - $\rho < 1$ does *not* suffice in general [5], although counterexamples have to be sought; and
#   under an input it is *not needed*, as you have just seen. Properly, the echo state property
#   belongs to a network *together with* its input [7].
# - If two states meet in silence at $\rho > 1$, do not call it the echo state property: they may
#   have come to the same one of several resting points, or onto a common cycle, while a third start
#   goes elsewhere (02_A2).
#
# How many steps have to be thrown away can be read from the table: some forty to a hundred and
# twenty at $\rho = 0.9$. *What does it cost to keep them?* Section 5 measures it, once there is a
# task.

# %% [markdown] lang="ja"
# 表を横に読んでください。
# $\rho = 0.9$までは、ささやき声ではほとんど何も変わりません。
# ところが$\rho = 0.99$では、入力なしなら948から1190ステップかかるところを、大声の入力があると52から85ステップで忘れます。
# $\rho = 1$では、入力がなければ記録の終わりまで忘れません。
# 1500ステップ後の距離は0.03で、まだ縮み続けてはいますが、1ステップごとに一定の割合で縮むのではなくなっています（左の図で、赤い曲線が寝ていきます。理論によれば$k$のべき乗で減ります）。
# 1.2では、入力がなければ何も忘れませんが、大声の入力があれば、20個のネットワークの**すべて**が忘れます。
# 1.5でさえ、半分は忘れます。
# （$10^{-16}$あたりで水平になっている曲線は、忘れ終えたものです。2つの状態が、最後の桁まで一致しています。）
#
# つまり、スペクトル半径だけでは何も決まりません。
# 理由は$\tanh$の傾きにあります。
# 傾きは静止状態で1、ほかではどこでも1より小さくなります。
# 大きな入力はユニットを傾きの小さいところへ追いやり、そこで2つの状態の差が押しつぶされるのです。
# 入力がネットワーク自身の活動を**抑え込む**（quench）といいます。
#
# では、どう言えば正しいのでしょうか。
#
# - $\rho W$の最大**特異値**が1より小さければ、どんな入力のもとでも、2つの状態は1ステップごとに近づきます。
#   $\tanh$は差を広げないからです [1]。
#   ただし、これは厳しい条件です。
#   $\rho = 0.9$のとき、ここで使ったネットワークの最大特異値は1.59から1.79です（ノルムを取り直すと、もう少し緩い条件が得られます [6]）。
# - $\rho < 1$は、一般には十分条件では**ありません** [5]（反例は、探さないと見つかりませんが）。
#   そして入力があるときは、いま見たとおり、**必要でもありません**。
#   エコーステート特性は、正しくは、ネットワークと入力の**組**がもつ性質です [7]。
# - 入力がないとき、$\rho > 1$で2つの状態が出会っても、それをエコーステート特性と呼んではいけません。
#   いくつかある固定点のうちの同じ1つにたどり着いたか、同じ周期軌道に乗っただけで、3つ目の初期状態は別のところへ行くかもしれないからです（02_A2）。
#
# 何ステップ捨てればよいかは、表から読み取れます。
# $\rho = 0.9$なら40から120ステップほどです。
# **もし捨てなかったら、どれだけ損をするのでしょうか。** 課題がそろったところで、5節で測ります。

# %% [markdown] lang="en"
# ### Advanced 02_A1: leak, density, activation
#
# What else changes the forgetting, at $\rho = 0.9$? Try leak rates `a`, densities `p` of the
# connections, and activations `f` of `ESN`. Include a linear one (`np.positive`), for which you can
# say beforehand what the input does, and an *even* one, such as $\tanh^2$.

# %% [markdown] lang="ja"
# ### 発展 02_A1：リーク率、結合密度、活性化関数
#
# $\rho = 0.9$のとき、忘れ方を変えるものはほかに何でしょうか。
# `ESN`のリーク率`a`、結合の密度`p`、活性化関数`f`を変えて試してください。
# 線形の活性化関数（`np.positive`）も入れてください。入力がどう効くか、実行する前に言えるはずです。
# また、$\tanh^2$のような**偶関数**も試してみましょう。


# %% answer="02_A1"
# TODO Median forget times of five networks, in silence and under a loud input. | 5つのネットワークの中央値。入力なしと大きな入力。
def squared_tanh(u):
    return np.tanh(u) ** 2


def forget_times(seed, **options):
    """In silence and under a loud input, (2,)."""
    rnd = np.random.default_rng(seed)
    net = ESN(100, sr=0.9, rnd=rnd, **options)
    w_in = Linear(1, 100, bound=1.0, rnd=rnd)
    two = rnd.uniform(-1, 1, (2, 100))
    us = rnd.uniform(-1, 1, (1500, 1, 1)) * np.array([[0], [0], [1], [1]])
    xs = drive(np.tile(two, (2, 1)), net, w_in, us)
    dist = np.linalg.norm(xs[:, ::2] - xs[:, 1::2], axis=2) / np.sqrt(100)
    return [forget_time(column) for column in dist.T]


variants = {
    "as above": {},
    "leak rate 0.5": {"a": 0.5},
    "leak rate 0.2": {"a": 0.2},
    "density 0.1": {"p": 0.1},
    "density 0.03": {"p": 0.03},
    "linear": {"f": np.positive},
    "sin": {"f": np.sin},
    "arctan": {"f": np.arctan},
    "tanh squared": {"f": squared_tanh},
}
print("median forget time     silence      loud")
for name, options in variants.items():
    silence, loud = np.median([forget_times(seed, **options) for seed in range(5)], axis=0)
    print(f"{name:20s}{silence:10.0f}{loud:10.0f}")

# %% [markdown] lang="en"
# **What you should find.** A leak stretches time: with $a = 0.5$ forgetting takes twice as long,
# with 0.2 five to six times, since a share $1 - a$ of the old state stays at every step. The
# density hardly matters as long as the radius is kept. A linear network forgets in silence and in
# noise at the same speed to the step, since its differences obey the same equation without any
# input. And $\tanh^2$? Its slope at rest is 0, so that in silence it forgets within four steps;
# here the input *lengthens* the memory, by driving the units to where there is a slope.

# %% [markdown] lang="ja"
# **こうなるはずです** リークは時間を引き延ばします。
# $a = 0.5$で忘れるまでの時間は2倍、0.2では5〜6倍になります。
# ネットワークが何も加えなくても、古い状態が1ステップごとに$1 - a$の割合で残るからです。
# スペクトル半径が同じなら、密度はほとんど影響しません。
# 線形のネットワークは、入力があってもなくても、ステップ数まで同じ速さで忘れます。
# 状態の差が従う式に、入力が現れないからです。
# では$\tanh^2$はどうでしょうか。
# 静止状態での傾きが0なので、入力がなければ4ステップで忘れてしまいます。
# この場合は、入力がユニットを傾きのあるところへ動かし、記憶をかえって**長く**します。

# %% [markdown] lang="en"
# ### Advanced 02_A2: two resting points
#
# Seed 24 draws a matrix whose largest eigenvalue is real and alone. Take $\rho = 1.08$ and 40
# random starts; give 300 steps of silence, 100 of a loud input, 250 of silence, 100 loud, 150
# silent. Plot the states' component along the eigenvector of that eigenvalue. Is this network an
# echo state network? What is it good for?

# %% [markdown] lang="ja"
# ### 発展 02_A2：2つの固定点
#
# シード24の結合行列では、絶対値が最大の固有値が実数で、ほかの固有値から離れています。
# $\rho = 1.08$とし、40個のランダムな状態から始めて、無音300ステップ、大きな入力100ステップ、無音250ステップ、大きな入力100ステップ、無音150ステップの順に聞かせてください。
# その固有値の固有ベクトル方向の成分を、図にしてください。
# これはエコーステートネットワークでしょうか。
# 何の役に立つでしょうか。

# %% answer="02_A2"
# TODO 40 starts, silence and noise by turns. | 40個の初期状態。無音と入力を交互に。
rnd = np.random.default_rng(24)
net, w_in = draw_network(rnd, 100, sr=1.08)
starts = rnd.uniform(-1, 1, (40, 100))
eigenvalues, vectors = np.linalg.eig(net.weight)
leading = vectors[:, np.abs(eigenvalues).argmax()].real

fig, axes = plt.subplots(2, 1, figsize=(10, 4.5), sharex=True, layout="constrained")
for ax, seed in zip(axes, (0, 1), strict=True):
    noise = np.random.default_rng(seed)
    us = np.zeros((900, 1))
    us[300:400] = noise.uniform(-1, 1, (100, 1))
    us[650:750] = noise.uniform(-1, 1, (100, 1))
    along = drive(starts, net, w_in, us) @ leading
    ax.plot(along, lw=0.5)
    ax.set(ylabel="along the eigenvector", title=f"40 starts, input {seed}")
    for k in (299, 399, 649):
        points = np.unique(np.round(along[k], 1))
        spread = np.ptp(along[k])
        print(f"input {seed}, step {k}: distinct values {points[:3]}, spread {spread:.0e}")
axes[1].set_xlabel("step k")
plt.show()

# %% [markdown] lang="en"
# **What you should find.** In silence there are two resting points, at $\pm 2.8$, each the other's
# mirror image, and about half of the starts fall to either: no echo state property, though any two
# of one camp meet. The loud input makes all 40 the same state; when it ends, they go to one of the
# points *together*, and to which one depends on what the input said last. In silence this network
# is a switch that keeps one bit for ever. Under the input it is an echo state network. One matrix,
# both things.

# %% [markdown] lang="ja"
# **こうなるはずです** 入力がないときは、互いに鏡像である2つの固定点$\pm 2.8$があり、初期状態のおよそ半分ずつがそれぞれに落ち着きます。
# 同じ側に行ったものどうしは出会いますが、エコーステート特性はありません。
# 大きな入力は、40個をすべて同じ状態にします。
# 入力が終わると、全部が**一緒に**どちらかの固定点へ向かい、どちらに行くかは、入力の最後の部分で決まります。
# 無音のとき、このネットワークは1ビットをいつまでも保つスイッチです。
# 入力があるときは、エコーステートネットワークです。
# 1つの行列に、2つの顔があるのです。
