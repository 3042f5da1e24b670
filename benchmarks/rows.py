"""Toffolis to find and certify a row: rows searched one by one, in blocks, in two stages, and by the search of before.

    python benchmarks/rows.py [--k 1 4 16] [--rows 96] [--delta 0.01] [--file heads.npz] [--json] [--quick]

Rows are searched at the threshold that k of their keys reach, k unknown to the search, delta for a matrix of as many
rows as keys. A row's price is the Toffolis of a query (load, comparisons, undo, in the measured rendering) times the
queries of its search, simulated on ideal measurements; a block's is divided by its rows. The Toffolis are those of each
block's own circuit, by the formula that the count of one built circuit per cell is checked against ("counted"). Beside
stand the evaluations: a measured key is scored in all rows of its block.

"disjoint": (n, d, bits) = (1024, 32, 6), no key is wanted by two rows. The heads are those of heads512.npz, MiniLM on
512 tokens. "auto" is what `attend(block="auto")` takes. "shuffled" are blocks as large with rows put together at
random: where rows are alike they must cost more than "auto", and on disjoint sets the same. "coarse" is a search in two
stages (`attend(coarse=3, block="auto")`) at the R that suits it: queries of few bits find, the row's own prove, each at
its own price; "void" is the same with the coarse keys in another order, which say nothing of what is wanted. "qram" is
the assumption of a load for one Toffoli. "before" is the search with a certificate for each phase
(baselines/search_2026.py), row by row.

With --joint: one proof for the whole matrix instead (joint.py).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import joint
import numpy as np
from baselines.search_2026 import Schedule as PhaseSchedule
from rich.console import Console
from rich.table import Table

from qattn.classical.exact import top_k
from qattn.encoding.precision import Precision
from qattn.machines.coarse_search import coarse_stage, search_coarse
from qattn.machines.row_search import RowSearch
from qattn.oracles.design import Form
from qattn.oracles.rows import Rows, coarsened, compile_rows
from qattn.problem import make_problem
from qattn.resources.blocks import Blocks, choose_blocks
from qattn.resources.logical import QRAM, resolve
from qattn.search.protocols import SearchOptions
from qattn.search.rotation import hit_probability
from qattn.search.statistics import GroverStatistics
from qattn.synthesis.cost import count

LOOKUPS = ("select_swap", "unary", "bucket_brigade", "qram")
HEADS = ("select_swap", "qram")  # those that the heads are priced with
BITS = 6
PRICED = 24  # rows whose circuits are priced in a cell
Cell = dict[str, Any]


def disjoint(n: int, d: int, k: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """(Q, K): n/k groups of k keys about a direction each, and a row for each group: no two rows want the same key.

    All are signed integers of `BITS` bits, rows uniform as those of `qattn.resources.logical.cost_instance`.
    """
    half = 1 << (BITS - 1)
    Q = rng.integers(-half, half, (n // k, d))
    K = np.clip(np.repeat(Q, k, axis=0) + rng.integers(-2, 3, (n, d)), -half, half - 1)
    K = K[rng.permutation(n)]
    wanted = np.concatenate(top_k(Q.astype(float), K.astype(float), k))
    if np.unique(wanted).size < wanted.size:
        raise ValueError("two rows want the same key; give another seed")
    return Q.astype(float), K.astype(float)


def thresholds(Q: Any, K: Any, k: int) -> Any:
    """(n_q,) half way between the k-th and the next best score of each row."""
    ranked = -np.sort(-(Q @ K.T), axis=1)
    return (ranked[:, k - 1] + ranked[:, k]) / 2


def searched(rows: Rows, blocks: Blocks, delta: float, most: int, seed: int) -> list[tuple[Any, Any]]:
    """(the block's oracle, what was found) of some blocks spread over the matrix, about `most` rows."""
    search = some_blocks(rows, blocks, delta, most, seed)
    found = search.run(range(len(search.groups)))
    return [(rows.block(group), one) for group, one in zip(search.groups, checked(search, found), strict=True)]


def some_blocks(rows: Rows, blocks: Blocks, delta: float, most: int, seed: int) -> RowSearch:
    """The search of some blocks spread over the matrix, about `most` rows, with their share of delta."""
    groups = blocks.groups or tuple((i,) for i in range(rows.problem.n_q))
    take = np.unique(np.linspace(0, len(groups) - 1, max(1, most // blocks.size)).astype(int))
    options = SearchOptions(delta=delta, sharing=len(groups), seed=seed)
    return RowSearch(rows, options, GroverStatistics(), groups=tuple(groups[i] for i in take))


def checked(search: RowSearch, found: list[Any]) -> list[Any]:
    """What was found; a key that was missed is said."""
    rows = search.rows
    for rows_of, one in zip(search.groups, found, strict=True):
        wanted = [np.flatnonzero(rows.problem.scores(i) >= rows.problem.tau[i]) for i in rows_of]
        if not all(np.array_equal(a, b) for a, b in zip(one.sets, wanted, strict=True)):
            print(f"missed in the block {rows_of}", file=sys.stderr)  # with a chance of delta in the whole matrix
    return found


def two_stages(rows: Rows, coarse: Rows, blocks: Blocks, delta: float, options: Any, form: Form) -> Cell:
    """Means a row of blocks that are searched in two stages: Toffolis, queries of each stage, evaluations."""
    search = some_blocks(rows, blocks, delta, options.rows, options.seed)
    before, found = search_coarse(coarse_stage(search, coarse), search)
    checked(search, found)
    pairs = list(zip(search.groups, zip(before, found, strict=True), strict=True))
    finding = toffolis([(coarse.block(group), one) for group, (one, _) in pairs], {"": form}, check=False)[""]
    proving = toffolis([(rows.block(group), one) for group, (_, one) in pairs], {"": form}, check=False)[""]
    each = np.array([finding * a.queries + proving * b.queries for a, b in zip(before, found, strict=True)])
    count = sum(map(len, search.groups))
    return {
        "R": blocks.size, "toffoli": float(each.sum() / count), "find_query": finding, "prove_query": proving,
        "error": float(np.std(each) / blocks.size / len(each) ** 0.5),
        "find_queries": sum(a.queries for a in before) / count, "queries": sum(b.queries for b in found) / count,
        "evaluations": sum(a.evaluations + b.evaluations for a, b in zip(before, found, strict=True)) / count,
    }  # fmt: skip


def disordered(coarse: Rows, seed: int) -> Rows:
    """The coarse rows over their keys in another order: they say nothing of the keys that are wanted."""
    order = np.random.default_rng(seed).permutation(coarse.keys.n)
    return replace(coarse, keys=replace(coarse.keys, X=coarse.keys.X[order]))


def queries_before(n: int, marked: int, delta: float, rng: np.random.Generator) -> int:
    """Queries of one search with a certificate for each phase."""
    schedule, left, queries = PhaseSchedule.start(n, n, delta), marked, 0
    while not schedule.done:
        ((m, _),) = runs = schedule.next()
        queries += m
        hit = int(rng.random() < hit_probability(n, left, m))
        left -= hit
        schedule = schedule.observe(runs, (hit,), hit)
    return queries


def cells(
    name: str, Q: Any, K: Any, k: int, share: float, lookups: tuple[str, ...], options: argparse.Namespace, check: bool
) -> list[Cell]:
    """Some lookups on one instance.

    Args:
        name: of the instance.
        Q: rows.
        K: keys.
        k: keys that each row wants.
        share: the rows' part of delta.
        lookups: their names.
        options: of the command.
        check: build one circuit a cell and count it.
    """
    problem = make_problem(Q, K, K, thresholds(Q, K, k))
    plain = compile_rows(problem, Precision(BITS, None, k, 0, 0), form=Form.of("select_swap", "carry_save"))
    delta, rng = share * options.delta, np.random.default_rng((options.seed, k))
    runs: dict[int, list[tuple[Any, Any]]] = {1: searched(plain, Blocks(), delta, options.rows, options.seed)}
    before = [queries_before(oracle.n, oracle.marked_set.size, delta / problem.n_q, rng) for oracle, _ in runs[1]]
    forms = {lookup: Form.of(resolve(lookup), "carry_save") for lookup in lookups}
    chosen = {
        lookup: choose_blocks(problem, replace(plain, form=form).block, "auto", members=float(k), delta=delta)
        for lookup, form in forms.items()
    }
    for blocks in chosen.values():
        if blocks.size not in runs:
            runs[blocks.size] = searched(plain, blocks, delta, options.rows, options.seed)
    mixed = {lookup: shuffled(blocks, rng) for lookup, blocks in chosen.items() if lookup == HEADS[0] and blocks.groups}
    random = {lookup: searched(plain, blocks, delta, options.rows, options.seed) for lookup, blocks in mixed.items()}
    costs = {size: toffolis(run, forms, check) for size, run in runs.items()}
    form = forms[HEADS[0]]
    formed = replace(plain, form=form)
    coarse = coarsened(formed, options.coarse)
    suited = choose_blocks(problem, formed.block, "auto", members=float(k), delta=delta, coarse_of=coarse.block)
    stages = two_stages(formed, coarse, suited, delta, options, form)
    void = two_stages(formed, disordered(coarse, options.seed), suited, delta, options, form)
    made = []
    for lookup, blocks in chosen.items():
        alone, auto = (a_row(runs[size], costs[size][lookup]) for size in (1, blocks.size))
        old = float(np.mean(before)) * costs[1][lookup]
        made.append({
            "instance": name, "k": k, "lookup": lookup, "R": blocks.size, "why": blocks.why,
            "query_alone": costs[1][lookup], "query_auto": costs[blocks.size][lookup],
            "alone": alone["toffoli"], "auto": auto["toffoli"], "before": old,
            "alone_error": alone["error"], "auto_error": auto["error"],
            "gain": alone["toffoli"] / auto["toffoli"], "gain_on_before": old / auto["toffoli"],
            "queries_alone": alone["queries"], "queries_auto": auto["queries"],
            "queries_before": float(np.mean(before)),
            "evaluations_alone": alone["evaluations"], "evaluations_auto": auto["evaluations"],
            "marked_alone": alone["marked"], "union": auto["marked"], "counted": check and lookup != QRAM.name,
            "exponent": growth(auto["marked"] / alone["marked"], blocks.size),
        })  # fmt: skip
        if lookup in random:
            null = a_row(random[lookup], costs[blocks.size][lookup])
            made[-1] |= {"shuffled": null["toffoli"], "shuffled_error": null["error"], "union_shuffled": null["marked"]}
        if lookup == HEADS[0]:
            made[-1] |= {"coarse": stages["toffoli"], "coarse_on_before": old / stages["toffoli"], "stages": stages,
                         "void": void["toffoli"]}  # fmt: skip
    return made


def shuffled(blocks: Blocks, rng: np.random.Generator) -> Blocks:
    """Blocks of the same sizes, rows put together at random."""
    rows = rng.permutation(np.concatenate(blocks.groups)).tolist()
    ends = np.cumsum([len(group) for group in blocks.groups])
    return replace(
        blocks, groups=tuple(tuple(rows[end - len(g) : end]) for g, end in zip(blocks.groups, ends, strict=True))
    )


def toffolis(runs: list[tuple[Any, Any]], forms: dict[str, Form], check: bool) -> dict[str, float]:
    """Toffolis of a block's query by lookup, on average over the circuits of some `PRICED` rows."""
    some = [oracle for oracle, _ in runs[:: max(1, len(runs) * len(runs[0][0].rows) // PRICED)]]
    totals: dict[str, list[int]] = {lookup: [] for lookup in forms}
    for place, oracle in enumerate(some):
        for lookup, form in forms.items():
            formed = type(oracle)(tuple(row.formed(form) for row in oracle.rows))
            cost = formed.cost()
            if check and place == 0 and lookup != QRAM.name and (counted := count(formed.measured_circuit)) != cost:
                raise AssertionError(f"{form}, {len(oracle.rows)} rows: counted {counted}, predicted {cost}")
            totals[lookup].append(cost.toffoli)
    return {lookup: float(np.mean(own)) for lookup, own in totals.items()}


def a_row(runs: list[tuple[Any, Any]], query: float) -> Cell:
    """Means a row of searched blocks: Toffolis, queries, evaluations; marked keys a block."""
    rows = sum(len(oracle.rows) for oracle, _ in runs)
    each = np.array([found.queries / len(oracle.rows) for oracle, found in runs])
    return {
        "toffoli": query * sum(found.queries for _, found in runs) / rows,
        "error": query * float(np.std(each) / np.sqrt(len(runs))),
        "queries": sum(found.queries for _, found in runs) / rows,
        "evaluations": sum(found.evaluations for _, found in runs) / rows,
        "marked": float(np.mean([oracle.marked_set.size for oracle, _ in runs])),
    }


def growth(ratio: float, size: int) -> float | None:
    """The exponent with which the union grows."""
    return float(np.log(ratio) / np.log(size)) if size > 1 else None


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All cells, and the medians over the heads."""
    made: list[Cell] = []
    for k in options.k:
        Q, K = disjoint(options.n, 32, k, np.random.default_rng((options.seed, k, 1)))
        made += cells("disjoint", Q, K, k, len(Q) / options.n, LOOKUPS, options, check=True)
    with np.load(options.file, allow_pickle=False) as file:
        names = sorted(name[2:] for name in file.files if name.startswith("Q_"))[: options.heads]
        heads = {name: (file[f"Q_{name}"].astype(float), file[f"K_{name}"].astype(float)) for name in names}
    for place, (name, (Q, K)) in enumerate(heads.items()):
        for k in options.k:
            made += cells(name, Q, K, k, 1.0, HEADS, options, check=place == 0 and k == options.k[-1])
    medians = []
    for k in options.k:
        for lookup in HEADS:
            here = [c for c in made if c["instance"] != "disjoint" and (c["k"], c["lookup"]) == (k, lookup)]
            if not here:
                continue
            names = ["R", "alone", "auto", "before", "gain", "gain_on_before", "evaluations_alone", "evaluations_auto"]
            names += [
                name for name in ("shuffled", "coarse", "coarse_on_before", "void") if all(name in c for c in here)
            ]
            medians.append({"k": k, "lookup": lookup} | {x: float(np.median([c[x] for c in here])) for x in names})
    return {"delta": options.delta, "rows": options.rows, "seed": options.seed, "cells": made, "heads": medians}


def show(facts: dict[str, Any], console: Console) -> None:
    """One line a cell: prices in thousands of Toffolis a row."""
    table = Table("instance", "k", "lookup", "R", "before", "alone", "auto", "shuffled", "coarse", "void", "gain",
                  "on before", "coarse", "evals alone", "auto", "coarse",
                  title="thousands of Toffolis to find and certify a row")  # fmt: skip
    medians = [{"instance": "median head", **cell} for cell in facts["heads"]]
    for cell in [*facts["cells"], *medians]:
        if cell["instance"] not in ("disjoint", "median head") and cell["lookup"] != "select_swap":
            continue
        names = ("before", "alone", "auto", "shuffled", "coarse", "void")
        thousands = (f"{cell[name] / 1e3:.1f}" if name in cell else "-" for name in names)
        gains = (
            f"{cell[name]:.2f}" if name in cell else "-" for name in ("gain", "gain_on_before", "coarse_on_before")
        )
        counts = (cell["evaluations_alone"], cell["evaluations_auto"], cell.get("stages", {}).get("evaluations"))
        evaluations = ("-" if count is None else f"{count:.0f}" for count in counts)
        table.add_row(cell["instance"], str(cell["k"]), cell["lookup"], f"{cell['R']:g}", *thousands, *gains,
                      *evaluations)  # fmt: skip
    console.print(table)
    for why in {cell["why"] for cell in facts["cells"] if cell["lookup"] == QRAM.name}:
        console.print(f"with a QRAM: {why}", highlight=False, soft_wrap=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--k", type=int, nargs="+", help="1 4 16, with --joint 0 as well")
    parser.add_argument("--n", type=int, default=1024, help="keys of the disjoint instance")
    parser.add_argument("--rows", type=int, default=96, help="rows searched in each cell, of the whole matrix")
    parser.add_argument("--delta", type=float, default=0.01, help="for the whole matrix")
    parser.add_argument("--file", type=Path, default=Path(__file__).with_name("heads512.npz"), help="Q_HEAD, K_HEAD")
    parser.add_argument("--heads", type=int, help="the first so many heads of the file")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--coarse", type=int, default=3, help="bits of the first stage")
    parser.add_argument("--quick", action="store_true", help="k = 4, (256, 32, 6), one head, few rows")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else there")
    parser.add_argument("--joint", action="store_true", help="one proof for the matrix against one for each block")
    options = parser.parse_args()
    options.k = options.k or [0, 1, 4, 16][not options.joint :]
    if options.quick:
        options.k, options.n, options.rows, options.heads = [4], 256, 24, 1
    facts = joint.measure(options) if options.joint else measure(options)
    if options.json:
        print(json.dumps(facts))
    else:
        (joint.show if options.joint else show)(facts, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())
