"""Parts of a query's price that have a circuit of their own."""

import numpy as np
import pytest

from qattn.resources.query import controlled_z_cost, ladder_z, query_cost, reflection_cost
from qattn.synthesis.gates import measured, unitary
from qattn.synthesis.reversible import execute


@pytest.mark.parametrize("bits", range(1, 7))
@pytest.mark.parametrize("rendering", [unitary, measured])
def test_the_ladder_flips_the_sign_of_all_ones_alone(bits: int, rendering) -> None:
    """Every basis input, ancillas back to zero, and its own inverse."""
    circuit = rendering(ladder_z(bits))
    signs = execute(circuit, np.arange(1 << bits), seed=1).check_clean("index").signs
    assert np.flatnonzero(signs).tolist() == [(1 << bits) - 1]


def test_nineteen_as_built_and_ten_by_measurement() -> None:
    """4096 keys: an X with 11 controls, or a ladder of 10 ANDs."""
    assert reflection_cost(4096).toffoli == controlled_z_cost(12).toffoli == 19
    lean = reflection_cost(4096, by_measurement=True)
    assert (lean.toffoli, lean.measurements) == (10, 10)


@pytest.mark.parametrize("n", [3, 5, 100, 1000])
def test_both_reflections_prepare_the_same_uniform_state(n: int) -> None:
    built, lean = reflection_cost(n), reflection_cost(n, by_measurement=True)
    assert built.rotations == lean.rotations > 0
    assert lean.toffoli <= built.toffoli


@pytest.mark.parametrize("size", [(1, 4, 4), (8, 0, 4), (8, 4, 1)])
def test_sizes_that_no_query_has(size: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="n >= 2"):
        query_cost(*size)
