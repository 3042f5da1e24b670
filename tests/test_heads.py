"""Leading axes and masks against dense softmax attention with the masked scores at minus infinity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.classical import exact
from qattn.heads import attend_heads, blocks
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
