"""The margin of the fixed-point code: no key at or above tau is ever lost."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qattn.data import load_head, theorem_instance
from qattn.encoding.keys import encode_keys, encodings
from qattn.encoding.precision import choose_precision
from qattn.encoding.rows import encode_row
from qattn.scores import scores

anything = st.floats(-1e100, 1e100, allow_nan=False, width=64)


def check(K, q, tau, keys, row):
    true = scores(q, K)
    integer = keys.X @ row.A
    unit = Fraction(2) ** row.exponent
    for score, total in zip(true.tolist(), integer.tolist(), strict=True):  # exactly: scores may be subnormal
        assert abs(Fraction(score) / unit - Fraction(row.offset) - Fraction(row.step) * total) <= Fraction(row.margin)
    assert np.all(integer[true >= tau] >= row.T), "a key at or above tau was lost"
    assert integer.min() >= row.low
    assert integer.max() <= row.high
    assert row.low <= row.T <= row.high + 1
    values = row.T - 1 - integer
    assert -(2 ** (row.width - 1)) <= values.min()
    assert values.max() < 2 ** (row.width - 1)
    assert row.width <= row.full_width


@given(data=st.data(), n=st.integers(1, 12), d=st.integers(1, 5), bits=st.integers(1, 7), ranked=st.booleans())
@settings(max_examples=300, deadline=None)
def test_margin_holds_for_any_float64_input(data, n, d, bits, ranked) -> None:
    K = data.draw(arrays(np.float64, (n, d), elements=anything))
    Q = data.draw(arrays(np.float64, (6, d), elements=anything))
    rank = data.draw(st.integers(1, d)) if ranked else None
    keys = encode_keys(K, bits, rank=rank, Q=data.draw(st.sampled_from([None, Q])))
    q = Q[0]
    tau = data.draw(st.one_of(st.sampled_from(sorted(scores(q, K))), anything))
    check(K, q, tau, keys, encode_row(keys, q, tau))


@pytest.mark.parametrize("rank", [None, 1, 4, 8, 32])
@pytest.mark.parametrize("bits", [2, 4, 6])
def test_margin_on_a_real_head(rank, bits) -> None:
    Q, K, _ = load_head("L4H2")
    keys = encode_keys(K, bits, rank=rank, Q=Q)
    for q in Q:
        for tau in np.quantile(scores(q, K), [0.1, 0.75, 1.0]):
            check(K, q, tau, keys, encode_row(keys, q, tau))


def test_eight_components_leave_few_candidates_on_a_real_head() -> None:
    Q, K, _ = load_head("L2H11")
    keys = encode_keys(K, 5, rank=8, Q=Q)
    marked = [
        np.sum(
            keys.X @ encode_row(keys, q, np.sort(scores(q, K))[-4]).A
            >= encode_row(keys, q, np.sort(scores(q, K))[-4]).T
        )
        for q in Q
    ]
    assert 4 <= np.mean(marked) <= 7


def test_small_integers_are_exact() -> None:
    rng = np.random.default_rng(0)
    K, q = rng.integers(-8, 8, (20, 3)), rng.integers(-30, 30, 3)
    keys = encode_keys(K, 4)
    assert keys.exact
    row = encode_row(keys, q, 2.5)
    assert (row.eps, row.sigma, row.T) == (0.0, 1.0, 3)


def test_theorem_promise_leaves_no_extras() -> None:
    """Scores off S_i at most 0 and eps < tau/2: nothing below tau reaches T."""
    Q, K, _, tau = theorem_instance(64, 8, 4, seed=1)
    keys = encode_keys(K, 8)
    for q in Q:
        row = encode_row(keys, q, tau)
        assert row.eps < tau / 2
        assert np.array_equal(keys.X @ row.A >= row.T, scores(q, K) >= tau)


def test_prefix_keeps_the_code() -> None:
    Q, K, _ = load_head("L0H2")
    keys = encode_keys(K, 5, rank=8, Q=Q)
    part = keys.prefix(5)
    check(K[:5], Q[4], 1.0, part, encode_row(part, Q[4], 1.0))
    assert part.n == 5


def test_chosen_precision_keeps_extras_in_check() -> None:
    for head in ("L0H2", "L4H2", "L2H11"):
        Q, K, _ = load_head(head)
        choice = choose_precision(Q, K, None, 4)
        keys = encode_keys(K, choice.bits, rank=choice.rank, Q=Q)
        levels = [np.sort(scores(q, K))[-4] for q in Q]
        codes = [encode_row(keys, q, level) for q, level in zip(Q, levels, strict=True)]
        marked = np.mean([np.sum(keys.X @ row.A >= row.T) for row in codes])
        assert marked <= 12, f"{head}: {choice}, but {marked} marked"


@pytest.mark.parametrize("bad", [{"bits": 0}, {"bits": 99}, {"rank": 0}, {"rank": 3}])
def test_bad_sizes(bad) -> None:
    with pytest.raises(ValueError, match="choose"):
        encode_keys(np.ones((4, 2)) / 3, **{"bits": 4, **bad})


def test_chosen_precision_sees_the_few_heavy_keys_of_a_large_instance() -> None:
    """They set the steps and the margin: a sample without them would promise no extras and let in everything."""
    Q, K, _, tau = theorem_instance(4096, 4, 2, seed=3)
    choice = choose_precision(Q, K, np.full(4096, tau), None)
    keys = encode_keys(K, choice.bits, rank=choice.rank, Q=Q)
    for q in Q[:64]:
        row = encode_row(keys, q, tau)
        assert row.eps < tau / 2
        assert np.array_equal(keys.X @ row.A >= row.T, scores(q, K) >= tau)


def test_all_candidates_share_one_factorisation(monkeypatch) -> None:
    """99 encodings of 5,000 keys: each matrix is decomposed once, and each code is the one it would be alone."""
    rng = np.random.default_rng(0)
    Q, K = rng.normal(size=(70, 64)), rng.normal(size=(5000, 64))
    calls = []
    for name in ("qr", "svd", "cholesky"):
        original = getattr(np.linalg, name)
        monkeypatch.setattr(np.linalg, name, lambda *a, f=original, n=name, **kw: [calls.append(n), f(*a, **kw)][1])
    choose_precision(Q, K, None, 4)
    assert sorted(calls) == ["cholesky", "qr", "qr", "svd"]
    together = encodings(K[:100], [3, 7], [2, 9, None], Q=Q)
    pairs = [(2, 3), (2, 7), (9, 3), (9, 7), (None, 3), (None, 7)]
    for (rank, bits), code in zip(pairs, together, strict=True):
        alone = encode_keys(K[:100], bits, rank=rank, Q=Q)
        assert np.array_equal(code.X, alone.X)
        assert encode_row(code, Q[0], 0.5).eps == encode_row(alone, Q[0], 0.5).eps


@pytest.mark.parametrize(
    ("q", "key", "k"), [(-500, -450, 4), (-500, -450, None), (400, 500, 4), (-1020, 200, None), (500, -500, None)]
)
def test_the_choice_of_precision_does_not_depend_on_the_unit(q, key, k) -> None:
    """Except where a threshold crosses 2 log n, which is no matter of units."""
    Q, K, _ = load_head("L2H11")
    tau = None if k else np.quantile(Q @ K.T, 0.9, axis=1)
    moved = None if tau is None else np.ldexp(tau, q + key)
    with np.errstate(all="raise", under="ignore"):
        here, there = choose_precision(Q, K, tau, k), choose_precision(np.ldexp(Q, q), np.ldexp(K, key), moved, k)
    assert (here.bits, here.rank, here.gates) == (there.bits, there.rank, there.gates)
