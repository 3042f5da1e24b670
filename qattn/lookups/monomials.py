"""Products of index bits: what a lookup is made of, and what makes undoing it by measurement nearly free.

A word bit is a XOR of monomials in the index bits (Reed-Muller). The monomials with mask below n span all functions of
n indices, and all of them together take n - 1 - ceil(log2 n) ANDs: one for each mask of two or more bits, from the
mask without its lowest bit. Each is a product of a monomial of the lower and one of the upper half of the index bits,
so that a phase lookup needs only the about 2 sqrt(n) monomials of the halves, and CZ between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qiskit.circuit import CircuitInstruction, ClassicalRegister, IfElseOp, QuantumCircuit, QuantumRegister, Qubit
from qiskit.circuit.library import CZGate, XGate, ZGate

from qattn.arrays import Bits
from qattn.synthesis.cost import Cost, and_cost
from qattn.synthesis.gates import measured
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.phase_synthesis import reed_muller

_X, _Z, _CZ = XGate(), ZGate(), CZGate()


def and_count(n: int) -> int:
    """ANDs for all monomials with mask below n: n - 1 - ceil(log2 n)."""
    return n - 1 - (n - 1).bit_length()


@dataclass(frozen=True)
class Halves:
    """The masks below n as (high, low) pairs, mask = high << low_bits | low.

    Attributes:
        low_bits: index bits in the lower half.
        lows: number of lower masks.
        highs: number of upper masks.
    """

    low_bits: int
    lows: int
    highs: int

    @classmethod
    def of(cls, n: int) -> Halves:
        """Two halves of nearly equal size, so that the fewest monomials have to be kept."""
        low_bits = (n - 1).bit_length() // 2
        return cls(low_bits, 1 << low_bits, -(-n >> low_bits))

    @property
    def ancillas(self) -> tuple[int, int]:
        """Clean qubits, and ANDs, for the lower and the upper half's monomials of two or more bits."""
        return and_count(self.lows), and_count(self.highs)

    @property
    def depth(self) -> int:
        """Toffoli depth of computing both halves' monomials."""
        return max(monomial_depth(self.lows), monomial_depth(self.highs))

    def fixups(self, coefficients: Bits) -> int:
        """CZ that `append_measured_unload` may apply: monomials with a part in both halves."""
        masks = np.arange(len(coefficients))
        both = (masks >= self.lows) & (masks % self.lows > 0)
        return int(np.count_nonzero(coefficients[both]))


def monomial_depth(count: int) -> int:
    """Toffoli depth of all monomials with mask below `count`."""
    return max(0, max(mask.bit_count() for mask in range(count)) - 1)


def monomials(net: Netlist, variables: Sequence[int], clean: Sequence[int], count: int) -> list[int | None]:
    """Compute all monomials with mask below `count`, one AND each where two or more variables take part.

    Args:
        net: written to.
        variables: wires of x_0, x_1, ..; bit i of a mask says that x_i is a factor.
        clean: wires in |0>, one for each monomial of degree two or more.
        count: number of masks, the empty one included.

    Returns:
        The wire of each monomial by its mask; None for the empty one, the variable itself at degree one.
    """
    found: list[int | None] = [None]
    fresh = iter(clean)
    for mask in range(1, count):
        lowest = (mask & -mask).bit_length() - 1
        rest = found[mask & (mask - 1)]
        if rest is None:
            found.append(variables[lowest])
        else:
            target = next(fresh)
            net.temporary_and(rest, variables[lowest], target)
            found.append(target)
    return found


def append_monomials(
    circuit: QuantumCircuit, variables: Sequence[Qubit], clean: Sequence[Qubit], count: int
) -> list[Qubit | None]:
    """`monomials` on the qubits of a circuit.

    Args:
        circuit: written to.
        variables: qubits of x_0, x_1, ..
        clean: qubits in |0>, one for each monomial of degree two or more.
        count: number of masks, the empty one included.

    Returns:
        The qubit of each monomial by its mask; None for the empty one.
    """
    net, qubits = Netlist({"variables": len(variables), "clean": len(clean)}), [*variables, *clean]
    found = monomials(net, net["variables"], net["clean"], count)
    circuit.compose(net.circuit(), qubits, inplace=True, copy=False)
    return [None if wire is None else qubits[wire] for wire in found]


