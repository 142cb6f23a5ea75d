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
# ## 3. The loop
#
# Now we have both halves. The E-step holds the reservoir still and finds the best readout for it at
# one stroke. The M-step holds the readout still and moves the reservoir a little downhill. What is
# left is to take turns:
#
# $$
# W_{\mathrm{out}} \leftarrow \text{E-step}(\theta), \qquad
# \theta \leftarrow \text{M-step}(\theta, W_{\mathrm{out}})
# \ \text{(many times)}, \qquad
# W_{\mathrm{out}} \leftarrow \text{E-step}(\theta), \qquad \dots
# $$
#
# A loop of ten lines, then; but its author has to decide three things that no formula tells.
#
# **When to look.** The picture is looked at twice in each iteration $i = 0, 1, 2, \dots$: after the
# E-step, noted at $i + 0.5$, and after the M-steps, noted at $i + 1$. On one axis, one can see what
# either half has done.
#
# **When to stop.** Look at the PSNR after the M-steps. If it is *more than 0.1 dB* above the best so
# far, that is a gain: it becomes the new mark to beat (0 dB at first), and a counter goes back to
# zero. If not, the counter rises by one, and **the mark stays where it is**, so that two rises of
# 0.06 dB in a row do count, by the second of them. When the counter reaches `patience`, the loop ends.
#
# **What to hand over.** After the last M-step the readout belongs to a reservoir that is no more. So
# the readout is solved once again at the very end, whether the loop was stopped or ran out. This model
# is the result, and its PSNR is the last entry of the history. It is noted half an iteration after the
# last M-steps, at $i + 1.5$ if iteration $i$ was the last.

# %% [markdown] lang="ja"
# ## 3. ループ
#
# 2つの部品がそろいました。
# Eステップは、リザバーを固定して、それに最適な読み出し層を一度に求めます。
# Mステップは、読み出し層を固定して、リザバーを坂の下へ少しだけ動かします。
# あとは、交互に繰り返すだけです。
#
# $$
# W_{\mathrm{out}} \leftarrow \text{E-step}(\theta), \qquad
# \theta \leftarrow \text{M-step}(\theta, W_{\mathrm{out}})
# \ \text{(many times)}, \qquad
# W_{\mathrm{out}} \leftarrow \text{E-step}(\theta), \qquad \dots
# $$
#
# 10行ほどのループですが、式には書かれていないことを3つ決めなければなりません。
#
# **いつ測るか** 反復$i = 0, 1, 2, \dots$のそれぞれで2回、絵の出来を測ります。
# Eステップのあとの値は$i + 0.5$、Mステップのあとの値は$i + 1$の位置に記録します。
# こうすると、1本の軸の上で、それぞれのステップが何をしたのかがわかります。
#
# **いつやめるか** 見るのは、MステップのあとのPSNRです。
# これまでの最良の値を**0.1 dBより大きく**上回っていれば「改善」とみなし、その値を次に超えるべき基準（最初は0 dB）とし、カウンタを0に戻します。
# そうでなければカウンタを1増やし、**基準はそのまま**にします。
# ですから、0.06 dBずつ2回続けて上がれば、2回目で改善と認められます。
# カウンタが`patience`に達したら、ループを終えます。
#
# **何を結果とするか** 最後のMステップのあとに残っている読み出し層は、もう存在しないリザバーのためのものです。
# そこで、途中でやめた場合も最後まで回した場合も、終わりにもう一度だけ読み出し層を求め直します。
# このモデルが結果で、そのPSNRが履歴の最後の要素です。
# 位置は最後のMステップの半反復あと、つまり最後の反復が$i$なら$i + 1.5$です。

# %% [markdown] lang="en"
# ### Exercise 03_01: the EM loop (25 minutes)
#
# Fill the gaps of `em_loop`. The model's methods are those of section 2: `e_step(X, Y, lamb)` and
# `compute_loss(X, Y)`, which `record` calls for you; an M-step is a call of your `m_step`. One
# optimizer lives through all iterations and is handed to every M-step: Adam remembers past gradients.
#
# The check does not ask how good a picture becomes. It lets your loop train a stand-in that writes
# down what happens to it and plays a script of PSNRs, so that it can compare the order of events; and
# then a tiny real model.

