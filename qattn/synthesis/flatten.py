"""From a QuantumCircuit to a `Program`: the one walk over its instructions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import (
    AnnotatedOperation,
    Bit,
    CircuitInstruction,
    ControlledGate,
    Gate,
    ParameterExpression,
    QuantumCircuit,
)
from qiskit.circuit.controlflow import CASE_DEFAULT

from qattn.synthesis.conditions import Term, compare, lift
from qattn.synthesis.program import BRANCH, JUMP, MEASURE, RESET, STORE, Angle, Draft, Program, Unsupported

_IGNORED = {"barrier", "id", "delay"}
_X = {"x", "cx", "ccx"}
_Z = {"z", "cz", "ccz"}
_SWAP = {"swap", "cswap"}
_PHASE = {"p", "cp", "u1", "cu1"}
_ROOTS = {"s": 0.5, "cs": 0.5, "sdg": -0.5, "csdg": -0.5, "t": 0.25, "tdg": -0.25}  # of Z, in units of pi
_SINGLE = {"h", "rx", "ry", "u", "u2", "u3", "sx", "sxdg", "r"}
_PAIRS = {"temporary_and", "undo_and"}  # a Toffoli whose undo may be measured
_WIDEST = 10  # qubits of a matrix that has no definition


@dataclass(frozen=True)
class _Loop:
    """Jumps that wait for the end of a loop's body or of the loop."""

    breaks: list[int]
    continues: list[int]


def flatten(circuit: QuantumCircuit) -> Program:
    """The program of a circuit: gates of Qiskit's library, anything defined by them or by a matrix, and control flow.

    Raises:
        Unsupported: naming an instruction without definition or matrix, such as a noise channel.
    """
    draft = Draft()
    write_circuit(draft, circuit, range(circuit.num_qubits))
    registers = {own.name: tuple(circuit.find_bit(qubit).index for qubit in own) for own in circuit.qregs}
    return draft.done(circuit.num_qubits, circuit.num_clbits, registers)


@dataclass(frozen=True)
class Step:
    """One instruction of a circuit, where its operations end in the program.

    Attributes:
        name: of the instruction.
        qubits: that it touches.
        clbits: that it writes.
        last: its last operation; that of the instruction before when it has none (-1: there is none before).
    """

    name: str
    qubits: tuple[int, ...]
    clbits: tuple[int, ...]
    last: int


def flatten_steps(circuit: QuantumCircuit) -> tuple[Program, list[Step]]:
    """`flatten`, and which instruction each operation belongs to.

    Gates of Qiskit's library are one step each, also where a program takes several operations for them; instructions
    that are defined by others are the steps of their definition. Barriers and control flow are none.
    """
    draft, steps = Draft(), list[Step]()
    _Walk(draft, steps).circuit(circuit, range(circuit.num_qubits), range(circuit.num_clbits))
    draft.turn((), circuit.global_phase)
    registers = {own.name: tuple(circuit.find_bit(qubit).index for qubit in own) for own in circuit.qregs}
    return draft.done(circuit.num_qubits, circuit.num_clbits, registers), steps


def write_circuit(draft: Draft, circuit: QuantumCircuit, rows: Sequence[int]) -> None:
    """Write a circuit into a program, its qubit i standing for rows[i]; classical bits keep their numbers.

    Args:
        draft: written to; the circuit's global phase is added to its own.
        circuit: any that `flatten` takes.
        rows: the program's qubit for each of the circuit's.
    """
    _Walk(draft).circuit(circuit, rows, range(circuit.num_clbits))
    draft.turn((), circuit.global_phase)


