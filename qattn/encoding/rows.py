"""A row's constants with a proven margin: no key at or above tau can be lost.

For row i the encoding yields integers A (one per component), a threshold T and a margin eps with

    |s_ij - (sigma * sum_l A_l X_jl + const)| <= eps        for every key j,

where X are the keys' integers and s_ij is the float64 score of `qattn.scores`, on which membership is decided. The
circuit marks j when sum_l A_l X_jl >= T with T = ceil((tau - const - eps) / sigma). The few extras are rejected by the
classical check of every measured index. The margin comes from column extremes and norms: O(nd) work once for all rows,
O(d) a row, never a pass over the keys per row.

Mantissas and exponents are kept apart: sigma, const and eps are stored in units of 2^exponent, so that rows of
5e-324 and of 1e300 are coded alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from qattn.arrays import Floats, Integers
from qattn.encoding.keys import UNIT, Basis, KeyCode, exponent_of, longest_row, rounding, signed_bits

LOWEST_EXPONENT = -1074  # of the smallest float64: scores are multiples of 2^-1074
WORD = 62  # bits of the largest integer score


@dataclass(frozen=True, eq=False)
class RowCode:
    """One row's constants: mark j when sum_l A_l X_jl >= T.

    Every score is s_ij = 2^exponent (offset + step S_ij) up to 2^exponent margin, S_ij = sum_l A_l X_jl.

    Attributes:
        A: (r,) integer coefficients.
        T: integer threshold, within [low, high + 1].
        exponent: the power of two in whose units the next three are.
        step: value of one unit of the integer score.
        offset: the part of the score that is the same for all keys.
        margin: the proven bound on the rest; 0 only when the integers are the scores.
        low: no integer score is below this.
        high: no integer score is above this.
    """

    A: Integers
    T: int
    exponent: int
    step: float
    offset: float
    margin: float
    low: int
    high: int

    @property
    def sigma(self) -> float:
        """Value of one unit of the integer score, as a float64: it may under- or overflow, `step` does not."""
        return scaled(self.step, self.exponent)

    @property
    def const(self) -> float:
        """The part of the score that is the same for all keys, as a float64."""
        return scaled(self.offset, self.exponent)

    @property
    def eps(self) -> float:
        """The proven margin, |s_ij - const - sigma S_ij| <= eps for all j; as a float64, 0 only when exact."""
        return max(scaled(self.margin, self.exponent), math.ulp(0.0)) if self.margin else 0.0

    @property
    def width(self) -> int:
        """Score bits needed for T - 1 - S in two's complement, for every possible S."""
        return signed_bits(self.T - 1 - self.high, self.T - 1 - self.low)

    @property
    def full_width(self) -> int:
        """Score bits that suffice whatever T becomes (top-k raises it)."""
        return signed_bits(self.low - 1 - self.high, self.high - self.low)

    def at(self, tau: float) -> RowCode:
        """The same row with another threshold.

        Args:
            tau: threshold on the float64 score, in its own unit.

        Returns:
            The code with that T.
        """
        value = scaled(tau, -self.exponent)
        return replace(self, T=_threshold(value, self.offset, self.margin, self.step, self.low, self.high))


def encode_row(keys: KeyCode, q: ArrayLike, tau: float, *, query_bits: int | None = None) -> RowCode:
    """Integer coefficients, threshold and margin of one row.

    Args:
        keys: the code of the keys.
        q: (d,) the row, already multiplied by the attention scale, finite, of any size.
        tau: the threshold on <q, K_j>.
        query_bits: width of a coefficient in two's complement; keys.bits + 1 by default.

    Returns:
        A, T and what was lost: every key at or above tau has A.X_j >= T.

    Raises:
        ValueError: when shapes do not match, tau is NaN, or an integer score would not fit 63 bits.

    Cost: O(d), and O(d^2) when components were dropped.
    """
    row: Floats = np.ascontiguousarray(q, dtype=np.float64)
    if row.shape != keys.center.shape:
        raise ValueError(f"q has shape {row.shape}; the keys have d = {keys.center.size}")
    if keys.exact and np.all(row == np.rint(row)) and float(np.abs(row).sum()) * 2**keys.bits < 2.0**52:
        A = row.astype(np.int64)
        low, high = _score_range(A, keys)
        return RowCode(A, _threshold(tau, 0.0, 0.0, 1.0, low, high), 0, 1.0, 0.0, 0.0, low, high)
    exponent = max(exponent_of(row) + keys.exponent, LOWEST_EXPONENT)
    row = np.ldexp(row, keys.exponent - exponent)
    components = row if keys.basis is None else row @ keys.basis.back
    a = components * keys.step
    step, A = _coefficients(a, _query_bits(keys, query_bits))
    offset = float(row @ keys.center + components @ keys.offset)
    bound = margin(keys, row, components, a, step, A, offset, exponent)
    low, high = _score_range(A, keys)
    T = _threshold(scaled(tau, -exponent), offset, bound, step, low, high)
    return RowCode(A, T, exponent, step, offset, bound, low, high)


