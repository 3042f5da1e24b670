"""A threshold search as pure state: what it costs, which runs it takes, how it goes through a file.

What it proves is tested in test_certificate.py.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from qattn.search.certificate import first_plan
from qattn.search.rotation import hit_probability
from qattn.search.schedule import Schedule


def misses_by_bound(schedule, k, chance=1.0, misses=None):
    """The exact chance that a one-shot search for k misses any, apart for every bound it may state at its end."""
    misses = {} if misses is None else misses
    if schedule.done:
        if schedule.found < k:
            misses[schedule.miss_bound] = misses.get(schedule.miss_bound, 0.0) + chance
        return misses
    [(m, _)] = schedule.next()
    p = hit_probability(schedule.n, k - schedule.found, m)
    for hit, share in ((0, 1 - p), (1, p)):
        if share * chance > 1e-15:
            misses_by_bound(schedule.observe(((m, 1),), (hit,), hit), k, share * chance, misses)
    return misses


@pytest.mark.parametrize(
    ("n", "k_max", "delta"), [(1, 1, 0.3), (9, 9, 0.2), (10, 10, 0.01), (64, 3, 0.1), (200, 2, 0.9)]
)
def test_the_bound_holds_for_every_count_and_every_end(n, k_max, delta):
    """Searches that state at most x miss with a chance of at most x, whatever k is and however the bound comes out."""
    for k in range(min(k_max, 4) + 1):
        total = 0.0
        for bound, chance in sorted(misses_by_bound(Schedule.start(n, k_max, delta), k).items()):
            total += chance
            assert total <= bound + 1e-12
            assert bound <= delta


@pytest.mark.parametrize(("k", "most"), [(0, 1.75), (1, 2.60), (4, 1.97), (16, 1.62)])
def test_mean_queries_stay_low(k, most):
    """In units of sqrt(n max(k, 1)); textbook BBHT takes 3.3, 4.5, 3.1 and 2.4."""
    n, trials = 1024, 100 if k == 16 else 300
    rng = np.random.default_rng(k)
    queries = np.zeros(trials)
    for trial in range(trials):
        schedule = Schedule.start(n, n // 2, 0.01)
        while not schedule.done:
            [(m, _)] = schedule.next()
            hit = int(rng.random() < hit_probability(n, k - schedule.found, m))
            schedule = schedule.observe(((m, 1),), (hit,), hit)
            queries[trial] += m
    scaled = queries / math.sqrt(n * max(k, 1))
    assert scaled.mean() <= most + 2 * scaled.std() / math.sqrt(trials)


def test_a_search_without_finds_runs_the_whole_plan_longest_effect_first():
    schedule = Schedule.start(4096, 4096, 0.01)
    plan, done = sorted(schedule.left), []
    while not schedule.done:
        [(m, _)] = schedule.next()
        done.append(m)
        schedule = schedule.observe(((m, 1),), (0,), 0)
    assert sorted(done) == plan
    assert done != sorted(done, reverse=True)
    assert schedule.next() == ()
    assert 0 < schedule.miss_bound <= 0.01


def test_rounds_hold_the_whole_plan_and_fill_the_shots():
    schedule = Schedule.start(2**16, 2**16, 0.01, shots=100)
    runs = schedule.next()
    assert sum(shots for _, shots in runs) == 100
    assert {m for m, _ in runs} == set(schedule.left)
    assert schedule.observe(runs, [0] * len(runs), 0).done
    found = schedule.observe(runs, [1] + [0] * (len(runs) - 1), 1)
    assert not found.done
    assert found.found == 1


def test_a_round_too_small_for_the_plan_takes_several():
    schedule = Schedule.start(1024, 1024, 0.01, shots=4)
    rounds = 0
    while not schedule.done:
        runs = schedule.next()
        assert sum(shots for _, shots in runs) == 4
        schedule = schedule.observe(runs, [0] * len(runs), 0)
        rounds += 1
    assert rounds == math.ceil(len(Schedule.start(1024, 1024, 0.01).left) / 4)


def test_a_find_from_elsewhere_starts_the_next_phase():
    schedule = Schedule.start(100, 100, 0.05)
    after = schedule.observe((), (), 9)
    assert after.found == 9
    assert set(after.left) - set(schedule.left)
    assert sum(after.left) > sum(schedule.left)  # a late phase has less of delta


def test_the_bound_does_not_shrink_with_the_finds():
    schedule = Schedule.start(100, 40, 0.05)
    bound = schedule.miss_bound
    assert 0.03 < bound <= 0.05
    assert schedule.observe((), (), 7).miss_bound == bound
    assert schedule.observe((), (), 40).miss_bound == bound, "searches like it may have stopped before"


def test_many_shots_on_few_indices_are_a_proof_by_themselves():
    """A hundred shots that hit the same four indices again and again speak against a fifth."""
    schedule = Schedule.start(4096, 4096, 0.01, shots=100)
    runs = schedule.next()
    rng = np.random.default_rng(0)
    hits = [int(rng.binomial(shots, hit_probability(4096, 4, m))) for m, shots in runs]
    assert schedule.observe(runs, hits, 4).done
    assert not schedule.observe(((5, 4),), (4,), 4).done


def test_the_promise_ends_the_search():
    schedule = Schedule.start(100, 2, 0.05)
    assert schedule.observe((), (), 2).done
    assert Schedule.start(100, 0, 0.05).done
    assert Schedule.start(100, 0, 0.05).miss_bound == 0


@pytest.mark.parametrize("shots", [1, 100])
def test_a_schedule_survives_a_file(shots):
    schedule = Schedule.start(300, 200, 0.03, shots=shots)
    for _ in range(3):
        runs = schedule.next()
        schedule = schedule.observe(runs, [1] + [0] * (len(runs) - 1), 1)
    again = Schedule.from_dict(json.loads(json.dumps(schedule.to_dict())))
    assert again == schedule
    assert again.next() == schedule.next()
    assert np.array_equal(again.evidence.log, schedule.evidence.log)


@pytest.mark.parametrize(("n", "k_max", "delta", "shots"), [
    (0, 0, 0.1, 1), (4, 5, 0.1, 1), (4, -1, 0.1, 1), (4, 4, 0.0, 1), (4, 4, 1.0, 1), (4, 4, float("nan"), 1),
    (4, 4, 0.1, 0),
])  # fmt: skip
def test_numbers_out_of_range_are_refused(n, k_max, delta, shots):
    with pytest.raises(ValueError, match="="):
        Schedule.start(n, k_max, delta, shots=shots)


def test_a_first_plan_is_deterministic():
    first = first_plan(500, 500, 0.02)
    first_plan.cache_clear()
    assert first_plan(500, 500, 0.02) == first
