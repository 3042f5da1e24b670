"""Compiled readout of branches: chances, what is left after an outcome, and branches numbered or put in order."""

from __future__ import annotations

import numpy as np

from qattn.arrays import compiled
from qattn.simulator.layout import (
    ANCHORS,
    COUNT,
    Arrays,
    Long,
    anchor,
    anchored,
    bit,
    flush,
    group,
    take,
    tiny,
    varying,
    width_of,
)


@compiled
def chance(s: Arrays, q: int) -> float:
    """The probability that a qubit is 1.

    Args:
        s: the state.
        q: number of a qubit.

    Returns:
        P(1), in [0, 1].
    """
    total, ones = 0.0, 0.0
    for i in range(s.info[COUNT]):
        weight = abs(s.amps[i]) ** 2
        total += weight
        if s.held[q] >= 0:
            ones += weight * abs(s.pairs[s.held[q], i, 1]) ** 2
        elif bit(s.planes, q, i):
            ones += weight
    return ones / total


@compiled
def project(s: Arrays, q: int, outcome: int) -> None:
    """Keep the branches where a qubit is `outcome`, normalised; it is left in that state.

    Args:
        s: the state, changed in place.
        q: number of a qubit.
        outcome: 0 or 1, of a probability above 0.
    """
    flush(s)
    slot, kept, total = s.held[q], 0, 0.0
    index = np.empty(s.info[COUNT], np.int64)
    stand = anchored(s)
    for i in range(s.info[COUNT]):
        amplitude = s.amps[i]
        if slot >= 0:
            amplitude *= s.pairs[slot, i, outcome]
        elif bit(s.planes, q, i) != outcome:
            amplitude = 0.0
        if not tiny(amplitude):
            index[kept], s.amps[kept] = i, amplitude
            total += abs(amplitude) ** 2
            kept += 1
    if slot >= 0:
        s.owner[slot], s.held[q] = -1, -1
    if kept < s.info[COUNT]:
        take(s, index, kept)
        rows = s.anchors.copy()
        if stand:
            anchor(s, rows, s.info[ANCHORS])
        else:
            s.info[ANCHORS] = -1
    for i in range(kept):
        s.amps[i] /= np.sqrt(total)
    for w in range(width_of(s)):
        s.planes[q, w] = s.valid[w] if outcome else np.uint64(0)


@compiled
def partition(s: Arrays, targets: Long, ids: Long, first: Long) -> int:
    """Number the branches by their bits on all qubits but the targets (`group`); nothing may be held.

    Args:
        s: the state.
        targets: qubits left out.
        ids: (branches,) gets the number of each branch's group.
        first: (branches,) gets the first branch of each group.

    Returns:
        The number of groups.
    """
    rows = np.empty(s.planes.shape[0], np.int64)
    count, kept = varying(s, -1, rows), 0
    for k in range(count):
        other = True
        for q in targets:
            other = other and rows[k] != q
        if other:
            rows[kept] = rows[k]
            kept += 1
    return group(s, rows, kept, ids, first)


@compiled
def reorder(s: Arrays, index: Long) -> None:
    """`take`, for callers in Python.

    Args:
        s: the state, changed in place.
        index: (m,) the branch that takes each place.
    """
    take(s, index, index.size)
    s.info[ANCHORS] = -1
