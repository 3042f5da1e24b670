"""The schedule of a top-k search: the threshold rises with the finds, so the number of unknown indices falls by jumps.

What was seen at one threshold says little about the counts at the next, so a phase proves by itself that nothing is
left: all runs of one plan, the same in every phase, have missed (`qattn.search.plan`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from qattn.search.covering import Runs
from qattn.search.plan import falling_bound, falling_plan
from qattn.search.posterior import Batch, Belief, Grid, after_finds, after_runs, prior
from qattn.search.schedule import check_numbers, choose

MARGIN = 0.8  # of delta is planned for, so that the frequency counted in 10^4 searches stays below delta as well


@dataclass(frozen=True)
class FallingSchedule:
    """The state of one top-k search.

    Attributes:
        n: number of indices.
        k_max: most marked indices that can be unknown at the start.
        delta: allowed probability of missing any.
        shots: shots per round.
        best: k; every find raises the threshold to the k-th best score.
        found: finds so far.
        left: runs of this phase's plan that are still to do.
        belief: weights of the counts t of `qattn.search.posterior`.
        longest: most iterations of a run, where a machine allows no more.
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

    @classmethod
    def start(cls, n: int, k_max: int, delta: float, *, best: int, shots: int = 1, longest: int | None = None) -> Self:
        """The schedule before the first run, of a search that knows k scores.

        Args:
            n: number of indices.
            k_max: most marked indices that can be unknown.
            delta: allowed probability of missing any.
            best: k.
            shots: shots per round.
            longest: most iterations of a run.

        Returns:
            The state before the first round.

        Raises:
            ValueError: when a number is out of range.
        """
        check_numbers(n, k_max, delta, shots, longest)
        if best < 1:
            raise ValueError(f"best = {best}; give k >= 1")
        plan = falling_plan(n, k_max, MARGIN * delta, longest)
        return cls(n, k_max, delta, shots, best, 0, plan, prior(k_max), longest)

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
        belief = after_runs(self.belief, self.n, self.k_max, runs, hits)
        if not found:
            still = Counter(self.left) - Counter(dict(runs))
            return replace(self, left=tuple(still.elements()), belief=belief)
        total = self.found + found
        left = falling_plan(self.n, self.k_max, MARGIN * self.delta, self.longest) if total < self.k_max else ()
        return replace(self, found=total, left=left, belief=after_finds(belief, self.k_max, self.best, found))

    @property
    def miss_bound(self) -> float:
        """A search stops before it has found all of the k best with at most this chance, whatever the scores are."""
        return falling_bound(self.n, self.k_max, MARGIN * self.delta, self.longest) if self.k_max else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The schedule that `to_dict` described."""
        return cls(**{**facts, "left": tuple(facts["left"]), "belief": tuple(facts["belief"])})
