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
# ## 1. Targets
#
# Before a network can imitate chaos, we need chaos to imitate. This section makes two kinds: one
# from an ordinary differential equation, ready in the library, and one from a *delay* equation,
# which you will write.
#
# ### The Lorenz system
#
# In 1963 Lorenz [9] boiled a layer of heated air down to three numbers:
#
# $$
# \dot{x} = a (y - x), \qquad
# \dot{y} = x (b - z) - y, \qquad
# \dot{z} = x y - c z
# $$
#
# with $a = 10$, $b = 28$, $c = 8/3$. `lorenz_func(z)` is this right-hand side, for a state `z` of
# shape (3,) or a whole batch (..., 3). `runge_kutta(dt, func, **params)` makes of a right-hand side
# the *map* of one step, from the state now to the state `dt` later, by the classical Runge-Kutta
# method of fourth order (RK4): four looks at the slope (at the beginning, twice in the middle, at
# the end), averaged with weights 1, 2, 2, 1. We start at (1, 1, 1) and take 20000 steps of
# `dt = 0.01`.

# %% [markdown] lang="ja"
# ## 1. 目標となる力学系
#
# ネットワークにカオスをまねさせるには、まず手本となるカオスが要ります。
# この節では2種類を用意します。
# 1つは常微分方程式から作るもので、ライブラリに入っています。
# もう1つは遅延微分方程式から作るもので、これはみなさんに書いてもらいます。
#
# ### ローレンツ系
#
# 1963年、ローレンツ [9] は下から熱せられた空気の層の運動を、わずか3つの変数に切り詰めました。
#
# $$
# \dot{x} = a (y - x), \qquad
# \dot{y} = x (b - z) - y, \qquad
# \dot{z} = x y - c z
# $$
#
# ここでは$a = 10$、$b = 28$、$c = 8/3$とします。
# `lorenz_func(z)`がこの右辺で、状態`z`は形が (3,) でも、まとめて (..., 3) でもかまいません。
# `runge_kutta(dt, func, **params)`は、右辺から1ステップの写像を作ります。
# いまの状態を渡すと、`dt`後の状態が返ってきます。
# 中身は古典的な4次のルンゲ＝クッタ法（RK4）で、始点で1回、中点で2回、終点で1回傾きを調べ、1 : 2 : 2 : 1の重みで平均します。
# (1, 1, 1) から`dt = 0.01`で20000ステップ進めてみましょう。

# %%
dt = 0.01
lorenz_step = runge_kutta(dt, lorenz_func, a=10.0, b=28.0, c=8 / 3)
lorenz = np.empty((20001, 3))
lorenz[0] = 1.0, 1.0, 1.0
for k in trange(20000):
    lorenz[k + 1] = lorenz_step(lorenz[k])

show_3d_coord(lorenz, title="Lorenz attractor")
# %% [markdown] lang="en"
# Turn the figure with the mouse. The curve circles around one wing, drifts outwards, changes to the
# other wing, and never closes.
#
# Now a small experiment. Take a state on the attractor and a twin that differs from it by
# $10^{-9}$ in one coordinate, and let both run under the same equations.

# %% [markdown] lang="ja"
# 図はマウスで回せます。
# 軌道は一方の羽のまわりを回りながら外へ広がり、もう一方の羽へ移り、いつまでたっても閉じません。
#
# ここで小さな実験をしましょう。
# アトラクタ上の状態を1つ取り、1つの座標だけを$10^{-9}$ずらした双子を作って、同じ方程式で走らせます。

# %%
twins = lorenz[2000] + np.array([[0, 0, 0], [0, 0, 1e-9]])
gap = np.empty(4000)
for k in range(4000):
    twins = lorenz_step(twins)
    gap[k] = np.linalg.norm(twins[1] - twins[0])

t = dt * np.arange(1, 4001)
growing = gap < 1
growth, offset = np.polyfit(t[growing], np.log(gap[growing]), 1)
print(f"the gap grows like exp({growth:.2f} t)")

fig, ax = plt.subplots(figsize=(9, 3), layout="constrained")
ax.semilogy(t, gap, label="distance of the twins")
ax.semilogy(t[growing], np.exp(growth * t[growing] + offset), "--", label="straight-line fit")
ax.set(xlabel="time t", ylabel="distance", title="Two states that began 1e-9 apart")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# On the logarithmic axis the distance climbs along a straight line until it is as large as the
# attractor itself: it grows exponentially. Over long times the rate tends to the *largest Lyapunov
# exponent*, 0.906 for this system; one short run gives a value near it. Its inverse, a little over
# 1.1 time units, is the *Lyapunov time*: the time in which an error is multiplied by $e$.
#
# Keep this picture in mind. A network that imitates Lorenz will part from its target too, however
# well it was trained, just as the two twins part. So we shall ask two different questions of it:
# *how many Lyapunov times* does it follow, and does it afterwards stay on the *same attractor*?

