"""From which n on attention by search beats the classical scan of all scores, under which assumption, by which measure.

Both sides are proportional to the number of rows, so one row decides: a scan of n keys, n d multiply-adds, against a
search, about c sqrt(n k) Grover iterations. Wherever the keys are written into the circuit a query costs about n gates,
so that by all gates the search loses at every n; what is left is which costs one is willing to ignore.

The rates of the machines are stated, not measured: the same arguments give the same table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qattn.resources.errors import demanded_error
from qattn.resources.logical import spent
from qattn.resources.measures import Instance, Rates, measures
from qattn.resources.query import iteration_cost, query_cost
from qattn.resources.stages import known_cost
from qattn.synthesis.cost import Cost

__all__ = [
    "ASSUMPTIONS", "BUILT", "Crossover", "Rates", "crossovers", "demanded", "instances", "step_cost", "where_none",
    "words",
]  # fmt: skip

SMALLEST, LARGEST = 6, 80  # log2 of the n looked at

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
