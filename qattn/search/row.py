"""One row's search: what is known of its indices, and the jobs that would tell more.

A row is a frozen state; a round takes it to the next one. Every measured index is checked classically: a member has
score >= tau; an index that is marked but scores less (the margin of a fixed-point oracle) is an extra. Both are known
from then on and excluded from the oracle, so that the search sees only what is still unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np

from qattn.arrays import Indices
from qattn.oracles.base import Searchable
from qattn.search.falling import FallingSchedule
from qattn.search.known import KnownSchedule
from qattn.search.protocols import SET_ASIDE, Job
from qattn.search.schedule import Schedule, Searching

UNFINISHED = ("interrupted", "extras")  # ends of a search that proves nothing


@dataclass(frozen=True, eq=False)
class RowShare:
    """What a search found for one of the rows it serves, and that row's part of the cost.

    Attributes:
        indices: sorted indices of the row's set.
        queries: its part of the search's queries.
        evaluations: scores of this row, those of candidates from outside included.
        seeded: those of candidates.
        extras: marked indices below its threshold.
    """

    indices: Indices
    queries: int
    evaluations: int
    seeded: int
    extras: int


@dataclass(frozen=True, eq=False)
class Found:
    """What one row's search found and what it cost.

    Attributes:
        indices: sorted indices of the members (of the k best, for top-k).
        rejected: sorted indices that the circuit marks although they score below tau.
        queries: uses of the phase oracle.
        evaluations: classical scores of measured indices (and of the first k of a top-k search).
        seeded: classical scores of candidates that came from outside.
        rounds: jobs run.
        miss_bound: whatever the number of marked indices (within the promise, if there is one), a search like this one
            misses any with at most this probability, on ideal circuits and independent shots; 1 when not finished. It
            does not depend on how the search went, so the bounds of several searches add up.
        ended: "certified" (by the plan), "promise" (k_max members, or k_exact), "exhausted" (all n scored), "extras"
            (given up, as too many of what it marks are none) or "interrupted".
        tau: the threshold at the end; of a top-k search, the k-th best score known.
        broken_promise: whether more members than k_max came to light, or what was measured contradicts k_exact. The
            miss bound then holds only if ended is "certified". A promise may be broken unseen.

    Example:
        >>> from qattn import GroverStatistics, ThresholdOracle, find_all
        >>> oracle = ThresholdOracle.from_row([2, 0], [[2, 0], [0, 1], [1, 1], [0, -1]], tau=3)
        >>> found = find_all(oracle, k_max=1, sampler=GroverStatistics(), seed=1)
        >>> found.indices.tolist(), found.ended
        ([0], 'promise')
    """

    indices: Indices
    rejected: Indices
    queries: int
    evaluations: int
    seeded: int
    rounds: int
    miss_bound: float
    ended: str
    tau: float
    broken_promise: bool = False

    @property
    def known(self) -> tuple[Indices, ...]:
        """For every row that the search served: sorted indices that it marks and that are known."""
        return (np.union1d(self.indices, self.rejected),)

    def by_row(self) -> tuple[RowShare, ...]:
        """For every row that the search served, one here."""
        evaluations = self.evaluations + self.seeded
        return (RowShare(self.indices, self.queries, evaluations, self.seeded, self.rejected.size),)


@dataclass(frozen=True, eq=False)
class Row:
    """The state of one row between two rounds.

    Attributes:
        number: the row's number in the whole call.
        seed: fixes every random choice of the row, whatever runs beside it.
        oracle: the oracle at its present threshold.
        schedule: which runs come next.
        scores: the score of every index checked so far.
        excluded: sorted known indices that the oracle marks.
        promise: most members there can be; None when nothing is promised.
        best: k of a top-k search; None otherwise.
        queries: uses of the phase oracle so far.
        seeded: candidates from outside checked so far.
        rounds: rounds so far.
        runs: jobs so far; numbers their seeds.
        most_extras: so many more extras than members end the search; None: it is never given up.
    """

    number: int
    seed: int
    oracle: Searchable
    schedule: Searching
    scores: Mapping[int, float] = field(repr=False)
    excluded: tuple[int, ...]
    promise: int | None
    best: int | None
    queries: int = 0
    seeded: int = 0
    rounds: int = 0
    runs: int = 0
    most_extras: int | None = None

    @property
    def done(self) -> bool:
        """True when nothing more can be found, or the schedule has certified that nothing is left."""
        return self.ended != "interrupted"

    @property
    def ended(self) -> str:
        """Why the search is over; "interrupted" when it is not."""
        if len(self.scores) == self.oracle.n:
            return "exhausted"
        if self.promise is not None and self.members.size >= self.promise:
            return "promise"
        return self._by_schedule

    @property
    def members(self) -> Indices:
        """Sorted known indices that score at least tau."""
        tau = self.oracle.tau
        return np.array([j for j in self.excluded if self.scores[j] >= tau], dtype=np.int64)

    def jobs(self) -> list[Job]:
        """The jobs of the next round."""
        angles = self.schedule.angles
        return [
            Job(self.oracle, m, self.excluded, shots, self.seed + self.runs + i, self.number, angles)
            for i, (m, shots) in enumerate(self.schedule.next())
        ]

    def observe(self, jobs: Sequence[Job], measured: Sequence[Indices]) -> Self:
        """The row after a round: checks what was measured and tells the schedule. Indices from n on are noise.

        Every shot that ran is a use of the oracle; a shot set aside counts as one and says nothing.

        Args:
            jobs: what `jobs` asked for.
            measured: one array of integers per job.

        Returns:
            The row before its next round.
        """
        shots = [[j for j in indices.tolist() if 0 <= j < self.oracle.n] for indices in measured]
        row, fresh = self._check({j for run in shots for j in run})
        hits = [sum(j in fresh for j in run) for run in shots]
        kept = [int((indices != SET_ASIDE).sum()) for indices in measured]
        runs = tuple((job.iterations, count) for job, count in zip(jobs, kept, strict=True))
        row = replace(
            row,
            schedule=row.schedule.observe(runs, hits, len(fresh)),
            queries=self.queries + sum(job.iterations * len(ran) for job, ran in zip(jobs, measured, strict=True)),
            rounds=self.rounds + 1,
            runs=self.runs + len(jobs),
        )
        return row._moved() if fresh or self._above else row

    def offer(self, candidates: Iterable[int]) -> Self:
        """The row after checking candidates from elsewhere; those it marks count as finds, without a query.

        Args:
            candidates: indices; those known already or outside 0..n-1 are ignored.

        Returns:
            The row; every new candidate counts as an evaluation.
        """
        row, fresh = self._check(candidates)
        seeded = self.seeded + len(row.scores) - len(self.scores)
        schedule = row.schedule.observe((), (), len(fresh)) if fresh else row.schedule
        row = replace(row, seeded=seeded, schedule=schedule)
        return row._moved() if fresh or self._above else row

    def result(self) -> Found:
        """What the search has found so far; without a proof (miss bound 1) when it is not done."""
        if self._above:
            return replace(self, schedule=self.schedule.settled())._moved().result()
        members = self.members
        rejected = np.setdiff1d(np.array(self.excluded, dtype=np.int64), members)
        if self.best is not None:
            order = sorted(self.scores, key=lambda j: (-self.scores[j], j))
            members = np.array(sorted(order[: self.best]), dtype=np.int64)
        ended = self.ended
        bound = 1.0 if ended in UNFINISHED else self.schedule.miss_bound
        evaluations, tau = len(self.scores) - self.seeded, self.oracle.tau
        broken = self.schedule.broken or (self.promise is not None and members.size > self.promise)
        return Found(members, rejected, self.queries, evaluations, self.seeded, self.rounds, bound, ended, tau, broken)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON; the oracle is not among them, only its threshold."""
        facts = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "oracle"}
        return facts | {
            "tau": self.oracle.tau,
            "schedule": self.schedule.to_dict(),
            "scores": list(self.scores.items()),
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any], oracle: Searchable) -> Self:
        """The row that `to_dict` described, over its oracle at any threshold.

        Args:
            facts: what `to_dict` gave.
            oracle: the row's oracle, at any threshold.

        Returns:
            The row as it was saved.
        """
        known = {name: value for name, value in facts.items() if name != "tau"}
        kind = KnownSchedule if "count" in facts["schedule"] else Schedule
        known["schedule"] = (kind if facts["best"] is None else FallingSchedule).from_dict(facts["schedule"])
        known["scores"] = {int(j): score for j, score in facts["scores"]}
        known["excluded"] = tuple(facts["excluded"])
        return cls(oracle=oracle if oracle.tau == facts["tau"] else oracle.at(facts["tau"]), **known)

    def _check(self, indices: Iterable[int]) -> tuple[Self, set[int]]:
        """Scores indices not seen before: the row that knows them, and those of them that its oracle marks."""
        new = sorted({j for j in indices if 0 <= j < self.oracle.n and j not in self.scores})
        if not new:
            return self, set()
        scores = {**self.scores, **dict(zip(new, self.oracle.score(new).tolist(), strict=True))}
        fresh = {j for j, marked in zip(new, self.oracle.marks(new).tolist(), strict=True) if marked}
        if not fresh:
            return replace(self, scores=scores), fresh
        return replace(self, scores=scores, excluded=tuple(sorted({*self.excluded, *fresh}))), fresh

    @property
    def _by_schedule(self) -> str:
        """Why the search is over, promises and exhaustion left aside."""
        if self.schedule.done:
            return self.schedule.ended
        most = self.most_extras
        if most is not None and len(self.excluded) > most and len(self.excluded) - 2 * self.members.size > most:
            return "extras"
        return "interrupted"

    @property
    def _above(self) -> bool:
        """Whether a top-k search is at a pivot, above the k-th best score."""
        return self.schedule.pivot is not None

    def _moved(self) -> Self:
        """The row at the threshold its schedule asks for; only that of a top-k search moves.

        Going back from a pivot, what was measured there and scored less than the pivot becomes known to the oracle.
        """
        if self.best is None:
            return self
        schedule = self.schedule
        tau = last = kth_best(self.scores, min(self.best, self.oracle.n))
        if schedule.pivot is not None:
            tau = kth_best(self.scores, schedule.pivot)
            if tau == last or len(self.scores) == self.oracle.n:  # a tie; nothing left to measure
                tau, schedule = last, schedule.settled()
        if tau == self.oracle.tau:
            return replace(self, schedule=schedule)
        oracle = self.oracle.at(tau)
        known = self.excluded if tau > self.oracle.tau else sorted(self.scores)
        excluded = tuple(j for j, marked in zip(known, oracle.marks(known).tolist(), strict=True) if marked)
        return replace(self, oracle=oracle, schedule=schedule, excluded=excluded)


