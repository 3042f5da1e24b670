"""Half-space reporting: ours beside NumPy brute force, SciPy cKDTree, scikit-learn BallTree and faiss, in one run.

    python benchmarks/halfspace.py [--json] [--quick] [--threads 1]

Every cell reports 16 of n points per query. A kd-tree or ball tree knows balls, not half-spaces: on the sphere a
cap is a ball; elsewhere the points are lifted to a sphere in d + 1 dimensions, or asked for a ball so large that it is
a half-space but for rounding, whichever is faster. Times are per query over a batch, best of five, on one thread in
processor time, so that a busy machine matters less; building and compiling are apart. Peers that are not installed are
left out. BLAS, faiss and the trees all use `--threads` threads.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from common import clock, on_threads, parser, show
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from qattn.classical import exact
from qattn.classical.halfspace import HalfSpaceReporter

Floats = NDArray[np.float64]
Query = Callable[[Floats, Floats], Any]  # normals, offsets

REPORTED = 16
FAR = 1e6  # radius of the ball that stands for a half-space, in units of the largest point
SECONDS = 0.4  # one timed call at most


def cloud(kind: str, n: int, d: int) -> Floats:
    """Gaussian points, or the same on the unit sphere."""
    points = np.random.default_rng(0).normal(size=(n, d))
    return points / np.linalg.norm(points, axis=1, keepdims=True) if kind == "sphere" else points


def half_spaces(points: Floats, m: int) -> tuple[Floats, Floats]:
    """Unit normals, and offsets that exactly 16 points reach: half-way between the 16th and the 17th score."""
    Q = np.random.default_rng(1).normal(size=(m, points.shape[1]))
    Q /= np.linalg.norm(Q, axis=1, keepdims=True)
    scores = (Q[start : start + 16] @ points.T for start in range(0, m, 16))
    ends = [
        np.partition(block, (-REPORTED - 1, -REPORTED), axis=1)[:, -REPORTED - 1 : -REPORTED + 1] for block in scores
    ]
    return Q, np.concatenate(ends).mean(axis=1)


def brute(points: NDArray[Any]) -> Query:
    """Batched matrix product and comparison, 32 MB of scores at a time."""
    step = max(1, 2**25 // (points.itemsize * len(points)))

    def query(Q: Floats, tau: Floats) -> Any:
        rows, limit = Q.astype(points.dtype), tau.astype(points.dtype)[:, None]
        blocks = range(0, len(Q), step)
        return [np.nonzero(rows[i : i + step] @ points.T >= limit[i : i + step]) for i in blocks]

    return query


def balls(kind: str, points: Floats) -> dict[str, tuple[Floats, Callable[[Floats, Floats], tuple[Floats, Floats]]]]:
    """Ways to ask for half-spaces with balls: the points to index, and (normals, offsets) -> (centres, radii)."""
    largest = float(np.linalg.norm(points, axis=1).max())
    if kind == "sphere":
        return {"cap": (points, lambda Q, tau: (Q, np.sqrt(2 - 2 * tau)))}
    lift = np.sqrt(np.maximum(largest**2 - np.sum(points**2, axis=1), 0.0))
    return {
        "lifted": (
            np.column_stack([points, lift]),
            lambda Q, tau: (np.pad(Q, ((0, 0), (0, 1))), np.sqrt(largest**2 + 1 - 2 * tau)),
        ),
        "far ball": (points, lambda Q, tau: (FAR * largest * Q, FAR * largest - tau)),
    }


def peers(kind: str, points: Floats, threads: int) -> dict[str, Query]:
    """What else there is, as far as it is installed."""
    found: dict[str, Query] = {"NumPy float64": brute(points), "NumPy float32": brute(points.astype(np.float32))}
    from scipy.spatial import cKDTree

    for way, (indexed, ask) in balls(kind, points).items():
        tree = cKDTree(indexed)
        found[f"cKDTree, {way}"] = lambda Q, tau, tree=tree, ask=ask: tree.query_ball_point(
            *ask(Q, tau), workers=threads
        )
    try:
        from sklearn.neighbors import BallTree
    except ImportError:
        print("without scikit-learn", file=sys.stderr)
    else:
        for way, (indexed, ask) in balls(kind, points).items():
            ball = BallTree(indexed)
            found[f"BallTree, {way}"] = lambda Q, tau, ball=ball, ask=ask: ball.query_radius(*ask(Q, tau))
    try:
        import faiss
    except ImportError:
        print("without faiss", file=sys.stderr)
    else:
        faiss.omp_set_num_threads(threads)
        index = faiss.IndexFlatIP(points.shape[1])
        index.add(points.astype(np.float32))  # one threshold for all: scale the normals
        found["faiss"] = lambda Q, tau: index.range_search((Q / tau[:, None]).astype(np.float32), 1.0)
    return found


def seconds(query: Query, Q: Floats, tau: Floats) -> float:
    """Per half-space, best of five batches; a slow one gets fewer half-spaces than the rest."""
    query(Q[:8], tau[:8])
    start = clock()
    query(Q[:32], tau[:32])
    once = (clock() - start) / 32
    if once > SECONDS / 16:  # nothing to win by trying again
        return once
    m = min(len(Q), max(32, int(SECONDS / once)))
    best = math.inf
    for _ in range(5):
        start = clock()
        query(Q[:m], tau[:m])
        best = min(best, (clock() - start) / m)
    return best


def cell(d: int, n: int, kind: str, m: int, threads: int) -> dict[str, Any]:
    """One cell of the table."""
    points = cloud(kind, n, d)
    Q, tau = half_spaces(points, m)
    start = time.perf_counter()
    reporter = HalfSpaceReporter(points, threads=threads)
    build = time.perf_counter() - start
    found = reporter.query(Q[:64], tau[:64])
    for q, offset, indices in zip(Q[:8], tau[:8], found, strict=False):
        assert np.array_equal(indices, np.flatnonzero(exact.scores(q, points) >= offset))
    us = {"ours": seconds(reporter.query, Q, tau) * 1e6}
    for name, query in peers(kind, points, threads).items():
        us[name] = seconds(query, Q, tau) * 1e6
        if name.startswith(("cKDTree", "BallTree")):  # a peer that answers something else is no peer
            assert np.mean([len(row) for row in query(Q[:32], tau[:32])]) > 0.95 * REPORTED
    best = min((name for name in us if name != "ours"), key=us.__getitem__)
    numpy = min(us["NumPy float64"], us["NumPy float32"])
    return {
        "d": d, "n": n, "points": kind, "reported": float(np.mean([len(row) for row in found])),
        "structure": reporter.structure, "build_s": build, "us_per_query": us, "best_peer": best,
        "best_peer_over_ours": us[best] / us["ours"], "brute_over_ours": numpy / us["ours"],
    }  # fmt: skip


def growth(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The exponent of n in our time per query on the sphere, beside the theorem's."""
    rows = []
    for d in sorted({c["d"] for c in cells}):
        ours = [(c["n"], c["us_per_query"]["ours"]) for c in cells if c["d"] == d and c["points"] == "sphere"]
        if len(ours) > 1:
            slope = float(np.polyfit(*np.log(np.array(ours)).T, 1)[0])
            rows.append({"d": d, "exponent": slope, "theorem": 1 - 1 / (d // 2)})
    return rows


def as_text(cells: list[dict[str, Any]], rows: list[dict[str, Any]], compile_s: float) -> None:
    """Two tables."""
    console = Console()
    table = Table(
        "d", "n", "points", "structure", "build s", "ours us", "best peer us", "best peer", "peer/ours", "brute/ours"
    )
    for c in cells:
        us = c["us_per_query"]
        table.add_row(
            str(c["d"]), f"{c['n']:.0e}", c["points"], c["structure"], f"{c['build_s']:.2f}", f"{us['ours']:.2f}",
            f"{us[c['best_peer']]:.1f}", c["best_peer"], f"{c['best_peer_over_ours']:.1f}",
            f"{c['brute_over_ours']:.1f}",
        )  # fmt: skip
    console.print(table)
    exponents = Table("d", "our exponent of n on the sphere", "1 - 1/floor(d/2)")
    for row in rows:
        exponents.add_row(str(row["d"]), f"{row['exponent']:.2f}", f"{row['theorem']:.2f}")
    console.print(exponents)
    console.print(f"compiling (or loading) the kernels took {compile_s:.1f} s, counted nowhere above")


def main() -> None:
    """Run the cells and print them."""
    own = parser(__doc__, quick="n = 1e4 and 1e5 only, d = 2, 3, 32")
    own.add_argument("--threads", type=int, default=1)
    options = own.parse_args()
    on_threads(options.threads)
    start = time.perf_counter()
    for d in (2, 3, 32):
        points = cloud("gauss", 2000, d)
        HalfSpaceReporter(points).query(points[:2], 0.0)
    compile_s = time.perf_counter() - start
    dimensions, sizes = ((2, 3, 32), (10**4, 10**5)) if options.quick else ((2, 3, 4, 8, 32), (10**4, 10**5, 10**6))
    cells = []
    for d in dimensions:
        for kind in ("gauss", "sphere"):
            for n in sizes:
                cells.append(cell(d, n, kind, 1024 if n < 10**6 else 256, options.threads))
                print(f"d = {d}, n = {n}, {kind}: {cells[-1]['us_per_query']}", file=sys.stderr)
    rows = growth(cells)
    facts = {"threads": options.threads, "compile_s": compile_s, "cells": cells, "growth": rows}
    show(facts, lambda: as_text(cells, rows, compile_s), options.json)


if __name__ == "__main__":
    main()
