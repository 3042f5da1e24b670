"""The compiled reading of the evidence against the plain formulas: needs to the last bit, beliefs, and the next run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qattn.search.certificate import Evidence
from qattn.search.covering import CHECK, menu, quarter_turn
from qattn.search.posterior import Grid
from qattn.search.rotation import hit_probabilities
from qattn.search.schedule import choose
from qattn.search.weighing import best_run, hit_table, weigh

SIZES = [(1, 1), (2, 2), (5, 3), (64, 64), (200, 130), (1024, 512), (5000, 5000)]


def random_evidence(n: int, k_max: int, rng: np.random.Generator) -> Evidence:
    """After some runs with hits and misses, and indices told from elsewhere."""
    evidence = Evidence.start(n, k_max)
    for _ in range(rng.integers(0, 12)):
        if evidence.found >= k_max:
            break
        m, shots = int(rng.integers(0, quarter_turn(n) + 1)), int(rng.choice([1, 1, 3]))
        hits = int(rng.integers(0, shots + 1))
        new = int(rng.integers(0, min(hits, k_max - evidence.found) + 1)) or int(hits > 0)
        evidence = evidence.after(((m, shots),), (hits,), new)
    told = int(rng.choice([0, 1, min(9, k_max)]))
    return evidence.after((), (), min(told, max(0, k_max - evidence.found)))


@pytest.mark.parametrize(("n", "k_max"), SIZES)
def test_the_need_of_a_block_is_the_strictest_of_its_integers(n: int, k_max: int) -> None:
    rng, seen = np.random.default_rng(n), 0
    for _ in range(150):
        evidence = random_evidence(n, k_max, rng)
        if math.isinf(evidence.log[0]) or evidence.found >= k_max:
            continue
        need = evidence.need(0.013)
        assert np.array_equal(evidence.block_needs(0.013), menu(n, k_max).block_needs(need))
        assert evidence.certified(0.013) == (need >= 0).all()
        seen += 1
    assert seen > 3


@pytest.mark.parametrize(("n", "k_max"), SIZES)
def test_weights_are_the_likelihood_over_the_count(n: int, k_max: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(20):
        evidence = random_evidence(n, k_max, rng)
        log, size = evidence.log, evidence.log.size
        low = menu(n, k_max).low[: np.searchsorted(menu(n, k_max).low, size)]
        high = np.append(low[1:], size)
        t = (low + high - 1) // 2
        weights, over, rise = weigh(log, evidence.found, menu(n, k_max).low)
        assert weights.shape == t.shape
        most = max(log[t].max(initial=-math.inf), log[0])
        if most == -math.inf:
            assert weights == pytest.approx((high - low) / t)
        else:
            plain = (high - low) / (evidence.found + t) * np.exp(log[t] - most)
            nothing = math.exp(log[0] - most) / max(1, evidence.found)
            assert weights == pytest.approx(plain, rel=1e-12)
            assert over == pytest.approx(nothing / (nothing + plain.sum()), rel=1e-12)
        assert rise == (math.inf if math.isinf(log[0]) else log.max() - log[0])


@pytest.mark.parametrize(("n", "k_max"), SIZES)
def test_the_best_run_is_the_one_that_a_round_of_one_shot_chooses(n: int, k_max: int) -> None:
    rng, top = np.random.default_rng(n), quarter_turn(n)
    for trial in range(30):
        evidence = random_evidence(n, k_max, rng)
        if evidence.found >= k_max:
            continue
        runs = rng.integers(0, top + 1, size=rng.integers(1, 20)).tolist()
        left = tuple(sorted(runs, reverse=True)) if trial % 2 else tuple(runs)
        assert ((evidence.best_run(left), 1),) == choose(left, 1, evidence.belief())


def test_another_belief_chooses_another_run() -> None:
    """The choice follows the evidence: long runs for few, short ones for many."""
    left = tuple(range(25, -1, -1))
    few = Evidence.start(1024, 512).after(((0, 99), (1, 12), (3, 12), (6, 6)), (0, 0, 0, 0), 0)
    many = Evidence.start(1024, 512).after(((0, 1),) * 3, (1,) * 3, 3)
    assert few.best_run(left) > 10
    assert many.best_run(left) < 3


def test_equal_runs_go_to_the_shortest_and_runs_beyond_the_table_are_reckoned() -> None:
    nothing = Evidence(4, 2, 0, np.array([0.0, -math.inf, -math.inf]))
    assert nothing.best_run((2, 0, 1)) == 0
    evidence = Evidence.start(1024, 512)
    beyond = (quarter_turn(1024) + 7, 10**4)
    for left in (beyond, (*beyond, 5)):
        assert ((evidence.best_run(left), 1),) == choose(left, 1, evidence.belief())
    low, chances = hit_table(1024, 512)
    cut = best_run(np.array([12, 3]), evidence.log, 0, 1024, low, chances[:5])  # a table without the longer run
    assert cut == evidence.best_run((12, 3))


@pytest.mark.parametrize(("n", "k_max"), SIZES)
def test_the_table_holds_the_chances_in_the_middle_of_every_full_block(n: int, k_max: int) -> None:
    low, chances = hit_table(n, k_max)
    assert chances.shape == (quarter_turn(n) + 1, low.size - 1)
    for m in (0, quarter_turn(n)):
        assert chances[m] == pytest.approx(hit_probabilities(n, (low[:-1] + low[1:] - 1) // 2, m), rel=1e-12)


def test_a_rate_is_hits_per_price() -> None:
    """From the definition, over every count: with blocks of one count the middle is the count itself."""
    n, k_max = 64, 60
    evidence = Evidence.start(n, k_max).after(((1, 1), (2, 1)), (0, 1), 1)
    t = np.arange(1, evidence.log.size)
    weights = np.exp(evidence.log[1:]) / (1 + t)
    rates = [np.sin((2 * m + 1) * np.arcsin(np.sqrt(t / n))) ** 2 @ weights / (m + CHECK) for m in range(7)]
    assert evidence.best_run(tuple(range(7))) == int(np.argmax(rates))
    assert isinstance(evidence.belief(), Grid)
