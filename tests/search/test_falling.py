"""The schedule of top-k: no path of falling counts is missed with more than the bound, whatever the pivots."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from qattn.search import falling
from qattn.search.falling import FallingSchedule
from qattn.search.posterior import prior
from qattn.search.protocols import ScoreTable
from qattn.search.rotation import hit_probability
from qattn.search.rounds import run_rows
from qattn.search.row import start_row
from qattn.search.statistics import GroverStatistics


def worst(schedule, t, known=None):
    """The largest chance to stop with anything unknown, whatever counts a rising threshold skips.

    At a pivot any number of the t indices may be marked, and a miss there may bring one of the others to light.
    """
    known = {} if known is None else known
    if schedule.done:
        return float(t > 0)
    if t == 0:
        return 0.0
    if (schedule, t) not in known:
        [(m, _)] = schedule.next()
        miss, hit = schedule.observe(((m, 1),), (0,), 0), schedule.observe(((m, 1),), (1,), 1)
        above = schedule.pivot is not None
        found = max(worst(hit, s, known) for s in range(t))
        unseen = max(worst(miss, s, known) for s in range(0 if above else t, t + 1))
        chances = [hit_probability(schedule.n, s, m) for s in range(0 if above else t, t + 1)]
        known[schedule, t] = max((1 - p) * unseen + (p * found if p > 0 else 0.0) for p in chances)
    return known[schedule, t]


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
    assert row.schedule.left == FallingSchedule.start(10, 9, 0.2, best=1).left
    assert max(worst(row.schedule, t) for t in range(4)) <= 0.2


@pytest.fixture
def eager(monkeypatch):
    """Pivots wherever k indices may reach them, kept while anything may be left there."""
    monkeypatch.setattr(falling, "LIKELY", 0.05)
    monkeypatch.setattr(falling, "EMPTY", 0.9)
    monkeypatch.setattr(falling, "RARE", 1)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize(("n", "best", "delta"), [(8, 3, 0.3), (7, 3, 0.5), (9, 6, 0.4)])
def test_no_pivot_adds_to_the_bound(n, best, delta):
    start = FallingSchedule.start(n, n - best, delta, best=best, drawn=True)
    assert start.pivot is not None
    chances = [worst(start, t) for t in range(n - best + 1)]
    assert max(chances) <= start.miss_bound + 1e-12
    assert max(chances) == pytest.approx(start.miss_bound, abs=1e-12), "and the worst path still meets every count"


@pytest.mark.usefixtures("eager")
def test_misses_at_a_pivot_are_no_evidence(monkeypatch):
    """The false versions: a search that ends at its pivot, and one that goes on with the runs that are left."""
    start = FallingSchedule.start(8, 5, 0.3, best=3, drawn=True)
    monkeypatch.setattr(FallingSchedule, "settled", lambda self: replace(self, pivot=None))
    assert max(worst(start, t) for t in range(6)) > 2 * start.miss_bound
    monkeypatch.setattr(FallingSchedule, "_kept", lambda self: self)
    assert max(worst(start, t) for t in range(6)) > 0.9


def searches(n, k, count, **options):
    """Top-k searches over random scores: their rows at the end, and how many miss an index."""
    rows, wrong = [], 0
    for seed in range(count):
        values = np.random.default_rng((n, k, seed)).permutation(n).astype(float)
        [row] = run_rows([start_row(0, 100 * seed, ScoreTable(values, 0.0), best=k, **options)], GroverStatistics())
        rows.append(row)
        wrong += row.result().indices.tolist() != np.flatnonzero(values >= n - k).tolist()
    return rows, wrong


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("shots", [1, 20])
def test_searches_with_pivots_miss_as_seldom_as_they_say(shots):
    rows, wrong = searches(40, 8, 400, delta=0.1, shots=shots)
    assert all(row.result().ended in ("certified", "exhausted") for row in rows)
    assert sum(row.schedule.spent > 0 for row in rows) > 100, "most went back from a pivot"
    assert binomtest(wrong, len(rows), 0.1, alternative="greater").pvalue > 1e-3


@pytest.mark.usefixtures("eager")
def test_searches_that_end_at_a_pivot_miss_more(monkeypatch):
    monkeypatch.setattr(FallingSchedule, "_kept", lambda self: self)
    wrong = searches(40, 8, 100, delta=0.1)[1]
    assert binomtest(wrong, 100, 0.1, alternative="greater").pvalue < 1e-6


def test_pivots_save_queries_and_circuits(monkeypatch):
    rows, wrong = searches(1024, 16, 40, delta=0.01)
    monkeypatch.setattr(falling, "LIKELY", 2.0)  # no score is likely enough
    plain, wrong_plain = searches(1024, 16, 40, delta=0.01)
    assert wrong <= 2 >= wrong_plain
    assert sum(row.queries for row in rows) < 0.97 * sum(row.queries for row in plain)
    assert sum(row.rounds for row in rows) < 0.6 * sum(row.rounds for row in plain)
    assert sum(len(row.scores) for row in rows) < 0.7 * sum(len(row.scores) for row in plain)


def test_where_k_is_a_large_part_of_n_there_are_no_pivots():
    small, large = (FallingSchedule.start(256, 256 - k, 0.01, best=k, drawn=True) for k in (16, 17))
    assert small.pivoting
    assert (large.pivoting, large.pivot) == (False, None)
    assert large.belief != prior(239), "what random keys tell of the start it knows all the same"


def test_few_rounds_are_fewer_with_pivots(monkeypatch):
    rows = searches(1024, 8, 20, delta=0.01, shots=100)[0]
    monkeypatch.setattr(falling, "LIKELY", 2.0)
    plain = searches(1024, 8, 20, delta=0.01, shots=100)[0]
    assert sum(row.rounds for row in rows) < sum(row.rounds for row in plain)


def test_after_a_find_from_elsewhere_there_are_no_pivots():
    """Candidates may be the best there are: how many are better than the others known, they do not tell."""
    start = FallingSchedule.start(1024, 1008, 0.01, best=16, drawn=True)
    assert start.pivot is not None
    assert start.observe(((1, 1),), (1,), 1).pivot is not None
    told = start.observe((), (), 5)
    assert (told.pivot, told.belief, told.left) == (None, prior(1008), start.left)
    for found in (1, 1, 0, 1):
        told = told.observe(((1, 1),), (found,), found)
        assert told.pivot is None
    seeded = FallingSchedule.start(1024, 1008, 0.01, best=16)
    assert (seeded.pivot, seeded.belief) == (None, prior(1008))
    assert start_row(0, 1, ScoreTable(np.arange(64.0), 0.0), 0.1, best=8, candidates=[1]).schedule.pivot is None


def test_the_bound_does_not_shrink_with_the_finds():
    schedule = FallingSchedule.start(64, 40, 0.05, best=3)
    bound = schedule.miss_bound
    assert 0.03 < bound <= 0.05
    assert schedule.observe((), (), 7).miss_bound == bound
    assert schedule.observe((), (), 40).miss_bound == bound, "searches like it may have stopped before"
    assert FallingSchedule.start(3, 0, 0.05, best=3).miss_bound == 0


@pytest.mark.parametrize("shots", [1, 100])
def test_a_schedule_survives_a_file(shots):
    schedule = FallingSchedule.start(300, 200, 0.03, shots=shots, best=3, drawn=True)
    assert schedule.pivot is not None
    for _ in range(3):
        runs = schedule.next()
        schedule = schedule.observe(runs, [1] + [0] * (len(runs) - 1), 1)
    again = FallingSchedule.from_dict(json.loads(json.dumps(schedule.to_dict())))
    assert again == schedule
    assert again.next() == schedule.next()


def test_a_schedule_saved_before_there_were_pivots_goes_on_without():
    schedule = FallingSchedule.start(300, 200, 0.03, best=5)
    facts = {k: v for k, v in schedule.to_dict().items() if k not in ("pivoting", "pivot", "spent")}
    again = FallingSchedule.from_dict(json.loads(json.dumps(facts)))
    assert again == schedule
    assert again.observe(((1, 1),), (1,), 1).pivot is None


@pytest.mark.parametrize(
    ("n", "k_max", "delta", "shots", "best"), [(4, 5, 0.1, 1, 1), (4, 4, 0.1, 0, 1), (4, 4, 0.1, 1, 0)]
)
def test_numbers_out_of_range_are_refused(n, k_max, delta, shots, best):
    with pytest.raises(ValueError, match="="):
        FallingSchedule.start(n, k_max, delta, shots=shots, best=best)
