"""The same attend() call without an executor, over a pool of 2 processes and over 2 Dask workers: same result, ratios.

Rows are searched with the exact Grover statistics (`--aer` for circuits), after each pool has run the call once to
start its workers. Ratios are against the call without an executor, in this run.
"""

from __future__ import annotations

import argparse
import json
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack

import numpy as np

from qattn import GroverStatistics, attend
from qattn.data import load_head


def main() -> None:
    """Run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--aer", action="store_true", help="full circuits on Aer (16 tokens)")
    options = parser.parse_args()
    Q, K, V = load_head("L2H11", 16 if options.aer else 64)
    copies = 1 if options.quick or options.aer else 8
    Q = np.tile(Q, (copies, 1))
    sampler = None if options.aer else GroverStatistics()

    def call(executor: Executor | None) -> tuple[float, list[int], np.ndarray]:
        start = time.perf_counter()
        result = attend(Q, K, V, k=4, sampler=sampler, seed=1, executor=executor)
        return time.perf_counter() - start, result.queries.tolist(), result.output

    with ExitStack() as stack:
        executors: dict[str, Executor | None] = {
            "none": None,
            "2 processes": stack.enter_context(ProcessPoolExecutor(2)),
        }
        try:
            from distributed import Client, LocalCluster
        except ImportError:
            print('Dask is missing: pip install -e ".[dask]"')
        else:
            cluster = stack.enter_context(LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None))
            executors["2 Dask workers"] = stack.enter_context(Client(cluster)).get_executor()
        runs = {name: (call(executor), call(executor))[1] for name, executor in executors.items()}
    seconds, queries, output = runs["none"]
    table = [
        {
            "executor": name,
            "speedup": round(seconds / run[0], 2),
            "identical": run[1] == queries and bool(np.array_equal(run[2], output)),
        }
        for name, run in runs.items()
    ]
    if options.json:
        print(json.dumps({"rows": len(Q), "runs": table}))
        return
    print(f"{len(Q)} rows, n = {len(K)}")
    for line in table:
        print(f"{line['executor']:>16}: {line['speedup']:.2f}x, identical: {line['identical']}")


if __name__ == "__main__":
    main()
