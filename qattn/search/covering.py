"""Cheap multisets of Grover runs whose misses together say enough: the compiled search behind every plan.

A run of m iterations that misses multiplies the likelihood of t unknown marked indices by cos^2((2m+1) theta_t). A
plan answers a need: for every t, the logarithms of these factors must add up to at most need(t). `Menu` holds the runs
to choose from and their largest logarithm over each block of neighbouring counts; `Menu.cheapest` looks for the plan of
least price, iterations plus `CHECK` a run: it drops or shortens runs in random order while the need is still met,
adds a few at random, lengthens one or not, and does so again. The draws come from a seed of their own, so a plan
depends on its need and where the search began, alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Integers
from qattn.search.rotation import angle

Runs = tuple[int, ...]

CHECK = 0.5  # price of checking an index in queries: a query computes a score and uncomputes it, a check computes it
LEAST = -80.0  # a logarithm below this counts as this: a sum of finite numbers stays exact to 1e-12
SLACK = 1e-9  # what a plan leaves unspent of its need, so that rounding cannot make it fall short
SPACING = 1.006  # of the runs on the menu
WIDTH = 1.02  # of the blocks of counts, from 64 on
_NO_ROWS = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Menu:
    """The runs a plan for up to t_max of n indices can be made of; made by `menu`.

    Attributes:
        ms: iterations, ascending.
        low: first count t of each block; a block ends before the next one begins.
        miss: (runs, blocks): the largest log cos^2((2m+1) theta_t) in the block.
    """

    ms: Integers
    low: Integers
    miss: Floats

    @cached_property
    def _between(self) -> Floats:
        """(runs - 1,): half-way from one run to the next."""
        return np.asarray((self.ms[1:] + self.ms[:-1]) / 2)

    @cached_property
    def prices(self) -> Floats:
        """(runs,) iterations, and the check of the measured index."""
        return self.ms.astype(np.float64) + CHECK

    @cached_property
    def by_block(self) -> Floats:
        """(blocks, runs): `miss`, transposed in memory."""
        return np.ascontiguousarray(self.miss.T)

    @cached_property
    def deepest(self) -> Floats:
        """(blocks,): the most that one run says about each block, never quite nothing."""
        return np.asarray(np.minimum(self.miss.min(axis=0), -1e-12))

    def nearest(self, runs: ArrayLike) -> Integers:
        """The rows closest to these iterations.

        Args:
            runs: iterations, not necessarily whole.

        Returns:
            A number of a row of the menu for each of them.
        """
        return self._between.searchsorted(np.array(runs, dtype=np.float64))

    def block_needs(self, need: Floats) -> Floats:
        """The strictest need in each block, of need(1), need(2), ..; nothing is needed beyond its end.

        Args:
            need: (t,) a need for each count from 1 on.

        Returns:
            (blocks,) the least need in each; +inf for blocks beyond the last count.
        """
        low = self.low[self.low <= need.size] - 1
        strictest = np.full(self.low.size, math.inf)
        strictest[: low.size] = np.minimum.reduceat(need, low)
        return strictest

    def cheapest(self, need: Floats, starts: Sequence[Integers], kicks: int) -> Runs:
        """A cheap plan for need(t), t = 1, 2, ..; longest run first.

        Args:
            need: at most this must be the sum of log cos^2 over the plan, for each count; finite or +inf.
            starts: plans to begin from, as rows of the menu (`nearest`); they need not hold.
            kicks: attempts to improve the best of them.

        Returns:
            Iterations of each run; () when nothing is needed.

        Raises:
            ValueError: when no plan of these runs is enough.
        """
        return self.cheapest_by_block(self.block_needs(need), starts, kicks)

    def cheapest_by_block(self, needs: Floats, starts: Sequence[Integers], kicks: int) -> Runs:
        """`cheapest` for the strictest need in each block.

        Args:
            needs: (blocks,) as `block_needs`.
            starts: plans to begin from, as rows of the menu.
            kicks: attempts to improve the best of them.

        Returns:
            Iterations of each run; () when nothing is needed.

        Raises:
            ValueError: when no plan of these runs is enough.
        """
        sizes = np.array([rows.size for rows in starts], dtype=np.int64)
        rows = np.concatenate((*starts, _NO_ROWS))
        plan, size = _search(self.miss, self.by_block, self.prices, self.deepest, needs, rows, sizes, kicks)
        if size < 0:
            raise ValueError(f"no plan for a need of {needs.min()} over {self.low.size} blocks")
        return tuple(self.ms[plan[:size]].tolist())


def price(runs: Runs) -> float:
    """Iterations, and half a query for the check of each run."""
    return sum(runs) + CHECK * len(runs)


def quarter_turn(n: int, longest: int | None = None) -> int:
    """Iterations after which one marked index of n is measured almost surely, or `longest` if that is less.

    Args:
        n: indices.
        longest: most iterations of a run, where a machine allows no more.

    Returns:
        A number of iterations, 0 or more.
    """
    top = max(0, math.floor(math.pi / 4 / float(angle(n, 1)) + 0.5))
    return top if longest is None else min(top, longest)


@lru_cache(maxsize=512)
def menu(n: int, t_max: int, longest: int | None = None) -> Menu:
    """Runs up to a quarter turn of one marked index, 1.2% apart; counts 1..64, then blocks 2% wide.

    Args:
        n: indices.
        t_max: most marked indices that can be unknown.
        longest: most iterations of a run, where a machine allows no more.

    Returns:
        The runs to choose from, and what a miss of each says about each block of counts.
    """
    top = quarter_turn(n, longest)
    grid = np.geomspace(1, top + 1, 2 + int(math.log(top + 1) / math.log(SPACING)))
    ms = np.unique(np.rint(grid).astype(np.int64) - 1)
    first = [1]
    while first[-1] < t_max:
        first.append(first[-1] + 1 if first[-1] < 64 else math.ceil(first[-1] * WIDTH))
    low = np.array([t for t in first if t <= t_max])
    high = np.append(low[1:], t_max + 1) - 1
    turns = [np.outer(2 * ms + 1, angle(n, t)) / math.pi for t in (low, high)]
    with np.errstate(divide="ignore"):
        ends = [np.log(np.sin(math.pi * (0.5 - x)) ** 2) for x in turns]
    inside = np.floor(turns[0]) != np.floor(turns[1])  # a half turn in the block: the run may say nothing there
    miss = np.maximum(np.where(inside, 0.0, np.maximum(*ends)), LEAST)
    return Menu(ms, low, miss)


# compiled: `over` is what a plan's sum exceeds the need by, in each block; a plan holds when none is above 0 ----------


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
def _search(
    miss: Floats,
    by_block: Floats,
    prices: Floats,
    deepest: Floats,
    needs: Floats,
    starts: Integers,
    sizes: Integers,
    kicks: int,
) -> tuple[Integers, int]:
    """The best plan from all starts, one after the other in one array, then kicked: (rows of the menu, how many).

    The longest run comes first. How many is 0 when nothing is needed, and -1 when no plan holds.
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
