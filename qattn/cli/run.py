"""The shell: `qattn demo | run | ...`; each command prints a table, or JSON with --json."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import numpy as np
import typer
from rich.console import Console

import qattn
from qattn.cli import estimate as cli_estimate
from qattn.cli import hardware as cli_hardware
from qattn.cli import step as cli_step
from qattn.cli.options import (
    Bits,
    Causal,
    Delta,
    FarField,
    Figure,
    File,
    Head,
    Json,
    K,
    Method,
    Oracle,
    Rank,
    Samples,
    Scale,
    Seed,
    Tau,
)  # fmt: skip

if TYPE_CHECKING:
    from qattn.machines.row_search import Interrupted
    from qattn.result import AttentionResult
    from qattn.tuning import Choice

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli_hardware.register(app)
cli_estimate.register(app)
cli_step.register(app)
console, err = Console(), Console(stderr=True)


def main() -> None:
    """Run the app; what the user can mend is one line on stderr and exit code 2, Ctrl-C is exit code 130."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except (ValueError, ImportError, OSError, MemoryError) as error:
        fail(str(error) or type(error).__name__)
    except Exception as error:
        usage = getattr(error, "format_message", None)  # of click, or of the copy of it in newer versions of typer
        if usage is None:
            raise
        if usage():  # empty after the help that stands in for no arguments
            fail(usage())
        sys.exit(2)


