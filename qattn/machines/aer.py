"""Aer's statevector simulator, what `sampler=None` stands for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from qiskit.transpiler import PassManager, generate_preset_pass_manager

from qattn.machines.circuits import Circuits

if TYPE_CHECKING:
    from qattn.search.protocols import Job

Integers = NDArray[np.int64]

SMALL = 10  # qubits up to which one thread beats many on Aer
WAITING = "OMP_WAIT_POLICY"


@dataclass(frozen=True)
class AerMachine:
    """Aer's statevector simulator, one seeded run per job, so that a row's samples do not depend on its neighbours.

    Aer 0.18 reads parameter arrays wrongly (cp, crx, mcphase act as angle 0; qiskit-aer issues 2403, 2323), so each
    circuit is bound first. Gate fusion is off: it slows circuits of many small diagonal gates.
    """

    circuits: Circuits

    def run(self, jobs: Sequence[Job]) -> list[Integers]:
        """The measured indices, one array per job."""
        load_aer()
        from qiskit_aer import AerSimulator

        backend = AerSimulator(method="statevector", fusion_enable=False)
        results = []
        for job in jobs:
            circuit = self.circuits.bound(job)
            _check_memory(circuit.num_qubits, backend.num_qubits)
            threads = 1 if circuit.num_qubits <= SMALL else 0
            run = backend.run(
                circuit, shots=job.shots, memory=True, seed_simulator=job.seed % 2**31, max_parallel_threads=threads
            )
            results.append(np.array([int(bits, 2) for bits in run.result().get_memory()], dtype=np.int64))
        return results


def aer_pass_manager() -> PassManager:
    """Level 0 against Aer's own gates: it runs ccx, mcx, mcphase as they are."""
    load_aer()
    from qiskit_aer import AerSimulator

    return generate_preset_pass_manager(0, target=AerSimulator(method="statevector").target)


def load_aer() -> None:
    """Import Aer with threads that sleep while they wait.

    OpenMP reads OMP_WAIT_POLICY once, when Aer loads it, and lets threads spin by default: on shared cores a small
    circuit then takes many times longer. The variable is set for that moment only; the user's own value stands, and
    an Aer that is loaded already stays as it is.
    """
    ours = WAITING not in os.environ
    os.environ.setdefault(WAITING, "passive")
    try:
        import qiskit_aer  # noqa: F401
    finally:
        if ours:
            del os.environ[WAITING]


def _check_memory(qubits: int, most: int) -> None:
    if qubits > most:
        raise ValueError(
            f"the circuit has {qubits} qubits (16 B * 2^{qubits} of amplitudes); this machine simulates {most}. "
            "Use fewer bits or a smaller rank, or sampler=GroverStatistics() for the exact statistics without a circuit"
        )
