"""Attention on a quantum processor: forecast, begin, walk away, go on; every step survives the loss of this process."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit.transpiler import Target

from qattn.arrays import real_array
from qattn.attention import attend
from qattn.encoding.precision import choose_precision
from qattn.hardware.errors import NoiseRefused
from qattn.hardware.evidence import Evidence, Sample, weigh
from qattn.hardware.execution import Execution
from qattn.hardware.forecast import Forecast, forecast_rows
from qattn.hardware.ibm import SIMULATED, connect
from qattn.hardware.miss_estimate import last_runs, measured_miss
from qattn.hardware.provider import Provider, collected_jobs, open_jobs
from qattn.hardware.resumable import CONTROL, FolderMachine
from qattn.hardware.run_folder import RunFolder
from qattn.oracles import families
from qattn.oracles.rows import compile_rows
from qattn.problem import make_problem
from qattn.result import AttentionResult
from qattn.search.protocols import SET_ASIDE

Say = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What to run where; all of it is in the run folder's manifest.

    Attributes:
        backend: a name: fake_torino and its like are simulated here, others are IBM Quantum's.
        k: as in `attend`; so are the next eight.
        scale: multiplies Q.
        causal: row i sees only the keys up to its own.
        delta: allowed probability of missing any key, for ideal circuits.
        rank: key components the circuit computes with.
        bits: bits per component.
        far_field: "ones", "constant" or "linear".
        samples: keys drawn per row for the far field.
        seed: of the search; what a processor measures has no seed.
        oracle: "arithmetic", or "truth_table" (scores all keys; a demonstration of Grover search).
        seeds: layout seeds tried per circuit.
        shots: shots per row and round; None: as many as the forecast needs for a search of one round.
        post_select: measure the ancillas, and set aside the shots in which they are not back in |0>.
        anyway: submit although the forecast says noise.
        execution: dynamical decoupling, twirling, time limit.
    """

    backend: str
    k: int | None = None
    scale: float = 1.0
    causal: bool = False
    delta: float = 1e-2
    rank: int | None = None
    bits: int | None = None
    far_field: str = "ones"
    samples: int = 16
    seed: int = 0
    oracle: str = "arithmetic"
    seeds: int = 8
    shots: int | None = None
    post_select: bool = True
    anyway: bool = False
    execution: Execution = field(default_factory=Execution)

    def __post_init__(self) -> None:
        families.get(self.oracle)
        if self.seeds < 1:
            raise ValueError(f"seeds = {self.seeds}; try at least one layout")
        if self.shots is not None and self.shots < 1:
            raise ValueError(f"shots = {self.shots}; give at least one per row and round, or None")

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Request:
        """The request that `dataclasses.asdict` described."""
        return cls(**{**facts, "execution": Execution(**facts["execution"])})


@dataclass(frozen=True, eq=False)
class HardwareResult:
    """An attention result and how it came about on hardware.

    Attributes:
        result: output, found keys, account; every found key is verified.
        facts: backend, oracle, jobs, circuits, shots and how many were kept, calibrations, the range of forecast
            success, the rows that were scans, and `miss_estimate`, the probability of a missed key with the errors that
            were measured.
        evidence: whether the processor did better than guessing.
    """

    result: AttentionResult
    facts: dict[str, Any]
    evidence: Evidence

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        return {**self.result.to_dict(), "hardware": {**self.facts, "evidence": self.evidence.to_dict()}}

    @property
    def words(self) -> str:
        """The part of the report that hardware adds."""
        f = self.facts
        low, high = f["success"]
        chance = "with unknown probability" if math.isnan(low) else f"with probability {low:.2f} to {high:.2f}"
        return "\n".join([
            f"{f['backend']}: {f['rounds']} rounds, {f['circuits']} circuits, {f['shots']} shots ({f['kept']} kept); a "
            f"circuit runs without an error {chance} (forecast)",
            self.evidence.words,
            "every key above is verified; a run like this misses any with probability at most "
            f"{self.result.miss_bound:.2e} on ideal circuits, about {f['miss_estimate']:.2e} with the errors measured",
            *([scan_words(f["scans"], len(self.result.found))] if f["scans"] else []),
            f"oracle: {f['label']}",
            f"execution: {f['execution']}",
        ])  # fmt: skip


def scan_words(rows: Sequence[int], count: int) -> str:
    """That some rows were scans, whatever a processor did.

    Args:
        rows: numbers of the rows of which every key was scored classically.
        count: of all rows.

    Returns:
        One sentence.
    """
    if len(rows) == count:
        return "this was a scan: every key of every row was scored classically"
    return f"row{'s'[: len(rows) > 1]} {', '.join(map(str, rows))}: this was a scan, every key was scored classically"


