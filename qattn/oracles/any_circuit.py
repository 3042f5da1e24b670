"""A phase oracle of the user's: any Qiskit circuit or gate that flips the sign of some basis states of a register.

`find_all(circuit, check=is_good)` makes an `AnyCircuit` of it. What finds the marked indices is the circuit alone;
`check` only looks at indices that were measured. A circuit that computes a bit rather than a phase becomes a phase
oracle by `phase_oracle`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import SupportsIndex, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from qiskit.circuit import AncillaRegister, Operation, QuantumCircuit, QuantumRegister, Qubit

from qattn.arrays import Bits, Floats, Indices
from qattn.oracles.base import CircuitOracle
from qattn.synthesis.registers import index_bits, register

Check: TypeAlias = Callable[[int], bool]
Qubits: TypeAlias = str | QuantumRegister | Sequence[Qubit | int]
NOT_GATES = {"measure", "reset", "initialize", "store", "if_else", "while_loop", "for_loop", "switch_case", "box",
             "break_loop", "continue_loop", "kraus", "quantum_channel"}  # fmt: skip


class OracleError(ValueError):
    """A circuit that is no phase oracle, or does not fit what was said about it; the message says how."""


@dataclass(frozen=True, eq=False)
class AnyCircuit(CircuitOracle):
    """|j> -> -|j> on register `index` where the circuit marks j; j is a member when check(j) is True.

    Make one with `of`.

    Attributes:
        n: number of indices, 0..n-1.
        whole: the phase oracle; register `index` comes first, its qubit 0 is bit 0 of j, ancillas follow.
        check: whether an index is wanted; called once for each index that was measured.
        signs: (n,) which indices the circuit marks, once that was looked up; None otherwise.
    """

    n: int
    whole: QuantumCircuit
    check: Check
    signs: Bits | None = field(default=None, repr=False)
    answers: dict[int, bool] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(
        cls, circuit: QuantumCircuit | Operation, check: Check, *, n: int | None = None, index: Qubits | None = None
    ) -> AnyCircuit:
        """The oracle of a circuit or gate.

        Args:
            circuit: flips the sign of the marked indices and brings all other qubits back to |0>.
            check: whether an index is marked, from one int.
            n: indices are 0..n-1; 2 to the number of index qubits by default.
            index: the index register, by name or as such, or its qubits, bit 0 first; the first register by default,
                all qubits of a gate.

        Returns:
            The oracle; the circuit has not been run yet.

        Raises:
            OracleError: when the circuit measures, resets, branches or has open parameters, or n does not fit.
        """
        if not callable(check):
            raise OracleError(f"check = {check!r}; give a function that takes an index, such as lambda j: j % 7 == 3")
        whole = unitary(circuit)
        qubits = qubits_of(whole, index, "index")
        return cls(_count(n, len(qubits)), _index_first(whole, qubits, _count(n, len(qubits))), check)

    @property
    def circuit(self) -> QuantumCircuit:
        """The phase oracle, on registers `index` and `work`."""
        return self.whole

    @property
    def tau(self) -> float:
        """Members score 1, the others 0."""
        return 0.5

    @property
    def exact(self) -> bool:
        """True: the circuit marks what `check` accepts, or it is not the oracle it is said to be."""
        return True

    @property
    def marked_set(self) -> Indices:
        """Sorted indices that the circuit marks, where that was looked up.

        Raises:
            OracleError: when it was not.
        """
        if self.signs is None:
            raise OracleError("which indices the circuit marks is not known; run it on a sampler, or check_oracle=True")
        return np.flatnonzero(self.signs)

    def marks(self, js: ArrayLike) -> Bits:
        """Whether the circuit marks each of these indices: looked up where that was done, else what `check` says.

        Raises:
            OracleError: when `check` wants an index that the circuit is known not to mark.
        """
        js = np.asarray(js, dtype=np.int64)
        wanted = self.score(js) >= self.tau
        if self.signs is None:
            return np.asarray(wanted)
        marked = np.asarray(self.signs[js])
        if (stray := js[wanted & ~marked]).size:
            raise OracleError(
                f"check({stray[0]}) is True, but the circuit does not mark {stray[0]}: it finds something else than "
                "check describes. Is qubit 0 of the index register bit 0 of the index?"
            )
        return marked

    def score(self, js: ArrayLike) -> Floats:
        """1 for the indices that `check` accepts, 0 for the others."""
        js = np.asarray(js, dtype=np.int64)
        return np.array([self._answer(int(j)) for j in js.ravel()], dtype=np.float64).reshape(js.shape)

    def at(self, tau: float) -> AnyCircuit:
        """Itself at its one threshold.

        Raises:
            OracleError: for any other: nothing is scored.
        """
        if tau != self.tau:
            raise OracleError("a phase oracle tells marked from unmarked and scores nothing; leave k out")
        return self

    def with_signs(self, signs: Bits) -> AnyCircuit:
        """The same oracle, knowing which indices its circuit marks."""
        return replace(self, signs=signs)

    @property
    def label(self) -> str:
        """What it is, for reports."""
        return f"the phase oracle {self.whole.name!r}"

    def _answer(self, j: int) -> bool:
        if j not in self.answers:
            try:
                answer = self.check(j)
            except Exception as error:
                error.add_note(f"raised by check({j}), for an index that was measured")
                raise
            if not isinstance(answer, bool | np.bool_):
                raise OracleError(f"check({j}) returned {answer!r}; it must return True or False")
            self.answers[j] = bool(answer)
        return self.answers[j]


def phase_oracle(
    bit_oracle: QuantumCircuit | Operation, target: Qubits | int, *, uncompute: bool = False
) -> QuantumCircuit:
    """A phase oracle |x> -> (-1)^f(x) |x> from a circuit that computes the bit f(x): |x>|t> -> |x>|t xor f(x)>.

    The target is put into |-> before and back into |0> after, so that the bit becomes a sign.

    Args:
        bit_oracle: flips the target where x is marked; its other qubits come back to what they were.
        target: the qubit it flips: a register of one qubit, by name or as such, or the number of the qubit.
        uncompute: for circuits that leave their work behind: compute, Z on the target, undo; twice the cost.

    Returns:
        A circuit on the same registers.

    Raises:
        OracleError: when there is no such qubit, or the circuit is not unitary.

    Example:
        >>> from qiskit.circuit import QuantumCircuit
        >>> bit = QuantumCircuit(3)
        >>> bit.ccx(0, 1, 2)  # doctest: +ELLIPSIS
        <...>
        >>> from qattn import find_all, phase_oracle
        >>> found = find_all(phase_oracle(bit, target=2), check=lambda x: x == 3, index=[0, 1], seed=1)
        >>> found.indices.tolist()
        [3]
    """
    whole = unitary(bit_oracle)
    wanted = [target] if isinstance(target, int | np.integer) else target
    qubits = qubits_of(whole, wanted, "target")
    if len(qubits) != 1:
        raise OracleError(f"target has {len(qubits)} qubits; a bit oracle flips one")
    circuit = whole.copy_empty_like(name=f"phase of {whole.name}")
    if uncompute:
        circuit.compose(whole, whole.qubits, inplace=True)
        circuit.z(qubits[0])
        circuit.compose(whole.inverse(), whole.qubits, inplace=True)
        circuit.global_phase = 0
        return circuit
    circuit.x(qubits[0])
    circuit.h(qubits[0])
    circuit.compose(whole, whole.qubits, inplace=True)
    circuit.h(qubits[0])
    circuit.x(qubits[0])
    return circuit


def unitary(circuit: QuantumCircuit | Operation) -> QuantumCircuit:
    """A circuit of gates alone: a gate is put into a circuit, classical bits that nothing uses are left out.

    Raises:
        OracleError: when something in it is no gate, or a parameter is open.
    """
    if not isinstance(circuit, QuantumCircuit):
        if isinstance(circuit, type) or not isinstance(circuit, Operation):
            raise OracleError(f"oracle = {circuit!r}; give a QuantumCircuit, a Gate, or a searchable oracle")
        gate, circuit = circuit, QuantumCircuit(circuit.num_qubits, circuit.num_clbits, name=circuit.name)
        circuit.append(gate, circuit.qubits, circuit.clbits)
    if circuit.parameters:
        raise OracleError(f"the circuit has open parameters ({', '.join(p.name for p in circuit.parameters)}); "
                          "assign them: circuit.assign_parameters(..)")  # fmt: skip
    for instruction in circuit.data:
        if instruction.name in NOT_GATES or instruction.clbits:
            raise OracleError(
                f"the circuit contains {instruction.name!r}; a phase oracle consists of gates alone. The search "
                "measures: circuit.remove_final_measurements() takes the last ones out"
            )
    bare = QuantumCircuit(*circuit.qregs, name=circuit.name, global_phase=circuit.global_phase)
    bare.add_bits(qubit for qubit in circuit.qubits if qubit not in set(bare.qubits))
    for instruction in circuit.data:
        bare.append(instruction.operation, instruction.qubits)
    return bare


def qubits_of(circuit: QuantumCircuit, which: Qubits | None, role: str) -> list[Qubit]:
    """The qubits that a name, a register or a list of qubits stands for; the first register by default.

    Args:
        circuit: that has them.
        which: the qubits.
        role: what they are for, for messages.

    Returns:
        They, bit 0 first.

    Raises:
        OracleError: when the circuit has none such, or one twice.
    """
    if which is None:
        if not circuit.qregs:
            return list(circuit.qubits)
        return list(circuit.qregs[0])
    try:
        if isinstance(which, str):
            return list(register(circuit, which))
        given = list(which)
        qubits = [circuit.qubits[operator.index(q)] if isinstance(q, SupportsIndex) else q for q in given]
        for qubit in qubits:
            circuit.find_bit(qubit)
    except (ValueError, IndexError, TypeError, LookupError) as error:
        raise OracleError(f"{role} = {which!r}: {error}") from None
    except Exception as error:  # CircuitError has no place among Python's own
        raise OracleError(f"{role} = {which!r} is not in the circuit: {error}") from None
    if not qubits or len(set(qubits)) < len(qubits):
        raise OracleError(f"{role} = {which!r}; give each qubit once, and at least one")
    return qubits


def _count(n: int | None, bits: int) -> int:
    if bits == 0:
        raise OracleError("the circuit has no index qubits")
    if n is None:
        return 1 << bits
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or not 1 <= n <= 1 << bits:
        raise OracleError(f"n = {n!r}; {bits} index qubits hold the indices of n = 1 to {1 << bits}")
    return int(n)


def _index_first(circuit: QuantumCircuit, qubits: Sequence[Qubit], n: int) -> QuantumCircuit:
    """The same gates on register `index`, as wide as n needs, and `work`; index qubits that n leaves unused stay 0."""
    used = list(qubits[: index_bits(n)])
    rest = [qubit for qubit in circuit.qubits if qubit not in set(used)]
    registers = [QuantumRegister(len(used), "index"), *([AncillaRegister(len(rest), "work")] if rest else [])]
    moved = QuantumCircuit(*registers, name=circuit.name)
    places = dict(zip([*used, *rest], moved.qubits, strict=True))
    moved.compose(circuit, [places[qubit] for qubit in circuit.qubits], inplace=True)
    return moved
