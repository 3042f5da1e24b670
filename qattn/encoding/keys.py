"""Fixed point with a proven margin: real scores become integers that a circuit can compare.

For row i the encoding yields integers A (one per component), a threshold T and a margin eps with

    |s_ij - (sigma * sum_l A_l X_jl + const)| <= eps        for every key j,

where X are the keys as b-bit two's complement integers. The circuit marks j when sum_l A_l X_jl >= T with
T = ceil((tau - const - eps) / sigma). No key at or above tau can then be lost; the few extras are rejected by the
classical check of every measured index. The margin comes from column extremes and norms: O(nd) work once for all
rows, O(d) a row, never a pass over the keys per row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

UNIT = 2.0**-53  # unit roundoff of float64
MAX_BITS = 24
MIN_EXPONENT = -900  # scores below 2^-900 count as 0


@dataclass(frozen=True, eq=False)
class KeyCode:
    """All n keys as integers, with what a row needs to bound its own error.

    A key is read as K_j = center + residual, its r components as c_j = (K_j - center) @ into, and each component as
    offset_l + step_l X_jl, X in two's complement on `bits` bits. A row's components are Q_i @ back.

    Attributes:
        exponent: keys are taken in units of 2^exponent, so that no norm over- or underflows; all below is in that unit.
        X: (n, r) integers in [-2^(bits-1), 2^(bits-1)).
        bits: width of one component.
        step: (r,) size of one unit of each column.
        offset: (r,) value of the integer 0 in each column.
        error: (r,) largest |c_jl - offset_l - step_l X_jl| of each column.
        error_norm: largest over j of the 2-norm of that error in units of `step`.
        into: (d, r) map from centred keys to components.
        back: (d, r) map from rows to components; back @ into.T is close to the identity on what matters.
        center: (d,) subtracted from every key.
        metric: (d, d) lower triangular L for what `rank` dropped: |<r, k>| <= |L^T r| |L^-1 k| (Cauchy-Schwarz).
        reach: largest over j of |L^-1 k| for the dropped part k of K_j - center; 0 when nothing is dropped.
        spread: largest over j of the 2-norm of the components of K_j - center.
        key_norm: largest |K_j|.
        lowest: (r,) column minima of X.
        highest: (r,) column maxima of X.
        longest: largest 2-norm of a row of X.
        exact: True when the keys are the integers X themselves (margin 0 for integer rows).
    """

    exponent: int
    X: Integers
    bits: int
    step: Floats
    offset: Floats
    error: Floats
    error_norm: float
    into: Floats
    back: Floats
    center: Floats
    metric: Floats
    reach: float
    spread: float
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


@dataclass(frozen=True, eq=False)
class RowCode:
    """One row's constants: mark j when sum_l A_l X_jl >= T.

    Attributes:
        A: (r,) integer coefficients.
        T: integer threshold, within [low, high + 1].
        unit: the power of two by which this row's scores were normalised.
        sigma: value of one unit of the integer score.
        const: the part of the score that is the same for all keys.
        eps: the proven margin, |s_ij - const - sigma S_ij| <= eps for all j.
        low: no integer score is below this.
        high: no integer score is above this.
    """

    A: Integers
    T: int
    unit: float
    sigma: float
    const: float
    eps: float
    low: int
    high: int

    @property
    def width(self) -> int:
        """Score bits needed for T - 1 - S in two's complement, for every possible S."""
        return _signed_bits(self.T - 1 - self.high, self.T - 1 - self.low)

    @property
    def full_width(self) -> int:
        """Score bits that suffice whatever T becomes (top-k raises it)."""
        return _signed_bits(self.low - 1 - self.high, self.high - self.low)

    def at(self, tau: float) -> RowCode:
        """The same row with another threshold."""
        const, eps, sigma = self.const / self.unit, self.eps / self.unit, self.sigma / self.unit
        return replace(self, T=_threshold(tau / self.unit, const, eps, sigma, self.low, self.high))


def _threshold(tau: float, const: float, eps: float, sigma: float, low: int, high: int) -> int:
    """T = ceil((tau - const - eps) / sigma), rounded the safe way and kept within [low, high + 1]."""
    exact = eps == 0.0 and const == 0.0
    value = tau / sigma if exact else (tau - const - eps) / sigma
    if math.isnan(value):
        raise ValueError("tau is not a number; give a finite threshold")
    if not exact and math.isfinite(value):
        value -= 4 * UNIT * (abs(value) + (abs(tau) + abs(const)) / sigma)
    if value <= low:
        return low
    if value > high:
        return high + 1
    return math.ceil(value)


