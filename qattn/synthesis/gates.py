"""Gate pairs whose second half can be done by measurement, and the two renderings of a circuit that uses them.

    And   |a, b, 0> -> |a, b, ab>         UndoAnd  |a, b, ab> -> |a, b, 0>
    Load  |j, 0> -> |j, word_j>           Unload   |j, word_j> -> |j, 0>

In a unitary rendering the undo is the inverse circuit. In a measured one it costs no Toffoli, or few: measure the
qubit in the X basis; outcome 1 leaves the phase (-1)^bit, which Clifford gates (CZ for an AND) or a small phase lookup
take back (Gidney, 1709.06648, figure 3; Berry et al., 1902.02134, appendix C).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from qiskit.circuit import (
    CircuitInstruction,
    ClassicalRegister,
    Clbit,
    Gate,
    IfElseOp,
    Measure,
    QuantumCircuit,
    QuantumRegister,
    Qubit,
)
from qiskit.circuit.library import CCXGate, HGate

Build = Callable[[], QuantumCircuit]


class And(Gate):  # type: ignore[misc]
    """|a, b, 0> -> |a, b, ab>; the target must be |0>. Cost: 4 T."""

    def __init__(self) -> None:
        super().__init__("temporary_and", 3, [])

    def _define(self) -> None:
        self.definition = _toffoli()

    def inverse(self, annotated: bool = False) -> UndoAnd:
        """The undo."""
        return UndoAnd()


class UndoAnd(Gate):  # type: ignore[misc]
    """|a, b, ab> -> |a, b, 0>; the target must hold the AND. Cost: 4 T, or a measurement."""

    def __init__(self) -> None:
        super().__init__("undo_and", 3, [])

    def _define(self) -> None:
        self.definition = _toffoli()

    def inverse(self, annotated: bool = False) -> And:
        """The AND."""
        return And()


class Load(Gate):  # type: ignore[misc]
    """|j>|0> -> |j>|word_j>, from words that start in |0>; circuits are built when asked for.

    Args:
        qubits: how many qubits `forward` acts on.
        forward: builds the unitary circuit.
        unload: builds the measured inverse: the same qubits first, then any further clean ones it needs.
    """

    def __init__(self, qubits: int, forward: Build, unload: Build) -> None:
        super().__init__("load", qubits, [])
        self.forward, self.unload = forward, unload

    def _define(self) -> None:
        self.definition = self.forward()

    def inverse(self, annotated: bool = False) -> Unload:
        """The undo."""
        return Unload(self.num_qubits, self.forward, self.unload)


class Unload(Gate):  # type: ignore[misc]
    """|j>|word_j> -> |j>|0>; see Load."""

    def __init__(self, qubits: int, forward: Build, unload: Build) -> None:
        super().__init__("unload", qubits, [])
        self.forward, self.unload = forward, unload

    def _define(self) -> None:
        self.definition = self.forward().inverse()

    def inverse(self, annotated: bool = False) -> Load:
        """The load."""
        return Load(self.num_qubits, self.forward, self.unload)


def temporary_and(circuit: QuantumCircuit, a: Qubit, b: Qubit, target: Qubit) -> None:
    """Append |a, b, 0> -> |a, b, ab>.

    Args:
        circuit: written to.
        a: first factor.
        b: second factor.
        target: a qubit in |0>.
    """
    circuit.append(And(), [a, b, target], copy=False)


def undo_and(circuit: QuantumCircuit, a: Qubit, b: Qubit, target: Qubit) -> None:
    """Append |a, b, ab> -> |a, b, 0>.

    Args:
        circuit: written to.
        a: first factor.
        b: second factor.
        target: holds ab; ends in |0>.
    """
    circuit.append(UndoAnd(), [a, b, target], copy=False)


def append(circuit: QuantumCircuit, name: str, qubits: Sequence[Qubit]) -> None:
    """Append the operation "x", "cx", "and" or "undo", controls first.

    Args:
        circuit: written to.
        name: "x", "cx", "and" or "undo"; any other name is taken for "x".
        qubits: controls first, target last.
    """
    if name == "and":
        temporary_and(circuit, *qubits)
    elif name == "undo":
        undo_and(circuit, *qubits)
    elif name == "cx":
        circuit.cx(*qubits)
    else:
        circuit.x(*qubits)


def unitary(circuit: QuantumCircuit) -> QuantumCircuit:
    """The same circuit with every And, UndoAnd, Load and Unload written out in gates of Qiskit's library.

    Args:
        circuit: any.

    Returns:
        The circuit on the same registers.
    """
    return assemble(_written(circuit, None), circuit.qregs, circuit.cregs, circuit.name)


def measured(circuit: QuantumCircuit) -> QuantumCircuit:
    """The same action with every UndoAnd and Unload done by measurement and classically controlled fix-ups.

    Outcomes go to the classical register `m`, one bit each; clean qubits that an unload needs for its phase lookup are
    on register `fix`. And gates stay as they are.

    Args:
        circuit: a unitary one, with or without such gates.

    Returns:
        The circuit with register m; its instructions are shared.
    """
    ledger = _Ledger([], [])
    instructions = list(_written(circuit, ledger))
    qregs, cregs = list(circuit.qregs), list(circuit.cregs)
    if ledger.fix:
        qregs.append(QuantumRegister(name="fix", bits=ledger.fix))
    return assemble(instructions, qregs, [*cregs, ClassicalRegister(name="m", bits=ledger.outcomes)], circuit.name)


def assemble(
    instructions: Iterable[CircuitInstruction], qregs: Iterable[QuantumRegister],
    cregs: Iterable[ClassicalRegister] = (), name: str | None = None,
) -> QuantumCircuit:  # fmt: skip
    """A circuit from its registers and instructions: the quick way to write down a million gates.

    Args:
        instructions: on qubits and classical bits of these registers; not checked.
        qregs: quantum registers, in order.
        cregs: classical registers, in order.
        name: of the circuit; None: one of Qiskit's.

    Returns:
        The circuit; it shares the instructions.
    """
    circuit = QuantumCircuit(*qregs, *cregs, name=name)
    for instruction in instructions:
        circuit._append(instruction)
    return circuit


@dataclass(frozen=True)
class _Ledger:
    """Classical bits and clean qubits that a measured rendering has added so far."""

    outcomes: list[Clbit]
    fix: list[Qubit]

    def bits(self, count: int) -> list[Clbit]:
        self.outcomes.extend(Clbit() for _ in range(count))
        return self.outcomes[len(self.outcomes) - count :]

    def clean(self, count: int) -> list[Qubit]:
        self.fix.extend(Qubit() for _ in range(count - len(self.fix)))
        return self.fix[:count]


def _written(
    circuit: QuantumCircuit, ledger: _Ledger | None, onto: Sequence[Qubit] | None = None
) -> Iterator[CircuitInstruction]:
    """The instructions of `circuit`, its pairs written out; by measurement with a ledger.

    An inner block goes onto other qubits and takes fresh classical bits.
    """
    fresh = ledger.bits(circuit.num_clbits) if ledger and onto is not None else circuit.clbits
    place = dict(zip(circuit.qubits, circuit.qubits if onto is None else onto, strict=True))
    bits = dict(zip(circuit.clbits, fresh, strict=True))
    for instruction in circuit.data:
        name, qubits = instruction.name, [place[qubit] for qubit in instruction.qubits]
        if name == "undo_and" and ledger:
            (outcome,) = ledger.bits(1)
            yield CircuitInstruction(HGate(), qubits[2:])
            yield CircuitInstruction(Measure(), qubits[2:], [outcome])
            yield CircuitInstruction(IfElseOp((outcome, 1), _FIX), qubits)
        elif name == "unload" and ledger:
            block = instruction.operation.unload()
            extra = ledger.clean(block.num_qubits - len(qubits))
            yield from _written(block, ledger, [*qubits, *extra])
        elif name in ("load", "unload"):
            yield from _written(instruction.operation.definition, ledger, qubits)
        elif name in ("temporary_and", "undo_and") and not ledger:
            yield CircuitInstruction(CCXGate(), qubits)
        elif name == "if_else":
            outcome, value = instruction.operation.condition
            yield CircuitInstruction(IfElseOp((bits[outcome], value), *instruction.operation.blocks), qubits)
        else:
            yield instruction.replace(qubits=qubits, clbits=[bits[bit] for bit in instruction.clbits])


def _toffoli() -> QuantumCircuit:
    circuit = QuantumCircuit(3)
    circuit.ccx(0, 1, 2)
    return circuit


def _fix_and() -> QuantumCircuit:
    """After outcome 1: the phase (-1)^(ab), and the target back from |1> to |0>."""
    circuit = QuantumCircuit(3)
    circuit.cz(0, 1)
    circuit.x(2)
    return circuit


_FIX = _fix_and()
