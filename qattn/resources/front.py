"""The machines worth building for a row: qubits against time, over lookups, codes and sizes of the compute area."""

from __future__ import annotations

from collections.abc import Sequence

from qattn import lookups
from qattn.oracles.design import Form
from qattn.resources.assumed import QRAM, resolve
from qattn.resources.clock import cycles
from qattn.resources.logical import Estimate
from qattn.resources.physical import Point, Workload, front
from qattn.resources.query import PREDICTED, instance_comparison
from qattn.resources.traffic import traffic, uses

COMPUTE = (1 / 4, 3 / 8, 1 / 2, 3 / 4)  # of the circuit's qubits that have a place in the compute area
WIDEST = 8192  # qubits of a circuit whose traffic is counted


def row_workloads(bill: Estimate, n: int, d: int, bits: int) -> list[Workload]:
    """A row under one lookup: with every qubit in the compute area, and with idle ones in memory.

    The traffic is that of the built circuit and of its mirror image, which stands for the undo by measurement: that
    touches fewer qubits, and its few clean ones take the places of the inner product's.

    Args:
        bill: of the row.
        n: keys.
        d: components of a key.
        bits: bits of a component.

    Returns:
        Workloads named after the lookup; only the first where the circuit is too large to be written down or its
        lookup is nowhere registered.

    Cost: about a second for a circuit of a million CNOTs.
    """
    loads = [Workload(bill.lookup, bill.row)]
    if n * d * bits > PREDICTED or bill.query.qubits > WIDEST or bill.lookup not in lookups.names():
        return loads
    circuit = uses(Form.of(resolve(bill.lookup), "carry_save").gates(instance_comparison(n, d, bits)).program())
    sizes = sorted({max(round(share * circuit.qubits), 3) for share in COMPUTE})
    moves = [traffic(circuit, size).there_and_back(bill.rounds) for size in sizes if size + 4 < circuit.qubits]
    return loads + [Workload(bill.lookup, bill.row, one) for one in moves]


def row_front(
    bills: Sequence[Estimate], n: int, d: int, bits: int, error_rates: Sequence[float], *, gate_ns: float = 50,
    budget: float = 1e-2,
) -> list[Point]:  # fmt: skip
    """For each error rate the machines that run a row and that no other one beats in both qubits and time.

    Args:
        bills: of the row under several lookups; left out are an assumed QRAM, whose qubits nobody counts, and a lookup
            that another one beats in both logical qubits and cycles.
        n: keys.
        d: components of a key.
        bits: bits of a component.
        error_rates: physical ones.
        gate_ns: gate time.
        budget: probability that anything goes wrong in the run.

    Returns:
        Points, error rates in the order given and each once, fewest qubits first.

    Raises:
        ImportError: without the extra `estimate`.
    """
    built = [bill for bill in bills if bill.lookup != QRAM.name]
    worth = [bill for bill in built if not any(_beats(other, bill) for other in built)]
    loads = [load for bill in worth for load in row_workloads(bill, n, d, bits)]
    return [
        point for rate in dict.fromkeys(error_rates) for point in front(loads, rate, gate_ns=gate_ns, budget=budget)
    ]


def _beats(one: Estimate, other: Estimate) -> bool:
    """Fewer logical qubits and fewer cycles."""
    return one.query.qubits < other.query.qubits and cycles(one.row) < cycles(other.row)