# %% [markdown] lang="ja"
# 対数軸で見ると、距離はほぼ直線的に増え、アトラクタの大きさに達したところで頭打ちになります。
# 指数関数的に拡大しているわけです。
# この拡大率は、長い時間で平均すると**最大リアプノフ指数**（この系では0.906）に近づきます。
# 短い1回の実験でも、それに近い値が得られます。
# その逆数、およそ1.1が**リアプノフ時間**で、誤差が$e$倍になるのにかかる時間です。
#
# この図を覚えておいてください。
# ローレンツ系をまねるネットワークも、どんなにうまく学習できても、いずれ手本から離れていきます。
# 双子が離れるのと同じです。
# そこで、ネットワークには2つの問いを立てることにします。
# **リアプノフ時間の何倍まで**手本についていけるか。
# そして、離れたあとも**同じアトラクタ**の上にいるか、です。

# %% [markdown] lang="en"
# ### One coordinate may be enough: delayed coordinates
#
# A thermometer reads one number, not the whole state of the air. How much of the attractor is in
# one coordinate? Plot it against its own value a little later: $(x(t), x(t + 10\,dt))$, and the
# same for $y$ and $z$.

# %% [markdown] lang="ja"
# ### 1つの変数で足りるか：遅延座標
#
# 温度計が読むのは1つの数だけで、空気の状態のすべてではありません。
# 1つの変数には、アトラクタについての情報がどれだけ残っているのでしょうか。
# 同じ変数の少しあとの値を縦軸に取って、$(x(t), x(t + 10\,dt))$を描いてみましょう。
# $y$と$z$についても同じことをします。

# %%
show_delayed_coord(*lorenz.T, tau=10, labels=["x", "y", "z"], title="Lorenz, delay 10 dt")
# %% [markdown] lang="en"
# From $x$ and from $y$ the two wings appear again, sheared and flattened. The curves cross because
# we look at a shadow in two dimensions; a third delayed value lifts the crossings. But look at $z$:
# only *one* wing. Perhaps it takes the third dimension to see two?

# %% [markdown] lang="ja"
# $x$と$y$からは、ゆがんで押しつぶされた形ではありますが、2枚の羽がまた現れます。
# 曲線が交わるのは2次元の影を見ているからで、遅れた値をもう1つ足せばほどけます。
# ところが$z$には、羽が**1枚**しかありません。
# これも3次元で見れば2枚に見えるのでしょうか。

# %%
for i, name in [(0, "x"), (2, "z")]:
    show_3d_coord(
        construct_delayed_coord(lorenz[:, i], 10, 3),
        title=f"Lorenz seen through {name} alone",
        labels=(f"{name}(t)", f"{name}(t + 10 dt)", f"{name}(t + 20 dt)"),
    )

# %% [markdown] lang="en"
# Through $x$ there are two wings; through $z$ still one, and no further delay will ever split it.
#
# **Takens' theorem** [10] says when delayed coordinates work. Let the state live on a compact
# manifold of dimension $m$, let a smooth invertible map $\varphi$ move it on by one delay, and let
# $h$ be a smooth scalar observation. Then for *generic* $\varphi$ and $h$
#
# $$
# z \;\mapsto\; \left(h(z),\; h(\varphi(z)),\; \dots,\; h(\varphi^{2m}(z))\right)
# $$
#
# is an embedding into $\mathbb{R}^{2m+1}$: different states give different vectors, and directions
# are not lost either. An attractor is rarely a manifold; Sauer, Yorke and Casdagli [11] showed that
# for one of box-counting dimension $D$ any number of delayed values above $2D$ is enough, for
# almost every $h$ (with conditions on short periodic orbits). The Lorenz attractor has $D$ a little
# above 2, so five values are enough by the theorem; three may do, and for $x$ they seem to.
#
# The theorem promises *enough*, not *needed*, and it promises it for *generic* observations. Here
# $z$ is not one. Replace $(x, y, z)$ by $(-x, -y, z)$: the Lorenz equations stay the same. So a
# state and its mirror image on the other wing give the same $z$ for ever, and nothing computed from
# $z$ can tell the wings apart.
#
# *A question to take along:* in section 3 a network will learn the whole attractor from $x$ alone.
# Could it from $z$ alone?

