"""A search in two stages: cheap circuits of few bits find most keys, the row's own find the rest and prove it.

The first stage searches each row (or block) with an oracle of few bits (`qattn.oracles.rows.coarsened`), which marks
about the same keys, and allows itself to miss with the probability `LOOSE`. Every measured key is scored as ever. What
it found are candidates for the second stage, an ordinary search with the whole oracle: they are known to it from the
start, so that it has little left to find. Nothing of its proof rests on the first stage, whatever that marks: a key
that the coarse oracle loses is found by the second stage, a key that it marks in error costs an evaluation. Where it
marks too many in error the first stage is given up (`SearchOptions.most_extras`).

Finds take most of the queries where many keys are marked, O(sqrt(n k)), and a proof takes as many however many there
are, O(sqrt(n log(1/delta))); so the more keys a search marks, the more of its queries are cheap ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import numpy as np

from qattn.arrays import Indices, Integers, ProblemError, seed_sequence
from qattn.machines.row_search import Interrupted, RowSearch, search_rows, search_states, state_of
from qattn.oracles.rows import Rows
from qattn.search.checkpoint import State, to_state
from qattn.search.row import Found

LOOSE = 0.5  # what a search of the first stage may miss with: it decides the cost alone, never the proof
FIRST = 2**31  # of the first stage's random numbers: above the number of any row


def coarse_stage(search: RowSearch, rows: Rows) -> RowSearch:
    """The first stage of a search.

    Args:
        search: as it is made to a proof.
        rows: the same rows in few bits.

    Returns:
        The search to make before it.
    """
    most, root = math.isqrt(rows.problem.n), seed_sequence(search.options.seed)
    # random numbers of its own: the second stage's must not depend on what this one happened to find
    seed = np.random.SeedSequence(root.entropy, spawn_key=(*root.spawn_key, FIRST))
    return replace(search, rows=rows, options=replace(search.options, loose=LOOSE, most_extras=most, seed=seed))


def search_coarse(
    first: RowSearch,
    search: RowSearch,
    *,
    executor: Executor | None = None,
    progress: bool = False,
    resume: Interrupted | State | str | Path | None = None,
) -> tuple[list[Found], list[Found]]:
    """Both stages: what was found with few bits, and what was found and proven with all.

    Args:
        first: the first stage (`coarse_stage`).
        search: the second.
        executor: runs chunks of rows.
        progress: show a bar for each stage.
        resume: where an interrupted search of the same rows goes on; without an executor.

    Returns:
        What each search of the first stage found; the same for the second, which knows it.

    Raises:
        Interrupted: on Ctrl-C, with what was found.
        ProblemError: when `resume` does not fit.
    """
    if executor is not None:
        before = search_rows(first, executor=executor, progress=progress, resume=resume)
        return before, search_rows(replace(search, known=_known(before)), executor=executor, progress=progress)
    state = state_of(resume)
    nothing = to_state((), replace(search, known=(np.zeros(0, np.int64),)).digest())
    if state is not None and (
        state.get("problem") != nothing["problem"] or not isinstance(state.get("coarse"), Mapping)
    ):
        raise ProblemError("resume is for another problem or other options; give those of the call that was stopped")
    try:
        rows = search_states(first, progress=progress, resume=None if state is None else state["coarse"])
    except Interrupted as stopped:
        raise Interrupted(stopped.rows, {**nothing, "coarse": stopped.state}, search.searches, proven=False) from None
    try:
        before = [row.result() for row in rows]
        later = state if state is not None and state.get("rows") else None
        after = search_states(replace(search, known=_known(before)), progress=progress, resume=later)
    except Interrupted as stopped:
        whole = {**stopped.state, "coarse": to_state(rows, first.digest())}
        raise Interrupted(stopped.rows, whole, search.searches) from None
    except KeyboardInterrupt:  # between the stages
        whole = {**nothing, "coarse": to_state(rows, first.digest())}
        raise Interrupted(rows, whole, search.searches, proven=False) from None
    return before, [row.result() for row in after]


def told(search: RowSearch, before: Sequence[Found]) -> Integers:
    """How many keys each row knows from the first stage at the start of the second.

    Args:
        search: the second stage.
        before: what each search of the first has found.

    Returns:
        (n_q,) counts.
    """
    visible = search.rows.problem.visible
    counts = np.zeros(visible.size, dtype=np.int64)
    for rows, js in zip(search.searches, _known(before), strict=True):
        counts[list(rows)] = [np.count_nonzero(js < visible[i]) for i in rows]
    return counts


def _known(before: Sequence[Found]) -> tuple[Indices, ...]:
    """What each search of the first stage has found, in any of its rows."""
    return tuple(np.unique(np.concatenate(one.known)) for one in before)
