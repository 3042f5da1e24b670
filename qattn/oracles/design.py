"""The forms an oracle can take, and the choice among them by predicted cost; no circuit is built to choose.

What a form is predicted to cost is what `qattn.synthesis.cost.count` finds in the built circuit, in every field.
"""

from __future__ import annotations

from dataclasses import dataclass

from qiskit.circuit import Parameter, QuantumCircuit

from qattn import arithmetic as inner_products
from qattn import lookups
from qattn.arithmetic.base import LAYOUTS, InnerProduct
from qattn.arithmetic.comparison import AnyOf, Comparison
from qattn.lookups.base import Lookup
from qattn.synthesis.cost import Cost
from qattn.synthesis.netlist import Netlist

OBJECTIVES = ("qubits", "toffoli", "depth")


@dataclass(frozen=True)
class Form:
    """How an oracle is built.

    Attributes:
        lookup: how the keys are loaded.
        arithmetic: how they are compared.
        key_layout: "streamed" (a few key bits at a time) or "parallel" (whole keys at once).
    """

    lookup: Lookup
    arithmetic: InnerProduct
    key_layout: str

    def __post_init__(self) -> None:
        if self.key_layout not in LAYOUTS:
            raise ValueError(f"key_layout = {self.key_layout!r}; choose one of {', '.join(LAYOUTS)}")
        if self.key_layout not in self.arithmetic.layouts:
            own = ", ".join(self.arithmetic.layouts)
            raise ValueError(f"{self.arithmetic.name} does not take {self.key_layout} keys; use key_layout = {own!r}")

    @classmethod
    def of(
        cls, lookup: str | Lookup = "table", arithmetic: str | InnerProduct = "phase", key_layout: str | None = None
    ) -> Form:
        """The form of these names or objects; without a layout, the first that the inner product takes.

        Args:
            lookup: a name of `qattn.lookups` or a `Lookup`.
            arithmetic: a name of `qattn.arithmetic` or an `InnerProduct`.
            key_layout: "streamed" or "parallel"; None: the first that the inner product takes.

        Returns:
            The form.

        Raises:
            ValueError: when one is unknown or they do not go together.
        """
        found = inner_products.get(arithmetic)
        return cls(lookups.get(lookup), found, found.layouts[0] if key_layout is None else key_layout)

    def __str__(self) -> str:
        """Such as "unary-ripple-streamed"."""
        return f"{self.lookup.name}-{self.arithmetic.name}-{self.key_layout}"

    def compute(self, what: Comparison) -> QuantumCircuit:
        """|j>|0> -> |j>|garbage>, the top qubit of register `score` being 1 exactly when A.X_j >= T."""
        return self.arithmetic.compute(what, self.lookup, self.key_layout)

    def gates(self, what: Comparison) -> Netlist:
        """The gates of `compute`."""
        return self.arithmetic.gates(what, self.lookup, self.key_layout)

    def halves(self, what: Comparison) -> tuple[Netlist, Netlist]:
        """The load and the comparison that `compute` consists of, where it does; see `InnerProduct.halves`."""
        return self.arithmetic.halves(what, self.lookup, self.key_layout)

    def cost(self, what: Comparison, *, by_measurement: bool = True) -> Cost:
        """Cost of one query: the phase form of the oracle, in its measured or its unitary rendering.

        Args:
            what: the integers that are compared.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            The cost, in the conventions of `qattn.synthesis.cost`.
        """
        return self.arithmetic.cost(what, self.lookup, self.key_layout, by_measurement=by_measurement)

    def qubits(self, what: Comparison) -> int:
        """Width of the phase form's circuit."""
        return self.arithmetic.qubits(what, self.lookup, self.key_layout)

    def values(self, what: Comparison) -> list[float]:
        """The row's numbers that `template` leaves open; empty when they are built into the gates."""
        return self.arithmetic.values(what)

    def template(self, what: Comparison) -> tuple[QuantumCircuit, list[Parameter]]:
        """`compute` with the row's numbers left open, and their parameters in the order of `values`."""
        return self.arithmetic.template(what, self.lookup, self.key_layout)

    # several rows, one answer ----------------------------------------------------------------------------------

    @property
    def shares(self) -> bool:
        """Whether several rows are compared after one load of the keys."""
        return self.arithmetic.shares(self.key_layout)

    def any_gates(self, what: AnyOf) -> Netlist:
        """|j>|0> -> |j>|garbage>, the top qubit of register `score` being 1 exactly when any row is reached."""
        return self.arithmetic.any_gates(what, self.lookup, self.key_layout)

    def any_halves(self, what: AnyOf) -> tuple[Netlist, Netlist]:
        """The load and the comparisons that `any_gates` consists of, where it does; see `InnerProduct.any_halves`."""
        return self.arithmetic.any_halves(what, self.lookup, self.key_layout)

    def any_cost(self, what: AnyOf, *, by_measurement: bool = True) -> Cost:
        """Cost of one query with the OR of several rows, in its measured or its unitary rendering.

        Args:
            what: the rows that are compared.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            The cost, in the conventions of `qattn.synthesis.cost`.
        """
        return self.arithmetic.any_cost(what, self.lookup, self.key_layout, by_measurement=by_measurement)

    def any_qubits(self, what: AnyOf) -> int:
        """Width of the phase form's circuit."""
        return self.arithmetic.any_qubits(what, self.lookup, self.key_layout)

    def any_template(self, what: AnyOf) -> tuple[QuantumCircuit, list[Parameter]]:
        """The circuit of `any_gates` with all rows' numbers left open, and their parameters, row after row."""
        return self.arithmetic.any_template(what, self.lookup, self.key_layout)


def all_forms() -> list[Form]:
    """Every lookup with every inner product and layout that go together."""
    return [
        Form(lookups.get(lookup), found, layout)
        for lookup in lookups.names()
        for found in map(inner_products.get, inner_products.names())
        for layout in found.layouts
    ]


def choose(objective: str, what: Comparison) -> Form:
    """The form with the fewest qubits, Toffolis (measured rendering), or least Toffoli depth.

    For "toffoli" and "depth" the inner products made of rotations are left out: they are neither, and dearer than both.

    Args:
        objective: "qubits" (of the unitary rendering), "toffoli" or "depth" (of the measured one).
        what: the integers that are compared.

    Returns:
        One of `all_forms()`.

    Raises:
        ValueError: when the objective is unknown.

    Cost: prices every form by its formulas; circuits are built only for lookups and inner products without any.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective = {objective!r}; choose one of {', '.join(OBJECTIVES)}")
    frugal = objective == "qubits"
    forms = [form for form in all_forms() if frugal or not form.arithmetic.rotations]

    def key(form: Form) -> tuple[int, ...]:
        cost = form.cost(what, by_measurement=not frugal)
        first = {"qubits": cost.qubits, "toffoli": cost.toffoli, "depth": cost.toffoli_depth}[objective]
        return first, cost.toffoli + cost.rotations, cost.qubits

    return min(forms, key=key)
