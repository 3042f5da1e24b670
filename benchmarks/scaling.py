"""Total queries of `attend` on instances of Theorem 1.3, against n and k, with fitted exponents.

    python benchmarks/scaling.py [--rows 96] [--json] [--quick] [--figure FILE]

Every row has exactly k keys at or above tau = 2 log n, the others within [-eta, 0]; the search does not know k. For
each n and k a sample of rows goes through `attend` on ideal measurements; the total is n times the sample's mean.
Theorem 1.3 says O~(n sqrt(nk)) queries:

- at fixed k the exponent of the total in n is fitted over n = 2^8..2^20, with delta = 1% for each row, and once more
  with delta = 1% for the whole call of n rows, where the price of certainty grows like log n (the O~ of the theorem);
- at fixed n the total over n sqrt(n) is fitted by a sqrt(k) + b, a for finding and b for certifying, so that the
  largest relative residual is least.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from common import parser, show
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import linprog

from qattn import GroverStatistics, attend

Floats = NDArray[np.float64]
Cell = dict[str, Any]

D, ETA, BITS = 8, 0.1, 6


def instance(n: int, k: int, rows: int, seed: int) -> tuple[Floats, Floats, Floats, float]:
    """(Q, K, V, tau): sampled rows of an instance of Theorem 1.3, each with exactly k keys at or above tau.

    Keys come in groups of k along orthogonal directions, every row points at one group; all other scores lie in
    [-eta, 0]. A common rotation hides the structure.
    """
    rng = np.random.default_rng((seed, n, k))
    tau = 2 * math.log(n)
    groups = min(D - 1, n // k)
    places = rng.permutation(n)[: groups * k]
    Q, K = np.zeros((rows, D)), np.zeros((n, D))
    Q[:, -1], K[:, -1] = 1.0, -ETA * rng.uniform(0.05, 0.95, n)
    Q[np.arange(rows), rng.integers(groups, size=rows)] = (tau + 2 * ETA) * rng.uniform(1.0, 1.2, rows)
    K[places, np.repeat(np.arange(groups), k)] = rng.uniform(1.0, 1.2, groups * k)
    rotation = np.linalg.qr(rng.normal(size=(D, D)))[0]
    return Q @ rotation, K @ rotation, rng.normal(size=(n, 1)), tau


def cell(n: int, k: int, options: argparse.Namespace, *, shared: bool) -> Cell:
    """Mean queries per row and the total of n rows; `shared` divides delta among n rows, else each has all of it."""
    Q, K, V, tau = instance(n, k, options.rows, options.seed)
    delta = 0.01 * options.rows / (n if shared else 1)  # attend divides by the number of rows it is given
    result = attend(Q, K, V, tau, sampler=GroverStatistics(), delta=delta, bits=BITS, rank=D, seed=options.seed)
    missed = sum(found.size != k for found in result.found)
    queries = result.queries
    error = float(queries.std() / math.sqrt(queries.size))
    return {"n": n, "k": k, "mean": float(queries.mean()), "error": error, "total": n * float(queries.mean()),
            "rows": int(queries.size), "rows_with_a_miss": missed}  # fmt: skip


def exponent(cells: list[Cell]) -> float:
    """Slope of log total against log n."""
    return float(np.polyfit(np.log([c["n"] for c in cells]), np.log([c["total"] for c in cells]), 1)[0])


def line(cells: list[Cell]) -> Cell:
    """The line a sqrt(k) + b through total / (n sqrt n) whose largest relative residual is least (a linear program)."""
    y = np.array([c["total"] / c["n"] ** 1.5 for c in cells])
    terms = np.column_stack([np.sqrt([c["k"] for c in cells]), np.ones(len(cells))]) / y[:, None]
    slack = np.ones((len(cells), 1))
    rows, bounds = np.block([[terms, -slack], [-terms, -slack]]), np.repeat([1.0, -1.0], len(cells))
    a, b, residual = linprog([0, 0, 1], A_ub=rows, b_ub=bounds).x
    return {"a": float(a), "b": float(b), "residual": float(residual)}


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    """All cells and all fits."""

    def sweep(pairs: list[tuple[int, int]], *, shared: bool) -> list[Cell]:
        cells = []
        for n, k in pairs:
            say(f"n = {n}, k = {k}")
            cells.append(cell(n, k, options, shared=shared))
        return cells

    by_n: dict[str, Any] = {}
    for k in options.k:
        pairs = [(n, k) for n in options.n]
        row, call = sweep(pairs, shared=False), sweep(pairs, shared=True)
        by_n[str(k)] = {
            "delta_per_row": row, "exponent": exponent(row),
            "delta_per_call": call, "exponent_per_call": exponent(call),
        }  # fmt: skip
    by_k = sweep([(options.fixed, 2**i) for i in range(9)], shared=False)
    return {"rows": options.rows, "seed": options.seed, "by_n": by_n, "by_k": by_k, "line": line(by_k)}


def as_text(facts: dict[str, Any], console: Console) -> None:
    """Two tables."""
    table = Table("n", *(f"k = {k}" for k in facts["by_n"]), title="mean queries a row / sqrt(nk), delta = 1% a row")
    series = [entry["delta_per_row"] for entry in facts["by_n"].values()]
    for row in zip(*series, strict=True):
        table.add_row(str(row[0]["n"]), *(f"{c['mean'] / math.sqrt(c['n'] * c['k']):.3f}" for c in row))
    table.add_section()
    table.add_row("exponent", *(f"{entry['exponent']:.3f}" for entry in facts["by_n"].values()))
    table.add_row("1% a call", *(f"{entry['exponent_per_call']:.3f}" for entry in facts["by_n"].values()))
    console.print(table)
    fit, n = facts["line"], facts["by_k"][0]["n"]
    table = Table("k", "total / (n sqrt n)", "fit", title=f"n = {n}: {fit['a']:.2f} sqrt(k) + {fit['b']:.2f}")
    for c in facts["by_k"]:
        fitted = fit["a"] * math.sqrt(c["k"]) + fit["b"]
        table.add_row(str(c["k"]), f"{c['total'] / n**1.5:.2f}", f"{fitted:.2f}")
    console.print(table)
    console.print(f"largest residual {fit['residual']:.1%}; {facts['rows']} rows sampled for every n and k")


def draw(facts: dict[str, Any], path: str) -> None:
    """Total against n beside n^2, and total / (n sqrt n) against sqrt(k)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    for k, entry in facts["by_n"].items():
        cells = entry["delta_per_row"]
        n = np.array([c["n"] for c in cells], dtype=float)
        label = f"k = {k}: n^{entry['exponent']:.3f}"
        left.loglog(n, [c["total"] for c in cells], "o-", markersize=3, label=label)
    left.loglog(n, n**2, "k--", label="n^2: every score")
    left.set(xlabel="n", ylabel="queries for all n rows", title="Theorem 1.3: n sqrt(nk)")
    cells, fit = facts["by_k"], facts["line"]
    root, size = np.sqrt([c["k"] for c in cells]), cells[0]["n"]
    right.plot(root, [c["total"] / size**1.5 for c in cells], "o", label="measured")
    right.plot(root, fit["a"] * root + fit["b"], label=f"{fit['a']:.2f} sqrt(k) + {fit['b']:.2f}")
    right.axhline(math.sqrt(size), color="k", linestyle="--", label="n^2 / (n sqrt n)")
    right.set(xlabel="sqrt(k)", ylabel="total / (n sqrt n)", yscale="log", title=f"n = {size}")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7)
    figure.savefig(path, dpi=150)


def main() -> int:
    own = parser(__doc__, quick="n up to 2^12, 20 rows")
    own.add_argument("--n", type=int, nargs="+", default=[2**i for i in range(8, 21, 2)])
    own.add_argument("--k", type=int, nargs="+", default=[1, 16, 64])
    own.add_argument("--fixed", type=int, default=2**16, help="n of the sweep over k = 1..256")
    own.add_argument("--rows", type=int, default=96, help="rows sampled for every n and k, at most 99")
    own.add_argument("--seed", type=int, default=0)
    own.add_argument("--figure", metavar="FILE", help="draw both laws beside n^2")
    options = own.parse_args()
    if options.quick:
        options.n, options.fixed, options.rows = [2**8, 2**10, 2**12], 2**12, 20
    if not 1 <= options.rows <= 99:
        own.error("--rows must be 1 to 99: each row has delta = 1%, and delta of the call is below 1")
    console = Console(stderr=options.json)
    with console.status("") as status:
        facts = measure(options, status.update)
    if options.figure:
        draw(facts, options.figure)
    show(facts, lambda: as_text(facts, console), options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
