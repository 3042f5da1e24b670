"""The oracle of a whole matrix: an index is a pair of a row and a key, and both are looked up.

    |i 2^b + j> -> (-1)^[<Q_i, K_j> >= tau_i, j < n_i, and j is not known in row i] |i 2^b + j>

for n_q rows, b being the bits of j. One search over its n_q 2^b indices serves all rows, and one proof that nothing is
left costs O(sqrt(n_q n)) queries for the matrix instead of O(n_q sqrt(n)); but a query multiplies two registers, which
takes several times what a row's constants take (`qattn.arithmetic.pairs`). Keys that are known already are loaded with
the row: they cost log2 n ANDs for the most that any row knows, not a reflection for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import QuantumCircuit

from qattn.arithmetic.base import phase_gates
from qattn.arithmetic.pairs import PairComparison
from qattn.arrays import Bits, Floats, Indices, Integers
from qattn.oracles.base import CompiledOracle
from qattn.oracles.rows import Rows
from qattn.scores import scores_at
from qattn.synthesis.cost import Cost
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.program import Program
from qattn.synthesis.registers import index_bits


@dataclass(frozen=True, eq=False)
class MatrixOracle(CompiledOracle):
    """All pairs of a problem with thresholds, those that are known left out.

    As a `Searchable` it scores a pair by how far it lies above its row's threshold, and its own threshold is 0.

    Attributes:
        rows: the rows as integers; of their form only the lookup is used.
        known: for each row the keys, distinct, whose mark is taken away; by default none.

    Raises:
        ValueError: when there is one row only, no thresholds are given, or a known key is not marked.

    Example:
        >>> from qattn.encoding.precision import Precision
        >>> from qattn.oracles.rows import compile_rows
        >>> from qattn.problem import make_problem
        >>> K = [[2, 1], [0, 1], [-1, 2]]
        >>> problem = make_problem([[1, 0], [0, 1]], K, K, tau=2)
        >>> oracle = MatrixOracle(compile_rows(problem, Precision(3, None, 1, 0, 0)))
        >>> [oracle.pair(index) for index in oracle.marked_set]
        [(0, 0), (1, 2)]
    """

    rows: Rows
    known: tuple[Indices, ...] = ()

    def __post_init__(self) -> None:
        p = self.rows.problem
        if p.tau is None:
            raise ValueError("the pairs of a matrix are searched at thresholds; give tau")
        if p.n_q < 2:
            raise ValueError("a matrix of one row is a row; search it by its own oracle")
        if not self.known:
            object.__setattr__(self, "known", (np.empty(0, np.int64),) * p.n_q)
        if len(self.known) != p.n_q:
            raise ValueError(f"known keys of {len(self.known)} rows; give a list for each of the {p.n_q}")
        for i, js in enumerate(self.known):
            js = np.asarray(js, dtype=np.int64)
            inside = js[(js >= 0) & (js < p.visible[i])]
            if np.unique(inside).size < js.size or not np.all(self._reaches(np.full(js.size, i), js)):
                raise ValueError(f"row {i}: the known keys {js} must be distinct and marked; others would become so")

    @property
    def width(self) -> int:
        """Indices of a row: 2^b."""
        return 1 << index_bits(self.rows.problem.n)

    @property
    def n(self) -> int:
        """Number of indices."""
        return self.rows.problem.n_q * self.width

    @property
    def tau(self) -> float:
        """0: `score` is measured from the rows' own thresholds."""
        return 0.0

    @property
    def exact(self) -> bool:
        """True when no row's margin lets a key below its threshold in."""
        return all(code.eps == 0.0 for code in self.rows.codes)

    def pair(self, index: int) -> tuple[int, int]:
        """(row, key) of an index; the key may lie beyond those that the row sees."""
        i, j = divmod(int(index), self.width)
        return i, j

    def pairs(self, j: int) -> list[tuple[int, int]]:
        """The pair, if the row sees the key."""
        row, key = self.pair(j)
        return [(row, key)] if key < self.rows.problem.visible[row] else []

    def seen(self, js: ArrayLike) -> Bits:
        """Whether these indices are pairs of a row and a key that it sees."""
        i, j = np.divmod(np.asarray(js, dtype=np.int64), self.width)
        return np.asarray(j < self.rows.problem.visible[i])

    @cached_property
    def marked_set(self) -> Indices:
        """Sorted marked indices: the plain-integer reference of the circuit."""
        found = []
        for i, (code, js) in enumerate(zip(self.rows.codes, self.known, strict=True)):
            X = self.rows.keys.X[: self.rows.problem.visible[i]]
            found.append(i * self.width + np.setdiff1d(np.flatnonzero(X @ code.A >= code.T), js))
        return np.concatenate(found)

    def marks(self, js: ArrayLike) -> Bits:
        """Whether the circuit marks each of these indices; O(r) each."""
        indices = np.asarray(js, dtype=np.int64)
        i, j = np.divmod(indices.ravel(), self.width)
        marked = self._reaches(i, j) & ~np.isin(indices.ravel(), self.known_indices)
        return np.asarray(marked.reshape(indices.shape))

    @cached_property
    def known_indices(self) -> Indices:
        """The indices of the known pairs."""
        return np.concatenate([i * self.width + np.asarray(js, dtype=np.int64) for i, js in enumerate(self.known)])

    def score(self, js: ArrayLike) -> Floats:
        """<Q_i, K_j> - tau_i of each index, -inf where row i does not see j; one evaluation for each that it sees."""
        p, indices = self.rows.problem, np.asarray(js, dtype=np.int64)
        i, j = np.divmod(indices.ravel(), self.width)
        above = np.full(i.size, -np.inf)
        seen = j < p.visible[i]
        i, j = i[seen], j[seen]
        above[seen] = scores_at(p.Q, i, p.K, j) - self._taus[i]
        return above.reshape(indices.shape)

    def at(self, tau: float) -> MatrixOracle:
        """The oracle itself; its thresholds are the rows'.

        Raises:
            ValueError: for a threshold other than 0.
        """
        if tau != 0:
            raise ValueError(f"tau = {tau}: every row of a matrix has a threshold of its own, the problem's")
        return self

    # circuits ------------------------------------------------------------------------------------------------

    @cached_property
    def comparison(self) -> PairComparison:
        """The integers that the circuit compares."""
        rows, keys = self.rows, self.rows.keys
        return PairComparison(keys.X, keys.bits, self._A, self._T, rows.width, rows.problem.visible, self.known)

    def compute(self) -> QuantumCircuit:
        """|i 2^b + j>|0> -> |i 2^b + j>|garbage>, register `score` being 1 exactly for the marked pairs."""
        return self._gates().circuit()

    def program(self) -> Program:
        """The gates of `circuit` as a program; no QuantumCircuit is built."""
        return phase_gates(self._gates()).program()

    def cost(self, *, by_measurement: bool = True) -> Cost:
        """Qubits, Toffolis and the rest of one query, by formula.

        Args:
            by_measurement: of `measured_circuit`; False for the unitary `circuit`.
        """
        return self.comparison.cost(self.rows.form.lookup, by_measurement=by_measurement)

    @property
    def qubits(self) -> int:
        """Width of the phase oracle's circuit, by formula."""
        return self.cost(by_measurement=False).qubits

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """The rows' integers and what is known of them."""
        codes = (fact for code in self.rows.codes for fact in (*code.A.tolist(), code.T))
        return (self.n, *self.rows.problem.visible.tolist(), *codes, *self.known_indices.tolist())

    @property
    def label(self) -> str:
        """What it is, for reports."""
        return f"all pairs of {self.rows.problem.n_q} rows and {self.rows.problem.n} keys, both looked up"

    def _gates(self) -> Netlist:
        return self.comparison.gates(self.rows.form.lookup)

    @cached_property
    def _A(self) -> Integers:
        return np.stack([code.A for code in self.rows.codes])

    @cached_property
    def _T(self) -> Integers:
        return np.array([code.T for code in self.rows.codes], dtype=np.int64)

    @cached_property
    def _taus(self) -> Floats:
        assert self.rows.problem.tau is not None
        return self.rows.problem.tau

    def _reaches(self, i: Integers, j: Integers) -> Bits:
        """Whether pairs reach their row's integer threshold, known or not; False beyond what the row sees."""
        rows = self.rows
        reached = np.zeros(i.shape, dtype=bool)
        seen = (j >= 0) & (j < rows.problem.visible[i])
        i, j = i[seen], j[seen]
        reached[seen] = np.einsum("mr,mr->m", rows.keys.X[j], self._A[i]) >= self._T[i]
        return reached
