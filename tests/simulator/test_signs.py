"""The signs of a circuit on its index register, and circuits that give none."""

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.simulator.signs import NotDiagonalError, index_signs
from qattn.synthesis.execution import DirtyAncillaError


def circuit() -> tuple[QuantumCircuit, QuantumRegister, QuantumRegister]:
    index, spare = QuantumRegister(3, "index"), QuantumRegister(1, "spare")
    return QuantumCircuit(index, spare), index, spare


def test_signs_of_a_phase_by_way_of_an_ancilla():
    made, index, spare = circuit()
    made.ccx(index[0], index[2], spare[0])
    made.z(spare[0])
    made.ccx(index[0], index[2], spare[0])
    assert np.flatnonzero(index_signs(made, 8)).tolist() == [5, 7]
    assert index_signs(made, 5).tolist() == [False] * 5


def test_what_is_no_sign_is_named():
    dirty, index, spare = circuit()
    dirty.cx(index[1], spare[0])
    with pytest.raises(DirtyAncillaError):
        index_signs(dirty, 8)
    assert not index_signs(dirty, 2).any(), "no index below 2 has that bit"
    moved, index, _ = circuit()
    moved.x(index[0])
    with pytest.raises(NotDiagonalError):
        index_signs(moved, 8)
    turned, index, _ = circuit()
    turned.s(index[0])
    with pytest.raises(NotDiagonalError):
        index_signs(turned, 8)
