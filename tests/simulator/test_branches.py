"""A state as branches: gates, measurements and memory, against dense linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit
from qiskit.quantum_info import Operator, Pauli, Statevector, random_unitary
from scipy.stats import chisquare

from qattn.simulator import statevector
from qattn.simulator.branches import Branches, Gates, TooManyBranches
from qattn.synthesis.flatten import flatten


def test_an_ancilla_in_superposition_costs_no_branches() -> None:
    """Phases kicked onto 100 qubits in superposition: 16 branches, not 2^104."""
    circuit = QuantumCircuit(104)
    circuit.h(range(4))
    for q in range(4):
        circuit.cz(q, (q + 1) % 4)
    for q in range(4, 104):
        circuit.h(q)
        circuit.cp(0.1 * q, q % 4, q)
        circuit.h(q)
        circuit.cx((q + 1) % 4, q)
        circuit.cx((q + 1) % 4, q)
        circuit.h(q)
        circuit.cp(-0.1 * q, q % 4, q)
        circuit.h(q)
    state, gates = Branches.zero(104), Gates.of(flatten(circuit))
    assert state.run(gates, 0, len(gates.program)) == len(gates.program)
    state.write_out()
    assert state.count == 16
    assert not state.arrays.planes[4:].any()
    assert np.allclose(np.abs(state.arrays.amps[:16]), 0.25)


def test_memory_limit_names_the_branches() -> None:
    circuit = QuantumCircuit(40)
    circuit.h(range(40))
    for q in range(39):
        circuit.ccx(q, q + 1, (q + 2) % 40)
    state, gates = Branches.zero(40, memory=2.0**20), Gates.of(flatten(circuit))
    with pytest.raises(TooManyBranches, match=r"the state has \d+ branches .* of 40 qubits"):
        state.run(gates, 0, len(gates.program))
    with pytest.raises(TooManyBranches):
        statevector(QuantumCircuit(60))


def prepared(circuit: QuantumCircuit) -> Branches:
    state, gates = Branches.zero(circuit.num_qubits), Gates.of(flatten(circuit))
    assert state.run(gates, 0, len(gates.program)) == len(gates.program)
    return state


def entangled(qubits: int = 4) -> QuantumCircuit:
    """No qubit is in a state of its own, one is held, and amplitudes differ."""
    circuit = QuantumCircuit(qubits)
    for q in range(qubits):
        circuit.ry(0.3 + q, q)
    for q in range(qubits - 1):
        circuit.cx(q, q + 1)
        circuit.cp(0.4 * q + 0.2, q, q + 1)
    circuit.h(qubits - 1)
    return circuit


def test_the_start_is_one_branch_of_amplitude_one() -> None:
    state = Branches.zero(3)
    assert state.count == 1
    assert state.dense().tolist() == [1, *[0] * 7]
    assert not state.bits(2).any()
    assert state.chance(1) == 0.0


@pytest.mark.parametrize("q", range(4))
@pytest.mark.parametrize("outcome", [0, 1])
def test_a_measured_qubit_leaves_the_projected_state(q: int, outcome: int) -> None:
    vector = Statevector(entangled()).data
    kept = np.where(np.arange(16) >> q & 1 == outcome, vector, 0)
    state = prepared(entangled())
    assert state.chance(q) == pytest.approx(np.linalg.norm(vector[np.arange(16) >> q & 1 == 1]) ** 2)
    copy = state.copy()
    state.project(q, bool(outcome))
    assert np.allclose(state.dense(), kept / np.linalg.norm(kept), atol=1e-12)
    assert state.chance(q) == float(outcome), "certain now, to the last bit"
    assert np.allclose(copy.dense(), vector, atol=1e-12), "a copy is another state"


@pytest.mark.parametrize("kind", ["X", "Y", "Z"])
@pytest.mark.parametrize("q", range(4))
def test_paulis_on_held_qubits_and_others(q: int, kind: str) -> None:
    state = prepared(entangled())
    state.pauli(q, kind)
    overlap = np.vdot(Statevector(entangled()).evolve(Pauli(kind), [q]).data, state.dense())
    assert abs(overlap) == pytest.approx(1)


@pytest.mark.parametrize("qubits", [[0], [3, 1], [2, 0, 3], [1, 2, 3, 0]])
def test_any_matrix_on_any_qubits(qubits: list[int]) -> None:
    matrix = random_unitary(2 ** len(qubits), seed=len(qubits)).data
    state = prepared(entangled())
    state.matrix(qubits, matrix)
    expected = Statevector(entangled()).evolve(Operator(matrix), qubits).data
    assert np.allclose(state.dense(), expected, atol=1e-12)
    state.matrix(qubits, matrix.conj().T)
    assert np.allclose(state.dense(), Statevector(entangled()).data, atol=1e-12)


def test_samples_follow_the_state_and_leave_it_alone() -> None:
    state = prepared(entangled())
    before = state.copy().dense()
    drawn = state.sample([2, 0, 2], 8000, np.random.default_rng(0))
    assert np.array_equal(drawn[:, 0], drawn[:, 2]), "one qubit has one outcome in a shot"
    counts = np.bincount(drawn[:, 0] + 2 * drawn[:, 1], minlength=4)
    chances = Statevector(entangled()).probabilities([2, 0])
    assert chisquare(counts, 8000 * chances).pvalue > 1e-3
    assert chisquare(counts, 8000 * Statevector(entangled()).probabilities([0, 2])).pvalue < 1e-3, "null: swapped"
    assert np.array_equal(state.dense(), before)
    assert state.sample([], 3, np.random.default_rng(0)).shape == (3, 0)
    assert state.sample([0], 0, np.random.default_rng(0)).shape == (0, 1)
