"""The streamed phase oracle: table lookup, phase accumulator, phase form, bit form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.quantum_info import Operator

from qattn import ThresholdOracle
from qattn.lookups import get
from qattn.testing import assert_maps

SIZES = [(1, 2, 2), (2, 1, 1), (3, 2, 3), (5, 3, 2), (8, 2, 3), (13, 3, 3), (16, 2, 3)]


def integers(n: int, d: int, bits: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    half = 2 ** (bits - 1)
    return rng.integers(-half, half, (n, d)), rng.integers(-half, half, d)


@pytest.mark.parametrize("lookup", ["table", "unary"])
@pytest.mark.parametrize(("n", "width"), [(1, 2), (2, 1), (3, 3), (5, 4), (8, 3), (13, 4), (16, 5)])
def test_lookup_xors_the_word_and_cleans_up(lookup: str, n: int, width: int) -> None:
    words = np.random.default_rng(n).integers(0, 2**width, n)
    circuit = get(lookup).build(words, width)
    for x in (0, 2**width - 1):
        inputs = [{"index": j, "word": x} for j in range(n)]
        assert_maps(circuit, inputs, [{"index": j, "word": x ^ int(words[j])} for j in range(n)])


@pytest.mark.parametrize(
    ("n", "d", "bits", "key_layout"),
    [*((*size, "streamed") for size in SIZES), (1, 2, 2, "parallel"), (3, 2, 2, "parallel"), (6, 2, 2, "parallel")],
)
def test_phase_and_bit_form_on_every_basis_input(n: int, d: int, bits: int, key_layout: str) -> None:
    K, q = integers(n, d, bits, n + 1)
    scores = K @ q
    for tau in sorted({int(scores.min()), int(np.median(scores)), int(scores.max()) + 1}):
        oracle = ThresholdOracle.from_row(q, K, tau, bits=bits, key_layout=key_layout)
        marked = scores >= tau
        assert oracle.row.eps == 0
        assert np.array_equal(oracle.marked_set, np.flatnonzero(marked))
        basis = [{"index": j} for j in range(n)]
        assert oracle.qubits == oracle.circuit.num_qubits
        assert_maps(oracle.circuit, basis, basis, phases=np.where(marked, -1, 1))
        for flag in (0, 1):
            inputs = [{"index": j, "flag": flag} for j in range(n)]
            outputs = [{"index": j, "flag": flag ^ int(marked[j])} for j in range(n)]
            assert_maps(oracle.bit_circuit, inputs, outputs)


@pytest.mark.parametrize("arithmetic", ["phase", "ripple"])
@pytest.mark.parametrize("lookup", ["table", "unary"])
@pytest.mark.parametrize(("n", "d", "bits"), [(1, 2, 2), (7, 2, 3), (33, 4, 4), (100, 8, 5)])
def test_executing_the_gates_gives_the_integers(arithmetic, lookup, n, d, bits) -> None:
    K, q = integers(n, d, bits, n)
    scores = K @ q
    for tau in np.quantile(scores, [0, 0.3, 0.9]):
        oracle = ThresholdOracle.from_row(q, K, tau, bits=bits, lookup=lookup, arithmetic=arithmetic)
        assert np.array_equal(oracle.marked(), scores >= tau)


def test_unitary_of_the_phase_oracle_is_the_plain_definition() -> None:
    K, q = integers(4, 1, 2, 3)
    tau = int(np.sort(K @ q)[-2])
    oracle = ThresholdOracle.from_row(q, K, tau, bits=2)
    unitary = Operator(oracle.circuit).data
    clean = np.arange(4)  # index register is lowest; all others |0>
    assert np.allclose(unitary[np.ix_(clean, clean)], np.diag(np.where(K @ q >= tau, -1.0, 1.0)))
    assert np.allclose(unitary @ unitary.conj().T, np.eye(len(unitary)))


@given(
    n=st.integers(1, 9),
    d=st.integers(1, 3),
    bits=st.integers(2, 4),
    seed=st.integers(0, 2**32 - 1),
    quantile=st.floats(0, 1),
)
@settings(max_examples=25, deadline=None)
def test_real_rows_mark_every_member_and_only_what_the_integers_say(n, d, bits, seed, quantile) -> None:
    rng = np.random.default_rng(seed)
    K, q = rng.normal(size=(n, d)), rng.normal(size=d)
    K[rng.integers(n)] = K[0]  # ties
    oracle = ThresholdOracle.from_row(q, K, float(np.quantile(K @ q, quantile)), bits=bits)
    members = np.flatnonzero(oracle.score(np.arange(n)) >= oracle.tau)
    assert set(members) <= set(oracle.marked_set)
    basis = [{"index": j} for j in range(n)]
    marked = np.isin(np.arange(n), oracle.marked_set)
    assert_maps(oracle.circuit, basis, basis, phases=np.where(marked, -1, 1))


def test_width_holds_every_score() -> None:
    K, q = integers(16, 2, 3, 0)
    for tau in range(-40, 41):
        row = ThresholdOracle.from_row(q, K, tau).row
        values = row.T - 1 - K @ q
        assert -(2 ** (row.width - 1)) <= values.min()
        assert values.max() < 2 ** (row.width - 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"q": np.ones(3)}, "shape"),
        ({"K": np.full((4, 2), np.nan)}, "finite"),
        ({"bits": 0}, "bits = 0"),
        ({"rank": 5}, "rank = 5"),
        ({"lookup": "magic"}, "lookup = 'magic'"),
        ({"tau": np.inf}, "finite"),
    ],
)
def test_bad_input_says_what_was_wrong(change: dict, message: str) -> None:
    arguments = {"q": np.ones(2), "K": np.arange(8.0).reshape(4, 2) / 3, "tau": 1.0, **change}
    with pytest.raises(ValueError, match=message):
        _ = ThresholdOracle.from_row(**arguments).circuit