def append_measured_unload(
    circuit: QuantumCircuit, coefficients: Bits, low: Sequence[Qubit | None], high: Sequence[Qubit | None],
    word: Sequence[Qubit], outcomes: ClassicalRegister,
) -> None:  # fmt: skip
    """Measure every word bit in the X basis and take back the phase each outcome 1 leaves; no Toffoli.

    Args:
        circuit: acted on.
        coefficients: (n, bits) Reed-Muller coefficients of the words.
        low: qubits of the lower monomials, by mask.
        high: qubits of the upper monomials, by mask.
        word: the qubits to clear, each holding the function of the index that its column describes.
        outcomes: one classical bit per word bit.

    Cost: a measurement per bit; after outcome 1, as many CZ as the bit has monomials.
    """
    control = [qubit for qubit in (*low, *high) if qubit is not None]
    for column, qubit, outcome in zip(coefficients.T, word, outcomes, strict=True):
        fixes = []
        for mask in np.flatnonzero(column).tolist():
            upper, lower = divmod(mask, len(low))
            where = [q for q in (low[lower], high[upper]) if q is not None]
            # for the constant monomial: the qubit itself is in |1>, a global phase
            fixes.append(
                CircuitInstruction(_CZ, where) if len(where) == 2 else CircuitInstruction(_Z, where or [qubit])
            )
        fixes.append(CircuitInstruction(_X, [qubit]))
        body = QuantumCircuit.from_instructions(fixes, qubits=[*control, qubit])
        circuit.h(qubit)
        circuit.measure(qubit, outcome)
        circuit.append(IfElseOp((outcome, 1), body), [*control, qubit], copy=False)


def measured_unload(data: Bits, index_size: int, work: int) -> QuantumCircuit:
    """|j>|word_j> -> |j>|0> by measurement, for words loaded in any way.

    Args:
        data: (n, bits) the words.
        index_size: qubits of the index register.
        work: further qubits of the load, left alone.

    Returns:
        A measured circuit on index_size + bits + work qubits and the clean ones for the halves' monomials.

    Cost: about 2 sqrt(n) ANDs (`Halves.ancillas`), see `append_measured_unload`.
    """
    halves = Halves.of(len(data))
    index, word = QuantumRegister(index_size, "index"), QuantumRegister(data.shape[1], "word")
    low, high = (QuantumRegister(size, name) for size, name in zip(halves.ancillas, ("low", "high"), strict=True))
    compute = QuantumCircuit(index, word, QuantumRegister(work, "work"), low, high)
    lows = append_monomials(compute, index[: halves.low_bits], low, halves.lows)
    highs = append_monomials(compute, index[halves.low_bits :], high, halves.highs)
    outcomes = ClassicalRegister(word.size, "outcome")
    circuit = compute.copy()
    circuit.add_register(outcomes)
    append_measured_unload(circuit, reed_muller(data), lows, highs, word, outcomes)
    undo = measured(compute.inverse())
    circuit.add_register(*undo.cregs)
    circuit.compose(undo, circuit.qubits, undo.clbits, inplace=True, copy=False)
    return circuit


def measured_unload_cost(data: Bits, qubits: int) -> Cost:
    """Cost of `measured_unload` on a load of so many qubits.

    Args:
        data: (n, bits) booleans, the words that were loaded.
        qubits: qubits of the load; what the undo adds to them is counted.

    Returns:
        Its cost, the fix-ups counted apart.
    """
    halves = Halves.of(len(data))
    ands = sum(halves.ancillas)
    fixes = Cost(qubits + ands, measurements=data.shape[1], fixups=halves.fixups(reed_muller(data)))
    return and_cost(ands, ands, depth=halves.depth) + fixes
