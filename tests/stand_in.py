"""A second device for tests on a machine that has none.

Its tensors say that they are on ``meta``, which every build of PyTorch knows; their numbers are
kept on the CPU, so that what is computed there can be compared. As on a GPU, tensors of two devices
do not mix, and only a copy crosses over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

STAND_IN = torch.device("meta")
CROSSING = (torch.ops.aten._to_copy.default, torch.ops.aten.copy_.default)


class There(torch.Tensor):
    """A tensor on the stand-in device."""

    numbers: torch.Tensor

    @staticmethod
    def __new__(cls, numbers: torch.Tensor) -> There:
        there = torch.Tensor._make_wrapper_subclass(
            cls, numbers.shape, strides=numbers.stride(), dtype=numbers.dtype, device=STAND_IN
        )
        there.numbers = numbers
        return there

    @classmethod
    def __torch_dispatch__(cls, function, types, args=(), kwargs=None):
        return _compute(function, args, kwargs or {})


class _Creation(TorchDispatchMode):
    """Sends there what is made there: no tensor argument says so."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        return _compute(function, args, kwargs or {})


@contextmanager
def stand_in_device() -> Iterator[torch.device]:
    """The device, on which tensors can be made while the context is open."""
    with _Creation():
        yield STAND_IN


def _compute(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
    here = [t for t in tensors if not isinstance(t, There) and t.dim() > 0]
    there = [t for t in tensors if isinstance(t, There)]
    if here and there and function not in CROSSING:
        raise RuntimeError(f"{function}: tensors of two devices")
    goes_there = bool(there)
    if kwargs.get("device") is not None:
        goes_there = torch.device(kwargs["device"]) == STAND_IN
        kwargs = {**kwargs, "device": torch.device("cpu")}
    args_here, kwargs_here = tree_map(_numbers, (args, kwargs))
    result = function(*args_here, **kwargs_here)
    if function._schema.is_mutable:
        return args[0]
    if not goes_there:
        return result
    return tree_map(lambda x: There(x) if isinstance(x, torch.Tensor) else x, result)


def _numbers(value: Any) -> Any:
    return value.numbers if isinstance(value, There) else value
