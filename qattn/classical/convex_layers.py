"""Convex layers of points in the plane: a half-plane's k points in O(log n + k).

The points are rounded to integers of 29 bits, so that every turn and every comparison of directions is exact in 64-bit
arithmetic; what the rounding can hide is a margin on the threshold, and each candidate's true score decides. Layer 0 is
the convex hull of all points, layer 1 the hull of what remains, and so on. The points of a layer beyond a line are
consecutive around its extreme vertex, and a layer with none beyond it has none inside it either. The extreme vertex is
found once by binary search among the edge directions of layer 0 and handed from layer to layer by fractional cascading.

Source: Chazelle, Guibas, Lee, "The power of geometric duality", BIT 25 (1985). Needs numba.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qattn.arrays import Floats, Indices, compiled
from qattn.classical.kd_tree import collect, sort_part
from qattn.classical.peeling import Small, peel
from qattn.scores import UNIT

GRID = 2**29  # coordinates are at most this; differences fit in 32 bits, products of differences in 62


@dataclass(frozen=True, eq=False)
class Layers:
    """The structure: O(n) numbers.

    Attributes:
        points: (n, 2) the points, layer by layer, each layer counter-clockwise from its leftmost vertex.
        ids: (n,) their original indices.
        member: (v + 1,) points member[s] .. member[s + 1] - 1 share the vertex s (equal after rounding).
        vertex: (v, 2) integer coordinates.
        layer: (L + 1,) vertices layer[i] .. layer[i + 1] - 1 form layer i.
        direction: (c, 2) the catalogues: edge directions of layer i merged with every second entry of catalogue i + 1.
        own: (c,) how many entries before this one in the catalogue are edges of layer i itself.
        catalogue: (L + 1,) entries of catalogue i, each closed by a sentinel.
        center: (2,) the point at integer 0.
        step: (2,) size of one unit.
        error: (2,) largest distance of a coordinate from the one its integer stands for.
    """

    points: Floats
    ids: Indices
    member: Small
    vertex: Small
    layer: Small
    direction: Small
    own: Small
    catalogue: Indices
    center: Floats
    step: Floats
    error: Floats


def build(points: Floats) -> Layers:
    """The layers of (n, 2) finite points.

    Args:
        points: (n, 2) finite points.

    Returns:
        The structure that `query` takes.

    Cost: O(n log n) for the sort, then peeling: measured, 0.02, 0.3 and 5 s for 1e4, 1e5 and 1e6 Gaussian points.
    """
    center, step, error, X = _round(points)
    order = np.lexsort((X[:, 1], X[:, 0]))
    X = X[order]
    fresh = np.ones(len(X), dtype=bool)
    fresh[1:] = np.any(X[1:] != X[:-1], axis=1)
    first = np.append(np.flatnonzero(fresh), len(X))
    position, layer = peel(X[fresh])
    count = np.diff(first)[position]
    member = np.concatenate([[0], np.cumsum(count)])
    slots = np.repeat(first[position] - member[:-1], count) + np.arange(len(X))
    vertex = X[fresh][position].astype(np.int32)
    after = np.arange(1, len(vertex) + 1)
    after[layer[1:] - 1] = layer[:-1]
    direction, own, catalogue = _cascade(vertex[after] - vertex, layer)
    ids = order[slots]
    return Layers(
        points[ids], ids, member.astype(np.int32), vertex, layer, direction, own, catalogue, center, step, error
    )


def query(layers: Layers, Q: Floats, tau: Floats) -> tuple[Indices, Indices, Indices]:
    """The points with <Q_i, x> >= tau_i, decided on their float64 scores.

    An evaluation is a vertex tried against the line in integers, or a point's score.

    Args:
        layers: what `build` made.
        Q: (m, 2) normals.
        tau: (m,) offsets.

    Returns:
        (m,) ends of the rows; the indices of row after row, sorted within each; (m,) evaluations.
    """
    spent = np.zeros(len(Q), np.int64)
    ends, found = collect(
        _query, layers.points, layers.ids, layers.member, layers.vertex, layers.layer, layers.direction, layers.own,
        layers.catalogue, layers.center, layers.step, layers.error, Q, tau, spent, rows=len(Q),
    )  # fmt: skip
    return ends, found, spent


def _round(points: Floats) -> tuple[Floats, Floats, Floats, Indices]:
    """Integers for the points, with the largest error of a coordinate."""
    low, high = points.min(axis=0), points.max(axis=0)
    center = low / 2 + high / 2
    extent = np.maximum(high - center, center - low)
    step = np.where(extent > 2.0**-900, extent / (GRID - 2), 1.0)
    X = np.rint((points - center) / step)
    error = np.abs(points - (center + step * X)).max(axis=0) + 4 * UNIT * (np.abs(center) + 2 * extent)
    return center, step, error, X.astype(np.int64)


@compiled
def _integers(qx: float, qy: float, tau: float, center: Floats, step: Floats, error: Floats) -> tuple[int, int, int]:
    """Integers (A_x, A_y, T) with A . X >= T for every point of score >= tau, and for some just below it."""
    wx, wy = qx * step[0], qy * step[1]
    sigma = max(abs(wx), abs(wy)) / GRID
    if sigma < 2.0**-900:
        sigma = 1.0
    magnitude = abs(tau) + abs(qx * center[0]) + abs(qy * center[1]) + (abs(wx) + abs(wy)) * GRID
    if not magnitude < 2.0**1000:  # close to overflow nothing is ruled out
        return 0, 0, -(2**61)
    ax, ay = np.rint(wx / sigma), np.rint(wy / sigma)
    lost = (abs(wx - ax * sigma) + abs(wy - ay * sigma)) * GRID + abs(qx) * error[0] + abs(qy) * error[1]
    bound = tau - qx * center[0] - qy * center[1] - lost - 32 * UNIT * magnitude - 2.0**-1060
    return int(ax), int(ay), int(np.floor(min(max(bound / sigma, -(2.0**61)), 2.0**61)))


@compiled
def _before(ax: int, ay: int, bx: int, by: int) -> bool:
    """Whether direction a comes before b, counter-clockwise from straight down (exclusive)."""
    left, right = ax < 0 or (ax == 0 and ay < 0), bx < 0 or (bx == 0 and by < 0)
    if left != right:
        return right
    return ax * by - ay * bx > 0


@compiled
def _cascade(edges: Small, layer: Small) -> tuple[Small, Small, Indices]:
    """The catalogues, from the innermost outwards: each layer's edges merged with half of the next catalogue."""
    count = len(layer) - 1
    size, total = 0, 0
    for i in range(count - 1, -1, -1):
        size = int(layer[i + 1] - layer[i]) + size // 2
        total += size + 1
    direction, own, catalogue = np.zeros((total, 2), np.int32), np.empty(total, np.int32), np.empty(count + 1, np.int64)
    catalogue[count] = inner = total  # the catalogue below begins at `inner` and has `size` entries
    size = 0
    for i in range(count - 1, -1, -1):
        base, h = layer[i], layer[i + 1] - layer[i]
        begin = inner - 1 - h - size // 2
        edge, sample = 0, 1
        for slot in range(begin, inner - 1):
            own[slot] = edge
            e, s = base + edge, inner + sample
            later = edge == h or (sample < size and _before(direction[s, 0], direction[s, 1], edges[e, 0], edges[e, 1]))
            if later:
                direction[slot] = direction[s]
                sample += 2
            else:
                direction[slot] = edges[e]
                edge += 1
        own[inner - 1] = edge
        size = inner - 1 - begin
        catalogue[i] = inner = begin
    return direction, own, catalogue


