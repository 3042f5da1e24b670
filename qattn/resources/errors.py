"""What errors do to a query, a run and a row: infidelities in units of the logical error rate, and probabilities.

After every Toffoli and CNOT each of its qubits suffers X, Y or Z with probability p; ancillas are traced out, that is
reset before the next query.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qattn.lookups.base import MATTERS, Lookup
from qattn.resources.assumed import resolve
from qattn.resources.query import arithmetic_cost, check_size, reflection_cost


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
    check_size(n, d, bits)
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
    return query_infidelity(n, d, bits, lookup) + MATTERS * reflection_cost(n).places


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
