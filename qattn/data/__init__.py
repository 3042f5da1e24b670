"""Instances to run on: real transformer heads (see PROVENANCE.md) and instances of Theorem 1.3."""

from __future__ import annotations

import math
from importlib import resources
from pathlib import Path

import numpy as np

from qattn.arrays import Floats
from qattn.data.files import FileError, head_names, load_npz, load_tokens

__all__ = [
    "FileError",
    "bundled",
    "head_names",
    "heads",
    "load_head",
    "load_npz",
    "load_tokens",
    "theorem_instance",
    "tokens",
]


def heads(n: int = 16) -> list[str]:
    """Names of the bundled MiniLM heads for a text of n tokens (16, 64 or 512), such as "L4H2"."""
    return head_names(bundled(n))


def load_head(head: str = "L4H2", n: int = 16) -> tuple[Floats, Floats, Floats]:
    """(Q, K, V) of a bundled MiniLM head over n tokens (16, 64 or 512), each (n, 32); Q already has the 1/sqrt(32).

    Args:
        head: its name, such as "L4H2"; of 512 tokens there is L2H11.
        n: tokens.

    Returns:
        float64 arrays.
    """
    return load_npz(bundled(n), head)


def tokens(n: int = 16) -> list[str]:
    """The text pieces the bundled heads were read on."""
    return load_tokens(bundled(n)) or []


def theorem_instance(
    n: int, d: int = 8, k: int = 2, *, eta: float = 0.1, seed: int = 0
) -> tuple[Floats, Floats, Floats, float]:
    """(Q, K, V, tau) that satisfies every condition of Theorem 1.3 with eta as given.

    Keys come in groups of 1 to k along orthogonal directions, rows point at one group or at none; scores within a
    group exceed tau = 2 log n, all others lie in [-eta, 0]. A common rotation hides the structure.

    Args:
        n: rows and keys, at least 2.
        d: dimension, at least 2; d - 1 directions carry groups.
        k: largest group.
        eta: spread of the rest.
        seed: for the random numbers.

    Returns:
        Q, K and V of shape (n, d), and tau = 2 log n.

    Raises:
        ValueError: when a size is out of range.
    """
    if n < 2 or d < 2 or not 1 <= k <= n or not eta > 0:
        raise ValueError(f"n = {n}, d = {d}, k = {k}, eta = {eta}; need n >= 2, d >= 2, 1 <= k <= n, eta > 0")
    rng = np.random.default_rng(seed)
    tau = 2 * math.log(n)
    groups = min(d - 1, max(1, n // k))
    key_group, row_group = np.full(n, -1), rng.integers(-1, groups, n)
    for group in range(groups):
        key_group[group * k : group * k + int(rng.integers(1, k + 1))] = group
    key_group = rng.permutation(key_group)
    Q, K = np.zeros((n, d)), np.zeros((n, d))
    Q[:, -1] = 1.0
    K[:, -1] = -eta * rng.uniform(0.05, 0.95, n)
    for array, member, strength in ((Q, row_group, (tau + 2 * eta + 0.5)), (K, key_group, 1.0)):
        rows = np.flatnonzero(member >= 0)
        array[rows, member[rows]] = strength * rng.uniform(1.0, 1.2, rows.size)
    rotation = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return Q @ rotation, K @ rotation, rng.normal(size=(n, d)), tau


def bundled(n: int) -> Path:
    """The file of the bundled heads over n tokens (16, 64 or 512)."""
    if n not in (16, 64, 512):
        raise ValueError(f"n = {n}; heads are bundled for texts of 16, 64 and (one head, L2H11) of 512 tokens")
    return Path(str(resources.files("qattn.data") / f"minilm_alice_n{n}.npz"))
