"""What goes over the pipe between judge and worker: bounded frames of JSON and arrays.

A frame is its own length, the length of its JSON, the JSON and the bytes of its arrays. Nothing in
it is ever executed; whatever is longer than agreed, or is not what it has to be, is ``Malformed``.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from typing import Any

import numpy as np

from utils.tester.plain import MAX_DEPTH, SCALAR_TYPES, is_a, items_of, shape_of, type_name
from utils.tester.values import UnknownValue, pack, unpack

JSON_LIMIT = 4_000_000  # bytes; JSON takes some twenty times as much when it is read
NODE = 64  # bytes of JSON that a value of any kind takes, its texts and further axes apart
VALUE_JSON = 3_500_000  # bytes of one value's JSON; what has no room travels as its type's name
OBJECTS = 1000  # items of an array of objects that travel one by one
NAME = 80  # characters of a type's name
MAX_AXES = 64  # of an array
MAX_SIZE = 1 << 40  # entries along one of them

_SIZES = struct.Struct(">QI")
_JSON_CHARACTER = 12  # bytes that one may take, escaped
_PLAIN = {bool: np.bool_, int: np.int64, float: np.float64, complex: np.complex128}
_DTYPES = {np.dtype(kind).name: np.dtype(kind) for kind in SCALAR_TYPES}


class Malformed(Exception):
    """What came is no frame, or is longer than agreed."""


class Closed(Exception):
    """The other side is gone."""


class Late(Exception):
    """The time is over before the frame was."""


def send(connection: socket.socket, message: Any, arrays: list[np.ndarray] | None = None) -> None:
    """Send JSON and the arrays that it names by their place.

    Raises:
        Closed: the other side is gone.
        Late: it does not take it in time (where the connection has a timeout).
    """
    arrays = arrays or []
    table = [[array.dtype.name, list(array.shape)] for array in arrays]
    header = json.dumps([message, table], separators=(",", ":")).encode()
    bodies = [array.tobytes() for array in arrays]
    size = _SIZES.size + len(header) + sum(map(len, bodies))
    try:
        connection.sendall(b"".join([_SIZES.pack(size, len(header)), header, *bodies]))
    except TimeoutError:
        raise Late from None
    except OSError:
        raise Closed from None


def receive(
    connection: socket.socket, limit: int, deadline: float | None = None
) -> tuple[Any, list[np.ndarray]]:
    """The next frame's JSON and arrays.

    Args:
        connection: a stream.
        limit: bytes of the whole frame.
        deadline: by ``time.monotonic``; None to wait for ever.

    Raises:
        Malformed, Closed, Late: no such frame came.
    """
    size, header_size = _SIZES.unpack(_read(connection, _SIZES.size, deadline))
    if not _SIZES.size + header_size <= size <= limit or header_size > JSON_LIMIT:
        raise Malformed(f"a frame of {size} bytes, {header_size} of them JSON")
    header = _read(connection, header_size, deadline)
    body = _read(connection, size - _SIZES.size - header_size, deadline)
    try:
        message, table = json.loads(header)
        return message, _arrays(table, body)
    except (ValueError, TypeError, LookupError, RecursionError, OverflowError) as error:
        raise Malformed(str(error)[:200]) from None


def _read(connection: socket.socket, size: int, deadline: float | None) -> bytearray:
    content = bytearray(size)
    view, filled = memoryview(content), 0
    while filled < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Late
            connection.settimeout(left)
        try:
            count = connection.recv_into(view[filled:])
        except TimeoutError:
            raise Late from None
        except OSError:
            raise Closed from None
        if not count:
            raise Closed
        filled += count
    return content


def _arrays(table: Any, body: bytearray) -> list[np.ndarray]:
    arrays, offset = [], 0
    for name, shape in table:
        dtype = _DTYPES[name]
        # Before they are multiplied: a product of long numbers would take minutes.
        if len(shape) > MAX_AXES or not all(
            type(size) is int and 0 <= size <= MAX_SIZE for size in shape
        ):
            raise Malformed("an array of no shape")
        count = math.prod(shape)
        if count * dtype.itemsize > len(body) - offset:
            raise Malformed("an array longer than its frame")
        part = body[offset : offset + count * dtype.itemsize]
        array = np.frombuffer(part, dtype) if part else np.zeros(count, dtype)
        if dtype.kind == "b":  # a byte that is neither 0 nor 1 is no truth value
            array = array.view(np.uint8) != 0
        arrays.append(array.reshape(shape))
        offset += len(part)
    if offset != len(body):
        raise Malformed("a frame longer than its arrays")
    return arrays


def write_value(value: Any, limit: int) -> tuple[Any, list[np.ndarray]]:
    """Any value as JSON and arrays, for ``read_value``.

    What is not on the closed list of ``utils.tester.values`` travels as its type's name, and an
    array or a list too large as its shape: judging tells no more of them.

    Args:
        value: whatever a learner's function returned.
        limit: bytes of all arrays together.
    """
    writer = _Writer(limit)
    return writer.write(value, 0), writer.arrays


class _Writer:
    def __init__(self, limit: int) -> None:
        self.arrays: list[np.ndarray] = []
        self._room = limit
        self._json = VALUE_JSON

    def write(self, value: Any, depth: int) -> Any:
        """A value as JSON; whoever calls this has taken the room for ``NODE`` bytes of it."""
        if depth > MAX_DEPTH:
            return self._foreign(value)
        if is_a(value, np.ndarray):
            return self._array(np.ndarray.view(value, np.ndarray), depth)
        items = items_of(value)
        if items is not None:
            return self._items("tuple" if is_a(value, tuple) else "list", items, value, depth)
        if is_a(value, dict):
            return self._dict(value, depth)
        return self._leaf(value)

    def _take(self, size: int) -> bool:
        """Whether there is room for so many bytes of JSON, which are then taken."""
        if size > self._json:
            return False
        self._json -= size
        return True

    def _items(self, kind: str, items: list[Any], value: Any, depth: int) -> Any:
        numbers = _as_array(items)
        if numbers is not None and numbers.nbytes <= self._room:
            plain = type(items[0]) not in SCALAR_TYPES
            return {kind: "plain" if plain else "scalars", "at": self._keep(numbers)}
        if not self._take(NODE * len(items)):
            return self._shape(value)
        return {kind: [self.write(item, depth + 1) for item in items]}

    def _array(self, array: np.ndarray, depth: int) -> Any:
        shape = list(array.shape)
        if not self._take(NODE * len(shape)):
            return self._foreign(array)
        if array.dtype.type not in SCALAR_TYPES:
            known = array.dtype.kind == "O" and array.size <= OBJECTS
            if not (known and self._take(NODE * array.size)):
                return {"objects": None, "shape": shape}
            items = [self.write(item, depth + 1) for item in array.ravel().tolist()]
            return {"objects": items, "shape": shape}
        if array.nbytes > self._room:
            return {"vast": array.dtype.name, "shape": shape}
        return {"array": self._keep(np.array(array, dtype=array.dtype.newbyteorder("=")))}

    def _dict(self, value: dict, depth: int) -> Any:
        # A key that is not plain text has its own idea of being equal: it stays a foreign one.
        names = [key if type(key) is str else type_name(key)[:NAME] for key in dict.keys(value)]
        if not self._take(sum(NODE + _JSON_CHARACTER * len(name) for name in names)):
            return self._foreign(value)
        keys = [
            name if type(key) is str else {"foreign": name}
            for name, key in zip(names, dict.keys(value), strict=True)
        ]
        items = [self.write(item, depth + 1) for item in dict.values(value)]
        return {"dict": [list(entry) for entry in zip(keys, items, strict=True)]}

    def _leaf(self, value: Any) -> Any:
        try:
            if _length(value) > self._json:  # not even to be looked at
                return self._foreign(value)
            spec, arrays = pack(value)
            size = len(json.dumps(spec)) + NODE * sum(1 + one.ndim for one in arrays.values())
        except (UnknownValue, MemoryError):
            return self._foreign(value)
        if sum(one.nbytes for one in arrays.values()) > self._room or not self._take(size):
            return self._foreign(value)
        names = {name: self._keep(array) for name, array in arrays.items()}
        return {"value": spec, "arrays": names}

    def _keep(self, array: np.ndarray) -> int:
        self._room -= array.nbytes
        self.arrays.append(array)
        return len(self.arrays) - 1

    def _shape(self, value: Any) -> Any:
        """Of a list too long, the shape."""
        shape = shape_of(value)
        if math.prod(shape) > MAX_SIZE:
            return self._foreign(value)
        return {"objects": None, "shape": list(shape)}

    def _foreign(self, value: Any) -> Any:
        name = type_name(value)[:NAME]
        return {"foreign": name if self._take(_JSON_CHARACTER * len(name)) else "object"}


def _as_array(items: list[Any]) -> np.ndarray | None:
    """Many numbers of one type as an array of it; None for anything else."""
    kinds = set(map(type, items))
    if len(items) < 2 or len(kinds) > 1:
        return None
    (kind,) = kinds
    if kind is int and not -(2**63) <= min(items) <= max(items) < 2**63:
        return None
    known = kind in _PLAIN or kind in SCALAR_TYPES
    return np.array(items, dtype=_PLAIN.get(kind, kind)) if known else None


def _length(value: Any) -> int:
    """How much JSON a text or a number takes at least."""
    if is_a(value, str):
        return str.__len__(value)
    return int.bit_length(value) // 4 if is_a(value, int) else 0


def read_value(spec: Any, arrays: list[np.ndarray]) -> Any:
    """A fresh value from what ``write_value`` wrote.

    A foreign value is an object of an empty class of the same name.

    Raises:
        Malformed: it wrote something else.
    """
    try:
        return _value(spec, arrays, 0)
    except (TypeError, ValueError, LookupError, ArithmeticError, MemoryError) as error:
        raise Malformed(str(error)[:200]) from None


def _value(spec: Any, arrays: list[np.ndarray], depth: int) -> Any:
    if depth > MAX_DEPTH + 1:
        raise Malformed("a value nested too deeply")
    match spec:
        case {"list": str(kind), "at": int(at)}:
            return _numbers(kind, arrays[at])
        case {"tuple": str(kind), "at": int(at)}:
            return tuple(_numbers(kind, arrays[at]))
        case {"list": list(items)}:
            return [_value(item, arrays, depth + 1) for item in items]
        case {"tuple": list(items)}:
            return tuple(_value(item, arrays, depth + 1) for item in items)
        case {"dict": list(entries)}:
            return {_key(key): _value(item, arrays, depth + 1) for key, item in entries}
        case {"array": int(at)}:
            return np.array(arrays[at])
        case {"vast": str(name), "shape": list(shape)}:
            return np.broadcast_to(np.zeros((), _DTYPES[name]), shape)
        case {"objects": None, "shape": list(shape)}:
            return np.broadcast_to(np.array(None, dtype=object), shape)
        case {"objects": list(items), "shape": list(shape)}:
            array = np.empty(len(items), dtype=object)
            array[:] = [_value(item, arrays, depth + 1) for item in items]
            return array.reshape(shape)
        case {"value": packed, "arrays": dict(names)}:
            return unpack(packed, {name: arrays[at] for name, at in names.items()})
        case {"foreign": str(name)}:
            return _stranger(name)
    raise Malformed("no value")


def _numbers(kind: str, array: np.ndarray) -> list[Any]:
    if array.ndim != 1:
        raise Malformed("a list of numbers that is no list")
    return array.tolist() if kind == "plain" else list(array)


def _key(spec: Any) -> Any:
    match spec:
        case str(text):
            return text
        case {"foreign": str(name)}:
            return _stranger(name)
    raise Malformed("a key that is no text")


def _stranger(name: str) -> Any:
    return type(name[:NAME] if name.isidentifier() else "object", (), {})()
