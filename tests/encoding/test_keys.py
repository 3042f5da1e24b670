"""The margin of the fixed-point code: no key at or above tau is ever lost."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qattn.data import load_head, theorem_instance
from qattn.encoding.keys import encode_keys
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


@pytest.mark.parametrize("bad", [{"bits": 0}, {"bits": 99}, {"rank": 0}, {"rank": 3}])
def test_bad_sizes(bad) -> None:
    with pytest.raises(ValueError, match="choose"):
        encode_keys(np.ones((4, 2)) / 3, **{"bits": 4, **bad})
