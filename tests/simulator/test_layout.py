"""The memory of a state, through compiled probes: bits, words, and what tells branches apart."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit

from qattn.simulator.branches import Branches
from qattn.simulator.layout import (
    ANCHORS,
    COUNT,
    ZERO,
    Arrays,
    anchor,
    anchored,
    bit,
    constant,
    flush,
    group,
    resize,
    take,
    tiny,
    varying,
    width_of,
)

COUNTS = [1, 2, 63, 64, 65, 130]


@njit
def facts(s, q, i, amplitude):
    return width_of(s), constant(s, q), bit(s.planes, q, i), tiny(amplitude)


@njit
def varying_and_groups(s, but, ids, first):
    rows = np.empty(s.planes.shape[0], np.int64)
    count = varying(s, but, rows)
    return rows[:count], group(s, rows, count, ids, first)


@njit
def remember(s, rows):
    anchor(s, rows, rows.size)


@njit
def stands(s):
    return anchored(s)


@njit
def move(s, index):
    flush(s)
    take(s, index, index.size)


@njit
def shrink(s, count):
    resize(s, count)


def state(bits: np.ndarray) -> Arrays:
    """Branches with these (branches, qubits) bits; branch i has amplitude i + 1."""
    count, qubits = bits.shape
    made = Branches.zero(qubits)
    made.grow(count, 4)
    s = made.arrays
    shrink(s, count)
    for q in range(qubits):
        octets = np.packbits(bits[:, q].astype(bool), bitorder="little")
        s.planes[q].view(np.uint8)[: octets.size] = octets
    s.amps[:count] = np.arange(count) + 1
    return s


def bits_of(s: Arrays) -> np.ndarray:
    count = int(s.info[COUNT])
    return np.array([[int(plane[i >> 6]) >> (i & 63) & 1 for plane in s.planes] for i in range(count)])


def random_bits(count: int) -> np.ndarray:
    """Qubit 0 is always 0, qubit 1 always 1; 2 to 5 are random."""
    bits = np.random.default_rng(count).integers(2, size=(count, 6))
    bits[:, 0], bits[:, 1] = 0, 1
    return bits


@pytest.mark.parametrize("count", COUNTS)
def test_bits_words_and_constants(count: int) -> None:
    bits = random_bits(count)
    s = state(bits)
    assert int(sum(int(word).bit_count() for word in s.valid)) == count
    for q in range(6):
        same = bits[0, q] if len(set(bits[:, q].tolist())) == 1 else -1
        for i in {0, count // 2, count - 1}:
            assert facts(s, q, i, 0j)[:3] == (-(-count // 64), same, bits[i, q])
    assert [facts(s, 0, 0, x)[3] for x in (0j, ZERO * 1j, 2 * ZERO + 0j, 1j)] == [True, True, False, False]


@pytest.mark.parametrize("count", COUNTS)
def test_branches_move_with_their_signs_and_pairs(count: int) -> None:
    """Fewer, more and repeated ones; nothing is left behind in the words that are no longer in use."""
    rng, bits = np.random.default_rng(count), random_bits(count)
    for size in {1, count, max(1, count - 1)}:
        s = state(bits)
        s.signs[0] = np.uint64(1)  # branch 0 has yet to be negated
        s.owner[2], s.held[5] = 5, 2
        s.pairs[2, :count, 1] = np.arange(count)
        index = rng.integers(count, size=size)
        move(s, index)
        assert s.amps[0] == -1
        assert not s.signs.any()
        assert np.array_equal(bits_of(s), bits[index])
        assert s.pairs[2, :size, 1].real.tolist() == index.tolist()
        assert sum(int(word).bit_count() for word in s.planes[1]) == size


@pytest.mark.parametrize("count", COUNTS)
def test_groups_are_those_of_equal_bits(count: int) -> None:
    bits = random_bits(count)
    s = state(bits)
    for but in (-1, 3):
        ids, first = np.empty(count, np.int64), np.empty(count, np.int64)
        rows, groups = varying_and_groups(s, but, ids, first)
        expected = [q for q in range(2, 6) if q != but and len(set(bits[:, q].tolist())) == 2]
        assert rows.tolist() == expected
        keys = [tuple(row) for row in bits[:, expected].tolist()]
        order = list(dict.fromkeys(keys))  # numbered as they appear
        assert groups == len(order)
        assert ids.tolist() == [order.index(key) for key in keys]
        assert first[:groups].tolist() == [keys.index(key) for key in order]


def test_groups_by_more_than_a_word_of_qubits() -> None:
    bits = np.random.default_rng(0).integers(2, size=(40, 150))
    bits[20:] = bits[:20]
    bits[30:, 149] ^= 1
    ids, first = np.empty(40, np.int64), np.empty(40, np.int64)
    _, groups = varying_and_groups(state(bits), -1, ids, first)
    assert groups == 30
    assert ids.tolist() == [*range(20), *range(10), *range(20, 30)]


def test_anchors_stand_as_long_as_their_planes_do_up_to_a_not() -> None:
    s = state(np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1]]))
    assert stands(s)  # none is needed to tell one branch apart, and nobody has said otherwise
    remember(s, np.array([0, 1]))
    s.planes[2, 0] = 0
    assert stands(s), "another qubit may do what it likes"
    s.planes[0] ^= s.valid
    assert stands(s), "NOT changes nothing"
    s.planes[0, 0] ^= np.uint64(1)
    assert not stands(s)
    remember(s, np.array([1]))
    s.held[1] = 0
    assert not stands(s), "a held qubit has no plane"
    s.held[1] = -1
    assert stands(s)
    remember(s, np.zeros(65, np.int64))
    assert s.info[ANCHORS] == -1, "too many to remember"
    assert not stands(s)
