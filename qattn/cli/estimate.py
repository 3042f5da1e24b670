"""`qattn cost` and `qattn crossover`: what a fault-tolerant machine would need, beside the classical bill."""

from __future__ import annotations

import math
from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from qattn.arrays import missing_extra
from qattn.cli.options import LOOKUPS, Figure, Json, one_of

if TYPE_CHECKING:
    from qattn.resources.crossover import Crossover, Rates
    from qattn.resources.logical import Estimate
    from qattn.resources.physical import Point

console = Console()
ERROR_RATES = (1e-3, 1e-4, 1e-5)  # physical ones, for which QDK tells qubits and time
LABEL, COLUMN = 28, 14  # characters of a table's first column, and of each other
DEMANDING = (1 << 10, 1 << 20, 1 << 30, 1 << 40)  # n whose demands on the logical error rate are shown

N = Annotated[int, typer.Option("--n", help="Keys, and rows of the matrix.")]
D = Annotated[int, typer.Option("--d", help="Components of a key.")]
Bits = Annotated[int, typer.Option(help="Bits of a component.")]
Wanted = Annotated[int, typer.Option("--k", help="Keys that a row finds.")]
Delta = Annotated[float, typer.Option(help="Allowed probability that a row misses a key or its machine fails.")]
Promise = Annotated[bool, typer.Option(help="A row may stop at k finds (the promise of Definition 1.2).")]
Cpu = Annotated[float, typer.Option(help="Multiply-adds a second of the CPU; nothing is measured.")]
Gpu = Annotated[float, typer.Option(help="Multiply-adds a second of a GPU-class machine.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    app.command()(cost)
    app.command()(crossover)


def cost(
    n: N = 4096,
    d: D = 64,
    bits: Bits = 8,
    k: Wanted = 16,
    delta: Delta = 0.01,
    promise: Promise = False,
    error_rate: Annotated[
        list[float] | None, typer.Option(help="Physical error rate; may be repeated. Default 1e-3, 1e-4, 1e-5.")
    ] = None,
    gate_ns: Annotated[float, typer.Option(help="Physical gate time; a measurement takes twice as long.")] = 50,
    lookup: Annotated[
        list[str] | None,
        one_of(LOOKUPS, "unary, select_swap, token_tree, bucket_brigade or qram; may be repeated. Default all."),
    ] = None,
    counted: Annotated[
        bool, typer.Option("--count", help="Also build the circuits and count their gates (slow when large).")
    ] = False,
    p: Annotated[
        float | None, typer.Option("--p", help="Logical error rate of each qubit a gate touches: adds the success.")
    ] = None,
    cpu_rate: Cpu = 1e11,
    gpu_rate: Gpu = 1e14,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """Qubits, Toffolis and time of a query, a row and the whole matrix, under each lookup, and machines for a row."""
    from qattn.resources.clock import WORDS
    from qattn.resources.crossover import Rates
    from qattn.resources.front import row_front
    from qattn.resources.logical import estimate, queries

    cpu = Rates(cpu_rate, gpu_rate).cpu  # refuses rates that no machine has
    rates = error_rate or (list(ERROR_RATES) if find_spec("qdk") else [])
    bills = estimate(
        n, d, bits, k, delta, lookups=lookup or LOOKUPS, promise=promise, error_rates=rates, gate_ns=gate_ns,
        counted=counted, p=p,
    )  # fmt: skip
    points = row_front(bills, n, d, bits, rates, gate_ns=gate_ns, budget=delta)
    if figure is not None:
        from qattn.show.bill import bill_figure

        figure.parent.mkdir(parents=True, exist_ok=True)
        bill_figure(bills, points).savefig(figure, dpi=150)
    classical = {"multiply_adds_row": n * d, "cpu_rate": cpu, "gpu_rate": gpu_rate, "cpu_row_s": n * d / cpu}
    classical |= {
        "multiply_adds_matrix": n * n * d,
        "cpu_matrix_s": n * n * d / cpu,
        "gpu_matrix_s": n * n * d / gpu_rate,
    }
    facts = {"n": n, "d": d, "bits": bits, "k": k, "delta": delta, "promise": promise}
    per_row = queries(n, k, delta, promise=promise)
    if as_json:
        forms = {bill.lookup: bill.to_dict() for bill in bills}
        from qattn.result import json_text

        print(json_text({
            **facts, "queries_per_row": per_row, "classical": classical, "lookups": forms,
            "against": _against(bills, n, d, bits), "qram_assumption": _assumed(n, d, bits, per_row),
            "time_model": WORDS, "front": [asdict(point) for point in points],
        }))  # fmt: skip
        return
    console.print(f"n = {n} keys, d = {d}, {bits} bits; {per_row:.0f} queries a row to find {k} keys", highlight=False)
    columns = max(1, (console.width - LABEL) // COLUMN)  # a number is not broken on a narrow terminal
    against = _against(bills, n, d, bits)
    for first in range(0, len(bills), columns):
        _show_costs(bills[first : first + columns], rates, against)
    for first in range(0, len(bills), columns):
        _show_stages(bills[first : first + columns])
    _say_what_is_priced(bills[0])
    if rates:
        _show_front(points)
    else:
        console.print(str(missing_extra("what physical machines it takes (QDK)", "estimate")), markup=False)
    _show_assumed(_assumed(n, d, bits, per_row))
    console.print(
        f"classical: {n * d:.3g} multiply-adds a row ({n * d / cpu:.2g} s at {cpu:.2g}/s), {n * n * d:.3g} for the "
        f"matrix ({n * n * d / cpu:.2g} s on the CPU, {n * n * d / gpu_rate:.2g} s at {gpu_rate:.2g}/s)",
        highlight=False,
    )


def _against(bills: list[Estimate], n: int, d: int, bits: int) -> dict[str, dict[str, float]]:
    """A row's search beside its scan in two currencies, by lookup."""
    scan = {"multiply_adds": n * d, "bit_operations": n * d * bits * bits}
    return {
        bill.lookup: {"toffolis": bill.row.toffoli, "gates": bill.row.toffoli + bill.row.cnot, **scan} for bill in bills
    }


def _assumed(n: int, d: int, bits: int, queries: float) -> dict[str, dict[str, float]]:
    """The two things that are called the QRAM assumption, a query and a row of each."""
    from qattn.resources.crossover import step_cost
    from qattn.resources.query import query_cost

    query, step = query_cost(n, d, bits, "qram").toffoli, step_cost(n, d, bits, "paper").toffoli
    return {
        "one_toffoli_a_load": {"query": query, "row": round(query * queries)},
        "d_operations_a_query": {"query": step, "row": round(step * queries)},
    }


def _show_costs(bills: list[Estimate], rates: list[float], against: dict[str, dict[str, float]]) -> None:
    columns = (Column(bill.lookup, overflow="fold") for bill in bills)
    table = Table("", *columns, title="below: physical qubits and time by error rate" if rates else None)
    queries, searches, matrices = zip(*((bill.query, bill.row, bill.matrix) for bill in bills), strict=True)
    table.add_row("logical qubits", *(f"{cost.qubits:,}" for cost in queries))
    for label, costs in (("query", queries), ("row", searches), ("matrix", matrices)):
        table.add_row(f"Toffoli / {label}", *(_number(cost.toffoli) for cost in costs))
        table.add_row(f"Toffoli depth / {label}", *(_number(cost.toffoli_depth) for cost in costs))
        table.add_row(f"CNOT / {label}", *(_number(cost.cnot) for cost in costs))
    rows = [against[bill.lookup] for bill in bills]
    table.add_row("Toffoli / multiply-adds", *(f"{one['toffolis'] / one['multiply_adds']:.3g}" for one in rows))
    table.add_row("gates / bit operations", *(f"{one['gates'] / one['bit_operations']:.3g}" for one in rows))
    if any(bill.counted is not None for bill in bills):
        verdicts = ("-" if b.counted is None else "equal" if b.counted == b.query else "DIFFERS" for b in bills)
        table.add_row("counted circuit", *verdicts)
    successes = [bill.success for bill in bills if bill.success is not None]
    if successes:
        p = f"{successes[0].p:g}"
        table.add_row("infidelity of a query / p", *(f"{one.infidelity:.3g}" for one in successes))
        table.add_row(f"success of a query at p = {p}", *(f"{one.query:.3g}" for one in successes))
        table.add_row(f"of the longest run at p = {p}", *(f"{one.run:.3g}" for one in successes))
        table.add_row(f"of a row at p = {p}", *(f"{one.row:.3g}" for one in successes))
    for position, rate in enumerate(rates):
        machines = [bill.machines[position] for bill in bills]
        table.add_row(f"qubits at {rate:g}", *("none" if m is None else f"{m.qubits:.3g}" for m in machines))
        table.add_row(f"s / row at {rate:g}", *("none" if m is None else f"{m.row_s:.3g}" for m in machines))
    console.print(table)


def _number(count: int) -> str:
    return f"{count:,}" if count < 1e7 else f"{count:.3g}"


def _show_stages(bills: list[Estimate]) -> None:
    """The call graph of an average iteration."""
    table = Table("", *(bill.lookup for bill in bills), title="Toffolis of an average iteration, stage by stage")
    for stages in zip(*(bill.stages for bill in bills), strict=True):
        table.add_row(stages[0].name, *(f"{stage.cost.toffoli:,}" for stage in stages))
    table.add_row("all", *(f"{sum(stage.cost.toffoli for stage in bill.stages):,}" for bill in bills))
    console.print(table)


def _say_what_is_priced(bill: Estimate) -> None:
    built, lean = bill.row, bill.row_by_measurement
    console.print(
        f"{bill.excluded:.1f} keys are known, and excluded, in an average query. Reflections and exclusions are "
        f"priced as they are built; ANDs undone by measurement save {built.toffoli - lean.toffoli:,} Toffolis a row.",
        highlight=False,
    )


def _show_front(points: list[Point]) -> None:
    from qattn.resources.clock import WORDS

    columns = ("at", "surface code", "lookup", "qubits", "in memory", "s / row")
    table = Table(
        *(Column(name, overflow="fold") for name in columns),
        title="machines for a row that no other beats in both qubits and time",
    )
    for one in points:
        memory = f" + {one.code.split(' + ')[1]} {one.memory_distance}" if one.memory_distance else ""
        numbers = (f"{one.qubits:.3g}", f"{one.memory_qubits:.2g}", f"{one.seconds:.3g}")
        table.add_row(f"{one.error_rate:g}", f"{one.code_distance}{memory}", one.workload, *numbers)
    console.print(table if points else "no machine at these error rates")
    console.print(f"Time: {WORDS}", highlight=False)


def _show_assumed(two: dict[str, dict[str, float]]) -> None:
    table = Table("", "one Toffoli a load", "d operations a query (the paper)", title='"a QRAM", in two readings')
    for what in ("query", "row"):
        label = "Toffoli / query" if what == "query" else "Toffoli / row, queries alone"
        table.add_row(label, *(f"{one[what]:,}" for one in two.values()))
    console.print(table)


def crossover(
    d: D = 64,
    k: Wanted = 16,
    bits: Bits = 8,
    delta: Delta = 0.01,
    promise: Promise = False,
    cpu_rate: Cpu = 1e11,
    gpu_rate: Gpu = 1e14,
    toffoli_us: Annotated[float, typer.Option(help="Microseconds of a logical Toffoli.")] = 10,
    at_once: Annotated[
        float, typer.Option(help="Toffolis that run at once; 1: as `qattn cost`. Default: as the circuit allows.")
    ] = math.inf,
    probes: Annotated[int, typer.Option(help="Inverted lists that the approximate classical search reads.")] = 32,
    figure: Figure = None,
    as_json: Json = False,
) -> None:
    """From which n on the search beats the scan of all scores: for each assumption, by each measure."""
    from qattn.resources.crossover import Rates, crossovers, demanded

    rates = Rates(cpu_rate, gpu_rate, toffoli_us * 1e-6, at_once, probes)
    found = crossovers(d, bits, k, delta, rates=rates, promise=promise)
    if figure is not None:
        from qattn.show.plots import crossover_figure

        figure.parent.mkdir(parents=True, exist_ok=True)
        crossover_figure(d, bits, k, delta, rates, promise=promise).savefig(figure, dpi=150)
    if as_json:
        facts: dict[str, Any] = {"d": d, "k": k, "bits": bits, "delta": delta, "promise": promise, **asdict(rates)}
        from qattn.result import json_text

        errors = {"n": list(DEMANDING), **demanded(DEMANDING, d, bits)}
        print(json_text({**facts, "crossovers": [one.to_dict() for one in found], "demanded_error": errors}))
        return
    _show_crossovers(found, rates, d, k)
    _show_demanded(demanded(DEMANDING, d, bits))


def _show_crossovers(found: list[Crossover], rates: Rates, d: int, k: int) -> None:
    from qattn.resources.crossover import ASSUMPTIONS, where_none, words

    names = list(dict.fromkeys(one.measure for one in found))
    table = Table(
        "a load is",
        *(Column(name, overflow="fold") for name in names),
        title=f"the n from which on a search for {k} keys of {d} components wins",
    )
    for assumption, label in ASSUMPTIONS.items():
        cells = [one for one in found if one.assumption == assumption]
        table.add_row(label, *map(str, cells))
    console.print(table)
    console.print(
        f"CPU {rates.cpu:.2g} and GPU {rates.gpu:.2g} multiply-adds a second, stated, not measured. "
        f"{rates.toffoli_s * 1e6:g} us a Toffoli, {_words(rates.at_once)} at once; CNOTs and fan-out in no time. "
        f"Approximate top-k reads {rates.probes} of 4 sqrt(n) inverted lists and guarantees nothing. Equal hardware: "
        "as many classical units as the memory has cells, at the clock of the search's gates.",
        highlight=False,
    )
    console.print(where_none(found), highlight=False)
    console.print(words(found, d, k), highlight=False)


def _words(at_once: float) -> str:
    return "as many as the circuit allows" if math.isinf(at_once) else f"{at_once:g}"


def _show_demanded(errors: dict[str, list[float]]) -> None:
    from qattn.resources.crossover import ASSUMPTIONS

    sizes = (f"n = 2^{n.bit_length() - 1}" for n in DEMANDING)
    table = Table("a load is", *sizes, title="logical error rate at which the longest run goes right half of the time")
    for assumption, rates in errors.items():
        table.add_row(ASSUMPTIONS[assumption], *(f"{rate:.1e}" for rate in rates))
    console.print(table)
