"""A run in words: what was found, what it cost, how far the output is from exact attention."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from qattn.result import AttentionResult

ROWS = 32  # rows listed one by one


def report(result: AttentionResult) -> str:
    """The run as plain text, 100 columns wide."""
    console = Console(file=io.StringIO(), width=100, color_system=None, force_jupyter=False)
    show(result, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def show(result: AttentionResult, console: Console) -> None:
    """Print the run."""
    facts, p = result.to_dict(), result.problem
    console.print(f"n = {p.n} keys, {p.n_q} rows, d = {p.d}; method {result.method}, far field {result.far_field}")
    if result.flat_rows.size:
        console.print(
            f'"linear" fell back on "constant" in {result.flat_rows.size} of {p.n_q} rows, whose fitted line left '
            "what far weights can be"
        )
    if result.precision is not None:
        console.print(f"encoding: {result.precision.words}; {result.accounts.qubits} qubits")
    console.print(rows_table(result))
    total, evaluations = int(result.queries.sum()), int(result.evaluations.sum())
    console.print(
        f"{total} queries, {evaluations} evaluations (all pairs: {int(p.visible.sum())}), "
        f"{result.accounts.rounds} rounds"
    )
    if result.method == "grover":
        console.print(
            f"missed keys: none, except with probability {result.miss_bound:.2e} (allowed {result.delta:g}, "
            f"shared equally by {p.n_q} rows)"
        )
        if p.k is not None and p.tau is not None:
            console.print(f"a row stopped once it had k = {p.k} finds, on the promise |S_i| <= k of Definition 1.2")
    if facts["goodness"] is not None:
        console.print(facts["goodness"])
        console.print(f"largest output error against exact attention: {facts['max_error']:.3e}")


def rows_table(result: AttentionResult) -> Table:
    """One line per row: what was found and what it cost."""
    table = Table("row", "found", "queries", "evaluations", "extras")
    shown = min(len(result.found), ROWS)
    for i in range(shown):
        found = np.array2string(result.found[i], max_line_width=60, threshold=12)
        extras = str(result.accounts.extras[i])
        table.add_row(str(i), found, str(result.queries[i]), str(result.evaluations[i]), extras)
    if shown < len(result.found):
        table.add_row("...", f"{len(result.found) - shown} more rows", "", "", "")
    return table
