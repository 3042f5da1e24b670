"""What it takes to keep idle qubits in memory: how often qubits move between a compute area and a memory.

A gate acts on qubits of the compute area only. When the area is full, the qubit whose next use lies furthest ahead is
written to memory (Belady's rule: the order of the gates is known, and no other choice moves fewer qubits into the
area); a qubit that is needed is read back. A fresh qubit takes a place without a read. X and Z are free: they are kept
in software.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np

from qattn.arrays import Indices, compiled
from qattn.synthesis.program import JUMP, MATRIX, MCX, MCZ, PHASE, UNITARY, Program, X, Z

SMALLEST = 3  # places of a compute area: a Toffoli needs three


@dataclass(frozen=True)
class Traffic:
    """Qubits moved by one run of a circuit.

    Attributes:
        compute: places of the compute area.
        memory: qubits that the memory holds.
        reads: from memory.
        writes: to memory.
    """

    compute: int
    memory: int
    reads: int
    writes: int

    def there_and_back(self, repeats: int = 1) -> Traffic:
        """Of the circuit and its mirror image, so many times; the mirror image reads where the circuit writes.

        Args:
            repeats: how often both are run.

        Returns:
            As many reads as writes.
        """
        moved = (self.reads + self.writes) * repeats
        return Traffic(self.compute, self.memory, moved, moved)


@dataclass(frozen=True, eq=False)
class Uses:
    """Which qubits each gate of a circuit needs.

    Attributes:
        qubits: of the circuit.
        wires: the qubits, gate after gate.
        ends: for each gate, where its qubits end in `wires`.
    """

    qubits: int
    wires: Indices
    ends: Indices


def uses(program: Program) -> Uses:
    """The qubits of each gate of a program.

    Args:
        program: without jumps; loops have to be written out.

    Returns:
        What `traffic` reads.

    Raises:
        ValueError: when the program jumps or measures under a condition.
    """
    codes = program.ops[:, 0]
    if np.any(codes >= JUMP):
        raise ValueError("a program with jumps has no one order of gates; give one without measurement and branches")
    kept = program.ops[(codes != X) & (codes != Z)]
    listed = np.isin(kept[:, 0], (MCX, MCZ, PHASE, UNITARY, MATRIX))
    if not listed.any():
        operands = kept[:, 1:]
        first = np.ones(operands.shape, dtype=bool)  # an operand that repeats another is left out
        first[:, 1] = operands[:, 1] != operands[:, 0]
        first[:, 2] = (operands[:, 2] != operands[:, 0]) & (operands[:, 2] != operands[:, 1])
        return Uses(program.qubits, operands[first].astype(np.int64), np.cumsum(first.sum(axis=1)))
    places = np.flatnonzero((codes != X) & (codes != Z)).tolist()
    gates = [list(dict.fromkeys(program.operands(i))) for i in places]
    return Uses(
        program.qubits, np.array([wire for gate in gates for wire in gate], dtype=np.int64),
        np.cumsum([len(gate) for gate in gates]),
    )  # fmt: skip


def traffic(circuit: Uses, compute: int) -> Traffic:
    """Reads and writes of one run with a compute area of so many places.

    Args:
        circuit: what `uses` returned.
        compute: places, as many as the widest gate has qubits or more.

    Returns:
        The moves; none when all qubits have a place.

    Raises:
        ValueError: when a gate has more qubits than there are places.

    Cost: O(uses log uses), about a microsecond a gate.
    """
    widest = int(np.diff(circuit.ends, prepend=0).max(initial=1))
    if compute < max(widest, 1):
        raise ValueError(f"compute = {compute}; a gate has {widest} qubits, which all need a place")
    if compute >= circuit.qubits:
        return Traffic(circuit.qubits, 0, 0, 0)
    reads, writes = _kernel()(circuit.wires, circuit.ends, next_uses(circuit), circuit.qubits, compute)
    return Traffic(compute, circuit.qubits - compute, int(reads), int(writes))


@lru_cache(maxsize=4)
def next_uses(circuit: Uses) -> Indices:
    """For each use of a qubit the place of its next one, past the end where there is none."""
    count = len(circuit.wires)
    order = np.argsort(circuit.wires, kind="stable")
    following = np.full(count, count, dtype=np.int64)
    same = circuit.wires[order[1:]] == circuit.wires[order[:-1]]
    following[order[:-1][same]] = order[1:][same]
    return following


@cache
def _kernel() -> Any:
    return compiled(_moves)


def _moves(wires: Indices, ends: Indices, following: Indices, qubits: int, compute: int) -> tuple[int, int]:
    """(reads, writes) of Belady's rule; `place` is 0 for a fresh qubit, 1 in the compute area, 2 in memory."""
    place = np.zeros(qubits, dtype=np.int8)
    due = np.zeros(qubits, dtype=np.int64)  # the next use of each qubit
    furthest = [(0, 0)]  # (-next use, qubit); outdated entries are skipped when they come up
    furthest.pop()
    held, reads, writes, start = 0, 0, 0, 0
    for end in ends:
        for i in range(start, end):  # those that are there already must stay
            wire = wires[i]
            due[wire] = -1
        for i in range(start, end):
            wire = wires[i]
            if place[wire] == 1:
                continue
            if held == compute:
                while True:
                    when, out = heapq.heappop(furthest)
                    if place[out] == 1 and due[out] == -when:
                        break
                place[out] = 2
                held -= 1
                writes += 1
            reads += place[wire] == 2
            place[wire] = 1
            held += 1
        for i in range(start, end):
            wire = wires[i]
            due[wire] = following[i]
            heapq.heappush(furthest, (-following[i], wire))
        start = end
    return reads, writes
