"""One model of time."""

import math

import pytest

from qattn.resources.clock import cycles, layers, seconds
from qattn.synthesis.cost import Cost

COST = Cost(qubits=9, toffoli=100, toffoli_depth=10, measurements=40)


def test_from_one_toffoli_after_another_to_the_depth() -> None:
    assert layers(COST, 1) == 100
    assert layers(COST) == layers(COST, math.inf) == 10
    assert layers(COST, 9) == 20
    assert seconds(COST, 1e-5, 1) == pytest.approx(1e-3)
    assert [layers(COST, w) for w in (1, 2, 4, 8, 100)] == sorted(layers(COST, w) for w in (1, 2, 4, 8, 100))[::-1]


def test_a_toffoli_takes_three_cycles_a_write_two_and_a_measurement_or_a_read_one() -> None:
    assert cycles(COST) == 340
    assert cycles(COST, reads=7, writes=1) == 349


@pytest.mark.parametrize("at_once", [0, 0.5, -1, math.nan])
def test_less_than_one_at_once_is_refused(at_once: float) -> None:
    with pytest.raises(ValueError, match="at_once"):
        layers(COST, at_once)
