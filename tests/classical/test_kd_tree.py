"""The tree of boxes: linear in space, right at every corner, and given up when it does not pay."""

from __future__ import annotations

import numpy as np

from qattn.classical import kd_tree as boxes


def test_box_tree_is_linear_in_space():
    points = np.random.default_rng(0).normal(size=(50_000, 3))
    tree = boxes.build(points)
    assert tree.leaves.size + tree.corners.size < 4 * points.size
