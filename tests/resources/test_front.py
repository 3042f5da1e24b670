"""The machines worth building for a row."""

import itertools
from dataclasses import replace

import pytest

from qattn import lookups
from qattn.resources.front import row_front, row_workloads
from qattn.resources.logical import counted_cost, estimate

pytest.importorskip("qdk.qre", reason="extra estimate")


@pytest.fixture(scope="module")
def bills():
    return estimate(256, 16, 6, 4, lookups=["unary", "select_swap", "qram"])


def test_the_front(bills) -> None:
    """Two error rates and two code families; no point of a rate beats another; the counts are the built circuit's."""
    points = row_front(bills, 256, 16, 6, [1e-3, 1e-4, 1e-3])
    assert [rate for rate, _ in itertools.groupby(point.error_rate for point in points)] == [1e-3, 1e-4]
    for rate in (1e-3, 1e-4):
        mine = [point for point in points if point.error_rate == rate]
        assert len({point.code for point in mine}) >= 2
        for one, other in itertools.permutations(mine, 2):
            assert one.qubits > other.qubits or one.seconds > other.seconds
    assert {point.workload for point in points} <= {"unary", "select_swap"}  # nobody counts a QRAM's qubits
    for bill in bills[:2]:
        assert bill.query == counted_cost(256, 16, 6, bill.lookup)


def test_workloads_charge_what_they_move(bills) -> None:
    alone, *stored = row_workloads(bills[0], 256, 16, 6)
    assert alone.traffic is None
    assert [one.traffic.compute for one in stored] == sorted(one.traffic.compute for one in stored)
    assert [one.traffic.reads for one in stored] == sorted((one.traffic.reads for one in stored), reverse=True)
    assert all(one.traffic.reads == one.traffic.writes >= bills[0].rounds for one in stored)
    assert all(one.cost == bills[0].row for one in stored)


def test_what_is_too_large_to_write_down_has_no_memory() -> None:
    [bill] = estimate(1 << 20, 64, 8, 1, lookups=["unary"])
    assert len(row_workloads(bill, 1 << 20, 64, 8)) == 1


def test_what_another_lookup_beats_is_not_looked_at(bills) -> None:
    """A tree of routers has more qubits and more Toffolis than unary iteration: with it or without, the same front."""
    more = estimate(256, 16, 6, 4, lookups=["unary", "select_swap", "token_tree"])
    fronts = [row_front(which, 256, 16, 6, [1e-3]) for which in (more, bills)]
    assert all(point.failure <= 1e-2 for front in fronts for point in front)
    # of machines with as many qubits and seconds the estimator keeps whichever of its threads found first
    with_, without = ([replace(point, failure=0.0) for point in front] for front in fronts)
    assert with_ == without


def test_a_lookup_that_is_nowhere_registered_is_priced_without_a_memory() -> None:
    class Own(type(lookups.get("unary"))):
        name = "mine"

    bills = estimate(16, 2, 3, 1, lookups=[Own()])
    assert len(row_workloads(bills[0], 16, 2, 3)) == 1
    assert [point.workload for point in row_front(bills, 16, 2, 3, [1e-4])] == ["mine"]


@pytest.mark.slow
def test_the_readme_row_spans_twice_the_qubits() -> None:
    """4096 keys, d = 64, 8 bits: at 1e-3 the fewest qubits are less than half of the most."""
    bills = estimate(4096, 64, 8, 16, lookups=["unary", "select_swap"])
    points = row_front(bills, 4096, 64, 8, [1e-3])
    assert points[-1].qubits > 2 * points[0].qubits
    assert len({point.code for point in points}) >= 2
    assert len({point.workload for point in points}) == 2
