"""A row's output within a stated relative error, at a stated confidence, from keys sampled until that is proven.

The error of row i is |o^ - o| / |o| in the Euclidean norm, o the exact row of D^-1 A V. Anchor: vAttention (Desai et
al., arXiv 2510.05688), which samples the keys that its top-k leaves out until a normal approximation promises (eps,
delta). Here the bound holds for finite samples, and a far field takes most of what there is to sample away.

What is done in a row. The search found the keys of the row's S; a **pilot** of `samples` other keys is drawn, to which
the far field is fitted and from which sizes m_1 < m_2 < .. are planned. All of these keys are known exactly. N unknown
keys are left, with weights w_j = exp(s_j) and far entries f_j, whose sums are known whatever N is. m of them are drawn
and stand for all:

    B_j = w_j where known,  f_j + (N / m) (w_j - f_j) where drawn,  f_j elsewhere;  o^ = D(B)^-1 B V.

Claim. With probability at least 1 - delta/2 over the draws, if the search missed none of the row's keys, every bound
stated at a size m_i holds, and so the one it stops at does. The search is run with delta/2, for all rows together. So a
row is within its bound, **jointly** with the search, with probability at least 1 - delta.

Proof. Fix the row, its finds, its pilot, and with them f, c (the row's output from the pilot), eta > 0 and the sizes:
all that is random is which of the N unknown keys are drawn, uniformly and none twice. Let r_j = w_j - f_j, z_j = r_j
(V_j - c, eta) in d_v + 1 dimensions, S the sum of the drawn z_j, and

    T >= |(N / m) S - sum of all N z_j|.

With Delta_1 the error of D^ and Delta_V that of sum r_j (V_j - c), both parts of that vector, D^ = D + Delta_1 and

    (o^ - o) D = Delta_V - (o^ - c) Delta_1,

an identity, since (o^ - c) D^ - (o - c) D = Delta_V. By Cauchy and Schwarz |o^ - o| D <= T sqrt(1 + |o^ - c|^2 /
eta^2), and D >= D^ - T / eta; also D >= the sum of the weights known. That gives e >= |o^ - o|, and |o| >= |o^| - e,
hence the bound e / (|o^| - e). T is (N / m) times `concentration.deviation`, whose q, the mean of |z_j|^2, is itself
bounded by `concentration.largest_mean` from the drawn ones. Both need b >= |z_j|: |V_j - c| <= max |V_j - mean V| +
|c - mean V|, and |r_j| <= `largest_residual` between the lowest score that Q_i can have and the largest that a key
outside S can have, which is the lowest found (or tau) when nothing was missed. At size m_i, i = 1, 2, .., the deviation
may fail with probability 3/4 2^-i delta/2 and q with 1/4 of that: together delta/2. At m = N nothing is left to chance
and e = 0. (A size of 0, no draws at all, has T = N b and spends nothing.)

A drawn key that scores above that limit shows that the search missed keys: the row then reads all of its keys. Where
|S_i| <= k was promised and is not so, nothing is proven, as for the search. Bounds hold up to rounding. What is stated
is the confidence of each row, not of all rows together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from qattn.approximation.concentration import deviation, largest_mean
from qattn.approximation.draws import Draws, far_order, peaks, sizes
from qattn.approximation.far_field import BoundedField, FarField, Fit, fit_to_draws, largest_allowed, row_shift
from qattn.approximation.sparse import SparseAttention
from qattn.arrays import Floats, Integers
from qattn.problem import AttentionProblem, ProblemError

GROWTH = 1.3  # from one planned size to the next
WHOLE = 0.9  # of the unknown keys; a row that would draw more reads all
SHARE = 0.75  # of a size's chance for the deviation, the rest for the second moment
ETA = 0.4  # eta over the root mean square of |V_j - c|: it adds 8% to |z_j| and keeps D apart from 0
ROUNDING = 1 + 1e-9


@dataclass(frozen=True, eq=False)
class Guarantee:
    """What is proven of each row's relative error |o^ - o| / |o|, and what it took.

    Attributes:
        error: what was asked for.
        confidence: 1 - delta: that of each row, jointly with the search having missed none of its keys.
        bound: (n_q,) stated bounds; 0 where a row has read all its keys, inf where nothing is proven.
        sampled: (n_q,) keys sampled, one evaluation each; those found by the search are not counted.
        read: (n_q,) keys read, found ones included.
        visible: (n_q,) keys that the row sees.
    """

    error: float
    confidence: float
    bound: Floats
    sampled: Integers
    read: Integers
    visible: Integers

    @property
    def unmet(self) -> list[int]:
        """Rows whose bound exceeds the error asked for."""
        return [int(i) for i in np.flatnonzero(~(self.bound <= self.error))]

    @property
    def exact(self) -> list[int]:
        """Rows that have read every key they see."""
        return [int(i) for i in np.flatnonzero(self.read >= self.visible)]

    def to_dict(self) -> dict[str, Any]:
        """In plain Python types."""
        return {
            "error": self.error,
            "confidence": self.confidence,
            "bound": self.bound.tolist(),
            "sampled": self.sampled.tolist(),
            "read": self.read.tolist(),
            "unmet": self.unmet,
            "exact": self.exact,
        }

    def __str__(self) -> str:
        """The verdict as a sentence, with the share of the keys that was read."""
        rows, share = self.bound.size, self.read.sum() / self.visible.sum()
        return (
            f"relative error of a row at most {self.error:g} with confidence {self.confidence:g}, each: proven in "
            f"{rows - len(self.unmet)} of {rows} rows, {len(self.exact)} of which read every key; {self.read.sum()} of "
            f"{self.visible.sum()} (row, key) pairs read ({share:.0%}), {self.sampled.sum()} of them sampled"
        )


@dataclass(frozen=True)
class Promise:
    """What is asked for.

    Attributes:
        error: eps, the largest relative error of a row.
        delta: the chance that a row may exceed it; half of it is the search's.
        samples: keys of the pilot.
        most: keys that a row may sample, pilot included; all that are left by default.
    """

    error: float
    delta: float
    samples: int = 16
    most: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.error < 1:
            raise ProblemError(f"error = {self.error}; give a relative error between 0 and 1, such as 0.05")
        if self.most is not None and self.most < 1:
            raise ProblemError(f"most_samples = {self.most}; a row needs at least one key to sample, or None for all")


@dataclass(frozen=True, eq=False)
class _Row:
    """One row after its pilot: what is known exactly, and bounds on what is not; weights in units of exp(shift)."""

    number: int
    unknown: int  # N
    center: Floats  # c
    total: float  # D of known and far entries
    known: float  # sum of the known weights
    eta: float
    reach: float  # b
    top: float  # no unknown key scores more
    shift: float
    square: float  # mean |z_j|^2 of the pilot, from which q is guessed for the plan


@dataclass(frozen=True, eq=False)
class _Case:
    """What all rows share."""

    problem: AttentionProblem
    found: Sequence[Integers]
    pilot: Draws
    far: BoundedField
    seed: np.random.SeedSequence

    def order(self, row: _Row, count: int) -> Integers:
        """The first unknown keys of a row, in the order in which they are drawn."""
        i, before = row.number, int(self.pilot.spent[row.number])
        return far_order(int(self.problem.visible[i]), self.found[i], before + count, _of_row(self.seed, i))[before:]


def guaranteed(
    problem: AttentionProblem,
    found: Sequence[Integers],
    far_field: str | Fit,
    promise: Promise,
    seed: np.random.SeedSequence,
) -> tuple[Floats, SparseAttention, Draws, Guarantee]:
    """Algorithm 2 with keys sampled in each row until its error is proven; see the module.

    Args:
        problem: the instance.
        found: per row, the sorted indices of S_i.
        far_field: a name or a function; the better it fits, the fewer keys are sampled.
        promise: error, confidence and limits.
        seed: of the draws; each row has its own.

    Returns:
        The (n_q, d_v) output, B, the keys drawn, and what is proven.

    Raises:
        ProblemError: for a far field without `largest_residual`.

    Cost: one evaluation a key sampled; O(n d (d + d_v)) once for the far field.
    """
    pilot = _pilot(problem, found, promise, seed)
    far, shift = fit_to_draws(far_field, problem, found, peaks(problem.scores_of(found)), pilot)
    if not isinstance(far, BoundedField):
        name = far_field if isinstance(far_field, str) else far_field.__name__
        raise ProblemError(f"far_field = {name}: a guaranteed error needs its `largest_residual`; see BoundedField")
    case = _Case(problem, found, pilot, far, seed)
    rows = _rows(case, shift)
    ends = [_finish(case, row, promise) for row in rows]
    columns = [
        np.concatenate([js, case.order(row, m)]) for js, row, (m, _) in zip(pilot.columns, rows, ends, strict=True)
    ]
    draws = Draws(columns, problem.scores_of(columns), pilot.population)
    attention = _assembled(problem, found, draws, pilot.spent, far, shift)
    guarantee = Guarantee(
        promise.error, 1 - promise.delta, np.array([bound for _, bound in ends]), draws.spent,
        sizes(found) + draws.spent, problem.visible,
    )  # fmt: skip
    return attention.output(problem.V), attention, draws, guarantee


def _of_row(seed: np.random.SeedSequence, i: int) -> np.random.SeedSequence:
    return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, i))


def _pilot(
    problem: AttentionProblem, found: Sequence[Integers], promise: Promise, seed: np.random.SeedSequence
) -> Draws:
    """The first keys of every row's order, with their scores."""
    count = promise.samples if promise.most is None else min(promise.samples, promise.most)
    columns = [
        far_order(int(seen), js, count, _of_row(seed, i))
        for i, (seen, js) in enumerate(zip(problem.visible, found, strict=True))
    ]
    return Draws(columns, problem.scores_of(columns), problem.visible - sizes(found))


