"""Estimates from drawn keys: unbiased over all draws."""

from itertools import permutations

import numpy as np
import pytest

from qattn.approximation.sampled import square_of_unseen


@pytest.mark.parametrize(("population", "m"), [(1, 1), (4, 2), (5, 3), (4, 4)])
def test_the_square_of_a_sum_is_unbiased(population: int, m: int) -> None:
    rng = np.random.default_rng(population)
    members, known = rng.normal(size=(population, 3)), rng.normal(size=3)
    drawn = np.array([members[list(order)] for order in permutations(range(population), m)])
    sums = drawn.sum(axis=1)
    square, own = np.einsum("ij,ij->i", sums, sums), np.einsum("ijk,ijk->i", drawn, drawn)
    size = np.full(len(drawn), population)
    estimates = known @ known + square_of_unseen(square, own, sums @ known, np.full(len(drawn), m), size)
    truth = known + members.sum(axis=0)
    assert np.mean(estimates) == pytest.approx(truth @ truth)
