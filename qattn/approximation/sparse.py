"""B = near + far, and Algorithm 2: D(B)^-1 B V without an n x n matrix.

The near part holds, on each row's found keys, exp(s_ij) minus what the far field already gives there; the far field
stands for all other keys. With far field "ones" this is the paper's B (Definition 4.2): exp(s_ij) on S_i, 1 elsewhere.
(Lemma 5.1 writes 0 elsewhere, and Appendix A gives B - 1 1^T k zero entries a row; it has at most k NON-zero ones.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from qattn.approximation.far_field import FarField

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


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
        return np.asarray(np.asarray(self.near.sum(axis=1)).ravel() + self.far.row_sums())

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
        return np.asarray(((self @ V).T / self.row_sums()).T)

    def toarray(self) -> Floats:
        """B as a dense (n_q, n) array, in units of exp(shift): for small instances and tests."""
        return np.asarray(self.near.toarray() + self.far.apply(np.eye(self.shape[1])))


def sparse_attention(
    shape: tuple[int, int], found: Sequence[Integers], found_scores: Sequence[Floats], far: FarField, shift: Floats
) -> SparseAttention:
    """Algorithm 1, lines 5-7: B_ij = exp(s_ij) on the found keys, the far field elsewhere.

    Args:
        shape: (n_q, n).
        found: n_q sorted index arrays.
        found_scores: their scores.
        far: the far field, in units of exp(shift).
        shift: (n_q,) see `qattn.approximation.far_field.row_shift`.
    """
    counts = np.array([len(js) for js in found], dtype=np.int64)
    rows = np.repeat(np.arange(shape[0]), counts)
    columns = np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64)
    exponents = np.concatenate([*found_scores, np.empty(0)]) - shift[rows]
    data = np.exp(exponents) - far.values(rows, columns)
    near = csr_array((data, columns, np.concatenate([[0], np.cumsum(counts)])), shape=shape)
    return SparseAttention(near, far, shift)
