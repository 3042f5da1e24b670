"""What the statements of the paper are about, measured on an instance: k, tau, eta, gaps and ranks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import structural_rank

from qattn.arrays import Floats, Indices
from qattn.classical import exact

if TYPE_CHECKING:
    pass

RANK_LIMIT = 1024  # keys and rows up to which ranks are measured, by singular values
LARGEST = 600.0  # exp of larger scores is not taken as it stands; exp(709) overflows


def log_of(value: float | None) -> float | None:
    """The logarithm; -inf of 0, None of None."""
    return None if value is None else math.log(value) if value > 0 else -math.inf


def _log_sum(exponents: Floats) -> float:
    peak = float(exponents.max())
    return peak + math.log(np.exp(exponents - peak).sum())


def _weights(exponents: Floats) -> Floats:
    weights = np.exp(exponents - exponents.max())
    return np.asarray(weights / weights.sum())


def exp_of(log: float) -> float:
    """The exponential; inf where it overflows."""
    return math.exp(log) if log < 709 else math.inf


@dataclass(frozen=True, eq=False)
class Facts:
    """What is measured of an instance, over all pairs a row sees; the largest over rows unless it says otherwise.

    Attributes:
        n: keys; and n_q rows, d dimensions.
        seen: (n_q,) keys each row sees.
        members: (n_q,) |S_i|.
        tau: (n_q,) the lowest score in S_i, or the threshold where S_i is empty.
        low: the smallest score off any S_i; `high` the largest.
        value: |V|_inf; `spread` the largest range of a column.
        log_entry: log |A - B|.
        log_sums: log |D(A) - D(B)|; `log_sums_a` the same over D(A), `log_sums_b` over D(B).
        log_least_sum: of the smallest D(A).
        normalised: |D(A)^-1 A - D(B)^-1 B|.
        output: |D(A)^-1 A V - D(B)^-1 B V|.
        near: entries of B - 1 that are not zero, in a row.
        far_rank: rank of B - near, 1 on what each row sees; `rank`, numerical, of D(B)^-1 B; `structure` its structural
            bound. None if too large.
    """

    n: int
    n_q: int
    d: int
    seen: Indices
    members: Indices
    tau: Floats
    low: float
    high: float
    value: float
    spread: float
    log_entry: float
    log_sums: float
    log_sums_a: float
    log_sums_b: float
    log_least_sum: float
    normalised: float
    output: float
    near: int
    far_rank: int | None
    rank: int | None
    structure: int | None


def measure(
    Q: ArrayLike, K: ArrayLike, V: ArrayLike, tau: ArrayLike, found: Sequence[Indices] | None = None, *,
    visible: ArrayLike | None = None,
) -> Facts:  # fmt: skip
    """Compare A and B row by row; see `Facts`. The far field is the paper's, B = 1 off S_i.

    Args:
        Q: (n_q, d) rows, scale included.
        K: (n, d) keys.
        V: (n, d_v) values.
        tau: a threshold, or (n_q,) of them.
        found: per row, the sorted indices of S_i; those at or above tau by default.
        visible: (n_q,) row i sees the first visible[i] keys; all by default.

    Returns:
        What was measured.
    """
    Q, K, V = (np.ascontiguousarray(array, dtype=np.float64) for array in (Q, K, V))
    n_q, n = len(Q), len(K)
    seen = np.full(n_q, n) if visible is None else np.asarray(visible, dtype=np.int64)
    sets = exact.above(Q, K, tau, visible=visible) if found is None else list(found)
    threshold = np.array(np.broadcast_to(np.asarray(tau, dtype=np.float64), n_q))
    logs = np.empty((n_q, 4))
    normalised = output = 0.0
    low, high, least_sum, near = 0.0, -math.inf, math.inf, 0
    middle = (V.min(axis=0) + V.max(axis=0)) / 2  # rows of D^-1 A - D^-1 B sum to 0: no common part of V counts
    for i in range(n_q):
        row = Q[i] @ K[: seen[i]].T
        off = np.ones(seen[i], dtype=bool)
        off[sets[i]] = False
        threshold[i] = row[sets[i]].min(initial=threshold[i] if not sets[i].size else math.inf)
        low, high = row[off].min(initial=low), row[off].max(initial=high)
        logs[i], log_a = _log_gaps(row, off)
        least_sum = min(least_sum, log_a)
        difference = _weights(row) - _weights(np.where(off, 0.0, row))
        normalised = max(normalised, float(np.abs(difference).max()))
        output = max(output, float(np.abs(difference @ (V[: seen[i]] - middle)).max()))
        near = max(near, int(np.count_nonzero(row[sets[i]])))
    members = np.array([len(js) for js in sets], dtype=np.int64)
    ranks = _ranks(Q, K, sets, seen) if max(n, n_q) <= RANK_LIMIT else (None, None, None)
    entry, sums, sums_a, sums_b = logs.max(axis=0).tolist()
    return Facts(
        n, n_q, Q.shape[1], seen, members, threshold, float(low), float(high), float(np.abs(V).max()),
        float(np.ptp(V, axis=0).max()), entry, sums, sums_a, sums_b, least_sum, normalised, output, near, *ranks,
    )  # fmt: skip


def _log_gaps(row: Floats, off: NDArray[np.bool_]) -> tuple[tuple[float, float, float, float], float]:
    """The logarithms of max |A - B|, |D(A) - D(B)|, that over D(A) and over D(B), and of D(A), for one row's scores."""
    far = row[off]
    peak = max(float(far.max(initial=0.0)) - LARGEST, 0.0)  # in units of exp(peak); the 1 of B is gone from there on
    gaps = np.exp(far - peak) - math.exp(-peak) if peak else np.expm1(far)
    log_a, log_b = _log_sum(row), _log_sum(np.where(off, 0.0, row))
    entry, total = (peak + float(log_of(float(x)) or 0.0) for x in (np.abs(gaps).max(initial=0.0), abs(gaps.sum())))
    return (entry, total, total - log_a, total - log_b), log_a


def _ranks(Q: Floats, K: Floats, sets: Sequence[Indices], seen: Indices) -> tuple[int, int, int]:
    """Ranks of B - near and of D^-1 B, and what the pattern of near allows the second."""
    visible = np.arange(len(K)) < seen[:, None]
    exponents, near = np.where(visible, 0.0, -np.inf), np.zeros(visible.shape, dtype=bool)
    for i, js in enumerate(sets):
        exponents[i, js] = K[js] @ Q[i]
        near[i, js] = exponents[i, js] != 0
    far_rank = int(np.linalg.matrix_rank(visible.astype(np.float64)))
    rank = int(np.linalg.matrix_rank(np.array([_weights(row) for row in exponents])))
    return far_rank, rank, min(len(Q), len(K), int(structural_rank(csr_array(near.astype(np.int8)))) + far_rank)
