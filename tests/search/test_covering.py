"""Cheap plans: every one meets its need at every integer, and none of a plan's runs is idle."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from qattn.search.covering import LEAST, menu, price
from qattn.search.rotation import angle


def log_miss(n: int, t_max: int, m: int) -> np.ndarray:
    """log cos^2((2m+1) theta_t) for t = 1..t_max, from the definition."""
    with np.errstate(divide="ignore"):
        return np.log(np.cos((2 * m + 1) * angle(n, np.arange(1, t_max + 1))) ** 2)


@pytest.mark.parametrize(("n", "t_max"), [(1, 1), (2, 2), (16, 16), (1000, 500), (5000, 4999)])
def test_the_menu_never_promises_more_than_any_count_of_a_block_says(n: int, t_max: int) -> None:
    choice = menu(n, t_max)
    assert choice.low[0] == 1
    assert choice.ms[0] == 0
    assert (np.diff(choice.ms) > 0).all()
    ends = [*choice.low[1:].tolist(), t_max + 1]
    for m, row in zip(choice.ms[::7].tolist(), choice.miss[::7], strict=True):
        exact = log_miss(n, t_max, m)
        exact[exact < -70] = LEAST  # the cosine of a quarter turn, rounded to 6e-17
        for start, end, says in zip(choice.low.tolist(), ends, row, strict=True):
            assert exact[start - 1 : end - 1].max() <= says + 1e-9


@pytest.mark.parametrize("level", [0.5, 0.1, 0.01, 1e-6])
def test_a_plan_meets_its_need_at_every_integer(level: float) -> None:
    n, t_max = 300, 150
    need, choice = np.full(t_max, math.log(level)), menu(300, 150)
    plan = choice.cheapest(need, [], 30)
    assert sum(log_miss(n, t_max, m) for m in plan).max() <= math.log(level)
    assert list(plan) == sorted(plan, reverse=True)
    rows = choice.nearest(plan)
    for i in range(len(plan)):  # a plan with an idle run is not cheap; idle as far as the menu's blocks can tell
        assert choice.miss[np.delete(rows, i)].sum(axis=0).max() > math.log(level)


def test_a_plan_is_about_the_best_there_is() -> None:
    """Against all multisets of up to three runs: at n = 16 one of these is the cheapest of all."""
    need = np.full(8, math.log(0.5))
    choice = menu(16, 8)
    plans = itertools.chain.from_iterable(
        itertools.combinations_with_replacement(choice.ms.tolist(), r) for r in (1, 2, 3)
    )
    best = min(price(plan) for plan in plans if sum(log_miss(16, 8, m) for m in plan).max() <= need[0])
    assert price(choice.cheapest(need, [], 200)) <= best + 1e-9


def test_nothing_needed_is_no_plan_and_a_need_may_end_early() -> None:
    choice = menu(100, 50)
    assert choice.cheapest(np.full(50, np.inf), [], 5) == ()
    assert choice.cheapest(np.zeros(50) + 1e-6, [], 5) == ()
    short = np.array([math.log(0.1)])
    assert choice.block_needs(short).tolist() == [short[0], *[math.inf] * (choice.low.size - 1)]
    plan = choice.cheapest(short, [], 30)
    assert sum(log_miss(100, 1, m) for m in plan)[0] <= short[0]
    assert price(plan) < price(choice.cheapest(np.full(50, short[0]), [], 30))


def test_the_strictest_need_of_a_block_counts() -> None:
    choice = menu(2000, 200)
    need = np.zeros(200)
    need[150] = -3.0
    block = int(np.searchsorted(choice.low, 151, side="right")) - 1
    needs = choice.block_needs(need)
    assert needs[block] == -3.0
    assert np.count_nonzero(needs) == 1


def test_the_same_need_from_the_same_start_is_the_same_plan() -> None:
    need = np.full(32, math.log(0.05))
    choice = menu(64, 32)
    plans = {choice.cheapest(need, [choice.nearest([3.2, 1.0])], 20) for _ in range(3)}
    assert len(plans) == 1


def test_runs_are_rounded_to_the_nearest_of_the_menu_and_priced() -> None:
    choice = menu(10_000, 100)
    assert choice.ms[choice.nearest([0.2, 3.4, 1e9])].tolist() == [0, 3, choice.ms[-1]]
    assert choice.nearest([]).size == 0
    assert price(()) == 0
    assert price((3, 0)) == 4.0
