"""OpenQASM 3 that other tools read: library gates only, many-controlled X as `ctrl(k) @ x`, registers by name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

from qiskit.circuit import Bit, CircuitInstruction, QuantumCircuit

# our gates as those of stdgates.inc
_NAMES = {
    "x": "x", "z": "z", "h": "h", "s": "s", "sdg": "sdg", "t": "t", "tdg": "tdg", "cx": "cx", "cz": "cz", "ccx": "ccx",
    "temporary_and": "ccx", "undo_and": "ccx", "swap": "swap", "cswap": "cswap", "p": "p", "cp": "cp", "ry": "ry",
    "rz": "rz", "rx": "rx", "ch": "ch", "cry": "cry",
}  # fmt: skip


def to_qasm(circuit: QuantumCircuit, comment: str = "") -> str:
    """The circuit as an OpenQASM 3 program; other instructions are written by their definition.

    Args:
        circuit: bound; measured blocks may be conditioned on one bit.
        comment: lines to put at the top.

    Returns:
        The text of the program.

    Raises:
        ValueError: for an instruction that OpenQASM 3 and this writer have no word for.
    """
    names: dict[Bit, str] = {}
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', *(f"// {line}" for line in comment.splitlines())]
    for kind, registers in (("qubit", circuit.qregs), ("bit", circuit.cregs)):
        for register in registers:
            if len(register):
                lines.append(f"{kind}[{len(register)}] {register.name};")
                names.update({bit: f"{register.name}[{i}]" for i, bit in enumerate(register)})
    if circuit.global_phase:
        lines.append(f"gphase({_angle(circuit.global_phase)});")
    lines.extend(_statements(circuit, names))
    return "\n".join(lines) + "\n"


def _statements(circuit: QuantumCircuit, names: Mapping[Bit, str]) -> Iterator[str]:
    for instruction in circuit.data:
        yield from _statement(instruction, names)


def _statement(instruction: CircuitInstruction, names: Mapping[Bit, str]) -> Iterator[str]:
    name, operation = instruction.name, instruction.operation
    qubits = [names[qubit] for qubit in instruction.qubits]
    if name in _NAMES:
        angles = ", ".join(_angle(float(angle)) for angle in operation.params)
        yield f"{_NAMES[name]}{f'({angles})' if angles else ''} {', '.join(qubits)};"
    elif name == "mcx":
        yield f"ctrl({len(qubits) - 1}) @ x {', '.join(qubits)};"
    elif name == "mcphase":
        yield f"ctrl({len(qubits) - 1}) @ p({_angle(float(operation.params[0]))}) {', '.join(qubits)};"
    elif name == "barrier":
        yield f"barrier {', '.join(dict.fromkeys(qubit.split('[')[0] for qubit in qubits))};"
    elif name == "measure":
        yield f"{names[instruction.clbits[0]]} = measure {qubits[0]};"
    elif name == "reset":
        yield f"reset {qubits[0]};"
    elif name == "if_else":
        bit, value = operation.condition
        body = operation.blocks[0]
        inner = dict(zip(body.qubits, qubits, strict=True))
        yield f"if ({names[bit]} == {int(value)}) {{"
        yield from (f"  {line}" for line in _statements(body, inner))
        yield "}"
    elif operation.definition is not None:
        inner = dict(zip(operation.definition.qubits, qubits, strict=True))
        if operation.definition.global_phase:
            yield f"gphase({_angle(operation.definition.global_phase)});"
        yield from _statements(operation.definition, inner)
    else:
        raise ValueError(f"instruction {name!r} has no form in OpenQASM 3")


def _angle(angle: float) -> str:
    """A multiple of pi where it is one, else the shortest decimal that reads back the same."""
    ratio = Fraction(angle / math.pi).limit_denominator(1 << 20)
    if abs(float(ratio) * math.pi - angle) > 1e-15 * max(1.0, abs(angle)):
        return repr(float(angle))
    top = {1: "pi", -1: "-pi"}.get(ratio.numerator, f"{ratio.numerator}*pi")
    return "0" if not ratio else top if ratio.denominator == 1 else f"{top}/{ratio.denominator}"
