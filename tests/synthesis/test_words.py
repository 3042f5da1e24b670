"""The inner loop on packed words: every operation on every branch, against plain bits."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.synthesis.execution import pack, unpack
from qattn.synthesis.program import CCX, CSWAP, CX, CZ, MCX, MCZ, PHASE, SWAP, X, Z
from qattn.synthesis.words import run_words

WIRES = np.array([5, 3, 1, 4], np.int32)  # of MCX and MCZ
QUBITS = 6


def plain(row: tuple[int, int, int, int], bits: list[int]) -> int:
    """Apply an operation to the bits of one branch; returns whether its sign flips."""
    code, a, b, t = row
    named = [bits[w] for w in WIRES[a : a + b]] if code in (MCX, MCZ) else []
    if code == SWAP:
        bits[a], bits[t] = bits[t], bits[a]
    elif code == CSWAP and bits[a]:
        bits[b], bits[t] = bits[t], bits[b]
    elif code in (X, CX, CCX, MCX):
        bits[t] ^= {X: 1, CX: bits[a], CCX: bits[a] & bits[b], MCX: int(all(named))}[code]
    elif code in (Z, CZ, MCZ):
        return int({Z: bits[t], CZ: bits[a] & bits[t], MCZ: all(named)}[code])
    return 0


def random_row(rng: np.random.Generator) -> tuple[int, int, int, int]:
    code = int(rng.integers(MCZ + 1))
    a, b, t = (int(q) for q in rng.permutation(QUBITS)[:3])
    return (code, 1, 3, 0) if code in (MCX, MCZ) else (code, a, b, t)


@pytest.mark.parametrize("n", [1, 63, 64, 65, 300])
def test_random_operations_are_those_of_single_branches(n: int) -> None:
    rng = np.random.default_rng(n)
    bits = rng.integers(2, size=(n, QUBITS))
    rows = [random_row(rng) for _ in range(60)]
    assert {row[0] for row in rows} == set(range(MCZ + 1))
    valid = pack(np.ones(n, bool))
    planes, signs = np.array([pack(column) for column in bits.T]), np.zeros_like(valid)
    held = np.full(QUBITS, -1, np.int32)
    assert run_words(np.array(rows, np.int32), WIRES, 0, 60, planes, valid.size, signs, valid, held) == 60
    after, flips = bits.tolist(), [0] * n
    for i, branch in enumerate(after):
        for row in rows:
            flips[i] ^= plain(row, branch)
    assert np.array([unpack(plane, n) for plane in planes]).T.astype(int).tolist() == after
    assert unpack(signs, n).astype(int).tolist() == flips
    assert not (planes & ~valid).any(), "nothing beyond the last branch"


@pytest.mark.parametrize("code", range(MCZ + 1))
def test_it_stops_at_a_held_qubit_before_anything_is_done(code: int) -> None:
    row = (code, 1, 3, 0)  # for MCX and MCZ: three qubits from place 1 of the list on
    touched = {
        X: [0], Z: [0], CX: [1, 0], CZ: [1, 0], SWAP: [1, 0], CCX: [1, 3, 0], CSWAP: [1, 3, 0],
        MCX: [*WIRES[1:4], 0], MCZ: WIRES[1:4],
    }[code]  # fmt: skip
    valid = pack(np.ones(9, bool))
    for q in range(QUBITS):
        planes = np.array([pack(np.arange(9) >> 1 & 1)] * QUBITS)
        before, signs, held = planes.copy(), np.zeros_like(valid), np.full(QUBITS, -1, np.int32)
        held[q] = 2
        stopped = run_words(np.array([row], np.int32), WIRES, 0, 1, planes, 1, signs, valid, held)
        assert stopped == (0 if q in touched else 1)
        if q in touched:
            assert np.array_equal(planes, before)
            assert not signs.any()


def test_it_starts_and_stops_where_it_is_told_and_at_what_is_not_its_own() -> None:
    rows = np.array([(X, 0, 0, 0), (X, 1, 1, 1), (PHASE, 0, 1, 0), (X, 2, 2, 2)], np.int32)
    valid = pack(np.ones(3, bool))
    planes, signs, held = np.zeros((QUBITS, 1), np.uint64), np.zeros(1, np.uint64), np.full(QUBITS, -1, np.int32)
    assert run_words(rows, WIRES, 1, 4, planes, 1, signs, valid, held) == 2
    assert planes[:, 0].tolist() == [0, 7, 0, 0, 0, 0]
    assert run_words(rows, WIRES, 3, 3, planes, 1, signs, valid, held) == 3
    assert planes[:, 0].tolist() == [0, 7, 0, 0, 0, 0]
