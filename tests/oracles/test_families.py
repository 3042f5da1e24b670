"""Families of oracles by name."""

import numpy as np
import pytest

from qattn import ThresholdOracle, attend
from qattn.oracles import families
from qattn.oracles.truth_table import TruthTableOracle

K = np.random.default_rng(0).integers(-4, 4, (11, 2))


def test_every_family_marks_the_same_members() -> None:
    for tau in (-100, 0, 3, 100):
        row = ThresholdOracle.from_row([2, -1], K, tau)
        marked = [families.get(name)(row).marked_set.tolist() for name in ("arithmetic", "truth_table")]
        assert marked == [np.flatnonzero(tau <= K @ [2, -1]).tolist()] * 2


def test_arithmetic_is_the_row_itself_and_a_function_stays_what_it_is() -> None:
    row = ThresholdOracle.from_row([2, -1], K, 3)
    assert families.get("arithmetic")(row) is row
    assert families.get(TruthTableOracle) is TruthTableOracle


def test_a_name_is_added_once_and_forgotten() -> None:
    def mine(row):
        return TruthTableOracle(row)

    families.register("mine", mine)
    try:
        families.register("mine", mine)  # the same again, as when a module is loaded twice
        with pytest.raises(ValueError, match="'mine' already"):
            families.register("mine", TruthTableOracle)
        with pytest.raises(ValueError, match="'arithmetic' already"):
            families.register("arithmetic", mine)
        run = attend([[2, -1]], K, K, 3, oracle="mine", seed=0, delta=1e-6)
        assert run.found[0].tolist() == np.flatnonzero(K @ [2, -1] >= 3).tolist()
    finally:
        families.unregister("mine")
    families.unregister("mine")
    with pytest.raises(ValueError, match=r"oracle = 'mine'; choose one of arithmetic, truth_table"):
        families.get("mine")
