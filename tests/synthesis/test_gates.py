"""Gate pairs whose undo may be measured, and their two renderings."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, IfElseOp, QuantumCircuit, QuantumRegister

from qattn.synthesis.gates import measured, temporary_and, undo_and, unitary
from qattn.synthesis.reversible import execute


def on_index(size: int, *others: QuantumRegister) -> QuantumCircuit:
    return QuantumCircuit(QuantumRegister(size, "index"), *others)


@pytest.mark.parametrize("seed", range(8))
def test_measured_undo_is_exact_and_a_wrong_fix_up_is_caught(seed: int) -> None:
    circuit = on_index(2, QuantumRegister(1, "anc"))
    temporary_and(circuit, *circuit.qubits)
    undo_and(circuit, *circuit.qubits)
    right = measured(circuit)
    assert not any(instruction.name == "undo_and" for instruction in right.data)
    assert not execute(right, 4, seed=seed).check_clean("index").signs.any()
    wrong = on_index(2, QuantumRegister(1, "anc"))
    wrong.add_register(outcome := ClassicalRegister(1, "m"))
    temporary_and(wrong, *wrong.qubits)
    wrong.h(2)
    wrong.measure(2, 0)
    body = QuantumCircuit(3)
    body.x(2)
    wrong.append(IfElseOp((outcome[0], 1), body), [0, 1, 2])
    run = execute(wrong, 4, seed=seed).check_clean("index")
    assert np.array_equal(run.signs, [False, False, False, run.outcomes[0]])


def test_outcomes_are_random_and_seeded() -> None:
    circuit = on_index(6, QuantumRegister(40, "anc"))
    for qubit in circuit.qubits[6:]:
        temporary_and(circuit, circuit.qubits[0], circuit.qubits[1], qubit)
        undo_and(circuit, circuit.qubits[0], circuit.qubits[1], qubit)
    flips = measured(circuit)
    assert execute(flips, 64, seed=1).outcomes == execute(flips, 64, seed=1).outcomes
    assert 5 < sum(execute(flips, 64, seed=1).outcomes) < 35
    assert execute(flips, 64, seed=1).outcomes != execute(flips, 64, seed=2).outcomes


def test_unitary_rendering_has_only_toffolis() -> None:
    circuit = on_index(2, QuantumRegister(1, "anc"))
    temporary_and(circuit, *circuit.qubits)
    undo_and(circuit, *circuit.qubits)
    assert unitary(circuit).count_ops() == {"ccx": 2}
