"""attend(block=): one search for several rows, against brute force, and what it says and saves."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from qattn import GroverStatistics, SparseSampler, ThresholdOracle, attend, attend_heads
from qattn.classical.exact import above, top_k
from qattn.data import load_head
from qattn.machines.row_search import Interrupted
from qattn.oracles.block import BlockOracle
from qattn.resources.blocks import search_queries
from qattn.resources.logical import QRAM
from qattn.scores import scores
from qattn.search import falling
from qattn.search.block import BlockRow, start_blocks
from qattn.search.plan import falling_plan
from qattn.search.protocols import Job, MarkedSet, SearchOptions
from qattn.search.rounds import find_rows, run_rows

FAST = 1e-6  # allowed miss probability where a test compares with brute force
STATISTICS = GroverStatistics()


def same(found, expected) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


def instance(n_q, n, d, seed, *, kind="normal", ties=False):
    rng = np.random.default_rng(seed)
    Q, K = rng.normal(size=(n_q, d)), rng.normal(size=(n, d))
    if kind == "integer":
        Q, K = np.rint(3 * Q), np.rint(3 * K)
    elif kind == "huge":
        Q, K = Q * 10.0 ** rng.integers(-20, 145, (n_q, 1)), K * 1e150
    elif kind == "tiny":
        Q, K = Q * 10.0 ** rng.integers(-160, -150, (n_q, 1)), K * 1e-160
    elif kind == "alike":
        Q = Q[:1] + 0.01 * Q
    if ties:
        K[n // 2 :] = K[: n - n // 2]
        Q[n_q // 2 :] = Q[: n_q - n_q // 2]
        K[0] = Q[0] = 0
    return Q, K, rng.normal(size=(n, 2))


KINDS = st.sampled_from(["normal", "integer", "huge", "tiny", "alike"])


@given(
    n_q=st.integers(1, 9), n=st.integers(1, 40), d=st.integers(1, 5), seed=st.integers(0, 10**6), kind=KINDS,
    ties=st.booleans(), prefixes=st.sampled_from(["all", "causal", "any"]), k=st.integers(0, 8),
    block=st.sampled_from([2, 3, 4, 8]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_k_best(n_q, n, d, seed, kind, ties, prefixes, k, block) -> None:
    n_q = min(n, n_q) if prefixes == "causal" else n_q
    Q, K, V = instance(n_q, n, d, seed, kind=kind, ties=ties)
    visible = np.random.default_rng(seed).integers(1, n + 1, n_q) if prefixes == "any" else None
    result = attend(
        Q, K, V, k=k, delta=FAST, seed=seed, causal=prefixes == "causal", visible=visible, sampler=STATISTICS,
        block=block,
    )  # fmt: skip
    assert same(result.found, top_k(Q, K, k, visible=result.problem.visible) if k else [[]] * n_q)
    assert result.miss_bound <= FAST
    assert result.accounts.block <= block


@given(
    n_q=st.integers(1, 9), n=st.integers(1, 40), d=st.integers(1, 5), seed=st.integers(0, 10**6), kind=KINDS,
    ties=st.booleans(), quantile=st.floats(0, 1.2), promised=st.booleans(), block=st.sampled_from([2, 3, 4, 8, "auto"]),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_a_threshold_for_each_row(n_q, n, d, seed, kind, ties, quantile, promised, block) -> None:
    """Members, none, or all of the keys; with the promise of as many as the fullest row holds."""
    Q, K, V = instance(n_q, n, d, seed, kind=kind, ties=ties)
    rng = np.random.default_rng(seed)
    visible = rng.integers(1, n + 1, n_q)
    tau = np.array([np.quantile(scores(q, K[:m]), min(1, quantile * rng.random())) for q, m in zip(Q, visible)])  # noqa: B905
    tau = tau + np.abs(tau) * (quantile > 1)
    expected = above(Q, K, tau, visible=visible)
    most = max(map(len, expected)) if promised else None
    form = {"lookup": "select_swap", "arithmetic": "carry_save"}
    result = attend(
        Q, K, V, tau, k=most, visible=visible, delta=FAST, seed=seed, sampler=STATISTICS, block=block, **form
    )
    assert same(result.found, expected)
    assert result.miss_bound <= FAST
    assert (result.evaluations <= visible).all(), "no pair is scored twice"
    assert result.broken_promises == []


@pytest.mark.parametrize("options", [{"k": 3}, {"tau": 1.0}, {"tau": 1.0, "k": 40}, {"k": 2, "causal": True}])
@pytest.mark.parametrize("block", [4, "auto"])
def test_on_whole_circuits(options, block) -> None:
    Q, K, V = instance(9, 40, 4, 3)
    result = attend(Q, K, V, **options, sampler=SparseSampler(), block=block, delta=FAST, seed=0)
    tau = np.full(9, options.get("tau", 0.0))
    visible = result.problem.visible
    best = above(Q, K, tau, visible=visible) if "tau" in options else top_k(Q, K, options["k"], visible=visible)
    assert same(result.found, best)
    assert result.accounts.simulator == "sparse"
    assert result.accounts.gates > 100
    assert result.accounts.block > 1
    assert f"blocks of {result.accounts.block} rows" in " ".join(result.report().split())


def test_on_aer() -> None:
    Q, K, V = instance(4, 7, 2, 5)
    result = attend(Q, K, V, k=2, bits=2, block=2, delta=1e-3, seed=0)
    assert same(result.found, top_k(Q, K, 2))
    assert (result.accounts.simulator, result.accounts.block) == ("aer", 2)
    auto = attend(Q, K, V, k=2, bits=2, block="auto", delta=1e-3, seed=0)
    assert auto.accounts.block == 1
    assert "loads the keys anew" in auto.accounts.why
    assert "loads the keys anew" in " ".join(auto.report().split())


def test_the_account_adds_up() -> None:
    """A block's queries are divided among its rows, evaluations are those of each row, the bound is the blocks'."""
    Q, K, V = instance(10, 200, 4, 2)
    alone, result = (attend(Q, K, V, k=4, sampler=STATISTICS, seed=1, block=block) for block in (1, 5))
    assert same(result.found, alone.found)
    assert result.queries.sum() < alone.queries.sum()
    assert result.evaluations.sum() > alone.evaluations.sum(), "a measured key is scored in all rows"
    assert len(set(result.evaluations)) <= 2, "rows of a block, which similarity makes, are scored alike"
    assert result.queries.max() - result.queries.min() <= result.queries.sum() // 5
    assert 0 < result.miss_bound <= 0.01
    assert json.loads(result.to_json())["block"] == 5


def test_auto_blocks_where_loads_are_dear_and_not_with_a_qram() -> None:
    Q, K, V = (x[:24] if i == 0 else x for i, x in enumerate(load_head("L4H2", 64)))
    options = {"k": 4, "sampler": STATISTICS, "block": "auto", "arithmetic": "carry_save", "bits": 6, "seed": 0}
    chosen = {name: attend(Q, K, V, lookup=name, **options) for name in ("select_swap", "bucket_brigade", QRAM)}
    sizes = [run.accounts.block for run in chosen.values()]
    assert sizes[1] > 1
    assert sizes[1] >= sizes[0], "the dearer the load, the more rows share it"
    assert sizes[2] == 1
    assert "no block of rows is predicted to cost less" in chosen[QRAM].accounts.why
    assert all(same(run.found, top_k(Q, K, 4)) for run in chosen.values())


@pytest.mark.parametrize("block", [0, -1, 2.5, "all", True, None])
def test_bad_blocks(block) -> None:
    if block is True:
        assert attend(np.eye(2), np.eye(2), np.eye(2), 0.5, block=True, sampler=STATISTICS).accounts.block == 1
        return
    with pytest.raises(ValueError, match="block = "):
        attend(np.eye(2), np.eye(2), np.eye(2), 0.5, block=block, sampler=STATISTICS)


def test_blocks_are_of_arithmetic_oracles() -> None:
    with pytest.raises(ValueError, match="oracle = 'arithmetic'"):
        attend(np.eye(2), np.eye(2), np.eye(2), 0.5, block=2, oracle="truth_table")


def test_chunks_and_neighbours() -> None:
    Q, K, V = instance(40, 60, 3, 4)
    options = {"k": 3, "sampler": STATISTICS, "seed": 2, "delta": FAST, "block": 2}
    whole = attend(Q, K, V, **options)
    with ThreadPoolExecutor(2) as pool:
        chunked = attend(Q, K, V, **options, executor=pool)
    assert same(whole.found, chunked.found)
    assert whole.queries.tolist() == chunked.queries.tolist()
    beside = attend(Q, K, V, **options, neighbours=True)
    assert same(beside.found, whole.found)
    assert beside.accounts.seeded.sum() > 0
    assert beside.queries.sum() < whole.queries.sum()


@pytest.mark.parametrize("options", [{"k": 3}, {"tau": 0.7}])
@pytest.mark.parametrize("rounds", [0, 1, 7, 20])
def test_stopped_and_resumed(options, rounds, tmp_path, stops) -> None:
    Q, K, V = instance(7, 60, 3, 4)
    visible = [60, 60, 20, 20, 3, 60, 41]
    options = {**options, "block": 3, "seed": 5, "visible": visible, "delta": 1e-3}
    straight = attend(Q, K, V, **options, sampler=STATISTICS)
    with pytest.raises(Interrupted) as stopped:
        attend(Q, K, V, **options, sampler=stops(rounds))
    for i, js in stopped.value.done.items():
        assert js == straight.found[i].tolist()
    stopped.value.save(tmp_path / "state.json")
    resumed = attend(Q, K, V, **options, sampler=STATISTICS, resume=tmp_path / "state.json")
    assert same(resumed.found, straight.found)
    assert resumed.queries.tolist() == straight.queries.tolist()
    with pytest.raises(ValueError, match="another problem or other options"):
        attend(Q, K, V, **{**options, "block": 2}, sampler=STATISTICS, resume=tmp_path / "state.json")


def blocks(count: int, n: int, d: int, R: int) -> tuple[list[BlockOracle], list[list[np.ndarray]]]:
    rng = np.random.default_rng(0)
    made, rows_scores = [], []
    for _ in range(count):
        K, Q = rng.integers(-4, 4, (n, d)), rng.integers(-4, 4, (R, d))
        made.append(BlockOracle(tuple(ThresholdOracle.from_row(q, K, 0, bits=3) for q in Q)))
        rows_scores.append([K @ q for q in Q])
    return made, rows_scores


def test_misses_are_as_rare_as_stated(monkeypatch) -> None:
    """300 blocks at delta = 0.2 each: as many wrong ones as the bound allows; a plan cut short misses far more."""
    made, rows_scores = blocks(300, 48, 3, 3)

    def wrong(rows: tuple[BlockRow, ...]) -> int:
        misses = 0
        for row, own in zip(run_rows(rows, STATISTICS), rows_scores, strict=True):
            best = [np.sort(np.lexsort((np.arange(s.size), -s))[:2]) for s in own]
            misses += not same(row.result().sets, best)
        return misses

    start = start_blocks(made, SearchOptions(k=2, delta=0.2, sharing=1000, seed=3), first=0)
    allowed = start[0].schedule.miss_bound
    assert allowed < 2e-4
    assert wrong(start) == 0
    tight = [start_blocks([oracle], SearchOptions(k=2, delta=0.2, seed=i))[0] for i, oracle in enumerate(made)]
    misses = wrong(tuple(tight))
    assert binom.sf(misses - 1, len(made), 0.2) > 1e-3
    monkeypatch.setattr(falling, "falling_plan", lambda *given: falling_plan(*given)[-2:])
    short = [start_blocks([oracle], SearchOptions(k=2, delta=0.2, seed=i))[0] for i, oracle in enumerate(made)]
    assert binom.sf(wrong(tuple(short)) - 1, len(made), 0.2) < 1e-3


def test_queries_are_predicted() -> None:
    """What "auto" reckons with is within a tenth of simulated searches."""
    for n, t in ((256, 0), (256, 4), (1024, 16), (1024, 64)):
        sets = [MarkedSet(n, np.random.default_rng(i).permutation(n)[:t]) for i in range(40)]
        found = find_rows(sets, STATISTICS, SearchOptions(delta=0.4, seed=1))
        assert search_queries(n, t, 0.01).queries == pytest.approx(np.mean([f.queries for f in found]), rel=0.1)


class Deaf:
    """A machine that never measures what is marked: the null test."""

    def run(self, jobs):
        return [np.array([self.unmarked(job)] * job.shots) for job in jobs]

    def unmarked(self, job: Job) -> int:
        return int(np.setdiff1d(np.arange(job.oracle.n), job.oracle.marked_set)[0])


def test_a_dead_machine_finds_nothing() -> None:
    Q, K, V = instance(8, 60, 3, 4)
    expected = above(Q, K, np.full(8, 2.0))
    assert sum(map(len, expected)) > 10
    found = attend(Q, K, V, 2.0, sampler=Deaf(), block=4, seed=0).found
    assert sum(map(len, found)) == 0


def test_heads_that_share_keys() -> None:
    """Grouped-query attention: four heads on two sets of keys, causal; the rows of a token share a search."""
    rng = np.random.default_rng(0)
    Q = rng.normal(size=(2, 3, 10, 4)) * 0.1 + rng.normal(size=(2, 1, 10, 4))
    K, V = rng.normal(size=(2, 1, 10, 4)), rng.normal(size=(2, 1, 10, 3))
    padding = np.ones((2, 1, 1, 10), dtype=bool)
    padding[1, ..., 8:] = False
    options = {"k": 2, "mask": padding, "causal": True, "delta": FAST, "seed": 0, "sampler": STATISTICS}
    alone, together = (attend_heads(Q, K, V, **options, block=block) for block in (1, 3))
    assert len(alone.parts) == 6
    assert len(together.parts) == 2
    assert [part.result.accounts.block for part in together.parts] == [3, 3]
    np.testing.assert_allclose(together.output, alone.output)
    for head in np.ndindex(2, 3):
        assert same(together.found[head], alone.found[head])
    assert together.queries.shape == together.evaluations.shape == (2, 3, 10)
    assert together.queries.sum() < alone.queries.sum()
    assert together.miss_bound <= FAST
    assert "6 heads of 10 rows; 60 rows see a key, in 2 searches" in together.report()
    tau = rng.normal(size=(2, 3, 10)) + 0.5
    del options["k"]
    found = attend_heads(Q, K, V, tau, **options, block=3).found
    plain = attend_heads(Q, K, V, tau, **options).found
    assert all(same(found[head], plain[head]) for head in plain)
