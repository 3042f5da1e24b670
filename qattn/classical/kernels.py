"""Compiled loops over scores. Needs numba."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qattn.classical.compiled import compiled
from qattn.classical.exact import Floats, Indices

WIDTH = 64


@compiled
def hits(tile: NDArray[np.float32], limit: NDArray[np.float32], place: Indices) -> int:
    """Write the flat positions of entries at or above the limit of their row to `place`; returns their number."""
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


@compiled
def pairs(Q: Floats, rows: Indices, K: Floats, columns: Indices, total: Floats) -> None:
    """Write <Q_i, K_j> of each pair to `total`: the sum in order, as everywhere, four pairs at a time."""
    count, d = len(rows), Q.shape[1]
    for p in range(0, count, 4):
        p0, p1, p2, p3 = p, min(p + 1, count - 1), min(p + 2, count - 1), min(p + 3, count - 1)
        i0, i1, i2, i3 = rows[p0], rows[p1], rows[p2], rows[p3]
        j0, j1, j2, j3 = columns[p0], columns[p1], columns[p2], columns[p3]
        s0, s1, s2, s3 = Q[i0, 0] * K[j0, 0], Q[i1, 0] * K[j1, 0], Q[i2, 0] * K[j2, 0], Q[i3, 0] * K[j3, 0]
        for axis in range(1, d):
            s0 += Q[i0, axis] * K[j0, axis]
            s1 += Q[i1, axis] * K[j1, axis]
            s2 += Q[i2, axis] * K[j2, axis]
            s3 += Q[i3, axis] * K[j3, axis]
        total[p0], total[p1], total[p2], total[p3] = s0, s1, s2, s3
