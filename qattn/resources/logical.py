"""What it would take: qubits, Toffolis and time of a query, a row and a whole matrix, on a fault-tolerant machine.

The oracle is the one with the fewest Toffolis, carry-save over whole keys, on the instance `cost_instance(n, d, bits)`.
Up to `PREDICTED` key bits the numbers are the predicted ones, which equal the gates counted in the built circuit;
beyond, the lookup follows its `shape_cost` and the inner product is that of a smaller instance. Five lookups, and any
other that `qattn.lookups` knows:

- "unary": unary iteration (QROM), about n Toffolis, few qubits.
- "select_swap": QROAM, about sqrt(n d bits) Toffolis, and as many more qubits.
- "token_tree": a tree of routers: depth O(log n), O(n) Toffolis and qubits.
- "bucket_brigade": a QRAM as a circuit, O(n) Toffolis and qubits a word bit, whose errors grow as (log n)^2 only.
- "qram": the assumption of the paper. A load costs one Toffoli, an unload another, and the memory's qubits are free.

Every lookup but the last writes about n d bits / 2 CNOTs: data that are not in a QRAM must be in the circuit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Indices
from qattn.lookups.base import Lookup
from qattn.resources.assumed import LOOKUPS, QRAM, Qram, resolve
from qattn.resources.errors import Success
from qattn.resources.physical import Physical, physical
from qattn.resources.query import (
    PREDICTED,
    arithmetic_cost,
    check_size,
    cost_instance,
    counted_cost,
    iteration_cost,
    query_cost,
    reflection_cost,
)
from qattn.resources.stages import Stage, exclusion_cost, iteration_stages, known_cost
from qattn.search.protocols import Job, MarkedSet, SearchOptions
from qattn.search.rounds import find_rows
from qattn.search.statistics import GroverStatistics
from qattn.synthesis.cost import Cost

__all__ = [
    "CPU_RATE",
    "GPU_RATE",
    "LOOKUPS",
    "PREDICTED",
    "QRAM",
    "Estimate",
    "Qram",
    "Spent",
    "arithmetic_cost",
    "blas_rate",
    "cost_instance",
    "counted_cost",
    "estimate",
    "iteration_cost",
    "queries",
    "query_cost",
    "resolve",
    "spent",
]

SAMPLED = 1 << 12  # keys up to which the number of queries is measured; beyond, it grows as sqrt(n)
CPU_RATE = 1e11  # multiply-adds a second of a CPU: float32 on a few cores of a desktop, cores x 8 lanes x 2 x 3 GHz
GPU_RATE = 1e14  # multiply-adds a second of a GPU-class machine


@dataclass(frozen=True)
class Spent:
    """What a row's search spends on average.

    Attributes:
        queries: uses of the oracle.
        excluded: keys that are known already and excluded, on average over these queries.
    """

    queries: float
    excluded: float


def queries(n: int, k: int, delta: float = 1e-2, *, promise: bool = False, trials: int = 40, seed: int = 0) -> float:
    """Mean number of queries of one row: find k keys, not knowing how many there are, and certify that none is left.

    Measured on exact Grover statistics for n <= 4096, and scaled by sqrt(n) beyond.

    Args:
        n: keys.
        k: keys at or above the threshold.
        delta: allowed probability of missing any.
        promise: |S_i| <= k is known, so that a row may stop at k finds (Definition 1.2).
        trials: searches to average over.
        seed: same seed, same mean.

    Returns:
        A mean over `trials` searches.

    Raises:
        ValueError: when k is not in 0..n.
    """
    return spent(n, k, delta, promise=promise, trials=trials, seed=seed).queries


def spent(n: int, k: int, delta: float = 1e-2, *, promise: bool = False, trials: int = 40, seed: int = 0) -> Spent:
    """`queries`, and how many keys an average one of them excludes, which each cost a controlled phase.

    Args:
        n: keys.
        k: keys at or above the threshold.
        delta: allowed probability of missing any.
        promise: |S_i| <= k is known.
        trials: searches to average over.
        seed: same seed, same means.

    Returns:
        Means over `trials` searches.

    Raises:
        ValueError: when k is not in 0..n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"k = {k}; give a number of keys from 0 to n = {n}")
    sampled = min(n, max(SAMPLED, 64 * k))
    measured = _sampled(sampled, k, delta, promise, trials, seed)
    return replace(measured, queries=measured.queries * math.sqrt(n / sampled))


@lru_cache(maxsize=256)
def _sampled(n: int, k: int, delta: float, promise: bool, trials: int, seed: int) -> Spent:
    marked = MarkedSet(n, np.arange(k))  # by symmetry, which ones does not matter
    machine, k_max, total = _Tally(), k if promise else None, 0
    for trial in range(trials):
        [found] = find_rows([marked], machine, SearchOptions(k_max=k_max, delta=delta, seed=seed + trial))
        total += found.queries
    return Spent(total / trials, machine.excluded / max(total, 1))


