"""Half-spaces by matrix products: the float64 scores decide, whatever float32 made of them."""

import numpy as np
import pytest

from qattn.classical import scan
from qattn.scores import scores


def rows(points, Q, tau):
    ends, found = scan.query(scan.build(points), Q, tau)
    assert ends.shape == (len(Q),)
    return [js.tolist() for js in np.split(found, ends[:-1])]


def plain(points, Q, tau):
    return [np.flatnonzero(scores(q, points) >= t).tolist() for q, t in zip(Q, tau, strict=True)]


@pytest.mark.parametrize(("n", "m"), [(1, 1), (3, 5), (2049, 3), (4096, 129)])
def test_queries_are_plain_scores_across_tiles(n, m):
    """One tile and several, in both directions; the compiled search of a tile and the plain one."""
    rng = np.random.default_rng(n)
    points, Q = rng.normal(size=(n, 5)), rng.normal(size=(m, 5))
    tau = np.array([scores(q, points)[rng.integers(n)] for q in Q])
    tau[: m // 3] = 2.5
    assert rows(points, Q, tau) == plain(points, Q, tau)


def test_scores_one_unit_apart_that_float32_cannot_tell():
    """Null: float32 alone puts all of them on one side."""
    points = 1.0 + np.arange(64)[:, None] * 2.0**-52
    tau = np.array([points[20, 0]])
    assert rows(points, np.ones((1, 1)), tau) == [list(range(20, 64))]
    assert len(np.unique(points.astype(np.float32))) == 1


@pytest.mark.parametrize(("q", "x"), [(1e-200, 1e-120), (1e154, 1e153), (5e-324, 1.0), (1e300, 1e-300), (0.0, 1.0)])
def test_any_range(q, x):
    rng = np.random.default_rng(0)
    points, Q = rng.normal(size=(50, 3)) * x, rng.normal(size=(4, 3)) * q
    with np.errstate(under="ignore"):
        tau = np.array([np.median(scores(row, points)) for row in Q])
        assert rows(points, Q, tau) == plain(points, Q, tau)


def test_everything_nothing_and_points_at_zero():
    points = np.zeros((7, 2))
    Q, tau = np.ones((4, 2)), np.array([-np.inf, np.inf, 0.0, 1e-300])
    assert rows(points, Q, tau) == [list(range(7)), [], list(range(7)), []]
