"""Registers and the small gates on them, on every basis input."""

from qattn.synthesis.registers import index_bits


def test_index_bits() -> None:
    assert [index_bits(n) for n in (1, 2, 3, 4, 5, 16, 17)] == [1, 1, 2, 2, 3, 4, 5]
