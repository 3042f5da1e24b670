"""The options that several commands take, each said once, with the values a shell may complete."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

METHODS = ("grover", "halfspace", "exact")
FAR_FIELDS = ("ones", "constant", "linear")
ORACLES = ("arithmetic", "truth_table")
LOOKUPS = ("unary", "select_swap", "token_tree", "bucket_brigade", "qram")
DECOUPLING = ("XX", "XpXm", "XY4")


def one_of(values: tuple[str, ...], text: str, *names: str) -> Any:
    """An option whose values the shell completes; the library says which there are when one is wrong.

    Args:
        values: offered by the shell's completion.
        text: what --help says.
        names: of the option, such as "--method".

    Returns:
        The option, for an annotation.
    """
    return typer.Option(
        *names, help=text, autocompletion=lambda incomplete: [v for v in values if v.startswith(incomplete)]
    )


def _heads(context: typer.Context, incomplete: str) -> list[str]:
    from qattn.data import FileError, head_names

    try:
        return [name for name in head_names(context.params["file"]) if name.startswith(incomplete)]
    except (FileError, KeyError, TypeError):
        return []


File = Annotated[Path, typer.Argument(help=".npz or .safetensors with arrays Q, K, V (or Q_HEAD, K_HEAD, V_HEAD).")]
Head = Annotated[str | None, typer.Option(help="Which head of the file, such as L4H2.", autocompletion=_heads)]
Tau = Annotated[float | None, typer.Option(help="Threshold on the scores.")]
K = Annotated[int | None, typer.Option("--k", help="Keys per row; with --tau, the promise |S_i| <= k.")]
Method = Annotated[str, one_of(METHODS, "grover, halfspace or exact.")]
FarField = Annotated[str, one_of(FAR_FIELDS, "ones (the paper), constant or linear.")]
Samples = Annotated[int, typer.Option(help="Keys sampled per row for the far field.")]
Scale = Annotated[float, typer.Option(help="Multiplies Q.")]
Causal = Annotated[bool, typer.Option(help="Row i sees only the keys up to its own.")]
Delta = Annotated[float, typer.Option(help="Allowed probability of missing any key, for ideal circuits.")]
Rank = Annotated[int | None, typer.Option(help="Key components to compute with.")]
Bits = Annotated[int | None, typer.Option(help="Bits per component.")]
Seed = Annotated[int, typer.Option(help="Same seed, same result; what a processor measures has no seed.")]
Oracle = Annotated[str, one_of(ORACLES, "arithmetic, or truth_table (scores all keys; a demonstration).")]
Seeds = Annotated[int, typer.Option(help="Layout seeds tried per circuit.")]
Figure = Annotated[Path | None, typer.Option(help="Write the picture here (PNG, PDF, SVG).")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
