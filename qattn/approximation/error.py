"""The error of an output, estimated from sampled keys instead of a pass over every row.

With o the exact row, o^ the approximate one, D the exact row sum and f the far field (`qattn.approximation.far_field`),

    o^ - o = sum over far j of e_j,   e_j = (f_j - exp(s_j)) (V_j - o^) / D.

A row's far keys fall into those that are known already, whose e_j are computed, and the rest, of which m of N are
drawn. With a the sum over the known ones and x_1 .. x_m the drawn e_j,

    |a|^2 + 2 (N/m) a . sum x_i + (N/m) sum |x_i|^2 + N (N - 1) / (m (m - 1)) sum_{i != l} x_i . x_l

has the expectation |o^ - o|^2, and |o^|^2 - 2 o^ . (a + (N/m) sum x_i) plus the same has the expectation |o|^2: nothing
is assumed about scores or values. (D itself is estimated from the same keys; that is the only approximation, and the
bias that it brings is taken off to first order.) A single row's estimate is noisy and can be negative; the sum over
rows is not. `square`, their ratio, is biased where the noise is as large as |O|_F^2.

The limit allows for the noise of the sum, by leaving out one drawn key at a time (Efron and Stein, Annals of Statistics
9, 1981), less what that counts twice; for as much bias from D again as was taken off; for the large e_j that no draw
happened to show, through the largest value that sum |e_j|^2 can have and still look like this, with each |e_j| below
what the lowest found key or the worst drawn one would leave (a Chernoff bound; the noise grows with that sum); and for
the noise of |O|.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import lambertw, log_ndtr

from qattn.approximation.draws import Draws, draw
from qattn.approximation.sampled import Sampled, jackknife, sampled, square_of_unseen, twice_counted
from qattn.approximation.sparse import SparseAttention
from qattn.arrays import Floats, Integers
from qattn.classical.exact import exact_attention
from qattn.problem import AttentionProblem

if TYPE_CHECKING:
    from qattn.result import AttentionResult


BLOCK = 1 << 22  # numbers held at once


@dataclass(frozen=True)
class ErrorEstimate:
    """The relative error |O^ - O|_F / |O|_F over some rows, from samples.

    All but `square`, `standard_error` and the counts are parts of the limit, relative to |O^|_F^2.

    Attributes:
        square: estimate of its square; it may be negative when the error is tiny.
        standard_error: of `square`.
        rows: rows looked at.
        evaluations: keys evaluated for it, over all rows.
        wrong: |O^ - O|_F^2, unbiased.
        wrong_error: its standard error.
        scatter: sum of |e_j|^2 over the far keys that are not known.
        unseen: what one draw can add to `scatter`.
        other: |O|_F^2 - |O^ - O|_F^2, unbiased.
        other_error: its standard error.
        wrong_bias: what was taken off `wrong` because D is estimated; the limit allows for as much again.
        other_bias: the same of `other`.
        largest: `wrong` cannot be larger, since an exact row is a mean of values.
    """

    square: float
    standard_error: float
    rows: int
    evaluations: int
    wrong: float
    wrong_error: float
    scatter: float
    unseen: float
    other: float
    other_error: float
    wrong_bias: float
    other_bias: float
    largest: float

    @property
    def relative(self) -> float:
        """The estimate itself."""
        return float(np.sqrt(max(self.square, 0.0)))

    def upper(self, sigmas: float = 1.645) -> float:
        """A one-sided confidence limit, 95% by default; infinite when the draws do not tell |O|_F from 0.

        The confidence is over the draws of keys, for the rows, sets and far field as they are. It is exact where every
        far key was drawn. Elsewhere it is no theorem: it assumes that the noise of the pooled estimate is no heavier on
        its low side than a normal variable's, and that no far key leaves a larger residual than the lowest found or the
        worst drawn one. `benchmarks/adversary_errors.py` measures how often the limit is exceeded, on bundled heads and
        Gaussian instances, 2 to 512 rows.

        Args:
            sigmas: quantile of a standard normal variable; 1.645 for 95%, 2.33 for 99%.

        Returns:
            A relative error; inf where nothing smaller can be said.
        """
        wrong = self.largest
        if self.scatter > 0:
            chance = float(log_ndtr(-sigmas))  # u - 1 - log u = -chance unseen / scatter has its upper root at
            growth = (
                float(-lambertw(-np.exp(-1 + chance * self.unseen / self.scatter), -1).real) if self.unseen else 1.0
            )
            wrong = max(self.wrong, 0.0) + abs(self.wrong_bias) + sigmas * self.wrong_error * growth
        elif self.unseen == 0:
            wrong = max(self.wrong, 0.0)
        wrong, other = min(wrong, self.largest), self.other - abs(self.other_bias) - sigmas * self.other_error
        if other < 0:  # an error near |O|_F or above it: the ratio is largest for the smallest |O^ - O|_F
            wrong = max(self.wrong - sigmas * self.wrong_error, 0.0)
        if wrong + other > 0:
            return float(np.sqrt(wrong / (wrong + other)))
        return 0.0 if wrong == other == 0 else float(np.inf)

    def __str__(self) -> str:
        """The estimate and its limit, for people."""
        return f"{self.relative:.3g} (below {self.upper():.3g} with 95% confidence, from {self.rows} rows)"


def finite(number: float) -> float | None:
    """The number, or None for JSON, which has no infinity."""
    return number if np.isfinite(number) else None


def relative_error(result: AttentionResult) -> float:
    """|O^ - O|_F / |O|_F against exact attention; O(n_q n d), for diagnosis."""
    exact_output = exact_attention(result.problem)
    return float(np.linalg.norm(result.output - exact_output) / np.linalg.norm(exact_output))


def estimate_error(result: AttentionResult, *, probes: int = 16, seed: int | None = None) -> ErrorEstimate:
    """The relative error of a result from `probes` fresh keys per row, and a limit that holds with 95% confidence.

    What the limit is and when it holds: `ErrorEstimate.upper`. At least three probes a row tell its noise; with fewer
    the limit is the trivial one.

    Args:
        result: of `attend`.
        probes: fresh keys per row, drawn uniformly from those whose scores are not known.
        seed: of the draws.

    Returns:
        The estimate; `upper()` is its limit.

    Cost: O(k + samples + probes) evaluations a row, of which only the probes are new, and O(d_v) each.

    Example:
        >>> from qattn import attend, estimate_error
        >>> from qattn.data import load_head
        >>> result = attend(*load_head(n=64), k=16, method="exact", far_field="linear", seed=0)
        >>> estimate = estimate_error(result, probes=16, seed=0)
        >>> 0 < estimate.relative < estimate.upper() < 0.2
        True
    """
    known = result.draws
    excluded = [np.union1d(a, b) for a, b in zip(result.found, known.columns, strict=True)]
    drawn = draw(result.problem, excluded, probes, np.random.SeedSequence(seed))
    return error_of(result.problem, result.attention, result.output, result.found, known, drawn)


def error_of(
    problem: AttentionProblem,
    attention: SparseAttention,
    output: Floats,
    found: Sequence[Integers],
    known: Draws,
    drawn: Draws,
    *,
    of: int | None = None,
) -> ErrorEstimate:
    """The relative error of any output of the form D(B)^-1 B V.

    Args:
        problem: the instance.
        attention: B.
        output: (n_q, d_v).
        found: per row, the keys where B is exact.
        known: per row, far keys whose scores are known; they need not be random.
        drawn: per row, far keys drawn uniformly from all others, at least three where three are left.
        of: the number of rows from which the problem's were drawn at random, when the error over those is asked for.

    Returns:
        The estimate.
    """
    keys = sampled(problem, attention, found, known, drawn)
    rows = _row_errors(keys, problem.V, output)
    center = problem.V.mean(axis=0)
    reach = np.linalg.norm(problem.V - center, axis=1).max() + np.linalg.norm(output - center, axis=1)
    n_q, total = problem.n_q, float(np.einsum("ij,ij->", output, output)) or 1.0
    wrong, other = rows.wrong.sum() / total, rows.other.sum() / total
    square = wrong / (wrong + other) if wrong + other > 0 else np.inf if wrong > 0 else 0.0
    variance, share = rows.wrong_variance.sum(), n_q / (of or n_q)
    if share < 1:
        spread = rows.wrong - min(square, 1.0) * (rows.wrong + rows.other)
        variance = share * variance + (1 - share) * n_q * (spread.var(ddof=1) if n_q > 1 else np.inf)
    error = float(np.sqrt(variance)) / total
    unseen = np.max(keys.scale * keys.left * (keys.worst * reach) ** 2)
    return ErrorEstimate(
        float(square), float(error / (wrong + other) if wrong + other > 0 else error), n_q, int(drawn.spent.sum()),
        float(wrong), error, float(rows.scatter.sum() / total), float(unseen / total), float(other),
        float(np.sqrt(rows.other_variance.sum()) / total), float(rows.wrong_bias.sum() / total),
        float(rows.other_bias.sum() / total), float((reach**2).sum() / total),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _RowErrors:
    """(n_q,) each: |o^ - o|^2 and |o|^2 - |o^ - o|^2, unbiased, with variances, and the sum of |e_j|^2 not known."""

    wrong: Floats
    wrong_variance: Floats
    other: Floats
    other_variance: Floats
    scatter: Floats
    wrong_bias: Floats
    other_bias: Floats


def _row_errors(s: Sampled, V: Floats, output: Floats) -> _RowErrors:
    """The estimates of the module's docstring, a block of rows at a time."""
    step = max(1, BLOCK // (s.columns.shape[1] * V.shape[1]))
    blocks = [slice(start, start + step) for start in range(0, len(output), step)]
    parts = [_block(s[block], V[s.columns[block]] - output[block, None, :], output[block]) for block in blocks]
    return _RowErrors(*(np.concatenate(values) for values in zip(*parts, strict=True)))


def _block(s: Sampled, away: Floats, output: Floats) -> tuple[Floats, ...]:
    """The columns of `_RowErrors`; `away` is (rows, width, d_v) V_j - o^."""
    m, N = s.count, s.population
    a, parts = np.einsum("ij,ijc->ic", s.known, away), s.drawn[:, :, None] * away
    total, own = parts.sum(axis=1), np.einsum("ijc,ijc->ij", parts, parts)
    along_a, along_total, along_output = (np.einsum("ijc,ic->ij", parts, y) for y in (a, total, output))
    sums = (np.einsum("ij,ij->i", total, total), own.sum(axis=1), along_a.sum(axis=1))
    known = np.einsum("ij,ij->i", a, a)
    fewer = square_of_unseen(
        sums[0][:, None] - 2 * along_total + own, sums[1][:, None] - own, sums[2][:, None] - along_a,
        (m - 1)[:, None], N[:, None],
    )  # fmt: skip
    wrong, variance, bias = jackknife(
        s, known + square_of_unseen(*sums, m, N), (known[:, None] + fewer) / s.without**2, 3
    )
    variance = np.maximum(
        variance - twice_counted(s, parts - (total / np.maximum(m, 1)[:, None])[:, None, :]), variance / 2
    )
    drawn_inner = along_output.sum(axis=1)
    inner_fewer = (N / np.maximum(m - 1, 1))[:, None] * (drawn_inner[:, None] - along_output)
    inner = np.einsum("ij,ij->i", a, output)
    inner, inner_variance, inner_bias = jackknife(
        s, inner + s.scale * drawn_inner, (inner[:, None] + inner_fewer) / s.without, 2
    )
    other = np.einsum("ij,ij->i", output, output) - 2 * inner
    return wrong, variance, other, 4 * inner_variance, s.scale * sums[1], bias, -2 * inner_bias
