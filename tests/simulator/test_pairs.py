"""One-qubit gates between branches that differ in that qubit only, against dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from qiskit.quantum_info import random_unitary

from qattn.simulator.branches import Branches
from qattn.simulator.layout import ANCHORS, COUNT, FOR_WORDS, HOLD, NEED, ROOM_FOR_BRANCHES, SPREAD, WHO, resize
from qattn.simulator.pairs import drop, in_pairs

HADAMARD = np.array([[1, 1], [1, -1]], dtype=np.complex128) / np.sqrt(2)


@njit
def act(s, q, mask, m):
    return in_pairs(s, q, mask, m)


@njit
def forget(s):
    drop(s, s.info[COUNT])


@njit
def hold_so_many(s, count):
    resize(s, count)


def branches(qubits: int, codes: list[int], room: int = 64, seed: int = 0) -> Branches:
    """A branch for each of these basis states, in this order, with random amplitudes."""
    state = Branches.zero(qubits)
    state.grow(max(room, len(codes)), 4)
    hold_so_many(state.arrays, len(codes))
    for q in range(qubits):
        octets = np.packbits([code >> q & 1 for code in codes], bitorder="little")
        state.arrays.planes[q].view(np.uint8)[: octets.size] = octets
    rng = np.random.default_rng(seed)
    amps = rng.normal(size=len(codes)) + 1j * rng.normal(size=len(codes))
    state.arrays.amps[: len(codes)] = amps / np.linalg.norm(amps)
    return state


def everywhere(state: Branches) -> np.ndarray:
    return state.arrays.valid.copy()


def acted(vector: np.ndarray, q: int, where: np.ndarray, m: np.ndarray) -> np.ndarray:
    """What the matrix on qubit q makes of a state, by the definition."""
    places = np.arange(vector.size)
    one, partner = places >> q & 1, vector[places ^ (1 << q)]
    changed = np.where(one, m[1, 0] * partner + m[1, 1] * vector, m[0, 0] * vector + m[0, 1] * partner)
    return np.where(where, changed, vector)


@pytest.mark.parametrize("control", [None, 1])
@pytest.mark.parametrize("count", [2, 3, 40, 100, 128])
def test_pairs_are_completed_and_changed_where_the_mask_is(count: int, control: int | None) -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        codes = rng.permutation(128)[:count].tolist()
        q = 3
        if not any(code ^ 8 in codes for code in codes):
            codes[1] = codes[0] ^ 8
        state, m = branches(7, codes, room=256, seed=seed), np.ascontiguousarray(random_unitary(2, seed=seed).data)
        before = state.copy().dense()
        mask = everywhere(state) if control is None else state.arrays.planes[control].copy()
        where = np.ones(128, bool) if control is None else np.arange(128) >> control & 1 == 1
        state.arrays.signs[0] = np.uint64(1)  # waits since before the gate
        before[codes[0]] *= -1
        assert act(state.arrays, q, mask, m) == 0
        assert np.allclose(state.dense(), acted(before, q, where, m), atol=1e-12)


def test_branches_without_any_partner_are_held_instead() -> None:
    state = branches(4, [0, 3, 6, 9])
    before = state.dense()
    assert act(state.arrays, 2, everywhere(state), HADAMARD) == HOLD
    assert state.arrays.info[WHO] == 2
    assert np.array_equal(state.dense(), before)


def test_a_held_qubit_is_spread_first() -> None:
    state = branches(4, [0, 1, 2])
    state.arrays.owner[1], state.arrays.held[3] = 3, 1
    assert act(state.arrays, 0, everywhere(state), HADAMARD) == SPREAD
    assert state.arrays.info[WHO] == 3


def lonely() -> list[int]:
    """64 of 128 basis states, of which only two differ in qubit 0 alone."""
    return [0, 1, *range(2, 126, 2)]


def test_without_room_it_says_how_much_and_changes_nothing() -> None:
    state = branches(7, lonely(), room=64)
    before = state.copy().dense()
    assert act(state.arrays, 0, everywhere(state), HADAMARD) == ROOM_FOR_BRANCHES
    assert state.arrays.info[NEED] == 126
    assert np.array_equal(state.copy().dense(), before)
    state.grow(126, 4)
    assert act(state.arrays, 0, everywhere(state), HADAMARD) == 0
    assert state.count == 126
    assert np.allclose(state.dense(), acted(before, 0, np.ones(128, bool), HADAMARD), atol=1e-12)


def test_branches_of_amplitude_zero_make_room_first() -> None:
    state = branches(7, lonely(), room=64)
    state.arrays.amps[40:60] = 0
    before = state.copy().dense()
    assert act(state.arrays, 0, everywhere(state), HADAMARD) == FOR_WORDS
    assert state.count == 44
    assert np.array_equal(state.copy().dense(), before)


def test_what_cancels_is_forgotten_once_it_is_most_of_all() -> None:
    """H on |+>: half of the branches are zero and stay for the gate that brings them back; three quarters go."""
    state = branches(3, list(range(8)))
    state.arrays.amps[:8] = 8**-0.5
    assert act(state.arrays, 0, everywhere(state), HADAMARD) == 0
    assert state.count == 8
    assert act(state.arrays, 1, everywhere(state), HADAMARD) == 0
    assert state.count == 2
    assert np.allclose(state.dense(), [2**-0.5, 0, 0, 0, 2**-0.5, 0, 0, 0])


def test_forgetting_keeps_the_others_and_what_told_all_apart_is_unknown() -> None:
    state = branches(7, list(range(100)), room=128)
    state.arrays.amps[10:90] = 1e-15
    state.arrays.info[ANCHORS] = 0
    forget(state.arrays)
    assert state.count == 20
    assert state.arrays.info[ANCHORS] == -1
    codes = sum(state.bits(q).astype(int) << q for q in range(7))
    assert codes.tolist() == [*range(10), *range(90, 100)]
    state.arrays.info[ANCHORS] = 0
    forget(state.arrays)
    assert state.count == 20
    assert state.arrays.info[ANCHORS] == 0, "nothing was forgotten"
