"""Ripple-carry inner product: signed-digit recoding of the row's constants, one adder per non-zero digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from qiskit.circuit import QuantumCircuit, Qubit

from qattn.arithmetic.base import PARALLEL, STREAMED, InnerProduct, stream_cost, with_ancillas
from qattn.arithmetic.comparison import AnyOf, Comparison
from qattn.arithmetic.union import side_by_side, union
from qattn.arrays import Integers
from qattn.lookups import get
from qattn.lookups.base import Lookup, append_lookup, load_all_cost, load_all_gates
from qattn.synthesis.cost import Cost, and_cost
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import index_bits


def signed_digits(a: int) -> list[tuple[int, int]]:
    """(position, +1 or -1) of the non-zero digits of a in non-adjacent form: the fewest that sum to a.

    Args:
        a: any integer.

    Returns:
        The digits by rising position, no two of them next to each other.
    """
    digits, position = [], 0
    while a:
        if a & 1:
            digit = 2 - (a & 3)
            digits.append((position, digit))
            a -= digit
        a >>= 1
        position += 1
    return digits


def offset_start(A: Integers, T: int, bits: int, width: int) -> int:
    """T - 1 corrected for keys read as unsigned integers X + 2^(bits-1), modulo 2^width.

    Args:
        A: (r,) integer coefficients.
        T: threshold.
        bits: width of one key component.
        width: two's complement bits that hold T - 1 - A.X_j for every key.

    Returns:
        The start value of the score register, in [0, 2^width).
    """
    return (T - 1 + (int(np.sum(A)) << (bits - 1))) % (1 << width)


def ripple(
    A: Integers, X: Integers, T: int, bits: int, width: int, *,
    lookup: str | Lookup = "unary", key_layout: str = STREAMED,
) -> QuantumCircuit:  # fmt: skip
    """|j>|0>|0> -> |j>|g_j>|T - 1 - sum_l A_l X_jl>: the score by adds and subtracts of shifted keys.

    Keys are read in offset binary, X + 2^(bits-1), so that no sign bit has to be extended; the difference is a
    constant of the row and goes into the start value. A subtraction is an addition between two complements.

    Args:
        A: (r,) integer coefficients.
        X: (n, r) keys, two's complement on `bits` bits.
        T: threshold; the score's sign bit ends as 1 exactly when A.X_j >= T.
        bits: width of one key component.
        width: qubits of the score register, two's complement; must hold T - 1 - A.X_j for every j.
        lookup: loads the keys: a name of `qattn.lookups` or an object.
        key_layout: "streamed" holds one component at a time (g_j is the last), "parallel" all of them.

    Returns:
        A circuit on registers index, key, score, carry (width - 1 clean qubits) and the lookup's ancillas.

    Cost: width - p - 1 ANDs for a digit of weight 2^p (one addition), all undone on the spot; r lookups, or one.
    Source: adder of Gidney, 1709.06648; non-adjacent form of Reitwiesner.
    """
    what = Comparison(np.asarray(X), bits, np.asarray(A), T, width)
    return Ripple().gates(what, get(lookup), key_layout).circuit("ripple")


def ripple_total(A: Integers, T: int, bits: int, width: int) -> QuantumCircuit:
    """|K>|0> -> |K>|T - 1 - sum_l A_l X_l>: the inner product alone, whole keys in offset binary on register key.

    Args:
        A: (r,) integer coefficients.
        T: threshold.
        bits: width of one key component.
        width: two's complement bits that hold T - 1 - A.X_j for every key.

    Returns:
        A circuit on registers key (r * bits qubits, bit 0 of a component first), score and carry (width - 1 clean
        qubits).

    Cost: as for `ripple`, without the lookups.
    """
    return total_gates(A, T, bits, width).circuit("ripple")


def total_gates(A: Integers, T: int, bits: int, width: int) -> Netlist:
    """The gates of `ripple_total`.

    Args:
        A: (r,) integer coefficients.
        T: threshold.
        bits: width of one key component.
        width: two's complement bits that hold T - 1 - A.X_j for every key.

    Returns:
        Gates on the registers of `ripple_total`.
    """
    net = Netlist({"key": bits * len(A), "score": width, "carry": width - 1})
    _total(net, A, T, bits)
    return net


@dataclass(frozen=True)
class Ripple(InnerProduct):
    """Textbook arithmetic: one adder per signed digit, undone on the spot."""

    name: ClassVar[str] = "ripple"

    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>|T - 1 - A.X_j>, whose sign is 1 exactly when A.X_j >= T; see `ripple`.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: "streamed" or "parallel".

        Returns:
            A circuit on registers index, key, score, carry and the lookup's ancillas.
        """
        return ripple(what.A, what.X, what.T, what.bits, what.width, lookup=lookup, key_layout=layout)

    def gates(self, what: Comparison, lookup: Lookup, layout: str) -> Netlist:
        """The gates of `compute`.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: "streamed" or "parallel".

        Returns:
            Gates on registers index, key, score and carry, and the lookup's; in the order in which the layout needs
            them.
        """
        if layout == PARALLEL:
            net = self.halves(what, lookup, layout)[0].copy()
            net.add_register("score", what.width)
            net.add_register("carry", what.width - 1)
            _total(net, what.A[np.flatnonzero(what.A)], what.T, what.bits)
            return net
        sizes = {"index": index_bits(len(what.X)), "key": what.bits, "score": what.width, "carry": what.width - 1}
        net = Netlist(sizes)
        _set(net, offset_start(what.A, what.T, what.bits, what.width))
        places = {name: list(net[name]) for name in ("index", "key")}
        loaded = np.zeros((len(what.X), what.bits), dtype=bool)
        for c in np.flatnonzero(what.A).tolist():
            word = what.key_bits[:, c * what.bits : (c + 1) * what.bits]
            append_lookup(net, lookup, loaded ^ word, places)
            loaded = word
            _subtract(net, int(what.A[c]), net["key"])
        return net

    def halves(self, what: Comparison, lookup: Lookup, layout: str) -> tuple[Netlist, Netlist]:
        """The load of the components that the row uses, and its additions.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: must be "parallel".

        Returns:
            The load, on registers index, key and the lookup's; the additions, on key, score and carry.

        Raises:
            ValueError: when the layout is "streamed", whose loads stand between the additions.
        """
        if layout != PARALLEL:
            return super().halves(what, lookup, layout)
        used = np.flatnonzero(what.A)
        columns = (used[:, None] * what.bits + np.arange(what.bits)).ravel()
        load = load_all_gates(lookup, what.key_bits[:, columns])
        return load, total_gates(what.A[used], what.T, what.bits, what.width)

    def cost(self, what: Comparison, lookup: Lookup, layout: str, *, by_measurement: bool = True) -> Cost:
        """Cost of one query, by formula: one or r lookups, and two passes of adders.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: "streamed" or "parallel".
            by_measurement: ANDs are undone by measurement; False: by as many ANDs again.

        Returns:
            The cost of the phase form.
        """
        used = np.flatnonzero(what.A)
        words = [what.key_bits[:, c * what.bits : (c + 1) * what.bits] for c in used]
        adders = Cost()
        for a in what.A[used]:
            for position, _ in signed_digits(-int(a)):
                adders += _adder_cost(what.bits, what.width - position, by_measurement)
        adders, ancillas = adders.times(2), 2 * what.width - 1
        if layout == PARALLEL:
            data = np.concatenate(words, axis=1) if words else what.key_bits[:, :0]
            there, back = load_all_cost(lookup, data, by_measurement=by_measurement)
            return with_ancillas(there, adders, back, ancillas)
        base = Cost(index_bits(len(what.X)) + what.bits)
        return with_ancillas(base, adders, stream_cost(lookup, words, by_measurement=by_measurement), ancillas)

    def shares(self, layout: str) -> bool:
        """Whole keys are loaded once for all rows; components that stream by are loaded anew for each."""
        return layout == PARALLEL

    def tail(self, what: AnyOf) -> Netlist:
        """The rows' additions side by side, and the OR of their signs."""
        size, used = len(what.columns), what.used
        tails = [(range(size), total_gates(row.A[used], row.T, row.bits, row.width)) for row in what.rows]
        return side_by_side(what.n, what.visible, size, tails)

    def tail_cost(self, what: AnyOf, *, by_measurement: bool) -> tuple[Cost, int]:
        """All rows' adders, and the OR; see `InnerProduct.tail_cost`.

        Args:
            what: the rows: their integers, and how many keys each sees.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            (the cost, qubits beside index and key).
        """
        either = union(what.n, what.visible)
        total = either.cost(by_measurement=by_measurement)
        for row in what.rows:
            for a in row.A:
                for position, _ in signed_digits(-int(a)):
                    total += _adder_cost(row.bits, row.width - position, by_measurement).times(2)
        return total, sum(2 * row.width - 1 for row in what.rows) + either.ancillas + 1


