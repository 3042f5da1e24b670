"""Scores: one float64 each, by one order of summation for all callers.

A score is sum_l q_l K_jl with the products added in the order l = 0, 1, ..., d - 1, each operation rounded once. So its
value depends on q and K_j alone: not on which other rows are computed beside it, not on the BLAS, not on the machine.
Every method of the package decides `score >= tau` and every tie on this number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Indices, compiled

UNIT = 2.0**-53  # unit roundoff of float64
CACHE = 1 << 16  # products held at once
LARGE = 1 << 22  # products for which it pays to load compiled code


def scores(q: ArrayLike, K: ArrayLike) -> Floats:
    """The scores <q, K_j> of one row.

    Args:
        q: (d,) query row.
        K: (n, d) keys, any memory layout; float32 is widened first.

    Returns:
        (n,) float64; the value of entry j does not depend on the other rows of K.

    Raises:
        ValueError: when the shapes do not match.

    Cost: O(nd) time, O(n) memory.
    """
    q, K = np.asarray(q, dtype=np.float64), np.asarray(K)
    if K.ndim != 2 or q.shape != K.shape[1:] or q.size == 0:
        raise ValueError(f"q has shape {q.shape} and K {K.shape}; they must be (d,) and (n, d) with d >= 1")
    total = np.empty(len(K))
    for part in _parts(*K.shape):
        total[part] = _sum_in_order(K[part] * q)
    return total


def scores_at(Q: ArrayLike, rows: ArrayLike, K: ArrayLike, columns: ArrayLike) -> Floats:
    """The scores <Q_i, K_j> of pairs (rows[p], columns[p]), by the same sum as `scores`.

    Args:
        Q: (n_q, d) rows, scale included.
        rows: (p,) row numbers.
        K: (n, d) keys.
        columns: (p,) key numbers.

    Returns:
        (p,) scores.

    Cost: O(d) a pair; compiled for 2^22 products or more (and from then on), about 25 times as fast.
    """
    Q, K = np.ascontiguousarray(Q, dtype=np.float64), np.ascontiguousarray(K, dtype=np.float64)
    rows, columns = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    total, d = np.empty(rows.size), Q.shape[1]
    if rows.size * d >= LARGE or compiled_pairs.cache_info().currsize:
        compiled_pairs()(Q, rows, K, columns, total)
        return total
    for part in _parts(rows.size, d):
        total[part] = _sum_in_order(Q[rows[part]] * K[columns[part]])
    return total


def _sum_in_order(products: Floats) -> Floats:
    """The row sums of (m, d) products, component after component."""
    by_component = np.ascontiguousarray(products.T)
    total: Floats = by_component[0].copy()
    for component in by_component[1:]:
        total += component
    return total


def _parts(m: int, d: int) -> Iterator[slice]:
    """Slices of m rows of d numbers that fit in the cache."""
    step = max(1, CACHE // d)
    return (slice(start, start + step) for start in range(0, m, step))


def _pairs(Q: Floats, rows: Indices, K: Floats, columns: Indices, total: Floats) -> None:
    """Write <Q_i, K_j> of each pair to `total`: the sum in order, as everywhere, four pairs at a time."""
    count, d = len(rows), Q.shape[1]
    for p in range(0, count, 4):
        p0, p1, p2, p3 = p, min(p + 1, count - 1), min(p + 2, count - 1), min(p + 3, count - 1)
        i0, i1, i2, i3 = rows[p0], rows[p1], rows[p2], rows[p3]
        j0, j1, j2, j3 = columns[p0], columns[p1], columns[p2], columns[p3]
        s0, s1, s2, s3 = Q[i0, 0] * K[j0, 0], Q[i1, 0] * K[j1, 0], Q[i2, 0] * K[j2, 0], Q[i3, 0] * K[j3, 0]
        for axis in range(1, d):
            s0 += Q[i0, axis] * K[j0, axis]
            s1 += Q[i1, axis] * K[j1, axis]
            s2 += Q[i2, axis] * K[j2, axis]
            s3 += Q[i3, axis] * K[j3, axis]
        total[p0], total[p1], total[p2], total[p3] = s0, s1, s2, s3


@cache
def compiled_pairs() -> Callable[..., None]:
    """The compiled loop over pairs, made on first use.

    Returns:
        A function of Q, rows, K, columns and where the scores go.
    """
    return compiled(_pairs)
