"""From which n on attention by search beats the classical scan of all scores, under which assumption, by which measure.

Both sides are proportional to the number of rows, so one row decides: a scan of n keys, n d multiply-adds, against a
search, about c sqrt(n k) Grover iterations. Wherever the keys are written into the circuit a query costs about n gates,
so that by all gates the search loses at every n; what is left is which costs one is willing to ignore.

The rates of the machines are stated, not measured: the same arguments give the same table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from qattn.resources.clock import layers, seconds
from qattn.resources.errors import demanded_error
from qattn.resources.logical import CPU_RATE, GPU_RATE, spent
from qattn.resources.query import iteration_cost, query_cost
from qattn.resources.stages import known_cost
from qattn.synthesis.cost import Cost

SMALLEST, LARGEST = 6, 80  # log2 of the n looked at
TOFFOLI_S = 1e-5  # seconds a logical Toffoli: the reaction time often assumed for superconducting qubits
PROBES = 32  # inverted lists that an approximate search reads

ASSUMPTIONS = {
    "unary": "QROM in the circuit",
    "select_swap": "QROAM in the circuit",
    "token_tree": "a tree of routers",
    "bucket_brigade": "QRAM as a circuit",
    "qram": "QRAM for one Toffoli",
    "paper": "a query for d operations",
}
BUILT = ("unary", "select_swap", "token_tree", "bucket_brigade")  # those that have a circuit


@dataclass(frozen=True)
class Rates:
    """How fast the machines are, and what they may do.

    Attributes:
        cpu: multiply-adds a second; by default those of float32 on a desktop processor.
        gpu: multiply-adds a second of a GPU-class machine.
        toffoli_s: seconds of a logical Toffoli.
        at_once: Toffolis that run at once, see `qattn.resources.clock`; infinity: as many as the circuit allows.
        probes: inverted lists that an approximate classical search reads.
    """

    cpu: float = CPU_RATE
    gpu: float = GPU_RATE
    toffoli_s: float = TOFFOLI_S
    at_once: float = math.inf
    probes: int = PROBES

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name} = {value}; give a number above 0")
        layers(Cost(), self.at_once)


@dataclass(frozen=True)
class Instance:
    """One row's work for both sides.

    Attributes:
        n: keys.
        d: components.
        bits: of a component.
        k: keys a row finds.
        assumption: how a load is paid for.
        step: cost of one Grover iteration.
        iterations: of the row.
    """

    n: int
    d: int
    bits: int
    k: int
    assumption: str
    step: Cost
    iterations: float


@dataclass(frozen=True)
class Measure:
    """One way to compare a row's search with a row's scan.

    Attributes:
        name: short.
        quantum: what the search costs.
        classical: what the scan costs, in the same unit.
    """

    name: str
    quantum: Callable[[Instance], float]
    classical: Callable[[Instance], float]


def measures(rates: Rates) -> list[Measure]:
    """Toffolis, all gates, time against three classical searches, and time on equal hardware."""
    time = partial(_time, rates)
    return [
        Measure("Toffolis against multiply-adds", lambda one: one.iterations * one.step.toffoli, _multiply_adds),
        Measure(
            "gates against bit operations", lambda one: one.iterations * (one.step.toffoli + one.step.cnot),
            lambda one: _multiply_adds(one) * one.bits**2,
        ),
        Measure("time against a CPU", time, lambda one: _multiply_adds(one) / rates.cpu),
        Measure("time against a GPU", time, lambda one: _multiply_adds(one) / rates.gpu),
        Measure("time against approximate top-k", time, lambda one: approximate(one, rates.probes) / rates.cpu),
        Measure("steps on equal hardware", lambda one: one.iterations * layers(one.step), equal_hardware),
    ]  # fmt: skip


def _multiply_adds(one: Instance) -> float:
    return one.n * one.d


def _time(rates: Rates, one: Instance) -> float:
    return one.iterations * seconds(one.step, rates.toffoli_s, rates.at_once)


def approximate(one: Instance, probes: int = PROBES) -> float:
    """Multiply-adds of an approximate top-k by inverted lists, such as FAISS's IndexIVF: no guarantee, high recall.

    4 sqrt(n) lists, as FAISS advises for many keys: a row is compared with all their centres, then with the keys of the
    nearest ones. Building the lists, once for all rows, is left out.

    Args:
        one: the row.
        probes: lists that are read.

    Returns:
        d (lists + probes n / lists); never more than the scan.
    """
    lists = min(4 * math.sqrt(one.n), one.n)
    return min(one.d * (lists + probes * one.n / lists), _multiply_adds(one))


def equal_hardware(one: Instance) -> float:
    """Steps of a scan by as many classical units as the search has active parts, each as fast as its gates.

    A memory of n cells that answers in superposition is active: every query drives all of its routers, so its owner has
    n controlled parts. Given those, n classical units compare one key each and merge the k best in a tree: d bits^2 bit
    operations and k log2 n, a number that hardly grows, against at least sqrt(n) queries one after another. So there is
    no n from which on a circuit-built QRAM wins here, whatever its depth (Jaques and Rattew, 2305.10310); among a few
    hundred long keys it may be ahead, for a unit is granted one bit operation a step. A QRAM for one Toffoli does not
    win either unless its cells are passive, and then the comparison with a single CPU is the fair one. A lookup without
    cells gets one unit for as many qubits as hold a key.

    Args:
        one: the row.

    Returns:
        Bit operations one after another.
    """
    cells = one.n if one.assumption not in ("unary", "select_swap") else one.step.qubits // (one.d * one.bits)
    units = min(max(cells, 1), one.n)
    return -(-one.n // units) * one.d * one.bits**2 + one.k * math.log2(one.n)


@dataclass(frozen=True)
class Crossover:
    """Where one curve meets the other.

    Attributes:
        assumption: a key of `ASSUMPTIONS`.
        measure: name of the measure.
        n: the smallest power of two from which on the search wins, None when there is none up to 2^80.
        qubits: logical qubits of the search there (a memory assumed as QRAM not included).
        ratio: search / scan at the largest n looked at.
    """

    assumption: str
    measure: str
    n: int | None
    qubits: int | None
    ratio: float

    def __str__(self) -> str:
        """Such as "2^41 (1.5e+03 qubits)"."""
        if self.n is None:
            return "none"
        qubits = "" if self.qubits is None else f" ({self.qubits:.2g} qubits)"
        return f"2^{self.n.bit_length() - 1}{qubits}"

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types."""
        return vars(self) | {"in_words": str(self)}


