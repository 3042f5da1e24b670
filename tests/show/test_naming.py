"""Names of stages are facts of the recorded state."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.oracles.threshold import ThresholdOracle
from qattn.show.gallery import FORMS
from qattn.show.stepper import step


def instance(n: int = 13, form: str = "textbook") -> ThresholdOracle:
    K = np.random.default_rng(5).integers(-4, 4, size=(n, 3))
    return ThresholdOracle.from_row([3, -1, 2], K, 5, bits=3).formed(FORMS[form])


def test_another_oracle_is_not_named_as_this_one() -> None:
    """A circuit that loads other keys than the integers say gets no name of theirs."""
    searched = instance()
    other = dataclasses.replace(searched, keys=dataclasses.replace(searched.keys, X=searched.keys.X[::-1].copy()))

    class Wrong(ThresholdOracle):
        @property
        def circuit(self) -> QuantumCircuit:
            return other.circuit

    fields = {own.name: getattr(searched, own.name) for own in dataclasses.fields(searched)}
    wrong = step(Wrong(**fields))
    assert not [stage.name for stage in wrong.stages if re.fullmatch(r"load component \d", stage.name)]


def test_the_undo_mirrors_the_way_there() -> None:
    for form in FORMS:
        names = [stage.name for stage in step(instance(form=form)).stages]
        z = names.index("Z on the sign")
        there, back = names[1:z], names[z + 1 : -1]
        assert back == [f"undo {name}" for name in reversed(there)]
        assert len(set(there)) >= len(there) - 1, "a reader can tell stages apart"


def test_a_register_taken_back_is_an_undo_in_any_circuit() -> None:
    circuit = QuantumCircuit(QuantumRegister(2, "a"), QuantumRegister(1, "b"))
    circuit.h(0)
    for _ in range(2):
        circuit.barrier()
        circuit.cx(0, 2)
    assert [stage.name for stage in step(circuit).stages] == ["|0...0>", "write a", "write b", "undo write b"]
