"""Carry-save inner product: one heap of bits, compressed column by column; nothing is undone before the oracle's end.

The score's sign is the top bit of T - 1 - sum_l A_l X_jl modulo 2^width. All its shifted, signed key bits and the
constant form columns of equal weight. A full adder turns three bits of a column into one and a carry for one AND
(Gidney, 1709.06648); of the columns below the sign only the carries matter, and of the sign's own column only the
parity, which is free. So the whole inner product takes sum over columns of floor(height / 2) ANDs:

- a key bit of negative weight enters as its complement, -x = (1 - x) - 1, and all the ones go into the constant;
- constants are free: they meet a column's last bit (carry = bit) or take the place of the missing third one;
- sums that several digits of the row share are computed once (`shared_sums`);
- every AND keeps its inputs, so the undo is measurement only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.arithmetic.base import PARALLEL, InnerProduct, with_ancillas
from qattn.arithmetic.bit_heap import Network, network, networks
from qattn.arithmetic.comparison import AnyOf, Comparison
from qattn.arithmetic.union import join, union
from qattn.arrays import Integers
from qattn.lookups import get
from qattn.lookups.base import Lookup, load_all_cost, load_all_gates
from qattn.synthesis.cost import Cost, and_cost
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import index_bits


def compress(net: Network) -> QuantumCircuit:
    """|K_j>|0> -> |garbage_j>|A.X_j >= T>: the network as a circuit.

    Args:
        net: the compiled comparison.

    Returns:
        A circuit on registers key (the bits net.keys), sum (clean, kept until the inverse) and score (the sign).

    Cost: net.ands ANDs; its inverse only undoes them.
    """
    return compress_gates(net).circuit("compress")


def compress_gates(net: Network) -> Netlist:
    """The gates of `compress`."""
    out = Netlist({"key": len(net.keys), "sum": net.wires - len(net.keys) - 1, "score": 1})
    for name, wires in net.ops:
        out.operation(name, wires)
    return out


def compress_cost(net: Network, *, by_measurement: bool = True) -> Cost:
    """Cost of `compress` and of its inverse together, from the network's gates; qubits are not counted.

    Args:
        net: the compiled comparison.
        by_measurement: ANDs are undone by measurement; False: by as many ANDs again.

    Returns:
        The cost of both.
    """
    depth = net.depth * (1 if by_measurement else 2)
    return and_cost(net.ands, net.ands, cnot=2 * net.cnots, depth=depth, by_measurement=by_measurement)


def carry_save(
    A: Integers, X: Integers, T: int, bits: int, width: int, *, lookup: str | Lookup = "select_swap"
) -> QuantumCircuit:
    """|j>|0> -> |j>|garbage_j>|A.X_j >= T>: all key bits loaded once, then compressed.

    Args:
        A: (r,) integer coefficients.
        X: (n, r) keys, two's complement on `bits` bits.
        T: threshold.
        bits: width of one key component.
        width: two's complement bits that hold T - 1 - A.X_j for every key.
        lookup: loads the keys: a name of `qattn.lookups` or an object.

    Returns:
        A circuit on registers index, key, the lookup's, sum and score (one qubit).

    Cost: the lookup and `network(...).ands`.
    """
    what = Comparison(np.asarray(X), bits, np.asarray(A), T, width)
    return CarrySave().gates(what, get(lookup), PARALLEL).circuit("carry_save")


@dataclass(frozen=True)
class CarrySave(InnerProduct):
    """The fewest Toffolis; the kept ANDs need every key bit until the undo."""

    name: ClassVar[str] = "carry_save"
    layouts: ClassVar[tuple[str, ...]] = (PARALLEL,)

    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>, the top bit of score being 1 exactly when A.X_j >= T; see `carry_save`.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "parallel"; the network reads all of its key bits at once.

        Returns:
            A circuit on registers index, key, the lookup's, sum and score.
        """
        return carry_save(what.A, what.X, what.T, what.bits, what.width, lookup=lookup)

    def gates(self, what: Comparison, lookup: Lookup, layout: str) -> Netlist:
        """The gates of `compute`.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "parallel"; the network reads all of its key bits at once.

        Returns:
            Gates on the registers of `compute`.
        """
        load, tail = self.halves(what, lookup, layout)
        net = load.copy()
        own = [wire for name in ("sum", "score") for wire in net.add_register(name, len(tail[name]))]
        net.barrier()
        net.append(tail, [*net["key"], *own])
        return net

    def halves(self, what: Comparison, lookup: Lookup, layout: str) -> tuple[Netlist, Netlist]:
        """The load of the key bits that the network needs, and the network.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "parallel"; the network reads all of its key bits at once.

        Returns:
            The load, on registers index, key and the lookup's; the comparison, on key, sum and score.
        """
        net = network(what.A, what.T, what.bits, what.width)
        return load_all_gates(lookup, what.key_bits[:, list(net.keys)]), compress_gates(net)

    def cost(self, what: Comparison, lookup: Lookup, layout: str, *, by_measurement: bool = True) -> Cost:
        """Cost of one query, by formula: one lookup and its undo, and the network's ANDs.

        Args:
            what: the integers that are compared.
            lookup: loads the key bits.
            layout: "parallel"; the network reads all of its key bits at once.
            by_measurement: ANDs are undone by measurement; False: by as many ANDs again.

        Returns:
            The cost of the phase form.
        """
        net = network(what.A, what.T, what.bits, what.width)
        data = what.key_bits[:, list(net.keys)]
        there, back = load_all_cost(lookup, data, by_measurement=by_measurement)
        heap = compress_cost(net, by_measurement=by_measurement)
        return with_ancillas(there, heap, back, net.wires - len(net.keys))

    def shares(self, layout: str) -> bool:
        """True: one network compares the same key bits with all rows."""
        return True

    def tail(self, what: AnyOf) -> Netlist:
        """One network for all rows, and the OR of their signs."""
        net, R = _network(what), len(what.rows)
        sums = net.wires - len(net.keys) - R
        tail = Netlist({"index": index_bits(what.n), "key": len(what.columns), "sum": sums, "sign": R})
        place = dict(zip(what.columns, tail["key"], strict=True))
        onto = [*(place[key] for key in net.keys), *tail["sum"], *tail["sign"]]
        for name, wires in net.ops:
            tail.operation(name, [onto[wire] for wire in wires])
        join(tail, tail["sign"], union(what.n, what.visible))
        return tail

    def tail_cost(self, what: AnyOf, *, by_measurement: bool) -> tuple[Cost, int]:
        """The network's ANDs, and those of the OR; see `InnerProduct.tail_cost`.

        Args:
            what: the rows: their integers, and how many keys each sees.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            (the cost, qubits beside index and key).
        """
        net, either = _network(what), union(what.n, what.visible)
        heap = compress_cost(net, by_measurement=by_measurement) + either.cost(by_measurement=by_measurement)
        return heap, net.wires - len(net.keys) + either.ancillas + 1


def _network(what: AnyOf) -> Network:
    rows = what.rows
    return networks([row.A for row in rows], [row.T for row in rows], rows[0].bits, [row.width for row in rows])
