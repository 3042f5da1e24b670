"""The plan for falling counts against the plain product, over every count."""

from __future__ import annotations

import math

import pytest

from qattn.search.plan import falling_bound, falling_plan, miss_profile

CASES = [
    (1, 1, 0.01), (2, 2, 0.01), (3, 3, 0.01), (3, 1, 0.3), (8, 8, 1e-6), (13, 13, 0.1), (16, 3, 0.01),
    (64, 64, 0.01), (64, 40, 0.9), (100, 7, 1e-9), (50, 50, 1e-25),
    (777, 777, 0.01), (1024, 512, 0.01), (4096, 4096, 0.01), (2**16, 2**15, 0.01), (2**16, 2**16, 0.001),
]  # fmt: skip


@pytest.mark.parametrize(("n", "k_max", "delta"), [case for case in CASES if case[1] <= 100])
def test_the_counts_together_are_missed_with_no_more_than_delta(n, k_max, delta):
    plan = falling_plan(n, k_max, delta)
    total = 0.0
    for t in range(1, k_max + 1):
        theta = math.asin(math.sqrt(t / n))
        total += math.prod(math.cos((2 * m + 1) * theta) ** 2 for m in plan)
    assert total <= delta


@pytest.mark.parametrize(("n", "k_max", "delta"), CASES)
def test_every_integer_count_holds_and_most_of_delta_is_used(n, k_max, delta):
    total = miss_profile(n, k_max, falling_plan(n, k_max, delta)).sum()
    assert total <= delta
    assert total >= delta / 2 or n < 200
    assert falling_bound(n, k_max, delta) <= total * (1 + 1e-12)


def test_nothing_to_find_needs_no_runs():
    assert falling_plan(5, 0, 0.01) == ()


def test_profile_is_the_plain_product():
    runs = (9, 4, 4, 1, 0)
    for t, miss in enumerate(miss_profile(37, 37, runs), start=1):
        theta = math.asin(math.sqrt(t / 37))
        assert miss == pytest.approx(math.prod(math.cos((2 * m + 1) * theta) ** 2 for m in runs), abs=1e-14)


def test_a_run_that_cannot_miss_is_certain():
    assert falling_plan(1, 1, 1e-12) == (0,)
    assert miss_profile(1, 1, (0,))[0] == 0
    assert miss_profile(4, 1, (1,))[0] < 1e-31  # one marked of four: one iteration finds it


def test_plans_cost_what_the_field_expects():
    """About 2.1 sqrt(n) queries at delta = 1%, and 0.6 sqrt(n) more for each factor of ten."""
    for n in (2**10, 2**16, 60_000):
        plain = sum(falling_plan(n, n // 2, 0.01)) / math.sqrt(n)
        assert 1.5 < plain < 2.4
        assert sum(falling_plan(n, n // 2, 1e-4)) / math.sqrt(n) < plain + 1.5


def test_plans_are_deterministic():
    first = falling_plan(500, 500, 0.02)
    falling_plan.cache_clear()
    assert falling_plan(500, 500, 0.02) == first
