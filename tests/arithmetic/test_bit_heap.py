from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.arithmetic import bit_heap, subexpressions
from qattn.arithmetic.bit_heap import Network, network, networks
from qattn.arithmetic.carry_save import compress
from qattn.arithmetic.ripple import signed_digits
from qattn.arithmetic.subexpressions import Sums, Term
from qattn.synthesis.cost import count


def signs(net: Network, X: Any, bits: int, rows: int) -> Any:
    """(keys, rows): the last wires of a network that is given these keys; its other wires start in 0."""
    offset = np.asarray(X) + (1 << (bits - 1))
    given = (offset[:, :, None] >> np.arange(bits)) & 1
    wires = np.zeros((net.wires, len(X)), dtype=bool)
    wires[: len(net.keys)] = given.reshape(len(X), -1).T[list(net.keys)].astype(bool)
    for name, at in net.ops:
        wires[at[-1]] ^= True if name == "x" else np.logical_and.reduce(wires[list(at[:-1])])
    return wires[-rows:].T


def random_keys(bits: int, r: int, n: int) -> Any:
    return np.random.default_rng(r).integers(-(1 << (bits - 1)), 1 << (bits - 1), (n, r))


def test_fewer_ands_than_one_per_bit_of_the_heap() -> None:
    rng = np.random.default_rng(3)
    A = rng.integers(-128, 128, 64)
    heap = 8 * sum(len(signed_digits(int(a))) for a in A)
    assert network(A, 1000, 8, 21).ands < 0.72 * heap


@pytest.mark.parametrize("r", [1, 3, 8, 16])
def test_a_network_knows_its_gates(r: int) -> None:
    A = np.random.default_rng(r).integers(-31, 32, r)
    net = network(A, 5, 5, 14)
    cost = count(compress(net))
    assert (net.ands, net.cnots, net.depth) == (cost.toffoli, cost.cnot, cost.toffoli_depth)
    assert network(A.copy(), 5, 5, 14) is net
    assert network(A, 6, 5, 14) is not net


@pytest.mark.parametrize(("R", "tries", "ands"), [(1, 100, 293), (4, 100, 1068), (8, 100, 2082),
                                                  (1, 0, 303), (4, 0, 1124), (8, 0, 2162)])  # fmt: skip
def test_ands_of_rows_that_share_sums(R: int, tries: int, ands: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Greedy sums, and what local search makes of them."""
    monkeypatch.setattr(subexpressions, "TRIES", tries)
    for kept in (bit_heap._networks, bit_heap._shared):
        kept.cache_clear()
    A = np.random.default_rng(7).integers(-32, 32, (R, 32))
    net = networks(list(A), [200] * R, 6, [16] * R)
    assert net.ands == ands
    X = random_keys(6, 32, 2000)
    wanted = X @ A.T >= 200
    assert 0.05 < wanted.mean() < 0.95
    assert np.array_equal(signs(net, X, 6, R), wanted)


@given(st.integers(1, 4), st.integers(1, 6), st.integers(1, 5), st.integers(1, 40), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_signs_of_several_rows(R: int, r: int, bits: int, largest: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    A = rng.integers(-largest, largest + 1, (R, r))
    bound = int(np.abs(A).sum(axis=1).max()) << (bits - 1)
    T = rng.integers(-bound - 1, bound + 2, R)
    width = (2 * bound + 2).bit_length() + 1
    if r * bits <= 10:
        codes = np.arange(1 << (r * bits))[:, None] >> (bits * np.arange(r)) & ((1 << bits) - 1)
        X = codes - (1 << (bits - 1))
    else:
        X = random_keys(bits, r, 500)
    net = networks(list(A), T.tolist(), bits, [width] * R)
    assert np.array_equal(signs(net, X, bits, R), X @ A.T >= T)


def test_sharing_between_rows_is_never_dearer_than_none(monkeypatch: pytest.MonkeyPatch) -> None:
    A = np.random.default_rng(11).integers(-32, 32, (3, 12))
    rows, Ts, widths = list(A), [5] * 3, [15] * 3
    alone = sum(network(row, 5, 6, 15).ands for row in A)
    assert networks(rows, Ts, 6, widths).ands <= alone
    none = Sums((), tuple(tuple(Term(c, *d) for c, a in enumerate(row) for d in signed_digits(-int(a))) for row in A))
    bit_heap._networks.cache_clear()
    shared = bit_heap._shared
    monkeypatch.setattr(bit_heap, "_shared", lambda rows, bits: none if len(rows) > 1 else shared(rows, bits))
    assert networks(rows, Ts, 6, widths).ands == alone  # where rows together do badly, each stays as it was
    bit_heap._networks.cache_clear()
