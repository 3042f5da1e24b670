"""Far fields: what stands for the keys that were not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qattn.classical import exact
from qattn.problem import AttentionProblem

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LARGEST = 500.0  # exponents above this are shifted; exp(709) overflows float64


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
    """

    weight: Floats
    visible: Integers

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
    """beta_i (1 + s_ij - mu_i): the far scores to first order, through K^T V; rank d + 1.

    For Gaussian scores with mean mu and beta = E exp(s) this is the least-squares line. A weight is negative where
    s_ij < mu_i - 1; the row sum stays beta_i times the count when mu_i is the mean, so the output stays normalised.

    Attributes:
        beta: (n_q,) mean of exp(s_ij - shift_i) over the far keys.
        mu: (n_q,) mean score over the far keys.
        Q: (n_q, d) rows.
        K: (n, d) keys.
        visible: (n_q,) row i sees keys 0 .. visible[i] - 1.
    """

    beta: Floats
    mu: Floats
    Q: Floats
    K: Floats
    visible: Integers

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """Its entries at these pairs; O(d) each."""
        scores = np.einsum("ij,ij->i", self.Q[rows], self.K[columns])
        return np.asarray(self.beta[rows] * (1 + scores - self.mu[rows]))

    def row_sums(self) -> Floats:
        """O(n d)."""
        sums = np.einsum("ij,ij->i", self.Q, prefix_sums(self.K, self.visible))
        return np.asarray(self.beta * ((1 - self.mu) * self.visible + sums))

    def apply(self, V: Floats) -> Floats:
        """beta_i ((1 - mu_i) sum V + Q_i K^T V); O(n d d_v) once and O(d d_v) a row."""
        flat = (1 - self.mu)[:, None] * prefix_sums(V, self.visible)
        if np.all(self.visible == len(self.K)):
            return np.asarray(self.beta[:, None] * (flat + self.Q @ (self.K.T @ V)))
        slope = np.empty_like(flat)
        moment, seen = np.zeros((self.K.shape[1], V.shape[1])), 0
        for i in np.argsort(self.visible, kind="stable"):
            new = slice(seen, int(self.visible[i]))
            moment += self.K[new].T @ V[new]
            seen = int(self.visible[i])
            slope[i] = self.Q[i] @ moment
        return np.asarray(self.beta[:, None] * (flat + slope))


def prefix_sums(values: Floats, visible: Integers) -> Floats:
    """(n_q, m) sums of the first visible[i] rows of values (n, m)."""
    if np.all(visible == len(values)):
        return np.broadcast_to(values.sum(axis=0), (len(visible), values.shape[1]))
    return np.asarray(np.vstack([np.zeros(values.shape[1]), np.cumsum(values, axis=0)])[visible])


def row_shift(found_scores: Sequence[Floats]) -> Floats:
    """(n_q,) what to subtract from a row's scores so that exp stays in range; 0 for ordinary rows."""
    return np.array([max(0.0, float(np.max(s, initial=0.0)) - LARGEST) for s in found_scores])


def make_far_field(
    name: str,
    problem: AttentionProblem,
    found: Sequence[Integers],
    shift: Floats,
    samples: int,
    rng: np.random.Generator,
) -> tuple[FarField, Integers]:
    """The far field of that name and the evaluations spent on it per row."""
    zero = np.zeros(problem.n_q, dtype=np.int64)
    if name == "ones":
        return ConstantField(np.exp(-shift), problem.visible), zero
    beta, spent = np.zeros(problem.n_q), zero.copy()
    for i, js in enumerate(found):
        far = np.setdiff1d(np.arange(problem.visible[i]), js, assume_unique=True)
        drawn = far if far.size <= samples else rng.choice(far, samples, replace=False)
        spent[i] = drawn.size
        if drawn.size:
            beta[i] = np.exp(exact.scores(problem.Q[i], problem.K[drawn]) - shift[i]).mean()
    if name == "constant":
        return ConstantField(beta, problem.visible), spent
    sums = np.vstack([np.zeros(problem.d), np.cumsum(problem.K, axis=0)])
    mu = np.zeros(problem.n_q)
    for i, js in enumerate(found):
        rest = problem.visible[i] - js.size
        if rest:
            mu[i] = problem.Q[i] @ (sums[problem.visible[i]] - problem.K[js].sum(axis=0)) / rest
    return LinearField(beta, mu, problem.Q, problem.K, problem.visible), spent
