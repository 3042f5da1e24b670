"""A run in words: what was found, what it cost, how far the output is from exact attention."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from qattn.heads import HeadsResult
    from qattn.result import AttentionResult

ROWS = 32  # rows listed one by one


def report(result: AttentionResult) -> str:
    """The run as plain text, 100 columns wide."""
    console = _plain()
    show(result, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def heads_report(result: HeadsResult) -> str:
    """A call over heads as plain text, one line a head, 100 columns wide."""
    console = _plain()
    allowed = f"allowed {result.delta:g}, shared equally by all rows"
    seen = sum(len(part.places) for part in result.parts)
    pairs = sum(int(part.result.problem.visible.sum()) for part in result.parts)
    n_q, small = result.output.shape[-2], all(part.result.small for part in result.parts)
    console.print(f"{len(result.found)} heads of {n_q} rows; {seen} rows see a key, in {len(result.parts)} searches")
    table = Table("head", "found a row", "queries", "evaluations")
    for head, found in list(result.found.items())[:ROWS]:
        mean = np.mean([js.size for js in found])
        counts = (str(int(values[head].sum())) for values in (result.queries, result.evaluations))
        table.add_row(", ".join(map(str, head)) or "-", f"{mean:.3g}", *counts)
    if len(result.found) > ROWS:
        table.add_row("...", f"{len(result.found) - ROWS} more heads", "", "")
    console.print(table)
    console.print(cost_words(int(result.queries.sum()), int(result.evaluations.sum()), pairs))
    if any(part.result.method == "grover" for part in result.parts):
        console.print(miss_words(result.miss_bound, allowed))
    if result.broken_promises:
        console.print(broken_words([str(place) for place in result.broken_promises]))
    if small:
        console.print(f"largest output error against exact masked attention: {result.max_error():.3e}")
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def cost_words(queries: int, evaluations: int, pairs: int) -> str:
    """Queries and evaluations, each and together, beside a scan.

    Args:
        queries: uses of the phase oracle.
        evaluations: classical scores.
        pairs: what a scan evaluates.

    Returns:
        One sentence.
    """
    return (
        f"{queries} queries and {evaluations} evaluations, {queries + evaluations} together; "
        f"a scan of all pairs takes {pairs} evaluations"
    )


def miss_words(bound: float, allowed: str) -> str:
    """What the miss bound says: a chance of the procedure, not a verdict on this run.

    Args:
        bound: on the probability of a miss.
        allowed: what was allowed, in words.

    Returns:
        One sentence.
    """
    return (
        f"missed keys: whatever they are, a run like this misses any with probability at most {bound:.2e} ({allowed})"
    )


def broken_words(rows: list[str]) -> str:
    """Where the promise does not hold."""
    return (
        f"the promise is broken: more keys than promised were seen in row {_few(rows)}. Their "
        "searches may have stopped too soon, and the bound does not cover them; give a larger k, or none"
    )


def _few(rows: list[str]) -> str:
    more = f" and {len(rows) - ROWS} more" if len(rows) > ROWS else ""
    return f"{', '.join(rows[:ROWS])}{more}"


def _plain() -> Console:
    return Console(file=io.StringIO(), width=100, color_system=None, force_jupyter=False)


def show(result: AttentionResult, console: Console) -> None:
    """Print the run.

    Args:
        result: a run.
        console: where it is printed.
    """
    facts, p = result.to_dict(), result.problem
    console.print(f"n = {p.n} keys, {p.n_q} rows, d = {p.d}; method {result.method}, far field {result.far_field}")
    if result.flat_rows.size:
        console.print(
            f'"linear" fell back on "constant" in {result.flat_rows.size} of {p.n_q} rows, whose fitted line left '
            "what far weights can be"
        )
    if result.precision is not None:
        console.print(f"encoding: {result.precision}; {result.accounts.qubits} qubits")
    if result.accounts.gates:
        ran = {"aer": "Aer", "sparse": "the sparse simulator"}[result.accounts.simulator]
        console.print(
            f"whole circuits on {ran}: {result.accounts.gates} gates a query on {result.accounts.qubits} qubits"
        )
    if result.accounts.why:
        console.print(result.accounts.why)
    console.print(rows_table(result))
    console.print(cost_words(int(result.queries.sum()), int(result.evaluations.sum()), int(p.visible.sum())))
    if result.method == "grover":
        shared = f"{p.n_q} rows" if result.accounts.block == 1 else f"blocks of {result.accounts.block} rows"
        rounds = "1 round" if result.accounts.rounds == 1 else f"{result.accounts.rounds} rounds"
        console.print(f"{rounds} of sampler jobs")
        allowed = result.delta if result.guarantee is None else result.delta / 2
        if result.accounts.coarse_queries:
            console.print(f"{result.accounts.coarse_queries} of the queries were those of a first stage in few bits")
        if result.accounts.proof_queries:
            console.print(f"{result.accounts.proof_queries} of the queries searched all pairs of a row and a key")
            shared = "the search of all pairs, which carries the proof"
        how = "for" if result.accounts.proof_queries else "shared equally by"
        console.print(miss_words(result.miss_bound, f"allowed {allowed:g}, {how} {shared}"))
        if p.k is not None and p.tau is not None:
            console.print(
                f"promised: |S_i| <= k = {p.k} (Definition 1.2). The search relied on it: a row stopped once it had k "
                "finds, and the bound holds only where the promise does"
            )
    if result.broken_promises:
        console.print(broken_words([str(i) for i in result.broken_promises]))
    if result.guarantee is not None:
        console.print(str(result.guarantee))
        if result.guarantee.unmet:
            console.print(f"not proven in row {_few([str(i) for i in result.guarantee.unmet])}; see guarantee.bound")
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