class _Walk:
    def __init__(self, draft: Draft, steps: list[Step] | None = None) -> None:
        self.draft = draft
        self.steps = steps
        self.loops: list[_Loop] = []
        self.depth = 0  # of control flow: a global phase inside can never be observed
        self.flowed = False

    def circuit(self, circuit: QuantumCircuit, rows: Sequence[int], clbits: Sequence[int]) -> None:
        """Write out a circuit, its qubit i standing for rows[i] and its clbit i for clbits[i]."""
        row_of = dict(zip(circuit.qubits, rows, strict=True)).__getitem__
        bit_of: dict[Bit, int] = dict(zip(circuit.clbits, clbits, strict=True))
        draft = self.draft
        for instruction in circuit.data:
            name = instruction.name
            where = tuple(map(row_of, instruction.qubits))
            noted = 0 if self.steps is None else len(self.steps)
            if instruction.is_standard_gate():
                if name in _X:
                    draft.x(where)
                elif not self._standard(instruction, name, where):
                    self._defined(instruction.operation, where, ())
            elif name in _PAIRS:
                draft.x(where)
            elif name == "measure":
                draft.add(MEASURE, where[0], bit_of[instruction.clbits[0]], where[0])
            elif name == "reset":
                draft.add(RESET, where[0], where[0], where[0])
            elif name in _FLOW:
                self._flow(name, instruction, where, bit_of)
            elif name not in _IGNORED:
                self._defined(instruction.operation, where, [bit_of[bit] for bit in instruction.clbits])
            if self.steps is not None and name not in _FLOW and name != "barrier":
                self._note(self.steps, noted, instruction, where, tuple(bit_of[bit] for bit in instruction.clbits))

    def _note(
        self, steps: list[Step], noted: int, instruction: CircuitInstruction, where: tuple[int, ...],
        clbits: tuple[int, ...],
    ) -> None:  # fmt: skip
        """Remember an instruction as a step, unless it was one of steps that it is defined by."""
        if not (instruction.is_standard_gate() or instruction.name in _PAIRS) and len(steps) > noted:
            return
        if instruction.name in _IGNORED and self.flowed:  # so that it is skipped with the block that it stands in
            self.draft.add(JUMP, 0, 0, len(self.draft) + 1)
        del steps[noted:]
        steps.append(Step(instruction.name, where, clbits, len(self.draft) - 1))

    def _standard(self, instruction: CircuitInstruction, name: str, where: tuple[int, ...]) -> bool:
        """Gates of Qiskit's library with a word operation, a phase or a 2 x 2 matrix; False for the others."""
        draft = self.draft
        if name in _Z:
            draft.z(where)
        elif name in _SWAP:
            draft.swap(where)
        elif name in _PHASE:
            draft.turn(where, _angle(instruction.params[0]))
        elif name in _ROOTS:
            draft.turn(where, _ROOTS[name] * math.pi)
        elif name in _SINGLE:
            draft.unitary(where, instruction.operation)
        elif name == "rz":
            self._rz(where, _angle(instruction.params[0]))
        elif name == "rzz":
            angle = _angle(instruction.params[0])
            for row in where:
                draft.turn([row], angle, helper=True)
            draft.turn(where, -2 * angle)
            self._global(-angle / 2)
        elif name == "y":
            draft.z(where, helper=True)
            draft.x(where)
            self._global(math.pi / 2)
        elif name == "global_phase":
            self._global(_angle(instruction.params[0]))
        else:
            return name in _IGNORED
        return True

    def _defined(self, operation: object, where: Sequence[int], clbits: Sequence[int]) -> None:
        """Controlled gates as such, then matrices, then definitions, then whatever Qiskit can synthesise."""
        if isinstance(operation, ControlledGate) and self._controlled(operation, where):
            return None
        if isinstance(operation, Gate) and operation.name == "diagonal":
            return self._diagonal(np.array(operation.params, dtype=np.complex128), where)
        if isinstance(operation, Gate) and operation.name == "unitary" and len(where) <= _WIDEST:
            return self.draft.unitary(where, operation) if len(where) == 1 else self._matrix(operation, where)
        definition = None if isinstance(operation, AnnotatedOperation) else operation.definition  # type: ignore[attr-defined]
        if definition is None:
            if isinstance(operation, Gate) and not clbits and self._has_matrix(operation, where):
                return self._matrix(operation, where)
            definition = _synthesised(operation, len(where), len(clbits))
        self.circuit(definition, where, clbits)
        return self._global(definition.global_phase)

    def _controlled(self, gate: ControlledGate, where: Sequence[int]) -> bool:
        """Any number of controls, on 1 or 0, on a gate that is simple itself; False for the others."""
        base, controls = gate.base_gate, gate.num_ctrl_qubits
        if len(where) != controls + base.num_qubits or gate.name.startswith("cu"):
            return False
        if base.name not in _X | _Z | _SWAP | _PHASE | _ROOTS.keys() | _SINGLE | {"rz", "y", "unitary"}:
            return False
        if base.num_qubits != 1 and (base.num_qubits != 2 or base.name != "swap"):
            return False
        zeros = [where[i] for i in range(controls) if not gate.ctrl_state >> i & 1]
        for row in zeros:
            self.draft.x([row], helper=True)
        if base.name in _X:
            self.draft.x(where)
        elif base.name in _Z:
            self.draft.z(where)
        elif base.name in _SWAP:
            self.draft.swap(where)
        elif base.name in _PHASE:
            self.draft.turn(where, _angle(base.params[0]))
        elif base.name in _ROOTS:
            self.draft.turn(where, _ROOTS[base.name] * math.pi)
        elif base.name == "rz":
            self._rz(where, _angle(base.params[0]))
        else:
            self.draft.unitary(where, base)
        for row in zeros:
            self.draft.x([row], helper=True)
        return True

    def _rz(self, where: Sequence[int], angle: Angle) -> None:
        if len(where) == 1:
            self._global(-angle / 2)
        else:
            self.draft.turn(where[:-1], -angle / 2, helper=True)
        self.draft.turn(where, angle)

    def _diagonal(self, entries: NDArray[np.complex128], where: Sequence[int]) -> None:
        """Phases on products of bits: the angles' Moebius transform."""
        angles = np.angle(entries).reshape((2,) * len(where))
        for axis in range(len(where)):
            low, high = np.take(angles, 0, axis), np.take(angles, 1, axis)
            angles = np.stack([low, high - low], axis)
        flat = angles.reshape(-1)
        self._global(float(flat[0]))
        for mask in range(1, flat.size):
            if flat[mask] or mask == flat.size - 1:
                rows = [row for i, row in enumerate(where) if mask >> i & 1]
                self.draft.turn(rows, float(flat[mask]), helper=mask < flat.size - 1)

    def _has_matrix(self, gate: Gate, where: Sequence[int]) -> bool:
        return len(where) <= _WIDEST and hasattr(gate, "__array__") and not _free(gate)

    def _matrix(self, gate: Gate, where: Sequence[int]) -> None:
        self.draft.block(where, np.asarray(gate.to_matrix()))

    def _global(self, angle: Angle) -> None:
        if not self.depth:
            self.draft.turn((), angle)

    # control flow ------------------------------------------------------------------------------------------------

    def _flow(
        self, name: str, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]
    ) -> None:
        self.depth += 1
        self.flowed = True
        _FLOW[name](self, instruction, where, bit_of)
        self.depth -= 1

    def _block(
        self, block: QuantumCircuit, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]
    ) -> None:
        self.circuit(block, where, [bit_of[bit] for bit in instruction.clbits])

    def _skip_unless(self, term: Term) -> int:
        return self.draft.add(BRANCH, 0, self.draft.term(term), 0)

    def _if(self, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]) -> None:
        operation = instruction.operation
        skip = self._skip_unless(_condition(operation.condition, bit_of))
        self._block(operation.blocks[0], instruction, where, bit_of)
        if len(operation.blocks) > 1:
            over = self.draft.add(JUMP, 0, 0, 0)
            self.draft.aim(skip, len(self.draft))
            self._block(operation.blocks[1], instruction, where, bit_of)
            skip = over
        self.draft.aim(skip, len(self.draft))

    def _switch(self, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]) -> None:
        operation, ends = instruction.operation, []
        target = lift(operation.target, bit_of)
        for values, block in operation.cases_specifier():
            matches = Term("value", value=0)
            for value in values:
                test = Term("value", value=1)
                if value is not CASE_DEFAULT:
                    test = Term("EQUAL", parts=(target, Term("value", value=int(value))))
                matches = Term("LOGIC_OR", parts=(matches, test))
            skip = self._skip_unless(matches)
            self._block(block, instruction, where, bit_of)
            ends.append(self.draft.add(JUMP, 0, 0, 0))
            self.draft.aim(skip, len(self.draft))
        for end in ends:
            self.draft.aim(end, len(self.draft))

    def _while(self, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]) -> None:
        start = len(self.draft)
        skip = self._skip_unless(_condition(instruction.operation.condition, bit_of))
        self.loops.append(_Loop([skip], []))
        self._block(instruction.operation.blocks[0], instruction, where, bit_of)
        self.draft.add(JUMP, 0, 0, start)
        loop = self.loops.pop()
        for row in loop.continues:
            self.draft.aim(row, start)
        for row in loop.breaks:
            self.draft.aim(row, len(self.draft))

    def _for(self, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]) -> None:
        indices, parameter, body = instruction.operation.params
        breaks: list[int] = []
        for value in indices:
            self.loops.append(_Loop(breaks, []))
            held = parameter is not None and parameter in body.parameters
            block = body.assign_parameters({parameter: value}) if held else body
            self._block(block, instruction, where, bit_of)
            for row in self.loops.pop().continues:
                self.draft.aim(row, len(self.draft))
        for row in breaks:
            self.draft.aim(row, len(self.draft))

    def _leave(self, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]) -> None:
        loop = self.loops[-1]
        waiting = loop.breaks if instruction.name == "break_loop" else loop.continues
        waiting.append(self.draft.add(JUMP, 0, 0, 0))

    def _box(self, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]) -> None:
        self._block(instruction.operation.blocks[0], instruction, where, bit_of)

    def _store(self, instruction: CircuitInstruction, where: Sequence[int], bit_of: Mapping[Bit, int]) -> None:
        operation = instruction.operation
        target, value = lift(operation.lvalue, bit_of), lift(operation.rvalue, bit_of)
        self.draft.add(STORE, self.draft.term(target), self.draft.term(value), 0)


