"""Certification plans against the plain product, over every count."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qattn.search.plan import OWN, make_plans, miss_profile

CASES = [
    (1, 1, 0.01), (2, 2, 0.01), (3, 3, 0.01), (3, 1, 0.3), (5, 0, 0.01), (8, 8, 1e-6), (13, 13, 0.1), (16, 3, 0.01),
    (64, 64, 0.01), (64, 40, 0.9), (100, 7, 1e-9), (50, 50, 1e-25),
    (777, 777, 0.01), (1024, 512, 0.01), (4096, 4096, 0.01),
]  # fmt: skip


def misses(n, k_max, plans, own):
    """[k]: the sum over phases f < k of the chance to stop there, the slow way."""
    sums = np.zeros(k_max + 1)
    for k in range(1, k_max + 1):
        for f in range(k):
            plan = plans[min(f, own, len(plans) - 1)]
            theta = math.asin(math.sqrt((k - f) / n))
            sums[k] += math.prod(math.cos((2 * m + 1) * theta) ** 2 for m in plan)
    return sums


@pytest.mark.parametrize(("n", "k_max", "delta"), [case for case in CASES if case[1] <= 100])
@pytest.mark.parametrize("own", [OWN, 0])
def test_no_count_is_missed_with_more_than_delta(n, k_max, delta, own):
    plans = make_plans(n, k_max, delta, own)
    assert len(plans) == min(k_max, own + 1)
    assert misses(n, k_max, plans, own).max() <= delta


@pytest.mark.parametrize(("n", "k_max", "delta"), [*CASES, (2**16, 2**15, 0.01), (2**16, 2**16, 0.001)])
def test_every_integer_count_up_to_half_a_million_holds(n, k_max, delta):
    plans = make_plans(n, k_max, delta)
    spent = np.zeros(k_max + 1)
    for f, plan in enumerate(plans[:OWN]):
        spent[f + 1 :] += miss_profile(n, k_max - f, plan)
    if k_max > OWN:
        spent[OWN + 1 :] += np.cumsum(miss_profile(n, k_max - OWN, plans[OWN]))
    assert spent.max() <= delta
    assert spent.max() >= delta / 2 or n < 200  # and most of what is allowed is used


def test_profile_is_the_plain_product():
    runs = (9, 4, 4, 1, 0)
    for t, miss in enumerate(miss_profile(37, 37, runs), start=1):
        theta = math.asin(math.sqrt(t / 37))
        assert miss == pytest.approx(math.prod(math.cos((2 * m + 1) * theta) ** 2 for m in runs), abs=1e-14)


def test_a_run_that_cannot_miss_is_certain():
    assert make_plans(1, 1, 1e-12) == ((0,),)
    assert miss_profile(1, 1, (0,))[0] == 0
    assert miss_profile(4, 1, (1,))[0] < 1e-31  # one marked of four: one iteration finds it


def test_plans_cost_what_the_field_expects():
    """Certifying takes about 1.9 sqrt(n) queries at delta = 1%, and 0.6 sqrt(n) more for each factor of ten."""
    for n in (2**10, 2**16, 60_000):
        plain = sum(make_plans(n, n // 2, 0.01)[0]) / math.sqrt(n)
        assert 1.5 < plain < 2.0
        assert sum(make_plans(n, n // 2, 1e-4)[0]) / math.sqrt(n) < plain + 1.5


def test_plans_are_deterministic():
    first = make_plans(500, 500, 0.02)
    make_plans.cache_clear()
    assert make_plans(500, 500, 0.02) == first
