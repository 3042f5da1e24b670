"""From a job to the circuit a processor runs: bound, folded as far as it goes, laid out where the errors are smallest.

The phase accumulator serves every row with one circuit (see `qattn.machines.sampler`); on hardware two-qubit gates
decide, so here each row has a circuit of its own with its numbers in the gates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

from qiskit.circuit import ClassicalRegister, QuantumCircuit
from qiskit.transpiler import PassManager, Target

from qattn.hardware.error_rates import FREE, properties_of, success
from qattn.hardware.post_selection import ANCILLA, Quality, quality
from qattn.oracles.base import with_circuit
from qattn.search.grover import grover_template
from qattn.search.protocols import Job
from qattn.synthesis.phase_synthesis import two_qubit_gates

VARIANTS, FINALISTS = 12, 3  # circuits of one action that are looked at, and laid out by all seeds
LARGE = 2000  # two-qubit gates from which one layout seed has to do


class NotExecutable(ValueError):
    """A circuit that the processor cannot run as it is."""


def grover_circuit(job: Job, *, ancillas: bool = False) -> QuantumCircuit:
    """The measured Grover circuit of a job, without open parameters; excluded indices get their sign back.

    Args:
        job: the row, its excluded indices and the number of iterations.
        ancillas: measure the oracle's ancillas too, into a classical register `ancilla`.

    Returns:
        A circuit that measures the index into the register `found`.
    """
    return grover_circuits(job, ancillas=ancillas)[0]


def grover_circuits(job: Job, *, ancillas: bool = False, count: int = 1) -> list[QuantumCircuit]:
    """`grover_circuit`, and others of the same action, of which one may need fewer swaps on a processor.

    Args:
        job: the row, its excluded indices and the number of iterations.
        ancillas: measure the oracle's ancillas too.
        count: the most circuits to make.

    Returns:
        One or more circuits.
    """
    n = job.oracle.n
    if job.iterations == 0:
        return [grover_template(n, QuantumCircuit(), [], 0).circuit]
    oracles = with_circuit(job.oracle).compacts(job.excluded, count)
    return [
        _measured(grover_template(n, oracle, [], job.iterations, angles=job.angles).circuit, ancillas)
        for oracle in oracles
    ]


def _measured(circuit: QuantumCircuit, ancillas: bool) -> QuantumCircuit:
    """The circuit with its ancillas measured too, if they are to be."""
    spare = [qubit for register in circuit.qregs if register.name != "index" for qubit in register]
    if ancillas and spare:
        read = ClassicalRegister(len(spare), ANCILLA)
        circuit.add_register(read)
        circuit.measure(spare, read)
    return circuit


@dataclass(frozen=True)
class Size:
    """What a circuit asks of a processor.

    Attributes:
        qubits: physical qubits in use.
        two_qubit_gates: two-qubit gates.
        depth: layers of gates.
        duration_s: seconds from the first gate to the last measurement, NaN where the target has no durations.
        success: probability that nothing errs, see `qattn.hardware.error_rates.success`; NaN where it is unknown.
        kept: share of the shots that show no error, all others being set aside.
        signal: share of all shots that follow the ideal distribution (see `qattn.hardware.post_selection`).
        right: the same among the shots that are kept.
        laid_out: False for `outline`: gates, depth and duration are at least, success is at most what is given.
    """

    qubits: tuple[int, ...]
    two_qubit_gates: int
    depth: int
    duration_s: float
    success: float
    kept: float
    signal: float
    right: float
    laid_out: bool = True


@dataclass(frozen=True)
class Compiler:
    """Circuits for one processor: the preset pass manager at level 3, the best of several layout seeds.

    Attributes:
        target: the processor's gates, errors and durations.
        seeds: layout seeds tried; the circuit with the largest success is kept.
    """

    target: Target
    seeds: int = 8

    @cached_property
    def passes(self) -> list[PassManager]:
        """One pass manager per seed."""
        from qiskit.transpiler import generate_preset_pass_manager

        return [generate_preset_pass_manager(3, target=self.target, seed_transpiler=seed) for seed in range(self.seeds)]

    def job(self, job: Job, *, ancillas: bool = False) -> QuantumCircuit:
        """The ISA circuit of a job with the largest predicted success, among several circuits of its action.

        All are laid out by one seed, and the best few by all.

        Args:
            job: the row, its excluded indices and the number of iterations.
            ancillas: measure the oracle's ancillas too.

        Returns:
            A circuit in the processor's gates, on its qubits.

        Raises:
            NotExecutable: when the processor has too few qubits.
        """
        circuits = grover_circuits(job, ancillas=ancillas, count=VARIANTS if self.seeds > 1 else 1)
        if len(circuits) > 1 and two_qubit_gates(circuits[0]) < LARGE:
            tried = replace(self, seeds=1)
            circuits = sorted(circuits, key=lambda circuit: self._merit(tried.run(circuit)), reverse=True)[:FINALISTS]
        return max((self.run(circuit) for circuit in circuits), key=self._merit)

    def run(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """The ISA circuit with the largest predicted success.

        Raises:
            NotExecutable: when the processor has too few qubits.
        """
        if circuit.num_qubits > (self.target.num_qubits or math.inf):
            raise NotExecutable(
                f"the circuit needs {circuit.num_qubits} qubits, the processor has {self.target.num_qubits}; "
                "use fewer bits, a smaller rank or fewer keys"
            )
        best = self.passes[0].run(circuit)
        if two_qubit_gates(best) < LARGE:
            others = (passes.run(circuit) for passes in self.passes[1:])
            best = max([best, *others], key=self._merit)
        return best

    def _merit(self, isa: QuantumCircuit) -> tuple[float, int]:
        """Success where error rates are known, fewest two-qubit gates where not."""
        chance = success(isa, self.target)
        return (0.0 if math.isnan(chance) else chance), -two_qubit_gates(isa)


def measure_size(circuit: QuantumCircuit, target: Target, n: int | None = None, *, post_select: bool = True) -> Size:
    """The size of an ISA circuit.

    Args:
        circuit: in the processor's gates.
        target: the processor.
        n: number of indices there are, for a measured Grover circuit; None follows no errors.
        post_select: set aside the shots that show an error.

    Returns:
        Its size, and what to expect of its shots.
    """
    used = sorted({circuit.find_bit(qubit).index for op in circuit.data for qubit in op.qubits if op.name not in FREE})
    gates = circuit.depth(lambda op: op.name not in FREE)
    chance = success(circuit, target)
    made = Quality(chance, 1.0, chance, chance) if n is None else quality(circuit, target, n)
    if not post_select:
        made = replace(made, kept=1.0, right=made.signal)
    duration = _duration(circuit, target)
    return Size(tuple(used), two_qubit_gates(circuit), gates, duration, chance, made.kept, made.signal, made.right)


def outline(circuit: QuantumCircuit, target: Target) -> Size:
    """Bounds on the size of a circuit before layout: every pair of qubits connected, by the target's best gate.

    Args:
        circuit: in any gates.
        target: the processor.

    Returns:
        Gates, depth and duration at least, success at most what a layout will have.

    Cost: seconds for a million gates, where layout would take an hour.
    """
    from qiskit import transpile

    flat = transpile(circuit, basis_gates=["rz", "sx", "x", "cz"], optimization_level=1)
    tables = [target[name] or {} for name in target.operation_names]
    gates = [what for table in tables for where, what in table.items() if where and len(where) == 2 and what]
    known = [gate.error for gate in gates if gate.error is not None and not math.isnan(gate.error)]
    error = min(known, default=math.nan)
    length = min((gate.duration for gate in gates if gate.duration is not None), default=math.nan)
    count, used = two_qubit_gates(flat), tuple(range(circuit.num_qubits))
    chance = math.exp(count * math.log1p(-1.25 * error))
    layers = flat.depth(lambda op: len(op.qubits) == 2)
    return Size(used, count, flat.depth(), layers * length, chance, 1.0, chance, chance, laid_out=False)


def check_isa(circuit: QuantumCircuit, target: Target) -> None:
    """Refuse what the target does not have; the runtime's Sampler does not check.

    Args:
        circuit: in the processor's gates.
        target: the processor.

    Raises:
        NotExecutable: names the first instruction that the processor cannot run there.
    """
    for op in circuit.data:
        where = tuple(circuit.find_bit(qubit).index for qubit in op.qubits)
        if op.name in FREE:
            continue
        if op.operation.params and any(hasattr(p, "parameters") for p in op.operation.params):
            raise NotExecutable(f"gate {op.name} on qubits {where} has an open parameter; bind it before submitting")
        if not target.instruction_supported(op.name, where):
            raise NotExecutable(
                f"the processor has no {op.name} on qubits {where}; transpile the circuit for its current target"
            )


def _duration(circuit: QuantumCircuit, target: Target) -> float:
    """The longest path of gate durations, in seconds."""
    ready = [0.0] * circuit.num_qubits
    known = False
    for op in circuit.data:
        where = [circuit.find_bit(qubit).index for qubit in op.qubits]
        length = getattr(properties_of(op, circuit, target), "duration", None)
        known |= length is not None
        end = max((ready[q] for q in where), default=0.0) + (length or 0.0)
        for q in where:
            ready[q] = end
    return max(ready) if known else math.nan