# %% [markdown] lang="ja"
# $x$から見ると羽は2枚、$z$から見るとやはり1枚です。
# 遅れた値をいくつ足しても、2枚に分かれることはありません。
#
# 遅延座標がいつうまくいくかを教えてくれるのが、**ターケンスの埋め込み定理** [10] です。
# 状態が$m$次元のコンパクトな多様体の上にあり、滑らかで可逆な写像$\varphi$がそれを遅延1つ分だけ先へ進めるとします。
# $h$は滑らかなスカラーの観測です。
# このとき、**ジェネリックな**$\varphi$と$h$に対して、
#
# $$
# z \;\mapsto\; \left(h(z),\; h(\varphi(z)),\; \dots,\; h(\varphi^{2m}(z))\right)
# $$
#
# は$\mathbb{R}^{2m+1}$への埋め込みになります。
# 異なる状態は異なるベクトルに移り、方向の情報も失われません。
# アトラクタはふつう多様体ではありませんが、Sauer、Yorke、Casdagli [11] は、ボックスカウント次元が$D$のアトラクタなら、ほとんどすべての$h$について、$2D$より多い個数の遅れた値で足りることを示しました（短い周期軌道についての条件が付きます）。
# ローレンツアトラクタの$D$は2より少し大きいので、定理によれば5個で足ります。
# 3個で足りることもあり、$x$ではどうやら足りています。
#
# この定理が保証するのは「**これだけあれば足りる**」ことで、「**これだけ必要だ**」とは言っていません。
# しかも、相手は**ジェネリックな**観測です。
# $z$はそうではありません。
# $(x, y, z)$を$(-x, -y, z)$に置き換えてもローレンツ方程式は変わらないので、ある状態と、もう一方の羽にあるその鏡像は、いつまでも同じ$z$を示し続けます。
# $z$から何を計算しても、2枚の羽を区別することはできません。
#
# **覚えておいてほしい問い：** 3節では、ネットワークが$x$だけからアトラクタの全体を学習します。
# $z$だけからでもできるでしょうか。

# %% [markdown] lang="en"
# ### The Mackey-Glass equation
#
# Your bone marrow makes white blood cells. When the blood holds too few of them it makes more, but
# a cell needs days to mature, so the marrow answers to the blood of days ago. Mackey and Glass [6]
# wrote this down in 1977, for the density $x$ of mature cells:
#
# $$
# \frac{dx}{dt} = \beta \, \frac{x(t - \tau)}{1 + x(t - \tau)^{n}} - \gamma \, x(t)
# $$
#
# The first term is the production that was ordered a time $\tau$ ago: it rises with $x(t - \tau)$
# and, if $n$ is large, falls steeply once $x(t - \tau)$ exceeds 1. The second is the loss of cells
# today. With $\beta = 0.2$, $\gamma = 0.1$, $n = 10$, both balance at $x = 1$. Whether they stay
# balanced depends on the delay: like someone under a shower who turns the tap by what the water was
# a while ago, the body overshoots. We take $\tau = 17$.
#
# **What is the state?** Today's $x$ does not determine tomorrow's. You need $x$ over the whole
# stretch $[t - \tau, t]$, a *function*, which no finite list of numbers describes: the state space
# has infinite dimension. A computer keeps `num_split` points of it, at spacing
#
# $$
# dT = \frac{\tau}{\mathrm{num\_split} - 1},
# $$
#
# in a list `gs` that begins with the oldest, `gs[0]` $= x(t - \tau)$, and ends with the newest,
# `gs[-1]` $= x(t)$. One step takes the newest value on by $dT$ with RK4, with the delayed value
# `gs[0]` *held* over the step; then the list moves on: the new value comes in at one end, the
# oldest goes out at the other.

# %% [markdown] lang="ja"
# ### Mackey-Glass方程式
#
# 骨髄は白血球を作っています。
# 血液中の白血球が足りなくなると増産しますが、細胞が成熟するには何日もかかるため、骨髄は何日も前の血液に応えていることになります。
# MackeyとGlass [6] は1977年、成熟した細胞の密度$x$について、これを次のように表しました。
#
# $$
# \frac{dx}{dt} = \beta \, \frac{x(t - \tau)}{1 + x(t - \tau)^{n}} - \gamma \, x(t)
# $$
#
# 第1項は、時間$\tau$だけ前に発注された産生です。
# $x(t - \tau)$とともに増えますが、$n$が大きければ、$x(t - \tau)$が1を超えたところで急に減ります。
# 第2項は、いま失われていく分です。
# $\beta = 0.2$、$\gamma = 0.1$、$n = 10$のとき、両者は$x = 1$で釣り合います。
# その釣り合いが保たれるかどうかは、遅延しだいです。
# シャワーの蛇口を、少し前の湯加減を頼りにひねるときのように、体は行き過ぎを繰り返します。
# ここでは$\tau = 17$とします。
#
# **状態とは何か** 今日の$x$だけでは明日の$x$は決まりません。
# 区間$[t - \tau, t]$全体の$x$、つまり**関数**が必要です。
# 関数は有限個の数では言い尽くせないので、状態空間は無限次元になります。
# 計算機では、そのうちの`num_split`個の点を、間隔
#
# $$
# dT = \frac{\tau}{\mathrm{num\_split} - 1}
# $$
#
# で持っておきます。
# リスト`gs`の先頭が最も古い`gs[0]` $= x(t - \tau)$、末尾が最も新しい`gs[-1]` $= x(t)$です。
# 1ステップでは、遅延した値`gs[0]`をステップの間**一定に保った**まま、最も新しい値をRK4で$dT$だけ進めます。
# そのあとリストをずらします。
# 新しい値が一方の端から入り、最も古い値がもう一方の端から出ていきます。

