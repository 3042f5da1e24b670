"""Reports: queries and evaluations beside a scan, the bound, and what was promised."""

import numpy as np

from qattn import GroverStatistics, attend, attend_heads
from qattn.show.report import broken_words, cost_words, miss_words


def instance(n_q, n, d, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_q, d)), rng.normal(size=(n, d)), rng.normal(size=(n, 2))


def test_a_report_sets_queries_and_evaluations_beside_a_scan() -> None:
    Q, K, V = instance(3, 40, 2, 6)
    run = attend(Q, K, V, k=2, seed=0, sampler=GroverStatistics())
    words = " ".join(run.report().split())
    queries, evaluations = run.queries.sum(), run.evaluations.sum()
    assert f"{queries} queries and {evaluations} evaluations, {queries + evaluations} together" in words
    assert "a scan of all pairs takes 120 evaluations" in words


def test_many_rows_are_cut_short_and_counted() -> None:
    Q, K, V = instance(40, 20, 2, 6)
    lines = attend(Q, K, V, k=1, method="exact").report().splitlines()
    assert sum("more rows" in line for line in lines) == 1
    assert "8 more rows" in " ".join(lines)
    whole = attend(Q[:32], K, V, k=1, method="exact").report()
    assert "more rows" not in whole
    assert max(map(len, lines)) <= 100


def test_a_broken_promise_names_its_rows_up_to_thirty_two() -> None:
    assert "in row 3, 5." in broken_words(["3", "5"])
    many = broken_words([str(i) for i in range(40)])
    assert "31 and 8 more." in many
    assert "32" not in many


def test_the_bound_is_a_chance_and_what_was_allowed_stands_beside() -> None:
    said = miss_words(0.00123, "allowed 0.01")
    assert "probability at most 1.23e-03 (allowed 0.01)" in said
    Q, K, V = instance(2, 20, 2, 6)
    searched = attend(Q, K, V, 1.0, k=9, sampler=GroverStatistics(), seed=0)
    words = " ".join(searched.report().split())
    assert f"{searched.miss_bound:.2e} (allowed 0.01, shared equally by 2 rows)" in words
    assert "promised: |S_i| <= k = 9" in words
    assert "missed keys" not in attend(Q, K, V, 1.0, method="exact").report(), "nothing was searched"


def test_costs_are_added_up() -> None:
    said = cost_words(3, 4, 99)
    assert said == "3 queries and 4 evaluations, 7 together; a scan of all pairs takes 99 evaluations"


def test_where_circuits_ran_is_said() -> None:
    K = np.array([[1.0], [2.0], [-1.0]])
    on_aer = attend([[1.0]], K, K, 1.0, seed=0)
    words = " ".join(on_aer.report().split())
    facts = on_aer.accounts
    assert f"whole circuits on Aer: {facts.gates} gates a query on {facts.qubits} qubits" in words
    assert "whole circuits" not in attend([[1.0]], K, K, 1.0, sampler=GroverStatistics(), seed=0).report()


def test_heads_have_a_line_each() -> None:
    Q, K, V = instance(3, 12, 2, 6)
    heads = [np.broadcast_to(array, (2, 40 // 2, *array.shape)) for array in (Q, K, V)]
    run = attend_heads(*heads, k=2, method="exact")
    words = " ".join(run.report().split())
    assert "40 heads of 3 rows; 120 rows see a key" in words
    assert "8 more heads" in words
    assert f"a scan of all pairs takes {40 * 3 * 12} evaluations" in words
