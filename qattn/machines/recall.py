"""What noise may have cost: the chance that a search on hardware ended although a key was left.

Verification makes every reported key a true one whatever the hardware does; noise only hides keys. `miss_bound` of a
search is proven for ideal circuits. Here the runs that ended a row's search are weighed with the success that was
forecast for them: a run of m iterations that succeeds with probability F measures one of t hidden keys with

    p(m, t) = F sin^2((2m+1) theta_t) + (1 - F) t/n,    sin^2 theta_t = t/n,

an error leaving any index as likely as any other. This is an estimate, not a bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

Run = tuple[int, int, float]  # iterations, shots, success


def noisy_miss(n: int, most: int, runs: Iterable[Run]) -> float:
    """The largest probability, over t = 1..most hidden keys, that none of these runs measures any of them."""
    if most < 1:
        return 0.0
    t = np.arange(1, most + 1)
    theta = np.arcsin(np.sqrt(t / n))
    miss = np.ones(most)
    for m, shots, success in runs:
        hit = success * np.sin((2 * m + 1) * theta) ** 2 + (1 - success) * t / n
        miss *= np.clip(1 - hit, 0.0, 1.0) ** shots
    return float(miss.max())


def miss_estimate(
    rounds: Sequence[dict[str, Any]], visible: Sequence[int], known: Sequence[int], k: int | None
) -> float:
    """The estimated probability that any row misses a key, from the rounds of a run folder.

    Args:
        rounds: the round files, in order.
        visible: keys that each row sees.
        known: marked keys, extras included, that each row ended with.
        k: the promise |S_i| <= k, or None.
    """
    kept = 1.0
    for row, (n, count) in enumerate(zip(visible, known, strict=True)):
        jobs = [
            (tuple(job["excluded"]), (job["iterations"], job["shots"], success))
            for facts in rounds
            for job, success in zip(facts["jobs"], facts["success"], strict=True)
            if job["row"] == row
        ]
        most = min(n, n if k is None else k) - count
        if jobs and most > 0:
            last = jobs[-1][0]  # what was known when the search ended: the runs since the last find
            kept *= 1 - noisy_miss(n, most, [run for excluded, run in jobs if excluded == last])
    return -math.expm1(math.log(kept)) if kept > 0 else 1.0
