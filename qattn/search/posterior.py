"""What a search believes about the number t of unknown marked indices: it orders the runs and proves nothing.

A belief is a tuple of weights over the counts 0..16 and then about 19% apart. It starts without a preferred scale,
learns from every run by Bayes' rule, and moves down with every find and with every rise of the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
from scipy.special import betainc

from qattn.arrays import Floats
from qattn.search.rotation import hit_probabilities

Belief = tuple[float, ...]
Batch = tuple[tuple[int, int], ...]  # (iterations, shots) of each run of a round


@dataclass(frozen=True, eq=False)
class Counts:
    """Counts t >= 1 of n that have a weight. Equal only to itself, so that what follows from it can be kept.

    Attributes:
        n: number of indices.
        values: the counts, rising.
    """

    n: int
    values: Floats

    def chances(self, m: int) -> Floats:
        """sin^2((2m+1) theta_t) for each of the counts; kept for the next call.

        Args:
            m: iterations of a run, m >= 0.

        Returns:
            (counts,) probabilities of a hit.
        """
        return _chances(self, m)


@lru_cache(maxsize=4096)
def _chances(counts: Counts, m: int) -> Floats:
    return hit_probabilities(counts.n, counts.values, m)


@dataclass(frozen=True, eq=False)
class Grid:
    """Weights of counts: what is needed to choose the next run.

    Attributes:
        counts: the counts.
        weights: how likely each is, up to a common factor.
    """

    counts: Counts
    weights: Floats

    @classmethod
    def of(cls, belief: Belief, n: int, k_max: int) -> Self:
        """The counts t >= 1 of a belief.

        Args:
            belief: weights of the counts.
            n: indices.
            k_max: most marked indices there can be.

        Returns:
            Weights and counts, t = 0 left out.
        """
        return cls(_possible(n, k_max), np.array(belief)[1:])

    def hits(self, runs: Sequence[int]) -> list[float]:
        """How likely a run of each of these numbers of iterations hits, up to the common factor."""
        return [float(self.counts.chances(m) @ self.weights) for m in runs]


@lru_cache(maxsize=512)
def counts(k_max: int) -> Floats:
    """The counts t that have a weight: 0..16, then about 19% apart, up to k_max.

    Args:
        k_max: most marked indices there can be.

    Returns:
        (c,) rising.
    """
    fine = np.arange(min(k_max, 16) + 1)
    coarse = np.rint(np.geomspace(16, max(k_max, 17), 2 + int(4 * np.log2(max(k_max, 17) / 16))))
    return np.union1d(fine, coarse[coarse <= k_max]).astype(np.float64)


@lru_cache(maxsize=512)
def _possible(n: int, k_max: int) -> Counts:
    return Counts(n, counts(k_max)[1:])


@lru_cache(maxsize=512)
def prior(k_max: int) -> Belief:
    """None marked as likely as one, t marked 1/t as likely as one."""
    edges = np.maximum(_edges(k_max), 0.5)
    weights = np.log(edges[1:] / edges[:-1])
    weights[0] = weights[1] if k_max else 1.0
    return _normal(weights, k_max)


def after_runs(belief: Belief, n: int, k_max: int, runs: Batch, hits: Sequence[int]) -> Belief:
    """The belief after runs of (iterations, shots) of which so many shots hit; the prior if they contradict it.

    Args:
        belief: weights of the counts.
        n: indices.
        k_max: most marked indices there can be.
        runs: (iterations, shots) of a round.
        hits: shots of each run that measured a new index.

    Returns:
        Weights of the counts, which add up to 1.
    """
    log = np.zeros(len(belief))
    with np.errstate(divide="ignore"):
        for (m, shots), hit in zip(runs, hits, strict=True):
            chance = _possible(n, k_max).chances(m)
            if hit:
                log[0] = -np.inf  # nothing to hit
                log[1:] += hit * np.log(chance)
            if hit < shots:
                log[1:] += (shots - hit) * np.log1p(-chance)
        log += np.log(np.array(belief))
    return _normal(np.exp(log - log.max()), k_max) if np.isfinite(log.max()) else prior(k_max)


def after_finds(belief: Belief, k_max: int, found: int) -> Belief:
    """The belief after so many finds at a threshold that stays: each lowers t by one.

    Args:
        belief: weights of the counts.
        k_max: most marked indices there can be.
        found: new indices.

    Returns:
        Weights of the counts, which add up to 1.
    """
    weights = np.array(belief)
    for _ in range(found):
        weights = weights @ _one_less(k_max)
    return _normal(weights, k_max)


def after_rise(belief: Belief, k_max: int, rank: int, known: int) -> Belief:
    """The belief once the threshold has risen to the rank-th best of some known indices above it.

    Where these and the t others rank at random, it leaves t' of them with P(t' < s) = I_{s/t}(rank, known - rank + 1),
    a beta distribution: (s/t)^rank at the worst of them.

    Args:
        belief: weights of the counts before.
        k_max: most marked indices there can be.
        rank: 1 to known.
        known: how many indices above the old threshold are known.

    Returns:
        Weights of the counts, which add up to 1.
    """
    return _normal(np.array(belief) @ _rise(k_max, rank, known), k_max)


def chance_left(belief: Belief, k_max: int, rank: int, known: int, least: int) -> float:
    """How likely `after_rise` leaves at least so many unknown.

    Args:
        belief: weights of the counts before.
        k_max: most marked indices there can be.
        rank: of the known index that becomes the threshold.
        known: how many indices above the old threshold are known.
        least: a count, at least 1.

    Returns:
        A probability.
    """
    share = np.minimum(least / np.maximum(counts(k_max), 1.0), 1.0)
    return float(np.array(belief) @ (1 - betainc(rank, known - rank + 1, share)))


def spare_runs(belief: Grid, plan: Sequence[int], spare: int) -> list[int]:
    """Runs to add to a plan in the same round, one by one, each making it likeliest that the round finds all.

    With h hits expected on t indices, each is found with probability 1 - exp(-h/t), and all t with its t-th power.

    Args:
        belief: what is expected of the counts.
        plan: iterations of the runs that are made anyway; not empty.
        spare: how many to add.

    Returns:
        Iterations of the added runs, each one of the plan's.
    """
    runs = sorted(set(plan))
    chances = np.array([belief.counts.chances(m) for m in runs])
    expected = np.sum([belief.counts.chances(m) for m in plan], axis=0)
    chosen = []
    for _ in range(spare):
        all_found = -np.expm1(-(expected + chances) / belief.counts.values)
        best = int((all_found**belief.counts.values @ belief.weights).argmax())
        expected = expected + chances[best]
        chosen.append(runs[best])
    return chosen


@lru_cache(maxsize=128)
def _one_less(k_max: int) -> Floats:
    """Chance of each count after a find (columns), for each count before it (rows; nothing follows from t = 0)."""
    grid = counts(k_max)
    after = np.maximum(grid - 1, 0.0)
    upper = np.searchsorted(grid, after)  # t - 1 falls between two counts of the grid
    lower = np.searchsorted(grid, after, side="right") - 1
    gap = np.maximum(grid[upper] - grid[lower], 1.0)
    table = np.zeros((grid.size, grid.size))
    rows = np.arange(grid.size)
    table[rows, lower] += 1 - (after - grid[lower]) / gap
    table[rows, upper] += (after - grid[lower]) / gap
    table[0] = 0.0
    return table


@lru_cache(maxsize=512)
def _rise(k_max: int, rank: int, known: int) -> Floats:
    """The same for `after_rise`."""
    before = np.maximum(counts(k_max), 1.0)[:, None]
    below = betainc(rank, known - rank + 1, np.minimum(_edges(k_max), before) / before)
    table: Floats = np.diff(below, axis=1)
    table[0] = 0.0
    return table


def _edges(k_max: int) -> Floats:
    """Where the integers nearest to one count end and those nearest to the next begin."""
    grid = counts(k_max)
    return np.concatenate([[0.0], np.ceil((grid[1:] + grid[:-1]) / 2), [grid[-1] + 1]])


def _normal(weights: Floats, k_max: int) -> Belief:
    total = float(weights.sum())
    return tuple((weights / total).tolist()) if total > 0 else prior(k_max)
