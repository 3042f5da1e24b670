"""Predicted queries, and the choice of blocks."""

import numpy as np
import pytest

from qattn import ThresholdOracle
from qattn.oracles.block import BlockOracle
from qattn.oracles.design import Form
from qattn.problem import ProblemError, make_problem
from qattn.resources.blocks import choose_blocks, query_gates, search_queries
from qattn.search.protocols import MarkedSet, SearchOptions
from qattn.search.rounds import find_rows
from qattn.search.statistics import GroverStatistics


@pytest.mark.parametrize("t", [0, 1, 4, 16])
def test_predicted_queries_are_right_within_a_tenth(t):
    rng = np.random.default_rng(t)
    oracles = [MarkedSet(1024, rng.choice(1024, t, replace=False)) for _ in range(90)]
    found = find_rows(oracles, GroverStatistics(), SearchOptions(delta=0.9, sharing=90, seed=1))
    mean = np.mean([f.queries for f in found])
    assert search_queries(1024, t, 0.01).queries == pytest.approx(mean, rel=0.1)


def test_what_no_block_can_be_is_refused_and_one_is_none():
    Q, K = np.eye(3), np.arange(12.0).reshape(4, 3)
    problem = make_problem(Q, K, K, 1.0)

    def block_of(rows):
        return BlockOracle(tuple(ThresholdOracle.from_row(Q[i], K, 1.0) for i in rows))

    for block in (0, 2.5, "all"):
        with pytest.raises(ProblemError, match="block ="):
            choose_blocks(problem, block_of, block, members=1.0, delta=0.01)
    assert choose_blocks(problem, block_of, 1, members=1.0, delta=0.01).groups == ()
    pairs = choose_blocks(problem, block_of, 2, members=1.0, delta=0.01)
    assert sorted(i for group in pairs.groups for i in group) == [0, 1, 2]


@pytest.mark.parametrize("size", [2, 6, 24])
def test_a_block_is_priced_as_rows_that_differ(size):
    """Also beyond the rows that are compiled: a row counted twice would share all its sums and be nearly free."""
    rng = np.random.default_rng(0)
    Q, K = rng.integers(-16, 16, (24, 24)), rng.integers(-16, 16, (64, 24))

    def block_of(rows):
        oracles = [ThresholdOracle.from_row(Q[i], K, 800.0, bits=5) for i in rows]
        return BlockOracle(tuple(row.formed(Form.of("unary", "carry_save")) for row in oracles))

    predicted = query_gates(range(0, 24, 2), block_of)(size)
    assert predicted == pytest.approx(block_of(range(size)).cost().toffoli, rel=0.12)
