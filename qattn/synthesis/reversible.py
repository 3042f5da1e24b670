"""Runs a reversible circuit on all n inputs at once, phases and measurements included, without a state vector.

A compute circuit is a permutation of basis states, so n inputs cost n bits a qubit: every qubit is a row of packed
64-bit words, one bit per input, and a gate is one or two word operations. Thousands of qubits and a million gates run
in seconds on every one of thousands of inputs.

Three things beyond permutations are tracked exactly, because oracles need them:

- the phase of each input (Z, CZ, CCZ, P, CP ...), in units of 2^-40 turns;
- a qubit in (|0> + e^(i phi)|1>)/sqrt 2 with its own phi per input, made by H: the phase accumulator's score register,
  and the first half of a measurement in the X basis;
- measurements of such qubits: the outcome is a fair coin r whatever the input, and the input's phase gains r phi
  (Gidney, 1709.06648, figure 3), together with resets and gates conditioned on outcomes.

What the model cannot represent (a measurement that would tell inputs apart, a control in superposition) is an error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit.circuit import QuantumCircuit

from qattn.arrays import Words
from qattn.synthesis import program as codes
from qattn.synthesis.conditions import Memory, evaluate, store
from qattn.synthesis.execution import HALF, TURN, DirtyAncillaError, Execution, Turns, pack, qubit_name, unpack
from qattn.synthesis.flatten import flatten
from qattn.synthesis.program import Program
from qattn.synthesis.words import run_words

__all__ = ["DirtyAncillaError", "Execution", "execute"]


def execute(
    circuit: QuantumCircuit | Program,
    inputs: ArrayLike | Mapping[str, ArrayLike],
    *,
    seed: int | np.random.Generator = 0,
) -> Execution:
    """Run a circuit on n basis states |inputs_i>|0...0>; phases are up to the circuit's global phase.

    Args:
        circuit: X, Z, SWAP and P gates with any controls, H, measurements, resets, conditioned blocks, and instructions
            defined by these; parameters bound. Or the program of such a circuit.
        inputs: (n,) integers for the register `index` (or the number n itself: 0..n-1), or such arrays for several
            registers by name; at most 62 qubits a register, or (n, size) booleans, bit 0 first.
        seed: of the measurement outcomes.

    Returns:
        Final bits, phases and outcomes.

    Raises:
        ValueError: naming the instruction that is not reversible classical logic in the sense above.
    """
    program = circuit if isinstance(circuit, Program) else flatten(circuit)
    state = _start(program, dict(inputs) if isinstance(inputs, Mapping) else {"index": inputs}, seed)
    try:
        _run(state, program)
    except _Unsupported as error:
        raise ValueError(f"{error} on {[qubit_name(program.registers, row) for row in error.rows]}") from None
    if state.fourier:
        raise ValueError(f"qubit {qubit_name(program.registers, min(state.fourier))} is left in superposition")
    return Execution(program.registers, state.turns.size, state.planes, state.phases(), tuple(state.memory.bits))


def _start(program: Program, inputs: Mapping[str, ArrayLike], seed: int | np.random.Generator) -> _State:
    """The state of all inputs before the first gate."""
    bits = {name: _bits(name, values, program.registers.get(name)) for name, values in inputs.items()}
    n = len(next(iter(bits.values())))
    state = _State.zero(program.qubits, program.clbits, n, np.random.default_rng(seed))
    seen = np.zeros((n, 0), dtype=bool)
    for name, columns in bits.items():
        if len(columns) != n:
            raise ValueError(f"inputs for register {name!r} do not fit: need {n} of them")
        distinct = seen.shape[1] > 0 and len(np.unique(seen, axis=0)) == n
        seen = np.concatenate([seen, columns], axis=1)
        for row, column in zip(program.registers[name], columns.T, strict=True):
            state.planes[row] = pack(column)
            if not distinct:
                state.anchor[row] = state.planes[row].copy()
    return state


def _bits(name: str, values: ArrayLike, rows: Sequence[int] | None) -> NDArray[np.bool_]:
    """(n, size) input bits of a register."""
    given, size = np.asarray(values), 0 if rows is None else len(rows)
    if given.dtype == np.bool_ and given.ndim == 2 and rows is not None and given.shape[1] == size:
        return given
    given = np.asarray(values, dtype=np.int64)
    given = given if given.ndim else np.arange(int(given))
    fits = 0 < size <= 62 and given.ndim == 1 and given.min(initial=0) >= 0
    if not fits or given.max(initial=0) >> size:
        raise ValueError(f"inputs for register {name!r} do not fit: need integers of its size, or (n, {size}) booleans")
    return np.asarray(given[:, None] >> np.arange(size) & 1, dtype=bool)


@dataclass(eq=False)
class _State:
    """Bits and phases of all inputs while a circuit runs.

    `fourier` maps a qubit in superposition to its phases; `anchor` holds the initial bits of input qubits that tell the
    inputs apart.
    """

    planes: Words
    signs: Words
    turns: Turns
    memory: Memory
    valid: Words
    rng: np.random.Generator
    held: NDArray[np.int32]
    fourier: dict[int, Turns] = field(default_factory=dict)
    anchor: dict[int, Words] = field(default_factory=dict)

    @classmethod
    def zero(cls, qubits: int, clbits: int, n: int, rng: np.random.Generator) -> _State:
        if n < 1:
            raise ValueError("give at least one input")
        valid = pack(np.ones(n, dtype=bool))
        planes = np.zeros((qubits, valid.size), dtype=np.uint64)
        held = np.full(qubits, -1, dtype=np.int32)
        return cls(planes, np.zeros_like(valid), np.zeros(n, np.int64), Memory([False] * clbits), valid, rng, held)

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
        """X with controls, somewhere on a superposition."""
        *controls, target = rows
        self._classical(controls, rows)
        self._kick(controls, target)

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
        phi = self._release(row)
        if phi is None:
            self.fourier[row] = HALF * unpack(self.planes[row], self.turns.size)
            self.held[row] = 0
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

    def _release(self, row: int) -> Turns | None:
        self.held[row] = -1
        return self.fourier.pop(row, None)

    def measure(self, row: int) -> bool:
        phi = self._release(row)
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


def _run(state: _State, program: Program) -> None:
    """Stretches of word operations in compiled code, whatever is left one by one."""
    ops, wires, turns = program.ops, program.wires, _turns(program)
    position, end, width = 0, len(program), state.valid.size
    while position < end:
        stop = min(end, position + max(1, _PIECE // width))
        position = run_words(ops, wires, position, stop, state.planes, width, state.signs, state.valid, state.held)
        if position < stop:
            position = _step(state, program, position, turns)


_PIECE = 1 << 27  # word operations between two looks at the keyboard: some 0.1 s


def _step(state: _State, program: Program, position: int, turns: Sequence[int]) -> int:
    """One operation that the compiled loop leaves; returns the next one's position."""
    code, a, b, t = (int(x) for x in program.ops[position])
    rows = program.operands(position)
    if code == codes.PHASE:
        state.phase(rows, turns[t])
    elif code in (codes.Z, codes.CZ, codes.MCZ):
        state.phase(rows, HALF)
    elif code in (codes.X, codes.CX, codes.CCX, codes.MCX):
        state.x(rows)
    elif code == codes.UNITARY and len(rows) == 1 and t == 0:
        state.h(rows)
    elif code == codes.MEASURE:
        state.memory.bits[b] = state.measure(t)
    elif code == codes.RESET:
        state.reset(t)
    elif code == codes.JUMP or (code == codes.BRANCH and not evaluate(program.terms[b], state.memory)):
        return t
    elif code == codes.STORE:
        store(program.terms[a], evaluate(program.terms[b], state.memory), state.memory)
    elif code in (codes.SWAP, codes.CSWAP):
        raise _Unsupported("a swap of a superposition", rows)
    elif code != codes.BRANCH:
        raise _Unsupported("a gate that is not reversible classical logic", rows)
    return position + 1


def _turns(program: Program) -> list[int]:
    """The angles of a program as integer numbers of 2^-40 turns."""
    if program.open_angles:
        free = next(iter(program.open_angles.values()))
        raise ValueError(f"the circuit has the free parameter {free}; bind it before executing")
    turns = np.round(program.angles / (2 * math.pi) * TURN)
    off = np.abs(program.angles - turns * (2 * math.pi / TURN)) > 1e-14 * np.maximum(1.0, np.abs(program.angles))
    if off.any():
        place = int(np.argmax(off))
        at = next(i for i, (code, _, _, t) in enumerate(program.ops) if code == codes.PHASE and t == place)
        message = f"a phase of {program.angles[place]}, no multiple of 2^-40 turns,"
        raise _Unsupported(message, program.operands(at))
    return [int(turn) for turn in turns]
