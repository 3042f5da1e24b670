"""Which Grover run next: one row's search as pure state, from the first run to the proof that nothing is left.

A phase lasts from one find to the next. It works through a plan, always taking the run that promises most finds per
price under a belief over the number t of unknown marked indices; the order of the runs changes what the search costs,
never what it proves. A find ends the phase: the index is excluded from the oracle, t falls, and the next phase starts
with a plan of its own. A plan worked through without a find ends the search.

`Schedule` searches at a fixed threshold and stops on the likelihood of all it has seen (`qattn.search.certificate`);
`qattn.search.falling` holds the schedule of a top-k search, whose threshold moves.

    schedule = Schedule.start(n, k_max, delta)
    while not schedule.done:
        runs = schedule.next()                        # ((iterations, shots), ...): one job
        schedule = schedule.observe(runs, hits, found)

A schedule is plain numbers: `to_dict` and `from_dict` carry it through a file, so that a search on hardware resumes
after any round. Source: Theorem 3.1; exponential searching is by Boyer, Brassard, Hoyer, Tapp (quant-ph/9605034).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol, Self

from qattn.search.certificate import CACHED, CERTIFICATE, FALLBACK, Evidence, Round, first_plan, next_plan
from qattn.search.covering import CHECK, Runs
from qattn.search.posterior import Batch, Grid, spare_runs

SHARED = 3  # finds up to which histories are few enough to keep their plans


class Searching(Protocol):
    """What a row needs of its schedule: `Schedule`, `FallingSchedule` or `KnownSchedule`."""

    @property
    def found(self) -> int:
        """Finds so far."""

    @property
    def done(self) -> bool:
        """True when the search may stop."""

    @property
    def miss_bound(self) -> float:
        """A search for any number of marked indices stops before it has found them all with at most this chance."""

    @property
    def ended(self) -> str:
        """What the end of the search rests on: "certified", or "promise"."""

    @property
    def broken(self) -> bool:
        """Whether a promised number is known to be wrong."""

    @property
    def angles(self) -> tuple[float, ...]:
        """Angles of the last reflections of the next runs; none: half turns."""

    @property
    def pivot(self) -> int | None:
        """In a search for the k best, q where the threshold is the q-th best known score; None at the k-th best."""

    def settled(self) -> Self:
        """The schedule where the pivot turns out to be the k-th best score itself; as it is without a pivot."""

    def ranking(self, best: int) -> Self:
        """The schedule of a search for so many best from here on; as it is where none are ranked."""

    def next(self) -> Batch:
        """The runs of the next round, as (iterations, shots); () when done."""

    def observe(self, runs: Batch, hits: Sequence[int], found: int) -> Self:
        """The state after a round, or after a find from elsewhere (with no runs).

        Args:
            runs: (iterations, shots) of the round; () for finds from elsewhere.
            hits: shots of each run that measured a new index.
            found: new indices.

        Returns:
            The state after it.
        """

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""


class FixedThreshold:
    """What `Searching` asks about ranks, of a search that ranks nothing."""

    pivot = None

    def settled(self) -> Self:
        """The schedule as it is."""
        return self

    def ranking(self, best: int) -> Self:
        """The schedule as it is."""
        return self


@dataclass(frozen=True)
class Schedule(FixedThreshold):
    """The state of one search at a fixed threshold.

    Attributes:
        n: number of indices.
        k_max: most marked indices that can be unknown at the start.
        delta: allowed probability of missing any.
        shots: shots per round; 1 uses the fewest queries, about 100 the fewest rounds.
        left: runs of this phase's plan that are still to do.
        fallback: whether that plan is the one that needs no evidence.
        history: every round so far.
        evidence: what the history says; follows from it.
        longest: most iterations of a run, where a machine allows no more.
    """

    n: int
    k_max: int
    delta: float
    shots: int
    left: Runs
    fallback: bool
    history: tuple[Round, ...] = field(repr=False)
    evidence: Evidence = field(repr=False, compare=False)
    longest: int | None = None

    @classmethod
    def start(cls, n: int, k_max: int, delta: float, *, shots: int = 1, longest: int | None = None) -> Self:
        """The schedule before the first run.

        Args:
            n: number of indices.
            k_max: most marked indices that can be unknown.
            delta: allowed probability of missing any.
            shots: shots per round.
            longest: most iterations of a run.

        Returns:
            The state before the first round.

        Raises:
            ValueError: when a number is out of range.
        """
        check_numbers(n, k_max, delta, shots, longest)
        plan = first_plan(n, k_max, delta, longest) if k_max else ()
        return cls(n, k_max, delta, shots, plan, False, (), Evidence.start(n, k_max), longest)

    @property
    def found(self) -> int:
        """Finds so far."""
        return self.evidence.found

    @property
    def done(self) -> bool:
        """True when the likelihood of any larger count is small enough, or nothing can be left."""
        return not self.left

    def next(self) -> Batch:
        """The runs of the next round, as (iterations, shots); () when done."""
        if self.done:
            return ()
        if self.shots == 1:
            return ((self.evidence.best_run(self.left), 1),)
        return choose(self.left, self.shots, self.evidence.belief())

    def observe(self, runs: Batch, hits: Sequence[int], found: int) -> Self:
        """The state after a round, or after a find from elsewhere (with no runs).

        Args:
            runs: what was run, as `next` gave it.
            hits: how many shots of each run measured an index that is marked and was not excluded.
            found: how many distinct new marked indices came to light.

        Returns:
            The schedule after the round.
        """
        evidence = self.evidence.after(runs, hits, found)
        left, fallback = self.left if found else without(self.left, runs), self.fallback
        history = (*self.history, (runs, tuple(hits), found))
        if found or not (left or fallback):  # a plan without a find in it leaves nothing to plan
            if evidence.found <= SHARED and self.k_max <= CACHED and self.longest is None:
                left, fallback = shared_plan(self.n, self.k_max, self.delta, history, self.left, fallback)
            else:
                left, fallback = next_plan(evidence, self.delta, self.left, self.longest, fell=fallback)
        fixed = self.n, self.k_max, self.delta, self.shots
        return type(self)(*fixed, left, fallback, history, evidence, self.longest)

    ended = "certified"
    broken = False
    angles = ()

    @property
    def miss_bound(self) -> float:
        """A search for any number of marked indices stops before it has found them all with at most this chance.

        It does not depend on how this search went, so the bounds of several searches add up to one for all of them.
        """
        return self.bound(self.delta) if self.k_max else 0.0

    @staticmethod
    def bound(delta: float) -> float:
        """`miss_bound` of any search for which delta is allowed."""
        return (CERTIFICATE + FALLBACK) * delta

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        names = ("n", "k_max", "delta", "shots", "left", "fallback", "history", "longest")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The schedule that `to_dict` described."""
        history = tuple(
            (tuple((m, shots) for m, shots in runs), tuple(hits), found) for runs, hits, found in facts["history"]
        )
        evidence = Evidence.of(facts["n"], facts["k_max"], history)
        return cls(**{**facts, "left": tuple(facts["left"]), "history": history, "evidence": evidence})


