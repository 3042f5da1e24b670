"""Circuits in a process of their own: the same samples, and no process left behind."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn import attend
from qattn.machines import aer
from qattn.machines.apart import Apart, run_circuit


def test_circuits_in_a_process_of_their_own_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.integers(-2, 2, (2, 2)), rng.integers(-2, 2, (5, 2)), rng.normal(size=(5, 3))
    here = attend(Q, K, V, 1.0, seed=1)
    monkeypatch.setattr(aer, "PATIENCE_S", 0.0)
    there = attend(Q, K, V, 1.0, seed=1)
    assert np.array_equal(here.queries, there.queries)
    assert np.array_equal(here.output, there.output)


def test_a_process_that_dies_is_an_error_and_none_is_left_behind() -> None:
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


def coins(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits, qubits)
    circuit.h(range(qubits))
    circuit.measure(range(qubits), range(qubits))
    return circuit


def test_both_ways_draw_the_same_from_the_same_seed_and_bit_0_is_the_lowest() -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.x(2)
    circuit.measure([0, 1, 2], [0, 1, 2])
    assert run_circuit(circuit, 4, 0).tolist() == [4] * 4
    apart = Apart()
    try:
        for seed in (0, 2**31 - 1):
            here = run_circuit(coins(6), 50, seed)
            assert np.array_equal(here, apart.run(coins(6), 50, seed))
            assert len(set(here.tolist())) > 15, "shots differ"
        assert not np.array_equal(run_circuit(coins(6), 50, 0), here), "seeds differ"
        first = apart.process
        apart.run(coins(2), 1, 0)
        assert apart.process is first, "one process for all circuits"
    finally:
        apart.stop()
    assert apart.process is None
    apart.stop()


def test_more_amplitudes_than_memory_are_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match=r"60 qubits .*GroverStatistics"):
        run_circuit(coins(60), 1, 0)
