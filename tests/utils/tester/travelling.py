"""Values of the closed list, drawn at random, and what it means for two to be identical."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from utils.chaos import ConstantHistory, SampledHistory
from utils.reservoir import ESN, Linear, RidgeReadout, RLSReadout

DTYPES = (
    *(np.bool_, np.int8, np.int64, np.uint8, np.uint64),
    *(np.float16, np.float32, np.float64, np.complex64, np.complex128),
)

arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: npst.arrays(dtype, npst.array_shapes(min_dims=0, max_dims=3, min_side=0))
)
finite_numbers = st.floats(-1e3, 1e3)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def esns(draw):
    dim, rnd = draw(st.integers(2, 12)), np.random.default_rng(draw(seeds))
    weight = rnd.standard_normal((dim, dim)) * (rnd.random((dim, dim)) < draw(st.floats(0, 1)))
    return ESN(
        dim,
        draw(finite_numbers),
        draw(st.sampled_from([np.tanh, np.sin, np.arctan, np.positive])),
        draw(st.none() | st.floats(0.01, 1)),
        draw(st.floats(0.01, 1)),
        init_state=rnd.standard_normal(draw(st.sampled_from([(dim,), (3, dim), (2, 1, dim)]))),
        weight=weight,
        dtype=draw(st.sampled_from([np.float32, np.float64])),
    )


@st.composite
def readouts(draw):
    cls = draw(st.sampled_from([Linear, RidgeReadout, RLSReadout]))
    options = {"bound": draw(finite_numbers), "bias": draw(finite_numbers), "seed": draw(seeds)}
    options["dtype"] = draw(st.sampled_from([np.float32, np.float64]))
    if cls is RLSReadout:
        options["initialize_with_zero"] = draw(st.booleans())
    if cls is not Linear:
        options["lmbd"] = draw(st.floats(0.1, 10))
    readout = cls(draw(st.integers(1, 6)), draw(st.integers(1, 4)), **options)
    for row in np.random.default_rng(draw(seeds)).standard_normal((3, readout.input_dim)):
        if cls is RLSReadout:
            readout.step(row, 1.0)
    return readout


@st.composite
def histories(draw):
    if draw(st.booleans()):
        return ConstantHistory(draw(npst.arrays(float, npst.array_shapes(min_dims=0))))
    times = draw(st.integers(1, 6))
    values = draw(npst.arrays(float, st.sampled_from([(times,), (times, 2)])))
    return SampledHistory(np.arange(1 - times, 1) * 0.5, values)


library_objects = esns() | readouts() | histories()
scalars = (
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    *(st.complex_numbers(), st.just(Ellipsis)),
)
leaves = st.one_of(*scalars, arrays, arrays.map(lambda array: array.ravel()[:1].sum()))
values = st.recursive(
    leaves | library_objects,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


def identical(one, other):
    """Whether two values of the closed list are the same to the last bit, type by type."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        same_kind = one.dtype == other.dtype and one.shape == other.shape
        return same_kind and np.asarray(one).tobytes() == np.asarray(other).tobytes()
    if isinstance(one, float | complex):
        return repr(one) == repr(other)  # NaN, and the sign of zero
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, ESN | Linear | ConstantHistory | SampledHistory):
        return identical(_parts(one), _parts(other))
    return one == other


def _parts(value):
    if isinstance(value, ESN):
        weight = value.weight if isinstance(value.weight, np.ndarray) else value.weight.toarray()
        return [weight, value.sr, value.f.__name__, value.a, value.p, value.x, str(value.dtype)]
    if isinstance(value, Linear):
        return [getattr(value, name, None) for name in ("weight", "bias", "lmbd", "P")]
    return [getattr(value, name, None) for name in ("value", "ts", "values")]
