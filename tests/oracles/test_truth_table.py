"""The demonstration oracle marks the true members and counts what it cost."""

import numpy as np
import pytest

from qattn.oracles.threshold import ThresholdOracle
from qattn.oracles.truth_table import TruthTableOracle
from qattn.testing import assert_maps


@pytest.mark.parametrize("n", [1, 4, 7, 16])
def test_it_marks_the_members_only(n: int) -> None:
    rng = np.random.default_rng(n)
    q, K = rng.normal(size=3), rng.normal(size=(n, 3))
    oracle = TruthTableOracle(ThresholdOracle.from_row(q, K, 0.4, bits=2))
    member = K @ q >= 0.4
    states = [{"index": j} for j in range(n)]
    assert_maps(oracle.circuit, states, states, phases=(-1.0) ** member)
    assert np.array_equal(oracle.marked_set, np.flatnonzero(member))
    assert np.array_equal(oracle.marks(np.arange(n)), member)
    assert oracle.evaluations == n
    assert oracle.at(10.0).marked_set.size == 0
    assert "demonstration" in oracle.label
