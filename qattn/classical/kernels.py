"""Compiled loops over scores. Needs numba."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.classical.compiled import compiled, reordered
from qattn.classical.exact import Floats, Indices

WIDTH = 64  # entries of a tile compared at once


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


@reordered
def attend(
    Q: Any, K: Any, V: Any, ends: Indices, columns: Indices, sums: Any, base: Indices, seen: Indices, output: Any
) -> None:
    """Rows of D(B)^-1 B V, one after another (see `qattn.classical.fused`); arrays of one precision."""
    zero, longest, begin = Q.dtype.type(0), 0, 0
    for end in ends:
        longest, begin = max(longest, end - begin), end
    weight, begin = np.empty(longest, Q.dtype), 0
    for row in range(len(Q)):
        end, peak, q, out = ends[row], zero, Q[row], output[row]
        for p in range(begin, end):
            score, key = zero, K[columns[p]]
            for axis in range(len(q)):
                score += q[axis] * key[axis]
            weight[p - begin] = score
            peak = max(peak, score)
        one = np.exp(-peak)
        norm = one * Q.dtype.type(seen[row])
        for c in range(len(out)):
            out[c] = one * sums[base[row], c]
        for p in range(end - begin):
            weight[p] = np.exp(weight[p] - peak) - one
        for p in range(begin, end):
            norm += weight[p - begin]
            value = V[columns[p]]
            for c in range(len(out)):
                out[c] += weight[p - begin] * value[c]
        for c in range(len(out)):
            out[c] /= norm
        begin = end
