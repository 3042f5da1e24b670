"""find_rows: every marked index of many oracles, verified, with a proven miss bound (Theorem 3.1).

All rows advance together: a round is one `machine.run` with the jobs of all unfinished rows, which on hardware is one
sampler job. Between two rounds the whole search is a tuple of `Row`s, plain data that can be saved and taken up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from qattn.search.protocols import Machine, Searchable
from qattn.search.row import Found, Row, start_row

__all__ = ["Found", "Row", "SearchInterrupted", "find_rows", "run_rows", "start_rows"]

Rows = tuple[Row, ...]
Seed = int | np.random.SeedSequence | None

SHOTS = {"queries": 1, "rounds": 100}  # shots per row and round


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
    *,
    k_max: int | Sequence[int | None] | None = None,
    k: int | None = None,
    delta: float = 1e-2,
    seed: Seed = None,
    objective: str = "queries",
    shots: int | None = None,
    candidates: Sequence[Iterable[int]] | None = None,
    neighbours: bool = False,
    first: int = 0,
    sharing: int | None = None,
    on_round: Callable[[Rows], object] | None = None,
) -> list[Found]:
    """`find_all` for many rows in lock-step rounds.

    Args:
        oracles: one per row.
        machine: samples the jobs of a round.
        k_max: promise for all rows, or one per row.
        k: find the k best of each row instead.
        delta: allowed probability of missing any index of any row; every row gets delta / sharing (union bound).
        seed: same seed, same jobs; each row draws from its own stream. The result is the same with a machine that
            samples each job from the job's seed.
        objective: "queries" or "rounds".
        shots: shots per row and round.
        candidates: indices to check first, per row.
        neighbours: check in each row what the rows beside it found in the round before.
        first: number of the first of these rows in the whole call.
        sharing: number of rows in the whole call; by default, those given here.
        on_round: called with all rows after every round, to show progress or to save them.

    Rows may be split over several calls with `first` and `sharing` set: with a machine that samples each job from its
    own seed (`GroverStatistics`, Aer) every row comes out as in one call, unless `neighbours` is on.
    """
    rows = start_rows(
        oracles, k_max=k_max, k=k, delta=delta, seed=seed, objective=objective, shots=shots, candidates=candidates,
        first=first, sharing=sharing,
    )  # fmt: skip
    return [row.result() for row in run_rows(rows, machine, neighbours=neighbours, on_round=on_round)]


def start_rows(
    oracles: Sequence[Searchable],
    *,
    k_max: int | Sequence[int | None] | None = None,
    k: int | None = None,
    delta: float = 1e-2,
    seed: Seed = None,
    objective: str = "queries",
    shots: int | None = None,
    candidates: Sequence[Iterable[int]] | None = None,
    first: int = 0,
    sharing: int | None = None,
) -> Rows:
    """The rows of `find_rows` before their first round."""
    if objective not in SHOTS:
        raise ValueError(f"objective = {objective!r}; choose 'queries' or 'rounds'")
    if not 0 < delta < 1:
        raise ValueError(f"delta = {delta}; give a probability between 0 and 1, such as 0.01")
    if k is not None and (k < 1 or k_max is not None):
        raise ValueError(f"k = {k}, k_max = {k_max}; give k >= 1 for the k best, or k_max for a promise, not both")
    count = len(oracles)
    given = [k_max] * count if k_max is None or isinstance(k_max, int | np.integer) else list(k_max)
    promises = [None if promise is None else int(promise) for promise in given]
    offers = [()] * count if candidates is None else list(candidates)
    if len(promises) != count or len(offers) != count:
        raise ValueError(f"{count} rows but {len(promises)} promises and {len(offers)} lists of candidates")
    if any(promise is not None and promise < 0 for promise in promises):
        raise ValueError(f"k_max = {k_max}; the number of members cannot be negative")
    if sharing is not None and sharing < first + count:
        raise ValueError(
            f"sharing = {sharing}; rows {first} to {first + count - 1} are among the rows that share delta"
        )
    share = delta / (sharing or max(first + count, 1))
    seeds = _row_seeds(seed, first, count)
    return tuple(
        start_row(
            first + i, row_seed, oracle, share, k_max=promises[i], best=k, shots=shots or SHOTS[objective],
            candidates=offers[i],
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
    """Runs rounds until every row is done; takes fresh rows, or rows saved by `on_round`.

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
    """One round: all jobs of the unfinished rows in one `machine.run`, and what each row learns from them."""
    jobs = [[] if row.done else row.jobs() for row in rows]
    measured = iter(machine.run([job for batch in jobs for job in batch]))
    after = [
        row.observe(batch, [next(measured) for _ in batch]) if batch else row
        for row, batch in zip(rows, jobs, strict=True)
    ]
    if not neighbours:
        return tuple(after)
    news = [set(new.excluded) - set(old.excluded) for old, new in zip(rows, after, strict=True)]
    beside = [set().union(*news[max(i - 1, 0) : i + 2]) for i in range(len(after))]
    return tuple(row if row.done else row.offer(js) for row, js in zip(after, beside, strict=True))


def _row_seeds(seed: Seed, first: int, count: int) -> Iterator[int]:
    """A 63-bit seed per row that depends on the call's seed and the row's number alone."""
    root = seed if isinstance(seed, np.random.SeedSequence) else np.random.SeedSequence(seed)
    for number in range(first, first + count):
        child = np.random.SeedSequence(root.entropy, spawn_key=(*root.spawn_key, number))
        yield int(child.generate_state(1, np.uint64)[0]) >> 1
