"""The paper's statements as numbers: ours hold everywhere, the paper's where they should, and its slips are shown."""

from __future__ import annotations

import bisect
import math

import numpy as np
import pytest

from qattn import GroverStatistics, attend
from qattn.approximation import bounds as module
from qattn.approximation.bounds import bounds
from qattn.approximation.facts import measure
from qattn.data import load_head, theorem_instance

# one direction per score: rows e_1, keys s e_1 have exactly the scores s
ROW = np.array([[1.0]])


def by_name(statements, name, nth=0):
    return [s for s in statements if s.name == name][nth]


def one_row(scores, tau, V=None):
    """The statements for a single row with these scores."""
    K = np.asarray(scores, dtype=np.float64)[:, None]
    return bounds(ROW, K, np.ones((len(K), 1)) if V is None else V, tau)


def random_instance(rng):
    """Any instance at all: good ones, real-looking ones, ties, duplicates, empty rows, one key, causal rows."""
    n, n_q, d = (int(rng.integers(1, high)) for high in (20, 7, 6))
    kind = rng.integers(4)
    if kind == 0 and n > 1:
        k = int(rng.integers(1, min(n, 4) + 1))
        Q, K, V, tau = theorem_instance(n, d + 1, k, eta=float(rng.uniform(0.01, 2)), seed=int(rng.integers(2**31)))
        return Q, K, V, tau, None
    Q, K = rng.normal(size=(n_q, d)) * rng.choice([0.1, 1, 5]), rng.normal(size=(n, d)) * rng.choice([0.1, 1, 5])
    if kind == 1:
        Q, K = np.round(Q), np.round(K)
    V = rng.normal(size=(n, 2)) + rng.choice([0, 10])
    visible = rng.integers(1, n + 1, n_q) if kind == 2 else None
    return Q, K, V, float(rng.choice([-1, 0, 0.5, 2 * math.log(n), 8])), visible


def test_our_bounds_hold_on_a_thousand_random_instances():
    rng = np.random.default_rng(20)
    good = 0
    for trial in range(1000):
        Q, K, V, tau, visible = random_instance(rng)
        for s in bounds(Q, K, V, tau, visible=visible):
            assert s.ours_true is not False, (trial, s)
            good += s.holds and s.name == "Lemma 4.5"
            if s.holds and s.name in PAPER_IS_RIGHT:
                assert s.paper_true is not False, (trial, s)
            if s.holds and s.name in OURS_IS_SHARPER and s.paper is not None and s.ours is not None:
                assert s.ours <= s.paper * (1 + 1e-9), (trial, s)
    assert good > 150


PAPER_IS_RIGHT = [
    "Lemma 4.3, Part 1", "Lemma 4.3, Part 2", "Lemma 4.3, Part 3", "Lemma 4.4, Part 1", "Lemma 4.4, Part 3",
    "Lemma 4.5", "Lemma 5.2", "Theorem 1.3, Part 2", "Theorem 1.5, Part 2",
]  # fmt: skip
OURS_IS_SHARPER = [name for name in PAPER_IS_RIGHT if name != "Lemma 5.2"]


def test_lemma_4_3_part_1_is_loose():
    s = by_name(one_row([0.0, -0.1, -0.7, 9.0], 5.0), "Lemma 4.3, Part 1")
    assert s.measured == pytest.approx(1 - math.exp(-0.7)) == s.ours
    assert s.ours < 0.7 < s.paper == pytest.approx(1.4)


def test_lemma_4_3_part_4_fails_on_rows_with_fewer_keys():
    """k is the largest |S_i|; another row with a single key, and one with none, stay below k exp(tau)."""
    Q, K, V = np.eye(3), np.array([[5.0, 0, 0], [5.0, 5.0, 0], [0, 0, -0.1]]), np.ones((3, 1))
    tau = 4.5  # > 2 log 3
    statements = bounds(Q, K, V, tau)
    product, consequence = (by_name(statements, "Lemma 4.3, Part 4", i) for i in range(2))
    assert product.holds
    assert product.paper_true is False
    assert product.ours_true
    assert consequence.paper_true is False  # the empty row has D(A) < n < 2 n
    without_empty = bounds(Q[:2], K, V, tau)
    assert by_name(without_empty, "Lemma 4.3, Part 4", 0).paper_true is False
    assert by_name(without_empty, "Lemma 4.3, Part 4", 1).paper_true


def test_a_lower_threshold_is_enough_for_lemma_4_3_part_4():
    n = 50
    tau = math.log(2 * n / 3)
    statements = one_row([tau] * 3 + [-0.2] * (n - 3), tau - 1e-12)
    s = by_name(statements, "Lemma 4.3, Part 4", 1)
    assert not s.holds  # tau < 2 log n
    assert s.measured >= 2 * n


