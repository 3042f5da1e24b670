"""The error of an output, estimated from sampled keys instead of a pass over every row.

With o the exact row, o^ the approximate one, D the exact row sum and f the far field (`qattn.approximation.far_field`),

    o^ - o = sum over far j of e_j,   e_j = (f_j - exp(s_j)) (V_j - o^) / D.

A row's far keys fall into those that are known already, whose e_j are computed, and the rest, of which m of N are
drawn. With a the sum over the known ones and x_1 .. x_m the drawn e_j,

    |a|^2 + 2 (N/m) a . sum x_i + (N/m) sum |x_i|^2 + N (N - 1) / (m (m - 1)) sum_{i != l} x_i . x_l

has the expectation |o^ - o|^2: nothing is assumed about scores or values. (D itself is estimated from the same keys;
that is the only approximation.) A single row's estimate is noisy and can be negative; the sum over rows is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qattn.approximation.far_field import Draws, draw
from qattn.approximation.sparse import SparseAttention
from qattn.classical.exact import exact_attention
from qattn.problem import AttentionProblem

if TYPE_CHECKING:
    from qattn.result import AttentionResult

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST = 600.0  # a row with larger exponents is rescaled; only "ones", blind to a row's scale, leaves such far keys


@dataclass(frozen=True)
class ErrorEstimate:
    """The relative error |O^ - O|_F / |O|_F over some rows, from samples.

    Attributes:
        square: estimate of its square; unbiased, so it may be negative when the error is tiny.
        standard_error: of `square`.
        rows: rows looked at.
        evaluations: keys evaluated for it, over all rows.
    """

    square: float
    standard_error: float
    rows: int
    evaluations: int

    @property
    def relative(self) -> float:
        """The estimate itself."""
        return float(np.sqrt(max(self.square, 0.0)))

    def upper(self, sigmas: float = 1.645) -> float:
        """A one-sided confidence limit, 95% by default if the rows' errors are many and none dominates."""
        return float(np.sqrt(max(self.square, 0.0) + sigmas * self.standard_error))

    @property
    def words(self) -> str:
        """The estimate in words."""
        return f"{self.relative:.3g} (below {self.upper():.3g} with 95% confidence, from {self.rows} rows)"


def relative_error(result: AttentionResult) -> float:
    """|O^ - O|_F / |O|_F against exact attention; O(n_q n d), for diagnosis."""
    exact_output = exact_attention(result.problem)
    return float(np.linalg.norm(result.output - exact_output) / np.linalg.norm(exact_output))


def estimate_error(result: AttentionResult, *, probes: int = 16, seed: int | None = None) -> ErrorEstimate:
    """The relative error of a result from `probes` fresh keys per row.

    Cost: O(k + samples + probes) evaluations a row, of which only the probes are new.
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
) -> ErrorEstimate:
    """The relative error of any output of the form D(B)^-1 B V.

    Args:
        problem: the instance.
        attention: B.
        output: (n_q, d_v).
        found: per row, the keys where B is exact.
        known: per row, far keys whose scores are known; they need not be random.
        drawn: per row, far keys drawn uniformly from all others, at least two where two are left.
    """
    sums, found_scores = attention.row_sums(), problem.scores_of(found)
    squares, norms = np.empty(problem.n_q), np.einsum("ij,ij->i", output, output)
    for i, scores in enumerate(found_scores):
        columns = np.concatenate([known.columns[i], drawn.columns[i]])
        exponents = np.concatenate([known.scores[i], drawn.scores[i]]) - attention.shift[i]
        excess = max(float(exponents.max(initial=0.0)) - LARGEST, 0.0)
        weights, unit = np.exp(exponents - excess), np.exp(-excess)
        residual = unit * attention.far.values(np.full(columns.size, i), columns) - weights
        split, population = len(known.columns[i]), int(drawn.population[i])
        scale = population / max(columns.size - split, 1)
        seen = unit * np.exp(scores - attention.shift[i]).sum() + weights.sum()
        D = max(unit * sums[i] - residual[:split].sum() - scale * residual[split:].sum(), seen)
        parts = residual[:, None] / D * (problem.V[columns] - output[i])
        squares[i] = _square_of_sum(parts[:split].sum(axis=0), parts[split:], population)
    total = norms.sum() or 1.0
    square = float(squares.sum() / total)
    spread = np.linalg.norm(squares - square * norms) / total
    rows = problem.n_q
    error = float(spread * np.sqrt(rows / (rows - 1))) if rows > 1 else float(np.inf)
    return ErrorEstimate(square, error, rows, int(drawn.spent.sum()))


def _square_of_sum(known: Floats, drawn: Floats, population: int) -> float:
    """Unbiased for |known + sum of the population|^2, from m of its N members drawn without repetition."""
    m = len(drawn)
    if m == 0:
        return float(known @ known)
    total, own = drawn.sum(axis=0), float(np.einsum("ij,ij->", drawn, drawn))
    pairs = float(total @ total) - own
    estimate = known @ known + 2 * population / m * (known @ total) + population / m * own
    if m > 1:
        estimate += population * (population - 1) / (m * (m - 1)) * pairs
    return float(estimate)
