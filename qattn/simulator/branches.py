"""The state of a simulation: its nonzero basis states as bit planes, and their amplitudes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Bits
from qattn.simulator import kernels, readout
from qattn.simulator.layout import COUNT, NEED, ROOM_FOR_BRANCHES, ZERO, Arrays
from qattn.synthesis.program import Program

Complex = NDArray[np.complex128]

T = TypeVar("T", bound=np.generic)

PIECE = 1 << 24  # operations times branches between two calls of `check`: a second at most


class TooManyBranches(MemoryError):
    """The state has more nonzero amplitudes than memory holds; the message names their number."""


@dataclass(frozen=True, eq=False)
class Gates:
    """A program's arrays in the form the kernels take."""

    program: Program
    factors: Complex

    @classmethod
    def of(cls, program: Program) -> Gates:
        """Phase factors of a program without open parameters."""
        return cls(program, np.exp(1j * program.angles))


@dataclass(eq=False)
class Branches:
    """A state of any number of qubits with few nonzero amplitudes.

    Attributes:
        arrays: what the kernels work on.
        memory: bytes the state may take.
    """

    arrays: Arrays
    memory: float

    @classmethod
    def zero(cls, qubits: int, memory: float | None = None) -> Branches:
        """|0...0>; by default the state may take half of the machine's memory.

        Args:
            qubits: number of qubits.
            memory: bytes the state may take; None: half of the machine's.

        Returns:
            One branch of amplitude 1.
        """
        words, slots = 1, 4
        state = Arrays(
            planes=np.zeros((qubits, words), np.uint64), signs=np.zeros(words, np.uint64),
            valid=np.zeros(words, np.uint64), amps=np.zeros(64 * words, np.complex128),
            held=np.full(qubits, -1, np.int32), pairs=np.zeros((slots, 64 * words, 2), np.complex128),
            owner=np.full(slots, -1, np.int64), anchors=np.zeros(64, np.int64), marks=np.zeros((64, words), np.uint64),
            info=np.zeros(4, np.int64),
        )  # fmt: skip
        state.amps[0], state.valid[0], state.info[COUNT] = 1, 1, 1
        return cls(state, memory_of_machine() / 2 if memory is None else memory)

    @property
    def count(self) -> int:
        """Number of branches held in memory."""
        return int(self.arrays.info[COUNT])

    @property
    def bytes(self) -> int:
        """Memory the state takes."""
        return sum(array.nbytes for array in self.arrays)

    def copy(self) -> Branches:
        """An independent state."""
        return Branches(Arrays._make(array.copy() for array in self.arrays), self.memory)

    def run(self, gates: Gates, start: int, stop: int, check: Callable[[], None] = lambda: None) -> int:
        """Run gates on one qubit with controls, up to the first operation that is none.

        Args:
            gates: the program.
            start: first operation.
            stop: end.
            check: called every tenth of a second or so; may raise.

        Returns:
            The number of the operation to go on from; `stop` when all were run.

        Raises:
            TooManyBranches: when memory would not hold the state.
        """
        program, position = gates.program, start
        while position < stop:
            check()
            end = min(stop, position + max(1, PIECE // self.arrays.amps.size))
            position, need = kernels.run(
                program.ops, program.wires, gates.factors, program.matrices, position, end, self.arrays
            )
            if need == ROOM_FOR_BRANCHES:
                self.grow(int(self.arrays.info[NEED]), self.arrays.owner.size)
            elif need:
                self.grow(self.arrays.amps.size, 2 * self.arrays.owner.size)
            elif position < end:
                break
        return position

    def grow(self, branches: int, slots: int) -> None:
        """Make room for so many branches and held qubits.

        Args:
            branches: as many must fit; memory is doubled until they do.
            slots: held qubits that must fit.

        Raises:
            TooManyBranches: when memory would not hold them.
        """
        old = self.arrays
        words = old.planes.shape[1]
        while 64 * words < branches:
            words *= 2
        if 64 * words == old.amps.size and slots == old.owner.size:
            return
        qubits = old.planes.shape[0]
        size = 64 * words * (qubits / 8 + 16 + 32 * slots + 32)
        if size > self.memory:
            raise TooManyBranches(
                f"the state has {branches} branches (nonzero basis states) of {qubits} qubits, {size / 2**30:.3g} GiB; "
                f"the limit is {self.memory / 2**30:.3g} GiB. Use a circuit that keeps fewer qubits in superposition"
            )

        def wider(array: NDArray[T], shape: tuple[int, ...], fill: int = 0) -> NDArray[T]:
            made = np.full(shape, fill, array.dtype)
            made[tuple(slice(0, size) for size in array.shape)] = array
            return made

        self.arrays = old._replace(
            planes=wider(old.planes, (qubits, words)), signs=wider(old.signs, (words,)),
            valid=wider(old.valid, (words,)), amps=wider(old.amps, (64 * words,)),
            pairs=wider(old.pairs, (slots, 64 * words, 2)), owner=wider(old.owner, (slots,), -1),
            marks=wider(old.marks, (64, words)),
        )  # fmt: skip

    def write_out(self) -> None:
        """Give every held qubit its plane, and every amplitude its sign."""
        while kernels.write_out(self.arrays):
            self.grow(int(self.arrays.info[NEED]), self.arrays.owner.size)

    def pauli(self, q: int, kind: str) -> None:
        """X, Y or Z on a qubit, Y up to its global phase: an error in a trajectory.

        Args:
            q: the qubit.
            kind: "X", "Y" or "Z".
        """
        s, slot = self.arrays, int(self.arrays.held[q])
        if kind in "YZ" and slot >= 0:
            s.pairs[slot, :, 1] *= -1
        elif kind in "YZ":
            s.signs[:] ^= s.planes[q]
        if kind in "XY" and slot >= 0:
            s.pairs[slot] = s.pairs[slot, :, ::-1].copy()
        elif kind in "XY":
            s.planes[q] ^= s.valid

    def matrix(self, qubits: Sequence[int], matrix: Complex) -> None:
        """A unitary matrix on several qubits, the first of them the lowest bit of its basis states.

        Args:
            qubits: k different ones.
            matrix: (2^k, 2^k).

        Raises:
            TooManyBranches: when memory would not hold the result.
        """
        self.write_out()
        s, count, k = self.arrays, self.count, len(qubits)
        ids, first = np.empty(count, np.int64), np.empty(count, np.int64)
        groups = readout.partition(s, np.array(qubits, dtype=np.int64), ids, first)
        inner = sum((self.bits(q).astype(np.int64) << i for i, q in enumerate(qubits)), np.zeros(count, np.int64))
        vectors = np.zeros((groups, 1 << k), np.complex128)
        vectors[ids, inner] = s.amps[:count]
        vectors = vectors @ matrix.T
        where, inner = np.nonzero(np.abs(vectors) > ZERO)
        self.grow(max(where.size, 1), s.owner.size)
        s = self.arrays
        readout.reorder(s, first[where])
        s.amps[: where.size] = vectors[where, inner]
        for i, q in enumerate(qubits):
            s.planes[q] = 0
            ones = np.packbits((inner >> i & 1).astype(bool), bitorder="little")
            s.planes[q].view(np.uint8)[: ones.size] = ones

    def bits(self, q: int) -> Bits:
        """(count,) bits of a qubit that is not held."""
        octets = self.arrays.planes[q].astype("<u8", copy=False).view(np.uint8)
        return np.unpackbits(octets, count=self.count, bitorder="little").astype(bool)

    def chance(self, q: int) -> float:
        """The probability of outcome 1; 0 and 1 exactly where no other outcome is possible."""
        one = float(readout.chance(self.arrays, q))
        return float(round(one)) if abs(one - round(one)) < ZERO else one

    def project(self, q: int, outcome: bool) -> None:
        """The state after a qubit was measured.

        Args:
            q: the qubit.
            outcome: what was measured; must have a probability above 0.
        """
        readout.project(self.arrays, q, int(outcome))

    def sample(self, qubits: Sequence[int], shots: int, rng: np.random.Generator) -> Bits:
        """Independent measurements of the state, which stays as it is.

        Args:
            qubits: which to measure.
            shots: how many times.
            rng: where outcomes come from.

        Returns:
            (shots, len(qubits)) bits.
        """
        s = self.arrays
        weights = np.cumsum(np.abs(s.amps[: self.count]) ** 2)
        drawn = np.minimum(np.searchsorted(weights, rng.random(shots) * weights[-1], side="right"), self.count - 1)
        columns: dict[int, Bits] = {}
        for q in qubits:
            if q not in columns and s.held[q] >= 0:
                columns[q] = rng.random(shots) < np.abs(s.pairs[s.held[q], drawn, 1]) ** 2
            elif q not in columns:
                columns[q] = self.bits(q)[drawn]
        return np.array([columns[q] for q in qubits], dtype=bool).reshape(len(qubits), shots).T

    def dense(self) -> Complex:
        """(2^qubits,) all amplitudes, qubit 0 the lowest bit."""
        qubits = self.arrays.held.size
        if 16 << qubits > self.memory:
            raise TooManyBranches(f"2^{qubits} amplitudes do not fit into {self.memory / 2**30:.3g} GiB")
        self.write_out()
        index = sum((self.bits(q).astype(np.int64) << q for q in range(qubits)), np.zeros(self.count, np.int64))
        vector = np.zeros(1 << qubits, np.complex128)
        vector[index] = self.arrays.amps[: self.count]
        return vector


def memory_of_machine() -> float:
    """Bytes of physical memory; 4 GiB where the system does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return 4.0 * 2**30
