"""Gates as flat integer rows: what lookups and arithmetic write, once, for circuits and for programs.

A QuantumCircuit of a million gates takes many seconds to build and to walk. So our own circuits are written as rows
(code, a, b, t) on numbered wires, whole runs of CNOTs at once, and rendered when asked: `Netlist.circuit` is a
QuantumCircuit, `Netlist.program` a `Program`, and `flatten` takes the one to the other. The codes are those of
`qattn.synthesis.program`, and besides

    AND  UNDO            a, b the factors, t the target (`qattn.synthesis.gates.And`)
    H                    t
    BARRIER              wires[a : a + b]
    LOAD  UNLOAD         loads[t] on wires[a : a + b]
    CIRCUIT              circuits[t], somebody else's, on wires[a : a + b]
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Barrier, CircuitInstruction, Gate, QuantumCircuit, QuantumRegister, Qubit
from qiskit.circuit.library import (
    CCXGate,
    CPhaseGate,
    CSwapGate,
    CXGate,
    HGate,
    MCXGate,
    PhaseGate,
    SwapGate,
    XGate,
    ZGate,
)

from qattn.synthesis.flatten import write_circuit
from qattn.synthesis.gates import And, Load, UndoAnd, assemble
from qattn.synthesis.program import CCX, CSWAP, CX, MCX, PHASE, SWAP, Angle, Draft, Program, Rows, X, Z

AND: Final = 32
UNDO: Final = 33
H: Final = 34
BARRIER: Final = 35
LOAD: Final = 36
UNLOAD: Final = 37
CIRCUIT: Final = 38

_CODES = 39
_LISTED = np.zeros(_CODES, dtype=bool)  # operands are wires[a : a + b]
_LISTED[[MCX, PHASE, BARRIER, LOAD, UNLOAD, CIRCUIT]] = True
_APART = np.zeros(_CODES, dtype=bool)  # not a word operation as it stands
_APART[[PHASE, H, LOAD, UNLOAD, CIRCUIT]] = True
_UNDONE = np.arange(_CODES, dtype=np.int32)
_UNDONE[[AND, UNDO, LOAD, UNLOAD]] = UNDO, AND, UNLOAD, LOAD
_WORD = np.arange(_CODES, dtype=np.int32)
_WORD[[AND, UNDO]] = CCX

# a gate without arguments, and its columns
_GATES: dict[int, tuple[Gate, slice]] = {
    X: (XGate(), slice(3, 4)), CX: (CXGate(), slice(1, 4, 2)), CCX: (CCXGate(), slice(1, 4)),
    SWAP: (SwapGate(), slice(1, 4, 2)), CSWAP: (CSwapGate(), slice(1, 4)), Z: (ZGate(), slice(3, 4)),
    AND: (And(), slice(1, 4)), UNDO: (UndoAnd(), slice(1, 4)), H: (HGate(), slice(3, 4)),
}  # fmt: skip
_mcx = cache(MCXGate)

Wires = Sequence[int]


@dataclass(frozen=True, eq=False)
class Loading:
    """|j>|0> -> |j>|word_j> as one gate, which is undone by measurement where that is wanted.

    Attributes:
        qubits: how many qubits it acts on.
        forward: its gates, written once when first asked for.
        unload: builds the measured inverse: the same qubits first, then any further clean ones it needs.
    """

    qubits: int
    forward: Callable[[], Netlist]
    unload: Callable[[], QuantumCircuit]

    @cached_property
    def netlist(self) -> Netlist:
        """Its gates."""
        return self.forward()

    def gate(self) -> Load:
        """The gate; its circuits are kept as long as it lives."""
        return Load(self.qubits, cache(lambda: self.netlist.circuit("load")), cache(self.unload))


class Netlist:
    """A circuit while it is written; wires are numbered through its registers, in order.

    Args:
        registers: sizes by name.
    """

    def __init__(self, registers: Mapping[str, int] | None = None) -> None:
        self.qubits = 0
        self.registers: dict[str, Wires] = {}
        self.wires = array("i")
        self.angles: list[Angle] = []
        self.loads: list[Loading] = []
        self.circuits: list[QuantumCircuit] = []
        self._chunks: list[Rows] = []
        self._recent = array("i")
        for name, size in (registers or {}).items():
            self.add_register(name, size)

    @classmethod
    def of(cls, circuit: QuantumCircuit) -> Netlist:
        """Any unitary circuit as one block on its own registers.

        Raises:
            ValueError: when it has classical bits.
        """
        if circuit.num_clbits:
            raise ValueError(f"a circuit with {circuit.num_clbits} classical bits; give a unitary one")
        net = cls()
        net.qubits = circuit.num_qubits
        net.registers = {own.name: [circuit.find_bit(qubit).index for qubit in own] for own in circuit.qregs}
        net.circuits.append(circuit)
        net._listed(CIRCUIT, range(net.qubits), 0)
        return net

    @property
    def rows(self) -> Rows:
        """(m, 4) its gates in order."""
        chunks = self._flushed()
        if len(chunks) != 1:
            self._chunks = [np.concatenate(chunks or [np.zeros((0, 4), dtype=np.int32)])]
        return self._chunks[0]

    def settled(self) -> Netlist:
        """Itself with nothing left to be written when it is read, so that threads may share it."""
        for loading in self.loads:
            loading.netlist.settled()
        self._chunks = [self.rows]
        return self

    def __getitem__(self, name: str) -> Wires:
        """The wires of a register."""
        return self.registers[name]

    def add_register(self, name: str, size: int) -> Wires:
        """Add so many wires after all others, as a register.

        Args:
            name: of the register.
            size: number of wires; 0 is allowed.

        Returns:
            The new wires.

        Raises:
            ValueError: when there is a register of that name.
        """
        if name in self.registers:
            raise ValueError(f"there is a register {name!r} already")
        self.registers[name] = range(self.qubits, self.qubits + size)
        self.qubits += size
        return self.registers[name]

    # gates -----------------------------------------------------------------------------------------------------

    def x(self, target: int) -> None:
        """NOT on a wire."""
        self._recent.extend((X, target, target, target))

    def cx(self, control: int, target: int) -> None:
        """CNOT: flip the target when the control is 1.

        Args:
            control: wire read.
            target: wire flipped.
        """
        self._recent.extend((CX, control, control, target))

    def mcx(self, controls: Wires, target: int) -> None:
        """X on target when all controls are 1, by the gate of that many controls: X, CX, CCX (Toffoli), MCX.

        Args:
            controls: wires read, none or more.
            target: wire flipped.
        """
        if len(controls) > 2:
            self._listed(MCX, controls, target)
        elif len(controls) == 2:
            self._recent.extend((CCX, *controls, target))
        elif controls:
            self.cx(controls[0], target)
        else:
            self.x(target)

    def fan_out(self, control: int | None, targets: NDArray[np.int32]) -> None:
        """A CNOT from control onto each of the targets in turn, or an X on each.

        Args:
            control: wire read; None: an X on each target.
            targets: (m,) wires flipped.
        """
        rows = np.empty((len(targets), 4), dtype=np.int32)
        rows[:, 0] = X if control is None else CX
        rows[:, 1] = rows[:, 2] = targets if control is None else control
        rows[:, 3] = targets
        self._recent.frombytes(rows.tobytes())

    def temporary_and(self, a: int, b: int, target: int) -> None:
        """|a, b, 0> -> |a, b, ab>.

        Args:
            a: first factor.
            b: second factor.
            target: a wire in |0>.
        """
        self._recent.extend((AND, a, b, target))

    def undo_and(self, a: int, b: int, target: int) -> None:
        """|a, b, ab> -> |a, b, 0>.

        Args:
            a: first factor.
            b: second factor.
            target: holds ab; ends in |0>.
        """
        self._recent.extend((UNDO, a, b, target))

    def swap(self, a: int, b: int) -> None:
        """Exchange two wires.

        Args:
            a: a wire.
            b: another.
        """
        self._recent.extend((SWAP, a, a, b))

    def cswap(self, control: int, a: int, b: int) -> None:
        """Exchange two wires when the control is 1 (a Fredkin gate).

        Args:
            control: wire read.
            a: a wire.
            b: another.
        """
        self._recent.extend((CSWAP, control, a, b))

    def z(self, wire: int) -> None:
        """-1 on |1>."""
        self._recent.extend((Z, wire, wire, wire))

    def h(self, wire: int) -> None:
        """Hadamard on a wire."""
        self._recent.extend((H, wire, wire, wire))

    def phase(self, angle: Angle, *wires: int) -> None:
        """e^(i angle) where all these wires, one or two, are 1.

        Args:
            angle: in radians, or an open parameter.
            wires: one or two.
        """
        self.angles.append(angle)
        self._listed(PHASE, wires, len(self.angles) - 1)

    def barrier(self) -> None:
        """A barrier over all the wires there are so far."""
        self._listed(BARRIER, range(self.qubits), 0)

    def load(self, loading: Loading, wires: Wires) -> None:
        """Append a load as one gate, which is undone by measurement where that is wanted.

        Args:
            loading: its circuits.
            wires: `loading.qubits` of them, in the order of its own.
        """
        self.loads.append(loading)
        self._listed(LOAD, wires, len(self.loads) - 1)

    def operation(self, name: str, wires: Wires) -> None:
        """The operation "x", "cx", "and" or "undo", controls first.

        Args:
            name: "x", "cx", "and" or "undo".
            wires: controls first, target last.
        """
        self._recent.extend((_STEPS[name], wires[0], wires[1] if len(wires) > 2 else wires[0], wires[-1]))

    def append(self, other: Netlist, onto: Wires) -> None:
        """The gates of another, its wire i standing for onto[i].

        Args:
            other: copied; further gates of it do not appear here.
            onto: a wire for each of `other.qubits`, all different.
        """
        rows, wires = _placed(other, np.asarray(onto, dtype=np.int32), len(self.wires))
        codes = rows[:, 0]
        rows[codes == PHASE, 3] += len(self.angles)
        rows[(codes == LOAD) | (codes == UNLOAD), 3] += len(self.loads)
        rows[codes == CIRCUIT, 3] += len(self.circuits)
        self.wires.frombytes(wires.tobytes())
        self.angles += other.angles
        self.loads += other.loads
        self.circuits += other.circuits
        self._flushed().append(rows)

    def copy(self) -> Netlist:
        """The same gates on the same registers, to be continued."""
        net = Netlist()
        net.qubits, net.registers, net._chunks = self.qubits, dict(self.registers), [self.rows]
        net.wires, net.angles, net.loads, net.circuits = self.wires[:], self.angles[:], self.loads[:], self.circuits[:]
        return net

    def inverse(self) -> Netlist:
        """The gates undone in reverse order, on the same registers."""
        net = self.copy()
        net.angles = [-angle for angle in self.angles]
        net.circuits = [circuit.inverse() for circuit in self.circuits]
        rows = self.rows[::-1].copy()
        rows[:, 0] = _UNDONE[rows[:, 0]]
        net._chunks = [rows]
        return net

    # renderings ------------------------------------------------------------------------------------------------

    def circuit(self, name: str | None = None) -> QuantumCircuit:
        """The gates as a QuantumCircuit on registers of the same names.

        Raises:
            ValueError: when the registers leave a wire out or share one (a circuit of somebody else's).
        """
        if [wire for wires in self.registers.values() for wire in wires] != list(range(self.qubits)):
            raise ValueError("registers that share qubits, or qubits outside all of them, cannot be renamed")
        qregs = [QuantumRegister(len(wires), name) for name, wires in self.registers.items()]
        circuit = assemble(self._instructions([qubit for own in qregs for qubit in own]), qregs, name=name)
        for part in self.circuits:
            circuit.global_phase += part.global_phase
        return circuit

    def program(self) -> Program:
        """The gates as a program, equal to that of `circuit`, without building it."""
        draft = Draft()
        _write(draft, self, np.arange(self.qubits, dtype=np.int32))
        return draft.done(self.qubits, 0, {name: tuple(wires) for name, wires in self.registers.items()})

    def _instructions(self, qubits: list[Qubit]) -> Iterator[CircuitInstruction]:
        wires, loads = self.wires, cache(Loading.gate)  # a load and its undo share what they build
        for row in self.rows.tolist():
            code, a, b, t = row
            if code in _GATES:
                gate, operands = _GATES[code]
                yield CircuitInstruction(gate, [qubits[wire] for wire in row[operands]])
                continue
            where = [qubits[wire] for wire in wires[a : a + b]]
            if code == MCX:
                yield CircuitInstruction(_mcx(b), [*where, qubits[t]])
            elif code == PHASE:
                yield CircuitInstruction((PhaseGate if b == 1 else CPhaseGate)(self.angles[t]), where)
            elif code == BARRIER:
                yield CircuitInstruction(Barrier(b), where)
            elif code == CIRCUIT:
                place = dict(zip(self.circuits[t].qubits, where, strict=True))
                for own in self.circuits[t].data:
                    yield own.replace(qubits=[place[qubit] for qubit in own.qubits])
            else:
                gate = loads(self.loads[t])
                yield CircuitInstruction(gate if code == LOAD else gate.inverse(), where)

    def _listed(self, code: int, wires: Wires, t: int) -> None:
        self._recent.extend((code, len(self.wires), len(wires), t))
        self.wires.extend(wires)

    def _flushed(self) -> list[Rows]:
        if self._recent:
            self._chunks.append(np.array(self._recent, dtype=np.int32).reshape(-1, 4))
            self._recent = array("i")
        return self._chunks


_STEPS = {"x": X, "cx": CX, "and": AND, "undo": UNDO}


def _placed(net: Netlist, onto: NDArray[np.int32], offset: int) -> tuple[Rows, NDArray[np.int32]]:
    """Rows and listed operands on other wires, the operands starting at `offset`."""
    rows = net.rows
    out = rows.copy()
    listed = _LISTED[rows[:, 0]]
    if listed.any():
        out[~listed, 1:] = onto[rows[~listed, 1:]]
        out[listed, 1] += offset
        many = rows[:, 0] == MCX
        out[many, 3] = onto[rows[many, 3]]
    else:
        out[:, 1:] = onto[rows[:, 1:]]
    return out, onto[np.array(net.wires, dtype=np.int32)]


def _write(draft: Draft, net: Netlist, onto: NDArray[np.int32]) -> None:
    """Write a netlist into a program, its wire i standing for qubit onto[i]."""
    rows, wires = _placed(net, onto, len(draft.wires))
    draft.wires.frombytes(wires.tobytes())
    rows = rows[rows[:, 0] != BARRIER]
    codes = rows[:, 0].copy()
    rows[:, 0] = _WORD[codes]
    start = len(draft.wires) - len(wires)
    done = 0
    for place in np.flatnonzero(_APART[codes]).tolist():
        draft.extend(rows[done:place])
        done = place + 1
        code, a, b, t = (int(x) for x in rows[place])
        where = wires[a - start : a - start + b]
        if code == H:
            draft.h(t)
        elif code == PHASE:
            draft.turn(where.tolist(), net.angles[t])
        elif code == CIRCUIT:
            write_circuit(draft, net.circuits[t], where.tolist())
        else:
            inner = net.loads[t].netlist
            _write(draft, inner if code == LOAD else inner.inverse(), where)
    draft.extend(rows[done:])
