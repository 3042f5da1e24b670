"""What the search asks of a machine, how it is asked to search, and light oracles for tests and benchmarks.

The search knows nothing of keys, circuits or samplers. It asks a `Machine` to run `Job`s and gets integers back; it
asks a `qattn.oracles.base.Searchable` which of those integers are marked and what they score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qattn.arrays import Floats, Indices, Seed
from qattn.oracles.base import Searchable


@dataclass(frozen=True)
class Job:
    """One circuit to sample: `iterations` Grover iterations on an oracle, starting uniform over its n indices.

    Attributes:
        oracle: the oracle to search.
        iterations: number m of Grover iterations; a shot costs m queries.
        excluded: marked indices that are known already; the circuit undoes their phase.
        shots: number of independent samples.
        seed: seeds this job's samples, so that they do not depend on which other jobs run beside it.
        row: number of the row it belongs to, in the whole call.
        angles: of the last reflections about the uniform state, in radians; the others turn by pi.
    """

    oracle: Searchable
    iterations: int
    excluded: tuple[int, ...] = ()
    shots: int = 1
    seed: int = 0
    row: int = 0
    angles: tuple[float, ...] = ()


SHOTS = {"queries": 1, "rounds": 100}  # shots per row and round


@dataclass(frozen=True)
class SearchOptions:
    """How rows are searched.

    Attributes:
        k: find the k best of each row, whatever the oracle's tau; equal scores rank by index.
        k_max: promise that no row has more than k_max members, so that a row stops when it has verified them; not
            with k.
        k_exact: promise that every row's oracle marks exactly so many indices: the fewest queries, or exact amplitude
            amplification in few rounds, and no proof; not with k or k_max.
        delta: allowed probability of missing any index of any row of the call.
        sharing: number of rows of the call, each of which gets delta / sharing (union bound); None: those searched.
        loose: allowed probability of missing any index of a row (or block), where another search carries the proof and
            has delta: of all pairs of the matrix (`qattn.search.matrix`), or of the same row by a finer oracle
            (`qattn.machines.coarse_search`); not with k_exact.
        most_extras: so many more extras than members end a search that proves nothing; None: it is never given up.
        objective: "queries" (one shot a round) or "rounds" (few rounds of many shots, for hardware).
        shots: shots per row and round; None: 1 or 100, by the objective.
        longest: most Grover iterations of a circuit, where a machine allows no more; None: as many as help.
        neighbours: check in each row what the rows beside it found in the round before.
        seed: same seed, same result; each row draws from its own stream.

    Raises:
        ValueError: when a number is out of range.
    """

    k: int | None = None
    k_max: int | None = None
    k_exact: int | None = None
    delta: float = 1e-2
    sharing: int | None = None
    loose: float | None = None
    most_extras: int | None = None
    objective: str = "queries"
    shots: int | None = None
    longest: int | None = None
    neighbours: bool = False
    seed: Seed = None

    def __post_init__(self) -> None:
        if self.objective not in SHOTS:
            raise ValueError(f"objective = {self.objective!r}; choose 'queries' or 'rounds'")
        if not 0 < self.delta < 1:
            raise ValueError(f"delta = {self.delta}; give a probability between 0 and 1, such as 0.01")
        if self.k is not None and (self.k < 1 or self.k_max is not None):
            raise ValueError(
                f"k = {self.k}, k_max = {self.k_max}; give k >= 1 for the k best, or k_max for a promise, not both"
            )
        if self.k_max is not None and self.k_max < 0:
            raise ValueError(f"k_max = {self.k_max}; the number of members cannot be negative")
        if self.k_exact is not None and (self.k_exact < 0 or self.k is not None or self.k_max is not None):
            raise ValueError(
                f"k_exact = {self.k_exact}, k = {self.k}, k_max = {self.k_max}; give one of them, from 0 on"
            )
        if self.loose is not None and not (0 < self.loose < 1 and self.k_exact is None):
            raise ValueError(f"loose = {self.loose}; give a probability between 0 and 1, and no k_exact")
        if self.most_extras is not None and (self.most_extras < 0 or self.loose is None):
            raise ValueError(f"most_extras = {self.most_extras}; give 0 or more, with loose: nothing is proven then")
        if self.shots is not None and self.shots < 1:
            raise ValueError(f"shots = {self.shots}; a round needs at least one")
        if self.k_exact is not None and self.longest is not None:
            raise ValueError("k_exact fixes the iterations of a run; leave longest out")
        if self.longest is not None and self.longest < 0:
            raise ValueError(f"longest = {self.longest}; give the most iterations of a circuit, 0 or more")

    def share(self, count: int) -> float:
        """The allowed probability of a miss of one search.

        Args:
            count: searches, where `sharing` does not say.

        Returns:
            `loose`, or its part of delta.
        """
        return self.delta / (self.sharing or max(count, 1)) if self.loose is None else self.loose

    @property
    def shots_a_round(self) -> int:
        """Shots per row and round."""
        return SHOTS[self.objective] if self.shots is None else self.shots


SET_ASIDE = -1  # what a machine gives for a shot that it knows to be spoilt: it was run, and says nothing


class Machine(Protocol):
    """Anything that samples jobs: circuits on a Qiskit sampler, or `GroverStatistics`."""

    def run(self, jobs: Sequence[Job]) -> list[Indices]:
        """The measured indices, one array of at least `shots` integers in [0, n) per job, every shot that ran.

        Noise may give more than that; `SET_ASIDE` stands for a shot known to be spoilt.

        Args:
            jobs: of one round; each says its oracle, iterations, shots, seed and excluded indices.

        Returns:
            One array per job, in their order.
        """


@dataclass(frozen=True, eq=False)
class MarkedSet:
    """A bare oracle: these indices of n are marked (score 1, the others 0, tau 1/2). Costs O(k), whatever n is."""

    n: int
    indices: Indices = field(repr=False)
    tau: float = 0.5

    def __post_init__(self) -> None:
        indices = np.unique(np.asarray(self.indices, dtype=np.int64))
        if self.n < 1 or (indices.size and (indices[0] < 0 or indices[-1] >= self.n)):
            raise ValueError(f"MarkedSet needs n >= 1 and indices in [0, n); got n = {self.n}, indices {indices}")
        object.__setattr__(self, "indices", indices)

    @property
    def exact(self) -> bool:
        """True: exactly the members are marked."""
        return True

    @cached_property
    def marked_set(self) -> Indices:
        """Sorted marked indices."""
        if self.tau <= 0:
            return np.arange(self.n)
        return self.indices if self.tau <= 1 else self.indices[:0]

    def marks(self, js: ArrayLike) -> NDArray[np.bool_]:
        """Whether each j is marked."""
        return self.score(js) >= self.tau

    def score(self, js: ArrayLike) -> Floats:
        """1 for the given indices, 0 for the others."""
        js = np.asarray(js, dtype=np.int64)
        if self.indices.size == 0:
            return np.zeros(js.shape)
        places = np.minimum(np.searchsorted(self.indices, js), self.indices.size - 1)
        return np.asarray(self.indices[places] == js, dtype=np.float64)

    def at(self, tau: float) -> MarkedSet:
        """The same indices with another threshold."""
        return replace(self, tau=tau)


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """An oracle from a table of scores: marks j when values[j] >= tau - margin; members have values[j] >= tau.

    A margin > 0 makes extras, as the rounding of a fixed-point oracle does. Costs O(n) per threshold.
    """

    values: Floats = field(repr=False)
    tau: float
    margin: float = 0.0

    @property
    def n(self) -> int:
        """Number of indices."""
        return int(self.values.size)

    @property
    def exact(self) -> bool:
        """True without a margin."""
        return self.margin == 0

    @cached_property
    def marked_set(self) -> Indices:
        """Sorted marked indices."""
        return np.flatnonzero(self.values >= self.tau - self.margin)

    def marks(self, js: ArrayLike) -> NDArray[np.bool_]:
        """Whether each j is marked."""
        return self.score(js) >= self.tau - self.margin

    def score(self, js: ArrayLike) -> Floats:
        """The scores of js."""
        return np.take(self.values, np.asarray(js, dtype=np.int64))

    def at(self, tau: float) -> ScoreTable:
        """The same scores with another threshold."""
        return replace(self, tau=tau)
