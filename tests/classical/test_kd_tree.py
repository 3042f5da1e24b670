"""The tree of boxes: linear in space, right at every corner, and given up when it does not pay."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.classical import kd_tree as boxes
from qattn.scores import scores


def test_box_tree_is_linear_in_space():
    points = np.random.default_rng(0).normal(size=(50_000, 3))
    tree = boxes.build(points)
    assert tree.leaves.size + tree.corners.size < 4 * points.size


def plain(points, Q, tau):
    """Row after row, the points whose products, added up in order, reach the offset."""
    return [np.flatnonzero(scores(q, points) >= t).tolist() for q, t in zip(Q, tau, strict=True)]


@pytest.mark.parametrize("n", [1, 2, 15, 16, 17, 128, 129, 1500])
@pytest.mark.parametrize("d", [1, 3])
def test_queries_are_plain_scores_for_every_number_of_points(n, d):
    """Around full leaves and full nodes; ties, an offset met exactly, the zero vector, everything and nothing."""
    rng = np.random.default_rng(n)
    points, Q = np.round(rng.normal(size=(n, d)), 1), rng.normal(size=(8, d))
    Q[0] = 0.0
    tau = np.array([scores(q, points)[rng.integers(n)] for q in Q])
    tau[1:4] = -np.inf, np.inf, 1e9
    ends, found, spent, given_up = boxes.query(boxes.build(points), Q, tau, budget=1 << 30)
    assert [js.tolist() for js in np.split(found, ends[:-1])] == plain(points, Q, tau)
    assert given_up.size == 0
    assert (spent >= boxes.FAN).all()


def test_a_row_beyond_its_budget_is_given_up_without_indices_and_the_others_stay_right():
    rng = np.random.default_rng(0)
    points, Q = rng.normal(size=(3000, 3)), np.eye(3)
    tau = np.array([3.0, -10.0, 3.0])
    ends, found, spent, given_up = boxes.query(boxes.build(points), Q, tau, budget=100)
    assert given_up.tolist() == [1]
    expected = plain(points, Q, np.array([3.0, np.inf, 3.0]))
    assert [js.tolist() for js in np.split(found, ends[:-1])] == expected
    assert spent[1] > 100 * boxes.FAN > spent[0]


def test_a_kernel_that_runs_out_of_room_is_called_again_where_it_stopped():
    calls = []

    def kernel(ends, found, row, total):
        calls.append(row)
        while row < 3:
            if total + 5000 > len(found):
                return row, total
            found[total : total + 5000] = row
            total += 5000
            ends[row] = total
            row += 1
        return row, total

    ends, found = boxes.collect(kernel, rows=3)
    assert ends.tolist() == [5000, 10_000, 15_000]
    assert np.array_equal(found, np.repeat([0, 1, 2], 5000))
    assert len(calls) > 2
    assert calls[-1] > 0


@pytest.mark.parametrize("size", [0, 1, 2, 64, 65, 200])
def test_part_of_an_array_is_sorted_and_no_more(size):
    values = np.random.default_rng(size).integers(0, 50, size + 10)
    part = values.copy()
    boxes.sort_part(part, 4, 4 + size)
    assert part.tolist() == [*values[:4], *sorted(values[4 : 4 + size]), *values[4 + size :]]
