"""OpenQASM that other tools read: library gates only, registers by name, in a dialect for each tool that needs one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from qiskit.circuit import Bit, CircuitInstruction, QuantumCircuit
from qiskit.synthesis import synth_mcx_n_dirty_i15

# our gates as those of stdgates.inc
_NAMES = {
    "x": "x", "z": "z", "h": "h", "s": "s", "sdg": "sdg", "t": "t", "tdg": "tdg", "cx": "cx", "cz": "cz", "ccx": "ccx",
    "temporary_and": "ccx", "undo_and": "ccx", "swap": "swap", "cswap": "cswap", "p": "p", "cp": "cp", "ry": "ry",
    "rz": "rz", "rx": "rx", "ch": "ch", "cry": "cry", "crx": "crx", "crz": "crz",
}  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """What a tool reads of OpenQASM.

    Attributes:
        header: the lines before the first declaration.
        version: 2 or 3, which decides how registers and measurements are written.
        gates: our gate names in the tool's words; a gate that is not here is written by its definition.
        modifiers: whether `ctrl(k) @ x` is read; if not, an X with many controls is written out in Clifford+T on
            borrowed qubits, which come back as they were.
        phases: whether `gphase` is read; if not, the global phase is left out, which no measurement sees.
        barriers: whether `barrier` is read; if not, there are none.
        blocks: whether `if (m[0]) { ... }` is read; if not, every statement has its own `if (m_0 == 1)`, and every
            measured bit is a register of its own.
    """

    header: tuple[str, ...] = ("OPENQASM 3.0;", 'include "stdgates.inc";')
    version: int = 3
    gates: Mapping[str, str] = field(default_factory=lambda: _NAMES)
    modifiers: bool = True
    phases: bool = True
    barriers: bool = True
    blocks: bool = True


OPENQASM3 = Dialect()
PYQASM = Dialect(modifiers=False)  # it stops at four controls
_BRAKET_NAMES = _NAMES | {
    "cx": "cnot", "ccx": "ccnot", "temporary_and": "ccnot", "undo_and": "ccnot", "sdg": "si", "tdg": "ti",
    "p": "phaseshift", "cp": "cphaseshift",
}  # fmt: skip
BRAKET = Dialect(  # without `ctrl @`: amazon-braket-default-simulator 1.41 errs in it beside h
    header=("OPENQASM 3.0;",),
    gates={name: word for name, word in _BRAKET_NAMES.items() if name not in ("ch", "crx", "cry", "crz")},
    modifiers=False,
    phases=False,
)
CIRQ = Dialect(modifiers=False, phases=False, barriers=False, blocks=False)
OPENQASM2 = replace(
    CIRQ, header=("OPENQASM 2.0;", 'include "qelib1.inc";'), version=2, gates=_NAMES | {"p": "u1", "cp": "cu1"}
)
DIALECTS = {"openqasm3": OPENQASM3, "pyqasm": PYQASM, "braket": BRAKET, "cirq": CIRQ, "openqasm2": OPENQASM2}


def to_qasm(circuit: QuantumCircuit, comment: str = "", dialect: Dialect = OPENQASM3) -> str:
    """The circuit as an OpenQASM program; other instructions are written by their definition.

    Args:
        circuit: bound; measured blocks may be conditioned on one bit.
        comment: lines to put at the top.
        dialect: which tool is to read it: a value of `DIALECTS`.

    Returns:
        The text of the program.

    Raises:
        ValueError: for an instruction that the dialect and this writer have no word for.
    """
    return "\n".join(_Writer(circuit, dialect).lines(comment)) + "\n"


class _Writer:
    """A circuit's statements in a dialect."""

    def __init__(self, circuit: QuantumCircuit, dialect: Dialect) -> None:
        self.circuit, self.dialect = circuit, dialect
        self.names: dict[Bit, str] = {}
        for register in (*circuit.qregs, *circuit.cregs):
            self.names |= {bit: f"{register.name}[{i}]" for i, bit in enumerate(register)}
        self.qubits = [self.names[qubit] for qubit in circuit.qubits]

    def lines(self, comment: str) -> Iterator[str]:
        """Header, comment, declarations, statements."""
        yield from self.dialect.header
        yield from (f"// {line}" for line in comment.splitlines())
        old = self.dialect.version == 2
        for register in filter(len, self.circuit.qregs):
            yield f"qreg {register.name}[{len(register)}];" if old else f"qubit[{len(register)}] {register.name};"
        for register in filter(len, self.circuit.cregs):
            if self.dialect.blocks:
                yield f"bit[{len(register)}] {register.name};"
            else:
                names = [f"{register.name}_{i}" for i in range(len(register))]
                self.names |= {bit: f"{name}[0]" for bit, name in zip(register, names, strict=True)}
                yield from (f"creg {name}[1];" if old else f"bit[1] {name};" for name in names)
        yield from self._block(self.circuit, self.names)

    def _block(self, circuit: QuantumCircuit, names: Mapping[Bit, str]) -> Iterator[str]:
        if circuit.global_phase and self.dialect.phases:
            yield f"gphase({_angle(circuit.global_phase)});"
        for instruction in circuit.data:
            yield from self._statement(instruction, [names[qubit] for qubit in instruction.qubits])

    def _statement(self, instruction: CircuitInstruction, qubits: list[str]) -> Iterator[str]:
        name, operation, dialect = instruction.name, instruction.operation, self.dialect
        if name in dialect.gates:
            angles = ", ".join(_angle(float(angle)) for angle in operation.params)
            yield f"{dialect.gates[name]}{f'({angles})' if angles else ''} {', '.join(qubits)};"
        elif name == "mcx" and dialect.modifiers:
            yield f"ctrl({len(qubits) - 1}) @ x {', '.join(qubits)};"
        elif name == "mcx":
            yield from self._written_out(operation.definition, qubits)
        elif name == "mcphase" and dialect.modifiers:
            phase = dialect.gates["p"]
            yield f"ctrl({len(qubits) - 1}) @ {phase}({_angle(float(operation.params[0]))}) {', '.join(qubits)};"
        elif name == "barrier":
            if dialect.barriers:
                yield f"barrier {', '.join(dict.fromkeys(qubit.split('[')[0] for qubit in qubits))};"
        elif name == "measure":
            bit = self.names[instruction.clbits[0]]
            yield f"measure {qubits[0]} -> {bit};" if dialect.version == 2 else f"{bit} = measure {qubits[0]};"
        elif name == "reset":
            yield f"reset {qubits[0]};"
        elif name == "if_else":
            bit, value = operation.condition
            yield from self._conditioned(bit, value, operation.blocks[0], qubits)
        elif operation.definition is not None:
            yield from self._block(operation.definition, dict(zip(operation.definition.qubits, qubits, strict=True)))
        else:
            raise ValueError(f"instruction {name!r} has no form in OpenQASM {dialect.version}")

    def _written_out(self, definition: QuantumCircuit, qubits: Sequence[str]) -> Iterator[str]:
        """An X with many controls, on borrowed qubits where the circuit has enough of them."""
        spare = [qubit for qubit in self.qubits if qubit not in qubits]
        if len(qubits) > 4 and len(spare) >= len(qubits) - 3:
            definition = synth_mcx_n_dirty_i15(len(qubits) - 1)
            qubits = [*qubits, *spare][: definition.num_qubits]
        yield from self._block(definition, dict(zip(definition.qubits, qubits, strict=True)))

    def _conditioned(self, bit: Bit, value: bool, body: QuantumCircuit, qubits: Sequence[str]) -> Iterator[str]:
        """The statements of a body under its condition."""
        inner = self._block(body, dict(zip(body.qubits, qubits, strict=True)))
        if self.dialect.blocks:
            yield f"if ({'' if value else '!'}{self.names[bit]}) {{"
            yield from (f"  {line}" for line in inner)
            yield "}"
            return
        name = self.names[bit].removesuffix("[0]")
        for line in inner:
            if line.startswith(("if", "measure")) or "= measure" in line:
                raise ValueError("a condition or a measurement under a condition has no form in this dialect")
            yield f"if ({name} == {int(value)}) {line}"


def _angle(angle: float) -> str:
    """A multiple of pi where it is one, else the shortest decimal that reads back the same."""
    ratio = Fraction(angle / math.pi).limit_denominator(1 << 20)
    if abs(float(ratio) * math.pi - angle) > 1e-15 * max(1.0, abs(angle)):
        return repr(float(angle))
    top = {1: "pi", -1: "-pi"}.get(ratio.numerator, f"{ratio.numerator}*pi")
    return "0" if not ratio else top if ratio.denominator == 1 else f"{top}/{ratio.denominator}"
