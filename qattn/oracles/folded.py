"""The smallest arithmetic oracle we know for a handful of keys, for hardware: lookup, comparison on key bits, undo.

A key bit is a polynomial in the index bits. Its linear part needs no qubit: it is a parity of index qubits, read in
place. Only the products of index bits are loaded, each with relative-phase Toffolis (Margolus), whose phases the undo
takes back because nothing but diagonal gates stands between. The comparison sum_l A_l x_l >= T is a function of the key
bits alone; it is folded, for all values that they can take together, into one sign circuit.

Compiling the comparison costs 2^v additions per row for v qubits, no fewer than the n evaluations of a plain scan: at
these sizes the oracle shows that the arithmetic works on a machine, not that it pays. It never uses which key scores
what; `qattn.oracles.truth_table` does, and says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister
from qiskit.circuit.library import RC3XGate, RCCXGate

from qattn.arrays import Bits, Integers
from qattn.synthesis.phase_synthesis import MOST_BITS, orders, reed_muller, sign_circuit
from qattn.synthesis.registers import index_bits, multi_controlled_x


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
        count: circuits of this action to make, by other orders of the qubits in the sign circuit.

    Returns:
        A circuit on registers index and, where there are products, key.

    Raises:
        NotFoldable: when index bits and products together exceed 10 qubits.

    Cost: 3 CX per product of two index bits, twice, and a sign circuit on all qubits.
    """
    width = index_bits(len(X))
    weights, spectra = key_bits(X, bits, A)
    products = _independent([{m for m in s if _degree(m) > 1} for s in spectra])
    qubits = width + len(products)
    if qubits > MOST_BITS:
        raise NotFoldable(
            f"{len(X)} keys of {bits * X.shape[1]} bits need {len(products)} products beside {width} index bits; "
            f"folding goes up to {MOST_BITS} qubits. Use fewer bits or a smaller rank, or arithmetic='phase'"
        )
    index, key = QuantumRegister(width, "index"), QuantumRegister(len(products), "key")
    load = QuantumCircuit(index, *([key] if products else []))
    for qubit, product in zip(key, products, strict=True):
        for mask in sorted(product):
            _multiply(load, [index[i] for i in range(width) if mask >> i & 1], qubit)
    signs = _comparison(weights, spectra, products, width, T)
    signs ^= np.isin(np.arange(signs.size) % (1 << width), excluded)
    made = []
    for order in orders(qubits, count):
        circuit = load.copy(name="oracle")
        circuit.compose(sign_circuit(signs, order), inplace=True, copy=False)
        circuit.compose(load.inverse(), inplace=True, copy=False)
        made.append(circuit)
    return made


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


def _comparison(weights: list[int], spectra: list[set[int]], products: list[set[int]], width: int, T: int) -> Bits:
    """[score >= T] for every value of (index, key) qubits, taken as independent bits."""
    qubits = width + len(products)
    u = np.arange(1 << qubits)
    score = np.zeros(u.size, dtype=np.int64)
    for weight, spectrum in zip(weights, spectra, strict=True):
        linear = sum(mask for mask in spectrum if _degree(mask) == 1)
        rest = {mask for mask in spectrum if _degree(mask) > 1}
        for i, product in enumerate(products):
            if max(product, key=_order) in rest:  # reduced: no other product has this leading mask
                rest ^= product
                linear |= 1 << width + i
        score += weight * (_parity(u & linear) ^ (0 in spectrum))
    return score >= T


def _independent(vectors: list[set[int]]) -> list[set[int]]:
    """A reduced basis over GF(2) of sets of masks: each leading mask (largest degree) is in one basis vector only."""
    basis: list[set[int]] = []
    for vector in vectors:
        rest = set(vector)
        for known in basis:
            if max(known, key=_order) in rest:
                rest ^= known
        if rest:
            lead = max(rest, key=_order)
            basis = [known ^ rest if lead in known else known for known in basis]
            basis.append(rest)
    return basis


def _multiply(circuit: QuantumCircuit, controls: list[object], target: object) -> None:
    """|x, t> -> |x, t xor product of x> up to a phase of each basis state."""
    if len(controls) == 2:
        circuit.append(RCCXGate(), [*controls, target])
    elif len(controls) == 3:
        circuit.append(RC3XGate(), [*controls, target])
    else:
        multi_controlled_x(circuit, controls, target)


def _parity(words: Integers) -> Integers:
    for shift in (8, 4, 2, 1):
        words = words ^ words >> shift
    return words & 1


def _degree(mask: int) -> int:
    return mask.bit_count()


def _order(mask: int) -> tuple[int, int]:
    return mask.bit_count(), mask