# %% [markdown] lang="en"
# ### Exercise 01_01: sampling the Mackey-Glass equation (20 minutes)
#
# Fill the gaps of two functions.
#
# - `mackey_glass_func(gn, g0, beta, gamma, n)` is the right-hand side: `gn` is the value *now*,
#   `g0` the value $\tau$ *ago*.
# - `sample_mg_dynamics(time_steps, tau, num_split, values_before_zero, display, **kwargs)` takes
#   `time_steps` steps. The list `gs` is filled for you from `values_before_zero`, a function of time
#   on $[-\tau, 0]$. Make the map of one step with `runge_kutta`: what moves is `gn`, and whatever
#   else the right-hand side takes is held over the step and handed to `runge_kutta` by name, as
#   `a`, `b`, `c` were for Lorenz. `kwargs` are those of `beta`, `gamma`, `n` that the caller
#   wants changed. Then move the list on and keep the newest value.
#
# Two things to mind. `out[k]` is the newest value *after* step k+1, so `out[0]` is $x(dT)$ although
# `ts[0]` is 0: the true time of `out[k]` is `ts[k] + dT`. And a history may return arrays, many
# independent runs at once; then `out` is (time_steps, ...). Written for numbers, your code will
# probably work for arrays as it is.

# %% [markdown] lang="ja"
# ### 演習 01_01：Mackey-Glass方程式のサンプリング（20分）
#
# 2つの関数の空欄を埋めてください。
#
# - `mackey_glass_func(gn, g0, beta, gamma, n)`は方程式の右辺です。
#   `gn`が現在の値、`g0`が時間$\tau$だけ前の値です。
# - `sample_mg_dynamics(time_steps, tau, num_split, values_before_zero, display, **kwargs)`は`time_steps`ステップ進めます。
#   リスト`gs`は、$[-\tau, 0]$上の時間の関数`values_before_zero`からあらかじめ作ってあります。
#   `runge_kutta`で1ステップの写像を作ってください。
#   この写像が進めるのは`gn`です。
#   右辺が受け取るそれ以外のものは、ステップの間一定に保ち、ローレンツ系の`a`、`b`、`c`と同じようにキーワード引数で`runge_kutta`に渡します。
#   `kwargs`は、`beta`、`gamma`、`n`のうち、呼び出し側が変えたいものです。
#   それからリストをずらし、最も新しい値を記録します。
#
# 注意点が2つあります。
# `out[k]`はk+1ステップ目を終えた**あと**の最新の値です。
# したがって、`ts[0]`は0ですが`out[0]`は$x(dT)$で、`out[k]`の本当の時刻は`ts[k] + dT`です。
# また、履歴の関数は配列を返すこともあり（独立な試行をまとめて進めます）、そのとき`out`の形は (time_steps, ...) になります。
# 数値を想定して書いたコードも、たいていはそのまま配列で動きます。


# %% exercise="01_01" points=1 minutes=20
def mackey_glass_func(gn, g0, beta=0.2, gamma=0.1, n=10.0):
    """Right-hand side of the Mackey-Glass equation.

    Args:
        gn: x(t), the value now; a number or an array.
        g0: x(t - tau), the value tau ago; like gn.
        beta, gamma, n: parameters of the equation.

    Returns:
        gn_dot: the time derivative of x at t; like gn.
    """
    gn_dot = beta * g0 / (1 + g0**n) - gamma * gn  # TODO Production minus loss. | 産生と減少の差。
    return gn_dot


def sample_mg_dynamics(
    time_steps, tau, num_split, values_before_zero=lambda t: 0.5, display=True, **kwargs
):
    """Sample the Mackey-Glass equation.

    Args:
        time_steps: how many steps of dT = tau / (num_split - 1) to take.
        tau: the delay.
        num_split: how many points of the history are kept, both ends included.
        values_before_zero: a function that gives x(t) for t in [-tau, 0], a number or an array.
        display: whether to show a progress bar.
        kwargs: parameters of mackey_glass_func.

    Returns:
        ts (time_steps,): 0, dT, 2 dT, ...
        out (time_steps, ...): out[k] is the newest value after step k + 1, which is x(ts[k] + dT);
            so out[0] is x(dT), not x(0).
    """
    dT = tau / (num_split - 1)
    ts = np.arange(time_steps) * dT
    gs = [values_before_zero(t) for t in np.linspace(-tau, 0, num_split)]
    out = []
    for _ in trange(time_steps, display=display):
        step = runge_kutta(
            dT, mackey_glass_func, g0=gs[0], **kwargs
        )  # TODO The map of one step from x(t) to x(t + dT). | x(t)からx(t + dT)への1ステップの写像。
        # TODO Move the history on by one step and keep its newest value in out. | 履歴を1ステップずらし、最新の値をoutに記録する。
        gs = [*gs[1:], step(gs[-1])]
        out.append(gs[-1])
        # END TODO
    return ts, np.array(out)


test_func(sample_mg_dynamics, "01_01", multiple_output=True)
# show_solution("01_01", "mackey_glass_func")

