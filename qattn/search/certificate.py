"""The stopping rule of a threshold search: the likelihood of everything that was seen, for every possible count.

Let h be all that a search has seen: which runs were made, which shots hit a marked and unknown index, which of those
indices were new. If k indices are marked in all, c of them known before a round, then t = k - c are unknown, and s
shots of m iterations of which b hit have the probability sin^2b cos^2(s-b) of (2m+1) theta_t, sin^2 theta_t = t/n. The
hits of a round, b in all, fall as they did on `new` indices with probability t (t-1) .. (t-new+1) / t^b. The product
over all rounds is P(h | k). With f indices known, the search may stop when

    P(h | k) <= delta g(f, k) P(h | f)        for every integer k > f,                                  (1)

where the shares g >= 0 have sum_{f<k} g(f, k) <= 1 for every k.

Claim. A search for any number k of marked indices stops before it knows all of them with probability at most delta,
whatever rule chose its runs, and whatever was told to it from elsewhere.

Proof. Fix k and f < k. The ratio M = P(h | f) / P(h | k) starts at 1. If k are marked, a round multiplies it by the
ratio of two probabilities of what was seen, of which the lower one is true: its mean is at most 1, whatever runs were
chosen. (It is 0 from the moment more than f are known.) An index told from elsewhere changes how many are known and
leaves M as it is. So M is a nonnegative supermartingale with mean at most 1 at the moment of stopping. To stop with f
known takes M >= 1 / (delta g(f, k)), by (1); by Markov's inequality this has probability at most delta g(f, k). Sum
over f < k. []

The shares: an early phase f < len(EARLY) has EARLY[f] for every k >= f + 2; the later ones have LATER h(t), h(t)
proportional to t^(-3/2) over t = k - f >= 2; and t = 1, where the sum over f ends, has all that is left. The sum is
exactly 1 for every k.

Where hits and misses contradict each other (noise hides marked indices), P(h | f) may be so small that (1) cannot be
met any more. A phase then stops by a rule of its own: by a plan that leaves any number t unfound with probability S(t),
sum_t S(t) <= `FALLBACK` delta (`qattn.search.plan`); t falls from phase to phase, so all such stops together miss with
at most that probability, whichever phases they are, as long as each is chosen before its first run. Late phases have
little of delta and take this plan where it is the cheaper one, and then until one may be the last.
The certificate has `CERTIFICATE` of delta, and the rest is a margin for counted frequencies.

Source: Theorem 3.1; Ville's inequality for likelihood ratios; the runs are those of Boyer, Brassard, Hoyer, Tapp.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

import numpy as np
from scipy.special import gammaln, zeta

from qattn.arrays import Floats, Integers
from qattn.search.covering import Runs, menu, price
from qattn.search.plan import falling_plan
from qattn.search.posterior import Batch, Counts, Grid
from qattn.search.rotation import angle
from qattn.search.weighing import best_run, hit_table, strictest, weigh

EARLY = (0.58, 0.13, 0.055, 0.025, 0.012, 0.01)  # of delta, for counts k >= f + 2, in phases 0, 1, ..
LATER = 0.08  # of delta, for counts k >= f + 2 in all later phases together
CERTIFICATE = 0.8  # of delta is planned for, so that the frequency counted in 10^4 searches stays below delta as well
FALLBACK = 0.05  # of delta, for the phases that end by a plan of their own

SCALES = ((1, (0.4, 1, 2.5, 6)), (8, (0.15, 0.4, 1, 2.5, 6, 15, 40)))  # (phase, shares of delta) of the stored plans
EARLY_PLANS, LATE_PLANS = slice(0, 5), slice(5, None)  # of the stored ones, in order: the first plan, then by phase
LONGEST = (0.64, 0.66, 0.68, 0.69, 0.70, 0.72)  # of sqrt(n): longest run of the guesses for a first plan
RATIO = 0.62  # of one run of a guess to the next
MANY, FEW, MORE, KICKS = 2500, 200, 2000, 180  # attempts to improve a plan: first from each guess, stored, early, later
MOST = 4.0  # times as many early and later ones are made at large n, half as many at n = 1024
WORTH = 4.0  # all attempts are made from this inverse chance on that the phase is the last, in proportion below it
UNLIKELY = 0.06  # chance below which a plan only has to hold: it is hardly ever worked through
CONTRADICTION = 30.0  # natural log of P(h | k) / P(h | f) above which no plan is asked to turn it round
DEAR = 1.3  # a plan this much dearer than the first may be dearer than the fallback
CACHED = 2**17  # counts up to which logarithms are kept for the next run

Round = tuple[Batch, tuple[int, ...], int]  # runs, hits of each, new indices


@dataclass(frozen=True, eq=False)
class Evidence:
    """log P(h | k) for every count that is still possible.

    Attributes:
        n: number of indices.
        k_max: most marked indices there can be.
        found: how many are known, f.
        log: log P(h | f + t) for t = 0, .., k_max - f, up to a constant.
    """

    n: int
    k_max: int
    found: int
    log: Floats

    @classmethod
    def start(cls, n: int, k_max: int) -> Self:
        """The evidence before the first run.

        Args:
            n: indices.
            k_max: most marked indices there can be.

        Returns:
            Equal likelihoods, nothing found.
        """
        return cls(n, k_max, 0, np.zeros(k_max + 1))

    @classmethod
    def of(cls, n: int, k_max: int, history: Iterable[Round]) -> Self:
        """What these rounds say.

        Args:
            n: indices.
            k_max: most marked indices there can be.
            history: rounds, in order.

        Returns:
            The evidence after the last of them.
        """
        evidence = cls.start(n, k_max)
        for runs, hits, found in history:
            evidence = evidence.after(runs, hits, found)
        return evidence

    def after(self, runs: Sequence[tuple[int, int]], hits: Sequence[int], found: int) -> Self:
        """The evidence after a round of (iterations, shots), so many of them hits, on `found` new indices.

        Without runs, `found` indices were told from elsewhere.

        Args:
            runs: (iterations, shots) of the round; () for indices told from elsewhere.
            hits: shots of each run that measured a marked and unknown index.
            found: new indices.

        Returns:
            The new evidence.

        Cost: O(k_max - found) a run.
        """
        log = self.log
        for (m, shots), hit in zip(runs, hits, strict=True):
            on_hit, on_miss = log_chances(self.n, self.k_max, m)
            for times, row in ((hit, on_hit), (shots - hit, on_miss)):
                if times > 0:
                    log = log + (row[: log.size] if times == 1 else times * row[: log.size])
        if (total := sum(hits)) > 1:
            t = np.arange(found, log.size)
            log = log.copy()
            log[found:] += gammaln(t + 1) - gammaln(t - found + 1) - total * np.log(t)
        return type(self)(self.n, self.k_max, self.found + found, log[found:])

    def need(self, delta: float) -> Floats:
        """What log P(h | f + t) - log P(h | f) must still fall by for (1), t = 1, 2, ..; +inf where t is impossible.

        Args:
            delta: allowed probability of missing any index, in (0, 1).

        Returns:
            (k_max - found,) natural logarithms; none is below 0 where the search may stop.
        """
        if self.log[0] == -math.inf:
            return np.full(self.log.size - 1, -math.inf)
        return np.asarray(math.log(delta) + log_shares(self.found, self.log.size - 1) - self.log[1:] + self.log[0])

    def block_needs(self, delta: float) -> Floats:
        """The strictest `need` in each block of counts of the menu; nothing may contradict that all are known.

        Args:
            delta: allowed probability of missing any index.

        Returns:
            (blocks,) natural logarithms; +inf for blocks beyond k_max - found.
        """
        rest, level, decay = _shares(self.found, self.k_max)
        low = hit_table(self.n, self.k_max).low
        return np.asarray(strictest(self.log, math.log(delta), rest, level, decay, low))

    def belief(self) -> Grid:
        """What to expect of the next runs: 1/k for k marked indices, times the likelihood. It proves nothing."""
        counts = _middles(self.n, self.k_max, self.log.size)
        return Grid(counts, self._weighed[0])

    def best_run(self, left: Runs) -> int:
        """The run of a plan that, by the same belief, promises most finds per price: the shortest of equal ones.

        Args:
            left: iterations of each run of the plan, at least one.

        Returns:
            Its iterations.
        """
        low, chances = hit_table(self.n, self.k_max)
        runs = np.array(left, dtype=np.int64)
        return int(best_run(runs, self.log, self.found, self.n, low, chances))

    @property
    def chance_over(self) -> float:
        """How likely it is, by the same belief, that nothing is left to find. It proves nothing."""
        return self._weighed[1]

    @property
    def far_from_over(self) -> bool:
        """Whether the phase is next to certain to end with a find, so that its plan is hardly ever worked through."""
        return self.chance_over < UNLIKELY

    @property
    def contradicted(self) -> bool:
        """Whether what was seen is next to impossible if no more than those known are marked."""
        return self._weighed[2] > CONTRADICTION

    @cached_property
    def _weighed(self) -> tuple[Floats, float, float]:
        weighed: tuple[Floats, float, float] = weigh(self.log, self.found, hit_table(self.n, self.k_max).low)
        return weighed

    def certified(self, delta: float) -> bool:
        """Whether (1) holds for every integer count."""
        return bool((self.need(delta) >= 0).all())


@lru_cache(maxsize=512)
def _middles(n: int, k_max: int, size: int) -> Counts:
    """The counts of a belief: the middle of each block of the menu's counts below size."""
    low = menu(n, k_max).low
    low = low[low < size]
    return Counts(n, ((low + np.append(low[1:], size) - 1) // 2).astype(np.float64))


def log_shares(found: int, t_max: int) -> Floats:
    """Log g(f, f + t) for t = 1, .., t_max.

    Args:
        found: finds so far, f.
        t_max: largest count t beyond them.

    Returns:
        (t_max,) natural logarithms.
    """
    rest, level, decay = _shares(found, t_max)
    shares = level + decay[:t_max]
    shares[:1] = rest
    return shares


@lru_cache(maxsize=4096)
def _shares(found: int, t_max: int) -> tuple[float, float, Floats]:
    """The parts of `log_shares`: all that earlier phases have left, for t = 1; a level and a decay, for t >= 2.

    The decay of some more counts may stand behind.
    """
    early, octaves = found < len(EARLY), (t_max - 1).bit_length()
    late = _decay(max(found - len(EARLY), 0).bit_length())[1 : max(found - len(EARLY) + 1, 1)]
    rest = math.log1p(-sum(EARLY[:found]) - LATER * float(np.exp(late).sum()))
    return rest, math.log(EARLY[found] if early else LATER), _none(octaves) if early else _decay(octaves)


@lru_cache(maxsize=64)
def _decay(octaves: int) -> Floats:
    """Log h(t), t = 1, .., 2^octaves: sum_{t >= 2} h(t) = 1; of h(1) no use is made."""
    return np.asarray(-1.5 * np.log(np.arange(1, 2**octaves + 1)) - math.log(zeta(1.5) - 1))


@lru_cache(maxsize=64)
def _none(octaves: int) -> Floats:
    return np.zeros(2**octaves)


def next_plan(
    evidence: Evidence, delta: float, near: Runs = (), longest: int | None = None, *, fell: bool = False
) -> tuple[Runs, bool]:
    """A cheap plan that ends this phase, and whether it is the fallback.

    If all its runs miss, (1) holds for `CERTIFICATE` of delta; or, for the fallback, too little is left by itself.
    Empty: the search may stop now. The likelier the phase is to be the last, the more is done to make its plan cheap,
    for only the last plan is worked through.

    Args:
        evidence: what was seen.
        delta: allowed probability of missing any.
        near: a plan to begin from, such as the runs left of the phase before.
        longest: most iterations of a run.
        fell: whether the phase before had the fallback; it stays while the phase is far from over.

    Returns:
        (runs, fallback): iterations of each run, longest first; whether they are the plan that needs no evidence.
    """
    n, k_max = evidence.n, evidence.k_max
    if evidence.found >= k_max:
        return (), False
    if evidence.contradicted or (fell and evidence.far_from_over):
        return falling_plan(n, k_max, FALLBACK * delta, longest), True
    over = evidence.chance_over
    kicks = MORE / (1 + evidence.found) ** 2 + KICKS * 64 / max(64, evidence.found)  # all searches pass the first
    kicks *= min(MOST, math.sqrt(n) / 64)  # on a longer menu a kick hits less often, and the search itself takes longer
    choice = menu(n, k_max, longest)
    starts = [choice.nearest(near)]
    if not (near and evidence.far_from_over):
        starts += stored_rows(n, k_max, delta, longest)[EARLY_PLANS if evidence.found < 5 else LATE_PLANS]
    needs = evidence.block_needs(CERTIFICATE * delta)
    plan = choice.cheapest_by_block(needs, starts, int(kicks * min(1.0, WORTH * over)))
    if price(plan) > DEAR * price(first_plan(n, k_max, delta, longest)):
        fallback = falling_plan(n, k_max, FALLBACK * delta, longest)
        if price(fallback) < price(plan):
            return fallback, True
    return plan, False


@lru_cache(maxsize=4096)
def first_plan(n: int, k_max: int, delta: float, longest: int | None = None) -> Runs:
    """The plan of a search that has seen nothing; about 3 ms once the plans of the next power of two are known.

    Args:
        n: indices.
        k_max: most marked indices there can be.
        delta: allowed probability of missing any.
        longest: most iterations of a run.

    Returns:
        Iterations of each run, longest first.
    """
    need = math.log(CERTIFICATE * delta) + log_shares(0, k_max)
    return menu(n, k_max, longest).cheapest(need, stored_rows(n, k_max, delta, longest)[:1], FEW)


@lru_cache(maxsize=512)
def stored_rows(n: int, k_max: int, delta: float, longest: int | None) -> tuple[Integers, ...]:
    """Plans to begin from: for a first phase, then for later ones whose evidence is worth more and more.

    Args:
        n: indices.
        k_max: most marked indices there can be.
        delta: allowed probability of missing any.
        longest: most iterations of a run.

    Returns:
        Each plan of the next power of two, scaled, as rows of the menu.
    """
    anchor = 1 << (n - 1).bit_length()
    scale, choice = math.sqrt(n / anchor), menu(n, k_max, longest)
    return tuple(choice.nearest(scale * np.array(plan)) for plan in anchored_plans(anchor, delta))


@lru_cache(maxsize=256)
def anchored_plans(n: int, delta: float) -> tuple[Runs, ...]:
    """The plans of `stored_rows` for a power of two; at most 1.5 s for n <= 2^20.

    Args:
        n: a power of two.
        delta: allowed probability of a miss.

    Returns:
        The runs of each plan.
    """
    delta *= CERTIFICATE
    here = menu(n, n)
    need = math.log(delta) + log_shares(0, n)
    many, few = min(MANY, 60 * here.ms.size), min(FEW, 8 * here.ms.size)
    guesses = [here.nearest(longest * math.sqrt(n) * RATIO ** np.arange(12)) for longest in LONGEST]
    tries = [here.cheapest(need, [guess], many) for guess in guesses]
    plans = [min(tries, key=price)]
    for phase, scales in SCALES:
        shares = math.log(delta) + log_shares(phase, n)
        plans += [here.cheapest(math.log(scale) + shares, [here.nearest(plans[0])], few) for scale in scales]
    return tuple(plans)


def log_chances(n: int, k_max: int, m: int) -> tuple[Floats, Floats]:
    """Log sin^2 and log cos^2 of (2m+1) theta_t for t = 0, .., k_max: a run of m iterations hits, and misses.

    Args:
        n: indices.
        k_max: most marked indices there can be.
        m: iterations of the run.

    Returns:
        Two (k_max + 1,) arrays; -inf where there is no chance.
    """
    return _kept_log_chances(n, k_max, m) if k_max <= CACHED else _log_chances(n, k_max, m)


def _log_chances(n: int, k_max: int, m: int) -> tuple[Floats, Floats]:
    turned = (2 * m + 1) * angle(n, np.arange(k_max + 1))
    with np.errstate(divide="ignore"):
        return 2 * np.log(np.abs(np.sin(turned))), 2 * np.log(np.abs(np.sin(math.pi / 2 - turned)))


_kept_log_chances = lru_cache(maxsize=128)(_log_chances)
