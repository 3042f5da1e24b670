"""Bit form, phase form, unitary and measured renderings as state vectors on Aer, ancillas included."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from qiskit import transpile
from qiskit.circuit import QuantumCircuit
from qiskit_aer import AerSimulator

from qattn import ThresholdOracle
from qattn.oracles.design import Form, all_forms
from qattn.search.grover import uniform
from qattn.synthesis.gates import measured, unitary

MOST_QUBITS = 16
SMALL = {
    # 16 qubits or fewer leave room for different sizes; (n, d, bits)
    "phase": [(16, 2, 3), (5, 3, 2), (6, 2, 2), (4, 1, 2), (2, 1, 2)],
    "ripple": [(8, 2, 2), (6, 2, 2), (4, 1, 2), (2, 2, 2), (2, 1, 2)],
    "carry_save": [(8, 2, 2), (6, 2, 2), (5, 1, 3), (4, 1, 2), (2, 2, 2)],
}


def oracles(form: Form) -> list[ThresholdOracle]:
    found = []
    for n, d, b in SMALL[form.arithmetic.name]:
        rng = np.random.default_rng(n + d + b)
        K, q = rng.integers(-(2 ** (b - 1)), 2 ** (b - 1), (n, d)), rng.integers(1, 4, d)
        options = {"lookup": form.lookup, "arithmetic": form.arithmetic, "key_layout": form.key_layout}
        oracle = ThresholdOracle.from_row(q, K, float(np.median(K @ q)), bits=b, **options)
        if oracle.measured_circuit.num_qubits < MOST_QUBITS:  # one more for the bit form's flag
            found.append(oracle)
    return found


def final_states(circuit: QuantumCircuit, n: int, seeds: int) -> Iterator[np.ndarray]:
    """State after the uniform start and the circuit, one run per seed."""
    whole = circuit.copy_empty_like()
    whole.compose(uniform(n), whole.qregs[0], inplace=True)
    whole.compose(circuit, whole.qubits, whole.clbits, inplace=True)
    whole.save_statevector()
    backend = AerSimulator(method="statevector", max_parallel_threads=1, fusion_enable=False)
    ready = transpile(whole, backend, optimization_level=0)
    for seed in range(seeds):
        yield np.asarray(backend.run(ready, shots=1, seed_simulator=seed).result().get_statevector())


def expected_state(oracle: ThresholdOracle, qubits: int, flag: bool) -> np.ndarray:
    """Signs on |j>|0...0>, or the answer in the last qubit."""
    state, marks = np.zeros(2**qubits, dtype=complex), oracle.marks(np.arange(oracle.n))
    for j, marked in enumerate(marks):
        if flag:
            state[j + (int(marked) << (qubits - 1))] = oracle.n**-0.5
        else:
            state[j] = oracle.n**-0.5 * (-1) ** int(marked)
    return state


def check(oracle: ThresholdOracle, seeds: int) -> None:
    for flag, circuit in ((False, oracle.circuit), (True, oracle.bit_circuit)):
        gates = unitary(circuit)
        expected = expected_state(oracle, gates.num_qubits, flag)
        assert np.allclose(next(final_states(gates, oracle.n, 1)), expected, atol=1e-9)
        by_measurement = measured(circuit)
        extra = by_measurement.num_qubits - gates.num_qubits
        padded = np.concatenate([expected, np.zeros((2**extra - 1) * expected.size)])
        if by_measurement.num_clbits:
            for seed, state in enumerate(final_states(by_measurement, oracle.n, seeds)):
                assert abs(np.vdot(padded, state) - 1) < 1e-9, (oracle.n, flag, seed)


FORMS = pytest.mark.parametrize("form", all_forms(), ids=str)


@FORMS
def test_all_renderings_give_the_same_state(form: Form) -> None:
    check(oracles(form)[0], seeds=6)


@FORMS
@pytest.mark.slow
def test_more_instances_and_many_outcomes(form: Form) -> None:
    for oracle in oracles(form):
        check(oracle, seeds=40)
