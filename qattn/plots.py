"""Figures, drawn with Matplotlib and returned as Figure objects; nothing is shown or saved here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qattn.sparse import Floats

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from qattn.result import AttentionResult


def attention_figure(result: AttentionResult, *, title: str = "", labels: list[str] | None = None) -> Figure:
    """Exact attention, attention by search with its finds, and the queries of each row.

    Args:
        result: a run on an instance small enough for an n_q x n picture.
        title: above the figure.
        labels: names of the keys, such as tokens.
    """
    from matplotlib.figure import Figure

    weights = exact_weights(result)
    ours = result.attention.toarray() / result.attention.row_sums()[:, None]
    for i, seen in enumerate(result.problem.visible):
        ours[i, seen:] = np.nan
        weights[i, seen:] = np.nan
    figure = Figure(figsize=(12.5, 4.6), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=[1, 1, 0.75])
    top = float(np.nanmax(weights))
    for axes, image, name in ((left, weights, "exact $D^{-1}A$"), (middle, ours, "by search $D(B)^{-1}B$")):
        shown = axes.imshow(image, vmin=0, vmax=top, cmap="magma")
        axes.set(title=name, xlabel="key $j$", ylabel="row $i$")
        if labels is not None and len(labels) <= 20:
            axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=8)
    for i, js in enumerate(result.found):
        middle.plot(js, np.full(len(js), i), "o", mfc="none", mec="#35e0c0", ms=130 / max(weights.shape), mew=1.2)
    figure.colorbar(shown, ax=[left, middle], shrink=0.8, label="weight")
    rows = np.arange(len(result.queries))
    right.barh(rows, result.queries, color="#6929c4", label="queries")
    right.axvline(weights.shape[1], color="0.5", lw=1, ls="--", label="classical scan (n evaluations)")
    right.set(title="oracle queries", xlabel="queries to find and certify", ylabel="row $i$")
    right.invert_yaxis()
    right.legend(fontsize=8, loc="lower right")
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
