"""Shots that show by themselves that something went wrong, and what to expect of the others.

An oracle's ancillas are back in |0> when nothing errs. So they are measured too, beside the index, and a shot that
finds one of them in |1>, or an index that does not exist, is set aside: it was paid for and it is counted, and it says
nothing about the keys.

How many shots are kept, and how many of those still follow the ideal distribution although something erred, is forecast
by following random Pauli errors through the circuit, at the rates of the calibration. That simulates the circuit, so it
is for a few qubits, and for the forecast alone: the search never sees it.

`qiskit_mitigation.PostSelector` asks something else, whether a second measurement after a slow X pulse agrees with the
first, and costs every shot a second readout.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit
from qiskit.transpiler import Target

from qattn.arrays import Integers
from qattn.hardware.error_rates import FREE, error_rate
from qattn.hardware.simulated import onto, used_qubits
from qattn.search.protocols import SET_ASIDE

States = NDArray[np.complex128]

INDEX, ANCILLA = "found", "ancilla"  # classical registers of a Grover circuit
MOST_QUBITS = 10  # of a circuit that errors are followed through
MOST_GATES = 4000
DRAWS = 200  # circuits with errors that are followed; the share is good to about .03


@dataclass(frozen=True, eq=False)
class Shots:
    """What a circuit measured, shot by shot.

    Attributes:
        index: the words of register `found`.
        ancilla: the words of register `ancilla`, 0 where all of them are back in |0>; all 0 for a circuit without.
    """

    index: Integers
    ancilla: Integers

    def kept(self, n: int) -> Integers:
        """The indices, `SET_ASIDE` for a shot that shows an error.

        Args:
            n: number of indices there are.
        """
        return np.where((self.ancilla == 0) & (self.index < n), self.index, SET_ASIDE)


@dataclass(frozen=True)
class Quality:
    """What to expect of the shots of a circuit.

    Attributes:
        success: probability that nothing errs.
        kept: share of the shots that show no error.
        signal: share of all shots that follow the ideal distribution, if all others are uniform: linear cross-entropy
            benchmarking. It is above `success`, as some errors change nothing that is measured.
        right: the same among the shots that are kept.
    """

    success: float
    kept: float
    signal: float
    right: float


def quality(circuit: QuantumCircuit, target: Target, n: int, *, draws: int = DRAWS, seed: int = 0) -> Quality:
    """What to expect of the shots of a measured circuit.

    Args:
        circuit: in the processor's gates and on its qubits.
        target: the processor.
        n: number of indices there are.
        draws: circuits with errors that are followed through.
        seed: of the draws.

    Returns:
        The forecast; for a circuit too large to follow an error leaves any word as likely as any other, and where an
        error rate is unknown so is everything (NaN).
    """
    qubits = used_qubits([circuit])
    rates = np.array([error_rate(op, circuit, target) for op in circuit.data if op.name not in FREE])
    chance = float(np.exp(np.log1p(-rates).sum()))
    if math.isnan(chance) or not rates.any():
        return Quality(chance, chance, chance, chance)
    if len(qubits) > MOST_QUBITS or circuit.size() > MOST_GATES:
        registers = {register.name: register.size for register in circuit.cregs}
        clean = chance + (1 - chance) * n / float(1 << registers.get(ANCILLA, 0) + registers[INDEX])
        return Quality(chance, clean, chance, chance / clean)
    small, rng = onto(circuit, qubits), np.random.default_rng(seed)
    erring = np.append(np.zeros((rates.size, 1), dtype=bool), _erring(rates, draws, rng), axis=1)  # the first is ideal
    words = _words(small, *_with_errors(small, erring, rng), n)
    ideal, wrong = words[0].sum(axis=0), words[1:].mean(axis=0)  # (ancillas not clean or clean, index)
    clean = chance + (1 - chance) * float(wrong[1].sum())
    signal = chance + (1 - chance) * _follows(ideal, wrong.sum(axis=0))
    right = (chance + (1 - chance) * float(wrong[1].sum()) * _follows(ideal, wrong[1])) / clean
    return Quality(chance, clean, signal, right)


def _follows(ideal: NDArray[np.float64], measured: NDArray[np.float64]) -> float:
    """The share of a distribution that follows the ideal one, if the rest is uniform; 0 where that is uniform too."""
    total, n = measured.sum(), ideal.size
    most = float(ideal @ ideal) - 1 / n
    if total <= 0 or most < 1e-6:
        return 0.0
    return min(max((float(ideal @ measured) / float(total) - 1 / n) / most, 0.0), 1.0)


def _erring(rates: NDArray[np.float64], draws: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(places, draws): which gates err, at least one in each draw."""
    before = np.concatenate([[0.0], np.cumsum(np.log1p(-rates))[:-1]])
    first = rates * np.exp(before)
    chosen = rng.choice(rates.size, size=draws, p=first / first.sum())
    erring = rng.random((rates.size, draws)) < rates[:, None]
    places = np.arange(rates.size)[:, None]
    return np.asarray((places == chosen) | (erring & (places > chosen)))


