"""Sign circuits |x> -> (-1)^f(x) |x> on a few qubits, with as few two-qubit gates as we can find.

f is split into a quadratic part, one CZ a term, and a rest that is written as phases on parities (its Walsh spectrum)
and synthesised as a parity network (Amy, Azimzadeh, Mosca, arXiv:1712.01859). All quadratic parts are tried while they
are few. This is for circuits that run on noisy hardware; nothing here scales beyond about 8 qubits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import QuantumCircuit
from qiskit.synthesis import synth_cnot_phase_aam

from qattn.arrays import Bits, Floats

MOST_BITS = 10
TRY_ALL = 4  # bits up to which every quadratic part is tried: 2^6 of them


def sign_circuit(truth: ArrayLike, order: Sequence[int] | None = None) -> QuantumCircuit:
    """|x> -> (-1)^truth[x] |x>, exact including the global phase; x little-endian.

    Args:
        truth: (2^v,) booleans, v = 1..10.
        order: of the qubits in the synthesis. Another order makes another circuit of the same action, which may need
            fewer gates, or fewer swaps on a processor.

    Returns:
        A circuit of v qubits.

    Cost: one CX-equivalent gate per CZ and per step of the parity network, at most about 2^v.

    Raises:
        ValueError: when the length is not a power of two within range.
    """
    truth = np.asarray(truth, dtype=bool)
    bits = max(truth.size, 1).bit_length() - 1
    if truth.ndim != 1 or truth.size != 1 << bits or not 1 <= bits <= MOST_BITS:
        raise ValueError(f"truth has shape {truth.shape}; give 2^v booleans, v = 1 to {MOST_BITS}")
    if order is None:
        return _cheapest(truth.tobytes(), bits).copy()
    if sorted(order) != list(range(bits)):
        raise ValueError(f"order = {list(order)}; give each of the {bits} qubits once")
    x = np.arange(truth.size)
    y = np.bitwise_or.reduce([(x >> i & 1) << qubit for i, qubit in enumerate(order)])
    circuit = QuantumCircuit(bits)
    circuit.compose(_cheapest(truth[y].tobytes(), bits), list(order), inplace=True)
    return circuit


def orders(bits: int, count: int) -> list[list[int] | None]:
    """None, and orders of the qubits for other circuits of the same action; the same in every process.

    Args:
        bits: number of qubits.
        count: how many, None included; fewer when there are no more.

    Returns:
        None first, then permutations of 0..bits-1.
    """
    rng = np.random.default_rng(bits)
    found: dict[tuple[int, ...], None] = {}
    while len(found) < min(count, math.factorial(bits)) - 1:
        order = tuple(int(i) for i in rng.permutation(bits))
        if order != tuple(range(bits)):
            found[order] = None
    return [None, *map(list, found)]


def two_qubit_gates(circuit: QuantumCircuit) -> int:
    """Gates on two or more qubits, barriers and measurements aside."""
    return int(circuit.num_nonlocal_gates())


def parity_phases(bits: int, phases: Mapping[int, float]) -> QuantumCircuit:
    """|x> -> exp(i sum_y phases[y] [y.x mod 2]) |x>: a phase on each parity y (a mask of qubits) of x.

    Args:
        bits: number of qubits.
        phases: angle in radians by mask; bit i of a mask is qubit i, multiples of a turn are left out.

    Returns:
        A circuit of CX and P on `bits` qubits; without CX where no mask has two bits.
    """
    circuit = QuantumCircuit(bits)
    wanted = {mask: angle for mask, angle in phases.items() if mask and abs(math.remainder(angle, math.tau)) > 1e-12}
    if all(mask & (mask - 1) == 0 for mask in wanted):
        for mask, angle in wanted.items():
            circuit.p(angle, mask.bit_length() - 1)
        return circuit
    columns = [[mask >> i & 1 for mask in wanted] for i in range(bits)]
    angles = [angle % math.tau for angle in wanted.values()]
    circuit.compose(synth_cnot_phase_aam(columns, angles, section_size=min(2, len(angles))), inplace=True)
    return circuit


def walsh(values: ArrayLike) -> Floats:
    """Walsh coefficients c of f = sum_y c_y (-1)^(y.x), for f given on all x.

    Args:
        values: (2^b,) f(x), bit i of x being the i-th variable.

    Returns:
        (2^b,) coefficients by the mask y.
    """
    c = np.array(values, dtype=np.float64)
    size = 1
    while size < c.size:
        pairs = c.reshape(-1, 2, size)
        pairs[:] = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1)
        size *= 2
    return np.asarray(c / c.size)


@lru_cache(maxsize=1024)
def _cheapest(data: bytes, bits: int) -> QuantumCircuit:
    truth = np.frombuffer(data, dtype=bool)
    pairs = list(combinations(range(bits), 2))
    anf = reed_muller(truth)
    own = frozenset(pair for pair in pairs if anf[1 << pair[0] | 1 << pair[1]])
    choices = {own, frozenset()}
    if bits <= TRY_ALL:
        choices |= {frozenset(part) for size in range(len(pairs) + 1) for part in combinations(pairs, size)}
    # ties go to the fewest CZ and then to the order of the pairs, so that the circuit never depends on hashing
    ordered = sorted(choices, key=lambda part: (len(part), sorted(part)))
    return min((_split(truth, bits, part) for part in ordered), key=two_qubit_gates)


def _split(truth: Bits, bits: int, quadratic: frozenset[tuple[int, int]]) -> QuantumCircuit:
    """CZ on each pair of `quadratic`, and the rest of f as phases on parities."""
    circuit = QuantumCircuit(bits)
    x = np.arange(1 << bits)
    rest = truth.copy()
    for a, b in sorted(quadratic):
        circuit.cz(a, b)
        rest ^= (x >> a & x >> b & 1).astype(bool)
    c = walsh(rest)
    # pi c (-1)^b = pi c - 2 pi c b for the parity b
    circuit.compose(parity_phases(bits, {y: -math.tau * c[y] for y in range(1, c.size)}), inplace=True)
    circuit.global_phase += math.pi * float(c.sum())
    return circuit


def reed_muller(data: Bits) -> Bits:
    """Positive-polarity Reed-Muller coefficients of (n, ...) bits (the XOR Moebius transform), n any number of rows.

    Row j of the data is the XOR of those coefficients whose mask lies within j; the transform is its own inverse.
    """
    n = len(data)
    if not data.size:
        return data
    size = 1 << (n - 1).bit_length()
    table = np.zeros((size, *data.shape[1:]), dtype=bool)
    table[:n] = data
    step = 1
    while step < size:
        pairs = table.reshape(-1, 2, step, *data.shape[1:])
        pairs[:, 1] ^= pairs[:, 0]
        step *= 2
    return table[:n]
