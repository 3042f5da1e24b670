"""The error estimated from samples against the error computed from everything."""

from itertools import permutations

import numpy as np
import pytest

from qattn import attend
from qattn.approximation.error import _square_of_sum, estimate_error, relative_error
from qattn.classical.exact import exact_attention
from qattn.data import heads, load_head


@pytest.mark.parametrize(("population", "m"), [(1, 1), (4, 2), (5, 3), (4, 4)])
def test_the_square_of_a_sum_is_unbiased(population: int, m: int) -> None:
    rng = np.random.default_rng(population)
    members, known = rng.normal(size=(population, 3)), rng.normal(size=3)
    estimates = [_square_of_sum(known, members[list(p)], population) for p in permutations(range(population), m)]
    truth = known + members.sum(axis=0)
    assert np.mean(estimates) == pytest.approx(truth @ truth)


def test_all_keys_probed_is_the_error_itself() -> None:
    Q, K, V = load_head("L3H0", 64)
    for field in ("ones", "constant", "linear"):
        result = attend(Q, K, V, k=8, method="exact", far_field=field, samples=4, seed=0)
        estimate = estimate_error(result, probes=64)
        wrong = np.linalg.norm(result.output - exact_attention(result.problem))
        assert estimate.evaluations == 64 * (64 - 8 - (0 if field == "ones" else 4))
        assert estimate.relative == pytest.approx(wrong / np.linalg.norm(result.output))
        assert estimate_error(result, probes=64, seed=3).square == pytest.approx(estimate.square)


@pytest.mark.parametrize("far_field", ["ones", "constant", "linear"])
def test_estimates_on_real_heads(far_field: str) -> None:
    inside = total = 0
    for head in heads(64)[1:]:
        result = attend(*load_head(head, 64), k=8, method="exact", far_field=far_field, seed=1)
        truth = relative_error(result)
        squares = [estimate_error(result, probes=12, seed=seed) for seed in range(5)]
        assert np.sqrt(max(np.mean([e.square for e in squares]), 0)) == pytest.approx(truth, rel=0.5)
        inside += sum(e.upper() >= truth for e in squares)
        total += len(squares)
    assert inside >= 0.75 * total


def test_nothing_left_to_probe_is_no_error() -> None:
    Q, K, V = load_head("L3H0", 16)
    result = attend(Q, K, V, k=16, method="exact", far_field="linear", seed=0)
    estimate = estimate_error(result)
    assert (estimate.relative, estimate.evaluations) == (0.0, 0)
    assert "16 rows" in estimate.words


def test_a_threshold_above_enormous_scores() -> None:
    K = np.arange(20.0)[:, None] * 100
    result = attend(np.ones((4, 1)), K, K, 1e6, method="exact", far_field="ones")
    estimate = estimate_error(result, probes=16, seed=0)
    assert np.isfinite(estimate.upper())
    assert estimate.relative > 0.5
