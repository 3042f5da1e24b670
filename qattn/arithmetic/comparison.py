"""What an inner product compares: the integers of one row, or of several over the same keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qattn.arrays import Bits, Integers
from qattn.synthesis.registers import bit_matrix


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is compiled: A.X_j >= T for n keys, with a score register of `width` bits.

    Attributes:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.
        A: (r,) coefficients.
        T: threshold.
        width: two's complement bits that hold T - 1 - A.X_j for every key.
    """

    X: Integers
    bits: int
    A: Integers
    T: int
    width: int

    @cached_property
    def key_bits(self) -> Bits:
        """(n, r * bits) bits of the keys in offset binary."""
        return key_bits(self.X, self.bits)


@dataclass(frozen=True, eq=False)
class AnyOf:
    """What is compiled for several rows: whether A_r.X_j >= T_r and j < visible_r for any row r.

    Attributes:
        rows: each row's comparison, all over the same n keys.
        visible: how many of the keys each row sees, from the first; 1 to n.
    """

    rows: tuple[Comparison, ...]
    visible: tuple[int, ...]

    @property
    def n(self) -> int:
        """Number of keys."""
        return len(self.rows[0].X)

    @cached_property
    def used(self) -> list[int]:
        """The key components that some row uses."""
        return [int(c) for c in np.flatnonzero(np.any([row.A for row in self.rows], axis=0))]

    @cached_property
    def columns(self) -> list[int]:
        """The key bits of these components, whatever the thresholds are."""
        bits = self.rows[0].bits
        return [c * bits + b for c in self.used for b in range(bits)]

    @property
    def data(self) -> Bits:
        """(n, size) those key bits of all keys."""
        return self.rows[0].key_bits[:, self.columns]


def key_bits(X: Integers, bits: int) -> Bits:
    """(n, r * bits) bits of the keys in offset binary, X + 2^(bits-1): unsigned, least significant bit first.

    Args:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.

    Returns:
        Booleans; column c * bits + b is bit b of component c.
    """
    return bit_matrix(np.asarray(X) + (1 << (bits - 1)), bits)