@compiled
def _query(
    points: Floats,
    ids: Indices,
    member: Small,
    vertex: Small,
    layer: Small,
    direction: Small,
    own: Small,
    catalogue: Indices,
    center: Floats,
    step: Floats,
    error: Floats,
    Q: Floats,
    tau: Floats,
    spent: Indices,
    ends: Indices,
    found: Indices,
    first: int,
    total: int,
) -> tuple[int, int]:
    """Answer the rows from `first` on; returns (rows answered, indices found) when done or when `found` is full."""
    for row in range(first, len(Q)):
        begin, qx, qy, tau_row = total, Q[row, 0], Q[row, 1], tau[row]
        ax, ay, limit = _integers(qx, qy, tau_row, center, step, error)
        spent[row] = 0
        edges, place, top = 0, 0, catalogue[1] - catalogue[0] - 1
        while place < top:  # how many entries of catalogue 0 come before the direction (-ay, ax)
            middle = (place + top) // 2
            if _before(direction[middle, 0], direction[middle, 1], -ay, ax):
                place = middle + 1
            else:
                top = middle
        for i in range(len(layer) - 1):
            if i:
                place = 2 * (place - edges)
                entry = catalogue[i] + place
                if entry < catalogue[i + 1] - 1 and _before(direction[entry, 0], direction[entry, 1], -ay, ax):
                    place += 1
            edges = own[catalogue[i] + place]
            base, end = layer[i], layer[i + 1]
            extreme = base + edges if base + edges < end else base
            spent[row] += 1
            if ax * vertex[extreme, 0] + ay * vertex[extreme, 1] < limit:
                break
            s, seen, stride = extreme, 0, 1
            while seen < end - base:
                spent[row] += 1
                if ax * vertex[s, 0] + ay * vertex[s, 1] >= limit:
                    seen += 1
                    spent[row] += member[s + 1] - member[s]
                    for p in range(member[s], member[s + 1]):
                        if qx * points[p, 0] + qy * points[p, 1] >= tau_row:
                            if total == len(found):
                                return row, begin
                            found[total] = ids[p]
                            total += 1
                elif stride == 1:
                    s, stride = extreme, -1
                else:
                    break
                s += stride
                if s == end:
                    s = base
                elif s < base:
                    s = end - 1
        sort_part(found, begin, total)
        ends[row] = total
    return len(Q), total
