"""The shell on hardware: `qattn forecast | submit | status | resume | cancel`, and `qattn run --backend`.

Exit codes: 0 done (or submitted), 2 a mistake in the input or the folder, 3 refused as noise, 4 account, 5 network,
6 a job failed (resume runs its round again), 7 not finished yet, 8 no processor time left in the account.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from qattn.cli.options import (
    DECOUPLING,
    Bits,
    Causal,
    Delta,
    File,
    Head,
    Json,
    K,
    Oracle,
    Rank,
    Scale,
    Seed,
    Seeds,
    Tau,
    one_of,
)  # fmt: skip

if TYPE_CHECKING:
    from qattn.hardware.forecast import Forecast
    from qattn.hardware.run import HardwareResult

out, err = Console(), Console(stderr=True)

Folder = Annotated[Path, typer.Argument(help="The run folder.")]
Backend = Annotated[str, typer.Option(help="fake_torino, fake_fez, .. (simulated here) or a backend of your account.")]
Anyway = Annotated[bool, typer.Option("--anyway", help="Submit although the forecast says noise.")]
Decoupling = Annotated[str, one_of((*DECOUPLING, "none"), "Dynamical decoupling: XX, XpXm, XY4 or none.", "--dd")]
TwirlGates = Annotated[bool, typer.Option(help="Pauli twirling of two-qubit gates.")]
TwirlMeasure = Annotated[bool, typer.Option(help="Twirling of readout.")]
Shots = Annotated[int | None, typer.Option(help="Shots per row and round; by default what the forecast needs.")]
PostSelect = Annotated[bool, typer.Option(help="Set aside the shots in which ancillas show an error.")]
MaxTime = Annotated[int | None, typer.Option("--max-execution-time", help="Seconds of the processor per job.")]


def register(app: typer.Typer) -> None:
    """Add the hardware commands to the app."""
    for command in (forecast, submit, status, resume, cancel):
        app.command()(command)


def forecast(
    file: File, backend: Backend, head: Head = None, tau: Tau = None, k: K = None, scale: Scale = 1.0,
    causal: Causal = False, delta: Delta = 0.01, rank: Rank = None, bits: Bits = None, oracle: Oracle = "arithmetic",
    seeds: Seeds = 8, as_json: Json = False,
) -> None:  # fmt: skip
    """What a run on a processor would take and whether it can work; exit code 3 when it would measure noise."""
    with _errors():
        from qattn.data import load_npz
        from qattn.hardware.run import forecast as make

        Q, keys, _ = load_npz(file, head)
        made = make(
            Q, keys, tau, backend=backend, k=k, scale=scale, causal=causal, delta=delta, rank=rank, bits=bits,
            oracle=oracle, seeds=seeds,
        )  # fmt: skip
        _print(made.to_dict(), as_json, lambda: _show_forecast(made))
        if made.verdict == "noise":
            raise typer.Exit(3)


def submit(
    file: File, folder: Annotated[Path, typer.Option(help="Where to keep the run; made new.")], backend: Backend,
    head: Head = None, tau: Tau = None, k: K = None, scale: Scale = 1.0, causal: Causal = False, delta: Delta = 0.01,
    rank: Rank = None, bits: Bits = None, oracle: Oracle = "arithmetic", seeds: Seeds = 8,
    seed: Seed = 0, shots: Shots = None, post_select: PostSelect = True, anyway: Anyway = False,
    dd: Decoupling = "XY4", twirl_gates: TwirlGates = True, twirl_measure: TwirlMeasure = True,
    max_execution_time: MaxTime = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Forecast, make the run folder and submit the first round; `qattn resume` collects it and goes on."""
    from qattn.hardware.execution import Execution

    execution = Execution(None if dd == "none" else dd, twirl_gates, twirl_measure, max_execution_time)
    run_on(
        file, head, tau, folder, backend=backend, wait=False, as_json=as_json, k=k, scale=scale, causal=causal,
        delta=delta, rank=rank, bits=bits, seed=seed, oracle=oracle, seeds=seeds, shots=shots, post_select=post_select,
        anyway=anyway, execution=execution,
    )  # fmt: skip


