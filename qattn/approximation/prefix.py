"""Sums over the first keys of each row, and what is left of them without the keys found."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qattn.approximation.draws import sizes
from qattn.arrays import Floats, Integers
from qattn.problem import AttentionProblem
from qattn.scores import scores_at

BLOCK = 256  # rows summed one after another


def far_moments(problem: AttentionProblem, keys: Floats, found: Sequence[Integers]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of <Q_i, keys_j> over the keys outside S_i, from sums over all keys and over S_i.

    Args:
        problem: whose rows and visible prefixes are meant.
        keys: (n, d) vectors in the place of K.
        found: per row, the sorted indices of S_i.

    Returns:
        Two (n_q,) arrays; 0 where no key is left.

    Cost: O(n d^2) once, O(d^2 + |S_i| d) a row.
    """
    counts = sizes(found)
    columns = np.concatenate([*found, np.empty(0, np.int64)]).astype(np.int64)
    rows = np.repeat(np.arange(problem.n_q), counts)
    own = scores_at(problem.Q, rows, keys, columns)
    left = problem.visible - counts
    some = np.maximum(left, 1)
    sums = np.einsum("ij,ij->i", problem.Q, prefix_sums(keys, problem.visible))
    squares = np.einsum("ij,ij->i", problem.Q, prefix_products(problem, keys, keys))
    mean = (sums - np.bincount(rows, own, minlength=problem.n_q)) / some
    square = (squares - np.bincount(rows, own * own, minlength=problem.n_q)) / some
    deviation = np.sqrt(np.maximum(square - mean * mean, 0.0))
    return np.where(left > 0, mean, 0.0), np.where(left > 0, deviation, 0.0)


def prefix_sums(values: Floats, visible: Integers) -> Floats:
    """Sums of the first visible[i] rows of values, `BLOCK` rows at a time, which keeps rounding small.

    Args:
        values: (n, c) numbers.
        visible: (n_q,) prefix lengths.

    Returns:
        (n_q, m) sums; a read-only view when all prefixes are whole.
    """
    n, m = values.shape
    blocks = np.add.reduceat(values, np.arange(0, n, BLOCK), axis=0)
    if np.all(visible == n):
        return np.broadcast_to(blocks.sum(axis=0), (len(visible), m))
    padded = np.zeros((len(blocks), BLOCK, m))
    padded.reshape(-1, m)[:n] = values
    before = np.cumsum(blocks, axis=0) - blocks
    return np.asarray((padded.cumsum(axis=1) + before[:, None]).reshape(-1, m)[visible - 1])


def prefix_products(problem: AttentionProblem, keys: Floats, V: Floats) -> Floats:
    """(n_q, m) Q_i keys^T V over the keys row i sees; O(n d m) once and O(d m) a row.

    Args:
        problem: whose prefixes are meant.
        keys: (n, d) left factors.
        V: (n, c) right factors.

    Returns:
        (n_q, m) products.
    """
    if np.all(problem.visible == problem.n):
        return np.asarray(problem.Q @ (keys.T @ V))
    line = np.empty((problem.n_q, V.shape[1]))
    moment, seen = np.zeros((problem.d, V.shape[1])), 0  # keys^T V of the prefix, which only grows
    for i in np.argsort(problem.visible, kind="stable"):
        new = slice(seen, int(problem.visible[i]))
        moment += keys[new].T @ V[new]
        seen = int(problem.visible[i])
        line[i] = problem.Q[i] @ moment
    return line
