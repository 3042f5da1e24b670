"""What a reversible circuit did to its n inputs: final bits and phases, packed 64 inputs to a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qattn.arrays import Words

Turns = NDArray[np.int64]

TURN = 1 << 40  # phases are integers modulo TURN
HALF = TURN // 2


class DirtyAncillaError(ValueError):
    """An ancilla did not return to |0>; the message names the qubit and an input."""


@dataclass(frozen=True, eq=False)
class Execution:
    """What a circuit did to its n inputs.

    Attributes:
        registers: the qubits of each register by its name, least significant first.
        n: number of inputs.
        planes: (qubits, ceil(n / 64)) final bits, input i of qubit q at bit i % 64 of planes[q, i // 64].
        turns: (n,) phase of each input in units of 2^-40 turns, in [0, 2^40).
        outcomes: final value of every classical bit.
    """

    registers: Mapping[str, tuple[int, ...]]
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
        """(n,) final unsigned integers of a register of at most 62 qubits.

        Args:
            register: its name.

        Returns:
            Whole numbers, qubit 0 the lowest bit.

        Raises:
            ValueError: when it has more than 62 qubits.
        """
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
            name = qubit_name(self.registers, dirty[0])
            example = np.flatnonzero(unpack(self.planes[dirty[0]], self.n))[0]
            raise DirtyAncillaError(f"qubit {name} is left in |1> for input {example} ({len(dirty)} dirty qubits)")
        return self

    def _rows(self, register: str) -> tuple[int, ...]:
        if register not in self.registers:
            raise ValueError(f"no register {register!r}; there are {list(self.registers)}")
        return self.registers[register]


def pack(bits: ArrayLike) -> Words:
    """(n,) bits to ceil(n / 64) words, input i at bit i % 64 of word i // 64.

    Args:
        bits: (n,) booleans.

    Returns:
        (ceil(n / 64),) words, zeros behind the last bit.
    """
    bits = np.asarray(bits, dtype=bool)
    padded = np.zeros(-(-bits.size // 64) * 64, dtype=bool)
    padded[: bits.size] = bits
    return np.packbits(padded, bitorder="little").view("<u8").astype(np.uint64, copy=False)


def unpack(words: Words, n: int) -> NDArray[np.bool_]:
    """The first n bits of packed words.

    Args:
        words: (ceil(n / 64),) words, entry i at bit i % 64 of words[i // 64].
        n: how many bits.

    Returns:
        (n,) booleans.
    """
    octets = np.ascontiguousarray(words).astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, count=n, bitorder="little").astype(bool)


def qubit_name(registers: Mapping[str, tuple[int, ...]], row: int) -> str:
    """`register[i]` of a qubit.

    Args:
        registers: the qubits of each register by its name.
        row: number of the qubit.

    Returns:
        Such as "score[3]"; "qubit 7" for one in no register.
    """
    return next((f"{name}[{rows.index(row)}]" for name, rows in registers.items() if row in rows), f"qubit {row}")