# %% [markdown] lang="en"
# Your function at work: $\tau = 17$ with 18 points, so $dT = 1$, for 20000 steps. On the left the
# two terms of the equation against $x$, on the right the first 600 time units.

# %% [markdown] lang="ja"
# 書いた関数を使ってみましょう。
# $\tau = 17$を18点で表すので$dT = 1$、これを20000ステップ進めます。
# 左は方程式の2つの項を$x$に対して描いたもの、右は時刻600までの時系列です。

# %%
if ready("01_01"):
    tau, dT = 17, 1.0
    ts, mg = sample_mg_dynamics(20000, tau, num_split=18)

    x = np.linspace(0, 1.6, 200)
    fig, (left, right) = plt.subplots(
        1, 2, figsize=(11, 3.2), layout="constrained", width_ratios=[1, 2]
    )
    left.plot(x, mackey_glass_func(0, x), label="production, ordered at x")
    left.plot(x, -mackey_glass_func(x, 0), label="loss at x")
    left.set(xlabel="x", ylabel="rate", ylim=(0, 0.22), title="The two terms balance at x = 1")
    left.legend(loc="upper left")
    right.plot(ts[:600] + dT, mg[:600])
    right.set(
        xlabel="time t (out[k] is at ts[k] + dT)", ylabel="x(t)", title="Mackey-Glass, tau = 17"
    )
    plt.show()

# %%
if ready("01_01"):
    fig = show_delayed_coord(mg, tau=17, labels=["x"])
    fig.set_size_inches(6, 6)
    fig.axes[0].set(xlabel="x(t - tau)", ylabel="x(t)", title="Mackey-Glass, delay tau = 17")
    fig.axes[0].lines[0].set_linewidth(0.1)
    show_3d_coord(
        construct_delayed_coord(mg[-10000:], 17, 3)[:, ::-1],
        title="Mackey-Glass, the last 10000 steps",
        labels=("x(t)", "x(t - tau)", "x(t - 2 tau)"),
    )

# %% [markdown] lang="en"
# The series swings about 1, almost periodic and never quite. The delayed coordinates show a band
# folded over itself: the loop returns, but never to the same place. And here is something to wonder
# at. The state has infinite dimension, 18 numbers on our grid, yet the figure is thin. The attractor
# fills little of the space it lives in: its dimension is only about 2 at this delay [12]. That is
# why a network of finite size has a chance.
#
# *A question before you go on:* the same sampler with a smaller $dT$ draws a slightly different
# picture. Do we really see $\tau = 17$? The last advanced question finds out.

# %% [markdown] lang="ja"
# 時系列は1のまわりを行き来し、ほとんど周期的なのに決して繰り返しません。
# 遅延座標には、折りたたまれた帯のような形が見えます。
# 軌道は戻ってきますが、同じ場所には帰りません。
# ここには不思議なことがあります。
# 状態は無限次元（この格子でも18次元）なのに、図形は薄いのです。
# アトラクタは、自分のいる空間をほんのわずかしか占めていません。
# この遅延での次元はおよそ2にすぎません [12]。
# 有限の大きさのネットワークにも見込みがあるのは、そのおかげです。
#
# **先へ進む前に考えてみてください：** 同じ関数でも、$dT$を小さくすると少し違った図になります。
# 私たちが見ているのは、本当に$\tau = 17$の系でしょうか。
# 最後の発展問題で確かめます。

# %% [markdown] lang="en"
# ### Advanced 01_A1: from rest to chaos
#
# Draw two bifurcation diagrams of the Mackey-Glass equation: over $\tau$ (2 to 30), and over one
# parameter of your choice at $\tau = 17$. A bifurcation diagram marks, above each value of the
# parameter, the heights of all maxima of $x(t)$ once the start is forgotten.
#
# Hints: one run after another would take minutes, so run them side by side, as one array. The
# library's `mackey_glass` takes arrays for `beta`, `gamma` and `n`, but one `tau`. Measure time in
# delays, $s = t / \tau$, and see where $\tau$ goes.

# %% [markdown] lang="ja"
# ### 発展 01_A1：静止からカオスへ
#
# Mackey-Glass方程式の分岐図を2枚描いてください。
# 1枚は$\tau$（2から30まで）について、もう1枚は$\tau = 17$で好きなパラメータについてです。
# 分岐図とは、パラメータの各値の真上に、初期の影響が消えたあとの$x(t)$の極大値をすべてプロットした図です。
#
# ヒント：1本ずつ計算すると何分もかかるので、全部を1つの配列にまとめて並べて進めましょう。
# ライブラリの`mackey_glass`は`beta`、`gamma`、`n`に配列を受け付けますが、`tau`は1つだけです。
# 時間を遅延の何倍かで測る（$s = t / \tau$）と、$\tau$はどこへ行くでしょうか。

# %% answer="01_A1"
# TODO Two bifurcation diagrams. | 2枚の分岐図。
STEPS_A_DELAY, SETTLE, WATCH = 60, 140, 60  # the last two in delays


