"""The OR of several answers, each for a prefix of the indices, on every input."""

from itertools import product

import pytest

from qattn.arithmetic.union import intervals, union
from qattn.synthesis.registers import index_bits


@pytest.mark.parametrize(
    ("n", "visible"), [(1, (1,)), (2, (2, 1)), (5, (5, 5, 5)), (6, (6, 3)), (7, (1, 4, 7)), (8, (3, 3, 8, 5))]
)
def test_the_last_wire_is_the_or_and_answers_stay(n, visible):
    what, bits = union(n, visible), index_bits(n)
    for j in range(n):
        for answers in product((0, 1), repeat=len(visible)):
            wires = [j >> i & 1 for i in range(bits)] + list(answers) + [0] * (what.ancillas + 1)
            before = wires[: bits + len(visible)]
            for _, places in what.ops:
                *controls, target = places
                wires[target] ^= all(wires[c] for c in controls)
            assert wires[-1] == any(a and j < m for a, m in zip(answers, visible, strict=True))
            assert wires[: bits + len(visible)] == before


def test_intervals_make_up_a_prefix_once():
    for n in range(1, 20):
        for m in range(1, n + 1):
            for j in range(n):
                assert sum(j & mask == pattern for pattern, mask in intervals(m, n)) == (j < m)