def _rows(case: _Case, shift: Floats) -> list[_Row]:
    """What is known of every row after its pilot."""
    p, pilot, far = case.problem, case.pilot, case.far
    start = _assembled(p, case.found, pilot, pilot.spent, far, shift)
    total = start.row_sums()
    center = (start @ p.V) / total[:, None]
    low, high = _score_range(p)
    top = np.clip(largest_allowed(p, case.found), low, high)
    residual = far.largest_residual(low, top, shift)
    middle = p.V.mean(axis=0)
    away = np.linalg.norm(p.V - middle, axis=1).max() + np.linalg.norm(center - middle, axis=1)
    flat = np.concatenate(pilot.columns)
    offset = np.square(p.V[flat] - center[pilot.rows]).sum(axis=1)
    some = np.maximum(pilot.spent, 1)
    eta = ETA * np.sqrt(pilot.sums(offset) / some)
    eta = np.where(eta > 0, eta, np.where(away > 0, away, 1.0))
    left = np.exp(np.concatenate(pilot.scores) - shift[pilot.rows]) - far.values(pilot.rows, flat)
    square = pilot.sums(left**2 * (offset + eta[pilot.rows] ** 2)) / np.maximum(pilot.spent - 2, 1)
    with np.errstate(over="ignore"):
        reach = residual * np.hypot(away, eta) * ROUNDING
    known = start.weights.sum(axis=1)
    return [
        _Row(
            i, int(pilot.population[i] - pilot.spent[i]), center[i], float(total[i]), float(known[i]), float(eta[i]),
            float(reach[i]), float(top[i]), float(shift[i]), float(square[i]),
        )
        for i in range(p.n_q)
    ]  # fmt: skip


