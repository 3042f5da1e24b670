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
from numpy.typing import NDArray

from qattn.classical.boxes import collect, sort_part
from qattn.classical.compiled import compiled
from qattn.classical.exact import UNIT, Floats, Indices

GRID = 2**29  # coordinates are at most this; differences fit in 32 bits, products of differences in 62
BRANCH = 16  # children of a node of the hull tree
Small = NDArray[np.int32]


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


def build(points: Floats, deepest: int = GRID) -> Layers | None:
    """The layers of (n, 2) finite points, or None when there are more than `deepest`.

    Cost: O(n log n) for the sort, then peeling: measured, 0.02, 0.3 and 6 s for 1e4, 1e5 and 1e6 Gaussian points.
    """
    center, step, error, X = _round(points)
    order = np.lexsort((X[:, 1], X[:, 0]))
    X = X[order]
    fresh = np.ones(len(X), dtype=bool)
    fresh[1:] = np.any(X[1:] != X[:-1], axis=1)
    first = np.append(np.flatnonzero(fresh), len(X))
    position, layer = _peel(X[fresh], BRANCH, deepest)
    if not layer.size:
        return None
    count = np.diff(first)[position]
    member = np.concatenate([[0], np.cumsum(count)])
    slots = np.repeat(first[position] - member[:-1], count) + np.arange(len(X))
    vertex = X[fresh][position].astype(np.int32)
    direction, own, catalogue = _cascade(vertex, layer)
    ids = order[slots]
    return Layers(
        points[ids], ids, member.astype(np.int32), vertex, layer, direction, own, catalogue, center, step, error
    )


def query(layers: Layers, Q: Floats, tau: Floats) -> tuple[Indices, Indices]:
    """The points with <Q_i, x> >= tau_i: (ends of the rows, their indices, sorted within each row)."""
    A, T = _integer_queries(layers, Q, tau)
    return collect(
        _query, layers.points, layers.ids, layers.member, layers.vertex, layers.layer, layers.direction, layers.own,
        layers.catalogue, Q, tau, A, T, rows=len(Q),
    )  # fmt: skip


def _round(points: Floats) -> tuple[Floats, Floats, Floats, Indices]:
    """Integers for the points, with the largest error of a coordinate."""
    low, high = points.min(axis=0), points.max(axis=0)
    center = low / 2 + high / 2
    extent = np.maximum(high - center, center - low)
    step = np.where(extent > 2.0**-900, extent / (GRID - 2), 1.0)
    X = np.rint((points - center) / step)
    error = np.abs(points - (center + step * X)).max(axis=0) + 4 * UNIT * (np.abs(center) + 2 * extent)
    return center, step, error, X.astype(np.int64)


def _integer_queries(layers: Layers, Q: Floats, tau: Floats) -> tuple[Indices, Indices]:
    """Integers A, T with A . X >= T for every point of score >= tau (and for some just below it)."""
    weight = Q * layers.step
    sigma = np.abs(weight).max(axis=1) / GRID
    sigma[~(sigma > 2.0**-900)] = 1.0
    A = np.rint(weight / sigma[:, None])
    lost = np.abs(weight - A * sigma[:, None]).sum(axis=1) * GRID + np.abs(Q) @ layers.error
    magnitude = np.abs(tau) + np.abs(Q) @ np.abs(layers.center) + np.abs(weight).sum(axis=1) * GRID
    bound = (tau - Q @ layers.center) / sigma - (lost + 32 * UNIT * magnitude) / sigma
    bound = np.where(np.isnan(bound), -np.inf, bound)
    return A.astype(np.int64), np.clip(np.floor(bound), -(2.0**61), 2.0**61).astype(np.int64)


@compiled
def _turn(X: Indices, a: int, b: int, c: int) -> int:
    """Positive when a, b, c turn left, negative when right, 0 on a line."""
    return (X[b, 0] - X[a, 0]) * (X[c, 1] - X[a, 1]) - (X[b, 1] - X[a, 1]) * (X[c, 0] - X[a, 0])


@compiled
def _extend(X: Indices, chain: Small, start: int, length: int, new: int, side: int) -> int:
    """Append a point to the lower (side 1) or upper (-1) chain at `start`, dropping what it makes concave."""
    while length > 1 and side * _turn(X, chain[start + length - 2], chain[start + length - 1], new) <= 0:
        length -= 1
    chain[start + length] = new
    return length + 1


@compiled
def _chain(
    X: Indices, alive: NDArray[np.bool_], hulls: Small, sizes: Small, level: int, node: int, branch: int, side: int
) -> None:
    """Rebuild one chain of one node of the hull tree from its children."""
    span = branch ** (level + 1)
    start, stop = node * span, min((node + 1) * span, len(X))
    length = 0
    if level == 0:
        for new in range(start, stop):
            if alive[new]:
                length = _extend(X, hulls[0], start, length, new, side)
    else:
        child, width = node * branch, span // branch
        for begin in range(start, stop, width):
            for slot in range(begin, begin + sizes[level - 1, child]):
                length = _extend(X, hulls[level], start, length, hulls[level - 1, slot], side)
            child += 1
    sizes[level, node] = length


