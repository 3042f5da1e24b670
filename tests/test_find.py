"""find_all: what integers say, nothing and everything included."""

from __future__ import annotations

import numpy as np
import pytest

from qattn import GroverStatistics, ThresholdOracle
from qattn.find import find_all
from qattn.search.protocols import MarkedSet


def small(n_q: int = 3, n: int = 13) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    return rng.integers(-4, 4, (n_q, 2)), rng.integers(-4, 4, (n, 2))


@pytest.mark.parametrize("n", [1, 2, 13])
def test_find_all_finds_what_integers_say_nothing_and_everything_included(n: int) -> None:
    [q], K = small(1, n)
    for tau in (-100, 0, 3, 100):
        found = find_all(ThresholdOracle.from_row(q, K, tau), sampler=GroverStatistics(), seed=1, delta=1e-9)
        assert found.indices.tolist() == np.flatnonzero(K @ q >= tau).tolist()
        assert found.miss_bound <= 1e-9
    oracle = MarkedSet(n, [0])
    assert find_all(oracle, sampler=GroverStatistics(), k=1, seed=1, delta=1e-9).indices.tolist() == [0]


def test_candidates_are_checked_first_and_cost_no_query() -> None:
    oracle = MarkedSet(1000, [3, 700])
    told = find_all(oracle, sampler=GroverStatistics(), k_max=2, candidates=[700, 5, 3], seed=0)
    assert told.indices.tolist() == [3, 700]
    assert told.queries == 0
    assert find_all(oracle, sampler=GroverStatistics(), k_max=2, seed=0).queries > 0


@pytest.mark.parametrize("options", [{"delta": 0}, {"delta": 1.5}, {"k": 0}, {"k": 1, "k_max": 2}, {"k_max": -1},
                                     {"objective": "fast"}, {"shots": 0}])  # fmt: skip
def test_options_out_of_range_are_refused(options) -> None:
    with pytest.raises(ValueError):
        find_all(MarkedSet(8, [1]), sampler=GroverStatistics(), **options)
