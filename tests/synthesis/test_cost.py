from __future__ import annotations

import json
import math

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn import ThresholdOracle
from qattn.oracles.design import Form, all_forms
from qattn.synthesis.cost import Cost, and_depth, count, phase_cost
from qattn.synthesis.gates import append, measured
from qattn.synthesis.reversible import execute

SIZES = [(1, 1, 2), (2, 2, 2), (3, 1, 1), (5, 3, 2), (8, 2, 3), (13, 2, 4), (16, 2, 3), (29, 3, 2), (64, 4, 4)]


def oracle(n: int, d: int, b: int, form: Form) -> ThresholdOracle:
    rng = np.random.default_rng(n + d + b)
    K, q = rng.integers(-(2 ** (b - 1)), 2 ** (b - 1), (n, d)), rng.integers(-9, 10, d)
    options = {"lookup": form.lookup, "arithmetic": form.arithmetic, "key_layout": form.key_layout}
    return ThresholdOracle.from_row(q, K, float(np.sort(K @ q)[-(n // 3) - 1]), bits=b, **options)


@pytest.mark.parametrize("form", all_forms(), ids=str)
def test_every_form_marks_the_right_keys_at_the_predicted_cost(form: Form) -> None:
    """Unitary and measured, on all inputs, against plain integers; counted and predicted cost equal in every field."""
    for size in SIZES:
        built = oracle(*size, form)
        unitary, by_measurement = built.circuit, built.measured_circuit
        for circuit in (unitary, by_measurement):
            run = execute(circuit, built.n, seed=size[0]).check_clean("index")
            assert np.array_equal(np.flatnonzero(run.signs), built.marked_set), size
        assert count(unitary) == built.cost(by_measurement=False), size
        assert count(by_measurement) == built.cost(), size
        assert unitary.num_qubits == built.qubits, size


def test_measured_bit_form() -> None:
    built = oracle(16, 2, 3, Form.of("select_swap", "carry_save", "parallel"))
    run = execute(measured(built.bit_circuit), 16, seed=1).check_clean("index", "flag")
    assert np.array_equal(np.flatnonzero(run.values("flag")), built.marked_set)
    assert not run.signs.any()


def test_objectives_choose_what_they_say() -> None:
    built = oracle(64, 4, 4, Form.of("table", "phase", "streamed"))
    costs = {form: oracle(64, 4, 4, form) for form in all_forms()}
    qubits = {form: o.cost(by_measurement=False).qubits for form, o in costs.items()}
    assert qubits[built.best("qubits").form] == min(qubits.values())
    exact = [o.cost() for form, o in costs.items() if form.arithmetic.name != "phase"]
    assert built.best("toffoli").cost().toffoli == min(cost.toffoli for cost in exact)
    assert built.best("depth").cost().toffoli_depth == min(cost.toffoli_depth for cost in exact)
    with pytest.raises(ValueError, match="objective"):
        built.best("speed")
    chosen = ThresholdOracle.from_row(built.q, built.K, built.tau, bits=4, objective="toffoli")
    assert chosen.form == Form.of("select_swap", "carry_save", "parallel")


def test_known_gates() -> None:
    circuit = QuantumCircuit(5)
    circuit.ccx(0, 1, 2)
    circuit.ccx(0, 3, 4)  # shares a control: a fan-out of CNOTs, no Toffoli depth
    circuit.cx(2, 3)
    circuit.mcx([0, 1, 2, 3], 4)
    circuit.t(0)
    circuit.p(0.3, 1)
    circuit.cp(math.pi / 2, 0, 1)
    assert count(circuit) == Cost(5, 7, 7 * 7 + 1 + 3, 3, 0, 6, rotations=1)
    assert json.loads(json.dumps(count(circuit).to_dict()))["toffoli"] == 7


def test_turns_about_other_axes_count_like_phases() -> None:
    circuit = QuantumCircuit(1)
    circuit.ry(0.3, 0)
    circuit.rx(math.pi / 2, 0)
    circuit.u(math.pi / 4, 0.1, 0, 0)
    assert count(circuit) == Cost(1, t=1, rotations=2)


def test_depth_of_operations_is_that_of_the_circuit() -> None:
    """`and_depth` on random operations against `count` on the circuit they make."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        operations: list[tuple[str, tuple[int, ...]]] = []
        circuit = QuantumCircuit(6)
        for _ in range(30):
            name = str(rng.choice(["x", "cx", "and", "undo"]))
            wires = tuple(rng.permutation(6)[: {"x": 1, "cx": 2}.get(name, 3)].tolist())
            operations.append((name, wires))
            append(circuit, name, [circuit.qubits[wire] for wire in wires])
        assert and_depth(operations, by_measurement=False) == count(circuit).toffoli_depth
        assert and_depth(operations) == count(measured(circuit)).toffoli_depth


def test_phase_gates_are_clifford_t_or_rotations() -> None:
    assert phase_cost(math.pi / 2, 0) == Cost()
    assert phase_cost(-math.pi / 4, 0) == Cost(t=1)
    assert phase_cost(math.pi, 1) == Cost(cnot=2)
    assert phase_cost(math.pi / 8, 0) == Cost(rotations=1)
    assert phase_cost(math.pi / 4, 1) == Cost(cnot=2, rotations=3)


@pytest.mark.parametrize(
    "wrong", [("tabel", "phase", "streamed"), ("table", "fase", "streamed"), ("table", "phase", "s")]
)
def test_unknown_forms_are_named(wrong: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="choose one of"):
        Form.of(*wrong)
    with pytest.raises(ValueError, match="parallel"):
        Form.of("unary", "carry_save", "streamed")


@pytest.mark.slow
def test_the_large_instance_is_within_reach() -> None:
    rng = np.random.default_rng(0)
    K, q = rng.integers(-128, 128, (4096, 64)), rng.integers(-128, 128, 64)
    built = ThresholdOracle.from_row(q, K, 120_000.0, bits=8, objective="toffoli")
    circuit = built.measured_circuit
    run = execute(circuit, 4096, seed=5).check_clean("index")
    assert np.array_equal(np.flatnonzero(run.signs), built.marked_set)
    assert count(circuit) == built.cost()
    assert circuit.num_qubits > 2000
    assert built.cost().toffoli <= 4130
