"""k, the far field and its samples from a target output error, from a few rows and a few keys of each.

Some rows are searched for their best keys, as the run itself would. Their order gives S_i for every smaller k at once;
a few drawn keys per row fit each far field, and fresh ones estimate the error that it leaves
(`qattn.approximation.error`). The cheapest candidate whose error is below the target, uncertainty included, is chosen;
if none is, k doubles, up to half the keys. Beyond that the rows are too flat for a sparse method, and the answer is a
refusal that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qattn.approximation.error import ErrorEstimate, error_of
from qattn.approximation.far_field import Draws, draw, make_far_field
from qattn.approximation.sparse import sparse_attention
from qattn.attention import attend
from qattn.problem import ProblemError, make_problem
from qattn.result import AttentionResult
from qattn.search.statistics import GroverStatistics

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

START = 8  # the first k that is searched
SAMPLES = (16, 32, 64)  # a line through fewer points depends too much on which
SIGMAS = 2.5  # standard errors that must fit below the target; the best of many looks better than it is


@dataclass(frozen=True)
class Candidate:
    """One way to run, with the error it would leave.

    Attributes:
        k: keys per row.
        far_field: its name.
        samples: keys drawn per row for it.
        cost: about how many queries and evaluations a row costs, 2 sqrt(n k) + k + samples.
        estimate: the relative output error.
    """

    k: int
    far_field: str
    samples: int
    cost: float
    estimate: ErrorEstimate

    @property
    def limit(self) -> float:
        """What must be below the target."""
        return self.estimate.upper(SIGMAS)

    @property
    def words(self) -> str:
        """The candidate in words."""
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
            raise ProblemError(self.words)
        return {"k": self.best.k, "far_field": self.best.far_field, "samples": max(self.best.samples, 1)}

    @property
    def words(self) -> str:
        """The choice, its reason and what it cost, or why there is none."""
        spent = f"Looked at {self.rows} rows: {self.queries} queries, {self.evaluations} evaluations."
        if not self.met:
            return (
                f"No choice keeps the output error below {self.target:g}. The closest is {self.best.words}. "
                f"The rows are too flat: even with k = {self.n // 2}, half of the {self.n} keys, too much is left to "
                f"the far field; compute exact attention, or allow a larger error. {spent}"
            )
        rivals = [self._closest(name) for name in ("ones", "constant", "linear") if name != self.best.far_field]
        good = sum(c.limit <= self.target for c in self.considered)
        return (
            f"Chosen for an output error below {self.target:g}: {self.best.words}. {good} of {len(self.considered)} "
            f"candidates meet the target; this one is the cheapest, about {self.best.cost:.0f} queries and "
            f"evaluations a row. The best with other far fields: {'; '.join(c.words for c in rivals)}. {spent}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types; of the candidates only the chosen one."""
        facts = {name: value for name, value in asdict(self).items() if name not in ("considered", "best")}
        estimate = self.best.estimate
        best = {**asdict(self.best), "error": estimate.relative, "error_below": self.best.limit}
        del best["estimate"]
        return {**facts, "candidates": len(self.considered), **best, "words": self.words}

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

    Args:
        Q: (n_q, d) query rows.
        K: (n, d) keys.
        V: (n, d_v) values.
        target_error: bound on |O^ - O|_F / |O|_F, above 0.
        scale: multiplies Q.
        causal: row i sees only the keys up to its own position.
        visible: (n_q,) row i sees the first visible[i] keys, instead of `causal`.
        rows: rows to look at, drawn at random.
        probes: fresh keys per row that estimate the error.
        seed: same seed, same choice.
        options: of `attend`, for the search of these rows: method, sampler, delta, rank, bits, ... By default they are
            searched with GroverStatistics(), which finds what circuits find and counts what they would cost.

    Cost: for each of these rows, a search for its k best keys with k doubling up to the choice, and about 32 + probes
    evaluations; no pass over all keys of a row that the search itself does not make.
    """
    if not target_error > 0:
        raise ProblemError(f"target_error = {target_error}; give a relative error above 0, such as 0.1")
    whole = make_problem(Q, K, V, k=1, scale=scale, causal=causal, visible=visible)
    pick, search_seed, draw_seed = np.random.SeedSequence(seed).spawn(3)
    chosen = np.sort(np.random.default_rng(pick).permutation(whole.n_q)[:rows])
    options.setdefault("sampler", GroverStatistics())
    considered: list[Candidate] = []
    queries = evaluations = searched = 0
    touched = [np.empty(0, np.int64)] * chosen.size
    for k in _doublings(max(whole.n // 2, 1)):
        pilot = attend(
            whole.Q[chosen], whole.K, whole.V, k=k, visible=whole.visible[chosen],
            seed=int(search_seed.generate_state(1)[0]), **options,
        )  # fmt: skip
        queries += int(pilot.queries.sum())
        evaluations += int(pilot.evaluations.sum())
        for size in (size for size in _sizes(k) if size > searched):
            candidates, touched = _candidates(pilot, size, probes, draw_seed, touched)
            considered += candidates
        searched, best = k, _best(considered, target_error)
        if best.limit <= target_error:
            break
    evaluations += sum(js.size for js in touched)
    met = best.limit <= target_error
    return Choice(target_error, best, met, tuple(considered), chosen.size, queries, evaluations, whole.n)


def _doublings(last: int) -> list[int]:
    """8, 16, 32, ... and `last`."""
    return [START * 2**i for i in range(last.bit_length()) if START * 2**i < last] + [last]


def _sizes(k: int) -> list[int]:
    """1, 2, 3, 4, 6, 8, 12, 16, ... and k."""
    return sorted({size for i in range(k.bit_length()) for size in (2**i, 3 * 2**i) if size < k} | {k})


def _candidates(
    pilot: AttentionResult, k: int, probes: int, seed: np.random.SeedSequence, touched: list[Integers]
) -> tuple[list[Candidate], list[Integers]]:
    """Every far field beside the k best keys, its error, and the keys evaluated so far with those drawn for it."""
    p = pilot.problem
    ranked = [js[np.lexsort((js, -s))] for js, s in zip(pilot.found, p.scores_of(pilot.found), strict=True)]
    near, rest = [np.sort(js[:k]) for js in ranked], [js[k:] for js in ranked]
    allowed = [m for m in SAMPLES if 4 * m <= p.n] or [max(p.n // 4, 1)]
    found = []
    for kind, m in [("ones", 0), *((name, m) for m in allowed for name in ("constant", "linear"))]:
        near_scores = p.scores_of(near)
        far, shift, fitted = make_far_field(kind, p, near, near_scores, m, seed)
        attention = sparse_attention((p.n_q, p.n), near, near_scores, far, shift)
        known = [np.union1d(a, b) for a, b in zip(rest, fitted.columns, strict=True)]
        drawn = draw(p, [np.union1d(a, b) for a, b in zip(near, known, strict=True)], probes, seed)
        known_draws = Draws(known, p.scores_of(known), drawn.population)
        estimate = error_of(p, attention, attention.output(p.V), near, known_draws, drawn)
        found.append(Candidate(k, kind, m, 2 * np.sqrt(p.n * k) + k + m, estimate))
        touched = [
            np.unique(np.concatenate(lists)) for lists in zip(touched, fitted.columns, drawn.columns, strict=True)
        ]
    return found, touched


def _best(candidates: Sequence[Candidate], target: float) -> Candidate:
    """The cheapest candidate that meets the target, or else the most accurate."""
    good = [c for c in candidates if c.limit <= target]
    if good:
        return min(good, key=lambda c: (c.cost, c.limit))
    return min(candidates, key=lambda c: c.limit)