def encode_keys(K: ArrayLike, bits: int, *, rank: int | None = None, Q: ArrayLike | None = None) -> KeyCode:
    """Fixed-point code of all keys.

    Args:
        K: (n, d) keys, finite.
        bits: width b of one component, 1..24.
        rank: keep this many components; the rest goes into the margin. None keeps all d coordinates as they are.
        Q: (n_q, d) rows, used only to balance the components (QK^T = (QR)(KR^-T)).

    Returns:
        The code. Integers that fit in b bits are kept as they are when rank is None.

    Cost: O(n d r + (n + n_q) d^2).
    """
    points: Floats = np.ascontiguousarray(K, dtype=np.float64)
    if points.ndim != 2 or 0 in points.shape:
        raise ValueError(f"K has shape {points.shape}; it must be (n, d) with n, d >= 1")
    if not 1 <= bits <= MAX_BITS:
        raise ValueError(f"bits = {bits}; choose 1 to {MAX_BITS} bits per component")
    d = points.shape[1]
    if rank is not None and not 1 <= rank <= d:
        raise ValueError(f"rank = {rank}; choose 1 to d = {d} components")
    half = 2 ** (bits - 1)
    fits = bool(np.all(np.rint(points) == points) and points.min() >= -half and points.max() < half)
    if fits and rank is None:
        one, zero, eye = np.ones(d), np.zeros(d), np.eye(d)
        X = points.astype(np.int64)
        return KeyCode(0, X, bits, one, zero, zero, 0.0, eye, eye, zero, eye, 0.0, 0.0, 0.0, *_extremes(X), True)
    exponent = _exponent(points)
    points = np.ldexp(points, -exponent)
    center = (points.min(axis=0) + points.max(axis=0)) / 2 if rank is None else points.mean(axis=0)
    centred = points - center
    if rank is None:
        into = back = metric = np.eye(d)
        reach = 0.0
    else:
        into, back, metric = _components(centred, Q, rank)
        dropped = centred - (centred @ into) @ back.T
        reach = _longest(np.linalg.solve(metric, dropped.T).T) * (1 + 1e-6) + np.finfo(float).tiny
    components = centred @ into
    step, offset, X = _quantise(components, bits)
    defect = np.abs(components - offset - step * X)
    return KeyCode(
        exponent, X, bits, step, offset, defect.max(axis=0), _longest(defect / step), into, back, center,
        metric, reach, _longest(components), _longest(points), *_extremes(X), False,
    )  # fmt: skip


def encode_row(keys: KeyCode, q: ArrayLike, tau: float, *, query_bits: int | None = None) -> RowCode:
    """Integer coefficients, threshold and margin of one row.

    Args:
        keys: the code of the keys.
        q: (d,) the row, already multiplied by the attention scale.
        tau: the threshold on <q, K_j>.
        query_bits: width of a coefficient in two's complement; keys.bits + 1 by default.

    Cost: O(d r + r), and O(d^2) when components were dropped.
    """
    row: Floats = np.ascontiguousarray(q, dtype=np.float64)
    if row.shape != keys.center.shape:
        raise ValueError(f"q has shape {row.shape}; the keys have d = {keys.center.size}")
    query_bits = keys.bits + 1 if query_bits is None else query_bits
    top = 2 ** (query_bits - 1) - 1
    if keys.exact and np.all(row == np.rint(row)) and float(np.abs(row).sum()) * 2**keys.bits < 2.0**52:
        A = row.astype(np.int64)
        low, high = _score_range(A, keys)
        return RowCode(A, _threshold(tau, 0.0, 0.0, 1.0, low, high), 1.0, 1.0, 0.0, 0.0, low, high)
    exponent = max(_exponent(row), MIN_EXPONENT - keys.exponent)
    unit = 2.0 ** (exponent + keys.exponent)
    row = np.ldexp(row, -exponent)
    components = row @ keys.back
    a = components * keys.step
    largest = float(np.abs(a).max())
    sigma = largest / max(top, 1) if largest > 2.0**-960 else 1.0
    A = np.rint(a / sigma).astype(np.int64)
    const = float(row @ keys.center + components @ keys.offset)
    eps = _margin(keys, row, components, a, sigma, A, const)
    low, high = _score_range(A, keys)
    T = _threshold(tau / unit, const, eps, sigma, low, high)
    return RowCode(A, T, unit, sigma * unit, const * unit, eps * unit, low, high)


def _exponent(array: Floats) -> int:
    """The power of two just above the largest magnitude; 0 for an array of zeros."""
    return int(np.frexp(np.abs(array).max())[1])


def default_bits(K: Floats) -> int:
    """Bits per component when nothing else is known: what small integers need, else 6."""
    if np.all(np.rint(K) == K) and np.abs(K).max() <= 128:
        return max(1, _signed_bits(int(K.min()), int(K.max())))
    return 6


