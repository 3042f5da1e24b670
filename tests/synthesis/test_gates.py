"""Gate pairs whose undo may be measured, and their two renderings."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, IfElseOp, QuantumCircuit, QuantumRegister

from qattn.synthesis.gates import (
    And,
    Load,
    UndoAnd,
    Unload,
    append,
    assemble,
    measured,
    temporary_and,
    undo_and,
    unitary,
)
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


def test_pairs_are_inverses_of_each_other() -> None:
    assert isinstance(And().inverse(), UndoAnd)
    assert isinstance(UndoAnd().inverse(), And)
    load = Load(3, lambda: QuantumCircuit(3), lambda: QuantumCircuit(4))
    unload = load.inverse()
    assert isinstance(unload, Unload)
    assert isinstance(unload.inverse(), Load)
    assert (unload.forward, unload.unload) == (load.forward, load.unload)


def test_an_operation_by_name() -> None:
    circuit = QuantumCircuit(3)
    for name, qubits in (("x", [0]), ("cx", [0, 1]), ("and", [0, 1, 2]), ("undo", [0, 1, 2])):
        append(circuit, name, [circuit.qubits[q] for q in qubits])
    assert [i.name for i in circuit.data] == ["x", "cx", "temporary_and", "undo_and"]


def swapped_copy() -> QuantumCircuit:
    circuit = QuantumCircuit(3)
    circuit.cx(0, 1)
    circuit.cx(0, 2)
    return circuit


def unloading() -> QuantumCircuit:
    """The same taken back by measurement, with one clean qubit more."""
    circuit = QuantumCircuit(QuantumRegister(4), ClassicalRegister(2))
    for i in (0, 1):
        circuit.h(1 + i)
        circuit.measure(1 + i, i)
        block = QuantumCircuit(4)
        block.x(1 + i)
        block.cx(0, 3)
        block.z(3)
        block.cx(0, 3)
        circuit.append(IfElseOp((circuit.clbits[i], 1), block), range(4))
    return circuit


@pytest.mark.parametrize("seed", range(4))
def test_unloading_takes_fresh_bits_and_shares_clean_qubits(seed: int) -> None:
    circuit = on_index(1, QuantumRegister(2, "word"))
    load = Load(3, swapped_copy, unloading)
    for gate in (load, load.inverse(), load, load.inverse()):
        circuit.append(gate, circuit.qubits)
    assert unitary(circuit).count_ops() == {"cx": 8}
    made = measured(circuit)
    assert [(own.name, own.size) for own in made.qregs] == [("index", 1), ("word", 2), ("fix", 1)]
    assert [own.size for own in made.cregs] == [4], "two bits for each of two unloads"
    assert not execute(made, 2, seed=seed).check_clean("index").signs.any()


def test_a_circuit_without_pairs_is_the_same_in_both_renderings() -> None:
    circuit = swapped_copy()
    assert unitary(circuit) == circuit
    assert measured(circuit).count_ops() == circuit.count_ops()
    assert measured(circuit).num_clbits == 0


def test_a_circuit_is_assembled_from_its_parts() -> None:
    circuit = swapped_copy()
    assert assemble(circuit.data, circuit.qregs, name="copy") == circuit
    assert assemble([], []).num_qubits == 0
