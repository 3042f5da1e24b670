"""The estimate of what noise hides, against its formula and against sampling."""

import numpy as np
import pytest

from qattn.hardware.miss_estimate import last_runs, miss_estimate, noisy_miss


def test_without_noise_it_is_the_product_over_the_runs() -> None:
    theta = np.arcsin(np.sqrt(np.arange(1, 4) / 16))
    expected = (np.cos(3 * theta) ** 4 * np.cos(5 * theta) ** 2).max()
    assert noisy_miss(16, 3, [(1, 2, 1.0), (2, 1, 1.0)]) == pytest.approx(expected)


def test_pure_noise_is_guessing() -> None:
    assert noisy_miss(8, 1, [(2, 10, 0.0)]) == pytest.approx((7 / 8) ** 10)
    assert noisy_miss(8, 0, [(2, 10, 0.0)]) == 0.0
    assert noisy_miss(8, 1, []) == 1.0


def test_sampling_agrees() -> None:
    rng, n, success = np.random.default_rng(8), 8, 0.6
    hit = success * np.sin(5 * np.arcsin(np.sqrt(1 / n))) ** 2 + (1 - success) / n
    missed = (rng.random((200_000, 3)) > hit).all(axis=1).mean()
    assert noisy_miss(n, 1, [(2, 3, success)]) == pytest.approx(missed, abs=4e-3)


def test_only_the_runs_since_the_last_find_count() -> None:
    job = {"iterations": 1, "shots": 5}
    rounds = [
        {"jobs": [{**job, "row": 0, "excluded": []}, {**job, "row": 1, "excluded": []}], "right": [0.5, 0.6]},
        {"jobs": [{**job, "row": 0, "excluded": [2]}], "right": [0.7]},
    ]
    first, second = last_runs(rounds, 0, 8, 3), last_runs(rounds, 1, 8, 3)
    assert first == (8, 3, [(1, 5, 0.7)])
    assert second == (8, 3, [(1, 5, 0.6)])
    both = miss_estimate([first, second])
    assert both == pytest.approx(1 - (1 - noisy_miss(*first)) * (1 - noisy_miss(*second)))
    assert miss_estimate([]) == 0.0
    assert miss_estimate([(8, 2, [])]) == 1.0
