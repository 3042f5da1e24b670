"""What an inner product is: one object that builds the comparison's circuit around a lookup, and prices it.

`compute` is all that an inner product of your own has to have; its cost is then counted from the built circuit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from qiskit.circuit import Parameter, QuantumCircuit, QuantumRegister

from qattn.arithmetic.comparison import AnyOf, Comparison
from qattn.arithmetic.union import in_turn, loaded
from qattn.arrays import Bits
from qattn.lookups.base import Lookup, load_all_cost, load_all_gates
from qattn.synthesis.cost import Cost, count
from qattn.synthesis.gates import measured
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import register

STREAMED, PARALLEL = "streamed", "parallel"
LAYOUTS = (STREAMED, PARALLEL)


class InnerProduct(ABC):
    """sum_l A_l X_jl >= T in gates.

    Two inner products that compare equal build the same circuits; the package's own are frozen dataclasses.

    Attributes:
        name: what reports call it; the name of the class unless it says otherwise.
        layouts: how it can take the keys: "streamed" (a few key bits at a time), "parallel" (whole keys at once).
        rotations: its gates are rotations, which no count of Toffolis sees: forms with the fewest Toffolis, or the
            least Toffoli depth, are chosen among the others.
    """

    name: ClassVar[str]
    layouts: ClassVar[tuple[str, ...]] = LAYOUTS
    rotations: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """A class without a name is called what it is."""
        super().__init_subclass__()
        own = vars(cls)
        if "name" not in own:
            cls.name = cls.__name__
        if "compute" in own and "gates" not in own:  # a circuit of its own goes before gates that it inherits
            cls.gates = InnerProduct.gates  # type: ignore[method-assign]
            cls.halves = InnerProduct.halves  # type: ignore[method-assign]
            if "tail" not in own:
                cls.shares = InnerProduct.shares  # type: ignore[method-assign]

    @abstractmethod
    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>, the top qubit of register `score` being 1 exactly when A.X_j >= T.

        Args:
            what: the integers.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            A unitary circuit on registers index, key, score and ancillas, all but index clean at the start.
        """

    def gates(self, what: Comparison, lookup: Lookup, layout: str) -> Netlist:
        """The gates of `compute`; by default its circuit as one block.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            Gates on registers index, key, score and ancillas.
        """
        return Netlist.of(self.compute(what, lookup, layout))

    def halves(self, what: Comparison, lookup: Lookup, layout: str) -> tuple[Netlist, Netlist]:
        """`compute` in two: |j>|0> -> |j>|K_j>|garbage>, the same for all rows of these keys, and what is left of it.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            The load, on registers index, key and the lookup's, and the comparison, on key and its own, score last.

        Raises:
            ValueError: when the two do not come one after the other.
        """
        raise ValueError(f"{self.name} with {layout} keys is not one load and one comparison")

    def cost(self, what: Comparison, lookup: Lookup, layout: str, *, by_measurement: bool = True) -> Cost:
        """Cost of one query, the phase form; by default counted from the built circuit.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: one of `layouts`.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            The cost, in the conventions of `qattn.synthesis.cost`.
        """
        query = phase_form(self.compute(what, lookup, layout))
        return count(measured(query) if by_measurement else query)

    def qubits(self, what: Comparison, lookup: Lookup, layout: str) -> int:
        """Width of the phase form.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            Number of qubits, ancillas included.
        """
        return self.cost(what, lookup, layout, by_measurement=False).qubits

    def values(self, what: Comparison) -> list[float]:
        """The row's numbers that `template` leaves open; none by default: they are built into the gates."""
        return []

    def template(self, what: Comparison, lookup: Lookup, layout: str) -> tuple[QuantumCircuit, list[Parameter]]:
        """`compute` with the row's numbers left open, and their parameters in the order of `values`.

        Args:
            what: the integers that are compared.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            The circuit, and its parameters; without any where all numbers are built into the gates.
        """
        return self.compute(what, lookup, layout), []

    # several rows, one answer ----------------------------------------------------------------------------------

    def shares(self, layout: str) -> bool:
        """Whether several rows are compared after one load of the keys, by `tail`; by default each loads them anew."""
        return False

    def tail(self, what: AnyOf) -> Netlist:
        """|j>|K_j>|0> -> |j>|K_j>|garbage>|answer>: all rows' comparisons of loaded keys, and the OR of their signs.

        Args:
            what: the rows: their integers, and how many keys each sees.

        Returns:
            Gates on registers index, key, their own, and score.
        """
        raise NotImplementedError(f"{self.name} has no tail; one that says `shares` needs `tail` and `tail_cost`")

    def tail_cost(self, what: AnyOf, *, by_measurement: bool) -> tuple[Cost, int]:
        """Of `tail` and its undo.

        Args:
            what: the rows: their integers, and how many keys each sees.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            (the cost, qubits beside index and key).
        """
        raise NotImplementedError(f"{self.name} has no tail; one that says `shares` needs `tail` and `tail_cost`")

    def any_gates(self, what: AnyOf, lookup: Lookup, layout: str) -> Netlist:
        """|j>|0> -> |j>|garbage>, the top qubit of `score` being 1 exactly when any row is reached.

        Without a load that they share the rows in turn (`qattn.arithmetic.union`), twice the gates of all of them.

        Args:
            what: the rows: their integers, and how many keys each sees.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            Gates on registers index, key, the lookup's and the arithmetic's own, and score.
        """
        if self.shares(layout):
            return loaded(*self.any_halves(what, lookup, layout))
        return in_turn(what.n, what.visible, [self.gates(row, lookup, layout) for row in what.rows])

    def any_halves(self, what: AnyOf, lookup: Lookup, layout: str) -> tuple[Netlist, Netlist]:
        """`any_gates` in two: the load, the same whatever the thresholds, and what is left on index, key and its own.

        Args:
            what: the rows: their integers, and how many keys each sees.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            (load, the rest): gates on registers that share their names.

        Raises:
            ValueError: when the rows do not share one load.
        """
        if not self.shares(layout):
            raise ValueError(f"{self.name} with {layout} keys does not compare several rows after one load")
        return load_all_gates(lookup, what.data), self.tail(what)

    def any_cost(self, what: AnyOf, lookup: Lookup, layout: str, *, by_measurement: bool = True) -> Cost:
        """Of one query with the OR of several rows: by formula where they share a load, else counted.

        Args:
            what: the rows: their integers, and how many keys each sees.
            lookup: loads the keys.
            layout: one of `layouts`.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            The cost, in the conventions of `qattn.synthesis.cost`.
        """
        if self.shares(layout):
            there, back = load_all_cost(lookup, what.data, by_measurement=by_measurement)
            middle, own = self.tail_cost(what, by_measurement=by_measurement)
            return with_ancillas(there, middle, back, own)
        query = phase_form(self.any_gates(what, lookup, layout).circuit())
        return count(measured(query) if by_measurement else query)

    def any_qubits(self, what: AnyOf, lookup: Lookup, layout: str) -> int:
        """Width of its circuit.

        Args:
            what: the rows: their integers, and how many keys each sees.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            Number of qubits.
        """
        if self.shares(layout):
            return self.any_cost(what, lookup, layout, by_measurement=False).qubits
        return max(self.qubits(row, lookup, layout) for row in what.rows) + len(what.rows) + 1

    def any_template(self, what: AnyOf, lookup: Lookup, layout: str) -> tuple[QuantumCircuit, list[Parameter]]:
        """`any_gates` as a circuit with all rows' numbers left open, and their parameters, row after row.

        Args:
            what: the rows: their integers, and how many keys each sees.
            lookup: loads the keys.
            layout: one of `layouts`.

        Returns:
            The circuit, and its parameters; without any where all numbers are built into the gates.
        """
        parts, parameters = [], []
        for r, row in enumerate(what.rows):
            circuit, own = self.template(row, lookup, layout)
            renamed = {p: Parameter(f"{p.name}, row {r}") for p in own}
            present = circuit.parameters
            parts.append(Netlist.of(circuit.assign_parameters({p: q for p, q in renamed.items() if p in present})))
            parameters += [renamed[p] for p in own]
        if not parameters:
            return self.any_gates(what, lookup, layout).circuit(), []
        return in_turn(what.n, what.visible, parts).circuit(), parameters


