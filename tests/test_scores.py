"""A score is one number: the sum in order, whatever is computed beside it."""

from __future__ import annotations

import numpy as np
import pytest

import qattn.scores as module
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


@pytest.mark.parametrize(("q", "K"), [(np.ones(2), np.ones((3, 3))), (np.ones(2), np.ones(2)), ([], np.ones((3, 0)))])
def test_shapes_that_do_not_match_are_refused(q, K):
    with pytest.raises(ValueError, match=r"must be \(d,\) and \(n, d\)"):
        scores(q, K)


def test_no_keys_have_no_scores():
    assert scores([1.0, 2.0], np.empty((0, 2))).shape == (0,)
