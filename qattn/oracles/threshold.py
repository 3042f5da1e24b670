"""The threshold oracle O_i of the paper: compute, Z on the sign, uncompute.

    phase form  |j> -> (-1)^[<q, K_j> >= tau] |j>          bit form  |j, 0> -> |j, b>, b = [<q, K_j> >= tau]

on exactly n basis states; ancillas start and end in |0>. What the circuit compares are the integers of
`qattn.encoding.rows`, so it marks every key at or above tau and, within the proven margin, a few more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import Parameter, QuantumCircuit

from qattn.arithmetic.base import InnerProduct, bit_form, phase_form, phase_gates
from qattn.arithmetic.comparison import Comparison
from qattn.arrays import Bits, Floats, Integers, real_array
from qattn.encoding.keys import KeyCode, default_bits, encode_keys
from qattn.encoding.rows import RowCode, encode_row
from qattn.lookups.base import Lookup
from qattn.oracles.base import CompiledOracle
from qattn.oracles.design import Form, choose
from qattn.oracles.folded import NotFoldable, folded_oracles
from qattn.scores import scores
from qattn.synthesis.cost import Cost
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.program import Program


@dataclass(frozen=True, eq=False)
class ThresholdOracle(CompiledOracle):
    """The oracle of one row: which of n keys score at least tau.

    Attributes:
        q: (d,) the row, attention scale included.
        K: (n, d) the keys.
        tau: threshold on <q, K_j>.
        keys: the keys as integers.
        row: the row's integer coefficients and threshold.
        lookup: how key bits are loaded: a name of `qattn.lookups` or a `Lookup`.
        arithmetic: how the score is computed: a name of `qattn.arithmetic` or an `InnerProduct`.
        key_layout: "streamed" (a few key bits at a time) or "parallel" (whole keys at once).
        width: qubits of the score register; None takes what this row needs.

    Example:
        >>> from qattn import ThresholdOracle
        >>> oracle = ThresholdOracle.from_row([2, 0], [[2, 0], [0, 1], [1, 1], [0, -1]], tau=2, bits=3)
        >>> oracle.marked_set.tolist(), oracle.circuit.num_qubits
        ([0, 2], 6)
    """

    q: Floats
    K: Floats
    tau: float
    keys: KeyCode
    row: RowCode
    lookup: str | Lookup = "table"
    arithmetic: str | InnerProduct = "phase"
    key_layout: str = "streamed"
    width: int | None = None

    @classmethod
    def from_row(
        cls,
        q: ArrayLike,
        K: ArrayLike,
        tau: float,
        *,
        bits: int | None = None,
        rank: int | None = None,
        lookup: str | Lookup = "table",
        arithmetic: str | InnerProduct = "phase",
        key_layout: str = "streamed",
        objective: str | None = None,
    ) -> ThresholdOracle:
        """Encode one row and its keys; circuits are built when asked for.

        Args:
            q: (d,) row, attention scale included.
            K: (n, d) keys.
            tau: threshold on <q, K_j>.
            bits: two's complement bits per key component; None: 6, or fewer when the keys are small integers.
            rank: keep only this many components of the keys, the rest goes into the margin.
            lookup: "table", "unary", "select_swap", "bucket_brigade", another name of `qattn.lookups` or a `Lookup`.
            arithmetic: "phase", "ripple", "carry_save", another name of `qattn.arithmetic` or an `InnerProduct`.
            key_layout: "streamed" or "parallel".
            objective: choose lookup, arithmetic and layout by "qubits", "toffoli" or "depth"; None keeps them as given.

        Returns:
            The oracle of this row.

        Raises:
            ValueError: when shapes do not fit or a value is not finite.
        """
        q, K, threshold = real_array("q", q), real_array("K", K), real_array("tau", tau)
        if q.ndim != 1 or K.ndim != 2 or K.shape[1:] != q.shape or K.size == 0:
            raise ValueError(f"q has shape {q.shape} and K {K.shape}; give q (d,) and K (n, d) with n, d >= 1")
        if threshold.shape != ():
            raise ValueError(f"tau has shape {threshold.shape}; give one number")
        tau = float(threshold)
        keys = encode_keys(K, default_bits(K) if bits is None else bits, rank=rank)
        oracle = cls(q, K, tau, keys, encode_row(keys, q, tau), lookup, arithmetic, key_layout)
        return oracle if objective is None else oracle.best(objective)

    def best(self, objective: str) -> ThresholdOracle:
        """The same oracle in the form with the least "qubits", "toffoli" or "depth", by predicted cost.

        Args:
            objective: "qubits", "toffoli" or "depth", see `qattn.oracles.design.choose`.

        Returns:
            The oracle in that form.
        """
        return self.formed(choose(objective, self.comparison))

    def formed(self, form: Form) -> ThresholdOracle:
        """The same oracle in this form."""
        return replace(self, lookup=form.lookup, arithmetic=form.arithmetic, key_layout=form.key_layout)

    @property
    def n(self) -> int:
        """Number of keys searched."""
        return int(self.K.shape[0])

    @property
    def empty(self) -> bool:
        """True when no value the integer score can take reaches T."""
        return self.row.high < self.row.T

    @property
    def exact(self) -> bool:
        """True when the margin is 0: the circuit marks the keys at or above tau and no others."""
        return self.row.eps == 0.0

    @property
    def score_bits(self) -> int:
        """Qubits of the score register."""
        return self.row.width if self.width is None else self.width

    @property
    def qubits(self) -> int:
        """Width of the phase oracle's circuit, by formula."""
        return self.form.qubits(self.comparison)

    @cached_property
    def marked_set(self) -> Integers:
        """Sorted indices with integer score at or above T: the plain-integer reference of every circuit here."""
        return np.flatnonzero(self.keys.X @ self.row.A >= self.row.T)

    def marks(self, js: ArrayLike) -> Bits:
        """Whether the circuit marks each of these indices; O(r) each."""
        return np.asarray(self.keys.X[np.asarray(js, dtype=np.int64)] @ self.row.A >= self.row.T)

    def score(self, js: ArrayLike) -> Floats:
        """The true scores <q, K_j> of these indices: one evaluation each, O(d)."""
        return scores(self.q, self.K[np.asarray(js, dtype=np.int64)])

    def at(self, tau: float) -> ThresholdOracle:
        """The same row at another threshold; only T changes, the circuit's structure stays."""
        return replace(self, tau=float(tau), row=self.row.at(tau))

    # circuits ------------------------------------------------------------------------------------------------

    @property
    def family(self) -> tuple[object, ...]:
        """Oracles with equal families share one parametrised circuit; `values` tells them apart."""
        own = () if self.values else (self.row,)
        return (self.keys, self.form, self.score_bits, *own)

    @cached_property
    def values(self) -> list[float]:
        """This row's numbers for `template`; empty when they are built into the gates."""
        return self.form.values(self.comparison)

    def template(self) -> tuple[QuantumCircuit, list[Parameter]]:
        """The phase oracle with the row's numbers left open, and the parameters in the order of `values`."""
        compute, parameters = self.form.template(self.comparison)
        return phase_form(compute), parameters

    def compact(self, excluded: Sequence[int] = ()) -> QuantumCircuit:
        """The phase form with the comparison folded into one sign circuit, where the keys are few enough.

        Args:
            excluded: marked indices whose sign is flipped back.

        Returns:
            A circuit on registers index and key; in the form of `circuit` where folding would take too many qubits.
        """
        return self.compacts(excluded, 1)[0]

    def compacts(self, excluded: Sequence[int] = (), count: int = 1) -> list[QuantumCircuit]:
        """`compact`, and others of the same action whose gates stand in another order.

        Args:
            excluded: marked indices whose sign is flipped back.
            count: the most circuits to make.

        Returns:
            One or more circuits, `compact` first.
        """
        try:
            return folded_oracles(self.keys.X, self.keys.bits, self.row.A, self.row.T, excluded, count)
        except NotFoldable:
            return [super().compact(excluded)]

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """n, the row's coefficients and threshold as integers."""
        return (self.n, *self.row.A.tolist(), self.row.T)

    @property
    def label(self) -> str:
        """What it is, for reports."""
        return "arithmetic: keys loaded, compared and unloaded by the circuit"

    @property
    def bit_circuit(self) -> QuantumCircuit:
        """Bit form O|j>|b> = |j>|b xor [marked]>, b on the one-qubit register `flag`."""
        return bit_form(self.compute())

    def compute(self) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>, the top qubit of register `score` being 1 exactly when j is marked."""
        return self.form.compute(self.comparison)

    def program(self) -> Program:
        """The gates of `circuit` as a program, for `execute` and the simulators; no QuantumCircuit is built."""
        return phase_gates(self.form.gates(self.comparison)).program()

    def lookup_program(self) -> Program:
        """|j>|0> -> |j>|K_j>|garbage>: the first half of `compute`, the same for all rows that use the same key bits.

        Returns:
            A program on registers index, key and the lookup's; such rows are given the same object.

        Raises:
            ValueError: when the keys are not loaded at once before they are compared.
        """
        return _program(self.form.halves(self.comparison)[0])

    def arithmetic_program(self) -> Program:
        """|K_j> -> (-1)^[j marked] |K_j>: the comparison, Z on the sign, and the comparison undone.

        Between `lookup_program` and its inverse, what `program` does to |j>: load, compare, Z and undo.

        Returns:
            A program on registers key (the bits that `lookup_program` loads), the arithmetic's own and score.

        Raises:
            ValueError: when the keys are not loaded at once before they are compared.
        """
        return phase_gates(self.form.halves(self.comparison)[1]).program()

    @property
    def form(self) -> Form:
        """Lookup, arithmetic and key layout.

        Raises:
            ValueError: when one is unknown or they do not go together.
        """
        return Form.of(self.lookup, self.arithmetic, self.key_layout)

    @property
    def comparison(self) -> Comparison:
        """The integers that the circuit compares."""
        return Comparison(self.keys.X, self.keys.bits, self.row.A, self.row.T, self.score_bits)

    def cost(self, *, by_measurement: bool = True) -> Cost:
        """Qubits, Toffoli, T, CNOT, measurements and Toffoli depth of one query, by formula.

        Args:
            by_measurement: of `measured_circuit`; False for the unitary `circuit`.
        """
        return self.form.cost(self.comparison, by_measurement=by_measurement)


@lru_cache(maxsize=2)
def _program(load: Netlist) -> Program:
    """The program of a load, which rows of the same keys share."""
    return load.program()
