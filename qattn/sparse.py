"""B = near + far, and Algorithm 2: D(B)^-1 B V without an n x n matrix.

The near part holds, on each row's found keys, exp(s_ij) minus what the far field already gives there; the far field
stands for all other keys. With far field "ones" this is the paper's B (Definition 4.2): exp(s_ij) on S_i, 1 elsewhere.
(Lemma 5.1 writes 0 elsewhere, and Appendix A gives B - 1 1^T k zero entries a row; it has at most k NON-zero ones.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

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


@dataclass(frozen=True, eq=False)
class SparseAttention:
    """B, up to one positive factor exp(shift_i) per row, which D^-1 B V does not see.

    Attributes:
        near: (n_q, n) CSR, at most k entries a row: exp(s_ij - shift_i) minus the far field's value there.
        far: the far field.
        shift: (n_q,) 0 unless a row's scores exceed 500, where exp would overflow.
    """

    near: csr_array
    far: FarField
    shift: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """(n_q, n)."""
        return (int(self.near.shape[0]), int(self.near.shape[1]))

    def row_sums(self) -> Floats:
        """The diagonal of D(B) = diag(B 1), in units of exp(shift)."""
        return np.asarray(self.near.sum(axis=1)).ravel() + self.far.row_sums()

    def __matmul__(self, V: ArrayLike) -> Floats:
        """B V, in units of exp(shift); O(n k d + n d) (Lemma 6.2)."""
        V = np.asarray(V, dtype=np.float64)
        if V.ndim not in (1, 2) or V.shape[0] != self.shape[1]:
            raise ValueError(f"B has shape {self.shape} and V {V.shape}; V needs {self.shape[1]} rows")
        columns = V if V.ndim == 2 else V[:, None]
        product = self.near @ columns + self.far.apply(columns)
        return np.asarray(product if V.ndim == 2 else product[:, 0])

    def output(self, V: ArrayLike) -> Floats:
        """Algorithm 2: D(B)^-1 B V, (n_q, d_v)."""
        V = np.asarray(V, dtype=np.float64)
        return np.asarray((self @ V).T / self.row_sums()).T

    def toarray(self) -> Floats:
        """B as a dense (n_q, n) array, in units of exp(shift): for small instances and tests."""
        return self.near.toarray() + self.far.apply(np.eye(self.shape[1]))


def prefix_sums(values: Floats, visible: Integers) -> Floats:
    """(n_q, m) sums of the first visible[i] rows of values (n, m)."""
    if np.all(visible == len(values)):
        return np.broadcast_to(values.sum(axis=0), (len(visible), values.shape[1]))
    return np.asarray(np.vstack([np.zeros(values.shape[1]), np.cumsum(values, axis=0)])[visible])


def sparse_attention(
    shape: tuple[int, int], found: Sequence[Integers], found_scores: Sequence[Floats], far: FarField, shift: Floats
) -> SparseAttention:
    """Algorithm 1, lines 5-7: B_ij = exp(s_ij) on the found keys, the far field elsewhere.

    Args:
        shape: (n_q, n).
        found: n_q sorted index arrays.
        found_scores: their scores.
        far: the far field, in units of exp(shift).
        shift: (n_q,) see `row_shift`.
    """
    counts = np.array([len(js) for js in found], dtype=np.int64)
    rows = np.repeat(np.arange(shape[0]), counts)
    columns = np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64)
    exponents = np.concatenate([*found_scores, np.empty(0)]) - shift[rows]
    data = np.exp(exponents) - far.values(rows, columns)
    near = csr_array((data, columns, np.concatenate([[0], np.cumsum(counts)])), shape=shape)
    return SparseAttention(near, far, shift)


def row_shift(found_scores: Sequence[Floats]) -> Floats:
    """(n_q,) what to subtract from a row's scores so that exp stays in range; 0 for ordinary rows."""
    return np.array([max(0.0, float(np.max(s, initial=0.0)) - LARGEST) for s in found_scores])
