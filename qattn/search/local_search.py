"""The compiled search behind every plan: rows of a menu of runs, dropped, shortened and added until the price is least.

`over` is what a plan's sum exceeds the need by, in each block of counts; a plan holds when none is above 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from qattn.arrays import Floats, Integers

SLACK = 1e-9  # what a plan leaves unspent of its need, so that rounding cannot make it fall short


@njit(cache=True, nogil=True)
def _draw(state: Any, below: int) -> int:
    """A pseudo-random integer in [0, below): xorshift64, for the kernels alone."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return int((x >> np.uint64(33)) % np.uint64(below))


@njit(cache=True, nogil=True)
def _failing(miss: Floats, over: Floats, run: int, other: int, seen: Integers) -> int:
    """A block that is unmet with `other` in the place of a run, -1 when there is none; other = -1: without the run.

    Those that failed lately are looked at first.
    """
    for block in seen:
        if over[block] - miss[run, block] + (miss[other, block] if other >= 0 else 0.0) > 0:
            return int(block)
    for start in range(0, over.size, 16):
        stop, above = min(start + 16, over.size), 0
        for block in range(start, stop):  # no branch inside: several blocks a step
            above += over[block] - miss[run, block] + (miss[other, block] if other >= 0 else 0.0) > 0
        if above:
            for block in range(start, stop):
                if over[block] - miss[run, block] + (miss[other, block] if other >= 0 else 0.0) > 0:
                    seen[1:] = seen[:-1]
                    seen[0] = block
                    return block
    return -1


@njit(cache=True, nogil=True)
def _shortest(miss: Floats, by_block: Floats, over: Floats, run: int, seen: Integers) -> int:
    """The first row of the menu that holds in the place of this one."""
    block, shorter = seen[0], 0
    while True:
        need = miss[run, block] - over[block]
        while shorter < run and by_block[block, shorter] > need:
            shorter += 1
        if shorter == run:
            return run
        block = _failing(miss, over, run, shorter, seen)
        if block < 0:
            return shorter


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _lowered(unmet: Floats, row: Floats) -> float:
    """By how much a run lowers what is unmet, over all blocks."""
    total = 0.0
    for block in range(unmet.size):
        total += min(unmet[block], -row[block])
    return total


@njit(cache=True, nogil=True)
def _unmet(over: Floats, unmet: Floats) -> bool:
    """Whether anything is unmet, and how much in each block."""
    above = 0
    for block in range(over.size):  # no branch inside: several blocks a step
        above += over[block] > 0
        unmet[block] = over[block] if over[block] > 0 else 0.0
    return above > 0


@njit(cache=True, nogil=True)
def _extend(miss: Floats, prices: Floats, over: Floats, runs: Integers, size: int) -> int:
    """Adds the runs that lower most of what is unmet, a price, until the plan holds; -1 when it grows too long.

    What a run lowers only falls with what is unmet: it lowers at most what it did when it was last looked at.
    """
    unmet, rates, best = np.empty(over.size), np.full(prices.size, np.inf), 0
    while _unmet(over, unmet):
        if size == runs.size:
            return -1
        least = rates[best] = _lowered(unmet, miss[best]) / prices[best]
        best, gain = 0, 0.0
        for r in range(prices.size):
            if rates[r] < least or rates[r] <= gain:
                continue
            rates[r] = _lowered(unmet, miss[r]) / prices[r]
            if rates[r] > gain:
                best, gain = r, rates[r]
        if gain <= 0:
            return -1
        runs[size] = best
        size += 1
        for block in range(over.size):
            over[block] += miss[best, block]
    return size


@njit(cache=True, nogil=True)
def _shrink(miss: Floats, by_block: Floats, over: Floats, seen: Integers, runs: Integers, size: int, state: Any) -> int:
    """Drops each run, or puts the shortest that still holds in its place, in turn, until none has changed in a round.

    Where the round begins is random.
    """
    for i in range(size - 1, 0, -1):
        j = _draw(state, i + 1)
        runs[i], runs[j] = runs[j], runs[i]
    i = unchanged = 0
    while unchanged < size:
        i = 0 if i >= size else i
        if _failing(miss, over, runs[i], -1, seen) < 0:
            for block in range(over.size):
                over[block] -= miss[runs[i], block]
            size -= 1
            runs[i] = runs[size]
            unchanged = 0
            continue
        shortest, unchanged = _shortest(miss, by_block, over, runs[i], seen), unchanged + 1
        if shortest < runs[i]:
            for block in range(over.size):
                over[block] += miss[shortest, block] - miss[runs[i], block]
            runs[i] = shortest
            unchanged = 1
        i += 1
    return size


@njit(cache=True, nogil=True)
def _kick(runs: Integers, size: int, rows: int, state: Any) -> int:
    """Adds one to three runs at random, and lengthens one or not."""
    for _ in range(min(1 + _draw(state, 3), runs.size - size)):
        runs[size] = _draw(state, rows)
        size += 1
    if _draw(state, 2) == 1:
        i = _draw(state, size)
        runs[i] = min(rows - 1, runs[i] + 1 + _draw(state, 8))
    return size


@njit(cache=True, nogil=True)
def cheapest_rows(
    miss: Floats,
    by_block: Floats,
    prices: Floats,
    deepest: Floats,
    needs: Floats,
    starts: Integers,
    sizes: Integers,
    kicks: int,
) -> tuple[Integers, int]:
    """The best plan from all starts, then kicked, as rows of the menu.

    Args:
        miss: (runs, blocks) what a miss of each run says about each block of counts, a natural logarithm.
        by_block: the same, transposed in memory.
        prices: (runs,) of each run.
        deepest: (blocks,) the most that one run says.
        needs: (blocks,) what a plan has to say.
        starts: rows of plans to begin from, one plan after the other.
        sizes: runs of each of these plans.
        kicks: attempts to improve the best of them.

    Returns:
        (rows, how many of them): the longest run first; 0 when nothing is needed, -1 when no plan holds.
    """
    blocks, longest, deep = 0, 64, 0.0
    for block in range(needs.size):
        if needs[block] - SLACK < 0:
            blocks = block + 1  # large counts are often settled
    if blocks == 0 or needs.min() >= 0:
        return np.zeros(0, dtype=np.int64), 0
    need = needs[:blocks] - SLACK
    for size in sizes:
        longest = max(longest, size)
    for block in range(blocks):
        deep = max(deep, -need[block], need[block] / deepest[block])
    # a run of some length halves the likelihood of any count; where such runs are not on the menu, more are needed
    most = longest + int(4 * deep)
    state, seen = np.array([88172645463325252], dtype=np.uint64), np.zeros(8, dtype=np.int64)
    best, best_size, best_price = np.zeros(most, dtype=np.int64), -1, np.inf
    runs, begin = np.zeros(most, dtype=np.int64), 0
    for attempt in range(len(sizes) + 1 + kicks):
        size = 0  # once from nothing
        if attempt < len(sizes):
            size = sizes[attempt]
            runs[:size] = starts[begin : begin + size]
            begin += size
        elif attempt > len(sizes):
            if best_size < 0:
                break
            runs[:] = best
            size = _kick(runs, best_size, prices.size, state)
        over = -need
        for run in runs[:size]:
            over += miss[run, :blocks]
        size = _extend(miss, prices, over, runs, size)
        if size < 0:
            continue
        size = _shrink(miss, by_block, over, seen, runs, size, state)
        cost = prices[runs[:size]].sum()
        if cost < best_price:
            best_price, best_size = cost, size
            best[:] = runs
    best[:best_size] = np.sort(best[:best_size])[::-1]
    return best, best_size
