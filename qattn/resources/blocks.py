"""How many rows to search together: what a row is predicted to cost, by the rows of a block.

A block of R rows loads a key once and compares it R times, finds the union of R sets, and proves once that nothing is
left, for R times the share of delta. Where the load is most of a query (any circuit) some R > 1 costs least a row;
where a load is next to free (a QRAM) the comparisons are all that is paid, and rows are best searched alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from qattn.encoding.similarity import Groups, correlation, directions, expected_union, groups
from qattn.lookups.base import load_all_cost
from qattn.oracles.block import BlockOracle
from qattn.problem import AttentionProblem, ProblemError
from qattn.search.covering import CHECK
from qattn.synthesis.cost import Cost

SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
SAMPLE = 12  # rows that are compiled to know what a comparison costs
WORTH = 0.9  # of what a row costs alone: a block that is predicted to save less, which is right within a tenth, is left
LARGER = 0.98  # of what a row costs in a smaller block: a larger one takes more evaluations, and has to save more
TRIED = 2  # sizes tried after the price began to rise


@dataclass(frozen=True)
class Blocks:
    """Which rows are searched together.

    Attributes:
        size: rows of a block, R.
        groups: the rows of each block; () where every row is searched by itself. Last come, as one, the rows that
            are proven empty, if there are any: they take no search.
        why: in words.
        prices: predicted gates a row, in thousands of Toffolis (and rotations), by the sizes that were tried.
    """

    size: int = 1
    groups: Groups = ()
    why: str = "every row is searched by itself"
    prices: dict[int, float] = field(default_factory=dict)

    @property
    def widest(self) -> tuple[int, ...]:
        """Of the blocks with the most rows, the one that sees the most keys."""
        return max((rows for rows in reversed(self.groups) if len(rows) <= self.size), key=len)


def choose_blocks(
    problem: AttentionProblem,
    block_of: Callable[[Sequence[int]], BlockOracle],
    block: int | str,
    *,
    members: float,
    delta: float,
    loose: float | None = None,
    coarse_of: Callable[[Sequence[int]], BlockOracle] | None = None,
) -> Blocks:
    """The blocks of a call: of as many rows as asked for, or of the size that is predicted to cost least a row.

    Args:
        problem: the rows and keys.
        block_of: the oracle of some rows together.
        block: rows of a block, or "auto".
        members: keys that a row is expected to mark.
        delta: allowed probability of a miss in the whole call.
        loose: allowed in each search, where another one carries the proof of the whole call.
        coarse_of: the oracle of a first stage, of some rows together; None for a search in one stage.

    Returns:
        Rows of each block, why so many, and the predicted prices.

    Raises:
        ProblemError: when block is neither.

    Cost: that of compiling a block of each size tried, and of grouping the rows (`qattn.encoding.similarity`).
    """
    whole = isinstance(block, int | np.integer) and not isinstance(block, bool)
    if block != "auto" and not (whole and int(block) >= 1):
        raise ProblemError(f"block = {block!r}; give how many rows are searched together, 1 or more, or 'auto'")
    rows = [i for i in range(problem.n_q) if problem.tau is None or not block_of([i]).empty]
    most = max(len(rows), 1)
    if block == 1 or (block != "auto" and most == 1):
        return Blocks()
    unit = directions(problem.Q[rows], problem.K) if rows else np.zeros((0, 1))

    def grouped(size: int) -> Groups:
        chosen = groups(unit, problem.visible[rows], size) if rows else ()
        return tuple(tuple(rows[i] for i in together) for together in chosen)

    prices: dict[int, float] = {}
    why = f"blocks of {block} rows, as asked for"
    size = most if block == "auto" else min(int(block), most)
    if block == "auto":
        prices, why = _prices(problem, block_of, coarse_of, grouped, unit, rows, members, (delta, loose))
        least = min(prices.values(), default=0.0)
        size = min((r for r in prices if LARGER * prices[r] <= least), default=1)
        size = size if size == 1 or prices[size] < WORTH * prices[1] else 1
        why = why or _words(prices, size)
    if size == 1:
        return Blocks(1, (), why, prices)
    empty = [i for i in range(problem.n_q) if i not in set(rows)]
    return Blocks(size, (*grouped(size), *([tuple(empty)] if empty else [])), why, prices)


def _prices(
    problem: AttentionProblem,
    block_of: Callable[[Sequence[int]], BlockOracle],
    coarse_of: Callable[[Sequence[int]], BlockOracle] | None,
    grouped: Callable[[int], Groups],
    unit: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    rows: list[int],
    members: float,
    allowed: tuple[float, float | None],
) -> tuple[dict[int, float], str]:
    """Thousands of gates a row by size, until they rise; or why no size is tried.

    In two stages a check counts as well, as half a query of the proof: else cheap queries would leave all to checks.
    """
    if len(rows) < 2:
        return {}, "every row is searched by itself: no two rows need a search"
    if not block_of(rows[:1]).form.shares:
        return {}, (
            f"every row is searched by itself: {block_of(rows[:1]).form} loads the keys anew for every row of a block, "
            "so that a block saves nothing"
        )
    place = {row: i for i, row in enumerate(rows)}
    spread = np.unique(np.linspace(0, len(rows) - 1, SAMPLE).astype(int))
    sample = [rows[i] for i in spread]
    gates = query_gates(sample, block_of)
    find_gates, check = (gates, 0.0) if coarse_of is None else (query_gates(sample, coarse_of), CHECK)
    prices: dict[int, float] = {}
    for size in (size for size in SIZES if size <= len(rows)):
        chosen = grouped(size)
        alike = correlation(unit, tuple(tuple(place[i] for i in together) for together in chosen))
        n = int(problem.visible[list(chosen[len(chosen) // 2])].max())
        delta, loose = allowed
        share = delta / len(chosen) if loose is None else loose
        predicted = search_queries(n, expected_union(n, members, size, alike), share)
        held = -(-len(rows) // len(chosen))
        proving_queries = predicted.proof + check * predicted.checks
        prices[size] = predicted.finds * find_gates(held) + proving_queries * gates(held)
        prices[size] *= len(chosen) / len(rows) / 1e3
        if min(list(prices.values())[-TRIED:]) > min(prices.values()):
            break
    return prices, ""


def query_gates(sample: Sequence[int], block_of: Callable[[Sequence[int]], BlockOracle]) -> Callable[[int], float]:
    """Toffolis and rotations of a block's query by its number of rows: one load, and so many comparisons.

    Args:
        sample: different rows, which stand for all.
        block_of: the oracle of some rows together.

    Returns:
        A function of the number of rows; beyond those of the sample it grows in proportion.
    """

    def price(cost: Cost) -> int:
        return cost.toffoli + cost.rotations

    def parts(oracle: BlockOracle) -> tuple[int, int]:
        """(the load, the comparisons): rows load the key bits that they need, and a block what any of its rows does."""
        load = sum(price(cost) for cost in load_all_cost(oracle.form.lookup, oracle.comparison.data))
        return load, price(oracle.cost()) - load

    loads, each = zip(*(parts(block_of([i])) for i in sample), strict=True)

    def gates(size: int) -> float:
        few = min(size, len(sample))  # no row twice: a row and its copy would share every sum
        if few == 1:
            return float(np.mean(loads) + np.mean(each))
        load, together = parts(block_of(sample[:few]))
        return float(load + together / max(sum(each[:few]), 1) * size * np.mean(each))

    return gates


class Predicted(NamedTuple):
    """What a search is predicted to take.

    Attributes:
        finds: queries of the finds.
        proof: queries of the proof that nothing is left.
        checks: measured indices.
    """

    finds: float
    proof: float
    checks: float

    @property
    def queries(self) -> float:
        """Of finds and proof."""
        return self.finds + self.proof


def search_queries(n: int, t: float, delta: float) -> Predicted:
    """Queries to find t of n marked indices, t unknown, and to prove that none is left; right within about a tenth.

    Args:
        n: indices.
        t: marked ones.
        delta: allowed probability of missing any.

    Returns:
        The queries of the finds and of the proof, and how many indices are measured.

    Source: a find of known t takes m / sin^2((2m+1) theta_t), at the m that is best with half a query for the check of
    each measured index; the proof is fitted to simulated searches.
    """
    proof = 1.81 * (math.log(1 / delta) / math.log(100)) ** 0.66 * math.sqrt(n)
    counts = np.arange(1, min(round(t), n) + 1)
    theta = np.arcsin(np.sqrt(counts / n))
    finds = np.maximum(0.69 / theta - 0.59, 0.0)  # at the best m for small theta; for others among the first few
    large, m = counts > n / 1024, np.arange(28)
    hits = np.sin(np.outer(theta[large], 2 * m + 1)) ** 2
    best = ((m + CHECK) / np.maximum(hits, 1e-9)).argmin(axis=1)
    chance = np.full(counts.size, 0.84)
    chance[large] = hits[np.arange(best.size), best]
    finds[large] = best / chance[large]
    return Predicted(float(finds.sum()), float(proof), float((1 / chance).sum()))


def _words(prices: dict[int, float], size: int) -> str:
    told = ", ".join(f"R = {r}: {price:.3g}k" for r, price in prices.items())
    if size == 1:
        return f"every row is searched by itself: no block of rows is predicted to cost less a row ({told} gates)"
    return f"blocks of {size} rows: predicted gates a row {told}"