def step_cost(n: int, d: int, bits: int, assumption: str, excluded: float = 0.0) -> Cost:
    """A Grover iteration under an assumption; "paper" charges d for a query and nothing for anything else.

    Args:
        n: keys.
        d: components.
        bits: of a component.
        assumption: how a load is paid for, one of `ASSUMPTIONS`.
        excluded: keys that are known already, on average.

    Returns:
        Cost of one iteration.
    """
    if assumption == "paper":
        return Cost(toffoli=d, toffoli_depth=d)
    return iteration_cost(n, query_cost(n, d, bits, assumption, predicted=False)) + known_cost(n, excluded)


def demanded(sizes: Sequence[int], d: int, bits: int) -> dict[str, list[float]]:
    """By assumption, the logical error rate that each n demands: at it, the longest run goes right half of the time.

    Args:
        sizes: the n asked about.
        d: components.
        bits: of a component.

    Returns:
        Logical error rates, one per n, by the name of the lookup or assumption.
    """
    return {
        assumption: [demanded_error(n, d, bits, assumption) for n in sizes]
        for assumption in ASSUMPTIONS
        if assumption != "paper"
    }


def instances(
    assumption: str, sizes: Sequence[int], d: int, bits: int, k: int, delta: float, promise: bool
) -> list[Instance]:
    """A row's work for each n.

    Args:
        assumption: how a load is paid for, one of `ASSUMPTIONS`.
        sizes: the n.
        d: components.
        bits: of a component.
        k: keys a row finds.
        delta: allowed probability that a row misses any.
        promise: a row may stop at k finds.

    Returns:
        One for each n.
    """
    searches = [(n, spent(n, k, delta, promise=promise)) for n in sizes]
    return [
        Instance(n, d, bits, k, assumption, step_cost(n, d, bits, assumption, search.excluded), search.queries)
        for n, search in searches
    ]