def aimed(coarse: RowCode, fine: RowCode, tau: float) -> RowCode:
    """A row in few bits that marks about what a finer code of it marks, above tau less the finer code's margin.

    It proves nothing: keys may be lost, and its `margin` is the finer code's. Empty where the finer code is.

    Args:
        coarse: the row in few bits.
        fine: the same row, as it is searched to a proof.
        tau: the threshold on <q, K_j>.

    Returns:
        The coarse row at that threshold; it never counts as exact.
    """
    margin = max(scaled(fine.margin, fine.exponent - coarse.exponent), 2.0**-300)
    return replace(coarse, margin=margin).at(math.inf if fine.high < fine.T else tau)


def scaled(value: float, exponent: int) -> float:
    """A number times 2^exponent; infinite where that overflows.

    Args:
        value: a number of any size.
        exponent: of the power of two it is multiplied by.

    Returns:
        value * 2^exponent.
    """
    try:
        return math.ldexp(value, exponent)
    except OverflowError:
        return math.copysign(math.inf, value)


def margin(
    keys: KeyCode, q: Floats, c: Floats, a: Floats, step: float, A: Integers, offset: float, exponent: int
) -> float:
    """A bound on |s_j - offset - step sum_l A_l X_jl| in units of 2^exponent, for any d and any basis.

    Proof. Let u = 2^-53 and g = gamma_{2d + r + 16} (see `rounding`); m roundings in any order err by gamma_m <= g of
    the sum of magnitudes. q and K_j are the row and key in their units, c and a the float64 vectors given here.

    1. The score: |s_j - <q, K_j>| <= gamma_d |q||K_j|, plus 2^-1075 per product that underflows.
    2. Centre: <q, K_j> = <q, center> + <q, k>, k = K_j - center, |k| <= |K_j| + |center| <= key_norm.
    3. Components, with r = q - into c exactly and k = back c_j + L z_j + e_j exactly (`Basis`):
       <q, k> = <c, c_j> + <c, into^T k - c_j> + <r, back c_j> + <r, L z_j> + <r, e_j>.
       The second term is rounding: at most gamma_{d+2} |c| |into|_F |k|. The last three are at most
       |back^T r| spread + |L^T r| reach + |r| leak (Cauchy and Schwarz). Nothing is asked of into, back and L, so they
       may be oblique, ill-conditioned or wrong. The computed r differs from r by rho <= g (|q| + |into|_F |c|), which
       costs (|back|_F spread + |L|_F reach + leak) rho. Without a basis into = 1, c = q, r = 0.
    4. Keys in fixed point: <c, c_j> = sum_l c_l (offset_l + step_l X_jl + defect_jl), the defect being bounded by
       column (|c| @ error) and by norm (|a| error_norm), each measured within 3u of itself and of step_l |X_jl|.
    5. Constants: offset = fl(<q, center> + <c, offset>) errs by g (|q||center| + |c| @ |offset_l| + |offset|).
    6. Coefficients: c_l step_l is within 2u of a_l, and a_l = step A_l + lost_l, lost being measured within
       u (|a_l| + 2 lost_l); |sum_l lost_l X_jl| is at most lost @ largest and |lost| longest.

    The terms of 4 and 6 in u add up to 7u |a| @ largest <= g |a| @ largest. Sums of magnitudes are themselves computed
    with a share of g at most, whence the factor 1 + 4g. Underflow: scaling q and K_j loses 2^-1075 a component, a
    product as much, and every norm is rounded up by what its vanishing squares could add; with all norms below 2^100
    that is far below 2^-300. QED.

    Args:
        keys: the code of the keys.
        q: (d,) the row in units of 2^(exponent - keys.exponent).
        c: (r,) its components.
        a: (r,) components times the keys' steps.
        step: of the coefficients.
        A: (r,) integer coefficients.
        offset: constant part of the score.
        exponent: of the score's unit.

    Returns:
        The bound, rounded up.
    """
    largest = np.maximum(-keys.lowest, keys.highest)
    g = rounding(2 * q.size + c.size + 16)
    norm = longest_row
    lost = np.abs(a - step * A)
    size_c, size_a = np.abs(c), np.abs(a)
    main = min(float(size_c @ keys.error), norm(a) * keys.error_norm)
    main += min(float(lost @ largest), norm(lost) * keys.longest)
    magnitude = norm(q) * keys.key_norm + float(size_c @ np.abs(keys.offset)) + abs(offset) + float(size_a @ largest)
    if keys.basis is None:
        magnitude += norm(c) * keys.key_norm
    else:
        dropped, rounded = _dropped(keys.basis, q, c)
        main += dropped
        magnitude += rounded + norm(c) * keys.basis.into_norm * keys.key_norm
    return (main + g * magnitude) * (1 + 4 * g) + 2.0**-300 + math.ldexp(q.size, LOWEST_EXPONENT - exponent)


