"""Convex layers of integer points, peeled one after another. Needs numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Indices, compiled

Small = NDArray[np.int32]
BRANCH = 8  # children of a node of the hull tree


@compiled
def _turn(X: Indices, a: int, b: int, c: int) -> int:
    """Positive when a, b, c turn left, negative when right, 0 on a line."""
    turn: int = (X[b, 0] - X[a, 0]) * (X[c, 1] - X[a, 1]) - (X[b, 1] - X[a, 1]) * (X[c, 0] - X[a, 0])
    return turn


@compiled
def _extend(X: Indices, chain: Small, start: int, length: int, new: int, side: int) -> int:
    """Append a point to the lower (side 1) or upper (-1) chain at `start`, dropping what it makes concave."""
    while length > 1 and side * _turn(X, chain[start + length - 2], chain[start + length - 1], new) <= 0:
        length -= 1
    chain[start + length] = new
    return length + 1


@compiled
def _chain(X: Indices, alive: NDArray[np.bool_], hulls: Small, sizes: Small, level: int, node: int, side: int) -> None:
    """Rebuild one chain of one node of the hull tree from its children."""
    span = BRANCH ** (level + 1)
    start, stop = node * span, min((node + 1) * span, len(X))
    length = 0
    if level == 0:
        for new in range(start, stop):
            if alive[new]:
                length = _extend(X, hulls[0], start, length, new, side)
    else:
        child, width = node * BRANCH, span // BRANCH
        for begin in range(start, stop, width):
            for slot in range(begin, begin + sizes[level - 1, child]):
                length = _extend(X, hulls[level], start, length, hulls[level - 1, slot], side)
            child += 1
    sizes[level, node] = length


@compiled
def peel(X: Indices) -> tuple[Small, Small]:
    """Convex layers of distinct points, peeled one after another from outside.

    A tree over the sorted points keeps the lower and the upper hull of every node; removing a layer rebuilds the nodes
    above its vertices.

    Args:
        X: (n, 2) different integer points sorted by x, then y.

    Returns:
        The points' numbers layer by layer, and (layers + 1,) where each layer begins.
    """
    n = len(X)
    depth, span = 1, BRANCH
    while span < n:
        span *= BRANCH
        depth += 1
    lower, upper = np.empty((depth, n), np.int32), np.empty((depth, n), np.int32)
    nodes = (n + BRANCH - 1) // BRANCH
    low_size, up_size = np.zeros((depth, nodes), np.int32), np.zeros((depth, nodes), np.int32)
    stale, alive = np.full((depth, nodes), -1, np.int32), np.ones(n, np.bool_)
    for level in range(depth):
        for node in range(nodes):
            _chain(X, alive, lower, low_size, level, node, 1)
            _chain(X, alive, upper, up_size, level, node, -1)
        nodes = (nodes + BRANCH - 1) // BRANCH
    order, begin = np.empty(n, np.int32), np.zeros(n + 1, np.int32)
    taken, count = 0, 0
    while taken < n:
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
            width *= BRANCH
            for slot in range(first, taken):
                node = order[slot] // width
                if stale[level, node] != count:
                    stale[level, node] = count
                    _chain(X, alive, lower, low_size, level, node, 1)
                    _chain(X, alive, upper, up_size, level, node, -1)
    return order, begin[: count + 1].copy()
