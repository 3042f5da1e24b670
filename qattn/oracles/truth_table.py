"""A demonstration oracle: every key is scored first, and the circuit flips the sign of the answers.

It shows Grover search itself on hardware too small for the arithmetic. Building it costs n evaluations per row, as
many as the plain scan, so there is nothing left to find; whatever uses it must say so (`LABEL`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import Parameter, QuantumCircuit, QuantumRegister

from qattn.arrays import Bits, Floats, Integers
from qattn.oracles.threshold import ThresholdOracle
from qattn.synthesis.phase_synthesis import sign_circuit
from qattn.synthesis.registers import index_bits

LABEL = "truth table: all n keys of a row are scored to build its oracle; a demonstration of Grover search only"


@dataclass(frozen=True, eq=False)
class TruthTableOracle:
    """|j> -> -|j> for the keys at or above tau, from a table of all n answers; a drop-in for `ThresholdOracle`.

    Attributes:
        base: the oracle whose row, keys and threshold these are.
        excluded: indices that the circuit leaves alone although they are marked.
    """

    base: ThresholdOracle
    excluded: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        """Number of keys."""
        return self.base.n

    @property
    def tau(self) -> float:
        """The threshold."""
        return self.base.tau

    @property
    def evaluations(self) -> int:
        """Classical scores that building this oracle took: all n."""
        return self.base.n

    @cached_property
    def marked_set(self) -> Integers:
        """Sorted indices with <q, K_j> >= tau; no extras. n evaluations."""
        return np.flatnonzero(self.base.score(np.arange(self.base.n)) >= self.base.tau)

    def marks(self, js: ArrayLike) -> Bits:
        """Whether the circuit marks each of these indices."""
        return np.isin(np.asarray(js), self.marked_set)

    def score(self, js: ArrayLike) -> Floats:
        """The true scores of these indices."""
        return self.base.score(js)

    def at(self, tau: float) -> TruthTableOracle:
        """The same row at another threshold."""
        return replace(self, base=self.base.at(tau))

    @property
    def circuit(self) -> QuantumCircuit:
        """The phase form on register index; see `qattn.synthesis.phase_synthesis` for its cost."""
        bits = index_bits(self.n)
        circuit = QuantumCircuit(QuantumRegister(bits, "index"), name="truth_table")
        flipped = np.setdiff1d(self.marked_set, self.excluded)
        circuit.compose(sign_circuit(np.isin(np.arange(1 << bits), flipped)), inplace=True)
        return circuit

    @property
    def family(self) -> tuple[object, ...]:
        """Each table is a circuit of its own."""
        return ("truth_table", self.n, tuple(self.marked_set), self.excluded)

    @property
    def values(self) -> list[float]:
        """No open parameters."""
        return []

    def template(self) -> tuple[QuantumCircuit, list[Parameter]]:
        """The circuit, and no parameters."""
        return self.circuit, []
