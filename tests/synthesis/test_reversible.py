from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, IfElseOp, QuantumCircuit, QuantumRegister
from qiskit.circuit.library import MCXGate
from qiskit.quantum_info import Operator

from qattn.synthesis.execution import pack, unpack
from qattn.synthesis.gates import measured, temporary_and, undo_and, unitary
from qattn.synthesis.reversible import DirtyAncillaError, execute


def on_index(size: int, *others: QuantumRegister) -> QuantumCircuit:
    return QuantumCircuit(QuantumRegister(size, "index"), *others)


@pytest.mark.parametrize("n", [1, 63, 64, 65, 200])
def test_packing_round_trip(n: int) -> None:
    bits = np.random.default_rng(n).integers(2, size=n).astype(bool)
    assert np.array_equal(unpack(pack(bits), n), bits)


@pytest.mark.parametrize("seed", range(6))
def test_random_circuits_agree_with_their_unitaries(seed: int) -> None:
    """Permutation and phase of every basis state, controls on 0 and nested definitions included."""
    rng, m = np.random.default_rng(seed), 5
    circuit = on_index(m)
    for _ in range(40):
        q = [int(x) for x in rng.permutation(m)]
        kind = rng.integers(10)
        if kind == 0:
            circuit.x(q[0])
        elif kind == 1:
            circuit.cx(q[0], q[1], ctrl_state=int(rng.integers(2)))
        elif kind == 2:
            circuit.append(MCXGate(3, ctrl_state=int(rng.integers(8))), q[:4])
        elif kind == 3:
            circuit.cswap(*q[:3], ctrl_state=int(rng.integers(2)))
        elif kind == 4:
            circuit.ccz(*q[:3])
        elif kind == 5:
            circuit.swap(*q[:2])
        elif kind == 6:
            circuit.cp(2 * np.pi * int(rng.integers(16)) / 16, *q[:2])
        elif kind == 7:
            inner = QuantumCircuit(2)
            inner.s(0)
            inner.cz(0, 1)
            inner.cx(1, 0)
            circuit.append(inner.to_instruction(), q[:2])
        elif kind == 8:
            circuit.mcx(q[:4], q[4])
        else:
            circuit.t(q[0])
    run, matrix = execute(circuit, 2**m), Operator(circuit).data
    images = run.values("index")
    assert np.allclose(matrix[images, np.arange(2**m)], np.exp(2j * np.pi * run.turns / 2**40))


def test_dirty_ancilla_names_qubit_and_input() -> None:
    circuit = on_index(3, QuantumRegister(2, "anc"))
    circuit.ccx(0, 2, 4)
    with pytest.raises(DirtyAncillaError, match=r"anc\[1\].*input 5"):
        execute(circuit, 8).check_clean("index")
    assert execute(circuit, 5).check_clean("index").n == 5


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


@pytest.mark.parametrize(
    "which", ["measure index", "measure copy", "control", "loose H", "angle", "free", "rx", "merge"]
)
def test_what_the_model_cannot_hold_is_an_error(which: str) -> None:
    from qiskit.circuit import Parameter

    circuit = on_index(2, QuantumRegister(1, "anc"), ClassicalRegister(1, "m"))
    if which == "measure index":
        circuit.measure(0, 0)
    elif which == "measure copy":
        circuit.cx(0, 2)
        circuit.measure(2, 0)
    elif which == "control":
        circuit.h(2)
        circuit.ccx(0, 2, 1)
    elif which == "loose H":
        circuit.h(2)
    elif which == "angle":
        circuit.p(0.1234567, 0)
    elif which == "free":
        circuit.p(Parameter("a"), 0)
    elif which == "rx":
        circuit.rx(0.5, 0)
    else:
        circuit.h(0)
        circuit.measure(0, 0)
    with pytest.raises(ValueError):
        execute(circuit, 4)


def test_fourier_qubits_hold_an_integer_phase_per_input() -> None:
    """A two-bit Draper addition of 3 j, decoded by the inverse transform."""
    circuit = on_index(2, QuantumRegister(4, "score"))
    score = circuit.qregs[1]
    for r in range(4):
        circuit.h(score[r])
        for b in range(2):
            circuit.cp(2 * np.pi * 3 * 2**b / 2 ** (r + 1), b, score[r])
    for r in range(4):
        for s in range(r):
            circuit.cp(-np.pi / 2 ** (r - s), score[s], score[r])
        circuit.h(score[r])
    assert execute(circuit, 4).values("score").tolist() == [0, 3, 6, 9]
    circuit.compose(circuit.inverse(), inplace=True)
    assert not execute(circuit, 4).check_clean("index").signs.any()


def test_unitary_rendering_has_only_toffolis() -> None:
    circuit = on_index(2, QuantumRegister(1, "anc"))
    temporary_and(circuit, *circuit.qubits)
    undo_and(circuit, *circuit.qubits)
    assert unitary(circuit).count_ops() == {"ccx": 2}
