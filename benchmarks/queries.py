"""Queries to find all k marked of n indices, k unknown: our plan, textbook BBHT, qiskit-algorithms' Grover.

    python benchmarks/queries.py [--n 1024 65536] [--delta 0.01] [--trials 2000] [--json] [--quick] [--figure FILE]

Every method is run on ideal measurements, until it is sure to have found all marked indices, k up to n/2 being allowed
for. Queries are uses of the phase oracle, in units of sqrt(n max(k, 1)). Beside the frequency of searches that missed
an index stands, for our plan, the bound that a search prints, and the chance that counts as many misses or more if the
frequency were delta itself. "limit" is the least possible mean with repeated Grover runs when k is known and nothing
needs to be certified; "reference" adds to it the bound 1.344 / sqrt(max(k, 1)) of the polynomial method on
certifying at 1% (a proven limit for k = 0 only).

Our trials walk the schedule of `qattn.search` itself, many at once: all trials with the same history share its state.
Up to k = 3 the histories are few, and ten times the trials are run. "planning" is the processor time that choosing
the runs takes, in milliseconds a search; "first" the same, in seconds, for the first plan of a size and a delta.
A few hundred searches per cell go through the rows, jobs and machine of the package, as a check.

Other packages, where they are installed, are run with ideal measurements. qiskit-algorithms has a loop of its own; it
is called again without the index found until a call finds nothing: with its defaults (the best of 1024 shots for each
power), and in its BBHT mode with one shot a power. PennyLane's fixed-point amplification finds any number with
probability 0.9 or more; it is run until two in a row find nothing. Qrisp's exact search is told k and proves nothing;
"k told" is this package told the same (`k_exact`), "exact runs" the runs that never miss.

Two more tables: rounds, with 100 shots a round (`objective="rounds"`), and top-k, where no threshold is given, with and
without pivots (thresholds above the k-th best known score) on the same scores and seeds; beside k = 1 stands the
published bound on the mean queries of finding a maximum by Durr and Hoyer's method (Cade, Folkertsma, Niesen,
Weggemans, arXiv:2203.04975), which proves nothing either.

"targets": the means to reach at delta = 0.01; met when the mean less two standard errors rounds to the target or less,
and when misses as many as counted have a chance above .001 if delta itself were the frequency.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np
from baselines import grover_peers
from rich.console import Console
from rich.table import Table
from scipy.stats import binomtest

from qattn import SparseSampler, attend
from qattn.search import falling
from qattn.search.known import exact_run
from qattn.search.protocols import MarkedSet, ScoreTable
from qattn.search.rotation import hit_probability
from qattn.search.rounds import run_rows
from qattn.search.row import Found, Row, start_row
from qattn.search.schedule import Schedule
from qattn.search.statistics import GroverStatistics

Cell = dict[str, Any]
COUNTS = (0, 1, 2, 3, 4, 16, 64)
FEW = 3  # up to this count most trials share their histories
CERTIFY = 1.344  # queries / sqrt(n) of the polynomial method's bound on certifying at 1%
SLOW = 4096  # indices above which PennyLane and Qrisp are asked for few counts only: they take minutes
PEERS = {"qiskit_algorithms": "qiskit-algorithms", "qrisp": "Qrisp", "pennylane": "PennyLane"}
MAXIMUM = (6.3505, 2.8203)  # sqrt(n) and constant: a published bound on the mean queries to find a maximum
TARGETS = {  # means to reach at delta = 0.01, to two decimals
    1024: {0: 1.75, 1: 2.60, 2: 2.22, 4: 1.97, 16: 1.62, 64: 1.37},
    65536: {0: 1.80, 1: 2.76, 2: 2.39, 4: 2.13, 16: 1.71, 64: 1.50},
}


# our plan ------------------------------------------------------------------------------------------------------------


def plan_cell(n: int, k: int, delta: float, trials: int, rng: np.random.Generator) -> Cell:
    """Mean queries and misses of `trials` searches that share states as long as their histories agree."""
    trials *= 10 if k <= FEW else 1
    start = Schedule.start(n, n // 2, delta)
    queries, checks, weights, missed = [], [], [], 0
    stack = [(start, 0, 0, trials)]
    while stack:
        schedule, spent, runs, count = stack.pop()
        if schedule.done:
            queries.append(spent)
            checks.append(runs)
            weights.append(count)
            missed += count * (schedule.found < k)
            continue
        [(m, _)] = schedule.next()
        hits = int(rng.binomial(count, hit_probability(n, k - schedule.found, m)))
        for hit, share in ((1, hits), (0, count - hits)):
            if share:
                stack.append((schedule.observe(((m, 1),), (hit,), hit), spent + m, runs + 1, share))
    cell = summary(n, k, np.repeat(queries, weights), missed / trials)
    chance = float(binomtest(missed, trials, delta, alternative="greater").pvalue)
    cell |= {"bound": start.miss_bound, "chance": chance, "runs": float(np.average(checks, weights=weights))}
    return cell | {"planning_ms": planning_ms(n, k, delta, rng)}


def planning_ms(n: int, k: int, delta: float, rng: np.random.Generator, searches: int = 5) -> float:
    """Median processor time of one search's planning, in milliseconds."""
    times = []
    for _ in range(searches):
        schedule, started = Schedule.start(n, n // 2, delta), time.process_time()
        while not schedule.done:
            [(m, _)] = schedule.next()
            hit = int(rng.random() < hit_probability(n, k - schedule.found, m))
            schedule = schedule.observe(((m, 1),), (hit,), hit)
        times.append(1e3 * (time.process_time() - started))
    return float(np.median(times))


def share_cell(k: int, delta: float, searches: int, seed: int) -> Cell:
    """Share of planning in the wall time of `attend`, k of 1,024 keys a row (d = 32, 6 bits), on `SparseSampler`.

    Planning is all that starting a schedule, asking it for runs and telling it of hits takes. One search of the same
    delta, for the 16 best, comes before: it loads what is compiled and makes the two plans that are kept of a size and
    a delta, the first one and the fallback; its planning is "first_ms".
    The form of the oracles is the one that simulates fastest. "marked" is how many keys a row marks: the threshold is
    the k-th best score, and in fixed point, rounded so that none is lost, more of them reach it.
    """
    rng = np.random.default_rng((seed, k, 3))
    K, Q = rng.normal(size=(1024, 32)), rng.normal(size=(searches + 1, 32))
    scores = np.sort(Q @ K.T, axis=1)
    taus = np.append(scores[0, -16], scores[1:, -k])
    spent: list[float] = []

    def timed(plan: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            started = time.perf_counter()
            done = plan(*args, **options)
            spent.append(time.perf_counter() - started)
            return done

        return run

    def searched_rows(rows: slice, delta: float) -> tuple[float, float, float]:
        """Planning and wall time, in milliseconds a search, and marked keys a row."""
        spent.clear()
        started = time.perf_counter()
        result = attend(Q[rows], K, K, tau=taus[rows], bits=6, scale=1.0, delta=delta, sampler=SparseSampler(seed=1),
                        seed=seed, lookup="select_swap", arithmetic="carry_save")  # fmt: skip
        wall = time.perf_counter() - started
        marked = sum(len(row) for row in result.found) + int(result.accounts.extras.sum())
        count = len(taus[rows])
        return 1e3 * sum(spent) / count, 1e3 * wall / count, marked / count

    begin = timed(Schedule.start)
    with (
        patch.object(Schedule, "start", staticmethod(begin)),
        patch.object(Schedule, "next", timed(Schedule.next)),
        patch.object(Schedule, "observe", timed(Schedule.observe)),
    ):
        first, _, _ = searched_rows(slice(1), delta / searches)
        planning, wall, marked = searched_rows(slice(1, None), delta)
    return {"k": k, "marked": marked, "first_ms": first, "planning_ms": planning, "wall_ms": wall,
            "share": planning / wall}  # fmt: skip


def first_cell(n: int, delta: float) -> Cell:
    """Processor time of the first plan of a size and a delta, nothing kept from before, in seconds."""
    Schedule.start(16, 8, delta)  # compiles
    started = time.process_time()
    Schedule.start(n, n // 2, delta * (1 + 1e-9))  # no other search has planned for this delta
    return {"n": n, "seconds": time.process_time() - started}


def searched(oracles: list[Any], delta: float, rng: np.random.Generator, **options: Any) -> list[Found]:
    """Each oracle searched through the package, with the whole of delta for itself."""
    seeds = rng.integers(2**62, size=len(oracles)).tolist()
    rows: list[Row] = [start_row(i, seeds[i], oracle, delta, **options) for i, oracle in enumerate(oracles)]
    return [row.result() for row in run_rows(rows, GroverStatistics())]


def find_cell(n: int, k: int, delta: float, trials: int, rng: np.random.Generator) -> Cell:
    """The same searches through rows, jobs and a machine."""
    found = searched([marked_set(n, k, rng) for _ in range(trials)], delta, rng, k_max=n // 2)
    cell = summary(n, k, [f.queries for f in found], 0.0)
    del cell["missed"]  # too few searches for a frequency; see `check`
    return cell | {"misses": sum(f.indices.size < k for f in found), "allowed": sum(f.miss_bound for f in found)}


def known_cell(n: int, k: int, delta: float, trials: int, rng: np.random.Generator) -> Cell:
    """Searches that are told k (`k_exact`) and prove nothing."""
    found = searched([marked_set(n, k, rng) for _ in range(trials)], delta, rng, k_exact=k)
    return summary(n, k, [f.queries for f in found], float(np.mean([f.indices.size < k for f in found])))


def marked_set(n: int, k: int, rng: np.random.Generator) -> MarkedSet:
    return MarkedSet(n, rng.choice(n, size=k, replace=False))


# the others ----------------------------------------------------------------------------------------------------------


def bbht_cell(n: int, k: int, delta: float, trials: int, rng: np.random.Generator) -> Cell:
    """Boyer, Brassard, Hoyer, Tapp with growth 6/5: restarts after a find, stops 3 sqrt(n) queries after the last."""
    root = math.sqrt(n)
    left, reach = np.full(trials, k), np.ones(trials)
    queries, since = np.zeros(trials), np.zeros(trials)
    active = np.ones(trials, dtype=bool)
    while active.any():
        m = np.floor(rng.random(trials) * np.ceil(reach))
        queries += m * active
        since += m
        hit = active & (rng.random(trials) < np.sin((2 * m + 1) * np.arcsin(np.sqrt(left / n))) ** 2)
        left -= hit
        since[hit] = 0
        reach = np.where(hit, 1.0, np.minimum(reach * 6 / 5, root))
        active &= since <= 3 * root
    return summary(n, k, queries, float(np.mean(left > 0)))


def peer_cells(n: int, k: int, options: argparse.Namespace, rng: np.random.Generator) -> dict[str, Cell]:
    """The searches of other packages; the string "not installed" stands for those that are not."""
    few = max(10, options.peer // max(1, k))
    cells: dict[str, Cell] = {}
    if grover_peers.installed("qiskit_algorithms"):
        for name, trials, bbht in (("qiskit-alg., 1024", few, False), ("qiskit-alg., BBHT", 4 * few, True)):
            cells[name] = summary(n, k, *grover_peers.qiskit_algorithms(n, k, trials, rng, bbht=bbht))
    if k > 4 and n > SLOW:
        return cells
    if grover_peers.installed("pennylane"):
        cells["PennyLane, fixed point"] = summary(n, k, *grover_peers.pennylane_search(n, k, options.peer, rng))
    if grover_peers.installed("qrisp") and k:
        queries = sum(grover_peers.qrisp_iterations(n, t) for t in range(1, k + 1))
        cells["Qrisp, k told"] = summary(n, k, [queries], 0.0)
    return cells


def limit(n: int, k: int) -> float | None:
    """Least mean queries to find k of n with k known: the best m for each count left, repeated until it hits."""
    if k == 0:
        return None
    m = np.arange(1, int(math.sqrt(n)) + 1)
    theta = np.arcsin(np.sqrt(np.arange(1, k + 1) / n))[:, None]
    return float((m / np.sin((2 * m + 1) * theta) ** 2).min(axis=1).sum() / math.sqrt(n * k))


def summary(n: int, k: int, queries: Any, missed: float) -> Cell:
    """One cell: means in units of sqrt(n max(k, 1))."""
    scaled = np.asarray(queries) / math.sqrt(n * max(k, 1))
    error = float(scaled.std() / math.sqrt(scaled.size))
    return {"n": n, "k": k, "mean": float(scaled.mean()), "error": error, "missed": missed, "trials": scaled.size}


# tables --------------------------------------------------------------------------------------------------------------


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> dict[str, Any]:
    """All cells of all tables."""
    cells: list[Cell] = []
    for n in options.n:
        for k in COUNTS:
            say(f"n = {n}, k = {k}")
            rng = np.random.default_rng((options.seed, n, k))
            methods = {
                "plan": plan_cell(n, k, options.delta, options.trials, rng),
                "find_rows": find_cell(n, k, options.delta, options.check, rng),
                "BBHT": bbht_cell(n, k, options.delta, options.trials, rng),
            }
            if k:
                methods["k told"] = known_cell(n, k, options.delta, options.check, rng)
                methods["k told, exact runs"] = summary(n, k, [sum(exact_run(n, t)[0] for t in range(1, k + 1))], 0.0)
            if n & (n - 1) == 0:
                methods |= peer_cells(n, k, options, rng)
            cells += [{"method": name, **cell} for name, cell in methods.items()]
            known = limit(n, k)
            cells.append({"method": "limit", "n": n, "k": k, "mean": known})
            cells.append(
                {"method": "reference", "n": n, "k": k, "mean": (known or 0.0) + CERTIFY / math.sqrt(max(k, 1))}
            )
    n = max(options.n)
    return {
        "delta": options.delta,
        "seed": options.seed,
        "peers": {name: grover_peers.installed(module) or "not installed" for module, name in PEERS.items()},
        "queries": cells,
        "targets": target_facts(cells, options.delta),
        "first_plans": [first_cell(n, options.delta) for n in sorted({*options.n, 2**20})],
        "planning_share": [share_cell(k, options.delta, max(5, options.check // 10), options.seed) for k in (1, 4, 16)],
        "rounds": [rounds_cell(n, k, options, say) for k in (0, 1, 2, 3, 4, 6, 8, 12, 16)],
        "top_k": [top_cell(n, k, options, say) for n in options.n for k in (1, 4, 16, 64)],
    }


def rounds_cell(n: int, k: int, options: argparse.Namespace, say: Callable[[str], None]) -> Cell:
    """Mean rounds of 100 shots."""
    say(f"rounds: n = {n}, k = {k}")
    rng = np.random.default_rng((options.seed, n, k, 1))
    oracles: list[Any] = [marked_set(n, k, rng) for _ in range(options.rounds)]
    found = searched(oracles, options.delta, rng, k_max=n // 2, shots=100)
    rounds = np.array([f.rounds for f in found])
    missed = float(np.mean([f.indices.size < k for f in found]))
    cell = summary(n, k, [f.queries for f in found], missed)
    return cell | {"rounds": float(rounds.mean()), "most": int(rounds.max()), "bound": max(f.miss_bound for f in found)}


def top_cell(n: int, k: int, options: argparse.Namespace, say: Callable[[str], None]) -> Cell:
    """Mean queries of certified top-k searches over normal scores."""
    say(f"top-k: n = {n}, k = {k}")
    rng = np.random.default_rng((options.seed, n, k, 2))
    tables = [ScoreTable(rng.normal(size=n), 0.0) for _ in range(options.top)]
    state = rng.bit_generator.state
    found = searched(list(tables), options.delta, rng, best=k)
    rng.bit_generator.state = state
    with patch.object(falling, "LIKELY", 2.0):  # no score is likely enough to be a pivot
        plain = searched(list(tables), options.delta, rng, best=k)
    best = [np.sort(np.argsort(-table.values)[:k]) for table in tables]
    wrong = [not np.array_equal(f.indices, js) for f, js in zip(found, best, strict=True)]
    cell = summary(n, k, [f.queries for f in found], float(np.mean(wrong)))
    cell |= {"evaluations": float(np.mean([f.evaluations for f in found]))}
    cell |= {"without": summary(n, k, [f.queries for f in plain], 0.0)["mean"]}
    cell |= {"circuits": [float(np.mean([f.rounds for f in side])) for side in (found, plain)]}
    return cell | ({"published": (MAXIMUM[0] * math.sqrt(n) + MAXIMUM[1]) / math.sqrt(n)} if k == 1 else {})


def target_facts(cells: list[Cell], delta: float) -> list[Cell]:
    """For each cell with a target, whether its mean and its misses meet it."""
    facts = []
    for cell in cells:
        target = TARGETS.get(cell["n"], {}).get(cell["k"])
        if cell["method"] == "plan" and target is not None and delta == 0.01:
            mean = cell["mean"] - 2 * cell["error"] < target + 0.005
            facts.append({"n": cell["n"], "k": cell["k"], "target": target, "mean": cell["mean"], "mean_met": mean,
                          "missed": cell["missed"], "missed_met": cell["chance"] > 0.001})  # fmt: skip
    return facts


def show(facts: dict[str, Any], console: Console) -> None:
    """Three tables."""
    table = Table("n", "method", *(f"k={k}" for k in COUNTS), title="mean queries / sqrt(n max(k, 1))")
    table.columns[1].no_wrap = True
    for n in dict.fromkeys(cell["n"] for cell in facts["queries"]):
        here = [cell for cell in facts["queries"] if cell["n"] == n]
        for name in dict.fromkeys(cell["method"] for cell in here):
            row = {cell["k"]: cell for cell in here if cell["method"] == name}
            digits = 0 if name == "qiskit-alg., 1024" else 3
            table.add_row(str(n), name, *figures(row, "mean", digits))
            if name == "plan":
                table.add_row("", "  standard error", *figures(row, "error", 3), style="dim")
            if any("missed" in cell for cell in row.values()):
                table.add_row("", "  missed", *figures(row, "missed", 4), style="dim")
            if name == "plan":
                table.add_row("", "  bound", *figures(row, "bound", 4), style="dim")
                table.add_row("", "  planning, ms", *figures(row, "planning_ms", 0), style="dim")
        table.add_section()
    console.print(table)
    for name, there in facts["peers"].items():
        if there is not True:
            console.print(f"{name}: not installed")
    for c in facts["targets"]:
        met = "met" if c["mean_met"] and c["missed_met"] else "NOT MET"
        console.print(f"target n = {c['n']}, k = {c['k']}: {c['target']:.2f}, mean {c['mean']:.3f}: {met}")
    check = [cell for cell in facts["queries"] if cell["method"] == "find_rows"]
    misses, allowed = (sum(cell[name] for cell in check) for name in ("misses", "allowed"))
    console.print(f"find_rows missed an index in {misses} of {sum(c['trials'] for c in check)} searches; "
                  f"the bounds allow {allowed:.1f}")  # fmt: skip
    console.print("first plan, s:", ", ".join(f"n = {c['n']}: {c['seconds']:.2f}" for c in facts["first_plans"]))
    for c in facts["planning_share"]:
        times = f"{c['planning_ms']:.1f} of {c['wall_ms']:.1f} ms a search, {c['share']:.1%}"
        console.print(f"planning on SparseSampler, n = 1024, k = {c['k']} ({c['marked']:.0f} marked): {times}; "
                      f"{c['first_ms']:.0f} ms in the first search, with its plans")  # fmt: skip
    table = Table("n", "k", "rounds", "most", "missed", "bound", title="rounds of 100 shots")
    for c in facts["rounds"]:
        missed, bound = f"{c['missed']:.4f}", f"{c['bound']:.4f}"
        table.add_row(str(c["n"]), str(c["k"]), f"{c['rounds']:.2f}", str(c["most"]), missed, bound)
    console.print(table)
    table = Table("n", "k", "queries / sqrt(nk)", "without pivots", "circuits", "without", "published",
                  "evaluations", "missed", title="top-k, no threshold given")  # fmt: skip
    for c in facts["top_k"]:
        published = f"{c['published']:.2f}" if "published" in c else "-"
        evaluations, missed = f"{c['evaluations']:.0f}", f"{c['missed']:.4f}"
        circuits = [f"{number:.0f}" for number in c["circuits"]]
        table.add_row(str(c["n"]), str(c["k"]), f"{c['mean']:.2f} +- {c['error']:.2f}", f"{c['without']:.2f}",
                      *circuits, published, evaluations, missed)  # fmt: skip
    console.print(table)


def figures(row: dict[int, Cell], name: str, digits: int) -> list[str]:
    """One number of each count's cell; "-" where there is none."""
    numbers = [row.get(k, {}).get(name) for k in COUNTS]
    return ["-" if number is None else f"{number:.{digits}f}" for number in numbers]


def draw(facts: dict[str, Any], path: str) -> None:
    """Mean queries against k, one panel per n."""
    from matplotlib.figure import Figure

    sizes = list(dict.fromkeys(cell["n"] for cell in facts["queries"]))
    figure = Figure(figsize=(4.6 * len(sizes), 3.6), layout="constrained")
    styles = {"plan": "o-", "BBHT": "s--", "qiskit-alg., BBHT": "^:", "limit": "k-"}
    for axes, n in zip(figure.subplots(1, len(sizes), squeeze=False)[0], sizes, strict=True):
        for name, style in styles.items():
            row = [c for c in facts["queries"] if (c["n"], c["method"]) == (n, name) and c["mean"] is not None]
            if row:
                axes.plot([max(c["k"], 0.5) for c in row], [c["mean"] for c in row], style, label=name, markersize=4)
        axes.set_xscale("log")
        axes.set_xticks([0.5, 1, 2, 4, 16, 64], ["0", "1", "2", "4", "16", "64"], minor=False)
        axes.set(xlabel="marked indices k (unknown)", ylabel="mean queries / sqrt(n max(k,1))", title=f"n = {n}")
        axes.set_ylim(0)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7)
    figure.savefig(path, dpi=150)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, nargs="+", default=[1024, 65536])
    parser.add_argument("--delta", type=float, default=0.01)
    parser.add_argument("--trials", type=int, default=2000, help="searches per cell; ten times as many up to k = 3")
    parser.add_argument("--check", type=int, default=200, help="searches per cell that go through find_rows")
    parser.add_argument("--peer", type=int, default=100, help="searches per cell of other packages (fewer for k > 1)")
    parser.add_argument("--rounds", type=int, default=1000, help="searches per count in rounds of 100 shots")
    parser.add_argument("--top", type=int, default=100, help="top-k searches per cell")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="few trials, n = 1024 only")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else there")
    parser.add_argument("--figure", metavar="FILE", help="draw mean queries against k")
    options = parser.parse_args()
    if options.quick:
        options.n, options.trials, options.check = [1024], 100, 20
        options.peer, options.rounds, options.top = 20, 50, 10
    console = Console(stderr=options.json, width=max(100, Console().width))
    with console.status("") as status:
        facts = measure(options, status.update)
    if options.figure:
        draw(facts, options.figure)
    if options.json:
        print(json.dumps(facts))
    else:
        show(facts, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
