"""GroverStatistics against a plain state vector, and against the formula."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from qattn.search.protocols import Job, MarkedSet
from qattn.search.rotation import hit_probability
from qattn.search.statistics import GroverStatistics


def amplitudes(n, marked, m):
    """m textbook iterations on a dense real vector."""
    state = np.full(n, n**-0.5)
    for _ in range(m):
        state[marked] *= -1
        state = 2 * state.mean() - state
    return state


@pytest.mark.parametrize(("n", "marked", "excluded", "m"), [
    (1, [0], [], 0), (5, [1, 3], [], 1), (13, [0, 4, 12], [4], 2), (16, list(range(16)), [], 1), (16, [], [], 3),
    (16, list(range(12)), [0, 7], 2), (33, [32, 0], [0, 32], 4),
])  # fmt: skip
def test_distribution_is_that_of_the_state_vector(n, marked, excluded, m):
    shots = 20_000
    oracle = MarkedSet(n, np.array(marked, dtype=int))
    [measured] = GroverStatistics().run([Job(oracle, m, tuple(excluded), shots, seed=3)])
    expected = amplitudes(n, sorted(set(marked) - set(excluded)), m) ** 2
    counts = np.bincount(measured, minlength=n)
    assert counts[expected < 1e-12].sum() == 0
    likely = expected >= 1e-12
    if likely.sum() > 1:
        p = expected[likely] / expected.sum()
        assert chisquare(counts[likely], shots * p).pvalue > 1e-3


def test_a_job_is_sampled_from_its_own_seed_alone():
    a, b = (Job(MarkedSet(64, np.array([5, 9])), 2, (), 50, seed=s) for s in (1, 2))
    alone = GroverStatistics().run([b])[0]
    beside = GroverStatistics().run([a, b])[1]
    assert np.array_equal(alone, beside)
    assert not np.array_equal(GroverStatistics().run([a])[0], alone)


def test_excluding_an_unmarked_index_is_refused():
    with pytest.raises(ValueError, match=r"\[3\] are not marked"):
        GroverStatistics().run([Job(MarkedSet(8, np.array([1])), 1, (1, 3), 1)])


def test_a_large_space_is_never_materialised():
    n = 2**60
    [measured] = GroverStatistics().run([Job(MarkedSet(n, np.array([7])), 5, (), 1000, seed=0)])
    assert measured.min() >= 0
    assert measured.max() < n
    assert hit_probability(n, 1, 5) < 1e-15
