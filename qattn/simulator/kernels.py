"""Compiled operations on branches: everything that happens to a state between two measurements.

A branch is one nonzero basis state; 64 of them share a word of every qubit's bit plane. A qubit may be *held*: its
state is then a pair of amplitudes (alpha, beta) per branch, alpha |0> + beta |1>, and its plane is zero. H on a qubit
without which the branches still differ makes it held, and no branch is added; branches that would coincide are merged
into one with a held qubit. Only when a held qubit must act on others (as a control, say) are its branches written out.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import compiled, inner
from qattn.synthesis.program import CCX, CSWAP, CX, CZ, MATRIX, MCX, MCZ, PHASE, SWAP, UNITARY, Z
from qattn.synthesis.words import Ints, Words, run_words

Long = NDArray[np.int64]
Complex = NDArray[np.complex128]

ZERO: Final = 1e-14  # amplitudes up to this are rounding errors of zero
COUNT: Final = 0  # places in Arrays.info: number of branches
ANCHORS: Final = 1  # number of anchors, -1 when unknown
NEED: Final = 2  # branches for which there must be room
WHO: Final = 3  # the qubit to spread or to hold
ROOM_FOR_BRANCHES: Final = 1  # what a kernel may ask for before it can go on
ROOM_TO_HOLD: Final = 2
FOR_WORDS: Final = 3  # all qubits have planes now, or there is room: try again
SPREAD: Final = 4
HOLD: Final = 5


class Arrays(NamedTuple):
    """The memory of a state.

    Attributes:
        planes: (qubits, words) bits of every branch.
        signs: (words,) branches whose amplitude has yet to be negated.
        valid: (words,) ones for the branches there are.
        amps: (64 words,) amplitudes.
        held: (qubits,) the pair that describes a qubit, -1 when its plane does.
        pairs: (slots, 64 words, 2) alpha and beta of held qubits, |alpha|^2 + |beta|^2 = 1.
        owner: (slots,) the qubit held in a slot, or -1.
        anchors: (<= 64,) qubits that together tell all branches apart.
        marks: (64, words) the anchors' planes when that was known.
        info: counters, see above.
    """

    planes: Words
    signs: Words
    valid: Words
    amps: Complex
    held: Ints
    pairs: Complex
    owner: Long
    anchors: Long
    marks: Words
    info: Long


@inner
def bit(planes: Words, q: int, i: int) -> int:
    """Bit of branch i."""
    return np.int64((planes[q, i >> 6] >> np.uint64(i & 63)) & np.uint64(1))


@inner
def tiny(amplitude: complex) -> bool:
    """Whether an amplitude is 0 up to rounding."""
    return amplitude.real * amplitude.real + amplitude.imag * amplitude.imag <= ZERO * ZERO


@inner
def width_of(s: Arrays) -> int:
    """Words in use."""
    return (s.info[COUNT] + 63) >> 6


@inner
def constant(s: Arrays, q: int) -> int:
    """0 or 1 where a qubit is that in all branches, else -1."""
    zero, one = True, True
    for w in range(width_of(s)):
        zero = zero and s.planes[q, w] == 0
        one = one and s.planes[q, w] == s.valid[w]
        if not zero and not one:
            return -1
    return 0 if zero else 1


@inner
def resize(s: Arrays, count: int) -> None:
    """Set the number of branches, and the words of `valid` to match; qubits that are 1 everywhere are the caller's."""
    s.info[COUNT] = count
    for w in range(s.valid.size):
        low = min(max(count - 64 * w, 0), 64)
        s.valid[w] = ~np.uint64(0) if low == 64 else (np.uint64(1) << np.uint64(low)) - np.uint64(1)


@inner
def flush(s: Arrays) -> None:
    """Put the waiting signs into the amplitudes."""
    for w in range(width_of(s)):
        word = s.signs[w]
        if word:
            for k in range(64):
                if (word >> np.uint64(k)) & np.uint64(1):
                    s.amps[64 * w + k] = -s.amps[64 * w + k]
            s.signs[w] = 0


@inner
def anchored(s: Arrays) -> bool:
    """Whether the anchors are what they were, up to NOT: then they still tell all branches apart."""
    for k in range(s.info[ANCHORS]):
        q = s.anchors[k]
        if s.held[q] >= 0:
            return False
        same, other = True, True
        for w in range(width_of(s)):
            same = same and s.planes[q, w] == s.marks[k, w]
            other = other and s.planes[q, w] ^ s.marks[k, w] == s.valid[w]
            if not same and not other:
                return False
    return s.info[ANCHORS] >= 0


@inner
def anchor(s: Arrays, rows: Long, count: int) -> None:
    """Remember qubits that tell all branches apart, when they are few enough."""
    if count > s.anchors.size:
        s.info[ANCHORS] = -1
        return
    s.info[ANCHORS] = count
    for k in range(count):
        s.anchors[k] = rows[k]
        for w in range(width_of(s)):
            s.marks[k, w] = s.planes[rows[k], w]


