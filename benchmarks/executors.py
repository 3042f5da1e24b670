"""The same attend() call without an executor, over a pool of 2 processes and over 2 Dask workers: same result, ratios.

Rows of a real head run on full circuits, gate by gate, on the sparse simulator (`--statistics`: the exact Grover
statistics instead), after each pool has run one such call to start its workers. Ratios are against the call without an
executor, in this run. Then 51 MB of keys go to the Dask workers: the time from the call to the first job on a worker.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from common import parser, show

from qattn import GroverStatistics, SparseSampler, attend
from qattn.data import load_head
from qattn.search.protocols import Job


@dataclass(frozen=True)
class Clocked:
    """Grover statistics that note when their first job began, on whatever worker."""

    folder: Path

    def run(self, jobs: Sequence[Job]) -> list[np.ndarray]:
        """Note the time, then draw."""
        (self.folder / f"{time.time()}").touch()
        return GroverStatistics().run(jobs)


@contextmanager
def dask() -> Iterator[Executor | None]:
    """Two Dask workers of one thread each; None where Dask is not installed."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        print('Dask is missing: pip install -e ".[dask]"')
        yield None
        return
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        yield client.get_executor()


def timed(executor: Executor | None, tokens: int, rows: int, sampler: Any) -> tuple[float, list[int], np.ndarray]:
    """Seconds, queries and output of one call, after a short one that starts the executor's workers."""
    Q, K, V = load_head("L2H11", tokens)
    spread = np.linspace(0, len(Q) - 1, rows).astype(int)
    for part in (spread[:16], spread):
        start = time.perf_counter()
        result = attend(Q[part], K, V, k=4, sampler=sampler, seed=1, executor=executor)
    return time.perf_counter() - start, result.queries.tolist(), result.output


def first_job(executor: Executor, n: int = 100_000, d: int = 64) -> dict[str, float]:
    """Seconds from a call with many keys to the first job on a worker, and to its end."""
    rng = np.random.default_rng(0)
    Q, K = rng.normal(size=(16, d)) / d**0.5, rng.normal(size=(n, d))
    with tempfile.TemporaryDirectory() as folder:
        began = time.time()
        attend(Q, K, K[:, :1], k=2, scale=1.0, bits=8, seed=1, sampler=Clocked(Path(folder)), executor=executor)
        first = min(float(path.name) for path in Path(folder).iterdir())
        return {"megabytes": K.nbytes / 1e6, "first_job": round(first - began, 2), "all": round(time.time() - began, 2)}


def main() -> None:
    """Run, compare, print."""
    own = parser(__doc__, quick="64 tokens, 32 rows, a tenth of the keys")
    own.add_argument("--rows", type=int, default=128)
    own.add_argument("--statistics", action="store_true", help="exact Grover statistics instead of circuits")
    options = own.parse_args()
    tokens, rows = (64, 32) if options.quick else (512, options.rows)
    sampler = GroverStatistics() if options.statistics else SparseSampler()
    what = (tokens, rows, sampler)
    runs = {"none": timed(None, *what)}
    # before Dask starts threads in this process: a pool that forks afterwards may inherit a held lock and hang
    with ProcessPoolExecutor(2) as pool:
        runs["2 processes"] = timed(pool, *what)
    with dask() as workers:
        if workers is not None:
            runs["2 Dask workers"] = timed(workers, *what)
        keys = None if workers is None else first_job(workers, 10_000 if options.quick else 100_000)
    seconds, queries, output = runs["none"]
    table = [
        {
            "executor": name,
            "seconds": round(run[0], 2),
            "speedup": round(seconds / run[0], 2),
            "identical": run[1] == queries and bool(np.array_equal(run[2], output)),
        }
        for name, run in runs.items()
    ]
    facts = {"rows": rows, "n": tokens, "runs": table, "dask_with_many_keys": keys}
    show(facts, lambda: as_text(facts), options.json)


def as_text(facts: dict[str, Any]) -> None:
    """A line for each executor."""
    print(f"{facts['rows']} rows, n = {facts['n']}")
    for line in facts["runs"]:
        print(f"{line['executor']:>16}: {line['speedup']:.2f}x, identical: {line['identical']}")
    keys = facts["dask_with_many_keys"]
    if keys is not None:
        print(
            f"Dask with {keys['megabytes']:.0f} MB of keys: first job after {keys['first_job']} s, all {keys['all']} s"
        )


if __name__ == "__main__":
    main()
