"""Far fields: what stands for the keys that were not found, and what it costs in accuracy.

A far field gives every key j outside S_i a weight f_ij in place of exp(s_ij). With o the exact row of the output, o^
the approximate one and D the exact row sum, it holds without any approximation that

    o^ - o = sum over j outside S_i of (f_ij - exp(s_ij)) (V_j - o^) / D.

So a far field is good when its residual f - exp(s) is small, or merely unrelated to V. What each one assumes:

- "ones" (Definition 4.2): every far score is in [-eta, 0]. Then |o^ - o| <= 2 eta |V|_inf (Lemma 5.2). Softmax does not
  change when a row's scores are shifted, this field does: it fails on rows whose far scores are not near 0.
- "constant": the far weights do not go along with V. beta_i is their mean, from samples; the error that is left is
  (number of far keys) Cov(exp(s), V) / D, zero when they are independent, and shifts do not matter.
- "linear": the same for what a straight line in s does not explain. V depends on K, so this line takes most of the
  covariance away; it costs O(d d_v) a row through K^T V.

`qattn.estimate_error` measures the right-hand side above from sampled keys, for these and any other field.

To add one, write a `Fit`: a function of (problem, found, draws, shift) that returns an object with the three methods of
`FarField`, and pass it as `attend(..., far_field=your_fit)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from qattn.problem import AttentionProblem

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RANGE = 300.0  # a row whose largest score is within +-RANGE is not shifted; exp(709) overflows, exp(-745) is 0
SMALL = 1024  # rows of up to this many keys are shuffled whole
PRIOR = 4  # the slope of a line is fitted as if this many samples had said slope = beta


class FarField(Protocol):
    """What stands for the keys that were not found; a row's entries are in units of exp(shift_i)."""

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """Its entries at these (row, column) pairs."""

    def row_sums(self) -> Floats:
        """(n_q,) sums over all visible keys."""

    def apply(self, V: Floats) -> Floats:
        """(n_q, d_v) far @ V."""


@dataclass(frozen=True, eq=False)
class ConstantField:
    """The same weight for every visible key of a row: rank one. Weight 1 is the paper's far field.

    Attributes:
        weight: (n_q,) the row's value, in units of exp(shift).
        visible: (n_q,) row i sees keys 0 .. visible[i] - 1.
        standard_error: (n_q,) of `weight` as the mean over the far keys; 0 when it is exact or given.
    """

    weight: Floats
    visible: Integers
    standard_error: Floats = field(default_factory=lambda: np.zeros(0))

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """Its entries at these pairs."""
        return self.weight[rows]

    def row_sums(self) -> Floats:
        """weight_i times the number of visible keys."""
        return self.weight * self.visible

    def apply(self, V: Floats) -> Floats:
        """weight_i times the sum of the visible values; O(n d_v)."""
        return self.weight[:, None] * prefix_sums(V, self.visible)


@dataclass(frozen=True, eq=False)
class LinearField:
    """beta_i + slope_i (s_ij - mu_i): the far weights to first order in the score, through K^T V; rank d + 1.

    For Gaussian scores with mean mu and beta = E exp(s) the least-squares line has slope = beta, which is
    beta_i (1 + s_ij - mu_i). A weight is negative where s_ij < mu_i - beta_i / slope_i. Such weights are kept: they sum
    to beta_i times the number of far keys, since mu_i is exact, so every row sum stays positive and every row of
    D^-1 B sums to 1. Clipping them would break the low rank. What is lost is that the output is a convex combination.

    Attributes:
        beta: (n_q,) mean of exp(s_ij - shift_i) over the far keys.
        slope: (n_q,) of the line.
        mu: (n_q,) mean score over the far keys, exact.
        problem: the instance.
        standard_error: (n_q,) of beta.
    """

    beta: Floats
    slope: Floats
    mu: Floats
    problem: AttentionProblem
    standard_error: Floats = field(default_factory=lambda: np.zeros(0))

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """Its entries at these pairs; O(d) each."""
        scores = self.problem.scores_at(rows, columns)
        return np.asarray(self.beta[rows] + self.slope[rows] * (scores - self.mu[rows]))

    def row_sums(self) -> Floats:
        """O(n d)."""
        p = self.problem
        sums = np.einsum("ij,ij->i", p.Q, prefix_sums(p.K, p.visible))
        return np.asarray(self.beta * p.visible + self.slope * (sums - self.mu * p.visible))

    def apply(self, V: Floats) -> Floats:
        """(beta_i - slope_i mu_i) sum V + slope_i Q_i K^T V; O(n d d_v) once and O(d d_v) a row, prefixes included."""
        p = self.problem
        flat = (self.beta - self.slope * self.mu)[:, None] * prefix_sums(V, p.visible)
        if np.all(p.visible == p.n):
            return np.asarray(flat + self.slope[:, None] * (p.Q @ (p.K.T @ V)))
        line = np.empty_like(flat)
        moment, seen = np.zeros((p.d, V.shape[1])), 0  # K^T V of the prefix, which only grows
        for i in np.argsort(p.visible, kind="stable"):
            new = slice(seen, int(p.visible[i]))
            moment += p.K[new].T @ V[new]
            seen = int(p.visible[i])
            line[i] = p.Q[i] @ moment
        return np.asarray(flat + self.slope[:, None] * line)


