"""A circuit cut into stages that a reader can name: by its barriers, and by the registers its gates work on.

No gate is changed or moved: the stages one after the other are the circuit. Between two barriers, gates that read the
register `index` (a lookup) stand apart from those that do not (arithmetic), Z apart from both, and phases on a register
alone apart from phases that a key controls. A circuit with neither barriers nor index is cut where its gates begin to
write another register.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qiskit.circuit import CircuitInstruction, ControlledGate, Gate, QuantumCircuit, Qubit

INDEX, SCORE = "index", "score"
ARITHMETIC = frozenset({SCORE, "carry", "sum", "flag", "fix"})  # registers that no lookup writes
LOAD, SIGN, OTHER = "load", "sign", "other"
_DIAGONAL = {"z", "s", "sdg", "t", "tdg", "p", "u1", "rz", "rzz", "diagonal", "id", "global_phase", "mcphase"}
_TARGETS = {"x": 1, "y": 1, "swap": 2, "temporary_and": 1, "undo_and": 1}  # how many of the last qubits are written
MOST_STAGES = 5000


@dataclass(frozen=True, eq=False)
class Piece:
    """Some gates of a circuit, one after the other.

    Attributes:
        circuit: they alone, on all the circuit's qubits.
        name: what the stage is called; empty where that is told from what it does.
        kind: "load" (reads the index), "sign" (Z), "phase:REGISTERS" or "other".
        reads: registers its gates act on.
        writes: registers whose bits its gates may change.
    """

    circuit: QuantumCircuit
    name: str
    kind: str
    reads: frozenset[str]
    writes: frozenset[str]


def registers(circuit: QuantumCircuit) -> dict[str, tuple[int, ...]]:
    """The qubits of each register; a qubit of several belongs to the first, one of none to "other".

    Args:
        circuit: any.

    Returns:
        Numbers of qubits by the name of their register, least significant first; registers without qubits left out.
    """
    found: dict[str, tuple[int, ...]] = {}
    seen: set[int] = set()
    for own in circuit.qregs:
        wires = tuple(w for w in (circuit.find_bit(qubit).index for qubit in own) if w not in seen)
        seen.update(wires)
        if wires:
            found[own.name] = wires
    if rest := tuple(w for w in range(circuit.num_qubits) if w not in seen):
        found["other"] = rest
    return found


def cut(circuit: QuantumCircuit) -> list[Piece]:
    """The circuit's stages, in order; their gates one after the other are the circuit's.

    Args:
        circuit: unitary.

    Returns:
        Pieces on the circuit's qubits; its global phase is on the first.

    Raises:
        ValueError: when there would be more than 5000.
    """
    owner = owners(circuit)
    barriers = any(gate.name == "barrier" for gate in circuit.data)
    kinds_of = _by_lookup if INDEX in owner.values() else _all_alike if barriers else _by_written
    pieces: list[Piece] = []
    for name, segment in _segments(circuit):
        kinds = kinds_of(segment, owner)
        for kind, group in groupby(zip(kinds, segment, strict=True), key=lambda pair: pair[0]):
            pieces.append(piece(circuit, [gate for _, gate in group], name, kind, owner))
    if len(pieces) > MOST_STAGES:
        raise ValueError(
            f"the circuit falls into {len(pieces)} stages, of which at most {MOST_STAGES} can be shown; put barriers "
            "where a stage begins, and they alone cut it"
        )
    if pieces:
        pieces[0].circuit.global_phase = circuit.global_phase
    return pieces


def owners(circuit: QuantumCircuit) -> dict[Qubit, str]:
    """The name of each qubit's register; see `registers`."""
    return {circuit.qubits[w]: name for name, wires in registers(circuit).items() for w in wires}


def piece(
    like: QuantumCircuit, gates: Sequence[CircuitInstruction], name: str, kind: str, owner: Mapping[Qubit, str]
) -> Piece:
    """One stage of some gates.

    Args:
        like: a circuit with their qubits.
        gates: in order.
        name: of the stage, or "".
        kind: see `Piece`.
        owner: `owners(like)`.

    Returns:
        The stage, without a global phase.
    """
    circuit = like.copy_empty_like()
    circuit.global_phase = 0
    writes: set[str] = set()
    for gate in gates:
        circuit._append(gate)
        writes.update(_writes(gate, owner))
    reads = {owner[qubit] for gate in gates for qubit in gate.qubits}
    return Piece(circuit, name, kind, frozenset(reads), frozenset(writes))


def _segments(circuit: QuantumCircuit) -> Iterator[tuple[str, list[CircuitInstruction]]]:
    """The gates between barriers, with the label of the barrier before them."""
    label = ""
    segment: list[CircuitInstruction] = []
    for gate in circuit.data:
        if gate.name == "barrier":
            if segment:
                yield label, segment
            label, segment = gate.operation.label or "", []
        else:
            segment.append(gate)
    if segment:
        yield label, segment


def _all_alike(segment: Sequence[CircuitInstruction], owner: Mapping[Qubit, str]) -> list[str]:
    return [OTHER] * len(segment)


def _by_written(segment: Sequence[CircuitInstruction], owner: Mapping[Qubit, str]) -> list[str]:
    """The registers that each gate writes; of a phase, which writes none, those it is on."""
    return [
        " ".join(sorted(_writes(gate, owner))) or "phase:" + " ".join(sorted({owner[q] for q in gate.qubits}))
        for gate in segment
    ]


def _by_lookup(segment: Sequence[CircuitInstruction], owner: Mapping[Qubit, str]) -> list[str]:
    """Z, the gates of a lookup, phases by the registers they are on, and all others."""
    touched = [frozenset(owner[qubit] for qubit in gate.qubits) for gate in segment]
    lookup = _lookup(touched)
    kinds = []
    for gate, on in zip(segment, touched, strict=True):
        if gate.name == "z" and on != {INDEX}:
            kinds.append(SIGN)
        elif on <= lookup:
            kinds.append(LOAD)
        elif gate.name in ("h", "p", "cp"):
            kinds.append("phase:" + " ".join(sorted(on)))
        else:
            kinds.append(OTHER)
    return kinds


def _lookup(touched: Sequence[frozenset[str]]) -> frozenset[str]:
    """The registers of a lookup: index, and those that gates connect to it without any of arithmetic."""
    if not any(INDEX in on for on in touched):
        return frozenset()
    found, joined = {INDEX}, {on for on in touched if not on & ARITHMETIC}
    while more := {name for on in joined if on & found for name in on} - found:
        found |= more
    return frozenset(found)


def _writes(gate: CircuitInstruction, owner: Mapping[Qubit, str]) -> set[str]:
    return {owner[gate.qubits[i]] for i in _written(gate.operation, len(gate.qubits))}


def _written(operation: object, qubits: int) -> set[int]:
    """Which of a gate's qubits it may change in the computational basis."""
    name = operation.name  # type: ignore[attr-defined]
    if name in _DIAGONAL or not qubits:
        return set()
    if name in _TARGETS:
        return set(range(qubits - _TARGETS[name], qubits))
    if isinstance(operation, ControlledGate) and qubits == operation.num_ctrl_qubits + operation.base_gate.num_qubits:
        inner = _written(operation.base_gate, qubits - operation.num_ctrl_qubits)
        return {operation.num_ctrl_qubits + i for i in inner}
    definition = operation.definition if isinstance(operation, Gate) and qubits > 1 else None
    if definition is None:
        return set(range(qubits))
    place = {qubit: i for i, qubit in enumerate(definition.qubits)}
    return {place[gate.qubits[i]] for gate in definition.data for i in _written(gate.operation, len(gate.qubits))}
