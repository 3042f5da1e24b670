"""A processor's noise on this machine: Aer's density matrix with the errors of the qubits in use, and only those.

A noise model of a whole processor takes half a minute to build and to run; of the few qubits a small search uses, a
fraction of a second. Gate errors, thermal relaxation during gates and readout errors are modelled; idle qubits and
crosstalk are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qiskit.circuit import QuantumCircuit, QuantumRegister
from qiskit.providers import BackendV2, Options
from qiskit.transpiler import Target

from qattn.machines.apart import load_aer

MOST_QUBITS = 13  # of a density matrix: 16 B * 4^13 = 1 GiB


def used_qubits(circuits: Sequence[QuantumCircuit]) -> list[int]:
    """Sorted indices of the qubits on which anything happens in any of the circuits."""
    return sorted({c.find_bit(q).index for c in circuits for op in c.data if op.name != "barrier" for q in op.qubits})


def onto(circuit: QuantumCircuit, qubits: Sequence[int]) -> QuantumCircuit:
    """The same circuit on the qubits 0, 1, .., which stand for `qubits`; what it does elsewhere must be nothing.

    Args:
        circuit: in the processor's gates.
        qubits: those it uses, in the order they get.

    Returns:
        A circuit of as many qubits, with the same classical registers.
    """
    place = {physical: i for i, physical in enumerate(qubits)}
    small = QuantumCircuit(QuantumRegister(len(qubits), "q"), *circuit.cregs, global_phase=circuit.global_phase)
    small.metadata = circuit.metadata
    for op in circuit.data:
        where = [circuit.find_bit(qubit).index for qubit in op.qubits]
        if op.name == "barrier":
            where = [q for q in where if q in place]
            if where:
                small.barrier(*(place[q] for q in where))
            continue
        small.append(op.operation, [place[q] for q in where], op.clbits, copy=False)
    return small


def part_of(target: Target, qubits: Sequence[int]) -> Target:
    """The target of a processor that consists of these qubits only, renumbered 0, 1, ..; control flow is left out.

    Args:
        target: the processor.
        qubits: the part, in the order they get.

    Returns:
        A target of as many qubits.
    """
    place = {physical: i for i, physical in enumerate(qubits)}
    properties = target.qubit_properties
    part = Target(
        num_qubits=len(qubits),
        dt=target.dt,
        granularity=target.granularity,
        qubit_properties=None if properties is None else [properties[q] for q in qubits],
    )
    for name in target.operation_names:
        table = target[name]
        if table is None or None in table:
            continue
        kept = {tuple(place[q] for q in where): what for where, what in table.items() if set(where) <= place.keys()}
        if kept:
            part.add_instruction(target.operation_from_name(name), kept, name=name)
    return part


def noisy_simulator(target: Target, qubits: Sequence[int]) -> Any:
    """An AerSimulator with the noise of these qubits of a processor.

    Args:
        target: of any backend with error rates: a fake one, or a user's (its last calibration).
        qubits: physical qubits; they become 0, 1, .. .

    Returns:
        A simulator of density matrices.

    Raises:
        ImportError: without qiskit-aer.

    Cost: seconds for 10 qubits; a run takes 16 B * 4^qubits.
    """
    try:
        load_aer()
        from qiskit_aer import AerSimulator
        from qiskit_aer.noise import NoiseModel
    except ImportError as error:
        raise ImportError("noise simulation needs qiskit-aer: pip install qiskit-aer") from error
    model = NoiseModel.from_backend(_Part(part_of(target, qubits)))
    return AerSimulator(method="density_matrix", noise_model=model)


class _Part(BackendV2):  # type: ignore[misc]
    """The least that Aer asks of a backend: a target."""

    def __init__(self, target: Target) -> None:
        super().__init__(name="part")
        self._target = target

    @property
    def target(self) -> Target:
        return self._target

    @property
    def max_circuits(self) -> None:
        return None

    @classmethod
    def _default_options(cls) -> Options:
        return Options()

    def run(self, run_input: object, **options: object) -> None:
        raise TypeError("this backend only describes a part of a processor; it runs nothing")
