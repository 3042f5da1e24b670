"""A block's search: one search for R rows, whose oracle marks the union of their sets.

It is a row's search in every way (`qattn.search.row`), over the indices that any row of the block marks: t, the number
of unknown ones, is what is left of the union. A measured index is scored in all rows that see it, so it is never
measured for each of them. For the k best of each row every row has a threshold of its own, which only rises, so that
the union only shrinks: the schedule for falling counts proves that nothing is left. There are no pivots: the size of
the union does not tell how many keys reach a score in each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from qattn.arrays import Indices
from qattn.oracles.base import Searchable
from qattn.oracles.block import BlockOracle
from qattn.search.falling import FallingSchedule
from qattn.search.protocols import SearchOptions
from qattn.search.rounds import row_seeds
from qattn.search.row import UNFINISHED, Found, Row, RowShare, kth_best
from qattn.search.schedule import Schedule, Searching


@dataclass(frozen=True, eq=False)
class BlockFound(Found):
    """What a block's search found: `indices` is the union, costs and miss bound are the block's.

    Attributes:
        sets: each row's members, sorted (its k best, for top-k).
        extras: for each row the sorted known indices that it marks although they score below its threshold.
        scored: for each row how many keys were scored in it.
        offered: for each row how many of these came from outside.
    """

    sets: tuple[Indices, ...] = ()
    extras: tuple[Indices, ...] = ()
    scored: tuple[int, ...] = ()
    offered: tuple[int, ...] = ()

    @property
    def known(self) -> tuple[Indices, ...]:
        """For every row of the block: sorted indices that it marks and that are known, members and extras."""
        return tuple(np.union1d(*both) for both in zip(self.sets, self.extras, strict=True))

    def by_row(self) -> tuple[RowShare, ...]:
        """For every row of the block; its queries are divided among them."""
        each, over = divmod(self.queries, len(self.sets))
        parts = zip(self.sets, self.scored, self.offered, self.extras, strict=True)
        return tuple(
            RowShare(indices, each + (r < over), scored, offered, extras.size)
            for r, (indices, scored, offered, extras) in enumerate(parts)
        )


@dataclass(frozen=True, eq=False)
class BlockRow(Row):
    """The state of one block between two rounds; `scores` holds how far above its threshold an index was when scored.

    Attributes:
        block: its oracle, at the rows' present thresholds; `oracle` is the same.
        table: the scores of every index checked so far in each row, -inf in a row that does not see it.
        outside: the indices that were offered from outside.
    """

    block: BlockOracle = field(kw_only=True)
    table: Mapping[int, tuple[float, ...]] = field(kw_only=True, repr=False)
    outside: frozenset[int] = field(kw_only=True, default=frozenset())

    @property
    def ended(self) -> str:
        """Why the search is over: by a promise once every row holds as many members as it can."""
        ended = super().ended
        if self.promise is None or ended in ("exhausted", "certified"):
            return ended
        if all(self.row_members(r).size >= self.promise for r in range(len(self.block.rows))):
            return "promise"
        return self._by_schedule

    @property
    def members(self) -> Indices:
        """Sorted known indices that score at least tau in some row."""
        taus = self.block.thresholds
        known = [j for j in self.excluded if any(s >= tau for s, tau in zip(self.table[j], taus, strict=True))]
        return np.array(known, dtype=np.int64)

    def row_members(self, r: int) -> Indices:
        """Sorted known indices of row r's set."""
        tau = self.block.rows[r].tau
        return np.array([j for j in self.excluded if self.table[j][r] >= tau], dtype=np.int64)

    def offer(self, candidates: Iterable[int]) -> Self:
        """The block after checking candidates from elsewhere; see `Row.offer`."""
        before = set(self.scores)
        after = super().offer(candidates)
        return replace(after, outside=after.outside | (set(after.scores) - before))

    def result(self) -> BlockFound:
        """What the search has found so far, for each row."""
        rows = range(len(self.block.rows))
        sets = [self._best(r) if self.best is not None else self.row_members(r) for r in rows]
        excluded = np.array(self.excluded, dtype=np.int64)
        extras = [np.setdiff1d(excluded[self.block.row_marks(r, excluded)], self.row_members(r)) for r in rows]
        scored = self._seen(self.table)
        offered = self._seen(self.outside)
        union = np.unique(np.concatenate(sets))
        rejected = np.setdiff1d(excluded, self.members)
        bound = 1.0 if self.ended in UNFINISHED else self.schedule.miss_bound
        broken = self.schedule.broken or (self.promise is not None and union.size > self.promise)
        return BlockFound(
            union, rejected, self.queries, sum(scored) - sum(offered), sum(offered), self.rounds, bound, self.ended,
            self.oracle.tau, broken, tuple(sets), tuple(extras), scored, offered,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON; the oracle is not among them, only its thresholds."""
        facts = super().to_dict()
        del facts["block"]
        table = [(j, [None if s == -np.inf else s for s in row]) for j, row in self.table.items()]
        return facts | {"tau": list(self.block.thresholds), "table": table, "outside": sorted(self.outside)}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any], oracle: Searchable) -> Self:
        """The block that `to_dict` described, over its oracle at any thresholds.

        Args:
            facts: what `to_dict` gave.
            oracle: the block's oracle.

        Returns:
            The block as it was saved.
        """
        if not isinstance(oracle, BlockOracle):
            raise TypeError(f"the state is a block's, and {type(oracle).__name__} is none")
        block = oracle.raised(facts["tau"])
        table = {int(j): tuple(-np.inf if s is None else s for s in row) for j, row in facts["table"]}
        row = Row.from_dict({k: v for k, v in facts.items() if k not in ("table", "outside")} | {"tau": 0.0}, block)
        return cls(**vars(row), block=block, table=table, outside=frozenset(facts["outside"]))

    def _seen(self, js: Iterable[int]) -> tuple[int, ...]:
        known = np.array(list(js), dtype=np.int64)
        return tuple(int(np.count_nonzero(known < row.n)) for row in self.block.rows)

    def _best(self, r: int) -> Indices:
        known = [(-row[r], j) for j, row in self.table.items() if j < self.block.rows[r].n]
        return np.array(sorted(j for _, j in sorted(known)[: self.best]), dtype=np.int64)

    def _check(self, indices: Iterable[int]) -> tuple[Self, set[int]]:
        """Scores indices not seen before in all rows; see `Row._check`."""
        new = sorted({j for j in indices if 0 <= j < self.block.n and j not in self.scores})
        if not new:
            return self, set()
        values = self.block.row_scores(new)
        above = (values - self.block.thresholds).max(axis=1)
        scores = {**self.scores, **dict(zip(new, above.tolist(), strict=True))}
        table = {**self.table, **dict(zip(new, map(tuple, values.tolist()), strict=True))}
        fresh = {j for j, marked in zip(new, self.block.marks(new).tolist(), strict=True) if marked}
        known = replace(self, scores=scores, table=table)
        if not fresh:
            return known, fresh
        excluded = tuple(sorted({*self.excluded, *fresh}))
        if self.best is None:
            return replace(known, excluded=excluded), fresh
        block = self.block.raised(raised_thresholds(self.block, table, self.best))
        excluded = tuple(j for j, marked in zip(excluded, block.marks(excluded).tolist(), strict=True) if marked)
        # a find raises the thresholds as in a search for all these at once
        schedule = self.schedule.ranking(max(len(excluded), 1))
        return replace(known, block=block, oracle=block, excluded=excluded, schedule=schedule), fresh

    def _moved(self) -> Self:
        """The block as it is: its thresholds are the k-th best scores, and have risen with the check."""
        return self


def start_blocks(
    oracles: Sequence[BlockOracle],
    options: SearchOptions,
    *,
    promises: Sequence[int | None] | None = None,
    candidates: Sequence[Iterable[int]] | None = None,
    first: int = 0,
) -> tuple[BlockRow, ...]:
    """Blocks before their first round, for `run_rows`; `options.sharing` is the number of blocks of the call.

    Args:
        oracles: one per block.
        options: how they are searched; k is that of each row.
        promises: the most members of each row, block by block; options.k_max for all by default.
        candidates: indices to check first, per block.
        first: number of the first of these blocks in the whole call.

    Returns:
        One state per block.

    Raises:
        ValueError: when the lists do not fit together.
    """
    count = len(oracles)
    given = [options.k_max] * count if promises is None else list(promises)
    offers: list[Iterable[int]] = [()] * count if candidates is None else list(candidates)
    sharing = options.sharing or max(first + count, 1)
    if len(given) != count or len(offers) != count or sharing < first + count:
        raise ValueError(
            f"{count} blocks from {first} on, {len(given)} promises, {len(offers)} lists of candidates, "
            f"delta shared by {sharing}"
        )
    seeds = row_seeds(options.seed, first, count)
    return tuple(
        _start(first + i, seed, oracle, options, options.share(sharing), given[i], offers[i])
        for i, (oracle, seed) in enumerate(zip(oracles, seeds, strict=True))
    )


def _start(
    number: int, seed: int, block: BlockOracle, options: SearchOptions, delta: float, promise: int | None,
    candidates: Iterable[int],
) -> BlockRow:  # fmt: skip
    """A block before its first round; for the k best it knows k random keys of every row."""
    n, best, shots, longest = block.n, options.k, options.shots_a_round, options.longest
    outside = frozenset(int(j) for j in candidates if 0 <= j < n)
    known = set(outside)
    if best is not None:
        rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0])  # the first job's samples come from seed
        for m in sorted({row.n for row in block.rows}):
            while (missing := min(best, m) - sum(j < m for j in known)) > 0:
                known.update(rng.integers(m, size=missing).tolist())
    js = sorted(known)
    table = dict(zip(js, map(tuple, block.row_scores(js).tolist()), strict=True))
    if best is not None:
        block = block.raised(raised_thresholds(block, table, best))
    excluded = tuple(j for j, marked in zip(js, block.marks(js).tolist(), strict=True) if marked) if js else ()
    schedule: Searching
    if best is None:
        unbounded = promise is None or (promise and not block.exact)  # a promise says nothing about the extras
        limit = n if promise is None or unbounded else min(promise * len(block.rows), n)
        schedule = Schedule.start(n, limit, delta, shots=shots, longest=longest)
    else:
        ranked = max(len(excluded), 1)
        schedule = FallingSchedule.start(n, n - len(js), delta, shots=shots, best=ranked, longest=longest)
    scores = dict(zip(js, block.score(js).tolist(), strict=True)) if js else {}
    return BlockRow(
        number, seed, block, schedule, scores, excluded, promise if best is None else None, best, seeded=len(outside),
        most_extras=options.most_extras, block=block, table=table, outside=outside,
    )  # fmt: skip


def raised_thresholds(block: BlockOracle, table: Mapping[int, Sequence[float]], k: int) -> list[float]:
    """Each row's k-th best known score; of all its keys, in a row that sees fewer.

    Args:
        block: the rows.
        table: known scores in each row.
        k: how many keys of each row are wanted.

    Returns:
        One threshold per row, never below the block's.
    """
    rows = enumerate(block.rows)
    return [kth_best({j: own[r] for j, own in table.items() if j < row.n}, min(k, row.n)) for r, row in rows]
