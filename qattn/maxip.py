"""Maximum inner product by binary search over a threshold oracle: the reduction of Lemma 8.3 (Definition 8.1).

The lemma runs it backwards: if all entries of QK^T above a threshold could be found in n^(2 - eps) time, log n such
calls would solve Max-IP, which SETH forbids from d = 2^O(log* n) on (Theorem 8.2). Read forwards it is a way to the
best pair: every round asks whether any pair scores at least tau, and stops at the first that does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qattn.arrays import Floats, Indices, real_array
from qattn.classical import exact
from qattn.classical.halfspace import HalfSpaceReporter
from qattn.scores import scores_at

if TYPE_CHECKING:
    from qattn.search.protocols import Machine

METHODS = ("halfspace", "grover", "exact")
ROWS = 64  # rows asked at first, then twice as many each time; a round ends with the first that have a pair
FINE = 2.0**-24  # real scores: relative width of the interval in which the last round reports every pair


@dataclass(frozen=True, eq=False)
class Reply:
    """What a threshold oracle found: pairs (rows[i], columns[i]) at or above it, none if there are none.

    `miss_bound` is the chance, at most, that its searches miss a pair; those that found one had theirs as well.
    """

    rows: Indices
    columns: Indices
    queries: int = 0
    miss_bound: float = 0.0


NONE = np.empty(0, np.int64)
Ask = Callable[[float, bool], Reply]  # (threshold, whether every pair is wanted rather than any)


@dataclass(frozen=True)
class MaxInnerProduct:
    """The best pair and what it took.

    Attributes:
        value: max <a, b>, the `qattn.scores` score of the pair.
        pair: (i, j), rows of A and B.
        rounds: thresholds asked.
        queries: uses of the phase oracle ("grover"); 0 for classical methods.
        miss_bound: whatever the vectors, a call that runs these searches misses the best pair with at most this
            probability: the sum over all searches, at most delta; 0 for classical methods.
    """

    value: float
    pair: tuple[int, int]
    rounds: int
    queries: int = 0
    miss_bound: float = 0.0


def max_inner_product(
    A: ArrayLike, B: ArrayLike, method: str = "halfspace", *, delta: float = 1e-2, seed: int | None = None,
    machine: Machine | None = None,
) -> MaxInnerProduct:  # fmt: skip
    """The largest <a, b> over rows a of A and b of B, exactly, and a pair that reaches it.

    Args:
        A: (n_a, d) finite vectors.
        B: (n_b, d) finite vectors.
        method: who answers "is any <a, b> >= tau?": a half-space reporter on B, Grover search over all pairs, or all
            scores.
        delta: allowed probability that Grover search misses a better pair.
        seed: seeds Grover search.
        machine: runs the searches; by default `GroverStatistics()`, exact statistics without a circuit.

    Returns:
        The maximum. Integer vectors take at most log2(reach + 1) + 1 rounds, reach = max |a| max |b|; on {0, 1}^d
        that is at most log2(d) + 2. Real ones take at most 26.

    Raises:
        ValueError: for shapes that do not match, numbers that are not finite, or an unknown method.

    Cost: rounds times n_a half-space queries, or O(sqrt(n_a n_b)) Grover queries, or O(n_a n_b d).

    Example:
        >>> from qattn import max_inner_product
        >>> best = max_inner_product([[1, 2], [3, 0]], [[1, 1], [2, -1], [0, 2]])
        >>> best.value, best.pair
        (6.0, (1, 1))
    """
    A, B = real_array("A", A), real_array("B", B)
    if A.ndim != 2 or B.ndim != 2 or A.shape[1] != B.shape[1] or 0 in (*A.shape, *B.shape):
        raise ValueError(f"A has shape {A.shape} and B {B.shape}; they must be (n_a, d) and (n_b, d), not empty")
    if method not in METHODS:
        raise ValueError(f"method = {method!r}; choose one of {', '.join(METHODS)}")
    if not 0 < delta < 1:
        raise ValueError(f"delta = {delta}; give a probability between 0 and 1, such as 0.01")
    if machine is not None:
        from qattn.machines.sampler import as_machine  # loads the simulators, which statistics do not need

        machine = as_machine(machine)
    reach = _norm(A) * _norm(B)
    if not reach < 2.0**1000:
        raise ValueError("the inner products overflow float64; scale A or B down")
    whole = bool(np.all(np.rint(A) == A) and np.all(np.rint(B) == B)) and reach < 2.0**50
    top = math.nextafter(reach * (1 + 1e-9), math.inf)  # no pair scores this much (Cauchy and Schwarz, rounding)
    top = math.floor(top) + 1.0 if whole else top
    fine = 1.0 if whole else FINE * (1 + 1e-6) * max(top, 2.0**-1000)  # 25 halvings of [-top, top), rounding included
    if method == "grover":
        share = delta / (math.log2(2 * top / fine + 2) + 2)
        ask = _ask_grover(PairOracle(A, B, 0.0), share, np.random.default_rng(seed), machine)
    elif method == "halfspace":
        ask = _ask_rows(A, HalfSpaceReporter(B).query)
    else:
        ask = _ask_rows(A, lambda rows, tau: exact.above(rows, B, tau))
    return _bisect(A, B, ask, top, fine, whole)


def _bisect(A: Floats, B: Floats, ask: Ask, high: float, fine: float, whole: bool) -> MaxInnerProduct:
    """Halve [low, high): a pair is known to score low, none scores high."""
    first = np.zeros(1, dtype=np.int64)
    best = _best_of(A, B, Reply(first, first), MaxInnerProduct(-math.inf, (0, 0), rounds=-1))
    while high - best.value > fine:
        tau = (best.value + high) / 2
        tau = float(math.floor(tau)) if whole else tau
        reply = ask(tau, False)
        if not reply.rows.size:
            high = tau
        best = _best_of(A, B, reply, best)
    return best if whole else _best_of(A, B, ask(math.nextafter(best.value, math.inf), True), best)


def _best_of(A: Floats, B: Floats, reply: Reply, best: MaxInnerProduct) -> MaxInnerProduct:
    """The better of the best pair so far and the best of a reply, with the reply's cost added."""
    missed, queries = best.miss_bound + reply.miss_bound, best.queries + reply.queries
    best = replace(best, rounds=best.rounds + 1, queries=queries, miss_bound=missed)
    if not reply.rows.size:
        return best
    scores = scores_at(A, reply.rows, B, reply.columns)
    at = int(np.argmax(scores))
    pair = (int(reply.rows[at]), int(reply.columns[at]))
    return replace(best, value=float(scores[at]), pair=pair) if scores[at] > best.value else best


