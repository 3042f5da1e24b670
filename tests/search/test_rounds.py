"""find_all and find_rows against brute force, on ideal measurements."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.find import find_all
from qattn.search.protocols import MarkedSet, ScoreTable, SearchOptions
from qattn.search.rotation import hit_probability
from qattn.search.rounds import SearchInterrupted, find_rows, run_rows
from qattn.search.row import Row, start_row
from qattn.search.schedule import Schedule
from qattn.search.statistics import GroverStatistics

MACHINE = GroverStatistics()
SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 64, 100, 257, 1024, 4096]


def random_set(n, k, seed):
    return MarkedSet(n, np.random.default_rng(seed).choice(n, size=k, replace=False))


def best(values, k):
    return np.sort(np.lexsort((np.arange(values.size), -values))[:k])


def same(a, b):
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in a.__dataclass_fields__)


@st.composite
def searches(draw):
    n = draw(st.sampled_from(SIZES))
    k = draw(st.one_of(st.integers(0, min(n, 4)), st.integers(0, min(n, 80)), st.just(min(n, 257))))
    delta = draw(st.sampled_from([0.5, 0.1, 0.01, 1e-4]))
    return n, k, delta, draw(st.sampled_from(["queries", "rounds"])), draw(st.integers(0, 2**32))


def check_search(n, k, delta, objective, seed):
    oracle = random_set(n, k, seed)
    found = find_all(oracle, sampler=MACHINE, delta=delta, seed=seed, objective=objective)
    assert np.isin(found.indices, oracle.marked_set).all()
    assert np.unique(found.indices).size == found.indices.size
    assert found.rejected.size == 0
    assert 0 <= found.miss_bound <= delta
    assert 0 <= found.queries < 60 * np.sqrt(n * (k + 1)) * (100 if objective == "rounds" else 1)
    assert found.indices.size <= found.evaluations <= n
    return found.indices.size < k


@settings(deadline=None, max_examples=200, print_blob=True)
@given(searches())
def test_never_an_unmarked_index_never_one_twice_never_an_exception(search):
    check_search(*search)


@pytest.mark.slow
def test_ten_thousand_random_searches_miss_no_more_than_allowed():
    rng = np.random.default_rng(2024)
    allowed, misses = 0.0, 0
    for seed in range(10_000):
        n = int(rng.choice(SIZES))
        k = int(min(n, rng.choice([0, 1, 2, 3, 5, 9, 20, n // 2, n]))) if n <= 257 else int(rng.integers(0, 30))
        delta = float(rng.choice([0.5, 0.1, 0.01, 1e-4]))
        misses += check_search(n, k, delta, str(rng.choice(["queries", "rounds"])), seed)
        allowed += delta
    assert misses <= allowed


@pytest.mark.parametrize(
    ("n", "k"), [(1, 0), (1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (16, 0), (16, 9), (16, 16), (300, 290)]
)
def test_edge_counts(n, k):
    oracles = [random_set(n, k, seed) for seed in range(20)]
    for oracle, found in zip(oracles, find_rows(oracles, MACHINE, SearchOptions(delta=1e-6, seed=5)), strict=True):
        assert np.array_equal(found.indices, oracle.marked_set)
        assert found.ended in ("certified", "exhausted")


def searched(oracles, delta, **options):
    """Each oracle searched with the whole of delta."""
    rows = [start_row(i, 1000 + i, oracle, delta, **options) for i, oracle in enumerate(oracles)]
    return [row.result() for row in run_rows(rows, MACHINE)]


def chance_to_miss(schedule, k):
    """The exact probability that a one-shot search for k marked indices misses any; a sum over all paths."""
    if schedule.done:
        return float(schedule.found < k)
    [(m, _)] = schedule.next()
    p = hit_probability(schedule.n, k - schedule.found, m)
    chances = ((hit, p if hit else 1 - p) for hit in (0, 1))
    return sum(q * chance_to_miss(schedule.observe(((m, 1),), (hit,), hit), k) for hit, q in chances if q > 0)


@pytest.mark.parametrize("k", [1, 3])
def test_misses_are_as_frequent_as_computed(k):
    """At a large delta misses are common; 1,500 searches pin the frequency to the exact probability."""
    n, delta, trials = 64, 0.4, 1500
    found = searched([random_set(n, k, seed) for seed in range(trials)], delta)
    missed = np.mean([f.indices.size < k for f in found])
    expected = chance_to_miss(Schedule.start(n, n, delta), k)
    assert 0.05 < expected <= delta
    assert abs(missed - expected) <= 4 * np.sqrt(expected / trials)


def test_same_seed_same_result_however_the_rows_are_split():
    oracles = [random_set(200, 3, seed) for seed in range(12)]
    whole = find_rows(oracles, MACHINE, SearchOptions(seed=9))
    parts = [
        found
        for first in (0, 5, 6)
        for found in search(oracles[first : {0: 5, 5: 6, 6: 12}[first]], seed=9, sharing=12, first=first)
    ]
    assert all(same(a, b) for a, b in zip(whole, parts, strict=True))
    assert all(same(a, b) for a, b in zip(whole, find_rows(oracles, MACHINE, SearchOptions(seed=9)), strict=True))
    child = np.random.SeedSequence(9).spawn(1)[0]
    other = find_rows(oracles, MACHINE, SearchOptions(seed=child))
    assert not all(same(a, b) for a, b in zip(whole, other, strict=True))
    assert all(same(a, b) for a, b in zip(other, find_rows(oracles, MACHINE, SearchOptions(seed=child)), strict=True))


def test_delta_is_shared_among_the_rows():
    alone = find_all(random_set(256, 1, 0), sampler=MACHINE, delta=0.01, seed=0)
    many = find_rows([random_set(256, 1, seed) for seed in range(50)], MACHINE, SearchOptions(delta=0.01, seed=0))
    assert sum(found.miss_bound for found in many) <= 0.01
    assert alone.miss_bound > max(found.miss_bound for found in many)


def test_a_promise_saves_the_proof():
    oracle = random_set(4096, 3, 1)
    free = find_all(oracle, sampler=MACHINE, seed=2)
    held = find_all(oracle, sampler=MACHINE, seed=2, k_max=3)
    assert np.array_equal(free.indices, held.indices)
    assert held.queries < free.queries
    assert held.ended == "promise"
    assert 0 < held.miss_bound <= 0.01, "three in this run; a run like it may have stopped short"
    assert find_all(oracle, sampler=MACHINE, k_max=0).queries == 0


def test_the_bounds_of_many_rows_add_up_to_their_chance():
    """Forty rows that each stop at their promise, k = 1, unless they miss: most say nothing of the chance they took."""
    n, rows, delta = 64, 40, 0.4
    one, schedule = 1.0, Schedule.start(n, 1, delta / rows)
    while not schedule.done:  # the chance that every run misses
        [(m, _)] = schedule.next()
        one *= 1 - hit_probability(n, 1, m)
        schedule = schedule.observe(((m, 1),), (0,), 0)
    options = SearchOptions(k_max=1, delta=delta, seed=0)
    found = find_rows([random_set(n, 1, seed) for seed in range(rows)], MACHINE, options)
    assert sum(f.ended == "promise" for f in found) > rows / 2
    assert delta >= sum(f.miss_bound for f in found) >= 1 - (1 - one) ** rows > 0.1


class Tally:
    """A machine that counts the uses of the oracle itself."""

    def __init__(self):
        self.queries = 0

    def run(self, jobs):
        self.queries += sum(job.iterations * job.shots for job in jobs)
        return MACHINE.run(jobs)


@pytest.mark.parametrize("options", [{}, {"k": 3}, {"k_max": 5}, {"objective": "rounds"}])
def test_the_queries_reported_are_those_the_machine_ran(options):
    machine = Tally()
    found = find_rows([random_set(128, 5, seed) for seed in range(6)], machine, SearchOptions(seed=4, **options))
    assert sum(f.queries for f in found) == machine.queries > 0


def test_extras_are_rejected_and_excluded():
    values = np.zeros(512)
    values[:4], values[4:9] = 1.0, 0.95
    found = find_all(ScoreTable(values, 1.0, margin=0.1), sampler=MACHINE, seed=0, delta=1e-6)
    assert found.indices.tolist() == [0, 1, 2, 3]
    assert found.rejected.tolist() == [4, 5, 6, 7, 8]


@settings(deadline=None, max_examples=80, print_blob=True)
@given(
    st.integers(1, 70), st.integers(1, 80), st.sampled_from([0.0, 0.3]), st.sampled_from([1, 8, 10**6]),
    st.sampled_from(["queries", "rounds"]), st.integers(0, 2**32),
)  # fmt: skip
def test_top_k_equals_a_sort_with_ties_to_the_lowest_index(n, k, margin, levels, objective, seed):
    values = np.random.default_rng(seed).integers(0, levels, size=n) * 4.0 / levels
    oracle = ScoreTable(values, 0.0, margin=margin)
    found = find_all(oracle, sampler=MACHINE, k=k, delta=1e-7, seed=seed, objective=objective)
    assert np.array_equal(found.indices, best(values, k))
    assert found.miss_bound <= 1e-7


def test_top_k_misses_no_more_than_delta_and_costs_less_than_a_scan():
    trials, delta = 400, 0.3
    tables = [ScoreTable(np.random.default_rng(seed).normal(size=128), 0.0) for seed in range(trials)]
    found = searched(tables, delta, best=3)
    wrong = np.mean([not np.array_equal(f.indices, best(t.values, 3)) for f, t in zip(found, tables, strict=True)])
    assert wrong <= delta
    large = ScoreTable(np.random.default_rng(0).normal(size=2**16), 0.0)
    cost = find_all(large, sampler=MACHINE, k=3, seed=1)
    assert np.array_equal(cost.indices, best(large.values, 3))
    assert cost.queries + cost.evaluations < 2**16 / 10


def test_neighbours_save_queries_where_rows_share_their_keys():
    rng = np.random.default_rng(0)
    heavy = rng.choice(4096, size=6, replace=False)
    oracles = [MarkedSet(4096, np.union1d(heavy, rng.choice(4096, size=1))) for _ in range(16)]
    alone = find_rows(oracles, MACHINE, SearchOptions(seed=1))
    beside = find_rows(oracles, MACHINE, SearchOptions(seed=1, neighbours=True))
    for oracle, found in zip(oracles, beside, strict=True):
        assert np.array_equal(found.indices, oracle.marked_set)
    assert sum(f.queries for f in beside) < 0.9 * sum(f.queries for f in alone)
    assert sum(f.seeded for f in beside) > 0 == sum(f.seeded for f in alone)


def test_rounds_are_few():
    """With 100 shots a round, at most 3.2 rounds on average for up to 16 marked of 65,536."""
    for k in (0, 1, 4, 16):
        found = searched([random_set(2**16, k, seed) for seed in range(40)], 0.01, shots=100)
        assert np.mean([f.rounds for f in found]) <= 3.2
        assert sum(f.indices.size < k for f in found) <= 3


class Flaky:
    """A machine that is stopped in its fourth round."""

    def __init__(self):
        self.rounds = 0

    def run(self, jobs):
        self.rounds += 1
        if self.rounds == 4:
            raise KeyboardInterrupt
        return MACHINE.run(jobs)


def test_an_interrupted_search_keeps_what_it_found_and_resumes():
    oracles = [random_set(128, 5, seed) for seed in range(6)]
    saved = []
    with pytest.raises(SearchInterrupted, match="of 6 rows done") as stopped:
        find_rows(oracles, Flaky(), SearchOptions(seed=4), on_round=saved.append)
    assert isinstance(stopped.value, KeyboardInterrupt)
    assert len(saved) == 3
    assert [f.rounds for f in stopped.value.found] == [3] * 6
    text = json.dumps([row.to_dict() for row in saved[-1]])
    rows = [Row.from_dict(facts, oracle) for facts, oracle in zip(json.loads(text), oracles, strict=True)]
    resumed = [row.result() for row in run_rows(rows, MACHINE)]
    straight = find_rows(oracles, MACHINE, SearchOptions(seed=4))
    assert all(same(a, b) for a, b in zip(resumed, straight, strict=True))


def search(oracles, *, promises=None, candidates=None, first=0, **options):
    return find_rows(
        oracles, MACHINE, SearchOptions(**options), promises=promises, candidates=candidates, first=first
    )  # fmt: skip


@pytest.mark.parametrize("options", [
    {"objective": "speed"}, {"delta": 0.0}, {"delta": 1.0}, {"k": 0}, {"k": 2, "k_max": 3}, {"k_max": -1},
    {"promises": [1, 2]}, {"promises": [-1]}, {"candidates": []}, {"first": 3, "sharing": 3}, {"shots": -1},
    {"shots": 0},
])  # fmt: skip
def test_bad_options_are_refused_before_any_work(options):
    with pytest.raises(ValueError, match=r"\w"):
        search([random_set(8, 1, 0)], **options)


def test_no_rows_no_rounds():
    assert find_rows([], MACHINE) == []
