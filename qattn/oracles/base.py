"""What the rest of the package takes from an oracle: the search its answers, the machines its circuits.

The search sees a `Searchable` and knows nothing of keys or circuits. Whatever runs circuits, Aer or a processor, sees a
`CircuitOracle`. A new family of oracles is a class with these members, and a line in `qattn.oracles.families`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import Parameter, QuantumCircuit

from qattn.arithmetic.base import phase_form
from qattn.arrays import Bits, Floats, Indices
from qattn.synthesis.cost import Cost
from qattn.synthesis.gates import measured
from qattn.synthesis.phase_synthesis import sign_circuit
from qattn.synthesis.program import Program
from qattn.synthesis.registers import register
from qattn.synthesis.reversible import execute


class Searchable(Protocol):
    """An oracle over the indices 0..n-1. It marks every j with score(j) >= tau, and perhaps a few more.

    `ThresholdOracle` is one; `qattn.search.protocols` has light ones for tests and benchmarks.
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

    def marks(self, js: ArrayLike) -> Bits:
        """Whether the circuit flips the phase of each j in js; one evaluation each.

        Args:
            js: (m,) indices in 0..n-1.

        Returns:
            (m,) booleans.
        """

    def score(self, js: ArrayLike) -> Floats:
        """The true scores of js; part of the same evaluation.

        Args:
            js: (m,) indices in 0..n-1.

        Returns:
            (m,) float64.
        """

    def at(self, tau: float) -> Self:
        """The same oracle with another threshold.

        Args:
            tau: the new threshold, in the unit of `score`.

        Returns:
            Another oracle; this one stays as it is.
        """


if TYPE_CHECKING:
    Answers = (
        Searchable  # what a CircuitOracle answers; at run time its dataclass fields need no properties behind them
    )
else:
    Answers = object  # properties of a base class would become the defaults of a subclass's dataclass fields


class CircuitOracle(ABC, Answers):
    """A searchable oracle with a circuit: |j> -> -|j> on register `index` where j is marked, all else back in |0>.

    A subclass has the members of `Searchable` and `circuit`; the others have defaults.
    """

    @property
    @abstractmethod
    def circuit(self) -> QuantumCircuit:
        """The phase oracle; register `index` comes first, its qubit 0 is bit 0 of j, ancillas follow."""

    @property
    def family(self) -> Hashable:
        """Oracles with equal families share the circuit of `template`."""
        return self

    @property
    def values(self) -> list[float]:
        """This oracle's number for each parameter of `template`, in order."""
        return []

    def template(self) -> tuple[QuantumCircuit, list[Parameter]]:
        """The phase oracle with this oracle's numbers left open, and their parameters."""
        return self.circuit, []

    def compact(self, excluded: Sequence[int] = ()) -> QuantumCircuit:
        """The phase oracle with the fewest two-qubit gates, its numbers in the gates, for a processor.

        Args:
            excluded: marked indices whose sign is flipped back.
        """
        circuit = self.circuit.copy()
        if len(excluded):
            index = register(circuit, "index")
            circuit.compose(sign_circuit(np.isin(np.arange(1 << len(index)), excluded)), index, inplace=True)
        return circuit

    def compacts(self, excluded: Sequence[int] = (), count: int = 1) -> list[QuantumCircuit]:
        """`compact`, and circuits of the same action that may suit a processor better, where there are any.

        Args:
            excluded: marked indices whose sign is flipped back.
            count: the most circuits to make.

        Returns:
            One or more circuits, `compact` first.
        """
        return [self.compact(excluded)]

    @property
    def qubits(self) -> int:
        """Width of the phase oracle's circuit."""
        return int(self.circuit.num_qubits)

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Plain numbers that tell it from other oracles of its kind; equal in every process."""
        return (self.n, self.tau)

    @property
    def empty(self) -> bool:
        """True when it is proven, without a query or a score, that no index is marked at this threshold."""
        return False

    @property
    def evaluations(self) -> int:
        """Classical scores that were computed to prepare it."""
        return 0

    @property
    def label(self) -> str:
        """What it is, for reports."""
        return type(self).__name__

    def pairs(self, j: int) -> list[tuple[int, int]]:
        """The (row, key) pairs that index j stands for, rows numbered within the oracle; one row by default.

        Args:
            j: index in 0..n-1.

        Returns:
            Pairs of whole numbers.
        """
        return [(0, j)]


class CompiledOracle(CircuitOracle):
    """An oracle that computes whether j is marked, flips the sign and uncomputes; its gates are priced by formula.

    A subclass has `compute`, `program` and `cost` as well; the first two give its circuits.
    """

    @abstractmethod
    def compute(self) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>, the top qubit of register `score` being 1 exactly when j is marked."""

    @abstractmethod
    def program(self) -> Program:
        """The gates of `circuit` as a program, for `execute` and the simulators; no QuantumCircuit is built."""

    @abstractmethod
    def cost(self, *, by_measurement: bool = True) -> Cost:
        """Qubits, Toffolis and the rest of one query, by formula.

        Args:
            by_measurement: of `measured_circuit`; False for the unitary `circuit`.
        """

    @property
    def circuit(self) -> QuantumCircuit:
        """Phase form: |j> -> -|j> when marked, |j> otherwise; all other registers return to |0>."""
        return phase_form(self.compute())

    @property
    def measured_circuit(self) -> QuantumCircuit:
        """Phase form in the measured rendering, the one that is costed: ANDs and loads are undone by measurement."""
        return measured(self.circuit)

    def marked(self) -> Bits:
        """(n,) what the gates of the phase form do to each index: True where the sign flips.

        The circuit is executed on all n inputs at once (`qattn.synthesis.reversible`), not simulated as a state vector,
        so that oracles of thousands of qubits can be checked.

        Raises:
            DirtyAncillaError: when a qubit outside `index` does not return to |0>.
        """
        return execute(self.program(), self.n, seed=0).check_clean("index").signs


def with_circuit(oracle: Searchable) -> CircuitOracle:
    """The oracle, if it has a circuit.

    Raises:
        ValueError: when it has none, as the light oracles of `qattn.search.protocols`.
    """
    if not isinstance(oracle, CircuitOracle):
        raise ValueError(
            f"{type(oracle).__name__} has no circuit to run; give an oracle that has one, such as ThresholdOracle, "
            "or sampler=GroverStatistics() for the exact statistics without a circuit"
        )
    return oracle