def forecast(
    Q: ArrayLike, K: ArrayLike, tau: ArrayLike | None = None, *, backend: str | Any, **options: Any
) -> Forecast:
    """What a search on a processor would take and whether it can work; nothing is run.

    Args:
        Q: (n_q, d) rows.
        K: (n, d) keys.
        tau: threshold, one per row or one for all; None with k given.
        backend: a name (fake_torino, ibm_torino), a backend, or a Target.
        options: any of `Request`: k, scale, causal, delta, rank, bits, oracle, seeds, shots, post_select.

    Returns:
        The forecast, with its verdict.

    Raises:
        ValueError: when an input does not fit, or the processor is too small.
        ImportError: when a backend is named and qiskit-ibm-runtime is missing.

    Cost: compiles up to two rows for each m: seconds for n up to 16, about 10 s for n = 64, which is noise.
    """
    if isinstance(backend, str):
        return _forecast(Q, K, tau, Request(backend, **options), connect(backend).target)
    name, target = ("this target", backend) if isinstance(backend, Target) else (str(backend.name), backend.target)
    return _forecast(Q, K, tau, Request(name, **options), target)


def begin(
    folder: str | Path,
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    tau: ArrayLike | None,
    request: Request,
    *,
    connector: Callable[[], Provider] | None = None,
) -> tuple[RunFolder, Forecast]:
    """Make the run folder, after the forecast; `go_on` submits.

    Args:
        folder: where; made new.
        Q: (n_q, d) rows.
        K: (n, d) keys.
        V: (n, d_v) values.
        tau: threshold, one per row or one for all; None with k given.
        request: what to run where.
        connector: makes the provider; by default the request's backend.

    Returns:
        The run folder and the forecast.

    Raises:
        NoiseRefused: when the forecast says noise and the request does not say `anyway`.
        RunFolderError: when the folder holds a run already, or cannot be written.
        HardwareError: when the processor's calibration cannot be read.
    """
    provider = (connector or (lambda: connect(request.backend, request.execution)))()
    seen = _forecast(Q, K, tau, request, provider.target)
    if seen.verdict == "noise" and not request.anyway:
        raise NoiseRefused(f"{seen.words}. Submit it anyway with --anyway, or use fewer keys, bits or components")
    arrays: dict[str, NDArray[Any]] = {name: real_array(name, array) for name, array in (("Q", Q), ("K", K), ("V", V))}
    if tau is not None:
        arrays["tau"] = real_array("tau", tau)
    manifest = {
        "request": asdict(request),
        "oracle": seen.label,
        "forecast": seen.to_dict(),
        "shots": request.shots or seen.row_shots,
        "longest": seen.longest,
        "calibration": provider.calibration,
    }
    return RunFolder.create(folder, arrays, manifest), seen


def go_on(
    folder: RunFolder,
    *,
    wait: bool = True,
    anyway: bool = False,
    say: Say = lambda words: None,
    connector: Callable[[], Provider] | None = None,
) -> HardwareResult:
    """Run the search as far as it goes: finished rounds come from the folder, the next one is submitted or collected.

    Args:
        folder: the run.
        wait: wait for queued jobs.
        anyway: go on although a circuit became noise.
        say: told what happens.
        connector: makes the provider; by default the request's backend.

    Returns:
        The result, with the evidence that the processor did better than guessing, or that there is none.

    Raises:
        Unfinished: without `wait`, while a job is queued or running.
        HardwareError: when a round cannot be finished now; nothing that was measured is lost, and this can be called
            again.
    """
    request = Request.from_dict(folder.manifest["request"])
    machine = FolderMachine(
        folder, connector or (lambda: connect(request.backend, request.execution)),
        seeds=request.seeds, wait=wait, anyway=anyway or request.anyway, say=say, post_select=request.post_select,
    )  # fmt: skip
    over = folder.finished
    with folder.locked(reading=over):
        arrays = folder.arrays()
        result = attend(
            arrays["Q"], arrays["K"], arrays["V"], arrays.get("tau"), k=request.k, sampler=machine,
            far_field=request.far_field, scale=request.scale, causal=request.causal, delta=request.delta,
            rank=request.rank, bits=request.bits, samples=request.samples, seed=request.seed, objective="rounds",
            oracle=request.oracle, shots=folder.manifest["shots"], longest=folder.manifest["longest"],
        )  # fmt: skip
        evidence = weigh(machine.samples)
        finished = HardwareResult(result, _facts(folder, request, result, machine.samples, evidence), evidence)
        if not over:
            folder.write("result.json", finished.to_dict())
    return finished


