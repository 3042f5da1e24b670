"""One row: what it checks, counts, excludes, and carries through a file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from qattn.search import falling
from qattn.search.plan import falling_plan
from qattn.search.protocols import MarkedSet, ScoreTable, SearchOptions
from qattn.search.rounds import next_round, run_rows, start_rows
from qattn.search.row import Row, kth_best, start_row
from qattn.search.statistics import GroverStatistics


def measured(row, *indices):
    """The row after a round of one-shot runs that measured these indices."""
    jobs = row.jobs()
    return row.observe(jobs, [np.array([j]) for j in indices[: len(jobs)]])


def test_members_extras_and_misses_are_told_apart():
    values = np.zeros(64)
    values[[3, 5]], values[9] = 2.0, 0.95
    row = start_row(0, 1, ScoreTable(values, 1.0, margin=0.1), 0.01)
    for j, known in ((3, [3]), (9, [3, 9]), (20, [3, 9]), (5, [3, 5, 9]), (3, [3, 5, 9])):
        row = measured(row, j)
        assert list(row.excluded) == known
        assert all(job.excluded == row.excluded for job in row.jobs())
    found = row.result()
    assert found.indices.tolist() == [3, 5]
    assert found.rejected.tolist() == [9]
    assert found.evaluations == 4  # index 3 was checked once
    assert found.rounds == 5
    assert (found.ended, found.miss_bound) == ("interrupted", 1.0)


def test_queries_are_iterations_times_shots_and_nothing_else():
    """A tally kept by the machine's side: every job's iterations, once per shot."""
    for shots in (1, 7):
        row = start_row(0, 1, MarkedSet(64, np.array([3, 5])), 0.01, shots=shots)
        tally = 0
        while not row.done:
            jobs = row.jobs()
            tally += sum(job.iterations * job.shots for job in jobs)
            row = row.observe(jobs, [np.zeros(job.shots, dtype=np.int64) for job in jobs])
        assert row.result().queries == tally > 0


def test_a_find_restarts_the_plan_and_a_known_index_does_not():
    row = measured(start_row(0, 1, MarkedSet(64, np.array([3, 5])), 0.01), 3)
    fresh = len(row.schedule.left)
    row = measured(row, 3)
    assert len(row.schedule.left) == fresh - 1
    assert row.schedule.found == 1


def test_noise_beyond_the_last_index_is_a_miss():
    row = measured(start_row(0, 1, MarkedSet(5, np.array([3])), 0.01), 7)
    assert row.result().evaluations == 0
    assert row.rounds == 1


def test_everything_checked_ends_the_search():
    row = start_row(0, 1, MarkedSet(2, np.array([1])), 1e-9)
    row = measured(measured(row, 0), 1)
    assert row.ended == "exhausted"
    assert row.result().miss_bound == row.schedule.miss_bound <= 1e-9, "said before the search, not after it"


def test_the_promise_counts_members_not_extras():
    values = np.zeros(32)
    values[3], values[9] = 2.0, 0.95
    row = start_row(0, 1, ScoreTable(values, 1.0, margin=0.1), 0.01, k_max=1)
    row = measured(row, 9)
    assert not row.done
    row = measured(row, 3)
    assert row.ended == "promise"
    assert 0 < row.result().miss_bound <= 0.01


def test_a_promise_shortens_the_plan_only_where_exactly_the_members_are_marked():
    exact = start_row(0, 1, MarkedSet(1024, np.array([3])), 0.01, k_max=2)
    loose = start_row(0, 1, ScoreTable(np.zeros(1024), 1.0, margin=0.1), 0.01, k_max=2)
    assert exact.schedule.k_max == 2
    assert loose.schedule.k_max == 1024
    assert start_row(0, 1, loose.oracle, 0.01, k_max=0).ended == "promise"


def test_candidates_are_checked_once_and_counted_apart():
    row = start_row(0, 1, MarkedSet(64, np.array([3, 5])), 0.01, candidates=[5, 8, 5, 70, -1])
    assert row.excluded == (5,)
    assert row.schedule.found == 0
    row = row.offer([3, 8])
    assert row.excluded == (3, 5)
    assert row.schedule.found == 1
    found = row.result()
    assert (found.seeded, found.evaluations, found.queries) == (3, 0, 0)
    assert row.offer([3, 8]).result().seeded == 3


def test_top_k_raises_its_threshold_and_drops_what_it_no_longer_marks():
    values = np.arange(16.0)
    row = start_row(0, 1, ScoreTable(values, -np.inf, margin=1.5), 0.01, best=2, candidates=[4, 7])
    assert row.oracle.tau == 4
    assert row.excluded == (4, 7)
    row = measured(row, 12)
    assert row.oracle.tau == 7
    assert row.excluded == (7, 12)
    row = measured(row, 6)  # within the margin below: known, excluded, not a member
    assert row.oracle.tau == 7
    assert row.excluded == (6, 7, 12)
    assert row.result().indices.tolist() == [7, 12]
    assert row.result().rejected.tolist() == [6]


def test_top_k_starts_from_k_distinct_indices_of_its_own_seed():
    starts = [start_row(i, seed, ScoreTable(np.arange(40.0), 0.0), 0.01, best=30) for i, seed in enumerate((1, 1, 2))]
    assert all(len(row.scores) == 30 for row in starts)
    assert starts[0].scores == starts[1].scores
    assert starts[0].scores != starts[2].scores


def test_ties_rank_by_index():
    row = start_row(0, 1, ScoreTable(np.ones(6), 0.0), 0.01, best=2, candidates=range(6))
    assert row.result().indices.tolist() == [0, 1]
    assert kth_best({4: 1.0, 2: 3.0, 9: 3.0}, 2) == 3.0


@pytest.mark.parametrize("best", [None, 3])
def test_a_row_survives_a_file(best):
    oracle = ScoreTable(np.sin(np.arange(50.0)), 0.5, margin=0.05)
    row = start_row(4, 77, oracle, 0.01, best=best, candidates=[1, 2])
    for j in (8, 20, 14):
        row = measured(row, j)
    again = Row.from_dict(json.loads(json.dumps(row.to_dict())), oracle)
    assert again.oracle.tau == row.oracle.tau
    assert [(job.iterations, job.excluded, job.seed) for job in again.jobs()] == [
        (job.iterations, job.excluded, job.seed) for job in row.jobs()
    ]
    assert again.to_dict() == row.to_dict()


def test_the_start_of_a_top_k_search_tells_nothing_of_its_first_job() -> None:
    """Random keys at the start and the first job's samples come from streams of their own."""

    def first_numbers(seed: int) -> tuple[float, float]:
        row = start_row(0, seed, ScoreTable(np.arange(4096.0), 0.0), 0.01, best=1)
        [start] = row.scores
        return start, float(np.random.default_rng(row.jobs()[0].seed).integers(4096))

    starts, jobs = np.array([first_numbers(seed) for seed in range(400)]).T
    assert abs(np.corrcoef(starts, jobs)[0, 1]) < 0.2  # 4 standard deviations
    assert np.mean(starts == jobs) < 0.02


