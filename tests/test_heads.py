"""Leading axes and masks against dense softmax attention with the masked scores at minus infinity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from qattn import GroverStatistics
from qattn.classical import exact
from qattn.data import load_head
from qattn.heads import HeadsInterrupted, attend_heads, blocks
from qattn.problem import ProblemError


def dense(Q, K, V, allowed):
    scores = np.where(allowed, Q @ np.swapaxes(K, -1, -2), -np.inf)
    with np.errstate(invalid="ignore"):
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = np.where(allowed, weights, 0.0)
    return weights @ V / np.maximum(weights.sum(axis=-1, keepdims=True), 1e-300)


def arrays(seed, lead, n_q, n, d=3, d_v=2):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(*lead, n_q, d)), rng.normal(size=(*lead, n, d)), rng.normal(size=(*lead, n, d_v)), rng)


@given(
    n_q=st.integers(1, 7), n=st.integers(1, 7), batch=st.integers(1, 3), seed=st.integers(0, 999),
    kind=st.sampled_from(["none", "padding", "any", "window"]), causal=st.booleans(),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_finding_all_visible_keys_is_masked_attention(n_q, n, batch, seed, kind, causal) -> None:
    Q, K, V, rng = arrays(seed, (batch, 2), n_q, n)
    offset = n - n_q
    near = np.abs(np.arange(n) - np.arange(n_q)[:, None] - offset) < 2
    mask = {
        "none": None,
        "padding": np.arange(n) < rng.integers(0, n + 1, size=(batch, 1, 1, 1)),
        "any": rng.random((batch, 1, n_q, n)) < 0.5,
        "window": near,
    }[kind]
    allowed = np.ones((n_q, n), dtype=bool) if mask is None else mask
    if causal:
        allowed = allowed & (np.arange(n) <= np.arange(n_q)[:, None] + offset)
    result = attend_heads(Q, K, V, k=n, mask=mask, causal=causal, method="exact", far_field="linear", seed=seed)
    allowed = np.broadcast_to(allowed, (batch, 2, n_q, n))
    assert np.allclose(result.output, dense(Q, K, V, allowed), atol=1e-12)
    for head, rows in result.found.items():
        assert [js.tolist() for js in rows] == [np.flatnonzero(row).tolist() for row in allowed[head]]


@given(n_q=st.integers(1, 8), n=st.integers(1, 8), seed=st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_blocks_cover_the_mask_once(n_q, n, seed) -> None:
    allowed = np.random.default_rng(seed).random((n_q, n)) < 0.4
    seen = np.zeros_like(allowed, dtype=int)
    for rows, keys, visible in blocks(allowed):
        for row, count in zip(rows, visible, strict=True):
            seen[row, keys[:count]] += 1
    assert np.array_equal(seen, allowed.astype(int))


def test_padding_and_causal_need_one_block() -> None:
    causal = np.tril(np.ones((5, 5), dtype=bool))
    for allowed in (np.ones((5, 5), bool), causal, causal & (np.arange(5) >= 2), causal & (np.arange(5) < 3)):
        assert len(list(blocks(allowed))) == 1
    assert not list(blocks(np.zeros((3, 4), bool)))


def test_sets_are_in_the_callers_numbering_and_heads_are_shared_by_broadcasting() -> None:
    Q, K, V, _ = arrays(1, (2, 4), 5, 6)
    mask = np.array([True, False, True, True, False, True])
    tau = 0.3 * np.arange(4)[:, None]
    result = attend_heads(Q, K[:, :1], V[:, :1], tau, mask=mask, method="exact")
    assert result.output.shape == (2, 4, 5, 2)
    assert result.queries.shape == (2, 4, 5)
    assert (result.evaluations == 4).all()
    for b, h, i in np.ndindex(2, 4, 5):
        row = exact.scores(Q[b, h, i], K[b, 0])
        assert result.found[b, h][i].tolist() == [j for j in range(6) if mask[j] and row[j] >= 0.3 * h]


def test_a_masked_key_may_hold_anything_finite() -> None:
    Q, K, V, _ = arrays(3, (), 4, 6)
    mask = np.arange(6) < 4
    clean = attend_heads(Q, K, V, k=2, mask=mask, method="exact", far_field="constant", samples=1, seed=5)
    K[4:], V[4:] = 1e6, -1e9
    dirty = attend_heads(Q, K, V, k=2, mask=mask, method="exact", far_field="constant", samples=1, seed=5)
    assert np.array_equal(clean.output, dirty.output)


@pytest.mark.parametrize(
    ("shapes", "mask", "message"),
    [
        (((2, 3), (4, 3), (5, 3)), None, "have shapes"),
        (((2, 3), (4, 3), (4, 3)), np.ones((2, 4)), "dtype float64"),
        (((2, 3), (4, 3), (4, 3)), np.ones((3, 4), bool), r"\(n_q, n\) = \(2, 4\)"),
        (((2, 2, 3), (3, 4, 3), (4, 3)), None, "broadcast"),
        (((1, 3), (4, 3), (4, 3)), np.ones((5, 4), bool), r"\(1, 4\)"),
    ],
)
def test_bad_shapes(shapes, mask, message) -> None:
    with pytest.raises(ProblemError, match=message):
        attend_heads(*map(np.ones, shapes), 0.0, mask=mask, method="exact")


BAND = np.abs(np.arange(20) - np.arange(20)[:, None]) < 3
CALLS = 12


def eyes(heads, seed, mask=BAND, delta=0.05, **options):
    """Heads of unit keys: every row's only key at or above tau is its own."""
    K = np.broadcast_to(np.eye(len(mask)), (heads, *mask.shape))
    return attend_heads(K, K, K, 0.5, mask=mask, delta=delta, seed=seed, sampler=GroverStatistics(), **options)


