"""How many bits and components to encode: what the circuit costs against what the extras cost.

Fewer bits and components make a cheaper circuit and a wider margin, hence more extras: marked keys below tau that the
search has to find and reject. The extras are predicted from the keys' mean and covariance alone (scores as Gaussian),
so that choosing costs no evaluation; at tau >= 2 log n (Theorem 1.3) the margin stays below tau / 2 as well, which
leaves none where the rest is at most 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from qattn.encoding.keys import KeyCode, default_bits, encode_keys, encode_row

Floats = NDArray[np.float64]

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

    @property
    def words(self) -> str:
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
    rank: int | None = None,
) -> Precision:
    """The cheapest encoding, by gates x sqrt(marked), whose expected extras do not outnumber the expected members.

    Args:
        Q: (n_q, d) rows, scale included.
        K: (n, d) keys.
        tau: (n_q,) thresholds, or None for top-k.
        k: keys per row when tau is None.
        bits: fixed by the user, or None.
        rank: fixed by the user, or None (which lets it be chosen).

    Returns:
        The choice; where no encoding satisfies the rule, the one with the fewest extras.

    Cost: O((SAMPLE_KEYS + n_q) d^2) per candidate, no evaluations; the keys themselves only through their moments.
    """
    d = K.shape[1]
    if bits is None and rank is None and np.all(np.rint(K) == K) and np.all(np.rint(Q) == Q) and np.abs(K).max() <= 128:
        return _judge(Q, K, tau, k, default_bits(K), None)  # small integers: exact, margin 0
    widths = range(2, 11) if bits is None else [bits]
    ranks = sorted({r for r in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64) if r < d}) if rank is None else [rank]
    choices = [_judge(Q, K, tau, k, b, r) for b in widths for r in [*ranks, *([None] if rank is None else [])]]
    enough = [c for c in choices if c.extras <= max(1.0, c.members)]
    if enough:
        return min(enough, key=lambda c: c.gates * math.sqrt(c.members + c.extras + 1))
    return min(choices, key=lambda c: c.extras)


def _judge(Q: Floats, K: Floats, tau: Floats | None, k: int | None, bits: int, rank: int | None) -> Precision:
    n = len(K)
    keys = encode_keys(K[_sample(K)], bits, rank=rank, Q=Q if rank is not None else None)
    rows = np.linspace(0, len(Q) - 1, min(len(Q), SAMPLE_ROWS)).astype(int)
    mean = Q[rows] @ K.mean(axis=0)
    spread = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", Q[rows], np.atleast_2d(np.cov(K.T, ddof=0)), Q[rows]), 1e-300))
    share = min(max((k or 0.5) / n, 1e-9), 1 - 1e-9)
    levels = mean - spread * ndtri(share) if tau is None else tau[rows]
    codes = [encode_row(keys, Q[i], float(level)) for i, level in zip(rows, levels, strict=True)]
    eps = np.array([code.eps for code in codes])
    members = n * ndtr((mean - levels) / spread)
    marked = n * ndtr((mean - levels + eps) / spread)
    if tau is not None:  # the paper's regime, the rest near 0: beyond half of tau the margin could let all of it in
        marked[(levels >= 2 * math.log(n)) & (eps >= levels / 2)] = n
    width = max(code.full_width if tau is None else code.width for code in codes)
    return Precision(bits, rank, float(members.mean()), float((marked - members).mean()), _gates(keys, n, width))


def _sample(K: Floats) -> NDArray[np.int64]:
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
