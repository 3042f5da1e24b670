from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit.library import MCXGate
from qiskit.quantum_info import Operator

from qattn.synthesis.reversible import execute


def on_index(size: int, *others: QuantumRegister) -> QuantumCircuit:
    return QuantumCircuit(QuantumRegister(size, "index"), *others)


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
