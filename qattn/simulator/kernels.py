"""Compiled operations on branches: everything that happens to a state between two measurements.

A branch is one nonzero basis state; 64 of them share a word of every qubit's bit plane. A qubit may be *held*: its
state is then a pair of amplitudes (alpha, beta) per branch, alpha |0> + beta |1>, and its plane is zero. H on a qubit
without which the branches still differ makes it held, and no branch is added; branches that would coincide are merged
into one with a held qubit. Only when a held qubit must act on others (as a control, say) are its branches written out.
"""

from __future__ import annotations

import numpy as np

from qattn.arrays import Words, compiled, inner
from qattn.simulator.layout import (
    ANCHORS,
    COUNT,
    FOR_WORDS,
    HOLD,
    NEED,
    ROOM_FOR_BRANCHES,
    ROOM_TO_HOLD,
    SPREAD,
    WHO,
    Arrays,
    Complex,
    Long,
    anchor,
    anchored,
    bit,
    constant,
    flush,
    take,
    tiny,
    width_of,
)
from qattn.simulator.pairs import drop, in_pairs
from qattn.synthesis.program import CCX, CSWAP, CX, CZ, MATRIX, MCX, MCZ, PHASE, RESET, SWAP, UNITARY, Z
from qattn.synthesis.words import Ints, run_words


