"""Attention on a quantum processor: forecast, begin, walk away, go on; every step survives the loss of this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit.transpiler import Target

from qattn.arrays import real_array
from qattn.attention import attend
from qattn.encoding.precision import choose_precision
from qattn.find import compile_rows
from qattn.hardware.errors import NoiseRefused
from qattn.hardware.forecast import Forecast, forecast_rows
from qattn.hardware.ibm import Execution, connect
from qattn.hardware.miss_estimate import last_runs, miss_estimate
from qattn.hardware.provider import Provider, collected_jobs, open_jobs
from qattn.hardware.resumable import FolderMachine
from qattn.hardware.run_folder import RunFolder
from qattn.oracles import families
from qattn.problem import make_problem
from qattn.result import AttentionResult

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
    anyway: bool = False
    execution: Execution = field(default_factory=Execution)

    def __post_init__(self) -> None:
        families.get(self.oracle)
        if self.seeds < 1:
            raise ValueError(f"seeds = {self.seeds}; try at least one layout")

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Request:
        """The request that `dataclasses.asdict` described."""
        return cls(**{**facts, "execution": Execution(**facts["execution"])})


@dataclass(frozen=True, eq=False)
class HardwareResult:
    """An attention result and how it came about on hardware.

    Attributes:
        result: output, found keys, account; every found key is verified.
        facts: backend, oracle, jobs, circuits, shots, calibrations, the range of forecast success, and
            `miss_estimate`, the probability of a missed key under the forecast noise.
    """

    result: AttentionResult
    facts: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        return {**self.result.to_dict(), "hardware": self.facts}

    @property
    def words(self) -> str:
        """The part of the report that hardware adds."""
        f = self.facts
        return (
            f"{f['backend']}: {f['rounds']} rounds, {f['circuits']} circuits, {f['shots']} shots; a circuit runs "
            f"without an error with probability {f['success'][0]:.2f} to {f['success'][1]:.2f} (forecast)\n"
            "every key above is verified; a run like this misses any with probability at most "
            f"{self.result.miss_bound:.2e} on ideal circuits, about {f['miss_estimate']:.2e} under the forecast noise\n"
            f"oracle: {f['label']}"
        )


def forecast(
    Q: ArrayLike, K: ArrayLike, tau: ArrayLike | None = None, *, backend: str | Any, **options: Any
) -> Forecast:
    """What a search on a processor would take and whether it can work; nothing is run.

    Args:
        Q: (n_q, d) rows.
        K: (n, d) keys.
        tau: threshold, one per row or one for all; None with k given.
        backend: a name (fake_torino, ibm_torino), a backend, or a Target.
        options: any of `Request`: k, scale, causal, delta, rank, bits, oracle, seeds.

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

    Raises:
        NoiseRefused: when the forecast says noise and the request does not say `anyway`.
        RunFolderError: when the folder holds a run already.
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

    Raises:
        Unfinished: without `wait`, while a job is queued or running.
        HardwareError: when a round cannot be finished now; nothing that was measured is lost, and this can be called
            again.
    """
    request = Request.from_dict(folder.manifest["request"])
    machine = FolderMachine(
        folder, connector or (lambda: connect(request.backend, request.execution)),
        seeds=request.seeds, wait=wait, anyway=anyway or request.anyway, say=say,
    )  # fmt: skip
    with folder.locked():
        arrays = folder.arrays()
        result = attend(
            arrays["Q"], arrays["K"], arrays["V"], arrays.get("tau"), k=request.k, sampler=machine,
            far_field=request.far_field, scale=request.scale, causal=request.causal, delta=request.delta,
            rank=request.rank, bits=request.bits, samples=request.samples, seed=request.seed, objective="rounds",
            oracle=request.oracle,
        )  # fmt: skip
        finished = HardwareResult(result, _facts(folder, request, result))
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
        "finished": folder.has("result.json"),
        "rounds": len(rounds),
        "collected": len(collected_jobs(folder)),
        "open_jobs": sorted(open_jobs(folder).values()),
        "failures": [event["why"] for event in events if event["event"] == "failed"],
    }


def cancel(
    folder: RunFolder, *, say: Say = lambda words: None, connector: Callable[[], Provider] | None = None
) -> list[str]:
    """Cancel the jobs that are not collected; the run can be resumed, which submits their round again.

    Args:
        folder: the run.
        say: told what happens.
        connector: makes the provider; by default the request's backend.
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
        seeds=request.seeds,
    )  # fmt: skip


def _rounds(folder: RunFolder) -> list[dict[str, Any]]:
    """The round files, in order."""
    names: list[str] = []
    while folder.has(f"rounds/{len(names):03d}.json"):
        names.append(f"rounds/{len(names):03d}.json")
    return [folder.read(name) for name in names]


def _facts(folder: RunFolder, request: Request, result: AttentionResult) -> dict[str, Any]:
    rounds = _rounds(folder)
    chances = [success for facts in rounds for success in facts["success"]] or [1.0]
    return {
        "backend": request.backend,
        "oracle": request.oracle,
        "label": folder.manifest["oracle"],
        "rounds": len(rounds),
        "jobs": len(collected_jobs(folder)),
        "circuits": sum(len(facts["jobs"]) for facts in rounds),
        "shots": sum(facts["shots"] * len(facts["jobs"]) for facts in rounds),
        "calibrations": sorted({facts["calibration"] for facts in rounds}),
        "success": [min(chances), max(chances)],
        "miss_estimate": _miss_estimate(rounds, result),
    }


def _miss_estimate(rounds: list[dict[str, Any]], result: AttentionResult) -> float:
    """The estimated probability that any row misses a key; a row whose keys were all checked misses none."""
    p, extras = result.problem, result.accounts.extras
    ends = []
    for row in sorted({job["row"] for facts in rounds for job in facts["jobs"]}):
        known = len(result.found[row]) + int(extras[row])
        most = int(p.visible[row] if p.k is None else min(p.k, p.visible[row])) - known
        if result.accounts.evaluations[row] < p.visible[row]:
            ends.append(last_runs(rounds, row, int(p.visible[row]), most))
    return miss_estimate(ends)
