"""What is kept equals what is computed afresh: codes to the last bit, sums but for rounding."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.encoding.kept import Growing, Kept, center_of
from qattn.encoding.keys import encode_keys


def grown(K, V, cuts):
    """A `Kept` of K and V that came in pieces."""
    keys, values = Growing(K[: cuts[0]]), Growing(V[: cuts[0]])
    kept = Kept.of(keys.rows, values.rows)
    yield kept
    for start, stop in zip(cuts, [*cuts[1:], len(K)], strict=True):
        if start < stop:
            kept = kept.extended(keys.extended(kept.K, K[start:stop]), values.extended(kept.V, V[start:stop]))
            yield kept


def same(code, fresh):
    for one in fields(code):
        ours, theirs = getattr(code, one.name), getattr(fresh, one.name)
        assert (ours is None and theirs is None) or np.array_equal(ours, theirs), one.name


def keys(kind, n, d, seed):
    rng = np.random.default_rng(seed)
    K = rng.normal(size=(n, d))
    if kind == "outlier":
        K[n // 2] *= 1e6
    elif kind == "integers":
        K = np.rint(3 * K)
    elif kind == "late fraction":
        K = np.rint(3 * K)
        K[-1] += 0.25
    elif kind == "late range":
        K = np.rint(K)
        K[-1] = 1000
    elif kind == "ties":
        K = K[rng.integers(min(2, n), size=n)]
    elif kind == "zeros":
        K = np.zeros((n, d))
    elif kind == "huge":
        K *= 1e154
    elif kind == "tiny":
        K *= 1e-310
    return K


KINDS = ["normal", "outlier", "integers", "late fraction", "late range", "ties", "zeros", "huge", "tiny"]


@given(
    kind=st.sampled_from(KINDS), n=st.integers(1, 40), d=st.integers(1, 5), bits=st.integers(1, 9),
    seed=st.integers(0, 99), data=st.data(),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_the_code_is_that_of_all_keys_to_the_last_bit(kind, n, d, bits, seed, data) -> None:
    K, V = keys(kind, n, d, seed), np.ones((n, 1))
    cuts = sorted(data.draw(st.sets(st.integers(1, n), min_size=1)))
    for kept in grown(K, V, cuts):
        if data.draw(st.booleans()):
            same(kept.code(bits), encode_keys(K[: kept.n], bits))


@given(kind=st.sampled_from(KINDS), n=st.integers(1, 70), seed=st.integers(0, 99), data=st.data())
@settings(max_examples=60, deadline=None)
def test_sums_are_those_of_all_keys(kind, n, seed, data) -> None:
    K, V = keys(kind, n, 3, seed), np.random.default_rng(seed).normal(size=(n, 2))
    for kept in grown(K, V, sorted(data.draw(st.sets(st.integers(1, n), min_size=1)))):
        if not data.draw(st.booleans()):
            continue
        now, old = K[: kept.n], kept.moments
        np.testing.assert_allclose(kept.total, V[: kept.n].sum(axis=0), atol=1e-12)
        center = center_of(now)
        assert np.array_equal(old.center, center)
        with np.errstate(over="ignore", invalid="ignore"):
            away = now - center
            size = np.abs(away).sum(axis=0)
            np.testing.assert_allclose(old.keys, away.sum(axis=0), atol=1e-13 * size.max())
            wanted = away.T @ away
            if np.isfinite(wanted).all():
                np.testing.assert_allclose(old.squares, wanted, atol=1e-13 * np.abs(away).max() * size.max())
            products = np.abs(away).T @ np.abs(V[: kept.n])
            np.testing.assert_allclose(old.products, away.T @ V[: kept.n], atol=1e-13 * products.max())


def test_few_keys_are_encoded_again_whatever_n_is() -> None:
    """Of keys in random order the n-th is an extreme of one of d columns with probability 2 d / n at most."""
    d = 4
    per_key = []
    for n in (256, 2048):
        K = np.random.default_rng(n).normal(size=(n, d))
        for kept in grown(K, np.ones((n, 1)), list(range(1, n))):
            kept.code(6)
        per_key.append(kept.memory.encoded / n)
    assert max(per_key) < 2 * d + 1 + 4
    assert per_key[0] > 1


def test_sums_cost_a_key_whatever_n_is() -> None:
    d, d_v = 3, 2
    for n in (256, 1024):
        K, V = np.ones((n, d)), np.ones((n, d_v))
        for kept in grown(K, V, list(range(1, n))):
            assert kept.moments.n == kept.n
        assert n * d * (1 + d + d_v) < kept.memory.work <= 3 * n * d * (1 + d + d_v)


def test_one_that_fell_behind_answers_for_its_own_keys() -> None:
    K, V = keys("normal", 30, 3, 0), np.arange(60.0).reshape(30, 2)
    early, late = list(grown(K, V, [17]))
    late.code(5), late.moments, late.total
    same(early.code(5), encode_keys(K[:17], 5))
    assert early.moments.n == 17
    assert np.array_equal(early.total, V[:17].sum(axis=0))
    fourth = early.extended(late.K, late.V)
    same(fourth.code(5), encode_keys(K, 5))
    assert fourth.moments is late.moments


def test_rows_that_were_handed_out_are_not_written_to() -> None:
    growing = Growing(np.zeros((3, 2)))
    first = growing.rows
    more = growing.extended(first, np.ones((2, 2)))
    other = growing.extended(first, np.full((2, 2), 2.0))  # from the same three: the place behind them is taken
    again = growing.extended(other, np.full((1, 2), 3.0))
    assert more.tolist() == [[0, 0]] * 3 + [[1, 1]] * 2
    assert other.tolist() == [[0, 0]] * 3 + [[2, 2]] * 2
    assert again.tolist() == [*other.tolist(), [3, 3]]
    with pytest.raises(ValueError, match="read-only"):
        more[0] = 1


def test_growing_copies_each_row_twice_at_most() -> None:
    growing, rows, arrays = Growing(np.zeros((1, 2))), None, set()
    rows = growing.rows
    for _ in range(1000):
        rows = growing.extended(rows, np.ones((1, 2)))
        arrays.add(len(rows.base))
    assert len(rows) == 1001
    assert sum(arrays) < 4 * 1001
