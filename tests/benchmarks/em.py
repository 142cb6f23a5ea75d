"""Chapter 9: an M-step against the same written plainly, and two ways of training compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from rich.table import Table

from tests.benchmarks.timing import compare, comparison_table
from tests.lesson_code import lesson_code
from utils.optional import torch
from utils.pictures import load_cat

SIZE, HIDDEN, LAYERS = 128, 256, 3  # the chapter's full setting
DEFAULT_SIZE, DEFAULT_HIDDEN = 48, 64
TURNS = 4  # of M-steps, which take seconds
WANTED_TIMES, WANTED_DB = 1.2, 5.0
ROUNDING = 1e-8  # of gradients in float64, beside the largest entry


def tables() -> Iterator[Table]:
    if not torch:
        yield Table(title="Chapter 9: PyTorch is not installed")
        return
    chapter = lesson_code("09_em_reservoir")
    yield _m_step_against_plain(chapter)
    yield _turns_against_projection(chapter)


def _m_step_against_plain(chapter: dict[str, Any]) -> Table:
    X, Y = _pixels(chapter, SIZE)
    classes = chapter["EMReservoirTorch"], _plain_model(chapter)
    exact = [kind(2, HIDDEN, 3, LAYERS, dtype=torch.float64) for kind in classes]
    difference = _difference_of_gradients(*exact, X[::16], Y[::16])
    if difference > ROUNDING:
        raise RuntimeError(f"the gradients differ by {difference:.0e}")

    def step_of(model: Any) -> Callable[[], float]:
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        return lambda: chapter["m_step"](model, X, Y, optimizer)

    ours, plain = (kind(2, HIDDEN, 3, LAYERS) for kind in classes)
    for model in (ours, plain):
        model.e_step(X, Y)
    row = compare(
        f"gradients in float64 differ by {difference:.0e}",
        step_of(ours),
        step_of(plain),
        "written plainly",
        WANTED_TIMES,
        turns=TURNS,
    )
    title = f"An M-step: {SIZE} x {SIZE} pixels, {LAYERS} layers of {HIDDEN} units, float32"
    return comparison_table(title, [row])


def _plain_model(chapter: dict[str, Any]) -> type:
    """The given class with the formula as it stands: nothing hoisted, the zero state multiplied."""

    class Plain(chapter["EMReservoirTorch"]):
        def forward(self, X: Any) -> Any:
            u, states = self.tensor(X), []
            for W_in, W_hh, b in self.layers:
                h = torch.zeros(len(u), len(b), dtype=u.dtype, device=u.device)
                for _ in range(self.num_iterations):
                    h = torch.tanh(u @ W_in + h @ W_hh + b)
                states.append(h)
                u = h
            return torch.cat(states, dim=1)

    return Plain


def _difference_of_gradients(ours: Any, plain: Any, X: np.ndarray, Y: np.ndarray) -> float:
    """The largest difference in a weight's gradient, beside that gradient's largest entry.

    At one readout, tuned to the features: there the gradient is a small remainder of large terms,
    and float32 would not show what is equal.
    """
    ours.e_step(X, Y)
    plain.W_out = ours.W_out
    for model in (ours, plain):
        model.m_step_loss(X, Y).backward()
    return max(
        float((p.grad - q.grad).abs().max() / q.grad.abs().max())
        for p, q in zip(ours.parameters(), plain.parameters(), strict=True)
    )


def _turns_against_projection(chapter: dict[str, Any]) -> Table:
    """Both from the same weights, for as long as the loop of the chapter goes on."""
    X, Y = _pixels(chapter, DEFAULT_SIZE)
    start = time.process_time()
    _, history = chapter["train_em_reservoir"](X, Y, DEFAULT_HIDDEN)
    seconds = time.process_time() - start

    start = time.process_time()
    model = chapter["EMReservoirTorch"](2, DEFAULT_HIDDEN, 3, LAYERS)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    steps = 0
    while time.process_time() - start < seconds:
        chapter["varpro_step"](model, X, Y, optimizer)
        steps += 1
    model.e_step(X, Y)
    _, projected = model.compute_loss(X, Y)

    in_turns = history["psnr"][-1]
    m_steps = 100 * (len(history["psnr"]) // 2)
    size = f"{DEFAULT_SIZE} x {DEFAULT_SIZE} pixels, {LAYERS} layers of {DEFAULT_HIDDEN} units"
    table = Table(
        title=f"PSNR after equal time: {size}",
        title_justify="left",
        caption=f"at first {history['psnr'][0]:.1f} dB; wanted: {WANTED_DB:g} dB more",
    )
    for heading in ("training", "seconds", "gradient steps", "PSNR [dB]", "more [dB]"):
        table.add_column(heading, justify="left" if heading == "training" else "right")
    table.add_row("in turns", f"{seconds:.1f}", f"{m_steps}", f"{in_turns:.2f}", "")
    gain = f"{projected - in_turns:.2f}"
    table.add_row("variable projection", f"{seconds:.1f}", f"{steps}", f"{projected:.2f}", gain)
    return table


def _pixels(chapter: dict[str, Any], size: int) -> tuple[np.ndarray, np.ndarray]:
    return chapter["pixel_grid"](size, size), load_cat(size).reshape(-1, 3)
