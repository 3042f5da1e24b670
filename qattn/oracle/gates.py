"""The temporary AND and its undo: the pair of gates that separates a unitary from a measured rendering.

    And  |a, b, 0> -> |a, b, ab>        UndoAnd  |a, b, ab> -> |a, b, 0>

Both are Toffolis in a unitary rendering. In a measured one the AND costs 4 T and its undo none: measure the target in
the X basis and, on outcome 1, apply CZ to a and b (Gidney, 1709.06648, figure 3).
"""

from __future__ import annotations

from qiskit.circuit import CircuitInstruction, ClassicalRegister, Clbit, Gate, IfElseOp, QuantumCircuit, Qubit
from qiskit.circuit.library import XGate


class And(Gate):  # type: ignore[misc]
    """|a, b, 0> -> |a, b, ab>; the target must be |0>."""

    def __init__(self) -> None:
        super().__init__("temporary_and", 3, [])

    def _define(self) -> None:
        self.definition = _toffoli()

    def inverse(self, annotated: bool = False) -> UndoAnd:
        """The undo."""
        return UndoAnd()


class UndoAnd(Gate):  # type: ignore[misc]
    """|a, b, ab> -> |a, b, 0>; the target must hold the AND."""

    def __init__(self) -> None:
        super().__init__("undo_and", 3, [])

    def _define(self) -> None:
        self.definition = _toffoli()

    def inverse(self, annotated: bool = False) -> And:
        """The AND."""
        return And()


def temporary_and(circuit: QuantumCircuit, a: Qubit, b: Qubit, target: Qubit) -> None:
    """Append |a, b, 0> -> |a, b, ab>."""
    circuit.append(And(), [a, b, target], copy=False)


def undo_and(circuit: QuantumCircuit, a: Qubit, b: Qubit, target: Qubit) -> None:
    """Append |a, b, ab> -> |a, b, 0>."""
    circuit.append(UndoAnd(), [a, b, target], copy=False)


def unitary(circuit: QuantumCircuit) -> QuantumCircuit:
    """The same circuit with every And and UndoAnd written as a Toffoli."""
    return circuit.decompose(["temporary_and", "undo_and"]) if circuit.data else circuit.copy()


def measured(circuit: QuantumCircuit) -> QuantumCircuit:
    """The same action with every UndoAnd done by measurement: no Toffoli, one outcome on register `m` each.

    Blocks that are measured already (an unload) keep their classical registers; the And gates stay as they are.
    """
    undos = sum(instruction.name == "undo_and" for instruction in circuit.data)
    result = circuit.copy_empty_like()
    outcomes = ClassicalRegister(undos, "m")
    result.add_register(outcomes)
    free = iter(outcomes)
    for instruction in circuit.data:
        if instruction.name == "undo_and":
            _measure_and(result, instruction, next(free))
        else:
            result.append(instruction, copy=False)
    return result


def _measure_and(circuit: QuantumCircuit, instruction: CircuitInstruction, outcome: Clbit) -> None:
    target = instruction.qubits[2]
    circuit.h(target)
    circuit.measure(target, outcome)
    circuit.append(IfElseOp((outcome, 1), _FIX), instruction.qubits, copy=False)


def _toffoli() -> QuantumCircuit:
    circuit = QuantumCircuit(3)
    circuit.ccx(0, 1, 2)
    return circuit


def _fix_and() -> QuantumCircuit:
    """After outcome 1: the phase (-1)^(ab), and the target back from |1> to |0>."""
    circuit = QuantumCircuit(3)
    circuit.cz(0, 1)
    circuit.append(XGate(), [2])
    return circuit


_FIX = _fix_and()
