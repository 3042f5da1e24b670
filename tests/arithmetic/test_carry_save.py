from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import carry_save, compress
from qattn.oracles.design import Form
from qattn.synthesis.gates import measured
from qattn.synthesis.reversible import execute


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_sign_of_every_key(n: int, r: int, bits: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, A = rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (n, r)), rng.integers(-40, 41, r)
    S = X @ A
    T = int(rng.integers(S.min() - 2, S.max() + 3))
    width = 1 + max(max(int(T - 1 - S.min()), 0).bit_length(), max(int(S.max() - T), 0).bit_length())
    circuit = carry_save(A, X, T, bits, width + int(rng.integers(2)), lookup=str(rng.choice(["unary", "select_swap"])))
    assert np.array_equal(execute(circuit, n).bits("score")[:, 0], S >= T)
    run = execute(measured(circuit.compose(circuit.inverse())), n, seed=int(rng.integers(99)))
    assert not run.check_clean("index").signs.any()


@pytest.mark.parametrize(("A", "T"), [([5, -3], -100), ([5, -3], 100), ([0, 0], 0), ([0, 0], 1)])
def test_constant_answers(A: list[int], T: int) -> None:
    X = np.random.default_rng(0).integers(-4, 4, (6, 2))
    circuit = carry_save(np.array(A), X, T, 3, 9)
    assert np.array_equal(execute(circuit, 6).bits("score")[:, 0], X @ np.array(A) >= T)


def test_every_key_bit_combination_alone() -> None:
    """The compressor without a lookup: all 2^8 keys of two 4-bit components."""
    net = network(np.array([7, -5]), 3, 4, 8)
    circuit = compress(net)
    u = np.arange(256)
    keys = sum((u >> bit & 1) << i for i, bit in enumerate(net.keys))
    run = execute(circuit, {"key": keys})
    scores = 7 * ((u & 15) - 8) - 5 * ((u >> 4) - 8)
    assert np.array_equal(run.bits("score")[:, 0], scores >= 3)


def test_streamed_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="parallel"):
        Form.of("unary", "carry_save", "streamed")
