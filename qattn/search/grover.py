"""Grover circuits over exactly n indices: m iterations of (reflection about the uniform state) x (phase oracle).

After m iterations on a uniform start the index is marked with probability sin^2((2m + 1) theta), sin^2 theta = M/n
(Boyer, Brassard, Hoyer, Tapp, quant-ph/9605034; Theorem 3.1 of the paper rests on it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qiskit.circuit import ClassicalRegister, Parameter, QuantumCircuit, QuantumRegister
from qiskit.circuit.library import MCPhaseGate
from qiskit.circuit.library.data_preparation import UniformSuperpositionGate

from qattn.synthesis.registers import index_bits, multi_controlled_z, register


@dataclass(frozen=True, eq=False)
class GroverTemplate:
    """A measured Grover circuit whose row and exclusions are still open.

    Attributes:
        circuit: measures register `index` into the classical register `found`.
        parameters: the oracle's parameters, then those of each exclusion slot.
        slots: number of exclusion slots.
        iterations: the number m of Grover iterations; a shot is m queries.
        n: number of indices.
    """

    circuit: QuantumCircuit
    parameters: tuple[Parameter, ...]
    slots: int
    iterations: int
    n: int

    def bindings(self, row: Sequence[float], excluded: Sequence[int]) -> dict[Parameter, float]:
        """A value for each open parameter: the row's numbers, and the indices whose phase is undone; spare slots idle.

        Args:
            row: values of the oracle's parameters, in their order.
            excluded: indices in 0..n-1, at most `slots`.

        Returns:
            Values by parameter; only of those the circuit has.

        Raises:
            ValueError: when more indices are excluded than the circuit has slots.
        """
        if self.iterations == 0:
            return {}
        if len(excluded) > self.slots:
            raise ValueError(f"{len(excluded)} indices to exclude, but the circuit has {self.slots} slots")
        bits = index_bits(self.n)
        values = [*row]
        for j in excluded:
            values += [*(1.0 - (j >> i & 1) for i in range(bits)), math.pi]
        values += [0.0] * ((self.slots - len(excluded)) * (bits + 1))
        present = self.circuit.parameters  # a component without any key bit has left no gate
        return {p: v for p, v in zip(self.parameters, values, strict=True) if p in present}


def grover_template(
    n: int, oracle: QuantumCircuit, parameters: Sequence[Parameter], iterations: int, slots: int = 0,
    angles: Sequence[float] = (), *, reset: bool = False,
) -> GroverTemplate:  # fmt: skip
    """The circuit of m Grover iterations: uniform start, m x (oracle, exclusions, diffusion), measurement.

    Args:
        n: number of indices, any n >= 1; the start state is uniform over exactly 0..n-1.
        oracle: phase oracle with a register `index`; its other registers start and end in |0>.
        parameters: the oracle's open parameters, in the order their values will come.
        iterations: m >= 0.
        slots: how many marked indices can be excluded (their phase is undone).
        angles: of the last reflections, in radians; the others turn by pi.
        reset: reset every other qubit after each iteration but the last, against errors that are left there.

    Returns:
        The circuit on the oracle's registers, which measures register index into the classical register found, and its
        parameters.
    """
    index, found = QuantumRegister(index_bits(n), "index"), ClassicalRegister(index_bits(n), "found")
    if iterations == 0:
        circuit = QuantumCircuit(index, found)
        circuit.compose(uniform(n), index, inplace=True)
        circuit.measure(index, found)
        return GroverTemplate(circuit, (), slots, 0, n)
    step, exclusion = iterate(n, oracle, slots)
    if len(angles) > iterations:
        raise ValueError(f"{len(angles)} angles for the reflections of {iterations} iterations")
    circuit = QuantumCircuit(*step.qregs, found)
    index = register(circuit, "index")
    circuit.compose(uniform(n), index, inplace=True)
    plain = iterations - len(angles)
    for iteration in range(iterations):
        if iteration < plain:
            circuit.compose(step, circuit.qubits, inplace=True, copy=False)
        else:
            turned, _ = iterate(n, oracle, slots, angle=angles[iteration - plain], parameters=exclusion)
            circuit.compose(turned, circuit.qubits, inplace=True, copy=False)
        if reset and iteration < iterations - 1:
            circuit.reset([qubit for qubit in circuit.qubits if qubit not in index])
    circuit.measure(index, found)
    return GroverTemplate(circuit, (*parameters, *exclusion), slots, iterations, n)


def iterate(
    n: int, oracle: QuantumCircuit, slots: int = 0, *, angle: float = math.pi, parameters: Sequence[Parameter] = ()
) -> tuple[QuantumCircuit, list[Parameter]]:
    """One Grover iterate (2|u><u| - 1) E O: oracle O, exclusion slots E, reflection about the uniform state |u>.

    Args:
        n: indices; |u> is uniform over 0..n-1.
        oracle: a phase oracle with a register index; its other registers start and end in |0>.
        slots: how many indices can be excluded.
        angle: of the reflection, see `diffusion`.
        parameters: those of another iterate's slots, to be used again.

    Returns:
        The circuit on the oracle's registers, and the parameters of the slots: per slot, one per index bit (1 where the
        excluded index has a 0) and the phase (pi when the slot is used, 0 when idle).
    """
    circuit = oracle.copy_empty_like(name="iterate")
    circuit.compose(oracle, circuit.qubits, inplace=True, copy=False)
    index = register(circuit, "index")
    given = [*parameters] or [
        Parameter(name)
        for slot in range(slots)
        for name in (*(f"flip[{slot},{i}]" for i in range(len(index))), f"exclude[{slot}]")
    ]
    for start in range(0, len(given), len(index) + 1):
        *flips, phase = given[start : start + len(index) + 1]
        for sign in (1, -1):  # RX(pi b) = X^b up to a phase that its inverse takes back
            for flip, qubit in zip(flips, index, strict=True):
                circuit.rx(sign * math.pi * flip, qubit)
            if sign == 1 and len(index) > 1:
                circuit.append(MCPhaseGate(phase, len(index) - 1), index[:])
            elif sign == 1:
                circuit.p(phase, index[0])
    circuit.compose(diffusion(n, angle), index, inplace=True, copy=False)
    return circuit, given


def uniform(n: int) -> QuantumCircuit:
    """|0> -> n^(-1/2) sum_{j<n} |j> on register index, for any n >= 1.

    Args:
        n: indices, n >= 1.

    Returns:
        A circuit of index_bits(n) qubits.

    Cost: O(log n) gates (Shukla and Vedula, arXiv:2306.11747).
    """
    circuit = QuantumCircuit(QuantumRegister(index_bits(n), "index"), name="uniform")
    if n > 1:
        gate = UniformSuperpositionGate(n, index_bits(n))
        circuit.compose(gate.definition, inplace=True)
    return circuit


def diffusion(n: int, angle: float = math.pi) -> QuantumCircuit:
    """(1 - e^(i angle))|u><u| - 1 with |u> uniform over exactly n indices, on register index; 2|u><u| - 1 by default.

    Args:
        n: indices, n >= 1.
        angle: in radians.

    Returns:
        A circuit of index_bits(n) qubits, exact including the global phase.
    """
    prepare = uniform(n)
    index = prepare.qubits
    circuit = prepare.inverse()
    circuit.name = "diffusion"
    circuit.x(index)
    if angle == math.pi:
        multi_controlled_z(circuit, index)
    elif len(index) > 1:
        circuit.append(MCPhaseGate(angle, len(index) - 1), index)
    else:
        circuit.p(angle, index[0])
    circuit.x(index)
    circuit.global_phase += math.pi
    circuit.compose(prepare, inplace=True)
    return circuit
