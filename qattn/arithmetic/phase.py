"""Inner products with constants: |K_j>|0> -> |K_j>|T - 1 - sum_l A_l K_jl>, so that the sign bit is the comparison.

The phase accumulator (Draper, quant-ph/0008033) keeps the score in the Fourier basis: qubit r of the score register
carries the phase 2 pi v / 2^(r+1) of its integer value v, so that adding a constant is one phase per qubit and the
row's numbers A and T enter only as angles. One circuit then serves every row (`coefficients` may be Parameters).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias

import numpy as np
from qiskit.circuit import Parameter, QuantumCircuit

from qattn.arithmetic.base import PARALLEL, InnerProduct, stream_cost
from qattn.arithmetic.comparison import Comparison
from qattn.arrays import Bits, Integers
from qattn.lookups import get
from qattn.lookups.base import Lookup, append_lookup
from qattn.synthesis.cost import Cost, phase_cost
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import index_bits

Number: TypeAlias = "int | Parameter"


def phase_accumulator(
    X: Integers,
    bits: int,
    coefficients: Sequence[Number],
    start: Number,
    width: int,
    *,
    lookup: str | Lookup = "table",
    planes_at_once: int = 1,
) -> QuantumCircuit:
    """|j>|0>|0> -> |j>|g_j>|start - sum_l A_l X_jl>: the streamed inner product; g_j is the last group of key bits.

    The key bits are loaded in groups of `planes_at_once`; moving from one group to the next is a single lookup of
    their XOR. The inverse circuit clears the key register again.

    Args:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.
        coefficients: the r integers A_l (or Parameters standing for them).
        start: T - 1 (or a Parameter).
        width: qubits of the score register, two's complement.
        lookup: loads the key bits: a name of `qattn.lookups` or an object.
        planes_at_once: key bits held at once; 1 needs one qubit, r * bits holds whole keys.

    Returns:
        A circuit on registers index, key, score (little-endian) and the lookup's ancillas, if any.

    Cost: ceil(r bits / planes_at_once) lookups, r bits width controlled phases, width (width - 1)/2 more to leave the
    Fourier basis.
    """
    net = accumulator_gates(X, bits, coefficients, start, width, get(lookup), planes_at_once)
    return net.circuit()


def accumulator_gates(
    X: Integers, bits: int, coefficients: Sequence[Number], start: Number, width: int, lookup: Lookup, size: int
) -> Netlist:
    """The gates of `phase_accumulator`, `size` planes at once.

    Args:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.
        coefficients: A, r numbers or open parameters.
        start: what the score starts from, a number or an open parameter.
        width: qubits of the score register.
        lookup: loads the key bits.
        size: key bits held at once.

    Returns:
        Gates on registers index, key (`size` qubits), score and the lookup's ancillas.
    """
    net = Netlist({"index": index_bits(len(X)), "key": size, "score": width})
    key, score = net["key"], net["score"]
    for r, wire in enumerate(score):
        net.h(wire)
        _phase(net, start, 1, r, wire)
    places = {name: list(net[name]) for name in ("index", "key")}
    loaded = np.zeros((len(X), size), dtype=bool)
    groups = planes(X, bits, size)
    for group, words in zip(groups, _words(X, groups, size), strict=True):
        append_lookup(net, lookup, loaded ^ words, places)
        loaded = words
        for slot, (c, t) in enumerate(group):
            weight = -(1 << t) if t == bits - 1 else 1 << t
            for r, wire in enumerate(score):
                _phase(net, coefficients[c], -weight, r, key[slot], wire)
    _leave_fourier(net, score)
    return net


def phase_total(coefficients: Sequence[Number], start: Number, bits: int, width: int) -> QuantumCircuit:
    """|K>|0> -> |K>|start - sum_l A_l X_l>: the inner product alone, whole keys on register key.

    Args:
        coefficients: A, r numbers or open parameters.
        start: what the score starts from, a number or an open parameter.
        bits: width of one key component.
        width: qubits of the score register; the score is held modulo 2^width, in two's complement.

    Returns:
        A circuit on registers key (r * bits qubits, component by component, bit 0 first) and score.
    """
    net = Netlist({"key": bits * len(coefficients), "score": width})
    key, score = net["key"], net["score"]
    for r, wire in enumerate(score):
        net.h(wire)
        _phase(net, start, 1, r, wire)
        for c, coefficient in enumerate(coefficients):
            for t in range(bits):
                weight = -(1 << t) if t == bits - 1 else 1 << t
                _phase(net, coefficient, -weight, r, key[c * bits + t], wire)
    _leave_fourier(net, score)
    return net.circuit("phase")


@dataclass(frozen=True)
class Phase(InnerProduct):
    """The phase accumulator: fewest qubits, one circuit for all rows, rotations in place of Toffolis."""

    name: ClassVar[str] = "phase"
    rotations: ClassVar[bool] = True

    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>|T - 1 - A.X_j>, whose sign is 1 exactly when A.X_j >= T; see `phase_accumulator`.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "streamed" or "parallel".

        Returns:
            A circuit on registers index, key, score and the lookup's ancillas.
        """
        return self.gates(what, lookup, layout).circuit()

    def gates(self, what: Comparison, lookup: Lookup, layout: str) -> Netlist:
        """The gates of `compute`.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "streamed" or "parallel".

        Returns:
            Gates on the registers of `compute`.
        """
        return self._accumulator(what, lookup, layout, [int(a) for a in what.A], what.T - 1)

    def values(self, what: Comparison) -> list[float]:
        """A_1 .. A_r and T - 1."""
        return [*map(float, what.A), float(what.T - 1)]

    def template(self, what: Comparison, lookup: Lookup, layout: str) -> tuple[QuantumCircuit, list[Parameter]]:
        """`compute` with all the row's numbers open: the circuit depends on the keys alone.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "streamed" or "parallel".

        Returns:
            The circuit; parameters A[0] .. A[r - 1], then T - 1.
        """
        parameters = [*(Parameter(f"A[{c}]") for c in range(len(what.A))), Parameter("T-1")]
        net = self._accumulator(what, lookup, layout, parameters[:-1], parameters[-1])
        return net.circuit(), parameters

    def cost(self, what: Comparison, lookup: Lookup, layout: str, *, by_measurement: bool = True) -> Cost:
        """Cost of one query, by formula: the lookups, and one phase per key bit and score qubit.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "streamed" or "parallel".
            by_measurement: lookups are undone by measurement where they can be; False: the unitary rendering.

        Returns:
            The cost of the phase form.
        """
        held = held_planes(lookup, layout, what.bits, what.X.shape[1])
        groups = planes(what.X, what.bits, held)
        lookups = stream_cost(lookup, _words(what.X, groups, held), by_measurement=by_measurement)
        weights = np.array([int(what.A[c]) << t for group in groups for c, t in group], dtype=np.int64)
        total = Cost()
        for r in range(what.width):
            total += _turns(np.array([what.T - 1]), r, 0) + _turns(weights, r, 1)
            total += phase_cost(math.pi / 2 ** (r + 1), 1).times(what.width - 1 - r)  # out of the Fourier basis
        qubits = max(lookups.qubits, index_bits(len(what.X)) + held) + what.width
        return replace(lookups + total.times(2), qubits=qubits)

    def qubits(self, what: Comparison, lookup: Lookup, layout: str) -> int:
        """Width of the phase form, without a look at the words where the lookup has no ancillas.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "streamed" or "parallel".

        Returns:
            Number of qubits.
        """
        if lookup.bitwise:
            return index_bits(len(what.X)) + held_planes(lookup, layout, what.bits, what.X.shape[1]) + what.width
        return super().qubits(what, lookup, layout)

    def _accumulator(
        self, what: Comparison, lookup: Lookup, layout: str, coefficients: Sequence[Number], start: Number
    ) -> Netlist:
        held = held_planes(lookup, layout, what.bits, what.X.shape[1])
        return accumulator_gates(what.X, what.bits, coefficients, start, what.width, lookup, held)