def status(folder: RunFolder) -> dict[str, Any]:
    """Where a run stands, from its folder alone."""
    rounds = _rounds(folder)
    events = folder.events()
    return {
        "folder": str(folder.root),
        "backend": folder.manifest["request"]["backend"],
        "oracle": folder.manifest["oracle"],
        "finished": folder.finished,
        "rounds": len(rounds),
        "collected": len(collected_jobs(folder)),
        "open_jobs": sorted(open_jobs(folder).values()),
        "failures": [event["why"] for event in events if event["event"] == "failed"],
    }


def cancel(
    folder: RunFolder, *, say: Say = lambda words: None, connector: Callable[[], Provider] | None = None
) -> list[str]:
    """Cancel the jobs that are not collected; the run can be resumed, which submits their round again.

    A job that has finished in the meantime keeps its results: resuming collects them.

    Args:
        folder: the run.
        say: told what happens.
        connector: makes the provider; by default the request's backend.

    Returns:
        The ids of the jobs that were cancelled.

    Raises:
        HardwareError: when the service cannot be asked; nothing is lost.
    """
    request = Request.from_dict(folder.manifest["request"])
    with folder.locked():
        machine = FolderMachine(folder, connector or (lambda: connect(request.backend, request.execution)), say=say)
        return machine.cancel()


def _forecast(Q: ArrayLike, K: ArrayLike, tau: ArrayLike | None, request: Request, target: Target) -> Forecast:
    """The forecast of a request on a target."""
    nothing = np.zeros((len(np.asarray(K)), 1))
    problem = make_problem(Q, K, nothing, tau, k=request.k, scale=request.scale, causal=request.causal)
    precision = choose_precision(problem.Q, problem.K, problem.tau, problem.k, bits=request.bits, rank=request.rank)
    rows = compile_rows(problem, precision, families.get(request.oracle)).oracles()
    return forecast_rows(
        rows, target, request.backend, oracle=request.oracle, delta=request.delta, k_max=problem.k,
        seeds=request.seeds, shots=request.shots, post_select=request.post_select,
    )  # fmt: skip


def _rounds(folder: RunFolder) -> list[dict[str, Any]]:
    """The round files, in order."""
    names: list[str] = []
    while folder.has(f"rounds/{len(names):03d}.json"):
        names.append(f"rounds/{len(names):03d}.json")
    return [folder.read(name) for name in names]


def _facts(
    folder: RunFolder, request: Request, result: AttentionResult, samples: Sequence[Sample], evidence: Evidence
) -> dict[str, Any]:
    rounds = _rounds(folder)
    chances = np.array([success for facts in rounds for success in facts["success"]] or [1.0], dtype=float)
    return {
        "backend": request.backend,
        "oracle": request.oracle,
        "label": folder.manifest["oracle"],
        "execution": request.execution.words(simulated=request.backend.startswith(("fake_", SIMULATED))),
        "rounds": len(rounds),
        "jobs": len(collected_jobs(folder)),
        "circuits": sum(sum(facts["copies"]) for facts in rounds),
        "shots": sum(line.shots for line in evidence.lines),
        "kept": sum(line.kept for line in evidence.lines),
        "calibrations": sorted({facts["calibration"] for facts in rounds}),
        "success": [float(chances.min()), float(chances.max())],  # NaN where any of them is unknown
        "scans": np.flatnonzero(result.accounts.evaluations >= result.problem.visible).tolist(),
        "miss_estimate": _miss_estimate(rounds, result, samples, evidence),
    }


def _miss_estimate(
    rounds: list[dict[str, Any]], result: AttentionResult, samples: Sequence[Sample], evidence: Evidence
) -> float:
    """The estimated probability that any row misses a key; a row that measured all its keys misses none."""
    p, extras = result.problem, result.accounts.extras
    ends = []
    for row in sorted({job["row"] for facts in rounds for job in facts["jobs"]} - {CONTROL}):
        known = len(result.found[row]) + int(extras[row])
        most = int(p.visible[row] if p.k is None else min(p.k, p.visible[row])) - known
        measured = {j for sample in samples if sample.place[1] == row for j in sample.kept.tolist()} - {SET_ASIDE}
        if len(measured) < p.visible[row]:
            ends.append(last_runs(rounds, row, int(p.visible[row]), most))
    return measured_miss(ends, evidence)
