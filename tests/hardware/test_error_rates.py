"""Error rates of a calibration; what it does not have is unknown, and so is all that follows from it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from qiskit.circuit import Measure, Parameter, QuantumCircuit
from qiskit.circuit.library import CZGate, RZGate, SXGate, XGate
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.transpiler import InstructionProperties, Target

import qattn
from qattn.hardware.compile import measure_size, outline
from qattn.hardware.error_rates import error_rate, success

Q, K = np.array([[1.0, 1.0]]), np.array([[1.0, 0], [-1, 1], [0, -1], [-1, -1]])


def target(cz: float | None, readout: float | None = 0.02) -> Target:
    """Two qubits; the CZ has this error rate."""
    made, both = Target(num_qubits=2), ((0,), (1,))
    for gate in (XGate(), SXGate(), RZGate(Parameter("angle"))):
        made.add_instruction(gate, {where: InstructionProperties(error=0.001) for where in both})
    pairs = ((0, 1), (1, 0))
    made.add_instruction(CZGate(), {where: InstructionProperties(error=cz) for where in pairs})
    made.add_instruction(Measure(), {where: InstructionProperties(error=readout) for where in both})
    return made


def circuit() -> QuantumCircuit:
    made = QuantumCircuit(2, 1)
    made.x(0)
    made.cz(0, 1)
    made.barrier()
    made.measure(1, 0)
    return made


def test_an_infidelity_becomes_the_rate_of_a_pauli_channel() -> None:
    made, known = circuit(), target(0.01)
    rates = [error_rate(op, made, known) for op in made.data]
    assert rates == pytest.approx([0.001 * 1.5, 0.01 * 1.25, 0.0, 0.02])
    assert success(made, known) == pytest.approx((1 - 0.0015) * (1 - 0.0125) * 0.98)


@pytest.mark.parametrize("unknown", [None, math.nan])
def test_what_is_not_known_is_not_zero(unknown: float | None) -> None:
    made = circuit()
    for known in (target(unknown), target(0.01, unknown)):
        assert math.isnan(success(made, known))
        size = measure_size(made, known, 2)
        assert math.isnan(size.success)
        assert math.isnan(size.signal)
    assert math.isnan(outline(made, target(unknown)).success)
    assert math.isnan(success(made, Target(num_qubits=2)))  # a gate that the target does not have at all


def test_a_rate_beyond_its_range_is_brought_into_it() -> None:
    made = circuit()
    assert 0 < success(made, target(1.0)) < 1e-9  # what calibration writes for a gate that is off
    assert success(made, target(-0.1)) == success(made, target(0.0))


def test_the_forecast_says_unknown_and_never_that_it_will_work() -> None:
    blank = GenericBackendV2(4, noise_info=False)
    made = qattn.forecast(Q, K, 1.0, backend=blank, seeds=1)
    assert made.verdict == "unknown"
    assert "leaves out error rates of gates that are needed" in made.words
    assert made.to_dict()["verdict"] == "unknown"


def test_a_run_with_unknown_rates_says_so(tmp_path: Path) -> None:
    """One circuit of a run has a rate, another has none: the run's is unknown, not that of the one."""
    from qattn.hardware.ibm import SimulatedProvider
    from qattn.hardware.run import Request, begin, go_on

    backend = GenericBackendV2(4, noise_info=True, seed=1)
    for pair in backend.target["cx"]:
        backend.target.update_instruction_properties("cx", pair, InstructionProperties(duration=1e-7))
    provider = SimulatedProvider.of(backend)
    request = Request("blank", k=1, seeds=1, shots=20)
    folder, seen = begin(tmp_path / "run", Q, K, np.eye(4), np.array(1.0), request, connector=lambda: provider)
    done = go_on(folder, connector=lambda: provider)
    assert seen.verdict == "unknown"
    assert "runs without an error with unknown probability" in done.words
    assert all(math.isnan(chance) for chance in done.facts["success"])
    single = [chance for facts in (folder.read("rounds/000.json"),) for chance in facts["success"]]
    assert any(math.isnan(chance) for chance in single)
    assert not all(math.isnan(chance) for chance in single)