def _ask_rows(A: Floats, report: Callable[[Floats, float], list[Indices]]) -> Ask:
    """A threshold oracle from one that reports the columns of a block of rows."""

    def ask(tau: float, every: bool) -> Reply:
        start, size = 0, ROWS
        rows: list[Indices] = []
        columns: list[Indices] = []
        while start < len(A) and (every or not any(map(len, columns))):
            found = report(A[start : start + size], tau)
            rows.append(np.repeat(np.arange(start, start + len(found)), [len(js) for js in found]))
            columns.append(np.concatenate(found))
            start, size = start + size, 2 * size
        return Reply(np.concatenate(rows), np.concatenate(columns))

    return ask


@dataclass(frozen=True, eq=False)
class PairOracle:
    """The search space of Max-IP: index i n_b + j is the pair (A_i, B_j); a `qattn.oracles.base.Searchable`."""

    A: Floats
    B: Floats
    tau: float

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.A) * len(self.B)

    @property
    def exact(self) -> bool:
        """True: exactly the pairs at or above tau are marked."""
        return True

    @cached_property
    def marked_set(self) -> Indices:
        """Sorted pairs at or above tau; what the oracle's circuit would mark."""
        found = exact.above(self.A, self.B, self.tau)
        return np.concatenate([i * len(self.B) + js for i, js in enumerate(found)])

    def marks(self, js: ArrayLike) -> NDArray[np.bool_]:
        """Whether each pair reaches tau."""
        return self.score(js) >= self.tau

    def score(self, js: ArrayLike) -> Floats:
        """The inner products of these pairs; O(d) each."""
        rows, columns = np.divmod(np.asarray(js, dtype=np.int64), len(self.B))
        return scores_at(self.A, rows.ravel(), self.B, columns.ravel()).reshape(np.shape(js))

    def at(self, tau: float) -> PairOracle:
        """The same pairs with another threshold."""
        return PairOracle(self.A, self.B, tau)


