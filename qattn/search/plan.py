"""Certification plans: which Grover runs, if all of them miss, show that nothing is left to find.

A search in phase f has found f marked indices; t = k - f of the true count k are left. A run of m iterations misses
them all with probability cos^2((2m+1) theta_t), sin^2 theta_t = t/n. A plan is a multiset of runs. A phase ends
without a find only when every run of its plan has missed, which has probability

    S_f(t) = prod_m cos^2((2m+1) theta_t),

whatever the order of the runs, and however they are batched. A search for k marked indices enters some of the phases
0..k-1 (a batch with several finds skips phases), so it misses an index with probability at most

    1 - prod_{f<k} (1 - S_f(k-f))  <=  sum_{f<k} S_f(k-f).

The plans keep this sum at or below delta for every k in 1..k_max, checked over every integer. The first phases have
plans of their own: each may use a share of what the phases before it have left to a diagonal f + t = k, and all of it
when t = 1, where the diagonal ends. The later phases have one plan in common, with sum_t S(t) at most what is left.
Such a plan alone bounds any search whose t only falls, however it falls: top-k uses it, where a rising threshold skips
counts.

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
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Runs = tuple[int, ...]

OWN = 6  # phases with a plan of their own
SHARE = 0.5  # of what is left to a diagonal, for one of these phases
RESERVE = 0.5  # of delta, kept for the later phases
MARGIN = 0.8  # of delta is planned for, so that the frequency counted in 10^4 searches stays below delta as well
CHECK = 0.5  # price of checking an index in queries: a query computes a score and uncomputes it, a check computes it
GUESS = 2**11  # below this, plans of powers of two are guesses for the n between them: causal rows need them all
KICKS = 60  # attempts to improve a plan by exchanging runs


@lru_cache(maxsize=4096)
def make_plans(n: int, k_max: int, delta: float, own: int = OWN) -> tuple[Runs, ...]:
    """The plans of phases 0..own-1, then the one of all later phases; each a tuple of m, longest first.

    Args:
        n: number of indices.
        k_max: most marked indices there can be, 0..n.
        delta: allowed probability of missing any.
        own: phases with a plan of their own; 0 gives one plan for every phase.

    Cost: one exact check over 1..k_max per plan; about 0.1 s a plan at n = 2^16.
    """
    anchor = 1 << (n - 1).bit_length() if n < GUESS else n
    known = make_plans(anchor, anchor if k_max == n else k_max, delta, own) if n != anchor else ()
    guesses = [math.sqrt(n / anchor) * np.array(runs) for runs in known]
    delta *= MARGIN
    spent = np.zeros(k_max + 1)  # [k]: sum of S_f(k - f) over the phases planned so far
    plans: list[Runs] = []
    for f in range(min(own, k_max)):
        left = np.where(np.arange(f + 1, k_max + 1) > own, (1 - RESERVE) * delta, delta) - spent[f + 1 :]
        left[1:] *= SHARE
        plan, miss = _cheapest(n, left, guesses[f : f + 1], total=False)
        spent[f + 1 :] += miss
        plans.append(plan)
    if k_max > own:
        left = np.full(k_max - own, delta - spent[own + 1 :].max())
        plans.append(_cheapest(n, left, guesses[own:], total=True)[0])
    return tuple(plans)


def miss_profile(n: int, t_max: int, runs: Runs) -> Floats:
    """S(1), .., S(t_max): the probability that all runs miss when t indices are marked and unknown."""
    theta = np.arcsin(np.sqrt(np.arange(1, t_max + 1) / n))
    miss = np.ones(t_max)
    for m in set(runs):
        once = np.sin(math.pi / 2 - (2 * m + 1) * theta) ** 2  # cos^2, and exactly 0 where a run cannot miss
        for _ in range(runs.count(m)):
            miss *= once
    return miss


def _cheapest(n: int, left: Floats, guess: Sequence[Floats], *, total: bool) -> tuple[Runs, Floats]:
    """A cheap plan with S(t) <= left(t) for every t or, if total, with sum_t S(t) / left(t) <= 1; and its S.

    A guess, or the best of a coarse menu, is improved on a menu that is fine around it.
    """
    rng = np.random.default_rng(0)
    tight = 1.0
    while True:
        menu = _Menu.of(n, left * tight, total)
        coarse = guess[0] if guess else menu.ms[_improve(menu, list(_geometric(menu)), KICKS, rng)]
        menu = _Menu.of(n, left * tight, total, around=coarse)
        runs = _improve(menu, [menu.extend(menu.nearest(coarse))], KICKS // 4, rng)
        plan = tuple(int(m) for m in np.sort(menu.ms[runs])[::-1])
        miss = miss_profile(n, left.size, plan)
        if float((miss / left).sum() if total else (miss / left).max()) <= 1:
            return plan, miss
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

    A set of runs holds when the product of its rows of `miss`, weighted, has a maximum (or a total) of at most 1.
    """

    n: int
    ms: Integers  # iterations, ascending
    miss: Floats  # (runs, blocks): the largest cos^2((2m+1) theta_t) over the block
    weight: Floats  # (blocks,)
    total: bool

    @classmethod
    def of(cls, n: int, left: Floats, total: bool, around: Floats | Integers | None = None) -> Self:
        """Runs up to a quarter turn of one marked index; counts 1..48, then blocks 3% wide.

        The runs are 2% apart; with `around`, 5% apart and 0.25% near those.
        """
        top = math.floor(math.pi / 4 / math.asin(1 / math.sqrt(n)) + 0.5)
        per_octave = 35 if around is None else 14
        ms = np.rint(np.geomspace(1, top + 1, 2 + int(per_octave * math.log2(top + 1)))).astype(np.int64) - 1
        if around is not None:
            fine = np.rint(np.outer(around, np.linspace(0.99, 1.01, 9))).astype(np.int64)
            ms = np.append(ms, fine[fine <= top])
        ms = np.unique(ms)
        first = [1]
        while first[-1] < left.size:
            first.append(first[-1] + 1 if first[-1] < 48 else math.ceil(first[-1] * 1.03))
        low = np.array([t for t in first if t <= left.size])
        high = np.append(low[1:], left.size + 1) - 1
        weight = (high - low + 1 if total else 1) / np.minimum.reduceat(left, low - 1)
        turns = [np.outer(2 * ms + 1, np.arcsin(np.sqrt(t / n))) / math.pi for t in (low, high)]
        ends = np.maximum(*(np.cos(math.pi * x) ** 2 for x in turns))
        miss = np.where(np.floor(turns[0]) != np.floor(turns[1]), 1.0, ends)  # a half turn inside the block: no help
        return cls(n, ms, miss, weight, total)

    def nearest(self, ms: Floats | Integers) -> Integers:
        """The rows of the menu closest to these iterations."""
        return np.asarray(np.abs(self.ms[:, None] - ms).argmin(axis=0))

    def extend(self, runs: Integers) -> Integers:
        """These rows, and the most helpful ones one by one until they hold."""
        while not self.holds(runs):
            left = self.miss[runs].prod(axis=0) * self.weight
            runs = np.append(runs, self.need(self.miss * left).argmin())
        return runs

    def need(self, miss: Floats) -> Floats:
        """At most 1 for a set of runs that holds; over the last axis."""
        return np.asarray(miss.sum(axis=-1) if self.total else miss.max(axis=-1))

    def holds(self, runs: Integers) -> bool:
        """Whether these runs (rows of the menu) are a plan."""
        return bool(self.need(self.miss[runs].prod(axis=0) * self.weight) <= 1)

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
                if self.need(others) <= 1:
                    continue
                kept[i] = True
                shorter = self.miss[: runs[i] + 1]
                needs = shorter @ others if self.total else self.need(shorter * others)
                runs[i] = min(runs[i], int((needs <= 1).argmax())) if (needs <= 1).any() else runs[i]
            runs = runs[kept]
        return runs
