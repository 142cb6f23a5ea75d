"""Return values that no learner would write by accident."""

import numpy as np

from utils.reservoir import Linear


class LyingArray(np.ndarray):
    """Claims to be equal to anything, of any shape and dtype."""

    shape = property(lambda self: (2, 3))
    dtype = property(lambda self: np.dtype(float))
    size = property(lambda self: 6)

    def __eq__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        return np.arange(6.0).reshape(2, 3)

    def __array_ufunc__(self, *args, **kwargs):
        return np.zeros((2, 3))

    def __array_finalize__(self, parent):
        pass

    def __getitem__(self, index):
        return 0.0

    __hash__ = None


class RaisingArray(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs):
        raise RuntimeError("no")

    __getitem__ = __len__ = __iter__ = __eq__ = __array__ = __array_ufunc__
    __hash__ = None


class LyingList(list):
    def __len__(self):
        return 2

    def __iter__(self):
        yield from ([0.0, 1.0, 2.0], [3.0, 4.0, 5.0])

    def __getitem__(self, index):
        raise RuntimeError("no")


class LyingFloat(float):
    def __eq__(self, other):
        return True

    def __float__(self):
        raise RuntimeError("no")

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")

    __hash__ = float.__hash__


class Meta(type):
    __name__ = property(lambda cls: 1 / 0)


class Everything(metaclass=Meta):
    """Answers any question with an exception."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __eq__(self, other):
        raise RuntimeError("eq")

    def __repr__(self):
        raise RuntimeError("repr")

    __hash__ = None


class Posing:
    """An instance of whatever ``isinstance`` asks for."""

    __class__ = property(lambda self: np.ndarray)

    def __array__(self, *args, **kwargs):
        return np.arange(6.0).reshape(2, 3)


class UnhashableKey(str):
    def __hash__(self):
        if UnhashableKey.armed:
            raise RuntimeError("hash")
        return 1

    def __eq__(self, other):
        return True

    armed = False


class PoisonedReadout(Linear):
    weight = property(lambda self: 1 / 0)

    def __init__(self):
        pass


def _dict_with_unhashable_key():
    entries = {UnhashableKey("t"): 1.0}
    UnhashableKey.armed = True
    return entries


def _itself():
    items = []
    items += [items, items]
    return items


def _dict_of_itself():
    entries = {}
    entries["t"] = entries
    return entries


def _deep(levels):
    value = 1.0
    for _ in range(levels):
        value = [value]
    return value


def _object_array_of_itself():
    array = np.empty(2, object)
    array[:] = [array, array]
    return array


WRONG = {
    "lying array": np.zeros(4).view(LyingArray),
    "raising array": np.full((2, 3), 9.0).view(RaisingArray),
    "lying list": LyingList([7.0]),
    "lying float": LyingFloat(7.0),
    "everything": Everything(),
    "posing": Posing(),
    "poisoned readout": PoisonedReadout(),
    "unhashable key": _dict_with_unhashable_key(),
    "itself": _itself(),
    "dict of itself": _dict_of_itself(),
    "deep": _deep(10_000),
    "deep and wide": [_itself()] * 1000,
    "object array": np.array([1, None, "a"], dtype=object),
    "object array of itself": _object_array_of_itself(),
    "terabytes": np.broadcast_to(0.0, (10**6, 10**6)),
    "terabytes of objects": np.broadcast_to(np.array(None), (10**6, 10**6)),
    "many axes": np.zeros((1,) * 64),
    "huge integer": 10**10_000,
    "text array": np.array(["a", "b"]),
    "records": np.zeros(3, dtype=[("a", float), ("b", int)]),
    "dates": np.zeros((2, 3), "datetime64[s]"),
    "masked": np.ma.masked_all((3, 2)),
    "generator": (i for i in range(3)),
    "function": np.tanh,
    "class": Everything,
    "ellipsis": ...,
    "bytes": b"\x00" * 6,
}