@compiled
def _peel(X: Indices, branch: int, deepest: int) -> tuple[Small, Small]:
    """Convex layers of distinct points sorted by x, then y: (points layer by layer, where the layers begin).

    A tree over the sorted points keeps the lower and the upper hull of every node; removing a layer rebuilds the nodes
    above its vertices. Gives up, with an empty second array, when there are more than `deepest` layers.
    """
    n = len(X)
    depth, span = 1, branch
    while span < n:
        span *= branch
        depth += 1
    lower, upper = np.empty((depth, n), np.int32), np.empty((depth, n), np.int32)
    nodes = (n + branch - 1) // branch
    low_size, up_size = np.zeros((depth, nodes), np.int32), np.zeros((depth, nodes), np.int32)
    stale, alive = np.full((depth, nodes), -1, np.int32), np.ones(n, np.bool_)
    for level in range(depth):
        for node in range(nodes):
            _chain(X, alive, lower, low_size, level, node, branch, 1)
            _chain(X, alive, upper, up_size, level, node, branch, -1)
        nodes = (nodes + branch - 1) // branch
    order, begin = np.empty(n, np.int32), np.zeros(n + 1, np.int32)
    taken, count = 0, 0
    while taken < n:
        if count == deepest:
            return order, begin[:0]
        first = taken
        for slot in range(low_size[depth - 1, 0]):
            order[taken] = lower[depth - 1, slot]
            taken += 1
        for slot in range(up_size[depth - 1, 0] - 2, 0, -1):
            order[taken] = upper[depth - 1, slot]
            taken += 1
        count += 1
        begin[count] = taken
        alive[order[first:taken]] = False
        width = 1
        for level in range(depth):
            width *= branch
            for slot in range(first, taken):
                node = order[slot] // width
                if stale[level, node] != count:
                    stale[level, node] = count
                    _chain(X, alive, lower, low_size, level, node, branch, 1)
                    _chain(X, alive, upper, up_size, level, node, branch, -1)
    return order, begin[: count + 1].copy()


@compiled
def _before(ax: int, ay: int, bx: int, by: int) -> bool:
    """Whether direction a comes before b, counter-clockwise from straight down (exclusive)."""
    left, right = ax < 0 or (ax == 0 and ay < 0), bx < 0 or (bx == 0 and by < 0)
    if left != right:
        return right
    return ax * by - ay * bx > 0


@compiled
def _cascade(vertex: Small, layer: Small) -> tuple[Small, Small, Indices]:
    """The catalogues, innermost first in the making: each layer's edges merged with half of the next catalogue."""
    count = len(layer) - 1
    size, total = 0, 0
    for i in range(count - 1, -1, -1):
        size = layer[i + 1] - layer[i] + size // 2
        total += size + 1
    direction, own, catalogue = np.zeros((total, 2), np.int32), np.empty(total, np.int32), np.empty(count + 1, np.int64)
    catalogue[count] = total
    inner, inner_size, end = total, 0, total
    for i in range(count - 1, -1, -1):
        base, h = layer[i], layer[i + 1] - layer[i]
        size = h + inner_size // 2
        end = inner
        begin = end - size - 1
        edge, sample = 0, 0
        for slot in range(begin, end - 1):
            pick = edge < h
            ex, ey, sx, sy = 0, 0, 0, 0
            if pick:
                after = base + (edge + 1) % h
                ex, ey = (
                    np.int64(vertex[after, 0]) - vertex[base + edge, 0],
                    np.int64(vertex[after, 1]) - vertex[base + edge, 1],
                )
            if 2 * sample + 1 < inner_size:
                sx, sy = np.int64(direction[inner + 2 * sample + 1, 0]), np.int64(direction[inner + 2 * sample + 1, 1])
                pick = pick and not _before(sx, sy, ex, ey)
            own[slot] = edge
            if pick:
                direction[slot, 0], direction[slot, 1] = ex, ey
                edge += 1
            else:
                direction[slot, 0], direction[slot, 1] = sx, sy
                sample += 1
        own[end - 1] = edge
        catalogue[i] = begin
        inner, inner_size = begin, size
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
    Q: Floats,
    tau: Floats,
    A: Indices,
    T: Indices,
    ends: Indices,
    found: Indices,
    first: int,
    total: int,
) -> tuple[int, int]:
    """Answer the rows from `first` on; returns (rows answered, indices found) when done or when `found` is full."""
    for row in range(first, len(Q)):
        begin, ax, ay, limit = total, A[row, 0], A[row, 1], T[row]
        qx, qy, tau_row = Q[row, 0], Q[row, 1], tau[row]
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
            if ax * vertex[extreme, 0] + ay * vertex[extreme, 1] < limit:
                break
            s, seen, stride = extreme, 0, 1
            while seen < end - base:
                if ax * vertex[s, 0] + ay * vertex[s, 1] >= limit:
                    seen += 1
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
