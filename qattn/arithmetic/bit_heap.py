"""Compiling "sum_l A_l X_l >= T" to adders: a heap of bits, compressed column by column; see `carry_save`.

All shifted, signed key bits and the constant form columns of equal weight modulo 2^width. A full adder turns three bits
of a column into one and a carry for one AND (Gidney, 1709.06648); of the columns below the sign only the carries
matter, and of the sign's own column only the parity, which is free.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from qattn.arithmetic.ripple import offset_start
from qattn.arithmetic.subexpressions import Sums, Term, beside, share_sums
from qattn.arrays import Integers
from qattn.synthesis.cost import Operation, and_depth


class Literal(NamedTuple):
    """A wire, or its complement."""

    wire: int
    flip: bool


class Adder(NamedTuple):
    """carry, total = the two bits of inputs + one; carry is None where only the parity is of use."""

    inputs: tuple[Literal, ...]
    one: bool
    carry: int | None
    total: int


@dataclass
class _Heap:
    """Adders written so far; values are numbered as they appear. `ready` is a value's Toffoli depth."""

    ready: list[int]
    adders: list[Adder] = field(default_factory=list)

    def value(self, depth: int) -> int:
        self.ready.append(depth)
        return len(self.ready) - 1

    def compress(self, columns: list[list[Literal]], constant: int) -> tuple[list[Literal | None], int]:
        """One literal (or none, a zero) per column and a constant, of the same sum modulo 2^len(columns)."""
        left: list[Literal | None] = []
        rest = 0
        for p in range(len(columns)):
            ahead = columns[p + 1] if p + 1 < len(columns) else None
            constant = _cancel(columns[p], ahead, constant, p)
            one = bool(constant >> p & 1)
            if ahead is None:
                left.append(self._parity(columns[p], one))
            else:
                left.append(self._column(columns[p], ahead, one))
            if not columns[p] and one:
                rest |= 1 << p
        return left, rest

    def _column(self, column: list[Literal], ahead: list[Literal], one: bool) -> Literal | None:
        queue = [(self.ready[literal.wire], i, literal) for i, literal in enumerate(column)]
        heapq.heapify(queue)
        while len(queue) > 1:
            inputs = tuple(heapq.heappop(queue)[2] for _ in range(min(3, len(queue))))
            used, one = one and len(inputs) == 2, one and len(inputs) == 3
            total = self._add(inputs, used, ahead)
            heapq.heappush(queue, (self.ready[total.wire], len(self.ready), total))
        if not queue:
            return None
        last = queue[0][2]
        if one:
            ahead.append(last)
        return Literal(last.wire, last.flip ^ one)

    def _add(self, inputs: tuple[Literal, ...], one: bool, ahead: list[Literal]) -> Literal:
        depth = max(self.ready[literal.wire] for literal in inputs)
        carry, total = self.value(depth + 1), self.value(depth)
        self.adders.append(Adder(inputs, one, carry, total))
        # maj(a, b, c) = c + (a + c)(b + c) and a or b = 1 + (1 + a)(1 + b): the AND lacks this flip
        ahead.append(Literal(carry, inputs[2].flip if len(inputs) == 3 else one))
        return Literal(total, one ^ bool(sum(literal.flip for literal in inputs) % 2))

    def _parity(self, column: list[Literal], one: bool) -> Literal | None:
        if not column:
            return None
        flip = one ^ bool(sum(literal.flip for literal in column) % 2)
        if len(column) == 1:
            return Literal(column[0].wire, flip)
        total = self.value(max(self.ready[literal.wire] for literal in column))
        self.adders.append(Adder(tuple(column), False, None, total))
        return Literal(total, flip)


def _cancel(column: list[Literal], ahead: list[Literal] | None, constant: int, p: int) -> int:
    """Take equal wires out of a column, x + x = 2x and x + (1 - x) = 1; returns the constant."""
    for wire, count in Counter(literal.wire for literal in column).items():
        while count > 1:
            first = next(literal for literal in column if literal.wire == wire)
            column.remove(first)
            second = next(literal for literal in column if literal.wire == wire)
            column.remove(second)
            count -= 2
            if first.flip != second.flip:
                constant += 1 << p
            elif ahead is not None:
                ahead.append(first)
    return constant


