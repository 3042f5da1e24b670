"""Circuits in a process of their own: the same samples, and no process left behind."""

from __future__ import annotations

import numpy as np
import pytest

from qattn import attend
from qattn.machines import aer
from qattn.machines.apart import Apart


def test_circuits_in_a_process_of_their_own_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.integers(-2, 2, (2, 2)), rng.integers(-2, 2, (5, 2)), rng.normal(size=(5, 3))
    here = attend(Q, K, V, 1.0, seed=1)
    monkeypatch.setattr(aer, "PATIENCE_S", 0.0)
    there = attend(Q, K, V, 1.0, seed=1)
    assert np.array_equal(here.queries, there.queries)
    assert np.array_equal(here.output, there.output)


def test_a_process_that_dies_is_an_error_and_none_is_left_behind() -> None:
    from qiskit.circuit import QuantumCircuit

    circuit = QuantumCircuit(1, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    apart = Apart()
    assert apart.run(circuit, 3, 0).tolist() == [1, 1, 1]
    assert apart.process is not None
    apart.process.kill()
    apart.process.wait()
    with pytest.raises((RuntimeError, BrokenPipeError)):
        apart.run(circuit, 3, 0)
    assert apart.process is None
