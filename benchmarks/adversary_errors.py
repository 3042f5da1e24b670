"""Attacks on the errors that are stated: does `estimate_error` cover, does `choose` keep its target?

    python benchmarks/adversary_errors.py [--json] [--quick] [--rows 2 64]

Coverage: over bundled heads and Gaussian instances, 2 to 512 query rows and every far field, how often the true error
exceeds the limit that is stated to hold with 95% confidence. Choice: how often the error of a run with what `choose`
returned exceeds the target, the targets being drawn around what can be reached, and how often it refuses although a
candidate's true error is below half the target. Sets are exact (`method="exact"`): the search is not under attack.
A line fails when its count has probability below .001 at the stated rate.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.stats import binom

from qattn import attend
from qattn.approximation.error import estimate_error, relative_error
from qattn.data import heads, load_head
from qattn.result import exact_attention
from qattn.tuning import choose

Floats = NDArray[np.float64]
FIELDS = ("ones", "constant", "linear")
ROWS = (2, 4, 8, 64, 512)
RATE = 0.05
UNLIKELY = 1e-3
TIGHT = 2.5  # the median of limit over true error, where one is asked for
DRAWS = 10  # estimates of one run


@dataclass(frozen=True)
class Family:
    """Where instances come from: bundled heads, or Gaussian keys of which a part of V is a linear function.

    Attributes:
        name: shown.
        n: keys.
        deviation: of a row's scores; None for bundled heads.
        linear: the share of V that K explains.
    """

    name: str
    n: int
    deviation: float | None = None
    linear: float = 0.0

    def instance(self, rows: int, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
        """(Q, K, V) with that many query rows."""
        if self.deviation is None:
            Q, K, V = load_head(str(rng.choice(heads(64)[1:])), 64)  # L0H2 attends to single keys: no error at all
            return Q[rng.permutation(64)[:rows] if rows <= 64 else rng.integers(64, size=rows)], K, V
        K, noise = rng.normal(size=(2, self.n, 32))
        Q = rng.normal(size=(rows, 32)) * self.deviation / 32**0.5
        mixed = K @ rng.normal(size=(32, 32)) / 32**0.5
        return Q, K, self.linear * mixed + (1 - self.linear**2) ** 0.5 * noise


FAMILIES = (
    Family("heads", 64),
    Family("Gaussian n=64 sd=1", 64, 1.0),
    Family("Gaussian n=512 sd=.5", 512, 0.5),
    Family("Gaussian n=512 sd=1", 512, 1.0),
    Family("Gaussian n=512 sd=1, V from K", 512, 1.0, 0.7),
    Family("Gaussian n=512 sd=2", 512, 2.0),
)
CHOICES = (FAMILIES[0], FAMILIES[1], FAMILIES[4])


@dataclass(frozen=True)
class Line:
    """One attack: what was stated, how often it was tried, how often it failed.

    Attributes:
        name: the attack.
        trials: how often it was tried.
        failures: how often the statement was false.
        bound: the stated rate.
        passed: whether so many failures are plausible at that rate, and `median` is small enough where that is asked.
        median: of limit over true error; None where there is none.
        bias: mean of the estimate of |O^ - O|_F^2 over the true one; None where there is none.
    """

    name: str
    trials: int
    failures: int
    bound: float
    passed: bool
    median: float | None = None
    bias: float | None = None

    def to_dict(self) -> dict[str, object]:
        """Plain numbers for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        tight = "" if self.median is None else f", median limit / error {self.median:.2f}"
        return f"{'ok    ' if self.passed else 'FAILED'} {self.name}: {self.failures} of {self.trials}{tight}"


def plausible(failures: int, trials: int) -> bool:
    """Whether at least so many failures have probability above .001 at the rate 5%."""
    return bool(binom.sf(failures - 1, trials, RATE) > UNLIKELY)


