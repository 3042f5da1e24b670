"""Decoding with a key-value cache: one new row per token against a growing K, and what it costs.

A transformer that generates text attends once per head and token over everything before it. `AttentionCache` keeps what
can be kept from token to token; the row for token n still needs

- a search for its k best keys among n: queries, each about n gates as a circuit, or one step if a QRAM holds the keys;
- k scores of found keys, a few of rejected ones, and the samples of the far field: evaluations, O(d) each;
- the far field's sums over all keys: multiply-adds (or additions), counted where they are made. The cache extends its
  sums by the new key in O(d (d + d_v)), and from scratch they take n times that;
- the new key as integers, and all others again where it leaves the range of a column.

Exact attention takes n evaluations. Columns are means over the tokens from n/2 to n, all of them decoded through one
cache; "from scratch" is the n-th token's. The last column is what the chances to miss any key add up to over these
tokens, since every token is a call with a delta of its own. Last, the first tokens are computed from scratch as well,
under the same seeds, and compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from common import parser, show

from qattn import AttentionCache, AttentionResult, GroverStatistics, attend
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


def from_scratch(cache: AttentionCache, q: Floats, call: int) -> AttentionResult:
    """What a call of the cache is, without a cache."""
    return attend(q, cache.keys, cache.values, seed=cache.seed_of(call), **cache.options)


def measure(Q: Floats, K: Floats, V: Floats, sizes: list[int], options: dict[str, Any]) -> list[dict[str, float]]:
    """Decode all tokens; for each n the means over the second half."""
    cache, rows, runs = AttentionCache(**options), [], []
    for t in range(max(sizes)):
        cache.append(K[t], V[t])
        work, encoded = cache.work, cache.encoded
        run = summary(cache.attend(Q[t]))
        runs.append(run | {"far_field_multiply_adds": cache.work - work, "encoded": cache.encoded - encoded})
        n = t + 1
        if n in sizes:
            half = runs[n // 2 :]
            rows.append(
                {name: float(np.mean([run[name] for run in half])) for name in half[0]}
                | {
                    "n": n,
                    "unit": float(np.mean(np.sqrt(options["k"] * np.arange(n // 2 + 1, n + 1)))),
                    "exact_evaluations": float(np.mean(range(n // 2 + 1, n + 1))),
                    "far_field_from_scratch": from_scratch(cache, Q[t : t + 1], t).attention.far.sums.work,
                    "miss_bound": float(min(sum(run["miss_bound"] for run in half), 1.0)),
                }
            )
    return rows


def summary(run: AttentionResult) -> dict[str, float]:
    """The numbers of one token."""
    return {
        "queries": float(run.queries.sum()),
        "evaluations": float(run.evaluations.sum()),
        "error": relative_error(run),
        "miss_bound": run.miss_bound,
    }


def compare(Q: Floats, K: Floats, V: Floats, tokens: int, options: dict[str, Any]) -> dict[str, Any]:
    """Each of the first tokens through a cache, and from scratch under the same seed."""
    cache, same = AttentionCache(**options), {"found": 0, "queries": 0, "evaluations": 0, "drawn": 0}
    largest = 0.0
    for t in range(tokens):
        cache.append(K[t], V[t])
        ours, fresh = cache.attend(Q[t]), from_scratch(cache, Q[t : t + 1], t)
        same["found"] += np.array_equal(ours.found[0], fresh.found[0])
        same["queries"] += np.array_equal(ours.queries, fresh.queries)
        same["evaluations"] += np.array_equal(ours.evaluations, fresh.evaluations)
        same["drawn"] += np.array_equal(ours.draws.columns[0], fresh.draws.columns[0])
        largest = max(largest, float(np.abs(ours.output - fresh.output).max() / np.abs(fresh.output).max()))
    return {"tokens": tokens, "equal": same, "largest_difference": largest}


def main() -> None:
    own = parser(__doc__, quick="n = 64 and 256")
    own.add_argument("--n", type=int, nargs="+", default=[64, 256, 1024, 2048])
    own.add_argument("--d", type=int, default=32)
    own.add_argument("--k", type=int, default=16)
    own.add_argument("--samples", type=int, default=16)
    own.add_argument("--bits", type=int, default=8, help="of a key's component in the circuit")
    own.add_argument("--far-field", default="linear", choices=["ones", "constant", "linear"])
    own.add_argument("--tokens", type=int, default=256, help="tokens that are compared with attend from scratch")
    own.add_argument("--seed", type=int, default=0)
    given = own.parse_args()
    sizes = sorted(set([64, 256] if given.quick else given.n))
    Q, K, V = sequence(max(*sizes, given.tokens), given.d, given.seed)
    options = {
        "k": given.k, "far_field": given.far_field, "samples": given.samples, "sampler": GroverStatistics(),
        "rank": "all", "bits": given.bits, "seed": given.seed,
    }  # fmt: skip
    rows = measure(Q, K, V, sizes, options)
    compared = compare(Q, K, V, given.tokens, options)
    facts = {"d": given.d, "k": given.k, "samples": given.samples, "rows": rows, "compared": compared}
    show(facts, lambda: as_text(facts, given.far_field), given.json)


COLUMNS = (  # heading, width, format, value
    ("n", 6, "d", lambda row: row["n"]),
    ("queries", 10, ".1f", lambda row: row["queries"]),
    ("/ sqrt(nk)", 12, ".2f", lambda row: row["queries"] / row["unit"]),
    ("evaluations", 13, ".1f", lambda row: row["evaluations"]),
    ("exact", 9, ".1f", lambda row: row["exact_evaluations"]),
    ("far field kept", 16, ".0f", lambda row: row["far_field_multiply_adds"]),
    ("from scratch", 14, ".0f", lambda row: row["far_field_from_scratch"]),
    ("share", 8, ".4f", lambda row: row["far_field_multiply_adds"] / row["far_field_from_scratch"]),
    ("encoded", 9, ".1f", lambda row: row["encoded"]),
    ("error", 9, ".4f", lambda row: row["error"]),
    ("missed <=", 11, ".4f", lambda row: row["miss_bound"]),
)


def as_text(facts: dict[str, Any], far_field: str) -> None:
    """A line for each n, and the comparison."""
    k, compared = facts["k"], facts["compared"]
    print(f"per new token and head: k = {k}, {facts['samples']} samples, far field {far_field}, d = {facts['d']}")
    print("".join(f"{name:>{width}}" for name, width, _, _ in COLUMNS))
    for row in facts["rows"]:
        print("".join(f"{value(row):>{width}{form}}" for _, width, form, value in COLUMNS))
    equal = ", ".join(f"{name} {count}" for name, count in compared["equal"].items())
    print(f"of {compared['tokens']} tokens, through the cache equal to attend from scratch: {equal}")
    print(f"largest difference of an output: {compared['largest_difference']:.1e} of its largest entry")


if __name__ == "__main__":
    main()
