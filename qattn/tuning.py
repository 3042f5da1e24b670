"""k, the far field and its samples from a target output error, from a few rows and a few keys of each.

Some rows are searched for their best keys, as the run itself would. Their order gives S_i for every smaller k at once;
a few drawn keys per row fit each far field, and others estimate the error that it leaves
(`qattn.approximation.error`). The cheapest candidate whose estimate is below the target is put to the test: fresh keys
of each row, and many far fields fitted to fresh samples, since the run will draw its own. Every one of them must be
below the target, the limit of its estimate included; where that is open, more keys are drawn, up to all of the row's.
A candidate that fails pays for it: the next that is tried costs a quarter more, so few are. When none is left k
doubles, up to half the keys. Beyond that the rows are too flat for a sparse method, and the answer is a refusal that
says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from qattn.approximation.draws import Draws, draw, peaks
from qattn.approximation.error import ErrorEstimate, error_of, finite
from qattn.approximation.far_field import fit_to_draws
from qattn.approximation.sparse import sparse_attention
from qattn.arrays import Integers
from qattn.attention import attend
from qattn.problem import AttentionProblem, ProblemError, make_problem
from qattn.result import AttentionResult
from qattn.search.statistics import GroverStatistics

START = 8  # the first k that is searched
SAMPLES = (16, 32, 64)  # a line through fewer points depends too much on which
SIGMAS = 2.326  # each look at a candidate's limit may go wrong with probability 1%
FITS = 24  # of p, the chance that a run misses the target: one that passes and then misses has p (1 - p)^24 <= .015
MANY = 64  # rows; fewer are given as many keys in all
DEARER = 1.25  # what the next candidate costs at least, relative to one that failed


@dataclass(frozen=True)
class Candidate:
    """One way to run, with the error it would leave.

    Attributes:
        k: keys per row.
        far_field: its name.
        samples: keys drawn per row for it.
        cost: about how many queries and evaluations a row costs, 2 sqrt(n k) + k + samples.
        estimate: the relative output error; of the chosen candidate, the one of its tests with the largest limit.
    """

    k: int
    far_field: str
    samples: int
    cost: float
    estimate: ErrorEstimate

    @property
    def limit(self) -> float:
        """What must be below the target: a limit that the error exceeds with probability 1%."""
        return self.estimate.upper(SIGMAS)

    def __str__(self) -> str:
        """The candidate and its error, for people."""
        drawn = f" from {self.samples} samples a row" if self.samples else ""
        error = f"error {self.estimate.relative:.3g}, with its uncertainty {self.limit:.3g}"
        return f'k = {self.k} and far field "{self.far_field}"{drawn} ({error})'


@dataclass(frozen=True)
class Choice:
    """What to run, why, and what finding out cost.

    Attributes:
        target: the relative output error |O^ - O|_F / |O|_F asked for.
        best: the cheapest candidate that meets it, or the most accurate one when none does.
        met: whether `best` meets the target.
        considered: all candidates, in the order tried.
        rows: rows looked at.
        queries: uses of the oracle spent on them.
        evaluations: classical scores spent on them.
        n: number of keys.
    """

    target: float
    best: Candidate
    met: bool
    considered: tuple[Candidate, ...]
    rows: int
    queries: int
    evaluations: int
    n: int

    @property
    def options(self) -> dict[str, Any]:
        """Arguments for `attend`.

        Raises:
            ProblemError: when no candidate meets the target; the message says why.
        """
        if not self.met:
            raise ProblemError(str(self))
        return {"k": self.best.k, "far_field": self.best.far_field, "samples": max(self.best.samples, 1)}

    def __str__(self) -> str:
        """The choice, its reason and what it cost, or why there is none."""
        spent = f"Looked at {self.rows} rows: {self.queries} queries, {self.evaluations} evaluations."
        if not self.met:
            return (
                f"No choice keeps the output error below {self.target:g}. The closest is {self.best}. "
                f"The rows are too flat: even with k = {self.n // 2}, half of the {self.n} keys, too much is left to "
                f"the far field; compute exact attention, or allow a larger error. {spent}"
            )
        rivals = [self._closest(name) for name in ("ones", "constant", "linear") if name != self.best.far_field]
        good = sum(c.limit <= self.target for c in self.considered)
        return (
            f"Chosen for an output error below {self.target:g}: {self.best}. {good} of {len(self.considered)} "
            f"candidates meet the target; this one is the cheapest, about {self.best.cost:.0f} queries and "
            f"evaluations a row. The best with other far fields: {'; '.join(map(str, rivals))}. {spent}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types; of the candidates only the chosen one."""
        facts = {name: value for name, value in asdict(self).items() if name not in ("considered", "best")}
        estimate = self.best.estimate
        best = {**asdict(self.best), "error": finite(estimate.relative), "error_below": finite(self.best.limit)}
        del best["estimate"]
        return {**facts, "candidates": len(self.considered), **best, "words": str(self)}

    def _closest(self, far_field: str) -> Candidate:
        """The cheapest that meets the target with this far field, or else the most accurate."""
        return _best([c for c in self.considered if c.far_field == far_field], self.target)