# %% [markdown] lang="ja"
# ### 演習 03_01：EMループ（25分）
#
# `em_loop`の空欄を埋めてください。
# モデルのメソッドは2節のとおりで、`e_step(X, Y, lamb)`と`compute_loss(X, Y)`を使います（後者は、用意してある`record`が呼びます）。
# Mステップは、みなさんの`m_step`を呼べばできます。
# オプティマイザは1つだけで、全部の反復を通して同じものをMステップに渡します。
# Adamは過去の勾配を覚えているからです。
#
# 判定では、絵がどれだけ上手になったかは問いません。
# まず、みなさんのループに、身代わりのモデルを学習させます。
# このモデルは、台本どおりのPSNRを返し、自分に起こったことをすべて書き留めます。
# その記録で、出来事の順序を比べます。
# そのあと、ごく小さな本物のモデルでも確かめます。

# %% exercise="03_01" points=2 minutes=25 needs=["02_04"] packages=["torch"]
def em_loop(
    model,
    X,
    Y,
    optimizer,
    num_em_iterations=20,
    m_steps_per_em=100,
    patience=3,
    lamb=1e-3,
    display=True,
):
    """Train readout and reservoir in turn, and the readout once more at the end.

    Args:
        model: an EMReservoirTorch, trained in place.
        X, Y: coordinates (n, 2) and colours (n, 3), tensors of the model's dtype and device.
        optimizer: of the reservoir's weights, one for all iterations.
        num_em_iterations: how many iterations there are at most, 1 or more.
        m_steps_per_em: M-steps after each E-step.
        patience: the loop ends after so many iterations in a row without a gain, 1 or more.
        lamb: the penalty of the E-steps.
        display: whether to show a progress bar.

    Returns:
        history: a dict of three lists, an entry for each time the loss was looked at: em_iter
            (i + 0.5 after an E-step, i + 1 after the M-steps of iteration i = 0, 1, ...), psnr, mse.
    """
    history = {"em_iter": [], "psnr": [], "mse": []}

    def record(em_iter):
        """Note the loss as it is now, and return its PSNR."""
        mse, psnr = model.compute_loss(X, Y)
        history["em_iter"].append(em_iter)
        history["psnr"].append(psnr)
        history["mse"].append(mse)
        return psnr

    best, waited = 0.0, 0  # the PSNR to beat, and for how many iterations it has stood
    progress = trange(num_em_iterations, desc="EM", display=display)
    for i in progress:
        # TODO The E-step, and a record after it. | Eステップを行い、そのあとに記録する。
        model.e_step(X, Y, lamb)
        record(i + 0.5)
        # END TODO
        # TODO The M-steps. | Mステップ（m_steps_per_em回）。
        for _ in range(m_steps_per_em):
            m_step(model, X, Y, optimizer)
        # END TODO
        psnr = record(i + 1)
        progress.set_postfix(psnr=f"{psnr:.2f} dB")
        if psnr > best + 0.1:  # TODO Is psnr a gain? | psnrは「改善」か。
            best, waited = psnr, 0  # TODO After a gain. | 改善があったあとの値。
        else:
            # TODO After an iteration without a gain. | 改善がなかったとき。
            waited += 1
            # END TODO
        if waited >= patience:  # TODO Is it time to give up? | あきらめるか。
            break
    # TODO The readout of the reservoir as it now is, and a last record. | いまのリザバーに合わせて読み出しを求め直し、最後の記録をとる。
    model.e_step(X, Y, lamb)
    record(i + 1.5)
    # END TODO
    return history


