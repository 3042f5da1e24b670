"""The schedule of a search that is told exactly how many indices are marked (`k_exact=`), and its exact runs.

With t unknown marked indices a run of m iterations hits with probability sin^2((2m+1) theta), sin^2 theta = t/n. Two
ways to use that t is known:

- fewest queries (one shot a round): always the run of least expected price, about 0.69 sqrt(n/t) iterations, which
  hits in 5 of 6 cases; an index is checked when it is measured, so a miss is known and repeated.
- fewest rounds (more shots a round): exact amplitude amplification, pi/4 sqrt(n/t) iterations. Every shot hits.

An exact run uses the phase oracle as it is, with the sign -1; only its last two reflections turn by other angles. With
D(phi) = (1 - e^(i phi)) |u><u| - 1, the state before them in the plane of |marked> and |unmarked> at an angle a, and
O = diag(-1, 1), the unmarked part of D(phi2) O D(phi1) O (sin a, cos a) vanishes for the angles of `exact_run`, which
exist whenever m >= pi / (4 theta) - 1/2: no iteration more than the fewest there can be.

The search ends when all are found. More finds than promised, or misses that would have a chance of at most delta, show
that the promise is broken; the search then goes on without it, to a proof (`qattn.search.schedule`).

Source: exact amplification is by Brassard, Hoyer, Mosca, Tapp (quant-ph/0005055) and Long (quant-ph/0106071); with an
oracle of fixed sign, by Roy, Jiang, Schuster (arXiv:2201.00091).
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from scipy.special import bdtr

from qattn.search.covering import CHECK
from qattn.search.posterior import Batch
from qattn.search.rotation import angle
from qattn.search.schedule import FixedThreshold, Schedule, check_numbers

LAST = 0.05  # chance that the shots of one round, all hits, leave an index out, where there are enough shots
Run = tuple[int, tuple[float, ...]]  # iterations, angles of the last reflections; none: half turns


@lru_cache(maxsize=4096)
def exact_run(n: int, t: int) -> Run:
    """(iterations, angles of the last reflections) after which one of t marked indices of n is measured for certain.

    Args:
        n: indices.
        t: how many of them are marked, 1..n.

    Returns:
        The run.

    Raises:
        ValueError: when a quarter or more are marked, and no number of whole iterations does it.
    """
    theta = float(angle(n, t))
    m = max(0, math.ceil(math.pi / (4 * theta) - 0.5 - 1e-9))
    if abs((2 * m + 1) * theta - math.pi / 2) < 1e-9:
        return m, ()
    if m < 2:
        raise ValueError(f"{t} of {n} marked: too many for an exact run")
    a, cot = (2 * m - 3) * theta, 1 / math.tan(2 * theta)
    p = math.cos(a + theta)  # overlap with |u> of the state that the last two reflections start from
    above = math.sin(a) * math.cos(a) + cot * math.cos(a) ** 2
    below = p * (p * math.sin(2 * theta) + math.sin(a - theta))
    below -= cot * 2 * p * math.cos(theta) * (p * math.cos(theta) - math.cos(a))
    first = math.acos(min(1.0, max(-1.0, 1 - above / below)))
    w = (1 - cmath.exp(1j * first)) * p
    marked, unmarked = -(w * math.sin(theta) + math.sin(a)), w * math.cos(theta) - math.cos(a)
    turn = unmarked / (math.cos(theta) * (math.sin(theta) * marked + math.cos(theta) * unmarked))
    return m, (first, cmath.phase(1 - turn))


@lru_cache(maxsize=4096)
def cheapest_run(n: int, t: int) -> tuple[int, float]:
    """(iterations, chance to hit) of the run with the fewest expected queries and checks until it hits one of t of n.

    Args:
        n: indices.
        t: how many of them are marked, 1..n.

    Returns:
        The run, and how likely it hits.
    """
    theta = float(angle(n, t))
    m = np.arange(1 + math.ceil(math.pi / (4 * theta)))
    chance = np.sin((2 * m + 1) * theta) ** 2
    best = int(np.argmin((m + CHECK) / np.maximum(chance, 1e-300)))
    return best, float(chance[best])


@dataclass(frozen=True)
class KnownSchedule(FixedThreshold):
    """The state of one search for exactly `count` marked indices.

    Attributes:
        n: number of indices.
        count: how many are marked, by promise.
        delta: allowed probability of missing any if the promise is broken, and of taking a kept one for broken.
        shots: most shots per round; 1 uses the fewest queries, more the fewest rounds.
        found: finds so far.
        doubt: log of the chance that no shot since the last find hit, if the promise holds.
        unpromised: the search without the promise, once it is known to be broken.
    """

    n: int
    count: int
    delta: float
    shots: int
    found: int = 0
    doubt: float = 0.0
    unpromised: Schedule | None = None

    @classmethod
    def start(cls, n: int, count: int, delta: float, *, shots: int = 1) -> Self:
        """A search that has found nothing yet.

        Args:
            n: indices.
            count: how many of them are marked.
            delta: allowed probability of missing any.
            shots: shots per round.

        Returns:
            The state before the first round.

        Raises:
            ValueError: when a number is out of range.
        """
        check_numbers(n, count, delta, shots)
        return cls(n, count, delta, shots)

    @property
    def done(self) -> bool:
        """True when all are found; where the promise is broken, when nothing is left by proof."""
        return self.found >= self.count if self.unpromised is None else self.unpromised.done

    @property
    def ended(self) -> str:
        """What the end of the search rests on."""
        return "promise" if self.unpromised is None else self.unpromised.ended

    @property
    def broken(self) -> bool:
        """Whether more or fewer are marked than promised, as far as this search has seen."""
        return self.unpromised is not None

    def next(self) -> Batch:
        """The runs of the next round, as (iterations, shots); () when done."""
        if self.done:
            return ()
        if self.unpromised is not None:
            return self.unpromised.next()
        return ((self._run()[0], self._shots()),)

    @property
    def angles(self) -> tuple[float, ...]:
        """Angles of the last reflections of the next runs; none: half turns."""
        return () if self.done or self.unpromised is not None else self._run()[1]

    def observe(self, runs: Batch, hits: Sequence[int], found: int) -> Self:
        """The state after a round, or after a find from elsewhere (with no runs).

        Args:
            runs: what was run, as `next` gave it.
            hits: how many shots of each run measured an index that is marked and was not excluded.
            found: how many distinct new marked indices came to light.

        Returns:
            The schedule after the round.
        """
        if self.unpromised is not None:
            further = self.unpromised.observe(runs, hits, found)
            return replace(self, found=self.found + found, unpromised=further)
        doubt = (0.0 if found else self.doubt) + self._doubt(sum(shots for _, shots in runs), sum(hits))
        after = replace(self, found=self.found + found, doubt=0.0 if found else doubt)
        kept = after.found <= self.count and (not self.count or doubt > math.log(self.delta / self.count))
        if kept:
            return after
        start = Schedule.start(self.n, self.n, self.delta, shots=self.shots)
        return replace(after, doubt=0.0, unpromised=start.observe((), (), after.found) if after.found else start)

    @property
    def miss_bound(self) -> float:
        """With exactly `count` marked, a search misses any with at most this chance; without the promise once broken.

        A kept promise is taken for broken with chance delta at most, and then a search without it has its own bound.
        """
        if self.unpromised is not None:
            return self.unpromised.miss_bound
        return self.delta * Schedule.bound(self.delta) if self.count else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        facts = {name: getattr(self, name) for name in ("n", "count", "delta", "shots", "found", "doubt")}
        return facts | {"unpromised": None if self.unpromised is None else self.unpromised.to_dict()}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The schedule that `to_dict` described."""
        further = facts["unpromised"]
        return cls(**{**facts, "unpromised": None if further is None else Schedule.from_dict(further)})

    def _run(self) -> tuple[int, tuple[float, ...], float]:
        """Iterations, angles, and chance to hit of the next run."""
        t = self.count - self.found
        m, chance = cheapest_run(self.n, t)
        if self.shots > 1 and 4 * t <= self.n:
            return *exact_run(self.n, t), 1.0
        return m, (), chance

    def _doubt(self, shots: int, hits: int) -> float:
        """Log of the chance that so few shots of the next run hit, if the promise holds."""
        if hits == shots:
            return 0.0
        chance = self._run()[2]
        few = float(bdtr(hits, shots, chance)) if chance < 1 else 0.0
        return math.log(few) if few > 0 else -math.inf

    def _shots(self) -> int:
        """Shots that leave no index out but with chance `LAST`, if all hit: no more than allowed."""
        t = self.count - self.found
        if self.shots == 1 or 4 * t > self.n:
            return self.shots
        return 1 if t == 1 else min(self.shots, math.ceil(math.log(LAST / t) / math.log1p(-1 / t)))
