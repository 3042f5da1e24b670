"""What a phase oracle of any gates does to each of its indices, from its gates alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import QuantumCircuit

from qattn.arrays import Bits, Integers, Words
from qattn.simulator.branches import Branches, Gates
from qattn.simulator.layout import ANCHORS, COUNT
from qattn.synthesis.execution import DirtyAncillaError, pack, qubit_name
from qattn.synthesis.flatten import flatten
from qattn.synthesis.program import MATRIX, Program

TOLERANCE = 1e-6  # of an amplitude
PIECE = 1 << 14  # indices in one state


class NotDiagonalError(ValueError):
    """A circuit that takes an index to something else than plus or minus itself; the message names the index."""


def index_signs(circuit: QuantumCircuit | Program, n: int) -> Bits:
    """(n,) True where the circuit takes |j>|0> to -|j>|0> on register `index`, False where it leaves it alone.

    All n inputs run side by side in one sparse state, each with a label of its own, so an index that moves, an ancilla
    that stays in |1> or a superposition is seen for every input.

    Args:
        circuit: gates with a definition or a matrix; a register `index`, all other qubits start in |0>.
        n: indices 0..n-1.

    Returns:
        (n,) booleans.

    Raises:
        DirtyAncillaError: when a qubit outside `index` is not back in |0> for some index.
        NotDiagonalError: when an index moves, or its phase is neither 1 nor -1.
        ValueError: naming an instruction that is no gate.
        TooManyBranches: when memory would not hold the state.

    Cost: the circuit on n basis states, times the superposition its own gates make.
    """
    program = circuit if isinstance(circuit, Program) else flatten(circuit)
    program = program.bind({})
    pieces = [_piece(program, np.arange(low, min(low + PIECE, n))) for low in range(0, n, PIECE)]
    return np.concatenate(pieces)


def _piece(program: Program, js: Integers) -> Bits:
    """The signs of some of the indices."""
    label = max(1, (js.size - 1).bit_length())
    state = Branches.zero(program.qubits + label)
    state.grow(js.size, state.arrays.owner.size)
    arrays, index = state.arrays, program.registers["index"]
    for i, row in enumerate(index):
        _write(arrays.planes[row], js >> i & 1)
    for i in range(label):
        _write(arrays.planes[program.qubits + i], np.arange(js.size) >> i & 1)
    _write(arrays.valid, np.ones(js.size))
    arrays.amps[: js.size] = 1
    arrays.info[COUNT], arrays.info[ANCHORS] = js.size, -1
    _run(state, program)
    state.write_out()
    return _read(state, program, js, label)


def _write(plane: Words, bits: ArrayLike) -> None:
    words = pack(bits)
    plane[: words.size] = words


def _run(state: Branches, program: Program) -> None:
    gates, position = Gates.of(program), 0
    while (position := state.run(gates, position, len(program))) < len(program):
        code, _, _, t = (int(x) for x in program.ops[position])
        if code != MATRIX:
            raise ValueError("the circuit measures, resets or branches; a phase oracle consists of gates alone")
        state.matrix(program.operands(position), program.blocks[t])
        position += 1


def _read(state: Branches, program: Program, js: Integers, label: int) -> Bits:
    """The sign of each index from the final state."""
    amps = state.arrays.amps[: state.count] * np.exp(1j * float(program.phase))
    kept = np.abs(amps) > TOLERANCE
    who = _numbers(state, range(program.qubits, program.qubits + label))
    index = program.registers["index"]
    for row in sorted(set(range(program.qubits)) - set(index)):
        if (dirty := np.flatnonzero(state.bits(row) & kept)).size:
            name, j = qubit_name(program.registers, row), js[who[dirty[0]]]
            raise DirtyAncillaError(f"qubit {name} is left in |1>, wholly or partly, for index {j}; undo what set it")
    where = _numbers(state, index)
    if (moved := np.flatnonzero(kept & (where != js[who]))).size:
        j = js[who[moved[0]]]
        raise NotDiagonalError(f"index {j} goes to {where[moved[0]]}; a phase oracle changes no index, only its sign")
    phases = np.zeros(js.size, np.complex128)
    phases[who[kept]] = amps[kept]
    if (odd := np.flatnonzero(np.minimum(np.abs(phases - 1), np.abs(phases + 1)) > TOLERANCE)).size:
        j, turn = js[odd[0]], np.angle(phases[odd[0]]) / np.pi
        raise NotDiagonalError(
            f"index {j} gets the phase exp({turn:.6g} pi i), which is neither 1 nor -1; if all indices share a factor, "
            "take it out of circuit.global_phase"
        )
    return np.asarray(phases.real < 0)


def _numbers(state: Branches, rows: Sequence[int]) -> Integers:
    """What these qubits spell in each branch, least significant first."""
    number = np.zeros(state.count, dtype=np.int64)
    for i, row in enumerate(rows):
        number += state.bits(row).astype(np.int64) << i
    return number
