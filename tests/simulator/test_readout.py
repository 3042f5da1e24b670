"""Compiled readout: chances and projections, groups and orders of branches."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qattn.simulator import readout
from qattn.simulator.branches import Branches, Gates
from qattn.simulator.layout import COUNT
from qattn.synthesis.flatten import flatten


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("outcome", [0, 1])
def test_chance_and_projection_are_those_of_the_state_vector(held: bool, outcome: int) -> None:
    circuit = QuantumCircuit(3)
    circuit.ry(0.7, 0)
    circuit.ry(1.1, 1)
    if not held:
        circuit.cx(1, 0)
        circuit.ch(0, 2)
    gates, state = Gates.of(flatten(circuit)), Branches.zero(3)
    state.run(gates, 0, len(gates.program))
    assert bool(state.arrays.held[0] >= 0) == held
    vector = Statevector(circuit)
    one = float(vector.probabilities([0])[1])
    assert abs(readout.chance(state.arrays, 0) - one) < 1e-12
    readout.project(state.arrays, 0, outcome)
    kept = np.where(np.arange(8) & 1 == outcome, vector.data, 0)
    assert np.abs(state.dense() - kept / np.linalg.norm(kept)).max() < 1e-12


def uniform(qubits: int) -> Branches:
    """All basis states as branches of their own."""
    circuit = QuantumCircuit(qubits)
    circuit.h(range(qubits))
    gates, state = Gates.of(flatten(circuit)), Branches.zero(qubits)
    state.run(gates, 0, len(gates.program))
    state.write_out()
    return state


def test_partition_groups_branches_that_differ_on_the_targets_only() -> None:
    state = uniform(7)
    assert state.count == 128
    codes = sum(state.bits(q).astype(int) << q for q in range(7))
    for targets in ([], [3], [0, 6], list(range(7))):
        ids, first = np.empty(128, np.int64), np.empty(128, np.int64)
        groups = readout.partition(state.arrays, np.array(targets, dtype=np.int64), ids, first)
        rest = codes & ~sum(1 << q for q in targets)
        assert groups == len(set(rest.tolist())) == 2 ** (7 - len(targets))
        assert len({*zip(rest.tolist(), ids.tolist(), strict=True)}) == groups, "a group per value of the other qubits"
        assert np.array_equal(rest[first[ids]], rest)


def test_reorder_gives_each_place_the_branch_asked_for() -> None:
    state = uniform(7)
    codes = sum(state.bits(q).astype(int) << q for q in range(7))
    for index in (np.arange(128)[::-1], np.array([5]), np.array([3, 3, 99] * 40)):
        other = state.copy()
        readout.reorder(other.arrays, index.astype(np.int64))
        assert int(other.arrays.info[COUNT]) == index.size
        assert np.array_equal(sum(other.bits(q).astype(int) << q for q in range(7)), codes[index])
