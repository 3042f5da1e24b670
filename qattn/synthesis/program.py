"""A circuit as a program: flat arrays of word operations, made once and run many times.

Whoever walks a QuantumCircuit pays a microsecond and more for every gate, every time. A program holds the same gates as
rows of four integers (code, a, b, t), in order, definitions and blocks written out:

    X  CX  CCX  SWAP  CSWAP  Z  CZ          t the (second) target, a and b the others; unused ones repeat t
    MCX                                     controls wires[a : a + b], target t
    MCZ                                     wires[a : a + b]
    PHASE                                   e^(i angles[t]) where all of wires[a : a + b] are 1
    UNITARY                                 matrices[t] on the last of wires[a : a + b], the others are controls
    MATRIX                                  blocks[t] on wires[a : a + b], Qiskit's order of basis states
    MEASURE                                 qubit t into classical bit b
    RESET                                   qubit t
    JUMP, BRANCH                            to operation t; BRANCH only when terms[b] is false
    STORE                                   the value of terms[b] into terms[a]

Loops are jumps, so a program is as long as its circuit, `for` loops excepted, which are written out.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Gate, Parameter, ParameterExpression

from qattn.synthesis.conditions import Term

X: Final = 0
CX: Final = 1
CCX: Final = 2
MCX: Final = 3
SWAP: Final = 4
CSWAP: Final = 5
Z: Final = 6
CZ: Final = 7
MCZ: Final = 8
PHASE: Final = 9
UNITARY: Final = 10
MATRIX: Final = 11
MEASURE: Final = 12
RESET: Final = 13
JUMP: Final = 14
BRANCH: Final = 15
STORE: Final = 16
LAST_WORD: Final = MCZ  # codes up to here only flip bits and signs

Rows = NDArray[np.int32]
Angle: TypeAlias = "float | ParameterExpression"
HADAMARD: Final = np.array([[1, 1], [1, -1]], dtype=np.complex128) / math.sqrt(2)  # always matrices[0]


class Unsupported(ValueError):
    """An instruction that no program can hold."""


@dataclass(frozen=True, eq=False)
class Program:
    """A flattened circuit; see the module for the meaning of the rows.

    Attributes:
        qubits: number of qubits.
        clbits: number of classical bits.
        ops: (m, 4) operations.
        wires: operands of operations on any number of qubits.
        angles: of phases, in radians.
        matrices: (.., 2, 2) of one-qubit gates; the first is Hadamard's.
        blocks: unitary matrices on several qubits.
        terms: conditions and assignments.
        helper: (m,) True for an operation that is only part of a gate, the rest of which follows or went before.
        phase: global phase.
        open_angles: angles that still depend on parameters, by place.
        open_gates: one-qubit gates that still depend on parameters, by place of their matrix.
        registers: the qubits of each quantum register by its name, least significant first.
    """

    qubits: int
    clbits: int
    ops: Rows
    wires: Rows
    angles: NDArray[np.float64]
    matrices: NDArray[np.complex128]
    blocks: tuple[NDArray[np.complex128], ...]
    terms: tuple[Term, ...]
    helper: NDArray[np.bool_]
    phase: Angle = 0.0
    open_angles: Mapping[int, ParameterExpression] = field(default_factory=dict)
    open_gates: Mapping[int, Gate] = field(default_factory=dict)
    registers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ops)

    @property
    def gates(self) -> int:
        """Number of gates, measurements and resets, loops counted once."""
        return int(np.count_nonzero(~self.helper & (self.ops[:, 0] < JUMP)))

    def operands(self, i: int) -> tuple[int, ...]:
        """The qubits of operation i, targets last."""
        code, a, b, t = (int(x) for x in self.ops[i])
        if code in (MCX, MCZ, PHASE, UNITARY, MATRIX):
            named = tuple(int(x) for x in self.wires[a : a + b])
            return (*named, t) if code == MCX else named
        if code >= JUMP:
            return ()
        pairs = {X: (t,), Z: (t,), MEASURE: (t,), RESET: (t,), CX: (a, t), SWAP: (a, t), CZ: (a, t)}
        return pairs.get(code, (a, b, t))

    def bind(self, values: Mapping[Parameter, float]) -> Program:
        """The program with values for all its parameters.

        Raises:
            ValueError: naming a parameter without a value.
        """
        if not self.open_angles and not self.open_gates and not isinstance(self.phase, ParameterExpression):
            return self
        angles, matrices = self.angles.copy(), self.matrices.copy()
        for place, angle in self.open_angles.items():
            angles[place] = _number(angle, values)
        for place, gate in self.open_gates.items():
            bound = gate.copy()
            bound.params = [_number(parameter, values) for parameter in gate.params]
            matrices[place] = bound.to_matrix()
        return replace(self, angles=angles, matrices=matrices, phase=_number(self.phase, values), open_angles={},
                       open_gates={})  # fmt: skip


@dataclass(eq=False)
class Draft:
    """A program while it is written."""

    ops: array[int] = field(default_factory=lambda: array("i"))
    wires: array[int] = field(default_factory=lambda: array("i"))
    helper: bytearray = field(default_factory=bytearray)
    angles: list[float] = field(default_factory=list)
    matrices: list[NDArray[np.complex128]] = field(default_factory=lambda: [HADAMARD])
    blocks: list[NDArray[np.complex128]] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    known: dict[tuple[object, ...], int] = field(default_factory=dict)
    open_angles: dict[int, ParameterExpression] = field(default_factory=dict)
    open_gates: dict[int, Gate] = field(default_factory=dict)
    phase: Angle = 0.0

    def __len__(self) -> int:
        return len(self.helper)

    def add(self, code: int, a: int, b: int, t: int, helper: bool = False) -> int:
        """Append a row, the operation `code` with operands as the module says.

        Args:
            code: of the operation.
            a: first operand, or where its list of qubits begins in `wires`.
            b: second operand, or the length of that list.
            t: target, or the place of the operation's number, matrix or term.
            helper: the operation is a part of another gate and does not count as one.

        Returns:
            The row's number.
        """
        self.ops.extend((code, a, b, t))
        self.helper.append(helper)
        return len(self.helper) - 1

    def extend(self, ops: Rows) -> None:
        """Append many rows."""
        self.ops.frombytes(np.ascontiguousarray(ops, dtype=np.int32).tobytes())
        self.helper.extend(bytes(len(ops)))

    def h(self, row: int) -> None:
        """Hadamard."""
        self.add(UNITARY, self._list([row]), 1, 0)

    def aim(self, row: int, target: int) -> None:
        """Let the jump in `row` lead to `target`.

        Args:
            row: number of a row that holds a jump or a branch.
            target: number of the row to go on from.
        """
        self.ops[4 * row + 3] = target

    def term(self, term: Term) -> int:
        """The place of a term."""
        self.terms.append(term)
        return len(self.terms) - 1

    def x(self, rows: Sequence[int], helper: bool = False) -> None:
        """X on the last of some qubits, controlled by the others.

        Args:
            rows: one qubit or more, target last.
            helper: the operation is a part of another gate and does not count as one.
        """
        *controls, t = rows
        if len(controls) == 0:
            self.add(X, t, t, t, helper)
        elif len(controls) == 1:
            self.add(CX, controls[0], controls[0], t, helper)
        elif len(controls) == 2:
            self.add(CCX, controls[0], controls[1], t, helper)
        else:
            self.add(MCX, self._list(controls), len(controls), t, helper)

    def z(self, rows: Sequence[int], helper: bool = False) -> None:
        """-1 where all these qubits are 1.

        Args:
            rows: one qubit or more.
            helper: the operation is a part of another gate and does not count as one.
        """
        if len(rows) == 1:
            self.add(Z, rows[0], rows[0], rows[0], helper)
        elif len(rows) == 2:
            self.add(CZ, rows[0], rows[0], rows[1], helper)
        else:
            self.add(MCZ, self._list(rows), len(rows), rows[-1], helper)

    def swap(self, rows: Sequence[int]) -> None:
        """Swap the last two of some qubits, controlled by the others.

        Args:
            rows: two qubits or more, the controls first.
        """
        *controls, a, t = rows
        if len(controls) == 0:
            self.add(SWAP, a, a, t)
        elif len(controls) == 1:
            self.add(CSWAP, controls[0], a, t)
        else:
            self.x([t, a], helper=True)
            self.x([*controls, a, t])
            self.x([t, a], helper=True)

    def turn(self, rows: Sequence[int], angle: Angle, helper: bool = False) -> None:
        """e^(i angle) where all these qubits are 1; a global phase for none.

        Args:
            rows: qubits, none or more.
            angle: in radians, or an open parameter.
            helper: the operation is a part of another gate and does not count as one.
        """
        if not rows:
            self.phase = self.phase + angle
        elif not isinstance(angle, ParameterExpression) and abs(angle) == math.pi:
            self.z(rows, helper)
        else:
            self.add(PHASE, self._list(rows), len(rows), self._angle(angle), helper)

    def unitary(self, rows: Sequence[int], gate: Gate, helper: bool = False) -> None:
        """A one-qubit gate on the last of some qubits, controlled by the others.

        Args:
            rows: qubits, controls first and target last.
            gate: a one-qubit gate with a matrix, perhaps with open parameters.
            helper: the operation is a part of another gate and does not count as one.
        """
        self.add(UNITARY, self._list(rows), len(rows), self._matrix(gate), helper)

    def block(self, rows: Sequence[int], matrix: NDArray[np.complex128]) -> None:
        """Any unitary matrix on some qubits.

        Args:
            rows: k qubits, the first of them the lowest bit of the matrix's basis states.
            matrix: (2^k, 2^k).
        """
        self.blocks.append(np.ascontiguousarray(matrix, dtype=np.complex128))
        self.add(MATRIX, self._list(rows), len(rows), len(self.blocks) - 1)

    def done(self, qubits: int, clbits: int, registers: Mapping[str, tuple[int, ...]]) -> Program:
        """The finished program.

        Args:
            qubits: number of qubits.
            clbits: number of classical bits.
            registers: the qubits of each register by its name.

        Returns:
            The program; the draft is not used any more.
        """
        phase = self.phase
        if isinstance(phase, ParameterExpression) and not phase.parameters:
            phase = float(phase)
        ops = np.array(self.ops, dtype=np.int32).reshape(-1, 4)
        return Program(
            qubits, clbits, ops, np.array(self.wires, dtype=np.int32), np.array(self.angles, dtype=np.float64),
            np.array(self.matrices, dtype=np.complex128), tuple(self.blocks), tuple(self.terms),
            np.frombuffer(bytes(self.helper), dtype=np.bool_), phase, self.open_angles, self.open_gates, registers,
        )  # fmt: skip

    def _list(self, rows: Sequence[int]) -> int:
        start = len(self.wires)
        self.wires.extend(rows)
        return start

    def _angle(self, angle: Angle) -> int:
        place = len(self.angles)
        if isinstance(angle, ParameterExpression):
            self.open_angles[place] = angle
            self.angles.append(math.nan)
        else:
            self.angles.append(float(angle))
        return place

    def _matrix(self, gate: Gate) -> int:
        if gate.name == "h":
            return 0
        free = any(isinstance(parameter, ParameterExpression) for parameter in gate.params)
        key = (gate.name, *gate.params)
        if not free and gate.name != "unitary" and key in self.known:
            return self.known[key]
        place = len(self.matrices)
        if free:
            self.open_gates[place] = gate
            self.matrices.append(np.full((2, 2), np.nan))
        else:
            self.matrices.append(gate.to_matrix())
            if gate.name != "unitary":
                self.known[key] = place
        return place


def _number(angle: Angle, values: Mapping[Parameter, float]) -> float:
    if not isinstance(angle, ParameterExpression):
        return float(angle)
    missing = [p.name for p in angle.parameters if p not in values]
    if missing:
        raise ValueError(f"no value for the parameter {missing[0]!r}; bind every parameter before running the circuit")
    return float(angle.bind({p: values[p] for p in angle.parameters}))
