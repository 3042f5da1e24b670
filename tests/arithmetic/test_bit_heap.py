from __future__ import annotations

import numpy as np
import pytest

from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import compress
from qattn.arithmetic.ripple import signed_digits
from qattn.synthesis.cost import count


def test_fewer_ands_than_one_per_bit_of_the_heap() -> None:
    rng = np.random.default_rng(3)
    A = rng.integers(-128, 128, 64)
    heap = 8 * sum(len(signed_digits(int(a))) for a in A)
    assert network(A, 1000, 8, 21).ands < 0.72 * heap


@pytest.mark.parametrize("r", [1, 3, 8, 16])
def test_a_network_knows_its_gates(r: int) -> None:
    A = np.random.default_rng(r).integers(-31, 32, r)
    net = network(A, 5, 5, 14)
    cost = count(compress(net))
    assert (net.ands, net.cnots, net.depth) == (cost.toffoli, cost.cnot, cost.toffoli_depth)
    assert network(A.copy(), 5, 5, 14) is net
    assert network(A, 6, 5, 14) is not net
