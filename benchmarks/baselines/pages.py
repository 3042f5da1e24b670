"""What the field does about far keys: Quest's bounds of pages (2406.10774) and Loki's low-rank keys (2406.02542)."""

from __future__ import annotations

from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Booleans = np.ndarray[Any, np.dtype[np.bool_]]


def reachable(Q: Floats, K: Floats, tau: Floats, page: int) -> Booleans:
    """(n_q, n) which keys lie in pages of consecutive keys whose scores may reach tau; no member is ever left out.

    A page keeps the least and the largest of each coordinate; sum_l max(q_l least_l, q_l largest_l) bounds the scores
    of its keys. That is one evaluation a page and row: d products, of which the sign of q_l tells which.

    Args:
        Q: (n_q, d) rows.
        K: (n, d) keys.
        tau: (n_q,) thresholds.
        page: keys a page.

    Returns:
        Booleans.
    """
    starts = np.arange(0, len(K), page)
    least, largest = (extreme.reduceat(K, starts, axis=0) for extreme in (np.minimum, np.maximum))
    bound = np.maximum(Q, 0) @ largest.T + np.minimum(Q, 0) @ least.T
    slack = 1e-9 * (np.abs(Q) @ np.maximum(np.abs(least), np.abs(largest)).T)
    return np.repeat(bound + slack >= tau[:, None], page, axis=1)[:, : len(K)]


def loki(Q: Floats, K: Floats, V: Floats, k: int, rank: int) -> tuple[Floats, Floats]:
    """Attention over each row's k best keys by their scores in the leading `rank` principal components of the keys.

    Args:
        Q: (n_q, d) rows.
        K: (n, d) keys.
        V: (n, d_v) values.
        k: keys whose scores are then computed in full.
        rank: components.

    Returns:
        The (n_q, d_v) output, and which share of the k best keys of each row was among them.
    """
    center = K.mean(axis=0)
    basis = np.linalg.svd(K - center, full_matrices=False)[2][:rank].T
    scores, guessed = Q @ K.T, (Q @ basis) @ ((K - center) @ basis).T
    chosen, best = (np.argpartition(-s, k - 1, axis=1)[:, :k] for s in (guessed, scores))
    own = np.take_along_axis(scores, chosen, axis=1)
    weights = np.exp(own - own.max(axis=1, keepdims=True))
    output = np.einsum("ij,ijc->ic", weights, V[chosen]) / weights.sum(axis=1, keepdims=True)
    recall = np.array([np.isin(a, b).mean() for a, b in zip(chosen, best, strict=True)])
    return output, recall