def test_an_empty_row_breaks_the_relative_error_but_not_the_theorem():
    eta = 0.5
    statements = one_row([-eta] * 6, 4.0)
    for name in ("Lemma 4.3, Part 5", "Lemma 4.4, Part 2"):
        s = by_name(statements, name)
        assert s.holds
        assert s.measured == pytest.approx(math.exp(eta) - 1) == s.ours
        assert s.paper_true is False
    assert by_name(statements, "Lemma 4.4, Part 1").paper_true
    assert by_name(statements, "Lemma 4.5").ours_true
    facts = measure(ROW, np.full((6, 1), -eta), np.ones((6, 1)), 4.0)
    assert math.exp(facts.log_least_sum) == pytest.approx(6 * math.exp(-eta))  # D(A) >= n exp(-eta)


def test_lemma_4_5_needs_less_than_3_eta():
    Q, K, V, tau = theorem_instance(40, 6, 3, eta=0.4, seed=3)
    s = by_name(bounds(Q, K, V, tau), "Lemma 4.5")
    assert s.measured <= s.ours <= 1 - math.exp(-0.4) < 0.4 * (1 + 1 / 40) < s.paper
    # and the constant 1 - exp(-eta) is reached up to the share of the far keys, as n grows with one key of weight 1
    eta, n = 0.4, 4000
    rows = one_row([0.0] + [-eta] * n, 1e-300)
    assert by_name(rows, "Lemma 4.5").ours_true


