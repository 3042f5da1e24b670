"""A lookup without ancillas: every bit of a word as a polynomial in the index bits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.arrays import Bits, Integers
from qattn.lookups.base import Lookup
from qattn.lookups.monomials import Halves
from qattn.synthesis.cost import Cost
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.phase_synthesis import reed_muller
from qattn.synthesis.registers import bit_matrix, index_bits


def table(words: Integers, width: int) -> QuantumCircuit:
    """Reed-Muller lookup |j>|x> -> |j>|x xor words_j>, without ancillas.

    Each output bit is a XOR of monomials in the index bits (its positive-polarity Reed-Muller form), each monomial a
    multi-controlled X. Indices at or above n are don't-cares, filled with 0.

    Args:
        words: (n,) integers, or (n, r) for r words side by side; the low `width` bits of each are used.
        width: bits of one word.

    Returns:
        A circuit on registers index (ceil log2 n qubits) and word (r * width qubits).

    Cost: up to 2^index_bits multi-controlled X per output bit, half of that for random data; no ancilla.
    """
    return table_gates(bit_matrix(words, width)).circuit("table")


def table_gates(data: Bits) -> Netlist:
    """The gates of `table` for (n, bits) words.

    Args:
        data: (n, bits) booleans, bit 0 of each word first.

    Returns:
        Gates on registers index and word.
    """
    bits = index_bits(len(data))
    net = Netlist({"index": bits, "word": data.shape[1]})
    controls = [[i for i in range(bits) if mask >> i & 1] for mask in range(1 << bits)]
    coefficients = reed_muller(_padded(data, 1 << bits))
    for column, target in zip(coefficients.T, net["word"], strict=True):
        for mask in np.flatnonzero(column).tolist():
            net.mcx(controls[mask], target)
    return net


@dataclass(frozen=True)
class Table(Lookup):
    """The Reed-Muller lookup: no ancillas, and the most Toffolis."""

    name: ClassVar[str] = "table"
    bitwise: ClassVar[bool] = True

    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """|j>|x> -> |j>|x xor word_j> by Reed-Muller polynomials, see `table`.

        Args:
            words: (n,) integers, or (n, r) for r words side by side.
            width: bits of one word.

        Returns:
            A circuit on registers index and word.
        """
        return table(words, width)

    def gates(self, data: Bits) -> Netlist:
        """The gates of `build`.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
        """
        return table_gates(data)

    def cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """Cost of the lookup and of its inverse: 2k - 3 Toffolis for every monomial of k > 2 index bits.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: makes no difference: there is nothing to measure.

        Returns:
            The same cost twice.
        """
        size = 1 << index_bits(len(data))
        coefficients = reed_muller(_padded(data, size))
        degree = _degrees(size)
        toffoli = np.where(degree > 2, 2 * degree - 3, degree == 2).astype(np.float64)
        per_bit = toffoli @ coefficients  # exact: integers far below 2^53
        total = int(per_bit.sum())
        qubits = index_bits(len(data)) + data.shape[1]
        linear = int(np.count_nonzero(coefficients[degree == 1]))
        cost = Cost(qubits, total, 7 * total, linear, 0, int(per_bit.max(initial=0)))
        return cost, cost

    def shape_cost(self, n: int, bits: int) -> Cost:
        """Half of all monomials for each bit of random words; qubits exact.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            Cost of a load and its undo by measurement.
        """
        w, kept, data = index_bits(n), sum(Halves.of(n).ancillas), n * bits // 2
        per_bit = sum(math.comb(w, k) * (2 * k - 3 if k > 2 else 1) for k in range(2, w + 1)) // 2
        ands, t = bits * per_bit + kept, 7 * bits * per_bit + 4 * kept
        depth = per_bit + max(0, w // 2 - 1)
        return Cost(w + bits + kept, ands, t, w * bits // 2, kept + bits, depth, fixups=data)


@lru_cache(maxsize=8)
def _degrees(size: int) -> Integers:
    """Index bits in each monomial."""
    return np.array([mask.bit_count() for mask in range(size)], dtype=np.int64)


def _padded(data: Bits, size: int) -> Bits:
    """The words of all `size` indices, 0 from n on."""
    padded = np.zeros((size, data.shape[1]), dtype=bool)
    padded[: len(data)] = data
    return padded
