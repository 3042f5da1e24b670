"""The figure of `qattn cost`: which machines run a row, and which stage of an iteration costs what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qattn.resources.logical import Estimate
    from qattn.resources.physical import Point

RATES = ("#d12771", "#8a3ffc", "#1192e8", "#009d9a", "#33415c")  # colors of the error rates, in order
STAGES = ("#33415c", "#009d9a", "#9ad5d3", "#8796b5", "#f1a100", "#d12771")
MARKS = "os^"


def bill_figure(bills: Sequence[Estimate], points: Sequence[Point]) -> Figure:
    """Physical qubits against time by error rate and code, and the Toffolis of an average iteration by stage.

    Args:
        bills: of one row under several lookups.
        points: the machines that `qattn.resources.front.row_front` found; none leaves its panel empty.

    Returns:
        A figure of two panels.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 4.6), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_front(left, points)
    _draw_stages(right, bills)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _draw_front(axes: Axes, points: Sequence[Point]) -> None:
    from matplotlib.lines import Line2D

    rates = list(dict.fromkeys(point.error_rate for point in points))
    codes = sorted({point.code for point in points})
    handles = []
    for i, rate in enumerate(rates):
        mine, color = [point for point in points if point.error_rate == rate], RATES[i % len(RATES)]
        axes.loglog([one.seconds for one in mine], [one.qubits for one in mine], color=color, lw=1, alpha=0.5)
        handles.append(Line2D([], [], color=color, label=f"error rate {rate:g}"))
        for one in mine:
            axes.plot(one.seconds, one.qubits, MARKS[codes.index(one.code)], color=color, ms=6)
    for mark, code in zip(MARKS, codes, strict=False):
        handles.append(Line2D([], [], color="0.3", marker=mark, ls="", label=code))
    if points:
        axes.legend(handles=handles, fontsize=9, frameon=False)
    axes.set(xlabel="seconds of a row, one Toffoli after another", ylabel="physical qubits", title="machines for a row")


def _draw_stages(axes: Axes, bills: Sequence[Estimate]) -> None:
    """Stacked on a linear axis, as shares: lookups differ by powers of ten."""
    names = [bill.lookup for bill in bills]
    totals = np.array([max(sum(stage.cost.toffoli for stage in bill.stages), 1) for bill in bills], dtype=float)
    start = np.zeros(len(bills))
    for i, color in enumerate(STAGES):
        share = np.array([bill.stages[i].cost.toffoli for bill in bills]) / totals
        axes.barh(names, share, left=start, color=color, label=bills[0].stages[i].name)
        start += share
    for place, total in enumerate(totals.tolist()):
        axes.text(1.01, place, f"{total:,.0f}", va="center", fontsize=9)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.2), xlabel="share of an iteration's Toffolis; their number at the right", title="stages")
    axes.set_xticks(np.linspace(0, 1, 5))
    axes.legend(fontsize=9, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)
