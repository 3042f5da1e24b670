"""What a circuit costs: counted gate by gate from the built circuit.

Conventions, the same for every form and every prediction:

- toffoli: Toffolis, ANDs, controlled SWAPs; an X with k > 2 controls counts 2k - 3 (a ladder of k - 2 further clean
  qubits, which are not counted), a Z with k > 1 controls like an X with as many.
- t: 4 for an AND or its unitary undo, 7 for any other Toffoli, 1 for T; rotations are counted apart.
- cnot: CX, CZ, 3 for a SWAP, 2 for a controlled SWAP, 2 for a controlled phase. Fix-ups after a measurement, which run
  half of the time, are counted apart: their two-qubit gates are `fixups`.
- rotations: turns by an angle that is no multiple of pi/4; 3 for a controlled one.
- toffoli_depth: CNOTs take no time and a qubit can be read by many gates at once (fan-out is CNOTs): a Toffoli starts
  when its controls have been written and its target has been used. Barriers, which separate the stages of an oracle
  (each lookup, each adder), are kept.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from qiskit.circuit import ControlledGate, ParameterExpression, QuantumCircuit


@dataclass(frozen=True)
class Cost:
    """Resources of one circuit; see the module for what is counted."""

    qubits: int = 0
    toffoli: int = 0
    t: int = 0
    cnot: int = 0
    measurements: int = 0
    toffoli_depth: int = 0
    rotations: int = 0
    fixups: int = 0

    def __add__(self, other: Cost) -> Cost:
        """One after the other, on the same qubits."""
        theirs = vars(other)
        total = {name: value + theirs[name] for name, value in vars(self).items()}
        return Cost(**{**total, "qubits": max(self.qubits, other.qubits)})

    @property
    def places(self) -> int:
        """Where an error may happen: the qubits of every Toffoli and CNOT, fix-ups half of the time."""
        return 3 * self.toffoli + 2 * self.cnot + self.fixups

    def times(self, repeats: int) -> Cost:
        """So often one after the other, on the same qubits."""
        return Cost(**{name: value * (1 if name == "qubits" else repeats) for name, value in vars(self).items()})

    def to_dict(self) -> dict[str, int]:
        """The fields by name."""
        return asdict(self)


# (Toffolis, T, CNOTs) of a gate
_GATES = {
    "temporary_and": (1, 4, 0), "undo_and": (1, 4, 0), "ccx": (1, 7, 0), "ccz": (1, 7, 0), "cswap": (1, 7, 2),
    "cx": (0, 0, 1), "cz": (0, 0, 1), "cy": (0, 0, 1), "swap": (0, 0, 3), "t": (0, 1, 0), "tdg": (0, 1, 0),
}  # fmt: skip
_FREE = {"x", "y", "z", "h", "s", "sdg", "id", "barrier", "reset", "measure"}
_DIAGONAL = {"z", "cz", "ccz", "p", "cp", "s", "sdg", "t", "tdg"}


def count(circuit: QuantumCircuit) -> Cost:
    """Count a circuit, measured or not; definitions of other instructions are followed.

    Args:
        circuit: of the gates that the module names, measurements, conditioned blocks, or what is defined by these.

    Returns:
        The cost, ancillas that a ladder of controls would need left out.

    Raises:
        ValueError: naming an instruction that has no definition.
    """
    tally = _Tally([0] * circuit.num_qubits, [0] * circuit.num_qubits)
    _count(tally, circuit, range(circuit.num_qubits))
    return Cost(
        circuit.num_qubits, tally.toffoli, tally.t, tally.cnot, tally.measurements, max([*tally.written, *tally.used]),
        tally.rotations, tally.fixups,
    )  # fmt: skip


@dataclass
class _Tally:
    """Running totals; `written` and `used` are the Toffoli times of a qubit's last change and last use."""

    written: list[int]
    used: list[int]
    toffoli: int = 0
    t: int = 0
    cnot: int = 0
    measurements: int = 0
    rotations: int = 0
    fixups: int = 0

    def advance(self, controls: Sequence[int], targets: Sequence[int], time: int) -> None:
        """Run one gate as early as its qubits allow."""
        end = max([*(self.written[q] for q in controls), *(self.used[q] for q in targets)], default=0) + time
        for q in controls:
            self.used[q] = max(self.used[q], end)
        for q in targets:
            self.written[q] = self.used[q] = end

    def wait(self, qubits: Sequence[int]) -> None:
        """A barrier: nothing after it starts before everything before it has ended."""
        self.advance([], qubits, 0)