def _ask_grover(oracle: PairOracle, delta: float, rng: np.random.Generator, machine: Machine | None) -> Ask:
    """A threshold oracle from Grover search over all pairs: O(sqrt(n_a n_b)) queries."""
    from qattn.search.statistics import GroverStatistics

    device = GroverStatistics() if machine is None else machine

    def ask(tau: float, every: bool) -> Reply:
        if not every:
            return find_any(oracle.at(tau), device, delta, rng)
        replies = [find_any(oracle.at(tau), device, delta / 2, rng)]
        while replies[-1].rows.size:  # rather than see every pair, raise the threshold past the last one
            last, number = replies[-1], len(replies) + 1
            score = float(oracle.score(last.rows * len(oracle.B) + last.columns)[0])
            above = oracle.at(math.nextafter(score, math.inf))
            replies.append(find_any(above, device, delta / (number * (number + 1)), rng))  # 1/2 + 1/6 + 1/12 + .. = 1
        queries, missed = sum(reply.queries for reply in replies), sum(reply.miss_bound for reply in replies)
        return replace(replies[max(len(replies) - 2, 0)], queries=queries, miss_bound=missed)

    return ask


def find_any(oracle: PairOracle, machine: Machine, delta: float, rng: np.random.Generator) -> Reply:
    """Some marked pair, or none; where there are some it misses all with a probability of at most its `miss_bound`.

    A run of m iterations, m uniform below M, misses all of t < n marked indices with probability at most 3/4 once
    M >= 1 / sin(2 theta_1) >= 1 / sin(2 theta_t). M grows by 6/5 up to there; then log(delta) / log(3/4) runs have to
    miss.

    Args:
        oracle: the pairs and their threshold.
        machine: samples the jobs.
        delta: allowed probability of missing all of them.
        rng: draws the iterations and the seeds of the jobs.

    Returns:
        Its row and column, empty when none was found; the queries spent.

    Source: Boyer, Brassard, Hoyer, Tapp, quant-ph/9605034, Lemma 2 and Theorem 3.
    """
    from qattn.search.protocols import Job

    n, queries = oracle.n, 0
    largest = n / (2 * math.sqrt(max(n - 1, 1)))  # sin(theta_1) = n^(-1/2)
    growth = [1.2**i for i in range(math.ceil(math.log(largest, 1.2)))]
    runs = math.ceil(math.log(delta, 0.75))
    for reach in [*growth, *[largest] * runs]:
        m = int(rng.integers(math.ceil(reach)))
        (index,) = machine.run([Job(oracle, m, seed=int(rng.integers(2**31)))])[0]
        queries += m
        if oracle.marks(index):
            return Reply(*np.divmod(np.array([index]), len(oracle.B)), queries, 0.75**runs)
    return Reply(NONE, NONE, queries, 0.75**runs)


def _norm(X: Floats) -> float:
    """The largest 2-norm of a row, without overflow on the way."""
    scale = float(np.abs(X).max())
    return scale * math.sqrt(float(np.max(np.sum((X / scale) ** 2, axis=1)))) if scale else 0.0
