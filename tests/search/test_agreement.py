"""The same searches on Aer circuits and on ideal statistics: what they cost must have one distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2_contingency, ks_2samp

from qattn import ThresholdOracle
from qattn.machines.sampler import as_machine
from qattn.search.protocols import MarkedSet, SearchOptions
from qattn.search.rounds import find_rows
from qattn.search.statistics import GroverStatistics


def oracle_with(n: int, k: int, seed: int) -> ThresholdOracle:
    """One-component keys of three bits, k of them at the threshold; few qubits, real arithmetic."""
    rng = np.random.default_rng(seed)
    K = rng.integers(-4, 2, size=(n, 1))
    K[rng.choice(n, size=k, replace=False)] = 3
    oracle = ThresholdOracle.from_row([1.0], K, 3.0, bits=3)
    assert oracle.marked_set.size == k
    return oracle


def compare(n: int, k: int, searches: int) -> None:
    """Queries, evaluations and rounds of whole searches; every find after the first runs with exclusions."""
    circuits = [oracle_with(n, k, seed=5)] * searches
    on_aer = find_rows(circuits, as_machine(), SearchOptions(delta=0.02, sharing=searches, seed=1))
    ideal = [MarkedSet(n, circuits[0].marked_set)] * (20 * searches)
    in_theory = find_rows(
        ideal, GroverStatistics(), SearchOptions(delta=20 * 0.02, seed=2)
    )  # the same delta for each row
    for name in ("queries", "evaluations", "rounds"):
        a, b = (np.array([getattr(f, name) for f in found]) for found in (on_aer, in_theory))
        edges = np.unique(np.quantile(b, np.linspace(0, 1, 7)))[1:-1]
        table = np.array([np.bincount(np.searchsorted(edges, x), minlength=edges.size + 1) for x in (a, b)])
        table = table[:, table.sum(axis=0) > 0]
        if table.shape[1] > 1:
            assert chi2_contingency(table).pvalue > 1e-3, name
        assert ks_2samp(a, b).pvalue > 1e-3, name
    assert all(np.array_equal(f.indices, circuits[0].marked_set) for f in on_aer)


@pytest.mark.parametrize(("n", "k"), [(8, 1), (13, 3), (16, 2), (32, 2)])
def test_circuits_and_statistics_agree(n: int, k: int) -> None:
    compare(n, k, searches=40)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "k"), [(8, 3), (13, 0), (13, 5), (16, 4), (32, 5)])
def test_circuits_and_statistics_agree_on_many_searches(n: int, k: int) -> None:
    compare(n, k, searches=300)
