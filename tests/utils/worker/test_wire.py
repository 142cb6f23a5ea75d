"""Frames and values between judge and worker: faithful to what is sent, and closed to the rest."""

import contextlib
import json
import socket
import struct
import threading
import time
from functools import cache

import numpy as np
import pytest
from hostile import WRONG
from hypothesis import example, given, settings
from hypothesis import strategies as st
from travelling import identical, values

from utils.reservoir import ESN, Linear
from utils.tester.compare import compare
from utils.tester.plain import MAX_DEPTH
from utils.tester.rules import Exact, Numeric
from utils.worker.wire import (
    JSON_LIMIT,
    Closed,
    Late,
    Malformed,
    read_value,
    receive,
    send,
    write_value,
)

LIMIT = 1 << 20
TABLE = np.arange(6.0).reshape(2, 3)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def received(content, limit=LIMIT):
    """What the other side makes of these bytes, after which nothing comes any more."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sending = threading.Thread(target=_send_all, args=(ours, content))
        sending.start()
        try:
            return receive(theirs, limit, time.monotonic() + 10)
        finally:
            theirs.close()
            sending.join()


def _send_all(connection, content):
    with contextlib.suppress(OSError):
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)


def frame(header, body=b""):
    size = 12 + len(header) + len(body)
    return struct.pack(">QI", size, len(header)) + header + body


def sent(message, arrays=()):
    """The bytes of a frame."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        send(ours, message, list(arrays))
        ours.shutdown(socket.SHUT_WR)
        return theirs.makefile("rb").read()


def travelled(value, limit=LIMIT):
    """A value after its journey, JSON text included."""
    spec, arrays = write_value(value, limit)
    text = json.dumps(spec)
    assert len(text) < JSON_LIMIT
    return read_value(json.loads(text), [array.copy() for array in arrays])


class TestFrames:
    @given(st.binary(max_size=200))
    def test_any_bytes_are_a_frame_or_refused(self, content):
        with contextlib.suppress(Malformed, Closed, Late):
            received(content)

    @given(st.data())
    def test_a_changed_frame_is_a_frame_or_refused(self, data):
        content = bytearray(sent({"a": [1.5, None]}, [TABLE, np.array([True])]))
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        del content[data.draw(st.integers(0, len(content))) :]
        with contextlib.suppress(Malformed, Closed, Late):
            received(bytes(content))

    @given(json_values, st.binary(max_size=64))
    def test_any_json_is_a_frame_or_refused(self, message, body):
        with contextlib.suppress(Malformed):
            received(frame(json.dumps(message).encode(), body))

    @given(json_values, st.binary(max_size=64))
    @example([["float64", [10**4000] * 400]], b"")
    @example([["float64", [0] * 100]], b"")
    @example([["bool", [2, -1]]], b"")
    @example([["float64", [0, 10**12]]], b"")
    @example([["object", [1]]], b"")
    def test_any_table_of_arrays_is_a_frame_or_refused(self, table, body):
        with contextlib.suppress(Malformed):
            received(frame(json.dumps([None, table]).encode(), body))

    @pytest.mark.parametrize(
        "content",
        [
            struct.pack(">QI", 10**18, 10),
            struct.pack(">QI", 100, 2**32 - 1),
            struct.pack(">QI", 5, 0),
            frame(b"[" * 10**6),
            frame(b"1" * 10_000),
            frame(b"[null,[]]", b"more"),
        ],
    )
    def test_what_claims_too_much_is_refused_at_once(self, content):
        with pytest.raises(Malformed):
            received(content, limit=1 << 22)

    def test_a_shape_of_long_numbers_takes_no_time(self):
        axes = ",".join(["9" * 4000] * 900)
        started = time.perf_counter()
        with pytest.raises(Malformed):
            received(frame(f'[null,[["float64",[{axes}]]]]'.encode()), limit=1 << 23)
        assert time.perf_counter() - started < 5  # their product alone takes twenty

    def test_a_truth_value_is_nothing_but_true_or_false(self):
        content = sent(None, [np.array([True, False, True])])
        _, (array,) = received(content[:-3] + b"\x07\x00\xff")
        assert array.view(np.uint8).tolist() == [1, 0, 1]

    def test_one_byte_at_a_time_is_late_at_the_deadline(self):
        ours, theirs = socket.socketpair()
        stop = threading.Event()

        def trickle():
            for byte in sent("x" * 1000):
                if stop.wait(0.02):
                    return
                ours.send(bytes([byte]))

        thread = threading.Thread(target=trickle)
        thread.start()
        with pytest.raises(Late):
            receive(theirs, LIMIT, time.monotonic() + 0.2)
        stop.set()
        thread.join()
        ours.close()
        theirs.close()

    def test_nobody_reads_and_nobody_is_there(self):
        ours, theirs = socket.socketpair()
        ours.settimeout(0.1)
        with pytest.raises(Late):
            send(ours, None, [np.zeros(10**6)])
        theirs.close()
        with pytest.raises(Closed):
            send(ours, None)
        with pytest.raises(Closed):
            receive(ours, LIMIT)
        ours.close()


