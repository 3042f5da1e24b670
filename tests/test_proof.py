"""attend(proof="matrix"): the same sets as brute force, on statistics and on gates, resumed, and what it says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn import GroverStatistics, SparseSampler, attend, attend_heads
from qattn.classical.exact import above
from qattn.machines.row_search import Interrupted

STATISTICS = GroverStatistics()
FAST = 1e-6


def same(found, expected) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


def instance(n_q, n, d, seed, kind="normal"):
    rng = np.random.default_rng(seed)
    Q, K = rng.normal(size=(n_q, d)), rng.normal(size=(n, d))
    if kind == "integer":
        Q, K = np.rint(3 * Q), np.rint(3 * K)
    elif kind == "huge":
        Q, K = Q * 10.0 ** rng.integers(-20, 145, (n_q, 1)), K * 1e150
    elif kind == "tiny":
        Q, K = Q * 10.0 ** rng.integers(-160, -150, (n_q, 1)), K * 1e-160
    elif kind == "ties":
        K[n // 2 :] = K[: n - n // 2]
        K[0] = Q[0] = 0
    return Q, K, rng.normal(size=(n, 2))


@given(
    n_q=st.integers(1, 9), n=st.integers(1, 30), d=st.integers(1, 4), seed=st.integers(0, 10**6),
    kind=st.sampled_from(["normal", "integer", "huge", "tiny", "ties"]), quantile=st.sampled_from([0, 0.5, 0.9, 1, 2]),
    prefixes=st.booleans(), block=st.sampled_from([1, 3]), gates=st.booleans(),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_all_pairs_at_or_above_are_found(n_q, n, d, seed, kind, quantile, prefixes, block, gates) -> None:
    """Nothing marked and everything marked included; on gates, every oracle is executed on all of its indices."""
    Q, K, V = instance(n_q, n, d, seed, kind)
    visible = np.random.default_rng(seed).integers(1, n + 1, n_q) if prefixes else np.full(n_q, n)
    S = Q @ K.T
    tau = np.quantile(S, min(quantile, 1), axis=1) + (quantile > 1) * (1 + np.abs(S).max(axis=1))
    sampler = SparseSampler() if gates and n_q * n < 64 else STATISTICS
    run = attend(Q, K, V, tau, visible=visible, proof="matrix", block=block, sampler=sampler, delta=FAST, seed=seed)
    assert same(run.found, above(Q, K, tau, visible=visible))
    assert run.miss_bound <= FAST
    assert run.accounts.proof_queries <= run.queries.sum()


def test_every_gate_of_every_iterate() -> None:
    """The literal sampler runs whole Grover circuits over the pairs."""
    Q, K, V = instance(3, 5, 2, 0, "integer")
    tau = np.sort(Q @ K.T, axis=1)[:, -1]
    run = attend(Q, K, V, tau, proof="matrix", sampler=SparseSampler(literal=True), bits=3, delta=0.1, seed=0)
    told = attend(Q, K, V, tau, proof="matrix", sampler=STATISTICS, bits=3, delta=0.1, seed=0)
    assert run.accounts.proof_queries > 0
    assert told.accounts.proof_queries > 0
    assert all(set(js) <= set(all_of) for js, all_of in zip(run.found, above(Q, K, tau), strict=True))


def test_without_a_sampler_it_runs_on_our_simulator_and_says_what_it_took() -> None:
    Q, K, V = instance(12, 16, 3, 2)
    tau = np.sort(Q @ K.T, axis=1)[:, -1]
    run = attend(Q, K, V, tau, proof="matrix", seed=3)
    assert run.accounts.simulator == "sparse"
    assert run.to_dict()["proof_queries"] == run.accounts.proof_queries > 0
    assert f"{run.accounts.proof_queries} of the queries searched all pairs" in run.report()
    rows = attend(Q, K, V, tau, seed=3, sampler=SparseSampler())
    assert rows.accounts.proof_queries == 0
    assert "searched all pairs" not in rows.report()
    assert run.accounts.qubits > rows.accounts.qubits, "registers are multiplied"


def test_same_seed_same_result_whatever_the_workers() -> None:
    Q, K, V = instance(20, 40, 3, 1)
    tau = np.sort(Q @ K.T, axis=1)[:, -2]
    arguments = {"proof": "matrix", "sampler": STATISTICS, "seed": 8}
    runs = [attend(Q, K, V, tau, **arguments) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        runs.append(attend(Q, K, V, tau, executor=pool, **arguments))
    for run in runs[1:]:
        assert same(run.found, runs[0].found)
        assert np.array_equal(run.queries, runs[0].queries)
        assert np.array_equal(run.evaluations, runs[0].evaluations)


@pytest.mark.parametrize("block", [1, 4])
def test_resumed_from_any_round_it_ends_the_same(block: int, tmp_path, stops) -> None:
    """In the rows' search and in that of the pairs; nothing counts as proven until all is."""
    Q, K, V = instance(9, 24, 3, 4)
    tau = np.sort(Q @ K.T, axis=1)[:, -2]
    arguments = {"proof": "matrix", "seed": 4, "block": block}
    whole = attend(Q, K, V, tau, sampler=STATISTICS, **arguments)
    rounds, pairs = whole.accounts.rounds, 0
    for after in sorted({*range(0, rounds, 4), rounds - 1}):
        with pytest.raises(Interrupted) as stopped:
            attend(Q, K, V, tau, sampler=stops(after), **arguments)
        assert stopped.value.done == {}
        pairs += "pairs" in stopped.value.state
        path = tmp_path / "state.json"
        stopped.value.save(path)
        for resume in (stopped.value, path):
            again = attend(Q, K, V, tau, sampler=STATISTICS, resume=resume, **arguments)
            assert same(again.found, whole.found)
            assert np.array_equal(again.queries, whole.queries)
            assert np.array_equal(again.evaluations, whole.evaluations)
    assert 0 < pairs < rounds
    with pytest.raises(ValueError, match="another problem or other options"):
        attend(Q, K, V, tau, sampler=STATISTICS, resume=path, seed=4, block=block)
    text = path.read_text()
    path.write_text(text.replace('"pairs"', '"pears"'))
    attend(Q, K, V, tau, sampler=STATISTICS, resume=path, **arguments)  # the rows are there: the pairs start anew
    at = text.index('"pairs"')
    path.write_text(text[:at] + text[at:].replace("schedule", "x", 1))
    with pytest.raises(ValueError, match="resume is damaged"):
        attend(Q, K, V, tau, sampler=STATISTICS, resume=path, **arguments)