def at_pivot(values, best, seed=1, **options):
    """A top-k row that starts above the k-th best of the random indices it knows."""
    row = start_row(0, seed, ScoreTable(values, -np.inf, **options), 0.01, best=best)
    assert row.schedule.pivot is not None
    assert row.oracle.tau == kth_best(row.scores, row.schedule.pivot) > kth_best(row.scores, best)
    return row


def test_back_from_a_pivot_the_oracle_knows_what_was_measured_below_it():
    """Known indices between the two thresholds are excluded again, those a miss brought to light at the pivot too."""
    values = np.random.default_rng(0).permutation(512).astype(float)
    row = at_pivot(values, 8, margin=1.5)
    below = next(
        j for j in range(512) if j not in row.scores and kth_best(row.scores, 8) < values[j] < row.oracle.tau - 2
    )
    row = measured(row, below)
    assert below in row.scores
    assert below not in row.excluded
    assert row.schedule.found == 0, "not marked at the pivot: no find"
    known = next(iter(row.excluded))
    while row.schedule.pivot is not None:
        row = measured(row, known)  # a sampler that repeats itself
    assert row.oracle.tau == kth_best(row.scores, 8)
    assert below in row.excluded
    assert set(row.excluded) == {j for j in row.scores if values[j] >= row.oracle.tau - 1.5}
    assert row.schedule.left == falling_plan(512, 504, 0.008), "no run at the pivot is evidence"
    assert all(job.excluded == row.excluded for job in row.jobs())


def test_an_index_measured_again_is_no_find_at_a_pivot_nor_after():
    values = np.random.default_rng(1).permutation(512).astype(float)
    row = at_pivot(values, 8)
    new = next(j for j in range(512) if j not in row.scores and values[j] > row.oracle.tau)
    once = measured(row, new)
    for _ in range(100):
        if once.done:
            break
        once = measured(once, new)
    assert once.done, "a dead machine ends the search, with a plan of misses at the k-th best score"
    assert once.schedule.found == 1
    assert len(once.scores) == 9


