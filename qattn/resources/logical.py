"""What it would take: qubits, Toffolis and time of a query, a row and a whole matrix, on a fault-tolerant machine.

The oracle is the one with the fewest Toffolis, carry-save over whole keys, on the instance `cost_instance(n, d, bits)`.
Up to `PREDICTED` key bits the numbers are those of `qattn.oracles.predict`, which equal the gates counted in the built
circuit; beyond, the lookup follows `load_formula` and the inner product is still the counted one. Four lookups:

- "unary": unary iteration (QROM), about n Toffolis, few qubits.
- "select_swap": QROAM, about sqrt(n d bits) Toffolis, and as many more qubits.
- "bucket_brigade": a QRAM as a circuit: depth O(log n), O(n) Toffolis and qubits.
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

from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import compress
from qattn.arrays import missing_extra
from qattn.lookups.bucket_brigade import Tree, routing_ands
from qattn.lookups.monomials import Halves, and_count
from qattn.lookups.select_swap import best_block, load_ands, selection_ands
from qattn.oracles.design import Comparison, Form
from qattn.oracles.predict import predict
from qattn.oracles.threshold import ThresholdOracle, phase_form
from qattn.search.grover import diffusion
from qattn.synthesis.cost import Cost, count
from qattn.synthesis.gates import measured
from qattn.synthesis.registers import index_bits

LOOKUPS = ("unary", "select_swap", "bucket_brigade", "qram")
PREDICTED = 1 << 21  # key bits, n d bits, up to which the lookup's cost is taken from the data
REFERENCE = 256  # keys of the instance whose inner product stands for all larger ones
WIDEST = 128  # components up to which the inner product is counted
SAMPLED = 1 << 12  # keys up to which the number of queries is measured; beyond, it grows as sqrt(n)
GPU_RATE = 1e14  # multiply-adds a second of a GPU-class machine


def cost_instance(n: int, d: int, bits: int, seed: int = 7) -> tuple[list[int], list[list[int]], int]:
    """(q, K, tau): uniform `bits`-bit signed integers, tau such that about sqrt(n)/4 keys reach it."""
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
def query_cost(n: int, d: int, bits: int, lookup: str = "select_swap", *, predicted: bool = True) -> Cost:
    """One query: load, inner product, Z, undo, by the measured rendering.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`.
        predicted: take the lookup from the data where there are few enough; False uses `load_formula` for every n.
    """
    _check(n, d, bits, lookup)
    if predicted and lookup != "qram" and n * d * bits <= PREDICTED:
        return predict(Form(lookup, "carry_save", "parallel"), _comparison(n, d, bits))
    arithmetic, loaded = arithmetic_cost(n, d, bits)
    load = load_formula(lookup, n, loaded)
    return replace(load + arithmetic, qubits=load.qubits + arithmetic.qubits - loaded)


def counted_cost(n: int, d: int, bits: int, lookup: str = "select_swap") -> Cost:
    """The same, counted gate by gate in the built circuit: about 8 us a CNOT."""
    _check(n, d, bits, lookup)
    if lookup == "qram":
        raise ValueError("lookup = 'qram' is an assumption, no circuit; choose unary, select_swap or bucket_brigade")
    q, K, tau = cost_instance(n, d, bits)
    oracle = ThresholdOracle.from_row(
        q, K, tau, bits=bits, lookup=lookup, arithmetic="carry_save", key_layout="parallel"
    )
    return count(oracle.measured_circuit)


def arithmetic_cost(n: int, d: int, bits: int) -> tuple[Cost, int]:
    """The inner product, Z and undo alone, counted, and how many key bits it reads.

    For n > 256 as for 256 keys: the row decides this cost, the keys only move the threshold and with it an AND or two.
    For d > 128 in proportion to d, which is a few percent too much: longer rows share more sums.
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
    return count(measured(phase_form(compress(net)))), len(net.keys)


def load_formula(lookup: str, n: int, bits: int) -> Cost:
    """Loading and unloading n words of this many bits, for any n, without data.

    Toffolis and qubits are exact (an even number of bits), the depth within a few, CNOTs for random words.
    """
    w, halves = index_bits(n), Halves.of(n)
    data, kept, undo = n * bits // 2, sum(halves.ancillas), max(0, w // 2 - 1)
    if lookup == "qram":
        return Cost(w + bits, toffoli=2, t=8, toffoli_depth=2)
    if lookup == "select_swap":
        block = best_block(n, bits)
        groups, selected = -(-n // block), selection_ands(bits, block)
        halves = Halves.of(groups)
        kept, slices = sum(halves.ancillas), selected * (2 if block > 2 else 1)
        qubits = w + bits + slices + selected + and_count(block) + kept + 1
        depth = and_count(groups) - kept + (block > 1)
        return _lookup(qubits, load_ands(n, bits, block), data + 8 * selected, depth, data, bits + slices)
    if lookup == "unary":
        return _lookup(2 * w - 1 + bits + kept, n - 2 + kept, data + 2 * n, n - 2 + undo, data, bits)
    tree, ands = Tree(n), routing_ands(n)
    qubits = w + bits + sum(tree.routers) + sum(tree.nodes) + kept
    moves = w + sum(tree.routers) + sum(nodes * (w - level) for level, nodes in enumerate(tree.nodes))
    reports = sum(n / 2**level * (1 - 0.5 ** min(2**level, 64)) for level in range(w))  # nodes with a 1 below, a bit
    cnot = 4 * moves + 2 * ands + round(2 * bits * reports)
    return _lookup(qubits, ands + kept, cnot, 3 * w - 3 + undo, data, bits)


def _lookup(qubits: int, ands: int, cnot: int, depth: int, fixups: int, outcomes: int) -> Cost:
    return Cost(qubits, ands, 4 * ands, cnot, ands + outcomes, max(depth, 0), fixups=fixups)


def iteration_cost(n: int, query: Cost) -> Cost:
    """A Grover iteration: one query and the reflection about the uniform state."""
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
    """
    if not 0 <= k <= n:
        raise ValueError(f"k = {k}; give a number of keys from 0 to n = {n}")
    sampled = min(n, max(SAMPLED, 64 * k))
    return _sampled_queries(sampled, k, delta, promise, trials, seed) * math.sqrt(n / sampled)


@lru_cache(maxsize=256)
def _sampled_queries(n: int, k: int, delta: float, promise: bool, trials: int, seed: int) -> float:
    from qattn.find import find_all
    from qattn.search.protocols import MarkedSet
    from qattn.search.statistics import GroverStatistics

    marked = MarkedSet(n, np.arange(k))  # by symmetry, which ones does not matter
    k_max = k if promise else None
    spent = [
        find_all(marked, sampler=GroverStatistics(), k_max=k_max, delta=delta, seed=seed + trial).queries
        for trial in range(trials)
    ]
    return float(np.mean(spent))


@dataclass(frozen=True)
class Physical:
    """A surface-code machine that runs one row, from QDK's resource estimator.

    Attributes:
        error_rate: of every physical operation.
        gate_ns: time of a gate; a measurement takes twice as long.
        code_distance: of the logical qubits.
        qubits: physical qubits, magic-state factories included.
        factories: magic-state factories.
        row_s: seconds for one row.
    """

    error_rate: float
    gate_ns: float
    code_distance: int
    qubits: int
    factories: int
    row_s: float


def physical(row: Cost, error_rate: float = 1e-3, *, gate_ns: float = 50, budget: float = 1e-2) -> Physical | None:
    """Physical qubits and time of a circuit of this cost; None when no code distance up to 50 is enough.

    Args:
        row: logical cost of the whole run.
        error_rate: physical error rate of gates, measurements and T states.
        gate_ns: gate time.
        budget: probability that anything goes wrong in the run.

    Raises:
        ImportError: without the extra `estimate`.
    """
    try:
        from qdk.estimator import EstimatorError, LogicalCounts
    except ImportError as error:
        raise missing_extra("a physical estimate (QDK)", "estimate") from error
    counts = {
        "numQubits": row.qubits, "ccixCount": row.toffoli, "measurementCount": row.measurements,
        "rotationCount": row.rotations, "rotationDepth": row.rotations,
    }  # fmt: skip
    rates = ("oneQubitMeasurementErrorRate", "oneQubitGateErrorRate", "twoQubitGateErrorRate", "tGateErrorRate")
    times = dict.fromkeys(("oneQubitGateTime", "twoQubitGateTime", "tGateTime"), f"{gate_ns} ns")
    qubit = {
        "instructionSet": "GateBased", "oneQubitMeasurementTime": f"{2 * gate_ns} ns", **times,
        **dict.fromkeys((*rates, "idleErrorRate"), error_rate),
    }  # fmt: skip
    try:
        found = LogicalCounts(counts).estimate({"qubitParams": qubit, "errorBudget": budget})
    except EstimatorError:
        return None
    total = found["physicalCounts"]
    return Physical(
        error_rate, gate_ns, found["logicalQubit"]["codeDistance"], total["physicalQubits"],
        total["breakdown"]["numTfactories"], total["runtime"] * 1e-9,
    )  # fmt: skip


def blas_rate(seconds: float = 0.3) -> float:
    """Multiply-adds a second of this machine's float32 matrix product Q K^T, measured."""
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
    """One lookup's bill.

    Attributes:
        lookup: one of `LOOKUPS`.
        query: one use of the oracle.
        iteration: the query and the reflection.
        row: all iterations of one row.
        matrix: all n rows, one after another.
        counted: the query counted in the built circuit, when asked for.
        machines: physical machines for a row, one per error rate; None where none is good enough.
    """

    lookup: str
    query: Cost
    iteration: Cost
    row: Cost
    matrix: Cost
    counted: Cost | None = None
    machines: tuple[Physical | None, ...] = field(default=())

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
    lookups: Sequence[str] = LOOKUPS,
    promise: bool = False,
    error_rates: Sequence[float] = (),
    gate_ns: float = 50,
    counted: bool = False,
) -> list[Estimate]:
    """The bill of attention by search for n keys, under each lookup.

    Args:
        n: keys, and rows of the matrix.
        d: components.
        bits: bits of a key component.
        k: keys a row finds.
        delta: allowed miss probability of a row; also the error budget of its physical run.
        lookups: which of `LOOKUPS`.
        promise: a row may stop at k finds, see `queries`.
        error_rates: physical error rates to estimate machines for (extra `estimate`).
        gate_ns: physical gate time.
        counted: also build the circuits and count their gates.
    """
    rounds = math.ceil(queries(n, k, delta, promise=promise))
    bills = []
    for lookup in lookups:
        query = query_cost(n, d, bits, lookup)
        step = iteration_cost(n, query)
        row, matrix = _times(step, rounds), _times(step, rounds * n)
        machines = tuple(physical(row, rate, gate_ns=gate_ns, budget=delta) for rate in error_rates)
        real = counted_cost(n, d, bits, lookup) if counted and lookup != "qram" else None
        bills.append(Estimate(lookup, query, step, row, matrix, real, machines))
    return bills


def _times(cost: Cost, repeats: int) -> Cost:
    return Cost(**{name: value * (1 if name == "qubits" else repeats) for name, value in cost.to_dict().items()})


def _check(n: int, d: int, bits: int, lookup: str) -> None:
    if n < 2 or d < 1 or bits < 2:
        raise ValueError(f"n = {n}, d = {d}, bits = {bits}; give n >= 2, d >= 1 and bits >= 2")
    if lookup not in LOOKUPS:
        raise ValueError(f"lookup = {lookup!r}; choose one of {', '.join(LOOKUPS)}")
