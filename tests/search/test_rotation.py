"""Grover's rotation, against two-by-two reflections and known values."""

import numpy as np
import pytest

from qattn.search.rotation import angle, hit_probabilities, hit_probability


@pytest.mark.parametrize(("n", "marked"), [(1, 1), (2, 1), (7, 3), (64, 1), (100, 99), (10, 0), (10, 10)])
def test_iterations_are_reflections_of_a_state_of_n_amplitudes(n: int, marked: int) -> None:
    state, signs = np.full(n, n**-0.5), np.where(np.arange(n) < marked, -1.0, 1.0)
    for m in range(6):
        assert hit_probability(n, marked, m) == pytest.approx(np.sum(state[:marked] ** 2), abs=1e-12)
        state = signs * state
        state = 2 * state.mean() - state


def test_a_quarter_marked_is_found_by_one_iteration_for_sure() -> None:
    assert hit_probability(8, 2, 1) == pytest.approx(1)
    assert hit_probability(8, 2, 0) == pytest.approx(0.25)


def test_nothing_marked_is_never_found_and_all_always() -> None:
    assert hit_probabilities(9, 0, np.arange(50)).tolist() == [0.0] * 50
    assert np.allclose(hit_probabilities(9, 9, np.arange(50)), 1)


def test_counts_and_iterations_broadcast() -> None:
    table = hit_probabilities(50, np.arange(51)[:, None], np.arange(4))
    assert table.shape == (51, 4)
    assert table[7, 3] == pytest.approx(hit_probability(50, 7, 3))
    assert angle(4, [0, 1, 4]) == pytest.approx([0, np.pi / 6, np.pi / 2])
    assert angle(5, 2).shape == ()


def test_a_space_of_2_to_the_60_keeps_its_digits() -> None:
    assert hit_probability(2**60, 1, 10) == pytest.approx(21**2 / 2**60, rel=1e-12)
