"""The keys in fixed point: real numbers become integers that a circuit can load, and every error is measured.

A key is read as K_j = center + residual, its r components as c_j = (K_j - center) @ into, and each component as
offset_l + step_l X_jl with X_jl a two's complement integer. What that leaves out is bounded once for all rows, by
column extremes and norms; `qattn.encoding.rows` turns the bounds into the margin of a row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import solve_triangular

from qattn.arrays import Floats, Integers

UNIT = 2.0**-53  # unit roundoff of float64
MAX_BITS = 24
NOISE = 1e-10  # singular values below this share of the largest are not balanced


@dataclass(frozen=True, eq=False)
class Basis:
    """r components instead of d coordinates, and what they leave out of the keys.

    For the float64 vectors c_j (components) and z_j kept or dropped here, exactly and whatever the basis is,

        K_j - center = back c_j + metric z_j + e_j,     |c_j| <= spread,  |z_j| <= reach,  |e_j| <= leak.

    Attributes:
        into: (d, r) map from centred keys to components.
        back: (d, r) map from components to keys, and from rows to components.
        metric: (d, d) lower triangular L in which what was dropped is small: |<q, L z_j>| <= |L^T q| |z_j|.
        spread: bound on the 2-norm of the components.
        reach: bound on the 2-norm of z_j.
        leak: bound on the 2-norm of what is left, rounding included.
        into_norm: bound on |into|_F.
        around: bound on |back|_F spread + |metric|_F reach + leak.
    """

    into: Floats
    back: Floats
    metric: Floats
    spread: float
    reach: float
    leak: float
    into_norm: float
    around: float


@dataclass(frozen=True, eq=False)
class KeyCode:
    """All n keys as integers, with what a row needs to bound its own error.

    Attributes:
        exponent: keys are taken in units of 2^exponent, so that no norm over- or underflows; all below is in that unit.
        X: (n, r) integers in [-2^(bits-1), 2^(bits-1)).
        bits: width of one component.
        step: (r,) size of one unit of each column.
        offset: (r,) value of the integer 0 in each column.
        error: (r,) largest |c_jl - offset_l - step_l X_jl| of each column.
        error_norm: largest over j of the 2-norm of that error in units of `step`.
        center: (d,) subtracted from every key.
        basis: the components; None when they are the d coordinates of K_j - center.
        key_norm: bound on |K_j| + |center|, and so on |K_j - center|.
        lowest: (r,) column minima of X.
        highest: (r,) column maxima of X.
        longest: bound on the 2-norm of a row of X.
        exact: True when the keys are the integers X themselves (margin 0 for integer rows).
    """

    exponent: int
    X: Integers
    bits: int
    step: Floats
    offset: Floats
    error: Floats
    error_norm: float
    center: Floats
    basis: Basis | None
    key_norm: float
    lowest: Integers
    highest: Integers
    longest: float
    exact: bool

    @property
    def n(self) -> int:
        """Number of keys."""
        return int(self.X.shape[0])

    @property
    def rank(self) -> int:
        """Number of components a circuit loads."""
        return int(self.X.shape[1])

    def prefix(self, n: int) -> KeyCode:
        """The first n keys under the same code (a causal row); every bound stays valid."""
        if n == self.n:
            return self
        return replace(self, X=self.X[:n])


def encode_keys(K: ArrayLike, bits: int, *, rank: int | None = None, Q: ArrayLike | None = None) -> KeyCode:
    """Fixed-point code of all keys.

    Args:
        K: (n, d) keys, finite, of any size.
        bits: width b of one component, 1..24.
        rank: keep this many components; the rest goes into the margin. None keeps all d coordinates as they are.
        Q: (n_q, d) rows, used only to balance the components (QK^T = (QR)(KR^-T)).

    Returns:
        The code. Integers that fit in b bits are kept as they are when rank is None.

    Raises:
        ValueError: when K is not a matrix or a number is out of range.

    Cost: O(n d r), and O((n + n_q) d^2) with a rank.
    """
    return next(encodings(K, [bits], [rank], Q=Q))


def encodings(
    K: ArrayLike, widths: Sequence[int], ranks: Sequence[int | None], *, Q: ArrayLike | None = None
) -> Iterator[KeyCode]:
    """`encode_keys` for every rank and, within it, every width of the sequences: the axes are found once for all.

    Args:
        K: (n, d) finite keys.
        widths: bits per component to try.
        ranks: components to keep; None: all, as they are.
        Q: (n_q, d) rows, scale included, that the components are chosen for; None: for any.

    Yields:
        a code for each (rank, width), widths within ranks.

    Raises:
        ValueError: for a shape, width or rank out of range.
    """
    points: Floats = np.ascontiguousarray(K, dtype=np.float64)
    if points.ndim != 2 or 0 in points.shape:
        raise ValueError(f"K has shape {points.shape}; it must be (n, d) with n, d >= 1")
    for bits in widths:
        if not 1 <= bits <= MAX_BITS:
            raise ValueError(f"bits = {bits}; choose 1 to {MAX_BITS} bits per component")
    for rank in ranks:
        if rank is not None and not 1 <= rank <= points.shape[1]:
            raise ValueError(f"rank = {rank}; choose 1 to d = {points.shape[1]} components")
    exponent = exponent_of(points)
    scaled = np.ldexp(points, -exponent)
    mean = scaled.mean(axis=0)
    axes = None
    for rank in ranks:
        if rank is None:
            center, basis = (scaled.min(axis=0) + scaled.max(axis=0)) / 2, None
            components = scaled - center
        else:
            axes = axes or balanced_axes(scaled - mean, Q)
            center, (basis, components) = mean, _project(scaled - mean, *axes, rank)
        for bits in widths:
            if rank is None and fits(points, bits):
                yield _as_they_are(points, bits)
            else:
                yield _fixed_point(exponent, scaled, bits, center, basis, components)


def default_bits(K: Floats) -> int:
    """Bits per component when nothing else is known: what small integers need, else 6.

    Args:
        K: (n, d) keys.

    Returns:
        Bits of one component, 1 to 9.
    """
    if np.all(np.rint(K) == K) and np.abs(K).max() <= 128:
        return max(1, signed_bits(int(K.min()), int(K.max())))
    return 6


def fits(points: Floats, bits: int) -> bool:
    """Whether these are integers of so many bits in two's complement.

    Args:
        points: (n, r) numbers.
        bits: width of two's complement.

    Returns:
        True when they need no rounding.
    """
    half = 2 ** (bits - 1)
    return bool(points.min() >= -half and points.max() < half and np.all(np.rint(points) == points))


def exponent_of(array: Floats) -> int:
    """The power of two just above the largest magnitude; 0 for an array of zeros."""
    return int(np.frexp(np.abs(array).max())[1])


def rounding(terms: int) -> float:
    """gamma_m = m u / (1 - m u): a sum of products with m roundings errs by this share of the magnitudes at most.

    Args:
        terms: number of roundings m, far below 2^53.

    Returns:
        A share of the sum of magnitudes.
    """
    return terms * UNIT / (1 - terms * UNIT)


def longest_row(vectors: Floats) -> float:
    """An upper bound on the 2-norm of every row: rounded up, squares that vanish included (each below 2^-1074).

    Args:
        vectors: (..., m) finite vectors.

    Returns:
        One number for all.
    """
    m = vectors.shape[-1]
    computed = math.sqrt(float(np.max(np.einsum("...j,...j->...", vectors, vectors))))
    return computed * (1 + rounding(m + 4)) + math.sqrt(m) * 2.0**-537


def signed_bits(low: int, high: int) -> int:
    """Smallest two's complement width that holds every integer in [low, high].

    Args:
        low: smallest integer.
        high: largest.

    Returns:
        A number of bits, at least 1.
    """
    return max(1 + max(high, 0).bit_length(), 1 + max(-low - 1, 0).bit_length())


def balanced_axes(centred: Floats, Q: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    """Balanced components of QK^T = (Q back)(K into)^T, largest first, and the metric of what may be dropped.

    The balance makes (Q back)^T (Q back) = (K into)^T (K into) = the singular values of QK^T, so that the dropped
    tail is small on both sides. With fewer rows than keys and dimensions the balance would be the scores themselves;
    the keys' own principal axes are taken instead (into = back, orthonormal, Euclidean metric), and where QK^T is no
    more than rounding.

    Args:
        centred: (n, d) keys less their mean, scaled to order 1.
        Q: (n_q, d) rows; None: the keys' principal axes.

    Returns:
        into, back of shape (d, up to d), and the (d, d) metric; the norms of all three are below 2^60 sqrt(n + n_q).
    """
    n, d = centred.shape
    rk = _triangle(centred)
    rows = None if Q is None else np.asarray(Q, dtype=np.float64)
    if rows is not None and rows.shape[0] >= min(n, d):
        rq = _triangle(rows)
        u, value, vt = np.linalg.svd(rq @ rk.T, full_matrices=False)
        if value[0] > NOISE * float(np.linalg.norm(rq) * np.linalg.norm(rk)):
            kept = value > value[0] * NOISE
            root = np.sqrt(value[kept])
            into, back = rq.T @ u[:, kept] / root, rk.T @ vt[kept].T / root
            moment = back @ back.T
            moment[np.diag_indices(d)] += 1e-9 * float(np.trace(moment))
            return into, back, np.linalg.cholesky(moment)
    axes = np.linalg.svd(rk)[2].T
    return axes, axes, np.eye(d)


def _triangle(matrix: Floats) -> Floats:
    """R of the QR decomposition of a matrix scaled to at most 1."""
    return np.asarray(np.linalg.qr(np.ldexp(matrix, -exponent_of(matrix)), mode="r"))


def _project(centred: Floats, into: Floats, back: Floats, metric: Floats, rank: int) -> tuple[Basis, Floats]:
    """The leading components of the centred keys, and the bounds on what they leave out.

    `leak` is measured, then enlarged by the rounding of the measurement: centring, r + d products and three sums.
    """
    into, back = np.ascontiguousarray(into[:, :rank]), np.ascontiguousarray(back[:, :rank])
    components = centred @ into
    dropped = centred - components @ back.T
    z = solve_triangular(metric, dropped.T, lower=True, check_finite=False).T
    spread, reach = longest_row(components), longest_row(z)
    sizes = _frobenius(back) * spread + _frobenius(metric) * reach
    leak = longest_row(dropped - z @ metric.T) + rounding(2 * len(metric) + 8) * (longest_row(centred) + sizes)
    return Basis(into, back, metric, spread, reach, leak, _frobenius(into), sizes + leak), components


def _frobenius(matrix: Floats) -> float:
    """An upper bound on the Frobenius norm, hence on the 2-norm of a matrix and of its entries' magnitudes."""
    return longest_row(matrix.reshape(1, -1))


