"""The choice of bits and components: few extras, whatever the unit."""

import numpy as np
import pytest

from qattn.data import load_head, theorem_instance
from qattn.encoding.keys import encode_keys, encodings
from qattn.encoding.precision import choose_precision
from qattn.encoding.rows import encode_row
from qattn.scores import scores


def test_chosen_precision_keeps_extras_in_check() -> None:
    for head in ("L0H2", "L4H2", "L2H11"):
        Q, K, _ = load_head(head)
        choice = choose_precision(Q, K, None, 4)
        keys = encode_keys(K, choice.bits, rank=choice.rank, Q=Q)
        levels = [np.sort(scores(q, K))[-4] for q in Q]
        codes = [encode_row(keys, q, level) for q, level in zip(Q, levels, strict=True)]
        marked = np.mean([np.sum(keys.X @ row.A >= row.T) for row in codes])
        assert marked <= 12, f"{head}: {choice}, but {marked} marked"


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


def test_small_integers_are_kept_as_they_are() -> None:
    """No margin, hence no extras: what is marked is what scores tau."""
    K, Q = np.array([[3, -4], [0, 1], [-2, 2]]), np.array([[1, 2], [-1, 0]])
    choice = choose_precision(Q.astype(float), K.astype(float), np.array([1.0, 2.0]), None)
    assert (choice.bits, choice.rank) == (3, None)
    assert choice.extras == 0
    keys = encode_keys(K, choice.bits)
    for q, tau in zip(Q, (1, 2), strict=True):
        row = encode_row(keys, q, tau)
        assert row.margin == 0
        assert np.array_equal(keys.X @ row.A >= row.T, K @ q >= tau)


def test_what_the_user_fixed_stays() -> None:
    Q, K = np.random.default_rng(0).normal(size=(2, 40, 6))
    assert choose_precision(Q, K, None, 3, bits=5).bits == 5
    assert choose_precision(Q, K, None, 3, rank=2).rank == 2
    both = choose_precision(Q, K, None, 3, bits=7, rank=4)
    assert (both.bits, both.rank) == (7, 4)
    assert "7 bits, 4 components" in str(both)
    assert "all components" in str(choose_precision(np.rint(Q), np.rint(K), None, 3))


def test_the_choice_is_the_cheapest_whose_extras_are_few() -> None:
    """Against every candidate alone: none that is allowed costs less."""
    Q, K, _ = load_head("L4H2", 64)
    chosen = choose_precision(Q, K, None, 4)

    def price(choice):
        return choice.gates * np.sqrt(choice.members + choice.extras + 1)

    assert chosen.extras <= max(1.0, chosen.members)
    alone = [choose_precision(Q, K, None, 4, bits=b, rank=r) for b in (2, 3, 4, 6) for r in (2, 4, 8, 16, 32)]
    allowed = [choice for choice in alone if choice.extras <= max(1.0, choice.members)]
    assert allowed != alone
    assert all(price(chosen) <= price(choice) * (1 + 1e-9) for choice in allowed)


def test_one_key_and_one_row() -> None:
    choice = choose_precision(np.array([[0.3]]), np.array([[0.7]]), None, 1)
    assert 2 <= choice.bits <= 10
    assert choice.gates > 0
