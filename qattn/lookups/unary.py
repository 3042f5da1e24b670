"""Lookups by unary iteration (QROM): |j>|x> -> |j>|x xor word_j> with about one Toffoli a key."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit, QuantumRegister, Qubit

from qattn.synthesis.gates import temporary_and, undo_and
from qattn.synthesis.registers import bit_matrix, index_bits


def unary(words: NDArray[np.int64], width: int) -> QuantumCircuit:
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
    data = bit_matrix(words, width)
    n = len(data)
    index, word = QuantumRegister(index_bits(n), "index"), QuantumRegister(data.shape[1], "word")
    circuit = QuantumCircuit(index, word, name="unary")
    path = QuantumRegister(max(0, index.size - 1), "path")
    if path.size:
        circuit.add_register(path)
    if n == 1:
        for b in np.flatnonzero(data[0]):
            circuit.x(word[b])
        return circuit
    half = 1 << (index.size - 1)
    top = index[index.size - 1]
    _walk(circuit, data, top, half, index.size - 1)
    circuit.x(top)
    _walk(circuit, data, top, 0, index.size - 1)
    circuit.x(top)
    return circuit


def _walk(circuit: QuantumCircuit, data: NDArray[np.bool_], active: Qubit, base: int, level: int) -> None:
    """Load the keys base .. base + 2^level - 1 under the control `active`, which is 1 exactly on these indices."""
    index, word = circuit.qregs[0], circuit.qregs[1]
    if level == 0:
        for b in np.flatnonzero(data[base]):
            circuit.cx(active, word[b])
        return None
    upper = base + (1 << (level - 1))
    if upper >= len(data):
        return _walk(circuit, data, active, base, level - 1)
    child = circuit.qregs[2][level - 1]
    temporary_and(circuit, active, index[level - 1], child)
    _walk(circuit, data, child, upper, level - 1)
    circuit.cx(active, child)
    _walk(circuit, data, child, base, level - 1)
    circuit.cx(active, child)
    undo_and(circuit, active, index[level - 1], child)
    return None
