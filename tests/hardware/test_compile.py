"""Circuits for a processor: the right search, small, laid out well, and refused when the target cannot run them."""

import numpy as np
import pytest
from qiskit.circuit import Parameter, QuantumCircuit
from qiskit.providers.fake_provider import GenericBackendV2

from qattn.hardware.compile import (
    Compiler,
    NotExecutable,
    check_isa,
    grover_circuit,
    measure_size,
    success,
)
from qattn.hardware.simulated import onto, used_qubits
from qattn.oracles import families
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.protocols import Job
from qattn.search.rotation import hit_probability
from qattn.synthesis.phase_synthesis import two_qubit_gates

TARGET = GenericBackendV2(6, coupling_map=[[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]], seed=1).target
KEYS = np.random.default_rng(5).integers(-2, 2, (8, 2))


def hits(circuit: QuantumCircuit, wanted: list[int]) -> float:
    """Exact probability of measuring one of the wanted indices."""
    from qiskit.quantum_info import Statevector

    bits = [circuit.find_bit(op.qubits[0]).index for op in circuit.data if op.name == "measure"]
    order = [circuit.find_bit(op.clbits[0]).index for op in circuit.data if op.name == "measure"]
    measured = [bits[order.index(i)] for i in range(len(bits))]
    state = Statevector(circuit.remove_final_measurements(inplace=False))
    return float(sum(state.probabilities(measured)[j] for j in wanted))


@pytest.mark.parametrize("kind", ["arithmetic", "truth_table"])
@pytest.mark.parametrize("m", [0, 1, 2])
def test_ideal_statistics_after_layout(kind: str, m: int) -> None:
    oracle = ThresholdOracle.from_row([1, 1], KEYS, 1)
    marked = oracle.marked_set
    circuit = Compiler(GenericBackendV2(7, seed=1).target, seeds=1).run(
        grover_circuit(Job(families.get(kind)(oracle), m))
    )
    check_isa(circuit, GenericBackendV2(7, seed=1).target)
    assert hits(circuit, list(marked)) == pytest.approx(hit_probability(8, marked.size, m), abs=1e-9)


@pytest.mark.parametrize("kind", ["arithmetic", "truth_table"])
def test_excluded_indices_are_no_longer_marked(kind: str) -> None:
    oracle = ThresholdOracle.from_row([1, 1], KEYS, 1)
    known, *rest = (int(j) for j in oracle.marked_set)
    circuit = grover_circuit(Job(families.get(kind)(oracle), 1, excluded=(known,)))
    assert hits(circuit, rest) == pytest.approx(hit_probability(8, len(rest), 1), abs=1e-9)


def test_success_is_the_product_over_gates_and_readouts() -> None:
    circuit = QuantumCircuit(6, 1)
    circuit.cx(0, 1)
    circuit.x(1)
    circuit.measure(1, 0)
    cx, x, read = (TARGET[name][where].error for name, where in (("cx", (0, 1)), ("x", (1,)), ("measure", (1,))))
    assert success(circuit, TARGET) == pytest.approx((1 - 1.25 * cx) * (1 - 1.5 * x) * (1 - read))
    size = measure_size(circuit, TARGET)
    assert (size.qubits, size.two_qubit_gates, size.depth) == ((0, 1), 1, 3)
    lengths = (TARGET["cx"][0, 1], TARGET["x"][1,], TARGET["measure"][1,])
    assert size.duration_s == pytest.approx(sum(props.duration for props in lengths))


def test_more_layout_seeds_never_do_worse() -> None:
    circuit = grover_circuit(Job(ThresholdOracle.from_row([1, 1], KEYS[:4], 1), 1))
    one, many = (success(Compiler(TARGET, seeds).run(circuit), TARGET) for seeds in (1, 6))
    assert many >= one


def test_what_a_processor_cannot_run_is_named() -> None:
    far, odd, parametrised = QuantumCircuit(6), QuantumCircuit(6), QuantumCircuit(6)
    far.cx(0, 5)
    odd.ccz(0, 1, 2)
    parametrised.rz(Parameter("a"), 0)
    for circuit, words in ((far, "no cx on qubits"), (odd, "no ccz"), (parametrised, "open parameter")):
        with pytest.raises(NotExecutable, match=words):
            check_isa(circuit, TARGET)
    with pytest.raises(NotExecutable, match="the processor has 6"):
        Compiler(TARGET).run(QuantumCircuit(7))
    with pytest.raises(ValueError, match="choose one of arithmetic, truth_table"):
        families.get("magic")


@pytest.mark.slow
def test_an_iterate_over_eight_keys_is_small_on_a_processor() -> None:
    """Median CZ of four random rows, (n, d, bits) = (8, 2, 2), level 3 on fake_torino: at most 95, and right."""
    pytest.importorskip("qiskit_ibm_runtime")
    from qattn.hardware.ibm import fake_backend

    compiler, counts = Compiler(fake_backend("fake_torino").target, 8), []
    for seed in range(4):
        rng = np.random.default_rng([8, seed])
        K, q = rng.integers(-2, 2, (8, 2)), rng.integers(1, 3, 2)
        oracle = ThresholdOracle.from_row(q, K, int((K @ q).max()))
        made = compiler.job(Job(oracle, 1))
        counts.append(two_qubit_gates(made))
        count = oracle.marked_set.size
        small = onto(made, used_qubits([made]))
        assert hits(small, list(oracle.marked_set)) == pytest.approx(hit_probability(8, count, 1), abs=1e-9)
    assert np.median(counts) <= 95
