"""How far a sum over keys drawn without repetition may be from its mean: finite-sample bounds, no normal approximation.

A population is N vectors x_1 .. x_N of a Euclidean space; m of them are drawn uniformly, each at most once. Their sum
is S, the population's mean mu, q = (1/N) sum |x_j|^2, and |x_j| <= b for every j.

**Deviation.** For 0 < m < N and l = min(m, N - m),

    P(|S - m mu| >= t) <= 2 exp(-(v / a^2) h(a t / v)),   h(u) = (1 + u) log(1 + u) - u,
    v = N q (N - l)^2 / 2 (1 / (N - l - 1/2)^2 - 1 / (N - 1/2)^2),   a = b + sqrt(N q / (N - l + 1)).

Proof. The keys left out are a uniform draw of N - m whose sum is off by the same distance, so let m = l. Let mu_k be
the mean of the N - k vectors left after k draws. M_k = mu - mu_k = (S_k - k mu) / (N - k) is a martingale, whose
difference is d_k = (X_k - mu_{k-1}) / (N - k). X_k is uniform on the N - k + 1 vectors left before it, whose squares
sum to at most N q: so E |d_k|^2 <= N q / ((N - k + 1) (N - k)^2). Summed over k <= l this is at most v / (N - l)^2,
since 1 / ((j + 1) j^2) <= 1 / j^3 <= (1 / (j - 1/2)^2 - 1 / (j + 1/2)^2) / 2. And |mu_{k-1}|^2 <= N q / (N - k + 1),
so |d_k| <= a / (N - l). Theorem 3.4 of Pinelis (Annals of Probability 22, 1994; a Hilbert space has D = 1) is then the
claim for (N - l) |M_l| = |S_l - l mu|. (With l = m alone this is Serfling's correction; the second half is that of
Bardenet and Maillard, Bernoulli 21, 2015.)

**Second moment.** For numbers 0 <= y_j <= B with mean q, of which m are drawn and have the mean y,

    P(q > u) <= exp(-L),   u the largest number with m kl(y / B, u / B) <= L,

kl the relative entropy of two coins: Hoeffding's Theorem 1 (JASA 58, 1963) for the lower tail, which his Section 6
carries over to draws without repetition. And N q <= m y + (N - m) B without any chance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import lambertw, rel_entr

from qattn.arrays import Floats

STEPS = 30  # halvings of an interval of numbers from 0 to 1; its upper end is returned


def deviation(N: ArrayLike, m: ArrayLike, square: ArrayLike, reach: ArrayLike, log_chance: float) -> Floats:
    """What |S - m mu| exceeds with probability at most exp(-log_chance); 0 where all are drawn.

    Args:
        N: population.
        m: how many are drawn, 1 to N; broadcasts with the others.
        square: an upper bound on q, the mean of |x_j|^2.
        reach: an upper bound on every |x_j|.
        log_chance: -log of the probability allowed.

    Returns:
        t of the module's docstring.

    Example:
        >>> deviation(1000.0, 100.0, 1.0, 3.0, np.log(100)).round(1).tolist()  # |S| itself is about 10
        38.3
    """
    N, m, square, reach = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (N, m, square, reach)))
    some = (m < N) & (square > 0)
    N, fewer = np.where(some, N, 2.0), np.where(some, np.minimum(m, N - m), 1.0)
    left = N - fewer
    v = N * np.where(some, square, 1.0) * left**2 / 2 * (1 / (left - 0.5) ** 2 - 1 / (N - 0.5) ** 2)
    a = np.where(some, reach + np.sqrt(N * square / (left + 1)), 1.0)
    y = np.maximum((log_chance + np.log(2)) * a**2 / v, 1e-12)  # h(u) = y; below, u = sqrt(2 y) is as good as it gets
    u = np.expm1(1 + lambertw((y - 1) / np.e).real)
    u = np.where(y < 1e-6, np.sqrt(2 * y) + y, u)  # h(sqrt(2 y) + y) >= y, and near its branch lambertw loses digits
    return np.where(some, u * v / a, 0.0)


def largest_mean(N: ArrayLike, m: ArrayLike, mean: ArrayLike, reach: ArrayLike, log_chance: float) -> Floats:
    """What the mean of a population of numbers in [0, reach] exceeds with probability at most exp(-log_chance).

    Args:
        N: population.
        m: how many are drawn, at least 1; broadcasts with the others.
        mean: of those drawn.
        reach: an upper bound on every number.
        log_chance: -log of the probability allowed.

    Returns:
        u of the module's docstring.

    Example:
        >>> largest_mean(1000.0, 100.0, 0.0, 1.0, np.log(100)).round(4).tolist()  # 1 - .01^(1/100)
        0.045
    """
    N, m, mean, reach = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (N, m, mean, reach)))
    top = np.where(reach > 0, reach, 1.0)
    share = np.clip(mean / top, 0.0, 1.0)
    low, high = share.copy(), np.ones_like(share)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(STEPS):
            middle = (low + high) / 2
            inside = m * (rel_entr(share, middle) + rel_entr(1 - share, 1 - middle)) <= log_chance
            low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.asarray(np.minimum(high * reach, (m * mean + (N - m) * reach) / N))