def fail(words: str) -> NoReturn:
    """One line on stderr, exit code 2."""
    line = "error: " + " ".join(words.split())
    Console(stderr=True).print(line, highlight=False, markup=False, soft_wrap=True)
    sys.exit(2)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"qattn {qattn.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Attention by quantum search, on Qiskit.

    Exit codes: 0 done; 1 no choice meets --target-error; 2 a mistake in the input, a file or an option (one line on
    stderr); 3 to 7 on hardware: noise, account, network, a failed job, not finished yet; 130 stopped by Ctrl-C.
    """


@app.command()
def run(
    file: File,
    head: Head = None,
    tau: Tau = None,
    k: K = None,
    method: Method = "grover",
    statistics: Annotated[
        bool | None,
        typer.Option(
            "--statistics/--circuits",
            help="Exact Grover statistics, or whole circuits. Default: circuits; with --target-error, statistics.",
        ),
    ] = None,
    far_field: FarField = "ones",
    samples: Samples = 16,
    target_error: Annotated[
        float | None, typer.Option(help="Choose k, far field and samples for this relative output error.")
    ] = None,
    scale: Scale = 1.0,
    causal: Causal = False,
    delta: Delta = 0.01,
    rank: Rank = None,
    bits: Bits = None,
    seed: Seed = 0,
    bounds: Annotated[bool, typer.Option(help="Also print the paper's statements as numbers.")] = False,
    figure: Figure = None,
    backend: Annotated[str | None, typer.Option(help="A processor; fake_torino and others are simulated.")] = None,
    oracle: Oracle = "arithmetic",
    folder: Annotated[Path | None, typer.Option(help="With --backend: where to keep the run.")] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Run circuits estimated to take over an hour, or forecast to be noise.")
    ] = False,
    resume: Annotated[Path | None, typer.Option(help="Go on from the file that Ctrl-C left.")] = None,
    as_json: Json = False,
) -> None:
    """Attention on your own Q, K, V."""
    if tau is None and k is None and target_error is None:
        raise ValueError("give --tau (a threshold), --k (how many keys per row) or --target-error")
    if backend is not None:
        cli_hardware.run_on(
            file, head, tau, folder, backend=backend, as_json=as_json, k=k, scale=scale, causal=causal, delta=delta,
            rank=rank, bits=bits, far_field=far_field, samples=samples, seed=seed, oracle=oracle, anyway=anyway,
        )  # fmt: skip
        return
    from qattn.attention import attend
    from qattn.data import load_npz, load_tokens
    from qattn.machines.row_search import Interrupted
    from qattn.result import json_text
    from qattn.search.statistics import GroverStatistics
    from qattn.show.report import show

    Q, K, V = load_npz(file, head)
    chosen: dict[str, Any] = {"k": k, "far_field": far_field, "samples": samples}
    choice = None
    if target_error is not None:
        if tau is not None or k is not None:
            raise ValueError("--target-error chooses k itself; leave out --tau and --k")
        choice = _choose(
            Q, K, V, target_error, as_json, method=method, scale=scale, causal=causal, delta=delta, seed=seed
        )
        chosen = choice.options
        statistics = statistics is not False
    try:
        result = attend(
            Q, K, V, tau, **chosen, method=method, sampler=GroverStatistics() if statistics else None, scale=scale,
            causal=causal, delta=delta, rank=rank, bits=bits, seed=seed, progress=not as_json, resume=resume,
            anyway=anyway,
        )  # fmt: skip
    except Interrupted as stopped:
        _keep(stopped, resume or Path("out") / f"{head or file.stem}-resume.json")
    if figure is not None:
        _save(result, figure, head or file.stem, load_tokens(file))
    checked = {} if choice is None else {"statistics": statistics, **_checked(result, choice, seed, as_json)}
    if as_json:
        said = {"bounds": [asdict(statement) for statement in result.bounds]} if bounds else {}
        print(json_text({**result.to_dict(), **checked, **said}))
        return
    show(result, console)
    if bounds:
        from qattn.approximation.bounds import table

        console.print(table(result.bounds))


def _keep(stopped: Interrupted, path: Path) -> NoReturn:
    """Write what a stopped search knows, say what it found, and leave with exit code 130."""
    stopped.save(path)
    err.print(f"{stopped}; finished rows:", highlight=False)
    for row, keys in stopped.done.items():
        err.print(f"  row {row}: {keys}", highlight=False)
    err.print(f"go on with the same command and --resume {path}", highlight=False, soft_wrap=True)
    raise typer.Exit(130)


def _choose(Q: Any, K: Any, V: Any, target_error: float, as_json: bool, **options: Any) -> Choice:
    """k, far field and samples for a target error, explained; a refusal ends the command with exit code 1."""
    from qattn.result import json_text
    from qattn.tuning import choose

    choice = choose(Q, K, V, target_error, **options)
    if not as_json:
        console.print(str(choice), highlight=False)
    elif not choice.met:
        print(json_text({"choice": choice.to_dict()}))
    if not choice.met:
        raise typer.Exit(1)
    return choice


def _checked(result: AttentionResult, choice: Choice, seed: int, as_json: bool) -> dict[str, Any]:
    """The error after the run: estimated from fresh keys, and measured where exact attention is affordable."""
    from qattn.approximation.error import estimate_error, finite, relative_error
    from qattn.result import EXACT_LIMIT

    estimate, p = estimate_error(result, seed=seed), result.problem
    measured = relative_error(result) if p.n_q * p.n * p.d <= EXACT_LIMIT else None
    if not as_json:
        console.print(f"relative output error: estimated afterwards {estimate}; measured {measured}")
    return {
        "choice": choice.to_dict(), "relative_error": measured, "estimated_error": finite(estimate.relative),
        "estimated_error_below": finite(estimate.upper()),
    }  # fmt: skip


@app.command()
def circuits(
    out: Annotated[
        Path | None, typer.Option(help="Folder to write. Default: circuits, or out/circuits-NAME with --dialect NAME.")
    ] = None,
    dialect: Annotated[
        str | None,
        typer.Option(help="All circuits, for openqasm3, pyqasm, braket, cirq or openqasm2. Default: those kept."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Rebuild the gallery: lookups, inner products, oracles and Grover iterates as OpenQASM, with their costs."""
    from qattn.result import json_text
    from qattn.show.gallery import write_gallery

    out = out or Path("circuits" if dialect is None else f"out/circuits-{dialect}")
    files = [str(path) for path in write_gallery(out, dialect)]
    if as_json:
        print(json_text({"files": files}))
    else:
        console.print(f"{len(files)} files in {out}; costs in {out / 'README.md'}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for figures, report.txt, report.json.")] = Path("out/demo"),
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """A Theorem 1.3 instance and a real 16-token head on Aer, and 32 rows of a 512-token head, on whole circuits."""
    from qattn.data import load_head, theorem_instance, tokens
    from qattn.machines.sampler import as_machine
    from qattn.result import json_text

    out.mkdir(parents=True, exist_ok=True)
    Q, K, V, tau = theorem_instance(16, 8, 2, eta=0.1, seed=seed)
    parts = {
        "theorem": ("an instance of Theorem 1.3, n = 16, d = 8, k <= 2, eta = 0.1", (Q, K, V, tau), {}, None),
        "head": (
            "MiniLM head L4H2 on 16 tokens, the 4 best keys of each row",
            (*load_head("L4H2"), None),
            {"k": 4},
            tokens(),
        ),
    }
    Q, K, V = load_head("L2H11", 512)
    parts["head512"] = (
        "MiniLM head L2H11 on 512 tokens, the 4 best keys of every 16th row", (Q[::16], K, V, None), {"k": 4}, None,
    )  # fmt: skip
    facts, reports = {}, []
    for name, (title, arrays, options, labels) in parts.items():
        sampler = None if name == "head512" else as_machine()  # the small ones on Aer
        done = _demo_part(
            arrays, {**options, "sampler": sampler}, seed, out / f"{name}.png", title, labels, quiet=as_json
        )
        facts[name], report = done
        reports.append(f"{title}\n\n{report}")
        (out / "report.json").write_text(json_text(facts, indent=1))
        (out / "report.txt").write_text("\n\n".join(reports), encoding="utf-8")
    if as_json:
        print(json_text(facts))
    else:
        console.print(f"figures, row by row (report.txt) and in numbers (report.json): {out}", soft_wrap=True)


