"""Convex layers peeled one by one, against hulls computed anew from plain integers."""

from itertools import pairwise

import numpy as np
import pytest

from qattn.classical.peeling import peel


def hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Counter-clockwise from the leftmost, strict corners only: Andrew's monotone chain in Python's integers."""

    def chain(ordered):
        kept = []
        for p in ordered:
            while len(kept) > 1:
                (ax, ay), (bx, by) = kept[-2:]
                if (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax) > 0:
                    break
                kept.pop()
            kept.append(p)
        return kept

    ordered = sorted(points)
    return chain(ordered) if len(ordered) < 2 else [*chain(ordered)[:-1], *chain(ordered[::-1])[:-1]]


CLOUDS = {
    "one": [(3, -4)],
    "two": [(0, 0), (0, 1)],
    "line": [(x, 3 * x - 1) for x in range(9)],
    "vertical": [(0, y) for y in range(9)],
    "square": [(x, y) for x in range(5) for y in range(5)],
    "far": [(2**29, 2**29), (-(2**29), 2**29), (-(2**29), -(2**29)), (2**29, -(2**29)), (0, 0), (1, 0), (0, 1)],
    "random": [tuple(p) for p in np.random.default_rng(0).integers(-30, 30, (500, 2)).tolist()],
}


@pytest.mark.parametrize("kind", CLOUDS)
def test_every_layer_is_the_hull_of_what_is_left(kind):
    points = sorted(set(CLOUDS[kind]))
    order, begin = peel(np.array(points, dtype=np.int64))
    assert sorted(order.tolist()) == list(range(len(points)))
    left = set(points)
    for first, last in pairwise(begin):
        ring = [points[i] for i in order[first:last]]
        assert ring == hull(list(left))
        left -= set(ring)
    assert not left


def test_no_points_have_no_layers():
    order, begin = peel(np.empty((0, 2), np.int64))
    assert order.size == 0
    assert begin.tolist() == [0]
