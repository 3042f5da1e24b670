"""Inner products with constants: |K_j>|0> -> |K_j>|T - 1 - sum_l A_l K_jl>, so that the sign bit is the comparison.

The phase accumulator (Draper, quant-ph/0008033) keeps the score in the Fourier basis: qubit r of the score register
carries the phase 2 pi v / 2^(r+1) of its integer value v, so that adding a constant is one phase per qubit and the
row's numbers A and T enter only as angles. One circuit then serves every row (`coefficients` may be Parameters).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Parameter, QuantumCircuit, QuantumRegister

from qattn.lookups.table import append_lookup, load
from qattn.synthesis.registers import index_bits

Number: TypeAlias = "int | Parameter"


def phase_accumulator(
    X: NDArray[np.int64],
    bits: int,
    coefficients: Sequence[Number],
    start: Number,
    width: int,
    *,
    lookup: str = "table",
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
        lookup: name of the lookup, see `qattn.lookups.table.load`.
        planes_at_once: key bits held at once; 1 needs one qubit, r * bits holds whole keys.

    Returns:
        A circuit on registers index, key, score (little-endian) and the lookup's ancillas, if any.

    Cost: ceil(r bits / planes_at_once) lookups, r bits width controlled phases, width (width - 1)/2 more to leave the
    Fourier basis.
    """
    index = QuantumRegister(index_bits(len(X)), "index")
    key, score = QuantumRegister(planes_at_once, "key"), QuantumRegister(width, "score")
    circuit = QuantumCircuit(index, key, score)
    for r, qubit in enumerate(score):
        circuit.h(qubit)
        _phase(circuit, start, 1, r, [qubit])
    loaded = np.zeros((len(X), planes_at_once), dtype=np.int64)
    for group in planes(X, bits, planes_at_once):
        words = np.zeros_like(loaded)
        for slot, (c, t) in enumerate(group):
            words[:, slot] = X[:, c] >> t & 1
        append_lookup(circuit, load(lookup, loaded ^ words, 1))
        loaded = words
        for slot, (c, t) in enumerate(group):
            weight = -(1 << t) if t == bits - 1 else 1 << t
            for r, qubit in enumerate(score):
                _phase(circuit, coefficients[c], -weight, r, [key[slot], qubit])
    _leave_fourier(circuit, score)
    return circuit


def phase_total(coefficients: Sequence[Number], start: Number, bits: int, width: int) -> QuantumCircuit:
    """|K>|0> -> |K>|start - sum_l A_l X_l>: the inner product alone, whole keys on register key.

    Arguments, registers and cost as for `phase_accumulator`.
    """
    key, score = QuantumRegister(bits * len(coefficients), "key"), QuantumRegister(width, "score")
    circuit = QuantumCircuit(key, score, name="phase")
    for r, qubit in enumerate(score):
        circuit.h(qubit)
        _phase(circuit, start, 1, r, [qubit])
        for c, coefficient in enumerate(coefficients):
            for t in range(bits):
                weight = -(1 << t) if t == bits - 1 else 1 << t
                _phase(circuit, coefficient, -weight, r, [key[c * bits + t], qubit])
    _leave_fourier(circuit, score)
    return circuit


def _leave_fourier(circuit: QuantumCircuit, score: QuantumRegister) -> None:
    """The inverse Fourier transform on the score, least significant qubit first."""
    for r in range(len(score)):
        for s in range(r):
            circuit.cp(-math.pi / 2 ** (r - s), score[s], score[r])
        circuit.h(score[r])


def planes(X: NDArray[np.int64], bits: int, size: int) -> list[list[tuple[int, int]]]:
    """(component, bit) pairs in groups of `size`; bits that are 0 in every key are left out."""
    planes = [(c, t) for c in range(X.shape[1]) for t in range(bits) if np.any(X[:, c] >> t & 1)]
    return [planes[i : i + size] for i in range(0, len(planes), size)]


def _phase(circuit: QuantumCircuit, factor: Number, weight: int, r: int, qubits: list[object]) -> None:
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
    if len(qubits) == 1:
        circuit.p(angle, *qubits)
    else:
        circuit.cp(angle, *qubits)
