"""The oracle of a block of rows: a key is loaded once, compared with R rows, and marked when any of them is reached.

    |j> -> (-1)^[<Q_r, K_j> >= tau_r and j < n_r for some row r] |j>

One search then serves R rows. Of n indices it marks the union of the rows' sets, which on real heads is far smaller
than their sum, for the price of one load and R inner products; a measured key is scored in all R rows. With a circuit
lookup, where the load is most of a query, that is cheaper; where a QRAM loads for next to nothing, it is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import Parameter, QuantumCircuit

from qattn.arithmetic.base import bit_form, phase_form, phase_gates
from qattn.arithmetic.comparison import AnyOf, Comparison
from qattn.arrays import Bits, Floats, Integers
from qattn.oracles.base import CompiledOracle
from qattn.oracles.design import Form
from qattn.oracles.threshold import ThresholdOracle
from qattn.scores import scores_at
from qattn.synthesis.cost import Cost
from qattn.synthesis.program import Program


@dataclass(frozen=True, eq=False)
class BlockOracle(CompiledOracle):
    """The OR of R threshold oracles over prefixes of the same keys, each row with a threshold of its own.

    As a `Searchable` its score of j is how far j lies above the threshold of the row it suits best, the largest
    <Q_r, K_j> - tau_r over the rows that see j, and its own threshold is 0: so `find_all` finds the union.

    Attributes:
        rows: the rows' oracles, of one form and one code of the keys; row r sees its own first n_r keys.

    Raises:
        ValueError: when there are no rows, or they differ in their keys or their form.

    Example:
        >>> rows = [ThresholdOracle.from_row(q, [[2, 1], [0, 1], [-1, 2]], 2, bits=3) for q in ([1, 0], [0, 1])]
        >>> BlockOracle(tuple(rows)).marked_set
        array([0, 2])
    """

    rows: tuple[ThresholdOracle, ...]

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError("a block needs at least one row")
        longest = self._longest
        for r, row in enumerate(self.rows):
            if row.form != longest.form:
                raise ValueError(f"row {r} is built as {row.form} and another as {longest.form}; a block has one form")
            same = row.keys.bits == longest.keys.bits and _begins(longest.keys.X, row.keys.X)
            if not same or not _begins(longest.K, row.K):
                raise ValueError(f"row {r} searches other keys; the rows of a block see prefixes of the same keys")

    @cached_property
    def _longest(self) -> ThresholdOracle:
        return max(self.rows, key=lambda row: row.n)

    @property
    def n(self) -> int:
        """Number of keys that some row sees."""
        return self._longest.n

    @property
    def tau(self) -> float:
        """0: `score` is measured from the rows' own thresholds."""
        return 0.0

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Each row's threshold."""
        return tuple(row.tau for row in self.rows)

    @property
    def exact(self) -> bool:
        """True when no row's margin lets a key below its threshold in."""
        return all(row.exact for row in self.rows)

    @property
    def empty(self) -> bool:
        """True when it is proven for every row."""
        return all(row.empty for row in self.rows)

    @cached_property
    def marked_set(self) -> Integers:
        """Sorted indices that some row marks: the plain-integer reference of the circuit."""
        return np.unique(np.concatenate([row.marked_set for row in self.rows]))

    def marks(self, js: ArrayLike) -> Bits:
        """Whether the circuit marks each of these indices; O(R r) each."""
        return np.asarray(np.any([self.row_marks(r, js) for r in range(len(self.rows))], axis=0))

    def row_marks(self, r: int, js: ArrayLike) -> Bits:
        """Whether row r marks each of these indices; those that it does not see it does not mark.

        Args:
            r: the row's place in the block.
            js: indices.

        Returns:
            Booleans, one per index.
        """
        js, row = np.asarray(js, dtype=np.int64), self.rows[r]
        marked = np.zeros(js.shape, dtype=bool)
        seen = js < row.n
        marked[seen] = row.marks(js[seen])
        return marked

    def row_scores(self, js: ArrayLike) -> Floats:
        """(m, R) the true scores of m keys in all rows, -inf where a row does not see the key.

        Cost: one evaluation for every pair of a row and a key that it sees.
        """
        js = np.asarray(js, dtype=np.int64).ravel()
        table = np.full((js.size, len(self.rows)), -np.inf)
        where = np.nonzero(js[:, None] < [row.n for row in self.rows])
        table[where] = scores_at(np.stack([row.q for row in self.rows]), where[1], self._longest.K, js[where[0]])
        return table

    def score(self, js: ArrayLike) -> Floats:
        """How far above its threshold the best row of each index is; one evaluation for each row that sees it."""
        js = np.asarray(js, dtype=np.int64)
        return np.asarray((self.row_scores(js) - self.thresholds).max(axis=1).reshape(js.shape))

    def at(self, tau: float) -> BlockOracle:
        """The block itself; its thresholds are the rows'.

        Raises:
            ValueError: for a threshold other than 0.
        """
        if tau != 0:
            raise ValueError(
                f"tau = {tau}: a block has a threshold for each row, change them by `raised`; the k best keys of each "
                "of its rows are found by attend(..., k=, block=)"
            )
        return self

    def raised(self, thresholds: Sequence[float]) -> BlockOracle:
        """The block with these thresholds, one per row; rows whose threshold is the same are kept as they are."""
        pairs = zip(self.rows, thresholds, strict=True)
        return BlockOracle(tuple(row if row.tau == tau else row.at(tau) for row, tau in pairs))

    def pairs(self, j: int) -> list[tuple[int, int]]:
        """(row, key) for every row of the block that sees key j."""
        return [(r, j) for r, row in enumerate(self.rows) if j < row.n]

    # circuits ------------------------------------------------------------------------------------------------

    @property
    def form(self) -> Form:
        """Lookup, arithmetic and key layout; the rows' own."""
        return self._longest.form

    @cached_property
    def comparison(self) -> AnyOf:
        """The integers that the circuit compares."""
        keys = self._longest.keys
        rows = tuple(Comparison(keys.X, keys.bits, row.row.A, row.row.T, row.score_bits) for row in self.rows)
        return AnyOf(rows, tuple(row.n for row in self.rows))

    @property
    def family(self) -> tuple[object, ...]:
        """Blocks with equal families share one parametrised circuit; `values` tells them apart."""
        what = self.comparison
        own = () if self.values else tuple(row.row for row in self.rows)
        return ("block", self._longest.keys, self.form, tuple(row.width for row in what.rows), what.visible, *own)

    @cached_property
    def values(self) -> list[float]:
        """All rows' numbers for `template`, row after row; empty when they are built into the gates."""
        return [value for row in self.comparison.rows for value in self.form.values(row)]

    def template(self) -> tuple[QuantumCircuit, list[Parameter]]:
        """The phase oracle with the rows' numbers left open, and the parameters in the order of `values`."""
        compute, parameters = self.form.any_template(self.comparison)
        return phase_form(compute), parameters

    @property
    def bit_circuit(self) -> QuantumCircuit:
        """Bit form |j>|b> -> |j>|b xor [marked]>, b on the one-qubit register `flag_out`."""
        return bit_form(self.compute(), "flag_out")

    def compute(self) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>, register `score` (one qubit) being 1 exactly when some row marks j."""
        return self.form.any_gates(self.comparison).circuit()

    def program(self) -> Program:
        """The gates of `circuit` as a program, for `execute` and the simulators; no QuantumCircuit is built."""
        return phase_gates(self.form.any_gates(self.comparison)).program()

    def cost(self, *, by_measurement: bool = True) -> Cost:
        """Qubits, Toffolis and the rest of one query, by formula where the rows share a load.

        Args:
            by_measurement: of `measured_circuit`; False for the unitary `circuit`.
        """
        return self.form.any_cost(self.comparison, by_measurement=by_measurement)

    @property
    def qubits(self) -> int:
        """Width of the phase oracle's circuit, by formula."""
        return self.form.any_qubits(self.comparison)

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Its rows' fingerprints."""
        return tuple(fact for row in self.rows for fact in row.fingerprint)

    @property
    def label(self) -> str:
        """What it is, for reports."""
        return f"a block of {len(self.rows)} rows: keys loaded, compared with each row and unloaded by the circuit"


def _begins(whole: Floats | Integers, part: Floats | Integers) -> bool:
    """Whether an array begins with these rows; at once where they are the same memory."""
    start = whole[: len(part)]
    same = part.shape == start.shape and part.strides == start.strides and part.ctypes.data == start.ctypes.data
    return same or np.array_equal(part, start)
