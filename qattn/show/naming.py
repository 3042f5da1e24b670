"""What a stage is called: told from what it did to the registers, held against the integers the circuit stands for.

A lookup is named after the key component that the register then holds in every branch, an addition after the multiple
of it by which the score changed; a stage that takes the registers back to where an earlier one found them is its undo.
So a name is a fact of the recorded state, and a circuit that loads something else is not called by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qattn.arithmetic.comparison import Comparison
from qattn.arrays import Bits, Integers
from qattn.show.stages import INDEX, LOAD, SCORE, SIGN, Piece

KEY = "key"


@dataclass(frozen=True)
class Column:
    """A register in every row of the table.

    Attributes:
        values: its integer, bits read as unsigned; None where the row's branch has no amplitude.
        fourier: the register holds the integer's Fourier transform.
    """

    values: tuple[int | None, ...]
    fourier: bool = False


Columns = Mapping[str, Column]


@dataclass
class Namer:
    """Names stages in their order.

    Attributes:
        what: the integers that the circuit compares; None for a circuit that is not known to compare any.
        width: qubits of each register.
    """

    what: Comparison | None
    width: Mapping[str, int]
    done: list[tuple[str, Columns, Columns]] = field(default_factory=list)  # name, registers before, after
    flipped: bool = False
    last: int = -1  # the key bit named last, component by component
    loaded: str = ""

    def name(self, piece: Piece, before: Columns, after: Columns) -> tuple[str, str]:
        """What the stage is called, and what it did.

        Args:
            piece: the stage.
            before: the registers it found.
            after: the registers it left.

        Returns:
            (name, note); the note may be empty.
        """
        if piece.kind == SIGN:
            self.flipped = True
            return _sign(piece)
        changed = [name for name in after if after[name] != before[name]]
        if self.done and changed and (self.what is None or self.flipped):
            undone, earlier, later = self.done[-1]
            if dict(later) == dict(before) and dict(earlier) == dict(after):
                self.done.pop()
                return f"undo {undone}", "the same gates in reverse order: the registers are as before it"
        name, note = self._forward(piece, before, after, changed)
        if changed:
            self.done.append((name, before, after))
        return name, note

    def begin(self) -> None:
        """An iteration begins: there is nothing to be undone."""
        self.done.clear()
        self.flipped, self.last, self.loaded = False, -1, ""

    def _forward(self, piece: Piece, before: Columns, after: Columns, changed: list[str]) -> tuple[str, str]:
        written = [name for name in changed if name in piece.writes]
        listed = ", ".join(written)
        if piece.kind == LOAD and written != [INDEX]:
            if KEY in changed and self.what is not None and not after[KEY].fourier:
                return self._load(after[KEY], listed)
            if written:
                return f"load {listed}", "|j>|x> -> |j>|x xor word_j>"
        if self.what is not None and SCORE in changed:
            return self._arithmetic(piece, before[SCORE], after[SCORE])
        if written:
            return f"write {listed}", ""
        on = ", ".join(sorted(piece.reads))
        return (f"act on {on}", "no bit of any branch changes") if piece.writes else (f"phases on {on}", "")

    def _load(self, key: Column, listed: str) -> tuple[str, str]:
        assert self.what is not None
        label, reading = self._component(key)
        self.loaded = label
        if not label:
            return f"load {listed}", "|j>|x> -> |j>|x xor word_j>: a part of the lookup"
        how = {"two": ", in two's complement", "offset": f", as K + {1 << (self.what.bits - 1)}", "": ""}[reading]
        return f"load {label}", f"|j>|x> -> |j>|x xor word_j>: in branch j register key holds {label} of K_j{how}"

    def _component(self, key: Column) -> tuple[str, str]:
        """What the key register holds in every branch, and how signs are read."""
        assert self.what is not None
        what, size = self.what, self.width[KEY]
        js, values = _present(key)
        words = _bits(values, size)
        raw = np.concatenate([_bits(what.X[js, c].tolist(), what.bits) for c in range(what.X.shape[1])])
        top = np.arange(len(raw)) % what.bits == what.bits - 1
        for reading, table in (("two", raw), ("offset", raw ^ top[:, None])):
            order = [*range(self.last + 1, len(table)), *range(self.last + 1)]
            if size == 1:
                for place in order:
                    if np.array_equal(table[place], words[0]):
                        self.last = place
                        return f"bit {place % what.bits} of component {place // what.bits}", ""
            for place in order if size == what.bits else ():
                if place % what.bits == 0 and np.array_equal(table[place : place + size], words):
                    self.last = place
                    return f"component {place // what.bits}", reading
        known = {row.tobytes() for row in (*raw, *(raw ^ True))}
        return ("the key bits" if all(word.tobytes() in known for word in words) else ""), ""

    def _arithmetic(self, piece: Piece, before: Column, after: Column) -> tuple[str, str]:
        assert self.what is not None
        if before.fourier and not after.fourier:
            return "compare (out of the Fourier basis)", "the sign bit of score is now [A.K_j >= T]"
        if self.width[SCORE] == 1:
            return "add up and compare", "sums and carries are kept in sum; score is [A.K_j >= T]"
        if KEY not in piece.reads:
            return "start the score", f"score = {_signed(_present(after)[1][0], self.width[SCORE])} in every branch"
        component, factor, offset = self._multiple(before, after)
        label = (
            f"component {component}" if component >= 0 and " of " not in self.loaded else self.loaded or "the key bits"
        )
        if factor == 0:
            return f"multiply-add, {label}", "score loses the row's coefficient times what key holds"
        shift = f" + {offset}" if offset else ""
        sign = "-" if factor < 0 else "+"
        return f"multiply-add, {label}", f"score -> score {sign} {abs(factor)} (K_j,{component}{shift})"

    def _multiple(self, before: Column, after: Column) -> tuple[int, int, int]:
        """(component, factor, offset) with score += factor (K + offset) in every branch; factor 0: none found."""
        assert self.what is not None
        what, modulus = self.what, 1 << self.width[SCORE]
        js, old = _present(before)
        delta = (np.array(_present(after)[1]) - np.array(old)) % modulus
        count = what.X.shape[1]
        first = max(self.last, 0) // what.bits
        for c in ((first + i) % count for i in range(count)):
            for offset in (0, 1 << (what.bits - 1)):
                read = what.X[js, c] + offset
                for factor in _factors(int(what.A[c]), self.width[SCORE]):
                    if np.array_equal(factor * read % modulus, delta):
                        return c, factor, offset
        return -1, 0, 0


def _factors(coefficient: int, width: int) -> list[int]:
    """The whole coefficient, subtracted, and then single digits."""
    return [-coefficient, *(sign << p if sign > 0 else -(1 << p) for p in range(width) for sign in (1, -1))]


def _sign(piece: Piece) -> tuple[str, str]:
    if SCORE in piece.reads:
        return "Z on the sign", "(-1)^[A.K_j >= T]: the amplitudes of the marked keys change their sign, no bit changes"
    return f"Z on {', '.join(sorted(piece.reads))}", "amplitudes change their sign, no bit changes"


def _present(column: Column) -> tuple[Integers, list[int]]:
    """The rows that have a branch, and the register's integers there."""
    pairs = [(j, value) for j, value in enumerate(column.values) if value is not None]
    return np.array([j for j, _ in pairs], dtype=np.int64), [value for _, value in pairs]


def _bits(values: Sequence[int], size: int) -> Bits:
    """(size, rows) bits of integers of any size, negative ones in two's complement."""
    rows: NDArray[np.bool_] = np.array([[value >> b & 1 for value in values] for b in range(size)], dtype=bool)
    return rows


def _signed(value: int, width: int) -> int:
    """Two's complement."""
    return value - (1 << width) if value >> (width - 1) else value
