"""Cheap multisets of Grover runs whose misses together say enough: what every plan is made of.

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

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Integers
from qattn.search.local_search import cheapest_rows
from qattn.search.rotation import angle

Runs = tuple[int, ...]

CHECK = 0.5  # price of checking an index in queries: a query computes a score and uncomputes it, a check computes it
LEAST = -80.0  # a logarithm below this counts as this: a sum of finite numbers stays exact to 1e-12
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
        plan, size = cheapest_rows(self.miss, self.by_block, self.prices, self.deepest, needs, rows, sizes, kicks)
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
