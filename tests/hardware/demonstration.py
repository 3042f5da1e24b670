"""The demonstration that Grover search ran on a processor; `test_null.py` shows that it fails where it did not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from qattn.hardware.run import HardwareResult, Request, begin, go_on


def instance(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Small integers, so that the encoding is exact; one or two keys a row at tau."""
    rng = np.random.default_rng(seed)
    while True:
        Q, K = rng.integers(-1, 2, (n, 2)), rng.integers(-2, 2, (n, 2))
        counts = (Q @ K.T >= 2).sum(axis=1)
        if counts.max() <= 2 and (counts > 0).sum() >= n // 2:
            return Q.astype(float), K.astype(float), rng.normal(size=(n, 3)), 2.0


def demonstrate(
    n: int, oracle: str, folder: Path, connector: Callable[[], Any] | None = None, **options: Any
) -> HardwareResult:
    """Four rows over n keys on a processor: every marked key is found, and the processor, not luck, found them."""
    Q, K, V, tau = instance(n, seed=n)
    shots = 24 if n == 4 else None  # of four keys a guess is right too often for the dozen that would find them
    request = Request("fake_torino", **{"k": 2, "oracle": oracle, "seeds": 4, "shots": shots, **options})
    run, seen = begin(folder, Q[:4], K, V, tau, request, connector=connector)
    assert seen.verdict in ("will work", "marginal")
    done = go_on(run, connector=connector)
    for i, js in enumerate(done.result.found):
        assert np.array_equal(js, np.flatnonzero(Q[i] @ K.T >= tau))
    assert done.evidence.better, done.words
    return done
