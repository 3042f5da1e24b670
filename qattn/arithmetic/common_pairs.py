"""Which pairs of terms to add once: the compiled search behind `qattn.arithmetic.subexpressions`.

A total is a list of terms +- 2^shift signal. A sum is a pair, signal a +- 2^shift signal b, which is a signal itself;
where the pair occurs in a total, one term of the sum takes its place. The price, in ANDs, is the bits of all terms left
in the totals plus the adders of the sums, out - 1 - shift for a sum of `out` bits.

Greedy: the pair that lowers the price most becomes a sum, again and again. Then local search: some sums and some uses,
at random, are taken apart, and the gaps are filled greedily with scores slightly off at random; the outcome is kept
unless it is dearer. The random numbers come from a seed of their own: the same table always gives the same sums.

Prices use exact widths of sums, in int64 (`MOST_WEIGHT`); bits of the inputs enter only as a number.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Integers, compiled, inlined, inner

SIGNAL: Final = 0  # places in a row of State.terms
SHIFT: Final = 1
NEGATIVE: Final = 2
FIRST: Final = 0  # places in a row of State.sums
SECOND: Final = 1
APART: Final = 2
OPPOSITE: Final = 3
KEY: Final = 0  # places in a row of Pairs.table
COUNT: Final = 1
OWN: Final = 2

SIGNALS: Final = 20  # bits of a signal's number in a key
SHIFTS: Final = 8  # bits of a shift
UNDONE: Final = 0.1  # share of the sums, and of the uses, that a try takes apart
NOISE: Final = 1.0  # scores are up to this part too high
FINE: Final = 1024.0  # scores are kept as whole numbers of 1/FINE
SEED: Final = 88172645463325252
MOST_SIGNALS: Final = 1 << SIGNALS
MOST_WEIGHT: Final = 1 << 62  # what the powers of two of a total's terms add up to stays below


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
    weight: Integers


class Pairs(NamedTuple):
    """Every pair of terms that occurs in a total; a hash table.

    Attributes:
        slots: places of pairs, -1 where empty; the first `size[1]` are in use, a power of two.
        size: (2,) number of pairs, and of slots.
        table: (places, 3) the pair, packed; how often it occurs; the signal that is this sum already, or -1.
        score: (places,) what the greedy choice goes by; 0 where nothing is gained.
    """

    slots: NDArray[np.int32]
    size: Integers
    table: Integers
    score: NDArray[np.int32]


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
        length: (R,) terms of each total; together with the inputs fewer than `MOST_SIGNALS`.
        inputs: number of input signals, all unsigned.
        bits: width of each.
        tries: of the local search.

    Returns:
        Totals of the same values, shorter, with the sums they use.
    """
    # a sum takes the place of two terms at least twice
    room = inputs + int(length.sum()) // 2 + 1
    weight = np.zeros(room, dtype=np.int64)
    weight[:inputs] = 1
    state = State(terms.copy(), length.copy(), np.zeros((room, 4), dtype=np.int64), weight)
    most = 2 * pairs_of(length) + room  # a use of a sum makes no more pairs than there were in its total
    size = np.zeros(2, dtype=np.int64)
    pairs = Pairs(np.empty(2 * most, np.int32), size, np.empty((most, 3), np.int64), np.empty(most, np.int32))
    _search(state, pairs, inputs, bits, tries)
    return state


# compiled -------------------------------------------------------------------------------------------------------------


