"""What an account says ran."""

from __future__ import annotations

import numpy as np

from qattn import GroverStatistics, SparseSampler, ThresholdOracle
from qattn.machines.ran import Ran, what_ran


def test_what_ran_says_where_and_how_wide() -> None:
    rng = np.random.default_rng(13)
    oracle = ThresholdOracle.from_row(rng.integers(-4, 4, 2), rng.integers(-4, 4, (13, 2)), 2)
    aer, sparse = what_ran(oracle, None), what_ran(oracle, SparseSampler())
    assert (aer.simulator, aer.qubits) == ("aer", oracle.circuit.num_qubits)
    assert (sparse.simulator, sparse.qubits) == ("sparse", oracle.circuit.num_qubits)
    assert aer.gates > sparse.gates > 0, "an iterate holds a query and a reflection"
    assert what_ran(oracle, GroverStatistics()) == Ran("GroverStatistics", oracle.circuit.num_qubits, 0)
