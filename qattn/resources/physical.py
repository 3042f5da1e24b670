"""Physical machines for a circuit of known logical cost: codes, memories and magic-state factories, by QDK's qre.

A machine of superconducting-like qubits has one error rate for all its operations, gates of `gate_ns` and measurements
of twice that. It computes in rotated surface codes by lattice surgery, one Pauli product after another
(`qattn.resources.clock`), so that CNOTs and fan-out take no time. Qubits that are idle may be kept in a memory of yoked
surface codes (Gidney, Newman, Brooks, Jones, 2312.04522), which is several times denser; every move between memory and
compute area is charged (`qattn.resources.traffic`). Magic states come from the factories of
Litinski (1905.06903), by cultivation (Gidney, Shutty, Jones, 2409.17595), or, for error rates above 1e-3, from rounds
of distillation.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from qattn.arrays import missing_extra
from qattn.resources.clock import cycles
from qattn.resources.traffic import Traffic
from qattn.synthesis.cost import Cost

FARTHEST = 51  # code distance
DISTILLING = [7, 13, 21, 31]  # code distances of rounds of distillation
CODES = ("surface", "surface + 1D-yoked", "surface + 2D-yoked")  # the second: that of the memory
T_STATES = (16, 24)  # per rotation: errors of about 1e-6 and 2e-11
TABULATED = 1e-3  # error rate up to which the factories of the literature are tabulated
WIDEST = 1 << 20  # logical qubits of a workload; qre lists each of them in every operation
MOST = 1 << 60  # cycles of a workload; beyond, no machine is looked for (a year has 2^45 microseconds)
WORST = 2e-3  # error rate beyond which qre finds no factory: a physical round of distillation fails too often to end


@dataclass(frozen=True)
class Physical:
    """A surface-code machine that runs one row, with every qubit in the compute area.

    Attributes:
        error_rate: of every physical operation.
        gate_ns: time of a gate; a measurement takes twice as long.
        code_distance: of the logical qubits.
        qubits: physical qubits, magic-state factories included.
        factories: magic-state factories.
        row_s: seconds for one row.
    """

    error_rate: float
    gate_ns: float
    code_distance: int
    qubits: int
    factories: int
    row_s: float


@dataclass(frozen=True)
class Workload:
    """What a machine is asked to run.

    Attributes:
        name: which circuit, such as the lookup of a row.
        cost: logical cost of the whole run.
        traffic: of the whole run; None: every qubit stays in the compute area.
    """

    name: str
    cost: Cost
    traffic: Traffic | None = None


@dataclass(frozen=True)
class Point:
    """A machine that runs a program: a point of the front of qubits against time.

    Attributes:
        workload: name of the circuit that is run.
        code: one of `CODES`.
        error_rate: of every physical operation.
        gate_ns: time of a gate.
        qubits: physical qubits in all.
        seconds: for the run.
        failure: probability that anything goes wrong in the run.
        code_distance: of the compute area.
        memory_distance: of the surface codes of the memory, 0 without one.
        memory_qubits: physical qubits of the memory.
        factory_qubits: physical qubits of the factories.
        factories: magic-state factories.
        magic: the state they make, "CCX" or "T".
        logical_qubits: that the circuit has.
        logical_memory: of them, those that the memory can hold.
        moves: reads from memory and writes to it in the run.
    """

    workload: str
    code: str
    error_rate: float
    gate_ns: float
    qubits: int
    seconds: float
    failure: float
    code_distance: int
    memory_distance: int
    memory_qubits: int
    factory_qubits: int
    factories: int
    magic: str
    logical_qubits: int
    logical_memory: int
    moves: int


def front(
    workloads: Sequence[Workload], error_rate: float = 1e-3, *, gate_ns: float = 50, budget: float = 1e-2
) -> list[Point]:
    """The machines that no other one beats in both qubits and time, fewest qubits first.

    Args:
        workloads: ways to do the same, such as a row under several lookups and sizes of the compute area.
        error_rate: physical error rate of gates, measurements and T states.
        gate_ns: gate time.
        budget: probability that anything goes wrong in the run.

    Returns:
        Machines of all `CODES`; none when no code distance up to 51 is enough, or beyond `WORST`, `WIDEST` or `MOST`.
        Of several with the same qubits and time, which may differ in `failure`, any one.

    Raises:
        ImportError: without the extra `estimate`.
        ValueError: for a gate of less than 1 ns or a budget that is no probability.

    Cost: about a second for a dozen workloads.
    """
    computed = [one for one in workloads if one.traffic is None]
    stored = [one for one in workloads if one.traffic is not None]
    points = [
        point
        for code in CODES
        for point in _machines(code, computed if code == CODES[0] else stored, error_rate, gate_ns, budget)
    ]
    return non_dominated(points)


def non_dominated(points: Iterable[Point]) -> list[Point]:
    """Those for which no other point has as few qubits and is as fast, fewest qubits first."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda one: (one.qubits, one.seconds)):
        if not kept or point.seconds < kept[-1].seconds:
            kept.append(point)
    return kept


