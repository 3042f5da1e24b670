"""Which part of a Grover iteration costs what: the call graph of one query, and what surrounds it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import compress_cost
from qattn.lookups.base import Lookup, load_all_cost
from qattn.resources.assumed import QRAM, resolve
from qattn.resources.query import (
    PREDICTED,
    arithmetic_cost,
    check_size,
    controlled_z_cost,
    instance_comparison,
    reflection_cost,
)
from qattn.synthesis.cost import Cost
from qattn.synthesis.registers import index_bits

QUERY = ("load", "inner product", "undo the inner product", "unload")  # the four that make a query


@dataclass(frozen=True)
class Stage:
    """A part of an iteration.

    Attributes:
        name: one of `QUERY`, "exclude what is known" or "reflect".
        cost: of this part, once; of an average query for the exclusions.
    """

    name: str
    cost: Cost


def query_stages(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap") -> tuple[Stage, ...]:
    """One query by its parts; their costs add up to `query_cost`, qubits apart.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.

    Returns:
        The four of `QUERY`; the Z between the second and the third costs nothing. Beyond `PREDICTED` key bits, where
        only the sum of load and unload is known, "load" holds both.
    """
    check_size(n, d, bits)
    chosen = resolve(lookup)
    if chosen != QRAM and n * d * bits > PREDICTED:
        heap, loaded = arithmetic_cost(n, d, bits)
        there, back = chosen.shape_cost(n, loaded), Cost()
    elif chosen == QRAM:
        heap, loaded = arithmetic_cost(n, d, bits)
        there = back = Cost(index_bits(n) + loaded, toffoli=1, t=4, toffoli_depth=1)
    else:
        what = instance_comparison(n, d, bits)
        net = network(what.A, what.T, what.bits, what.width)
        there, back = load_all_cost(chosen, what.key_bits[:, list(net.keys)])
        heap = replace(compress_cost(net), qubits=net.wires)
    forward = Cost(heap.qubits, heap.toffoli, heap.t, heap.cnot - heap.cnot // 2, toffoli_depth=heap.toffoli_depth)
    undo = Cost(heap.qubits, cnot=heap.cnot // 2, measurements=heap.measurements, fixups=heap.fixups)
    return tuple(Stage(name, cost) for name, cost in zip(QUERY, (there, forward, undo, back), strict=True))


def exclusion_cost(n: int, *, by_measurement: bool = False) -> Cost:
    """What one found key adds to every later query: its phase is undone by a Z with controls on all index bits.

    A table that holds another key in its place costs nothing a query; it has to be compiled anew after every find.

    Args:
        n: keys.
        by_measurement: its ladder of ANDs is undone by measurement; False: as it is built.

    Returns:
        The cost of one excluded key in one query.
    """
    return controlled_z_cost(index_bits(n), by_measurement=by_measurement)


def known_cost(n: int, excluded: float, queries: int = 1, *, by_measurement: bool = False) -> Cost:
    """What excluding the keys that are known costs over so many queries.

    Args:
        n: keys.
        excluded: keys known already, on average over the queries.
        queries: uses of the oracle.
        by_measurement: see `exclusion_cost`.

    Returns:
        The cost in whole gates; its depth is that of one key a query: all are diagonal and read the same qubits.
    """
    once, times = exclusion_cost(n, by_measurement=by_measurement), round(excluded * queries)
    return replace(once.times(times), toffoli_depth=once.toffoli_depth * min(queries, times))


def iteration_stages(
    n: int, d: int, bits: int, lookup: str | Lookup = "select_swap", *, excluded: float = 0.0
) -> tuple[Stage, ...]:
    """A Grover iteration by its parts: the query, the keys that are excluded, and the reflection.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.
        excluded: keys known already, on average over a row's queries.

    Returns:
        Six stages.
    """
    return (
        *query_stages(n, d, bits, lookup),
        Stage("exclude what is known", known_cost(n, excluded)),
        Stage("reflect", reflection_cost(n)),
    )
