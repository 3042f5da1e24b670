"""Half-space queries by matrix products: what no structure beats once d is large, and needs no compiler.

Scores come from float32 products, tile by tile in the cache, with a proven bound on their error; the few candidates
within or above it are decided by their true scores.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Floats, Indices
from qattn.scores import scores_at

Narrow = NDArray[np.float32]
Hits = Callable[[Narrow, Narrow], Indices]

ROWS, COLUMNS = 128, 2048  # a tile of the score matrix: 1 MiB of float32
UNIT32 = 2.0**-24


@dataclass(frozen=True, eq=False)
class Products:
    """The points twice: as given, and in float32 after division by 2^exponent, so that the largest is at most 1.

    Attributes:
        points: (n, d) as given.
        narrow: (n, d) scaled and rounded.
        exponent: the power of two taken out.
        hits: finds the entries of a tile at or above their row's limit.
    """

    points: Floats
    narrow: Narrow
    exponent: int
    hits: Hits


def build(points: Floats) -> Products:
    """The float32 copy of (n, d) finite points; O(nd)."""
    exponent = int(np.frexp(np.abs(points).max(initial=0.0))[1])
    hits = _compiled_hits() if len(points) > COLUMNS else _numpy_hits
    return Products(points, np.ldexp(points, -exponent).astype(np.float32), exponent, hits)


def query(products: Products, Q: Floats, tau: Floats) -> tuple[Indices, Indices]:
    """The points with <Q_i, x> >= tau_i: (ends of the rows, their indices, sorted within each row).

    Args:
        products: what `build` made.
        Q: (m, d) normals.
        tau: (m,) offsets.

    Returns:
        (m,) ends of the rows; the indices of row after row, sorted within each.
    """
    counts, found = np.zeros(len(Q), np.int64), [np.empty(0, np.int64)]
    for start in range(0, len(Q), ROWS):
        block = slice(start, start + ROWS)
        rows, columns = _candidates(products, Q[block], tau[block])
        reached = scores_at(Q[block], rows, products.points, columns) >= tau[block][rows]
        rows, columns = rows[reached], columns[reached]
        order = np.argsort(rows, kind="stable")  # the tiles come by rising columns
        found.append(columns[order])
        counts[block] = np.bincount(rows, minlength=len(Q[block]))
    return np.cumsum(counts), np.concatenate(found)


def _candidates(products: Products, Q: Floats, tau: Floats) -> tuple[Indices, Indices]:
    """Pairs (row, point), tile by tile, among which are all that reach the threshold.

    With q and x scaled to at most 1 and rounded to float32, a product in any order of summation is within
    (d + 4) UNIT32 |q|_1 of the exact scaled score, or d 2^-120 where it underflows; the float64 score itself adds less
    than one unit, or d 2^-1074 where that underflows.
    """
    d = Q.shape[1]
    exponent = np.frexp(np.abs(Q).max(axis=1))[1]
    scaled = np.ldexp(Q, -exponent[:, None])
    slack = (d + 8) * UNIT32 * np.abs(scaled).sum(axis=1) + d * 2.0**-120
    with np.errstate(over="ignore"):
        slack += np.ldexp(float(d), -1070 - exponent - products.exponent)
    slack[exponent + products.exponent + np.log2(d) > 1000] = np.inf  # close to overflow nothing is ruled out
    with np.errstate(over="ignore", invalid="ignore"):
        limit = np.nan_to_num(np.ldexp(tau, -exponent - products.exponent) - slack, nan=-np.inf)
        limit = np.nextafter(limit.astype(np.float32), np.float32(-np.inf))
    narrow = scaled.astype(np.float32)
    tile = np.empty(len(Q) * COLUMNS, np.float32)
    rows, columns = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, len(products.narrow), COLUMNS):
        part = products.narrow[start : start + COLUMNS]
        product = tile[: len(Q) * len(part)].reshape(len(Q), len(part))
        np.matmul(narrow, part.T, out=product)
        row, column = np.divmod(products.hits(product, limit), len(part))
        rows.append(row)
        columns.append(column + start)
    return np.concatenate(rows), np.concatenate(columns)


def _numpy_hits(tile: Narrow, limit: Narrow) -> Indices:
    """Flat positions of the entries that are at least the limit of their row."""
    return np.flatnonzero(tile >= limit[:, None])


def _compiled_hits() -> Hits:
    """The same four times as fast: sixty-four entries are compared at once before any is looked at."""
    from qattn.classical import kernels

    place = np.empty(ROWS * COLUMNS, np.int64)
    return lambda tile, limit: place[: kernels.hits(tile, limit, place)].copy()
