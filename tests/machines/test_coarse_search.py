"""A search in two stages: the sets of one, whatever the first stage marks; its account; stopped and resumed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from qattn import GroverStatistics, SparseSampler, attend
from qattn.attention import grover_sets
from qattn.data import load_head
from qattn.encoding.precision import Precision
from qattn.machines.coarse_search import FIRST, LOOSE, coarse_stage, search_coarse, told
from qattn.machines.row_search import Interrupted, RowSearch
from qattn.oracles.rows import Rows, coarsened, compile_rows
from qattn.problem import ProblemError, make_problem
from qattn.search.protocols import SearchOptions


def instance(n: int = 64, d: int = 4, n_q: int = 6, k: int = 5, *, bits: int = 5, seed: int = 0) -> tuple[Rows, list]:
    """Rows over random integer keys at the threshold that k of them reach, and the keys that do."""
    rng = np.random.default_rng(seed)
    Q, K = rng.integers(-9, 10, (n_q, d)).astype(float), rng.integers(-15, 16, (n, d)).astype(float)
    tau = -np.sort(-(Q @ K.T), axis=1)[:, k - 1]
    rows = compile_rows(make_problem(Q, K, K, tau), Precision(bits, None, k, 0, 0))
    return rows, [np.flatnonzero(s >= t) for s, t in zip(Q @ K.T, tau, strict=True)]


def telling(rows: Rows, what: str) -> Rows:
    """Coarse rows that tell the truth about, nothing, everything, or something else."""
    coarse = coarsened(rows, 3)
    order = np.random.default_rng(5).permutation(coarse.keys.n)
    if what == "shuffled":
        return replace(coarse, keys=replace(coarse.keys, X=coarse.keys.X[order]))
    T = {"nothing": lambda code: code.high + 1, "everything": lambda code: code.low}.get(what)
    return coarse if T is None else replace(coarse, codes=tuple(replace(c, T=T(c)) for c in coarse.codes))


@pytest.mark.parametrize("groups", [(), ((0, 3), (1, 2, 4), (5,))], ids=["rows", "blocks"])
@pytest.mark.parametrize("what", ["truth", "shuffled", "nothing", "everything"])
def test_the_sets_are_right_whatever_the_first_stage_marks(what: str, groups) -> None:
    rows, wanted = instance()
    search = RowSearch(rows, SearchOptions(seed=2, sharing=6), GroverStatistics(), groups=groups)
    first = coarse_stage(search, telling(rows, what))
    before, found = search_coarse(first, search)
    for together, one in zip(search.searches, found, strict=True):
        for i, share in zip(together, one.by_row(), strict=True):
            assert share.indices.tolist() == wanted[i].tolist()
    alone = search.run(range(len(search.searches)))
    assert [one.miss_bound for one in found] == [one.miss_bound for one in alone]  # the proof is the second stage's
    ends = {one.ended for one in before}
    assert ends == {"extras"} if what == "everything" else "extras" not in ends or what == "shuffled"
    assert all(one.miss_bound == 1 for one in before if one.ended == "extras")
    saves = sum(one.queries for one in found) < 0.8 * sum(one.queries for one in alone)
    assert saves == (what == "truth"), "only what says something of the keys may spare queries"
    if what == "nothing":
        assert sum(one.evaluations for one in found) > 25
        assert not told(search, before).any()


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6), n=st.integers(1, 40), d=st.integers(1, 4), coarse=st.integers(1, 4),
    ranked=st.booleans(), block=st.sampled_from([1, 2, "auto"]), causal=st.booleans(), whole=st.booleans(),
)  # fmt: skip
def test_attend_in_two_stages_equals_brute_force(seed, n, d, coarse, ranked, block, causal, whole) -> None:
    rng = np.random.default_rng(seed)
    K, Q = rng.normal(size=(n, d)), rng.normal(size=(min(n, 4), d))
    if whole:
        K, Q = np.rint(2 * K), np.rint(2 * Q)  # ties
    scores = np.array([[np.dot(q, key) for key in K] for q in Q])
    k, tau = int(rng.integers(1, n + 1)), float(np.quantile(scores, 0.7))
    told = {"k": k} if ranked else {"tau": tau}
    options = {"block": block, "causal": causal, "delta": 1e-9, "seed": seed, "coarse": coarse}
    result = attend(Q, K, K, **told, **options, sampler=GroverStatistics())
    one = attend(Q, K, K, **told, method="exact", causal=causal)
    assert [js.tolist() for js in result.found] == [js.tolist() for js in one.found]
    assert result.accounts.coarse_queries <= result.queries.sum()


@pytest.mark.parametrize("options", [{"tau": 9.0}, {"k": 2}, {"tau": 9.0, "block": 3}, {"k": 2, "block": 3}], ids=str)
@pytest.mark.parametrize("sampler", [None, SparseSampler(seed=3)], ids=["aer", "sparse"])
def test_both_stages_run_as_circuits(options, sampler) -> None:
    rng = np.random.default_rng(1)
    Q, K = rng.integers(-3, 4, (3, 2)).astype(float), rng.integers(-7, 8, (8, 2)).astype(float)
    result = attend(Q, K, K, **options, bits=4, rank="all", sampler=sampler, coarse=2, seed=1)
    exact = attend(Q, K, K, **options, method="exact")
    assert [js.tolist() for js in result.found] == [js.tolist() for js in exact.found]


def test_a_row_misses_no_more_often_than_it_may_and_the_first_stage_alone_does() -> None:
    rows, [wanted] = instance(n_q=1, k=1)
    runs, delta, bound = 400, 0.1, 0.0
    missed = {"first": 0, "second": 0}
    for seed in range(runs):
        search = RowSearch(rows, SearchOptions(delta=delta, seed=seed), GroverStatistics())
        [before], [found] = search_coarse(coarse_stage(search, coarsened(rows, 4)), search)
        missed["first"] += before.indices.size < wanted.size
        missed["second"] += found.indices.size < wanted.size
        bound = found.miss_bound
    assert binom.sf(missed["second"] - 1, runs, bound) > 1e-3
    assert binom.sf(missed["first"] - 1, runs, bound) < 1e-6, "a first stage that proved something would show nothing"


def test_the_stages_draw_other_random_numbers() -> None:
    rows, _ = instance()
    search = RowSearch(rows, SearchOptions(seed=7), GroverStatistics())
    first = coarse_stage(search, coarsened(rows, 2))
    assert first.options.loose == LOOSE
    assert first.options.seed.spawn_key == (FIRST,)
    states = [one.states(range(6)) for one in (first, search)]
    assert not {row.seed for row in states[0]} & {row.seed for row in states[1]}
    assert [row.seed for row in coarse_stage(search, coarsened(rows, 2)).states(range(6))] == [
        r.seed for r in states[0]
    ]


def test_the_account_counts_what_was_scored_once() -> None:
    rows, _ = instance()
    search = RowSearch(rows, SearchOptions(seed=3), GroverStatistics())
    first = coarse_stage(search, coarsened(rows, 3))
    before, found = search_coarse(first, search)
    sets, account = grover_sets(search, coarse=first.rows)
    assert [js.tolist() for js in sets] == [one.indices.tolist() for one in found]
    report = attend(rows.problem.Q, rows.problem.K, rows.problem.K, k=4, coarse=2, sampler=GroverStatistics(), seed=1)
    words = f"{report.accounts.coarse_queries} of the queries were those of a first stage"
    assert words in report.report()
    assert report.to_dict()["coarse_queries"] == report.accounts.coarse_queries > 0
    assert account.coarse_queries == sum(one.queries for one in before) > 0
    assert account.queries.tolist() == [a.queries + b.queries for a, b in zip(before, found, strict=True)]
    assert account.evaluations.tolist() == [a.evaluations + b.evaluations for a, b in zip(before, found, strict=True)]
    assert not account.seeded.any()
    assert [one.seeded for one in found] == told(search, before).tolist()
    assert account.rounds == max(one.rounds for one in before) + max(one.rounds for one in found)


@pytest.mark.parametrize("options", [{"k": 3}, {"tau": 1.0, "block": 3}], ids=str)
def test_stopped_in_either_stage_it_goes_on_to_the_same_end(options, tmp_path: Path, stops) -> None:
    Q, K, V = load_head("L4H2", 64)
    arguments = {"far_field": "constant", "seed": 4, "coarse": 2, **options}
    whole = attend(Q[:9], K, V, sampler=GroverStatistics(), **arguments)
    stages = set()
    for after in (0, 9, whole.accounts.rounds // 2, whole.accounts.rounds - 1):
        with pytest.raises(Interrupted) as stopped:
            attend(Q[:9], K, V, sampler=stops(after), **arguments)
        stages.add(bool(stopped.value.state["rows"]))
        assert stopped.value.proven == bool(stopped.value.state["rows"])
        stopped.value.save(tmp_path / "state.json")
        for resume in (stopped.value, tmp_path / "state.json"):
            again = attend(Q[:9], K, V, sampler=GroverStatistics(), resume=resume, **arguments)
            assert np.array_equal(again.output, whole.output)
            assert np.array_equal(again.queries, whole.queries)
            assert np.array_equal(again.evaluations, whole.evaluations)
    assert stages == {False, True}
    for other in ({"coarse": None}, {"coarse": 3}, {"delta": 0.5}):
        with pytest.raises(ProblemError, match="resume"):
            attend(Q[:9], K, V, sampler=GroverStatistics(), resume=tmp_path / "state.json", **{**arguments, **other})


@pytest.mark.parametrize("options", [{"coarse": 2}, {"proof": "matrix"}], ids=str)
def test_stopped_between_the_stages_nothing_is_lost(options, monkeypatch) -> None:
    Q, K, V = load_head("L4H2", 64)
    arguments = {"tau": 1.0, "seed": 4, "sampler": GroverStatistics(), "far_field": "constant", **options}
    whole = attend(Q[:6], K, V, **arguments)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("qattn.machines.coarse_search._known", stop)
        patch.setattr("qattn.machines.row_search.matrix_oracle", stop)
        with pytest.raises(Interrupted) as stopped:
            attend(Q[:6], K, V, **arguments)
    assert not stopped.value.done
    again = attend(Q[:6], K, V, **arguments, resume=stopped.value)
    assert np.array_equal(again.output, whole.output)
    assert np.array_equal(again.queries, whole.queries)


def test_a_state_cut_to_pieces_is_refused(stops) -> None:
    Q, K, V = load_head("L4H2", 64)
    with pytest.raises(Interrupted) as stopped:
        attend(Q[:3], K, V, k=2, coarse=2, sampler=stops(2), seed=1)
    state = stopped.value.state
    for broken in ({**state, "coarse": None}, {**state, "coarse": {}}, {**state, "coarse": 3}, {"format": "x"}, {}):
        with pytest.raises(ProblemError, match="resume"):
            attend(Q[:3], K, V, k=2, coarse=2, sampler=GroverStatistics(), seed=1, resume=broken)


def test_over_workers_it_ends_the_same() -> None:
    Q, K, V = load_head("L4H2", 64)
    one = attend(Q[:12], K, V, k=3, coarse=2, sampler=GroverStatistics(), seed=4)
    with ThreadPoolExecutor(2) as executor:
        many = attend(Q[:12], K, V, k=3, coarse=2, sampler=GroverStatistics(), seed=4, executor=executor)
    assert np.array_equal(one.queries, many.queries)
    assert np.array_equal(one.evaluations, many.evaluations)
    assert one.accounts.coarse_queries == many.accounts.coarse_queries


@pytest.mark.parametrize("coarse", [0, -1, 13, 2.0, True, "2"])
def test_what_are_no_bits_is_refused(coarse) -> None:
    with pytest.raises(ProblemError, match="coarse = "):
        attend([[1.0]], [[1.0], [2.0]], [[1.0], [2.0]], k=1, coarse=coarse)


@pytest.mark.parametrize("options", [{"method": "exact"}, {"proof": "matrix"}, {"oracle": "truth_table"}], ids=str)
def test_what_it_does_not_go_with_is_refused(options) -> None:
    with pytest.raises(ProblemError, match="coarse = 2 goes with"):
        attend([[1.0], [2.0]], [[1.0], [2.0]], [[1.0], [2.0]], tau=1.5, coarse=2, **options)