@dataclass(frozen=True)
class Network:
    """The inner product as gates on numbered wires.

    Attributes:
        keys: the key bits it needs, bit b of component c being c * bits + b; wire i starts as key bit keys[i].
        wires: number of wires; those past the key bits start in |0>, the last one (of several rows: the last ones) ends
            as the sign.
        ops: ("x", (target,)), ("cx", (control, target)) and ("and", (a, b, target)), in order.
    """

    keys: tuple[int, ...]
    wires: int
    ops: tuple[Operation, ...]

    @cached_property
    def ands(self) -> int:
        """Number of ANDs."""
        return sum(name == "and" for name, _ in self.ops)

    @cached_property
    def cnots(self) -> int:
        """Number of CNOTs."""
        return sum(name == "cx" for name, _ in self.ops)

    @cached_property
    def depth(self) -> int:
        """Toffoli depth."""
        return and_depth(self.ops)


def network(A: Integers, T: int, bits: int, width: int) -> Network:
    """Compile "sum_l A_l X_jl >= T" for keys in offset binary; see the module's text.

    Args:
        A: (r,) integer coefficients.
        T: threshold.
        bits: bits of one key component.
        width: two's complement bits that hold T - 1 - A.X_j for every key.

    Returns:
        The gates; their last wire ends as 1 exactly when A.X_j >= T.

    Cost: grows with the number of pairs of non-zero digits of A; about 0.1 s for 64 coefficients of 8 bits. The last
    few are kept: choosing a form, pricing it and building it ask for the same one.
    """
    return networks([A], [T], bits, [width])


def networks(rows: Sequence[Integers], Ts: Sequence[int], bits: int, widths: Sequence[int]) -> Network:
    """Compile the comparisons of several rows with the same keys; sums that rows have in common are added once.

    Args:
        rows: coefficients (r,) of each row.
        Ts: their thresholds.
        bits: bits of one key component.
        widths: two's complement bits for each row's T - 1 - A.X_j.

    Returns:
        One network, whose last wires are the rows' signs.
    """
    return _networks(tuple(tuple(map(int, A)) for A in rows), tuple(Ts), bits, tuple(widths))


def sign_network(columns: Sequence[Sequence[Literal]], constant: int, ready: Sequence[int]) -> Network:
    """Compile the top bit of a sum modulo 2^len(columns): of bits that are known already, not of keys times constants.

    Args:
        columns: the literals of each weight, the lowest first; their wires are numbers of inputs.
        constant: added to them.
        ready: the Toffoli depth at which each input is there.

    Returns:
        The gates; `keys` are the inputs that it needs, and the last wire ends as the top bit.

    Cost: sum over columns of floor(height / 2) ANDs, those of the top column left out.
    """
    heap, width = _Heap(list(ready)), len(columns)
    out, rest = heap.compress([list(column) for column in columns], constant % (1 << width))
    return _schedule(len(ready), heap.adders, [(out[-1], bool(rest >> (width - 1)))])


@lru_cache(maxsize=32)
def _networks(rows: tuple[tuple[int, ...], ...], Ts: tuple[int, ...], bits: int, widths: tuple[int, ...]) -> Network:
    programs = [_shared(rows, bits)]
    if len(rows) > 1:  # sums in common now and then stand in the way of better ones in a row
        programs.append(beside([_shared((A,), bits) for A in rows], len(rows[0])))
    return min((_compiled(program, rows, Ts, bits, widths) for program in programs), key=lambda net: net.ands)


def _compiled(
    program: Sums, rows: tuple[tuple[int, ...], ...], Ts: tuple[int, ...], bits: int, widths: tuple[int, ...]
) -> Network:
    """The network of one way to share sums."""
    r = len(rows[0])
    inputs = r * bits
    heap = _Heap([0] * inputs)
    # a signal is (bits by column, highest value, constant): its value is the unsigned sum of the bits plus the constant
    signals: list[tuple[list[Literal | None], int]] = [
        ([Literal(c * bits + b, False) for b in range(bits)], 0) for c in range(r)
    ]
    for terms in program.sums:
        columns, constant, highest = _columns(terms, signals)
        out, _ = heap.compress([columns.get(p, []) for p in range(highest.bit_length())], 0)
        signals.append((out, constant))
    signs = []
    for A, T, width, total in zip(rows, Ts, widths, program.totals, strict=True):
        columns, constant, _ = _columns(total, signals)
        constant = (constant + offset_start(np.array(A, dtype=np.int64), T, bits, width)) % (1 << width)
        out, rest = heap.compress([columns.get(p, []) for p in range(width)], constant)
        signs.append((out[-1], bool(rest >> (width - 1))))
    return _schedule(inputs, heap.adders, signs)