def _adder_cost(bits: int, width: int, by_measurement: bool) -> Cost:
    """Key of `bits` bits added to `width` bits; see `add`."""
    if width < 1:
        return Cost()
    ands, overlap = width - 1, min(bits, width)
    inner = max(0, min(overlap, ands) - 1)
    cnot = 5 * inner + ands + (width > 1) + (overlap == width)
    return and_cost(ands, ands, cnot=cnot, depth=ands if by_measurement else 2 * ands, by_measurement=by_measurement)


def _total(net: Netlist, A: Integers, T: int, bits: int) -> None:
    """|K>|0> -> |K>|T - 1 - sum_l A_l X_l> on registers key, score and carry."""
    _set(net, offset_start(A, T, bits, len(net["score"])))
    for c, a in enumerate(A):
        _subtract(net, int(a), net["key"][c * bits : (c + 1) * bits])


def _set(net: Netlist, value: int) -> None:
    """Turn the clean register `score` into |value>."""
    for b, wire in enumerate(net["score"]):
        if value >> b & 1:
            net.x(wire)


def _subtract(net: Netlist, a: int, key: Sequence[int]) -> None:
    """Take a * key from the score, one addition per signed digit of -a."""
    for position, digit in signed_digits(-a):
        if score := net["score"][position:]:
            net.barrier()
            for wire in score if digit < 0 else ():
                net.x(wire)
            _add(net, key, score, net["carry"])
            for wire in score if digit < 0 else ():
                net.x(wire)
            net.barrier()