def test_lemma_5_2_is_of_first_order_in_eta_unless_v_is_small():
    """Half the far keys at -eta with value 1, half at 0 with value -1: the error is about eta / 2, not eta^2."""
    eta, n = 1e-3, 100
    scores, V = np.repeat([-eta, 0.0], n // 2), np.repeat([1.0, -1.0], n // 2)[:, None]
    s = by_name(one_row(scores, 20.0, V), "Lemma 5.2")
    assert not s.holds  # |V| = 1 > eta
    assert s.measured == pytest.approx(eta / 2, rel=1e-2)
    assert s.paper_true is False
    assert s.measured <= s.ours <= 2 * eta
    small = by_name(one_row(scores, 20.0, eta * V), "Lemma 5.2")
    assert small.holds
    assert small.paper_true


def test_theorem_6_1_as_printed_is_false():
    """Its only hypothesis holds; V a hundred times as large makes the error as much larger, and not the bound."""
    Q, K, V, tau = theorem_instance(64, 8, 2, eta=0.1)
    small, large = (bounds(Q, K, factor * V, tau) for factor in (0.09 / np.abs(V).max(), 100.0))
    for statements, true in ((small, True), (large, False)):
        s = by_name(statements, "Theorem 6.1")
        assert s.holds
        assert s.paper_true is true
        assert s.ours_true
        assert by_name(statements, "Lemma 5.2").holds is true  # this one asks for |V| <= eta
    assert s.measured > 20 * s.paper
    assert not by_name(bounds(Q, -K, V, 60.0), "Theorem 6.1").holds  # scores above 0 off S_i


def test_lemma_4_4_part_1_follows_from_part_2_and_outlives_it():
    """D(B) >= D(A) wherever far scores are at most 0: the bound by D(A), which Appendix C proves, is the larger one."""
    for seed in range(20):
        Q, K, V, tau = theorem_instance(20, 6, 2, eta=1.0, seed=seed)
        statements = bounds(Q, K, V, tau)
        by_b, by_a = (by_name(statements, f"Lemma 4.4, Part {part}") for part in (1, 2))
        assert by_b.measured <= by_a.measured * (1 + 1e-12)
    empty = one_row([-0.5] * 6, 4.0)
    assert by_name(empty, "Lemma 4.4, Part 1").paper_true
    assert by_name(empty, "Lemma 4.4, Part 2").paper_true is False


def test_theorem_3_1_at_k_0():
    """sqrt(n k) is 0 where no key is marked, and nobody can know that without queries."""
    n = 64
    K = np.resize([[6.0, -6.0], [-6.0, 6.0]], (n, 2))  # every score is 0, and no column of K says so
    result = attend(np.ones((1, 2)), K, np.ones((n, 1)), 10.0, sampler=GroverStatistics(), seed=0)
    assert result.found[0].size == 0
    queries = float(result.queries.sum())
    s = by_name(bounds(np.ones((1, 2)), K, np.ones((n, 1)), 10.0, queries=queries), "Theorem 1.3, Part 3")
    assert s.holds
    assert s.paper == 0
    assert s.paper_true is False
    assert s.measured >= math.sqrt(n)


def test_b1_can_have_full_rank():
    """One key a row, each row its own: B is the ones plus (exp(c^2) - 1) times the identity."""
    n = 32
    eye = 3.0 * np.eye(n)
    facts = measure(eye, eye, np.ones((n, 1)), 2 * math.log(n))
    assert facts.near == facts.members.max() == 1
    assert facts.far_rank == 1
    assert facts.rank == facts.structure == n
    statements = bounds(eye, eye, np.ones((n, 1)), 2 * math.log(n))
    assert by_name(statements, "Theorem 1.3, Part 1", 1).holds
    assert by_name(statements, "Section 1").paper is None  # "low" claims no number


def test_lemma_8_3_is_false_at_d_1():
    """Sorted once, every row's keys above tau are one slice: n log n comparisons and what is put out, not n^2."""
    n, rng, compared = 1 << 10, np.random.default_rng(0), 0
    Q, K = rng.uniform(0.5, 2, n), rng.normal(size=n)

    class Counted(float):
        def __lt__(self, other):
            nonlocal compared
            compared += 1
            return float.__lt__(self, other)

    order = sorted(range(n), key=lambda j: Counted(K[j]))
    ranked, tau = [Counted(K[j]) for j in order], 4.5
    for q in Q:
        start = bisect.bisect_right(ranked, Counted(tau / q))
        assert sorted(order[start:]) == np.flatnonzero(tau / q < K).tolist()
    assert compared <= 2 * n * (math.log2(n) + 1)
    assert compared < n * n / 40


def test_the_reduction_of_lemma_8_3_breaks_the_promise():
    """Thresholds of the binary search, below the maximum, are passed by most of a row; k was promised."""
    rng = np.random.default_rng(1)
    A, B = rng.integers(0, 2, (2, 50, 12))
    most = int((A @ B.T).max())
    k = int((most == A @ B.T).sum(axis=1).max())
    assert (most // 2 - 1 < (A @ B.T)).sum(axis=1).max() > 10 * k


def test_remark_7_4_compares_what_cannot_be_compared():
    """At any constant d Algorithm 4 is below n^2 by a power of n, which n^(2 - o(1)) would forbid."""
    for d in (2, 3, 4, 8, 64):
        Q, K, V, tau = theorem_instance(16, d, 1)
        work = [by_name(bounds(Q, K, V, tau), "Theorem 1.5, Part 3").paper]
        assert work[0] == pytest.approx(16 * (1 + 16 ** (1 - 1 / (d // 2))))
        assert 2 - 1 / (d // 2) <= 2 - 2 / d < 2


def test_appendix_a_non_zeros_not_zeros():
    Q, K, V, tau = theorem_instance(30, 6, 3, seed=1)
    facts = measure(Q, K, V, tau)
    assert facts.near == facts.members.max() == 3
    assert 30 - facts.near > 3  # and many more than k zeros
    assert by_name(bounds(Q, K, V, tau), "Theorem 1.3, Part 1").paper_true


def test_lemma_7_3_contradicts_itself_from_d_4_on():
    """Part 1 says n log n + n k whatever d; Part 2 grows faster by a power of n once floor(d/2) >= 2."""
    for d, contradicts in ((2, False), (3, False), (4, True), (8, True)):
        ratio = [n ** (2 - 1 / (d // 2)) / (n * math.log(n)) for n in (2.0**20, 2.0**40)]
        assert (ratio[1] > 2 * ratio[0]) == contradicts
    Q, K, V, tau = theorem_instance(32, 4, 2)
    s = by_name(bounds(Q, K, V, tau), "Theorem 1.5, Part 3")
    assert s.paper == pytest.approx(32 * (2 + 32**0.5))


def test_low_rank_on_a_good_instance_and_on_a_real_head():
    Q, K, V, tau = theorem_instance(64, 8, 2, eta=0.1)
    good = measure(Q, K, V, tau)
    assert good.far_rank == 1
    assert good.rank <= 1 + 7 * 2  # seven groups of at most two keys, and the ones
    Q, K, V = load_head("L4H2", 64)
    found = module.exact.top_k(Q, K, 4)
    real = measure(Q, K, V, [module.scores(q, K[js]).min() for q, js in zip(Q, found, strict=True)], found)
    assert real.far_rank == 1
    assert real.rank <= real.structure < 64


def test_scores_beyond_the_range_of_exp():
    statements = one_row([900.0, -0.1, 0.0], 800.0)
    assert all(s.ours_true is not False for s in statements)
    assert by_name(statements, "Lemma 4.5").measured < 1e-100


def test_the_table_marks_what_is_false(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    module.main()
    printed = capsys.readouterr().out
    assert printed.count("Lemma 4.3, Part 5") == 2
    assert "(false)" in printed
    assert "Theorem 6.1" in printed


def test_running_time_of_a_search():
    Q, K, V, tau = theorem_instance(16, 4, 2)
    s = by_name(bounds(Q, K, V, tau, queries=100.0), "Theorem 1.3, Part 3")
    assert s.measured == (100 + measure(Q, K, V, tau).members.sum()) * 4
