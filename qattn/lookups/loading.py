"""Loading whole keys once, for inner products that hold all their bits: the parallel layout."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.lookups.monomials import Bits, measured_unload
from qattn.lookups.select_swap import block_load
from qattn.lookups.table import load
from qattn.synthesis.gates import Load
from qattn.synthesis.registers import bit_matrix, index_bits


def key_bits(X: NDArray[np.int64], bits: int) -> Bits:
    """(n, r * bits) bits of the keys in offset binary, X + 2^(bits-1): unsigned, least significant bit first."""
    return bit_matrix(np.asarray(X) + (1 << (bits - 1)), bits)


def load_all(lookup: str, data: Bits) -> QuantumCircuit:
    """|j>|0> -> |j>|word_j>|garbage_j>, to be undone by the inverse or, in the measured rendering, by measurement.

    Args:
        lookup: name of the lookup, see `qattn.lookups.table.load`.
        data: (n, bits) the words.

    Returns:
        A circuit on registers index, key (the word) and the lookup's own.

    Cost: one lookup; the measured unload takes about 2 sqrt(n) ANDs (`measured_unload`), none after select_swap.
    """
    if not data.shape[1]:  # the comparison is the same for every key
        return QuantumCircuit(QuantumRegister(index_bits(len(data)), "index"), QuantumRegister(0, "key"))
    words = data.astype(np.int64)
    forward = block_load(words, 1) if lookup == "select_swap" else load(lookup, words, 1)
    key = QuantumRegister(data.shape[1], "key")
    registers = [key if register.name == "word" else register for register in forward.qregs]
    circuit = QuantumCircuit(*registers)
    if lookup == "select_swap":
        circuit.compose(forward, circuit.qubits, inplace=True, copy=False)
    else:
        index = registers[0]
        unload = cache(partial(measured_unload, data, len(index), forward.num_qubits - len(index) - len(key)))
        circuit.append(Load(forward.num_qubits, lambda: forward, unload), circuit.qubits, copy=False)
    return circuit
