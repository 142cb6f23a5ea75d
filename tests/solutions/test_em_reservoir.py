"""Chapter 9 on another device than the CPU: one that stands in for a GPU, and a GPU if there is."""

import contextlib

import numpy as np
import pytest
import torch
from lesson_code import lesson_code
from stand_in import STAND_IN, stand_in_device


@pytest.fixture(scope="module")
def chapter():
    return lesson_code("09_em_reservoir")


@pytest.fixture(scope="module")
def pixels(chapter):
    rng = np.random.default_rng(0)
    return chapter["pixel_grid"](5, 4), rng.uniform(0, 1, (20, 3))


def trained(chapter, pixels):
    """A small reservoir after everything that the chapter does to one, and the numbers it gave."""
    model = chapter["EMReservoirTorch"](2, 4, 3, num_layers=3, dtype=torch.float64)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    history = chapter["em_loop"](model, *pixels, optimizer, 2, 3, display=False)
    values = [chapter["varpro_step"](model, *pixels, optimizer) for _ in range(3)]
    model.e_step(*pixels)
    return model, history["psnr"] + values, model.predict(pixels[0])


def test_weights_readout_gradients_and_colours_are_on_the_best_device(chapter, pixels, monkeypatch):
    monkeypatch.setitem(chapter, "best_device", lambda: STAND_IN)
    with stand_in_device():
        model, _, colours = trained(chapter, pixels)
    on = [*model.parameters(), *(weight.grad for weight in model.parameters())]
    assert {tensor.device for tensor in [*on, model.W_out, colours]} == {STAND_IN}


# Devices beside the CPU, and how near their sums, in another order, come to its own.
OTHERS = [(STAND_IN, 1e-9)]
if torch.cuda.is_available():
    OTHERS.append((torch.device("cuda"), 1e-6))


@pytest.mark.parametrize(("device", "rtol"), OTHERS, ids=str)
def test_another_device_computes_the_same(chapter, pixels, monkeypatch, device, rtol):
    here, numbers, colours = trained(chapter, pixels)
    monkeypatch.setitem(chapter, "best_device", lambda: device)
    with stand_in_device() if device == STAND_IN else contextlib.nullcontext():
        there, numbers_there, colours_there = trained(chapter, pixels)
        colours_there = colours_there.cpu()
        layers_there = there.numpy_layers()
    np.testing.assert_allclose(numbers_there, numbers, rtol=rtol)
    np.testing.assert_allclose(colours_there, colours, rtol=rtol)
    for layer, layer_there in zip(here.numpy_layers(), layers_there, strict=True):
        for weight, weight_there in zip(layer, layer_there, strict=True):
            np.testing.assert_allclose(weight_there, weight, rtol=rtol, atol=1e-3 * rtol)


def test_the_stand_in_refuses_what_a_gpu_refuses(chapter, pixels):
    with stand_in_device() as device:
        model = chapter["EMReservoirTorch"](2, 4, 3, device=device)
        with pytest.raises(RuntimeError, match="two devices"):
            chapter["forward_torch"](torch.tensor(pixels[0]).float(), model.layers)
        with pytest.raises(RuntimeError, match="two devices"):
            chapter["solve_ridge_torch"](model(pixels[0]), torch.tensor(pixels[1]), 1e-3)


def test_cuda_is_the_best_device_where_there_is_one(chapter, monkeypatch):
    for there, kind in (True, "cuda"), (False, "cpu"):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert chapter["best_device"]().type == kind
