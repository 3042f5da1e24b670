"""Compiled loops over scores. Needs numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Indices, compiled

WIDTH = 64  # entries of a tile compared at once


@compiled
def hits(tile: NDArray[np.float32], limit: NDArray[np.float32], place: Indices) -> int:
    """Write the flat positions of entries at or above the limit of their row to `place`; returns their number.

    Args:
        tile: (rows, columns) scores.
        limit: (rows,) limits.
        place: gets row * columns + column of each, rising; must have room for all of them.

    Returns:
        How many there are.
    """
    rows, columns = tile.shape
    count = 0
    for row in range(rows):
        least = limit[row]
        for start in range(0, columns - columns % WIDTH, WIDTH):
            part = tile[row, start : start + WIDTH]
            hit = np.int32(0)
            for i in range(WIDTH):
                hit |= np.int32(part[i] >= least)
            if hit:
                for i in range(WIDTH):
                    if part[i] >= least:
                        place[count] = row * columns + start + i
                        count += 1
        for column in range(columns - columns % WIDTH, columns):
            if tile[row, column] >= least:
                place[count] = row * columns + column
                count += 1
    return count
