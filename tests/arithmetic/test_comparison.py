"""The integers that are compared, and their bits."""

from __future__ import annotations

import numpy as np

from qattn.arithmetic.comparison import AnyOf, Comparison, key_bits

X = np.array([[-4, 3, 0], [1, -1, 2]])


def test_key_bits_are_offset_binary_lowest_first() -> None:
    bits = key_bits(X, 3)
    values = bits.reshape(2, 3, 3) @ (1 << np.arange(3)) - 4
    assert np.array_equal(values, X)


def test_components_that_no_row_uses_are_left_out() -> None:
    rows = tuple(Comparison(X, 3, np.array(A), 1, 6) for A in ([1, 0, 0], [2, 0, -1]))
    both = AnyOf(rows, (2, 1))
    assert both.n == 2
    assert both.used == [0, 2]
    assert both.columns == [0, 1, 2, 6, 7, 8]
    assert np.array_equal(both.data, key_bits(X, 3)[:, both.columns])
