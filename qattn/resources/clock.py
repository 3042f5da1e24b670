"""One model of time, for every number of seconds in a bill.

Gates that are no Clifford run in layers, and a layer takes as long as one Toffoli. CNOTs take no time and any number of
gates may read a qubit at once (fan-out): in a surface code both are carried along in the Pauli products that are
measured. The assumption is named beside each number:

- one Toffoli after another (`at_once` = 1): what a machine does that measures one Pauli product of all its qubits at a
  time, and what `qattn.resources.physical` charges: 3 logical cycles a Toffoli, 1 a measurement, 1 a read from
  memory and 2 a write to it;
- as many at once as the circuit allows (`at_once` = infinity): its Toffoli depth, the least that is possible, for which
  no machine of so few qubits is known; the crossover with a classical machine assumes it, in favour of the search.
"""

from __future__ import annotations

import math

from qattn.synthesis.cost import Cost

TOFFOLI_CYCLES = 3  # logical cycles of one Toffoli, by three Pauli product measurements
WRITE_CYCLES = 2  # of a qubit written to memory; a read takes one
WORDS = (
    "one Toffoli after another, as Pauli products of all qubits of the compute area, which make CNOTs and fan-out "
    "free: 3 logical cycles a Toffoli, 1 a measurement, 1 a read from memory, 2 a write; a cycle is `distance` rounds "
    "of 7 gate times. `qattn crossover` lets as many Toffolis run at once as the circuit allows, unless --at-once 1."
)
ROUND_GATES = 7  # gate times of a round of error correction: H, four CNOTs, and a measurement of two


def layers(cost: Cost, at_once: float = math.inf) -> float:
    """Layers of Toffolis, so many of which run at once: depth + (Toffolis - depth) / at_once.

    A list schedule, which starts any gate that is ready, never takes longer (Graham 1966).

    Args:
        cost: of a circuit.
        at_once: Toffolis of a layer, 1 or more.

    Returns:
        All Toffolis for 1, the Toffoli depth for infinity.

    Raises:
        ValueError: when fewer than one Toffoli may run at once.
    """
    if not at_once >= 1:
        raise ValueError(f"at_once = {at_once}; give how many Toffolis run at once, 1 or more")
    return cost.toffoli_depth + (cost.toffoli - cost.toffoli_depth) / at_once


def seconds(cost: Cost, toffoli_s: float, at_once: float = math.inf) -> float:
    """Time of a circuit.

    Args:
        cost: of the circuit.
        toffoli_s: seconds of a layer.
        at_once: Toffolis of a layer.

    Returns:
        Seconds.
    """
    return layers(cost, at_once) * toffoli_s


def cycles(cost: Cost, reads: int = 0, writes: int = 0) -> int:
    """Logical cycles of a circuit without rotations, one Pauli product measured after another.

    Args:
        cost: of the circuit.
        reads: from memory.
        writes: to memory.

    Returns:
        3 for a Toffoli, 1 for a measurement and for a read, 2 for a write.
    """
    return TOFFOLI_CYCLES * cost.toffoli + cost.measurements + reads + WRITE_CYCLES * writes
