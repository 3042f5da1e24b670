"""Physical machines for a circuit of known logical cost: surface codes and magic-state factories, by QDK."""

from __future__ import annotations

from dataclasses import dataclass

from qattn.arrays import missing_extra
from qattn.synthesis.cost import Cost


@dataclass(frozen=True)
class Physical:
    """A surface-code machine that runs one row, from QDK's resource estimator.

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


def physical(row: Cost, error_rate: float = 1e-3, *, gate_ns: float = 50, budget: float = 1e-2) -> Physical | None:
    """Physical qubits and time of a circuit of this cost; None when no code distance up to 50 is enough.

    Args:
        row: logical cost of the whole run.
        error_rate: physical error rate of gates, measurements and T states.
        gate_ns: gate time.
        budget: probability that anything goes wrong in the run.

    Returns:
        The machine, or None.

    Raises:
        ImportError: without the extra `estimate`.
    """
    try:
        from qdk.estimator import EstimatorError, LogicalCounts
    except ImportError as error:
        raise missing_extra("a physical estimate (QDK)", "estimate") from error
    counts = {
        "numQubits": row.qubits, "ccixCount": row.toffoli, "measurementCount": row.measurements,
        "rotationCount": row.rotations, "rotationDepth": row.rotations,
    }  # fmt: skip
    rates = ("oneQubitMeasurementErrorRate", "oneQubitGateErrorRate", "twoQubitGateErrorRate", "tGateErrorRate")
    times = dict.fromkeys(("oneQubitGateTime", "twoQubitGateTime", "tGateTime"), f"{gate_ns} ns")
    qubit = {
        "instructionSet": "GateBased", "oneQubitMeasurementTime": f"{2 * gate_ns} ns", **times,
        **dict.fromkeys((*rates, "idleErrorRate"), error_rate),
    }  # fmt: skip
    try:
        found = LogicalCounts(counts).estimate({"qubitParams": qubit, "errorBudget": budget})
    except EstimatorError:
        return None
    total = found["physicalCounts"]
    return Physical(
        error_rate, gate_ns, found["logicalQubit"]["codeDistance"], total["physicalQubits"],
        total["breakdown"]["numTfactories"], total["runtime"] * 1e-9,
    )  # fmt: skip