def _dropped(basis: Basis, q: Floats, c: Floats) -> tuple[float, float]:
    """Step 3 of the proof: the bound on what the basis leaves out, and the magnitude whose share g is its rounding."""
    r = q - basis.into @ c
    size = longest_row(r)
    bound = longest_row(r @ basis.back) * basis.spread + longest_row(r @ basis.metric) * basis.reach + size * basis.leak
    rho = longest_row(q) + basis.into_norm * longest_row(c)  # over g
    return bound, (size + 2 * rho) * basis.around


def _query_bits(keys: KeyCode, query_bits: int | None) -> int:
    """The width of a coefficient: one more than a key's by default, and so that integer scores fit a machine word."""
    most = WORD + 2 - keys.bits - keys.rank.bit_length()
    if query_bits is None:
        return min(keys.bits + 1, most)
    if not 1 <= query_bits <= most:
        raise ValueError(
            f"query_bits = {query_bits}; choose 1 to {most} for {keys.rank} components of {keys.bits} bits"
        )
    return query_bits


def _coefficients(a: Floats, query_bits: int) -> tuple[float, Integers]:
    """The step of the integer score, and the nearest integers to a in units of it."""
    largest = float(np.abs(a).max())
    step = largest / max(2 ** (query_bits - 1) - 1, 1) if largest > 2.0**-900 else 1.0
    return step, np.rint(a / step).astype(np.int64)


def _threshold(tau: float, offset: float, margin: float, step: float, low: int, high: int) -> int:
    """T = ceil((tau - offset - margin) / step), rounded the safe way and kept within [low, high + 1].

    The two differences and the quotient err by u of their results, at most 2u |value| + u (|tau| + |offset|) / step in
    all; four are taken away. A tau that underflowed in its new unit is covered by the margin's 2^-300.
    """
    if math.isnan(tau):
        raise ValueError("tau is not a number; give a finite threshold")
    if math.isinf(tau):  # beyond every score, also when it is finite in its own unit
        return high + 1 if tau > 0 else low
    value = (tau - offset - margin) / step
    if margin and math.isfinite(value):
        value -= 4 * UNIT * (abs(value) + (abs(tau) + abs(offset)) / step)
    if value <= low:
        return low
    if value > high:
        return high + 1
    return math.ceil(value)


def _score_range(A: Integers, keys: KeyCode) -> tuple[int, int]:
    """Bounds on sum_l A_l X_jl over all keys, from column extremes and from norms, whichever is tighter."""
    ends = np.stack([A * keys.lowest, A * keys.highest])
    radius = math.ceil(longest_row(A.astype(np.float64)) * keys.longest * (1 + 4 * UNIT))
    return max(int(ends.min(axis=0).sum()), -radius), min(int(ends.max(axis=0).sum()), radius)
