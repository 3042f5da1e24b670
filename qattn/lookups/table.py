"""Lookups of classical data: |j>|0> -> |j>|word_j>, the QRAM-style register of the oracle.

Little-endian everywhere: qubit 0 of a register is its least significant bit.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.synthesis.phase_synthesis import reed_muller
from qattn.synthesis.registers import bit_matrix, index_bits, multi_controlled_x


def table(words: NDArray[np.int64], width: int) -> QuantumCircuit:
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
    bits, data = index_bits(len(words)), bit_matrix(words, width)
    index, word = QuantumRegister(bits, "index"), QuantumRegister(data.shape[1], "word")
    circuit = QuantumCircuit(index, word, name="table")
    for b in range(word.size):
        column = np.zeros(2**bits, dtype=bool)
        column[: len(words)] = data[:, b]
        for mask in np.flatnonzero(reed_muller(column)):
            multi_controlled_x(circuit, [index[i] for i in range(bits) if mask >> i & 1], word[b])
    return circuit


def load(kind: str, words: NDArray[np.int64], width: int) -> QuantumCircuit:
    """The lookup of that name on registers index, word and its ancillas, which start and end in |0>."""
    from qattn.lookups.bucket_brigade import bucket_brigade  # these modules build on this one
    from qattn.lookups.select_swap import select_swap
    from qattn.lookups.unary import unary

    lookups: dict[str, Callable[[NDArray[np.int64], int], QuantumCircuit]] = {
        "table": table, "unary": unary, "select_swap": select_swap, "bucket_brigade": bucket_brigade,
    }  # fmt: skip
    if kind not in lookups:
        raise ValueError(f"lookup = {kind!r}; choose one of {', '.join(lookups)}")
    return lookups[kind](words, width)


def append_lookup(circuit: QuantumCircuit, lookup: QuantumCircuit) -> None:
    """Compose a lookup whose `word` register is this circuit's `key`; its ancillas are added when first seen.

    A lookup with ancillas stands between barriers: it uses them again next time, and is a stage of its own.
    """
    have = {register.name: register for register in circuit.qregs}
    for register in lookup.qregs:
        if register.name not in have and register.name != "word":
            circuit.add_register(register)
            have[register.name] = register
    onto = [q for register in lookup.qregs for q in have["key" if register.name == "word" else register.name]]
    if len(lookup.qregs) > 2:
        circuit.barrier()
    circuit.compose(lookup, onto, inplace=True, copy=False)
    if len(lookup.qregs) > 2:
        circuit.barrier()
