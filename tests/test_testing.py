"""The checks themselves: a right circuit passes, every kind of wrong one fails and says where."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.synthesis.flatten import flatten
from qattn.testing import assert_maps, assert_same_gates, basis_index, statevector


def adder() -> QuantumCircuit:
    """|a, b> -> |a, a + b mod 4> on two bits each."""
    circuit = QuantumCircuit(QuantumRegister(2, "a"), QuantumRegister(2, "b"))
    circuit.ccx(0, 2, 3)
    circuit.cx(0, 2)
    circuit.cx(1, 3)
    return circuit


INPUTS = [{"a": a, "b": b} for a in range(4) for b in range(4)]
OUTPUTS = [{"a": a, "b": (a + b) % 4} for a in range(4) for b in range(4)]


def test_a_right_circuit_passes_on_all_inputs_on_some_and_on_none() -> None:
    assert_maps(adder(), INPUTS, OUTPUTS)
    assert_maps(adder(), INPUTS[3:4], OUTPUTS[3:4])
    signed = adder()
    signed.z(0)
    assert_maps(signed, INPUTS, OUTPUTS, phases=[(-1) ** i["a"] for i in INPUTS])


@pytest.mark.parametrize("kind", ["gate", "dirty", "sign", "small phase", "global phase", "output"])
def test_every_kind_of_wrong_circuit_fails(kind: str) -> None:
    circuit, outputs = adder(), list(OUTPUTS)
    if kind == "gate":
        circuit.cx(1, 3)
    elif kind == "dirty":
        circuit.add_register(QuantumRegister(1, "anc"))
        circuit.mcx([0, 1, 2, 3], 4)
    elif kind == "sign":
        circuit.mcp(np.pi, [0, 1, 2], 3)
    elif kind == "small phase":
        circuit.mcp(1e-4, [0, 1, 2], 3)
    elif kind == "global phase":
        circuit.global_phase = 1e-4
    else:
        outputs[5] = {"a": 0, "b": 0}
    with pytest.raises(AssertionError, match="should go to"):
        assert_maps(circuit, INPUTS, outputs)


def test_a_wrong_inverse_fails_and_may_be_left_out() -> None:
    class Wrong(QuantumCircuit):
        def inverse(self, annotated: bool = False) -> QuantumCircuit:
            return self.copy()

    circuit = Wrong(*adder().qregs)
    circuit.compose(adder(), inplace=True)
    assert_maps(circuit, INPUTS, OUTPUTS, inverse=False)
    with pytest.raises(AssertionError, match="should go to"):
        assert_maps(circuit, INPUTS, OUTPUTS)


def test_lists_of_different_length_and_unknown_registers_are_refused() -> None:
    with pytest.raises(ValueError, match="16 inputs but 15 outputs"):
        assert_maps(adder(), INPUTS, OUTPUTS[:-1])
    with pytest.raises(ValueError, match="no register 'c'; it has a, b"):
        basis_index(adder(), {"c": 1})


def test_positions_are_little_endian_and_negative_numbers_twos_complement() -> None:
    assert basis_index(adder(), {}) == 0
    assert basis_index(adder(), {"a": 1, "b": 2}) == 0b1001
    assert basis_index(adder(), {"b": -1}) == 0b1100


def test_the_state_vector_keeps_the_global_phase_with_and_without_a_start() -> None:
    circuit = QuantumCircuit(2, global_phase=0.7)
    circuit.h(0)
    assert np.allclose(statevector(circuit), np.exp(0.7j) * np.array([1, 1, 0, 0]) / np.sqrt(2))
    start = np.array([0, 0, 0, 1j])
    assert np.allclose(statevector(circuit, start), np.exp(0.7j) * 1j * np.array([0, 0, 1, -1]) / np.sqrt(2))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.cx(0, 1), "operations: 3 in one and 4"),
        (lambda c: c.add_register(QuantumRegister(1, "more")), "qubits: 4 in one and 5"),
        (lambda c: setattr(c, "global_phase", 0.1), "global phase"),
    ],
)
def test_programs_that_differ_are_told_apart(change, words: str) -> None:
    other = adder()
    assert_same_gates(flatten(adder()), flatten(other))
    change(other)
    with pytest.raises(AssertionError, match=words):
        assert_same_gates(flatten(adder()), flatten(other))


def test_angles_are_told_apart_and_whole_turns_of_the_global_phase_are_not() -> None:
    one, other = QuantumCircuit(1, global_phase=0.2), QuantumCircuit(1, global_phase=0.2 + 4 * np.pi)
    one.p(0.3, 0)
    other.p(0.3, 0)
    assert_same_gates(flatten(one), flatten(other))
    other.data[0] = other.data[0].replace(params=[0.30001])
    with pytest.raises(AssertionError, match=r"operation 0 is .*0\.3\b.* and .*0\.30001"):
        assert_same_gates(flatten(one), flatten(other))