def maxima(values, **params):
    """Many runs side by side, one for each of `values`: where their maxima lie, and how high."""
    history = ConstantHistory(np.full(len(values), 0.5))
    _, xs = mackey_glass((SETTLE + WATCH) * STEPS_A_DELAY, history=history, **params)
    xs = xs[-WATCH * STEPS_A_DELAY :]
    before, here, after = xs[:-2], xs[1:-1], xs[2:]
    k, j = np.nonzero((before < here) & (here >= after))
    return values[j], here[k, j]


# With s = t / tau:  dx/ds = (beta tau) x(s - 1) / (1 + x(s - 1)^n) - (gamma tau) x(s).
taus = np.linspace(2, 30, 600)
over_tau = maxima(taus, tau=1.0, dt=1 / STEPS_A_DELAY, beta=0.2 * taus, gamma=0.1 * taus)
ns = np.linspace(4, 20, 600)
over_n = maxima(ns, tau=17.0, dt=17 / STEPS_A_DELAY, n=ns)

# The fixed point x = 1 loses its stability where -gamma + b exp(-lambda tau) = lambda has a root
# lambda = i omega, b = beta (2 - n) / 4 being the slope of the production there.
b = 0.2 * (2 - 10) / 4
omega = np.sqrt(b**2 - 0.1**2)
tau_hopf = np.arccos(0.1 / b) / omega
print(f"theory: oscillations begin at tau = {tau_hopf:.3f}")

fig, axes = plt.subplots(2, 1, figsize=(10, 8), layout="constrained")
for ax, (where, height), name in zip(axes, (over_tau, over_n), ("tau", "n"), strict=True):
    ax.plot(where, height, ",k")
    ax.set(xlabel=name, ylabel="maxima of x(t)", title=f"Mackey-Glass: bifurcations over {name}")
axes[0].axvline(tau_hopf, color="C3", ls="--", label="theory: the fixed point loses stability")
axes[0].legend(loc="lower left")
plt.show()

# %% [markdown] lang="en"
# **What you should find.** With a short delay the body finds its balance: one point, at 1. (On the
# far left not even that: the swing has died out to the last digit of double precision, and no maximum is left.) At
# $\tau \approx 4.71$ it begins to swing (a Hopf bifurcation; linearising at $x = 1$ gives
# $\tau = \arccos(\gamma / b) / \sqrt{b^2 - \gamma^2}$ with $b = \beta (2 - n) / 4$, the dashed
# line). Near 13 every second maximum becomes lower than the first, the period has doubled; doublings
# follow faster and faster and before 17 there is chaos, with windows of order in it. Mackey and
# Glass called illnesses that come of a changed parameter rather than of a broken part *dynamical
# diseases*.
#
# Over $n$ at $\tau = 17$ comes a surprise: steeper feedback leads to chaos too, but just below
# $n = 12$ the chaos suddenly ends, and up to 20 a simple rhythm of one high and one low maximum is
# all that remains. More nonlinear does not mean more chaotic.

# %% [markdown] lang="ja"
# **こうなるはずです** 遅延が短ければ体は釣り合いの状態に落ち着き、点は1のところに1つだけです（左端ではその点もありません。揺れが倍精度の最後の桁まで消え、極大が残っていないのです）。
# $\tau \approx 4.71$で振動が始まります（ホップ分岐です。$x = 1$で線形化すると、$b = \beta (2 - n) / 4$として$\tau = \arccos(\gamma / b) / \sqrt{b^2 - \gamma^2}$が得られ、これが破線です）。
# 13あたりで極大値が1つおきに低くなり、周期が2倍になります。
# 周期倍分岐はしだいに間隔を詰めながら続き、17の手前でカオスに至ります。
# カオスの中には、秩序の戻る窓もあります。
# 部品の故障ではなくパラメータの変化から生じる病気を、MackeyとGlassは*dynamical disease*（力学系の病）と呼びました。
#
# $\tau = 17$で$n$を変えた図には意外なことがあります。
# フィードバックを急にするとやはりカオスになりますが、$n = 12$の少し手前でカオスは突然終わり、そこから20までは、高い山と低い山が1つずつの単純なリズムしか残りません。
# 非線形性が強いほどカオス的になる、とは限らないのです。

# %% [markdown] lang="en"
# ### Advanced 01_A2: an integrator that chooses its own steps
#
# On the first stretch $[0, \tau]$ the delayed value comes from the known history, so the equation is
# an *ordinary* differential equation there. Solve it, and its solution is the known past for
# $[\tau, 2\tau]$, and so on: the *method of steps*. Write it with `scipy.integrate.solve_ivp`, which
# adapts its step to a tolerance and whose `dense_output=True` gives the solution as a function of
# time. Compare with your sampler at several $dT$.

