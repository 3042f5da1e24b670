"""A stage of `qattn.step` as a picture for slides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from qattn.show.plots import INK, MINUS, PLUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qattn.show.steps import Register, Steps

ROWS, WIDE, LINE = 16, 16, 84  # rows of the table, qubits written bit by bit, characters of a line
WINDOW = 30  # stages drawn around the present one
LIT = "#ffe9a8"


def frame(steps: Steps, i: int) -> Figure:
    """Stage i: the circuit with the stage lit, the registers of up to 16 branches, and all amplitudes.

    Registers are written as bits and integer, wide ones as the integer alone; F(v) is v's Fourier transform.

    Args:
        steps: recorded by `qattn.step`.
        i: number of the stage; negative ones count from the end.

    Returns:
        A figure; where there are more rows than 16, the marked ones are shown first.

    Raises:
        IndexError: when there is no such stage.
    """
    from matplotlib.figure import Figure

    if not -len(steps) <= i < len(steps):
        raise IndexError(f"stage {i} of {len(steps)}")
    i %= len(steps)
    shown = _rows(steps)
    height = 0.3 * len(steps.registers) + 0.3 * len(shown) + 2.2
    figure = Figure(figsize=(12.8, max(5.5, height)), dpi=110, layout="constrained")
    parts = figure.subfigures(
        2, 1, squeeze=False, height_ratios=[0.3 * len(steps.registers) + 1.1, 0.3 * len(shown) + 1.1]
    )
    stage = steps.stages[i]
    figure.suptitle(f"{i}. {stage.name}", fontsize=15, weight="bold", x=0.01, ha="left")
    _circuit(parts[0, 0].subplots(), steps, i)
    left, right = parts[1, 0].subplots(1, 2, width_ratios=[2.2, 1])
    _table(left, steps, i, shown)
    _bars(right, steps, i)
    return figure


def _rows(steps: Steps) -> list[int]:
    rest = np.flatnonzero(~steps.marked).tolist()
    first = np.flatnonzero(steps.marked).tolist() if len(steps.rows) > ROWS else []
    rows = first + rest if first else list(range(len(steps.rows)))
    return sorted(rows[:ROWS])


def _circuit(axes: Axes, steps: Steps, i: int) -> None:
    from matplotlib.ticker import MaxNLocator

    start = max(0, min(i - WINDOW // 2, len(steps) - WINDOW))
    end = min(len(steps), start + WINDOW)
    shown = max(12, end - start)
    y = {own.name: -k for k, own in enumerate(steps.registers)}
    axes.axvspan(i - 0.5, i + 0.5, color=LIT, lw=0)
    for own in steps.registers:
        axes.axhline(y[own.name], color="0.8", lw=1, zorder=0)
        axes.text(start - 0.8, y[own.name], f"{own.name}  {own.size}", ha="right", va="center", fontsize=11)
    for k in range(start, end):
        stage = steps.stages[k]
        at = [y[name] for name in stage.reads]
        if at:
            axes.vlines(k, min(at), max(at), color=INK, lw=1.3, zorder=1)
        for name in stage.reads:
            face = INK if name in stage.writes else "white"
            axes.plot(k, y[name], "s", ms=11, mfc=face, mec=INK, mew=1.4, zorder=2)
    axes.set(xlim=(start - 0.6, start + shown - 0.4), ylim=(-len(y) + 0.4, 0.6), yticks=[])
    axes.set_xlabel("stage", fontsize=11)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)


def _table(axes: Axes, steps: Steps, i: int, shown: list[int]) -> None:
    axes.axis("off")
    stage, before = steps.stages[i], steps.stages[i - 1].columns if i else None
    names = [f"|{steps.rows[row] if steps.label else row}>{' *' if steps.marked[row] else ''}" for row in shown]
    for widest in (WIDE, WIDE // 2, 1):  # qubits written bit by bit: fewer where the line would not hold them
        words = {
            own.name: [_word(own, column.values[row], column.fourier, widest) for row in shown]
            for own, column in ((own, stage.columns[own.name]) for own in steps.registers)
        }
        lefts, x = {}, max(map(len, names)) + 2.0
        for name, column in words.items():
            lefts[name] = x
            x += max(len(name), *map(len, column)) + 2
        if x <= LINE:
            break
    axes.set(xlim=(0, max(x, 60)), ylim=(len(shown) - 0.4, -1.4))
    style: dict[str, Any] = {"va": "center", "fontsize": 10 * min(1, LINE / x), "family": "monospace"}
    for line, name in enumerate(names):
        axes.text(0, line, name, weight="bold" if "*" in name else "normal", **style)
    for name, left in lefts.items():
        axes.text(left, -0.9, name, weight="bold", **style)
        for line, row in enumerate(shown):
            value = stage.columns[name].values[row]
            changed = value is not None and before is not None and before[name].values[row] != value
            axes.text(
                left, line, words[name][line], bbox={"fc": LIT, "ec": "none", "pad": 1} if changed else None, **style
            )


def _word(own: Register, value: int | None, fourier: bool, widest: int) -> str:
    """Bits and integer; of a register in the Fourier basis, or a wide one, the integer alone."""
    if value is None:
        return "-"
    number = str(own.integer(value))
    if fourier:
        return f"F({number})"
    if 1 < own.size <= widest:
        return f"{value:0{own.size}b} {number}"
    return number if len(number) <= 8 else f"{number[:6]}.."


def _bars(axes: Axes, steps: Steps, i: int) -> None:
    """Real amplitudes up and down; of complex ones the sizes, coloured by phase."""
    from matplotlib import colormaps
    from matplotlib.ticker import MaxNLocator

    amplitudes = steps.stages[i].amplitudes
    places = np.arange(len(amplitudes))
    if np.abs(amplitudes.imag).max(initial=0) > 1e-9:
        colors = colormaps["hsv"](np.angle(amplitudes) / (2 * np.pi) % 1)
        axes.bar(places, np.abs(amplitudes), color=colors)
        axes.set_ylabel("size, coloured by phase", fontsize=11)
    else:
        axes.bar(places, amplitudes.real, color=np.where(amplitudes.real < 0, MINUS, PLUS))
        most = max(float(np.abs(stage.amplitudes).max()) for stage in steps.stages)
        axes.set(ylim=(-1.08 * most, 1.08 * most))
        axes.set_ylabel("amplitude", fontsize=11)
    axes.axhline(0, color="0.4", lw=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    if steps.n:
        m, found, theory = steps.stages[i].iteration, steps.probability(i), steps.theory(i)
        axes.set_title(f"P(marked) = {found:.6f}\nsin²((2m+1)θ) = {theory:.6f}, m = {m}", fontsize=11)
