"""One job of a service as the run folder knows it, and what a provider of processors must be able to do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit
from qiskit.transpiler import Target

from qattn.hardware.run_folder import RunFolder
from qattn.oracles.base import with_circuit
from qattn.search.protocols import Job

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Work:
    """One job of the service: a part of a round, in one attempt.

    Attributes:
        folder: the run.
        number: which round, from 0.
        part: which part of it.
        attempt: 0, or one more for each failure.
        shots: samples of each circuit.
        seed: for providers that simulate.
    """

    folder: RunFolder
    number: int
    part: int
    attempt: int
    shots: int
    seed: int

    @property
    def name(self) -> str:
        """The stem of its files."""
        return f"rounds/{self.number:03d}-{self.part}"

    @property
    def tag(self) -> str:
        """The tag its job carries at the service: unique, so that the job is found again by it."""
        return f"qattn-{self.folder.manifest['run']}-{self.number}-{self.part}-{self.attempt}"

    @property
    def circuits(self) -> list[QuantumCircuit]:
        """The ISA circuits, read from the folder."""
        return self.folder.read_circuits(f"{self.name}.qpy")


class Provider(Protocol):
    """Where circuits run: IBM Quantum, or a simulation of it on this machine."""

    @property
    def target(self) -> Target:
        """The processor as calibrated now."""

    @property
    def calibration(self) -> str:
        """When it was calibrated."""

    def submit(self, work: Work, *, together: bool) -> str:
        """Submit, with the tag; the job's id. `together`: further parts of the same round follow or came before."""

    def find(self, tag: str) -> str | None:
        """The id of the job with this tag, if the service has it."""

    def collect(self, job_id: str, work: Work) -> list[Integers] | str:
        """What was measured per circuit, or the status of a job that is not finished."""

    def cancel(self, job_id: str) -> None:
        """Cancel a job that is not finished."""

    def close(self) -> None:
        """No further parts of this round will be submitted."""


def collected_jobs(folder: RunFolder) -> list[str]:
    """Job ids of all parts whose measurements are in the folder."""
    parts = sorted((folder.root / "rounds").glob("[0-9]*-*.json"))
    return [folder.read(f"rounds/{path.name}")["job"] for path in parts]


def open_jobs(folder: RunFolder) -> dict[str, str]:
    """Tags and job ids of what is submitted and neither collected nor failed."""
    jobs = {event["tag"]: event["job"] for event in folder.events() if event["event"] == "submitted"}
    over = {event["tag"] for event in folder.events() if event["event"] == "failed"}
    collected = set(collected_jobs(folder))
    return {tag: job for tag, job in jobs.items() if tag not in over and job not in collected}


def fingerprint(jobs: Sequence[Job]) -> str:
    """SHA-256 of what a round asks: rows as integers, iterations, exclusions, shots, seeds."""
    total = hashlib.sha256()
    for job in jobs:
        numbers = with_circuit(job.oracle).fingerprint
        total.update(repr((numbers, job.iterations, sorted(job.excluded), job.shots, job.seed, *job.angles)).encode())
    return total.hexdigest()
