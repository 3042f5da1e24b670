"""The compiled loop over a tile of scores, against NumPy."""

import numpy as np
import pytest

from qattn.classical import kernels


@pytest.mark.parametrize("shape", [(0, 7), (3, 0), (1, 1), (1, 63), (2, 64), (3, 65), (5, 128), (4, 1000)])
@pytest.mark.parametrize("quantile", [0.0, 0.5, 0.99, 1.0])
def test_positions_are_those_of_numpy(shape, quantile):
    """Every width around a block of 64; limits that some entry meets exactly, infinite ones, and NaN nowhere a hit."""
    rng = np.random.default_rng(0)
    tile = np.round(rng.normal(size=shape), 1).astype(np.float32)
    limit = np.array([np.quantile(row, quantile, method="nearest") if row.size else 0 for row in tile], np.float32)
    limit[:1] = np.inf if quantile else -np.inf
    if tile.size > 5:
        tile[-1, -1], tile[-1, 0] = np.nan, np.inf
    place = np.full(tile.size + 1, -1, np.int64)
    expected = np.flatnonzero(tile >= limit[:, None])
    assert kernels.hits(tile, limit, place) == expected.size
    assert np.array_equal(place[: expected.size], expected)
    assert (place[expected.size :] == -1).all(), "nothing is written beyond"
