"""The finite-sample bounds hold as often as they say; a normal approximation and repeated draws do not."""

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import binomtest

from qattn.approximation.concentration import deviation, largest_mean

TRIALS, CHANCE = 2000, 0.05


def spikes(N, share, seed=0):
    """N vectors, most of them small, a few of length 1 in one direction."""
    rng = np.random.default_rng(seed)
    x = 0.02 * rng.normal(size=(N, 3))
    x[: max(1, round(share * N))] = [0.0, 0.6, 0.8]
    return x


def exceeded(x, m, bound, *, repeat=False):
    """In how many draws |S - m mu| exceeds what `bound` says of the draw."""
    rng, count = np.random.default_rng(7), 0
    for _ in range(TRIALS):
        drawn = x[rng.choice(len(x), m, replace=repeat)]
        count += np.linalg.norm(drawn.sum(axis=0) - m * x.mean(axis=0)) > bound(drawn)
    return count


def stated(x, m):
    """The bound as it is used: q from the drawn vectors too."""
    N, reach = float(len(x)), np.linalg.norm(x, axis=1).max()

    def bound(drawn):
        q = largest_mean(N, float(m), np.square(drawn).sum(axis=1).mean(), reach**2, -np.log(CHANCE / 4))
        return deviation(N, float(m), q, reach, -np.log(CHANCE * 3 / 4))

    return bound


@pytest.mark.parametrize(("N", "m", "share"), [(400, 40, 0.04), (400, 300, 0.04), (60, 30, 0.2), (50, 49, 0.02)])
def test_deviations_are_covered(N, m, share):
    x = spikes(N, share)
    assert binomtest(exceeded(x, m, stated(x, m)), TRIALS, CHANCE, alternative="greater").pvalue > 1e-3


def test_a_normal_approximation_is_not_covered():
    x, m = spikes(400, 0.04), 40

    def normal(drawn):
        spread = np.sqrt(np.square(drawn - drawn.mean(axis=0)).sum() * (1 - m / 400))
        return -ndtri(CHANCE / 2) * spread

    assert binomtest(exceeded(x, m, normal), TRIALS, CHANCE, alternative="greater").pvalue < 1e-6


def test_draws_that_repeat_are_not_covered():
    """What is gained for drawing without repetition is not theirs."""
    x, m = spikes(100, 0.5), 90
    assert exceeded(x, m, stated(x, m)) <= TRIALS * CHANCE
    assert binomtest(exceeded(x, m, stated(x, m), repeat=True), TRIALS, CHANCE, alternative="greater").pvalue < 1e-6


def test_means_are_covered_and_no_tighter_bound_is():
    rng, N, m, mean = np.random.default_rng(3), 1000, 50, 0.3
    y = (np.arange(N) < mean * N).astype(float)
    drawn = np.array([y[rng.choice(N, m, replace=False)].mean() for _ in range(TRIALS)])
    bound = largest_mean(float(N), float(m), drawn, 1.0, -np.log(CHANCE))
    assert (bound < mean).sum() <= TRIALS * CHANCE
    assert binomtest(int((0.8 * bound < mean).sum()), TRIALS, CHANCE, alternative="greater").pvalue < 1e-6


def test_the_ends():
    assert deviation(10.0, 10.0, 1.0, 1.0, 3.0) == 0  # nothing is left
    assert deviation(10.0, 5.0, 0.0, 0.0, 3.0) == 0
    assert deviation(2.0, 1.0, 1.0, 1.0, 3.0) >= 1  # two vectors of length 1 may be opposite
    assert largest_mean(10.0, 10.0, 0.3, 1.0, 3.0) == pytest.approx(0.3)
    assert largest_mean(1e6, 3.0, 1.0, 1.0, 3.0) == pytest.approx(1.0)
    assert largest_mean(10.0, 2.0, 0.0, 0.0, 3.0) == 0


def test_h_is_inverted_over_twelve_orders():
    """The bound solves v / a^2 h(a t / v) = L + log 2, or is larger by a part in a thousand."""
    N, m, L = 1e6, 1e3, 5.0
    for reach in np.logspace(-6, 6, 25):
        q = reach**2 / 4 if reach < 1 else 1.0
        t, left = deviation(N, m, q, reach, L), N - m
        v = N * q * left**2 / 2 * (1 / (left - 0.5) ** 2 - 1 / (N - 0.5) ** 2)
        a = reach + np.sqrt(N * q / (left + 1))
        u = a * t / v
        h = (1 + u) * np.log1p(u) - u if u > 1e-4 else u * u / 2 - u**3 / 6
        assert 1 - 1e-6 <= v / a**2 * h / (L + np.log(2)) < 1.002
