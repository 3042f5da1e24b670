"""A plan of Grover runs that, if all of them miss, shows by itself that nothing is left to find.

A run of m iterations misses all of t unknown marked indices with probability cos^2((2m+1) theta_t),
sin^2 theta_t = t/n; a plan, a multiset of runs, with probability

    S(t) = prod_m cos^2((2m+1) theta_t),

whatever the order of the runs, and however they are batched. A search whose t only falls, however it falls, and which
stops when every run of the plan has missed since the last find, stops with something left with probability at most

    1 - prod_{t=1}^{k_max} (1 - S(t))  <=  sum_t S(t),

which a plan keeps at or below delta, checked over every integer. Top-k needs it: there a rising threshold skips counts,
and what was seen at one threshold says little about the next. So does a threshold search whose evidence contradicts
itself (`qattn.search.certificate`).

The price of a plan is its iterations and half a query for the check of each measured index. Source: Theorem 3.1; the
runs are those of Boyer, Brassard, Hoyer, Tapp (quant-ph/9605034).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np

from qattn.arrays import Floats, Integers
from qattn.search.covering import CHECK, Runs, quarter_turn
from qattn.search.rotation import angle

GUESS = 2**11  # below this, plans of powers of two are guesses for the n between them: causal rows need them all
KICKS = 60  # attempts to improve a plan by exchanging runs


@lru_cache(maxsize=4096)
def falling_plan(n: int, k_max: int, delta: float, longest: int | None = None) -> Runs:
    """A cheap plan with sum_{t <= k_max} S(t) <= delta, longest run first; empty when k_max = 0.

    Args:
        n: number of indices.
        k_max: most marked indices there can be, 0..n.
        delta: allowed probability of missing any.
        longest: most iterations of a run, where a machine allows no more.

    Returns:
        Iterations of each run.

    Cost: one exact check over 1..k_max; about 0.1 s at n = 2^16.
    """
    if k_max == 0:
        return ()
    anchor = 1 << (n - 1).bit_length() if n < GUESS else n
    known = [falling_plan(anchor, anchor if k_max == n else k_max, delta, longest)] if n != anchor else []
    return _cheapest(n, k_max, delta, [math.sqrt(n / anchor) * np.array(runs) for runs in known], longest)


@lru_cache(maxsize=4096)
def falling_bound(n: int, k_max: int, delta: float, longest: int | None = None) -> float:
    """1 - prod_{t <= k_max} (1 - S(t)) of `falling_plan`: the most likely that a search by it misses any index.

    Args:
        n: indices.
        k_max: most marked indices there can be.
        delta: what the plan is made for.
        longest: most iterations of a run.

    Returns:
        A probability, at most delta.
    """
    plan = falling_plan(n, k_max, delta, longest)
    return 0.0 - float(np.expm1(np.log1p(-miss_profile(n, k_max, plan)).sum()))


def miss_profile(n: int, t_max: int, runs: Runs) -> Floats:
    """S(1), .., S(t_max): the probability that all runs miss when t indices are marked and unknown.

    Args:
        n: indices.
        t_max: largest count.
        runs: iterations of each run.

    Returns:
        (t_max,) probabilities.
    """
    theta = angle(n, np.arange(1, t_max + 1))
    miss = np.ones(t_max)
    for m in set(runs):
        once = np.sin(math.pi / 2 - (2 * m + 1) * theta) ** 2  # cos^2, and exactly 0 where a run cannot miss
        for _ in range(runs.count(m)):
            miss *= once
    return miss


def _cheapest(n: int, k_max: int, delta: float, guess: Sequence[Floats], longest: int | None) -> Runs:
    """A guess, or the best of a coarse menu, improved on a menu that is fine around it."""
    rng = np.random.default_rng(0)
    tight = 1.0
    while True:
        menu = _Menu.of(n, k_max, delta * tight, longest)
        coarse = guess[0] if guess else menu.ms[_improve(menu, list(_geometric(menu)), KICKS, rng)]
        menu = _Menu.of(n, k_max, delta * tight, longest, around=coarse)
        runs = _improve(menu, [menu.extend(menu.nearest(coarse))], KICKS // 4, rng)
        plan = tuple(int(m) for m in np.sort(menu.ms[runs])[::-1])
        if float(miss_profile(n, k_max, plan).sum()) <= delta:
            return plan
        tight *= 1 - 1e-9  # blocks bound every integer in them, so only rounding can bring us here


def _improve(menu: _Menu, starts: Sequence[Integers], kicks: int, rng: np.random.Generator) -> Integers:
    """Shrinks every start, then the best with a few random runs added, again and again."""
    best = min((menu.shrink(runs, rng) for runs in starts), key=menu.price)
    for _ in range(min(kicks, menu.ms.size)):
        extra = rng.integers(menu.ms.size, size=rng.integers(1, 4))
        best = min(menu.shrink(np.append(best, extra), rng), best, key=menu.price)
    return best


def _geometric(menu: _Menu) -> Iterator[Integers]:
    """For each longest run, the three sparsest geometric sequences (and a few single guesses) that hold."""
    root = math.sqrt(menu.n)
    for longest in (0.66, 0.70, 0.74, 0.78):
        held = 0
        ratio = 0.5
        while held < 3:
            steps = np.arange(1 + max(0.0, math.log(0.5 / root) / math.log(ratio)))
            runs = np.append(menu.nearest(longest * root * ratio**steps), np.zeros(6 + held, dtype=np.int64))
            if menu.holds(runs):
                held += 1
                yield runs
            ratio = 1 - 0.93 * (1 - ratio)


@dataclass(frozen=True)
class _Menu:
    """The runs to choose from, and a bound on what each leaves unfound in every block of counts t.

    A set of runs holds when the product of its rows of `miss`, weighted, has a total of at most 1.
    """

    n: int
    ms: Integers  # iterations, ascending
    miss: Floats  # (runs, blocks): the largest cos^2((2m+1) theta_t) over the block
    weight: Floats  # (blocks,): counts in it, over delta

    @classmethod
    def of(cls, n: int, k_max: int, delta: float, longest: int | None, around: Floats | Integers | None = None) -> Self:
        """Runs up to a quarter turn of one marked index, or `longest`; counts 1..48, then blocks 3% wide.

        The runs are 2% apart; with `around`, 5% apart and 0.25% near those.
        """
        top = quarter_turn(n, longest)
        per_octave = 35 if around is None else 14
        ms = np.rint(np.geomspace(1, top + 1, 2 + int(per_octave * math.log2(top + 1)))).astype(np.int64) - 1
        if around is not None:
            fine = np.rint(np.outer(around, np.linspace(0.99, 1.01, 9))).astype(np.int64)
            ms = np.append(ms, fine[fine <= top])
        ms = np.unique(ms)
        first = [1]
        while first[-1] < k_max:
            first.append(first[-1] + 1 if first[-1] < 48 else math.ceil(first[-1] * 1.03))
        low = np.array([t for t in first if t <= k_max])
        high = np.append(low[1:], k_max + 1) - 1
        weight = (high - low + 1) / delta
        turns = [np.outer(2 * ms + 1, angle(n, t)) / math.pi for t in (low, high)]
        ends = np.maximum(*(np.cos(math.pi * x) ** 2 for x in turns))
        miss = np.where(np.floor(turns[0]) != np.floor(turns[1]), 1.0, ends)  # a half turn inside the block: no help
        return cls(n, ms, miss, weight)

    def nearest(self, ms: Floats | Integers) -> Integers:
        """The rows of the menu closest to these iterations."""
        return np.asarray(np.abs(self.ms[:, None] - ms).argmin(axis=0))

    def extend(self, runs: Integers) -> Integers:
        """These rows, and the most helpful ones one by one until they hold."""
        while not self.holds(runs):
            left = self.miss[runs].prod(axis=0) * self.weight
            runs = np.append(runs, (self.miss @ left).argmin())
        return runs

    def holds(self, runs: Integers) -> bool:
        """Whether these runs (rows of the menu) are a plan."""
        return bool(self.miss[runs].prod(axis=0) @ self.weight <= 1)

    def price(self, runs: Integers) -> float:
        """Iterations, and half a query for the check of each run."""
        return float(self.ms[runs].sum() + CHECK * runs.size)

    def shrink(self, runs: Integers, rng: np.random.Generator) -> Integers:
        """Drop each run, or put the shortest that still holds in its place, in random order, until nothing changes."""
        price = math.inf
        while self.price(runs) < price:
            price = self.price(runs)
            runs = runs.copy()
            kept = np.ones(runs.size, dtype=bool)
            for i in rng.permutation(runs.size):
                kept[i] = False
                others = self.miss[runs[kept]].prod(axis=0) * self.weight
                if others.sum() <= 1:
                    continue
                kept[i] = True
                needs = self.miss[: runs[i] + 1] @ others
                runs[i] = min(runs[i], int((needs <= 1).argmax())) if (needs <= 1).any() else runs[i]
            runs = runs[kept]
        return runs