class _Tally:
    """Exact Grover statistics, which count for every query how many keys it excludes."""

    def __init__(self) -> None:
        self.machine, self.excluded = GroverStatistics(), 0

    def run(self, jobs: Sequence[Job]) -> list[Indices]:
        self.excluded += sum(len(job.excluded) * job.iterations * job.shots for job in jobs)
        return self.machine.run(jobs)


def blas_rate(seconds: float = 0.3) -> float:
    """Multiply-adds a second of this machine's float32 matrix product Q K^T, measured.

    Args:
        seconds: how long to measure.

    Returns:
        The best rate seen.
    """
    rng = np.random.default_rng(0)
    Q, K = (rng.normal(size=(2048, 64)).astype(np.float32) for _ in range(2))
    best, end = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        product: NDArray[np.float32] = Q @ K.T
        best = max(best, product.size * 64 / (time.perf_counter() - start))
    return best


@dataclass(frozen=True)
class Estimate:
    """What attention by search costs under one lookup.

    Attributes:
        lookup: its name.
        query: one use of the oracle.
        iteration: the query and the reflection, as built.
        rounds: iterations of a row.
        excluded: keys that are known already and excluded, on average over them.
        exclusion: one excluded key in one iteration, as built.
        row: all iterations of one row, exclusions included.
        row_by_measurement: the same, the reflections' and exclusions' ANDs undone by measurement.
        matrix: all n rows, one after another.
        counted: the query counted in the built circuit, when asked for.
        machines: physical machines for a row, one per error rate; None where none is good enough.
        success: probabilities that nothing goes wrong, when a logical error rate was given.
        stages: of an average iteration: load, inner product, undo, unload, exclusions, reflection.
    """

    lookup: str
    query: Cost
    iteration: Cost
    rounds: int
    excluded: float
    exclusion: Cost
    row: Cost
    row_by_measurement: Cost
    matrix: Cost
    counted: Cost | None = None
    machines: tuple[Physical | None, ...] = field(default=())
    success: Success | None = None
    stages: tuple[Stage, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types."""
        return asdict(self)


def estimate(
    n: int,
    d: int,
    bits: int = 8,
    k: int = 16,
    delta: float = 1e-2,
    *,
    lookups: Sequence[str | Lookup] = LOOKUPS,
    promise: bool = False,
    error_rates: Sequence[float] = (),
    gate_ns: float = 50,
    counted: bool = False,
    p: float | None = None,
) -> list[Estimate]:
    """What attention by search costs for n keys, under each lookup.

    Args:
        n: keys, and rows of the matrix.
        d: components.
        bits: bits of a key component.
        k: keys a row finds.
        delta: allowed miss probability of a row; also the error budget of its physical run.
        lookups: which of `LOOKUPS`, other names of `qattn.lookups`, or objects.
        promise: a row may stop at k finds, see `queries`.
        error_rates: physical error rates to estimate machines for (extra `estimate`).
        gate_ns: physical gate time.
        counted: also build the circuits and count their gates.
        p: logical error rate, of each qubit after each Toffoli and CNOT.

    Returns:
        One estimate per lookup, in the order given.
    """
    if p is not None and not 0 <= p <= 1:
        raise ValueError(f"p = {p}; give a probability from 0 to 1")
    check_size(n, d, bits)
    search = spent(n, k, delta, promise=promise)
    rounds = math.ceil(search.queries)
    bills = []
    for lookup in map(resolve, lookups):
        query = query_cost(n, d, bits, lookup)
        row, lean = (_row(n, query, rounds, search.excluded, by_measurement=way) for way in (False, True))
        machines = tuple(physical(row, rate, gate_ns=gate_ns, budget=delta) for rate in error_rates)
        real = counted_cost(n, d, bits, lookup) if counted and lookup != QRAM else None
        success = None if p is None else Success.of(n, d, bits, lookup, rounds, p)
        stages = iteration_stages(n, d, bits, lookup, excluded=search.excluded)
        bills.append(Estimate(
            lookup.name, query, iteration_cost(n, query), rounds, search.excluded, exclusion_cost(n), row, lean,
            row.times(n), real, machines, success, stages,
        ))  # fmt: skip
    return bills


def _row(n: int, query: Cost, rounds: int, excluded: float, *, by_measurement: bool) -> Cost:
    """All iterations of a row: query, reflection, and the keys that are known already."""
    step = query + reflection_cost(n, by_measurement=by_measurement)
    return step.times(rounds) + known_cost(n, excluded, rounds, by_measurement=by_measurement)
