"""The schedule's promises by exact enumeration: every outcome of every run of small searches, with its probability."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest

from qattn.search.plan import OWN
from qattn.search.schedule import Schedule, miss_bound, miss_probability
from qattn.search.statistics import hit_probability


def chance_to_miss(schedule, k):
    """The exact probability that a one-shot search for k marked indices misses any; a sum over all paths."""
    if schedule.done:
        return float(schedule.found < k)
    [(m, shots)] = schedule.next()
    assert shots == 1
    p = hit_probability(schedule.n, k - schedule.found, m)
    total = (1 - p) * chance_to_miss(schedule.observe(((m, 1),), (0,), 0), k) if p < 1 else 0.0
    return total + (p * chance_to_miss(schedule.observe(((m, 1),), (1,), 1), k) if p > 0 else 0.0)


def chance_to_miss_in_batches(schedule, k):
    """The same for several shots a round: each shot misses or lands on one of the unknown indices."""
    if schedule.done:
        return float(schedule.found < k)
    runs = schedule.next()
    left = k - schedule.found
    shots = [i for i, (_, count) in enumerate(runs) for _ in range(count)]
    total = 0.0
    outcomes: dict[tuple[tuple[int, ...], int], float] = {}
    for where in itertools.product(range(left + 1), repeat=len(shots)):  # 0 is a miss
        chance, hits = 1.0, [0] * len(runs)
        for i, j in zip(shots, where, strict=True):
            p = hit_probability(schedule.n, left, runs[i][0])
            chance *= p / left if j else 1 - p
            hits[i] += j > 0
        key = (tuple(hits), len(set(where) - {0}))
        outcomes[key] = outcomes.get(key, 0.0) + chance
    for (hits, found), chance in outcomes.items():
        if chance > 1e-9:
            total += chance * chance_to_miss_in_batches(schedule.observe(runs, hits, found), k)
    return total


@pytest.mark.parametrize("delta", [0.01, 0.3])
@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 1), (2, 2), (3, 2), (8, 1), (8, 2), (13, 3), (64, 1), (256, 2)])
def test_miss_probability_is_exact(n, k, delta):
    exact = chance_to_miss(Schedule.start(n, n, delta), k)
    assert exact == pytest.approx(miss_probability(n, n, delta, k), abs=1e-12)
    assert exact <= delta


@pytest.mark.parametrize(
    ("n", "k", "shots", "delta"), [(8, 1, 3, 0.1), (8, 2, 3, 0.1), (16, 2, 4, 0.3), (32, 3, 4, 0.5)]
)
def test_batches_miss_no_more_than_the_bound(n, k, shots, delta):
    exact = chance_to_miss_in_batches(Schedule.start(n, n, delta, shots=shots), k)
    assert exact <= miss_probability(n, n, delta, k) + 1e-9


def stop_chances(schedule, k, last):
    """The exact probability that a search for k > last ends with at most `last` finds."""
    if schedule.found > last:
        return 0.0
    if schedule.done:
        return 1.0
    [(m, _)] = schedule.next()
    p = hit_probability(schedule.n, k - schedule.found, m)
    hit = p * stop_chances(schedule.observe(((m, 1),), (1,), 1), k, last)
    return hit + (1 - p) * stop_chances(schedule.observe(((m, 1),), (0,), 0), k, last)


@pytest.mark.parametrize("last", [0, 1, 2])
def test_miss_bound_is_the_worst_over_all_counts(last):
    n, delta = 12, 0.2
    worst = max(stop_chances(Schedule.start(n, n, delta), k, last) for k in range(last + 1, n + 1))
    assert miss_bound(n, n, delta, last) == pytest.approx(worst, abs=1e-12)
    assert worst <= delta


@pytest.mark.parametrize(("n", "k_max", "delta"), [(40, 40, 0.01), (1000, 300, 1e-3), (17, 5, 0.1), (9, 9, 0.9)])
def test_miss_bound_stays_below_delta_whatever_was_found(n, k_max, delta):
    bounds = [miss_bound(n, k_max, delta, found) for found in range(k_max)]
    falling = [miss_bound(n, k_max, delta, found, falling=True) for found in range(k_max)]
    assert min(bounds) >= 0
    assert max(bounds) <= delta
    assert max(falling) <= delta
    assert np.all(np.diff(falling) >= 0)
    assert max(miss_probability(n, k_max, delta, k) for k in range(1, k_max + 1)) <= delta


def test_falling_counts_any_path_is_covered():
    """Whatever counts a rising threshold skips, the product over the counts met stays within the bound."""
    n, delta = 10, 0.2

    def worst(schedule, t):
        if schedule.done:
            return float(t > 0)
        [(m, _)] = schedule.next()
        p = hit_probability(n, t, m)
        miss = (1 - p) * worst(schedule.observe(((m, 1),), (0,), 0), t)
        return miss + (p * max(worst(schedule.observe(((m, 1),), (1,), 1), s) for s in range(t)) if p > 0 else 0.0)

    for t in range(4):
        assert worst(Schedule.start(n, n - 1, delta, best=1), t) <= delta


@pytest.mark.parametrize(("k", "most"), [(0, 1.88), (1, 3.02), (4, 2.20), (16, 1.74)])
def test_mean_queries_stay_low(k, most):
    """In units of sqrt(n max(k, 1)); textbook BBHT takes 3.3, 4.5, 3.1 and 2.4."""
    n, trials = 1024, 400
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
    after = schedule.observe((), (), OWN + 3)
    assert after.left == schedule.plan(OWN + 3)
    assert after.found == OWN + 3


def test_the_promise_ends_the_search():
    schedule = Schedule.start(100, 2, 0.05)
    assert schedule.observe((), (), 2).done
    assert schedule.observe((), (), 2).miss_bound == 0
    assert Schedule.start(100, 0, 0.05).done


@pytest.mark.parametrize("best", [None, 3])
@pytest.mark.parametrize("shots", [1, 100])
def test_a_schedule_survives_a_file(shots, best):
    schedule = Schedule.start(300, 200, 0.03, shots=shots, best=best)
    for _ in range(3):
        runs = schedule.next()
        schedule = schedule.observe(runs, [1] + [0] * (len(runs) - 1), 1)
    again = Schedule.from_dict(json.loads(json.dumps(schedule.to_dict())))
    assert again == schedule
    assert again.next() == schedule.next()


@pytest.mark.parametrize(("n", "k_max", "delta", "shots", "best"), [
    (0, 0, 0.1, 1, None), (4, 5, 0.1, 1, None), (4, -1, 0.1, 1, None), (4, 4, 0.0, 1, None), (4, 4, 1.0, 1, None),
    (4, 4, float("nan"), 1, None), (4, 4, 0.1, 0, None), (4, 4, 0.1, 1, 0),
])  # fmt: skip
def test_numbers_out_of_range_are_refused(n, k_max, delta, shots, best):
    with pytest.raises(ValueError, match="="):
        Schedule.start(n, k_max, delta, shots=shots, best=best)
