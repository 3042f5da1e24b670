"""Lookups by unary iteration (QROM): |j>|x> -> |j>|x xor word_j> with about one Toffoli a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.arrays import Bits, Integers
from qattn.lookups.base import Lookup
from qattn.lookups.monomials import Halves
from qattn.synthesis.cost import Cost, Operation, and_cost, and_depth
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import bit_matrix, index_bits


def unary(words: Integers, width: int) -> QuantumCircuit:
    """Unary iteration |j>|x> -> |j>|x xor word_j>: a walk over all keys, one AND at every fork of the index tree.

    Args:
        words: (n,) integers, or (n, r) for r words side by side; the low `width` bits of each are used.
        width: bits of one word.

    Returns:
        A circuit on registers index (ceil log2 n qubits), word (r * width) and path (one clean qubit per index bit
        below the top; none for n <= 2). Indices at or above n are don't-cares.

    Cost: n - 2 ANDs and as many undone (n >= 2), one CNOT per 1 in the table and two per AND, for any n.
    Source: Babbush et al., 1805.03662, section III.C.
    """
    return unary_gates(bit_matrix(words, width)).circuit("unary")


def unary_gates(data: Bits) -> Netlist:
    """The gates of `unary` for (n, bits) words.

    Args:
        data: (n, bits) booleans, bit 0 of each word first.

    Returns:
        Gates on registers index, word and, for n > 2, path.
    """
    n, w = len(data), index_bits(len(data))
    net = Netlist({"index": w, "word": data.shape[1]})
    word = np.array(net["word"], dtype=np.int32)
    wires = [*net["index"], *(net.add_register("path", w - 1) if w > 1 else ())]
    if n == 1:
        net.fan_out(None, word[data[0]])
        return net
    for name, operands in _steps(n):
        if name == "load":
            net.fan_out(wires[operands[0]], word[data[operands[1]]])
        else:
            net.operation(name, [wires[wire] for wire in operands])
    return net


@dataclass(frozen=True)
class Unary(Lookup):
    """QROM: about n Toffolis, hardly any ancillas."""

    name: ClassVar[str] = "unary"

    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """|j>|x>|0> -> |j>|x xor word_j>|0> by unary iteration, see `unary`.

        Args:
            words: (n,) integers, or (n, r) for r words side by side.
            width: bits of one word.

        Returns:
            A circuit on registers index, word and path.
        """
        return unary(words, width)

    def gates(self, data: Bits) -> Netlist:
        """The gates of `build`.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
        """
        return unary_gates(data)

    def cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """Cost of the lookup and of its inverse, by formula; the depth from a walk without words.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: ANDs are undone by measurement; False: by as many ANDs again.

        Returns:
            (there, back); they differ in depth only.
        """
        n, bits = data.shape
        ands, w = max(0, n - 2), index_bits(n)
        cnot = 2 * ands + (int(np.count_nonzero(data)) if n > 1 else 0)
        there, back = (
            replace(
                and_cost(ands, ands, cnot=cnot, depth=depth, by_measurement=by_measurement), qubits=2 * w - 1 + bits
            )
            for depth in _depths(n, by_measurement)
        )
        return there, back

    def shape_cost(self, n: int, bits: int) -> Cost:
        """Toffolis and qubits exact, the depth within a few, CNOTs of random words.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            Cost of a load and its undo by measurement.
        """
        w, kept = index_bits(n), sum(Halves.of(n).ancillas)
        ands = max(0, n - 2) + kept
        depth, data = max(0, n - 2 + max(0, w // 2 - 1)), n * bits // 2
        return Cost(2 * w - 1 + bits + kept, ands, 4 * ands, data + 2 * n, ands + bits, depth, fixups=data)


def _steps(n: int) -> Iterator[Operation]:
    """The walk over n >= 2 keys; wires 0 .. w - 1 are the index bits, w .. 2w - 2 the path.

    ("load", (active, j)) stands where word j is loaded under the control of wire `active`.
    """
    top = index_bits(n) - 1
    yield from _walk(n, top, 1 << top, top)
    yield "x", (top,)
    yield from _walk(n, top, 0, top)
    yield "x", (top,)


def _walk(n: int, active: int, base: int, level: int) -> Iterator[Operation]:
    """Visit the keys base .. base + 2^level - 1 under the control `active`, which is 1 exactly on these indices."""
    if level == 0:
        yield "load", (active, base)
        return
    upper = base + (1 << (level - 1))
    if upper >= n:
        yield from _walk(n, active, base, level - 1)
        return
    bit, child = level - 1, index_bits(n) + level - 1
    yield "and", (active, bit, child)
    yield from _walk(n, child, upper, level - 1)
    yield "cx", (active, child)
    yield from _walk(n, child, base, level - 1)
    yield "cx", (active, child)
    yield "undo", (active, bit, child)


@lru_cache(maxsize=256)
def _depths(n: int, by_measurement: bool) -> tuple[int, int]:
    """Toffoli depth of the walk and of its inverse; words take no time."""
    if n == 1:
        return 0, 0
    there = [step for step in _steps(n) if step[0] != "load"]
    inverse = {"and": "undo", "undo": "and"}
    back = [(inverse.get(name, name), wires) for name, wires in reversed(there)]
    return and_depth(there, by_measurement=by_measurement), and_depth(back, by_measurement=by_measurement)