def run_on(
    file: Path, head: str | None, tau: float | None, folder: Path | None, *, backend: str, wait: bool = True,
    as_json: bool = False, **options: Any,
) -> None:  # fmt: skip
    """Begin a run on a backend and go on with it: to its end, or without `wait` until the first job is queued.

    Args:
        file: .npz or .safetensors with Q, K, V.
        head: which head of the file; None: the arrays Q, K, V.
        tau: threshold, or None with k among the options.
        folder: of the run; None: a new one below out/runs.
        backend: its name.
        wait: False: return when the first job is queued.
        as_json: print JSON instead of a report.
        options: of `qattn.hardware.run.Request`.
    """
    from qattn.data import load_npz
    from qattn.hardware.errors import Unfinished
    from qattn.hardware.run import Request, begin, go_on

    place = folder or Path("out/runs") / time.strftime(f"{backend}-%Y%m%d-%H%M%S")
    with _errors(place):
        run, seen = begin(place, *load_npz(file, head), tau, Request(backend, **options))
        if not as_json:
            out.print(seen.words, highlight=False)
            out.print(f"run folder: {run.root}", highlight=False)
        try:
            done = go_on(run, wait=wait, say=_say)
        except Unfinished as waiting:
            facts = {"folder": str(run.root), "finished": False, "state": str(waiting)}
            _print(facts, as_json, lambda: out.print(f"later: qattn resume {run.root}", highlight=False))
            return
        _print(done.to_dict(), as_json, lambda: _show_result(done))


def status(folder: Folder, as_json: Json = False) -> None:
    """Where a run stands, from its folder alone; nothing is asked of the service."""
    with _errors(folder):
        from qattn.hardware.run import status as read
        from qattn.hardware.run_folder import RunFolder

        facts = read(RunFolder.open(folder))
        _print(facts, as_json, lambda: _show_facts(facts))


def resume(
    folder: Folder,
    wait: Annotated[bool, typer.Option(help="Wait for queued jobs.")] = True,
    anyway: Anyway = False,
    as_json: Json = False,
) -> None:
    """Collect what is finished, submit what is next, and report when nothing is left to find."""
    with _errors(folder):
        from qattn.hardware.run import go_on
        from qattn.hardware.run_folder import RunFolder

        done = go_on(RunFolder.open(folder), wait=wait, anyway=anyway, say=_say)
        _print(done.to_dict(), as_json, lambda: _show_result(done))


def cancel(folder: Folder, as_json: Json = False) -> None:
    """Cancel the jobs that are not collected; the run stays resumable."""
    with _errors(folder):
        from qattn.hardware.run import cancel as stop
        from qattn.hardware.run_folder import RunFolder

        jobs = stop(RunFolder.open(folder), say=_say)
        words = f"cancelled {', '.join(jobs)}" if jobs else "no job is queued or running"
        _print({"cancelled": jobs}, as_json, lambda: out.print(words, highlight=False))


@contextmanager
def _errors(folder: Path | None = None) -> Iterator[None]:
    """What stops a run is one line and its exit code."""
    from qattn.hardware.errors import HardwareError

    try:
        yield
    except HardwareError as error:
        if error.code != 7:
            err.print("[red]error:[/red]", end=" ")
        err.print(" ".join(str(error).split()), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(error.code) from None
    except KeyboardInterrupt:
        if folder is not None and (folder / "manifest.json").exists():
            err.print(f"stopped; the run is kept, go on with: qattn resume {folder}", highlight=False)
            raise typer.Exit(130) from None
        raise


def _say(words: str) -> None:
    err.print(words, style="dim", highlight=False, markup=False, soft_wrap=True)


def _print(facts: dict[str, Any], as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        from qattn.result import json_text

        print(json_text(facts))
    else:
        show()


def _show_forecast(made: Forecast) -> None:
    table = Table(
        "m", "qubits", "two-qubit gates", "depth", "duration", "success", "hit (k = 1)", "kept", "hit if kept",
        "without noise",
    )  # fmt: skip
    for line in made.iterations:
        size = line.size
        table.add_row(
            str(line.m), str(len(size.qubits)), str(size.two_qubit_gates), str(size.depth),
            f"{size.duration_s * 1e6:.1f} us", f"{size.success:.2g}", f"{line.hit:.3f}", f"{size.kept:.2f}",
            f"{line.hit_kept(made.n):.3f}", f"{line.ideal:.3f}",
        )  # fmt: skip
    out.print(f"{made.n} keys, {made.n_q} rows on {made.backend}; oracle: {made.label}", highlight=False)
    out.print(table)
    if not made.complete:
        out.print("larger m were not compiled: they are noise too")
    out.print(f"about {made.rounds} rounds, {made.shots} shots, {made.qpu_s:.0f} s of the processor", highlight=False)
    out.print(made.words, highlight=False)


def _show_result(done: HardwareResult) -> None:
    from qattn.show.report import show

    show(done.result, out)
    out.print(done.words, highlight=False)


def _show_facts(facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        words = ", ".join(map(str, value)) or "none" if isinstance(value, list) else value
        out.print(f"{name.replace('_', ' ')}: {words}", highlight=False, markup=False)
