"""A forecast of a noisy search from single errors, against trajectories of whole circuits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qattn import PauliNoise, SparseSampler, ThresholdOracle
from qattn.search.grover import grover_template
from qattn.simulator.channels import Channel
from qattn.simulator.composed import search_success
from qattn.simulator.infidelity import written_out
from qattn.synthesis.gates import unitary

N, M = 16, 3
IDEAL = math.sin(7 * math.asin(0.25)) ** 2


def oracle(lookup: str) -> ThresholdOracle:
    """One marked key of 16."""
    K = np.random.default_rng(2).permutation(N)[:, None] - 8
    return ThresholdOracle.from_row([1], K, 7, bits=4, lookup=lookup, arithmetic="carry_save", key_layout="parallel")


def forecast(row: ThresholdOracle, rates: list[float], seed: int = 0, **options: float) -> list[float]:
    program = written_out(row.program())
    marked = np.isin(np.arange(N), row.marked_set)
    return search_success(program, N, marked, M, rates, samples=2000, seed=seed, **options)


@pytest.mark.parametrize("lookup", ["unary", "bucket_brigade"])
def test_it_is_what_trajectories_show(lookup: str, capsys: pytest.CaptureFixture[str]) -> None:
    """At every rate, also where it fails more often than not; forecasts of half and of twice the rate are not."""
    row = oracle(lookup)
    [best] = row.marked_set.tolist()
    circuit = grover_template(N, unitary(row.circuit).decompose(["swap", "cswap"]), [], M, reset=True).circuit
    few, many = (2e-4, 6e-4) if lookup == "unary" else (1e-4, 3e-4)
    shown = []
    for p in (few, many):
        single = Channel(("X", "Y", "Z"), (p / 3,) * 3)
        noise = PauliNoise(channels={(name, None): (single,) for name in ("cx", "ccx", "z")})
        counts = SparseSampler(seed=1, noise=noise).run([circuit], shots=1500).result()[0].data.found.get_int_counts()
        shown.append(counts[best] / 1500)
    true, half, twice = (forecast(row, [part * few, part * many]) for part in (1.0, 0.5, 2.0))
    with capsys.disabled():
        print(f"\n{lookup}: shown {np.round(shown, 3)}, forecast {np.round(true, 3)}", end="")
    assert np.abs(np.subtract(true, shown)).max() < 0.05
    assert min(np.abs(np.subtract(false, shown)).max() for false in (half, twice)) > 0.06


def test_no_error_no_loss() -> None:
    row = oracle("unary")
    assert forecast(row, [0.0]) == pytest.approx([IDEAL], abs=1e-12)
    assert search_success(written_out(row.program()), N, np.isin(np.arange(N), row.marked_set), 0, [0.1]) == (
        pytest.approx([1 / N])
    )


def test_errors_of_the_reflection_count() -> None:
    """Alone they leave a search of many errors with nothing better than guessing."""
    row = oracle("unary")
    [some, many] = forecast(row, [1e-9, 1e-9], reflection_places=1e8)
    assert abs(some - many) < 0.05
    assert 0.6 < some < IDEAL - 0.1
    [lost] = forecast(row, [1e-9], reflection_places=1e10)
    assert abs(lost - 1 / N) < 0.05


def test_the_same_seed_the_same_forecast() -> None:
    row = oracle("unary")
    assert forecast(row, [1e-3], seed=3) == forecast(row, [1e-3], seed=3)
