"""Scores do not depend on their company; thresholds and ranks are decided on them and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.classical import exact
from qattn.scores import scores


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
