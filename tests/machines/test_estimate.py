"""Time and memory of a run, before it starts."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest

from qattn import GroverStatistics, attend
from qattn.machines.estimate import (
    HOUR,
    Load,
    TooLong,
    aer_load,
    expected_queries,
    memory_available,
    pairs_load,
    sparse_load,
)


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


def test_time_and_memory_have_limits_of_their_own() -> None:
    slow = Load("Aer", HOUR * 1.01, 0.0, 5, 10.0, 3.0)
    with pytest.raises(TooLong, match="1 hours"):
        slow.check(available=1e12)
    Load("Aer", HOUR, 100.0, 5, 10.0, 3.0).check(available=100.0)
    with pytest.raises(TooLong, match="GiB"):
        Load("Aer", HOUR, 100.1, 5, 10.0, 3.0).check(available=100.0)


def test_queries_expected_grow_like_sqrt_nk_and_never_beyond_all_marked() -> None:
    assert expected_queries(400, 4) == pytest.approx(2 * expected_queries(100, 4))
    assert expected_queries(400, 4) == pytest.approx(2 * expected_queries(400, 1))
    assert expected_queries(400, 0) == expected_queries(400, 1) > 0
    assert expected_queries(400, 1000) == expected_queries(400, 400)


def test_no_size_overflows_and_rising_thresholds_cost_more() -> None:
    huge = aer_load(1e9, 4000, 4096, [16] * 4096)
    assert np.isfinite([huge.seconds, huge.memory]).all()
    with pytest.raises(TooLong):
        huge.check()
    fixed, rising = (sparse_load(64, 8, 4, [16], rising=rising) for rising in (False, True))
    assert rising.seconds > fixed.seconds
    assert aer_load(1000, 10, 16, []).queries == 0


def test_memory_is_told_even_where_the_system_has_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    assert memory_available() > 2**20

    def absent(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("builtins.open", absent)
    physical = memory_available()
    monkeypatch.setattr(os, "sysconf", absent)
    assert memory_available() == 4 * 2**30
    assert physical > 2**20


def test_all_pairs_of_a_matrix_fill_the_memory_before_they_take_hours() -> None:
    small, large = (pairs_load(n * n, 6000, n * 800) for n in (256, 16384))
    small.check(2**32)
    assert large.memory > 50 * 2**30
    with pytest.raises(TooLong):
        large.check(2**34)
