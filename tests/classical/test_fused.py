"""Algorithm 2: the same output as the dense B, in memory O(nk + nd)."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.approximation.far_field import ConstantField
from qattn.approximation.sparse import sparse_attention
from qattn.classical import exact, fused
from qattn.classical.fused import sparse_output


def dense(Q, K, V, found, visible):
    """D(B)^-1 B V with B of Definition 4.2 written out."""
    output = np.empty((len(Q), V.shape[1]))
    for i, (js, seen) in enumerate(zip(found, visible, strict=True)):
        exponents = np.zeros(seen)
        exponents[js] = K[js] @ Q[i]
        weights = np.exp(exponents - exponents.max())
        output[i] = weights @ V[:seen] / weights.sum()
    return output


@settings(deadline=None, max_examples=80, print_blob=True)
@given(st.integers(1, 12), st.integers(1, 40), st.integers(1, 20), st.integers(0, 2**32 - 1), st.booleans())
def test_the_same_as_dense(n_q, n, d, seed, compiled):
    rng = np.random.default_rng(seed)
    Q, K, V = rng.normal(size=(n_q, d)), rng.normal(size=(n, d)), rng.normal(size=(n, 3))
    Q *= rng.choice([0.1, 1.0, 30.0, 1000.0])  # the last: exp of the scores overflows
    visible = rng.integers(1, n + 1, n_q)
    found = exact.above(Q, K, float(rng.normal()), visible=visible)
    whole = exact.above(Q, K, 0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fused, "available", lambda: compiled)
        patch.setattr(fused, "CACHE", 8 if compiled else 50)
        np.testing.assert_allclose(
            sparse_output(Q, K, V, found, visible=visible), dense(Q, K, V, found, visible), rtol=1e-9, atol=1e-12
        )
        np.testing.assert_allclose(
            sparse_output(Q, K, V, whole), dense(Q, K, V, whole, np.full(n_q, n)), rtol=1e-9, atol=1e-12
        )


def test_precision_follows_the_inputs():
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(3, 50, 7))
    found = exact.above(Q, K, 1.0)
    narrow = sparse_output(*(array.astype(np.float32) for array in (Q, K, V)), found)
    assert narrow.dtype == np.float32
    assert sparse_output(Q.astype(np.float32), K, V, found).dtype == np.float64
    np.testing.assert_allclose(narrow, sparse_output(Q, K, V, found), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("way", ["one pass", "one pass, not compiled", "B kept"])
def test_no_array_of_size_n_squared(way, monkeypatch):
    """Ten times as many keys allocate about ten times as much, a few times 8 (n k + n d) bytes."""
    monkeypatch.setattr(fused, "available", lambda: way == "one pass")
    d, k, peaks = 16, 8, []
    for n in (2_000, 2_000, 20_000):  # the first compiles
        rng = np.random.default_rng(n)
        Q, K, V = rng.normal(size=(3, n, d))
        found = list(np.sort(rng.integers(0, n, (n, k)), axis=1))
        far, shift, given_scores = ConstantField(np.ones(n), np.full(n, n)), np.zeros(n), [np.ones(k)] * n
        tracemalloc.start()
        if way == "B kept":
            sparse_attention((n, n), found, given_scores, far, shift).output(V)
        else:
            sparse_output(Q, K, V, found)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 8 * 8 * 20_000 * (k + d)
    assert peaks[2] < 12 * peaks[1] + 2**22


@pytest.mark.parametrize(
    ("arrays", "found", "message"),
    [
        ((np.ones((2, 3)), np.ones((4, 2)), np.ones((4, 1))), [[], []], r"\(2, 3\), \(4, 2\)"),
        ((np.ones((2, 3)), np.ones((4, 3)), np.ones((5, 1))), [[], []], r"\(5, 1\)"),
        ((np.ones((2, 3)), np.ones((4, 3)), np.ones((4, 1))), [[]], "1 sets for 2 rows"),
    ],
)
def test_bad_input_says_what_is_wrong(arrays, found, message):
    with pytest.raises(ValueError, match=message):
        sparse_output(*arrays, found)