def phase_form(compute: QuantumCircuit) -> QuantumCircuit:
    """|j>|0> -> (-1)^[A.X_j >= T] |j>|0>: compute, Z on the sign, uncompute.

    Args:
        compute: a unitary circuit whose register score has the comparison's result in its top qubit.

    Returns:
        A circuit on the same registers; it shares the instructions.
    """
    circuit = compute.copy(name="oracle")
    circuit.z(register(circuit, "score")[-1])
    circuit.compose(compute.inverse(), inplace=True, copy=False)
    return circuit


def phase_gates(compute: Netlist) -> Netlist:
    """`phase_form` of gates.

    Args:
        compute: gates with a register score.

    Returns:
        Gates on the same registers.
    """
    net = compute.copy()
    net.z(net["score"][-1])
    net.append(compute.inverse(), range(net.qubits))
    return net


def bit_form(compute: QuantumCircuit, name: str = "flag") -> QuantumCircuit:
    """|j>|0>|b> -> |j>|0>|b xor [A.X_j >= T]>: compute, CX from the sign onto a register of that name, uncompute.

    Args:
        compute: a unitary circuit whose register score has the comparison's result in its top qubit.
        name: of the register with b.

    Returns:
        A circuit on the same registers and that one, one qubit, after them.
    """
    circuit = compute.copy(name="oracle_bit")
    flag = QuantumRegister(1, name)
    circuit.add_register(flag)
    circuit.cx(register(circuit, "score")[-1], flag[0])
    circuit.compose(compute.inverse(), compute.qubits, inplace=True, copy=False)
    return circuit


def stream_cost(lookup: Lookup, words: Iterable[Bits], *, by_measurement: bool) -> Cost:
    """Cost of words loaded one after the other, each as its difference from the last, and of all of it backwards.

    Args:
        lookup: loads them.
        words: (n, bits) booleans each.
        by_measurement: the measured rendering; False: the unitary one.

    Returns:
        The total; no gate for no words.
    """
    total = Cost()
    loaded: Bits | None = None
    for word in words:
        there, back = lookup.cost(word if loaded is None else loaded ^ word, by_measurement=by_measurement)
        total, loaded = total + there + back, word
    return total


def with_ancillas(there: Cost, middle: Cost, back: Cost, ancillas: int) -> Cost:
    """Cost of a load, an inner product and the unload, one after the other.

    Args:
        there: of the load.
        middle: of the inner product and its undo; its qubits do not count.
        back: of the unload.
        ancillas: qubits of the inner product beside the loaded key.

    Returns:
        The sum, with the qubits of all together.
    """
    return replace(there + middle + back, qubits=max(there.qubits, back.qubits) + ancillas)