def add(circuit: QuantumCircuit, addend: Sequence[Qubit], total: Sequence[Qubit], carry: Sequence[Qubit]) -> None:
    """|a>|t>|0> -> |a>|t + a mod 2^len(t)>|0>, a unsigned and no longer than t (further bits are ignored).

    carry[i] holds the carry out of bit i on the way; len(t) - 1 ANDs, all undone.

    Args:
        circuit: written to.
        addend: qubits of a, least significant first.
        total: qubits of t, least significant first.
        carry: len(t) - 1 clean qubits, or more.
    """
    net = Netlist({"addend": len(addend), "total": len(total), "carry": len(carry)})
    _add(net, net["addend"], net["total"], net["carry"])
    circuit.compose(net.circuit(), [*addend, *total, *carry], inplace=True, copy=False)


def _add(net: Netlist, addend: Sequence[int], total: Sequence[int], carry: Sequence[int]) -> None:
    """See `add`."""
    last = len(total) - 1
    addend = addend[: last + 1]
    for i in range(last):
        if i and i < len(addend):
            net.cx(carry[i - 1], addend[i])
            net.cx(carry[i - 1], total[i])
        net.temporary_and(addend[i] if i < len(addend) else carry[i - 1], total[i], carry[i])
        if i and i < len(addend):
            net.cx(carry[i - 1], carry[i])
    if last:
        net.cx(carry[last - 1], total[last])
    if last < len(addend):
        net.cx(addend[last], total[last])
    for i in reversed(range(last)):
        if i and i < len(addend):
            net.cx(carry[i - 1], carry[i])
        net.undo_and(addend[i] if i < len(addend) else carry[i - 1], total[i], carry[i])
        if i and i < len(addend):
            net.cx(carry[i - 1], addend[i])
        net.cx(addend[i] if i < len(addend) else carry[i - 1], total[i])
