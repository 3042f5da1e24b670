"""Sums over the keys that each row sees, computed or kept, and what is left of them without the keys found."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from qattn.approximation.draws import sizes
from qattn.arrays import Floats, Integers
from qattn.encoding.kept import BLOCK, Kept, Moments, block_sums, center_of
from qattn.problem import AttentionProblem
from qattn.scores import scores_at


class Sums:
    """Sums over the keys that each row of a problem sees, from its arrays.

    Attributes:
        work: additions, or multiply-adds, spent on them so far.
    """

    def __init__(self, problem: AttentionProblem) -> None:
        self.problem, self.work = problem, 0

    @cached_property
    def center(self) -> Floats:
        """(d,) the point among the keys that they are taken from (`center_of`)."""
        return center_of(self.problem.K)

    @cached_property
    def _away(self) -> Floats:
        """(n, d) keys less the center."""
        return np.asarray(self.problem.K - self.center)

    def reach(self) -> Floats:
        """(d,) no |K_jl - center_l| is larger; attained."""
        return np.asarray(np.abs(self._away).max(axis=0))

    def values(self, V: Floats) -> Floats:
        """(n_q, m) sums of (n, m) numbers."""
        self._spend(V.size)
        return prefix_sums(V, self.problem.visible)

    def keys(self) -> Floats:
        """(n_q, d) sums of K_j - center."""
        self._spend(self.problem.K.size)
        return prefix_sums(self._away, self.problem.visible)

    def squares(self) -> Floats:
        """(n_q,) sums of <Q_i, K_j - center>^2."""
        return np.asarray(np.einsum("ij,ij->i", self.problem.Q, self._products(self._away)))

    def products(self, V: Floats) -> Floats:
        """(n_q, m) sums of <Q_i, K_j - center> V_j, V (n, m)."""
        return self._products(V)

    def _spend(self, work: int) -> None:
        self.work += work

    def _products(self, V: Floats) -> Floats:
        p, m = self.problem, V.shape[1]
        self._spend((int(p.visible.max()) + p.n_q) * p.d * m)
        with np.errstate(over="ignore", invalid="ignore"):  # of keys near 1e154; such rows are `flat`
            return prefix_products(p, self._away, V)


class KeptSums(Sums):
    """The same of a cache's keys: what is of its own keys and values is kept, sums of other numbers are computed.

    Its work is that of the rows; what extended the kept sums is in the memory, and so is the rows' work.
    """

    def __init__(self, problem: AttentionProblem, kept: Kept) -> None:
        super().__init__(problem)
        self._kept = kept

    def _spend(self, work: int) -> None:
        super()._spend(work)
        self._kept.memory.work += work

    @property
    def _moments(self) -> Moments:
        return self._kept.moments

    @cached_property
    def center(self) -> Floats:
        """(d,) the point among the keys that they are taken from."""
        return self._moments.center

    def reach(self) -> Floats:
        """(d,) no |K_jl - center_l| is larger; attained, since a column's extremes are."""
        low, high = self._kept.low - self.center, self._kept.high - self.center
        return np.asarray(np.maximum(np.abs(low), np.abs(high)))

    def values(self, V: Floats) -> Floats:
        """(n_q, m) sums of (n, m) numbers; O(m) a new value where they are the cache's."""
        if V is not self._kept.V:
            return super().values(V)
        return np.broadcast_to(self._kept.total, (self.problem.n_q, V.shape[1]))

    def keys(self) -> Floats:
        """(n_q, d) sums of K_j - center."""
        return np.broadcast_to(self._moments.keys, (self.problem.n_q, self.problem.d))

    def squares(self) -> Floats:
        """(n_q,) sums of <Q_i, K_j - center>^2; O(d^2)."""
        return np.asarray(np.einsum("ij,ij->i", self.problem.Q, self._of_rows(self._moments.squares)))

    def products(self, V: Floats) -> Floats:
        """(n_q, m) sums of <Q_i, K_j - center> V_j; O(d m) where V is the cache's."""
        return self._of_rows(self._moments.products) if V is self._kept.V else super().products(V)

    def _of_rows(self, moment: Floats) -> Floats:
        self._spend(self.problem.n_q * moment.size)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(self.problem.Q @ moment)


def sums_of(problem: AttentionProblem) -> Sums:
    """Sums over a problem's keys: those a cache has kept, if it is one's; else from the arrays."""
    return Sums(problem) if problem.kept is None else KeptSums(problem, problem.kept)


def far_moments(sums: Sums, found: Sequence[Integers]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of <Q_i, K_j - center> over the keys outside S_i, from sums over all and over S_i.

    Args:
        sums: over the keys that each row sees.
        found: per row, the sorted indices of S_i.

    Returns:
        Two (n_q,) arrays; 0 where no key is left.

    Cost: O(n d^2) once, unless it is kept, and O(d^2 + |S_i| d) a row.
    """
    problem, counts = sums.problem, sizes(found)
    columns = np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64)
    rows = np.repeat(np.arange(problem.n_q), counts)
    own = relative_scores(sums, rows, columns)
    left = problem.visible - counts
    some = np.maximum(left, 1)
    total = np.einsum("ij,ij->i", problem.Q, sums.keys())
    mean = (total - np.bincount(rows, own, minlength=problem.n_q)) / some
    square = (sums.squares() - np.bincount(rows, own * own, minlength=problem.n_q)) / some
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return np.where(left > 0, mean, 0.0), np.where(left > 0, deviation, 0.0)


def relative_scores(sums: Sums, rows: Integers, columns: Integers) -> Floats:
    """<Q_i, K_j - center> of pairs, O(d) each.

    Args:
        sums: of the problem, about its center.
        rows: (p,) row numbers.
        columns: (p,) key numbers.

    Returns:
        (p,) scores.
    """
    K = sums.problem.K[columns] - sums.center
    return scores_at(sums.problem.Q, rows, K, np.arange(columns.size))


def prefix_sums(values: Floats, visible: Integers) -> Floats:
    """Sums of the first visible[i] rows of values, `BLOCK` rows at a time, which keeps rounding small.

    Args:
        values: (n, c) numbers.
        visible: (n_q,) prefix lengths.

    Returns:
        (n_q, m) sums; a read-only view when all prefixes are whole.
    """
    n, m = values.shape
    blocks = block_sums(values)
    if np.all(visible == n):
        return np.broadcast_to(blocks.sum(axis=0), (len(visible), m))
    padded = np.zeros((len(blocks), BLOCK, m))
    padded.reshape(-1, m)[:n] = values
    before = np.cumsum(blocks, axis=0) - blocks
    return np.asarray((padded.cumsum(axis=1) + before[:, None]).reshape(-1, m)[visible - 1])


def prefix_products(problem: AttentionProblem, keys: Floats, V: Floats) -> Floats:
    """(n_q, m) Q_i keys^T V over the keys row i sees; O(n d m) once and O(d m) a row.

    Args:
        problem: whose prefixes are meant.
        keys: (n, d) left factors.
        V: (n, c) right factors.

    Returns:
        (n_q, m) products.
    """
    if np.all(problem.visible == problem.n):
        return np.asarray(problem.Q @ (keys.T @ V))
    line = np.empty((problem.n_q, V.shape[1]))
    moment, seen = np.zeros((problem.d, V.shape[1])), 0  # keys^T V of the prefix, which only grows
    for i in np.argsort(problem.visible, kind="stable"):
        new = slice(seen, int(problem.visible[i]))
        moment += keys[new].T @ V[new]
        seen = int(problem.visible[i])
        line[i] = problem.Q[i] @ moment
    return line
