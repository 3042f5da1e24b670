"""Draws of keys: different ones, never excluded ones, the same for a row whatever stands beside it."""

import numpy as np
import pytest

from qattn.approximation.draws import draw, peaks, random_order, segment_peaks, sizes
from qattn.problem import make_problem


@pytest.mark.parametrize(("n", "count"), [(1, 1), (5, 9), (2000, 7), (100_000, 50)])
def test_an_order_has_no_number_twice(n, count):
    order = random_order(n, count, np.random.default_rng(n))
    assert order.size == min(n, count)
    assert np.unique(order).size == order.size
    assert 0 <= order.min() <= order.max() < n


def test_a_row_draws_the_same_alone_and_among_others():
    rng = np.random.default_rng(0)
    Q, K = rng.normal(size=(3, 2)), rng.normal(size=(30, 2))
    excluded = [np.array([1, 4]), np.array([], dtype=int), np.arange(29)]
    seed = np.random.SeedSequence(5)
    drawn = draw(make_problem(Q, K, K, 0.0), excluded, 6, seed)
    last = draw(make_problem(Q[2:], K, K, 0.0), excluded[2:], 6, seed, first=2)
    assert [row.size for row in drawn.columns] == [6, 6, 1] == drawn.spent.tolist()
    assert drawn.columns[2].tolist() == last.columns[0].tolist() == [29]
    assert not set(drawn.columns[0]) & {1, 4}
    assert drawn.population.tolist() == [28, 30, 1]
    np.testing.assert_allclose(drawn.scores[1], K[drawn.columns[1]] @ Q[1])
    assert drawn.sums(np.ones(13)).tolist() == [6, 6, 1]


def test_peaks_of_segments():
    rows = [np.array([1.0, 3.0]), np.array([]), np.array([-2.0])]
    assert sizes(rows).tolist() == [2, 0, 1]
    assert peaks(rows).tolist() == [3.0, -np.inf, -2.0]
    assert segment_peaks(np.array([]), np.array([0, 0])).tolist() == [-np.inf, -np.inf]
