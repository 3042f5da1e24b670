"""A state as branches: gates, measurements and memory, against dense linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

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