# %% [markdown] lang="ja"
# ### 発展 01_A2：刻み幅を自分で選ぶ積分
#
# 最初の区間$[0, \tau]$では、遅延した値は与えられた履歴からわかるので、方程式はふつうの常微分方程式です。
# それを解けば、その解が次の区間$[\tau, 2\tau]$にとっての既知の過去になります。
# これを繰り返すのが*method of steps*（逐次区間法）です。
# 許容誤差に合わせて刻み幅を変え、`dense_output=True`で解を時間の関数として返す`scipy.integrate.solve_ivp`を使って書いてください。
# そして、いろいろな$dT$での自分の関数の結果と比べてください。

# %% answer="01_A2"
# TODO The method of steps with dense output. | 密出力を使った逐次区間法。
from scipy.integrate import solve_ivp


def integrate_mg(t_end, tau, history, rtol=1e-10, **params):
    """Solve the Mackey-Glass equation on [0, t_end], one delay at a time.

    Every multiple of tau ends a piece, so the kinks that start at t = 0 and come back, ever
    smoother, at tau, 2 tau, ... lie between the solver's steps and never inside one.

    Returns:
        solution: a function, times (T,) -> x (T,).
        step_ends: the times between which the solver stepped.
    """
    pieces, past, x = [], history, history(0.0)
    while len(pieces) * tau < t_end:
        start = len(pieces) * tau
        piece = solve_ivp(
            lambda t, x, past=past: mackey_glass_func(x, past(t - tau), **params),
            (start, start + tau),
            [x],
            method="DOP853",
            rtol=rtol,
            atol=rtol,
            dense_output=True,
        ).sol
        pieces.append(piece)
        past, x = piece, piece(start + tau)[0]

    def solution(t):
        t = np.asarray(t, dtype=float)
        which = np.minimum(t // tau, len(pieces) - 1)
        x = np.empty_like(t)
        for i, piece in enumerate(pieces):
            x[which == i] = piece(t[which == i])[0]
        return x

    return solution, np.concatenate([piece.ts for piece in pieces])


def constant_half(t):
    return 0.5


solution, step_ends = integrate_mg(170, 17, constant_half)
finer, _ = integrate_mg(170, 17, constant_half, rtol=1e-12)
t = np.linspace(0, 170, 1701)
print(f"rtol 1e-10 against 1e-12: {np.abs(solution(t) - finer(t)).max():.1e}")

fig, (top, bottom) = plt.subplots(2, 1, figsize=(10, 6), layout="constrained", sharex=True)
top.plot(t, solution(t), "k", label="adaptive")
for num_split in (18, 69, 273):
    dT = 17 / (num_split - 1)
    ts, xs = sample_mg_dynamics(int(170 / dT), 17, num_split, constant_half, display=False)
    print(f"dT = {dT:.4f}: largest difference {np.abs(xs - solution(ts + dT)).max():.4f}")
    top.plot(ts + dT, xs, lw=1, label=f"fixed step, dT = {dT:.4f}")
top.set(ylabel="x(t)", ylim=(0.35, 1.6), title="Adaptive and fixed steps")
top.legend(loc="upper center", ncols=4)
widths = np.diff(step_ends)
ends, widths = step_ends[1:][widths > 0], widths[widths > 0]
near_one = (widths[ends > 60] > 0.8) & (widths[ends > 60] < 1.2)
print(f"{len(widths)} steps; of those after t = 60, {near_one.mean():.0%} are 0.8 to 1.2 wide")
bottom.plot(ends, widths, ".")
bottom.set(xlabel="time t", ylabel="step width", title="The steps that the solver chose")
plt.show()

# %% [markdown] lang="en"
# **What you should find.** The two tolerances agree to seven digits. The fixed step differs from
# them by 0.29 at $dT = 1$, by 0.077 at 1/4 and by 0.019 at 1/16: it converges, but slowly, a quarter
# of the step for a quarter of the error, and at $dT = 1$ the curve runs visibly late. The lower panel
# shows the widths that the solver chose. Every piece begins with tiny careful steps, at multiples of
# $\tau$; then it strides out, up to 4 wide while the solution is still simple, and from $t = 60$ on
# more than half of its steps are 0.8 to 1.2 wide. That makes 142 steps where $dT = 1$ takes 170, for
# an error a million times smaller. (Each costs twelve looks at the slope instead of four.)

# %% [markdown] lang="ja"
# **こうなるはずです** 2つの許容誤差での解は7桁まで一致します。
# 固定刻みとの差は$dT = 1$で0.29、1/4で0.077、1/16で0.019です。
# 収束はしますが、刻み幅を4分の1にしてようやく誤差が4分の1になるという遅さで、$dT = 1$では曲線が目に見えて遅れます。
# 下の図は、積分器が選んだ刻み幅です。
# $\tau$の整数倍で区間が変わるたびに、ごく小さなステップで慎重に始まり、そのあと刻み幅を広げます。
# 解がまだ単純な初めのうちは最大で4ほど、$t = 60$以降は半分以上のステップが刻み幅が0.8から1.2です。
# 全部で142ステップと、$dT = 1$のときの170ステップより少ないのに、誤差は100万分の1ほどです（ただし1ステップで傾きを調べる回数は、4回ではなく12回です）。

# %% [markdown] lang="en"
# ### Advanced 01_A3: what holding the delayed value costs
#
# RK4 is of fourth order, yet the error above only fell in proportion to $dT$. The delayed value, held
# over the step, is the culprit. Measure the order of convergence of your sampler and of the library's
# `mackey_glass`, which interpolates the delayed value linearly, against the integrator of 01_A2. Plot
# both errors over $dT$ on logarithmic axes and fit the slopes. Then explain the error of the held
# value: if $x(t - \tau)$ stands still during a step, how old is it *on average*?
#
# The answer that `show_solution` gives calls `integrate_mg` and `constant_half` of the answer to 01_A2:
# to run it, run that one first.

# %% [markdown] lang="ja"
# ### 発展 01_A3：遅延した値を一定に保つことの代償
#
# RK4は4次精度なのに、上の誤差は$dT$に比例してしか減りませんでした。
# 原因は、ステップの間一定に保った遅延値です。
# 自分の関数と、遅延値を線形補間するライブラリの`mackey_glass`について、01_A2の積分を基準に収束の次数を測ってください。
# 2つの誤差を$dT$に対して両対数で描き、傾きを求めます。
# そのうえで、一定に保つことの誤差を説明してください。
# ステップの間$x(t - \tau)$が止まっているなら、その値は**平均して**どれだけ古いでしょうか。
#
# なお、`show_solution`の解答例は、01_A2の解答例にある`integrate_mg`と`constant_half`を使います。
# 実行するときは、先に01_A2の解答例を実行してください。

# %% answer="01_A3"
# TODO Convergence of three comparisons. | 3通りの比較の収束。
T_END = 170
errors = {"held": [], "interpolated": [], "held, against tau + dT/2": []}
dTs = 1 / 2.0 ** np.arange(6)
exact, _ = integrate_mg(T_END, 17, constant_half)
for dT in tqdm(dTs):
    steps = int(T_END / dT)
    ts, held = sample_mg_dynamics(steps, 17, int(17 / dT) + 1, constant_half, display=False)
    _, interpolated = mackey_glass(steps + 1, tau=17, dt=dT, history=constant_half)
    older, _ = integrate_mg(T_END, 17 + dT / 2, constant_half)
    t = ts + dT
    errors["held"].append(np.abs(held - exact(t)).max())
    errors["interpolated"].append(np.abs(interpolated[1:] - exact(t)).max())
    errors["held, against tau + dT/2"].append(np.abs(held - older(t)).max())

fig, ax = plt.subplots(figsize=(7, 4.5), layout="constrained")
for (name, error), mark in zip(errors.items(), "osx", strict=True):
    slope = np.polyfit(np.log(dTs), np.log(error), 1)[0]
    print(f"{name}: error {error[0]:.4f} at dT = 1, order {slope:.2f}")
    ax.loglog(dTs, error, mark + "-", label=f"{name}: slope {slope:.2f}")
ax.set(xlabel="dT", ylabel="largest error on [0, 170]", title="Order of convergence")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# **What you should find.** Held: slope 0.98, first order. Interpolated: slope 2.00, second order,
# and already at $dT = 1$ the error is thirty times smaller.
#
# Now the surprise. During the step from $t$ to $t + dT$ the held value is $\tau$ old at the beginning
# and $\tau + dT$ at the end, $\tau + dT/2$ on average. Compare the held samples with the exact
# solution *for the delay* $\tau + dT/2$, and the error is of second order (slope 2.00) and about as
# small as with interpolation. What holding costs is not noise: it solves, quite accurately, an
# equation with a longer delay. Our figures at $dT = 1$ show Mackey-Glass not at $\tau = 17$ but near
# $\tau = 17.5$. For a network that shall learn the series this is as good a target as any. But
# whoever compares prediction errors "at $\tau = 17$" with someone else's should ask how the delayed
# value was treated.

# %% [markdown] lang="ja"
# **こうなるはずです** 一定に保つと傾きは0.98で1次、線形補間では2.00で2次です。
# $dT = 1$でも、補間したほうの誤差は30分の1ほどです。
#
# 意外なのはここからです。
# $t$から$t + dT$までのステップの間、一定に保った値は、始めには$\tau$だけ、終わりには$\tau + dT$だけ古く、平均すると$\tau + dT/2$だけ古いことになります。
# そこで、同じ結果を**遅延$\tau + dT/2$の**厳密解と比べると、誤差は2次（傾き2.00）になり、線形補間と同じくらい小さくなります。
# 一定に保つことで入るのは、でたらめな誤差ではありません。
# 実際には、遅延が少し長い方程式を、かなり正確に解いているのです。
# $dT = 1$の図に描かれていたのは、$\tau = 17$ではなく、ほぼ$\tau = 17.5$のMackey-Glass方程式でした。
# ネットワークに学習させる時系列としては、これで何の問題もありません。
# ただし、「$\tau = 17$での予測誤差」を誰かの結果と比べるときには、遅延した値をどう扱ったのかを確かめる必要があります。