def solution(X, Y, after_e=None, after_m=None, layers=None, **options):
    """What happens to a model that only plays a script of PSNRs, or, with layers, to a real one."""
    events = []
    X, Y = torch.tensor(X), torch.tensor(Y)

    def note(name, *data, end=""):
        which = ["X" if array.shape == X.shape else "Y" for array in data]
        event = f"{name}({', '.join(which)}{end})"
        if not events or events[-1][0] != event:
            events.append([event, 1])
        elif name != "compute_loss":  # to look twice changes nothing
            events[-1][1] += 1

    class Scripted:
        theta = torch.zeros(1, requires_grad=True)
        turn, moved = -1, False

        def parameters(self):
            return [self.theta]

        def e_step(self, X, Y, lamb=1e-3):
            note("e_step", X, Y, end=f", lamb={lamb:.6g}")
            self.turn, self.moved = self.turn + 1, False

        def m_step_loss(self, X, Y):
            self.data = X, Y
            return (self.theta**2).sum()

        def compute_loss(self, X, Y):
            note("compute_loss", X, Y)
            script = after_m if self.moved else after_e
            psnr = script[min(self.turn, len(script) - 1)]
            return 10 ** (-psnr / 10), psnr

    class Real(Scripted):
        def __init__(self):
            self.layers = [
                tuple(torch.tensor(a).requires_grad_() for a in layer) for layer in layers
            ]
            size = sum(len(b) for _, _, b in self.layers)
            self.W_out, self.falls = torch.zeros(size, Y.shape[1], dtype=Y.dtype), []

        def parameters(self):
            return [weight for layer in self.layers for weight in layer]

        def features(self, u):
            states = []
            for W_in, W_hh, b in self.layers:
                h = torch.tanh(u @ W_in + b)
                u = torch.tanh(u @ W_in + h @ W_hh + b)
                states.append(u)
            return torch.cat(states, dim=1)

        @torch.no_grad()
        def e_step(self, X, Y, lamb=1e-3):
            super().e_step(X, Y, lamb)
            H = self.features(X)

            def J(W):
                return float(((H @ W - Y) ** 2).sum() + lamb * (W**2).sum())

            before = J(self.W_out)
            self.W_out = torch.linalg.solve(H.T @ H + lamb * torch.eye(H.shape[1]), H.T @ Y)
            self.falls.append(J(self.W_out) <= before * (1 + 1e-9))

        def m_step_loss(self, X, Y):
            self.data = X, Y
            return (((self.features(X) @ self.W_out).clamp(0, 1) - Y) ** 2).mean()

        @torch.no_grad()
        def compute_loss(self, X, Y):
            note("compute_loss", X, Y)
            mse = float(self.m_step_loss(X, Y))
            return mse, -10 * float(np.log10(mse))

    def stepped(*_):
        note("m_step", *model.data)
        model.moved = True

    model = Scripted() if layers is None else Real()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    optimizer.register_step_post_hook(stepped)
    history = em_loop(model, X, Y, optimizer, display=False, **options)
    steps = [f"{count} x {event}" for event, count in events]
    if layers is None:
        return steps, history["em_iter"], history["psnr"], history["mse"]
    facts = {
        "J_falls": model.falls,
        "last_is_returned": np.isclose(history["mse"][-1], model.compute_loss(X, Y)[0]),
    }
    return steps, history["em_iter"], facts


test_func(solution, "03_01", multiple_output=True)
# show_solution("03_01", "em_loop")

# %% [markdown] lang="en"
# Around the loop goes a function that makes the model and hands the loop *one* Adam for all weights of
# all layers. It also keeps the weights that the model began with; we shall want to see what became of
# them.

# %% [markdown] lang="ja"
# このループを、モデルを作り、全層の重みを受け持つ**1つの**Adamを渡す関数で包みます。
# 学習前の重みも取っておきます。
# あとで、重みがどう変わったのかを見たいからです。

# %%
EM_EXERCISES = "01_01", "01_02", "01_03", "02_01", "02_02", "02_03", "02_04", "03_01"


def train_em_reservoir(
    X,
    Y,
    hidden_size=256,
    num_layers=3,
    num_em_iterations=20,
    m_steps_per_em=100,
    lr=1e-3,
    patience=3,
    *,
    seed=42,
    dtype=None,
):
    """Train a new reservoir, by E- and M-steps in turn, to map coordinates to colours.

    Args:
        X: coordinates (n, 2).
        Y: colours (n, 3) in [0, 1].
        hidden_size, num_layers, seed, dtype: of the EMReservoirTorch.
        num_em_iterations, m_steps_per_em, patience: of em_loop.
        lr: learning rate of Adam.

    Returns:
        model: with its readout solved last of all; model.initial_layers are the layers (NumPy) as
            they were before training.
        history: as em_loop returns it.
    """
    model = EMReservoirTorch(
        X.shape[1], hidden_size, Y.shape[1], num_layers, seed=seed, dtype=dtype
    )
    model.initial_layers = [tuple(w.copy() for w in layer) for layer in model.numpy_layers()]
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    X, Y = model.tensor(X), model.tensor(Y)
    history = em_loop(model, X, Y, optimizer, num_em_iterations, m_steps_per_em, patience)
    return model, history