@inlined
def _scrambled(x: Any) -> Any:
    """64 bits, each of which depends on all of x: the last step of splitmix64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@inlined
def _fraction(x: Any) -> float:
    """64 random bits as a number in [0, 1)."""
    return np.float64(x >> np.uint64(11)) * 2.0**-53


@inlined
def _chance(random: Any) -> float:
    """A pseudo-random number in [0, 1): splitmix64."""
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    return _fraction(_scrambled(random[0]))


@inlined
def _bit_length(x: int) -> int:
    length = 0
    for step in (32, 16, 8, 4, 2, 1):
        if x >> step:
            x >>= step
            length += step
    return length + (x > 0)


@inlined
def _width(weight: int, bits: int) -> int:
    """Bits of weight * (2^bits - 1)."""
    length = _bit_length(weight)
    return bits + length - (weight - (1 << (length - 1)) < -(-weight >> min(bits, 62)))


@inlined
def _key(signal: int, shift: int, negative: int, other: int, other_shift: int, other_negative: int) -> int:
    """The pair of two terms of a total, as a number: the one of less shift (of the lower signal) comes first."""
    apart, opposite = other_shift - shift, negative ^ other_negative
    if apart < 0 or (apart == 0 and other < signal):
        key = _packed(other, signal, -apart, opposite)
    else:
        key = _packed(signal, other, apart, opposite)
    return key


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
def _slot(slots: NDArray[np.int32], table: Integers, mask: int, key: int) -> int:
    """The slot of a pair, or the empty one where it belongs."""
    at = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)) & mask
    while slots[at] >= 0 and table[slots[at], KEY] != key:
        at = (at + 1) & mask
    return at


@inlined
def _enter(table: Integers, place: int, key: int, own: int) -> None:
    table[place, KEY], table[place, COUNT], table[place, OWN] = key, 0, own


@inner
def _gain(one: int, other: int, apart: int, bits: int, times: int, known: bool) -> float:
    """ANDs saved by so many uses of a sum of two weights, weighed down by the number of terms it takes from others."""
    out = _width(one + (other << apart), bits)
    gain = times * (_width(one, bits) + _width(other, bits) - out)
    if not known:
        gain = gain - max(0, out - 1 - apart) if times > 1 else 0
    return max(0.0, gain / math.sqrt(times))


@inlined
def _score(key: int, count: int, own: int, one: int, other: int, bits: int, luck: int) -> float:
    """What the greedy choice goes by; off at random, for each pair by a factor of its own, unless luck is 0.

    Uses of a signal beside itself overlap, a + 4a and 4a + 16a: of m in a total at least every other one can be had.
    """
    score, known = 0.0, own >= 0
    if count > 1 or (count == 1 and known):
        first, second, apart, _ = _sum_of(key)
        score = _gain(one, other, apart, bits, (count + 1) // 2 if first == second else count, known)
        if luck != 0:
            score *= 1 + NOISE * _fraction(_scrambled(np.uint64(key) ^ np.uint64(luck)))
    return score


@inlined
def _rate(table: Integers, score: NDArray[np.int32], weight: Integers, place: int, bits: int, luck: int) -> None:
    """Keep the score of a pair."""
    first, second, _, _ = _sum_of(table[place, KEY])
    found = _score(table[place, KEY], table[place, COUNT], table[place, OWN], weight[first], weight[second], bits, luck)
    score[place] = np.int32(min(found * FINE, 2.0**31 - 1))


@inner
def _count_all(state: State, pairs: Pairs, inputs: int, bits: int, luck: int) -> None:
    """Fill the table with all pairs of the totals, and all sums."""
    slots, table, score, weight = pairs.slots, pairs.table, pairs.score, state.weight
    terms, lengths = state.terms, state.length
    places, need, size = 0, weight.size, 1
    for length in lengths:
        need += length * (length - 1)
    while 2 * size <= min(slots.size, 2 * need):
        size *= 2
    slots[:size] = -1
    mask = size - 1
    for x in range(inputs, weight.size):
        if weight[x] > 0:
            own = state.sums[x]
            key = _packed(own[FIRST], own[SECOND], own[APART], own[OPPOSITE])
            slots[_slot(slots, table, mask, key)] = places
            _enter(table, places, key, x)
            places += 1
    for r in range(lengths.size):
        for i in range(lengths[r]):
            signal, shift, negative = terms[r, i, SIGNAL], terms[r, i, SHIFT], terms[r, i, NEGATIVE]
            for j in range(i):
                key = _key(signal, shift, negative, terms[r, j, SIGNAL], terms[r, j, SHIFT], terms[r, j, NEGATIVE])
                at = _slot(slots, table, mask, key)
                if slots[at] < 0:
                    slots[at] = places
                    _enter(table, places, key, -1)
                    places += 1
                table[slots[at], COUNT] += 1
    for place in range(places):
        _rate(table, score, weight, place, bits, luck)
    pairs.size[0], pairs.size[1] = places, size


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
def _use(state: State, pairs: Pairs, new: int, bits: int, luck: int) -> None:
    """Put a sum into the place of its pair wherever it occurs, and recount the pairs beside it."""
    slots, table, score, weight = pairs.slots, pairs.table, pairs.score, state.weight
    terms, places, mask = state.terms, pairs.size[0], pairs.size[1] - 1
    own = state.sums[new]
    pair = _packed(own[FIRST], own[SECOND], own[APART], own[OPPOSITE])
    for r in range(state.length.size):
        length = state.length[r]
        i, j = _occurrence(terms[r], length, pair)
        while i >= 0:
            for step in range(3):  # without the second term; without the first; with the sum in its place
                at, change = j if step == 0 else i, 1 if step == 2 else -1
                signal, shift, negative = terms[r, at, SIGNAL], terms[r, at, SHIFT], terms[r, at, NEGATIVE]
                for k in range(length):
                    if k != at:
                        key = _key(
                            signal, shift, negative, terms[r, k, SIGNAL], terms[r, k, SHIFT], terms[r, k, NEGATIVE]
                        )
                        slot = _slot(slots, table, mask, key)
                        if slots[slot] < 0:
                            slots[slot] = places
                            _enter(table, places, key, -1)
                            places += 1
                        table[slots[slot], COUNT] += change
                        _rate(table, score, weight, slots[slot], bits, luck)
                if step == 0:
                    length -= 1
                    terms[r, j] = terms[r, length]
                    i = j if i == length else i
                elif step == 1:
                    terms[r, i, SIGNAL] = new  # shift and sign are those of the first
            i, j = _occurrence(terms[r], length, pair)
        state.length[r] = length
    pairs.size[0] = places


@inner
def _fill(state: State, pairs: Pairs, inputs: int, bits: int, luck: int) -> None:
    """Make the best pair a sum, or use the one there is, as long as something is gained."""
    _count_all(state, pairs, inputs, bits, luck)
    size, table, score, weight = pairs.size, pairs.table, pairs.score, state.weight
    while size[0] > 0:
        most = np.int32(0)
        for place in range(size[0]):  # whole numbers and no branch: several a step
            most = max(most, score[place])
        if most == 0:
            return
        best = 0
        while score[best] < most:
            best += 1
        signal = table[best, OWN]
        if signal < 0:
            signal = inputs
            while signal < weight.size and weight[signal] > 0:
                signal += 1
            if signal == weight.size:
                return
            first, second, apart, opposite = _sum_of(table[best, KEY])
            weight[signal] = weight[first] + (weight[second] << apart)
            own = state.sums[signal]
            own[FIRST], own[SECOND], own[APART], own[OPPOSITE] = first, second, apart, opposite
            table[best, OWN] = signal
        _use(state, pairs, signal, bits, luck)


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
                    state.weight[x], lost = 0, True
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
            state.weight[x] = 0
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
                state.weight[x], idle = 0, True
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
    _fill(best, pairs, inputs, bits, 0)
    _tidy(best, inputs, uses)
    least = _price(best, inputs, bits)
    state = State(best.terms.copy(), best.length.copy(), best.sums.copy(), best.weight.copy())
    for attempt in range(tries):
        _undo_some(state, inputs, random)
        _tidy(state, inputs, uses)
        _fill(state, pairs, inputs, bits, attempt + 1)
        _tidy(state, inputs, uses)
        price = _price(state, inputs, bits)
        if price <= least:
            least = price
            _copy(state, best)
        else:
            _copy(best, state)
