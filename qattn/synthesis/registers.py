"""Registers and the small gates on them: index bits, bits of words, controlled X and Z.

Little-endian everywhere: qubit 0 of a register is its least significant bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister, Qubit
from qiskit.circuit.library import MCXGate

from qattn.arrays import Bits, Integers


def index_bits(n: int) -> int:
    """Qubits of an index register over n keys; at least one.

    Args:
        n: keys, at least 1.

    Returns:
        ceil(log2 n), but 1 for n = 1.
    """
    return max(1, (n - 1).bit_length())


def bit_matrix(words: Integers, width: int) -> Bits:
    """(n, r * width) bits of (n, r) integers, or of (n,) integers with r = 1; column c * width + b is bit b of c.

    Args:
        words: integers; negative ones in two's complement.
        width: lowest bits taken of each, at most 64.

    Returns:
        (n, r * width) booleans.
    """
    words = np.ascontiguousarray(words, dtype="<i8")
    octets = words.view(np.uint8).reshape(len(words), -1, 8)[:, :, : -(-width // 8)]
    bits = np.unpackbits(octets, axis=2, count=width, bitorder="little")
    return bits.reshape(len(words), -1).view(bool)


def multi_controlled_x(circuit: QuantumCircuit, controls: Sequence[Qubit], target: Qubit) -> None:
    """X on target when all controls are 1, by the gate of that many controls: X, CX, CCX (Toffoli), MCX.

    Args:
        circuit: written to.
        controls: none or more.
        target: the qubit that is flipped.
    """
    if not controls:
        circuit.x(target)
    elif len(controls) == 1:
        circuit.cx(controls[0], target)
    elif len(controls) == 2:
        circuit.ccx(controls[0], controls[1], target)
    else:
        circuit.append(MCXGate(len(controls)), [*controls, target])


def multi_controlled_z(circuit: QuantumCircuit, qubits: Sequence[Qubit]) -> None:
    """-1 on the state in which all qubits are 1: Z, CZ, or an MCX between two H.

    Args:
        circuit: written to.
        qubits: one or more; their order makes no difference.
    """
    *controls, target = qubits
    if not controls:
        circuit.z(target)
    elif len(controls) == 1:
        circuit.cz(controls[0], target)
    else:
        circuit.h(target)
        multi_controlled_x(circuit, controls, target)
        circuit.h(target)


def register(circuit: QuantumCircuit, name: str) -> QuantumRegister:
    """The quantum register of that name.

    Args:
        circuit: any.
        name: of the register.

    Returns:
        The first of that name.

    Raises:
        ValueError: when the circuit has none; the message lists those it has.
    """
    for candidate in circuit.qregs:
        if candidate.name == name:
            return candidate
    raise ValueError(f"no register {name!r}; the circuit has {', '.join(own.name for own in circuit.qregs) or 'none'}")
