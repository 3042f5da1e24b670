from __future__ import annotations

import numpy as np
import pytest

from qattn.lookups.unary import unary

SIZES = [1, 2, 3, 5, 8, 13, 64, 100]


def words(n: int, width: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 2**width, n)


@pytest.mark.parametrize("n", SIZES)
def test_unary_iteration_takes_n_minus_2_ands(n: int) -> None:
    assert unary(words(n, 3), 3).count_ops().get("temporary_and", 0) == max(0, n - 2)
