"""The quantum search, half-space reporting and all scores find the very same sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.attention import attend
from qattn.search.statistics import GroverStatistics


@st.composite
def instances(draw):
    """Ties at the threshold, duplicate keys, zero vectors, d = 1, integers and reals of several sizes."""
    n, n_q, d = draw(st.integers(1, 24)), draw(st.integers(1, 4)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if draw(st.booleans()):
        Q, K = (rng.integers(-2, 3, (m, d)) * draw(st.sampled_from([1.0, 0.1])) for m in (n_q, n))
    else:
        Q, K = rng.normal(size=(n_q, d)) * draw(st.sampled_from([1e-3, 1.0, 7.0])), rng.normal(size=(n, d))
    if n > 2:
        K[rng.integers(n)], K[-1] = K[0], 0.0
    if draw(st.booleans()):
        Q[0] = 0.0
    scores = np.sort((Q @ K.T).ravel())
    tau = draw(st.sampled_from([0.0, float(rng.choice(scores[-min(len(scores), 3 * n_q) :])), float(scores[-1]) + 1.0]))
    return Q, K, rng.normal(size=(n, 2)), tau, draw(st.booleans()) and n_q <= n


@settings(deadline=None, max_examples=60, print_blob=True)
@given(instances())
def test_three_methods_one_answer(instance):
    Q, K, V, tau, causal = instance
    options = {"tau": tau, "causal": causal, "seed": 0}
    exact = attend(Q, K, V, method="exact", **options)
    half = attend(Q, K, V, method="halfspace", **options)
    # at delta = 1e-9 a missed key is a mistake, not bad luck
    grover = attend(Q, K, V, method="grover", sampler=GroverStatistics(), delta=1e-9, **options)
    for i in range(len(Q)):
        np.testing.assert_array_equal(half.found[i], exact.found[i])
        np.testing.assert_array_equal(grover.found[i], exact.found[i])
    np.testing.assert_array_equal(half.attention.toarray(), grover.attention.toarray())  # the same B, entry by entry
