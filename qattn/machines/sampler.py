"""From search jobs to circuits to measured integers, on Aer or on any other BaseSamplerV2.

Endianness: bit i of a measured integer is qubit i of register index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Parameter, QuantumCircuit
from qiskit.primitives import BaseSamplerV2, BitArray
from qiskit.transpiler import PassManager

from qattn.oracles.base import with_circuit
from qattn.search.grover import GroverTemplate, grover_template

if TYPE_CHECKING:
    from qattn.search.protocols import Job, Machine

Integers = NDArray[np.int64]

SMALL = 10  # qubits up to which one thread beats many on Aer


def as_machine(sampler: BaseSamplerV2 | Machine | None = None, pass_manager: PassManager | None = None) -> Machine:
    """The machine behind `sampler=`: None is Aer's statevector simulator, a BaseSamplerV2 is wrapped, a machine stays.

    Aer on a GPU (package qiskit-aer-gpu) is a sampler too:
    `qiskit_aer.primitives.SamplerV2(options={"backend_options": {"method": "statevector", "device": "GPU"}})`.

    Raises:
        ValueError: when sampler is none of these, or a pass manager comes with a machine that has no circuits.
    """
    if isinstance(sampler, type):
        raise ValueError(
            f"sampler is the class {sampler.__name__}; pass an instance of it, such as {sampler.__name__}()"
        )
    if sampler is None:
        return AerMachine(Circuits(pass_manager or aer_pass_manager()))
    if isinstance(sampler, BaseSamplerV2):
        if pass_manager is None and type(sampler).__module__.startswith("qiskit_aer"):
            pass_manager = aer_pass_manager()
        return SamplerMachine(sampler, Circuits(pass_manager))
    if callable(getattr(sampler, "run", None)):
        if pass_manager is not None:
            raise ValueError(f"{type(sampler).__name__} runs no circuits; leave pass_manager out")
        return sampler
    raise ValueError(f"sampler = {sampler!r}; give a BaseSamplerV2, GroverStatistics() or None for Aer")


def aer_pass_manager() -> PassManager:
    """Level 0 against Aer's own gates: it runs ccx, mcx, mcphase as they are."""
    from qiskit.transpiler import generate_preset_pass_manager
    from qiskit_aer import AerSimulator

    return generate_preset_pass_manager(optimization_level=0, backend=AerSimulator(method="statevector"))


@dataclass(frozen=True)
class Circuits:
    """Builds each Grover circuit once per (oracle family, iterations, slots), transpiled, for the life of one call."""

    pass_manager: PassManager | None = None
    built: dict[tuple[object, ...], GroverTemplate] = field(default_factory=dict, repr=False)

    def template(self, job: Job) -> GroverTemplate:
        """The parametrised circuit of a job."""
        oracle = with_circuit(job.oracle)
        slots = len(job.excluded) if job.iterations else 0
        family = (oracle.n,) if job.iterations == 0 else oracle.family
        key = (family, job.iterations, slots)
        if key not in self.built:
            circuit, parameters = oracle.template() if job.iterations else (QuantumCircuit(), [])
            made = grover_template(oracle.n, circuit, parameters, job.iterations, slots)
            if self.pass_manager is not None:
                made = replace(made, circuit=self.pass_manager.run(made.circuit))
            self.built[key] = made
        return self.built[key]

    def bindings(self, job: Job) -> dict[Parameter, float]:
        """The job's value for each open parameter of its template."""
        return self.template(job).bindings(with_circuit(job.oracle).values, job.excluded)

    def bound(self, job: Job) -> QuantumCircuit:
        """The job's circuit with its values put in."""
        return self.template(job).circuit.assign_parameters(self.bindings(job))


@dataclass(frozen=True)
class AerMachine:
    """Aer's statevector simulator, one seeded run per job, so that a row's samples do not depend on its neighbours.

    Aer 0.18 reads parameter arrays wrongly (cp, crx, mcphase act as angle 0; qiskit-aer issues 2403, 2323), so each
    circuit is bound first. Gate fusion is off: it slows circuits of many small diagonal gates.
    """

    circuits: Circuits

    def run(self, jobs: Sequence[Job]) -> list[Integers]:
        """The measured indices, one array per job."""
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


@dataclass(frozen=True)
class SamplerMachine:
    """Any BaseSamplerV2: the jobs of a round become one sampler job, rows of one circuit become one parameter array."""

    sampler: BaseSamplerV2
    circuits: Circuits

    def run(self, jobs: Sequence[Job]) -> list[Integers]:
        """The measured indices, one array per job. Randomness is the sampler's own; seed it there."""
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for position, job in enumerate(jobs):
            groups[(id(self.circuits.template(job)), job.shots)].append(position)
        pubs: list[tuple[Any, ...]] = []
        order: list[list[int]] = []
        bind = type(self.sampler).__module__.startswith("qiskit_aer")  # see AerMachine
        for (_, shots), positions in groups.items():
            template = self.circuits.template(jobs[positions[0]])
            if bind or not template.circuit.parameters:
                pubs += [(self.circuits.bound(jobs[p]), None, shots) for p in positions]
                order += [[p] for p in positions]
            else:
                bindings = [self.circuits.bindings(jobs[p]) for p in positions]
                values = {tuple(bindings[0]): np.array([list(row.values()) for row in bindings])}
                pubs.append((template.circuit, values, shots))
                order.append(positions)
        results: dict[int, Integers] = {}
        for result, positions in zip(self.sampler.run(pubs).result(), order, strict=True):
            rows = integers(result.data.found)
            results.update(zip(positions, rows, strict=True))
        return [results[position] for position in range(len(jobs))]


def integers(measured: BitArray) -> Integers:
    """Measured words as integers, (rows, shots): a BitArray stores each word big-endian in bytes."""
    words = measured.array.reshape(-1, measured.num_shots, measured.array.shape[-1]).astype(np.int64)
    weights = 256 ** np.arange(words.shape[-1] - 1, -1, -1, dtype=np.int64)
    return np.asarray(words @ weights)


def _check_memory(qubits: int, most: int) -> None:
    if qubits > most:
        raise ValueError(
            f"the circuit has {qubits} qubits (16 B * 2^{qubits} of amplitudes); this machine simulates {most}. "
            "Use fewer bits or a smaller rank, or sampler=GroverStatistics() for the exact statistics without a circuit"
        )