def physical(row: Cost, error_rate: float = 1e-3, *, gate_ns: float = 50, budget: float = 1e-2) -> Physical | None:
    """The surface-code machine without a memory that has the fewest qubits.

    Args:
        row: logical cost of the whole run.
        error_rate: physical error rate of gates, measurements and T states.
        gate_ns: gate time.
        budget: probability that anything goes wrong in the run.

    Returns:
        The machine; None when no code distance up to 51 is enough, or beyond `WORST`, `WIDEST` or `MOST`.

    Raises:
        ImportError: without the extra `estimate`.
    """
    points = non_dominated(_machines(CODES[0], [Workload("row", row)], error_rate, gate_ns, budget))
    if not points:
        return None
    one = points[0]
    return Physical(error_rate, gate_ns, one.code_distance, one.qubits, one.factories, one.seconds)


@cache
def _qre() -> ModuleType:
    os.environ.setdefault("QDK_PYTHON_TELEMETRY", "none")  # nobody who asks for an estimate asked to be counted
    try:
        from qdk import qre
    except ImportError as error:
        raise missing_extra("a physical estimate (QDK)", "estimate") from error
    module: ModuleType = qre
    return module


def _machines(
    code: str, workloads: Sequence[Workload], error_rate: float, gate_ns: float, budget: float
) -> Iterator[Point]:
    """Machines of one code: those that no other of the same code beats."""
    if gate_ns < 1 or not 0 < budget < 1:
        raise ValueError(f"gate_ns = {gate_ns}, budget = {budget}; give 1 ns or more and a probability between 0 and 1")
    qre = _qre()
    from qdk.qre import models
    from qdk.qre import property_keys as keys

    workloads = [one for one in workloads if one.cost.qubits <= WIDEST and _steps(one) < MOST]
    if not workloads or not 0 < error_rate <= WORST:
        return
    isa = models.SurfaceCode.q(distance=_distances(workloads, error_rate, budget))
    if code != CODES[0]:
        yoked = models.OneDimensionalYokedSurfaceCode if code == CODES[1] else models.TwoDimensionalYokedSurfaceCode
        isa = isa * yoked.q()
    if error_rate <= TABULATED:
        isa = isa * (models.MagicUpToClifford.q(source=models.Litinski19Factory.q()) + models.GSJ24Factory.q())
    else:
        isa = isa * models.RoundBasedFactory.q(use_cache=False, code_query=models.SurfaceCode.q(distance=DISTILLING))
    rotations = list(T_STATES) if any(one.cost.rotations for one in workloads) else [T_STATES[0]]
    transforms = qre.PSSPC.q(ccx_magic_states=[True, False], num_ts_per_rotation=rotations) * qre.LatticeSurgery.q()
    machine = models.GateBased(error_rate=error_rate, gate_time=round(gate_ns), measurement_time=round(2 * gate_ns))
    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it did not find
        found = qre.estimate(_application(workloads), machine, isa, transforms, max_error=budget)
    for entry in found:
        yield _point(entry, workloads[int(entry.properties[keys.NAME])], code, error_rate, gate_ns)


