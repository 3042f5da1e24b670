"""Which pairs of terms to add once: the compiled search behind `qattn.arithmetic.subexpressions`.

A total is a list of terms +- 2^shift signal. A sum is a pair, signal a +- 2^shift signal b, and becomes a signal itself;
where the pair occurs in a total, one term of the sum takes its place. The price, in ANDs, is the bits of all terms left
in the totals plus the adders of the sums, out - 1 - shift for a sum of `out` bits.

Greedy: the pair that lowers the price most becomes a sum, again and again. Then local search: some sums and some uses,
at random, are taken apart, and the gaps are filled greedily with scores slightly off at random; the outcome is kept
unless it is dearer. The random numbers come from a seed of their own: the same table always gives the same sums.

Only prices depend on the weights (floats, exact below 2^53); whatever is chosen adds up to the same totals.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Floats, Integers, compiled, inlined, inner

SIGNAL: Final = 0  # places in a row of State.terms
SHIFT: Final = 1
NEGATIVE: Final = 2
FIRST: Final = 0  # places in a row of State.sums
SECOND: Final = 1
APART: Final = 2
OPPOSITE: Final = 3

SIGNALS: Final = 20  # bits of a signal's number in a key
SHIFTS: Final = 8  # bits of a shift
UNDONE: Final = 0.15  # share of the sums, and of the uses, that a try takes apart
NOISE: Final = 0.3  # scores are this much off, at most
SEED: Final = 88172645463325252


class State(NamedTuple):
    """Totals and sums, changed in place.

    Attributes:
        terms: (R, most, 3) signal, shift, and 1 where it is subtracted; no two of a total share signal and shift.
        length: (R,) number of terms of each total.
        sums: (signals, 4) first and second signal, shift of the second, and 1 where it is subtracted.
        weight: (signals,) highest value of a signal over that of an input; 0 where there is no such signal.
    """

    terms: Integers
    length: Integers
    sums: Integers
    weight: Floats


class Pairs(NamedTuple):
    """Every pair of terms that occurs in a total, with what it would save; a hash table.

    Attributes:
        slots: places of pairs, -1 where empty; `size[1]` of them are in use, a power of two.
        size: (2,) number of pairs, and of slots.
        key: the pair, packed.
        count: how often it occurs.
        own: the signal that is this sum already, or -1.
        score: what the greedy choice goes by; 0 where nothing is gained.
    """

    slots: NDArray[np.int32]
    size: Integers
    key: Integers
    count: NDArray[np.int32]
    own: NDArray[np.int32]
    score: Floats


def pairs_of(lengths: Integers) -> int:
    """Pairs of terms within totals of these lengths.

    Args:
        lengths: (R,) numbers of terms.

    Returns:
        Their number.
    """
    return int((lengths * (lengths - 1) // 2).sum())


def common_pairs(terms: Integers, length: Integers, inputs: int, bits: int, tries: int) -> State:
    """Sums of pairs that the totals have in common.

    Args:
        terms: (R, most, 3) signal, shift and 1 for minus of every term; unchanged.
        length: (R,) terms of each total.
        inputs: number of input signals, all unsigned.
        bits: width of each.
        tries: of the local search.

    Returns:
        Totals of the same values, shorter, with the sums they use.
    """
    room = inputs + int(length.sum()) // 2 + 1
    weight = np.zeros(room)
    weight[:inputs] = 1
    state = State(terms.copy(), length.copy(), np.zeros((room, 4), dtype=np.int64), weight)
    most = 2 * pairs_of(length) + room  # a use of a sum makes no more pairs than there were in its total
    pairs = Pairs(
        np.empty(2 * most, dtype=np.int32), np.zeros(2, dtype=np.int64), np.empty(most, dtype=np.int64),
        *(np.empty(most, dtype=np.int32) for _ in range(2)), np.empty(most),
    )  # fmt: skip
    _search(state, pairs, inputs, bits, tries)
    return state


# compiled --------------------------------------------------------------------------------------------------------------


@inlined
def _chance(random: Any) -> float:
    """A pseudo-random number in [0, 1): xorshift64."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return float(x >> np.uint64(11)) * 2.0**-53


@inlined
def _width(weight: float, bits: int) -> int:
    """Bits of weight * (2^bits - 1), a whole weight."""
    part, exponent = math.frexp(weight)
    return bits + exponent - int(part - 0.5 < math.ldexp(part, -bits))


@inlined
def _key(terms: Integers, i: int, j: int) -> int:
    """The pair of two terms of a total, as a number: the one of less shift (of the lower signal) comes first."""
    if terms[j, SHIFT] < terms[i, SHIFT] or (terms[j, SHIFT] == terms[i, SHIFT] and terms[j, SIGNAL] < terms[i, SIGNAL]):
        i, j = j, i
    apart, opposite = terms[j, SHIFT] - terms[i, SHIFT], terms[i, NEGATIVE] ^ terms[j, NEGATIVE]
    return _packed(terms[i, SIGNAL], terms[j, SIGNAL], apart, opposite)


