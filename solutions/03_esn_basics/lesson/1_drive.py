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
# ## 1. Driving
#
# To *drive* a reservoir is to feed it a series, value by value, and to write down every state. All
# that comes later is done to that table of states: throwing away its head, fitting a readout to a
# part of it, testing on the rest.
#
# In the code one step is `net(x, w_in(us[k]))`: the input layer turns `us[k]`, which has `d`
# components, into `N` numbers, one for each unit, and `net` mixes them with the old state. The call
# returns the next state and changes nothing. (There is also `net.step(v)`, which moves a state that
# the network keeps for itself, `net.x`. It is handy at a prompt; in a function it is a trap, since
# the second call starts where the first one ended.)
#
# ### Exercise 01_01: the states of a driven reservoir (15 minutes)
#
# Write `drive`. It starts from `x0`, hears `us[0]`, `us[1]`, ... in turn, and returns the states
# `xs`. Without a leak, and with $x[k]$ for `xs[k]`, $u[k]$ for `us[k]` and $x_0$ for `x0`,
#
# $$
# x[0] = \tanh\left(\rho W x_0 + W^{\mathrm{in}} u[0] + b\right), \qquad
# x[k] = \tanh\left(\rho W x[k-1] + W^{\mathrm{in}} u[k] + b\right)
# $$
#
# So `xs[0]` has already heard `us[0]`, there are as many states as inputs, and `x0` itself is not
# among them. `x0` may be one state (N,) or a table of `R` states (R, N); then `us[k]` is either one
# input that all rows hear, (d,), or has a row for each of them, (R, d). Nothing special is needed
# for that, except that the table of results gets one more axis.

# %% [markdown] lang="ja"
# ## 1. リザバーを駆動する
#
# リザバーを**駆動する**とは、時系列の値を順に聞かせて、そのつど状態を記録することです。
# このあとすることは、どれもこの状態の表に対する操作です。
# 先頭を捨て、一部に読み出し層を当てはめ、残りでテストします。
#
# コードでは、1ステップは`net(x, w_in(us[k]))`です。
# `d`個の成分をもつ`us[k]`を、入力層が`N`個の数に変え（ユニット1つに1個です）、`net`がそれを古い状態と混ぜ合わせます。
# この呼び出しは次の状態を返すだけで、何も書き換えません。
# （`net.step(v)`というものもあり、こちらはネットワーク自身が持っている状態`net.x`を進めます。対話的に試すには便利ですが、関数の中では落とし穴になります。2回目の呼び出しが、1回目の終わりから始まってしまうからです。）
#
# ### 演習 01_01：駆動されたリザバーの状態（15分）
#
# `drive`を書いてください。
# `x0`から始めて、`us[0]`、`us[1]`、……を順に聞かせ、状態`xs`を返します。
# `xs[k]`を$x[k]$、`us[k]`を$u[k]$、`x0`を$x_0$と書けば、リークなしのとき次のとおりです。
#
# $$
# x[0] = \tanh\left(\rho W x_0 + W^{\mathrm{in}} u[0] + b\right), \qquad
# x[k] = \tanh\left(\rho W x[k-1] + W^{\mathrm{in}} u[k] + b\right)
# $$
#
# つまり`xs[0]`はもう`us[0]`を聞いています。
# 状態の数は入力の数と同じで、`x0`自身は入りません。
# `x0`は1つの状態 (N,) のこともあれば、`R`個の状態の表 (R, N) のこともあります。
# 後者の場合、`us[k]`はすべての行が聞く1つの入力 (d,) か、行ごとに別々の入力 (R, d) です。
# そのために特別なことをする必要はありませんが、結果の表の軸は1つ増えます。


# %% exercise="01_01" points=1 minutes=15
def drive(x0, net, w_in, us):
    """The states of a reservoir that hears a series.

    None of the arguments is changed.

    Args:
        x0 (N,) or (R, N): the state before the first input, or R of them side by side.
        net: the reservoir, net(x, v) -> x.
        w_in: the input layer, w_in(u) -> v.
        us (T, d), or (T, R, d) with an input for each row of x0: the series.

    Returns:
        xs (T, N) or (T, R, N): xs[k] is the state after us[k] was heard.
    """
    xs = np.empty((len(us), *np.shape(x0)))  # TODO Room for all states. | 全状態の入れ物。
    x = x0
    for k in range(len(us)):
        x = net(x, w_in(us[k]))  # TODO The next state. | 次の状態。
        xs[k] = x  # TODO What is written down. | 記録するもの。
    return xs


test_func(drive, "01_01")
# show_solution("01_01", "drive")

# %% [markdown] lang="en"
# ### A hundred views of one series
#
# Now a reservoir hears random numbers within $\pm 0.1$. Is the past still there? For each delay $j$,
# look for the unit whose activity resembles the input of $j$ steps ago most: the largest
# correlation, over all units, of `xs[:, i]` with `us` shifted by $j$.

# %% [markdown] lang="ja"
# ### 1つの時系列を百通りに見る
#
# リザバーに、$\pm 0.1$の範囲の乱数の列を聞かせてみましょう。
# 過去はまだそこに残っているでしょうか。
# 遅れ$j$ごとに、$j$ステップ前の入力にいちばんよく似たユニットを探します。
# 似ている度合いは、`xs[:, i]`と、$j$だけずらした`us`との相関係数の絶対値で測り、全ユニットでの最大値をとります。


# %%
def best_unit(xs, us, delay):
    """The largest correlation of any unit with the input of ``delay`` steps ago."""
    past = us[: len(us) - delay, 0]
    return max(abs(np.corrcoef(x, past)[0, 1]) for x in xs[delay:].T)


if ready("01_01"):
    rnd = np.random.default_rng(0)
    net, w_in = draw_network(rnd, 100, sr=0.9)
    us_random = rnd.uniform(-1, 1, (2000, 1))
    xs_random = drive(np.zeros(100), net, w_in, 0.1 * us_random)
    best = [best_unit(xs_random, us_random, delay) for delay in range(31)]
    for delay in (0, 10, 20):
        print(f"delay {delay}: correlation {best[delay]:.2f}")

    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.4), layout="constrained")
    left.plot(0.1 * us_random[100:150], "k--", label="input times 0.1")
    left.plot(xs_random[100:150, :5], lw=1)
    left.set(xlabel="step k", ylabel="state", title="The input, and five units")
    left.legend(loc="upper right")
    right.plot(best, "o-", ms=3)
    right.set(
        xlabel="delay j", ylabel="correlation", ylim=(0, 1.05), title="Best unit for each delay"
    )
    plt.show()

# %% [markdown] lang="en"
# The present input is easy to find: some unit follows it closely. The input of ten steps ago is in
# no single unit any more; the best of a hundred resembles it only faintly. It looks forgotten. Is
# it? *Keep your guess in mind: section 3 asks the same states again, but lets all units answer
# together.*

# %% [markdown] lang="ja"
# 現在の入力はすぐに見つかります。
# ほぼそのまま追いかけているユニットがあるからです。
# 10ステップ前の入力になると、どのユニットにも見当たりません。
# 100個のうちいちばん似ているものでも、わずかに面影がある程度です。
# 忘れてしまったように見えます。
# 本当にそうでしょうか。
# **予想を立てて、覚えておいてください。3節で同じ状態をもう一度使い、今度は全ユニットに一緒に答えさせます。**
