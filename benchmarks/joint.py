"""One proof for a whole matrix: loose rows and then one search over all pairs, against a proof for each block of rows.

    python benchmarks/rows.py --joint [--k 0 1 4 16] [--rows 96] [--delta 0.01] [--json] [--quick]

Toffolis a row of both ways to find and certify all marked pairs of n_q rows and n keys, QROAM, delta for the matrix:

    rows    blocks of R rows share delta (`attend(block=)`), at the best R of those tried
    matrix  blocks of R rows are searched with `loose_share` each, and one search over the n_q n pairs carries the proof
            (`attend(proof="matrix")`), at the best R of those tried

Both are priced in full: load, comparisons, undo, the reflection, and the exclusion of every index that is known, which
in the search of the pairs is a slot of the loaded row (`qattn.oracles.matrix`). Toffolis are those of the circuits, by
the formula that the count of a built one is checked against; queries are simulated on ideal measurements, with the
union that these rows' sets have. Pairs beyond 2^16 are simulated at 2^16 and scaled by the root. "missed" is the mean
number of pairs that the loose rows leave; they come in bursts, as a search that stops early misses most of a row's
keys, and "+-" is the standard error of that mean.

"random": uniform integers, (n, d, bits) = (1024, 32, 6), sets nearly disjoint; "skewed": the same, one row of 16 wants
16 keys and the others none. The heads are those of heads512.npz, the first two of them unless --heads says more.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from qattn.encoding.precision import Precision
from qattn.encoding.similarity import directions, groups
from qattn.oracles.design import Form
from qattn.oracles.matrix import MatrixOracle
from qattn.oracles.rows import Rows, compile_rows
from qattn.problem import make_problem
from qattn.resources.blocks import query_gates
from qattn.resources.query import controlled_z_cost, reflection_cost
from qattn.search.matrix import loose_share
from qattn.search.rotation import hit_probability
from qattn.search.schedule import Schedule
from qattn.synthesis.cost import count
from qattn.synthesis.registers import index_bits

BITS, D = 6, 32
SIZES = (1, 2, 4, 6, 8, 12, 16, 32)
MATRICES = (64, 512, 1024)  # rows
TRIALS, PAIR_TRIALS = 80, 8
AGAIN = 6  # times as many for the R that is taken
NEAR = 1.2  # of the price of the best R alone: sizes that are tried with the search of all pairs
LARGEST = 1 << 16  # indices simulated
COLUMNS = {"n": "", "n_q": "", "k": "", "R_rows": "", "R": "", "loose": "g", "missed": ".1f", "missed_error": ".1f",
           "block_query": ".0f", "pair_query": ".0f"}  # fmt: skip
Cell = dict[str, Any]
Runs = tuple[float, float, tuple[int, ...]]  # queries, queries times indices excluded, missed in each trial


@lru_cache(maxsize=4096)
def simulated(n: int, marked: tuple[int, ...], delta: float, seed: int = 0) -> Runs:
    """Searches of n indices for so many marked ones each: mean queries, mean of queries x excluded, what was missed."""
    rng = np.random.default_rng((n, len(marked), sum(marked), seed))
    queries = weighed = 0
    missed = []
    for left in marked:
        schedule, found = Schedule.start(n, n, delta), 0
        while not schedule.done:
            ((m, _),) = runs = schedule.next()
            queries, weighed = queries + m, weighed + m * found
            hit = int(rng.random() < hit_probability(n, left - found, m))
            found += hit
            schedule = schedule.observe(runs, (hit,), hit)
        missed.append(left - found)
    return queries / len(marked), weighed / len(marked), tuple(missed)


def search_price(n: int, query: float, runs: Runs) -> float:
    """Toffolis of a search: its queries, each with a reflection and the exclusion of what is known."""
    each = query + reflection_cost(n, by_measurement=True).toffoli
    return runs[0] * each + runs[1] * controlled_z_cost(index_bits(n), by_measurement=True).toffoli


def pair_price(pairs: MatrixOracle, query: float, left: tuple[int, ...], delta: float) -> tuple[float, float]:
    """(Toffolis, queries) of the search over all pairs, with these numbers of pairs left to find."""
    n = min(pairs.n, LARGEST)
    queries, weighed, _ = simulated(n, left, delta)
    root = float(np.sqrt(pairs.n / n))
    return search_price(pairs.n, query, (root * queries, root * weighed, ())), root * queries


def unions(rows: Rows, size: int, most: int, trials: int) -> tuple[int, ...]:
    """Sizes of the union of `size` rows' sets, `trials` of them, from blocks spread over about `most` rows."""
    p = rows.problem
    chosen = groups(directions(p.Q, p.K), p.visible, size)
    take = np.unique(np.linspace(0, len(chosen) - 1, max(1, min(most, p.n_q) // size)).astype(int))
    sizes = [rows.block(chosen[i]).marked_set.size for i in take]
    return tuple(sizes[i % len(sizes)] for i in range(trials))


def cell(name: str, rows: Rows, k: int, options: Any, trials: int, most: int | None = None) -> Cell:
    """Both ways on one matrix."""
    p, n, delta = rows.problem, rows.problem.n, options.delta
    gates = query_gates(np.unique(np.linspace(0, p.n_q - 1, 12).astype(int)).tolist(), rows.block)
    sizes = [size for size in SIZES if size <= p.n_q]
    union = {size: unions(rows, size, most or options.rows, trials) for size in sizes}
    apart = {
        size: search_price(n, gates(size), simulated(n, union[size][: trials // 2], delta * size / p.n_q)) / size
        for size in sizes
    }
    R = min(apart, key=lambda size: apart[size])
    everything = MatrixOracle(rows)
    i, j = np.divmod(everything.marked_set, everything.width)
    pairs = MatrixOracle(rows, tuple(j[i == row] for row in range(p.n_q)))
    query = float(pairs.cost().toffoli)
    rng = np.random.default_rng((options.seed, k, p.n_q))

    def priced(size: int, loose: float, runs: Runs, left: Any) -> Cell:
        proof, queries = pair_price(pairs, query, tuple(int(x) for x in left), delta)
        loosely = search_price(n, gates(size), runs) / size
        return {"R": size, "loose": loose, "missed": float(np.mean(left)), "loose_rows": loosely,
                "proof": proof / p.n_q, "pair_queries": queries, "matrix": loosely + proof / p.n_q}  # fmt: skip

    tried, loose = [], loose_share(everything.marked_set.size)
    for size in sizes:
        if apart[size] < NEAR * apart[R]:
            blocks = -(-p.n_q // size)
            left = loose * float(np.mean(union[size])) * blocks / 2  # about; so few trials do not tell
            tried.append(priced(size, loose, simulated(n, union[size], loose), [round(left)] * 4))
    first = min(tried, key=lambda one: float(one["matrix"]))
    runs = simulated(n, union[first["R"]] * AGAIN, first["loose"], 1)  # by other random numbers than it was chosen by
    blocks = -(-p.n_q // first["R"])
    best = priced(first["R"], first["loose"], runs, rng.choice(runs[2], (PAIR_TRIALS, blocks)).sum(axis=1))
    best |= {"missed": blocks * float(np.mean(runs[2])),
             "missed_error": blocks * float(np.std(runs[2])) / len(runs[2]) ** 0.5}  # fmt: skip
    return {
        "instance": name, "n": n, "n_q": p.n_q, "k": k, "R_rows": R, "rows": apart[R], "block_query": gates(R),
        "pair_query": query, "slots": pairs.comparison.shape.slots, **best, "saving": 1 - best["matrix"] / apart[R],
        "alone": apart[1],
    }  # fmt: skip


def compiled(Q: Any, K: Any, k: Any) -> Rows:
    """Rows that so many of their keys reach, each the same number or one of its own."""
    ranked = -np.sort(-(Q @ K.T), axis=1)
    ranked = np.concatenate([ranked[:, :1] + 2, ranked], axis=1)
    wanted = np.broadcast_to(k, len(Q))
    tau = (np.take_along_axis(ranked, wanted[:, None], 1) + np.take_along_axis(ranked, wanted[:, None] + 1, 1)) / 2
    form = Form.of("select_swap", "carry_save")
    return compile_rows(make_problem(Q, K, K, tau[:, 0]), Precision(BITS, None, int(np.max(k)), 0, 0), form=form)


def counted(rows: Rows) -> bool:
    """Whether the formula of a pair query is the count of the built circuit; raises where it is not."""
    oracle = MatrixOracle(rows)
    if (found := count(oracle.measured_circuit)) != oracle.cost():
        raise AssertionError(f"counted {found}, predicted {oracle.cost()}")
    return True


def measure(options: Any) -> dict[str, Any]:
    """All cells."""
    trials, half = (30 if options.quick else TRIALS), 1 << (BITS - 1)
    ks = [4] if options.quick else options.k
    made, checked = [], False
    for n_q in (64,) if options.quick else MATRICES:
        rng = np.random.default_rng((options.seed, n_q))
        Q, K = (rng.integers(-half, half, (m, D)).astype(float) for m in (n_q, options.n))
        for k in ks:
            rows = compiled(Q, K, k)
            checked = checked or counted(rows)
            made.append(cell("random", rows, k, options, trials))
        if not options.quick:
            skewed = np.where(rng.permutation(n_q) % 16, 0, 16)
            made.append(cell("skewed", compiled(Q, K, skewed), 1, options, 4 * trials, most=n_q))
    with np.load(options.file, allow_pickle=False) as file:
        names = sorted(name[2:] for name in file.files if name.startswith("Q_"))[
            : 2 if options.heads is None else options.heads
        ]
        heads = {name: (file[f"Q_{name}"].astype(float), file[f"K_{name}"].astype(float)) for name in names}
    for name, (Q, K) in heads.items():
        made += [cell(name, compiled(Q, K, k), k, options, trials) for k in ks]
    return {"delta": options.delta, "seed": options.seed, "trials": trials, "counted": checked, "cells": made}


def show(facts: dict[str, Any], console: Console) -> None:
    """One line a cell: thousands of Toffolis a row."""
    table = Table("instance", "n", "n_q", "k", "R rows", "R matrix", "loose", "missed", "+-", "block query",
                  "pair query", "rows", "matrix", "proof", "saved",
                  title="thousands of Toffolis to find and certify a row")  # fmt: skip
    for one in facts["cells"]:
        table.add_row(
            one["instance"], *(f"{one[name]:{form}}" for name, form in COLUMNS.items()),
            *(f"{one[name] / 1e3:.1f}" for name in ("rows", "matrix", "proof")), f"{100 * one['saving']:.0f}%",
        )  # fmt: skip
    console.print(table)
