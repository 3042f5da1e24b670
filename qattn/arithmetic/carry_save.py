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

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit, QuantumRegister, Qubit

from qattn.arithmetic.bit_heap import Network, network
from qattn.lookups.loading import key_bits, load_all
from qattn.synthesis.gates import temporary_and
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
        if name == "and":
            temporary_and(circuit, *(qubits[wire] for wire in wires))
        elif name == "cx":
            circuit.cx(qubits[wires[0]], qubits[wires[1]])
        else:
            circuit.x(qubits[wires[0]])
    return circuit


def carry_save(
    A: NDArray[np.int64], X: NDArray[np.int64], T: int, bits: int, width: int, *,
    lookup: str = "select_swap", key_layout: str = "parallel",
) -> QuantumCircuit:  # fmt: skip
    """|j>|0> -> |j>|garbage_j>|A.X_j >= T>: all key bits loaded once, then compressed.

    Args:
        A: (r,) integer coefficients.
        X: (n, r) keys, two's complement on `bits` bits.
        T: threshold.
        bits: width of one key component.
        width: two's complement bits that hold T - 1 - A.X_j for every key.
        lookup: name of the lookup, see `qattn.lookups.table.load`.
        key_layout: "parallel"; the kept ANDs need every key bit until the undo.

    Returns:
        A circuit on registers index, key, the lookup's, sum and score (one qubit).

    Cost: the lookup and `network(...).ands`.
    """
    if key_layout != "parallel":
        raise ValueError(
            f"carry_save keeps every key bit until its undo; key_layout = {key_layout!r} must be 'parallel'"
        )
    net = network(A, T, bits, width)
    circuit = load_all(lookup, key_bits(X, bits)[:, list(net.keys)])
    tail = compress(net)
    circuit.add_register(*tail.qregs[1:])
    circuit.barrier()
    onto = [*register(circuit, "key"), *register(circuit, "sum"), *register(circuit, "score")]
    circuit.compose(tail, onto, inplace=True, copy=False)
    circuit.name = "carry_save"
    return circuit
