"""Which rows want the same keys, as far as the keys' mean and covariance tell: no row is scored for it.

Over the keys, the scores of two rows q and p have the correlation q' C p / sqrt(q' C q p' C p), C the covariance of
the keys. Rows of high correlation have their large scores at the same keys, so that the union of their sets is small.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr, ndtri

from qattn.arrays import Floats, Integers
from qattn.encoding.keys import exponent_of

Groups = tuple[tuple[int, ...], ...]

GAIN = 0.05  # of correlation, for which rows are taken out of their order
MOST = 0.995  # correlation assumed at most: rows are never the same


def directions(Q: Floats, K: Floats) -> Floats:
    """(n_q, d) unit vectors whose inner products are the correlations of the rows' scores; 0 for a constant score.

    Args:
        Q: (n_q, d) rows.
        K: (n, d) keys.

    Returns:
        (n_q, d) floats, each row of norm 1 or 0.

    Cost: O((n + n_q) d^2).
    """
    rows = np.ldexp(Q, -np.frexp(np.abs(Q).max(axis=1))[1].astype(np.int64)[:, None])
    covariance = np.atleast_2d(np.cov(np.ldexp(K, -exponent_of(K)).T, ddof=0))
    values, axes = np.linalg.eigh(covariance)
    spread = rows @ axes * np.sqrt(np.maximum(values, 0))
    length = np.sqrt(np.sum(spread**2, axis=1, keepdims=True))
    return np.asarray(np.divide(spread, length, out=np.zeros_like(spread), where=length > 1e-12))


def groups(unit: Floats, visible: Integers, size: int) -> Groups:
    """All rows in as few groups of at most `size` as there can be, of about one size, alike ones together.

    Rows stay in their order, by how many keys they see, where another order would not make the groups more alike; rows
    that see the same keys may be put in another.

    Args:
        unit: their `directions`.
        visible: how many keys each row sees.
        size: most rows of a group.

    Returns:
        Row numbers, group by group.

    Cost: O(n_q d^2 log(n_q / size)).
    """
    size = -(-len(visible) // -(-len(visible) // size))
    order = np.argsort(visible, kind="stable")
    plain = [order[i : i + size] for i in range(0, len(order), size)]
    chosen = plain
    if size > 1 and len(plain) > 1 and visible.min() == visible.max():
        alike = _split(unit, order, size)
        if correlation(unit, alike) > correlation(unit, plain) + GAIN:
            chosen = sorted(alike, key=lambda rows: int(rows[0]))
    return tuple(tuple(int(i) for i in rows) for rows in chosen)


def correlation(unit: Floats, chosen: list[Integers] | Groups) -> float:
    """The mean correlation of two rows of the same group; 1 where no group has two.

    Args:
        unit: (n_q, d) the rows' `directions`.
        chosen: row numbers, group by group.

    Returns:
        -1 to 1.
    """
    total, pairs = 0.0, 0
    for rows in chosen:
        together = unit[list(rows)]
        total += float(np.sum(together.sum(axis=0) ** 2) - np.sum(together**2))
        pairs += len(rows) * (len(rows) - 1)
    return total / pairs if pairs else 1.0


def expected_union(n: int, k: float, size: int, alike: float) -> float:
    """How many of n keys are among the k best of any of `size` rows, were scores Gaussian and equally correlated.

    With scores sqrt(c) z + sqrt(1 - c) e_r, z common and all normal, no row has a key above x with probability
    E_z[Phi((x - sqrt(c) z) / sqrt(1 - c))^size].

    Args:
        n: keys.
        k: of each row.
        size: rows.
        alike: their mean correlation c; below 0 it counts as 0.

    Returns:
        k to n.
    """
    if k <= 0 or size == 1:
        return max(k, 0.0)
    c = min(max(alike, 0.0), MOST)
    level = ndtri(1 - min(k / n, 1 - 1e-12))
    z = np.linspace(-8, 8, 801)
    weight = np.exp(-(z**2) / 2)
    above = -np.expm1(size * np.log(np.maximum(ndtr((level - math.sqrt(c) * z) / math.sqrt(1 - c)), 1e-300)))
    return float(min(n * (above @ weight) / weight.sum(), n, size * k))


def _split(unit: Floats, rows: Integers, size: int) -> list[Integers]:
    """Halve along the direction in which the rows differ most, until there are `size` or fewer left."""
    count = -(-len(rows) // size)
    if count == 1:
        return [np.sort(rows)]
    centred = unit[rows] - unit[rows].mean(axis=0)
    axis = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    order = rows[np.argsort(centred @ (axis * np.sign(axis[np.abs(axis).argmax()])), kind="stable")]
    half = (count // 2) * size
    return _split(unit, order[:half], size) + _split(unit, order[half:], size)
