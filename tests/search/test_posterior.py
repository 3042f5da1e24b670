"""The belief over counts: normalised, learning in the right direction, falling with finds."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.search.posterior import (
    Grid,
    after_finds,
    after_rise,
    after_runs,
    chance_left,
    counts,
    prior,
    spare_runs,
)


def mean(belief, k_max):
    return float(np.array(belief) @ counts(k_max))


@pytest.mark.parametrize("k_max", [0, 1, 2, 16, 17, 18, 40, 1000, 2**20])
def test_grid_and_prior(k_max):
    grid = counts(k_max)
    assert grid[0] == 0
    assert grid[-1] == k_max
    assert np.all(np.diff(grid) >= 1)
    belief = np.array(prior(k_max))
    assert belief.size == grid.size
    assert belief.sum() == pytest.approx(1)
    assert belief.min() > 0


def test_hits_of_short_runs_speak_for_many_and_misses_for_few():
    n = k_max = 4096
    start = prior(k_max)
    assert mean(after_runs(start, n, k_max, ((0, 1),), (1,)), k_max) > mean(start, k_max)
    assert mean(after_runs(start, n, k_max, ((3, 4),), (0,)), k_max) < mean(start, k_max)


def test_bayes_against_the_plain_rule():
    n, k_max = 64, 12
    belief = np.array(prior(k_max))
    for m, shots, hits in ((2, 5, 3), (0, 2, 0)):
        p = np.sin((2 * m + 1) * np.arcsin(np.sqrt(np.arange(13) / n))) ** 2
        belief *= p**hits * (1 - p) ** (shots - hits)
    assert after_runs(prior(k_max), n, k_max, ((2, 5), (0, 2)), (3, 0)) == pytest.approx(belief / belief.sum())


def test_a_contradiction_starts_over():
    assert after_runs(prior(1), 4, 1, ((1, 3),), (1,)) == prior(1)  # noise: this run cannot both hit and miss


def test_a_find_takes_one_away_exactly_on_small_counts():
    belief = after_runs(prior(10), 64, 10, ((3, 1),), (1,))
    after = after_finds(belief, 10, 1)
    expected = np.append(np.array(belief)[1:], 0.0)
    assert after == pytest.approx(expected / expected.sum())


def test_a_find_takes_one_away_on_average_on_large_counts():
    belief = np.zeros(counts(1000).size)
    belief[-5] = 1.0
    after = after_finds(tuple(belief), 1000, 3)
    assert mean(after, 1000) == pytest.approx(counts(1000)[-5] - 3)


@pytest.mark.parametrize(("rank", "known"), [(1, 1), (3, 3), (2, 3), (1, 4)])
def test_a_raised_threshold_leaves_what_random_ranks_leave(rank, known):
    """Of ten unknown one was found; it and the others known rank at random among the nine that are left."""
    belief = np.zeros(counts(14).size)
    belief[10] = 1.0
    after = np.array(after_rise(tuple(belief), 14, rank, known))
    rng = np.random.default_rng(1)
    ranks = np.sort(rng.random((100_000, 9 + known)).argsort(axis=1)[:, :known], axis=1)  # where the known stand
    left = ranks[:, rank - 1] - (rank - 1)
    below = np.array([np.mean(left < s) for s in range(1, 11)])
    assert np.cumsum(after)[:10] == pytest.approx(below, abs=0.15)
    assert after[10:].sum() < 0.15
    for least in (1, 4, 9):
        chance = chance_left(tuple(belief), 14, rank, known, least)
        assert chance == pytest.approx(after[least:].sum(), abs=1e-9)
        assert chance == pytest.approx(1 - below[least - 1], abs=0.15)


def test_spare_runs_prefer_what_finds_everything():
    n, k_max = 1024, 64
    belief = np.zeros(counts(k_max).size)
    belief[16] = 1.0
    chosen = spare_runs(Grid.of(tuple(belief), n, k_max), (25, 12, 6, 3, 1, 0), 30)
    assert len(chosen) == 30
    assert max(set(chosen), key=chosen.count) == 6
    assert Grid.of(tuple(belief), n, k_max).counts.chances(6)[15] > 0.9  # of t = 16