def test_a_lookup_of_its_own_choice() -> None:
    Q, K, V = instance(4, 8, 2, 0)
    run = attend(Q, K, V, 0.5, proof="matrix", lookup="unary", arithmetic="ripple", delta=FAST, seed=1)
    assert run.accounts.simulator == "sparse"
    assert same(run.found, above(Q, K, np.full(4, 0.5)))


def test_rounds_of_many_shots_of_few_iterations() -> None:
    Q, K, V = instance(6, 32, 3, 5)
    tau = np.sort(Q @ K.T, axis=1)[:, -2]
    run = attend(
        Q, K, V, tau, proof="matrix", sampler=STATISTICS, objective="rounds", longest=4, delta=FAST, seed=2
    )  # fmt: skip
    assert same(run.found, above(Q, K, tau))
    assert run.accounts.rounds < 12


def test_rows_that_are_empty_from_the_start_need_no_proof_and_a_promise_that_is_kept_is_no_certainty() -> None:
    """As for rows: the bound is of the procedure, not of how this run ended."""
    Q, K, V = instance(4, 8, 2, 0)
    nothing = attend(Q, K, V, 1e6, proof="matrix", sampler=STATISTICS, seed=1)
    assert (nothing.miss_bound, nothing.accounts.proof_queries, nothing.queries.sum()) == (0, 0, 0)
    tau = np.sort(Q @ K.T, axis=1)[:, -1]
    for seed in range(5):
        kept = attend(Q, K, V, tau, k=1, proof="matrix", sampler=STATISTICS, seed=seed)
        assert 0 < kept.miss_bound <= 0.01


def test_heads_take_it() -> None:
    rng = np.random.default_rng(0)
    Q, K, V = (rng.normal(size=(2, 10, 3)) for _ in range(3))
    run = attend_heads(Q, K, V, 2.0, proof="matrix", sampler=STATISTICS, delta=FAST, seed=1)
    for head in range(2):
        assert same(run.found[(head,)], above(Q[head], K[head], np.full(10, 2.0)))


@pytest.mark.parametrize(
    ("options", "message"),
    [({"proof": "all", "tau": 1.0}, "choose one of rows, matrix"), ({"proof": "matrix", "k": 2}, "no threshold"),
     ({"proof": "matrix", "tau": 1.0, "method": "exact"}, "method = 'grover'"),
     ({"proof": "matrix", "tau": 1.0, "oracle": "truth_table"}, "look keys up")],
)  # fmt: skip
def test_what_it_refuses(options, message) -> None:
    Q, K, V = instance(3, 6, 2, 0)
    with pytest.raises(ValueError, match=message):
        attend(Q, K, V, sampler=STATISTICS, **options)
