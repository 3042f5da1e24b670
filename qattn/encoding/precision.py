"""How many bits and components to encode: what the circuit costs against what the extras cost.

Fewer bits and components make a cheaper circuit and a wider margin, hence more extras: marked keys below tau that the
search has to find and reject. The extras are predicted from the keys' mean and covariance alone (scores as Gaussian),
so that choosing costs no evaluation; at tau >= 2 log n (Theorem 1.3) the margin stays below tau / 2 as well, which
leaves none where the rest is at most 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from qattn.arrays import Floats, Integers
from qattn.encoding.kept import Kept
from qattn.encoding.keys import KeyCode, default_bits, encodings, exponent_of
from qattn.encoding.rows import encode_row, scaled

SAMPLE_ROWS = 32
SAMPLE_KEYS = 2048


@dataclass(frozen=True)
class Precision:
    """A choice of encoding and why.

    Attributes:
        bits: two's complement bits per component.
        rank: components kept; None keeps all coordinates as they are.
        members: predicted keys at or above tau per row, as if scores were Gaussian; often far from the truth.
        extras: marked keys below tau per row, predicted likewise.
        gates: estimated gates of one query.
    """

    bits: int
    rank: int | None
    members: float
    extras: float
    gates: float

    def __str__(self) -> str:
        """The choice as a sentence."""
        rank = "all components" if self.rank is None else f"{self.rank} components"
        return (
            f"{self.bits} bits, {rank}: about {self.gates:.0f} gates a query, "
            f"{self.extras:.2g} extras a row predicted (as if scores were Gaussian)"
        )


def choose_precision(
    Q: Floats,
    K: Floats,
    tau: Floats | None,
    k: int | None,
    *,
    bits: int | None = None,
    rank: int | str | None = None,
    kept: Kept | None = None,
) -> Precision:
    """The cheapest encoding, by gates x sqrt(marked), whose expected extras do not outnumber the expected members.

    Args:
        Q: (n_q, d) rows, scale included.
        K: (n, d) keys.
        tau: (n_q,) thresholds, or None for top-k.
        k: keys per row when tau is None.
        bits: fixed by the user, or None.
        rank: fixed by the user, "all" for the coordinates as they are, or None (which lets it be chosen).
        kept: what is kept of the keys, if they are a cache's.

    Returns:
        The choice; where no encoding satisfies the rule, the one with the fewest extras.

    Raises:
        ValueError: for a rank or width out of range.

    Cost: one factorisation, O((SAMPLE_KEYS + n_q) d^2), for all candidates, then O((SAMPLE_KEYS + SAMPLE_ROWS) d r) a
    candidate; no evaluations; the keys themselves only through their moments. With `kept`, bits and rank = "all", which
    leave nothing to choose, O(d^2).
    """
    if isinstance(rank, str) and rank != "all":
        raise ValueError(f'rank = {rank!r}; give a number of components, "all", or None to have it chosen')
    if rank == "all" and bits is not None:
        moments = None if kept is None else _kept_moments(kept)
        code = next(encodings(K, [bits], [None])) if kept is None else kept.code(bits)
        return _judge(_describe(Q, moments or _moments(K), tau, k), code, bits, None)
    d = K.shape[1]
    if bits is None and rank is None and np.all(np.rint(K) == K) and np.all(np.rint(Q) == Q) and np.abs(K).max() <= 128:
        widths: list[int] = [default_bits(K)]  # small integers: exact, margin 0
        ranks: list[int | None] = [None]
    else:
        widths = list(range(2, 11)) if bits is None else [bits]
        fewer = [r for r in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64) if r < d]
        ranks = [None] if isinstance(rank, str) else [*fewer, None] if rank is None else [rank]
    rows = _describe(Q, _moments(K), tau, k)
    codes = encodings(K[_sample(K)], widths, ranks, Q=Q if ranks != [None] else None)
    pairs = ((r, b) for r in ranks for b in widths)
    choices = [_judge(rows, code, b, r) for (r, b), code in zip(pairs, codes, strict=True)]
    enough = [c for c in choices if c.extras <= max(1.0, c.members)]
    if enough:
        return min(enough, key=lambda c: c.gates * math.sqrt(c.members + c.extras + 1))
    return min(choices, key=lambda c: c.extras)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Some rows, and the scores they expect by the keys' moments, row i in units of 2^exponent[i] (any size fits)."""

    Q: Floats
    tau: Floats | None
    n: int
    exponent: Integers
    mean: Floats
    spread: Floats
    level: Floats  # the threshold, or where the k best are expected to begin
    promised: NDArray[np.bool_]  # tau >= 2 log n