def _count(tally: _Tally, circuit: QuantumCircuit, rows: Sequence[int]) -> None:
    row_of = dict(zip(circuit.qubits, rows, strict=True))
    for instruction in circuit.data:
        name, where = instruction.name, [row_of[qubit] for qubit in instruction.qubits]
        if name == "cx":  # by far the most frequent
            tally.cnot += 1
            tally.advance(where[:1], where[1:], 0)
        elif name in _GATES or name in _FREE:
            toffoli, t, cnot = _GATES.get(name, (0, 0, 0))
            _add(tally, toffoli, t, cnot)
            tally.measurements += name == "measure"
            targets = 0 if name in _DIAGONAL else 2 if name in ("swap", "cswap") else 1
            if name == "barrier":
                tally.wait(where)
            elif name not in ("x", "id"):
                tally.advance(where[: len(where) - targets], where[len(where) - targets :], toffoli)
        elif name in ("p", "cp", "u1", "cu1", "rz", "u"):  # u(theta, phi, lambda) = rz(phi) ry(theta) rz(lambda)
            for angle in instruction.operation.params:
                phase = phase_cost(angle, len(where) - 1)
                _add(tally, 0, phase.t, phase.cnot)
                tally.rotations += phase.rotations
            tally.advance(*(([], where) if name == "u" else (where, [])), 0)
        elif name == "if_else":
            body = count(instruction.operation.blocks[0])
            tally.fixups += body.cnot + body.toffoli
        elif name.startswith(("mcx", "c3x", "c4x")) or _multi_controlled(instruction.operation):
            controls = len(where) - 1
            _add(tally, 2 * controls - 3, 7 * (2 * controls - 3), 0)
            tally.advance(where[:-1], where[-1:], 2 * controls - 3)
        elif instruction.operation.definition is not None:
            _count(tally, instruction.operation.definition, where)
        else:
            raise ValueError(f"instruction {name!r} has no definition; its cost is unknown")


def _add(tally: _Tally, toffoli: int, t: int, cnot: int) -> None:
    tally.toffoli += toffoli
    tally.t += t
    tally.cnot += cnot


def _multi_controlled(operation: object) -> bool:
    return (
        isinstance(operation, ControlledGate)
        and operation.base_gate.name in ("x", "z")
        and operation.num_ctrl_qubits > 2
    )


def phase_cost(angle: float | ParameterExpression, controls: int) -> Cost:
    """Cost of a phase gate: Clifford, T or rotation; with a control, three of half the angle around two CNOTs.

    Args:
        angle: in radians; an open parameter counts as a rotation.
        controls: 0 or 1.

    Returns:
        CNOTs, T gates and rotations.
    """
    part, pieces = (angle / 2, 3) if controls else (angle, 1)
    eighths = math.nan if isinstance(part, ParameterExpression) else part / (math.pi / 4)
    if not math.isfinite(eighths) or abs(eighths - round(eighths)) > 1e-9:
        return Cost(cnot=2 * controls, rotations=pieces)
    return Cost(cnot=2 * controls, t=pieces * (round(eighths) % 2))


def and_cost(computed: int, undone: int, *, cnot: int = 0, depth: int = 0, by_measurement: bool = True) -> Cost:
    """Cost of ANDs in one of the two renderings: 4 T gates each, and so many when undone by a gate.

    Args:
        computed: ANDs computed.
        undone: ANDs undone, each by one measurement and one fix-up, or by a gate.
        cnot: CNOTs beside them.
        depth: Toffoli depth of the whole, which the caller knows.
        by_measurement: how they are undone.

    Returns:
        The cost without qubits.
    """
    if by_measurement:
        return Cost(0, computed, 4 * computed, cnot, undone, depth, fixups=undone)
    return Cost(0, computed + undone, 4 * (computed + undone), cnot, 0, depth)


Operation = tuple[str, tuple[int, ...]]  # ("x" | "cx" | "and" | "undo", wires: controls, then the target)


def and_depth(operations: Iterable[Operation], *, by_measurement: bool = True) -> int:
    """Toffoli depth of operations on numbered wires, by the rules of `count`, without building a circuit.

    Args:
        operations: ("x", (target,)), ("cx", (control, target)), ("and", (a, b, target)) and ("undo", (a, b, target)).
        by_measurement: an undo is a measurement and takes no time; False: it takes as long as an AND.

    Returns:
        The number of Toffoli steps.
    """
    written: defaultdict[int, int] = defaultdict(int)
    used: defaultdict[int, int] = defaultdict(int)
    for name, (*controls, target) in operations:
        if name == "x":
            continue
        if name == "undo" and by_measurement:
            written[target] = used[target]
            continue
        end = used[target] + (name != "cx")
        for wire in controls:
            end = max(end, written[wire] + (name != "cx"))
        for wire in controls:
            used[wire] = max(used[wire], end)
        written[target] = used[target] = end
    return max(used.values(), default=0)