def _margin(keys: KeyCode, q: Floats, components: Floats, a: Floats, sigma: float, A: Integers, const: float) -> float:
    """The sum of what was rounded: keys, coefficients, dropped components, and float64 itself."""
    largest = np.maximum(-keys.lowest, keys.highest)
    norm = np.linalg.norm
    from_keys = min(float(np.abs(components) @ keys.error), float(norm(a)) * keys.error_norm)
    lost = np.abs(a - sigma * A)
    from_row = min(float(lost @ largest), float(norm(lost)) * keys.longest)
    # every product below is a sum of d terms: its float64 error is at most (8 d + 64) units of the sum of magnitudes
    magnitude = 4 * float(norm(q)) * keys.key_norm + abs(const) + float(np.abs(a) @ (largest + 1))
    magnitude += float(np.abs(components) @ np.abs(keys.offset))
    dropped = 0.0
    if keys.reach:
        residual = q - keys.into @ components
        dropped = float(norm(keys.metric.T @ residual)) * keys.reach
        dropped += float(norm(keys.back.T @ residual)) * keys.spread
        magnitude += 2 * float(norm(keys.into) * norm(components)) * keys.key_norm
        magnitude += float(norm(residual) * norm(keys.metric)) * keys.reach
    d = q.size
    return (from_keys + from_row + dropped) * (1 + 64 * d * UNIT) + (8 * d + 64) * UNIT * magnitude + 2.0**-140


def _components(centred: Floats, Q: ArrayLike | None, rank: int) -> tuple[Floats, Floats, Floats]:
    """Balanced components of QK^T = (Q back)(K into)^T, the largest `rank` of them, and the metric of the rest.

    The balance makes (Q back)^T (Q back) = (K into)^T (K into) = the singular values of QK^T, so that the dropped
    tail is small on both sides. With fewer rows than keys and dimensions the balance would be the scores themselves;
    the keys' own principal axes are taken instead (into = back, orthonormal, Euclidean metric).
    """
    n, d = centred.shape
    tiny = np.finfo(float).tiny
    rk: Floats = np.asarray(np.linalg.qr(centred / max(float(np.abs(centred).max()), tiny), mode="r"))
    rows = None if Q is None else np.asarray(Q, dtype=np.float64)
    if rows is None or rows.shape[0] < min(n, d):
        axes = np.ascontiguousarray(np.linalg.svd(rk)[2].T[:, :rank])
        return axes, axes, np.eye(d)
    rq: Floats = np.asarray(np.linalg.qr(rows / max(float(np.abs(rows).max()), tiny), mode="r"))
    u, value, vt = np.linalg.svd(rq @ rk.T, full_matrices=False)
    kept = value > max(value[0], tiny) * 1e-10
    if not kept.any():
        return np.eye(d)[:, :rank], np.eye(d)[:, :rank], np.eye(d)
    root = np.sqrt(value[kept])
    into, back = rq.T @ u[:, kept] / root, rk.T @ vt[kept].T / root
    moment = back @ back.T
    moment[np.diag_indices(d)] += 1e-9 * float(np.trace(moment))
    return np.ascontiguousarray(into[:, :rank]), np.ascontiguousarray(back[:, :rank]), np.linalg.cholesky(moment)


def _quantise(components: Floats, bits: int) -> tuple[Floats, Floats, Integers]:
    """Per column: the step and offset that spread [min, max] over all 2^bits integers, and the integers."""
    low, high = components.min(axis=0), components.max(axis=0)
    step = (high - low) / (2**bits - 1)
    step = np.where(step > 2.0**-960, step, 1.0)
    half = 2 ** (bits - 1)
    offset = low + step * half
    X = np.clip(np.rint((components - offset) / step), -half, half - 1).astype(np.int64)
    return step, offset, X


def _extremes(X: Integers) -> tuple[Integers, Integers, float]:
    return X.min(axis=0), X.max(axis=0), _longest(X.astype(np.float64))


def _longest(vectors: Floats) -> float:
    """The largest 2-norm among the rows of a matrix, rounded up."""
    return float(np.sqrt(np.max(np.einsum("ij,ij->i", vectors, vectors)))) * (1 + 1e-12)


def _score_range(A: Integers, keys: KeyCode) -> tuple[int, int]:
    """Bounds on sum_l A_l X_jl over all keys, from column extremes and from norms, whichever is tighter."""
    ends = np.stack([A * keys.lowest, A * keys.highest])
    radius = math.ceil(float(np.linalg.norm(A.astype(np.float64))) * keys.longest * (1 + 1e-12))
    return max(int(ends.min(axis=0).sum()), -radius), min(int(ends.max(axis=0).sum()), radius)


def _signed_bits(low: int, high: int) -> int:
    """Smallest two's complement width that holds every integer in [low, high]."""
    return max(1 + max(high, 0).bit_length(), 1 + max(-low - 1, 0).bit_length())