def _score_range(problem: AttentionProblem) -> tuple[Floats, Floats]:
    """(n_q,) each: no score of the row is lower, none is higher; O(n d) once for all rows."""
    center = problem.K.mean(axis=0)
    span = np.linalg.norm(problem.Q, axis=1) * np.linalg.norm(problem.K - center, axis=1).max()
    middle = problem.Q @ center
    span = span * ROUNDING + (np.abs(problem.Q) @ np.abs(center)) * (ROUNDING - 1)
    return middle - span, middle + span


def _finish(case: _Case, row: _Row, promise: Promise) -> tuple[int, float]:
    """How many unknown keys a row draws, and the bound on its error that this proves."""
    p, i, N = case.problem, row.number, row.unknown
    limit = N if promise.most is None else min(N, promise.most - int(case.pilot.spent[i]))
    if N == 0:
        return 0, 0.0
    scores, bound, sizes_planned = np.empty(0), np.inf, _plan(row, promise, limit)
    for look, m in enumerate(sizes_planned, start=1):
        if m == N:
            return N, 0.0
        columns = case.order(row, m)
        scores = np.concatenate([scores, p.scores_at(np.full(m - scores.size, i), columns[scores.size :])])
        if scores.max(initial=-np.inf) > row.top:  # the search has missed keys: no bound holds
            return limit, 0.0 if limit == N else np.inf
        left = np.exp(scores - row.shift) - case.far.values(np.full(m, i), columns)
        bound = _stated(row, left, p.V[columns] - row.center, promise.delta / 2 ** (look + 1))
        if bound <= promise.error:
            break
    return m, bound


