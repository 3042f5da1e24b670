"""Did the processor do better than guessing? A test of every run on hardware, valid whatever the search does next.

A hundred shots over sixteen keys measure nearly every index, also when they are random numbers, and the check of each
index does the rest. So that keys were found is no evidence of Grover search. This is: index j was measured and found to
be marked; how often do *later* shots of circuits that mark j measure it again?

Let S be the marked indices seen so far in the round, in the order in which shots are read. If the processor returns
uniform random indices, the next shot falls into S with probability p = |S|/n, whatever was measured before. If its
circuits of m iterations run without an error with probability F, it does with probability

    q = F sin^2((2m+1) theta) + (1 - F) p,    sin^2 theta = p.

The product over all shots of q/p (those that fall into S) or (1-q)/(1-p) (those that do not) is a martingale of mean 1
under guessing, as S and q are known before the shot; so is its mean over several F. It exceeds 1/a with probability at
most a, at whatever moment the search stops and however it chose its runs (Ville's inequality): its inverse is a
p-value. All m, rows and rounds are factors of one product, no shot is used twice, and the shot that first finds a key,
without which nothing would be looked at, does not count. F runs over powers of what was forecast: errors `TIMES` as
frequent.

Guessing means uniform. That is checked where nothing is amplified: shots of m = 0 must be uniform over the indices, or
the comparison does not hold. A processor that reads the same word in every shot is dead.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp

from qattn.arrays import Floats, Integers
from qattn.search.protocols import SET_ASIDE

SIGNIFICANT = 1e-3  # p below which a run claims evidence
TIMES = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0)  # errors, beside what was forecast
UNFORECAST = 0.5  # success where error rates are unknown
DRAWS = 9999  # uniform samples that shots of m = 0 are compared with
DEAD = 16  # shots that must read the same word
LEAST = 1e-9  # of a probability, so that no single shot decides


@dataclass(frozen=True, eq=False)
class Sample:
    """What one circuit measured.

    Attributes:
        place: round and row; circuits of one place mark the same indices.
        iterations: m.
        n: number of indices.
        success: forecast probability that nothing erred in a shot that was kept; NaN where unknown.
        words: what was read, shot by shot.
        kept: the indices, `SET_ASIDE` for shots that show an error.
        marked: those among them that the circuit marks.
    """

    place: tuple[int, int]
    iterations: int
    n: int
    success: float
    words: Integers
    kept: Integers
    marked: frozenset[int]


@dataclass(frozen=True)
class Trial:
    """A shot that could fall on a marked index already seen: the chance by guessing and what became of it."""

    m: int
    hit: bool
    guess: float
    ideal: float
    success: float


@dataclass(frozen=True)
class Line:
    """The shots of one number of iterations.

    Attributes:
        m: Grover iterations.
        shots: that ran.
        kept: that show no error.
        counted: that could fall on a marked index already seen.
        hits: that did.
        guess: share that does by guessing.
        forecast: share that was forecast to.
        ideal: share that does without noise.
        p: p-value against guessing; for m = 0 against a uniform distribution.
    """

    m: int
    shots: int
    kept: int
    counted: int
    hits: int
    guess: float
    forecast: float
    ideal: float
    p: float

    @property
    def rate(self) -> float:
        """Share of the counted shots that hit; NaN without any."""
        return self.hits / self.counted if self.counted else math.nan


@dataclass(frozen=True)
class Evidence:
    """What a run says about its processor.

    Attributes:
        lines: one per m, ascending.
        p: p-value of all m >= 1 against guessing.
        uniform: p-value of the shots of m = 0 against a uniform distribution; 1 without any.
        dead: the word that every shot reads, None when they differ.
        shots: that ran.
        weights: how likely it is that errors are `TIMES` as frequent as forecast, and, last, that all is noise.
    """

    lines: tuple[Line, ...]
    p: float
    uniform: float
    dead: int | None
    shots: int
    weights: tuple[float, ...]

    @property
    def sound(self) -> bool:
        """Whether guessing is what it should be: not dead, and uniform without iterations."""
        return self.dead is None and self.uniform >= SIGNIFICANT

    @property
    def better(self) -> bool:
        """Whether the processor did better than guessing."""
        return self.sound and self.p < SIGNIFICANT

    @property
    def verdict(self) -> str:
        """One sentence."""
        if self.dead is not None:
            return f"dead: {self.shots} of {self.shots} shots read {self.dead}"
        if self.uniform < SIGNIFICANT:
            return (
                f"no evidence: without iterations the processor does not measure all indices alike (p = "
                f"{self.uniform:.1e}), so a comparison with guessing does not hold"
            )
        if self.better:
            return f"the processor did better than guessing, p = {self.p:.1e}"
        if not any(line.m and line.counted for line in self.lines):
            return "no evidence: no shot could tell the processor from guessing"
        return f"no evidence that the processor did better than guessing, p = {self.p:.2g}"

    @property
    def words(self) -> str:
        """The verdict, and a line for each m."""
        lines = [self.verdict]
        for line in self.lines:
            what = f"m = {line.m}: {line.kept} of {line.shots} shots kept"
            if line.m == 0:
                lines.append(f"  {what}; uniform over the indices with p = {line.p:.2g}")
            elif line.counted:
                lines.append(
                    f"  {what}; {line.hits} of {line.counted} hit a marked key again: {line.rate:.2f}, by guessing "
                    f"{line.guess:.2f}, forecast {line.forecast:.2f}, ideal {line.ideal:.2f}; p = {line.p:.1e}"
                )
            else:
                lines.append(f"  {what}; none could hit a marked key again")
        return "\n".join(lines)

    def success(self, forecast: float, times: float) -> float:
        """The success of a circuit when errors are so many times as frequent as forecast.

        Args:
            forecast: probability that nothing errs; NaN where it is unknown.
            times: a factor, such as `errors`.

        Returns:
            A probability.
        """
        return _success(forecast, times)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        derived = {"better": self.better, "verdict": self.verdict}
        return {**asdict(self), "lines": [{**asdict(line), "rate": line.rate} for line in self.lines], **derived}


def weigh(samples: Sequence[Sample]) -> Evidence:
    """What all that a run measured says.

    Args:
        samples: in the order in which they were asked for.

    Returns:
        The evidence.

    Cost: O(shots).
    """
    places = dict.fromkeys(sample.place for sample in samples)
    by_place = {place: [sample for sample in samples if sample.place == place] for place in places}
    found = [trial for group in by_place.values() for trial in trials(group)]
    uniform = uniformity([sample for sample in samples if sample.iterations == 0])
    lines = tuple(_line(m, samples, found, uniform) for m in sorted({sample.iterations for sample in samples}))
    read = Counter(word for sample in samples for word in sample.words.tolist())
    shots = read.total()
    [dead] = read if len(read) == 1 and shots >= DEAD else [None]
    weights = np.append(_logs(found), 0.0)
    weights = np.exp(weights - logsumexp(weights))
    return Evidence(lines, p_value(found), uniform, dead, shots, tuple(weights.tolist()))


def trials(group: Iterable[Sample]) -> Iterator[Trial]:
    """The shots of one row in one round that can tell a processor from guessing.

    Args:
        group: its samples; those of few iterations are read first, as they find keys for the others.
    """
    seen: set[int] = set()
    for sample in sorted(group, key=lambda sample: sample.iterations):
        for j in sample.kept.tolist():
            if j == SET_ASIDE:
                continue
            guess = len(seen) / sample.n
            if sample.iterations and 0 < guess < 1:
                ideal = math.sin((2 * sample.iterations + 1) * math.asin(math.sqrt(guess))) ** 2
                if ideal > guess:
                    yield Trial(sample.iterations, j in seen, guess, ideal, sample.success)
            if j in sample.marked:
                seen.add(j)


def p_value(found: Sequence[Trial]) -> float:
    """The p-value of these trials against guessing, by Ville's inequality.

    Args:
        found: in any order.
    """
    if not found:
        return 1.0
    logs = _logs(found)
    return float(min(1.0, math.exp(min(0.0, math.log(logs.size) - float(logsumexp(logs))))))


def uniformity(samples: Sequence[Sample]) -> float:
    """The p-value of shots of m = 0 against a uniform distribution: their chi-square among that of uniform draws.

    Args:
        samples: of circuits without iterations.
    """
    groups: dict[int, list[int]] = {}
    for sample in samples:
        groups.setdefault(sample.n, []).extend(j for j in sample.kept.tolist() if j != SET_ASIDE)
    rng = np.random.default_rng(0)
    total, drawn = 0.0, np.zeros(DRAWS)
    for n, js in groups.items():
        if n > 1 and js:
            expected = len(js) / n
            total += float(((np.bincount(js, minlength=n) - expected) ** 2).sum() / expected)
            drawn += ((rng.multinomial(len(js), np.full(n, 1 / n), size=DRAWS) - expected) ** 2).sum(axis=1) / expected
    return float((1 + (drawn >= total - 1e-9).sum()) / (1 + DRAWS))


def _line(m: int, samples: Sequence[Sample], found: Sequence[Trial], uniform: float) -> Line:
    mine = [sample for sample in samples if sample.iterations == m]
    counted = [trial for trial in found if trial.m == m]
    forecast = [_chance(trial, 1.0) for trial in counted]
    return Line(
        m, sum(sample.words.size for sample in mine), sum(int((sample.kept != SET_ASIDE).sum()) for sample in mine),
        len(counted), sum(trial.hit for trial in counted), _mean([trial.guess for trial in counted]),
        _mean(forecast), _mean([trial.ideal for trial in counted]), p_value(counted) if m else uniform,
    )  # fmt: skip


def _logs(found: Sequence[Trial]) -> Floats:
    """The logarithm of the martingale for each of `TIMES`."""
    logs = np.zeros(len(TIMES))
    for trial in found:
        for i, times in enumerate(TIMES):
            q = min(max(_chance(trial, times), LEAST), 1 - LEAST)
            logs[i] += math.log(q / trial.guess) if trial.hit else math.log((1 - q) / (1 - trial.guess))
    return logs


def _chance(trial: Trial, times: float) -> float:
    """Of a hit, when errors are so many times as frequent as forecast."""
    right = _success(trial.success, times)
    return right * trial.ideal + (1 - right) * trial.guess


def _success(forecast: float, times: float) -> float:
    known = UNFORECAST if math.isnan(forecast) else min(max(forecast, LEAST), 1 - LEAST)
    return float(known**times)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan
