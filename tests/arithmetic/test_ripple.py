from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.arithmetic.ripple import add, ripple, signed_digits
from qattn.synthesis.gates import measured, unitary
from qattn.synthesis.reversible import execute


@given(st.integers(-(2**40), 2**40))
@settings(deadline=None, max_examples=100)
def test_signed_digits_sum_to_the_number_and_never_touch(a: int) -> None:
    digits = signed_digits(a)
    assert sum(sign << position for position, sign in digits) == a
    positions = [position for position, _ in digits]
    assert all(q - p >= 2 for p, q in itertools.pairwise(positions))


@pytest.mark.parametrize(("a_bits", "t_bits"), [(1, 1), (1, 4), (3, 3), (2, 5), (4, 2)])
def test_adder_on_every_input(a_bits: int, t_bits: int) -> None:
    a, t, carry = (QuantumRegister(s, name) for s, name in ((a_bits, "a"), (t_bits, "t"), (t_bits - 1, "carry")))
    circuit = QuantumCircuit(a, t, carry)
    add(circuit, list(a), list(t), list(carry))
    left, right = np.divmod(np.arange(2 ** (a_bits + t_bits)), 2**t_bits)
    for render in (unitary, measured):
        run = execute(render(circuit), {"a": left, "t": right}, seed=1).check_clean("a", "t")
        assert np.array_equal(run.values("t"), (left + right) % 2**t_bits)
        assert np.array_equal(run.values("a"), left)
        assert not run.signs.any()


@pytest.mark.parametrize("layout", ["streamed", "parallel"])
@pytest.mark.parametrize(("n", "r", "bits"), [(1, 1, 1), (5, 2, 3), (16, 2, 3), (33, 3, 1), (64, 4, 4), (7, 5, 2)])
def test_score_of_every_key(n: int, r: int, bits: int, layout: str) -> None:
    rng = np.random.default_rng(n + r)
    X, A = rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (n, r)), rng.integers(-9, 10, r)
    S = X @ A
    T = int(np.sort(S)[n // 2])
    width = 1 + max(abs(T - 1 - int(S.min())), abs(T - 1 - int(S.max()))).bit_length()
    circuit = ripple(A, X, T, bits, width, key_layout=layout)
    run = execute(circuit, n).check_clean("index", "key", "score")
    assert np.array_equal(run.values("score"), (T - 1 - S) % 2**width)
    assert np.array_equal(run.bits("score")[:, -1], S >= T)
    back = circuit.compose(circuit.inverse())
    assert not execute(measured(back), n, seed=2).check_clean("index").signs.any()