def _plan(row: _Row, promise: Promise, limit: int) -> list[int]:
    """The sizes at which a row will be looked at, from its pilot alone; the last is the largest allowed."""
    if not np.isfinite(row.reach):
        return [limit]
    N = row.unknown
    grid = 4 * GROWTH ** np.arange(np.log(max(N / 4, 1)) / np.log(GROWTH))
    tried = np.unique(np.concatenate([[0], np.ceil(grid)])).astype(np.int64)
    tried = tried[(tried <= min(WHOLE * N, limit))]
    size = float(np.linalg.norm(row.center))
    likely = _bound(row, tried, np.full(tried.size, row.square), row.total, 0.0, size, promise.delta / 4)
    enough = np.flatnonzero(likely <= promise.error)
    if not enough.size:
        return [limit]
    planned = [int(tried[enough[0]])]
    while (following := int(np.ceil(max(planned[-1], 4) * GROWTH))) <= min(WHOLE * N, limit - 1):
        planned.append(following)
    return planned if planned[-1] == limit else [*planned, limit]


def _stated(row: _Row, left: Floats, away: Floats, chance: float) -> float:
    """The bound that the drawn keys prove, but for a probability `chance`."""
    m = left.size
    scale = row.unknown / max(m, 1)
    total = row.total + scale * float(left.sum())
    if total <= 0:
        return np.inf
    gap = scale * (left @ away) / total  # o^ - c
    square = float((left**2 * (np.square(away).sum(axis=1) + row.eta**2)).mean()) if m else 0.0
    norms = float(np.linalg.norm(gap)), float(np.linalg.norm(row.center + gap))
    return float(_bound(row, np.array([m]), np.array([square]), total, *norms, chance)[0])


def _bound(row: _Row, m: Integers, square: Floats, total: float, gap: float, size: float, chance: float) -> Floats:
    """The relative errors proven at these sizes, from the drawn keys' mean |z_j|^2; see the module's proof."""
    N, drawn = float(row.unknown), np.maximum(m, 1).astype(np.float64)
    q = largest_mean(N, drawn, square, row.reach**2, -np.log((1 - SHARE) * chance))
    T = N / drawn * deviation(N, drawn, q, row.reach, -np.log(SHARE * chance))
    T = np.where(m > 0, T, N * row.reach)
    error = T * np.hypot(1.0, gap / row.eta) / np.maximum(total - T / row.eta, row.known or np.finfo(float).tiny)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(error < size, error / (size - error), np.inf)


def _assembled(
    problem: AttentionProblem, found: Sequence[Integers], draws: Draws, known: Integers, far: FarField, shift: Floats
) -> SparseAttention:
    """B: the weights of the finds and of the first `known` draws of each row; the other draws stand for all unknown."""
    near = sizes(found)
    rows = np.concatenate([np.repeat(np.arange(problem.n_q), near), draws.rows])
    columns = np.concatenate([*found, *draws.columns, np.empty(0, np.int64)]).astype(np.int64)
    scores = np.concatenate([*problem.scores_of(found), *draws.scores, np.empty(0)])
    place = np.arange(draws.rows.size) - np.repeat(np.cumsum(draws.spent) - draws.spent, draws.spent)
    whole = near + draws.spent >= problem.visible
    own = np.full(problem.n_q, -np.inf)
    np.maximum.at(own, rows, scores)
    shift = np.where(whole, row_shift(own), shift)
    stands = np.concatenate([np.zeros(near.sum(), bool), place >= known[draws.rows]]) & ~whole[rows]
    scale = (draws.population - known) / np.maximum(draws.spent - known, 1)
    weights = np.exp(scores - shift[rows])
    covered = far.values(rows[stands], columns[stands])
    weights[stands] = covered + scale[rows[stands]] * (weights[stands] - covered)
    order = np.lexsort((columns, rows))
    pointers = np.concatenate([[0], np.cumsum(near + draws.spent)])
    stored = csr_array((weights[order], columns[order], pointers), shape=(problem.n_q, problem.n))
    return SparseAttention(stored, far, shift, whole)
