"""All rows of a call on one machine (Algorithm 1): compiled, searched, over workers if there are some, resumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qattn.arrays import Indices
from qattn.encoding.similarity import Groups
from qattn.machines.estimate import expected_queries
from qattn.machines.sampler import as_machine
from qattn.oracles.base import CircuitOracle
from qattn.oracles.rows import Rows
from qattn.problem import ProblemError
from qattn.search.block import BlockRow, start_blocks
from qattn.search.checkpoint import State, digest, from_state, load, save, to_state
from qattn.search.matrix import MatrixFound, matrix_found, matrix_oracle, start_matrix, unproven
from qattn.search.parallel import chunks, run_chunks
from qattn.search.progress import progress_bar
from qattn.search.protocols import Machine, SearchOptions
from qattn.search.rounds import SearchInterrupted, run_rows, start_rows
from qattn.search.row import Found, Row

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2
    from qiskit.transpiler import PassManager

OnRound = Callable[[Sequence[Row]], None]


@dataclass(frozen=True, eq=False)
class RowSearch:
    """Everything a worker needs to search some rows.

    With a sampler that the call's seed seeds (see `find_all`), how rows are cut into chunks changes nothing.

    Attributes:
        rows: the rows to search.
        options: how; options.sharing is the number of searches of the call.
        sampler: what `as_machine` takes; must survive pickling when workers are processes.
        pass_manager: for the sampler's machine.
        bind: what `as_machine` takes.
        groups: the rows of each block, which one search serves; () where every row is searched by itself.
        known: for each search the indices to check first; () for none.
    """

    rows: Rows
    options: SearchOptions
    sampler: BaseSamplerV2 | Machine | None = None
    pass_manager: PassManager | None = None
    bind: bool | None = None
    groups: Groups = ()
    known: tuple[Indices, ...] = ()

    @property
    def searches(self) -> Groups:
        """The rows of each search: of each block, or each by itself."""
        return self.groups or tuple((i,) for i in range(self.rows.problem.n_q))

    def run(self, rows: range, on_round: OnRound | None = None, resume: State | None = None) -> list[Found]:
        """Make these searches in lock step, one sampler job a round.

        A row whose integers cannot reach the threshold is proven empty without a query: its promise is 0.

        Args:
            rows: which searches; as many as there are rows where every row is searched by itself.
            on_round: called with their states after every round.
            resume: the state of all rows of the call, from an `Interrupted` search.

        Returns:
            What was found in each of these rows.

        Raises:
            Interrupted: on Ctrl-C, with what was found.
        """
        return [row.result() for row in self.states(rows, on_round, resume)]

    def states(self, rows: range, on_round: OnRound | None = None, resume: State | None = None) -> tuple[Row, ...]:
        """`run`, with the searches' states at the end.

        Args:
            rows: which searches.
            on_round: called with their states after every round.
            resume: the state of all rows of the call.

        Returns:
            One finished state per search.

        Raises:
            Interrupted: on Ctrl-C, with what was found.
        """
        state = self._start(rows) if resume is None else self._resumed(rows, resume)
        try:
            return run_rows(state, self.machine, neighbours=self.options.neighbours, on_round=on_round)
        except SearchInterrupted as stopped:
            raise self.interrupted(stopped.rows) from None

    @property
    def machine(self) -> Machine:
        """What samples the jobs."""
        return as_machine(self.sampler, self.pass_manager, self.bind)

    def interrupted(self, rows: tuple[Row, ...], pairs: Row | None = None) -> Interrupted:
        """What to raise when a search is stopped.

        Args:
            rows: the state of each search.
            pairs: that of the search over all pairs, where it has begun.

        Returns:
            The error, from which the call can go on.
        """
        state = to_state(rows, self.digest())
        if pairs is not None:
            state = {**state, "pairs": pairs.to_dict()}
        return Interrupted(rows, state, self.searches, proven=self.options.loose is None)

    def _start(self, rows: range) -> tuple[Row, ...]:
        """The searches before their first round."""
        known = [self.known[i] for i in rows] if self.known else None
        if self.groups:
            blocks = [self.rows.block(self.groups[i]) for i in rows]
            promises = [self._promise(block) for block in blocks]
            return start_blocks(blocks, self.options, promises=promises, candidates=known, first=rows.start)
        oracles = self.rows.oracles(rows)
        promises = [self._promise(oracle) for oracle in oracles]
        return start_rows(oracles, self.options, promises=promises, candidates=known, first=rows.start)

    def _resumed(self, rows: range, state: State) -> tuple[Row, ...]:
        """The searches as they were when they were stopped."""
        if self.groups:
            return from_state(state, [self.rows.block(self.groups[i]) for i in rows], self.digest(), BlockRow)
        return from_state(state, self.rows.oracles(rows), self.digest())

    def digest(self) -> str:
        """What tells this search from another."""
        p, code = self.rows.problem, self.rows.keys
        more: tuple[object, ...] = (self.groups,) if self.groups else ()
        more += ("known",) if self.known else ()
        return digest([p.Q, p.K, p.tau, p.visible], self.options, p.k, code.bits, code.rank, *more)

    def _promise(self, oracle: CircuitOracle) -> int | None:
        """The most members of a row; None in a top-k search and where nothing is promised."""
        if self.options.k is not None:
            return None
        k = self.rows.problem.k
        return 0 if k == 0 or oracle.empty else k


class Interrupted(SearchInterrupted):
    """A call that was stopped by Ctrl-C; what it knows is kept.

    Attributes:
        rows: the state of each row, or of each block.
        found: what each has found so far; the bound of one that is not done is 1.
        searches: the rows of each search of the call.
        proven: whether a row that is done has its proof; not where one search over all pairs carries it.
        state: the same as plain numbers, to go on from: `attend(..., resume=this)`, or a file made by `save`.
    """

    def __init__(self, rows: tuple[Row, ...], state: State, searches: Groups, *, proven: bool = True) -> None:
        super().__init__(rows)
        self.proven = proven
        self.state = state
        self.searches = searches

    @property
    def done(self) -> dict[int, list[int]]:
        """The keys of the rows that are finished, by row."""
        return {
            i: share.indices.tolist()
            for row in self.rows
            if row.done and self.proven
            for i, share in zip(self.searches[row.number], row.result().by_row(), strict=True)
        }

    def save(self, path: str | Path) -> None:
        """Write the state as JSON; `attend(..., resume=path)` goes on from it."""
        save(self.state, path)


def search_rows(
    search: RowSearch,
    *,
    executor: Executor | None = None,
    progress: bool = False,
    resume: Interrupted | State | str | Path | None = None,
) -> list[Found]:
    """What was found by every search (of a row, or of a block), in this process or by an executor's workers.

    Args:
        search: what to search and how.
        executor: runs chunks of rows; when it is interrupted, its unfinished chunks are lost.
        progress: show a bar.
        resume: where an interrupted search of the same rows goes on; without an executor.

    Returns:
        What was found in each row of the problem.

    Raises:
        Interrupted: on Ctrl-C, with what was found.
        ProblemError: when `resume` does not fit.
    """
    if executor is None:
        return [row.result() for row in search_states(search, progress=progress, resume=state_of(resume))]
    if resume is not None:
        raise ProblemError("resume goes on in this process; leave executor out")
    count = len(search.searches)
    with progress_bar(count, progress) as advance:
        found: dict[int, Found] = {}
        parts = chunks(count)
        for position, answers in run_chunks(search.run, parts, executor):
            found.update(zip(parts[position], answers, strict=True))
            advance(len(found))
    return [found[i] for i in range(count)]


def search_states(search: RowSearch, *, progress: bool = False, resume: State | None = None) -> tuple[Row, ...]:
    """`search_rows` in this process, with the searches' states at the end.

    Args:
        search: what to search and how.
        progress: show a bar.
        resume: the state of all rows of the call, from an `Interrupted` search.

    Returns:
        One finished state per search.

    Raises:
        Interrupted: on Ctrl-C, with what was found.
    """
    p, searches = search.rows.problem, search.searches
    expected = [expected_queries(int(max(p.visible[list(g)])), (p.k or 1) * len(g)) for g in searches]
    with progress_bar(len(searches), progress) as advance:

        def show(states: Sequence[Row]) -> None:
            parts = (min(row.queries / most, 0.95) for row, most in zip(states, expected, strict=True))
            advance(sum(1.0 if row.done else part for row, part in zip(states, parts, strict=True)))

        return search.states(range(len(searches)), show, resume)


def search_matrix(
    search: RowSearch,
    *,
    executor: Executor | None = None,
    progress: bool = False,
    resume: Interrupted | State | str | Path | None = None,
) -> tuple[list[Found], MatrixFound | None]:
    """`search_rows` with `options.loose`, and then the search over all pairs that carries the proof.

    Args:
        search: what to search and how.
        executor: runs chunks of rows; the pairs are searched in this process.
        progress: show a bar, of the rows.
        resume: where an interrupted search of the same rows goes on; without an executor.

    Returns:
        What was found in each search of rows, and over all pairs; None for these where no proof was needed: every row
        was searched to its promise, or knows all its keys.

    Raises:
        Interrupted: on Ctrl-C, with what was found; with an executor the search over all pairs cannot be resumed.
        ProblemError: when `resume` does not fit.
    """
    state, rows = state_of(resume), tuple[Row, ...]()
    if executor is None:
        rows = search_states(search, progress=progress, resume=state)
        found = [row.result() for row in rows]
    else:
        found = search_rows(search, executor=executor, progress=progress, resume=resume)
    if not unproven(found):
        return found, None
    try:
        oracle = matrix_oracle(search.rows, found, search.searches)
        if state is not None and "pairs" in state:
            [pairs] = from_state({**state, "rows": [state["pairs"]]}, [oracle], search.digest())
        else:
            pairs = start_matrix(oracle, search.options, len(search.searches))
        [pairs] = run_rows([pairs], search.machine)
    except SearchInterrupted as stopped:
        if executor is not None:
            raise
        raise search.interrupted(rows, stopped.rows[0]) from None
    except KeyboardInterrupt:  # before the first round of the pairs
        if executor is not None:
            raise
        raise search.interrupted(rows) from None
    return found, matrix_found(pairs)


def state_of(resume: Interrupted | State | str | Path | None) -> State | None:
    """What to go on from, as plain numbers; None where a call begins anew.

    Raises:
        ProblemError: when there is no such file, or it is damaged.
    """
    if isinstance(resume, Interrupted):
        return resume.state
    return load(resume) if isinstance(resume, str | Path) else resume
