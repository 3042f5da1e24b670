"""A machine whose rounds are transactions in a run folder: killed at any point, it goes on where it was.

The search is a deterministic function of the problem, the seed and what was measured. So nothing of it is stored but
its measurements: to resume, the whole call runs again, this machine answers the finished rounds from the folder, and
the first unfinished one goes on. A part of a round (one job of the service) moves through the journal as

    submitting -> submitted (job id) -> collected          and after a failure        failed -> submitting (new tag) ..

each line on the disk before the next step. A crash after `submitting` leaves open whether the service has the job, and
so does a journal that lost its end; its unique tag tells, and is asked for before every submission. Nothing that was
collected is ever asked for, or paid for, again.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qattn.arrays import Indices
from qattn.hardware import retry as patience
from qattn.hardware.compile import Compiler, NotExecutable, check_isa, measure_size
from qattn.hardware.error_rates import success
from qattn.hardware.errors import JobFailed, NetworkError, NoiseRefused, RunFolderError, Unfinished
from qattn.hardware.evidence import Sample
from qattn.hardware.post_selection import Shots
from qattn.hardware.provider import Provider, Work, fingerprint, open_jobs
from qattn.hardware.retry import patiently, pauses
from qattn.hardware.run_folder import RunFolder
from qattn.search.protocols import SET_ASIDE, Job

LONGEST_PAUSE_S = 30.0
PART = 300  # circuits per job of the service
NOISE = 0.05  # success below which a circuit measures noise
COPIES = 16  # most times a circuit is in a job, so that each gets about the shots it asked for
CONTROL, CONTROL_SHOTS = -1, 48  # row number and shots of the circuit without iterations that shows what guessing is
FEW = 0.25  # of the shots forecast to be kept; with fewer, nothing is set aside: the ancillas say nothing


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
        post_select: measure the ancillas, and set aside the shots in which they are not back in |0>.
        number: rounds asked for so far.
        samples: what each circuit measured, for `qattn.hardware.evidence`.
    """

    folder: RunFolder
    connect: Callable[[], Provider]
    seeds: int = 8
    wait: bool = True
    anyway: bool = False
    say: Callable[[str], None] = lambda words: None
    post_select: bool = True
    number: int = field(default=0, init=False)
    samples: list[Sample] = field(default_factory=list, init=False, repr=False)
    _provider: Provider | None = field(default=None, init=False)

    @property
    def provider(self) -> Provider:
        """The connection."""
        if self._provider is None:
            self._provider = patiently(self.connect, self.say)
        return self._provider

    def run(self, jobs: Sequence[Job]) -> list[Indices]:
        """The measured indices, one array per job: from the folder when the round is finished, else from the service.

        The first round has one more circuit, without iterations, which the search does not see.

        Args:
            jobs: what the search asks for.

        Returns:
            Every shot that ran, at least as many as were asked for; `SET_ASIDE` for one that shows an error.

        Raises:
            Unfinished: when a job of this round is queued or running and `wait` is off.
            HardwareError: when the round cannot be finished now; the folder stays resumable.
        """
        number, self.number = self.number, self.number + 1
        asked = [*jobs, _control(jobs)] if number == 0 else list(jobs)
        facts = self._prepared(number, asked)
        parts = range(-(-len(asked) // PART))
        counts = {p: self._counts(number, p) for p in parts}
        missing = [p for p in parts if counts[p] is None]
        ids = {p: self._submitted(number, p, facts, together=len(missing) > 1) for p in missing}
        if len(missing) > 1:
            self.provider.close()
        for p in missing:
            counts[p] = self._collected(number, p, facts, ids[p])
        shots = [shot for p in parts for shot in counts[p] or []]
        kept = self._kept(asked, shots, facts)
        self.samples += [
            _sample(number, job, shot, indices, right)
            for job, shot, indices, right in zip(asked, shots, kept, facts["right"], strict=True)
        ]
        return kept[: len(jobs)]

    def _kept(self, jobs: Sequence[Job], shots: Sequence[Shots], facts: dict[str, Any]) -> list[Indices]:
        """The indices, with the shots that show an error set aside; all of them where next to none would be left."""
        kept = [shot.kept(job.oracle.n) for job, shot in zip(jobs, shots, strict=True)]
        share = sum(int((indices != SET_ASIDE).sum()) for indices in kept) / sum(indices.size for indices in kept)
        if share < FEW * float(np.mean(facts["kept"])):
            self.say(f"only {share:.1%} of the shots have clean ancillas: this is noise, and none is set aside")
            return [shot.index for shot in shots]
        return kept

    def _counts(self, number: int, part: int) -> list[Shots] | None:
        """What a part measured, from the folder; None when it is not there or damaged."""
        name = f"rounds/{number:03d}-{part}.json"
        if not self.folder.has(name):
            return None
        try:
            return [
                Shots(np.array(index, dtype=np.int64), np.array(ancilla, dtype=np.int64))
                for index, ancilla in self.folder.read(name)["measured"]
            ]
        except (RunFolderError, ValueError, KeyError, TypeError):
            self.say(f"{name} is damaged; its job is collected again")
            return None

    def _prepared(self, number: int, jobs: Sequence[Job]) -> dict[str, Any]:
        """The round's file; its circuits are compiled, checked and written first."""
        name, asked = f"rounds/{number:03d}.json", fingerprint(jobs)
        if known := self._known(number):
            if known["fingerprint"] != asked:
                raise RunFolderError(
                    f"round {number} of {self.folder.root} was made for other jobs; this run was begun with "
                    f"{self.folder.manifest['versions']}: resume it with these versions"
                )
            return known
        self.say(f"round {number + 1}: compiling {len(jobs)} circuits")
        shots, copies = _portions([job.shots for job in jobs])
        facts = {
            "fingerprint": asked,
            "shots": shots,
            "copies": copies,
            "seed": jobs[0].seed % 2**31,
            "jobs": [
                {
                    "row": job.row, "iterations": job.iterations, "excluded": list(job.excluded),
                    "shots": shots * count,
                }
                for job, count in zip(jobs, copies, strict=True)
            ],
        }  # fmt: skip
        facts |= self._compiled(number, jobs)
        self.folder.write(name, facts)
        return facts

    def _known(self, number: int) -> dict[str, Any] | None:
        """A round's file; None when it, or a circuit that is still needed, is not there or damaged."""
        name = f"rounds/{number:03d}.json"
        if not self.folder.has(name):
            return None
        try:
            facts: dict[str, Any] = self.folder.read(name)
            for part in range(-(-len(facts["jobs"]) // PART)):
                if self._counts(number, part) is None:
                    self.folder.read_circuits(f"rounds/{number:03d}-{part}.qpy")
        except (RunFolderError, KeyError, TypeError) as error:
            self.say(f"round {number + 1} is damaged ({error}); its circuits are compiled again")
            return None
        return facts

    def _compiled(self, number: int, jobs: Sequence[Job]) -> dict[str, Any]:
        """Compile a round's circuits for the processor as it is now, and write them."""
        target = self.provider.target
        compiler = Compiler(target, self.seeds)
        circuits = [compiler.job(job, ancillas=self.post_select) for job in jobs]
        sizes = [
            measure_size(circuit, target, job.oracle.n, post_select=self.post_select)
            for job, circuit in zip(jobs, circuits, strict=True)
        ]
        self._refuse_noise(jobs, [size.success for size in sizes])
        for circuit in circuits:
            check_isa(circuit, target)
        for start in range(0, len(circuits), PART):
            name = f"rounds/{number:03d}-{start // PART}.qpy"
            self.folder.write_circuits(name, circuits[start : start + PART])
        return {
            "calibration": self.provider.calibration,
            "success": [size.success for size in sizes],
            "kept": [size.kept for size in sizes],
            "right": [size.right for size in sizes],
            "two_qubit_gates": [size.two_qubit_gates for size in sizes],
            "duration_s": [size.duration_s for size in sizes],
            "layout": [list(size.qubits) for size in sizes],
        }

    def _refuse_noise(self, jobs: Sequence[Job], chances: Sequence[float]) -> None:
        known = [(chance, job.iterations) for chance, job in zip(chances, jobs, strict=True) if not math.isnan(chance)]
        worst, m = min(known, default=(1.0, 0))
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
        if found := self._find(work.tag, patient=maybe):
            self.folder.append("submitted", tag=work.tag, job=found, found="by its tag")
            self.say(f"round {number + 1}: job {found} was submitted before the crash; going on with it")
            return found
        self._check_calibration(work, facts)
        self.folder.append("submitting", tag=work.tag)
        job_id = self._submit(work, together)
        self.folder.append("submitted", tag=work.tag, job=job_id)
        shots = work.shots * sum(work.copies)
        self.say(f"round {number + 1}: job {job_id} submitted, {len(work.copies)} circuits, {shots} shots")
        return job_id

    def _state(self, number: int, part: int, facts: dict[str, Any]) -> tuple[Work, str | None, bool]:
        """(work of the present attempt, its job id if known, whether the service may have it unknown to us)."""
        events = self.folder.events()
        attempt = 0
        while True:
            copies = tuple(facts["copies"][part * PART : (part + 1) * PART])
            work = Work(self.folder, number, part, attempt, facts["shots"], copies, facts["seed"])
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
                time.sleep(pause * error.patience)
                if found := self._find(work.tag):
                    return found
        raise NetworkError(f"could not submit the job: {last}; resume the run when the network is back")

    def _find(self, tag: str, *, patient: bool = True) -> str | None:
        """The job of a tag; asked a few times where there may be one, because a service may list a new job late."""
        for pause in list(pauses())[: 3 if patient else 1]:
            found = patiently(lambda: self.provider.find(tag), self.say)
            if found or not patient:
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

    def _collected(self, number: int, part: int, facts: dict[str, Any], job_id: str) -> list[Shots]:
        """Wait for a part and write what was measured."""
        work, _, _ = self._state(number, part, facts)
        try:
            measured = self._result(job_id, work)
            short = any(s.index.size < work.shots * count for s, count in zip(measured, work.copies, strict=False))
            if short or len(measured) != len(work.copies):
                raise JobFailed(
                    f"job {job_id} returned {len(measured)} results of {sum(s.index.size for s in measured)} shots "
                    f"where {len(work.copies)} of {work.shots * sum(work.copies)} were due"
                )
        except JobFailed as error:
            self.folder.append("failed", tag=work.tag, job=job_id, why=str(error))
            raise JobFailed(f"round {number + 1}: {error}. Resuming runs this round again") from None
        rows = [[shots.index.tolist(), shots.ancilla.tolist()] for shots in measured]
        self.folder.write(f"{work.name}.json", {"job": job_id, "measured": rows})
        self.folder.append("collected", tag=work.tag, job=job_id)
        return measured

    def _result(self, job_id: str, work: Work) -> list[Shots]:
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
        """Cancel what is submitted and not collected; the ids of the jobs cancelled.

        A job that can no longer be cancelled stays open: it has finished, and resuming collects it.
        """
        cancelled = []
        for tag, job_id in open_jobs(self.folder).items():
            try:
                patiently(lambda job=job_id: self.provider.cancel(job), self.say)  # type: ignore[misc]
            except JobFailed as error:
                self.say(f"job {job_id} cannot be cancelled any more ({error}); resuming collects what it measured")
                continue
            self.folder.append("failed", tag=tag, job=job_id, why="cancelled by the user")
            cancelled.append(job_id)
        return cancelled


def _portions(shots: Sequence[int]) -> tuple[int, list[int]]:
    """(shots of every circuit of a job, how often each circuit is in it): a job has one number of shots for all.

    Each gets what it asked for, or a little more; nothing that ran is thrown away.
    """
    portion = max(min(shots), -(-max(shots) // COPIES))
    return portion, [-(-count // portion) for count in shots]


def _control(jobs: Sequence[Job]) -> Job:
    """A circuit without iterations over as many indices as any: what the processor measures when it guesses."""
    widest = max(jobs, key=lambda job: job.oracle.n)
    return Job(widest.oracle, 0, shots=CONTROL_SHOTS, seed=widest.seed, row=CONTROL)


def _sample(number: int, job: Job, shots: Shots, kept: Indices, right: float) -> Sample:
    """What a circuit measured, and which of it it marks."""
    seen = np.unique(kept[(kept >= 0) & (kept < job.oracle.n)])
    marks = set(seen[job.oracle.marks(seen)].tolist()) if seen.size and job.row != CONTROL else set()
    marked = frozenset(marks - set(job.excluded))
    valid = np.where(kept < job.oracle.n, kept, SET_ASIDE)
    return Sample((number, job.row), job.iterations, job.oracle.n, right, shots.index, valid, marked)
