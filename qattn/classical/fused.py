"""Algorithm 2 in one pass over the found keys: D(B)^-1 B V from Q, K, V and the sets S_i, without storing B.

B = exp(s_ij) on S_i and 1 elsewhere, so that with m_i keys in sight and w_ij = exp(s_ij) - 1

    output_i = (sum_j V_j + sum_{j in S_i} w_ij V_j) / (m_i + sum_{j in S_i} w_ij).

O(n k d + n d) time, O(n d) memory beside the sets (Lemma 6.2), in the precision of the inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qattn.arrays import Indices, available
from qattn.scores import CACHE

Real = NDArray[Any]  # float32 or float64


def sparse_output(
    Q: ArrayLike, K: ArrayLike, V: ArrayLike, found: Sequence[Indices], *, visible: ArrayLike | None = None
) -> Real:
    """D(B)^-1 B V for the paper's B (Definition 4.2), scores of the found keys included.

    Args:
        Q: (n_q, d) rows, scaled.
        K: (n, d) keys.
        V: (n, d_v) values.
        found: n_q index arrays, the sets S_i.
        visible: (n_q,) row i sees the first visible[i] >= 1 keys; all by default.

    Returns:
        (n_q, d_v), float32 when Q, K and V are, else float64. Scores of any size: exponents are taken relative to the
        largest of the row.

    Raises:
        ValueError: when shapes do not match.
    """
    arrays = [np.asarray(array) for array in (Q, K, V)]
    single = all(array.dtype == np.float32 for array in arrays)
    Q, K, V = (np.ascontiguousarray(array, dtype=np.float32 if single else np.float64) for array in arrays)
    if Q.ndim != 2 or K.ndim != 2 or V.ndim != 2 or Q.shape[1] != K.shape[1] or len(K) != len(V):
        raise ValueError(f"Q, K, V have shapes {Q.shape}, {K.shape}, {V.shape}; give (n_q, d), (n, d) and (n, d_v)")
    if len(found) != len(Q):
        raise ValueError(f"{len(found)} sets for {len(Q)} rows; give one per row")
    ends = np.cumsum([len(js) for js in found], dtype=np.int64)
    columns = np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64, copy=False)
    if visible is None:
        sums, seen = V.sum(axis=0, dtype=np.float64)[None], np.full(len(Q), len(K))
        base = np.zeros(len(Q), np.int64)
    else:
        sums, seen = np.cumsum(V, axis=0, dtype=np.float64), np.asarray(visible, dtype=np.int64)
        base = seen - 1
    output = np.empty((len(Q), V.shape[1]), V.dtype)
    if columns.size * Q.shape[1] > CACHE and available():
        from qattn.classical import kernels

        kernels.attend(Q, K, V, ends, columns, sums.astype(V.dtype), base, seen, output)
    else:
        _attend(Q, K, V, ends, columns, sums, base, seen, output)
    return output


def _attend(
    Q: Real, K: Real, V: Real, ends: Indices, columns: Indices, sums: Real, base: Indices, seen: Indices, output: Real
) -> None:
    """The same without a compiler: blocks of rows whose gathered keys fit in the cache."""
    begins = np.concatenate([[0], ends[:-1]])
    widest = max(1, int(np.max(ends - begins, initial=1)))
    step = max(1, CACHE // (widest * (Q.shape[1] + V.shape[1])))
    for start in range(0, len(Q), step):
        rows = slice(start, start + step)
        first, count = begins[rows], (ends - begins)[rows]
        slot = np.arange(widest)
        used = slot < count[:, None]
        keys = columns[np.minimum(first[:, None] + slot, max(len(columns) - 1, 0))] if len(columns) else 0 * used
        scores = np.where(used, (K[keys] @ Q[rows][:, :, None])[:, :, 0], 0)
        peak = np.maximum(scores.max(axis=1), 0)
        one = np.exp(-peak)
        weights = np.where(used, np.exp(scores - peak[:, None]) - one[:, None], 0)
        total = one[:, None] * sums[base[rows]] + (weights[:, None, :] @ V[keys])[:, 0]
        output[rows] = total / (one * seen[rows] + weights.sum(axis=1))[:, None]
