"""The smallest arithmetic oracle we know for a handful of keys, for hardware: lookup, comparison on key bits, undo.

A key bit is a polynomial in the index bits. Its linear part needs no qubit: it is a parity of index qubits, read in
place. Only products of index bits are loaded (`qattn.oracles.products`), with relative-phase Toffolis, whose phases the
undo takes back because nothing but diagonal gates stands between. The comparison sum_l A_l x_l >= T is a function of
the key bits alone; it is folded, for all values that they can take together, into one sign circuit. Which products are
loaded is free, and so is the order of the qubits in the sign circuit: several are made and the cheapest kept.

Compiling the comparison costs 2^v additions per row for v qubits, no fewer than the n evaluations of a plain scan: at
these sizes the oracle shows that the arithmetic works on a machine, not that it pays. It never uses which key scores
what; `qattn.oracles.truth_table` does, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.arrays import Bits, Integers
from qattn.oracles.products import Product, Span, dimension, load, nonlinear, products
from qattn.synthesis.phase_synthesis import MOST_BITS, orders, reed_muller, sign_circuit
from qattn.synthesis.registers import index_bits

TRIES, SMALL = 8, 7  # circuits made for each one asked for, on so many qubits: 12 ms each
SMALL_INDEX = 3  # index bits for which other products are tried
CX_EACH = {"rccx": 3, "rccx_dg": 3, "ccx": 6, "rcccx": 6, "rcccx_dg": 6, "mcx": 36}  # an mcx has four controls or more


class NotFoldable(ValueError):
    """Too many products of index bits to fold a comparison into one sign circuit."""


def folded_oracle(X: Integers, bits: int, A: Integers, T: int, excluded: Sequence[int] = ()) -> QuantumCircuit:
    """The first of `folded_oracles`.

    Args:
        X: (n, r) keys as signed integers.
        bits: of a key component.
        A: (r,) coefficients.
        T: threshold on A.X_j.
        excluded: marked indices whose sign is flipped back.

    Returns:
        A circuit on registers index and key.
    """
    return folded_oracles(X, bits, A, T, excluded, 1)[0]


def folded_oracles(
    X: Integers, bits: int, A: Integers, T: int, excluded: Sequence[int] = (), count: int = 1
) -> list[QuantumCircuit]:
    """|j> -> (-1)^[sum_l A_l X_jl >= T] |j> on register index; the products of register key return to |0>.

    Args:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.
        A: (r,) integer coefficients.
        T: integer threshold.
        excluded: indices whose sign is flipped once more; folded in, they cost next to nothing.
        count: circuits of this action to make, by other products and other orders of the qubits in the sign circuit.

    Returns:
        Circuits on registers index and, where there are products, key; of those made, the ones with the fewest CX.

    Raises:
        NotFoldable: when index bits and products together exceed 10 qubits.

    Cost: 3 CX per product of two factors, twice, and a sign circuit on all qubits.
    """
    width = index_bits(len(X))
    weights, spectra = key_bits(X, bits, A)
    numbers = [sum(1 << mask for mask in spectrum) for spectrum in spectra]
    qubits = width + dimension(numbers, width)
    if qubits > MOST_BITS:
        raise NotFoldable(
            f"{len(X)} keys of {bits * X.shape[1]} bits need {qubits - width} products beside {width} index bits; "
            f"folding goes up to {MOST_BITS} qubits. Use fewer bits or a smaller rank, or arithmetic='phase'"
        )
    made = []
    for seed, order in enumerate(orders(qubits, TRIES * count if qubits <= SMALL else count)):
        loaded = products(numbers, width, seed if width <= SMALL_INDEX else 0)
        index, key = QuantumRegister(width, "index"), QuantumRegister(len(loaded), "key")
        circuit = QuantumCircuit(index, *([key] if loaded else []), name="oracle")
        load(circuit, loaded, index, key)
        undo = circuit.inverse()
        signs = _comparison(weights, numbers, loaded, width, T)
        signs ^= np.isin(np.arange(signs.size) % (1 << width), excluded)
        circuit.compose(sign_circuit(signs, order), inplace=True, copy=False)
        circuit.compose(undo, inplace=True, copy=False)
        made.append(circuit)
    return sorted(made, key=cx_gates)[:count]


def cx_gates(circuit: QuantumCircuit) -> int:
    """CX gates before layout, relative-phase Toffolis written out."""
    return sum(CX_EACH.get(op.name, int(len(op.qubits) > 1)) for op in circuit.data)


def key_bits(X: Integers, bits: int, A: Integers) -> tuple[list[int], list[set[int]]]:
    """(weight, spectrum) of each key bit that counts: the masks of index bits whose products it is the XOR of.

    Args:
        X: (n, r) keys, two's complement.
        bits: of a component.
        A: (r,) coefficients; a component without one is left out.

    Returns:
        Weights and spectra, bit by bit; a bit that is 0 in every key is left out.
    """
    size = 1 << index_bits(len(X))
    weights, spectra = [], []
    for c in np.flatnonzero(A):
        for t in range(bits):
            column = np.zeros(size, dtype=bool)
            column[: len(X)] = X[:, c] >> t & 1
            if column.any():
                weights.append(int(A[c]) * (-(1 << t) if t == bits - 1 else 1 << t))
                spectra.append({int(mask) for mask in np.flatnonzero(reed_muller(column))})
    return weights, spectra


def _comparison(weights: list[int], spectra: list[int], loaded: list[Product], width: int, T: int) -> Bits:
    """[score >= T] for every value of (index, key) qubits, taken as independent bits."""
    qubits, have, high = width + len(loaded), Span(), nonlinear(width)
    for product in loaded:
        have.add(product.spectrum & high)
    u = np.arange(1 << qubits)
    score = np.zeros(u.size, dtype=np.int64)
    for weight, spectrum in zip(weights, spectra, strict=True):
        _, used = have.reduce(spectrum & high)
        for i, product in enumerate(loaded):
            if used >> i & 1:
                spectrum ^= product.spectrum  # leaves a linear polynomial
        linear = used << width | sum(1 << i for i in range(width) if spectrum >> (1 << i) & 1)
        score += weight * (_parity(u & linear) ^ (spectrum & 1))
    return score >= T


def _parity(words: Integers) -> Integers:
    for shift in (8, 4, 2, 1):
        words = words ^ words >> shift
    return words & 1