def crossovers(
    d: int, bits: int = 8, k: int = 16, delta: float = 1e-2, *, rates: Rates | None = None, promise: bool = False
) -> list[Crossover]:
    """Every assumption by every measure.

    Args:
        d: components.
        bits: of a component.
        k: keys a row finds.
        delta: allowed probability that a row misses any.
        rates: speeds of the machines compared; None: the stated ones.
        promise: a row may stop at k finds.

    Returns:
        One for each pair of assumption and measure, assumptions first.
    """
    first = max(SMALLEST, (4 * k - 1).bit_length())
    sizes = [1 << e for e in range(first, LARGEST + 1)]
    found = []
    for assumption in ASSUMPTIONS:
        rows = instances(assumption, sizes, d, bits, k, delta, promise)
        for measure in measures(rates or Rates()):
            ratios = [measure.quantum(row) / measure.classical(row) for row in rows]
            wins = next((i for i in range(len(sizes)) if max(ratios[i:]) < 1), None)
            n = None if wins is None else sizes[wins]
            qubits = None if wins is None or assumption == "paper" else rows[wins].step.qubits
            found.append(Crossover(assumption, measure.name, n, qubits, ratios[-1]))
    return found


def where_none(found: Sequence[Crossover]) -> str:
    """What "none" means in the table, and how far the search is behind where it says so.

    Args:
        found: what `crossovers` returned.

    Returns:
        One sentence for each measure that has a none.
    """
    sentences = [f"none: no n from 2^{SMALLEST} to 2^{LARGEST} from which on the search stays cheaper."]
    for measure in dict.fromkeys(one.measure for one in found):
        behind = [one for one in found if one.measure == measure and one.n is None]
        if behind:
            told = ", ".join(f"{ASSUMPTIONS[one.assumption]} {one.ratio:.0e}" for one in behind)
            sentences.append(f"By {measure} the search costs, at 2^{LARGEST}, so many times as much: {told}.")
    return "\n".join(sentences)


def words(found: Sequence[Crossover], d: int, k: int) -> str:
    """What has to be true for the search to win, in plain words, with this instance's numbers.

    Args:
        found: what `crossovers` returned.
        d: components.
        k: keys a row finds.

    Returns:
        One paragraph.
    """
    toffolis, _, cpu, *_ = dict.fromkeys(one.measure for one in found)
    where = {(one.assumption, one.measure): one for one in found}
    swap, tree, assumed = where["select_swap", toffolis], where["token_tree", cpu], where["qram", cpu]
    lost = "never wins" if swap.n is None else f"wins from n = {swap.n:.2g} on"
    late = "never" if tree.n is None or tree.qubits is None else f"at n = {tree.n:.2g}, with {tree.qubits:.2g} qubits"
    then = "never" if assumed.n is None else f"at n = {assumed.n:.2g}"
    return (
        "With the keys in the circuit a query writes about n d b / 2 CNOTs: by all gates the search loses at every n. "
        f"By Toffolis alone QROAM {lost} (d = {d}, k = {k}; both sides grow as n). A tree of routers is shallow "
        f"and wins on time {late}; as many classical processors would scan the keys in one step. With a QRAM that "
        f"loads a key for one Toffoli, search overtakes a CPU {then}; if its cells are active, as many classical "
        "units scan the keys sooner. For this algorithm to win in practice, three "
        "things have to be true at once: a QRAM whose load is far cheaper than n gates, logical operations much faster "
        "than microseconds, and rows with few large scores among very many keys (k far below n)."
    )
