"""From a program to measured bits: final measurements, feed-forward, loops, and errors put in."""

from __future__ import annotations

from collections import Counter

import numpy as np
from qiskit.circuit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit.classical import expr, types

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
