"""Sums over prefixes against loops over the keys, and kept sums against computed ones."""

import numpy as np

from qattn.approximation.prefix import KeptSums, Sums, far_moments, prefix_products, prefix_sums, sums_of
from qattn.encoding.kept import Kept, center_of
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
    mean, deviation = far_moments(Sums(problem), found)
    left = np.delete(K - center_of(K), [0, 5], axis=0) @ problem.Q[0]
    np.testing.assert_allclose([mean[0], deviation[0]], [left.mean(), left.std()])
    assert mean[1] == deviation[1] == 0


def test_kept_sums_are_the_computed_ones_and_cost_less():
    rng = np.random.default_rng(3)
    Q, K, V = rng.normal(size=(2, 3)), 5 + rng.normal(size=(77, 3)), rng.normal(size=(77, 2))
    kept = Kept.of(K, V)
    ours, fresh = sums_of(make_problem(Q, K, V, 0.0, kept=kept)), sums_of(make_problem(Q, K, V, 0.0))
    assert (type(ours), type(fresh)) == (KeptSums, Sums)
    other = rng.normal(size=(77, 4))
    for one, another in (
        (ours.center, fresh.center), (ours.reach(), fresh.reach()), (ours.keys(), fresh.keys()),
        (ours.squares(), fresh.squares()), (ours.values(V), fresh.values(V)), (ours.products(V), fresh.products(V)),
        (ours.values(other), fresh.values(other)), (ours.products(other), fresh.products(other)),
    ):  # fmt: skip
        np.testing.assert_allclose(one, another, rtol=1e-12, atol=1e-12)
    assert np.array_equal(ours.center, fresh.center)
    assert np.array_equal(ours.reach(), fresh.reach())
    again = sums_of(make_problem(Q, K, V, 0.0, kept=kept))
    again.squares(), again.values(V), again.products(V)
    assert again.work == 2 * 3 * (3 + 2), "two rows times two moments; the sums are there"
