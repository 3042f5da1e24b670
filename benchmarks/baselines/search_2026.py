"""The search as it was with a certificate for each phase: one row, at a fixed threshold or for the k best.

Kept word for word (only the imports of its three modules, plan, belief and schedule, are merged) as the baseline of
`rows.py`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Runs = tuple[int, ...]

# plan ----------------------------------------------------------------------------------------------------------------

OWN = 6  # phases with a plan of their own
SHARE = 0.5  # of what is left to a diagonal, for one of these phases
RESERVE = 0.5  # of delta, kept for the later phases
MARGIN = 0.8  # of delta is planned for, so that the frequency counted in 10^4 searches stays below delta as well
CHECK = 0.5  # price of checking an index in queries: a query computes a score and uncomputes it, a check computes it
GUESS = 2**11  # below this, plans of powers of two are guesses for the n between them: causal rows need them all
KICKS = 60  # attempts to improve a plan by exchanging runs


@lru_cache(maxsize=4096)
def make_plans(n: int, k_max: int, delta: float, own: int = OWN) -> tuple[Runs, ...]:
    """The plans of phases 0..own-1, then the one of all later phases; each a tuple of m, longest first.

    Args:
        n: number of indices.
        k_max: most marked indices there can be, 0..n.
        delta: allowed probability of missing any.
        own: phases with a plan of their own; 0 gives one plan for every phase.

    Cost: one exact check over 1..k_max per plan; about 0.1 s a plan at n = 2^16.
    """
    anchor = 1 << (n - 1).bit_length() if n < GUESS else n
    known = make_plans(anchor, anchor if k_max == n else k_max, delta, own) if n != anchor else ()
    guesses = [math.sqrt(n / anchor) * np.array(runs) for runs in known]
    delta *= MARGIN
    spent = np.zeros(k_max + 1)  # [k]: sum of S_f(k - f) over the phases planned so far
    plans: list[Runs] = []
    for f in range(min(own, k_max)):
        left = np.where(np.arange(f + 1, k_max + 1) > own, (1 - RESERVE) * delta, delta) - spent[f + 1 :]
        left[1:] *= SHARE
        plan, miss = _cheapest(n, left, guesses[f : f + 1], total=False)
        spent[f + 1 :] += miss
        plans.append(plan)
    if k_max > own:
        left = np.full(k_max - own, delta - spent[own + 1 :].max())
        plans.append(_cheapest(n, left, guesses[own:], total=True)[0])
    return tuple(plans)


def miss_profile(n: int, t_max: int, runs: Runs) -> Floats:
    """S(1), .., S(t_max): the probability that all runs miss when t indices are marked and unknown."""
    theta = np.arcsin(np.sqrt(np.arange(1, t_max + 1) / n))
    miss = np.ones(t_max)
    for m in set(runs):
        once = np.sin(math.pi / 2 - (2 * m + 1) * theta) ** 2  # cos^2, and exactly 0 where a run cannot miss
        for _ in range(runs.count(m)):
            miss *= once
    return miss


def _cheapest(n: int, left: Floats, guess: Sequence[Floats], *, total: bool) -> tuple[Runs, Floats]:
    """A cheap plan with S(t) <= left(t) for every t or, if total, with sum_t S(t) / left(t) <= 1; and its S.

    A guess, or the best of a coarse menu, is improved on a menu that is fine around it.
    """
    rng = np.random.default_rng(0)
    tight = 1.0
    while True:
        menu = _Menu.of(n, left * tight, total)
        coarse = guess[0] if guess else menu.ms[_improve(menu, list(_geometric(menu)), KICKS, rng)]
        menu = _Menu.of(n, left * tight, total, around=coarse)
        runs = _improve(menu, [menu.extend(menu.nearest(coarse))], KICKS // 4, rng)
        plan = tuple(int(m) for m in np.sort(menu.ms[runs])[::-1])
        miss = miss_profile(n, left.size, plan)
        if float((miss / left).sum() if total else (miss / left).max()) <= 1:
            return plan, miss
        tight *= 1 - 1e-9  # blocks bound every integer in them, so only rounding can bring us here


def _improve(menu: _Menu, starts: Sequence[Integers], kicks: int, rng: np.random.Generator) -> Integers:
    """Shrinks every start, then the best with a few random runs added, again and again."""
    best = min((menu.shrink(runs, rng) for runs in starts), key=menu.price)
    for _ in range(min(kicks, menu.ms.size)):
        extra = rng.integers(menu.ms.size, size=rng.integers(1, 4))
        best = min(menu.shrink(np.append(best, extra), rng), best, key=menu.price)
    return best


def _geometric(menu: _Menu) -> Iterator[Integers]:
    """For each longest run, the three sparsest geometric sequences (and a few single guesses) that hold."""
    root = math.sqrt(menu.n)
    for longest in (0.66, 0.70, 0.74, 0.78):
        held = 0
        ratio = 0.5
        while held < 3:
            steps = np.arange(1 + max(0.0, math.log(0.5 / root) / math.log(ratio)))
            runs = np.append(menu.nearest(longest * root * ratio**steps), np.zeros(6 + held, dtype=np.int64))
            if menu.holds(runs):
                held += 1
                yield runs
            ratio = 1 - 0.93 * (1 - ratio)


@dataclass(frozen=True)
class _Menu:
    """The runs to choose from, and a bound on what each leaves unfound in every block of counts t.

    A set of runs holds when the product of its rows of `miss`, weighted, has a maximum (or a total) of at most 1.
    """

    n: int
    ms: Integers  # iterations, ascending
    miss: Floats  # (runs, blocks): the largest cos^2((2m+1) theta_t) over the block
    weight: Floats  # (blocks,)
    total: bool

    @classmethod
    def of(cls, n: int, left: Floats, total: bool, around: Floats | Integers | None = None) -> Self:
        """Runs up to a quarter turn of one marked index; counts 1..48, then blocks 3% wide.

        The runs are 2% apart; with `around`, 5% apart and 0.25% near those.
        """
        top = math.floor(math.pi / 4 / math.asin(1 / math.sqrt(n)) + 0.5)
        per_octave = 35 if around is None else 14
        ms = np.rint(np.geomspace(1, top + 1, 2 + int(per_octave * math.log2(top + 1)))).astype(np.int64) - 1
        if around is not None:
            fine = np.rint(np.outer(around, np.linspace(0.99, 1.01, 9))).astype(np.int64)
            ms = np.append(ms, fine[fine <= top])
        ms = np.unique(ms)
        first = [1]
        while first[-1] < left.size:
            first.append(first[-1] + 1 if first[-1] < 48 else math.ceil(first[-1] * 1.03))
        low = np.array([t for t in first if t <= left.size])
        high = np.append(low[1:], left.size + 1) - 1
        weight = (high - low + 1 if total else 1) / np.minimum.reduceat(left, low - 1)
        turns = [np.outer(2 * ms + 1, np.arcsin(np.sqrt(t / n))) / math.pi for t in (low, high)]
        ends = np.maximum(*(np.cos(math.pi * x) ** 2 for x in turns))
        miss = np.where(np.floor(turns[0]) != np.floor(turns[1]), 1.0, ends)  # a half turn inside the block: no help
        return cls(n, ms, miss, weight, total)

    def nearest(self, ms: Floats | Integers) -> Integers:
        """The rows of the menu closest to these iterations."""
        return np.asarray(np.abs(self.ms[:, None] - ms).argmin(axis=0))

    def extend(self, runs: Integers) -> Integers:
        """These rows, and the most helpful ones one by one until they hold."""
        while not self.holds(runs):
            left = self.miss[runs].prod(axis=0) * self.weight
            runs = np.append(runs, self.need(self.miss * left).argmin())
        return runs

    def need(self, miss: Floats) -> Floats:
        """At most 1 for a set of runs that holds; over the last axis."""
        return np.asarray(miss.sum(axis=-1) if self.total else miss.max(axis=-1))

    def holds(self, runs: Integers) -> bool:
        """Whether these runs (rows of the menu) are a plan."""
        return bool(self.need(self.miss[runs].prod(axis=0) * self.weight) <= 1)

    def price(self, runs: Integers) -> float:
        """Iterations, and half a query for the check of each run."""
        return float(self.ms[runs].sum() + CHECK * runs.size)

    def shrink(self, runs: Integers, rng: np.random.Generator) -> Integers:
        """Drop each run, or put the shortest that still holds in its place, in random order, until nothing changes."""
        price = math.inf
        while self.price(runs) < price:
            price = self.price(runs)
            runs = runs.copy()
            kept = np.ones(runs.size, dtype=bool)
            for i in rng.permutation(runs.size):
                kept[i] = False
                others = self.miss[runs[kept]].prod(axis=0) * self.weight
                if self.need(others) <= 1:
                    continue
                kept[i] = True
                shorter = self.miss[: runs[i] + 1]
                needs = shorter @ others if self.total else self.need(shorter * others)
                runs[i] = min(runs[i], int((needs <= 1).argmax())) if (needs <= 1).any() else runs[i]
            runs = runs[kept]
        return runs


# belief --------------------------------------------------------------------------------------------------------------

Belief = tuple[float, ...]
Batch = tuple[tuple[int, int], ...]  # (iterations, shots) of each run of a round


@lru_cache(maxsize=512)
def counts(k_max: int) -> Floats:
    """The counts t that have a weight: 0..16, then about 19% apart, up to k_max."""
    fine = np.arange(min(k_max, 16) + 1)
    coarse = np.rint(np.geomspace(16, max(k_max, 17), 2 + int(4 * np.log2(max(k_max, 17) / 16))))
    return np.union1d(fine, coarse[coarse <= k_max]).astype(np.float64)


@lru_cache(maxsize=512)
def prior(k_max: int) -> Belief:
    """None marked as likely as one, t marked 1/t as likely as one."""
    edges = np.maximum(_edges(k_max), 0.5)
    weights = np.log(edges[1:] / edges[:-1])
    weights[0] = weights[1] if k_max else 1.0
    return _normal(weights, k_max)


@lru_cache(maxsize=4096)
def hit_chances(n: int, k_max: int, m: int) -> Floats:
    """sin^2((2m+1) theta_t) of a run of m iterations, for each of the counts."""
    return np.asarray(np.sin((2 * m + 1) * np.arcsin(np.sqrt(counts(k_max) / n))) ** 2)


def after_runs(belief: Belief, n: int, k_max: int, runs: Batch, hits: Sequence[int]) -> Belief:
    """The belief after runs of (iterations, shots) of which so many shots hit; the prior if they contradict it."""
    log = np.zeros(len(belief))
    with np.errstate(divide="ignore"):
        for (m, shots), hit in zip(runs, hits, strict=True):
            chance = hit_chances(n, k_max, m)
            if hit:
                log += hit * np.log(chance)
            if hit < shots:
                log += (shots - hit) * np.log1p(-chance)
        log += np.log(np.array(belief))
    return _normal(np.exp(log - log.max()), k_max) if np.isfinite(log.max()) else prior(k_max)


def after_finds(belief: Belief, k_max: int, best: int | None, found: int) -> Belief:
    """The belief after so many finds: each lowers t by one, or by more when the threshold rises to the k-th best."""
    weights = np.array(belief)
    for _ in range(found):
        weights = weights @ _transition(k_max, best)
    return _normal(weights, k_max)


def spare_runs(belief: Belief, n: int, k_max: int, plan: Sequence[int], spare: int) -> list[int]:
    """Runs to add to a plan in the same round, one by one, each making it likeliest that the round finds all.

    With h hits expected on t indices, each is found with probability 1 - exp(-h/t), and all t with its t-th power.
    """
    runs = sorted(set(plan))
    chances = np.array([hit_chances(n, k_max, m) for m in runs])[:, 1:]
    grid, weights = counts(k_max)[1:], np.array(belief)[1:]
    expected = np.sum([hit_chances(n, k_max, m) for m in plan], axis=0)[1:]
    chosen = []
    for _ in range(spare):
        all_found = -np.expm1(-(expected + chances) / grid)
        best = int((all_found**grid @ weights).argmax())
        expected = expected + chances[best]
        chosen.append(runs[best])
    return chosen


@lru_cache(maxsize=128)
def _transition(k_max: int, best: int | None) -> Floats:
    """Chance of each count after a find (columns), for each count before it (rows; nothing follows from t = 0).

    At a fixed threshold t - 1 are left. Raised to the k-th best, it leaves t' with P(t' < s) = (s/t)^k, as when the k
    best known and the t others rank at random.
    """
    grid = counts(k_max)
    if best is None:
        after = np.maximum(grid - 1, 0.0)
        upper = np.searchsorted(grid, after)  # t - 1 falls between two counts of the grid
        lower = np.searchsorted(grid, after, side="right") - 1
        gap = np.maximum(grid[upper] - grid[lower], 1.0)
        table = np.zeros((grid.size, grid.size))
        rows = np.arange(grid.size)
        table[rows, lower] += 1 - (after - grid[lower]) / gap
        table[rows, upper] += (after - grid[lower]) / gap
    else:
        before = np.maximum(grid, 1.0)[:, None]
        table = np.diff((np.minimum(_edges(k_max), before) / before) ** best, axis=1)
    table[0] = 0.0
    return table


def _edges(k_max: int) -> Floats:
    """Where the integers nearest to one count end and those nearest to the next begin."""
    grid = counts(k_max)
    return np.concatenate([[0.0], np.ceil((grid[1:] + grid[:-1]) / 2), [grid[-1] + 1]])


def _normal(weights: Floats, k_max: int) -> Belief:
    total = float(weights.sum())
    return tuple((weights / total).tolist()) if total > 0 else prior(k_max)


# schedule ------------------------------------------------------------------------------------------------------------


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
        belief: weights of the counts t of `qattn.search.belief`.
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
        """If anything were left, a search would end this early with at most this probability; never above delta.

        The largest 1 - prod (1 - S_f(k - f)) over the phases so far, over every count k > found.
        """
        if self.found >= self.k_max:
            return 0.0
        phases = self.found if self.best is None else self.phases - 1
        return miss_bound(self.n, self.k_max, self.delta, phases, falling=self.best is not None)

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
def miss_bound(n: int, k_max: int, delta: float, found: int, *, falling: bool = False) -> float:
    """The largest probability, over every true count k > found, that a search ends with at most `found` finds.

    With `falling` (top-k), `found` counts the phases that ended in a find, and the unknown count may fall anyhow.
    """
    own = 0 if falling else OWN
    misses = _profiles(n, k_max, delta, own)
    if falling:
        worst = np.sort(misses[0])[::-1][: found + 1]
        return float(-np.expm1(np.log1p(-worst).sum()))
    counts = np.arange(found + 1, k_max + 1)
    survive = np.zeros(counts.size)  # logarithm of the chance to pass phases 0..found
    for f in range(min(found + 1, own)):
        survive += np.log1p(-misses[f][counts - f - 1])
    if found >= own:
        passed = np.append(0.0, np.cumsum(np.log1p(-misses[own][: k_max - own])))
        survive += passed[counts - own] - passed[counts - found - 1]
    return float(-np.expm1(survive.min()))


def miss_probability(n: int, k_max: int, delta: float, k: int) -> float:
    """The probability that a search for k marked indices misses any: exact with one shot a round, else a bound."""
    misses = _profiles(n, k_max, delta, OWN)
    chances = np.array([misses[min(f, len(misses) - 1)][k - f - 1] for f in range(k)])
    return 0.0 - float(np.expm1(np.log1p(-chances).sum()))


@lru_cache(maxsize=4)
def _profiles(n: int, k_max: int, delta: float, own: int) -> tuple[Floats, ...]:
    """S_f(1..k_max) of each plan."""
    return tuple(miss_profile(n, k_max, plan) for plan in make_plans(n, k_max, delta, own))
