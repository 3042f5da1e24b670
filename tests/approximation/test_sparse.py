"""B = near + far and Algorithm 2 against dense matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn import attend
from qattn.attention import exact_attention
from qattn.problem import make_problem


def dense_ones(Q, K, found, visible):
    B = np.ones((len(Q), len(K)))
    for i, js in enumerate(found):
        B[i, js] = np.exp(K[js] @ Q[i])
        B[i, visible[i] :] = 0
    return B


@given(
    n=st.integers(1, 12), n_q=st.integers(1, 12), d=st.integers(1, 5), seed=st.integers(0, 999), causal=st.booleans(),
    tau=st.floats(-3, 3),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_ones_is_definition_4_2(n, n_q, d, seed, causal, tau) -> None:
    rng = np.random.default_rng(seed)
    n_q = min(n, n_q) if causal else n_q
    Q, K, V = rng.normal(size=(n_q, d)), rng.normal(size=(n, d)), rng.normal(size=(n, 3))
    result = attend(Q, K, V, tau, method="exact", causal=causal)
    B = dense_ones(Q, K, result.found, result.problem.visible)
    assert np.allclose(result.attention.toarray()[:, :n], np.where(B == 0, result.attention.toarray(), B))
    assert np.allclose(result.attention.row_sums(), B.sum(axis=1))
    assert np.allclose(result.attention @ V, B @ V)
    assert np.allclose(result.output, B @ V / B.sum(axis=1)[:, None])
    assert result.attention.near.nnz == sum(len(js) for js in result.found)


@pytest.mark.parametrize("far_field", ["ones", "constant", "linear"])
@pytest.mark.parametrize("causal", [False, True])
def test_finding_everything_is_exact_attention(far_field: str, causal: bool) -> None:
    rng = np.random.default_rng(2)
    Q, K, V = rng.normal(size=(9, 4)), rng.normal(size=(9, 4)), rng.normal(size=(9, 2))
    result = attend(Q, K, V, k=9, method="exact", far_field=far_field, causal=causal)
    assert np.allclose(result.output, exact_attention(result.problem), atol=1e-12)
    assert result.max_error() < 1e-12


def test_scores_beyond_the_range_of_exp() -> None:
    Q, K = np.array([[40.0]]), np.array([[40.0], [39.0], [1.0]])
    V = np.array([[1.0], [2.0], [3.0]])
    result = attend(Q, K, V, 1000.0, method="exact")
    assert np.isfinite(result.output).all()
    assert np.allclose(result.output, exact_attention(make_problem(Q, K, V, 0.0)), atol=1e-12)


def test_wrong_shape_of_V() -> None:
    result = attend(np.eye(2), np.eye(2), np.eye(2), 0.5, method="exact")
    with pytest.raises(ValueError, match="needs 2 rows"):
        _ = result.attention @ np.ones((3, 1))
