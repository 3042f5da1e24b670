from __future__ import annotations

import numpy as np
import pytest

from qattn.arithmetic.comparison import Comparison
from qattn.arithmetic.phase import Phase, phase_accumulator
from qattn.lookups import get
from qattn.synthesis.cost import count
from qattn.testing import assert_maps

SIZES = [(1, 2, 2), (2, 1, 1), (3, 2, 3), (5, 3, 2), (8, 2, 3), (13, 3, 3), (16, 2, 3)]


def integers(n: int, d: int, bits: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    half = 2 ** (bits - 1)
    return rng.integers(-half, half, (n, d)), rng.integers(-half, half, d)


@pytest.mark.parametrize(("n", "d", "bits"), SIZES)
@pytest.mark.parametrize("held", [1, 2])
def test_phase_accumulator_subtracts_the_inner_product(n: int, d: int, bits: int, held: int) -> None:
    X, A = integers(n, d, bits, n)
    width, start = 6, 5
    circuit = phase_accumulator(X, bits, [int(a) for a in A], start, width, planes_at_once=held)
    planes = [(c, t) for c in range(d) for t in range(bits) if np.any(X[:, c] >> t & 1)]
    last = planes[(len(planes) - 1) // held * held :] if planes else []
    garbage = [sum((int(X[j, c]) >> t & 1) << slot for slot, (c, t) in enumerate(last)) for j in range(n)]
    outputs = [{"index": j, "key": garbage[j], "score": start - int(X[j] @ A)} for j in range(n)]
    assert_maps(circuit, [{"index": j} for j in range(n)], outputs)


@pytest.mark.parametrize("width", [9, 30, 40, 55])
def test_price_of_wide_scores_and_large_coefficients(width: int) -> None:
    """The smallest angles are below what counts as a rotation; formula and count agree on which."""
    rng = np.random.default_rng(width)
    X, A = rng.integers(-(2**11), 2**11, (3, 2)), rng.integers(-(2**20), 2**20, 2)
    what, phase = Comparison(X, 12, A, 12345, width), Phase()
    for layout in phase.layouts:
        for lookup in map(get, ("table", "unary")):
            circuit = phase.compute(what, lookup, layout)
            query = circuit.compose(circuit.inverse())
            assert phase.cost(what, lookup, layout, by_measurement=False) == count(query)
