"""Rows that want the same keys, from moments alone."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.classical.exact import top_k
from qattn.data import load_head
from qattn.encoding.similarity import correlation, directions, expected_union, groups


def test_directions_are_correlations_of_scores() -> None:
    rng = np.random.default_rng(0)
    Q, K = rng.normal(size=(5, 3)), rng.normal(size=(400, 3)) @ rng.normal(size=(3, 3)) + 5
    unit = directions(Q, K)
    np.testing.assert_allclose(unit @ unit.T, np.corrcoef(Q @ K.T), atol=1e-9)
    np.testing.assert_allclose(directions(Q * 1e150, K * 1e150), unit, atol=1e-9)
    np.testing.assert_allclose(directions(Q * 1e-300, K), unit, atol=1e-9)
    assert not directions(np.zeros((2, 3)), K).any()
    assert not directions(Q, np.ones((4, 3))).any()


@pytest.mark.parametrize("size", [1, 2, 4, 7, 100])
def test_every_row_is_in_one_group(size: int) -> None:
    rng = np.random.default_rng(1)
    unit = directions(rng.normal(size=(23, 4)), rng.normal(size=(50, 4)))
    for visible in (np.full(23, 9), rng.integers(1, 50, 23)):
        made = groups(unit, visible, size)
        assert sorted(i for rows in made for i in rows) == list(range(23))
        assert len(made) == -(-23 // size)
        assert max(map(len, made)) <= size
        assert np.ptp([len(rows) for rows in made]) <= max(map(len, made)) - 1


def test_shuffled_rows_are_put_together_again() -> None:
    """Rows of eight topics in random order: order is no help, similarity finds the topics; causal rows stay."""
    rng = np.random.default_rng(2)
    topic = rng.permutation(np.repeat(np.arange(8), 4))
    Q = np.eye(8)[topic] + 0.01 * rng.normal(size=(32, 8))
    unit = directions(Q, rng.normal(size=(500, 8)))
    made = groups(unit, np.full(32, 500), 4)
    assert correlation(unit, made) > 0.9 > 0.4 > correlation(unit, groups(unit, np.arange(1, 33), 4))
    assert all(len(set(topic[list(rows)])) == 1 for rows in made)
    sorted_rows = directions(np.eye(8)[np.sort(topic)], rng.normal(size=(500, 8)))
    assert groups(sorted_rows, np.full(32, 500), 4) == tuple(tuple(range(i, i + 4)) for i in range(0, 32, 4))


def test_the_union_of_gaussian_rows() -> None:
    rng = np.random.default_rng(3)
    n, k, size = 4000, 20, 4
    for alike in (0.0, 0.5, 0.9):
        S = np.sqrt(alike) * rng.normal(size=(50, 1, n)) + np.sqrt(1 - alike) * rng.normal(size=(50, size, n))
        sizes = [len({j for row in block for j in np.argpartition(row, -k)[-k:]}) for block in S]
        assert expected_union(n, k, size, alike) == pytest.approx(np.mean(sizes), rel=0.05)
    assert expected_union(100, 0, 4, 0.3) == 0
    assert expected_union(100, 5, 1, 0.3) == 5
    assert expected_union(100, 90, 8, 0.0) <= 100


def test_the_union_on_a_real_head() -> None:
    """Keys of a head are not Gaussian; the union of four neighbours' 16 best is right within a fifth."""
    Q, K, _ = load_head("L2H11", 512)
    sets, unit = top_k(Q, K, 16), directions(Q, K)
    made = groups(unit, np.full(512, 512), 4)
    union = np.mean([np.unique(np.concatenate([sets[i] for i in rows])).size for rows in made])
    assert expected_union(512, 16, 4, correlation(unit, made)) == pytest.approx(union, rel=0.2)
