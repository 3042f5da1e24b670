"""The light oracles that stand in for circuits."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.search.protocols import MarkedSet, ScoreTable


def test_a_marked_set_is_an_oracle():
    oracle = MarkedSet(10, np.array([7, 2, 2]))
    assert oracle.marked_set.tolist() == [2, 7]
    assert oracle.marks([0, 2, 9, 7]).tolist() == [False, True, False, True]
    assert oracle.score([2, 3]).tolist() == [1, 0]
    assert oracle.exact
    assert oracle.at(1.5).marked_set.size == 0
    assert oracle.at(0).marked_set.tolist() == list(range(10))
    assert oracle.at(1).marked_set.tolist() == [2, 7]
    assert not MarkedSet(4, np.array([], dtype=int)).marks([0, 3]).any()


@pytest.mark.parametrize(("n", "indices"), [(0, []), (3, [3]), (3, [-1])])
def test_a_marked_set_out_of_range_is_refused(n, indices):
    with pytest.raises(ValueError, match="indices in"):
        MarkedSet(n, np.array(indices, dtype=int))


def test_a_score_table_marks_within_its_margin():
    oracle = ScoreTable(np.array([0.9, 1.0, 0.5, 2.0]), 1.0, margin=0.2)
    assert oracle.marked_set.tolist() == [0, 1, 3]
    assert oracle.marks([0, 2]).tolist() == [True, False]
    assert not oracle.exact
    assert oracle.at(1.5).marked_set.tolist() == [3]
    assert ScoreTable(np.arange(3.0), 1.0).exact