def _as_they_are(points: Floats, bits: int) -> KeyCode:
    """Integers as their own code."""
    one, zero, X = np.ones(points.shape[1]), np.zeros(points.shape[1]), points.astype(np.int64)
    return KeyCode(0, X, bits, one, zero, zero, 0.0, zero, None, longest_row(points), *_extremes(X), True)


def _fixed_point(
    exponent: int, scaled: Floats, bits: int, center: Floats, basis: Basis | None, components: Floats
) -> KeyCode:
    step, offset, X = _quantise(components, bits)
    defect = np.abs(components - offset - step * X)
    return KeyCode(
        exponent, X, bits, step, offset, defect.max(axis=0), longest_row(defect / step), center, basis,
        longest_row(scaled) + longest_row(center), *_extremes(X), False,
    )  # fmt: skip


def _quantise(components: Floats, bits: int) -> tuple[Floats, Floats, Integers]:
    """Per column: the step and offset that spread [min, max] over all 2^bits integers, and the integers."""
    low, high = components.min(axis=0), components.max(axis=0)
    step = (high - low) / (2**bits - 1)
    step = np.where(step > 2.0**-960, step, 1.0)
    offset = low + step * 2 ** (bits - 1)
    return step, offset, to_integers(components, step, offset, bits)


def to_integers(components: Floats, step: Floats, offset: Floats, bits: int) -> Integers:
    """The nearest integers of so many bits to components in units of a step.

    Args:
        components: (n, r) numbers.
        step: (r,) size of one unit.
        offset: (r,) value of the integer 0.
        bits: width in two's complement.

    Returns:
        (n, r) integers.
    """
    half = 2 ** (bits - 1)
    return np.clip(np.rint((components - offset) / step), -half, half - 1).astype(np.int64)


def _extremes(X: Integers) -> tuple[Integers, Integers, float]:
    return X.min(axis=0), X.max(axis=0), longest_row(X.astype(np.float64))
