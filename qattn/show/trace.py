"""The sparse simulator's state after each stage of a circuit: its branches, register by register."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Bits
from qattn.show.stages import Piece
from qattn.simulator.branches import Branches, Gates
from qattn.synthesis.flatten import flatten
from qattn.synthesis.program import MATRIX

MOST_ROWS = 4096
ZERO = 1e-12  # an amplitude below is none
Complex = NDArray[np.complex128]
Places = Mapping[str, tuple[int, ...]]


class NotALabel(Exception):
    """Two branches agree in the register that should tell them apart."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A state, branch by branch in no particular order.

    Attributes:
        words: each register's integer in each branch, bits read as unsigned; of a register in the Fourier basis the
            integer v whose transform it holds, qubit r standing in (|0> + e^(2 pi i v / 2^(r+1)) |1>) / sqrt 2.
        fourier: the registers in the Fourier basis.
        amplitudes: (branches,) of the basis states; with Fourier registers, of |j>|v's transform>.
    """

    words: Mapping[str, list[int]]
    fourier: frozenset[str]
    amplitudes: Complex


def trace(pieces: Sequence[Piece], places: Places, label: str | None) -> list[Snapshot]:
    """Run the stages one after the other from |0...0>, and look at the state after each.

    Args:
        pieces: stages on the same qubits.
        places: the qubits of each register, least significant first.
        label: a register in which branches differ, so that others may stay in the Fourier basis; None: every branch is
            written out in the computational basis.

    Returns:
        A snapshot per stage.

    Raises:
        NotALabel: when branches agree in the register `label`.
        ValueError: when a stage measures, has open parameters, or leaves more than 4096 branches.
    """
    state = Branches.zero(sum(map(len, places.values())))
    ready = {id(piece): Gates.of(flatten(piece.circuit).bind({})) for piece in {id(p): p for p in pieces}.values()}
    shots = []
    for piece in pieces:
        _advance(state, ready[id(piece)])
        shots.append(_snapshot(state, places, label))
    return shots


def _advance(state: Branches, gates: Gates) -> None:
    program, position = gates.program, 0
    while (position := state.run(gates, position, len(program))) < len(program):
        if program.ops[position, 0] != MATRIX:
            raise ValueError("a circuit that measures in the middle cannot be stepped through; give a unitary one")
        state.matrix(program.operands(position), program.blocks[int(program.ops[position, 3])])
        position += 1
    state.arrays.amps[:] *= np.exp(1j * float(program.phase))


def _snapshot(state: Branches, places: Places, label: str | None) -> Snapshot:
    turned = _fourier(state, places, label)
    if turned is None:
        state.write_out()
        turned = {}
    count, s = state.count, state.arrays
    if count > MOST_ROWS:
        raise ValueError(f"the state has {count} branches (basis states); at most {MOST_ROWS} can be shown")
    signs = np.unpackbits(s.signs.astype("<u8").view(np.uint8), count=count, bitorder="little").astype(bool)
    amplitudes = np.where(signs, -s.amps[:count], s.amps[:count])
    for name in turned:
        for q in places[name]:
            amplitudes = amplitudes * s.pairs[s.held[q], :count, 0] * math.sqrt(2)
    present = np.abs(amplitudes) > ZERO
    words = {
        name: _integers(np.array([state.bits(q) for q in wires])[:, present]) if name not in turned
        else turned[name][present].tolist()
        for name, wires in places.items()
    }  # fmt: skip
    if label is not None and len(set(words[label])) < len(words[label]):
        raise NotALabel
    return Snapshot(words, frozenset(turned), amplitudes[present])


def _fourier(state: Branches, places: Places, label: str | None) -> dict[str, NDArray[np.int64]] | None:
    """The integers of registers all of whose qubits are held; None when a held qubit is no part of such a register."""
    held = state.arrays.held >= 0
    found = {}
    for name, wires in places.items():
        if not held[list(wires)].any():
            continue
        values = None if label is None or name == label else _transformed(state, wires)
        if values is None:
            return None
        found[name] = values
    return found or None


def _transformed(state: Branches, wires: Sequence[int]) -> NDArray[np.int64] | None:
    """The integer v in each branch where the qubits are held in v's Fourier transform; None when they are not."""
    s, count, size = state.arrays, state.count, len(wires)
    if min(s.held[q] for q in wires) < 0 or size > 40:
        return None
    pairs = np.array([s.pairs[s.held[q], :count] for q in wires])
    if np.abs(np.abs(pairs) - math.sqrt(0.5)).max() > 1e-9:
        return None
    turns = np.angle(pairs[:, :, 1] / pairs[:, :, 0]) / (2 * math.pi)
    values = np.rint(turns[-1] * 2.0**size).astype(np.int64) % (1 << size)
    wanted = values[None, :] / 2.0 ** np.arange(1, size + 1)[:, None]
    off = turns - wanted
    return values if np.abs(off - np.rint(off)).max() < 1e-9 else None


def _integers(bits: Bits) -> list[int]:
    """(qubits, branches) bits as one integer a branch, the first qubit lowest; of any size."""
    if len(bits) <= 62:
        return list((bits.astype(np.int64) << np.arange(len(bits))[:, None]).sum(axis=0).tolist())
    octets = np.packbits(bits.T, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in octets]
