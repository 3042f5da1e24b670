"""Adversaries of the margin: any range of float64, any d, any basis, every threshold; checked in exact arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from qattn.encoding import rows as rows_module
from qattn.encoding.keys import encode_keys
from qattn.encoding.rows import encode_row
from qattn.scores import scores

LARGEST = np.finfo(float).max


def exact_margin_holds(keys, row, q, K) -> None:
    """|s_ij - const - sigma S_ij| <= eps in rational numbers, s_ij the float64 score that decides membership."""
    unit = Fraction(2) ** row.exponent
    for score, integer in zip(scores(q, K).tolist(), (keys.X @ row.A).tolist(), strict=True):
        error = abs(Fraction(score) / unit - Fraction(row.offset) - Fraction(row.step) * integer)
        assert error <= Fraction(row.margin), f"{float(error)} > {row.margin}"
        assert row.low <= integer <= row.high


def no_member_lost(keys, row, true) -> None:
    """At every threshold that a score can be, and beside it, also over prefixes of the keys."""
    integer = keys.X @ row.A
    assert integer.min() >= row.low
    assert integer.max() <= row.high
    beside = [np.nextafter(true, -np.inf), np.nextafter(true, np.inf)]
    for tau in {0.0, -LARGEST, LARGEST, *true.tolist(), *np.concatenate(beside).tolist()}:
        at = row.at(tau)
        members = integer[true >= tau]
        assert members.size == 0 or members.min() >= at.T, f"a key at or above {tau} was lost"
        assert row.low <= at.T <= row.high + 1
        values = at.T - 1 - integer
        assert -(2 ** (row.full_width - 1)) <= values.min()
        assert values.max() < 2 ** (row.full_width - 1)


def wild(rng, shape, largest):
    """Numbers of every size up to `largest`: one scale for all, one per column or one per number; ties and zeros."""
    scale = 10.0 ** rng.uniform(-323.3, np.log10(largest), size=[1, shape[-1], shape][rng.integers(3)])
    array = np.clip(rng.normal(size=shape), -1, 1) * scale
    array[rng.random(shape) < 0.1] = 0.0
    array[rng.random(shape) < 0.05] = 5e-324
    if array.ndim == 2:
        array[-1] = array[0]
    return array


def search_for_lost_members(keysets, seed) -> int:
    """50 rows per set of keys, every threshold of each; the number of rows that were tried."""
    rng, tried = np.random.default_rng(seed), 0
    for _ in range(keysets):
        n, d, bits = int(rng.integers(1, 10)), int(rng.integers(1, 7)), int(rng.integers(2, 25))
        K = wild(rng, (n, d), 1e154)
        if rng.random() < 0.2:
            K = np.clip(np.rint(K), -2, 1)
        rank = int(rng.integers(1, d + 1)) if rng.random() < 0.5 else None
        largest = min(1e154, LARGEST / d / max(np.abs(K).max(), 1.0))
        Q = np.array([wild(rng, (d,), largest) for _ in range(50)])
        keys = encode_keys(K, bits, rank=rank, Q=Q if rng.random() < 0.5 else None)
        m = int(rng.integers(1, n + 1))
        for q in Q:
            true = scores(q, K)
            row = encode_row(keys, q, float(true[0]))
            no_member_lost(keys, row, true)
            no_member_lost(keys.prefix(m), row, true[:m])
            tried += 1
    return tried


def test_no_member_is_lost_between_5e_324_and_1e154() -> None:
    assert search_for_lost_members(20, seed=1) == 1_000


@pytest.mark.slow
def test_no_member_is_lost_in_20_000_rows() -> None:
    assert search_for_lost_members(400, seed=2) == 20_000


def test_a_margin_of_zero_would_lose_members_in_the_same_search(monkeypatch) -> None:
    """The search above can fail."""
    monkeypatch.setattr(rows_module, "margin", lambda *arguments: 0.0)
    with pytest.raises(AssertionError, match="lost"):
        search_for_lost_members(20, seed=1)


@pytest.mark.parametrize("size", [5e-324, 1e-320, 1e-310, 1e-300, 1e-200, 1.0, 1e154])
@pytest.mark.parametrize("bits", [2, 24])
@pytest.mark.parametrize("rank", [None, 2])
def test_margin_is_exact_at_every_size_of_row(size, bits, rank) -> None:
    rng = np.random.default_rng(bits)
    K = rng.normal(size=(24, 5))
    Q = rng.normal(size=(9, 5)) * size
    keys = encode_keys(K, bits, rank=rank, Q=Q)
    for q in Q:
        row = encode_row(keys, q, 0.0)
        exact_margin_holds(keys, row, q, K)
        no_member_lost(keys, row, scores(q, K))


@pytest.mark.parametrize(
    ("q", "k"), [(1e-300, 1e300), (1e300, 1e-300), (1e145, 1e145), (1e-145, 1e-145), (1e-310, 1e20)]
)
def test_only_the_product_of_the_sizes_counts(q, k) -> None:
    """The code of scaled rows and keys is the code of the rows and keys, to the last integer."""
    rng = np.random.default_rng(4)
    rows, points = rng.normal(size=(7, 4)), rng.normal(size=(30, 4))
    scaled_rows, scaled_points = rows * q, points * k
    keys = encode_keys(scaled_points, 8)
    for row in scaled_rows:
        code, true = encode_row(keys, row, 0.0), scores(row, scaled_points)
        no_member_lost(keys, code, true)
        tau = float(np.median(true))
        extras = np.count_nonzero(keys.X @ code.A >= code.at(tau).T) - np.count_nonzero(true >= tau)
        assert extras <= 3, "the margin stays a small part of the scores"


def climbing(d, seed):
    """A row and keys whose float64 scores drift: every partial sum is rounded, most of them the same way."""
    rng = np.random.default_rng(seed)
    q = np.full(d, 2.0**-26)
    q[0] = 1.0
    K = np.full((6, d), 2.0**-28)
    K[:, 0] = [1.0, -1.0, 1.0 - 2.0**-53, 0.5, 0.75, 1.0]
    K[1] *= -1.0  # the same drift downwards
    K[4, 1:] *= rng.uniform(0.5, 1.0, d - 1)
    K[5, 1:] *= rng.choice([-1.0, 1.0], d - 1)
    return q, K


@pytest.mark.parametrize("d", [1, 2, 64, 1024, 4096, 8192])
@pytest.mark.parametrize("bits", [4, 24])
def test_margin_covers_adversarial_rounding_in_many_dimensions(d, bits) -> None:
    for seed in range(2):
        q, K = climbing(d, seed)
        keys = encode_keys(K, bits)
        row = encode_row(keys, q, 1.0)
        exact_margin_holds(keys, row, q, K)
        no_member_lost(keys, row, scores(q, K))


def test_scores_that_drift_need_the_part_of_the_margin_that_grows_with_d(monkeypatch) -> None:
    """Integer keys and equal components: nothing else is rounded, and half of the additions are rounded down."""
    d = 8192
    q = np.full(d, 1 + 2.0**-41 * (1 - 2.0**-10))  # from 4096 on, just below half a unit in the last place
    K = np.stack([np.ones(d), np.zeros(d)])
    keys = encode_keys(K, 2)
    drift = d * Fraction(float(q[0])) - Fraction(float(scores(q, K)[0]))
    assert keys.exact
    assert drift > 2000 * 2.0**-53 * d, "thousands of roundings"
    exact_margin_holds(keys, encode_row(keys, q, 0.0), q, K)
    monkeypatch.setattr(rows_module, "rounding", lambda terms: 16 * 2.0**-53)
    with pytest.raises(AssertionError):
        exact_margin_holds(keys, encode_row(keys, q, 0.0), q, K)


@pytest.mark.parametrize("condition", [1e0, 1e4, 1e8])
@pytest.mark.parametrize("d", [3, 40])
def test_margin_holds_in_oblique_bases(d, condition) -> None:
    """Rows and keys whose covariances share no axes: the balanced basis is far from orthogonal."""
    rng = np.random.default_rng(d)
    shear = np.linalg.qr(rng.normal(size=(d, d)))[0] * np.geomspace(1, condition, d)
    K = rng.normal(size=(3 * d, d)) @ shear
    Q = rng.normal(size=(2 * d, d)) @ np.linalg.inv(shear).T @ rng.normal(size=(d, d))
    for rank in {1, d // 2, d}:
        keys = encode_keys(K, 24, rank=rank, Q=Q)
        for q in [*Q[:4], rng.normal(size=d)]:  # and a row that the basis was not made for
            row = encode_row(keys, q, 0.0)
            exact_margin_holds(keys, row, q, K)
            no_member_lost(keys, row, scores(q, K))


@pytest.mark.parametrize("lie", ["into", "back", "metric"])
def test_margin_holds_whatever_the_basis_is(lie, monkeypatch) -> None:
    """A basis that is wrong by half costs extras, never members: what it leaves out is measured, not assumed."""
    from qattn.encoding import keys as keys_module

    right = keys_module.balanced_axes

    def wrong(centred, Q):
        names = dict(zip(("into", "back", "metric"), right(centred, Q), strict=True))
        names[lie] = names[lie] * np.linspace(0.5, 1.5, names[lie].shape[0])[:, None]
        return names["into"], names["back"], names["metric"]

    monkeypatch.setattr(keys_module, "balanced_axes", wrong)
    rng = np.random.default_rng(0)
    K, Q = rng.normal(size=(40, 6)), rng.normal(size=(20, 6))
    keys = encode_keys(K, 12, rank=3, Q=Q)
    for q in Q:
        exact_margin_holds(keys, encode_row(keys, q, 0.0), q, K)


def test_a_margin_that_underflows_is_not_a_margin_of_zero() -> None:
    """`eps == 0` means that no extras are marked; the search relies on it."""
    keys = encode_keys(np.array([[1.0, 0.3], [0.2, 0.7]]), 24)
    row = encode_row(keys, np.array([3e-324, 5e-324]), 0.0)
    assert row.margin > 0
    assert row.eps > 0


def test_integers_that_do_not_fit_a_machine_word_are_refused() -> None:
    keys = encode_keys(np.random.default_rng(0).normal(size=(3, 4)), 24)
    with pytest.raises(ValueError, match="query_bits = 50"):
        encode_row(keys, np.ones(4) / 3, 0.0, query_bits=50)
