"""find_rows: every marked index of many oracles, verified, with a proven miss bound (Theorem 3.1).

All rows advance together: a round is one `machine.run` with the jobs of all unfinished rows, which on hardware is one
sampler job. Between two rounds the whole search is a tuple of `Row`s, plain data that can be saved and taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from qattn.arrays import Seed, seed_sequence
from qattn.oracles.base import Searchable
from qattn.search.protocols import Machine, SearchOptions
from qattn.search.row import Found, Row, start_row

__all__ = ["Found", "Row", "SearchInterrupted", "find_rows", "run_rows", "start_rows"]

Rows = tuple[Row, ...]


class SearchInterrupted(KeyboardInterrupt):
    """The search was stopped between two rounds.

    Attributes:
        rows: the state to resume from, with `run_rows`.
        found: what each row has found so far.
    """

    def __init__(self, rows: Rows) -> None:
        super().__init__(f"search stopped with {sum(row.done for row in rows)} of {len(rows)} rows done")
        self.rows = rows
        self.found = [row.result() for row in rows]


def find_rows(
    oracles: Sequence[Searchable],
    machine: Machine,
    options: SearchOptions = SearchOptions(),  # noqa: B008  (frozen)
    *,
    promises: Sequence[int | None] | None = None,
    candidates: Sequence[Iterable[int]] | None = None,
    first: int = 0,
    on_round: Callable[[Rows], object] | None = None,
) -> list[Found]:
    """Every member of many rows, or the k best of each, in lock-step rounds.

    Args:
        oracles: one per row.
        machine: samples the jobs of a round.
        options: what is searched for, with which probability of a miss.
        promises: the most members of each row, where they differ; by default options.k_max for all.
        candidates: indices to check first, per row.
        first: number of the first of these rows in the whole call.
        on_round: called with all rows after every round, to show progress or to save them.

    Returns:
        What was found in each row.

    Raises:
        ValueError: when the lists do not fit together.
        SearchInterrupted: on Ctrl-C, with what was found.

    Rows may be split over several calls with `first` and `options.sharing` set: with a machine that samples each job
    from its own seed (`GroverStatistics`, Aer) every row comes out as in one call, unless `options.neighbours` is on.
    """
    rows = start_rows(oracles, options, promises=promises, candidates=candidates, first=first)
    return [row.result() for row in run_rows(rows, machine, neighbours=options.neighbours, on_round=on_round)]


def start_rows(
    oracles: Sequence[Searchable],
    options: SearchOptions,
    *,
    promises: Sequence[int | None] | None = None,
    candidates: Sequence[Iterable[int]] | None = None,
    first: int = 0,
) -> Rows:
    """The rows of `find_rows` before their first round.

    Args:
        oracles: one per row.
        options: how rows are searched.
        promises: the most members of each row; options.k_max for all by default.
        candidates: indices to check first, per row.
        first: number of the first row in the whole call.

    Returns:
        The rows, each with its own seed and its share of delta.

    Raises:
        ValueError: when the lists do not fit together.
    """
    count = len(oracles)
    given = [options.k_max] * count if promises is None else list(promises)
    offers: list[Iterable[int]] = [()] * count if candidates is None else list(candidates)
    if len(given) != count or len(offers) != count:
        raise ValueError(f"{count} rows but {len(given)} promises and {len(offers)} lists of candidates")
    if any(promise is not None and promise < 0 for promise in given):
        raise ValueError(f"promises = {given}; the number of members cannot be negative")
    if options.sharing is not None and options.sharing < first + count:
        raise ValueError(
            f"sharing = {options.sharing}; rows {first} to {first + count - 1} are among the rows that share delta"
        )
    share = options.share(first + count)
    seeds = row_seeds(options.seed, first, count)
    return tuple(
        start_row(
            first + i, row_seed, oracle, share, k_max=given[i], best=options.k, shots=options.shots_a_round,
            longest=options.longest, candidates=offers[i], k_exact=options.k_exact, most_extras=options.most_extras,
        )
        for i, (oracle, row_seed) in enumerate(zip(oracles, seeds, strict=True))
    )  # fmt: skip


def run_rows(
    rows: Sequence[Row],
    machine: Machine,
    *,
    neighbours: bool = False,
    on_round: Callable[[Rows], object] | None = None,
) -> Rows:
    """Run rounds until every row is done; takes fresh rows, or rows saved by `on_round`.

    Args:
        rows: all rows of the call.
        machine: samples the jobs of a round.
        neighbours: let rows check what the rows beside them have just found.
        on_round: called with all rows after every round.

    Returns:
        The rows, all done.

    Raises:
        SearchInterrupted: on Ctrl-C, also when `on_round` raises KeyboardInterrupt.
    """
    state = tuple(rows)
    try:
        while any(not row.done for row in state):
            state = next_round(state, machine, neighbours=neighbours)
            if on_round is not None:
                on_round(state)
    except KeyboardInterrupt:
        raise SearchInterrupted(state) from None
    return state


def next_round(rows: Rows, machine: Machine, *, neighbours: bool = False) -> Rows:
    """One round: all jobs of the unfinished rows in one `machine.run`, and what each row learns from them.

    Args:
        rows: all rows of the call.
        machine: samples their jobs.
        neighbours: let rows check what the rows beside them have just found.

    Returns:
        The rows after the round, in the same order.
    """
    jobs = [[] if row.done else row.jobs() for row in rows]
    measured = iter(machine.run([job for batch in jobs for job in batch]))
    after = [
        row.observe(batch, [next(measured) for _ in batch]) if batch else row
        for row, batch in zip(rows, jobs, strict=True)
    ]
    if not neighbours:
        return tuple(after)
    news = [set(new.excluded) - old.scores.keys() for old, new in zip(rows, after, strict=True)]
    beside = [set().union(*news[max(i - 1, 0) : i + 2]) for i in range(len(after))]
    return tuple(row if row.done else row.offer(js) for row, js in zip(after, beside, strict=True))


def row_seeds(seed: Seed, first: int, count: int) -> Iterator[int]:
    """A 63-bit seed per row that depends on the call's seed and the row's number alone.

    Args:
        seed: the call's.
        first: number of the first row.
        count: of rows.

    Yields:
        One seed per row, in order.
    """
    root = seed_sequence(seed)
    for number in range(first, first + count):
        child = np.random.SeedSequence(root.entropy, spawn_key=(*root.spawn_key, number))
        yield int(child.generate_state(1, np.uint64)[0]) >> 1