@pytest.mark.parametrize("best", [1, 4, 11, 12, 40])
@pytest.mark.parametrize("kind", ["equal", "two values", "ties at the end", "distinct"])
def test_ties_and_every_k_end_with_the_best(kind, best, monkeypatch):
    monkeypatch.setattr(falling, "RARE", 1)
    rng = np.random.default_rng(best)
    values = {
        "equal": np.ones(12),
        "two values": rng.permutation([1.0] * 6 + [0.0] * 6),
        "ties at the end": np.maximum(rng.permutation(np.arange(12.0)), 6.0),
        "distinct": rng.random(12),
    }[kind]
    order = sorted(range(12), key=lambda j: (-values[j], j))[:best]
    for seed in range(20):
        [row] = run_rows([start_row(0, 50 * seed, ScoreTable(values, 0.0), 1e-6, best=best)], GroverStatistics())
        assert row.result().indices.tolist() == sorted(order)
        assert row.result().tau == values[order[-1]]
        assert row.schedule.pivot is None


def test_a_pivot_that_ties_with_the_kth_best_is_none():
    row = start_row(0, 1, ScoreTable(np.ones(4096), 0.0), 0.01, best=16)
    assert row.schedule.pivot is None
    assert row.schedule.left == falling_plan(4096, 4080, 0.008)


def test_one_key_alone():
    row = start_row(0, 1, ScoreTable(np.zeros(1), 0.0), 0.01, best=3)
    assert row.done
    assert row.result().indices.tolist() == [0]


def test_stopped_at_a_pivot_the_threshold_is_that_of_the_kth_best():
    row = at_pivot(np.random.default_rng(2).permutation(512).astype(float), 8)
    found = row.result()
    assert (found.ended, found.miss_bound) == ("interrupted", 1.0)
    assert found.tau == kth_best(row.scores, 8)
    assert found.rejected.size == 0


def test_a_row_at_its_pivot_survives_a_file_after_every_round():
    values = np.random.default_rng(3).permutation(512).astype(float)
    oracle, machine = ScoreTable(values, 0.0), GroverStatistics()
    row = start_row(4, 77, oracle, 0.01, best=8)
    again, pivots = row, set()
    while not row.done:
        pivots.add(row.schedule.pivot)
        again = Row.from_dict(json.loads(json.dumps(again.to_dict())), oracle)
        jobs, same = row.jobs(), again.jobs()
        row, again = row.observe(jobs, machine.run(jobs)), again.observe(same, machine.run(same))
        assert again.to_dict() == row.to_dict()
    assert len(pivots) > 2


def test_what_rows_beside_found_is_offered_once():
    """Neighbours are told of new finds, not of old ones that the oracle knows again below a pivot."""
    values = np.random.default_rng(4).permutation(512).astype(float)
    rows = tuple(start_row(i, 1000 * i, ScoreTable(values, 0.0), 1e-3, best=8) for i in range(4))
    seeded = [row.seeded for row in rows]
    while not all(row.done for row in rows):
        before, rows = rows, next_round(rows, GroverStatistics(), neighbours=True)
        for i, (old, new) in enumerate(zip(before, rows, strict=True)):
            beside = set().union(
                *(set(rows[j].scores) - set(before[j].scores) for j in (i - 1, i, i + 1) if 0 <= j < 4)
            )
            assert set(new.scores) - set(old.scores) <= beside
    best = np.flatnonzero(values >= 504).tolist()
    assert all(row.result().indices.tolist() == best for row in rows)
    assert [row.seeded for row in rows] != seeded


@pytest.mark.parametrize("most", [0, 3, 40])
def test_a_search_with_many_extras_more_than_members_is_given_up(most: int) -> None:
    values = np.where(np.arange(64) < 40, 1.0, 0.0)
    values[:2] = 2.0
    oracle = ScoreTable(values, tau=1.5, margin=1.0)  # 2 members, 38 extras
    rows = start_rows([oracle], SearchOptions(loose=0.2, most_extras=most, seed=1))
    [found] = [row.result() for row in run_rows(rows, GroverStatistics())]
    if most == 40:
        assert found.ended == "certified"
        assert found.rejected.size == 38
        return
    assert found.ended == "extras"
    assert found.miss_bound == 1.0
    assert most < found.rejected.size - found.indices.size <= most + 1


def test_extras_end_nothing_where_a_search_proves() -> None:
    for wrong in ({"most_extras": 3}, {"most_extras": -1, "loose": 0.5}):
        with pytest.raises(ValueError, match="most_extras"):
            SearchOptions(**wrong)
