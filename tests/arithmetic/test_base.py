"""An inner product of one's own needs `compute` and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn import ThresholdOracle
from qattn.arithmetic import Comparison, InnerProduct
from qattn.arithmetic.carry_save import CarrySave
from qattn.arithmetic.comparison import key_bits
from qattn.lookups import Lookup, get
from qattn.lookups.base import load_all
from qattn.oracles.block import BlockOracle
from qattn.oracles.design import Form
from qattn.synthesis.cost import count
from qattn.synthesis.registers import multi_controlled_x, register


@dataclass(frozen=True)
class ByTable(InnerProduct):
    """Flips the answer on every value of the key that scores enough: exponential in the key's bits, and obvious."""

    layouts = ("parallel",)

    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        circuit = load_all(lookup, key_bits(what.X, what.bits))
        circuit.add_register(QuantumRegister(1, "score"))
        key, score = register(circuit, "key"), register(circuit, "score")
        half, size = 1 << (what.bits - 1), 1 << what.bits
        for value in range(1 << len(key)):
            x = [(value >> (c * what.bits)) % size - half for c in range(len(what.A))]
            if np.dot(x, what.A) >= what.T:
                zeros = [qubit for b, qubit in enumerate(key) if not value >> b & 1]
                for qubit in zeros:
                    circuit.x(qubit)
                multi_controlled_x(circuit, list(key), score[0])
                for qubit in zeros:
                    circuit.x(qubit)
        return circuit


@pytest.mark.parametrize("lookup", ["table", "unary", "select_swap"])
def test_one_of_ones_own(lookup: str) -> None:
    rng = np.random.default_rng(0)
    K, q = rng.integers(-2, 2, (7, 2)), np.array([1, -2])
    for tau in np.unique(K @ q).tolist():
        oracle = ThresholdOracle.from_row(q, K, tau, bits=2, lookup=lookup, arithmetic=ByTable(), key_layout="parallel")
        assert np.array_equal(oracle.marked(), K @ q >= tau)
        assert oracle.cost() == count(oracle.measured_circuit)
        assert oracle.cost(by_measurement=False) == count(oracle.circuit)
        assert oracle.values == []
        assert oracle.qubits == oracle.circuit.num_qubits
    assert str(Form.of(lookup, ByTable())) == f"{lookup}-ByTable-parallel"
    with pytest.raises(ValueError, match="ByTable does not take streamed keys"):
        Form.of(get(lookup), ByTable(), "streamed")


class OwnCompute(CarrySave):
    """Gates of its own, in a class that inherits a network for several rows."""

    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        return ByTable().compute(what, lookup, layout)


def test_a_circuit_of_ones_own_is_what_several_rows_are_compared_by() -> None:
    rng = np.random.default_rng(1)
    K, Q = rng.integers(-2, 2, (5, 2)), rng.integers(-2, 3, (2, 2))
    assert CarrySave().shares("parallel")
    assert not OwnCompute().shares("parallel")
    rows = tuple(
        ThresholdOracle.from_row(q, K, 1, bits=2, lookup="unary", arithmetic=OwnCompute(), key_layout="parallel")
        for q in Q
    )
    assert np.array_equal(BlockOracle(rows).marked(), (K @ Q.T >= 1).any(axis=1))
    with pytest.raises(ValueError, match="does not compare several rows after one load"):
        rows[0].form.any_halves(BlockOracle(rows).comparison)


@dataclass(frozen=True)
class SaysItShares(ByTable):
    """Says that rows share a load, and does not say how they are compared after it."""

    def shares(self, layout: str) -> bool:
        return True


def test_rows_that_share_a_load_need_a_tail() -> None:
    form = Form.of("unary", SaysItShares())
    rows = [ThresholdOracle.from_row(q, [[1, 0], [0, 1], [1, 1]], 1, lookup="unary") for q in ([1, 0], [0, 1])]
    block = BlockOracle(tuple(row.formed(form) for row in rows))
    with pytest.raises(NotImplementedError, match="needs `tail` and `tail_cost`"):
        block.compute()
    with pytest.raises(NotImplementedError, match="needs `tail` and `tail_cost`"):
        block.cost()
