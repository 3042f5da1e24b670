"""`qattn step`: one row's search, stage by stage, as a page for the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from qattn.cli.options import Bits, Causal, File, Head, K, Rank, Scale, Tau, one_of

FORMS = ("frugal", "textbook", "cheapest", "shallow")
console = Console()


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(step)


def step(
    file: File,
    row: Annotated[int, typer.Option(help="Which row of Q, from 0.")],
    head: Head = None,
    tau: Tau = None,
    k: K = None,
    iterations: Annotated[int, typer.Option(help="Grover iterations.")] = 1,
    form: Annotated[str, one_of(FORMS, "Form of the oracle: frugal, textbook, cheapest or shallow.")] = "textbook",
    scale: Scale = 1.0,
    causal: Causal = False,
    rank: Rank = None,
    bits: Bits = None,
    out: Annotated[Path, typer.Option(help="Write the page here.")] = Path("step.html"),
) -> None:
    """Step through one row's Grover search: every register of every branch, as a page for the browser.

    With --k the threshold is the k-th best score of the row, for which all its keys are scored.
    """
    from qattn.data import load_npz
    from qattn.oracles.threshold import ThresholdOracle
    from qattn.problem import make_problem
    from qattn.show.gallery import FORMS as KNOWN
    from qattn.show.stepper import step as record

    if (tau is None) == (k is None):
        raise ValueError("give --tau (a threshold) or --k (how many keys are marked), one of the two")
    if form not in KNOWN:
        raise ValueError(f"--form {form}; choose one of {', '.join(FORMS)}")
    p = make_problem(*load_npz(file, head), tau, k=k, scale=scale, causal=causal)
    if not 0 <= row < p.n_q:
        raise ValueError(f"--row {row}; the file has rows 0 to {p.n_q - 1}")
    keys = p.K[: p.visible[row]]
    if p.k is not None:
        if not 1 <= p.k <= len(keys):
            raise ValueError(f"--k {k}; row {row} sees {len(keys)} keys, give 1 to {len(keys)}")
        threshold = float(np.sort(p.scores(row))[-p.k])
    else:
        assert p.tau is not None
        threshold = float(p.tau[row])
    oracle = ThresholdOracle.from_row(p.Q[row], keys, threshold, bits=bits, rank=rank).formed(KNOWN[form])
    steps = record(oracle, iterations)
    path = steps.save(out)
    console.print(
        f"{len(steps)} stages, {steps.qubits} qubits, {int(steps.marked.sum())} of {steps.n} keys marked; after "
        f"{iterations} iterations P(marked) = {steps.probability(len(steps) - 1):.6f}. Open {path} in a browser",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
