"""Max-IP by thresholds equals brute force, in the rounds that halving takes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qattn import maxip
from qattn.classical import exact
from qattn.maxip import METHODS, PairOracle, find_any, max_inner_product
from qattn.search.statistics import GroverStatistics

CLASSICAL = ("halfspace", "exact")


def best(A, B):
    return max(float(exact.scores(a, B).max()) for a in A)


def check(A, B, method, **options):
    result = max_inner_product(A, B, method, **options)
    i, j = result.pair
    assert result.value == best(A, B)
    assert exact.scores(A[i], B[j : j + 1])[0] == result.value
    return result


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("n", "d", "ones"), [(64, 8, 0.5), (300, 20, 0.2), (500, 64, 0.1), (50, 1, 0.5), (40, 33, 1.0)]
)
def test_binary_vectors(method, n, d, ones):
    rng = np.random.default_rng(n)
    A, B = (rng.random((2, n, d)) < ones).astype(float)
    result = check(A, B, method, seed=1)
    assert result.rounds <= math.log2(d) + 2


@pytest.mark.parametrize("method", CLASSICAL)
def test_binary_vectors_at_full_size(method):
    rng = np.random.default_rng(4096)
    A, B = (rng.random((2, 4096, 32)) < 0.15).astype(float)
    result = max_inner_product(A, B, method)
    assert result.value == max(float((A[start : start + 512] @ B.T).max()) for start in range(0, 4096, 512))
    assert result.rounds <= math.log2(32) + 2
    assert result.queries == 0


def test_grover_at_full_size_searches_all_pairs_at_once():
    """n^2 pairs, O(n) queries a round; the search misses with at most the probability it states."""
    rng = np.random.default_rng(7)
    n, d = 4096, 16
    A, B = (rng.random((2, n, d)) < 0.1).astype(float)
    result = max_inner_product(A, B, "grover", delta=1e-3, seed=2)
    assert result.value == max(float((A[start : start + 512] @ B.T).max()) for start in range(0, n, 512))
    assert result.rounds <= math.log2(d) + 2
    assert result.miss_bound <= 1e-3
    assert 0 < result.queries < 12 * n * result.rounds  # 32 runs of n/4 iterations where a round finds nothing
    assert max_inner_product(A, B, "grover", delta=1e-3, seed=2) == result


@settings(deadline=None, max_examples=60, print_blob=True)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 6), st.integers(0, 2**32 - 1), st.sampled_from(CLASSICAL))
@example(1, 1, 1, 22, "halfspace")  # the pair scores -reach: the whole range has to be halved
def test_any_vectors(n_a, n_b, d, seed, method):
    rng = np.random.default_rng(seed)
    kinds = [
        lambda m: rng.normal(size=(m, d)),
        lambda m: rng.integers(-3, 4, (m, d)).astype(float),
        lambda m: np.zeros((m, d)),
        lambda m: -np.abs(rng.normal(size=(m, d))),
        lambda m: rng.normal(size=(m, d)) * 10.0 ** rng.integers(-140, 140),
    ]
    A, B = kinds[rng.integers(5)](n_a), kinds[rng.integers(5)](n_b)
    result = check(A, B, method)
    assert result.rounds <= 26 or np.all(np.rint(A) == A)


def test_negative_integers_only():
    result = check(-np.ones((3, 4)), np.ones((5, 4)) + np.eye(5, 4), "halfspace")
    assert result.value == -4
    assert result.pair[1] == 4


def test_grover_on_real_vectors():
    rng = np.random.default_rng(11)
    for trial in range(10):
        A, B = rng.normal(size=(2, 40, 5))
        result = check(A, B, "grover", delta=1e-6, seed=trial)
        assert result.rounds <= 26
        assert result.miss_bound <= 1e-6


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (2, 2), (5, 3)])
def test_a_search_that_finds_nothing_is_right_as_often_as_it_says(shape):
    """Every count t of marked pairs: at delta = 1/4 the search misses in at most a quarter of 300 attempts."""
    n, rng = shape[0] * shape[1], np.random.default_rng(3)
    for t in range(n + 1):
        scores = rng.permutation(np.arange(n) < t).astype(float)
        oracle = PairOracle(np.eye(shape[0]), scores.reshape(shape).T, 0.5)  # <e_i, B_j> = scores[i, j]
        replies = [find_any(oracle, GroverStatistics(), 0.25, rng) for _ in range(300)]
        missed = sum(not reply.rows.size for reply in replies)
        assert missed == 300 if t == 0 else missed <= 300 * 0.25 + 30
        assert all(reply.miss_bound <= 0.25 for reply in replies)


@pytest.fixture
def searches(monkeypatch):
    """The replies of every search a call makes, and the chance to miss each was given."""
    made = []

    def watched(oracle, machine, delta, rng):
        made.append((find_any(oracle, machine, delta, rng), delta))
        return made[-1][0]

    monkeypatch.setattr(maxip, "find_any", watched)
    return made


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("delta", [0.3, 1e-3])
def test_the_bound_is_the_sum_over_all_searches_also_those_that_found_something(searches, whole, delta):
    rng = np.random.default_rng(5)
    for seed in range(8):
        A, B = rng.normal(size=(2, 20, 4)) * 3
        A, B = (np.rint(A), np.rint(B)) if whole else (A, B)
        searches.clear()
        result = max_inner_product(A, B, "grover", delta=delta, seed=seed)
        assert len(searches) >= result.rounds
        assert any(reply.rows.size for reply, _ in searches)
        assert all(0.75 * share < reply.miss_bound <= share for reply, share in searches)
        assert result.miss_bound == pytest.approx(sum(reply.miss_bound for reply, _ in searches), rel=1e-12)
        assert result.miss_bound <= delta


def test_a_last_round_that_chains_searches_counts_them_all(searches):
    A = np.linspace(1, 1 + 1e-9, 200)[:, None]  # all within the last interval: the last round climbs
    result = max_inner_product(A, np.ones((1, 1)), "grover", delta=0.01, seed=0)
    assert result.value == A.max()
    assert len(searches) - (result.rounds - 1) >= 3
    assert result.miss_bound == pytest.approx(sum(reply.miss_bound for reply, _ in searches), rel=1e-12)
    assert result.miss_bound <= sum(share for _, share in searches) <= 0.01


@pytest.mark.parametrize("seed", range(3))
def test_calls_miss_no_more_than_they_state(seed):
    """At delta = .9, 60 calls on a table whose best pair stands alone."""
    rng = np.random.default_rng(seed)
    A, B = rng.integers(-2, 3, (2, 12, 3)).astype(float)
    A[4], B[7] = 3, 3
    runs = [max_inner_product(A, B, "grover", delta=0.9, seed=100 * seed + trial) for trial in range(60)]
    missed = sum(run.value < 27 for run in runs)
    assert missed <= 60 * 0.9
    for bound in sorted({run.miss_bound for run in runs}):
        assert sum(run.value < 27 and run.miss_bound <= bound for run in runs) <= 60 * bound + 12


def test_the_pairs_are_searchable():
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(6, 3)), rng.normal(size=(9, 3))
    oracle = PairOracle(A, B, 0.7)
    table = np.concatenate([exact.scores(a, B) for a in A])
    assert oracle.n == 54
    np.testing.assert_array_equal(oracle.marked_set, np.flatnonzero(table >= 0.7))
    np.testing.assert_array_equal(oracle.score([3, 50]), table[[3, 50]])
    assert oracle.score(7).shape == ()
    np.testing.assert_array_equal(oracle.at(-1.0).marks(np.arange(54)), table >= -1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: max_inner_product(np.ones((2, 3)), np.ones((2, 2))), r"\(2, 3\).*\(2, 2\)"),
        (lambda: max_inner_product(np.ones((0, 3)), np.ones((2, 3))), "not empty"),
        (lambda: max_inner_product([[np.inf]], [[1.0]]), "finite"),
        (lambda: max_inner_product([[1e200]], [[1e200]]), "overflow"),
        (lambda: max_inner_product([[1.0]], [[1.0]], "lsh"), "'lsh'"),
    ],
)
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_class_in_place_of_a_machine_is_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"GroverStatistics\(\)"):
        max_inner_product(rng.normal(size=(40, 4)), rng.normal(size=(50, 4)), machine=GroverStatistics)
