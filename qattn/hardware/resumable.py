"""A machine whose rounds are transactions in a run folder: killed at any point, it goes on where it was.

The search is a deterministic function of the problem, the seed and what was measured. So nothing of it is stored but
its measurements: to resume, the whole call runs again, this machine answers the finished rounds from the folder, and
the first unfinished one goes on. A part of a round (one job of the service) moves through the journal as

    submitting -> submitted (job id) -> collected          and after a failure        failed -> submitting (new tag) ..

each line on the disk before the next step. A crash after `submitting` leaves open whether the service has the job; its
unique tag tells. Nothing that was collected is ever asked for, or paid for, again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.hardware import retry as patience
from qattn.hardware.compile import Compiler, NotExecutable, check_isa, grover_circuit, measure_size, success
from qattn.hardware.errors import JobFailed, NetworkError, NoiseRefused, RunFolderError, Unfinished
from qattn.hardware.provider import Provider, Work, fingerprint, open_jobs
from qattn.hardware.retry import patiently, pauses
from qattn.hardware.run_folder import RunFolder
from qattn.search.protocols import Job

Integers = NDArray[np.int64]

LONGEST_PAUSE_S = 30.0
PART = 300  # circuits per job of the service
NOISE = 0.05  # success below which a circuit measures noise


@dataclass(eq=False)
class FolderMachine:
    """Runs the rounds of one search through a run folder; give it to `attend(sampler=)`.

    Attributes:
        folder: the run.
        connect: makes the provider, on first need: a finished run is read without any network.
        seeds: layout seeds tried per circuit.
        wait: wait for results; otherwise `Unfinished` is raised while a job is queued or running.
        anyway: submit circuits that measure noise.
        say: told what happens, in words.
        number: rounds asked for so far.
    """

    folder: RunFolder
    connect: Callable[[], Provider]
    seeds: int = 8
    wait: bool = True
    anyway: bool = False
    say: Callable[[str], None] = lambda words: None
    number: int = field(default=0, init=False)
    _provider: Provider | None = field(default=None, init=False)

    @property
    def provider(self) -> Provider:
        """The connection."""
        if self._provider is None:
            self._provider = patiently(self.connect, self.say)
        return self._provider

    def run(self, jobs: Sequence[Job]) -> list[Integers]:
        """The measured indices, one array per job: from the folder when the round is finished, else from the service.

        Raises:
            Unfinished: when a job of this round is queued or running and `wait` is off.
            HardwareError: when the round cannot be finished now; the folder stays resumable.
        """
        number, self.number = self.number, self.number + 1
        facts = self._prepared(number, jobs)
        parts = range(-(-len(jobs) // PART))
        unfinished = [p for p in parts if not self.folder.has(f"rounds/{number:03d}-{p}.json")]
        ids = {p: self._submitted(number, p, facts, together=len(unfinished) > 1) for p in unfinished}
        if len(unfinished) > 1:
            self.provider.close()
        for p in unfinished:
            self._collected(number, p, facts, ids[p])
        measured = [row for p in parts for row in self.folder.read(f"rounds/{number:03d}-{p}.json")["measured"]]
        # one job has one number of shots: the largest of the round; the others read as many as they asked for
        return [np.array(row[: job.shots], dtype=np.int64) for row, job in zip(measured, jobs, strict=True)]

    def _prepared(self, number: int, jobs: Sequence[Job]) -> dict[str, Any]:
        """The round's file; its circuits are compiled, checked and written first."""
        name, asked = f"rounds/{number:03d}.json", fingerprint(jobs)
        if self.folder.has(name):
            facts: dict[str, Any] = self.folder.read(name)
            if facts["fingerprint"] != asked:
                raise RunFolderError(
                    f"round {number} of {self.folder.root} was made for other jobs; this run was begun with "
                    f"{self.folder.manifest['versions']}: resume it with these versions"
                )
            return facts
        self.say(f"round {number + 1}: compiling {len(jobs)} circuits")
        facts = {
            "fingerprint": asked,
            "shots": max(job.shots for job in jobs),
            "seed": jobs[0].seed % 2**31,
            "jobs": [
                {"row": job.row, "iterations": job.iterations, "excluded": list(job.excluded), "shots": job.shots}
                for job in jobs
            ],
        }
        facts |= self._compiled(number, jobs)
        self.folder.write(name, facts)
        return facts

    def _compiled(self, number: int, jobs: Sequence[Job]) -> dict[str, Any]:
        """Compile a round's circuits for the processor as it is now, and write them."""
        target = self.provider.target
        compiler = Compiler(target, self.seeds)
        circuits = [compiler.run(grover_circuit(job)) for job in jobs]
        sizes = [measure_size(circuit, target) for circuit in circuits]
        self._refuse_noise(jobs, [size.success for size in sizes])
        for circuit in circuits:
            check_isa(circuit, target)
        for start in range(0, len(circuits), PART):
            name = f"rounds/{number:03d}-{start // PART}.qpy"
            self.folder.write_circuits(name, circuits[start : start + PART])
        return {
            "calibration": self.provider.calibration,
            "success": [size.success for size in sizes],
            "two_qubit_gates": [size.two_qubit_gates for size in sizes],
            "duration_s": [size.duration_s for size in sizes],
            "layout": [list(size.qubits) for size in sizes],
        }

    def _refuse_noise(self, jobs: Sequence[Job], chances: Sequence[float]) -> None:
        worst, m = min(zip(chances, (job.iterations for job in jobs), strict=True))
        if worst < NOISE and m and not self.anyway:
            raise NoiseRefused(
                f"a circuit of {m} Grover iterations would run without an error with probability {worst:.2g} only; "
                "it would measure noise. Submit it anyway with --anyway, or use fewer keys, bits or components"
            )

    def _submitted(self, number: int, part: int, facts: dict[str, Any], *, together: bool) -> str:
        """The job's id: from the journal, from the service by its tag, or from submitting it now."""
        work, known, maybe = self._state(number, part, facts)
        if known:
            return known
        if maybe:
            found = self._find(work.tag)
            if found:
                self.folder.append("submitted", tag=work.tag, job=found, found="by its tag")
                self.say(f"round {number + 1}: job {found} was submitted before the crash; going on with it")
                return found
        self._check_calibration(work, facts)
        self.folder.append("submitting", tag=work.tag)
        job_id = self._submit(work, together)
        self.folder.append("submitted", tag=work.tag, job=job_id)
        self.say(f"round {number + 1}: job {job_id} submitted, {len(facts['jobs'])} circuits x {work.shots} shots")
        return job_id

    def _state(self, number: int, part: int, facts: dict[str, Any]) -> tuple[Work, str | None, bool]:
        """(work of the present attempt, its job id if known, whether the service may have it unknown to us)."""
        events = self.folder.events()
        attempt = 0
        while True:
            work = Work(self.folder, number, part, attempt, facts["shots"], facts["seed"])
            mine = [event for event in events if event.get("tag") == work.tag]
            if not any(event["event"] == "failed" for event in mine):
                ids = [event["job"] for event in mine if event["event"] == "submitted"]
                return work, ids[-1] if ids else None, bool(mine)
            attempt += 1

    def _submit(self, work: Work, together: bool) -> str:
        """Submit once; when the network fails in the middle, look for the tag before trying again."""
        last = ""
        for pause in pauses():
            try:
                return self.provider.submit(work, together=together)
            except NetworkError as error:
                last = str(error)
                self.say(f"{last}; looking whether the job arrived")
                time.sleep(pause)
                found = self._find(work.tag)
                if found:
                    return found
        raise NetworkError(f"could not submit the job: {last}; resume the run when the network is back")

    def _find(self, tag: str) -> str | None:
        """The job of a tag; asked a few times, because a service may list a new job late."""
        for pause in list(pauses())[:3]:
            found = patiently(lambda: self.provider.find(tag), self.say)
            if found:
                return found
            time.sleep(pause)
        return None

    def _check_calibration(self, work: Work, facts: dict[str, Any]) -> None:
        """Compiled circuits that the processor no longer has, or that became noise, are not submitted."""
        now = self.provider.calibration
        if now == facts["calibration"]:
            return
        target, circuits = self.provider.target, work.circuits
        try:
            for circuit in circuits:
                check_isa(circuit, target)
        except NotExecutable as error:
            (self.folder.root / f"rounds/{work.number:03d}.json").unlink()
            raise NotExecutable(
                f"the processor was calibrated again ({facts['calibration']} -> {now}) and the circuits of round "
                f"{work.number + 1} no longer fit: {error}. Resuming compiles them again"
            ) from None
        chances = [success(circuit, target) for circuit in circuits]
        before = facts["success"][work.part * PART :][: len(chances)]
        self.say(
            f"calibration changed ({facts['calibration']} -> {now}): success {min(before):.2f} -> {min(chances):.2f}"
        )
        if min(chances) < NOISE <= min(before) and not self.anyway:
            raise NoiseRefused(
                f"the processor was calibrated again ({facts['calibration']} -> {now}); the least likely circuit now "
                f"runs without an error with probability {min(chances):.2g}. Resume with --anyway, or later"
            )

    def _collected(self, number: int, part: int, facts: dict[str, Any], job_id: str) -> None:
        """Wait for a part and write what was measured."""
        work, _, _ = self._state(number, part, facts)
        count = len(facts["jobs"][part * PART : (part + 1) * PART])
        try:
            measured = self._result(job_id, work)
            if len(measured) != count or any(row.size < work.shots for row in measured):
                raise JobFailed(f"job {job_id} returned {len(measured)} results where {count} x {work.shots} were due")
        except JobFailed as error:
            self.folder.append("failed", tag=work.tag, job=job_id, why=str(error))
            raise JobFailed(f"round {number + 1}: {error}. Resuming runs this round again") from None
        rows = {"job": job_id, "measured": [row.tolist() for row in measured]}
        self.folder.write(f"{work.name}.json", rows)
        self.folder.append("collected", tag=work.tag, job=job_id)

    def _result(self, job_id: str, work: Work) -> list[Integers]:
        """Ask until the job is finished, or once when not waiting."""
        pause, last = patience.PAUSE_S, ""
        while True:
            answer = patiently(lambda: self.provider.collect(job_id, work), self.say)
            if not isinstance(answer, str):
                return answer
            if answer != last:
                self.say(f"round {work.number + 1}: job {job_id} is {answer.lower()}")
                last = answer
            if not self.wait:
                raise Unfinished(f"round {work.number + 1}: job {job_id} is {answer.lower()}")
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE_S)

    def cancel(self) -> list[str]:
        """Cancel what is submitted and not collected; the ids of the jobs cancelled."""
        cancelled = []
        for tag, job_id in open_jobs(self.folder).items():
            with suppress(JobFailed):  # finished in the meantime: nothing to cancel
                patiently(lambda job=job_id: self.provider.cancel(job), self.say)  # type: ignore[misc]
            self.folder.append("failed", tag=tag, job=job_id, why="cancelled by the user")
            cancelled.append(job_id)
        return cancelled
