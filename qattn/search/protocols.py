"""What the search sees: an oracle that marks indices, and a machine that runs Grover circuits on it.

The search knows nothing of keys, circuits or samplers. It asks a `Machine` to run `Job`s and gets integers back; it
asks a `Searchable` which of those integers are marked and what they score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Indices = NDArray[np.int64]
Floats = NDArray[np.float64]


class Searchable(Protocol):
    """An oracle over the indices 0..n-1. It marks every j with score(j) >= tau, and perhaps a few more.

    `ThresholdOracle` is one; `MarkedSet` and `ScoreTable` are light ones for tests and benchmarks.
    """

    @property
    def n(self) -> int:
        """Number of indices."""

    @property
    def tau(self) -> float:
        """The threshold: j is a member when score(j) >= tau."""

    @property
    def exact(self) -> bool:
        """True when exactly the members are marked, so that a promise on their number bounds the marked ones too."""

    @property
    def marked_set(self) -> Indices:
        """Sorted indices whose phase the circuit flips: the members and the extras. Only machines may look at it."""

    def marks(self, js: ArrayLike) -> NDArray[np.bool_]:
        """Whether the circuit flips the phase of each j in js; one evaluation each."""

    def score(self, js: ArrayLike) -> Floats:
        """The true scores of js; part of the same evaluation."""

    def at(self, tau: float) -> Self:
        """The same oracle with another threshold."""


@dataclass(frozen=True)
class Job:
    """One circuit to sample: `iterations` Grover iterations on an oracle, starting uniform over its n indices.

    Attributes:
        oracle: the oracle to search.
        iterations: number m of Grover iterations; a shot costs m queries.
        excluded: marked indices that are known already; the circuit undoes their phase.
        shots: number of independent samples.
        seed: seeds this job's samples, so that they do not depend on which other jobs run beside it.
    """

    oracle: Searchable
    iterations: int
    excluded: tuple[int, ...] = ()
    shots: int = 1
    seed: int = 0


class Machine(Protocol):
    """Anything that samples jobs: circuits on a Qiskit sampler, or `GroverStatistics`."""

    def run(self, jobs: Sequence[Job]) -> list[Indices]:
        """The measured indices, one array of `shots` integers in [0, n) per job."""


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
