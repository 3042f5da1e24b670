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
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit

from qattn import lookups as known
from qattn.arithmetic.base import Comparison
from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import compress_cost
from qattn.arrays import Bits, Integers
from qattn.lookups.base import MATTERS, Lookup
from qattn.oracles.design import Form
from qattn.oracles.threshold import ThresholdOracle
from qattn.resources.physical import Physical, physical
from qattn.search.grover import diffusion
from qattn.search.protocols import MarkedSet, SearchOptions
from qattn.search.rounds import find_rows
from qattn.search.statistics import GroverStatistics
from qattn.synthesis.cost import Cost, count
from qattn.synthesis.registers import index_bits

LOOKUPS = ("unary", "select_swap", "token_tree", "bucket_brigade", "qram")
PREDICTED = 1 << 21  # key bits, n d bits, up to which the lookup's cost is taken from the data
REFERENCE = 256  # keys of the instance whose inner product stands for all larger ones
WIDEST = 128  # components up to which the inner product is counted
SAMPLED = 1 << 12  # keys up to which the number of queries is measured; beyond, it grows as sqrt(n)
GPU_RATE = 1e14  # multiply-adds a second of a GPU-class machine


@dataclass(frozen=True)
class Qram(Lookup):
    """The assumption of the paper: a memory of free qubits that loads a word for one Toffoli; no circuit."""

    name = "qram"

    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """Refuse: a QRAM that loads a word for one Toffoli has no circuit.

        Args:
            words: not looked at.
            width: not looked at.

        Returns:
            Nothing.

        Raises:
            ValueError: always.
        """
        raise ValueError(
            "lookup = 'qram' is an assumption, no circuit; choose unary, select_swap, token_tree or bucket_brigade"
        )

    def load_cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """One Toffoli each way, whatever the words are.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: makes no difference.

        Returns:
            (there, back).
        """
        once = Cost(index_bits(len(data)) + data.shape[1], toffoli=1, t=4, toffoli_depth=1)
        return once, once

    def shape_cost(self, n: int, bits: int) -> Cost:
        """One Toffoli to load, one to unload.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            Cost of both; the memory itself has no qubits here.
        """
        return Cost(index_bits(n) + bits, toffoli=2, t=8, toffoli_depth=2)


QRAM = Qram()


def resolve(lookup: str | Lookup) -> Lookup:
    """A lookup by name, "qram" included.

    Raises:
        ValueError: when the name is unknown.
    """
    if lookup == QRAM.name:
        return QRAM
    if isinstance(lookup, str) and lookup not in known.names():
        raise ValueError(f"lookup = {lookup!r}; choose one of {', '.join(known.names())} or {QRAM.name}")
    return known.get(lookup)


def cost_instance(n: int, d: int, bits: int, seed: int = 7) -> tuple[list[int], list[list[int]], int]:
    """(q, K, tau): uniform `bits`-bit signed integers, tau such that about sqrt(n)/4 keys reach it.

    Args:
        n: keys.
        d: components.
        bits: of a component, signed.
        seed: of the instance.

    Returns:
        Plain Python integers.
    """
    rng = random.Random(f"{seed}-{n}-{d}-{bits}")
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    q = [rng.randint(low, high) for _ in range(d)]
    K = [[rng.randint(low, high) for _ in range(d)] for _ in range(n)]
    scores = sorted((sum(a * x for a, x in zip(q, row, strict=True)) for row in K), reverse=True)
    return q, K, scores[max(1, round(n**0.5 / 4)) - 1]


@lru_cache(maxsize=8)
def _comparison(n: int, d: int, bits: int) -> Comparison:
    q, K, tau = cost_instance(n, d, bits)
    return ThresholdOracle.from_row(q, K, tau, bits=bits).comparison


