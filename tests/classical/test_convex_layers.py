"""Convex layers: nested hulls of exact integers, and queries that report what the float64 scores say."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.classical import convex_layers as layers


def test_layers_are_nested_hulls_in_linear_space():
    rng = np.random.default_rng(4)
    points = rng.integers(-3, 4, (3000, 2)) * 0.1 + np.where(
        rng.random((3000, 1)) < 0.5, rng.normal(size=(3000, 2)), 0.0
    )
    onion = layers.build(points)
    np.testing.assert_array_equal(np.sort(onion.ids), np.arange(3000))
    assert len(onion.direction) <= 2 * len(onion.vertex) + len(onion.layer)
    for first, last in zip(onion.layer[:-1], onion.layer[1:], strict=True):
        ring = onion.vertex[first:last].astype(object)
        if len(ring) > 2:
            edge = np.roll(ring, -1, axis=0) - ring
            after = np.roll(edge, -1, axis=0)
            assert np.all(edge[:, 0] * after[:, 1] - edge[:, 1] * after[:, 0] > 0)  # strictly convex
            for vertex in onion.vertex[last:].astype(object):  # and around all deeper points
                to = vertex - ring
                assert np.all(edge[:, 0] * to[:, 1] - edge[:, 1] * to[:, 0] >= 0)


def plain(points, Q, tau):
    """Row after row, the points whose products, added up in order, reach the offset."""
    return [
        np.flatnonzero(q[0] * points[:, 0] + q[1] * points[:, 1] >= t).tolist() for q, t in zip(Q, tau, strict=True)
    ]


def rows(ends, found):
    return [js.tolist() for js in np.split(found, ends[:-1])]


@pytest.mark.parametrize(
    "points",
    [
        [[1.5, -2.0]], [[1, 1]] * 5, [[0, 0], [1, 0]], [[x, 2 * x] for x in range(-5, 6)],
        [[x % 4, x // 4] for x in range(16)], [[1e300, 1e-300], [-1e300, 0], [0, 0]], [[1e-320, 0], [0, 1e-320]],
    ],
    ids=["one", "equal", "two", "line", "grid", "huge", "subnormal"],
)  # fmt: skip
def test_queries_on_degenerate_points_are_plain_scores(points):
    points = np.array(points, dtype=float)
    Q = np.array([[0, 0], [1, 0], [0, -1], [1, 1], [-2, 1], [1e-300, 1e-300]], dtype=float)
    with np.errstate(under="ignore"):
        for tau in (np.zeros(6), np.full(6, 1.0), np.full(6, -1e9), np.full(6, np.inf), np.full(6, -np.inf)):
            ends, found, spent = layers.query(layers.build(points), Q, tau)
            assert rows(ends, found) == plain(points, Q, tau)
            assert (spent > 0).all()


def test_a_row_costs_about_what_it_reports_however_many_points():
    """Null: a wide row costs all of them, so that the count is one."""
    points = np.random.default_rng(0).normal(size=(4000, 2))
    onion, Q = layers.build(points), np.array([[1.0, 2.0]] * 3)
    tau = np.array([1e3, np.sort(points @ Q[0])[-5], -1e3])
    ends, _, spent = layers.query(onion, Q, tau)
    assert np.diff(ends, prepend=0).tolist() == [0, 5, 4000]
    assert spent[0] == 1
    assert spent[1] < 50
    assert spent[2] >= 4000