def choose(
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    target_error: float,
    *,
    scale: float = 1.0,
    causal: bool = False,
    visible: ArrayLike | None = None,
    rows: int = 64,
    probes: int = 16,
    seed: int | None = None,
    **options: Any,
) -> Choice:
    """The cheapest (k, far field, samples) whose relative output error is below the target, uncertainty included.

    What is stated: over the draws of `choose` and those of the run that follows, a run with `choice.options` exceeds
    the target with probability below 5%. Where all rows are looked at and all their keys are drawn in the end, it is
    below 1.5% for each candidate put to the test, whatever the scores and values: a run's error and those of 24 far
    fields fitted before it are exchangeable. Elsewhere it rests on what `ErrorEstimate.upper` assumes, and with more
    rows than are looked at, on their being typical. `benchmarks/adversary_errors.py` measures it on bundled heads and
    Gaussian instances.

    Args:
        Q: (n_q, d) query rows.
        K: (n, d) keys.
        V: (n, d_v) values.
        target_error: bound on |O^ - O|_F / |O|_F, above 0.
        scale: multiplies Q.
        causal: row i sees only the keys up to its own position.
        visible: (n_q,) row i sees the first visible[i] keys, instead of `causal`.
        rows: rows to look at, drawn at random.
        probes: fresh keys per row that estimate the error of each candidate; more where there are fewer than 64 rows.
        seed: same seed, same choice.
        options: of `attend`, for the search of these rows: method, sampler, delta, rank, bits, ... By default they are
            searched with GroverStatistics(), which finds what circuits find and counts what they would cost.

    Returns:
        The choice; its `options` go to `attend`, and raise when no candidate meets the target.

    Raises:
        ProblemError: when target_error is not above 0, or an array or an option does not fit.

    Cost: for each of these rows, a search for its k best keys with k doubling up to the choice, about 64 + probes
    evaluations for the candidates, and 64 or more for each that is put to the test, doubling while its error is close
    to the target, up to all keys of the row.

    Example:
        >>> from qattn import choose
        >>> from qattn.data import load_head
        >>> choice = choose(*load_head(n=16), target_error=0.5, seed=0)
        >>> choice.met, sorted(choice.options)
        (True, ['far_field', 'k', 'samples'])
    """
    if not target_error > 0:
        raise ProblemError(f"target_error = {target_error}; give a relative error above 0, such as 0.1")
    whole = make_problem(Q, K, V, k=1, scale=scale, causal=causal, visible=visible)
    pick, search_seed, draw_seed, test_seed = np.random.SeedSequence(seed).spawn(4)
    chosen = np.sort(np.random.default_rng(pick).permutation(whole.n_q)[:rows])
    options.setdefault("sampler", GroverStatistics())
    probes = max(probes, probes * MANY // chosen.size)
    look = _Look([np.empty(0, np.int64)] * chosen.size, probes, whole.n_q)
    considered: list[Candidate] = []
    best: Candidate | None = None
    queries = evaluations = searched = 0
    for k in _doublings(max(whole.n // 2, 1)):
        pilot = attend(
            whole.Q[chosen], whole.K, whole.V, k=k, visible=whole.visible[chosen],
            seed=int(search_seed.generate_state(1)[0]), **options,
        )  # fmt: skip
        queries += int(pilot.queries.sum())
        evaluations += int(pilot.evaluations.sum())
        for size in (size for size in _sizes(k) if size > searched):
            considered += look.candidates(pilot, size, draw_seed)
        searched, best = k, _chosen(look, pilot, considered, target_error, test_seed, best)
        if best is not None and best.limit <= target_error:
            break
    evaluations += sum(js.size for js in look.touched)
    best = best or min(considered, key=lambda c: c.limit)
    met = best.limit <= target_error
    return Choice(target_error, best, met, tuple(considered), chosen.size, queries, evaluations, whole.n)


def _doublings(last: int) -> list[int]:
    """8, 16, 32, ... and `last`."""
    return [START * 2**i for i in range(last.bit_length()) if START * 2**i < last] + [last]


def _sizes(k: int) -> list[int]:
    """1, 2, 3, 4, 6, 8, 12, 16, ... and k."""
    return sorted({size for i in range(k.bit_length()) for size in (2**i, 3 * 2**i) if size < k} | {k})


@dataclass(frozen=True, eq=False)
class _Look:
    """What is seen of the rows looked at.

    Attributes:
        touched: per row, the keys evaluated so far besides those of the searches.
        probes: keys per row that estimate an error.
        of: rows of the whole instance.
    """

    touched: list[Integers]
    probes: int
    of: int

    def touch(self, columns: Sequence[Integers]) -> None:
        """These keys have been evaluated."""
        for i, js in enumerate(columns):
            self.touched[i] = np.union1d(self.touched[i], js)

    def candidates(self, pilot: AttentionResult, k: int, seed: np.random.SeedSequence) -> list[Candidate]:
        """Every far field beside the k best keys, with an estimate of its error."""
        p = pilot.problem
        near, rest = _ranked(pilot, k)
        allowed = [m for m in SAMPLES if 4 * m <= p.n] or [max(p.n // 4, 1)]
        found = []
        for kind, m in [("ones", 0), *((name, m) for m in allowed for name in ("constant", "linear"))]:
            fitted = draw(p, near, m, seed)
            known = [np.union1d(a, b) for a, b in zip(rest, fitted.columns, strict=True)]
            drawn = draw(p, [np.union1d(a, b) for a, b in zip(near, known, strict=True)], self.probes, seed)
            known_draws = Draws(known, p.scores_of(known), drawn.population)
            estimate = _estimate(p, near, kind, fitted, known_draws, drawn, self.of)
            found.append(Candidate(k, kind, m, 2 * np.sqrt(p.n * k) + k + m, estimate))
            self.touch(fitted.columns)
            self.touch(drawn.columns)
        return found

    def test(self, pilot: AttentionResult, c: Candidate, target: float, seed: np.random.SeedSequence) -> Candidate:
        """The candidate with the estimate from fresh keys that decides: the largest limit, or the first to fail."""
        p, most = pilot.problem, int(pilot.problem.visible.max())
        near, _ = _ranked(pilot, c.k)
        order = np.random.default_rng(seed)
        count = max(4 * c.samples, self.probes)
        while True:
            drawn = draw(p, near, min(count, most), seed)
            self.touch(drawn.columns)
            worst = None
            for _ in range(FITS if c.samples else 1):
                fitted, fresh = _split(drawn, c.samples, order)
                estimate = _estimate(p, near, c.far_field, fitted, fitted, fresh, self.of)
                if worst is None or estimate.upper(SIGMAS) > worst.upper(SIGMAS):
                    worst = estimate
                if estimate.upper(SIGMAS) > target:
                    break
            assert worst is not None
            if worst.upper(SIGMAS) <= target or worst.relative > target or count >= most:
                return replace(c, estimate=worst)
            count *= 2


def _chosen(
    look: _Look,
    pilot: AttentionResult,
    considered: Sequence[Candidate],
    target: float,
    seed: np.random.SeedSequence,
    failed: Candidate | None,
) -> Candidate | None:
    """The cheapest candidate that passes the test, or the last that failed; `failed` did so before."""
    floor = DEARER * failed.cost if failed else 0.0
    while good := [c for c in considered if c.estimate.relative <= target and c.cost >= floor]:
        cheapest = min(good, key=lambda c: (c.cost, c.limit))
        tested = look.test(pilot, cheapest, target, seed.spawn(1)[0])
        if tested.limit <= target:
            return tested
        failed, floor = tested, DEARER * tested.cost
    return failed


def _ranked(pilot: AttentionResult, k: int) -> tuple[list[Integers], list[Integers]]:
    """Per row, the k best keys and the others that the search found, each sorted."""
    scores = pilot.problem.scores_of(pilot.found)
    ranked = [js[np.lexsort((js, -s))] for js, s in zip(pilot.found, scores, strict=True)]
    return [np.sort(js[:k]) for js in ranked], [np.sort(js[k:]) for js in ranked]


def _split(drawn: Draws, samples: int, rng: np.random.Generator) -> tuple[Draws, Draws]:
    """Some of the drawn keys, at random, and the others."""
    orders = [rng.permutation(js.size) for js in drawn.columns]
    parts = [slice(samples), slice(samples, None)]
    first, second = (
        Draws(
            [js[order[part]] for js, order in zip(drawn.columns, orders, strict=True)],
            [s[order[part]] for s, order in zip(drawn.scores, orders, strict=True)],
            drawn.population,
        )
        for part in parts
    )
    return first, replace(second, population=drawn.population - first.spent)


def _estimate(
    p: AttentionProblem, near: Sequence[Integers], kind: str, fitted: Draws, known: Draws, drawn: Draws, of: int
) -> ErrorEstimate:
    """The error of this far field, fitted to these draws, beside the near keys."""
    near_scores = p.scores_of(near)
    far, shift = fit_to_draws(kind, p, near, peaks(near_scores), fitted)
    attention = sparse_attention((p.n_q, p.n), near, near_scores, far, shift, visible=p.visible)
    return error_of(p, attention, attention.output(p.V), near, known, drawn, of=of)


def _best(candidates: Sequence[Candidate], target: float) -> Candidate:
    """The cheapest candidate that meets the target, or else the most accurate."""
    good = [c for c in candidates if c.limit <= target]
    if good:
        return min(good, key=lambda c: (c.cost, c.limit))
    return min(candidates, key=lambda c: c.limit)
