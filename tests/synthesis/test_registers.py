"""Registers and the small gates on them, on every basis input."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister
from qiskit.quantum_info import Operator

from qattn.synthesis.registers import bit_matrix, index_bits, multi_controlled_x, multi_controlled_z, register


def test_index_bits() -> None:
    assert [index_bits(n) for n in (1, 2, 3, 4, 5, 16, 17)] == [1, 1, 2, 2, 3, 4, 5]


@pytest.mark.parametrize("width", [1, 3, 8, 9, 64])
def test_bits_of_words_are_twos_complement_lowest_first(width: int) -> None:
    words = np.array([[0, 1], [-1, 5], [2**40 + 3, -(2**62)]])
    expected = [[bool(int(w) >> b & 1) for w in row for b in range(width)] for row in words]
    assert bit_matrix(words, width).tolist() == expected
    assert bit_matrix(words[:, 0], width).tolist() == [row[:width] for row in expected]


@pytest.mark.parametrize("controls", range(5))
def test_x_with_any_number_of_controls_is_the_gate_of_that_many(controls: int) -> None:
    circuit = QuantumCircuit(controls + 1)
    multi_controlled_x(circuit, circuit.qubits[:-1], circuit.qubits[-1])
    assert [i.name for i in circuit.data] == [["x", "cx", "ccx", "mcx", "mcx"][controls]]
    matrix, full, size = Operator(circuit).data, 2**controls - 1, 2 ** (controls + 1)
    flips = [j ^ (1 << controls) if j & full == full else j for j in range(size)]
    assert np.allclose(matrix, np.eye(size)[flips])


@pytest.mark.parametrize("count", range(1, 6))
def test_z_on_any_number_of_qubits_flips_one_sign(count: int) -> None:
    circuit = QuantumCircuit(count)
    multi_controlled_z(circuit, circuit.qubits[::-1])
    assert np.allclose(Operator(circuit).data, np.diag([*[1] * (2**count - 1), -1]))


def test_registers_by_name() -> None:
    circuit = QuantumCircuit(QuantumRegister(2, "a"), QuantumRegister(1, "b"))
    assert register(circuit, "b") == circuit.qregs[1]
    with pytest.raises(ValueError, match="no register 'c'; the circuit has a, b"):
        register(circuit, "c")
    with pytest.raises(ValueError, match="has none"):
        register(QuantumCircuit(), "a")
