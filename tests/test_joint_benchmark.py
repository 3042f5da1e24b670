"""benchmarks/joint.py on a small matrix: both ways are priced from the circuits and the searches they say."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

import numpy as np
import pytest

from qattn.oracles.matrix import MatrixOracle
from qattn.resources.query import controlled_z_cost, reflection_cost

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def joint(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    module = importlib.import_module("joint")
    monkeypatch.setattr(module, "SIZES", (1, 2))
    monkeypatch.setattr(module, "PAIR_TRIALS", 3)
    return module


def instance(n_q: int = 8, n: int = 64) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.integers(-8, 8, (n_q, 4)).astype(float), rng.integers(-8, 8, (n, 4)).astype(float)


def test_thresholds_that_as_many_keys_reach_as_asked_for(joint) -> None:
    rng = np.random.default_rng(1)
    Q, K = rng.normal(size=(8, 3)), rng.normal(size=(32, 3))
    for k in (0, 3, np.arange(8)):
        rows = joint.compiled(Q, K, k)
        assert np.array_equal(
            [(rows.problem.scores(i) >= rows.problem.tau[i]).sum() for i in range(8)], k + np.zeros(8)
        )


def test_a_cell_adds_up(joint) -> None:
    rows = joint.compiled(*instance(), 2)
    assert joint.counted(rows)
    options = argparse.Namespace(delta=0.01, seed=0, rows=8)
    cell = joint.cell("small", rows, 2, options, 6)
    assert cell["matrix"] == pytest.approx(cell["loose_rows"] + cell["proof"])
    assert cell["saving"] == pytest.approx(1 - cell["matrix"] / cell["rows"])
    assert cell["rows"] <= cell["alone"]
    assert cell["slots"] >= 2
    plain = MatrixOracle(rows).cost().toffoli
    assert cell["pair_query"] > plain, "what is known is paid for"
    assert cell["proof"] * 8 >= cell["pair_queries"] * cell["pair_query"]


def test_a_search_is_priced_with_its_reflections_and_exclusions(joint) -> None:
    reflection = reflection_cost(64, by_measurement=True).toffoli
    exclusion = controlled_z_cost(6, by_measurement=True).toffoli
    assert (reflection, exclusion) == (4, 4)
    assert joint.search_price(64, 100.0, (10.0, 25.0, ())) == 10 * 104 + 25 * 4


def test_loose_searches_leave_something_and_strict_ones_next_to_nothing(joint) -> None:
    loose, strict = (joint.simulated(256, (1,) * 60, delta) for delta in (0.3, 1e-4))
    assert sum(loose[2]) > 2
    assert sum(strict[2]) == 0
    assert loose[0] < strict[0]
