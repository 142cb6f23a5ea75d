"""The field's objects: an echo state network, linear maps and the two ways to train a readout."""

from utils.reservoir.esn import ESN
from utils.reservoir.linear import Linear
from utils.reservoir.ridge import RidgeReadout
from utils.reservoir.rls import RLSReadout

__all__ = ["ESN", "Linear", "RLSReadout", "RidgeReadout"]
