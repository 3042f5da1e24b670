"""Definition 1.1's inputs, validated, and Definition 1.2's goodness, measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Integers, plain_array, real_array
from qattn.arrays import ProblemError as ProblemError
from qattn.scores import scores, scores_at

if TYPE_CHECKING:
    from qattn.encoding.kept import Kept

LARGEST_SCORE = 2.0**1000  # so that sums and differences of scores stay finite


@dataclass(frozen=True, eq=False)
class AttentionProblem:
    """Q, K, V and the promise, as every method sees them (Definition 1.1).

    Attributes:
        Q: (n_q, d) float64 rows, already multiplied by `scale`.
        K: (n, d) float64 keys.
        V: (n, d_v) float64 values.
        tau: (n_q,) thresholds, or None when the k best keys of each row are wanted.
        k: with tau, the promise |S_i| <= k; without, how many keys per row.
        visible: (n_q,) row i sees the keys 0 .. visible[i] - 1.
        kept: what is kept of K and V where they are a cache's and all rows see all keys; None elsewhere.
    """

    Q: Floats
    K: Floats
    V: Floats
    tau: Floats | None
    k: int | None
    visible: Integers
    kept: Kept | None = None

    @property
    def n_q(self) -> int:
        """Number of rows."""
        return int(self.Q.shape[0])

    @property
    def n(self) -> int:
        """Number of keys."""
        return int(self.K.shape[0])

    @property
    def d(self) -> int:
        """Head dimension."""
        return int(self.Q.shape[1])

    def scores(self, i: int) -> Floats:
        """Row i's scores over the keys it sees: visible[i] evaluations.

        Args:
            i: number of the row.

        Returns:
            (visible[i],) scores.
        """
        return scores(self.Q[i], self.K[: self.visible[i]])

    def scores_at(self, rows: Integers, columns: Integers) -> Floats:
        """The scores of (row, key) pairs: one evaluation each.

        Args:
            rows: (p,) row numbers.
            columns: (p,) key numbers.

        Returns:
            (p,) scores.
        """
        return scores_at(self.Q, rows, self.K, columns)

    def scores_of(self, columns: Sequence[Integers]) -> list[Floats]:
        """Row i's scores of the keys columns[i], for all rows: one evaluation each.

        Args:
            columns: n_q arrays of key numbers.

        Returns:
            n_q arrays of scores.
        """
        counts = np.array([len(js) for js in columns], dtype=np.int64)
        flat = np.concatenate([*columns, np.empty(0, np.int64)]).astype(np.int64)
        values = self.scores_at(np.repeat(np.arange(self.n_q), counts), flat)
        return [values[start:stop] for start, stop in pairwise([0, *np.cumsum(counts).tolist()])]


def make_problem(
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    tau: ArrayLike | None = None,
    *,
    k: int | None = None,
    scale: float = 1.0,
    causal: bool = False,
    visible: ArrayLike | None = None,
    kept: Kept | None = None,
) -> AttentionProblem:
    """Validate (Q, K, V, tau, k).

    Args:
        Q: (n_q, d) rows; n_q may differ from n (cross-attention).
        K: (n, d) keys.
        V: (n, d_v) values.
        tau: a number, one per row, or None with k given.
        k: the promise |S_i| <= k (with tau), or how many keys per row (without).
        scale: multiplies Q; 1/sqrt(d) in a transformer.
        causal: row i of n_q sees the first n - n_q + i + 1 keys (all rows end at the last key, as in decoding).
        visible: (n_q,) row i sees the first visible[i] keys; instead of `causal`.
        kept: of an `AttentionCache` whose keys and values K and V are: they need not be looked at again.

    Returns:
        The instance, in float64, with scale and causal worked in.

    Raises:
        ProblemError: says which array or value is wrong.
    """
    Q = _matrix("Q", Q)
    if kept is None:
        K, V = _matrix("K", K), _matrix("V", V)
    elif K is not kept.K or V is not kept.V or causal or visible is not None:
        raise ProblemError("kept goes with the very keys and values it was kept of, and with rows that see all of them")
    else:
        K, V = kept.K, kept.V
    if Q.shape[1] != K.shape[1]:
        raise ProblemError(f"Q has shape {Q.shape} and K {K.shape}; both need the same d (second axis)")
    if K.shape[0] != V.shape[0]:
        raise ProblemError(f"K has shape {K.shape} and V {V.shape}; both need the same n (first axis)")
    Q = _scaled(Q, scale)
    reach = _reach(Q, K if kept is None else np.stack([kept.low, kept.high]))
    if not reach < LARGEST_SCORE:
        raise ProblemError(f"the scores Q K^T may reach {reach:.3g} and overflow float64; scale Q or K down")
    n_q, n = Q.shape[0], K.shape[0]
    if causal and n_q > n:
        raise ProblemError(f"causal attention of {n_q} rows over {n} keys leaves rows without keys; give n_q <= n")
    if visible is None:
        prefix = np.arange(n - n_q + 1, n + 1) if causal else np.full(n_q, n)
    else:
        prefix = plain_array("visible", visible)
        lengths = prefix.shape == (n_q,) and prefix.dtype.kind in "iu" and 1 <= prefix.min() <= prefix.max() <= n
        if causal or not lengths:
            raise ProblemError(f"visible = {visible}; give n_q = {n_q} whole numbers from 1 to n = {n}, and not causal")
    return AttentionProblem(Q, K, V, _thresholds(tau, k, n_q), _count(k, n), prefix.astype(np.int64), kept)


def _matrix(name: str, array: ArrayLike) -> Floats:
    matrix = real_array(name, array)
    if matrix.ndim != 2 or 0 in matrix.shape:
        heads = "; for leading axes (batch, heads) use attend_heads" if matrix.ndim > 2 else ""
        raise ProblemError(f"{name} has shape {matrix.shape}; it must be a non-empty matrix, one row per token{heads}")
    return matrix


def _scaled(Q: Floats, scale: float) -> Floats:
    factor = real_array("scale", scale, finite=False)
    if factor.shape != () or not np.isfinite(factor):
        raise ProblemError(f"scale = {scale}; give a finite number, such as d ** -0.5")
    with np.errstate(over="ignore"):
        scaled = Q * factor
    if not np.isfinite(scaled).all():
        raise ProblemError(f"Q times scale = {scale} overflows float64; give a smaller scale")
    return scaled


def _reach(Q: Floats, K: Floats) -> float:
    """No partial sum of any score is larger: the sum over the coordinates of max |Q_l| max |K_l|."""
    with np.errstate(over="ignore"):
        return float(np.abs(Q).max(axis=0) @ np.abs(K).max(axis=0))


def _thresholds(tau: ArrayLike | None, k: int | None, n_q: int) -> Floats | None:
    if tau is None:
        if k is None:
            raise ProblemError("give tau (a threshold), or k (how many keys per row), or both")
        return None
    array = real_array("tau", tau)
    if array.shape not in ((), (n_q,)):
        raise ProblemError(f"tau has shape {array.shape}; give one finite number, or {n_q} of them, one per row")
    return np.ascontiguousarray(np.broadcast_to(array, (n_q,)))


def _count(k: int | None, n: int) -> int | None:
    if k is None:
        return None
    whole = isinstance(k, int | np.integer) or (isinstance(k, float | np.floating) and float(k).is_integer())
    if isinstance(k, bool) or not whole or k < 0:
        raise ProblemError(f"k = {k!r}; give a whole number of keys per row, 0 to n = {n}")
    return min(int(k), n)


@dataclass(frozen=True)
class Goodness:
    """How far an instance is from the hypotheses of Theorem 1.3 (Definition 1.2), measured over all pairs.

    Attributes:
        k: the largest |S_i|.
        mean_k: the average |S_i|.
        eta: the largest -s_ij off S_i, so that the rest of each row lies in [-eta, rest_max].
        rest_max: the largest score off S_i, -inf where all keys are in S_i; the theorem wants it <= 0.
        tau_min: the smallest threshold; the theorem wants it >= 2 log n.
        two_log_n: 2 log n.
        good: |S_i| <= k holds for the promised k (True when none was promised).
        promised: that k, None when none was promised.
    """

    k: int
    mean_k: float
    eta: float
    rest_max: float
    tau_min: float
    two_log_n: float
    good: bool
    promised: int | None = None

    @property
    def tau_holds(self) -> bool:
        """Condition 1 of Theorem 1.3: tau >= 2 log n."""
        return self.tau_min >= self.two_log_n

    @property
    def rest_holds(self) -> bool:
        """Condition 2 of Theorem 1.3: every score off S_i is in [-eta, 0]."""
        return self.rest_max <= 0

    def __str__(self) -> str:
        """The verdict as a sentence."""
        tau = f"tau >= {self.tau_min:.3g} {'>=' if self.tau_holds else '<'} 2 log n = {self.two_log_n:.3g}"
        rest = f"the rest lies in [{0.0 - self.eta:.3g}, {self.rest_max:.3g}]{'' if self.rest_holds else ', above 0'}"
        rest = rest if math.isfinite(self.rest_max) else "no key is left beside them"
        count = f"at most {self.k} keys a row at or above tau"
        count += "" if self.good else f" (promised: {self.promised})"
        verdict = "hold" if self.tau_holds and self.rest_holds and self.good else "do not hold"
        return f"Theorem 1.3's conditions {verdict}: {count}; {tau}; {rest}."


def goodness(problem: AttentionProblem, found: list[Integers] | None = None) -> Goodness:
    """Measure Definition 1.2 and the conditions of Theorem 1.3 over all pairs: O(n_q n d), for diagnosis only.

    Args:
        problem: the instance.
        found: the sets S_i; by default the keys at or above tau (or the k best).

    Returns:
        What was measured.
    """
    counts, eta, rest_max, tau_min = [], 0.0, -math.inf, math.inf
    for i in range(problem.n_q):
        row = problem.scores(i)
        if found is not None:
            member = np.zeros(row.size, dtype=bool)
            member[found[i]] = True
        elif problem.tau is not None:
            member = row >= problem.tau[i]
        else:
            member = np.zeros(row.size, dtype=bool)
            member[np.lexsort((np.arange(row.size), -row))[: problem.k]] = True
        tau_min = min(tau_min, problem.tau[i] if problem.tau is not None else row[member].min(initial=math.inf))
        counts.append(int(member.sum()))
        eta, rest_max = (
            max(eta, float(-row[~member].min(initial=0.0))),
            max(rest_max, row[~member].max(initial=-math.inf)),
        )
    promised = problem.k if problem.k is not None else problem.n
    return Goodness(
        max(counts), float(np.mean(counts)), eta, float(rest_max), float(tau_min), 2 * math.log(problem.n),
        max(counts) <= promised, None if problem.tau is None else problem.k,
    )  # fmt: skip
