"""The folded arithmetic oracle: every key, every phase, and the size that makes it fit hardware."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import transpile

from qattn.oracles.folded import cx_gates, folded_oracle, folded_oracles, key_bits
from qattn.oracles.threshold import ThresholdOracle
from qattn.synthesis.phase_synthesis import two_qubit_gates
from qattn.testing import assert_maps


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 8), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_it_marks_exactly_the_scores_at_or_above_T(n: int, d: int, bits: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    half = 2 ** (bits - 1)
    X, A, T = rng.integers(-half, half, (n, d)), rng.integers(-3, 4, d), int(rng.integers(-5, 6))
    states = [{"index": j} for j in range(n)]
    assert_maps(folded_oracle(X, bits, A, T), states, states, phases=(-1.0) ** (X @ A >= T))


@settings(max_examples=15, deadline=None)
@given(st.integers(9, 16), st.integers(1, 2), st.integers(1, 2), st.integers(0, 2**32 - 1))
def test_it_does_with_four_index_bits(n: int, d: int, bits: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    half = 2 ** (bits - 1)
    X, A, T = rng.integers(-half, half, (n, d)), rng.integers(-3, 4, d), int(rng.integers(-5, 6))
    states = [{"index": j} for j in range(n)]
    assert_maps(folded_oracle(X, bits, A, T), states, states, phases=(-1.0) ** (X @ A >= T))


def test_sixteen_keys_take_about_a_hundred_cx() -> None:
    """Monomial by monomial, without parities and loaded products as factors, it is 160 and more."""
    rng, counts = np.random.default_rng(0), []
    for _ in range(4):
        X = rng.integers(-2, 2, (16, 2))
        made = folded_oracle(X, 2, np.array([1, 2]), 1)
        counts.append(transpile(made, basis_gates=["u", "cx"], optimization_level=0).count_ops()["cx"])
    assert np.mean(counts) <= 115


def test_excluded_indices_keep_their_sign() -> None:
    rng = np.random.default_rng(2)
    X, A = rng.integers(-2, 2, (8, 2)), np.array([1, 2])
    marked = X @ A >= 0
    known = np.flatnonzero(marked)[:2]
    states = [{"index": j} for j in range(8)]
    left = marked & ~np.isin(np.arange(8), known)
    assert_maps(folded_oracle(X, 2, A, 0, tuple(known)), states, states, phases=(-1.0) ** left)


def test_at_four_keys_it_is_an_order_of_magnitude_below_the_accumulator() -> None:
    K = np.array([[1, 0], [-1, 1], [0, -1], [-1, -1]])
    oracle = ThresholdOracle.from_row([1, 1], K, 1)
    folded = folded_oracle(oracle.keys.X, oracle.keys.bits, oracle.row.A, oracle.row.T)
    assert folded.num_qubits == 3
    assert two_qubit_gates(folded.decompose(["rccx"])) <= 12
    assert two_qubit_gates(oracle.circuit.decompose(["ccx"])) > 60


def test_linear_key_bits_need_no_qubit() -> None:
    X = np.array([[1, -1], [-1, 1], [1, 1], [-1, -1]])  # signs: parities of the index bits
    weights, spectra = key_bits(X, 2, np.array([1, 1]))
    assert len(weights) == 4
    assert all(mask in (0, 1, 2, 3) for spectrum in spectra for mask in spectrum)
    assert folded_oracle(np.array([[1, 1], [-1, 1], [1, -1], [-1, -1]]), 2, np.array([1, 1]), 2).num_qubits == 2


def test_what_does_not_fold_says_what_to_do() -> None:
    X = np.random.default_rng(0).integers(-8, 8, (16, 4))
    with pytest.raises(ValueError, match="Use fewer bits or a smaller rank"):
        folded_oracle(X, 4, np.array([3, -2, 5, 1]), 2)


def test_other_orders_make_other_circuits_of_the_same_action() -> None:
    X = np.random.default_rng(3).integers(-2, 2, (8, 2))
    A, known = np.array([2, 1]), (1,)
    made = folded_oracles(X, 2, A, 1, known, count=6)
    left = (X @ A >= 1) ^ np.isin(np.arange(8), known)
    states = [{"index": j} for j in range(8)]
    for circuit in made:
        assert_maps(circuit, states, states, phases=(-1.0) ** left)
    assert len(made) == 6
    assert len({str(circuit.draw("text")) for circuit in made}) > 1


def test_the_cheapest_of_many_is_taken() -> None:
    """Rows of 8 keys, 2 components, 2 bits: 60 CX and more where one form is built and not compared with others."""
    rng, counts = np.random.default_rng(5), []
    for _ in range(6):
        X, A = rng.integers(-2, 2, (8, 2)), rng.integers(1, 3, 2)
        few, many = (folded_oracles(X, 2, A, 2, count=count) for count in (1, 8))
        assert cx_gates(many[0]) <= cx_gates(few[0])
        assert [cx_gates(made) for made in many] == sorted(map(cx_gates, many))
        assert cx_gates(few[0]) == transpile(few[0], basis_gates=["u", "cx"], optimization_level=0).count_ops()["cx"]
        counts.append(cx_gates(many[0]))
    assert max(counts) <= 50
    assert np.median(counts) <= 40


def test_many_keys_are_refused_before_any_product_is_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    """Products are sought among all pairs of factors: not for a thousand keys."""
    rng = np.random.default_rng(0)
    monkeypatch.setattr("qattn.oracles.folded.products", None)
    with pytest.raises(ValueError, match="folding goes up to 10 qubits"):
        folded_oracle(rng.integers(-8, 8, (1024, 4)), 4, np.array([3, -2, 5, 1]), 2)


@pytest.mark.parametrize("n", [16, 32, 512])
def test_few_products_of_many_index_bits(n: int) -> None:
    """Linear bits, and one product of two index bits: as many keys as the sign circuit has room for."""
    j = np.arange(n)
    X = np.stack([-(j & 1), -((j >> 1 & 1) & (j >> 2 & 1))], axis=1)
    circuit = folded_oracle(X, 1, np.array([1, 1]), -1)
    assert circuit.num_qubits == n.bit_length()
    states = [{"index": int(i)} for i in j[:: max(1, n // 16)]]
    phases = (-1.0) ** (X.sum(axis=1) >= -1)
    assert_maps(circuit, states, states, phases=phases[:: max(1, n // 16)])
