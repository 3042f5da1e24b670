"""What is measured of an instance, against dense matrices."""

import math

import numpy as np

from qattn.approximation.facts import exp_of, log_of, measure


def test_logarithms_at_the_edges():
    assert log_of(None) is None
    assert log_of(0.0) == -math.inf
    assert log_of(math.e) == 1.0
    assert exp_of(1000.0) == math.inf
    assert exp_of(0.0) == 1.0


def test_gaps_are_those_of_dense_matrices():
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(4, 3)), rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    scores = Q @ K.T
    facts = measure(Q, K, V, 0.5)
    A, B = np.exp(scores), np.where(scores >= 0.5, np.exp(scores), 1.0)
    assert facts.members.tolist() == (scores >= 0.5).sum(axis=1).tolist()
    np.testing.assert_allclose(math.exp(facts.log_entry), np.abs(A - B).max())
    np.testing.assert_allclose(math.exp(facts.log_sums), np.abs((A - B).sum(axis=1)).max())
    np.testing.assert_allclose(facts.value, np.abs(V).max())
