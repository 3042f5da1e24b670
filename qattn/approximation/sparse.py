"""B = near + far, and Algorithm 2: D(B)^-1 B V without an n x n matrix.

The near part holds, on each row's found keys, exp(s_ij) minus what the far field already gives there; the far field
stands for all other keys. With far field "ones" this is the paper's B (Definition 4.2): exp(s_ij) on S_i, 1 elsewhere.
(Lemma 5.1 writes 0 elsewhere, and Appendix A gives B - 1 1^T k zero entries a row; it has at most k NON-zero ones.)

The difference loses digits where found keys weigh less than the far field's value there and little else is left: all
visible keys found at scores near -36, say. There the far sum is taken once more, without the found keys (`_product`).
So an output is off by at most 1e-12 sum_j |B_ij| |V_j| / D_i, whatever the scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from qattn.approximation.draws import Draws, segment_peaks, sizes
from qattn.approximation.far_field import FarField, Fit, fit_far_field
from qattn.arrays import Floats, Integers
from qattn.problem import AttentionProblem

FAITHFUL = 8.0  # what the difference may lose: a factor on the rounding error, in either of its two tests
ENTRIES = 1 << 22  # of V held at once where far sums are taken again


@dataclass(frozen=True, eq=False)
class SparseAttention:
    """B, up to one positive factor exp(shift_i) per row, which D^-1 B V does not see.

    Attributes:
        weights: (n_q, n) CSR, at most k entries a row: exp(s_ij - shift_i) on the found keys. With a guaranteed error
            also the keys drawn for it, with what each stands for (`qattn.approximation.guarantee`).
        far: the far field.
        shift: (n_q,) 0 unless a row's largest score leaves [-30, 300], where exp would lose digits or overflow.
        whole: (n_q,) rows in which every visible key was found: the far field counts for nothing there.

    Example:
        >>> from qattn import attend
        >>> K, V = [[2, 0], [0, 1], [1, 1], [0, -1]], [[1], [2], [3], [4]]
        >>> B = attend([[2, 0]], K, V, tau=3, method="exact").attention
        >>> B.toarray().round(1).tolist()
        [[54.6, 1.0, 1.0, 1.0]]
        >>> B.near.nnz, B.row_sums().round(1).tolist()
        (1, [57.6])
    """

    weights: csr_array
    far: FarField
    shift: Floats
    whole: NDArray[np.bool_]

    @property
    def shape(self) -> tuple[int, int]:
        """(n_q, n)."""
        return (int(self.weights.shape[0]), int(self.weights.shape[1]))

    @cached_property
    def near(self) -> csr_array:
        """(n_q, n) CSR: `weights` minus the far field's value there; B = near + far."""
        return self._like(self.weights.data - self._covered)

    @cached_property
    def _rows(self) -> Integers:
        """The row of each entry of `weights`."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.weights.indptr))

    @cached_property
    def _covered(self) -> Floats:
        """The far field's values on the found keys, in the order of `weights`."""
        values = self.far.values(self._rows, self.weights.indices.astype(np.int64))
        return np.where(self.whole[self._rows], 0.0, values)

    @cached_property
    def _light(self) -> Integers:
        """Rows in which a found key weighs much less than the far field's value there; the difference may cancel."""
        return np.unique(self._rows[np.abs(self._covered) > FAITHFUL * self.weights.data])

    def _kept(self, far: Floats) -> Floats:
        """A product of the far field without the rows that have no far keys."""
        return np.where(self.whole[:, None], 0.0, far) if self.whole.any() else far

    def _like(self, data: Floats) -> csr_array:
        return csr_array((data, self.weights.indices, self.weights.indptr), shape=self.shape)

    def values(self, rows: Integers, columns: Integers) -> Floats:
        """The entries of B at these pairs: the stored one, or the far field's.

        Args:
            rows: (p,) row numbers.
            columns: (p,) key numbers.

        Returns:
            (p,) entries, in units of exp(shift).
        """
        values = np.array(self.far.values(rows, columns))
        stored = self._rows * self.shape[1] + self.weights.indices
        order = np.argsort(stored)
        wanted = rows * self.shape[1] + columns
        place = np.searchsorted(stored, wanted, sorter=order)
        place = order[np.minimum(place, max(stored.size - 1, 0))] if stored.size else place
        there = np.flatnonzero(stored[place] == wanted) if stored.size else np.empty(0, np.int64)
        values[there] = self.weights.data[place[there]]
        return values

    def row_sums(self) -> Floats:
        """The diagonal of D(B) = diag(B 1), in units of exp(shift)."""
        return self._product(np.ones((self.shape[1], 1)), self._kept(self.far.row_sums()[:, None]))[:, 0]

    def __matmul__(self, V: ArrayLike) -> Floats:
        """B V, in units of exp(shift); O(n k d + n d) (Lemma 6.2), and O(n) more an entry whose far part cancels."""
        V = np.asarray(V, dtype=np.float64)
        if V.ndim not in (1, 2) or V.shape[0] != self.shape[1]:
            raise ValueError(f"B has shape {self.shape} and V {V.shape}; V needs {self.shape[1]} rows")
        columns = V if V.ndim == 2 else V[:, None]
        product = self._product(columns, self._kept(self.far.apply(columns)))
        return product if V.ndim == 2 else product[:, 0]

    def output(self, V: ArrayLike) -> Floats:
        """Algorithm 2: D(B)^-1 B V, (n_q, d_v).

        Args:
            V: (n, d_v) values.

        Returns:
            (n_q, d_v) output, in float64.
        """
        V = np.asarray(V, dtype=np.float64)
        return np.asarray(((self @ V).T / self.row_sums()).T)

    def toarray(self) -> Floats:
        """B as a dense (n_q, n) array, in units of exp(shift): for small instances and tests."""
        dense = np.array(self._kept(self.far.apply(np.eye(self.shape[1]))))
        dense[self._rows, self.weights.indices] = self.weights.data
        return dense

    def _product(self, columns: Floats, far: Floats) -> Floats:
        """B columns, given far = (the far field) columns.

        near @ columns + far is right to a few roundings of sum_j |B_ij| |columns_j| in a row whose found keys weigh
        enough; and in an entry of which enough is far, which |columns| tells. Other entries are summed without the
        found keys in the columns: a product of the far field with one more column each.
        """
        product = np.asarray(self.near @ columns + far)
        light = self._light
        if not light.size:
            return product
        size = np.abs(columns)
        total = np.abs(self.far.apply(size)[light])
        covered = self._like(np.abs(self._covered))[light] @ size
        rows, places = np.nonzero(covered > total * (1 - 1 / FAITHFUL))
        rows = light[rows]
        step = max(1, ENTRIES // sum(self.shape))
        for start in range(0, rows.size, step):
            some, place = rows[start : start + step], places[start : start + step]
            product[some, place] = self._without_difference(some, columns[:, place])
        return product

    def _without_difference(self, rows: Integers, columns: Floats) -> Floats:
        """Entry p of the result is row rows[p] of B times columns[:, p], the far part summed over far keys alone."""
        found = self.weights[rows]
        entry = np.repeat(np.arange(rows.size), np.diff(found.indptr))
        near = np.bincount(entry, found.data * columns[found.indices, entry], minlength=rows.size)
        rest = columns.copy()
        rest[found.indices, entry] = 0.0
        return np.asarray(near + self.far.apply(rest)[rows, np.arange(rows.size)])


def sparse_attention(
    shape: tuple[int, int],
    found: Sequence[Integers],
    found_scores: Sequence[Floats],
    far: FarField,
    shift: Floats,
    *,
    visible: Integers | None = None,
) -> SparseAttention:
    """Algorithm 1, lines 5-7: B_ij = exp(s_ij) on the found keys, the far field elsewhere.

    Args:
        shape: (n_q, n).
        found: n_q sorted index arrays.
        found_scores: their scores.
        far: the far field, in units of exp(shift).
        shift: (n_q,) see `qattn.approximation.far_field.row_shift`.
        visible: (n_q,) how many keys each row sees; all n by default.

    Returns:
        B, with found entries as stored numbers and the far field as a rule.
    """
    seen = np.full(shape[0], shape[1]) if visible is None else visible
    columns, scores = np.concatenate([*found, np.empty(0, np.int64)]), np.concatenate([*found_scores, np.empty(0)])
    return _assemble(shape[1], sizes(found), columns.astype(np.int64), scores, far, shift, seen)


def _assemble(
    n: int, counts: Integers, columns: Integers, scores: Floats, far: FarField, shift: Floats, visible: Integers
) -> SparseAttention:
    """The same from flat arrays, row after row of `counts` entries each."""
    data = np.exp(scores - np.repeat(shift, counts))
    weights = csr_array((data, columns, np.concatenate([[0], np.cumsum(counts)])), shape=(counts.size, n))
    return SparseAttention(weights, far, shift, counts >= visible)


def algorithm_2(
    problem: AttentionProblem,
    found: Sequence[Integers],
    far_field: str | Fit = "ones",
    *,
    samples: int = 16,
    seed: np.random.SeedSequence | None = None,
) -> tuple[Floats, SparseAttention, Draws]:
    """Algorithm 2 once the sets S_i are known: their scores, the far field, B, and D(B)^-1 B V. `attend` runs this.

    Args:
        problem: the instance.
        found: n_q sorted index arrays, the sets S_i.
        far_field: a name or a function (see `qattn.approximation.far_field`).
        samples: keys drawn per row for a far field that is fitted.
        seed: of the draws.

    Returns:
        The (n_q, d_v) output, B, and the keys drawn for the far field.

    Cost: O(n k d + n d) for "ones" (Lemma 6.2); `samples` evaluations a row and O(n d (d + d_v)) more for the others.
    """
    counts, columns = sizes(found), np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64, copy=False)
    scores = problem.scores_at(np.repeat(np.arange(problem.n_q), counts), columns)
    peak = segment_peaks(scores, counts)
    far, shift, draws = fit_far_field(far_field, problem, found, peak, samples, seed or np.random.SeedSequence())
    attention = _assemble(problem.n, counts, columns, scores, far, shift, problem.visible)
    return attention.output(problem.V), attention, draws
