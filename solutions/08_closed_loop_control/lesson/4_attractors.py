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


# %% exercise="03_03" points=1 minutes=20
def emulate_parallel(
    time_steps,
    x0,
    net,
    w_feed,
    w_in,
    w_out,
    ds=None,
    us=None,
    train_range=None,
    force_every=1,
    display=True,
    keep_weights=True,
):
    """Run one network from several states side by side and train their one readout on the way.

    Args:
        time_steps: the number T of steps.
        x0 (N,) or (m, N): the first state, or m of them, one a row.
        net, w_feed, w_in: reservoir, feedback and input; all of them take one row or m.
        w_out: a readout with ``step(x, d) -> dw`` that takes one row; it is trained in place.
        ds (t, out) or (t, m, out): the targets; where there is none (any more), d = 0.
        us (t, in) or (t, m, in): the inputs; where there is none (any more), u = 0.
        train_range, force_every, display, keep_weights: as in ``emulate_online``.

    Returns:
        a record as that of ``emulate_online``: x (T+1, N) or (T+1, m, N), y and d (T, out) or
        (T, m, out), dw (T,), w (T+1, out, N), t and train_range.
    """
    x = np.array(x0, dtype=float)
    rows = x.shape[:-1]
    record = {
        "t": np.arange(time_steps + 1),
        "x": np.empty((time_steps + 1, *x.shape)),
        "y": np.empty((time_steps, *rows, w_out.output_dim)),
        "d": np.zeros((time_steps, *rows, w_out.output_dim)),
        "dw": np.zeros(time_steps),
        "train_range": train_range,
    }
    inputs = np.zeros((time_steps, *rows, w_in.input_dim))
    if ds is not None:
        record["d"][: len(ds)] = ds[:time_steps]
    if us is not None:
        inputs[: len(us)] = us[:time_steps]
    if keep_weights:
        record["w"] = np.empty((time_steps + 1, *w_out.weight.shape))
        record["w"][0] = w_out.weight
    record["x"][0] = x
    start, end = (0, 0) if train_range is None else train_range

    progress = trange(time_steps, display=display)
    for k in progress:
        d, u = record["d"][k], inputs[k]
        y = w_out(x)  # TODO The outputs of all rows. | すべての行の出力。
        if start <= k < end and k % force_every == 0:
            before = w_out.weight.copy()
            if x.ndim == 1:
                # TODO One state, one target: learn. | 状態も目標も1つのときの学習。
                w_out.step(x, d)
                # END TODO
            else:
                # TODO Learn from each row in turn. | 各行について順に学習。
                for i in range(len(x)):
                    w_out.step(x[i], d[i])
                # END TODO
            record["dw"][k] = np.linalg.norm(w_out.weight - before)
            progress.set_postfix(dw=record["dw"][k])
        x = net(x, w_feed(y) + w_in(u))  # TODO The next state of every row. | 各行の次の状態。
        record["y"][k] = y
        record["x"][k + 1] = x
        if keep_weights:
            record["w"][k + 1] = w_out.weight
    return record


def solution(*args, **kwargs):
    record = emulate_parallel(*args, display=False, **kwargs)
    weights = record["w"] if kwargs.get("keep_weights", True) else record["dw"]
    return record["x"], record["y"], record["d"], weights


test_func(solution, "03_03", multiple_output=True)
# show_solution("03_03", "emulate_parallel")
