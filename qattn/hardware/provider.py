"""One job of a service as the run folder knows it, and what a provider of processors must be able to do."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from qiskit.circuit import QuantumCircuit
from qiskit.transpiler import Target

from qattn.hardware.errors import RunFolderError
from qattn.hardware.post_selection import Shots
from qattn.hardware.run_folder import RunFolder
from qattn.oracles.base import with_circuit
from qattn.search.protocols import Job


@dataclass(frozen=True)
class Work:
    """One job of the service: a part of a round, in one attempt.

    Attributes:
        folder: the run.
        number: which round, from 0.
        part: which part of it.
        attempt: 0, or one more for each failure.
        shots: samples of each copy of a circuit.
        copies: how many times each circuit is run.
        seed: for providers that simulate.
    """

    folder: RunFolder
    number: int
    part: int
    attempt: int
    shots: int
    copies: tuple[int, ...]
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
        """The ISA circuits, read from the folder, each once."""
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
        """Submit, with the tag.

        Args:
            work: its circuits, each as often as `work.copies` says, with `work.shots` shots.
            together: further parts of the same round follow or came before.

        Returns:
            The job's id.

        Raises:
            NetworkError: when it is not known whether the job arrived.
        """

    def find(self, tag: str) -> str | None:
        """The id of the job with this tag, if the service has it."""

    def collect(self, job_id: str, work: Work) -> list[Shots] | str:
        """What each circuit measured in all its copies, or the status of a job that is not finished.

        Args:
            job_id: what `submit` gave.
            work: what was submitted.

        Returns:
            One entry per circuit, or a word for the status.

        Raises:
            JobFailed: when it failed, was cancelled, ran out of time or is gone.
        """

    def cancel(self, job_id: str) -> None:
        """Cancel a job that is not finished.

        Raises:
            JobFailed: when it cannot be cancelled any more.
        """

    def close(self) -> None:
        """No further parts of this round will be submitted."""


def collected_jobs(folder: RunFolder) -> list[str]:
    """Job ids of all parts whose measurements are in the folder."""
    found = []
    for path in sorted((folder.root / "rounds").glob("[0-9]*-*.json")):
        with suppress(RunFolderError, KeyError, TypeError):  # damaged: it will be collected again
            found.append(folder.read(f"rounds/{path.name}")["job"])
    return found


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