@inner
def spread(s: Arrays, q: int) -> int:
    """Write out the branches of a held qubit, those of amplitude 0 left out.

    Args:
        s: the state, changed in place.
        q: a held qubit.

    Returns:
        0, or `ROOM_FOR_BRANCHES` (with their number in info[NEED] and nothing changed but signs).
    """
    slot, branches, kept = s.held[q], s.info[COUNT], np.int64(0)
    index = np.empty(2 * branches, np.int64)
    amps = np.empty(2 * branches, np.complex128)
    flush(s)
    for side in range(2):
        for i in range(branches):
            amplitude = s.amps[i] * s.pairs[slot, i, side]
            if not tiny(amplitude):
                index[kept], amps[kept] = i, amplitude
                kept += 1
        if side == 0:
            zeros = kept
    if kept > s.amps.size:
        s.info[NEED] = kept
        return ROOM_FOR_BRANCHES
    stand = anchored(s)
    s.owner[slot], s.held[q] = -1, -1
    take(s, index, kept)
    for i in range(kept):
        s.amps[i] = amps[i]
        if i >= zeros:
            s.planes[q, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
    rows = np.empty(s.anchors.size + 1, np.int64)
    count = s.info[ANCHORS]
    for k in range(count):
        rows[k] = s.anchors[k]
    if stand and 0 < zeros < kept:
        rows[count] = q
        count += 1
    if stand:
        anchor(s, rows, count)
    else:
        s.info[ANCHORS] = -1
    return 0


@inner
def loose(s: Arrays, q: int) -> bool:
    """Whether the branches are known to differ without qubit q.

    Args:
        s: the state.
        q: number of a qubit.

    Returns:
        True when they are known to; False may also mean that it is not known.
    """
    if constant(s, q) >= 0:
        return True
    for k in range(s.info[ANCHORS]):
        if s.anchors[k] == q:
            return False
    return anchored(s)


@inner
def vacancy(s: Arrays) -> int:
    """A slot for a held qubit, or -1."""
    for slot in range(s.owner.size):
        if s.owner[slot] < 0:
            return slot
    return -1


@inner
def hold(s: Arrays, q: int) -> int:
    """Describe a qubit by a pair per branch; the branches must differ without it.

    Args:
        s: the state, changed in place.
        q: a qubit that is not held.

    Returns:
        0, or `ROOM_TO_HOLD` when no slot is free.
    """
    slot = vacancy(s)
    if slot < 0:
        return ROOM_TO_HOLD
    for i in range(s.info[COUNT]):
        one = bit(s.planes, q, i)
        s.pairs[slot, i, one], s.pairs[slot, i, 1 - one] = 1.0, 0.0
    for w in range(width_of(s)):
        s.planes[q, w] = 0
    s.owner[slot], s.held[q] = q, slot
    return 0


@inner
def settle(s: Arrays, q: int) -> None:
    """Give a held qubit its plane back where it is |0> or |1> in every branch.

    Args:
        s: the state, changed in place.
        q: a held qubit; left as it is where it is in superposition.
    """
    slot, branches = s.held[q], s.info[COUNT]
    for i in range(branches):
        if not tiny(s.amps[i] * s.pairs[slot, i, 0]) and not tiny(s.amps[i] * s.pairs[slot, i, 1]):
            return
    for i in range(branches):
        one = 1 if abs(s.pairs[slot, i, 1]) > abs(s.pairs[slot, i, 0]) else 0
        s.amps[i] *= s.pairs[slot, i, one]
        if one:
            s.planes[q, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
    s.owner[slot], s.held[q] = -1, -1


@inner
def _where(s: Arrays, rows: Long, count: int, mask: Words) -> None:
    """Words of the AND of qubits with planes; held ones are left out."""
    for w in range(width_of(s)):
        mask[w] = s.valid[w]
    for k in range(count):
        if s.held[rows[k]] < 0:
            for w in range(width_of(s)):
                mask[w] &= s.planes[rows[k], w]


@inner
def _exchange(s: Arrays, a: int, b: int) -> None:
    """SWAP of two qubits of which one is held: they change places."""
    for w in range(width_of(s)):
        s.planes[a, w], s.planes[b, w] = s.planes[b, w], s.planes[a, w]
    s.held[a], s.held[b] = s.held[b], s.held[a]
    if s.held[a] >= 0:
        s.owner[s.held[a]] = a
    if s.held[b] >= 0:
        s.owner[s.held[b]] = b


@inner
def _held_among(s: Arrays, rows: Long, count: int) -> bool:
    """Whether one of the first `count` qubits is held; it is noted as the one to spread."""
    for k in range(count):
        if s.held[rows[k]] >= 0:
            s.info[WHO] = rows[k]
            return True
    return False


@inner
def _phase(s: Arrays, rows: Long, count: int, factor: complex) -> int:
    """Multiply by `factor` where these qubits are 1: beta of a held one, or the amplitude."""
    last = np.int64(-1)
    for k in range(count):
        if s.held[rows[k]] >= 0:
            last = k
    if last > 0 and _held_among(s, rows, last):
        return SPREAD
    mask = np.empty(width_of(s), np.uint64)
    _where(s, rows, count, mask)
    slot = s.held[rows[last]] if last >= 0 else -1
    for w in range(mask.size):
        if mask[w]:
            for k in range(64):
                if (mask[w] >> np.uint64(k)) & np.uint64(1):
                    if slot >= 0:
                        s.pairs[slot, 64 * w + k, 1] *= factor
                    else:
                        s.amps[64 * w + k] *= factor
    return 0


@inner
def _flip(s: Arrays, rows: Long, count: int) -> int:
    """X with controls, one of the qubits held: on a held target alpha and beta change places."""
    if _held_among(s, rows, count - 1):
        return SPREAD
    slot = s.held[rows[count - 1]]
    if slot < 0:
        return FOR_WORDS
    mask = np.empty(width_of(s), np.uint64)
    _where(s, rows, count, mask)
    for w in range(mask.size):
        if mask[w]:
            for k in range(64):
                if (mask[w] >> np.uint64(k)) & np.uint64(1):
                    i = 64 * w + k
                    s.pairs[slot, i, 0], s.pairs[slot, i, 1] = s.pairs[slot, i, 1], s.pairs[slot, i, 0]
    return 0


@inner
def _cswap(s: Arrays, rows: Long) -> int:
    """CSWAP, one of the qubits held: of two held targets the pairs change places."""
    a, b = rows[1], rows[2]
    if _held_among(s, rows, np.int64(1)):
        return SPREAD
    if s.held[a] < 0 and s.held[b] < 0:
        return FOR_WORDS
    if s.held[a] < 0 or s.held[b] < 0:
        one, other = (a, b) if s.held[a] >= 0 else (b, a)
        if loose(s, other):
            s.info[WHO] = other
            return HOLD
        s.info[WHO] = one
        return SPREAD
    x, y = s.held[a], s.held[b]
    for i in range(s.info[COUNT]):
        if bit(s.planes, rows[0], i):
            s.pairs[x, i, 0], s.pairs[y, i, 0] = s.pairs[y, i, 0], s.pairs[x, i, 0]
            s.pairs[x, i, 1], s.pairs[y, i, 1] = s.pairs[y, i, 1], s.pairs[x, i, 1]
    settle(s, a)
    settle(s, b)
    return 0


@inner
def _unitary(s: Arrays, rows: Long, count: int, m: Complex) -> int:
    """A 2 x 2 matrix with controls."""
    target = rows[count - 1]
    if _held_among(s, rows, count - 1):
        return SPREAD
    mask = np.empty(width_of(s), np.uint64)
    if s.held[target] < 0:
        if not loose(s, target):
            _where(s, rows, count - 1, mask)
            return in_pairs(s, target, mask, m)
        s.info[WHO] = target
        return HOLD
    _where(s, rows, count, mask)
    slot = s.held[target]
    for i in range(s.info[COUNT]):
        if (mask[i >> 6] >> np.uint64(i & 63)) & np.uint64(1):
            alpha, beta = s.pairs[slot, i, 0], s.pairs[slot, i, 1]
            s.pairs[slot, i, 0] = m[0, 0] * alpha + m[0, 1] * beta
            s.pairs[slot, i, 1] = m[1, 0] * alpha + m[1, 1] * beta
    settle(s, target)
    return 0


@compiled
def run(
    ops: Ints, wires: Ints, factors: Complex, matrices: Complex, start: int, stop: int, s: Arrays
) -> tuple[int, int]:
    """Run operations of a program on the state, up to the first that is not a gate or needs room.

    Without need, it is one for the caller: a measurement, a reset that tells branches apart, a jump, a matrix on
    several qubits.

    Args:
        ops: (m, 4) operations of a `Program`.
        wires: its lists of operands.
        factors: e^(i angle) by the place of an angle.
        matrices: (.., 2, 2) of one-qubit gates.
        start: first operation.
        stop: end.
        s: the state, changed in place.

    Returns:
        (operation, need): the one to go on from, and `ROOM_FOR_BRANCHES`, `ROOM_TO_HOLD` or 0.
    """
    i = start
    rows = np.empty(wires.size + 3, np.int64)
    while True:
        i = run_words(ops, wires, i, stop, s.planes, width_of(s), s.signs, s.valid, s.held)
        if i < stop and ops[i, 0] == RESET and s.held[ops[i, 3]] < 0 and constant(s, ops[i, 3]) >= 0:
            s.planes[ops[i, 3]] = 0  # the same in all branches
            i += 1
            continue
        if i >= stop or ops[i, 0] >= MATRIX:
            return i, 0
        code, a, b, t = ops[i, 0], ops[i, 1], ops[i, 2], ops[i, 3]
        if code in (MCX, MCZ, PHASE, UNITARY):
            count = np.int64(b)
            for k in range(count):
                rows[k] = wires[a + k]
            if code == MCX:
                rows[count] = t
                count += 1
        elif code in (CCX, CSWAP):
            rows[0], rows[1], rows[2], count = a, b, t, 3
        elif code in (CX, CZ, SWAP):
            rows[0], rows[1], count = a, t, 2
        else:
            rows[0], count = t, 1
        if code == UNITARY:
            need = _unitary(s, rows, count, matrices[t])
        elif code == PHASE:
            need = _phase(s, rows, count, factors[t])
        elif code >= Z:
            need = _phase(s, rows, count, -1.0 + 0.0j)
        elif code == SWAP:
            _exchange(s, rows[0], rows[1])
            need = 0
        elif code == CSWAP:
            need = _cswap(s, rows)
        else:
            need = _flip(s, rows, count)
        done = need == 0
        if need == HOLD:
            need = hold(s, s.info[WHO])
        if need == SPREAD:
            need = spread(s, s.info[WHO])
        if need in (ROOM_FOR_BRANCHES, ROOM_TO_HOLD):
            return i, need
        if done:
            i += 1


@compiled
def write_out(s: Arrays) -> int:
    """Write out all held qubits and waiting signs; returns the room it needs first."""
    for slot in range(s.owner.size):
        if s.owner[slot] >= 0:
            need = spread(s, s.owner[slot])
            if need:
                return need
    flush(s)
    drop(s, s.info[COUNT])
    return 0