@lru_cache(maxsize=256)
def _shared(rows: tuple[tuple[int, ...], ...], bits: int) -> Sums:
    """The sums of these rows, which stay the same while thresholds rise."""
    return share_sums(-np.array(rows, dtype=np.int64), bits)


def _columns(
    terms: Sequence[Term], signals: list[tuple[list[Literal | None], int]]
) -> tuple[dict[int, list[Literal]], int, int]:
    """(literals by column, constant, highest value of the literals) of a sum of terms."""
    columns: dict[int, list[Literal]] = {}
    constant = highest = 0
    for signal, shift, sign in terms:
        literals, own = signals[signal]
        ones = sum(1 << p for p, literal in enumerate(literals) if literal is not None)
        constant += (own if sign > 0 else -own - ones) << shift
        highest += ones << shift
        for p, literal in enumerate(literals):
            if literal is not None:
                columns.setdefault(p + shift, []).append(Literal(literal.wire, literal.flip ^ (sign < 0)))
    return columns, constant, highest


def _schedule(inputs: int, adders: Sequence[Adder], signs: Sequence[tuple[Literal | None, bool]]) -> Network:
    """Give every value a wire (sums in place where the old value has no further use) and write the gates.

    A sign is a literal, or a constant where there is none.
    """
    uses: Counter[int] = Counter(sign.wire for sign, _ in signs if sign is not None)
    needed: list[Adder] = []
    for adder in reversed(adders):
        if uses[adder.total] or (adder.carry is not None and uses[adder.carry]):
            needed.append(adder)
            uses.update(literal.wire for literal in adder.inputs)
    wire = {value: value for value in range(inputs)}
    ops: list[Operation] = []
    fresh = inputs
    for adder in reversed(needed):
        uses.subtract(literal.wire for literal in adder.inputs)
        idle = [not uses[literal.wire] for literal in adder.inputs]
        at = [wire[literal.wire] for literal in adder.inputs]
        flips = [literal.flip for literal in adder.inputs]
        if adder.carry is not None:
            wire[adder.carry], fresh = fresh, fresh + 1
        total = None
        if uses[adder.total]:
            total = at[idle.index(True)] if any(idle) else fresh
            fresh += total == fresh
            wire[adder.total] = total
        carry = None if adder.carry is None else wire[adder.carry]
        ops.extend(_adder_ops(at, flips, idle, adder.one, carry, total))
    for sign, constant in signs:
        if sign is not None:
            ops.append(("cx", (wire[sign.wire], fresh)))
        if constant if sign is None else sign.flip:
            ops.append(("x", (fresh,)))
        fresh += 1
    keys = sorted({wire for _, wires in ops for wire in wires if wire < inputs})
    rename = {old: new for new, old in enumerate([*keys, *range(inputs, fresh)])}
    return Network(tuple(keys), len(rename), tuple((name, tuple(rename[w] for w in wires)) for name, wires in ops))


def _adder_ops(
    at: list[int], flips: list[bool], idle: list[bool], one: bool, carry: int | None, total: int | None
) -> Iterator[Operation]:
    """Gates of one adder: CNOTs, X and one AND. Inputs still of use keep their values."""
    if carry is None:
        sources = [wire for wire in at if wire != total]
        yield from (("cx", (wire, total)) for wire in sources if total is not None)
        return
    third = at[2] if len(at) == 3 else None
    invert = [w for w, f in zip(at[:2], flips, strict=False) if f ^ (one if third is None else flips[2])]
    if third is not None:
        yield from (("cx", (third, wire)) for wire in at[:2])
    yield from (("x", (wire,)) for wire in invert)
    yield "and", (at[0], at[1], carry)
    yield from (("x", (wire,)) for wire in invert)
    if third is None:
        yield from (("cx", (wire, total)) for wire in at if wire != total and total is not None)
        return
    yield "cx", (third, carry)
    if total in at[:2]:
        other = at[1] if total == at[0] else at[0]
        yield "cx", (third, other)
        yield "cx", (other, total)
    elif total is not None and total != third:
        yield "cx", (at[0], total)
        yield "cx", (third, at[1])
        yield "cx", (at[1], total)
        yield "cx", (third, at[0])
    else:
        yield from (("cx", (third, w)) for w, unused in zip(at[:2], idle, strict=False) if total == third or not unused)
        yield from (("cx", (wire, third)) for wire in at[:2] if total == third)