_FLOW: dict[str, Callable[[_Walk, CircuitInstruction, Sequence[int], Mapping[Bit, int]], None]] = {
    "if_else": _Walk._if, "switch_case": _Walk._switch, "while_loop": _Walk._while, "for_loop": _Walk._for,
    "break_loop": _Walk._leave, "continue_loop": _Walk._leave, "box": _Walk._box, "store": _Walk._store,
}  # fmt: skip


def _condition(condition: object, bit_of: Mapping[Bit, int]) -> Term:
    if isinstance(condition, tuple):
        return compare(condition[0], condition[1], bit_of)
    return lift(condition, bit_of)


def _angle(angle: Angle) -> Angle:
    """A number where the expression has become one."""
    if isinstance(angle, ParameterExpression):
        return angle if angle.parameters else float(angle)
    return float(angle)


def _free(gate: Gate) -> bool:
    return any(isinstance(p, ParameterExpression) and p.parameters for p in gate.params)


def _synthesised(operation: object, qubits: int, clbits: int) -> QuantumCircuit:
    """What Qiskit's high-level synthesis makes of an operation without a definition.

    Raises:
        Unsupported: when it makes nothing of it.
    """
    from qiskit.exceptions import QiskitError
    from qiskit.transpiler.passes import HighLevelSynthesis

    single = QuantumCircuit(qubits, clbits)
    single.append(operation, range(qubits), range(clbits))
    name = single.data[0].name
    try:
        made: QuantumCircuit = HighLevelSynthesis()(single)
    except QiskitError as error:
        raise Unsupported(f"instruction {name!r} has neither definition nor matrix: {error}") from error
    if any(instruction.name == name for instruction in made.data):
        raise Unsupported(f"instruction {name!r} has neither definition nor matrix")
    return made