@inlined
def _packed(first: int, second: int, apart: int, opposite: int) -> int:
    return (((first << SIGNALS | second) << SHIFTS) | apart) << 1 | opposite


@inlined
def _sum_of(key: int) -> tuple[int, int, int, int]:
    """First signal, second signal, shift of the second, 1 where it is subtracted."""
    return (
        key >> (SIGNALS + SHIFTS + 1),
        (key >> (SHIFTS + 1)) & ((1 << SIGNALS) - 1),
        (key >> 1) & ((1 << SHIFTS) - 1),
        key & 1,
    )


@inlined
def _place(pairs: Pairs, key: int) -> int:
    """Where the pair stands in the table; it is entered if it is new."""
    mask = pairs.size[1] - 1
    at = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while pairs.slots[at] >= 0:
        if pairs.key[pairs.slots[at]] == key:
            return pairs.slots[at]
        at = (at + 1) & mask
    place = pairs.size[0]
    pairs.slots[at] = place
    pairs.size[0] += 1
    pairs.key[place], pairs.count[place], pairs.own[place], pairs.score[place] = key, 0, -1, 0.0
    return place


@inlined
def _rate(pairs: Pairs, place: int, state: State, bits: int, noise: float, random: Any) -> None:
    """Score a pair by its gain, weighed down by the number of terms it takes from others.

    Uses of a signal beside itself overlap, a + 4a and 4a + 16a: of m in a row every other one can be had.
    """
    pairs.score[place] = 0.0
    known = pairs.own[place] >= 0
    if pairs.count[place] == 0 or (pairs.count[place] == 1 and not known):
        return
    first, second, apart, _ = _sum_of(pairs.key[place])
    times = (pairs.count[place] + 1) // 2 if first == second else pairs.count[place]
    one, other = state.weight[first], state.weight[second]
    out = _width(one + math.ldexp(other, apart), bits)
    gain = times * (_width(one, bits) + _width(other, bits) - out) - (0 if known else max(0, out - 1 - apart))
    if gain > 0 and (times > 1 or known):
        pairs.score[place] = gain / math.sqrt(times) * (1 + noise * _chance(random))


@inner
def _count_all(state: State, pairs: Pairs, inputs: int, bits: int, noise: float, random: Any) -> None:
    """Fill the table with all pairs of the totals, and all sums."""
    need = state.weight.size
    for length in state.length:
        need += length * (length - 1)
    size = 1
    while 2 * size <= min(pairs.slots.size, 2 * need):
        size *= 2
    pairs.slots[:size] = -1
    pairs.size[0], pairs.size[1] = 0, size
    for x in range(inputs, state.weight.size):
        if state.weight[x] > 0:
            own = state.sums[x]
            pairs.own[_place(pairs, _packed(own[FIRST], own[SECOND], own[APART], own[OPPOSITE]))] = x
    for r in range(state.length.size):
        terms = state.terms[r]
        for i in range(state.length[r]):
            for j in range(i):
                pairs.count[_place(pairs, _key(terms, i, j))] += 1
    for place in range(pairs.size[0]):
        _rate(pairs, place, state, bits, noise, random)


@inner
def _occurrence(terms: Integers, length: int, key: int) -> tuple[int, int]:
    """The pair's terms in a total, those of least shift; (-1, -1) where there are none."""
    first, second, apart, opposite = _sum_of(key)
    found, other = -1, -1
    for i in range(length):
        if terms[i, SIGNAL] == first and (found < 0 or terms[i, SHIFT] < terms[found, SHIFT]):
            for j in range(length):
                if (
                    terms[j, SIGNAL] == second
                    and terms[j, SHIFT] == terms[i, SHIFT] + apart
                    and terms[j, NEGATIVE] == terms[i, NEGATIVE] ^ opposite
                ):
                    found, other = i, j
    return found, other


@inner
def _use(state: State, pairs: Pairs, signal: int, bits: int, noise: float, random: Any) -> None:
    """Put a sum into the place of its pair wherever it occurs, and recount the pairs beside it."""
    own = state.sums[signal]
    key = _packed(own[FIRST], own[SECOND], own[APART], own[OPPOSITE])
    for r in range(state.length.size):
        terms = state.terms[r]
        i, j = _occurrence(terms, state.length[r], key)
        while i >= 0:
            length = state.length[r]
            for k in range(length):
                for at in (i, j):
                    if k != at and not (k == i and at == j):  # the pair itself once
                        place = _place(pairs, _key(terms, at, k))
                        pairs.count[place] -= 1
                        _rate(pairs, place, state, bits, noise, random)
            terms[i, SIGNAL] = signal  # shift and sign are those of the first
            terms[j] = terms[length - 1]
            i = j if i == length - 1 else i
            length -= 1
            state.length[r] = length
            for k in range(length):
                if k != i:
                    place = _place(pairs, _key(terms, i, k))
                    pairs.count[place] += 1
                    _rate(pairs, place, state, bits, noise, random)
            i, j = _occurrence(terms, length, key)