def held_planes(lookup: Lookup, layout: str, bits: int, rank: int) -> int:
    """Key bits held at once: one under a bitwise lookup, a component under lookups that cost n anyway, or all.

    Args:
        lookup: loads the key bits.
        layout: "streamed" or "parallel".
        bits: width of one key component.
        rank: number of components.

    Returns:
        Qubits of register key.
    """
    if layout == PARALLEL:
        return bits * rank
    return 1 if lookup.bitwise else bits


def _leave_fourier(net: Netlist, score: Sequence[int]) -> None:
    """The inverse Fourier transform on the score, least significant qubit first."""
    for r, wire in enumerate(score):
        for s in range(r):
            net.phase(-math.pi / 2 ** (r - s), score[s], wire)
        net.h(wire)


def planes(X: Integers, bits: int, size: int) -> list[list[tuple[int, int]]]:
    """(component, bit) pairs in groups of `size`; bits that are 0 in every key are left out.

    Args:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.
        size: pairs in a group; the last group may be shorter.

    Returns:
        The groups, component by component, bit 0 first.
    """
    planes = [(c, t) for c in range(X.shape[1]) for t in range(bits) if np.any(X[:, c] >> t & 1)]
    return [planes[i : i + size] for i in range(0, len(planes), size)]


def _words(X: Integers, groups: list[list[tuple[int, int]]], size: int) -> Iterator[Bits]:
    """(n, size) key bits of each group; the last may leave some 0."""
    for group in groups:
        word = np.zeros((len(X), size), dtype=bool)
        for slot, (c, t) in enumerate(group):
            word[:, slot] = X[:, c] >> t & 1
        yield word


def _phase(net: Netlist, factor: Number, weight: int, r: int, *wires: int) -> None:
    """Add factor * weight to the score: phase 2 pi factor weight / 2^(r+1) on its qubit r, controlled or not."""
    modulus = 1 << (r + 1)
    if isinstance(factor, Parameter):
        if weight % modulus == 0:
            return
        angle = factor * (2 * math.pi * weight / modulus)
    else:
        residue = factor * weight % modulus
        if residue == 0:
            return
        angle = 2 * math.pi * (residue - modulus if 2 * residue > modulus else residue) / modulus
    net.phase(angle, *wires)


def _turns(weights: Integers, r: int, controls: int) -> Cost:
    """Adding integers to qubit r of the Fourier score, each by one phase; by the rules of `phase_cost`."""
    residue = weights % (1 << (r + 1)) if r < 62 else weights
    residue = residue[residue != 0]
    eighths = (4 if controls else 8) * residue / 2.0 ** (r + 1)
    nearest = np.rint(eighths)
    rotated = np.abs(eighths - nearest) > 1e-9
    pieces = 3 if controls else 1
    t = int(np.count_nonzero(~rotated & (nearest % 2 == 1)))
    return Cost(cnot=2 * controls * residue.size, t=pieces * t, rotations=pieces * int(np.count_nonzero(rotated)))