def misses(result):
    return any(js.tolist() != [i] for rows in result.found.values() for i, js in enumerate(rows))


@pytest.mark.parametrize(("heads", "mask"), [(5, BAND), (12, np.ones((9, 9), bool))])
def test_one_delta_a_call_whatever_the_heads_and_blocks(heads, mask) -> None:
    results = [eyes(heads, seed, mask) for seed in range(CALLS)]
    bound = {result.miss_bound for result in results}
    assert len(bound) == 1, "stated before the search, not by how it went"
    assert 0 < max(bound) <= 0.05
    missed = sum(map(misses, results))
    assert binomtest(missed, CALLS, max(bound), alternative="greater").pvalue > 1e-3


def test_a_call_that_may_miss_does_so_as_often_as_it_says() -> None:
    """The null test: at delta = .9 calls miss, and what is stated is near the frequency, not a multiple of it."""
    results = [eyes(2, seed, np.ones((18, 18), bool), delta=0.9) for seed in range(3 * CALLS)]
    missed = sum(map(misses, results))
    assert missed > 0.2 * len(results)
    assert binomtest(missed, len(results), results[0].miss_bound, alternative="greater").pvalue > 1e-3


def test_delta_is_shared_by_rows_and_the_parts_add_up() -> None:
    mask = BAND.copy()
    mask[3] = False  # a row that sees nothing takes no share
    result = eyes(2, 1, mask)
    shares = [part.result.delta / part.rows.size for part in result.parts]
    assert np.allclose(shares, 0.05 / (2 * 19))
    assert result.delta == 0.05
    assert result.miss_bound == pytest.approx(sum(part.result.miss_bound for part in result.parts))


