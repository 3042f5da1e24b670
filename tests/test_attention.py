"""attend(), the whole way: every method against brute force, on circuits and on exact statistics."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.primitives import StatevectorSampler

from qattn import GroverStatistics, attend
from qattn.attention import exact_attention
from qattn.classical.exact import above, top_k
from qattn.data import theorem_instance
from qattn.scores import scores

FAST = 1e-6  # allowed miss probability where a test compares with brute force


def same(found, expected) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


def instance(n_q, n, d, seed, *, integer=False, ties=False):
    rng = np.random.default_rng(seed)
    Q, K = rng.normal(size=(n_q, d)), rng.normal(size=(n, d))
    if integer:
        Q, K = np.rint(3 * Q), np.rint(3 * K)
    if ties:
        K[n // 2 :] = K[: n - n // 2]
        K[0] = 0
    return Q, K, rng.normal(size=(n, 2))


@given(
    n_q=st.integers(1, 4), n=st.integers(1, 9), d=st.integers(1, 3), seed=st.integers(0, 10**6),
    integer=st.booleans(), ties=st.booleans(), quantile=st.floats(0, 1.2),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_circuits_find_what_brute_force_finds(n_q, n, d, seed, integer, ties, quantile) -> None:
    Q, K, V = instance(n_q, n, d, seed, integer=integer, ties=ties)
    flat = np.concatenate([scores(q, K) for q in Q])
    tau = float(np.quantile(flat, min(quantile, 1))) + (1 if quantile > 1 else 0)
    result = attend(Q, K, V, tau, delta=FAST, bits=3, seed=seed)
    assert same(result.found, above(Q, K, np.full(n_q, tau)))
    assert result.miss_bound <= FAST


@given(
    n_q=st.integers(1, 6), n=st.integers(1, 40), d=st.integers(1, 6), seed=st.integers(0, 10**6),
    integer=st.booleans(), ties=st.booleans(), causal=st.booleans(), k=st.integers(0, 8),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_statistics_find_the_k_best(n_q, n, d, seed, integer, ties, causal, k) -> None:
    n_q = min(n, n_q) if causal else n_q
    Q, K, V = instance(n_q, n, d, seed, integer=integer, ties=ties)
    result = attend(Q, K, V, k=k, delta=FAST, seed=seed, causal=causal, sampler=GroverStatistics())
    expected = top_k(Q, K, k, visible=result.problem.visible) if k else [[]] * n_q
    assert same(result.found, expected)


@pytest.mark.parametrize("sampler", [None, "statevector"])
def test_a_theorem_instance_on_circuits(sampler) -> None:
    Q, K, V, tau = theorem_instance(6, 3, 2, seed=1)
    chosen = StatevectorSampler(seed=5) if sampler else None
    result = attend(Q, K, V, tau, delta=1e-3, seed=1, bits=3, sampler=chosen)
    assert same(result.found, above(Q, K, np.full(6, tau)))
    assert result.max_error() <= 2 * 0.1 * np.abs(V).max()
    assert np.allclose(result.output, attend(Q, K, V, tau, method="exact").output)


def test_causal_rows_search_their_prefix() -> None:
    Q, K, V = instance(6, 6, 2, 3)
    result = attend(Q, K, V, 0.0, delta=FAST, seed=0, causal=True, bits=3)
    assert same(result.found, above(Q, K, np.zeros(6), visible=np.arange(1, 7)))
    assert np.allclose(result.output[0], V[0]), "row 0 sees key 0 alone"


def test_negative_thresholds_everything_and_nothing_marked() -> None:
    Q, K, V = instance(2, 8, 2, 4)
    everything = attend(Q, K, V, -100.0, delta=FAST, seed=0, sampler=GroverStatistics())
    assert all(len(js) == 8 for js in everything.found)
    assert np.allclose(everything.output, exact_attention(everything.problem))
    nothing = attend(Q, K, V, 100.0, seed=0)
    assert all(len(js) == 0 for js in nothing.found)
    assert nothing.queries.sum() == 0, "the integers' range proves it without a query"


def test_same_seed_same_result_and_other_seed_other_path() -> None:
    Q, K, V = instance(4, 30, 3, 5)
    runs = [attend(Q, K, V, 1.0, seed=s, sampler=GroverStatistics(), far_field="constant") for s in (1, 1, 2)]
    assert runs[0].queries.tolist() == runs[1].queries.tolist()
    assert np.array_equal(runs[0].output, runs[1].output)
    assert same(runs[0].found, runs[2].found)


def test_promise_lets_rows_stop_early() -> None:
    Q, K, V, tau = theorem_instance(64, 9, 1, seed=2)
    free = attend(Q, K, V, tau, seed=0, sampler=GroverStatistics())
    promised = attend(Q, K, V, tau, k=1, seed=0, sampler=GroverStatistics())
    assert same(free.found, promised.found)
    assert promised.queries.sum() < free.queries.sum()
    assert "promise" in promised.report()
    assert promised.broken_promises == free.broken_promises == []
    assert "promise" not in free.report()


def words(result):
    return " ".join(result.report().split())


def test_a_broken_promise_is_said_where_the_run_has_seen_it() -> None:
    K = np.array([[1.0]] * 5 + [[0.0]] * 59)
    Q = np.array([[1.0], [-1.0], [1.0]])
    run = attend(Q, K, K, 0.5, k=2, sampler=GroverStatistics(), seed=0, objective="rounds")  # rounds find several
    assert [js.size > 2 for js in run.found] == [True, False, True]
    assert run.broken_promises == json.loads(run.to_json())["broken_promises"] == [0, 2]
    assert "the promise is broken" in words(run)
    assert "row 0, 2" in words(run)
    assert "at most 5 keys a row at or above tau (promised: 2)" in words(run)
    assert attend(Q, K, K, 0.5, sampler=GroverStatistics(), seed=0).broken_promises == []
    assert attend(Q, K, K, 0.5, k=5, method="exact").broken_promises == []
    assert attend(Q, K, K, 0.5, k=4, method="exact").broken_promises == [0, 2]


def test_a_key_drawn_for_the_far_field_can_break_the_promise_too() -> None:
    K = np.ones((40, 1))
    run = attend(np.ones((1, 1)), K, K, 0.5, k=1, sampler=GroverStatistics(), seed=0, far_field="constant")
    assert run.found[0].size == 1
    assert run.broken_promises == [0]


def test_a_promise_broken_unseen_is_never_called_certain() -> None:
    """tau = -5 marks everything and k = 1 stops at the first: no "probability 0", no "at most 1 keys"."""
    run = attend(np.eye(8)[:3], np.eye(8), np.eye(8), -5, k=1, sampler=GroverStatistics(), seed=0)
    assert [js.size for js in run.found] == [1, 1, 1]
    assert 0 < run.miss_bound <= 0.01
    assert "promised: |S_i| <= k = 1 (Definition 1.2). The search relied on it" in words(run)
    assert "at most 8 keys a row at or above tau (promised: 1)" in words(run)
    assert "conditions do not hold" in words(run)
    assert "inf" not in words(run)
    assert "-0," not in words(run)


def test_halfspace_by_products_reports_all_pairs() -> None:
    Q, K, V = instance(5, 30, 3, 6)
    run = attend(Q, K, V, 1.0, method="halfspace")
    assert run.evaluations.tolist() == [30] * 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "magic"}, "method"),
        ({"far_field": "zero"}, "far_field"),
        ({"delta": 0}, "delta"),
        ({"samples": 0}, "samples"),
    ],
)
def test_bad_options(options, message) -> None:
    with pytest.raises(ValueError, match=message):
        attend(np.eye(2), np.eye(2), np.eye(2), 0.5, **options)


@pytest.mark.parametrize("method", ["grover", "exact", "halfspace"])
@pytest.mark.parametrize("tau", [None, 0.5])
def test_no_keys_wanted_is_no_work(method: str, tau: float | None) -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(3, 2)), rng.normal(size=(6, 2)), rng.normal(size=(6, 2))
    result = attend(Q, K, V, tau, k=0, method=method, sampler=GroverStatistics() if method == "grover" else None)
    assert all(js.size == 0 for js in result.found)
    assert result.queries.sum() == result.evaluations.sum() == 0
    np.testing.assert_allclose(result.output, np.broadcast_to(V.mean(axis=0), (3, 2)))
