"""One walk over a circuit: what each instruction becomes, counted and in order."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import Gate, Parameter, QuantumCircuit, QuantumRegister, library

from qattn.synthesis.flatten import flatten, write_circuit
from qattn.synthesis.program import BRANCH, CCX, CX, JUMP, MATRIX, MCX, MEASURE, PHASE, Draft, Unsupported, X
from qattn.testing import assert_same_gates


def codes(circuit: QuantumCircuit) -> list[int]:
    return flatten(circuit).ops[:, 0].tolist()


def test_an_empty_circuit_is_an_empty_program() -> None:
    program = flatten(QuantumCircuit(QuantumRegister(2, "a"), QuantumRegister(0, "none")))
    assert (len(program), program.gates, program.qubits) == (0, 0, 2)
    assert program.registers == {"a": (0, 1), "none": ()}
    assert flatten(QuantumCircuit(0)).qubits == 0


def test_controls_on_0_are_flips_that_do_not_count() -> None:
    circuit = QuantumCircuit(4)
    circuit.append(library.MCXGate(3, ctrl_state=0b010), [3, 1, 0, 2])
    program = flatten(circuit)
    assert program.ops[:, 0].tolist() == [X, X, MCX, X, X]
    assert program.operands(2) == (3, 1, 0, 2)
    assert {program.operands(0), program.operands(1)} == {(3,), (0,)}
    assert program.gates == 1


def test_what_does_nothing_is_left_out() -> None:
    circuit = QuantumCircuit(2)
    circuit.barrier()
    circuit.id(0)
    circuit.delay(10, 1)
    circuit.cx(0, 1)
    assert codes(circuit) == [CX]


def test_definitions_are_written_out_with_their_global_phase() -> None:
    inner = QuantumCircuit(3, global_phase=0.25)
    inner.ccx(2, 0, 1)
    circuit = QuantumCircuit(4, global_phase=0.5)
    circuit.append(inner.to_gate(), [3, 0, 1])
    program = flatten(circuit)
    assert program.ops[:, 0].tolist() == [CCX]
    assert program.operands(0) == (1, 3, 0)
    assert program.phase == pytest.approx(0.75)


def test_parameters_stay_open_and_are_bound_later() -> None:
    a = Parameter("a")
    circuit = QuantumCircuit(2)
    circuit.cp(2 * a, 0, 1)
    circuit.ry(a, 0)
    circuit.rz(a, 1)
    program = flatten(circuit)
    assert program.ops[0, 0] == PHASE
    with pytest.raises(ValueError, match="no value for the parameter 'a'"):
        program.bind({})
    assert_same_gates(program.bind({a: 0.3}), flatten(circuit.assign_parameters({a: 0.3})))


def test_blocks_are_jumped_over_and_for_loops_written_out() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.x(0)
    with otherwise:
        circuit.h(0)
    program = flatten(circuit)
    assert program.ops[[0, 1, 3], 0].tolist() == [MEASURE, BRANCH, JUMP]
    assert program.ops[[1, 3], 3].tolist() == [4, 5], "to the other block, and beyond it"
    loop = QuantumCircuit(1)
    with loop.for_loop(range(3)):
        loop.x(0)
    assert codes(loop) == [X] * 3
    with loop.for_loop(()):
        loop.x(0)
    assert codes(loop) == [X] * 3, "a loop over nothing"


def test_a_while_loop_leads_back_to_its_condition() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.x(0)
    with circuit.while_loop((circuit.clbits[0], 0)):
        circuit.measure(0, 0)
    program = flatten(circuit)
    assert program.ops[:, 0].tolist() == [X, BRANCH, MEASURE, JUMP]
    assert program.ops[[1, 3], 3].tolist() == [4, 1]


def test_a_matrix_alone_is_kept_as_one_and_a_gate_with_neither_is_refused() -> None:
    circuit = QuantumCircuit(2)
    circuit.unitary(np.eye(4)[[0, 2, 1, 3]], [1, 0])
    program = flatten(circuit)
    assert program.ops[:, 0].tolist() == [MATRIX]
    assert program.operands(0) == (1, 0)
    circuit.append(Gate("mystery", 2, []), [0, 1])
    with pytest.raises(Unsupported, match="'mystery' has neither definition nor matrix"):
        flatten(circuit)


def test_a_circuit_is_written_onto_other_qubits() -> None:
    part = QuantumCircuit(2, global_phase=0.1)
    part.cx(0, 1)
    part.h(1)
    draft = Draft()
    write_circuit(draft, part, [3, 1])
    write_circuit(draft, part, [0, 2])
    whole = QuantumCircuit(4)
    whole.compose(part, [3, 1], inplace=True)
    whole.compose(part, [0, 2], inplace=True)
    assert_same_gates(draft.done(4, 0, {"q": (0, 1, 2, 3)}), flatten(whole))
