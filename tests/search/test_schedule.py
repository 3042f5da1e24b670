"""The schedule's promises by exact enumeration: every outcome of every run of small searches, with its probability."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest

from qattn.search.plan import OWN, miss_profile
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
    ("n", "k_max", "delta"), [(1, 1, 0.3), (9, 9, 0.2), (12, 12, 0.01), (64, 3, 0.1), (200, 2, 0.9)]
)
def test_the_bound_holds_for_every_count_and_every_end(n, k_max, delta):
    """Searches that state at most x miss with a chance of at most x, whatever k is and however the bound comes out."""
    for k in range(min(k_max, 4) + 1):
        total = 0.0
        for bound, chance in sorted(misses_by_bound(Schedule.start(n, k_max, delta), k).items()):
            total += chance
            assert total <= bound + 1e-12
            assert bound <= delta


def test_the_bound_does_not_shrink_with_the_finds():
    """n = k_max = 32 and k = 6 misses with probability .0079, whatever was found on the way."""
    schedule = Schedule.start(32, 32, 0.01)
    chance = miss_probability(32, 32, 0.01, 6)
    for found in range(6):
        assert schedule.observe((), (), found).miss_bound >= chance > 0.004


@pytest.mark.parametrize(("n", "k_max", "delta"), [(40, 40, 0.01), (1000, 300, 1e-3), (17, 5, 0.1), (9, 9, 0.9)])
def test_miss_bound_is_the_worst_over_all_counts(n, k_max, delta):
    worst = max(miss_probability(n, k_max, delta, k) for k in range(k_max + 1))
    assert miss_bound(n, k_max, delta) == pytest.approx(worst, abs=1e-15)
    assert 0 < worst <= delta
    assert miss_bound(n, k_max, delta, falling=True) <= delta


def falling_miss(schedule):
    """The worst chance to miss over every path of counts that a rising threshold may take, from any count on.

    A phase at t unknown ends without a find with probability S(t), the product over its plan; a find leaves any s < t.
    """
    n, k_max = schedule.n, schedule.k_max
    worst = np.zeros(k_max + 1)  # of the phases after this one, by the count they start with
    for phase in reversed(range(k_max)):
        plan = schedule.observe((), (), phase).left if phase else schedule.left
        miss = miss_profile(n, k_max, plan)
        later = np.maximum.accumulate(worst)[:-1]
        worst = np.append(0.0, miss + (1 - miss) * later)
    return worst.max()


@pytest.mark.parametrize(("n", "best", "delta"), [(10, 1, 0.2), (64, 2, 0.01), (300, 3, 0.1), (128, 1, 0.5)])
def test_falling_counts_never_miss_more_than_is_stated(n, best, delta):
    schedule = Schedule.start(n, n - best, delta, best=best)
    assert falling_miss(schedule) <= schedule.miss_bound + 1e-12
    assert schedule.miss_bound <= delta


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
    assert Schedule.start(100, 0, 0.05).done
    assert Schedule.start(100, 0, 0.05).miss_bound == 0


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
