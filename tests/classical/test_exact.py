"""Scores do not depend on their company; thresholds and ranks are decided on them and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qattn.scores as module
from qattn.classical import exact
from qattn.scores import scores, scores_at


def reference(q, K):
    """The definition, one float operation at a time."""
    values = []
    for key in K.tolist():
        total = q[0] * key[0]
        for x, y in zip(q[1:], key[1:], strict=True):
            total += x * y
        values.append(total)
    return np.array(values)


@st.composite
def instances(draw):
    """Small instances with ties, duplicates, zero vectors and d = 1."""
    n, n_q, d = draw(st.integers(1, 30)), draw(st.integers(1, 6)), draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["normal", "integer", "tiny", "huge", "mixed"]))
    Q, K = rng.normal(size=(n_q, d)), rng.normal(size=(n, d))
    if kind == "integer":
        Q, K = rng.integers(-2, 3, (n_q, d)) * 0.1, rng.integers(-2, 3, (n, d)) * 0.1
    elif kind == "tiny":
        Q, K = Q * 1e-200, K * 1e-120
    elif kind == "huge":
        Q, K = Q * 1e200, K * 1e120
    elif kind == "mixed":
        K = K * 10.0 ** rng.integers(-150, 150, K.shape)
    if n > 3:
        K[n // 2], K[-1] = K[0], 0.0
    return Q, K, rng.integers(0, n + 1, n_q), rng


@pytest.mark.parametrize("d", [1, 2, 7, 8, 9, 64, 129, 1000])
def test_scores_are_the_sum_in_order_whatever_the_company(d):
    rng = np.random.default_rng(d)
    q, K = rng.normal(size=d), rng.normal(size=(200, d))
    whole = scores(q, K)
    np.testing.assert_array_equal(whole, reference(q.tolist(), K))
    subset = rng.permutation(200)[:17]
    np.testing.assert_array_equal(whole[subset], scores(q, K[subset]))
    np.testing.assert_array_equal(whole[5:6], scores(q, K[5:6]))
    np.testing.assert_array_equal(whole, scores(q, np.asfortranarray(K)))
    np.testing.assert_array_equal(whole[::-3], scores(q, K[::-3]))
    narrow = K.astype(np.float32)
    np.testing.assert_array_equal(scores(q, narrow), scores(q, narrow.astype(np.float64)))
    assert scores(q.astype(np.float32), narrow).dtype == np.float64


def test_scores_across_blocks(monkeypatch):
    rng = np.random.default_rng(0)
    q, K = rng.normal(size=5), rng.normal(size=(1001, 5))
    whole = scores(q, K)
    monkeypatch.setattr(module, "CACHE", 5 * 37)
    np.testing.assert_array_equal(whole, scores(q, K))


@pytest.mark.parametrize("d", [1, 2, 9, 64])
def test_pairs_score_the_same_compiled_and_not(d, monkeypatch):
    rng = np.random.default_rng(d)
    Q, K = rng.normal(size=(30, d)), rng.normal(size=(70, d))
    table = np.array([scores(q, K) for q in Q])
    for size in (0, 1, 2, 3, 5, 8, 2001):
        rows, columns = rng.integers(0, 30, size), rng.integers(0, 70, size)
        with monkeypatch.context() as patch:
            module.compiled_pairs.cache_clear()
            plain = scores_at(Q, rows, K, columns)
            patch.setattr(module, "LARGE", 0)
            compiled = scores_at(Q, rows, K, columns)
        np.testing.assert_array_equal(plain, table[rows, columns])
        np.testing.assert_array_equal(compiled, table[rows, columns])
    assert scores_at(Q.astype(np.float32), [1], K, [2])[0] == scores(Q[1].astype(np.float32), K[2:3])[0]


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
@settings(deadline=None, max_examples=200, print_blob=True)
@given(instances(), st.sampled_from([1, 16, 1 << 20]))
def test_above_decides_on_scores_alone(instance, block):
    Q, K, visible, rng = instance
    every = [scores(q, K) for q in Q]
    tau = np.array([rng.choice(row) for row in every])  # a threshold that some key meets exactly
    before, exact.BLOCK = exact.BLOCK, block
    try:
        found, seen = exact.above(Q, K, tau), exact.above(Q, K, tau, visible=visible)
    finally:
        exact.BLOCK = before
    for row, limit, end, everything, prefix in zip(every, tau, visible, found, seen, strict=True):
        np.testing.assert_array_equal(everything, np.flatnonzero(row >= limit))
        np.testing.assert_array_equal(prefix, np.flatnonzero(row[:end] >= limit))


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning", "ignore:invalid value:RuntimeWarning")
@settings(deadline=None, max_examples=200, print_blob=True)
@given(instances(), st.integers(1, 35))
def test_top_k_is_the_first_k_of_the_order(instance, k):
    Q, K, visible, _ = instance
    for q, end, best in zip(Q, visible, exact.top_k(Q, K, k, visible=visible), strict=True):
        row = scores(q, K[:end])
        np.testing.assert_array_equal(best, np.sort(np.lexsort((np.arange(end), -row))[:k]))


def test_one_threshold_serves_all_rows():
    rng = np.random.default_rng(1)
    Q, K = rng.normal(size=(50, 4)), rng.normal(size=(300, 4))
    for q, found in zip(Q, exact.above(Q, K, 1.5), strict=True):
        np.testing.assert_array_equal(found, np.flatnonzero(scores(q, K) >= 1.5))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: scores(np.ones(3), np.ones((4, 2))), r"\(3,\).*\(4, 2\)"),
        (lambda: scores(np.ones(0), np.ones((4, 0))), "d >= 1"),
        (lambda: exact.above(np.ones((2, 3)), np.ones((4, 2)), 0.0), r"\(2, 3\).*\(4, 2\)"),
        (lambda: exact.above(np.ones((2, 2)), np.ones((4, 2)), 0.0, visible=[1]), "n_q = 2"),
        (lambda: exact.above(np.ones((2, 2)), np.ones((4, 2)), 0.0, visible=[1, 5]), "n = 4"),
        (lambda: exact.top_k(np.ones((2, 2)), np.ones((4, 2)), 0), "k = 0"),
    ],
)
def test_bad_input_says_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()