def start_row(
    number: int, seed: int, oracle: Searchable, delta: float, *, k_max: int | None = None, best: int | None = None,
    shots: int = 1, longest: int | None = None, candidates: Iterable[int] = (), k_exact: int | None = None,
    most_extras: int | None = None,
) -> Row:  # fmt: skip
    """A row before its first round.

    Candidates are checked first. A top-k search then checks random indices until it knows k, and starts above the
    worst of them, or higher (`qattn.search.falling`).

    Args:
        number: of the row in the whole call.
        seed: of all its random numbers.
        oracle: what is searched; for the k best its threshold does not matter.
        delta: allowed probability of missing any index.
        k_max: promise on the number of members; None: any.
        best: k of a top-k search; None: all at or above the oracle's threshold.
        shots: shots per round.
        longest: most iterations of a run; None: as many as help.
        candidates: indices to check first; those outside 0..n-1 are ignored.
        k_exact: promise that the oracle marks exactly so many indices.
        most_extras: so many more extras than members end the search.

    Returns:
        The row, its candidates scored.
    """
    n = oracle.n
    seeded = {int(j) for j in candidates if 0 <= j < n}
    known = set(seeded)
    rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0])  # the first job's samples come from `seed`
    while best is not None and len(known) < min(best, n):
        known.update(rng.integers(n, size=min(best, n) - len(known)).tolist())
    js = sorted(known)
    scores = dict(zip(js, oracle.score(js).tolist(), strict=True)) if js else {}
    if best is not None:
        oracle = oracle.at(kth_best(scores, min(best, n)))
        limit = n - min(best, n)
    elif k_max is None or (k_max and not oracle.exact):
        limit = n  # a promise on the members says nothing about the extras
    else:
        limit = min(k_max, n)
    excluded = tuple(j for j, marked in zip(js, oracle.marks(js).tolist(), strict=True) if marked) if js else ()
    if k_exact is not None:
        schedule: Searching = _known(oracle, k_exact, delta, shots, len(excluded))
    elif best is None:
        schedule = Schedule.start(n, limit, delta, shots=shots, longest=longest)
    else:
        drawn = not seeded
        schedule = FallingSchedule.start(n, limit, delta, best=best, shots=shots, longest=longest, drawn=drawn)
    row = Row(
        number, seed, oracle, schedule, scores, excluded, k_max, best, seeded=len(seeded), most_extras=most_extras
    )
    return row._moved()


def _known(oracle: Searchable, count: int, delta: float, shots: int, found: int) -> KnownSchedule:
    if not oracle.exact:
        raise ValueError(
            f"k_exact = {count} says how many indices the circuit marks, and this oracle's rounded scores may mark a "
            "few more than reach tau; use k_max"
        )
    if count > oracle.n:
        raise ValueError(f"k_exact = {count}, but there are only {oracle.n} indices")
    schedule = KnownSchedule.start(oracle.n, count, delta, shots=shots)
    return schedule.observe((), (), found) if found else schedule


def kth_best(scores: Mapping[int, float], k: int) -> float:
    """The k-th largest score.

    Args:
        scores: score by index.
        k: at least 1, at most as many as there are.

    Returns:
        A score.
    """
    values = np.fromiter(scores.values(), dtype=np.float64, count=len(scores))
    return float(np.partition(values, -k)[-k])
