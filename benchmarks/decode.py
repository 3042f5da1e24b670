"""Decoding with a key-value cache: one new row per token against a growing K, and what it costs.

A transformer that generates text attends once per head and token over everything before it. The row for token n needs

- a search for its k best keys among n: queries, each about n gates as a circuit, or one step if a QRAM holds the keys;
- k scores of found keys, a few of rejected ones, and the samples of the far field: evaluations, O(d) each;
- the far field from running sums of K, V and K^T V, which the new token extends in O(d d_v), whatever n is.

Exact attention takes n evaluations. Columns are means over the tokens of a window that ends at n; the last one is what
the chances to miss any key add up to over the window, since every token is a call with a delta of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from common import parser, show

from qattn import GroverStatistics, attend
from qattn.approximation.error import relative_error

Floats = np.ndarray[Any, np.dtype[np.float64]]


def sequence(n: int, d: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """A synthetic head over n tokens: topics that come and go, and a heavy first key as trained decoders have."""
    rng = np.random.default_rng(seed)
    topics = rng.normal(size=(n // 8 + 1, d))
    topic = rng.integers(np.arange(n) // 8 + 1)  # of those met so far
    K = topics[topic] + 0.6 * rng.normal(size=(n, d))
    Q = 2.0 * (topics[topic] + 0.6 * rng.normal(size=(n, d))) / np.sqrt(d)
    V = topics[topic] @ rng.normal(size=(d, d)) / np.sqrt(d) + rng.normal(size=(n, d))
    K[0] += 3 * Q.mean(axis=0) / np.linalg.norm(Q.mean(axis=0))
    return Q, K, V


def measure(Q: Floats, K: Floats, V: Floats, n: int, tokens: int, options: dict[str, Any]) -> dict[str, float]:
    """Means over the last `tokens` rows before position n, each searched alone over its own prefix."""
    runs = [attend(Q[t : t + 1], K[: t + 1], V[: t + 1], seed=t, **options) for t in range(n - tokens, n)]
    return {
        "n": n,
        "queries": float(np.mean([run.queries.sum() for run in runs])),
        "evaluations": float(np.mean([run.evaluations.sum() for run in runs])),
        "exact_evaluations": float(np.mean([run.problem.n for run in runs])),
        "far_field_multiply_adds": K.shape[1] * V.shape[1],
        "error": float(np.mean([relative_error(run) for run in runs])),
        "miss_bound": float(sum(run.miss_bound for run in runs)),
    }


def main() -> None:
    own = parser(__doc__, quick="n = 64 and 256")
    own.add_argument("--n", type=int, nargs="+", default=[64, 256, 1024, 4096])
    own.add_argument("--d", type=int, default=32)
    own.add_argument("--k", type=int, default=16)
    own.add_argument("--samples", type=int, default=16)
    own.add_argument("--far-field", default="linear", choices=["ones", "constant", "linear"])
    own.add_argument("--tokens", type=int, default=8, help="rows averaged at each n")
    own.add_argument("--seed", type=int, default=0)
    given = own.parse_args()
    sizes = [64, 256] if given.quick else given.n
    Q, K, V = sequence(max(sizes), given.d, given.seed)
    options = {"k": given.k, "far_field": given.far_field, "samples": given.samples, "sampler": GroverStatistics()}
    rows = [measure(Q, K, V, n, min(given.tokens, n), options) for n in sizes]
    facts = {"d": given.d, "k": given.k, "samples": given.samples, "rows": rows}
    show(facts, lambda: as_text(facts, given.far_field), given.json)


def as_text(facts: dict[str, Any], far_field: str) -> None:
    """A line for each n."""
    k = facts["k"]
    print(f"per new token and head: k = {k}, {facts['samples']} samples, far field {far_field}, d = {facts['d']}")
    names = "queries", "/ sqrt(nk)", "evaluations", "exact", "far field", "error", "missed <="
    print(
        f"{'n':>8}" + "".join(f"{name:>{width}}" for name, width in zip(names, (10, 12, 13, 9, 11, 9, 11), strict=True))
    )
    for row in facts["rows"]:
        unit = np.sqrt(row["n"] * k)
        print(
            f"{row['n']:8}{row['queries']:10.1f}{row['queries'] / unit:12.2f}{row['evaluations']:13.1f}"
            f"{row['exact_evaluations']:9.0f}{row['far_field_multiply_adds']:11}{row['error']:9.4f}"
            f"{row['miss_bound']:11.4f}"
        )


if __name__ == "__main__":
    main()