class TestValues:
    @given(values)
    def test_a_value_arrives_as_it_was(self, value):
        assert identical(travelled(value), value)

    @pytest.mark.parametrize(
        "value",
        [
            *(
                [0.5, -0.0, np.nan],
                (True, False),
                [1, 2, 2**62],
                [1, -(2**63)],
                [1, 2**63],
                [1j, 2],
            ),
            *([np.float32(1), np.float32(2)], (np.int8(1), np.int8(2)), [np.bool_(1), np.bool_(0)]),
            *([1, 2.0], [True, 2], [[1.0, 2.0], [3.0, 4.0]], [TABLE, TABLE], [[], ()], [1.0]),
        ],
        ids=repr,
    )
    def test_a_list_of_numbers_arrives_as_one(self, value):
        assert identical(travelled(value), value)

    def test_a_long_list_takes_no_more_than_its_numbers(self):
        value = [0.1 * k for k in range(100_000)]
        assert identical(travelled(value, 800_000), value)

    @pytest.mark.parametrize("length", [100_001, 10**6])
    def test_of_a_list_too_long_the_shape_arrives(self, length):
        for value in ([0.5] * length, [[0.5]] * length):
            difference = compare(Numeric("x"), np.zeros(3), travelled(value), {}, {})
            assert difference.kind == "shape"
            assert difference.got_shape == (length, *np.shape(value[0]))

    @given(json_values)
    @example({"dict": [[{"a": 1}, {"value": 1, "arrays": {}}]]})
    @example({"list": "plain", "at": 1})
    @example({"tuple": "scalars", "at": True})
    @example({"array": -5})
    @example({"vast": "float64", "shape": [10**30]})
    @example({"vast": "float64", "shape": ["a"]})
    @example({"vast": "object", "shape": [1]})
    @example({"objects": None, "shape": [-1]})
    @example({"objects": [], "shape": [2]})
    @example({"value": {"type": "library", "class": "ESN", "state": {}}, "arrays": {}})
    @example({"value": {"type": "complex", "parts": [{}, 1]}, "arrays": {}})
    @example({"value": {"type": "scalar", "at": "0"}, "arrays": {"0": 0}})
    @example({"foreign": "no name"})
    def test_any_json_is_a_value_or_refused(self, spec):
        with contextlib.suppress(Malformed):
            read_value(spec, [TABLE.copy(), np.zeros(3)])

    @given(values, st.data())
    def test_a_changed_value_is_a_value_or_refused(self, value, data):
        spec, arrays = write_value([value, 1.5], LIMIT)
        text = json.dumps(spec)
        at = data.draw(st.integers(0, len(text) - 1))
        changed = text[:at] + data.draw(st.characters()) + text[at + 1 :]
        with contextlib.suppress(Malformed, json.JSONDecodeError):
            read_value(json.loads(changed), arrays)

    def test_nesting_ends(self):
        spec = {"value": 1.0, "arrays": {}}
        for _ in range(900):
            spec = {"list": [spec]}
        with pytest.raises(Malformed):
            read_value(spec, [])

    @settings(max_examples=20)
    @given(st.lists(st.text(min_size=1), min_size=1))
    def test_text_has_a_limit(self, texts):
        many = [texts] * (4_000_000 // sum(map(len, texts)))
        spec, _ = write_value([many, "x" * 10**7, {"x" * 10**7: 1}, 1 << 10**8], LIMIT)
        assert len(json.dumps(spec)) < JSON_LIMIT


@cache
def wrong_after_the_journey(name):
    return travelled(WRONG[name])


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize(
    "expected",
    [
        *(TABLE, 1.5, True, "a", None, [TABLE, "a"], {"t": 1.0}, (1, 2.0)),
        *(Linear(3, 2, seed=1), ESN(4, seed=1), np.array([True, False])),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("rule", [Exact("x"), Numeric("x")], ids=["exact", "numeric"])
def test_what_is_wrong_is_wrong_in_the_same_way_after_the_journey(rule, expected, name):
    here = compare(rule, expected, WRONG[name], {}, {})
    there = compare(rule, expected, wrong_after_the_journey(name), {}, {})
    assert there.kind == here.kind


def test_depth_is_the_same_on_both_sides():
    value = 1.0
    for _ in range(MAX_DEPTH):
        value = [value]
    assert travelled(value) == value
