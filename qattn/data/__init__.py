"""Instances to run on: real transformer heads (see PROVENANCE.md) and instances of Theorem 1.3."""

from __future__ import annotations

import math
from importlib import resources
from pathlib import Path

import numpy as np

from qattn.arrays import Floats, real_array


def heads(n: int = 16) -> list[str]:
    """Names of the bundled MiniLM heads for a text of n tokens (16 or 64), such as "L4H2"."""
    with np.load(_bundled(n), allow_pickle=False) as file:
        return sorted(name[2:] for name in file.files if name.startswith("Q_"))


def load_head(head: str = "L4H2", n: int = 16) -> tuple[Floats, Floats, Floats]:
    """(Q, K, V) of a bundled MiniLM head over n tokens (16 or 64), each (n, 32); Q already has the 1/sqrt(32)."""
    return load_npz(_bundled(n), head)


def tokens(n: int = 16) -> list[str]:
    """The text pieces the bundled heads were read on."""
    return load_tokens(_bundled(n)) or []


def load_tokens(path: str | Path) -> list[str] | None:
    """The array `tokens` of an .npz, one name per key; None when it has none."""
    with np.load(path, allow_pickle=False) as file:
        return [str(token) for token in file["tokens"]] if "tokens" in file.files else None


def load_npz(path: str | Path, head: str | None = None) -> tuple[Floats, Floats, Floats]:
    """(Q, K, V) from an .npz with arrays Q, K, V, or Q_HEAD, K_HEAD, V_HEAD; nothing in it is unpickled.

    Raises:
        ValueError: when the file lacks these arrays; the message lists the heads it has.
    """
    with np.load(path, allow_pickle=False) as file:
        names = [name if head is None else f"{name}_{head}" for name in "QKV"]
        if any(name not in file.files for name in names):
            present = sorted(name[2:] for name in file.files if name.startswith("Q_"))
            hint = f"it has the heads {', '.join(present)}; name one" if present else f"it has {', '.join(file.files)}"
            raise ValueError(f"{path} has no arrays {', '.join(names)}; {hint}")
        q, k, v = (real_array(name, file[name]) for name in names)
        return q, k, v


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


def _bundled(n: int) -> Path:
    if n not in (16, 64):
        raise ValueError(f"n = {n}; heads are bundled for texts of 16 and of 64 tokens")
    return Path(str(resources.files("qattn.data") / f"minilm_alice_n{n}.npz"))
