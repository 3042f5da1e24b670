"""Amplitudes against Qiskit's Statevector, to 1e-12."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit import Gate, QuantumCircuit, library
from qiskit.circuit.random import random_circuit
from qiskit.quantum_info import Statevector, random_unitary

from qattn.search.grover import diffusion, uniform
from qattn.simulator import sampler, statevector
from qattn.synthesis.flatten import flatten
from qattn.synthesis.program import Unsupported

TOLERANCE = 1e-12


def error(circuit: QuantumCircuit) -> float:
    return float(np.abs(statevector(circuit) - Statevector(circuit).data).max())


def library_circuit(seed: int) -> QuantumCircuit:
    """Random gates of Qiskit's whole library on 1 to 8 qubits."""
    return random_circuit(1 + seed % 8, 4 + seed % 13, max_operands=4, seed=seed)


def mixed_circuit(rng: np.random.Generator, qubits: int, gates: int) -> QuantumCircuit:
    """Superpositions made and unmade between reversible gates, as arithmetic on superpositions does."""
    circuit = QuantumCircuit(qubits)
    for _ in range(gates):
        q = [int(x) for x in rng.permutation(qubits)]
        angle = float(rng.choice([math.pi / 2, math.pi, rng.normal()]))
        kind, k = int(rng.integers(14)), int(rng.integers(1, qubits))
        if kind < 4:
            circuit.h(q[0])
        elif kind == 4:
            circuit.mcx(q[:k], q[k], ctrl_state=int(rng.integers(2**k)))
        elif kind == 5:
            circuit.swap(q[0], q[1])
        elif kind == 6 and qubits > 2:
            circuit.cswap(*q[:3], ctrl_state=int(rng.integers(2)))
        elif kind == 7:
            circuit.mcp(angle, q[:k], q[k])
        elif kind == 8:
            circuit.append(library.RYGate(angle).control(k, ctrl_state=int(rng.integers(2**k))), q[: k + 1])
        elif kind == 9:
            circuit.append(library.UnitaryGate(random_unitary(4, seed=rng)), q[:2])
        elif kind == 10:
            circuit.append(library.UnitaryGate(random_unitary(2, seed=rng)).control(1), q[:2])
        elif kind == 11:
            circuit.rzz(angle, q[0], q[1])
        elif kind == 12:
            circuit.crz(angle, q[0], q[1])
        else:
            circuit.cx(q[0], q[1])
    return circuit


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_two_hundred_random_circuits_of_the_library(start: int) -> None:
    assert max(error(library_circuit(seed)) for seed in range(start, start + 25)) < TOLERANCE


@given(seed=st.integers(0, 2**32 - 1), qubits=st.integers(2, 8), gates=st.integers(1, 80))
@settings(max_examples=60, deadline=None)
def test_circuits_that_make_and_merge_superpositions(seed: int, qubits: int, gates: int) -> None:
    assert error(mixed_circuit(np.random.default_rng(seed), qubits, gates)) < TOLERANCE


def test_more_than_a_word_of_branches_and_more_qubits_than_one() -> None:
    for seed in range(4):
        assert error(mixed_circuit(np.random.default_rng(seed), 11, 120)) < TOLERANCE


def test_a_circuit_and_its_inverse_leave_one_branch() -> None:
    circuit = mixed_circuit(np.random.default_rng(3), 8, 150)
    there_and_back = circuit.compose(circuit.inverse())
    assert abs(abs(statevector(there_and_back)[0]) - 1) < TOLERANCE


def test_null_a_dropped_gate_shows() -> None:
    """The comparison fails where a gate is missing; only gates that do nothing to this state may go unseen."""
    rng, seen, tried = np.random.default_rng(0), 0, 0
    for seed in range(40):
        circuit = library_circuit(seed)
        program = flatten(circuit)
        drop = int(rng.integers(len(program)))
        keep = np.arange(len(program)) != drop
        broken = replace(program, ops=program.ops[keep], helper=program.helper[keep])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sampler, "flatten", lambda _, broken=broken: broken)
            seen += error(circuit) > TOLERANCE
        tried += 1
    assert seen > 0.5 * tried


