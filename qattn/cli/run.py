"""The shell: `qattn demo | run | ...`; each command prints a table, or JSON with --json."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.console import Console

from qattn.cli import estimate as cli_estimate
from qattn.cli import hardware as cli_hardware

if TYPE_CHECKING:
    from qattn.result import AttentionResult
    from qattn.tuning import Choice

app = typer.Typer(
    help="Attention by quantum search, on Qiskit.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli_hardware.register(app)
cli_estimate.register(app)
console = Console()

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Seed = Annotated[int, typer.Option(help="Same seed, same result.")]


def main() -> None:
    """Run the app; what the user can mend is one line and exit code 2, Ctrl-C is exit code 130."""
    try:
        app()
    except (ValueError, ImportError, FileNotFoundError) as error:
        Console(stderr=True).print(f"[red]error:[/red] {error}", highlight=False)
        sys.exit(2)
    except KeyboardInterrupt:
        Console(stderr=True).print("stopped")
        sys.exit(130)


@app.command()
def run(
    file: Annotated[Path, typer.Argument(help=".npz with arrays Q, K, V (or Q_HEAD, K_HEAD, V_HEAD).")],
    head: Annotated[str | None, typer.Option(help="Which head of the file, such as L4H2.")] = None,
    tau: Annotated[float | None, typer.Option(help="Threshold on the scores.")] = None,
    k: Annotated[int | None, typer.Option("--k", help="Keys per row; with --tau, the promise |S_i| <= k.")] = None,
    method: Annotated[str, typer.Option(help="grover, halfspace or exact.")] = "grover",
    statistics: Annotated[
        bool | None,
        typer.Option(
            "--statistics/--circuits",
            help="Exact Grover statistics, or circuits on Aer. Default: circuits; with --target-error, statistics.",
        ),
    ] = None,
    far_field: Annotated[str, typer.Option(help="ones (the paper), constant or linear.")] = "ones",
    samples: Annotated[int, typer.Option(help="Keys sampled per row for the far field.")] = 16,
    target_error: Annotated[
        float | None, typer.Option(help="Choose k, far field and samples for this relative output error.")
    ] = None,
    scale: Annotated[float, typer.Option(help="Multiplies Q.")] = 1.0,
    causal: Annotated[bool, typer.Option(help="Row i sees only the keys up to its own.")] = False,
    delta: Annotated[float, typer.Option(help="Allowed probability of missing any key.")] = 0.01,
    rank: Annotated[int | None, typer.Option(help="Key components to compute with.")] = None,
    bits: Annotated[int | None, typer.Option(help="Bits per component.")] = None,
    seed: Seed = 0,
    bounds: Annotated[bool, typer.Option(help="Also print the paper's statements as numbers.")] = False,
    figure: Annotated[Path | None, typer.Option(help="Write the picture here (PNG, PDF, SVG).")] = None,
    backend: Annotated[str | None, typer.Option(help="A processor; fake_torino and others are simulated.")] = None,
    oracle: cli_hardware.Oracle = "arithmetic",
    folder: Annotated[Path | None, typer.Option(help="With --backend: where to keep the run.")] = None,
    anyway: cli_hardware.Anyway = False,
    as_json: Json = False,
) -> None:
    """Attention on your own Q, K, V."""
    if backend is not None:
        cli_hardware.run_on(
            file, head, tau, folder, backend=backend, as_json=as_json, k=k, scale=scale, causal=causal, delta=delta,
            rank=rank, bits=bits, far_field=far_field, samples=samples, seed=seed, oracle=oracle, anyway=anyway,
        )  # fmt: skip
        return
    from qattn.attention import attend
    from qattn.data import load_npz, load_tokens
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
    result = attend(
        Q, K, V, tau, **chosen, method=method, sampler=GroverStatistics() if statistics else None,
        scale=scale, causal=causal, delta=delta, rank=rank, bits=bits, seed=seed, progress=not as_json,
    )  # fmt: skip
    if figure is not None:
        _save(result, figure, head or file.stem, load_tokens(file))
    checked = {} if choice is None else {"statistics": statistics, **_checked(result, choice, seed, as_json)}
    if as_json:
        print(json.dumps({**result.to_dict(), **checked}))
        return
    show(result, console)
    if bounds:
        from qattn.approximation.bounds import table

        console.print(table(result.bounds))


def _choose(Q: Any, K: Any, V: Any, target_error: float, as_json: bool, **options: Any) -> Choice:
    """k, far field and samples for a target error, explained; a refusal ends the command with exit code 1."""
    from qattn.tuning import choose

    choice = choose(Q, K, V, target_error, **options)
    if not as_json:
        console.print(choice.words, highlight=False)
    elif not choice.met:
        print(json.dumps({"choice": choice.to_dict()}))
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
        console.print(f"relative output error: estimated afterwards {estimate.words}; measured {measured}")
    return {
        "choice": choice.to_dict(), "relative_error": measured, "estimated_error": finite(estimate.relative),
        "estimated_error_below": finite(estimate.upper()),
    }  # fmt: skip


@app.command()
def circuits(
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("circuits"), as_json: Json = False
) -> None:
    """Rebuild the gallery: lookups, inner products, oracles and Grover iterates as OpenQASM 3, with their costs."""
    from qattn.show.gallery import write_gallery

    files = [str(path) for path in write_gallery(out)]
    if as_json:
        print(json.dumps({"files": files}))
    else:
        console.print(f"{len(files)} files in {out}; costs in {out / 'README.md'}")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the figures and report.json.")] = Path("out/demo"),
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """A Theorem 1.3 instance and a real 16-token head, on full arithmetic-oracle circuits on Aer."""
    from qattn.data import load_head, theorem_instance, tokens

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
    facts = {}
    for name, (title, arrays, options, labels) in parts.items():
        if not as_json:
            console.rule(title)
        facts[name] = _demo_part(arrays, options, seed, out / f"{name}.png", title, labels, quiet=as_json)
        (out / "report.json").write_text(json.dumps(facts, indent=1))
    if as_json:
        print(json.dumps(facts))
    else:
        console.print(f"figures and report.json are in {out}")


def _demo_part(
    arrays: tuple[Any, ...], options: dict[str, Any], seed: int, picture: Path, title: str, labels: list[str] | None,
    *, quiet: bool,
) -> dict[str, Any]:  # fmt: skip
    from qattn.attention import attend, iterate_size
    from qattn.classical import exact
    from qattn.show.report import show

    result = attend(*arrays, **options, seed=seed, progress=not quiet)
    p = result.problem
    brute = exact.top_k(p.Q, p.K, p.k or 0) if p.tau is None else exact.above(p.Q, p.K, p.tau)
    equal = [bool(np.array_equal(a, b)) for a, b in zip(result.found, brute, strict=True)]
    gates = iterate_size(result)
    bound = next(s.ours for s in result.bounds if s.name == "Lemma 5.2")
    facts = {
        **result.to_dict(),
        "gates_per_iterate": gates,
        "rows_equal_to_brute_force": sum(equal),
        "error_bound": bound,
    }
    _save(result, picture, title, labels)
    if not quiet:
        show(result, console)
        console.print(f"one Grover iterate: {gates} gates on {result.accounts.qubits} qubits")
        console.print(f"finds equal to brute force in {sum(equal)} of {len(equal)} rows")
        console.print(
            f"output error {facts['max_error']:.3e}, proven bound {bound:.3e} (Lemma 5.2 without its hypothesis)"
        )
    return facts


def _save(result: Any, path: Path, title: str, labels: list[str] | None = None) -> None:
    from qattn.show.plots import attention_figure

    path.parent.mkdir(parents=True, exist_ok=True)
    attention_figure(result, title=title, labels=labels).savefig(path, dpi=150)


if __name__ == "__main__":
    main()
