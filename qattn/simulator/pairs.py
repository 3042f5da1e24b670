"""One-qubit gates between branches that differ in that qubit only."""

from __future__ import annotations

import numpy as np

from qattn.arrays import Words, inner
from qattn.simulator.layout import (
    ANCHORS,
    COUNT,
    FOR_WORDS,
    HOLD,
    NEED,
    ROOM_FOR_BRANCHES,
    SPREAD,
    WHO,
    Arrays,
    Complex,
    Long,
    anchor,
    bit,
    flush,
    group,
    take,
    tiny,
    varying,
    width_of,
)


@inner
def _pair_up(s: Arrays, q: int, rows: Long, count: int) -> tuple[Long, int]:
    """The branches that differ in qubit q only, as (.., 2) by its bit, -1 where there is none; and their number."""
    branches, groups = s.info[COUNT], np.int64(0)
    if count < 62 and 1 << count <= 4 * branches:  # few qubits: their bits are the place
        pair, places = np.full((1 << count, 2), -1, np.int64), np.zeros(64 * width_of(s), np.int64)
        for k in range(count):
            for w in range(width_of(s)):
                word = s.planes[rows[k], w]
                for j in range(64):
                    places[64 * w + j] |= np.int64((word >> np.uint64(j)) & np.uint64(1)) << k
        for i in range(branches):
            groups += pair[places[i], 0] < 0 and pair[places[i], 1] < 0
            pair[places[i], bit(s.planes, q, i)] = i
        return pair, groups
    ids, first = np.empty(branches, np.int64), np.empty(branches, np.int64)
    groups = group(s, rows, count, ids, first)
    pair = np.full((groups, 2), -1, np.int64)
    for i in range(branches):
        pair[ids[i], bit(s.planes, q, i)] = i
    return pair, groups


@inner
def in_pairs(s: Arrays, q: int, mask: Words, m: Complex) -> int:
    """A 2 x 2 matrix where `mask`, between branches that differ in qubit q only; missing ones are added first.

    Args:
        s: the state, changed in place.
        q: the qubit.
        mask: (words,) ones for the branches on which the matrix acts; the same for both branches of a pair.
        m: (2, 2) matrix.

    Returns:
        0 when done; else what is needed before another try: HOLD, SPREAD, `ROOM_FOR_BRANCHES` or `FOR_WORDS`.
    """
    rows, branches = np.empty(s.planes.shape[0], np.int64), s.info[COUNT]
    count = varying(s, q, rows)
    pair, groups = _pair_up(s, q, rows, count)
    s.info[WHO] = q
    if groups == branches:
        anchor(s, rows, count)
        return HOLD
    for k in range(s.owner.size):
        if s.owner[k] >= 0:  # both of a pair must have the same held qubits
            s.info[WHO] = s.owner[k]
            return SPREAD
    alone = np.int64(0)
    for g in range(pair.shape[0]):
        i = max(pair[g, 0], pair[g, 1])
        if i >= 0 and not (mask[i >> 6] >> np.uint64(i & 63)) & np.uint64(1):
            pair[g, 0], pair[g, 1] = -1, -1
        elif i >= 0 and min(pair[g, 0], pair[g, 1]) < 0:
            if tiny(s.amps[i]):
                pair[g, 0], pair[g, 1] = -1, -1
            else:
                alone += 1
    total = branches + alone
    if total > s.amps.size:
        flush(s)
        drop(s, branches)
        if s.info[COUNT] < branches:
            return FOR_WORDS
        s.info[NEED] = total
        return ROOM_FOR_BRANCHES
    flush(s)
    if alone > 0:
        _complete(s, q, pair, total)
    lost = np.int64(0)
    for g in range(pair.shape[0]):
        i, j = pair[g, 0], pair[g, 1]
        if i >= 0:
            alpha, beta = s.amps[i], s.amps[j]
            a, b = m[0, 0] * alpha + m[0, 1] * beta, m[1, 0] * alpha + m[1, 1] * beta
            s.amps[i], s.amps[j] = a, b
            lost += np.int64(tiny(a)) + np.int64(tiny(b))
    if 4 * lost >= 3 * total:  # sooner, and gates that bring them back would pay for it
        drop(s, total)
    rows[count] = q
    anchor(s, rows, count + 1)
    return 0


@inner
def drop(s: Arrays, total: int) -> None:
    """Forget branches of amplitude 0.

    Args:
        s: the state, changed in place; without pending signs.
        total: branches there are.
    """
    kept, index = np.int64(0), np.empty(total, np.int64)
    for i in range(total):
        if not tiny(s.amps[i]):
            index[kept], s.amps[kept] = i, s.amps[i]
            kept += 1
    if kept < total:
        take(s, index, kept)
        s.info[ANCHORS] = -1


@inner
def _complete(s: Arrays, q: int, pair: Long, total: int) -> None:
    """Add branches of amplitude 0, so that all pairs of which only one is there are whole."""
    branches, index = s.info[COUNT], np.empty(total, np.int64)
    for i in range(branches):
        index[i] = i
    place = branches
    for g in range(pair.shape[0]):
        for side in range(2):
            if pair[g, side] < 0 and pair[g, 1 - side] >= 0:
                index[place], pair[g, side] = pair[g, 1 - side], place
                place += 1
    take(s, index, total)
    for i in range(branches, total):
        s.amps[i] = 0.0
        s.planes[q, i >> 6] ^= np.uint64(1) << np.uint64(i & 63)
