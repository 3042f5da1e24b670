"""What an error in the memory costs: lookups, searches and attention under Pauli noise at gate level.

    python benchmarks/noise.py [--json] [--quick] [--figure FILE]

After every gate each qubit it touched suffers X, Y or Z, one of them, with probability p; SWAPs are written out as
three CNOTs and controlled SWAPs as a Toffoli between two, so that all pay by the same gates. (A lookup by `table` has
gates of many controls, each counted as one.)

(a) Infidelity 1 - <ideal|rho|ideal> of one lookup over a uniform index, ancillas traced out, as the coefficient of p
    for p -> 0, from single errors drawn by place (`qattn.simulator.infidelity`); "clean" is the same where all ancillas
    are measured and found in |0>, "lost" how often they are not. Samples are added until standard errors are below 7%.
(b) Success of a whole search for the one best of n keys, pi/4 sqrt(n) iterates, ancillas reset after each, against p:
    the probability of measuring the marked key in noisy trajectories of whole circuits. Beside it the "forecast" from
    single errors in the oracle, put into the queries one after another (`search_success`). And two products over all
    errors, S ideal + (1 - S) / n: "product" with S = exp(-p loss), the loss of success by single errors anywhere in the
    search (`search_loss`); "no error" with S = exp(-p m infidelity of an iterate), as `qattn cost` states it, which
    counts as failed what may still end well. "clean": only shots whose ancillas were found in |0>
    after every iterate, and their part.
(c) Recall and missed rows of `attend` under noise, and wrong keys reported (none, ever).
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from qiskit.circuit import ClassicalRegister, QuantumCircuit
from rich.console import Console
from rich.table import Table

from qattn import PauliNoise, SparseSampler, ThresholdOracle, attend
from qattn.lookups import get
from qattn.lookups.base import MATTERS
from qattn.search.grover import diffusion, iterate, uniform
from qattn.simulator.composed import search_success
from qattn.simulator.infidelity import infidelity, search_loss, written_out
from qattn.synthesis.flatten import flatten
from qattn.synthesis.gates import unitary
from qattn.synthesis.registers import register

Cell = dict[str, Any]
LOOKUPS = ("table", "unary", "select_swap", "token_tree", "bucket_brigade")
FORMS = ("unary", "select_swap", "token_tree", "bucket_brigade")
PRECISE = 0.07
LOSSES = (0.05, 0.2, 0.6, 1.2)  # errors expected in a search that harm it
SPEAKS = 0.2  # success from which the forecast speaks


# (a) one lookup ------------------------------------------------------------------------------------------------------


def lookup_cell(kind: str, n: int, bits: int, most: int) -> Cell:
    """Infidelity of one lookup of random words, sampled until it is known well enough."""
    data = np.random.default_rng(n + bits).integers(2, size=(n, bits)).astype(bool)
    lookup = get(kind)
    # where a load starts from |0> and leaves no garbage it is what an oracle does
    net = lookup.loading(data) if kind == "bucket_brigade" else lookup.gates(data)
    program, samples = written_out(net.program()), 500
    while True:
        found = infidelity(program, n, ("index", "word"), samples=samples, seed=samples)
        if samples >= most or max(found.error / found.value, found.clean_error / max(found.clean, 1)) < PRECISE:
            break
        samples *= 2
    return {"lookup": kind, "n": n, "bits": bits, "samples": samples, **vars(found)}


def growth(cells: list[Cell]) -> Cell:
    """Exponents of n and of log n, fitted to the sizes from 64 on, and the ratio of the largest to n = 64."""
    kept = [cell for cell in cells if cell["n"] >= 64]
    values = np.log([cell["value"] for cell in kept])
    sizes = np.log2([cell["n"] for cell in kept])
    of_n, of_log = (float(np.polyfit(x, values, 1)[0]) for x in (sizes * math.log(2), np.log(sizes)))
    return {
        "lookup": kept[0]["lookup"], "bits": kept[0]["bits"], "exponent_of_n": of_n, "exponent_of_log_n": of_log,
        "ratio": kept[-1]["value"] / kept[0]["value"], "from": kept[0]["n"], "to": kept[-1]["n"],
    }  # fmt: skip


def lookups(quick: bool) -> Cell:
    """All lookups, all sizes; and several widths at the largest."""
    sizes = (4, 16, 64, 256) if quick else (4, 16, 64, 256, 1024)
    most = 2000 if quick else 16000
    cells = [lookup_cell(kind, n, 1, most) for kind in LOOKUPS for n in sizes]
    fitted = [growth([cell for cell in cells if cell["lookup"] == kind]) for kind in LOOKUPS]
    widths = [
        lookup_cell(kind, sizes[-1], bits, most) for kind in FORMS if kind != "token_tree" for bits in (2, 4, 8, 16)
    ]
    return {"cells": cells, "growth": fitted, "widths": widths}


# (b) a whole search --------------------------------------------------------------------------------------------------


def instance(n: int, kind: str) -> ThresholdOracle:
    """The best of n keys of 2 components of 3 bits, one bit more where it would not be the only one."""
    for seed in range(100):
        rng = np.random.default_rng(seed)
        K, q = rng.integers(-8, 8, size=(n, 2)), rng.integers(1, 8, size=2)
        scores = np.sort(K @ q)
        if scores[-1] > scores[-2]:
            return ThresholdOracle.from_row(
                q, K, int(scores[-1]), bits=4, lookup=kind, arithmetic="carry_save", key_layout="parallel"
            )
    raise AssertionError("some instance has one best key")


def iterates_of(n: int) -> int:
    return math.floor(math.pi / 4 * math.sqrt(n))


def search(oracle: ThresholdOracle, *, clean: bool) -> QuantumCircuit:
    """The search, ancillas reset after every iterate; `clean`: and measured before."""
    step = iterate(oracle.n, unitary(oracle.circuit))[0].decompose(["swap", "cswap"])
    index = register(step, "index")
    ancillas = [qubit for qubit in step.qubits if qubit not in index]
    m, found = iterates_of(oracle.n), ClassicalRegister(len(index), "found")
    circuit = QuantumCircuit(*step.qregs, found)
    circuit.compose(uniform(oracle.n), index, inplace=True)
    for i in range(m):
        circuit.compose(step, circuit.qubits, inplace=True, copy=False)
        if clean:
            outcome = ClassicalRegister(len(ancillas), f"clean{i}")
            circuit.add_register(outcome)
            circuit.measure(ancillas, outcome)
        circuit.reset(ancillas)
    circuit.measure(index, found)
    return circuit


def reflection_places(n: int) -> float:
    program = flatten(diffusion(n))
    return float(sum(len(program.operands(i)) for i in range(len(program))))


def searches(n: int, shots: int, clean_shots: int, samples: int = 6000) -> list[Cell]:
    """Success against p for each oracle form."""
    cells = []
    m = iterates_of(n)
    ideal = math.sin((2 * m + 1) * math.asin(math.sqrt(1 / n))) ** 2
    for kind in FORMS:
        oracle = instance(n, kind)
        [best] = oracle.marked_set.tolist()
        marked, program = np.arange(n) == best, written_out(oracle.program())
        step = infidelity(program, n, ("index",), samples=samples).value + MATTERS * reflection_places(n)
        loss = search_loss(program, n, marked, m, samples=samples)[0] + MATTERS * m * reflection_places(n)
        plain, measured = search(oracle, clean=False), search(oracle, clean=True) if clean_shots else None
        rates = [lost / (m * step) for lost in LOSSES]
        forecasts = search_success(
            program, n, marked, m, rates, reflection_places=reflection_places(n), samples=samples
        )
        for lost, p, forecast in zip(LOSSES, rates, forecasts, strict=True):
            data = SparseSampler(seed=n, noise=PauliNoise(p)).run([plain], shots=shots).result()[0].data
            success = data.found.get_int_counts().get(best, 0) / shots
            cell = {"lookup": kind, "n": n, "m": m, "p": p, "success": success, "shots": shots, "ideal": ideal}
            cell["forecast"] = forecast
            cell["error"] = math.sqrt(max(success * (1 - success), 1 / shots) / shots)
            for name, value in (("product", loss / (ideal - 1 / n)), ("no_error", m * step)):
                right = math.exp(-p * value)
                cell[name] = right * ideal + (1 - right) / n
            if measured is not None and 0.1 < lost < 1:
                cell |= clean_part(measured, best, p, clean_shots)
            cells.append(cell)
    return cells


def clean_part(circuit: QuantumCircuit, best: int, p: float, shots: int) -> Cell:
    """Success where every ancilla was found in |0> after every iterate, and how often that is."""
    data = SparseSampler(seed=1, noise=PauliNoise(p)).run([circuit], shots=shots).result()[0].data
    kept = np.ones(shots, dtype=bool)
    for name, outcome in data.items():
        if name.startswith("clean"):
            kept &= ~outcome.array.any(axis=-1)
    hits = np.array([int(word, 2) == best for word in data.found.get_bitstrings()])
    return {"clean_success": float(hits[kept].mean()) if kept.any() else math.nan, "clean_part": float(kept.mean())}


# (c) attention -------------------------------------------------------------------------------------------------------


def attention(n: int, rows: int, calls: int) -> list[Cell]:
    """Recall, missed rows and wrong keys of attend by p."""
    rng = np.random.default_rng(3)
    Q, K, V = rng.normal(size=(rows, 3)), rng.normal(size=(n, 3)), rng.normal(size=(n, 2))
    scores = Q @ K.T
    tau = float(np.sort(scores, axis=None)[-2 * rows])
    cells = []
    for p in (0.0, 1e-5, 1e-4, 3e-4, 1e-3, 1e-2):
        found = missed = wrong = wanted = queries = 0
        for seed in range(calls):
            sampler = SparseSampler(noise=PauliNoise(p), reset_ancillas=True)
            result = attend(Q, K, V, tau, scale=1.0, sampler=sampler, seed=seed, bits=4)
            queries += int(result.queries.sum())
            for row, keys in enumerate(result.found):
                truth = set(np.flatnonzero(scores[row] >= tau).tolist())
                wanted += len(truth)
                found += len(truth & set(keys.tolist()))
                missed += bool(truth - set(keys.tolist()))
                wrong += len(set(keys.tolist()) - truth)
        cells.append(
            {
                "n": n, "p": p, "recall": found / wanted, "missed_rows": missed / (rows * calls), "wrong_keys": wrong,
                "delta": 0.01, "queries": queries / (rows * calls),
            }
        )  # fmt: skip
    return cells


# what is shown -------------------------------------------------------------------------------------------------------


def figure(facts: Cell, path: Path) -> None:
    """Infidelity against n, and success against p, by lookup."""
    from matplotlib.figure import Figure

    colors = dict(zip(LOOKUPS, ("#7a8699", "#8a3ffc", "#0f62fe", "#198038", "#d12771"), strict=True))
    drawn = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = drawn.subplots(1, 2)
    for kind in LOOKUPS:
        cells = [cell for cell in facts["lookups"]["cells"] if cell["lookup"] == kind]
        sizes = [cell["n"] for cell in cells]
        left.errorbar(
            sizes, [cell["value"] for cell in cells], [2 * cell["error"] for cell in cells], color=colors[kind],
            marker="o", ms=4, label=kind,
        )  # fmt: skip
        left.plot(sizes, [cell["clean"] for cell in cells], color=colors[kind], ls=":", lw=1)
    left.set(xscale="log", yscale="log", xlabel="keys n", ylabel="infidelity / p", title="one lookup of one bit")
    left.set_xscale("log", base=2)
    left.plot([], [], color="0.4", ls=":", label="ancillas found clean")
    left.legend(fontsize=8, frameon=False)
    largest = max(cell["n"] for cell in facts["searches"])
    for kind in FORMS:
        cells = [cell for cell in facts["searches"] if cell["lookup"] == kind and cell["n"] == largest]
        rates = [cell["p"] for cell in cells]
        right.errorbar(
            rates, [cell["success"] for cell in cells], [2 * cell["error"] for cell in cells], color=colors[kind],
            marker="o", ms=4, ls="", label=kind,
        )  # fmt: skip
        right.plot(rates, [cell["forecast"] for cell in cells], color=colors[kind], lw=1)
    right.set(xscale="log", xlabel="p", ylabel="success", ylim=(0, 1.02), title=f"a search of {largest} keys")
    right.plot([], [], color="0.4", lw=1, label="forecast")
    right.legend(fontsize=8, frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.savefig(path, dpi=130)


def show(facts: Cell) -> None:
    console = Console(width=140)
    cells = facts["lookups"]["cells"]
    sizes = sorted({cell["n"] for cell in cells})
    table = Table("lookup", *(f"n = {n}" for n in sizes), "growth", title="(a) infidelity / p of one lookup of one bit")
    fits = {fit["lookup"]: fit for fit in facts["lookups"]["growth"]}
    for kind in LOOKUPS:
        row = [f"{c['value']:.0f} ± {c['error']:.0f} ({c['clean']:.0f})" for c in cells if c["lookup"] == kind]
        fit = fits[kind]
        table.add_row(
            kind, *row, f"n^{fit['exponent_of_n']:.2f}, (log n)^{fit['exponent_of_log_n']:.1f}, x{fit['ratio']:.1f}"
        )
    console.print(table, "in brackets: where all ancillas are found clean")
    wide = facts["lookups"]["widths"]
    widths = sorted({cell["bits"] for cell in wide})
    table = Table("lookup", *(f"{b} bits" for b in widths), title=f"(a) words of several bits, n = {wide[0]['n']}")
    for kind in dict.fromkeys(cell["lookup"] for cell in wide):
        table.add_row(kind, *(f"{c['value']:.0f} ± {c['error']:.0f}" for c in wide if c["lookup"] == kind))
    console.print(table)
    table = Table(
        "n", "lookup", "p", "success", "forecast", "product", "no error", "clean", "part", title="(b) a whole search"
    )
    for c in facts["searches"]:
        clean = (f"{c['clean_success']:.3f}", f"{c['clean_part']:.2f}") if "clean_part" in c else ("", "")
        table.add_row(
            str(c["n"]), c["lookup"], f"{c['p']:.1e}", f"{c['success']:.3f} ± {c['error']:.3f}", f"{c['forecast']:.3f}",
            f"{c['product']:.3f}", f"{c['no_error']:.3f}", *clean,
        )  # fmt: skip
    console.print(table, f"largest difference to the forecast where success >= {SPEAKS}: {facts['worst']:.3f}")
    table = Table("p", "recall", "rows with a miss", "wrong keys", "queries a row", title="(c) attend")
    for c in facts["attention"]:
        table.add_row(
            f"{c['p']:g}", f"{c['recall']:.3f}", f"{c['missed_rows']:.3f}", str(c["wrong_keys"]), f"{c['queries']:.0f}"
        )
    console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer shots")
    parser.add_argument("--figure", type=Path, help="write the picture here")
    arguments = parser.parse_args()
    quick = arguments.quick
    facts: Cell = {"lookups": lookups(quick), "searches": searches(64, 400 if quick else 1200, 30 if quick else 200)}
    if not quick:
        facts["searches"] += searches(256, 800, 0, samples=4000)
    facts["worst"] = max(abs(c["forecast"] - c["success"]) for c in facts["searches"] if c["success"] >= SPEAKS)
    facts["attention"] = attention(12 if quick else 24, 3, 4 if quick else 20)
    if arguments.figure is not None:
        figure(facts, arguments.figure)
    print(json.dumps(facts, indent=1)) if arguments.json else show(facts)


if __name__ == "__main__":
    main()
