"""What a processor's calibration says of its gates: error rates, and how likely a circuit runs without any.

A rate that the calibration does not have, or that it gives as NaN, is unknown (NaN here), never 0: whatever follows
from it is unknown too.
"""

from __future__ import annotations

import math

from qiskit.circuit import CircuitInstruction, QuantumCircuit
from qiskit.transpiler import InstructionProperties, Target

FREE = ("barrier", "delay")


def properties_of(op: CircuitInstruction, circuit: QuantumCircuit, target: Target) -> InstructionProperties | None:
    """What a target says of an instruction where it stands; None where it says nothing.

    Args:
        op: an instruction of the circuit.
        circuit: in the processor's gates.
        target: the processor.

    Returns:
        Its error and its duration, each possibly None.
    """
    if op.name in FREE or op.name not in target.operation_names:
        return None
    table = target[op.name]
    return table.get(tuple(circuit.find_bit(qubit).index for qubit in op.qubits)) if table else None


def error_rate(op: CircuitInstruction, circuit: QuantumCircuit, target: Target) -> float:
    """The probability that an instruction does anything wrong at all; NaN where it is unknown.

    A target gives the average infidelity e of a gate; a Pauli channel of that infidelity errs with probability
    e (1 + 1/2^qubits). Readout errs with probability e.

    Args:
        op: an instruction of the circuit.
        circuit: in the processor's gates.
        target: the processor.

    Returns:
        A number in [0, 1), or NaN.
    """
    if op.name in FREE:
        return 0.0
    known = properties_of(op, circuit, target)
    if known is None or known.error is None or math.isnan(known.error):
        return math.nan
    factor = 1.0 if op.name in ("measure", "reset") else 1 + 0.5 ** len(op.qubits)
    return min(max(float(known.error), 0.0) * factor, 1 - 1e-12)


def success(circuit: QuantumCircuit, target: Target) -> float:
    """Probability that no gate and no readout of an ISA circuit errs; NaN where an error rate is unknown.

    The product over all instructions of 1 - `error_rate`. Idle qubits are not in it.

    Args:
        circuit: in the processor's gates.
        target: the processor.

    Returns:
        A number in (0, 1], or NaN.
    """
    return math.exp(math.fsum(math.log1p(-error_rate(op, circuit, target)) for op in circuit.data))
