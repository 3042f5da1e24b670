"""Keys drawn from those a row did not find, in one order for all rows of a length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Floats, Integers
from qattn.problem import AttentionProblem

SMALL = 1024  # rows of up to this many keys are shuffled whole


@dataclass(frozen=True, eq=False)
class Draws:
    """Keys drawn for each row, uniformly and without repetition, among those not excluded; one evaluation each.

    Attributes:
        columns: per row, the keys in the order drawn.
        scores: per row, their scores.
        population: (n_q,) how many keys each row's were drawn from.
    """

    columns: list[Integers]
    scores: list[Floats]
    population: Integers

    @cached_property
    def spent(self) -> Integers:
        """(n_q,) evaluations."""
        return sizes(self.columns)

    @cached_property
    def rows(self) -> Integers:
        """The row of every key drawn, all rows in one array."""
        return np.repeat(np.arange(self.spent.size), self.spent)

    def sums(self, values: Floats) -> Floats:
        """(n_q,) sums over each row's keys of values in the order of `rows`.

        Args:
            values: (drawn keys,) one for each, row after row.

        Returns:
            (n_q,) sums; 0 for a row without draws.
        """
        return np.asarray(np.bincount(self.rows, values, minlength=self.spent.size), dtype=np.float64)


def draw(
    problem: AttentionProblem, excluded: Sequence[Integers], count: int, seed: np.random.SeedSequence, *, first: int = 0
) -> Draws:
    """Up to `count` keys per row outside the excluded ones.

    Every row has a random order of its keys, its own and always the same for one seed; the draws are the first of that
    order which are not excluded. So they depend neither on the other rows nor on which worker has the row, and more
    draws, or other exclusions, evaluate few new keys.

    Args:
        problem: the instance.
        excluded: per row, sorted keys.
        count: keys per row.
        seed: of all rows together.
        first: number of the problem's first row, when it is a part of a larger one.

    Returns:
        The keys with their scores, and how many there were to draw from.

    Cost: O(count + excluded) a row, whatever n is, and `count` evaluations.
    """
    columns = [] if count else [np.empty(0, np.int64)] * len(excluded)
    for i, js in enumerate(excluded if count else ()):
        rng = np.random.default_rng(np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, first + i)))
        order = random_order(int(problem.visible[i]), count + len(js), rng)
        columns.append(_without(order, js)[:count])
    scores = problem.scores_of(columns) if count else [np.empty(0)] * len(excluded)
    return Draws(columns, scores, problem.visible - sizes(excluded))


def random_order(n: int, count: int, rng: np.random.Generator) -> Integers:
    """The first `count` of a random order of 0..n-1; a longer beginning starts with the shorter ones (large n).

    Args:
        n: how many numbers there are.
        count: how many are wanted.
        rng: draws them.

    Returns:
        (min(count, n),) different numbers.
    """
    if n > max(SMALL, 4 * count):
        drawn = rng.integers(n, size=4 * count)
        distinct = drawn[np.sort(np.unique(drawn, return_index=True)[1])]
        if distinct.size >= count:
            return distinct[:count]
    return rng.permutation(n)[:count]


def far_order(n: int, excluded: Integers, count: int, seed: np.random.SeedSequence) -> Integers:
    """The first `count` of a uniformly random order of the keys 0 .. n-1 that are not excluded.

    One order for one seed: a longer beginning starts with the shorter ones, up to all keys.

    Args:
        n: how many keys there are.
        excluded: sorted keys.
        count: how many are wanted.
        seed: of this order.

    Returns:
        (min(count, n - excluded),) different keys.

    Cost: O(count + excluded), whatever n is.
    """
    rng, wanted = np.random.default_rng(seed), count + excluded.size
    if n <= SMALL:
        order = rng.permutation(n)
    elif wanted <= n // 8:
        order = random_order(n, wanted, rng)
    else:
        start = random_order(n, n // 8, np.random.default_rng(seed))
        end = np.random.default_rng(np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, 0)))
        order = np.concatenate([start, end.permutation(np.setdiff1d(np.arange(n), start))])
    return _without(order, excluded)[:count]


def _without(order: Integers, excluded: Integers) -> Integers:
    if not excluded.size:
        return order
    place = np.minimum(np.searchsorted(excluded, order), excluded.size - 1)
    return np.asarray(order[excluded[place] != order])


def sizes(rows: Sequence[NDArray[Any]]) -> Integers:
    """The length of each."""
    return np.fromiter(map(len, rows), np.int64, len(rows))


def peaks(rows: Sequence[Floats]) -> Floats:
    """The largest of each row, -inf of an empty one."""
    return segment_peaks(np.concatenate([*rows, np.empty(0)]), sizes(rows))


def segment_peaks(values: Floats, counts: Integers) -> Floats:
    """The largest of each of the consecutive segments of these lengths, -inf of an empty one.

    Args:
        values: (m,) numbers, segment after segment.
        counts: (s,) lengths of the segments; they add up to m.

    Returns:
        (s,) maxima.
    """
    peak, some = np.full(counts.size, -np.inf), counts > 0
    if some.any():
        peak[some] = np.maximum.reduceat(values, (np.cumsum(counts) - counts)[some])
    return peak