class _Moments(NamedTuple):
    """Of n keys in units of 2^exponent."""

    n: int
    exponent: int
    mean: Floats
    covariance: Floats


def _moments(K: Floats) -> _Moments:
    exponent = exponent_of(K)
    keys = np.ldexp(K, -exponent)
    return _Moments(len(K), exponent, keys.mean(axis=0), np.atleast_2d(np.cov(keys.T, ddof=0)))


def _kept_moments(kept: Kept) -> _Moments | None:
    """The same from sums, but for rounding; None where these have over- or underflowed."""
    sums, exponent = kept.moments, exponent_of(np.stack([kept.low, kept.high]))
    if abs(exponent) > 400:
        return None
    off = sums.keys / kept.n
    covariance = sums.squares / kept.n - np.outer(off, off)
    return _Moments(kept.n, exponent, np.ldexp(sums.center + off, -exponent), np.ldexp(covariance, -2 * exponent))


def _describe(Q: Floats, moments: _Moments, tau: Floats | None, k: int | None) -> _Rows:
    n, chosen = moments.n, np.linspace(0, len(Q) - 1, min(len(Q), SAMPLE_ROWS)).astype(int)
    Q, tau = Q[chosen], None if tau is None else tau[chosen]
    exponents = np.frexp(np.abs(Q).max(axis=1))[1].astype(np.int64)
    rows, exponent = np.ldexp(Q, -exponents[:, None]), exponents + moments.exponent
    mean = rows @ moments.mean
    spread = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", rows, moments.covariance, rows), 1e-300))
    if tau is None:
        share = min(max((k or 0.5) / n, 1e-9), 1 - 1e-9)
        return _Rows(Q, tau, n, exponent, mean, spread, mean - spread * ndtri(share), np.zeros(len(Q), dtype=bool))
    level = np.array([scaled(float(t), -int(e)) for t, e in zip(tau, exponent, strict=True)])
    return _Rows(Q, tau, n, exponent, mean, spread, level, tau >= 2 * math.log(n))


def _judge(rows: _Rows, keys: KeyCode, bits: int, rank: int | None) -> Precision:
    tau = np.zeros(len(rows.Q)) if rows.tau is None else rows.tau
    codes = [encode_row(keys, q, float(t)) for q, t in zip(rows.Q, tau, strict=True)]
    units = [int(code.exponent - e) for code, e in zip(codes, rows.exponent, strict=True)]
    eps = np.array([scaled(code.margin, unit) for code, unit in zip(codes, units, strict=True)])
    with np.errstate(over="ignore"):  # a threshold beyond every score
        members = rows.n * ndtr((rows.mean - rows.level) / rows.spread)
        marked = rows.n * ndtr((rows.mean - rows.level + eps) / rows.spread)
    # the paper's regime, the rest near 0: beyond half of tau the margin could let all of it in
    marked[rows.promised & (eps >= rows.level / 2)] = rows.n
    width = max(code.full_width if rows.tau is None else code.width for code in codes)
    return Precision(bits, rank, float(members.mean()), float((marked - members).mean()), _gates(keys, rows.n, width))


def _sample(K: Floats) -> Integers:
    """Keys spread evenly and, since they set the steps and the margin, the extreme ones of every column and by norm."""
    if len(K) <= SAMPLE_KEYS:
        return np.arange(len(K))
    centred = K - K.mean(axis=0)
    norms = np.einsum("ij,ij->i", centred, centred)
    extreme = [K.argmin(axis=0), K.argmax(axis=0), np.argpartition(norms, -SAMPLE_KEYS // 8)[-SAMPLE_KEYS // 8 :]]
    return np.unique(np.concatenate([np.arange(0, len(K), len(K) // SAMPLE_KEYS), *extreme]))


def _gates(keys: KeyCode, n: int, width: int) -> float:
    """Gates of one streamed query: half a table and `width` phases per key bit, twice, and the two Fourier changes."""
    return 2 * keys.rank * keys.bits * (n / 2 + width) + width * (width - 1)
