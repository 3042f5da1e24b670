"""`execute` as it was before circuits were flattened into programs: a walk over the instructions in Python.

Kept word for word (only the imports of its two modules are merged) as the baseline of `simulate.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit.circuit import Bit, CircuitInstruction, ClassicalRegister, ControlledGate, QuantumCircuit, Qubit

Words = NDArray[np.uint64]
Turns = NDArray[np.int64]

TURN = 1 << 40  # phases are integers modulo TURN
HALF = TURN // 2


class DirtyAncillaError(ValueError):
    """An ancilla did not return to |0>; the message names the qubit and an input."""


@dataclass(frozen=True, eq=False)
class Execution:
    """What a circuit did to its n inputs.

    Attributes:
        circuit: the circuit that ran.
        n: number of inputs.
        planes: (qubits, ceil(n / 64)) final bits, input i of qubit q at bit i % 64 of planes[q, i // 64].
        turns: (n,) phase of each input in units of 2^-40 turns, in [0, 2^40).
        outcomes: final value of every classical bit.
    """

    circuit: QuantumCircuit
    n: int
    planes: Words
    turns: Turns
    outcomes: tuple[bool, ...]

    @property
    def signs(self) -> NDArray[np.bool_]:
        """(n,) True where the input gained the phase -1.

        Raises:
            ValueError: when some phase is neither 1 nor -1.
        """
        odd = np.flatnonzero(self.turns % HALF)
        if odd.size:
            raise ValueError(f"input {odd[0]} has the phase {self.turns[odd[0]] / TURN} turns, neither +1 nor -1")
        return np.asarray(self.turns != 0)

    def bits(self, register: str) -> NDArray[np.bool_]:
        """(n, size) final bits of a register."""
        return np.stack([unpack(self.planes[row], self.n) for row in self._rows(register)], axis=1)

    def values(self, register: str) -> NDArray[np.int64]:
        """(n,) final unsigned integers of a register of at most 62 qubits."""
        rows = self._rows(register)
        if len(rows) > 62:
            raise ValueError(f"register {register} has {len(rows)} qubits; read it with bits()")
        return sum((unpack(self.planes[row], self.n).astype(np.int64) << b for b, row in enumerate(rows)),
                   np.zeros(self.n, dtype=np.int64))  # fmt: skip

    def check_clean(self, *keep: str) -> Execution:
        """Require every qubit outside the registers `keep` to be 0 for every input; returns itself.

        Raises:
            DirtyAncillaError: naming the first dirty qubit and an input on which it is 1.
        """
        kept = {row for name in keep for row in self._rows(name)}
        dirty = [int(row) for row in np.flatnonzero(self.planes.any(axis=1)) if row not in kept]
        if dirty:
            name, example = qubit_name(self.circuit, dirty[0]), np.flatnonzero(unpack(self.planes[dirty[0]], self.n))[0]
            raise DirtyAncillaError(f"qubit {name} is left in |1> for input {example} ({len(dirty)} dirty qubits)")
        return self

    def _rows(self, register: str) -> list[int]:
        for candidate in self.circuit.qregs:
            if candidate.name == register:
                return [self.circuit.find_bit(qubit).index for qubit in candidate]
        raise ValueError(f"no register {register!r}; there are {[r.name for r in self.circuit.qregs]}")


def pack(bits: ArrayLike) -> Words:
    """(n,) bits to ceil(n / 64) words, input i at bit i % 64 of word i // 64."""
    bits = np.asarray(bits, dtype=bool)
    padded = np.zeros(-(-bits.size // 64) * 64, dtype=bool)
    padded[: bits.size] = bits
    return np.packbits(padded, bitorder="little").view("<u8").astype(np.uint64, copy=False)


def unpack(words: Words, n: int) -> NDArray[np.bool_]:
    """The first n bits of packed words."""
    octets = np.ascontiguousarray(words).astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, count=n, bitorder="little").astype(bool)


def qubit_name(circuit: QuantumCircuit, row: int) -> str:
    """`register[i]` of a qubit."""
    found = circuit.find_bit(circuit.qubits[row]).registers
    return f"{found[0][0].name}[{found[0][1]}]" if found else f"qubit {row}"


def execute(
    circuit: QuantumCircuit, inputs: ArrayLike | Mapping[str, ArrayLike], *, seed: int | np.random.Generator = 0
) -> Execution:
    """Run a circuit on n basis states |inputs_i>|0...0>.

    Args:
        circuit: X, Z, SWAP and P gates with any controls, H, measurements, resets, conditioned blocks, and instructions
            defined by these; parameters bound.
        inputs: (n,) integers for the register `index` (or the number n itself: 0..n-1), or such arrays for several
            registers by name; at most 62 qubits a register.
        seed: of the measurement outcomes.

    Returns:
        Final bits, phases and outcomes.

    Raises:
        ValueError: naming the instruction that is not reversible classical logic in the sense above.
    """
    registers = dict(inputs) if isinstance(inputs, Mapping) else {"index": inputs}
    given = {name: np.asarray(values, dtype=np.int64) for name, values in registers.items()}
    arrays = {name: values if values.ndim else np.arange(int(values)) for name, values in given.items()}
    n = len(next(iter(arrays.values())))
    state = _State.zero(circuit.num_qubits, circuit.num_clbits, n, np.random.default_rng(seed))
    seen: list[NDArray[np.int64]] = []
    for name, values in arrays.items():
        distinct = bool(seen) and len(np.unique(np.stack(seen), axis=1).T) == n
        seen.append(values)
        qubits = next((register for register in circuit.qregs if register.name == name), None)
        if qubits is None or len(values) != n or values.min() < 0 or values.max() >> len(qubits):
            raise ValueError(f"inputs for register {name!r} do not fit: need {n} integers of its size")
        for b, qubit in enumerate(qubits):
            row = circuit.find_bit(qubit).index
            state.planes[row] = pack(values >> b & 1)
            if not distinct:
                state.anchor[row] = state.planes[row].copy()
    try:
        _run(state, circuit, range(circuit.num_qubits), range(circuit.num_clbits))
    except _Unsupported as error:
        raise ValueError(f"{error} on {[qubit_name(circuit, row) for row in error.rows]}") from None
    if state.fourier:
        raise ValueError(f"qubit {qubit_name(circuit, min(state.fourier))} is left in superposition")
    return Execution(circuit, n, np.array(state.planes), state.phases(), tuple(state.outcomes))


@dataclass(eq=False)
class _State:
    """Bits and phases of all inputs while a circuit runs.

    `fourier` maps a qubit in superposition to its phases; `anchor` holds the initial bits of input qubits that tell the
    inputs apart.
    """

    planes: list[Words]
    signs: Words
    turns: Turns
    outcomes: list[bool]
    valid: Words
    rng: np.random.Generator
    fourier: dict[int, Turns] = field(default_factory=dict)
    anchor: dict[int, Words] = field(default_factory=dict)

    @classmethod
    def zero(cls, qubits: int, clbits: int, n: int, rng: np.random.Generator) -> _State:
        if n < 1:
            raise ValueError("give at least one input")
        valid = pack(np.ones(n, dtype=bool))
        planes = list(np.zeros((qubits, valid.size), dtype=np.uint64))
        return cls(planes, np.zeros_like(valid), np.zeros(n, np.int64), [False] * clbits, valid, rng)

    def phases(self) -> Turns:
        """(n,) total phase of each input."""
        return (self.turns + HALF * unpack(self.signs, self.turns.size)) % TURN

    def all_of(self, rows: Sequence[int]) -> Words:
        """Words of the AND of some qubits; all ones for none."""
        product = self.valid.copy()
        for row in rows:
            product &= self.planes[row]
        return product

    # gates -----------------------------------------------------------------------------------------------------

    def x(self, rows: Sequence[int]) -> None:
        *controls, target = rows
        if self.fourier:
            self._classical(controls, rows)
            if target in self.fourier:
                return self._kick(controls, target)
        if len(controls) == 1:
            self.planes[target] ^= self.planes[controls[0]]
        elif len(controls) == 2:
            self.planes[target] ^= self.planes[controls[0]] & self.planes[controls[1]]
        else:
            self.planes[target] ^= self.all_of(controls)
        return None

    def swap(self, rows: Sequence[int]) -> None:
        *controls, a, b = rows
        if self.fourier:
            self._classical(rows, rows)
        difference = (self.planes[a] ^ self.planes[b]) & self.all_of(controls)
        self.planes[a] ^= difference
        self.planes[b] ^= difference

    def z(self, rows: Sequence[int]) -> None:
        if self.fourier:
            self.phase(rows, HALF)
        elif len(rows) == 2:
            self.signs ^= self.planes[rows[0]] & self.planes[rows[1]]
        else:
            self.signs ^= self.all_of(rows)

    def phase(self, rows: Sequence[int], turn: int) -> None:
        """Phase `turn` where all these qubits are 1; at most one of them in superposition."""
        free = [row for row in rows if row in self.fourier]
        if len(free) > 1:
            raise _Unsupported("a phase between two qubits in superposition", rows)
        others = [row for row in rows if row not in self.fourier]
        where = turn * unpack(self.all_of(others), self.turns.size)
        if free:
            self.fourier[free[0]] = (self.fourier[free[0]] + where) % TURN
        else:
            self.turns = (self.turns + where) % TURN

    def h(self, rows: Sequence[int]) -> None:
        """|b> becomes |0> + (-1)^b |1>, and back; a superposition in between must be one of the two."""
        (row,) = rows
        phi = self.fourier.pop(row, None)
        if phi is None:
            self.fourier[row] = HALF * unpack(self.planes[row], self.turns.size)
        elif np.any(phi % HALF):
            raise _Unsupported("H leaves a superposition (a phase that is neither 0 nor half a turn)", rows)
        else:
            self.planes[row] = pack(phi != 0)

    def _kick(self, controls: Sequence[int], target: int) -> None:
        """X with controls onto a qubit in superposition: back-action of phase on the controls."""
        phi = self.fourier[target]
        if not controls:
            self.turns = (self.turns + phi) % TURN
            self.fourier[target] = -phi % TURN
        elif np.any(phi % HALF):
            raise _Unsupported("a controlled X on a qubit that is in neither |+> nor |->", [*controls, target])
        else:
            self.signs ^= self.all_of(controls) & pack(phi != 0)

    def _classical(self, rows: Sequence[int], named: Sequence[int]) -> None:
        if any(row in self.fourier for row in rows):
            raise _Unsupported("a gate that would entangle a superposition", named)

    # measurement -----------------------------------------------------------------------------------------------

    def measure(self, row: int) -> bool:
        phi = self.fourier.pop(row, None)
        if phi is None:
            outcome = bool(self.planes[row].any())
            if outcome and not np.array_equal(self.planes[row], self.valid):
                raise _Unsupported("a measurement that tells inputs apart", [row])
            return outcome
        self._require_distinct(row)
        outcome = bool(self.rng.integers(2))
        if outcome:
            self.turns = (self.turns + phi) % TURN
        self.planes[row][:] = self.valid if outcome else 0
        return outcome

    def reset(self, row: int) -> None:
        self.measure(row)
        self.planes[row][:] = 0

    def _require_distinct(self, row: int) -> None:
        """Outcomes are fair coins, and later phases are per input, only if the other qubits tell the inputs apart."""
        held = row not in self.anchor and all(np.array_equal(self.planes[i], p) for i, p in self.anchor.items())
        if held or self.turns.size == 1:
            return
        others = [plane for i, plane in enumerate(self.planes) if i != row and i not in self.fourier and plane.any()]
        columns = np.array([unpack(plane, self.turns.size) for plane in others]).T
        if len(others) == 0 or len(np.unique(columns, axis=0)) < self.turns.size:
            raise _Unsupported("a measurement after which two inputs coincide", [row])


class _Unsupported(Exception):
    def __init__(self, message: str, rows: Sequence[int]) -> None:
        super().__init__(message)
        self.rows = list(rows)


_FLIPS: dict[str, Callable[[_State, Sequence[int]], None]] = {
    "x": _State.x, "cx": _State.x, "ccx": _State.x, "mcx": _State.x, "temporary_and": _State.x, "undo_and": _State.x,
    "swap": _State.swap, "cswap": _State.swap, "z": _State.z, "cz": _State.z, "ccz": _State.z, "h": _State.h,
}  # fmt: skip
_PHASES = {"p", "cp", "mcphase", "u1", "cu1"}
_FRACTIONS = {"s": HALF // 2, "cs": HALF // 2, "sdg": -HALF // 2, "csdg": -HALF // 2, "t": HALF // 4, "tdg": -HALF // 4}


def _run(state: _State, circuit: QuantumCircuit, rows: Sequence[int], clbits: Sequence[int]) -> None:
    """Run `circuit`, its qubit i standing for row rows[i] and its clbit i for outcome clbits[i]."""
    row_of: dict[Qubit, int] = dict(zip(circuit.qubits, rows, strict=True))
    bit_of: dict[Bit, int] = dict(zip(circuit.clbits, clbits, strict=True))
    for instruction in circuit.data:
        name = instruction.name
        where = [row_of[qubit] for qubit in instruction.qubits]
        if name in _FLIPS:
            _FLIPS[name](state, where)
        elif name in _PHASES:
            state.phase(where, _turn(instruction, where))
        elif name in _FRACTIONS:
            state.phase(where, _FRACTIONS[name])
        elif name == "measure":
            state.outcomes[bit_of[instruction.clbits[0]]] = state.measure(where[0])
        elif name == "reset":
            state.reset(where[0])
        elif name == "if_else":
            _run_branch(state, instruction, where, bit_of)
        elif name not in ("barrier", "id"):
            _run_definition(state, instruction, where, [bit_of[bit] for bit in instruction.clbits])


def _turn(instruction: CircuitInstruction, rows: Sequence[int]) -> int:
    """The angle of a phase gate as an integer number of 2^-40 turns."""
    angle = instruction.operation.params[0]
    if not isinstance(angle, int | float | np.number):
        raise ValueError(f"{instruction.name} has the free parameter {angle}; bind it before executing")
    turn = round(float(angle) / (2 * math.pi) * TURN)
    if abs(float(angle) - turn * (2 * math.pi / TURN)) > 1e-14 * max(1.0, abs(float(angle))):
        raise _Unsupported(f"{instruction.name} by {angle}, no multiple of 2^-40 turns,", rows)
    return turn


def _run_branch(state: _State, instruction: CircuitInstruction, rows: list[int], bit_of: dict[Bit, int]) -> None:
    target, value = instruction.operation.condition
    bits = list(target) if isinstance(target, ClassicalRegister) else [target]
    holds = sum(state.outcomes[bit_of[bit]] << i for i, bit in enumerate(bits)) == int(value)
    blocks = instruction.operation.blocks
    if holds or len(blocks) > 1:
        _run(state, blocks[0 if holds else 1], rows, [bit_of[bit] for bit in instruction.clbits])


def _run_definition(state: _State, instruction: CircuitInstruction, rows: list[int], clbits: list[int]) -> None:
    """Anything else: controls on 0 by conjugation with X, other instructions by their definition."""
    operation = instruction.operation
    if isinstance(operation, ControlledGate) and operation.ctrl_state != 2**operation.num_ctrl_qubits - 1:
        zeros = [rows[i] for i in range(operation.num_ctrl_qubits) if not operation.ctrl_state >> i & 1]
        positive = QuantumCircuit(len(rows))
        opened = operation.copy()
        opened.ctrl_state = None
        positive.append(opened, range(len(rows)))
        for row in zeros:
            state.x([row])
        _run(state, positive, rows, ())
        for row in zeros:
            state.x([row])
    elif isinstance(operation, ControlledGate) and operation.base_gate.name in ("x", "z"):
        (state.x if operation.base_gate.name == "x" else state.z)(rows)
    elif operation.definition is not None:
        _run(state, operation.definition, rows, clbits)
    else:
        raise _Unsupported(f"instruction {operation.name!r} is not reversible classical logic", rows)
