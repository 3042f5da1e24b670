"""Exact Grover statistics without a circuit, for any n.

After m iterations on the uniform state of n indices, M of them marked, the state is

    sin((2m+1) theta) |marked> + cos((2m+1) theta) |unmarked>,    sin^2 theta = M/n,

both parts uniform (`qattn.search.rotation`). The measured index follows from M and the set of
marked indices alone, so nothing of size n is ever made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qattn.arrays import Indices
from qattn.search.protocols import Job
from qattn.search.rotation import hit_probability


@dataclass(frozen=True)
class GroverStatistics:
    """A machine that samples what an ideal quantum computer would measure; a drop-in for `sampler=`.

    Each job is sampled from its own seed, so the result does not depend on the other jobs of the round.

    Example:
        >>> from qattn import GroverStatistics
        >>> from qattn.search.protocols import Job, MarkedSet
        >>> oracle = MarkedSet(4, [2])  # one marked index of four: certain after one iteration
        >>> GroverStatistics().run([Job(oracle, 1, seed=0, shots=3)])[0].tolist()
        [2, 2, 2]
    """

    def run(self, jobs: Sequence[Job]) -> list[Indices]:
        """The measured indices, one array of `shots` integers per job.

        Raises:
            ValueError: when a job excludes an index that its oracle does not mark.

        Cost: O(M + shots log M) a job.
        """
        return [_sample(job) for job in jobs]


def _sample(job: Job) -> Indices:
    n, unknown = job.oracle.n, _unknown(job)
    rng = np.random.default_rng(job.seed)
    hits = rng.random(job.shots) < hit_probability(n, unknown.size, job.iterations, job.angles)
    found = np.empty(job.shots, dtype=np.int64)
    count = int(np.count_nonzero(hits))
    if count:
        found[hits] = unknown[rng.integers(unknown.size, size=count)]
    if count < job.shots:
        ranks = rng.integers(n - unknown.size, size=job.shots - count)  # which of the unmarked, in order
        found[~hits] = ranks + np.searchsorted(unknown - np.arange(unknown.size), ranks, side="right")
    return found


def _unknown(job: Job) -> Indices:
    marked = np.asarray(job.oracle.marked_set)
    if not job.excluded:
        return marked
    excluded = np.asarray(job.excluded, dtype=np.int64)
    places = np.searchsorted(marked, excluded)
    if not np.array_equal(np.take(marked, places, mode="clip") if marked.size else marked, excluded):
        stray = np.setdiff1d(excluded, marked)
        raise ValueError(f"excluded indices {stray} are not marked; undoing a phase that is not there would mark them")
    unknown = np.ones(marked.size, dtype=bool)
    unknown[places] = False
    return marked[unknown]
