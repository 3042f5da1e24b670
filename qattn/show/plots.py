"""Figures, drawn with Matplotlib and returned as Figure objects; nothing is shown or saved here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qattn.arrays import Floats
from qattn.search.rotation import angle, hit_probabilities

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from qiskit.circuit import QuantumCircuit

    from qattn.resources.crossover import Rates
    from qattn.result import AttentionResult

INK, PLUS, MINUS = "#33415c", "#009d9a", "#d12771"  # bits, positive and negative amplitudes


def attention_figure(result: AttentionResult, *, title: str = "", labels: list[str] | None = None) -> Figure:
    """Exact attention, attention by search with its finds, and what each row cost beside a scan of its keys.

    Args:
        result: a run on an instance small enough for an n_q x n picture.
        title: above the figure.
        labels: names of the keys, such as tokens.

    Returns:
        A figure of three panels; `savefig` writes it.
    """
    from matplotlib.colors import LogNorm
    from matplotlib.figure import Figure

    weights = exact_weights(result)
    ours = result.attention.toarray() / result.attention.row_sums()[:, None]
    for i, seen in enumerate(result.problem.visible):
        ours[i, seen:] = np.nan
        weights[i, seen:] = np.nan
    figure = Figure(figsize=(12.5, 4.6), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[1, 1, 0.75])
    floor = max(float(np.nanmin(weights)), 1e-4)
    norm = LogNorm(floor, float(np.nanmax(weights)))
    for axes, image, name in ((left, weights, "exact $D^{-1}A$"), (middle, ours, "by search $D(B)^{-1}B$")):
        wide = "auto" if 2 * weights.shape[0] < weights.shape[1] else "equal"
        shown = axes.imshow(np.maximum(image, floor), norm=norm, cmap="magma", aspect=wide)  # NaN stays NaN
        axes.set(title=name, xlabel="key $j$", ylabel="row $i$")
        if labels is not None and len(labels) <= 20:
            axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=9)
    for i, js in enumerate(result.found):
        middle.plot(
            js,
            np.full(len(js), i),
            "o",
            mfc="none",
            mec="#35e0c0",
            ms=max(130 / max(weights.shape), 1.5),
            mew=1.2 if len(weights) < 100 else 0.5,
        )
    figure.colorbar(shown, ax=[left, middle], shrink=0.8, label="weight")
    rows = np.arange(len(result.queries))
    height = 0.8 if len(rows) < 100 else 1.0
    right.barh(rows, result.queries, height, color="#6929c4", label="queries")
    right.barh(rows, result.evaluations, height, left=result.queries, color="#be95ff", label="evaluations")
    seen = result.problem.visible
    right.plot(np.repeat(seen, 2), np.sort(np.append(rows - 0.5, rows + 0.5)), "--", color="0.5", lw=1, label="a scan")
    right.set(title="cost of a row", xlabel="queries and evaluations", ylabel="row $i$", ylim=(len(rows) - 0.5, -0.5))
    right.legend(fontsize=9, loc="upper center", bbox_to_anchor=(0.5, -0.16), frameon=False)
    if title:
        figure.suptitle(title)
    return figure


def exact_weights(result: AttentionResult) -> Floats:
    """D^-1 A, dense; keys a row does not see have weight 0."""
    problem = result.problem
    weights = np.zeros((problem.n_q, problem.n))
    for i in range(problem.n_q):
        scores = problem.scores(i)
        weights[i, : scores.size] = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def state_figure(circuit: QuantumCircuit, *, title: str = "", signed: Sequence[str] = ("key", "score")) -> Figure:
    """The circuit's output from |0...0>: one line per basis state that occurs, the registers bit by bit.

    The disc in front of a line has the area of the probability and the colour of the sign: teal +, magenta -, grey for
    a complex phase. Registers are written with the most significant bit first and, beside it, as an integer.

    Args:
        circuit: without measurements or open parameters; at most 64 basis states may occur.
        title: above the figure.
        signed: registers read as two's complement.

    Returns:
        A figure as high as there are states.

    Raises:
        ValueError: when more than 64 basis states occur.
    """
    from matplotlib.figure import Figure

    from qattn.simulator import statevector

    state = statevector(circuit)
    terms = np.flatnonzero(np.abs(state) > 1e-6)
    if terms.size > 64:
        raise ValueError(f"{terms.size} basis states occur; a picture of at most 64 is legible")
    registers = [register for register in circuit.qregs if len(register)]
    column, lefts = 1.6, {}
    for register in registers:
        lefts[register.name] = column
        column += 0.62 * len(register) + 1.75
    values = {r.name: sum((terms >> circuit.find_bit(q).index & 1) << i for i, q in enumerate(r)) for r in registers}
    order = np.lexsort([values[r.name] for r in reversed(registers)])
    height = 0.34 * (terms.size + (2.05 if title else 0.95))
    figure = Figure(figsize=(min(13.0, 0.42 * column), height), dpi=110)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, column - 0.4), ylim=(terms.size - 0.4, -1.35 - (1.1 if title else 0)))
    axes.axis("off")
    if title:
        axes.text(0.45, -1.85, title, fontsize=11, weight="bold", va="center")
    for register in registers:
        axes.text(lefts[register.name], -0.75, register.name, fontsize=10, color=INK, va="center", family="monospace")
    largest = float(np.abs(state).max())
    for line, position in enumerate(order):
        _amplitude(axes, line, complex(state[terms[position]]), largest)
        for r in registers:
            _word(axes, lefts[r.name], line, len(r), int(values[r.name][position]), r.name in signed, r.name == "score")
    return figure


def _amplitude(axes: Axes, line: int, amplitude: complex, largest: float) -> None:
    """A disc of the probability's area and the sign's colour."""
    real = abs(amplitude.imag) < 1e-6
    color = (PLUS if amplitude.real > 0 else MINUS) if real else "0.6"
    axes.scatter(0.8, line, s=max(30.0, 330 * (abs(amplitude) / largest) ** 2), color=color, lw=0)
    if real:
        axes.text(0.8, line, "+" if amplitude.real > 0 else "−", color="white", ha="center", va="center", fontsize=9)


def _word(axes: Axes, left: float, line: int, size: int, value: int, signed: bool, sign: bool) -> None:
    """The bits of one register and, beside them, its value; `sign` marks a top bit of 1."""
    from matplotlib.patches import FancyBboxPatch

    for place in range(size):
        one, x = value >> (size - 1 - place) & 1, left + 0.62 * place
        color = (MINUS if sign and place == 0 else INK) if one else "#edf0f4"
        box = (x + 0.06, line - 0.32), 0.5, 0.64
        axes.add_patch(FancyBboxPatch(*box, boxstyle="round,pad=0,rounding_size=0.08", fc=color, ec="none"))
        style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9, "family": "monospace"}
        axes.text(x + 0.31, line + 0.02, str(one), color="white" if one else "0.65", **style)
    if size > 1:
        number = value - (1 << size) if signed and value >> (size - 1) else value
        axes.text(left + 0.62 * size + 0.12, line + 0.02, f"{number}", color="0.35", va="center", fontsize=9)


def circuit_figure(circuit: QuantumCircuit, *, scale: float = 0.8, fold: int = 25) -> Figure:
    """Qiskit's drawing of a circuit in the colours of this package; ANDs and their undo are drawn as Toffolis.

    Args:
        circuit: drawn gate by gate; `circuit.decompose()` first to see more.
        scale: size.
        fold: gates side by side before a new line is begun.

    Returns:
        Qiskit's figure, closed in pyplot so that it is not shown twice.
    """
    from matplotlib import pyplot

    from qattn.synthesis.gates import unitary

    colors = dict.fromkeys((instruction.name for instruction in circuit.data), ("#5b6b8c", "#ffffff"))
    colors |= dict.fromkeys(("x", "cx", "ccx", "mcx", "swap", "cz", "ccz", "z"), (INK, "#ffffff"))
    colors |= dict.fromkeys(("p", "cp", "mcphase", "rx", "ry"), (PLUS, "#ffffff")) | {"h": ("#7a8699", "#ffffff")}
    style = {
        "displaycolor": colors,
        "linecolor": "#9aa3b2",
        "barrierfacecolor": "#edf0f4",
        "fontsize": 14,
        "subfontsize": 12,
    }
    for name in ("measure", "barrier"):
        colors.pop(name, None)
    figure: Figure = unitary(circuit).draw("mpl", scale=scale, fold=fold, style=style, plot_barriers=True)
    pyplot.close(figure)  # the caller shows it; an inline backend would show it once more
    return figure


def rotation_figure(n: int, marked: int, iterations: int) -> Figure:
    """Grover's plane: the state after 0 .. `iterations` iterations as arrows, and the success probability below m.

    The horizontal axis is the uniform state of the unmarked indices, the vertical one that of the marked; one
    iteration turns by 2 theta, sin^2 theta = marked/n.

    Args:
        n: indices.
        marked: how many of them are marked, 1..n.
        iterations: the last m that is drawn.

    Returns:
        A figure of two panels.
    """
    from matplotlib.figure import Figure

    theta = float(angle(n, marked))
    angles = (2 * np.arange(iterations + 1) + 1) * theta
    figure = Figure(figsize=(9.4, 3.9), dpi=100, layout="constrained")
    plane, curve = figure.subplots(1, 2, width_ratios=[1, 1.45])
    turned = bool(np.any(np.sin(angles) < -0.05))
    circle = np.linspace(0, 2 * np.pi if turned else np.pi, 300)
    plane.plot(np.cos(circle), np.sin(circle), color="0.85", lw=1)
    plane.plot([-1.08, 1.08], [0, 0], color="0.7", lw=0.8)
    plane.plot([0, 0], [0, 1.1], color="0.7", lw=0.8)
    best = int(np.pi / 4 / theta)
    for m, turn in enumerate(angles):
        color = PLUS if m == best else INK if m < best else "0.7"
        tip = (float(np.cos(turn)), float(np.sin(turn)))
        plane.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "-|>", "color": color, "lw": 1.8})
        plane.text(1.1 * tip[0], 1.1 * tip[1], str(m), ha="center", va="center", color=color, fontsize=10)
    plane.set(aspect="equal", xlim=(-1.25, 1.25), ylim=(-1.22 if turned else -0.18, 1.28))
    plane.axis("off")
    plane.text(1.08, -0.11, "unmarked", ha="right", fontsize=9, color="0.4")
    plane.text(0.04, 1.2, "marked", fontsize=9, color="0.4")
    steps = np.arange(iterations + 1)
    smooth = np.linspace(0, iterations, 400)
    curve.plot(smooth, hit_probabilities(n, marked, smooth), color="0.8", lw=1.5)
    curve.vlines(steps, 0, np.sin(angles) ** 2, color=INK, lw=1)
    curve.plot(steps, np.sin(angles) ** 2, "o", color=INK)
    curve.plot(steps[best : best + 1], np.sin(angles[best : best + 1]) ** 2, "o", color=PLUS, ms=9)
    curve.set(ylim=(0, 1.04), xlabel="iterations $m$", ylabel="probability of a marked index")
    curve.spines[["top", "right"]].set_visible(False)
    return figure


def crossover_figure(d: int, bits: int, k: int, delta: float, rates: Rates, *, promise: bool = False) -> Figure:
    """One row's search beside its scan: Toffolis against multiply-adds, and seconds, for n from 2^8 to 2^72.

    Args:
        d: components.
        bits: of a component.
        k: keys a row finds.
        delta: allowed probability that a row misses any.
        rates: speeds of the machines compared.
        promise: a row may stop at k finds.

    Returns:
        A figure of two panels.
    """
    from matplotlib.figure import Figure

    from qattn.resources.crossover import ASSUMPTIONS, instances
    from qattn.resources.measures import measures

    sizes = [1 << e for e in range(8, 73, 2)]
    colors = dict(zip(ASSUMPTIONS, ("#8a3ffc", INK, "#198038", "#1192e8", PLUS, "#f1a100"), strict=True))
    ops, _, cpu, gpu, approximate, _ = measures(rates)
    rows = {name: instances(name, sizes, d, bits, k, delta, promise) for name in ASSUMPTIONS}
    figure = Figure(figsize=(11.5, 4.8), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    timed = {"scan, CPU": cpu, "scan, GPU": gpu, "approximate top-k, CPU": approximate}
    panels = ((left, ops, {"scan: n d multiply-adds": ops}), (right, cpu, timed))
    for axes, measure, scans in panels:
        for (name, scan), dash in zip(scans.items(), ("--", ":", "-."), strict=False):
            axes.loglog(
                sizes, [scan.classical(row) for row in rows["unary"]], color="0.25", ls=dash, lw=1.6, label=name
            )
        for assumption, label in ASSUMPTIONS.items():
            search = np.array([measure.quantum(row) for row in rows[assumption]])
            axes.loglog(sizes, search, color=colors[assumption], lw=1.8, label=label)
            for scan in scans.values():
                wins = np.flatnonzero(search >= [scan.classical(row) for row in rows[assumption]])
                if 0 < wins.size < len(sizes) and wins[-1] + 1 < len(sizes):
                    axes.plot(sizes[wins[-1] + 1], search[wins[-1] + 1], "o", color=colors[assumption], ms=7)
        axes.set_xscale("log", base=2)
        axes.set(xlabel="keys $n$")
        axes.spines[["top", "right"]].set_visible(False)
    left.set(title=f"Toffolis of a row ($d={d}$, $k={k}$)")
    right.set(title="seconds of a row")
    right.legend(fontsize=9, frameon=False, loc="upper left")
    return figure