def _distances(workloads: Sequence[Workload], error_rate: float, budget: float) -> list[int]:
    """Code distances worth a look: up to the one at which the largest workload surely stays within its budget."""
    volume = max(4 * one.cost.qubits * _steps(one) for one in workloads)
    halves = math.log(max(volume, 1) / budget) / math.log(0.01 / error_rate)  # (rate / threshold)^halves is enough
    return list(range(3, min(2 * math.ceil(halves) + 3, FARTHEST) + 1, 2))


def _steps(workload: Workload) -> int:
    """At most so many cycles, factories apart."""
    return cycles(workload.cost, writes=_moves(workload)) + max(T_STATES) * workload.cost.rotations


def _moves(workload: Workload) -> int:
    return 0 if workload.traffic is None else workload.traffic.reads + workload.traffic.writes


def _application(workloads: Sequence[Workload]) -> Any:
    """The workloads as one application of qre, a trace for each, which carries its place in the list."""
    from qdk.qre import Application
    from qdk.qre import property_keys as keys

    class Runs(Application[None]):  # type: ignore[misc]
        def get_trace(self, parameters: None = None) -> Any:
            return _trace(workloads[0])

        def enumerate_traces(self, **options: Any) -> Iterator[Any]:
            for place, workload in enumerate(workloads):
                trace = _trace(workload)
                trace.set_property(keys.NAME, str(place))
                yield trace

    return Runs()


def _trace(workload: Workload) -> Any:
    from qdk.qre import Trace
    from qdk.qre import instruction_ids as ids

    cost, traffic = workload.cost, workload.traffic
    compute = max(cost.qubits if traffic is None else traffic.compute, 3)
    trace = Trace(compute)
    counts = [(ids.CCX, cost.toffoli, [0, 1, 2]), (ids.MEAS_Z, cost.measurements, [0]), (ids.RZ, cost.rotations, [0])]
    if traffic is not None:
        trace.memory_qubits = _rectangle(traffic.memory)
        counts += [(ids.READ_FROM_MEMORY, traffic.reads, [0, compute])]
        counts += [(ids.WRITE_TO_MEMORY, traffic.writes, [0, compute])]
    for instruction, repeats, wires in counts:
        if repeats:
            trace.add_block(repetitions=repeats).add_operation(instruction, wires)
    return trace


def _rectangle(memory: int) -> int:
    """The next number of qubits that fills a rectangle close to a square, as the two-dimensional yoked code wants."""
    side = max(round(math.sqrt(memory)), 1)
    return side * -(-memory // side)


def _point(entry: Any, workload: Workload, code: str, error_rate: float, gate_ns: float) -> Point:
    from qdk.qre import instruction_ids as ids
    from qdk.qre import instruction_name
    from qdk.qre import property_keys as keys

    source = entry.source
    roots = [source.nodes[root].instruction for root in source.roots]
    distances = {one.id: one.get_property_or(keys.DISTANCE, 0) for one in roots}
    magic, made = next(iter(entry.factories.items()), (None, None))
    properties, traffic = entry.properties, workload.traffic
    return Point(
        workload.name, code, error_rate, gate_ns, entry.qubits, entry.runtime * 1e-9, entry.error,
        distances.get(ids.LATTICE_SURGERY, 0), distances.get(ids.MEMORY, 0),
        properties.get(keys.PHYSICAL_MEMORY_QUBITS, 0), properties.get(keys.PHYSICAL_FACTORY_QUBITS, 0),
        made.copies if made else 0, instruction_name(magic) if magic is not None else "",
        workload.cost.qubits if traffic is None else traffic.compute + traffic.memory,
        0 if traffic is None else traffic.memory, _moves(workload),
    )  # fmt: skip
