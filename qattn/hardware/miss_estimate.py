"""What noise may have cost: the chance that a search on hardware ended although a key was left.

Verification makes every reported key a true one whatever the hardware does; noise only hides keys. `miss_bound` of a
search is proven for ideal circuits. Here the runs that ended a row's search are weighed with their success: a run of m
iterations that succeeds with probability F measures one of t hidden keys with

    p(m, t) = F sin^2((2m+1) theta_t) + (1 - F) t/n,    sin^2 theta_t = t/n,

an error leaving any index as likely as any other. F is what was forecast to the power of how frequent errors were found
to be in this run (`qattn.hardware.evidence`); the estimate is the mean over that power. It is not a bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from qattn.hardware.evidence import TIMES, Evidence

Run = tuple[int, int, float]  # iterations, shots, success


def noisy_miss(n: int, most: int, runs: Iterable[Run]) -> float:
    """The largest probability, over t = 1..most hidden keys, that none of these runs measures any of them.

    Args:
        n: indices.
        most: most that can be hidden.
        runs: (iterations, shots, success) since the last find.

    Returns:
        A probability; 0 where nothing can be hidden.
    """
    if most < 1:
        return 0.0
    t = np.arange(1, most + 1)
    theta = np.arcsin(np.sqrt(t / n))
    miss = np.ones(most)
    for m, shots, success in runs:
        hit = success * np.sin((2 * m + 1) * theta) ** 2 + (1 - success) * t / n
        miss *= np.clip(1 - hit, 0.0, 1.0) ** shots
    return float(miss.max())


def last_runs(rounds: Sequence[dict[str, Any]], row: int, n: int, most: int) -> tuple[int, int, list[Run]]:
    """What one row ran since its last find, for `miss_estimate`.

    Args:
        rounds: the round files of a run, in order.
        row: number of the row.
        n: indices it searches.
        most: most that can be hidden from it.

    Returns:
        n, most, and (iterations, shots, success) of each run.
    """
    jobs = [
        (tuple(job["excluded"]), (job["iterations"], job["shots"], success))
        for facts in rounds
        for job, success in zip(facts["jobs"], facts["right"], strict=True)
        if job["row"] == row
    ]
    return n, most, [run for excluded, run in jobs if excluded == jobs[-1][0]]


def miss_estimate(rows: Iterable[tuple[int, int, list[Run]]]) -> float:
    """The estimated probability that any of these rows misses a key; each is (n, most hidden keys, last runs)."""
    log_kept = 0.0
    for n, most, runs in rows:
        miss = noisy_miss(n, most, runs)
        log_kept += math.log1p(-miss) if miss < 1 else -math.inf
    return abs(math.expm1(log_kept))


def measured_miss(rows: Sequence[tuple[int, int, list[Run]]], evidence: Evidence) -> float:
    """`miss_estimate` with errors as frequent as this run measured them to be, averaged over what it left open.

    Args:
        rows: (n, most hidden keys, last runs with their forecast success) of each row.
        evidence: of the run.

    Returns:
        A probability.
    """
    if not evidence.sound:
        return 1.0 if any(most > 0 for _, most, _ in rows) else 0.0  # such runs say nothing of what is left
    total = 0.0
    for times, weight in zip((*TIMES, math.inf), evidence.weights, strict=True):
        scaled = [(n, most, [(m, s, evidence.success(f, times)) for m, s, f in runs]) for n, most, runs in rows]
        total += weight * miss_estimate(scaled)
    return total
