"""Aer's statevector simulator, what `sampler=None` stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qiskit.transpiler import PassManager, generate_preset_pass_manager

from qattn.arrays import Integers
from qattn.machines.apart import Apart, load_aer, run_circuit
from qattn.machines.circuits import Circuits
from qattn.machines.estimate import aer_seconds
from qattn.search.protocols import Job

PATIENCE_S = 0.3  # circuits estimated above this run in a process of their own


@dataclass(frozen=True)
class AerMachine:
    """Aer's statevector simulator, one seeded run per job, so that a row's samples do not depend on its neighbours.

    Aer 0.18 reads parameter arrays wrongly (cp, crx, mcphase act as angle 0; qiskit-aer issues 2403, 2323), so each
    circuit is bound first. Gate fusion is off: it slows circuits of many small diagonal gates.

    Long circuits run in another process, which Ctrl-C kills (`qattn.machines.apart`).

    Attributes:
        circuits: builds them.
        apart: that process.
    """

    circuits: Circuits
    apart: Apart = field(default_factory=Apart, repr=False, compare=False)

    def run(self, jobs: Sequence[Job]) -> list[Integers]:
        """The measured indices, one array per job."""
        results = []
        for job in jobs:
            circuit = self.circuits.bound(job)
            long = aer_seconds(circuit.size(), circuit.num_qubits) > PATIENCE_S
            run = self.apart.run if long else run_circuit
            results.append(run(circuit, job.shots, job.seed % 2**31))
        return results


def aer_pass_manager() -> PassManager:
    """Level 0 against Aer's own gates: it runs ccx, mcx, mcphase as they are."""
    load_aer()
    from qiskit_aer import AerSimulator

    return generate_preset_pass_manager(0, target=AerSimulator(method="statevector").target)
