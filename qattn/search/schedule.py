"""Which Grover run next: one row's search as pure state, from the first run to the proof that nothing is left.

A phase lasts from one find to the next. It works through its certification plan (`qattn.search.plan`), always taking
the run that promises most finds per price under a belief over the number t of unknown marked indices; the order of the
runs changes what the search costs, never what it proves. A find ends the phase: the index is excluded from the oracle,
t falls, and the next phase starts with a plan of its own. A plan worked through without a find ends the search.

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
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qattn.search.plan import CHECK, OWN, Runs, make_plans, miss_profile
from qattn.search.posterior import Batch, after_finds, after_runs, hit_chances, prior, spare_runs

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Schedule:
    """The state of one search.

    Attributes:
        n: number of indices.
        k_max: most marked indices that can be unknown at the start.
        delta: allowed probability of missing any.
        shots: shots per round; 1 uses the fewest queries, about 100 the fewest rounds.
        best: k when every find raises the threshold to the k-th best score (top-k), None when it stays.
        found: finds so far, the phase f.
        phases: phases entered so far, at most f + 1.
        left: runs of this phase's plan that are still to do.
        belief: weights of the counts t of `qattn.search.posterior`.
    """

    n: int
    k_max: int
    delta: float
    shots: int
    best: int | None
    found: int
    phases: int
    left: Runs
    belief: tuple[float, ...]

    @classmethod
    def start(cls, n: int, k_max: int, delta: float, *, shots: int = 1, best: int | None = None) -> Self:
        """A search that knows nothing yet.

        Raises:
            ValueError: when a number is out of range.
        """
        if n < 1 or not 0 <= k_max <= n:
            raise ValueError(f"n = {n}, k_max = {k_max}; give n >= 1 and 0 <= k_max <= n")
        if not 0 < delta < 1:
            raise ValueError(f"delta = {delta}; give a probability between 0 and 1, such as 0.01")
        if shots < 1 or (best is not None and best < 1):
            raise ValueError(f"shots = {shots}, best = {best}; both count from 1")
        empty = cls(n, k_max, delta, shots, best, 0, 1, (), tuple(prior(k_max)))
        return replace(empty, left=empty.plan(0))

    def plan(self, phase: int) -> Runs:
        """The certification plan of a phase; empty when nothing can be left."""
        if phase >= self.k_max:
            return ()
        plans = make_plans(self.n, self.k_max, self.delta, self._own)
        return plans[min(phase, len(plans) - 1)]

    @property
    def done(self) -> bool:
        """True when the plan of this phase is worked through, or nothing can be left."""
        return not self.left

    def next(self) -> Batch:
        """The runs of the next round, as (iterations, shots); () when done.

        One shot per round: the best run of the plan. More: as much of the plan as fits, and with the shots to spare
        whatever is likeliest to find all that is left.
        """
        if self.done:
            return ()
        if self.shots >= len(self.left):
            extra = spare_runs(self.belief, self.n, self.k_max, self.left, self.shots - len(self.left))
            return tuple((Counter(self.left) + Counter(extra)).items())
        runs = sorted(set(self.left))
        hit = np.array([hit_chances(self.n, self.k_max, m) for m in runs]) @ np.array(self.belief)
        rate = hit / (np.array(runs) + CHECK)
        if self.shots == 1:
            return ((runs[int(rate.argmax())], 1),)
        order = sorted(self.left, key=lambda m: -rate[runs.index(m)])
        return tuple(Counter(order[: self.shots]).items())

    def observe(self, runs: Batch, hits: Sequence[int], found: int) -> Self:
        """The state after a round, or after a find from elsewhere (with no runs).

        Args:
            runs: what was run, as `next` gave it.
            hits: how many shots of each run measured an index that is marked and was not excluded.
            found: how many distinct new marked indices came to light.
        """
        belief = after_runs(self.belief, self.n, self.k_max, runs, hits)
        if found:
            belief = after_finds(belief, self.k_max, self.best, found)
            phase = self.found + found
            return replace(self, found=phase, phases=self.phases + 1, left=self.plan(phase), belief=belief)
        left = Counter(self.left) - Counter(dict(runs))
        return replace(self, left=tuple(left.elements()), belief=belief)

    @property
    def miss_bound(self) -> float:
        """Whatever the number of marked indices, a search like this one misses any with at most this probability.

        The worst over all counts, of the whole search, at most delta. It says nothing about how this search went, so
        the bounds of several searches add up to one for all of them.
        """
        return miss_bound(self.n, self.k_max, self.delta, falling=self.best is not None)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """The schedule that `to_dict` described."""
        return cls(**{**facts, "left": tuple(facts["left"]), "belief": tuple(facts["belief"])})

    @property
    def _own(self) -> int:
        return OWN if self.best is None else 0


@lru_cache(maxsize=4096)
def miss_bound(n: int, k_max: int, delta: float, *, falling: bool = False) -> float:
    """The largest probability, over every true count up to k_max, that a search ends without all of them.

    With `falling` (top-k) the unknown count may fall anyhow: every count is met once at most.
    """
    if falling:
        return _chance([np.log1p(-miss).sum() for miss in _profiles(n, k_max, delta, 0)])
    return _chance(_log_passed(n, k_max, delta))


def miss_probability(n: int, k_max: int, delta: float, k: int) -> float:
    """The probability that a search for k marked indices misses any: exact with one shot a round, else a bound."""
    return _chance(_log_passed(n, k_max, delta)[k - 1 : k] if k else ())


def _chance(logs: Sequence[float] | Floats) -> float:
    """1 - exp of the smallest logarithm; 0 without any."""
    return 0.0 - float(np.expm1(np.min(logs, initial=0.0)))


@lru_cache(maxsize=4)
def _log_passed(n: int, k_max: int, delta: float) -> Floats:
    """Logarithms of prod_{f<k} (1 - S_f(k - f)), the chance to find all k, for k = 1..k_max."""
    passed = np.zeros(k_max)
    misses = _profiles(n, k_max, delta, OWN)
    for f, miss in enumerate(misses[:OWN]):
        passed[f:] += np.log1p(-miss[: k_max - f])
    for miss in misses[OWN:]:  # one plan for all later phases
        passed[OWN:] += np.cumsum(np.log1p(-miss[: k_max - OWN]))
    return passed


@lru_cache(maxsize=4)
def _profiles(n: int, k_max: int, delta: float, own: int) -> tuple[Floats, ...]:
    """S_f(1..k_max) of each plan."""
    return tuple(miss_profile(n, k_max, plan) for plan in make_plans(n, k_max, delta, own))
