"""What both sides are compared by."""

import math
from dataclasses import replace

import pytest

from qattn.resources.crossover import instances
from qattn.resources.measures import Instance, Rates, equal_hardware, measures
from qattn.resources.physical import physical
from qattn.synthesis.cost import Cost


def test_it_is_the_number_of_units_that_decides() -> None:
    """Against one unit the same tree of routers wins: the column is not "none" whatever the numbers are."""
    [tree] = instances("token_tree", [1 << 60], 64, 8, 16, 1e-2, False)
    steps = tree.iterations * tree.step.toffoli_depth
    alone = replace(tree, assumption="unary", step=replace(tree.step, qubits=1))
    assert equal_hardware(tree) < steps < equal_hardware(alone)


def test_what_equal_hardware_means() -> None:
    """n cells: one key a unit, however many there are. Without cells: one unit for the qubits that hold a key."""
    step = Cost(qubits=1024, toffoli_depth=1)
    small, large = (Instance(n, 4, 8, 1, "bucket_brigade", step, 1.0) for n in (1 << 10, 1 << 40))
    assert equal_hardware(large) == equal_hardware(small) + 30
    alone = Instance(1 << 10, 4, 8, 1, "unary", step, 1.0)
    assert equal_hardware(alone) == (1 << 10) // (1024 // 32) * 4 * 64 + 10


def test_one_time_model_from_the_bill_to_the_crossover() -> None:
    """One Toffoli after another at the speed of the physical machine: the crossover's seconds are that machine's."""
    pytest.importorskip("qdk.qre", reason="extra estimate")
    [one] = instances("select_swap", [4096], 64, 8, 16, 1e-2, False)
    row = one.step.times(round(one.iterations))
    machine = physical(row)
    rates = Rates(toffoli_s=machine.row_s / row.toffoli, at_once=1)
    time = next(measure for measure in measures(rates) if measure.name == "time against a CPU")
    assert time.quantum(one) == pytest.approx(machine.row_s, rel=0.01)
    widest = next(measure for measure in measures(Rates()) if measure.name == "time against a CPU")
    assert widest.quantum(one) == pytest.approx(one.iterations * one.step.toffoli_depth * 1e-5)


@pytest.mark.parametrize("wrong", [{"cpu": 0}, {"toffoli_s": -1}, {"at_once": 0.5}, {"gpu": math.nan}, {"probes": 0}])
def test_rates_that_no_machine_has(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Rates(**wrong)
