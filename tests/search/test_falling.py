"""The schedule of top-k: no path of falling counts is missed with more than the bound."""

from __future__ import annotations

import json

import numpy as np
import pytest

from qattn.search.falling import FallingSchedule
from qattn.search.protocols import ScoreTable
from qattn.search.rotation import hit_probability
from qattn.search.row import start_row


def worst(schedule, t):
    """The largest chance to stop with anything unknown, whatever counts a rising threshold skips."""
    if schedule.done:
        return float(t > 0)
    [(m, _)] = schedule.next()
    p = hit_probability(schedule.n, t, m)
    miss = (1 - p) * worst(schedule.observe(((m, 1),), (0,), 0), t)
    return miss + (p * max(worst(schedule.observe(((m, 1),), (1,), 1), s) for s in range(t)) if p > 0 else 0.0)


def test_falling_counts_any_path_is_covered():
    start = FallingSchedule.start(10, 9, 0.2, best=1)
    for t in range(4):
        assert worst(start, t) <= start.miss_bound <= 0.2


@pytest.mark.parametrize(("n", "k_max", "delta"), [(5, 4, 0.3), (6, 5, 0.5), (7, 3, 0.4)])
def test_the_bound_is_the_path_that_meets_every_count(n, k_max, delta):
    start = FallingSchedule.start(n, k_max, delta, best=1)
    assert worst(start, k_max) == pytest.approx(start.miss_bound, abs=1e-12)


def test_a_row_of_top_k_is_covered_on_any_path():
    """A row of top-k starts with a plan for counts that fall anyhow; the proof for a fixed threshold is not one."""
    row = start_row(0, 1, ScoreTable(np.zeros(10), 0.0), 0.2, best=1)
    assert row.schedule == FallingSchedule.start(10, 9, 0.2, best=1)
    assert max(worst(row.schedule, t) for t in range(4)) <= 0.2


def test_the_bound_does_not_shrink_with_the_finds():
    schedule = FallingSchedule.start(64, 40, 0.05, best=3)
    bound = schedule.miss_bound
    assert 0.03 < bound <= 0.05
    assert schedule.observe((), (), 7).miss_bound == bound
    assert schedule.observe((), (), 40).miss_bound == bound, "searches like it may have stopped before"
    assert FallingSchedule.start(3, 0, 0.05, best=3).miss_bound == 0


@pytest.mark.parametrize("shots", [1, 100])
def test_a_schedule_survives_a_file(shots):
    schedule = FallingSchedule.start(300, 200, 0.03, shots=shots, best=3)
    for _ in range(3):
        runs = schedule.next()
        schedule = schedule.observe(runs, [1] + [0] * (len(runs) - 1), 1)
    again = FallingSchedule.from_dict(json.loads(json.dumps(schedule.to_dict())))
    assert again == schedule
    assert again.next() == schedule.next()


@pytest.mark.parametrize(
    ("n", "k_max", "delta", "shots", "best"), [(4, 5, 0.1, 1, 1), (4, 4, 0.1, 0, 1), (4, 4, 0.1, 1, 0)]
)
def test_numbers_out_of_range_are_refused(n, k_max, delta, shots, best):
    with pytest.raises(ValueError, match="="):
        FallingSchedule.start(n, k_max, delta, shots=shots, best=best)
