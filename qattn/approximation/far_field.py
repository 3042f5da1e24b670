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
  covariance away; it costs O(d d_v) a row through K^T V. A row whose line leaves what far weights can be has the
  weight of "constant" instead, and is listed in the result's `flat_rows`.

`qattn.estimate_error` measures the right-hand side above from sampled keys, for these and any other field.

To add one, write a `Fit`: a function of (problem, found, draws, shift) that returns an object with the three methods of
`FarField`, and pass it as `attend(..., far_field=your_fit)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from qattn.approximation.draws import Draws, draw, peaks
from qattn.approximation.prefix import Sums, far_moments, prefix_sums, relative_scores, sums_of
from qattn.arrays import Floats, Integers
from qattn.problem import AttentionProblem

LOW, HIGH = -30.0, 300.0  # a row whose largest score lies here is not shifted; exp overflows at 709, is coarse at -709
PRIOR = 4  # the slope of a line is fitted as if this many samples had said slope = beta
STEEP = 2.0  # means by which a line may move within one standard deviation of the far scores
LOSS = 512.0  # and within the reach of any score: 9 of its 53 bits
VANISHING = 2.0**-9  # means below which a line at a key drawn has cancelled


class FarField(Protocol):
    """What stands for the keys that were not found; a row's entries are in units of exp(shift_i)."""

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """Its entries at these (row, column) pairs.

        Args:
            rows: (p,) row numbers.
            columns: (p,) key numbers.

        Returns:
            (p,) entries, in units of exp(shift).
        """

    def row_sums(self) -> Floats:
        """(n_q,) sums over all visible keys."""

    def apply(self, V: Floats) -> Floats:
        """(n_q, d_v) far @ V.

        Args:
            V: (n, m) columns.

        Returns:
            (n_q, m) products over the keys that each row sees.
        """


@runtime_checkable
class BoundedField(FarField, Protocol):
    """A far field that can say how wrong it may be at one key, as a guaranteed error needs to know."""

    def largest_residual(self, low: Floats, top: Floats, shift: Floats) -> Floats:
        """A bound on |exp(s - shift) - entry| over the keys with scores s from low to top.

        Args:
            low: (n_q,) no score is lower.
            top: (n_q,) nor higher.
            shift: (n_q,) weights are in units of exp(shift).

        Returns:
            (n_q,) bounds; infinite where there is none.
        """


@dataclass(frozen=True, eq=False)
class ConstantField:
    """The same weight for every visible key of a row: rank one. Weight 1 is the paper's far field.

    Attributes:
        weight: (n_q,) the row's value, in units of exp(shift).
        visible: (n_q,) row i sees keys 0 .. visible[i] - 1.
        standard_error: (n_q,) of `weight` as the mean over the far keys; 0 when it is exact or given.
        sums: over the keys, kept where they are a cache's; None: they are computed.
    """

    weight: Floats
    visible: Integers
    standard_error: Floats = field(default_factory=lambda: np.zeros(0))
    sums: Sums | None = None

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """Its entries at these pairs.

        Args:
            rows: (p,) row numbers.
            columns: (p,) key numbers; they do not matter here.

        Returns:
            (p,) entries, in units of exp(shift).
        """
        return self.weight[rows]

    def row_sums(self) -> Floats:
        """(n_q,) sums: weight_i times the number of visible keys."""
        return self.weight * self.visible

    def apply(self, V: Floats) -> Floats:
        """(n_q, d_v) far @ V: weight_i times the sum of the visible values; O(n d_v), or O(d_v) if that is kept."""
        total = prefix_sums(V, self.visible) if self.sums is None else self.sums.values(V)
        return np.asarray(self.weight[:, None] * total)

    def largest_residual(self, low: Floats, top: Floats, shift: Floats) -> Floats:
        """Attained at one of the two ends.

        Args:
            low: (n_q,) no score is lower.
            top: (n_q,) nor higher.
            shift: (n_q,) weights are in units of exp(shift).

        Returns:
            (n_q,) bounds.
        """
        with np.errstate(over="ignore"):
            return np.maximum(np.exp(top - shift) - self.weight, self.weight - np.exp(low - shift))


@dataclass(frozen=True, eq=False)
class LinearField:
    """beta_i + slope_i (s_ij - mu_i): the far weights to first order in the score, through K^T V; rank d + 1.

    For Gaussian scores with mean mu and beta = E exp(s) the least-squares line has slope = beta, which is
    beta_i (1 + s_ij - mu_i). A weight is negative where s_ij < mu_i - beta_i / slope_i. Such weights are kept: they sum
    to beta_i times the number of far keys, since mu_i is exact, so every row sum stays positive and every row of
    D^-1 B sums to 1. Clipping them would break the low rank. What is lost is that the output is a convex combination;
    `linear` keeps only lines whose weights are at most 3 beta_i on average in absolute value.

    Scores are taken relative to <Q_i, center>, or a large common part of theirs would leave few digits for the line.
    The center is the mean of the first 2^m keys, of at least half of them, so that sums about it can be kept.

    Attributes:
        beta: (n_q,) mean of exp(s_ij - shift_i) over the far keys.
        slope: (n_q,) of the line; 0 in the rows of `flat`.
        mean: (n_q,) mean of <Q_i, K_j - center> over the far keys, exact.
        sums: over the keys of the instance, and their center.
        standard_error: (n_q,) of beta.
        flat: rows in which the fitted line left what weights can be, and beta is the mean of "constant".
    """

    beta: Floats
    slope: Floats
    mean: Floats
    sums: Sums
    standard_error: Floats = field(default_factory=lambda: np.zeros(0))
    flat: Integers = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def problem(self) -> AttentionProblem:
        """The instance."""
        return self.sums.problem

    @property
    def center(self) -> Floats:
        """(d,) a point among the keys."""
        return self.sums.center

    @property
    def mu(self) -> Floats:
        """(n_q,) mean score over the far keys, exact."""
        return np.asarray(self.problem.Q @ self.center + self.mean)

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """Its entries at these (row, column) pairs; O(d) each.

        Args:
            rows: (p,) row numbers.
            columns: (p,) key numbers.

        Returns:
            (p,) entries, in units of exp(shift).
        """
        scores = relative_scores(self.sums, rows, columns)
        return np.asarray(self.beta[rows] + self.slope[rows] * (scores - self.mean[rows]))

    def row_sums(self) -> Floats:
        """(n_q,) sums over all visible keys; O(n d), or O(d) a row if they are kept."""
        p = self.problem
        sums = np.einsum("ij,ij->i", p.Q, self.sums.keys())
        return np.asarray(self.beta * p.visible + self.slope * (sums - self.mean * p.visible))

    def apply(self, V: Floats) -> Floats:
        """(beta_i - slope_i mu_i) sum V + slope_i Q_i K^T V; O(d d_v) a row, and O(n d d_v) once unless kept."""
        flat = (self.beta - self.slope * self.mean)[:, None] * self.sums.values(V)
        return np.asarray(flat + self.slope[:, None] * self.sums.products(V))

    def largest_residual(self, low: Floats, top: Floats, shift: Floats) -> Floats:
        """exp(s) less a line is convex: largest at one of the two ends, least where exp(s) has the line's slope.

        Args:
            low: (n_q,) no score is lower.
            top: (n_q,) nor higher.
            shift: (n_q,) weights are in units of exp(shift).

        Returns:
            (n_q,) bounds.
        """
        with np.errstate(over="ignore", divide="ignore"):
            touching = np.clip(np.log(np.maximum(self.slope, 0.0)) + shift, low, top)
            residuals = [np.exp(s - shift) - self.beta - self.slope * (s - self.mu) for s in (low, touching, top)]
        return np.asarray(np.abs(residuals).max(axis=0))


Fit = Callable[[AttentionProblem, Sequence[Integers], Draws, Floats], FarField]


def ones(problem: AttentionProblem, found: Sequence[Integers], draws: Draws, shift: Floats) -> ConstantField:
    """The paper's far field: exp(0) for every key (Definition 4.2); 0 in rows in which every key was found.

    Args:
        problem: the instance.
        found: per row, the sorted keys that are not far.
        draws: for how many keys are far; none is needed.
        shift: (n_q,) weights are in units of exp(shift).

    Returns:
        The far field.
    """
    weight = np.exp(np.where(draws.population > 0, -shift, -np.inf))
    return ConstantField(weight, problem.visible, np.zeros(problem.n_q), sums_of(problem))


def constant(problem: AttentionProblem, found: Sequence[Integers], draws: Draws, shift: Floats) -> ConstantField:
    """beta_i, the mean weight of the drawn keys; exact when all far keys were drawn.

    Args:
        problem: the instance.
        found: per row, the sorted keys that are not far.
        draws: far keys with their scores.
        shift: (n_q,) weights are in units of exp(shift).

    Returns:
        The far field, with standard errors of beta.
    """
    weights = np.exp(np.concatenate(draws.scores) - shift[draws.rows])
    beta = draws.sums(weights) / np.maximum(draws.spent, 1)
    error = _standard_errors(draws, weights - beta[draws.rows], 1)
    return ConstantField(beta, problem.visible, error, sums_of(problem))


def linear(problem: AttentionProblem, found: Sequence[Integers], draws: Draws, shift: Floats) -> LinearField:
    """The regression line of the weights on the scores through (mu_i, beta_i).

    mu_i is exact from sums of keys, so the line also corrects beta_i for samples that lie above or below the mean (a
    control variate). The slope leans towards beta_i, its value for Gaussian scores, as if 4 more samples had said so.
    Measured on real heads, n = 64, k = 16, 16 samples: median output error 0.032, against 0.048 with slope = beta.

    A row's line stands only where it stays among what far weights can be (`_possible`); elsewhere the row has the
    weight of "constant", and is listed in `flat`.

    Args:
        problem: the instance.
        found: per row, the sorted keys that are not far.
        draws: far keys with their scores.
        shift: (n_q,) weights are in units of exp(shift).

    Returns:
        The far field, with standard errors.
    """
    rows, m, s = draws.rows, np.maximum(draws.spent, 1), np.concatenate(draws.scores)
    weights, least = np.exp(s - shift[rows]), np.where(draws.spent > 0, np.inf, 0.0)
    np.minimum.at(least, rows, weights)
    mean, middle, sums = draws.sums(weights) / m, draws.sums(s) / m, sums_of(problem)
    common = problem.Q @ sums.center
    far_mean, deviation = far_moments(sums, found)
    x = s - middle[rows]
    spread = draws.sums(x * x)
    pull = spread * PRIOR * (1 / m - 1 / np.maximum(draws.population, m))  # none when every far key was drawn
    slope = (draws.sums(x * weights) + pull * mean) / np.where(spread > 0, spread + pull, 1.0)
    slope = np.where(spread > 0, slope, mean)
    beta = np.maximum(mean - slope * (middle - common - far_mean), least)
    line = LinearField(beta, slope, far_mean, sums)
    kept = _possible(line, deviation, largest_allowed(problem, found) - common, shift, draws)
    error = _standard_errors(draws, weights - mean[rows] - np.where(kept, slope, 0.0)[rows] * x, 2)
    beta, slope = np.where(kept, beta, mean), np.where(kept, slope, 0.0)
    return LinearField(beta, slope, far_mean, sums, error, np.flatnonzero(~kept))


def _possible(line: LinearField, deviation: Floats, top: Floats, shift: Floats, draws: Draws) -> NDArray[np.bool_]:
    """(n_q,) whether a line stays in [0, exp(largest allowed far score)], as far as sums over all far keys can tell.

    Its value at the mean far score and at the largest allowed one must lie there, and one standard deviation of the far
    scores must not move it by more than twice its mean: so |weights| <= 3 beta on average. And float64 must not lose
    its digits: neither the reach of any score may move it by LOSS means, nor may it all but vanish at a key drawn.
    Rows without far keys pass.
    """
    beta, slope, common = line.beta, line.slope, line.problem.Q @ line.center
    reach = np.abs(line.problem.Q) @ line.sums.reach()
    with np.errstate(over="ignore", invalid="ignore"):
        highest = np.exp(top + common - shift)
        at_top = np.where(np.isfinite(top), beta + slope * (top - line.mean), beta)
        inside = (beta > 0) & (np.maximum(beta, at_top) <= highest * (1 + 1e-9)) & (at_top >= 0)
        steady = (np.abs(slope) * deviation <= STEEP * beta) & (np.abs(slope) * reach <= LOSS * beta)
        at_drawn = line.values(draws.rows, np.concatenate(draws.columns))
        vanishing = draws.sums(np.where(np.abs(at_drawn) < beta[draws.rows] * VANISHING, 1.0, 0.0)) > 0
    return np.asarray((draws.population == 0) | (inside & steady & ~vanishing))


def largest_allowed(problem: AttentionProblem, found: Sequence[Integers]) -> Floats:
    """(n_q,) what no far score exceeds when nothing was missed: tau_i, or the least score found; inf without either.

    Args:
        problem: the instance.
        found: per row, the sorted indices of S_i.

    Returns:
        Scores, not weights.
    """
    if problem.tau is not None:
        return problem.tau
    return np.array([row.min(initial=np.inf) for row in problem.scores_of(found)])


FITS: dict[str, Fit] = {"ones": ones, "constant": constant, "linear": linear}


def make_far_field(
    kind: str | Fit,
    problem: AttentionProblem,
    found: Sequence[Integers],
    found_scores: Sequence[Floats],
    samples: int,
    seed: np.random.SeedSequence,
) -> tuple[FarField, Floats, Draws]:
    """The far field of that name (or from your own `Fit`), each row's shift, and the keys drawn for it.

    Args:
        kind: a name of `FITS`, or a fit of your own.
        problem: the instance.
        found: per row, the sorted keys that are not far.
        found_scores: their scores.
        samples: far keys drawn per row.
        seed: of the draws.

    Returns:
        (far field, (n_q,) shift, draws).
    """
    return fit_far_field(kind, problem, found, peaks(found_scores), samples, seed)


def fit_far_field(
    kind: str | Fit,
    problem: AttentionProblem,
    found: Sequence[Integers],
    peak: Floats,
    samples: int,
    seed: np.random.SeedSequence,
) -> tuple[FarField, Floats, Draws]:
    """`make_far_field` from each row's largest found score alone.

    Args:
        kind: a name of `FITS`, or a fit of your own.
        problem: the instance.
        found: per row, the sorted keys that are not far.
        peak: (n_q,) each row's largest found score.
        samples: far keys drawn per row.
        seed: of the draws.

    Returns:
        (far field, (n_q,) shift, draws).
    """
    draws = draw(problem, found, 0 if kind == "ones" else samples, seed)
    return *fit_to_draws(kind, problem, found, peak, draws), draws


def fit_to_draws(
    kind: str | Fit, problem: AttentionProblem, found: Sequence[Integers], peak: Floats, draws: Draws
) -> tuple[FarField, Floats]:
    """The far field fitted to keys that are drawn already, and each row's shift.

    Args:
        kind: a name of `FITS`, or a fit of your own.
        problem: the instance.
        found: per row, the sorted keys that are not far.
        peak: (n_q,) each row's largest found score, -inf where nothing was found.
        draws: far keys with their scores.

    Returns:
        (far field, (n_q,) shift).
    """
    far_peak = np.where(draws.population > 0, 0.0, -np.inf) if kind == "ones" else peaks(draws.scores)
    shift = row_shift(np.maximum(peak, far_peak))
    fit = FITS[kind] if isinstance(kind, str) else kind
    return fit(problem, found, draws, shift), shift


def row_shift(peak: Floats) -> Floats:
    """(n_q,) what to subtract from a row's scores so that the largest exp neither overflows nor loses digits below it.

    0 for ordinary rows, whose largest score `peak` is within [LOW, HIGH], and for rows without any (-inf).

    Args:
        peak: (n_q,) largest score of each row, -inf where none is known.

    Returns:
        (n_q,) shifts.
    """
    known = np.where(np.isinf(peak), 0.0, peak)
    return np.asarray(known - np.clip(known, LOW, HIGH))


def _standard_errors(draws: Draws, residuals: Floats, fitted: int) -> Floats:
    """(n_q,) of means over the population, from the residuals of a fit; inf where there are too few to tell."""
    m, population = draws.spent, np.maximum(draws.population, 1)
    variance = draws.sums(residuals**2) / np.maximum(m - fitted, 1) / np.maximum(m, 1) * (1 - m / population)
    return np.where(m >= draws.population, 0.0, np.where(m > fitted, np.sqrt(np.maximum(variance, 0)), np.inf))
