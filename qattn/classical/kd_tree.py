"""A wide tree of bounding boxes for half-space queries in a few dimensions.

Points are split at the median of their widest coordinate down to leaves of at most 16; eight neighbouring boxes make a
node, stored coordinate by coordinate so that one vector instruction treats all eight. A box is visited unless

- its corner furthest along q scores below the offset. No tolerance is needed: rounding is monotone, so this score,
  added up in the order of `qattn.scores.scores`, is at least that of every point inside, bit for bit;
- or it lies outside the ball around the cap that the hyperplane cuts off: with all points of the box within R of the
  center o, those beyond the plane at distance h from o, foot point f, have |x - f|^2 <= R^2 - h^2. This is what makes
  points near a sphere cheap: a box there sticks out of the sphere by more than a thin cap is high. Here rounding gets a
  margin.

O(n) numbers. Needs numba.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Floats, Indices, compiled

LEAF = 16  # points in a leaf
FAN = 8  # boxes in a node
MARGIN = 1e-12  # relative, for the distances; a thousand times their rounding errors


@dataclass(frozen=True, eq=False)
class Boxes:
    """The tree, level by level from the root; node i of a level has the children 8i .. 8i + 7 of the next.

    Attributes:
        leaves: (leaf, d, 16) coordinates, NaN where a leaf has fewer points.
        ids: (leaf, 16) original indices.
        corners: (node, 2, d, 8) lower and upper corners of each node's children.
        reach: (node, 8) largest squared distance of a child's points from the center, rounded up.
        center: (d,) the mean of the points.
        level: (levels + 1,) where the nodes of each level begin.
        children: (levels,) how many boxes the nodes of each level hold in all.
    """

    leaves: Floats
    ids: Indices
    corners: Floats
    reach: Floats
    center: Floats
    level: Indices
    children: Indices


def build(points: Floats) -> Boxes:
    """The tree over (n, d) finite points. Cost: O(d n log n) time, O(d n) memory."""
    n, d = points.shape
    halvings = max(0, int(np.ceil(np.log2(n / LEAF))))
    order = _split(points, halvings)
    begin = np.arange((1 << halvings) + 1) * n >> halvings
    slot = begin[:-1, None] + np.arange(LEAF)
    used = slot < begin[1:, None]
    ids = order[np.minimum(slot, n - 1)]
    leaves = np.where(used[..., None], points[ids], np.nan).transpose(0, 2, 1).copy()
    center = points.mean(axis=0)
    low, high = np.nanmin(leaves, axis=2), np.nanmax(leaves, axis=2)
    far = np.nanmax(np.sum((leaves - center[:, None]) ** 2, axis=1), axis=1)
    far += MARGIN * (far + np.sum(center**2))
    corners: list[Floats] = []
    reach: list[Floats] = []
    children: list[int] = []
    while not corners or len(corners[0]) > 1:
        children.insert(0, len(low))
        spare = (0, -len(low) % FAN)
        low, high = (np.pad(side, (spare, (0, 0)), mode="edge").reshape(-1, FAN, d) for side in (low, high))
        far = np.pad(far, spare, mode="edge").reshape(-1, FAN)
        corners.insert(0, np.stack([low, high], axis=1).transpose(0, 1, 3, 2))
        reach.insert(0, far)
        low, high, far = low.min(axis=1), high.max(axis=1), far.max(axis=1)
    level = np.cumsum([0, *map(len, corners)])
    return Boxes(
        leaves, ids, np.ascontiguousarray(np.concatenate(corners)), np.concatenate(reach), center, level,
        np.array(children),
    )  # fmt: skip


def query(tree: Boxes, Q: Floats, tau: Floats, budget: int) -> tuple[Indices, Indices, Indices, Indices]:
    """The points with <Q_i, x> >= tau_i.

    Args:
        tree: what `build` made.
        Q: (m, d) normals.
        tau: (m,) offsets.
        budget: nodes and leaves after which a row is given up.

    Returns:
        The ends of the rows, their indices (sorted within each row), the evaluations of each row (eight corners a node,
        sixteen points a leaf), and the rows given up, without indices, because they visited more than `budget` nodes
        and leaves.
    """
    given_up, spent = np.zeros(len(Q), np.bool_), np.zeros(len(Q), np.int64)
    parts = (tree.leaves, tree.ids, tree.corners, tree.reach, tree.center, tree.level, tree.children)
    ends, found = collect(_query, *parts, Q, tau, budget, given_up, spent, rows=len(Q))
    return ends, found, spent, np.flatnonzero(given_up)


def collect(kernel: Callable[..., tuple[int, int]], *arguments: object, rows: int) -> tuple[Indices, Indices]:
    """Run a reporting kernel to its end, with a longer array whenever it comes back early.

    Args:
        kernel: called with (*arguments, ends, found, row, total), returns (row, total) it got to; at `rows` it is done.
        arguments: passed on.
        rows: number of rows.

    Returns:
        (rows,) ends of the rows in the indices, and the indices.
    """
    ends, found = np.empty(rows, np.int64), np.empty(32 * rows + 1024, np.int64)
    row = total = 0
    while True:
        row, total = kernel(*arguments, ends, found, row, total)
        if row == rows:
            return ends, found[:total]
        found = np.concatenate([found, np.empty_like(found)])


@compiled
def _split(points: Floats, halvings: int) -> Indices:
    """An order of the points in which each of the 2^halvings equal parts is a cell of the median splits."""
    n, d = points.shape
    order = np.arange(n)
    for level in range(halvings):
        for node in range(1 << level):
            start, stop = node * n >> level, (node + 1) * n >> level
            widest, width = 0, -1.0
            for axis in range(d):
                low = high = points[order[start], axis]
                for i in range(start + 1, stop):
                    low, high = min(low, points[order[i], axis]), max(high, points[order[i], axis])
                if high - low > width:
                    widest, width = axis, high - low
            _select(points[:, widest], order, start, stop - 1, (2 * node + 1) * n >> (level + 1))
    return order


@compiled
def _select(values: Floats, order: Indices, left: int, right: int, middle: int) -> None:
    """Hoare's quickselect: order[left:right+1] rearranged so that nothing before `middle` is larger than after."""
    while left < right:
        pivot = values[order[(left + right) // 2]]
        i, j = left, right
        while i <= j:
            while values[order[i]] < pivot:
                i += 1
            while values[order[j]] > pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if middle <= j:
            right = j
        elif middle >= i:
            left = i
        else:
            return


@compiled
def sort_part(values: Indices, begin: int, end: int) -> None:
    """Sort values[begin:end] in place; rows are short, for which insertion is fastest.

    Args:
        values: (n,) numbers, sorted in place from begin to end.
        begin: first place.
        end: one past the last.
    """
    if end - begin > 64:
        values[begin:end].sort()
        return
    for i in range(begin + 1, end):
        value, j = values[i], i - 1
        while j >= begin and values[j] > value:
            values[j + 1] = values[j]
            j -= 1
        values[j + 1] = value


@compiled
def _foot(q: Floats, limit: float, center: Floats, foot: Floats) -> float:
    """Write the foot point of the hyperplane; returns its squared distance, rounded down, or -inf if it cuts no cap."""
    square, along, size = 0.0, 0.0, 0.0
    for axis in range(len(q)):
        square += q[axis] * q[axis]
        along += q[axis] * center[axis]
        size += abs(center[axis])
    length = np.sqrt(square)
    distance = (limit - along) / length - MARGIN * (abs(limit) / length + size)
    if not (1e-150 < length < 1e150 and 0.0 < distance < 1e150):
        foot[:] = 0.0
        return -np.inf
    for axis in range(len(q)):
        foot[axis] = center[axis] + distance * (q[axis] / length)
    rise: float = distance * distance * (1 - MARGIN)
    return rise


@compiled
def _query(
    leaves: Floats,
    ids: Indices,
    corners: Floats,
    reach: Floats,
    center: Floats,
    level: Indices,
    children: Indices,
    Q: Floats,
    tau: Floats,
    budget: int,
    given_up: NDArray[np.bool_],
    spent: Indices,
    ends: Indices,
    found: Indices,
    first: int,
    total: int,
) -> tuple[int, int]:
    """Answer the rows from `first` on; returns (rows answered, indices found) when done or when `found` is full."""
    d, size, last = Q.shape[1], leaves.shape[2], len(children) - 1
    bound, score, upper, foot = np.empty(FAN), np.empty(size), np.empty(d, np.int64), np.empty(d)
    stack, depths = np.empty(FAN * (last + 2), np.int64), np.empty(FAN * (last + 2), np.int64)
    for row in range(first, len(Q)):
        limit, begin, work = tau[row], total, 0
        spent[row] = 0
        for axis in range(d):
            upper[axis] = 1 if Q[row, axis] > 0 else 0
        rise = _foot(Q[row], limit, center, foot)
        stack[0], depths[0], top = 0, 0, 1
        while top and work <= budget:
            top -= 1
            node, depth = stack[top], depths[top]
            at = level[depth] + node
            work += 1
            spent[row] += FAN
            bound[:] = 0.0
            for axis in range(d):
                weight, side = Q[row, axis], upper[axis]
                for c in range(FAN):
                    bound[c] += weight * corners[at, side, axis, c]
            for c in range(min(FAN, children[depth] - FAN * node)):
                if bound[c] < limit:
                    continue
                away = rise
                for axis in range(d):
                    below, above = corners[at, 0, axis, c] - foot[axis], foot[axis] - corners[at, 1, axis, c]
                    away += max(max(below, above), 0.0) ** 2
                if away > reach[at, c]:
                    continue
                child = FAN * node + c
                if depth < last:
                    stack[top], depths[top] = child, depth + 1
                    top += 1
                    continue
                if total + size > len(found):
                    return row, begin
                work += 1
                spent[row] += size
                score[:] = 0.0
                for axis in range(d):
                    weight = Q[row, axis]
                    for p in range(size):
                        score[p] += weight * leaves[child, axis, p]
                for p in range(size):
                    if score[p] >= limit:
                        found[total] = ids[child, p]
                        total += 1
        given_up[row] = work > budget
        if given_up[row]:
            total = begin
        sort_part(found, begin, total)
        ends[row] = total
    return len(Q), total
