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

from qiskit.circuit import QuantumCircuit, QuantumRegister, Qubit

from qattn.arithmetic.base import PARALLEL, Comparison, InnerProduct, key_bits, with_ancillas
from qattn.arithmetic.bit_heap import Network, network
from qattn.arrays import Integers
from qattn.lookups import get
from qattn.lookups.base import Lookup, load_all, load_all_cost
from qattn.synthesis.cost import Cost, and_cost
from qattn.synthesis.gates import append
from qattn.synthesis.registers import register


def compress(net: Network) -> QuantumCircuit:
    """|K_j>|0> -> |garbage_j>|A.X_j >= T>: the network as a circuit.

    Returns:
        A circuit on registers key (the bits net.keys), sum (clean, kept until the inverse) and score (the sign).

    Cost: net.ands ANDs; its inverse only undoes them.
    """
    key, ancilla = QuantumRegister(len(net.keys), "key"), QuantumRegister(net.wires - len(net.keys) - 1, "sum")
    circuit = QuantumCircuit(key, ancilla, QuantumRegister(1, "score"), name="compress")
    qubits: list[Qubit] = circuit.qubits
    for name, wires in net.ops:
        append(circuit, name, [qubits[wire] for wire in wires])
    return circuit


def compress_cost(net: Network, *, by_measurement: bool = True) -> Cost:
    """Of `compress` and its inverse, by the network's gates."""
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
    net = network(A, T, bits, width)
    circuit = load_all(get(lookup), key_bits(X, bits)[:, list(net.keys)])
    tail = compress(net)
    circuit.add_register(*tail.qregs[1:])
    circuit.barrier()
    onto = [*register(circuit, "key"), *register(circuit, "sum"), *register(circuit, "score")]
    circuit.compose(tail, onto, inplace=True, copy=False)
    circuit.name = "carry_save"
    return circuit


@dataclass(frozen=True)
class CarrySave(InnerProduct):
    """The fewest Toffolis; the kept ANDs need every key bit until the undo."""

    name: ClassVar[str] = "carry_save"
    layouts: ClassVar[tuple[str, ...]] = (PARALLEL,)

    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        """See `carry_save`."""
        return carry_save(what.A, what.X, what.T, what.bits, what.width, lookup=lookup)

    def cost(self, what: Comparison, lookup: Lookup, layout: str, *, by_measurement: bool = True) -> Cost:
        """By formula: one lookup, and the network's ANDs."""
        net = network(what.A, what.T, what.bits, what.width)
        data = what.key_bits[:, list(net.keys)]
        there, back = load_all_cost(lookup, data, by_measurement=by_measurement)
        heap = compress_cost(net, by_measurement=by_measurement)
        return with_ancillas(there, heap, back, net.wires - len(net.keys))
