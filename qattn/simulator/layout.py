"""The memory of a simulated state, and what every compiled operation on it needs.

numba does not notice when a function of another file has changed: after editing this one, remove __pycache__ beside it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Words, inner
from qattn.synthesis.words import Ints

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
    """The bit of a qubit in branch i.

    Args:
        planes: (qubits, words) bit planes.
        q: number of a qubit.
        i: number of the branch.

    Returns:
        0 or 1.
    """
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
    """The value of a qubit that is the same in all branches.

    Args:
        s: the state.
        q: number of a qubit.

    Returns:
        0 or 1; -1 where branches differ.
    """
    zero, one = True, True
    for w in range(width_of(s)):
        zero = zero and s.planes[q, w] == 0
        one = one and s.planes[q, w] == s.valid[w]
        if not zero and not one:
            return -1
    return 0 if zero else 1


@inner
def resize(s: Arrays, count: int) -> None:
    """Set the number of branches, and the words of `valid` to match; qubits that are 1 everywhere are the caller's.

    Args:
        s: the state, changed in place.
        count: branches from now on, at most those there is memory for.
    """
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
    """Remember qubits that tell all branches apart, with their planes; forget all when they are too many.

    Args:
        s: the state, changed in place.
        rows: qubits, the first `count` entries.
        count: how many.
    """
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
    """Let branch i be what branch index[i] was; amplitudes are the caller's, and signs must have been flushed.

    Args:
        s: the state, changed in place.
        index: (>= count,) number of an old branch for each new one.
        count: new number of branches.
    """
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
    """Number the branches by their bits on some qubits, in the order of their first branches.

    Args:
        s: the state.
        rows: qubits, the first `count` entries.
        count: how many.
        ids: (branches,) gets the group of each branch.
        first: (branches,) gets the first branch of each group.

    Returns:
        The number of groups.
    """
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
    """Write the qubits that are neither held nor the same in all branches to `rows`.

    Args:
        s: the state.
        but: a qubit to leave out; -1 for none.
        rows: (qubits,) gets their numbers, rising.

    Returns:
        How many there are.
    """
    count = 0
    for q in range(s.planes.shape[0]):
        if q != but and s.held[q] < 0 and constant(s, q) < 0:
            rows[count] = q
            count += 1
    return count
