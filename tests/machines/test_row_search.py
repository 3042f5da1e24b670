"""The search of all rows of a call: whole, in chunks, stopped and resumed, the same sets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from qattn import GroverStatistics, attend
from qattn.data import load_head
from qattn.encoding.precision import choose_precision
from qattn.machines.ran import Ran
from qattn.machines.row_search import Interrupted, RowSearch, search_rows
from qattn.oracles.rows import compile_rows
from qattn.problem import ProblemError, make_problem
from qattn.result import accounts
from qattn.search.protocols import SearchOptions


@pytest.mark.parametrize("options", [{"k": 3}, {"tau": 1.0}, {"tau": 1.0, "objective": "rounds"}], ids=str)
@pytest.mark.parametrize("after", [0, 1, 7])
def test_resumed_from_the_error_its_state_or_a_file_it_ends_the_same(
    after: int, options, tmp_path: Path, stops
) -> None:
    Q, K, V = load_head("L4H2", 64)
    arguments = {"far_field": "constant", "seed": 4, **options}
    whole = attend(Q[:9], K, V, sampler=GroverStatistics(), **arguments)
    if whole.accounts.rounds <= after:
        pytest.skip("ends in fewer rounds")
    with pytest.raises(Interrupted, match="of 9 rows done") as stopped:
        attend(Q[:9], K, V, sampler=stops(after), **arguments)
    stopped.value.save(tmp_path / "deep" / "state.json")
    assert set(stopped.value.done) == {row.number for row in stopped.value.rows if row.done}
    for resume in (stopped.value, stopped.value.state, tmp_path / "deep" / "state.json"):
        again = attend(Q[:9], K, V, sampler=GroverStatistics(), resume=resume, **arguments)
        assert np.array_equal(again.output, whole.output)
        assert np.array_equal(again.queries, whole.queries)
        assert all(np.array_equal(a, b) for a, b in zip(again.found, whole.found, strict=True))


def test_a_file_of_another_problem_or_half_a_file_is_refused(tmp_path: Path, stops) -> None:
    Q, K, V = load_head("L4H2", 64)
    with pytest.raises(Interrupted) as stopped:
        attend(Q[:4], K, V, k=2, sampler=stops(1), seed=0)
    path = tmp_path / "state.json"
    stopped.value.save(path)
    calls = [((Q[:4], K, V), {"k": 3}), ((Q[1:5], K, V), {"k": 2}), ((Q[:4], 2 * K, V), {"k": 2}),
             ((Q[:4], K, V), {"k": 2, "delta": 0.02}), ((Q[:3], K, V), {"k": 2})]  # fmt: skip
    for arrays, options in calls:
        with pytest.raises(ValueError, match="another problem or other options"):
            attend(*arrays, sampler=GroverStatistics(), resume=path, **options)
    text = path.read_text()
    for broken in (text[: len(text) // 2], "[]", "", text.replace("schedule", "x", 1)):
        path.write_text(broken)
        with pytest.raises(ValueError, match="resume"):
            attend(Q[:4], K, V, k=2, sampler=GroverStatistics(), resume=path, seed=0)


def small(n_q: int = 3, n: int = 13) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    return rng.integers(-4, 4, (n_q, 2)), rng.integers(-4, 4, (n, 2))


def test_chunks_of_workers_change_nothing() -> None:
    Q, K = small(12, 30)
    problem = make_problem(Q, K, np.ones((30, 1)), 3.0)
    rows = compile_rows(problem, choose_precision(problem.Q, problem.K, problem.tau, None))
    search = RowSearch(rows, SearchOptions(seed=2, sharing=12, delta=1e-6), GroverStatistics())
    here = search_rows(search)
    with ThreadPoolExecutor(2) as pool:
        there = search_rows(search, executor=pool)
        with pytest.raises(ProblemError, match="leave executor out"):
            search_rows(search, executor=pool, resume={})
    assert [(f.indices.tolist(), f.queries) for f in here] == [(f.indices.tolist(), f.queries) for f in there]
    assert [f.indices.tolist() for f in here] == [np.flatnonzero(K @ q >= 3).tolist() for q in Q]
    bill = accounts(here, search.searches, Ran("statistics", 7))
    assert bill.queries.tolist() == [f.queries for f in here]
    assert 0 < bill.miss_bound <= 1e-6
    assert bill.evaluations.sum() == sum(f.evaluations + f.seeded for f in here)
