"""Where errors may happen: every qubit that a gate touches, and as many as the chances say."""

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.simulator.channels import Channel
from qattn.simulator.sites import Sites, touched
from qattn.simulator.trajectories import Plan
from qattn.synthesis.flatten import flatten


def program():
    circuit = QuantumCircuit(3)
    circuit.x(0)
    circuit.cx(0, 1)
    circuit.ccx(0, 1, 2)
    return flatten(circuit)


def test_every_gate_touches_its_qubits():
    after, qubits = touched(program())
    assert sorted(zip(after.tolist(), qubits.tolist(), strict=True)) == [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]


def test_certain_errors_happen_everywhere_and_rare_ones_as_often_as_they_should():
    made, rng = program(), np.random.default_rng(0)
    for chance in (1.0, 0.1):
        sites = Sites()
        for last, qubits in enumerate(([0], [0, 1], [0, 1, 2])):
            sites.add(Channel(("X",), (chance,)), last, qubits)
        draw = sites.drawing(Plan.of(made, noisy=True))
        counts = [len(draw(rng)) for _ in range(2000)]
        assert abs(np.mean(counts) - 6 * chance) < 0.1
        assert chance < 1 or set(counts) == {6}
