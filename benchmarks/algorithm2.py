"""Algorithm 2 as attend runs it beside dense attention: torch SDPA and NumPy, in one run.

    python benchmarks/algorithm2.py [--json] [--quick] [--threads 1]

The sets S_i are given, about k = 16 keys a row, and ours is the very call with which `attend` goes on from there: the
n k scores, the far field, B, and D^-1 B V, in float64. (attend keeps nothing in float32: float32 inputs are widened.)
Dense attention computes n^2 scores: NumPy, and torch's scaled_dot_product_attention, in float64, the same precision,
and torch in float32 as a matter of interest. Beside them attend whole, by "exact" and "halfspace", sets and all. The
far field is the paper's, "ones"; "constant" and "linear" draw 16 keys a row besides. Best of several runs; on one
thread in processor time, so that a busy machine matters less. The last part runs attend(method="halfspace") whole on
n = 65,536 in a process of its own and reports the most memory it held.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from common import clock, on_threads, parser, show
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.special import ndtri

from qattn.approximation.sparse import algorithm_2
from qattn.attention import attend
from qattn.classical import exact
from qattn.problem import make_problem

D, K = 64, 16
OURS = "Algorithm 2, ones"


def instance(n: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Gaussian Q, K, V (n, 64) and thresholds that about 16 keys of each row reach."""
    rng = np.random.default_rng(0)
    queries, keys, values = rng.normal(size=(3, n, D))
    queries /= math.sqrt(D)
    return queries, keys, values, np.linalg.norm(queries, axis=1) * -ndtri(K / n)


def milliseconds(run: Callable[[], Any], repeats: int) -> float:
    """Best of several calls, after one that counts for nothing."""
    run()
    best = math.inf
    for _ in range(repeats):
        start = clock()
        run()
        best = min(best, clock() - start)
    return best * 1e3


def dense(queries: NDArray[Any], keys: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """Definition 1.1 as one would write it."""
    weights = np.exp(queries @ keys.T)
    return np.asarray(weights @ values / weights.sum(axis=1, keepdims=True))


def speed(n: int, repeats: int, threads: int) -> dict[str, Any]:
    """Times and ratios at one n."""
    queries, keys, values, tau = instance(n)
    problem = make_problem(queries, keys, values, tau)
    result = attend(queries, keys, values, tau, method="exact")
    found, seed = result.found, np.random.SeedSequence(0)

    def ours(far_field: str = "ones") -> NDArray[Any]:
        return algorithm_2(problem, found, far_field, seed=seed)[0]

    weights = np.ones((n, n))  # the paper's B, dense
    for i, js in enumerate(found):
        weights[i, js] = np.exp(exact.scores(queries[i], keys[js]))
    expected = weights @ values / weights.sum(axis=1, keepdims=True)
    del weights
    assert np.allclose(ours(), expected, rtol=0, atol=1e-12)
    assert np.array_equal(ours(), result.output)  # attend's own output, bit for bit
    ms = {
        OURS: milliseconds(ours, 5 * repeats),
        "Algorithm 2, constant": milliseconds(lambda: ours("constant"), 1),
        "Algorithm 2, linear": milliseconds(lambda: ours("linear"), 1),
        "attend whole, exact": milliseconds(lambda: attend(queries, keys, values, tau, method="exact"), repeats),
        "attend whole, halfspace": milliseconds(lambda: attend(queries, keys, values, tau, method="halfspace"), 1),
        "NumPy float64": milliseconds(lambda: dense(queries, keys, values), repeats),
    }
    try:
        import torch
    except ImportError:
        print("without torch", file=sys.stderr)
    else:
        torch.set_num_threads(threads)
        attention = torch.nn.functional.scaled_dot_product_attention
        tensors = [torch.from_numpy(array)[None, None] for array in (queries, keys, values)]
        exact_output = attention(*tensors, scale=1.0)[0, 0].numpy()
        assert np.allclose(exact_output, dense(queries, keys, values), rtol=0, atol=1e-10)
        for name in ("float64", "float32"):
            typed = [tensor.to(getattr(torch, name)) for tensor in tensors]
            ms[f"torch SDPA {name}"] = milliseconds(lambda given=typed: attention(*given, scale=1.0), repeats)  # type: ignore[misc]
    mean = sum(map(len, found)) / n
    return {"n": n, "d": D, "k": mean, "milliseconds": ms, "over_ours": {name: t / ms[OURS] for name, t in ms.items()}}


def memory(n: int) -> dict[str, Any]:
    """Attention whole by half-space reporting on n tokens, in a process of its own: seconds and peak memory."""
    command = [sys.executable, __file__, "--alone", str(n)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def alone(n: int) -> None:
    """What `memory` runs."""
    queries, keys, values, tau = instance(n)
    result = attend(queries, keys, values, tau, method="halfspace")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    mean = sum(map(len, result.found)) / n
    print(json.dumps({"n": n, "d": D, "k": mean, "seconds": result.wall_s, "peak_gib": peak / 2**30}))


def main() -> None:
    """Run both parts and print them."""
    own = parser(__doc__, quick="n = 1024 and 8192 instead of 4096 and 65536")
    own.add_argument("--threads", type=int, default=1)
    own.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    options = own.parse_args()
    on_threads(options.threads)
    if options.alone:
        alone(options.alone)
        return
    times = speed(1024 if options.quick else 4096, 2 if options.quick else 4, options.threads)
    large = memory(8192 if options.quick else 65536)
    facts = {"threads": options.threads, "speed": times, "memory": large}
    show(facts, lambda: as_text(facts), options.json)


def as_text(facts: dict[str, Any]) -> None:
    """Both parts as a table and a line."""
    times, large = facts["speed"], facts["memory"]
    title = f"n = {times['n']}, d = {D}, k = {times['k']:.1f}, threads: {facts['threads']}"
    table = Table("attention", "ms", f"over {OURS}", title=title)
    for name, value in times["milliseconds"].items():
        table.add_row(name, f"{value:.2f}", f"{times['over_ours'][name]:.1f}")
    console = Console()
    console.print(table)
    console.print(
        f"attend(method='halfspace'), n = {large['n']}, k = {large['k']:.1f}: {large['seconds']:.1f} s, "
        f"{large['peak_gib']:.2f} GiB at most"
    )


if __name__ == "__main__":
    main()