def test_null_a_wrong_matrix_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit = QuantumCircuit(3)
    circuit.h([0, 1, 2])
    circuit.ccx(0, 1, 2)
    circuit.h(0)
    assert error(circuit) < TOLERANCE
    program = flatten(circuit)
    program.matrices[0] += 1e-9
    monkeypatch.setattr(sampler, "flatten", lambda _: program)
    assert error(circuit) > TOLERANCE


class Custom(Gate):
    """A gate with a definition only."""

    def __init__(self) -> None:
        super().__init__("custom", 2, [])

    def _define(self) -> None:
        self.definition = QuantumCircuit(2, global_phase=0.3)
        self.definition.h(0)
        self.definition.cp(0.7, 0, 1)
        self.definition.cx(0, 1)


class Bare(Gate):
    """A gate with a matrix only."""

    def __init__(self) -> None:
        super().__init__("bare", 3, [])

    def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
        return random_unitary(8, seed=1).data


SPECIAL = {
    "definition": Custom(),
    "controlled definition": Custom().control(2, ctrl_state=1),
    "matrix": Bare(),
    "unitary": library.UnitaryGate(random_unitary(16, seed=2)),
    "diagonal": library.DiagonalGate(np.exp(1j * np.arange(8))),
    "diagonal of two": library.DiagonalGate([1, 1j]),
    "cu": library.CUGate(0.1, 0.2, 0.3, 0.4),
    "cu3": library.CU3Gate(0.1, 0.2, 0.3),
    "multi swap": library.SwapGate().control(2, ctrl_state=2),
    "c3sx": library.C3SXGate(),
    "ms": library.MSGate(3, 0.4),
    "permutation": library.PermutationGate([2, 0, 1]),
    "qft": library.QFTGate(3),
    "isometry": library.StatePreparation([0.6, 0, 0, 0.8j]),
    "global phase": library.GlobalPhaseGate(0.4),
    "open controls": library.MCXGate(3, ctrl_state=2),
    "mcphase": library.MCPhaseGate(0.3, 3),
    "multi ry": library.RYGate(0.3).control(3, ctrl_state=5),
    "rv": library.RVGate(0.1, 0.2, 0.3),
    "annotated": library.RXGate(0.4).control(2, annotated=True),
    "mcmt": library.MCMTGate(library.HGate(), 2, 2),
    "inverse": library.RYGate(0.3).control(2).inverse(),
    "swap power": library.SwapGate().power(0.5),
}


@pytest.mark.parametrize("name", SPECIAL)
def test_any_gate_with_a_definition_or_a_matrix(name: str) -> None:
    circuit = mixed_circuit(np.random.default_rng(1), 4, 12)
    circuit.append(SPECIAL[name], list(range(4))[: SPECIAL[name].num_qubits][::-1])
    circuit.h(0)
    circuit.compose(mixed_circuit(np.random.default_rng(2), 4, 12), inplace=True)
    assert error(circuit) < TOLERANCE


def test_initialize_resets_what_is_known() -> None:
    circuit = QuantumCircuit(2)
    circuit.x(0)
    circuit.initialize([0.6, 0.8j], 1)
    assert np.allclose(statevector(circuit), [0, 0.6, 0, 0.8j], atol=1e-12)


@pytest.mark.parametrize("n", [2, 3, 13, 64, 1000])
def test_uniform_states_and_reflections(n: int) -> None:
    """A reflection about the state it is applied to does nothing: n branches merge to one and return."""
    circuit = uniform(n)
    circuit.compose(diffusion(n), circuit.qubits, inplace=True)
    vector = np.zeros(2**circuit.num_qubits)
    vector[:n] = n**-0.5
    assert np.abs(statevector(circuit) - vector).max() < TOLERANCE


def test_what_has_no_state_vector_is_an_error() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.h(0)
    circuit.measure(0, 0)
    with pytest.raises(ValueError, match="measurements"):
        statevector(circuit)
    circuit = QuantumCircuit(1)
    circuit.append(Gate("mystery", 1, []), [0])
    with pytest.raises(Unsupported, match="mystery"):
        statevector(circuit)
