"""Cutting a circuit into stages: no gate is lost, and the cuts are where a reader expects them."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister, Qubit

from qattn.oracles.threshold import ThresholdOracle
from qattn.show.gallery import FORMS
from qattn.show.stages import cut, registers
from qattn.show.stepper import step


def instance(n: int = 13, form: str = "textbook") -> ThresholdOracle:
    K = np.random.default_rng(5).integers(-4, 4, size=(n, 3))
    return ThresholdOracle.from_row([3, -1, 2], K, 5, bits=3).formed(FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_the_stages_are_the_circuit(form: str) -> None:
    """No gate is lost or moved."""
    circuit = instance(form=form).circuit
    pieces = cut(circuit)
    gates = [gate for piece in pieces for gate in piece.circuit.data]
    assert gates == [gate for gate in circuit.data if gate.name != "barrier"]
    assert sum(gate.name == "z" for piece in pieces for gate in piece.circuit.data if piece.kind == "sign") == 1


def test_a_circuit_without_barriers_is_cut_by_what_it_writes() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "x"), QuantumRegister(1, "y"))
    circuit.x(0)
    circuit.cx(0, 1)
    circuit.x(0)
    steps = step(circuit)
    assert [stage.name for stage in steps.stages] == ["|0...0>", "write x", "write y", "write x"]
    bell = QuantumCircuit(2)
    bell.h(0)
    bell.cx(0, 1)
    bell.measure_all()
    assert step(bell).rows == (0, 3)


def test_reads_and_writes_are_told_apart() -> None:
    """Of each stage of the textbook form, what its gates may change; phases change nothing."""
    found = [(piece.kind, sorted(piece.reads), sorted(piece.writes)) for piece in cut(instance().circuit)]
    assert found[1] == ("load", ["index", "key", "path"], ["index", "key", "path"])
    assert found[2] == ("other", ["carry", "key", "score"], ["carry", "key", "score"])
    assert ("sign", ["score"], []) in found
    turned = QuantumCircuit(QuantumRegister(2, "a"), QuantumRegister(1, "b"), QuantumRegister(1, "c"))
    turned.cp(0.3, 0, 2)
    turned.ccx(0, 1, 2)
    turned.cswap(0, 2, 3)
    turned.mcp(0.1, [0, 1, 2], 3)
    turned.rccx(0, 2, 3)
    assert [sorted(piece.writes) for piece in cut(turned)] == [[], ["b"], ["b", "c"], [], ["c"]]


def test_every_qubit_has_one_register() -> None:
    shared = QuantumRegister(2, "a")
    circuit = QuantumCircuit(shared)
    circuit.add_register(QuantumRegister(name="b", bits=list(shared)))
    circuit.add_bits([Qubit()])
    assert registers(circuit) == {"a": (0, 1), "other": (2,)}


def test_too_many_stages_are_refused() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "x"), QuantumRegister(1, "y"))
    for _ in range(2600):
        circuit.x(0)
        circuit.x(1)
    with pytest.raises(ValueError, match="5200 stages"):
        cut(circuit)
    circuit.barrier()
    assert len(cut(circuit)) == 1
