"""Compiled loops over scores. Needs numba."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Indices, compiled, reordered

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