@lru_cache(maxsize=1024)
def query_cost(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap", *, predicted: bool = True) -> Cost:
    """One query: load, inner product, Z, undo, by the measured rendering.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.
        predicted: take the lookup from the data where there are few enough; False prices it by shape for every n.

    Returns:
        Cost of one query.

    Raises:
        ValueError: when n < 2, d < 1 or bits < 2.
    """
    _check(n, d, bits)
    chosen = resolve(lookup)
    if predicted and chosen != QRAM and n * d * bits <= PREDICTED:
        return Form.of(chosen, "carry_save").cost(_comparison(n, d, bits))
    arithmetic, loaded = arithmetic_cost(n, d, bits)
    load = chosen.shape_cost(n, loaded)
    return replace(load + arithmetic, qubits=load.qubits + arithmetic.qubits - loaded)


def counted_cost(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap") -> Cost:
    """`query_cost`, counted gate by gate in the built circuit: about 8 us a CNOT.

    Args:
        n: keys.
        d: components.
        bits: of a component.
        lookup: a circuit lookup, not "qram".

    Returns:
        Cost of one query.
    """
    _check(n, d, bits)
    q, K, tau = cost_instance(n, d, bits)
    oracle = ThresholdOracle.from_row(
        q, K, tau, bits=bits, lookup=resolve(lookup), arithmetic="carry_save", key_layout="parallel"
    )
    return count(oracle.measured_circuit)


def arithmetic_cost(n: int, d: int, bits: int) -> tuple[Cost, int]:
    """The inner product, Z and undo alone, counted, and how many key bits it reads.

    For n > 256 as for 256 keys: the row decides this cost, the keys only move the threshold and with it an AND or two.
    For d > 128 in proportion to d, which is a few percent too much: longer rows share more sums.

    Args:
        n: keys.
        d: components.
        bits: of a component.

    Returns:
        The cost, the loaded key bits among its qubits, and the number of those bits.
    """
    cost, loaded = _arithmetic(min(n, REFERENCE), min(d, WIDEST), bits)
    if d <= WIDEST:
        return cost, loaded
    scaled = {name: value * d // WIDEST for name, value in cost.to_dict().items()}
    depth = cost.toffoli_depth + 4 * math.ceil(math.log2(d / WIDEST))
    return Cost(**{**scaled, "toffoli_depth": depth}), loaded * d // WIDEST


@lru_cache(maxsize=64)
def _arithmetic(n: int, d: int, bits: int) -> tuple[Cost, int]:
    what = _comparison(n, d, bits)
    net = network(what.A, what.T, what.bits, what.width)
    return replace(compress_cost(net), qubits=net.wires), len(net.keys)


def iteration_cost(n: int, query: Cost) -> Cost:
    """A Grover iteration: one query and the reflection about the uniform state.

    Args:
        n: keys.
        query: cost of one query.

    Returns:
        Cost of one iteration.
    """
    return query + _reflection(n)


@lru_cache(maxsize=256)
def _reflection(n: int) -> Cost:
    return count(diffusion(n))


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
    if not 0 <= k <= n:
        raise ValueError(f"k = {k}; give a number of keys from 0 to n = {n}")
    sampled = min(n, max(SAMPLED, 64 * k))
    return _sampled_queries(sampled, k, delta, promise, trials, seed) * math.sqrt(n / sampled)


@lru_cache(maxsize=256)
def _sampled_queries(n: int, k: int, delta: float, promise: bool, trials: int, seed: int) -> float:
    marked = MarkedSet(n, np.arange(k))  # by symmetry, which ones does not matter
    k_max, machine = k if promise else None, GroverStatistics()
    spent = [
        found.queries
        for trial in range(trials)
        for found in find_rows([marked], machine, SearchOptions(k_max=k_max, delta=delta, seed=seed + trial))
    ]
    return float(np.mean(spent))


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


def query_infidelity(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap") -> float:
    """Infidelity of one query, in units of p as p -> 0: of the load and its undo, and of the inner product.

    After every Toffoli and CNOT each of its qubits suffers X, Y or Z with probability p; ancillas are traced out, that
    is reset before the next query.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.

    Returns:
        A coefficient: the infidelity is that times p.
    """
    _check(n, d, bits)
    arithmetic, loaded = arithmetic_cost(n, d, bits)
    return resolve(lookup).infidelity(n, loaded) + MATTERS * arithmetic.places


def step_infidelity(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap") -> float:
    """The same of a Grover iteration: the query and the reflection.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.

    Returns:
        A coefficient: the infidelity is that times p.
    """
    return query_infidelity(n, d, bits, lookup) + MATTERS * _reflection(n).places


def longest_run(n: int) -> int:
    """Iterations of the longest run, which finds a single key: about pi/4 sqrt(n)."""
    return max(1, math.floor(math.pi / 4 * math.sqrt(n)))


def demanded_error(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap") -> float:
    """The logical error rate at which the longest run goes right half of the time.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.

    Returns:
        A probability of an error per qubit and gate.
    """
    return math.log(2) / (longest_run(n) * step_infidelity(n, d, bits, lookup))


@dataclass(frozen=True)
class Success:
    """Probabilities that no error changes the result, ancillas reset between iterations: exp(-p infidelity).

    Attributes:
        p: logical error rate.
        infidelity: of a query, in units of p.
        query: one query.
        run: the longest run, about pi/4 sqrt(n) iterations.
        row: all iterations of a row; its proof that no key is missed is only as good as this.
    """

    p: float
    infidelity: float
    query: float
    run: float
    row: float

    @classmethod
    def of(cls, n: int, d: int, bits: int, lookup: str | Lookup, rounds: int, p: float) -> Success:
        """Of a row of so many iterations.

        Args:
            n: keys.
            d: components of a key.
            bits: bits of a component.
            lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.
            rounds: Grover iterations of a row in all.
            p: logical error rate.

        Returns:
            The probabilities.
        """
        query, step = (infidelity(n, d, bits, lookup) for infidelity in (query_infidelity, step_infidelity))
        return cls(p, query, math.exp(-p * query), math.exp(-p * step * longest_run(n)), math.exp(-p * step * rounds))


@dataclass(frozen=True)
class Estimate:
    """What attention by search costs under one lookup.

    Attributes:
        lookup: its name.
        query: one use of the oracle.
        iteration: the query and the reflection.
        row: all iterations of one row.
        matrix: all n rows, one after another.
        counted: the query counted in the built circuit, when asked for.
        machines: physical machines for a row, one per error rate; None where none is good enough.
        success: probabilities that nothing goes wrong, when a logical error rate was given.
    """

    lookup: str
    query: Cost
    iteration: Cost
    row: Cost
    matrix: Cost
    counted: Cost | None = None
    machines: tuple[Physical | None, ...] = field(default=())
    success: Success | None = None

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
    rounds = math.ceil(queries(n, k, delta, promise=promise))
    bills = []
    for lookup in map(resolve, lookups):
        query = query_cost(n, d, bits, lookup)
        step = iteration_cost(n, query)
        row, matrix = step.times(rounds), step.times(rounds * n)
        machines = tuple(physical(row, rate, gate_ns=gate_ns, budget=delta) for rate in error_rates)
        real = counted_cost(n, d, bits, lookup) if counted and lookup != QRAM else None
        success = None if p is None else Success.of(n, d, bits, lookup, rounds, p)
        bills.append(Estimate(lookup.name, query, step, row, matrix, real, machines, success))
    return bills


def _check(n: int, d: int, bits: int) -> None:
    if n < 2 or d < 1 or bits < 2:
        raise ValueError(f"n = {n}, d = {d}, bits = {bits}; give n >= 2, d >= 1 and bits >= 2")
