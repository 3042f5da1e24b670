"""What any oracle with a circuit gets for nothing: the defaults of `CircuitOracle`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister
from qiskit.quantum_info import Operator

from qattn import find_all
from qattn.oracles.base import CircuitOracle, with_circuit
from qattn.search.protocols import MarkedSet


@dataclass(frozen=True)
class Odd(CircuitOracle):
    """Marks odd indices of 0..7: a Z on the lowest bit, by way of an ancilla."""

    n: int = 8
    tau: float = 1.0
    exact: bool = True

    @cached_property
    def marked_set(self) -> np.ndarray:
        return np.flatnonzero(self.marks(np.arange(self.n)))

    def marks(self, js) -> np.ndarray:
        return self.score(js) >= self.tau

    def score(self, js) -> np.ndarray:
        return np.asarray(js) % 2.0

    def at(self, tau: float) -> Odd:
        return replace(self, tau=tau)

    @property
    def circuit(self) -> QuantumCircuit:
        circuit = QuantumCircuit(QuantumRegister(3, "index"), QuantumRegister(1, "anc"))
        circuit.cx(0, 3)
        circuit.z(3)
        circuit.cx(0, 3)
        return circuit


def test_its_members_are_all_it_takes() -> None:
    own = Odd()
    assert own.qubits == 4
    assert own.values == []
    assert own.template()[1] == []
    assert own.fingerprint == (8, 1.0)
    assert own.label == "Odd"
    assert own.family == own
    assert own.pairs(5) == [(0, 5)]
    assert own.evaluations == 0
    assert not own.empty
    found = find_all(own, seed=1, delta=1e-6)
    assert found.indices.tolist() == [1, 3, 5, 7]


@pytest.mark.parametrize("excluded", [(), (1,), (3, 5, 7), (1, 3, 5, 7)])
def test_excluded_indices_get_their_sign_back_in_the_compact_circuit(excluded: tuple[int, ...]) -> None:
    signs = np.diag(Operator(Odd().compact(excluded)).data)[:8]
    expected = [-1 if j % 2 and j not in excluded else 1 for j in range(8)]
    assert np.allclose(signs / signs[0], expected)


def test_a_search_on_circuits_asks_for_one() -> None:
    own = Odd()
    assert with_circuit(own) is own
    with pytest.raises(ValueError, match="MarkedSet has no circuit"):
        with_circuit(MarkedSet(8, np.array([1])))


def test_without_a_circuit_it_is_not_one() -> None:
    class Lacks(Odd):
        circuit = CircuitOracle.circuit

    with pytest.raises(TypeError, match="abstract"):
        Lacks()