@inner
def take(s: Arrays, index: Long, count: int) -> None:
    """Let branch i be what branch index[i] was; amplitudes are the caller's, and signs must have been flushed."""
    before, width = width_of(s), (count + 63) >> 6
    fresh = np.empty(width, np.uint64)
    kinds = np.empty(s.planes.shape[0], np.int8)
    for q in range(s.planes.shape[0]):
        kinds[q] = constant(s, q)
    resize(s, count)
    for q in range(s.planes.shape[0]):
        if kinds[q] == 0:
            continue
        for w in range(width):
            word = s.valid[w]
            if kinds[q] < 0:
                word = np.uint64(0)
                for k in range(min(64, count - 64 * w)):
                    j = index[64 * w + k]
                    word |= ((s.planes[q, j >> 6] >> np.uint64(j & 63)) & np.uint64(1)) << np.uint64(k)
            fresh[w] = word
        for w in range(width):
            s.planes[q, w] = fresh[w]
        for w in range(width, before):
            s.planes[q, w] = 0
    moved = np.empty((count, 2), np.complex128)
    for slot in range(s.owner.size):
        if s.owner[slot] >= 0:
            for i in range(count):
                moved[i, 0], moved[i, 1] = s.pairs[slot, index[i], 0], s.pairs[slot, index[i], 1]
            for i in range(count):
                s.pairs[slot, i, 0], s.pairs[slot, i, 1] = moved[i, 0], moved[i, 1]


@inner
def group(s: Arrays, rows: Long, count: int, ids: Long, first: Long) -> int:
    """Number the branches by their bits on some qubits: ids[i], and first[id] the first branch of each; the number."""
    branches, words = s.info[COUNT], max(1, (count + 63) >> 6)
    keys = np.zeros((branches, words), np.uint64)
    for k in range(count):
        for w in range(width_of(s)):
            word = s.planes[rows[k], w]
            if word:
                for j in range(min(64, branches - 64 * w)):
                    keys[64 * w + j, k >> 6] |= ((word >> np.uint64(j)) & np.uint64(1)) << np.uint64(k & 63)
    size = 4
    while size < 2 * branches:
        size *= 2
    table = np.full(size, -1, np.int64)
    groups = np.int64(0)
    for i in range(branches):
        mixed = np.uint64(0)
        for w in range(words):
            mixed = (mixed ^ keys[i, w]) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
        mixed = (mixed * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(20)
        place = np.int64(mixed & np.uint64(size - 1))
        while True:
            known = table[place]
            if known < 0:
                table[place], first[groups], ids[i] = groups, i, groups
                groups += 1
                break
            same = True
            for w in range(words):
                same = same and keys[first[known], w] == keys[i, w]
            if same:
                ids[i] = known
                break
            place = (place + 1) & (size - 1)
    return groups


@inner
def varying(s: Arrays, but: int, rows: Long) -> int:
    """Write the qubits that are not the same in all branches to `rows`; returns their number."""
    count = 0
    for q in range(s.planes.shape[0]):
        if q != but and s.held[q] < 0 and constant(s, q) < 0:
            rows[count] = q
            count += 1
    return count


@inner
def spread(s: Arrays, q: int) -> int:
    """Write out the branches of a held qubit, those of amplitude 0 left out."""
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
    """Whether the branches are known to differ without qubit q."""
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
    """Describe a qubit by a pair per branch; the branches must differ without it."""
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
    """Give a held qubit its plane back where it is |0> or |1> in every branch."""
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
def _pair_up(s: Arrays, q: int, rows: Long, count: int) -> tuple[Long, int]:
    """The branches that differ in qubit q only, as (.., 2) by its bit, -1 where there is none; and their number."""
    branches, groups = s.info[COUNT], np.int64(0)
    if count < 62 and 1 << count <= 4 * branches:  # few qubits: their bits are the place
        pair = np.full((1 << count, 2), -1, np.int64)
        for i in range(branches):
            w, shift, place = i >> 6, np.uint64(i & 63), np.uint64(0)
            for k in range(count):
                place |= ((s.planes[rows[k], w] >> shift) & np.uint64(1)) << np.uint64(k)
            groups += pair[place, 0] < 0 and pair[place, 1] < 0
            pair[place, np.int64((s.planes[q, w] >> shift) & np.uint64(1))] = i
        return pair, groups
    ids, first = np.empty(branches, np.int64), np.empty(branches, np.int64)
    groups = group(s, rows, count, ids, first)
    pair = np.full((groups, 2), -1, np.int64)
    for i in range(branches):
        pair[ids[i], bit(s.planes, q, i)] = i
    return pair, groups


@inner
def _in_pairs(s: Arrays, q: int, mask: Words, m: Complex) -> int:
    """A 2 x 2 matrix where `mask`, between branches that differ in qubit q only; missing ones are added first."""
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
        _drop(s, branches)
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
        _drop(s, total)
    rows[count] = q
    anchor(s, rows, count + 1)
    return 0


@inner
def _drop(s: Arrays, total: int) -> None:
    """Forget branches of amplitude 0."""
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
            return _in_pairs(s, target, mask, m)
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
    """Run operations start..stop-1; returns the first that was not run, and the room it needs.

    Without need, it is one for the caller: a measurement, a jump, a matrix on several qubits.
    """
    i = start
    rows = np.empty(wires.size + 3, np.int64)
    while True:
        i = run_words(ops, wires, i, stop, s.planes, width_of(s), s.signs, s.valid, s.held)
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
def chance(s: Arrays, q: int) -> float:
    """The probability that a qubit is 1."""
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
    """Keep the branches where a qubit is `outcome`, normalised; it is left in that state."""
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
def write_out(s: Arrays) -> int:
    """Write out all held qubits and waiting signs; returns the room it needs first."""
    for slot in range(s.owner.size):
        if s.owner[slot] >= 0:
            need = spread(s, s.owner[slot])
            if need:
                return need
    flush(s)
    _drop(s, s.info[COUNT])
    return 0


@compiled
def partition(s: Arrays, targets: Long, ids: Long, first: Long) -> int:
    """`group` by all qubits but the targets; nothing may be held."""
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
    """`take`, for callers in Python."""
    take(s, index, index.size)
    s.info[ANCHORS] = -1