@inner
def _fill(state: State, pairs: Pairs, inputs: int, bits: int, noise: float, random: Any) -> None:
    """Make the best pair a sum, or use the one there is, as long as something is gained."""
    _count_all(state, pairs, inputs, bits, noise, random)
    while True:
        best = 0
        for place in range(1, pairs.size[0]):
            if pairs.score[place] > pairs.score[best]:
                best = place
        if pairs.size[0] == 0 or pairs.score[best] <= 0:
            return
        signal = pairs.own[best]
        if signal < 0:
            signal = inputs
            while signal < state.weight.size and state.weight[signal] > 0:
                signal += 1
            if signal == state.weight.size:
                return
            first, second, apart, opposite = _sum_of(pairs.key[best])
            state.weight[signal] = state.weight[first] + math.ldexp(state.weight[second], apart)
            own = state.sums[signal]
            own[FIRST], own[SECOND], own[APART], own[OPPOSITE] = first, second, apart, opposite
            pairs.own[best] = signal
        _use(state, pairs, signal, bits, noise, random)


@inner
def _take_apart(state: State, r: int, i: int) -> None:
    """Write a term of a total as the two terms of its sum."""
    term, last = state.terms[r, i], state.terms[r, state.length[r]]
    own = state.sums[term[SIGNAL]]
    last[SIGNAL], last[SHIFT] = own[SECOND], term[SHIFT] + own[APART]
    last[NEGATIVE] = term[NEGATIVE] ^ own[OPPOSITE]
    term[SIGNAL] = own[FIRST]
    state.length[r] += 1


@inner
def _without_lost(state: State, inputs: int) -> None:
    """Drop sums of dropped sums, and write totals in what is left."""
    lost = True
    while lost:
        lost = False
        for x in range(inputs, state.weight.size):
            if state.weight[x] > 0:
                own = state.sums[x]
                if state.weight[own[FIRST]] == 0 or state.weight[own[SECOND]] == 0:
                    state.weight[x], lost = 0.0, True
    for r in range(state.length.size):
        i = 0
        while i < state.length[r]:
            if state.weight[state.terms[r, i, SIGNAL]] == 0:
                _take_apart(state, r, i)
            else:
                i += 1


@inner
def _undo_some(state: State, inputs: int, random: Any) -> None:
    """Take some sums and some uses apart, at random."""
    for x in range(inputs, state.weight.size):
        if state.weight[x] > 0 and _chance(random) < UNDONE:
            state.weight[x] = 0.0
    _without_lost(state, inputs)
    for r in range(state.length.size):
        i = 0
        while i < state.length[r]:
            if state.terms[r, i, SIGNAL] >= inputs and _chance(random) < UNDONE:
                _take_apart(state, r, i)
            i += 1


@inner
def _tidy(state: State, inputs: int, uses: Integers) -> None:
    """Take sums apart that no other sum and at most one total uses, until there are none."""
    idle = True
    while idle:
        uses[:] = 0
        for r in range(state.length.size):
            for i in range(state.length[r]):
                uses[state.terms[r, i, SIGNAL]] += 1
        for x in range(inputs, state.weight.size):
            if state.weight[x] > 0:
                uses[state.sums[x, FIRST]] += 2
                uses[state.sums[x, SECOND]] += 2
        idle = False
        for x in range(inputs, state.weight.size):
            if state.weight[x] > 0 and uses[x] < 2:
                state.weight[x], idle = 0.0, True
        if idle:
            _without_lost(state, inputs)


@inner
def _price(state: State, inputs: int, bits: int) -> int:
    """Bits of the terms that are left, and adders of the sums."""
    total = 0
    for r in range(state.length.size):
        for i in range(state.length[r]):
            total += _width(state.weight[state.terms[r, i, SIGNAL]], bits)
    for x in range(inputs, state.weight.size):
        if state.weight[x] > 0:
            total += max(0, _width(state.weight[x], bits) - 1 - state.sums[x, APART])
    return total


@inner
def _copy(source: State, target: State) -> None:
    for r in range(source.length.size):
        target.terms[r, : source.length[r]] = source.terms[r, : source.length[r]]
    target.length[:] = source.length
    target.sums[:] = source.sums
    target.weight[:] = source.weight


@compiled
def _search(best: State, pairs: Pairs, inputs: int, bits: int, tries: int) -> None:
    """Greedy sums, then tries to better them."""
    random = np.array([SEED], dtype=np.uint64)
    uses = np.zeros(best.weight.size, dtype=np.int64)
    _fill(best, pairs, inputs, bits, 0.0, random)
    _tidy(best, inputs, uses)
    least = _price(best, inputs, bits)
    state = State(best.terms.copy(), best.length.copy(), best.sums.copy(), best.weight.copy())
    for _ in range(tries):
        _undo_some(state, inputs, random)
        _tidy(state, inputs, uses)
        _fill(state, pairs, inputs, bits, NOISE, random)
        _tidy(state, inputs, uses)
        price = _price(state, inputs, bits)
        if price <= least:
            least = price
            _copy(state, best)
        else:
            _copy(best, state)
