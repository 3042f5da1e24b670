"""The recorded state against the state vector, and registers that stay in the Fourier basis."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.arithmetic.base import phase_form
from qattn.oracles.threshold import ThresholdOracle
from qattn.show.gallery import FORMS
from qattn.show.stages import cut, registers
from qattn.show.stepper import step
from qattn.show.trace import NotALabel, trace
from qattn.simulator import statevector


def instance(n: int = 13, form: str = "textbook") -> ThresholdOracle:
    K = np.random.default_rng(5).integers(-4, 4, size=(n, 3))
    return ThresholdOracle.from_row([3, -1, 2], K, 5, bits=3).formed(FORMS[form])


def test_any_circuit_equals_its_state_vector() -> None:
    a, b, c = QuantumRegister(2, "a"), QuantumRegister(3, "b"), QuantumRegister(1, "c")
    circuit = QuantumCircuit(a, b, c, global_phase=0.3)
    circuit.h(a)
    circuit.barrier(label="copy")
    circuit.cx(a[0], b[1])
    circuit.cx(a[1], b[2])
    circuit.barrier()
    circuit.ccx(b[1], b[2], c[0])
    circuit.cp(0.7, a[0], c[0])
    circuit.barrier()
    circuit.cx(a[1], b[2])
    steps = step(circuit)
    assert [stage.name for stage in steps.stages] == ["|0...0>", "write a", "copy", "write c", "write b"]
    assert steps.label == "a"
    state = statevector(circuit)
    ours = np.zeros(64, dtype=complex)
    last = steps.stages[-1]
    for row, amplitude in enumerate(last.amplitudes):
        values = [last.columns[name].values[row] for name in "abc"]
        if None not in values:
            ours[values[0] | values[1] << 2 | values[2] << 5] = amplitude  # type: ignore[operator]
    np.testing.assert_allclose(ours, state, atol=1e-12)
    assert step(phase_form(instance(4).compute())).label is not None


@pytest.mark.parametrize("value", [0, 1, 5, 7])
def test_a_held_register_is_read_in_the_fourier_basis(value: int) -> None:
    """The integer is the one whose Fourier transform the qubits hold, by Qiskit's own phases."""
    circuit = QuantumCircuit(QuantumRegister(1, "index"), QuantumRegister(3, "score"))
    circuit.h(0)
    circuit.barrier()
    for r in range(3):
        circuit.h(1 + r)
        circuit.p(2 * np.pi * value / 2 ** (r + 1), 1 + r)
    for r in range(3):
        circuit.cp(2 * np.pi / 2 ** (r + 1), 0, 1 + r)
    places = registers(circuit)
    last = trace(cut(circuit), places, "index")[-1]
    assert last.fourier == {"score"}
    assert dict(zip(last.words["index"], last.words["score"], strict=True)) == {0: value, 1: (value + 1) % 8}
    written = trace(cut(circuit), places, None)[-1]
    assert not written.fourier
    assert len(written.amplitudes) == 16


def test_phases_that_are_no_integer_are_written_out() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "index"), QuantumRegister(2, "score"))
    circuit.h([0, 1, 2])
    circuit.p(0.3, 1)
    with pytest.raises(NotALabel):
        trace(cut(circuit), registers(circuit), "index")
    steps = step(circuit)
    assert steps.label is None
    np.testing.assert_allclose(sorted(np.abs(steps.stages[-1].amplitudes)), [8**-0.5] * 8)


def test_registers_wider_than_a_machine_word() -> None:
    circuit = QuantumCircuit(QuantumRegister(80, "wide"))
    circuit.x(79)
    circuit.h(0)
    assert step(circuit).integers(1, "wide") == [None, 1 << 79, (1 << 79) + 1]
