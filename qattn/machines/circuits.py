"""The circuits behind search jobs: one template per oracle family and number of iterations, transpiled once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from qiskit.circuit import Parameter, QuantumCircuit
from qiskit.transpiler import PassManager

from qattn.oracles.base import with_circuit
from qattn.search.grover import GroverTemplate, grover_template
from qattn.search.protocols import Job


@dataclass(frozen=True)
class Circuits:
    """Builds each Grover circuit once per (oracle family, iterations, slots), transpiled, for the life of one call.

    Attributes:
        pass_manager: transpiles them; None leaves them as they are.
        reset: reset every qubit but the index between iterations.
        built: what has been built.
    """

    pass_manager: PassManager | None = None
    reset: bool = False
    built: dict[tuple[object, ...], GroverTemplate] = field(default_factory=dict, repr=False)

    def template(self, job: Job) -> GroverTemplate:
        """The parametrised circuit of a job."""
        oracle = with_circuit(job.oracle)
        slots = len(job.excluded) if job.iterations else 0
        family = (oracle.n,) if job.iterations == 0 else oracle.family
        key = (family, job.iterations, slots, job.angles)
        if key not in self.built:
            circuit, parameters = oracle.template() if job.iterations else (QuantumCircuit(), [])
            made = grover_template(oracle.n, circuit, parameters, job.iterations, slots, job.angles, reset=self.reset)
            self.built[key] = replace(made, circuit=self.transpiled(made.circuit))
        return self.built[key]

    def bindings(self, job: Job) -> dict[Parameter, float]:
        """The job's value for each open parameter of its template."""
        return self.template(job).bindings(with_circuit(job.oracle).values, job.excluded)

    def bound(self, job: Job) -> QuantumCircuit:
        """The job's circuit with its values put in."""
        return self.template(job).circuit.assign_parameters(self.bindings(job))

    def transpiled(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """The circuit as the sampler's machine takes it."""
        return circuit if self.pass_manager is None else self.pass_manager.run(circuit)
