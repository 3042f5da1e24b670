"""Moves between a compute area and a memory, against every schedule there is."""

from functools import cache

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn.resources.traffic import Traffic, Uses, traffic, uses
from qattn.synthesis.flatten import flatten


def fewest_reads(circuit: Uses, compute: int) -> int:
    """The least number of reads over all choices of what to evict, by looking at each."""
    gates = np.split(circuit.wires, circuit.ends[:-1])

    @cache
    def from_here(gate: int, held: frozenset[int], seen: frozenset[int]) -> int:
        if gate == len(gates):
            return 0
        needed = frozenset(gates[gate].tolist())
        after = held | needed
        cost = len((needed & seen) - held)
        states = {after}
        for _ in range(max(len(after) - compute, 0)):
            states = {state - {out} for state in states for out in state - needed}
        return cost + min(from_here(gate + 1, state, seen | needed) for state in states)

    return from_here(0, frozenset(), frozenset())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("compute", [3, 4, 5])
def test_no_schedule_reads_less(seed: int, compute: int) -> None:
    rng = np.random.default_rng(seed)
    gates = [rng.choice(6, size=rng.integers(1, 4), replace=False) for _ in range(12)]
    circuit = Uses(6, np.concatenate(gates), np.cumsum([len(gate) for gate in gates]))
    moved = traffic(circuit, compute)
    assert moved.reads == fewest_reads(circuit, compute)
    assert moved.reads <= moved.writes <= moved.reads + 6  # what is read was written; the rest stays in memory


def test_a_memory_that_nobody_needs_moves_nothing() -> None:
    circuit = Uses(4, np.array([0, 1, 2, 3, 0, 3]), np.array([2, 4, 6]))
    assert traffic(circuit, 4) == traffic(circuit, 9) == Traffic(4, 0, 0, 0)
    assert traffic(circuit, 2).reads > 0


def test_the_mirror_image_reads_what_was_written() -> None:
    assert Traffic(3, 5, 10, 14).there_and_back(7) == Traffic(3, 5, 168, 168)


def test_the_gates_of_a_circuit() -> None:
    """X and Z are free, a SWAP and a controlled phase have two qubits, a gate names no qubit twice."""
    circuit = QuantumCircuit(5)
    circuit.x(4)
    circuit.cx(0, 1)
    circuit.ccx(2, 1, 0)
    circuit.swap(3, 4)
    circuit.z(2)
    plain = uses(flatten(circuit))
    assert [set(gate) for gate in np.split(plain.wires, plain.ends[:-1])] == [{0, 1}, {0, 1, 2}, {3, 4}]
    circuit.h(0)
    circuit.mcx([0, 1, 2], 3)
    listed = uses(flatten(circuit))
    assert [set(gate) for gate in np.split(listed.wires, listed.ends[:-1])][-2:] == [{0}, {0, 1, 2, 3}]


def test_what_has_no_place_is_refused() -> None:
    with pytest.raises(ValueError, match="3 qubits"):
        traffic(Uses(4, np.array([0, 1, 2, 3]), np.array([3, 4])), 2)
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)
    with pytest.raises(ValueError, match="jumps"):
        uses(flatten(circuit))
