"""What a plan asks of the evidence, compiled: the need of every block of counts, a belief, and the best run next.

The blocks of counts are those of the menu (`qattn.search.covering`). A belief gives 1/k to k marked indices, times the
likelihood of what was seen, at the middle of each block, times the counts in it; it orders runs and proves nothing.
With f indices known, the counts t = k - f of unknown ones end with t = k_max - f: only the last block, cut short, has
another middle than before, so that the chances in all others are kept in one table for all f.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numba import njit

from qattn.arrays import Floats, Integers
from qattn.search.covering import CHECK, menu, quarter_turn
from qattn.search.rotation import hit_probabilities

KEPT = 2048  # iterations up to which chances are kept


class HitTable(NamedTuple):
    """What `best_run` keeps of one size.

    Attributes:
        low: (blocks,) first count of each block.
        chances: (runs, blocks - 1): sin^2((2m+1) theta_t) in the middle of all but the last block, m = 0, 1, ..; of
            longer runs they are not kept.
    """

    low: Integers
    chances: Floats


@lru_cache(maxsize=512)
def hit_table(n: int, k_max: int) -> HitTable:
    """How likely each run of up to a quarter turn, or `KEPT` iterations, hits in each block of counts.

    Args:
        n: indices.
        k_max: most marked indices there can be.

    Returns:
        The blocks and the chances.
    """
    low = menu(n, k_max).low
    middle = (low[:-1] + low[1:] - 1) // 2
    return HitTable(low, hit_probabilities(n, middle, np.arange(quarter_turn(n, KEPT) + 1)[:, None]))


@njit(cache=True, nogil=True)
def weigh(log: Floats, found: int, low: Integers) -> tuple[Floats, float, float]:
    """Weights of the blocks of counts t >= 1, how likely t = 0 is, and how much likelier the likeliest t is than 0.

    Args:
        log: log-likelihood of t = 0, 1, .. unknown indices.
        found: indices that are known.
        low: first count of each block; blocks beyond the last count have no weight.

    Returns:
        (blocks,) weights, up to a common factor; the probability that nothing is left to find; a natural logarithm.
    """
    blocks = int(np.searchsorted(low, log.size))
    weights, total = np.empty(blocks), 0.0
    most = log[0]
    for block in range(blocks):
        most = max(most, log[_middle(low, block, blocks, log.size)])
    for block in range(blocks):
        t = _middle(low, block, blocks, log.size)
        width = (log.size if block + 1 == blocks else low[block + 1]) - low[block]
        if most == -np.inf:
            weights[block] = width / t  # nothing explains what was seen
        else:
            weights[block] = width / (found + t) * math.exp(log[t] - most)
        total += weights[block]
    if log[0] == -np.inf:
        return weights, 0.0, np.inf
    over = math.exp(log[0] - most) / max(found, 1)
    return weights, over / (over + total), log.max() - log[0]


@njit(cache=True, nogil=True)
def strictest(log: Floats, goal: float, rest: float, level: float, decay: Floats, low: Integers) -> Floats:
    """The least of goal + log g(t) - log(t) + log(0) in each block of counts.

    Args:
        log: log-likelihood of t = 0, 1, .. unknown indices.
        goal: log delta.
        rest: log g(1).
        level: log g(t) - decay(t) for t >= 2.
        decay: for t = 1, 2, ..
        low: first count of each block.

    Returns:
        (blocks,) natural logarithms; +inf for blocks beyond the last count.
    """
    least = np.full(low.size, np.inf)
    for block in range(low.size):
        stop = log.size if block + 1 == low.size else min(low[block + 1], log.size)
        for t in range(low[block], stop):
            share = rest if t == 1 else level + decay[t - 1]
            least[block] = min(least[block], goal + share - log[t] + log[0])
    return least


@njit(cache=True, nogil=True)
def best_run(left: Integers, log: Floats, found: int, n: int, low: Integers, chances: Floats) -> int:
    """The run with most expected hits per price; the shortest of equal ones.

    Args:
        left: iterations of each run, at least one; equal ones side by side cost nothing.
        log: log-likelihood of t = 0, 1, .. unknown indices.
        found: indices that are known.
        n: indices.
        low: of `hit_table`.
        chances: of `hit_table`.

    Returns:
        Its iterations.
    """
    weights, _, _ = weigh(log, found, low)
    best, most, last = -1, -1.0, -1
    for m in left:
        if m == last:
            continue
        last = m
        rate = _hits(m, weights, log.size, n, low, chances) / (m + CHECK)
        if rate > most or (rate == most and m < best):
            best, most = m, rate
    return best


@njit(cache=True, nogil=True)
def _middle(low: Integers, block: int, blocks: int, size: int) -> int:
    """The count in the middle of a block; the last ends below size."""
    return int((low[block] + (size if block + 1 == blocks else low[block + 1]) - 1) // 2)


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _hits(m: int, weights: Floats, size: int, n: int, low: Integers, chances: Floats) -> float:
    """How likely a run hits, up to the common factor of the weights."""
    blocks, kept, total = weights.size, 0, 0.0
    if 0 <= m < chances.shape[0]:
        kept, row = blocks - 1, chances[m]
        for block in range(kept):
            total += row[block] * weights[block]
    for block in range(max(kept, 0), blocks):
        t = _middle(low, block, blocks, size)
        total += math.sin((2 * m + 1) * math.asin(math.sqrt(t / n))) ** 2 * weights[block]
    return total
