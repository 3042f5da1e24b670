"""Which circuits ran where, for the account of a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qattn.machines.aer import AerMachine, aer_pass_manager
from qattn.machines.sampler import as_machine
from qattn.machines.sparse import SparseMachine
from qattn.oracles.base import CircuitOracle
from qattn.search.grover import iterate
from qattn.search.protocols import Machine

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2


@dataclass(frozen=True)
class Ran:
    """Which circuits ran where.

    Attributes:
        simulator: "aer", "sparse", or the class of another sampler or machine.
        qubits: of a query's circuit.
        gates: of one query on a simulator of ours (with Aer, of a whole Grover iterate); 0 where it is not known.
    """

    simulator: str
    qubits: int
    gates: int = 0


def what_ran(oracle: CircuitOracle, sampler: BaseSamplerV2 | Machine | None) -> Ran:
    """The circuit of this oracle on that sampler.

    Args:
        oracle: the widest of the call.
        sampler: where it ran.

    Returns:
        Where it ran, its qubits and its gates.
    """
    machine = as_machine(sampler)
    if isinstance(machine, SparseMachine):
        gates, qubits = machine.size(oracle)
        return Ran("sparse", qubits, gates)
    if isinstance(machine, AerMachine):
        step = aer_pass_manager().run(iterate(oracle.n, oracle.circuit)[0])
        return Ran("aer", oracle.qubits, int(step.size()))
    return Ran(type(sampler).__name__, oracle.qubits)
