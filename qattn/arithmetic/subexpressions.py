"""An inner product with constants as few additions: partial sums that several digits of the row share.

Written in signed digits, sum_l A_l u_l is a list of shifted, signed terms, each as many bits as its signal is wide. A
bit in the final heap costs about one AND (a full adder turns three bits into two). Two terms whose combination
u_a +- 2^s u_b occurs several times, at different shifts, are better added once: the sum is one bit wider than its
parts but replaces both, every time. This is common subexpression elimination, known from digital filters (Hartley,
IEEE TCAS-II 43, 1996; Paar, 1997), here weighed in ANDs, and bettered by local search: again and again some of the sums
are taken apart at random and found anew. On random constants it saves a fifth to a third of the ANDs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from qattn.arithmetic.common_pairs import MOST_SIGNALS, MOST_WEIGHT, State, common_pairs, pairs_of
from qattn.arithmetic.ripple import signed_digits
from qattn.arrays import Integers

TRIES = 100  # of the local search, a row
WORK = 20_000_000  # tries times pairs of digits, at most: about half a second
MOST_PAIRS = 1 << 20  # of digits that are looked at together, in about 100 MB


class Term(NamedTuple):
    """sign * 2^shift * signal."""

    signal: int
    shift: int
    sign: int


@dataclass(frozen=True)
class Sums:
    """A straight-line program of sums.

    Attributes:
        sums: terms of each partial sum; signal r + i is sums[i], signals below r are the inputs.
        totals: terms of the results, one for each row of coefficients.
    """

    sums: tuple[tuple[Term, ...], ...]
    totals: tuple[tuple[Term, ...], ...]

    @property
    def total(self) -> tuple[Term, ...]:
        """Terms of the first result."""
        return self.totals[0]


def share_sums(coefficients: Integers, bits: int) -> Sums:
    """Sums that add up to sum_l coefficients_l u_l for unsigned u_l of `bits` bits, with few ANDs.

    Args:
        coefficients: (r,) integers, or (R, r) for R results from the same u; what these share is added once as well.
        bits: width of each u_l.

    Greedy, then by local search (`qattn.arithmetic.common_pairs`). Last, sums used once are put in the place of their
    only use, where their bits are compressed together with others. The same coefficients always give the same sums.

    Returns:
        The partial sums, and the terms of each result.

    Cost: 4 ms for 32 coefficients of 6 bits, 0.25 s for 8 rows of them. Time and memory are bounded: with more digits
    there are fewer tries, and rows of very many digits are cut into parts that share nothing.
    """
    table = np.atleast_2d(coefficients)
    inputs = table.shape[1]
    digits = [[(c, *digit) for c, a in enumerate(row) for digit in signed_digits(int(a))] for row in table]
    length = np.array([len(own) for own in digits], dtype=np.int64)
    pairs = pairs_of(length)
    if inputs > 1 and (pairs > MOST_PAIRS or inputs + length.sum() >= MOST_SIGNALS):
        parts = np.array_split(table, 2, axis=1)
        return _joined([share_sums(part, bits) for part in parts], [part.shape[1] for part in parts])
    if any(sum(1 << shift for _, shift, _ in own) >= MOST_WEIGHT for own in digits):
        return Sums((), tuple(tuple(Term(*digit) for digit in own) for own in digits))
    terms = np.zeros((len(table), int(length.max(initial=0)), 3), dtype=np.int64)
    for row, own in zip(terms, digits, strict=True):
        row[: len(own)] = np.array([(c, shift, sign < 0) for c, shift, sign in own]).reshape(-1, 3)
    tries = min(TRIES * len(table), WORK // (pairs + 1))
    return _inline_single_uses(_program(common_pairs(terms, length, inputs, bits, tries), inputs), inputs)


def beside(programs: Sequence[Sums], inputs: int) -> Sums:
    """Programs over the same inputs as one that shares nothing between them.

    Args:
        programs: each with one result.
        inputs: number of inputs.

    Returns:
        One program; its results in the order of the programs.
    """
    sums: list[tuple[Term, ...]] = []
    totals = []
    for program in programs:
        shift = len(sums)
        sums += (_renumbered(terms, inputs, 0, shift) for terms in program.sums)
        totals.append(_renumbered(program.total, inputs, 0, shift))
    return Sums(tuple(sums), tuple(totals))


def _joined(parts: Sequence[Sums], columns: Sequence[int]) -> Sums:
    """One program of programs over so many inputs each, their results added up."""
    sums: list[tuple[Term, ...]] = []
    totals: list[tuple[Term, ...]] = [()] * len(parts[0].totals)
    before = 0
    for part, own in zip(parts, columns, strict=True):
        shift = sum(columns) - own - before + len(sums)
        sums += (_renumbered(terms, own, before, shift) for terms in part.sums)
        more = (_renumbered(terms, own, before, shift) for terms in part.totals)
        totals = [total + terms for total, terms in zip(totals, more, strict=True)]
        before += own
    return Sums(tuple(sums), tuple(totals))


def _renumbered(terms: tuple[Term, ...], inputs: int, before: int, shift: int) -> tuple[Term, ...]:
    """The terms where `before` inputs come before those of a program, and `shift` more signals before its sums."""
    return tuple(t._replace(signal=t.signal + before + (t.signal >= inputs) * shift) for t in terms)


def _program(state: State, inputs: int) -> Sums:
    """The sums in an order in which each comes after those it needs."""
    order: dict[int, int] = {signal: signal for signal in range(inputs)}
    sums: list[tuple[Term, ...]] = []
    waiting = [int(signal) for signal in np.flatnonzero(state.weight[inputs:])[::-1] + inputs]
    while waiting:
        first, second, apart, opposite = map(int, state.sums[waiting[-1]])
        needed = [signal for signal in (first, second) if signal not in order]
        if not needed and waiting[-1] not in order:
            order[waiting[-1]] = inputs + len(sums)
            sums.append((Term(order[first], 0, 1), Term(order[second], apart, 1 - 2 * opposite)))
        waiting = waiting + needed if needed else waiting[:-1]
    totals = tuple(
        tuple(Term(order[signal], shift, 1 - 2 * negative) for signal, shift, negative in terms[:size].tolist())
        for terms, size in zip(state.terms, state.length, strict=True)
    )
    return Sums(tuple(sums), totals)


def _inline_single_uses(program: Sums, inputs: int) -> Sums:
    """Replace a partial sum that is used once by its terms."""
    sums, totals = [list(terms) for terms in program.sums], [list(terms) for terms in program.totals]
    uses = Counter(term.signal for terms in (*sums, *totals) for term in terms)
    user = {term.signal: terms for terms in (*sums, *totals) for term in terms}
    for signal in reversed(range(inputs, inputs + len(sums))):
        if uses[signal] == 1:  # its parts are used as often as before
            terms, own = user[signal], sums[signal - inputs]
            use = next(term for term in terms if term.signal == signal)
            terms.remove(use)
            terms.extend(Term(t.signal, t.shift + use.shift, t.sign * use.sign) for t in own)
            user.update((t.signal, terms) for t in own)
            sums[signal - inputs] = []
    kept = [i for i, terms in enumerate(sums) if terms]
    rename = {inputs + old: inputs + new for new, old in enumerate(kept)}

    def renamed(terms: list[Term]) -> tuple[Term, ...]:
        return tuple(t._replace(signal=rename.get(t.signal, t.signal)) for t in terms)

    return Sums(tuple(renamed(sums[i]) for i in kept), tuple(map(renamed, totals)))