def test_every_head_and_block_has_its_own_random_numbers() -> None:
    """Equal heads: their draws for the far field and their searches still differ, block by block too."""
    Q, K, V, _ = arrays(4, (), 6, 400)
    mask = np.ones((6, 400), bool)
    mask[3:, 0] = False  # the same keys but one
    Q = np.broadcast_to(Q[:1], Q.shape)
    result = attend_heads(
        np.broadcast_to(Q, (3, *Q.shape)), K, V, k=3, mask=mask, far_field="constant", samples=5, seed=1,
        sampler=GroverStatistics(),
    )  # fmt: skip
    assert len(result.parts) == 6
    draws = {tuple(part.result.draws.columns[0].tolist()) for part in result.parts}
    assert len(draws) == len(result.parts)
    assert len({tuple(row) for row in result.queries.tolist()}) == 3
    again = attend_heads(Q, K, V, k=3, mask=mask, far_field="constant", samples=5, seed=1, sampler=GroverStatistics())
    assert np.array_equal(again.output, result.output[0])


def test_the_report_and_the_error_cover_all_heads() -> None:
    Q, K, V, rng = arrays(5, (2, 2), 5, 7)
    mask = rng.random((2, 1, 5, 7)) < 0.6
    result = attend_heads(Q, K, V, k=2, mask=mask, far_field="ones", sampler=GroverStatistics(), seed=0)
    error = np.abs(result.output - dense(Q, K, V, np.broadcast_to(mask, (2, 2, 5, 7)))).max()
    assert result.max_error() == pytest.approx(error, rel=1e-9)
    text = " ".join(result.report().split())
    for fact in (
        f"{result.miss_bound:.2e}",
        f"{result.max_error():.3e}",
        "allowed 0.01",
        "1, 1",
        f"{mask.sum() * 2} ev",
    ):
        assert fact in text
    assert f"{result.queries.sum()} queries and {result.evaluations.sum()} evaluations" in text


def test_no_row_sees_a_key() -> None:
    result = attend_heads(np.ones((3, 2)), np.ones((4, 2)), np.ones((4, 1)), 0.0, mask=np.zeros((3, 4), bool))
    assert (result.miss_bound, result.max_error(), result.parts) == (0.0, 0.0, ())
    assert "0 rows see a key" in result.report()


def test_broken_promises_are_named_by_head_and_row() -> None:
    K = np.array([[1.0], [1], [1], [0], [0]])
    result = attend_heads(np.array([[[1.0], [-1]], [[-1], [1]]]), K, K, 0.5, k=2, method="exact")
    assert result.broken_promises == [(0, 0), (1, 1)]
    assert "promise is broken" in result.report()


@pytest.mark.parametrize("delta", [0.0, 1.0, -1, float("nan")])
def test_a_delta_that_is_none_is_refused_as_it_was_given(delta) -> None:
    with pytest.raises(ProblemError, match=f"delta = {delta}"):
        attend_heads(np.ones((2, 3, 1)), np.ones((2, 3, 1)), np.ones((2, 3, 1)), 0.5, delta=delta)


@pytest.mark.parametrize("after", [0, 3, 30])
def test_heads_that_are_done_are_kept_and_the_rest_goes_on(after: int, stops) -> None:
    Q, K, V = (np.stack([load_head(name, 64)[part][:20] for name in ("L4H2", "L5H0", "L2H11")]) for part in range(3))
    arguments = {"k": 2, "seed": 4, "causal": True, "far_field": "constant"}
    whole = attend_heads(Q, K, V, sampler=GroverStatistics(), **arguments)
    with pytest.raises(HeadsInterrupted, match="resume=this") as stopped:
        attend_heads(Q, K, V, sampler=stops(after), **arguments)
    with pytest.raises(HeadsInterrupted) as twice:
        attend_heads(Q, K, V, sampler=stops(2), resume=stopped.value, **arguments)
    assert len(twice.value.parts) >= len(stopped.value.parts)
    machine = stops(1000)
    again = attend_heads(Q, K, V, sampler=machine, resume=twice.value, **arguments)
    assert np.array_equal(again.output, whole.output)
    assert np.array_equal(again.queries, whole.queries)
    assert again.miss_bound == whole.miss_bound
    rounds = sum(part.result.accounts.rounds for part in whole.parts)
    assert 1000 - machine.left == rounds - after - 2