@dataclass(frozen=True, eq=False)
class Draws:
    """Keys drawn for each row, uniformly and without repetition, among those not excluded; one evaluation each.

    Attributes:
        columns: per row, the keys in the order drawn.
        scores: per row, their scores.
        population: (n_q,) how many keys each row's were drawn from.
    """

    columns: list[Integers]
    scores: list[Floats]
    population: Integers

    @cached_property
    def spent(self) -> Integers:
        """(n_q,) evaluations."""
        return np.array([len(js) for js in self.columns], dtype=np.int64)

    @cached_property
    def rows(self) -> Integers:
        """The row of every key drawn, all rows in one array."""
        return np.repeat(np.arange(self.spent.size), self.spent)

    def sums(self, values: Floats) -> Floats:
        """(n_q,) sums over each row's keys of values in the order of `rows`."""
        return np.asarray(np.bincount(self.rows, values, minlength=self.spent.size), dtype=np.float64)


Fit = Callable[[AttentionProblem, Sequence[Integers], Draws, Floats], FarField]


def draw(
    problem: AttentionProblem, excluded: Sequence[Integers], count: int, seed: np.random.SeedSequence, *, first: int = 0
) -> Draws:
    """Up to `count` keys per row outside the excluded ones.

    Every row has a random order of its keys, its own and always the same for one seed; the draws are the first of that
    order which are not excluded. So they depend neither on the other rows nor on which worker has the row, and more
    draws, or other exclusions, evaluate few new keys.

    Args:
        problem: the instance.
        excluded: per row, sorted keys.
        count: keys per row.
        seed: of all rows together.
        first: number of the problem's first row, when it is a part of a larger one.

    Cost: O(count + excluded) a row, whatever n is, and `count` evaluations.
    """
    columns = [] if count else [np.empty(0, np.int64)] * len(excluded)
    for i, js in enumerate(excluded if count else ()):
        rng = np.random.default_rng(np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, first + i)))
        order = random_order(int(problem.visible[i]), count + len(js), rng)
        columns.append(_without(order, js)[:count])
    return Draws(
        columns, problem.scores_of(columns), problem.visible - np.array([len(js) for js in excluded], dtype=np.int64)
    )


def random_order(n: int, count: int, rng: np.random.Generator) -> Integers:
    """The first `count` of a random order of 0..n-1; a longer beginning starts with the shorter ones (large n)."""
    if n > max(SMALL, 4 * count):
        drawn = rng.integers(n, size=4 * count)
        distinct = drawn[np.sort(np.unique(drawn, return_index=True)[1])]
        if distinct.size >= count:
            return distinct[:count]
    return rng.permutation(n)[:count]


def _without(order: Integers, excluded: Integers) -> Integers:
    if not excluded.size:
        return order
    place = np.minimum(np.searchsorted(excluded, order), excluded.size - 1)
    return np.asarray(order[excluded[place] != order])


def ones(problem: AttentionProblem, found: Sequence[Integers], draws: Draws, shift: Floats) -> ConstantField:
    """The paper's far field: exp(0) for every key (Definition 4.2)."""
    return ConstantField(np.exp(-shift), problem.visible, np.zeros(problem.n_q))


def constant(problem: AttentionProblem, found: Sequence[Integers], draws: Draws, shift: Floats) -> ConstantField:
    """beta_i, the mean weight of the drawn keys; exact when all far keys were drawn."""
    weights = np.exp(np.concatenate(draws.scores) - shift[draws.rows])
    beta = draws.sums(weights) / np.maximum(draws.spent, 1)
    return ConstantField(beta, problem.visible, _standard_errors(draws, weights - beta[draws.rows], 1))


