"""B = near + far and Algorithm 2 against dense matrices."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn import attend
from qattn.approximation.sparse import algorithm_2
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


def test_no_array_of_size_n_squared() -> None:
    """Ten times as many keys allocate about ten times as much, a few times 8 (n k + n d) bytes."""
    d, k, peaks = 16, 8, []
    for n in (2_000, 2_000, 20_000):  # the first compiles
        rng = np.random.default_rng(n)
        problem = make_problem(*rng.normal(size=(3, n, d)), 0.0)
        found = [np.sort(rng.choice(n, k, replace=False)) for _ in range(n)]
        tracemalloc.start()
        algorithm_2(problem, found)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 8 * 8 * 20_000 * (k + d)
    assert peaks[2] < 12 * peaks[1] + 2**22


@pytest.mark.parametrize("far_field", ["ones", "constant", "linear"])
def test_attend_runs_algorithm_2(far_field: str) -> None:
    """What the benchmark times is what attend does once the sets are known."""
    rng = np.random.default_rng(3)
    result = attend(*rng.normal(size=(3, 20, 4)), 1.0, method="exact", far_field=far_field, seed=7)
    seed = np.random.SeedSequence(7).spawn(2)[1]
    output, attention, draws = algorithm_2(result.problem, result.found, far_field, seed=seed)
    assert np.array_equal(output, result.output)
    assert np.array_equal(attention.toarray(), result.attention.toarray())
    assert np.array_equal(draws.spent, result.draws.spent)


def test_wrong_shape_of_V() -> None:
    result = attend(np.eye(2), np.eye(2), np.eye(2), 0.5, method="exact")
    with pytest.raises(ValueError, match="needs 2 rows"):
        _ = result.attention @ np.ones((3, 1))
