from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from qattn.arithmetic.common_pairs import State, common_pairs, pairs_of
from qattn.arithmetic.ripple import signed_digits


def digits(table: Any) -> tuple[Any, Any]:
    own = [[(c, shift, sign < 0) for c, a in enumerate(row) for shift, sign in signed_digits(int(a))] for row in table]
    length = np.array([len(row) for row in own])
    terms = np.zeros((len(own), length.max(), 3), dtype=np.int64)
    for row, found in zip(terms, own, strict=True):
        row[: len(found)] = found
    return terms, length


def matrix(state: State, inputs: int) -> list[list[int]]:
    """The coefficients that the totals come to."""

    def row(signal: int) -> list[int]:
        if signal < inputs:
            return [int(c == signal) for c in range(inputs)]
        assert state.weight[signal] > 0
        first, second, apart, opposite = map(int, state.sums[signal])
        return [a + (b << apart) * (1 - 2 * opposite) for a, b in zip(row(first), row(second), strict=True)]

    totals = []
    for terms, length in zip(state.terms, state.length, strict=True):
        total = [0] * inputs
        for signal, shift, negative in terms[:length].tolist():
            total = [t + (a << shift) * (1 - 2 * negative) for t, a in zip(total, row(signal), strict=True)]
        totals.append(total)
    return totals


def weight(state: State, signal: int, inputs: int) -> int:
    if signal < inputs:
        return 1
    first, second, apart, _ = map(int, state.sums[signal])
    return weight(state, first, inputs) + (weight(state, second, inputs) << apart)


def price(state: State, inputs: int, bits: int) -> int:
    """Bits of what is left and adders of the sums, in plain integers."""

    def width(signal: int) -> int:
        return (int(state.weight[signal]) * (2**bits - 1)).bit_length()

    left = sum(width(int(s)) for row, n in zip(state.terms, state.length, strict=True) for s in row[: int(n), 0])
    sums = [x for x in range(inputs, len(state.weight)) if state.weight[x]]
    return left + sum(max(0, width(x) - 1 - int(state.sums[x, 2])) for x in sums)


def gain(state: State, inputs: int, bits: int) -> int:
    """The most that one more sum of a pair would lower the price, overlapping uses counted once in two."""
    seen: dict[tuple[int, int, int, int], int] = {}
    for row, n in zip(state.terms, state.length, strict=True):
        for one, other in combinations(row[: int(n)].tolist(), 2):
            (a, s, f), (b, t, g) = sorted((one, other), key=lambda term: (term[1], term[0]))
            seen[a, b, t - s, f ^ g] = seen.get((a, b, t - s, f ^ g), 0) + 1
    known = {tuple(map(int, own)) for own, w in zip(state.sums[inputs:], state.weight[inputs:], strict=True) if w}
    best = 0
    for (a, b, apart, opposite), count in seen.items():
        one, other = (int(state.weight[x]) for x in (a, b))
        bit = [(w * (2**bits - 1)).bit_length() for w in (one, other, one + (other << apart))]
        times = (count + 1) // 2 if a == b else count
        own = (a, b, apart, opposite) in known
        if times > 1 or own:
            best = max(best, times * (bit[0] + bit[1] - bit[2]) - (0 if own else max(0, bit[2] - 1 - apart)))
    return best


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("tries", [0, 1, 40])
def test_totals_stay_what_they_were(seed: int, tries: int) -> None:
    rng = np.random.default_rng(seed)
    R, d, bits = int(rng.integers(1, 6)), int(rng.integers(1, 14)), int(rng.integers(1, 30))
    table = rng.integers(-200, 200, (R, d))
    terms, length = digits(table)
    before = terms.copy()
    state = common_pairs(terms, length, d, bits, tries)
    assert np.array_equal(terms, before)
    assert matrix(state, d) == table.tolist()
    assert all(int(w) == weight(state, x, d) for x, w in enumerate(state.weight) if w)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("tries", [0, 60])
def test_nothing_more_is_gained_by_a_pair(seed: int, tries: int) -> None:
    """Where the search ends no pair saves anything; of the digits themselves some do."""
    table = np.random.default_rng(seed).integers(-32, 32, (3, 16))
    terms, length = digits(table)
    state = common_pairs(terms, length, 16, 6, tries)
    # sums used once are taken apart at the end: what they had gained was less than a sum's price
    assert gain(state, 16, 6) <= 0
    room = 16 + 1
    raw = State(terms, length, np.zeros((room, 4), dtype=np.int64), np.array([1] * 16 + [0]))
    assert gain(raw, 16, 6) > 0


def test_more_tries_are_never_dearer() -> None:
    for seed in range(3):
        terms, length = digits(np.random.default_rng(seed).integers(-32, 32, (4, 24)))
        prices = [price(common_pairs(terms, length, 24, 6, tries), 24, 6) for tries in (0, 10, 100, 300)]
        assert prices == sorted(prices, reverse=True)
        assert prices[-1] < prices[0]


def test_chains_of_a_signal_with_itself() -> None:
    """The pairs of eight equal digits overlap; every other one of a chain becomes a sum, and those pair up again."""
    terms, length = digits([[0x5555], [0x5555 << 3]])
    state = common_pairs(terms, length, 1, 6, 0)
    assert matrix(state, 1) == [[0x5555], [0x5555 << 3]]
    assert state.length.tolist() == [2, 2]
    assert state.sums[1:3].tolist() == [[0, 0, 2, 0], [1, 1, 4, 0]]


def test_widths_are_exact() -> None:
    """Sums that only just fit, or only just do not, in a bit more: ones in the place of u."""
    for bits in (1, 2, 3, 8, 24, 53, 62):
        for weights in ([3, 3], [2**20 - 1] * 2, [2**20 + 1] * 2, [2**40 + 2**20] * 2):
            terms, length = digits([weights, weights])
            state = common_pairs(terms, length, 2, bits, 5)
            assert matrix(state, 2) == [weights, weights]
            assert gain(state, 2, bits) <= 0


def test_pairs_of() -> None:
    assert pairs_of(np.array([0, 1, 2, 5])) == 11
