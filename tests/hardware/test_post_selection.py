"""Post-selection: ancillas measured, spoilt shots set aside, the kept share and the hits forecast."""

import math

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.transpiler import InstructionProperties, Target

from qattn.hardware.compile import Compiler, grover_circuit, measure_size
from qattn.hardware.error_rates import error_rate, success
from qattn.hardware.ibm import fake_backend
from qattn.hardware.post_selection import ANCILLA, INDEX, Shots, quality
from qattn.hardware.simulated import noisy_simulator, onto, used_qubits
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.protocols import SET_ASIDE, Job

KEYS = np.random.default_rng(3).integers(-2, 2, (8, 2))
ORACLE = ThresholdOracle.from_row([1, 2], KEYS, float((KEYS @ [1, 2]).max()))  # marks one key


def test_shots_that_show_an_error_are_set_aside() -> None:
    shots = Shots(np.array([0, 1, 2, 5, 7]), np.array([0, 1, 0, 0, 0]))
    assert shots.kept(6).tolist() == [0, SET_ASIDE, 2, 5, SET_ASIDE]


def test_without_noise_every_ancilla_is_back() -> None:
    from qiskit.primitives import StatevectorSampler

    circuit = grover_circuit(Job(ORACLE, 2), ancillas=True)
    data = StatevectorSampler(seed=1).run([circuit], shots=300).result()[0].data
    assert data[ANCILLA].num_bits >= 1
    assert set(data[ANCILLA].get_int_counts()) == {0}
    assert circuit.num_clbits == circuit.num_qubits
    plain = grover_circuit(Job(ORACLE, 2))
    assert [register.name for register in plain.cregs] == [INDEX]


@pytest.mark.parametrize("backend", ["fake_torino", "fake_fez"])
@pytest.mark.parametrize("m", [1, 2])
def test_the_forecast_is_what_the_simulation_measures(backend: str, m: int) -> None:
    target = fake_backend(backend).target
    circuit = Compiler(target, 2).run(grover_circuit(Job(ORACLE, m), ancillas=True))
    size, qubits = measure_size(circuit, target, 8), used_qubits([circuit])
    run = noisy_simulator(target, qubits).run(onto(circuit, qubits), shots=8000, seed_simulator=5)
    counts = {tuple(word.split()): count for word, count in run.result().get_counts().items()}
    clean = {int(index, 2): count for (ancilla, index), count in counts.items() if int(ancilla, 2) == 0}
    kept = sum(clean.values()) / 8000
    marked = ORACLE.marked_set.tolist()
    share, t = len(marked) / 8, len(marked)
    ideal = math.sin((2 * m + 1) * math.asin(math.sqrt(t / 8))) ** 2
    hits = sum(count for (_, index), count in counts.items() if int(index, 2) in marked) / 8000
    selected = sum(clean.get(j, 0) for j in marked) / sum(clean.values())
    assert abs(size.kept - kept) < 0.05
    assert abs(size.signal * ideal + (1 - size.signal) * share - hits) < 0.05
    assert abs(size.right * ideal + (1 - size.right) * share - selected) < 0.05
    assert t == 1
    assert kept < 0.97
    assert selected > hits  # it is worth it


def hand_made() -> tuple[QuantumCircuit, Target]:
    """A flip of the index that only the readout errs on, and an ancilla that only its gate errs on."""
    index, ancilla = QuantumRegister(1, "q"), QuantumRegister(1, "a")
    found, read = ClassicalRegister(1, INDEX), ClassicalRegister(1, ANCILLA)
    circuit = QuantumCircuit(index, ancilla, found, read)
    circuit.x(0)
    circuit.sx(1)
    circuit.sxdg(1)
    circuit.measure([0, 1], [0, 1])
    target = Target(num_qubits=2)
    from qiskit.circuit.library import Measure, SXdgGate, SXGate, XGate

    for gate, rates in ((XGate(), (0, 0)), (SXGate(), (0, 0)), (SXdgGate(), (0, 0.2)), (Measure(), (0.1, 0))):
        target.add_instruction(gate, {(q,): InstructionProperties(error=rate) for q, rate in enumerate(rates)})
    return circuit, target


def test_kept_and_right_by_hand() -> None:
    """The ancilla errs with 1.5 * .2 and shows it in two of three Paulis; the readout errs with .1, unseen."""
    made = quality(*hand_made(), 2, draws=20_000)
    assert made.success == pytest.approx(0.7 * 0.9)
    assert made.kept == pytest.approx(1 - 0.3 * 2 / 3, abs=0.01)
    # the index is right in 9 of 10 shots; of those that are uniform half are right as well
    assert made.signal == pytest.approx(0.8, abs=0.08)
    assert made.success <= made.signal <= 1
    assert made.right >= made.success


def test_unknown_error_rates_are_unknown_and_not_zero() -> None:
    circuit, target = hand_made()
    for rate in (None, math.nan):
        target.update_instruction_properties("x", (0,), InstructionProperties(error=rate))
        assert math.isnan(error_rate(circuit.data[0], circuit, target))
        assert math.isnan(success(circuit, target))
        assert math.isnan(quality(circuit, target, 2).kept)


def test_a_forecast_without_error_rates_says_unknown() -> None:
    import qattn

    ideal = GenericBackendV2(5, noise_info=False, seed=1)
    made = qattn.forecast([[1.0, 1.0]], [[1.0, 0], [-1, 1], [0, -1], [-2, -1]], 1.0, backend=ideal, seeds=1)
    assert made.verdict == "unknown"
    assert "leaves out error rates" in made.words
    assert made.longest == 1
