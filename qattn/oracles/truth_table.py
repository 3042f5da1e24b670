"""A demonstration oracle: every key is scored first, and the circuit flips the sign of the answers.

It shows Grover search itself on hardware too small for the arithmetic. Building it costs n evaluations per row, as
many as the plain scan, so there is nothing left to find; whatever uses it must say so (`label`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.arrays import Bits, Floats, Indices
from qattn.oracles.base import CircuitOracle
from qattn.oracles.threshold import ThresholdOracle
from qattn.synthesis.phase_synthesis import sign_circuit
from qattn.synthesis.registers import index_bits


@dataclass(frozen=True, eq=False)
class TruthTableOracle(CircuitOracle):
    """|j> -> -|j> for the keys at or above tau, from a table of all n answers.

    Attributes:
        base: the oracle whose row, keys and threshold these are.
    """

    base: ThresholdOracle

    @property
    def n(self) -> int:
        """Number of keys."""
        return self.base.n

    @property
    def tau(self) -> float:
        """The threshold."""
        return self.base.tau

    @property
    def exact(self) -> bool:
        """True: exactly the members are marked."""
        return True

    @property
    def evaluations(self) -> int:
        """Classical scores that building this oracle took: all n."""
        return self.base.n

    @cached_property
    def _scores(self) -> Floats:
        return self.base.score(np.arange(self.n))

    @cached_property
    def marked_set(self) -> Indices:
        """Sorted indices with <q, K_j> >= tau; no extras."""
        return np.flatnonzero(self._scores >= self.tau)

    @property
    def empty(self) -> bool:
        """True when the row's integers cannot reach the threshold."""
        return self.base.empty

    def marks(self, js: ArrayLike) -> Bits:
        """Whether the circuit marks each of these indices."""
        return np.asarray(self._scores[np.asarray(js)] >= self.tau)

    def score(self, js: ArrayLike) -> Floats:
        """The true scores of these indices."""
        return np.asarray(self._scores[np.asarray(js)])

    def at(self, tau: float) -> TruthTableOracle:
        """The same row at another threshold; the scores are kept."""
        other = replace(self, base=self.base.at(tau))
        other.__dict__["_scores"] = self._scores
        return other

    @property
    def circuit(self) -> QuantumCircuit:
        """The phase form on register index; see `qattn.synthesis.phase_synthesis` for its cost."""
        return self.compact()

    def compact(self, excluded: Sequence[int] = ()) -> QuantumCircuit:
        """The phase form with the excluded keys left alone.

        Args:
            excluded: indices that keep their sign.

        Returns:
            A circuit on register index.
        """
        bits = index_bits(self.n)
        circuit = QuantumCircuit(QuantumRegister(bits, "index"), name="truth_table")
        flipped = np.setdiff1d(self.marked_set, np.asarray(excluded, dtype=np.int64))
        circuit.compose(sign_circuit(np.isin(np.arange(1 << bits), flipped)), inplace=True)
        return circuit

    @property
    def qubits(self) -> int:
        """The index register alone."""
        return index_bits(self.n)

    @property
    def family(self) -> tuple[object, ...]:
        """Each table is a circuit of its own."""
        return ("truth_table", self.n, tuple(self.marked_set.tolist()))

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Of the row it stands for."""
        return self.base.fingerprint

    @property
    def label(self) -> str:
        """What it is, for reports."""
        return "truth table: all n keys of a row are scored to build its oracle; a demonstration of Grover search only"
