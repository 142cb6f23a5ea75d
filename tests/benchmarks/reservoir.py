"""One step of a reservoir and one of its readout's training, against the plain way and a peer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import cycle

import numpy as np
import reservoirpy.nodes
from rich.table import Table

from tests.benchmarks.timing import Comparison, compare, comparison_table
from utils.reservoir import ESN, Linear, RLSReadout

N, DENSITY, RADIUS, LEAK = 1000, 0.01, 1.5, 0.1
PEER = f"reservoirpy {version('reservoirpy')}"
STEPS_IN_COMMON = 20


def tables() -> Iterator[Table]:
    yield comparison_table(
        f"A whole ESN step: feedback, product, tanh, leak (N={N}, p={DENSITY})",
        [_step_against_dense(()), _step_against_dense((2,)), _step_against_peer()],
    )
    yield comparison_table(
        f"A step of recursive least squares (N={N}, one output)",
        [_rls_against_outer(), _rls_against_peer()],
    )


def _network(rows: tuple[int, ...] = ()) -> tuple[ESN, Linear, np.ndarray]:
    """A reservoir in a random state, its feedback, and an output to feed back."""
    rnd = np.random.default_rng(1234)
    net = ESN(N, RADIUS, a=LEAK, p=DENSITY, init_state=rnd.uniform(-1, 1, (*rows, N)), rnd=rnd)
    return net, Linear(1, N, 1.0, bias=0.2, rnd=rnd), rnd.uniform(-1, 1, (*rows, 1))


def _step_against_dense(rows: tuple[int, ...]) -> Comparison:
    net, w_feed, y = _network(rows)
    weight = RADIUS * net.weight.toarray()
    x = net.x

    def ours() -> np.ndarray:
        return net.step(w_feed(y))

    def dense() -> np.ndarray:
        nonlocal x
        feedback = y @ w_feed.weight.T + w_feed.bias
        x = (1 - LEAK) * x + LEAK * np.tanh(x @ weight.T + feedback)
        return x

    _check_same(ours, dense)
    states, wanted = ("two states", 4) if rows else ("one state", 2.5)
    return compare(states, ours, dense, "dense matrix", wanted)


def _step_against_peer() -> Comparison:
    net, w_feed, y = _network()
    node = reservoirpy.nodes.Reservoir(
        units=N, lr=LEAK, W=RADIUS * net.weight, Win=w_feed.weight, bias=w_feed.bias
    )
    node.initialize(y)
    node.state = {"out": net.x}

    def ours() -> np.ndarray:
        return net.step(w_feed(y))

    def peer() -> np.ndarray:
        return node.step(y)

    _check_same(ours, peer)
    return compare("one state", ours, peer, PEER)


def _training_data() -> Callable[[], tuple[np.ndarray, np.ndarray]]:
    """Endlessly, a state and its target; each call makes a stream of its own, all alike."""
    rnd = np.random.default_rng(1234)
    states, targets = rnd.uniform(-1, 1, (200, N)), rnd.uniform(-1, 1, (200, 1))
    samples = cycle(list(zip(states, targets, strict=True)))
    return lambda: next(samples)


def _rls_against_outer() -> Comparison:
    readout, our_sample, plain_sample = (
        RLSReadout(N, 1, lmbd=0.1),
        _training_data(),
        _training_data(),
    )
    p, weight = np.eye(N) / 0.1, np.zeros((1, N))

    def ours() -> np.ndarray:
        readout.step(*our_sample())
        return readout.weight

    def outer() -> np.ndarray:
        nonlocal p, weight
        x, d = plain_sample()
        k = p @ x
        g = 1 / (1 + x @ k)
        dp = g * np.outer(k, k)
        weight = weight + np.outer(g * (d - weight @ x), k)
        p = p - dp
        return weight

    _check_same(ours, outer)
    return compare("one state", ours, outer, "np.outer", 20)


def _rls_against_peer() -> Comparison:
    readout, our_sample, peer_sample = (
        RLSReadout(N, 1, lmbd=0.1),
        _training_data(),
        _training_data(),
    )
    node = reservoirpy.nodes.RLS(alpha=0.1, fit_bias=False)

    def ours() -> np.ndarray:
        readout.step(*our_sample())
        return readout.weight

    def peer() -> np.ndarray:
        x, d = peer_sample()
        node.partial_fit(x[None], d[None])  # a series of one step: it has no other online call
        return node.Wout.T

    _check_same(ours, peer)
    return compare("one state", ours, peer, PEER)


def _check_same(ours: Callable[[], np.ndarray], other: Callable[[], np.ndarray]) -> None:
    """Both are at the same point after some steps: the times are those of the same work."""
    for _ in range(STEPS_IN_COMMON):
        mine, theirs = ours(), other()
    np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-10)