def _demo_part(
    arrays: tuple[Any, ...], options: dict[str, Any], seed: int, picture: Path, title: str, labels: list[str] | None,
    *, quiet: bool,
) -> tuple[dict[str, Any], str]:  # fmt: skip
    """Run one part, draw it and say in three lines what happened; its numbers, and the report row by row."""
    from qattn.attention import attend
    from qattn.classical import exact

    result = attend(*arrays, **options, seed=seed, progress=not quiet)
    p, account = result.problem, result.accounts
    brute = exact.top_k(p.Q, p.K, p.k or 0) if p.tau is None else exact.above(p.Q, p.K, p.tau)
    equal = sum(bool(np.array_equal(a, b)) for a, b in zip(result.found, brute, strict=True))
    bound = next(s.ours for s in result.bounds if s.name == "Lemma 5.2")
    facts = {**result.to_dict(), "rows_equal_to_brute_force": equal, "error_bound": bound}
    _save(result, picture, title, labels)
    if not quiet:
        for line in (
            f"{title}:",
            f"  {equal} of {p.n_q} rows as by brute force, {result.queries.mean():.0f} queries + "
            f"{result.evaluations.mean():.0f} evaluations a row where a scan takes {p.n}",
            f"  {account.gates:,} gates a query on {account.qubits:,} qubits ({account.simulator}); output error "
            f"{facts['max_error']:.2g}, proven bound {bound:.2g}",
        ):
            console.print(line, highlight=False, soft_wrap=True)
    return facts, result.report()


def _save(result: Any, path: Path, title: str, labels: list[str] | None = None) -> None:
    from qattn.show.plots import attention_figure

    path.parent.mkdir(parents=True, exist_ok=True)
    attention_figure(result, title=title, labels=labels).savefig(path, dpi=150)


if __name__ == "__main__":
    main()
