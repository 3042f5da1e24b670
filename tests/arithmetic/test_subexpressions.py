from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.arithmetic.ripple import signed_digits
from qattn.arithmetic.subexpressions import Sums, share_sums


def value(program: Sums, inputs: list[int]) -> int:
    """The program evaluated on plain integers."""
    signals = list(inputs)
    for terms in (*program.sums, program.total):
        signals.append(sum(sign * signals[signal] << shift for signal, shift, sign in terms))
    return signals[-1]


@given(st.lists(st.integers(-300, 300), min_size=1, max_size=12), st.integers(1, 8), st.integers(0, 2**32))
@settings(deadline=None, max_examples=80)
def test_shared_sums_add_up(coefficients: list[int], bits: int, seed: int) -> None:
    u = np.random.default_rng(seed).integers(0, 2**bits, len(coefficients)).tolist()
    program = share_sums(np.array(coefficients), bits)
    assert value(program, u) == sum(a * x for a, x in zip(coefficients, u, strict=True))


def test_equal_coefficients_share_their_digits() -> None:
    program = share_sums(np.array([85] * 8), 8)
    uses = sum(len(terms) for terms in (*program.sums, program.total))
    assert uses < 8 * len(signed_digits(85))
