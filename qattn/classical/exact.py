"""The keys that reach a threshold or rank among the best, without any approximation.

Matrix products differ from `qattn.scores` in the last bits; they are used here for the bulk, and every pair they cannot
decide is evaluated again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Indices
from qattn.problem import AttentionProblem
from qattn.scores import UNIT, scores, scores_at

BLOCK = 1 << 20  # entries of the score matrix held at once


def above(Q: ArrayLike, K: ArrayLike, tau: ArrayLike, *, visible: ArrayLike | None = None) -> list[Indices]:
    """The keys at or above the threshold, for every row: S_i = {j : <Q_i, K_j> >= tau_i}.

    Args:
        Q: (n_q, d) query rows.
        K: (n, d) keys.
        tau: one threshold, or (n_q,).
        visible: (n_q,) prefix lengths; row i sees the keys j < visible[i]. All keys by default.

    Returns:
        One sorted index array per row, equal to `np.flatnonzero(scores(Q[i], K[:visible[i]]) >= tau[i])`.

    Raises:
        ValueError: when shapes do not match or a prefix is out of range.

    Cost: O(n_q n d) time in matrix products, O(n) memory beside a fixed block. Source: Definition 4.1.
    """
    Q, K, prefix = _checked(Q, K, visible)
    thresholds = np.broadcast_to(np.asarray(tau, dtype=np.float64), Q.shape[:1])
    found: list[Indices] = []
    for rows, approximate, slack in _approximate_scores(Q, K):
        limit = thresholds[rows, None]
        with np.errstate(invalid="ignore"):
            reached = approximate > limit + slack
            # so written that a NaN or an infinity, which decides nothing, is evaluated again
            unsure = ~(reached | (approximate < limit - slack))
        i, j = np.nonzero(unsure)
        reached[i, j] = scores_at(Q, rows[i], K, j) >= limit[i, 0]
        found += [np.flatnonzero(row[:end]) for row, end in zip(reached, prefix[rows], strict=True)]
    return found


def top_k(Q: ArrayLike, K: ArrayLike, k: int, *, visible: ArrayLike | None = None) -> list[Indices]:
    """The k best keys of every row; between equal scores the lower index wins.

    Args:
        Q: (n_q, d) query rows.
        K: (n, d) keys.
        k: keys per row, at least 1; a row that sees fewer keys gets them all.
        visible: (n_q,) prefix lengths, as in `above`.

    Returns:
        One sorted index array per row: the first k of the order by falling score, then rising index.

    Raises:
        ValueError: when k < 1, shapes do not match or a prefix is out of range.

    Cost: O(n_q n d) time in matrix products, O(n) memory beside a fixed block.
    """
    if k < 1:
        raise ValueError(f"k = {k}; ask for at least 1 key per row")
    Q, K, prefix = _checked(Q, K, visible)
    best: list[Indices] = []
    for rows, approximate, slack in _approximate_scores(Q, K):
        for i, row, end, margin in zip(rows, approximate, prefix[rows], slack[:, 0], strict=True):
            best.append(_best(Q[i], K, row[:end], k, 2 * margin))
    return best


def _best(q: Floats, K: Floats, approximate: Floats, k: int, margin: float) -> Indices:
    """The first k of one row, from approximate scores of which any two are ordered right if `margin` apart."""
    n = approximate.size
    if k >= n:
        return np.arange(n)
    kth = np.partition(approximate, n - k)[n - k]  # NaN sorts last: then nothing is ruled out
    candidates = np.flatnonzero(~(approximate < kth - margin))
    if candidates.size == k:
        return candidates
    order = np.lexsort((candidates, -scores(q, K[candidates])))
    return np.sort(candidates[order[:k]])


def _approximate_scores(Q: Floats, K: Floats) -> Iterator[tuple[Indices, Floats, Floats]]:
    """Blocks of rows with their scores from a matrix product and a proven bound on the difference to `scores`.

    Yields (row numbers, (b, n) products, (b, 1) bounds). Any order of summation, fused or not, is within
    d UNIT / (1 - d UNIT) of the exact sum relative to sum_l |q_l K_jl| <= |q|_1 |K_j|_inf, plus what underflows.
    """
    n, d = K.shape
    reach = np.abs(Q).sum(axis=1, keepdims=True) * np.abs(K).max(initial=0.0)
    slack = (2 * d + 8) * UNIT * reach + d * 2.0**-1060
    slack[~(reach < 2.0**1000)] = np.inf  # close to overflow nothing is proven
    step = max(1, BLOCK // max(n, 1))
    for start in range(0, Q.shape[0], step):
        rows = np.arange(start, min(start + step, Q.shape[0]))
        with np.errstate(over="ignore", invalid="ignore"):
            yield rows, Q[rows] @ K.T, slack[rows]


def _checked(Q: ArrayLike, K: ArrayLike, visible: ArrayLike | None) -> tuple[Floats, Floats, Indices]:
    Q, K = np.ascontiguousarray(Q, dtype=np.float64), np.ascontiguousarray(K, dtype=np.float64)
    if Q.ndim != 2 or K.ndim != 2 or Q.shape[1] != K.shape[1] or K.shape[1] == 0:
        raise ValueError(f"Q has shape {Q.shape} and K {K.shape}; they must be (n_q, d) and (n, d) with d >= 1")
    if visible is None:
        return Q, K, np.full(Q.shape[0], K.shape[0])
    prefix = np.asarray(visible, dtype=np.int64)
    if prefix.shape != Q.shape[:1] or np.any(prefix < 0) or np.any(prefix > K.shape[0]):
        raise ValueError(f"visible has shape {prefix.shape}; give n_q = {Q.shape[0]} lengths in 0..n = {K.shape[0]}")
    return Q, K, prefix


def exact_attention(problem: AttentionProblem) -> Floats:
    """Definition 1.1, D^-1 A V, with every score computed; O(n_q n d)."""
    output = np.empty((problem.n_q, problem.V.shape[1]))
    for i in range(problem.n_q):
        row = problem.scores(i)
        weight = np.exp(row - row.max())
        output[i] = weight @ problem.V[: row.size] / weight.sum()
    return output