@lru_cache(maxsize=4096)
def shared_plan(
    n: int, k_max: int, delta: float, history: tuple[Round, ...], near: Runs, fell: bool
) -> tuple[Runs, bool]:
    """`next_plan` of a search with that history; searches of one size have their first finds after one of few.

    Args:
        n: indices.
        k_max: most marked indices there can be.
        delta: allowed probability of a miss.
        history: its rounds.
        near: a plan to begin from.
        fell: whether the phase before had the fallback.

    Returns:
        (runs, fallback), as `next_plan`.
    """
    return next_plan(Evidence.of(n, k_max, history), delta, near, fell=fell)


def without(left: Runs, runs: Batch) -> Runs:
    """The runs of a plan that are still to do after a round.

    Args:
        left: iterations of the runs still to do before it.
        runs: (iterations, shots) of the round; shots that the plan does not hold take nothing away.

    Returns:
        Iterations of the others, in the same order.
    """
    still = list(left)
    for m, shots in runs:
        for _ in range(min(shots, still.count(m))):
            still.remove(m)
    return tuple(still)


def choose(left: Runs, shots: int, belief: Grid) -> Batch:
    """The runs of the next round, of a plan that is not empty.

    One shot per round: the best run of the plan. More: as much of the plan as fits, and with the shots to spare
    whatever is likeliest to find all that is left.

    Args:
        left: iterations of the runs still to do, at least one.
        shots: of the round.
        belief: what is expected of the counts.

    Returns:
        (iterations, shots) of each run; the shots add up to `shots`.
    """
    if shots >= len(left):
        return tuple((Counter(left) + Counter(spare_runs(belief, left, shots - len(left)))).items())
    runs = sorted(set(left))
    rate = {m: hits / (m + CHECK) for m, hits in zip(runs, belief.hits(runs), strict=True)}
    if shots == 1:
        return ((max(runs, key=rate.__getitem__), 1),)
    return tuple(Counter(sorted(left, key=lambda m: -rate[m])[:shots]).items())


def check_numbers(n: int, k_max: int, delta: float, shots: int, longest: int | None = None) -> None:
    """Refuses numbers out of range.

    Args:
        n: indices, at least 1.
        k_max: 0 to n.
        delta: between 0 and 1.
        shots: at least 1.
        longest: at least 0, or None.
    """
    if n < 1 or not 0 <= k_max <= n:
        raise ValueError(f"n = {n}, k_max = {k_max}; give n >= 1 and 0 <= k_max <= n")
    if not 0 < delta < 1:
        raise ValueError(f"delta = {delta}; give a probability between 0 and 1, such as 0.01")
    if shots < 1:
        raise ValueError(f"shots = {shots}; give at least 1")
    if longest is not None and longest < 0:
        raise ValueError(f"longest = {longest}; give the most iterations of a run, 0 or more")