def linear(problem: AttentionProblem, found: Sequence[Integers], draws: Draws, shift: Floats) -> LinearField:
    """The regression line of the weights on the scores through (mu_i, beta_i).

    mu_i is exact from sums of keys, so the line also corrects beta_i for samples that lie above or below the mean (a
    control variate). The slope leans towards beta_i, its value for Gaussian scores, as if 4 more samples had said so.
    Measured on real heads, n = 64, k = 16, 16 samples: median output error 0.032, against 0.048 with slope = beta.
    """
    rows, m, s = draws.rows, np.maximum(draws.spent, 1), np.concatenate(draws.scores)
    weights, least = np.exp(s - shift[rows]), np.where(draws.spent > 0, np.inf, 0.0)
    np.minimum.at(least, rows, weights)
    mean, center, mu = draws.sums(weights) / m, draws.sums(s) / m, far_means(problem, found)
    x = s - center[rows]
    spread = draws.sums(x * x)
    pull = spread * PRIOR * (1 / m - 1 / np.maximum(draws.population, m))  # none when every far key was drawn
    slope = (draws.sums(x * weights) + pull * mean) / np.where(spread > 0, spread + pull, 1.0)
    slope = np.where(spread > 0, slope, mean)
    beta = np.maximum(mean - slope * (center - mu), least)
    error = _standard_errors(draws, weights - mean[rows] - slope[rows] * x, 2)
    return LinearField(beta, slope, mu, problem, error)


FITS: dict[str, Fit] = {"ones": ones, "constant": constant, "linear": linear}


def make_far_field(
    kind: str | Fit,
    problem: AttentionProblem,
    found: Sequence[Integers],
    found_scores: Sequence[Floats],
    samples: int,
    seed: np.random.SeedSequence,
) -> tuple[FarField, Floats, Draws]:
    """The far field of that name (or from your own `Fit`), each row's shift, and the keys drawn for it."""
    draws = draw(problem, found, 0 if kind == "ones" else samples, seed)
    other = [np.zeros(1)] * problem.n_q if kind == "ones" else draws.scores
    shift = row_shift(found_scores, other)
    fit = FITS[kind] if isinstance(kind, str) else kind
    return fit(problem, found, draws, shift), shift, draws


def far_means(problem: AttentionProblem, found: Sequence[Integers]) -> Floats:
    """(n_q,) mean score over the keys outside S_i, exactly; O(n d) once and O(|S_i| d) a row. 0 where none is left."""
    counts = np.array([len(js) for js in found], dtype=np.int64)
    columns = np.concatenate([*found, np.empty(0, np.int64)])
    member = csr_array((np.ones(columns.size), columns, np.append(0, np.cumsum(counts))), (problem.n_q, problem.n))
    rest = prefix_sums(problem.K, problem.visible) - member @ problem.K
    left = problem.visible - counts
    return np.where(left > 0, np.einsum("ij,ij->i", problem.Q, rest) / np.maximum(left, 1), 0.0)


def prefix_sums(values: Floats, visible: Integers) -> Floats:
    """(n_q, m) sums of the first visible[i] rows of values (n, m)."""
    if np.all(visible == len(values)):
        return np.broadcast_to(values.sum(axis=0), (len(visible), values.shape[1]))
    return np.asarray(np.vstack([np.zeros(values.shape[1]), np.cumsum(values, axis=0)])[visible])


def row_shift(found_scores: Sequence[Floats], other_scores: Sequence[Floats]) -> Floats:
    """(n_q,) what to subtract from a row's scores so that the largest exp neither overflows nor vanishes.

    0 for ordinary rows, whose largest score is within +-300.
    """
    peak = np.maximum(_peaks(found_scores), _peaks(other_scores))
    peak[np.isinf(peak)] = 0.0
    return np.asarray(peak - np.clip(peak, -RANGE, RANGE))


def _peaks(rows: Sequence[Floats]) -> Floats:
    """The largest of each row, -inf of an empty one."""
    peak = np.full(len(rows), -np.inf)
    np.maximum.at(peak, np.repeat(np.arange(len(rows)), [len(row) for row in rows]), np.concatenate(rows))
    return peak


def _standard_errors(draws: Draws, residuals: Floats, fitted: int) -> Floats:
    """(n_q,) of means over the population, from the residuals of a fit; inf where there are too few to tell."""
    m, population = draws.spent, np.maximum(draws.population, 1)
    variance = draws.sums(residuals**2) / np.maximum(m - fitted, 1) / np.maximum(m, 1) * (1 - m / population)
    return np.where(m >= draws.population, 0.0, np.where(m > fitted, np.sqrt(np.maximum(variance, 0)), np.inf))