def coverage(family: Family, rows: int, field: str, trials: int) -> tuple[Line]:
    """One line: how often the true error exceeds the limit stated with 95% confidence."""
    ratios, squares = [], []
    for trial in range(-(-trials // DRAWS)):
        rng = np.random.default_rng([trial, rows, family.n, FIELDS.index(field)])
        arrays = family.instance(rows, rng)
        k = int(rng.choice([2, 8, family.n // 8]))
        run = attend(*arrays, k=k, method="exact", far_field=field, seed=trial)
        truth, exact = relative_error(run), exact_attention(run.problem)
        wrong = float((np.linalg.norm(run.output - exact) / np.linalg.norm(run.output)) ** 2)
        for seed in range(DRAWS):
            estimate = estimate_error(run, seed=1000 * trial + seed)
            ratios.append(estimate.upper() / truth)
            squares.append(estimate.wrong / wrong)
    failures, median = sum(ratio < 1 for ratio in ratios), float(np.median(ratios))
    asked = rows >= 64 and family.deviation is not None and family.deviation <= 1
    passed = plausible(failures, len(ratios)) and not (asked and median > TIGHT)
    name = f'estimate_error, {family.name}, {rows} rows, "{field}"'
    return (Line(name, len(ratios), failures, RATE, passed, median, float(np.mean(squares))),)


def choices(family: Family, rows: int, trials: int) -> tuple[Line, Line]:
    """How often a run with the chosen options misses the target, and how often `choose` refuses without need."""
    misses = refusals = feasible = 0
    for trial in range(trials):
        rng = np.random.default_rng([trial, rows, family.n, 7])
        arrays = family.instance(rows, rng)

        def error(seed: int = trial, arrays: tuple[Floats, Floats, Floats] = arrays, **options: Any) -> float:
            return relative_error(attend(*arrays, method="exact", seed=seed, **options))

        k = int(rng.choice([2, 4, 8, family.n // 8]))
        target = rng.uniform(0.8, 1.6) * error(k=k, far_field=str(rng.choice(FIELDS)), seed=trial + 1)
        choice = choose(*arrays, target, method="exact", seed=trial)
        misses += choice.met and error(**choice.options) > target
        best = {"k": family.n // 2, "far_field": "linear", "samples": min(64, family.n // 4)}
        possible = error(**best) < target / 2 or (
            not choice.met
            and any(
                error(k=c.k, far_field=c.far_field, samples=max(c.samples, 1)) < target / 2 for c in choice.considered
            )
        )
        feasible += possible
        refusals += possible and not choice.met
    name = f"choose, {family.name}, {rows} rows"
    return (
        Line(f"{name}: target missed", trials, int(misses), RATE, plausible(int(misses), trials)),
        Line(f"{name}: refused without need", feasible, int(refusals), RATE, plausible(int(refusals), feasible)),
    )


def lines(quick: bool = False, rows: Sequence[int] = ROWS, workers: int | None = None) -> list[Line]:
    """Every attack, in processes of their own; about a quarter of an hour on two cores, half a minute when quick."""
    trials = 40 if quick else 400
    rows = [r for r in rows if r in (2, 64)] if quick else rows
    families = FAMILIES[:2] if quick else FAMILIES
    chosen = [(f, r) for r in rows for f in CHOICES if (f.n <= 64 or r <= 8) and not (quick and f is not CHOICES[0])]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        pending = [pool.submit(coverage, f, r, field, trials) for r in rows for f in families for field in FIELDS]
        pairs = [pool.submit(choices, f, r, trials // 4 if quick else trials) for f, r in chosen]
        console, results = Console(stderr=True), []
        for future in [*pending, *pairs]:
            for line in future.result():
                results.append(line)
                console.print(f"{line.name}: {line.failures} of {line.trials}", highlight=False, soft_wrap=True)
        return results


def main() -> None:
    """Run the attacks and print them; exit code 1 when a statement is false."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--quick", action="store_true", help="few trials")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, choices=ROWS, help="only these numbers of rows")
    arguments = parser.parse_args()
    results = lines(arguments.quick, arguments.rows)
    if arguments.json:
        print(json.dumps([asdict(line) for line in results]))
    else:
        table = Table("attack", "trials", "failures", "stated", "median limit/true", "mean |Ô-O|² est./true", "")
        for line in results:
            numbers = ["" if x is None else f"{x:.2f}" for x in (line.median, line.bias)]
            verdict = "ok" if line.passed else "FALSE"
            table.add_row(line.name, str(line.trials), str(line.failures), f"{line.bound:.0%}", *numbers, verdict)
        Console().print(table)
    sys.exit(not all(line.passed for line in results))


if __name__ == "__main__":
    main()
