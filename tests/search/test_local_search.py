"""The compiled search for plans: greedy steps are the greedy ones, and the cheapest rows hold."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.search import local_search
from qattn.search.covering import menu


def test_runs_are_added_greedily_though_not_all_are_looked_at_again() -> None:
    """What is unmet is lowered most, a price, by each run in turn, as when every run is looked at every time."""
    rng = np.random.default_rng(0)
    for n, t_max in ((40, 30), (1024, 512), (3000, 2000)):
        choice = menu(n, t_max)
        for _ in range(5):
            over = rng.exponential(4, size=choice.low.size) * (rng.random(choice.low.size) < rng.random())
            over[0] = 1.0
            runs = np.zeros(200, dtype=np.int64)
            size = local_search._extend(choice.miss, choice.prices, over.copy(), runs, 0)
            assert size > 0
            for run in runs[:size]:
                assert over.max() > 0
                rates = np.minimum(np.maximum(over, 0), -choice.miss).sum(axis=1) / choice.prices
                assert rates[run] == pytest.approx(rates.max(), rel=1e-12)
                over += choice.miss[run]
            assert over.max() <= 0
