"""Reports: queries and evaluations beside a scan, the bound, and what was promised."""

import numpy as np

from qattn import GroverStatistics, attend


def instance(n_q, n, d, seed, *, integer=False, ties=False):
    rng = np.random.default_rng(seed)
    Q, K = rng.normal(size=(n_q, d)), rng.normal(size=(n, d))
    if integer:
        Q, K = np.rint(3 * Q), np.rint(3 * K)
    if ties:
        K[n // 2 :] = K[: n - n // 2]
        K[0] = 0
    return Q, K, rng.normal(size=(n, 2))


def test_a_report_sets_queries_and_evaluations_beside_a_scan() -> None:
    Q, K, V = instance(3, 40, 2, 6)
    run = attend(Q, K, V, k=2, seed=0, sampler=GroverStatistics())
    words = " ".join(run.report().split())
    queries, evaluations = run.queries.sum(), run.evaluations.sum()
    assert f"{queries} queries and {evaluations} evaluations, {queries + evaluations} together" in words
    assert "a scan of all pairs takes 120 evaluations" in words
