"""Compiled operations on branches: each kind of gate on every mixture of held and written-out qubits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qattn.simulator import kernels
from qattn.simulator.branches import Branches, Gates
from qattn.simulator.layout import NEED, ROOM_FOR_BRANCHES, ROOM_TO_HOLD
from qattn.synthesis.flatten import flatten

ONE_TO_THREE = ["x", "z", "h", "t", "cx", "cz", "cp", "swap", "ch", "ccx", "ccz", "cswap"]


def apply(circuit: QuantumCircuit, gate: str, qubits: tuple[int, ...]) -> None:
    getattr(circuit, gate)(*((0.7,) if gate == "cp" else ()), *qubits)


def width(gate: str) -> int:
    return 3 if gate in ("ccx", "ccz", "cswap") else 2 if gate[0] == "c" or gate == "swap" else 1


@pytest.mark.parametrize("gate", ONE_TO_THREE)
def test_every_gate_on_qubits_known_held_and_entangled(gate: str) -> None:
    """Each of three qubits starts as |1>, in superposition by itself (held), or entangled with two others."""
    for kinds in itertools.product("1+e", repeat=3):
        circuit = QuantumCircuit(5)
        circuit.ry(0.8, 3)
        circuit.ry(1.9, 4)
        for q, kind in enumerate(kinds):
            if kind == "1":
                circuit.x(q)
            elif kind == "+":
                circuit.ry(0.5 + q, q)
            else:
                circuit.ccx(3, 4, q)
                circuit.cx(3 + q % 2, q)
        for place in ((0, 1, 2), (2, 0, 1)):
            apply(circuit, gate, place[: width(gate)])
            circuit.h(place[0])
            circuit.cx(place[0], 4)
        state, gates = Branches.zero(5), Gates.of(flatten(circuit))
        assert state.run(gates, 0, len(gates.program)) == len(gates.program)
        assert np.abs(state.dense() - Statevector(circuit).data).max() < 1e-12, kinds


def test_run_asks_for_room_and_goes_on_where_it_stopped() -> None:
    """At the edge of memory nothing is lost: the caller makes room and calls again."""
    circuit = QuantumCircuit(9)
    circuit.h(range(9))
    for q in range(8):
        circuit.ccx(q, q + 1, (q + 2) % 9)
        circuit.h(q)
    program = flatten(circuit)
    gates, state, asked, position = Gates.of(program), Branches.zero(9), set(), 0
    while position < len(program):
        position, need = kernels.run(
            program.ops, program.wires, gates.factors, program.matrices, position, len(program), state.arrays
        )
        asked.add(need)
        more = state.arrays.owner.size * (2 if need == ROOM_TO_HOLD else 1)
        branches = int(state.arrays.info[NEED]) if need == ROOM_FOR_BRANCHES else state.arrays.amps.size
        state.grow(branches, more)
    assert asked == {0, ROOM_FOR_BRANCHES, ROOM_TO_HOLD}
    assert np.abs(state.dense() - Statevector(circuit).data).max() < 1e-12


def test_run_stops_at_what_is_no_gate() -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    circuit.x(1)
    program, state = flatten(circuit), Branches.zero(2)
    gates = Gates.of(program)
    arguments = (program.ops, program.wires, gates.factors, program.matrices)
    assert kernels.run(*arguments, 0, 3, state.arrays) == (1, 0)
    assert kernels.run(*arguments, 2, 3, state.arrays) == (3, 0)
    assert state.bits(0).tolist() == state.bits(1).tolist() == [True]
