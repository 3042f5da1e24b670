"""The parts of the evidence: which shots count, what is uniform, what is said, and how often errors came."""

import math

import numpy as np
import pytest

from qattn.hardware.evidence import TIMES, Sample, p_value, trials, uniformity, weigh
from qattn.hardware.miss_estimate import measured_miss, miss_estimate
from qattn.hardware.run import scan_words
from qattn.search.protocols import SET_ASIDE


def sample(m: int, kept: list[int], marked: set[int], n: int = 8, place: tuple[int, int] = (0, 0)) -> Sample:
    js = np.array(kept, dtype=np.int64)
    return Sample(place, m, n, 0.7, np.where(js < 0, 5, js), js, frozenset(marked))


def test_the_shot_that_finds_a_key_does_not_count_and_later_ones_do() -> None:
    seen = list(trials([sample(1, [0, 3, 3, 1, 5, 3], {3, 5})]))
    assert [(t.guess * 8, t.hit) for t in seen] == [(1, True), (1, False), (1, False), (2, True)]


def test_shots_set_aside_and_shots_without_iterations_do_not_count_but_find() -> None:
    seen = list(trials([sample(1, [3, SET_ASIDE, 3], {3}), sample(0, [3, 3, 3], {3})]))
    assert [(t.m, t.hit) for t in seen] == [(1, True), (1, True)]


def test_rounds_and_rows_start_anew() -> None:
    evidence = weigh([sample(1, [3], {3}), sample(1, [3], {3}, place=(1, 0)), sample(1, [3], {3}, place=(0, 1))])
    assert evidence.lines[0].counted == 0
    assert evidence.p == 1.0
    assert evidence.verdict == "no evidence: no shot could tell the processor from guessing"


def test_the_p_value_is_the_inverse_of_the_mean_likelihood_ratio() -> None:
    [trial] = trials([sample(1, [3, 3], {3})])
    ideal = math.sin(3 * math.asin(math.sqrt(1 / 8))) ** 2
    ratios = [(0.7**times * ideal + (1 - 0.7**times) / 8) * 8 for times in TIMES]
    assert p_value([trial]) == pytest.approx(1 / np.mean(ratios), rel=1e-6)
    assert p_value([]) == 1.0


def test_uniform_or_not() -> None:
    rng = np.random.default_rng(3)
    even = [uniformity([sample(0, rng.integers(8, size=48).tolist(), set())]) for _ in range(200)]
    assert 0.3 < np.mean(even) < 0.7
    assert min(even) > 1e-3
    assert uniformity([sample(0, [2] * 20 + [1, 0, 3], set())]) < 1e-3
    assert uniformity([sample(0, [], set())]) == 1.0
    assert uniformity([sample(0, [0] * 9, set(), n=1)]) == 1.0


def test_dead_means_every_word_that_was_read() -> None:
    assert weigh([sample(0, [4] * 30, set()), sample(1, [4] * 5, {4})]).verdict == "dead: 35 of 35 shots read 4"
    assert weigh([sample(0, [4] * 15, set())]).dead is None  # that few may agree by chance
    aside = Sample((0, 0), 1, 8, 0.7, np.full(3, 7), np.full(3, SET_ASIDE), frozenset())
    assert weigh([sample(0, [7] * 30, set()), aside]).dead == 7
    assert weigh([sample(0, [4] * 30, set()), sample(1, [4] * 4 + [1], {4})]).dead is None
    assert weigh([]).dead is None


def test_the_measured_errors_move_the_miss_estimate() -> None:
    """Runs that hit as often as forecast leave the estimate near the forecast's; runs that only guess raise it."""
    rng, ends = np.random.default_rng(4), [(8, 1, [(2, 4, 0.7)])]
    good = weigh([sample(2, [3] + [3 if rng.random() < 0.7 else int(rng.integers(8)) for _ in range(99)], {3})])
    bad = weigh([sample(2, [3, *rng.integers(8, size=99).tolist()], {3})])
    forecast = miss_estimate(ends)
    assert measured_miss(ends, good) == pytest.approx(forecast, rel=0.5)
    assert measured_miss(ends, bad) > 10 * forecast
    assert measured_miss(ends, bad) == pytest.approx((7 / 8) ** 4, rel=0.2)
    assert sum(bad.weights) == pytest.approx(1)


def test_an_unknown_success_is_not_a_perfect_one() -> None:
    js = np.array([3, 3, 3, 0, 3])
    unknown = Sample((0, 0), 1, 8, math.nan, js, js, frozenset({3}))
    evidence = weigh([unknown])
    assert 0 < evidence.p < 1
    assert evidence.lines[0].forecast < evidence.lines[0].ideal


def test_scans_are_called_scans() -> None:
    assert scan_words([0, 1], 2) == "this was a scan: every key of every row was scored classically"
    assert scan_words([1], 3) == "row 1: this was a scan, every key was scored classically"
    assert scan_words([0, 2], 3).startswith("rows 0, 2: this was a scan")
