"""Sums over prefixes against loops over the keys."""

import numpy as np

from qattn.approximation.prefix import far_moments, prefix_products, prefix_sums
from qattn.problem import make_problem


def test_prefixes_are_what_loops_say():
    rng = np.random.default_rng(1)
    Q, K, V = rng.normal(size=(600, 3)), rng.normal(size=(600, 3)), rng.normal(size=(600, 2))
    problem = make_problem(Q, K, V, 0.0, causal=True)
    whole = make_problem(Q, K, V, 0.0)
    np.testing.assert_allclose(prefix_sums(V, problem.visible), np.cumsum(V, axis=0), atol=1e-12)
    wanted = [problem.Q[i] @ K[: i + 1].T @ V[: i + 1] for i in range(600)]
    np.testing.assert_allclose(prefix_products(problem, K, V), wanted, atol=1e-9)
    np.testing.assert_allclose(prefix_products(whole, K, V), whole.Q @ K.T @ V, atol=1e-9)


def test_moments_of_what_was_not_found():
    rng = np.random.default_rng(2)
    Q, K = rng.normal(size=(2, 3)), rng.normal(size=(9, 3))
    problem = make_problem(Q, K, K, 0.0)
    found = [np.array([0, 5]), np.arange(9)]
    mean, deviation = far_moments(problem, K, found)
    left = np.delete(K, [0, 5], axis=0) @ problem.Q[0]
    np.testing.assert_allclose([mean[0], deviation[0]], [left.mean(), left.std()])
    assert mean[1] == deviation[1] == 0
