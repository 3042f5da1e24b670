"""The keys from which an error is estimated, and what an estimate from them is worth, by leaving out one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qattn.approximation.draws import Draws
from qattn.approximation.sparse import SparseAttention
from qattn.arrays import Floats, Integers
from qattn.problem import AttentionProblem

LARGEST = 600.0  # a row with larger exponents is rescaled; only "ones", blind to a row's scale, leaves such far keys


@dataclass(frozen=True, eq=False)
class Sampled:
    """The far keys looked at, padded to (n_q, width): known ones first, drawn ones after them.

    Attributes:
        columns: (n_q, width) which keys.
        known: (n_q, width) (f_j - exp(s_j)) / D of the known keys, 0 elsewhere.
        drawn: (n_q, width) the same of the drawn ones.
        is_drawn: (n_q, width) which these are.
        count: (n_q,) m, how many.
        population: (n_q,) N, from how many.
        without: (n_q, width) D estimated without this drawn key, over D.
        worst: (n_q,) no far key is taken to leave a larger |f_j - exp(s_j)| / D.
    """

    columns: Integers
    known: Floats
    drawn: Floats
    is_drawn: NDArray[np.bool_]
    count: Integers
    population: Integers
    without: Floats
    worst: Floats

    def __getitem__(self, rows: slice) -> Sampled:
        """Some of the rows."""
        return Sampled(
            self.columns[rows], self.known[rows], self.drawn[rows], self.is_drawn[rows], self.count[rows],
            self.population[rows], self.without[rows], self.worst[rows],
        )  # fmt: skip

    @property
    def scale(self) -> Floats:
        """(n_q,) N / m."""
        return np.asarray(self.population / np.maximum(self.count, 1))

    @property
    def left(self) -> Floats:
        """(n_q,) by how much drawing without repetition tightens tails (Bardenet and Maillard, Bernoulli 21, 2015)."""
        m, N = np.maximum(self.count, 1), np.maximum(self.population, 1)
        return np.asarray(np.clip(np.where(2 * m <= N, 1 - (m - 1) / N, (1 - m / N) * (1 + 1 / m)), 0.0, 1.0))


def sampled(
    problem: AttentionProblem, attention: SparseAttention, found: Sequence[Integers], known: Draws, drawn: Draws
) -> Sampled:
    """The residuals of all keys looked at, each row in units that do not overflow.

    Args:
        problem: the instance.
        attention: B.
        found: per row, the keys where B is exact.
        known: per row, far keys whose scores are known.
        drawn: per row, far keys drawn uniformly from all others.

    Returns:
        One line per row.
    """
    counts = known.spent + drawn.spent
    rows = np.repeat(np.arange(problem.n_q), counts)
    place = np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts)
    flat = np.concatenate([js for pair in zip(known.columns, drawn.columns, strict=True) for js in pair])
    shape = (problem.n_q, max(int(counts.max()), 1))
    exponents, far, columns = np.full(shape, -np.inf), np.zeros(shape), np.zeros(shape, np.int64)
    scores = np.concatenate([s for pair in zip(known.scores, drawn.scores, strict=True) for s in pair])
    columns[rows, place], far[rows, place] = flat, attention.values(rows, flat)
    exponents[rows, place] = scores - attention.shift[rows]
    excess = np.maximum(exponents.max(axis=1) - LARGEST, 0.0)
    weights, unit = np.exp(exponents - excess[:, None]), np.exp(-excess)
    residual = unit[:, None] * far - weights
    order = np.arange(shape[1])
    is_known = order < known.spent[:, None]
    is_drawn = ~is_known & (order < counts[:, None])
    first, second = residual * is_known, residual * is_drawn
    near = _near(problem, attention, found, excess)
    base, m, N = unit * attention.row_sums() - first.sum(axis=1), drawn.spent, drawn.population
    seen, drawn_sum = near.sum + weights.sum(axis=1), second.sum(axis=1)
    D = np.maximum(base - N / np.maximum(m, 1) * drawn_sum, seen)
    fewer = (N / np.maximum(m - 1, 1))[:, None] * (drawn_sum[:, None] - second)
    least = np.maximum(seen[:, None] - weights, (D / np.maximum(m, 1))[:, None])  # one key may hold nearly all of D
    without = np.maximum(base[:, None] - fewer, least)
    worst = np.maximum(np.abs(residual).max(axis=1), np.minimum(near.top, D + unit * np.abs(far).max(axis=1)))
    first, second, without = (part / D[:, None] for part in (first, second, without))
    return Sampled(columns, first, second, is_drawn, m, N, np.where(is_drawn, without, 1.0), worst / D)


def jackknife(s: Sampled, estimate: Floats, without: Floats, least: int) -> tuple[Floats, Floats, Floats]:
    """An estimate less its bias to first order, its variance and that bias, from it without each of the drawn keys.

    Args:
        s: the keys.
        estimate: (n_q,) from all of them.
        without: (n_q, width) without one of the drawn.
        least: drawn keys from which on there is a bias and a finite variance to speak of.

    Returns:
        (n_q,) each: the estimate less its bias, the variance, the bias.
    """
    m, N = np.maximum(s.count, 1), np.maximum(s.population, 1)
    left, whole = 1 - s.count / N, s.count >= s.population
    mean = np.where(s.is_drawn, without, 0.0).sum(axis=1) / m
    deviation = np.where(s.is_drawn, without - mean[:, None], 0.0)
    variance = left * (m - 1) / m * (deviation**2).sum(axis=1)
    enough = s.count >= least
    bias = np.where(enough & ~whole, left * (m - 1) * (mean - estimate), 0.0)
    return estimate - bias, np.where(whole, 0.0, np.where(enough, variance, np.inf)), bias


def twice_counted(s: Sampled, parts: Floats) -> Floats:
    """The variance that the products of pairs have beyond the sums: leaving out one at a time counts it twice.

    Args:
        s: the keys.
        parts: (n_q, width, c) the drawn e_j.

    Returns:
        (n_q,) variances.
    """
    m, N = s.count, s.population
    parts = parts * s.is_drawn[:, :, None]
    gram = parts @ parts.transpose(0, 2, 1) if parts.shape[1] < parts.shape[2] else parts.transpose(0, 2, 1) @ parts
    squares = np.einsum("ijk,ijk->i", gram, gram) - (np.einsum("ijc,ijc->ij", parts, parts) ** 2).sum(axis=1)
    pairs = N * (N - 1) / np.maximum(m * (m - 1), 1) * (1 - m / np.maximum(N, 1))
    return np.asarray(2 * pairs**2 * squares)


def square_of_unseen(square: Floats, own: Floats, along: Floats, m: Integers, N: Integers) -> Floats:
    """Unbiased for |a + S|^2 - |a|^2, S the sum of N vectors of which m were drawn without repetition.

    Args:
        square: |sum x_i|^2 of the drawn.
        own: sum |x_i|^2.
        along: a . sum x_i.
        m: how many were drawn.
        N: from how many.

    Returns:
        One estimate for each entry.
    """
    pairs = np.where(m > 1, N * (N - 1) / np.maximum(m * (m - 1), 1), 0.0)
    return np.asarray(N / np.maximum(m, 1) * (2 * along + own) + pairs * (square - own))


@dataclass(frozen=True, eq=False)
class _Near:
    """Of the found keys of each row, in the row's units: the sum of their weights, and the residual below them."""

    sum: Floats
    top: Floats


def _near(problem: AttentionProblem, attention: SparseAttention, found: Sequence[Integers], excess: Floats) -> _Near:
    """A far key scores at most what the lowest found key does, or tau: what the far field would leave there."""
    shift, counts = attention.shift + excess, np.array([len(js) for js in found])
    flat, rows = (
        np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64),
        np.repeat(np.arange(counts.size), counts),
    )
    scores = problem.scores_at(rows, flat)
    sums = np.bincount(rows, np.exp(scores - shift[rows]), minlength=counts.size)
    order = np.lexsort((scores, rows))
    some = np.flatnonzero(counts)
    lowest = order[(np.cumsum(counts) - counts)[some]]
    highest = np.linalg.norm(problem.Q, axis=1) * np.linalg.norm(problem.K, axis=1).max()
    limit = np.minimum(highest, highest if problem.tau is None else problem.tau)
    top = np.exp(np.minimum(limit - shift, LARGEST))
    there = np.exp(-excess[some]) * attention.far.values(some, flat[lowest])
    top[some] = np.abs(there - np.exp(scores[lowest] - shift[some]))
    return _Near(np.asarray(sums, dtype=np.float64), top)
