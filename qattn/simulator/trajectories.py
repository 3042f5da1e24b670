"""From a program to measured bits: gates, then outcomes, then gates that depend on them.

Measurements that nothing follows are drawn from the final state, all shots at once. Before that, shots share a state
until their outcomes differ: at a random outcome they part into two groups, each with its own state, so that every shot
sees one trajectory and no work is done twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Bits
from qattn.simulator.branches import Branches, Gates, TooManyBranches
from qattn.synthesis.conditions import Memory, evaluate, store
from qattn.synthesis.program import (
    BRANCH,
    CSWAP,
    JUMP,
    MATRIX,
    MCX,
    MCZ,
    MEASURE,
    PHASE,
    RESET,
    STORE,
    UNITARY,
    Program,
)

Check = Callable[[], None]


@dataclass(frozen=True)
class Error:
    """A Pauli error of a trajectory, or an outcome that is recorded wrongly.

    Attributes:
        after: the operation it follows; -1 before the first, the program's length at the very end.
        qubit: where.
        kind: "X", "Y" or "Z"; "F": the classical bit of number `qubit` is flipped.
    """

    after: int
    qubit: int
    kind: str


@dataclass(frozen=True, eq=False)
class Plan:
    """A program without its final measurements, and these.

    Attributes:
        gates: what to run.
        final: (qubit, classical bit) in order.
        removed: which operations these were.
    """

    gates: Gates
    final: tuple[tuple[int, int], ...]
    removed: tuple[int, ...] = ()

    @classmethod
    def of(cls, program: Program, *, noisy: bool = False) -> Plan:
        """Take out every measurement after which nothing reads the bit or acts on the qubit.

        Args:
            program: the program.
            noisy: keep those after which the qubit is measured again, or the bit written again: noise may act between.

        Returns:
            What is run once, and what in every trajectory.
        """
        ops = program.ops
        flow = np.flatnonzero(ops[:, 0] >= JUMP)
        targets = ops[np.isin(ops[:, 0], (JUMP, BRANCH)), 3]
        tail = int(max(flow.max(initial=-1) + 1, targets.max(initial=0)))
        last = _last_uses(program)
        removed: list[int] = []
        written: set[int] = set()
        measured: set[int] = set()
        for i in (tail + np.flatnonzero(ops[tail:, 0] == MEASURE))[::-1]:
            _, _, clbit, qubit = (int(x) for x in ops[i])
            if last[qubit] < i and clbit not in written and qubit not in measured:
                removed.append(int(i))
            else:
                written.add(clbit)
            if noisy:
                written.add(clbit)
                measured.add(qubit)
        removed.reverse()
        final = tuple((int(ops[i, 3]), int(ops[i, 2])) for i in removed)
        keep = np.ones(len(ops), dtype=bool)
        keep[removed] = False
        return cls(Gates.of(replace(program, ops=ops[keep], helper=program.helper[keep])), final, tuple(removed))


def _last_uses(program: Program) -> NDArray[np.int64]:
    """(qubits,) the last operation other than a measurement on each qubit."""
    ops, last = program.ops, np.full(program.qubits, -1, dtype=np.int64)
    lists = np.isin(ops[:, 0], (MCX, MCZ, PHASE, UNITARY, MATRIX))
    where = np.flatnonzero((ops[:, 0] <= CSWAP) | (~lists & (ops[:, 0] < MATRIX)) | (ops[:, 0] == RESET))
    np.maximum.at(last, ops[where, 3], where)
    where = where[(ops[where, 0] < MATRIX) & ~lists[where]]
    for column in (1, 2):
        np.maximum.at(last, ops[where, column], where)
    # lists stand in `wires` in the order of their operations
    np.maximum.at(last, program.wires, np.repeat(np.flatnonzero(lists), ops[lists, 2]))
    return last


@dataclass(eq=False)
class _Group:
    """Shots that have seen the same outcomes so far."""

    shots: NDArray[np.int64]
    state: Branches
    memory: Memory
    position: int = 0
    errors: list[Error] = field(default_factory=list)

    def strike(self) -> None:
        """The errors that are due."""
        while self.errors and self.errors[0].after < self.position:
            error = self.errors.pop(0)
            if error.kind == "F":
                self.memory.bits[error.qubit] ^= True
            else:
                self.state.pauli(error.qubit, error.kind)


def sample(
    plan: Plan,
    shots: int,
    rng: np.random.Generator,
    *,
    memory: float | None = None,
    check: Check = lambda: None,
    errors: Callable[[np.random.Generator], Sequence[Error]] | None = None,
) -> Bits:
    """(shots, clbits) final classical bits of independent runs.

    Args:
        plan: the program.
        shots: number of runs.
        rng: where outcomes come from.
        memory: bytes the states may take; None: half of the machine's.
        check: called every second or so; may raise to stop.
        errors: draws one trajectory's errors; shots with the same errors share a state.

    Returns:
        Booleans; column c is classical bit c.

    Raises:
        TooManyBranches: when memory would not hold a state.
    """
    program = plan.gates.program
    result = np.zeros((shots, program.clbits), dtype=bool)
    parts: defaultdict[tuple[Error, ...], list[int]] = defaultdict(list)
    for shot in range(shots):
        parts[() if errors is None else tuple(sorted(errors(rng), key=lambda error: error.after))].append(shot)
    for drawn, part in parts.items():
        start = Branches.zero(program.qubits, memory), Memory([False] * program.clbits)
        waiting = [_Group(np.array(part, dtype=np.int64), *start, errors=list(drawn))] if part else []
        while waiting:
            group = waiting.pop()
            while (other := _advance(plan, group, rng, check)) is not None:
                group, later = sorted((group, other), key=lambda side: side.shots.size)  # at most log2(shots) wait
                waiting.append(later)
                if sum(side.state.bytes for side in waiting) > group.state.memory:
                    raise TooManyBranches(f"{len(waiting)} states of {group.state.count} branches exceed the memory")
            result[group.shots] = group.memory.bits
            if plan.final:
                bits = group.state.sample([qubit for qubit, _ in plan.final], group.shots.size, rng)
                for column, (_, clbit) in enumerate(plan.final):
                    result[group.shots, clbit] = bits[:, column]
            for error in group.errors:  # what is left is recorded wrongly at the end
                result[group.shots, error.qubit] ^= True
    return result


def _advance(plan: Plan, group: _Group, rng: np.random.Generator, check: Check) -> _Group | None:
    """Run a group to its end (None), or until it parts: then it keeps outcome 0, and the other group is returned."""
    program, end, state = plan.gates.program, len(plan.gates.program), group.state
    group.strike()
    while group.position < end:
        stop = min(end, group.errors[0].after + 1) if group.errors else end
        position = group.position = state.run(plan.gates, group.position, stop, check)
        other = None
        if position < stop:
            other = _step(program, group, rng)
            if group.position != position + 1:  # what was jumped over does not happen, nor do its errors
                group.errors = [error for error in group.errors if error.after >= group.position]
            elif other:
                other.errors = group.errors.copy()
                other.strike()
        group.strike()
        if other:
            return other
        check()
    return None


def _step(program: Program, group: _Group, rng: np.random.Generator) -> _Group | None:
    """One operation that is not a gate on one qubit; returns the shots that part from the group, if any."""
    code, a, b, t = (int(x) for x in program.ops[group.position])
    group.position += 1
    if code == MATRIX:
        group.state.matrix(program.operands(group.position - 1), program.blocks[t])
    elif code in (MEASURE, RESET):
        return _observe(group, t, b if code == MEASURE else None, rng)
    elif code == STORE:
        store(program.terms[a], evaluate(program.terms[b], group.memory), group.memory)
    elif code == JUMP or not evaluate(program.terms[b], group.memory):
        group.position = t
    return None


def _observe(group: _Group, qubit: int, clbit: int | None, rng: np.random.Generator) -> _Group | None:
    """Measure a qubit; without a classical bit it is reset."""
    one = group.state.chance(qubit)
    drawn = rng.random(group.shots.size) < one if 0 < one < 1 else np.full(group.shots.size, one == 1)
    other = None
    if drawn.any() and not drawn.all():
        other = _Group(group.shots[drawn], group.state.copy(), group.memory.copy(), group.position)
        group.shots = group.shots[~drawn]
        _record(other, qubit, clbit, True)
    _record(group, qubit, clbit, bool(drawn.all()))
    return other


def _record(group: _Group, qubit: int, clbit: int | None, outcome: bool) -> None:
    group.state.project(qubit, outcome)
    if clbit is not None:
        group.memory.bits[clbit] = outcome
    elif outcome:
        group.state.pauli(qubit, "X")
