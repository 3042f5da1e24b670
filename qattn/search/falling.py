"""The schedule of a top-k search: the threshold moves with the finds, and the number of unknown indices falls by jumps.

Let t be the number of unknown indices that are marked at the k-th best known score. What was seen at one threshold says
little about the counts at the next, so a phase proves by itself that nothing is left: all runs of one plan, the same in
every phase, have missed (`qattn.search.plan`).

It need not hunt there all the time. Of the unknown indices above the k-th best score many are not among the k best. At
a higher threshold, the pivot, fewer of those are marked: it is the score of the q-th best known, q < k, the highest
that k indices are likely to reach. As soon as there may be nothing unknown above it, or a whole plan has missed there,
the search goes back to the k-th best score and starts a phase. The bound is that of a search without pivots:

- An index found at the pivot was unknown and is marked at the k-th best score too, so every find, wherever it is made,
  lowers t by one at least, and nothing raises it.
- Only runs at the k-th best score, since the last find and since the last pivot, count as evidence. A pivot is taken up
  after a find only (or at the start), so a phase that counts ends by a find or ends the search: at every t there is one
  such phase at most, and it ends the search with probability S(t), whatever was run before it and wherever.
- The choice of the pivot rests on a belief that may be wrong. It costs queries then; nothing of the proof rests on it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from qattn.search.covering import Runs
from qattn.search.plan import falling_bound, falling_plan
from qattn.search.posterior import (
    Batch,
    Belief,
    Grid,
    after_finds,
    after_rise,
    after_runs,
    chance_left,
    counts,
    prior,
)
from qattn.search.schedule import check_numbers, choose, without

MARGIN = 0.8  # of delta is planned for, so that the frequency counted in 10^4 searches stays below delta as well
RARE = 16  # least n / k for pivots: where more are among the k best, they save circuits but no queries
LIKELY = 0.99  # chance that k indices reach a score, from which on it becomes the pivot
EMPTY = 0.2  # chance that nothing unknown is above a pivot, from which on it is given up


@dataclass(frozen=True)
class FallingSchedule:
    """The state of one top-k search.

    Attributes:
        n: number of indices.
        k_max: most marked indices that can be unknown at the start.
        delta: allowed probability of missing any.
        shots: shots per round.
        best: k; every find raises the k-th best score, or leaves a tie less.
        found: finds so far.
        left: runs of this phase's plan that are still to do.
        belief: weights of the counts t of `qattn.search.posterior`, at the present threshold.
        longest: most iterations of a run, where a machine allows no more.
        pivoting: whether there are pivots: while all that is known was drawn or measured at random, and k is small.
        pivot: q, where the threshold is the q-th best known score and misses prove nothing; None at the k-th best.
        spent: so many of the best known are above a pivot that was given up, with nothing unknown among them.
    """

    n: int
    k_max: int
    delta: float
    shots: int
    best: int
    found: int
    left: Runs
    belief: Belief
    longest: int | None = None
    pivoting: bool = False
    pivot: int | None = None
    spent: int = 0

    @classmethod
    def start(
        cls, n: int, k_max: int, delta: float, *, best: int, shots: int = 1, longest: int | None = None,
        drawn: bool = False,
    ) -> Self:  # fmt: skip
        """The schedule before the first run, of a search that knows k scores.

        Args:
            n: number of indices.
            k_max: most marked indices that can be unknown.
            delta: allowed probability of missing any.
            best: k.
            shots: shots per round.
            longest: most iterations of a run.
            drawn: whether the k known were drawn at random; where they were not, or k is large, there are no pivots.

        Returns:
            The state before the first round.

        Raises:
            ValueError: when a number is out of range.
        """
        check_numbers(n, k_max, delta, shots, longest)
        if best < 1:
            raise ValueError(f"best = {best}; give k >= 1")
        plan = falling_plan(n, k_max, MARGIN * delta, longest)
        schedule = cls(n, k_max, delta, shots, best, 0, plan, prior(k_max), longest, drawn and n >= RARE * best)
        if not drawn or k_max == 0:
            return schedule
        all_unknown = tuple((counts(k_max) == k_max).astype(float).tolist())
        return replace(schedule, belief=all_unknown)._raised(best, 0)

    ended = "certified"
    broken = False
    angles = ()

    @property
    def done(self) -> bool:
        """True when the plan of this phase is worked through, or nothing can be left."""
        return not self.left

    def next(self) -> Batch:
        """The runs of the next round, as (iterations, shots); () when done."""
        return () if self.done else choose(self.left, self.shots, Grid.of(self.belief, self.n, self.k_max))

    def observe(self, runs: Batch, hits: Sequence[int], found: int) -> Self:
        """The state after a round, or after a find from elsewhere (with no runs); as `Schedule.observe`.

        Args:
            runs: (iterations, shots) of the round; () for finds from elsewhere.
            hits: shots of each run that measured a new index.
            found: new indices.

        Returns:
            The schedule after the round.
        """
        after = replace(self, belief=after_runs(self.belief, self.n, self.k_max, runs, hits))
        if not found:
            return replace(after, left=without(self.left, runs))._kept()
        total = self.found + found
        if total >= self.k_max:
            return replace(after, found=total, left=(), pivot=None)
        after = replace(after, found=total, left=self._whole(), pivoting=self.pivoting and bool(runs))
        if self.pivot is not None and not after.pivoting:
            return replace(after, belief=prior(self.k_max), pivot=None)
        return after._raised((self.pivot or self.best) - 1 + found, found)

    def settled(self) -> Self:
        """The schedule where the pivot turns out to be the k-th best score itself: what counts begins there."""
        return self if self.pivot is None else replace(self, pivot=None, left=self._whole())

    def ranking(self, best: int) -> Self:
        """The schedule of a search for so many best from here on."""
        return replace(self, best=best)

    def _whole(self) -> Runs:
        return falling_plan(self.n, self.k_max, MARGIN * self.delta, self.longest)

    def _raised(self, known: int, found: int) -> Self:
        """The schedule with so many known above the threshold it had, the finds of this round among them."""
        ranks = range(self.spent + 1, min(known + 1, self.best)) if self.pivoting else range(0)
        place = bisect_left(ranks, LIKELY, key=lambda rank: self._enough(rank, known))
        rank = ranks[place] if place < len(ranks) else self.best
        if rank <= known:
            belief = after_rise(self.belief, self.k_max, rank - self.spent, known - self.spent)
            return replace(self, belief=belief, pivot=None if rank == self.best else rank)
        belief = after_finds(self.belief, self.k_max, found)
        return replace(self, belief=belief, pivot=None if known + 1 == self.best else known + 1)._kept()

    def _enough(self, rank: int, known: int) -> float:
        """How likely k indices reach the rank-th best score, of so many known above the threshold."""
        return chance_left(self.belief, self.k_max, rank - self.spent, known - self.spent, self.best - rank)

    def _kept(self) -> Self:
        """The schedule, back at the k-th best score when nothing may be left above the pivot, or a plan has missed."""
        if self.pivot is None:
            return self
        if self.left and self.belief[0] <= EMPTY:
            return self
        return replace(self.settled(), belief=prior(self.k_max), spent=self.pivot)

    @property
    def miss_bound(self) -> float:
        """A search stops before it has found all of the k best with at most this chance, whatever the scores are."""
        return falling_bound(self.n, self.k_max, MARGIN * self.delta, self.longest) if self.k_max else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The schedule that `to_dict` described; one saved before there were pivots goes on without."""
        return cls(**{**facts, "left": tuple(facts["left"]), "belief": tuple(facts["belief"])})
