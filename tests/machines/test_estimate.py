"""Time and memory of a run, before it starts."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from qattn import GroverStatistics, attend
from qattn.machines.estimate import TooLong, aer_load, sparse_load


def test_a_run_that_cannot_be_done_is_refused_before_it_starts() -> None:
    rng = np.random.default_rng(0)
    K = rng.normal(size=(5000, 64))
    start = time.process_time()
    with pytest.raises(TooLong, match=r"hours.*GroverStatistics.*anyway"):
        attend(K, K, K[:, :2], k=16)
    assert time.process_time() - start < 5 * max(1.0, os.getloadavg()[0] / 2)
    assert attend(K[:2], K, K[:, :2], k=4, sampler=GroverStatistics(), seed=0).queries.sum() > 0


def test_estimates_grow_with_the_work_and_memory_is_looked_at() -> None:
    light, heavy = aer_load(1000, 14, 16, [2] * 4), aer_load(1000, 24, 16, [2] * 4)
    assert light.light
    assert not heavy.light
    assert heavy.seconds > 100 * light.seconds
    light.check()
    with pytest.raises(TooLong, match="GiB of memory"):
        light.check(available=1000.0)
    small, large = (sparse_load(n, 64, 8, [16] * 4, rising=False) for n in (64, 4096))
    assert large.seconds > 10 * small.seconds
    assert large.memory > 10 * small.memory
