"""From which n on attention by search beats the classical scan of all scores, under which assumption, by which measure.

Both sides are proportional to the number of rows, so one row decides: a scan of n keys, n d multiply-adds, against a
search, about c sqrt(n k) Grover iterations. Wherever the keys are written into the circuit a query costs about n gates,
so that by all gates the search loses at every n; what is left is which costs one is willing to ignore.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from qattn.resources.logical import GPU_RATE, demanded_error, iteration_cost, queries, query_cost
from qattn.synthesis.cost import Cost

SMALLEST, LARGEST = 6, 80  # log2 of the n looked at
TOFFOLI_S = 1e-5  # seconds a logical Toffoli: the reaction time often assumed for superconducting qubits

ASSUMPTIONS = {
    "unary": "QROM in the circuit",
    "select_swap": "QROAM in the circuit",
    "token_tree": "a tree of routers",
    "bucket_brigade": "QRAM as a circuit",
    "qram": "QRAM for one Toffoli",
    "paper": "a query for d operations",
}


@dataclass(frozen=True)
class Rates:
    """How fast the machines are.

    Attributes:
        cpu: multiply-adds a second (measure with `qattn.resources.logical.blas_rate`).
        gpu: multiply-adds a second of a GPU-class machine.
        toffoli_s: seconds of a logical Toffoli; only those that wait for each other count.
    """

    cpu: float
    gpu: float = GPU_RATE
    toffoli_s: float = TOFFOLI_S


@dataclass(frozen=True)
class Measure:
    """One way to compare a row's search with a row's scan.

    Attributes:
        name: short.
        quantum: (cost of an iteration, iterations, d) to a number.
        classical: (n, d, bits) to a number of the same unit.
    """

    name: str
    quantum: Callable[[Cost, float, int], float]
    classical: Callable[[int, int, int], float]


def measures(rates: Rates) -> list[Measure]:
    """Toffolis, all gates, and time against two classical machines."""
    return [
        Measure("Toffolis against multiply-adds", lambda c, m, d: m * c.toffoli, lambda n, d, b: n * d),
        Measure(
            "gates against bit operations", lambda c, m, d: m * (c.toffoli + c.cnot), lambda n, d, b: n * d * b * b
        ),
        Measure("time against this CPU", partial(_time, rates), lambda n, d, b: n * d / rates.cpu),
        Measure("time against a GPU", partial(_time, rates), lambda n, d, b: n * d / rates.gpu),
    ]


def _time(rates: Rates, cost: Cost, iterations: float, d: int) -> float:
    return iterations * cost.toffoli_depth * rates.toffoli_s


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
        return {"assumption": self.assumption, "measure": self.measure, "n": self.n, "qubits": self.qubits}


def step_cost(n: int, d: int, bits: int, assumption: str) -> Cost:
    """A Grover iteration under an assumption; "paper" charges d for a query and nothing for the reflection.

    Args:
        n: keys.
        d: components.
        bits: of a component.
        assumption: how a load is paid for, one of `ASSUMPTIONS`.

    Returns:
        Cost of one iteration.
    """
    if assumption == "paper":
        return Cost(toffoli=d, toffoli_depth=d)
    return iteration_cost(n, query_cost(n, d, bits, assumption, predicted=False))


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


def curve(
    measure: Measure, assumption: str, sizes: Sequence[int], d: int, bits: int, k: int, delta: float, promise: bool
) -> list[float]:
    """The search's cost of one row for each n.

    Args:
        measure: what is counted.
        assumption: how a load is paid for, one of `ASSUMPTIONS`.
        sizes: the n.
        d: components.
        bits: of a component.
        k: keys a row finds.
        delta: allowed probability that a row misses any.
        promise: a row may stop at k finds.

    Returns:
        One number for each n.
    """
    return [measure.quantum(step_cost(n, d, bits, assumption), queries(n, k, delta, promise=promise), d) for n in sizes]


def crossovers(
    d: int, bits: int = 8, k: int = 16, delta: float = 1e-2, *, rates: Rates, promise: bool = False
) -> list[Crossover]:
    """Every assumption by every measure.

    Args:
        d: components.
        bits: of a component.
        k: keys a row finds.
        delta: allowed probability that a row misses any.
        rates: speeds of the machines compared.
        promise: a row may stop at k finds.

    Returns:
        One for each pair of assumption and measure, assumptions first.
    """
    first = max(SMALLEST, (4 * k - 1).bit_length())
    sizes = [1 << e for e in range(first, LARGEST + 1)]
    found = []
    for assumption in ASSUMPTIONS:
        for measure in measures(rates):
            search = curve(measure, assumption, sizes, d, bits, k, delta, promise)
            ratios = [value / measure.classical(n, d, bits) for value, n in zip(search, sizes, strict=True)]
            wins = next((i for i in range(len(sizes)) if max(ratios[i:]) < 1), None)
            n = None if wins is None else sizes[wins]
            qubits = None if n is None or assumption == "paper" else step_cost(n, d, bits, assumption).qubits
            found.append(Crossover(assumption, measure.name, n, qubits, ratios[-1]))
    return found


def words(found: Sequence[Crossover], d: int, k: int) -> str:
    """What has to be true for the search to win, in plain words, with this instance's numbers.

    Args:
        found: what `crossovers` returned.
        d: components.
        k: keys a row finds.

    Returns:
        One paragraph.
    """
    toffolis, _, cpu, _ = dict.fromkeys(one.measure for one in found)
    where = {(one.assumption, one.measure): one for one in found}
    swap, tree, assumed = where["select_swap", toffolis], where["token_tree", cpu], where["qram", cpu]
    lost = "never wins" if swap.n is None else f"wins from n = {swap.n:.2g} on"
    late = "never" if tree.n is None or tree.qubits is None else f"at n = {tree.n:.2g}, with {tree.qubits:.2g} qubits"
    then = "never" if assumed.n is None else f"at n = {assumed.n:.2g}"
    return (
        "With the keys in the circuit a query writes about n d b / 2 CNOTs: by all gates the search loses at every n. "
        f"By Toffolis alone QROAM {lost} (d = {d}, k = {k}; both sides grow as n). A tree of routers is shallow "
        f"and wins on time {late}; as many classical processors would scan the keys in one step. With a QRAM that "
        f"loads a key for one Toffoli, search overtakes this CPU {then}. For this algorithm to win in practice, three "
        "things have to be true at once: a QRAM whose load is far cheaper than n gates, logical operations much faster "
        "than microseconds, and rows with few large scores among very many keys (k far below n)."
    )