# %% [markdown] lang="en"
# Before you run the next cell, sketch on paper the curve that you expect of the PSNR over the
# iterations, with a mark at each half and at each whole number.

# %% [markdown] lang="ja"
# 次のセルを実行する前に、PSNRが反復とともにどう変わるか、予想を紙に描いてみてください。
# 0.5ごとに印を1つ打ちます。

# %%
if ready(*EM_EXERCISES):
    M_STEPS, PATIENCE = (200, 5) if FULL else (100, 3)
    start = time.perf_counter()
    model, history = train_em_reservoir(X, Y, HIDDEN, m_steps_per_em=M_STEPS, patience=PATIENCE)
    print(f"{time.perf_counter() - start:.0f} s, {len(history['psnr']) // 2} iterations")
    for when, i in ("first E-step", 0), ("first M-steps", 1), ("last E-step", -1):
        print(f"PSNR after the {when}: {history['psnr'][i]:.1f} dB")

    em_iter, psnr = np.array(history["em_iter"]), np.array(history["psnr"])
    fig, (left, right) = plt.subplots(
        1, 2, figsize=(11, 4), layout="constrained", width_ratios=[1.8, 1]
    )
    left.plot(em_iter, psnr, "0.7")
    after_e = em_iter % 1 == 0.5
    left.plot(em_iter[after_e], psnr[after_e], "o", label="after the E-step")
    left.plot(em_iter[~after_e], psnr[~after_e], "v", label="after the M-steps")
    left.axhline(psnr[0], color="C0", ls="--", label="random reservoir")
    left.set(xlabel="EM iteration", ylabel="PSNR (dB)", title="E- and M-steps in turn")
    left.legend(loc="center right")
    right.imshow(model.predict(X).cpu().numpy().reshape(image.shape))
    right.set(xlabel="column", ylabel="row", title=f"After the last E-step: {psnr[-1]:.1f} dB")
    plt.show()

# %% [markdown] lang="en"
# Was this your sketch? The curve is a saw. Each E-step lifts the picture to some 20 dB, and each round of
# M-steps throws it down to about 10 dB or less. And no later E-step brings it back to where it began:
# compare the blue dots with the dashed line, which is the random reservoir with its first readout. After
# all that work, the picture on the right is **worse than the one we began with**.
#
# Look also at what the early stopping sees. It watches the orange marks, the PSNR of wrecks, and waits
# for one wreck to be better than another. When it stops is little more than chance; that it stops at
# all is the best that can be said for it.
#
# Before we ask why, let us make sure that it is true. One run, one seed, one solver: that is an anecdote.

# %% [markdown] lang="ja"
# 予想どおりだったでしょうか。
# 曲線はのこぎりの歯のようです。
# Eステップのたびに絵は20 dBあまりまで上がりますが、Mステップがひと回り終わるたびに10 dB前後かそれ以下まで落ちます。
# しかも、そのあとのどのEステップでも、最初の高さには戻りません。
# 青い点を破線と比べてください。
# 破線は、最初の読み出し層をもつ、ランダムなままのリザバーです。
# あれだけ働いたのに、右の絵は**始める前より悪くなって**いるのです。
#
# 早期終了が何を見ているかにも注目してください。
# 見ているのはオレンジの印、つまり崩れた絵のPSNRで、崩れ方が前よりましになるのを待っています。
# いつ終わるかは、ほとんど偶然です。
# とにかく終わってくれることだけが、せめてもの取り柄です。
#
# なぜなのかを考える前に、本当にそうなのかを確かめましょう。
# 実行1回、シード1つ、解法1つでは、ただの逸話にすぎません。
