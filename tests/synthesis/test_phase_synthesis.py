"""Sign circuits and parity networks against their formulas."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Operator

from qattn.synthesis.phase_synthesis import parity_phases, reed_muller, sign_circuit, two_qubit_gates, walsh


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5).flatmap(lambda v: st.lists(st.booleans(), min_size=2**v, max_size=2**v)))
def test_signs_are_exact_with_the_global_phase(truth: list[bool]) -> None:
    expected = np.diag((-1.0) ** np.array(truth))
    assert np.allclose(Operator(sign_circuit(truth)).data, expected, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.integers(0, 15), st.floats(-7, 7), max_size=8))
def test_phases_on_parities(phases: dict[int, float]) -> None:
    x = np.arange(16)
    parity = {y: np.array([bin(j & y).count("1") % 2 for j in x]) for y in phases}
    total = sum((angle * parity[y] for y, angle in phases.items()), np.zeros(16))
    assert np.allclose(Operator(parity_phases(4, phases)).data, np.diag(np.exp(1j * total)), atol=1e-9)


def test_walsh_coefficients_give_the_function_back() -> None:
    values = np.random.default_rng(3).normal(size=16)
    signs = np.array([[(-1.0) ** bin(x & y).count("1") for y in range(16)] for x in range(16)])
    assert np.allclose(signs @ walsh(values), values)


def test_quadratic_functions_cost_one_gate_a_term() -> None:
    x = np.arange(16)
    one = sign_circuit(x == 16)
    two = sign_circuit((x & 1 & x >> 1) ^ (x >> 2 & x >> 3 & 1))
    assert two_qubit_gates(one) == 0
    assert two_qubit_gates(two) == 2
    assert two_qubit_gates(sign_circuit(np.arange(8) == 7)) == 6  # CCZ


@pytest.mark.parametrize("truth", [[], [True], [True] * 3, np.zeros((2, 2)), np.zeros(2**11)])
def test_other_lengths_are_refused(truth) -> None:
    with pytest.raises(ValueError, match="give 2\\^v booleans"):
        sign_circuit(truth)


@given(st.integers(1, 70), st.integers(1, 3), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_reed_muller_is_its_own_inverse_for_any_number_of_rows(n: int, bits: int, seed: int) -> None:
    data = np.random.default_rng(seed).integers(2, size=(n, bits)).astype(bool)
    coefficients = reed_muller(data)
    assert np.array_equal(reed_muller(coefficients), data)
    within = np.array([[m & j == m for m in range(n)] for j in range(n)])
    assert np.array_equal(within.astype(int) @ coefficients % 2, data.astype(int))
