"""Convex layers: nested hulls of exact integers, and queries that report what the float64 scores say."""

from __future__ import annotations

import numpy as np

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