def _with_errors(
    circuit: QuantumCircuit, erring: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[States, NDArray[np.int64]]:
    """The states (2, .., 2, draws) before measurement, qubit 0 last but one, and the classical bits read wrongly."""
    width, draws = circuit.num_qubits, erring.shape[1]
    states = np.zeros((1 << width, draws), dtype=np.complex128)
    states[0] = 1
    states = states.reshape((2,) * width + (draws,))
    flips = np.zeros(draws, dtype=np.int64)
    for place, op in enumerate(op for op in circuit.data if op.name not in FREE):
        qubits = [circuit.find_bit(qubit).index for qubit in op.qubits]
        if op.name == "measure":
            flips ^= erring[place].astype(np.int64) << circuit.find_bit(op.clbits[0]).index
            continue
        states = _applied(states, op.operation.to_matrix(), qubits)
        for draw in np.flatnonzero(erring[place]):
            pauli = int(rng.integers(1, 4 ** len(qubits)))
            for i, qubit in enumerate(qubits):
                _pauli(states, width - 1 - qubit, int(draw), pauli >> 2 * i & 3)
    return states, flips


def _applied(states: States, matrix: States, qubits: list[int]) -> States:
    """The states after a gate; qubit q is axis width - 1 - q, and the first qubit of a gate its lowest bit."""
    width = states.ndim - 1
    axes = [width - 1 - qubit for qubit in reversed(qubits)]
    gate = np.asarray(matrix).reshape((2,) * (2 * len(axes)))
    moved = np.tensordot(gate, states, axes=(range(len(axes), 2 * len(axes)), axes))
    return np.ascontiguousarray(np.moveaxis(moved, range(len(axes)), axes))


def _pauli(states: States, axis: int, draw: int, kind: int) -> None:
    """Bit 0 of `kind` is an X, bit 1 a Z (in place, phases aside) on one axis of one draw."""
    view = np.moveaxis(states[..., draw], axis, 0)
    if kind & 1:
        view[:] = view[::-1].copy()
    if kind & 2:
        view[1] *= -1


def _words(circuit: QuantumCircuit, states: States, flips: NDArray[np.int64], n: int) -> NDArray[np.float64]:
    """(draws, 2, n): the probability of each index, with ancillas that are not clean and with clean ones."""
    weights = (np.abs(states) ** 2).reshape(1 << circuit.num_qubits, -1)
    u = np.arange(len(weights))
    word = np.zeros_like(u)
    for op in circuit.data:
        if op.name == "measure":
            word |= (u >> circuit.find_bit(op.qubits[0]).index & 1) << circuit.find_bit(op.clbits[0]).index
    places = {register.name: [circuit.find_bit(bit).index for bit in register] for register in circuit.cregs}
    read = word[:, None] ^ flips
    ancilla, index = (
        sum(((read >> place & 1) << i for i, place in enumerate(places.get(name, []))), np.zeros_like(read))
        for name in (ANCILLA, INDEX)
    )
    found = np.zeros((weights.shape[1], 2, 1 << len(places[INDEX])))
    draw = np.broadcast_to(np.arange(weights.shape[1]), read.shape)
    np.add.at(found, (draw, (ancilla == 0).astype(np.int64), index), weights)
    return found[:, :, :n]
