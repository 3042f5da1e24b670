"""From a program to measured bits: final measurements, feed-forward, loops, and errors put in."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit.classical import expr, types
from scipy.stats import binomtest

from qattn.simulator.trajectories import Error, Plan, sample
from qattn.synthesis.flatten import flatten


def counts(circuit: QuantumCircuit, shots: int = 4000, seed: int = 1) -> Counter[int]:
    """Outcomes as integers over all classical bits in the order of the circuit."""
    bits = sample(Plan.of(flatten(circuit)), shots, np.random.default_rng(seed))
    return Counter(int(x) for x in bits @ (1 << np.arange(circuit.num_clbits)))


def test_control_flow() -> None:
    """Loops, breaks, switches and variables, with outcomes that are certain."""
    circuit = QuantumCircuit(QuantumRegister(3), ClassicalRegister(3, "c"), ClassicalRegister(1, "d"))
    with circuit.for_loop(range(3)) as i:
        circuit.rx(np.pi * i, 0)  # 0, 1, 2 half turns: |1>
    circuit.measure(0, 0)
    with circuit.while_loop((circuit.clbits[0], 1)):
        circuit.x(0)
        circuit.x(1)
        circuit.measure(0, 0)
    circuit.measure(1, 1)
    with circuit.switch(circuit.cregs[0]) as case:
        with case(0, 1):
            circuit.x(2)
        with case(2):
            circuit.x([2, 0])
        with case(case.DEFAULT):
            circuit.x(1)
    circuit.measure(2, 2)
    circuit.measure(0, 3)
    assert counts(circuit, 10) == {0b1110: 10}
    circuit = QuantumCircuit(2, 2)
    with circuit.for_loop(range(5)):
        circuit.x(0)
        circuit.measure(0, 0)
        with circuit.if_test((circuit.clbits[0], 1)):
            circuit.break_loop()
    circuit.measure(0, 1)
    assert counts(circuit, 10) == {3: 10}
    circuit = QuantumCircuit(2, 2)
    total = circuit.add_var("total", expr.lift(5, types.Uint(8)))
    circuit.store(total, expr.sub(total, expr.lift(2, types.Uint(8))))
    with circuit.if_test(expr.logic_and(expr.equal(total, 3), expr.logic_not(circuit.clbits[0]))):
        circuit.x(1)
    circuit.measure([0, 1], [0, 1])
    assert counts(circuit, 10) == {2: 10}


def test_errors_of_a_trajectory_are_inserted_after_their_operation() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    plan, rng = Plan.of(flatten(circuit)), np.random.default_rng(0)
    outcome = {None: 0, (0, 0, "Z"): 3, (0, 0, "X"): 0, (0, 0, "Y"): 3, (1, 0, "X"): 3, (2, 0, "X"): 1, (2, 1, "Z"): 0}
    for error, wanted in outcome.items():
        bits = sample(plan, 5, rng, errors=lambda _, error=error: [Error(*error)] if error else [])
        assert (bits @ [1, 2] == wanted).all()


def test_final_measurements_are_taken_out_and_no_others() -> None:
    """One that a gate follows stays, and so does the first of two into the same bit."""
    circuit = QuantumCircuit(3, 3)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.x(0)
    circuit.measure(0, 0)
    circuit.measure([1, 2], [1, 2])
    plan = Plan.of(flatten(circuit))
    assert plan.final == ((0, 0), (1, 1), (2, 2))
    assert len(plan.gates.program) == len(flatten(circuit)) - 3
    feeding = QuantumCircuit(2, 1)
    feeding.measure(0, 0)
    with feeding.if_test((feeding.clbits[0], 1)):
        feeding.x(1)
    assert Plan.of(flatten(feeding)).final == ()


def test_no_shots_no_bits_and_bits_nobody_wrote() -> None:
    circuit = QuantumCircuit(1, 2)
    circuit.x(0)
    circuit.measure(0, 1)
    plan, rng = Plan.of(flatten(circuit)), np.random.default_rng(0)
    assert sample(plan, 0, rng).shape == (0, 2)
    assert sample(plan, 2, rng).tolist() == [[False, True]] * 2
    assert sample(Plan.of(flatten(QuantumCircuit(1))), 3, rng).shape == (3, 0)


def test_shots_part_at_a_random_outcome_and_never_mix() -> None:
    """Copies of a coin agree in every shot, and so do copies measured before and after the parting."""
    circuit = QuantumCircuit(3, 4)
    circuit.h(0)
    circuit.measure(0, 0)
    circuit.cx(0, 1)
    circuit.measure(1, 1)
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.h(2)
    circuit.measure(2, 2)
    circuit.reset(0)
    circuit.measure(0, 3)
    bits = sample(Plan.of(flatten(circuit)), 2000, np.random.default_rng(0))
    assert np.array_equal(bits[:, 0], bits[:, 1])
    assert not bits[~bits[:, 0], 2].any()
    assert not bits[:, 3].any()
    for count, of in ((bits[:, 0].sum(), 2000), (bits[:, 2].sum(), bits[:, 0].sum())):
        assert binomtest(int(count), int(of)).pvalue > 1e-4


def test_errors_are_drawn_anew_for_every_shot() -> None:
    """A flip with probability 1/4; null: one draw for all shots would give all or none."""
    circuit = QuantumCircuit(1, 1)
    circuit.id(0)
    circuit.x(0)
    circuit.measure(0, 0)
    calls = []

    def errors(rng: np.random.Generator) -> list[Error]:
        calls.append(1)
        return [Error(0, 0, "X")] if rng.random() < 0.25 else []

    bits = sample(Plan.of(flatten(circuit)), 800, np.random.default_rng(0), errors=errors)
    assert len(calls) == 800
    assert binomtest(int((~bits[:, 0]).sum()), 800, 0.25).pvalue > 1e-4


def test_check_may_stop_a_loop_that_never_ends() -> None:
    circuit = QuantumCircuit(1, 1)
    with circuit.while_loop((circuit.clbits[0], 0)):
        circuit.measure(0, 0)
    calls = iter(range(100))

    def check() -> None:
        if next(calls) == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample(Plan.of(flatten(circuit)), 1, np.random.default_rng(0), check=check)
