"""The state of a block between rounds: thresholds only rise, and a saved block goes on the same."""

import json

import numpy as np
import pytest

from qattn import GroverStatistics, ThresholdOracle
from qattn.oracles.block import BlockOracle
from qattn.search.block import BlockRow, raised_thresholds, start_blocks
from qattn.search.protocols import SearchOptions
from qattn.search.rounds import next_round, run_rows


def block(seed: int = 0) -> BlockOracle:
    rng = np.random.default_rng(seed)
    K = rng.integers(-4, 4, size=(30, 3)).astype(float)
    return BlockOracle(tuple(ThresholdOracle.from_row(q, K, 0.0, bits=4) for q in rng.integers(-4, 4, size=(3, 3))))


def test_thresholds_are_the_kth_best_known():
    table = {0: (1.0, 5.0, 0.0), 4: (2.0, 1.0, 9.0), 7: (3.0, 2.0, 4.0)}
    assert raised_thresholds(block(), table, 2) == [2.0, 2.0, 4.0]


def test_a_block_knows_how_many_stand_above_its_thresholds():
    """Its belief falls with a find as in a search for all of these at once; there are no pivots."""
    [row] = start_blocks([block(2)], SearchOptions(k=3, delta=1e-3, seed=5))
    sizes = set()
    while not row.done:
        found = row.schedule.found
        [row] = next_round((row,), GroverStatistics())
        if row.schedule.found > found:
            assert row.schedule.best == len(row.excluded)
            sizes.add(row.schedule.best)
        assert row.schedule.pivot is None
        assert list(row.block.thresholds) == raised_thresholds(row.block, row.table, 3)
    assert len(sizes) > 1


def test_a_saved_block_ends_as_the_one_that_went_on():
    oracle = block(1)
    for options in (SearchOptions(k=2, delta=1e-3, seed=3), SearchOptions(delta=1e-3, seed=3)):
        rows = start_blocks([oracle], options)
        for _ in range(2):
            rows = next_round(rows, GroverStatistics())
        again = BlockRow.from_dict(json.loads(json.dumps(rows[0].to_dict())), oracle)
        ends = [run_rows(state, GroverStatistics())[0].result() for state in (rows, (again,))]
        assert ends[0].queries == ends[1].queries
        assert all(np.array_equal(a, b) for a, b in zip(ends[0].sets, ends[1].sets, strict=True))


@pytest.mark.parametrize("k", [None, 3])
def test_a_block_knows_its_candidates_from_the_start(k):
    oracle, wanted = block(4).raised([6.0, 7.0, 8.0]), {}
    for candidates in ([], [0, 5, 5, 99, -1], list(range(30))):
        options = SearchOptions(k=k, delta=1e-6, seed=2)
        [row] = start_blocks([oracle], options, candidates=[candidates])
        outside = {j for j in candidates if 0 <= j < 30}
        assert row.outside == outside <= set(row.scores)
        assert row.seeded == len(outside)
        if k is None:
            assert set(row.excluded) == outside & set(oracle.marked_set.tolist())
        [row] = run_rows((row,), GroverStatistics())
        found = row.result()
        assert found.seeded == 3 * len(outside)
        wanted.setdefault("sets", [js.tolist() for js in found.sets])
        assert [js.tolist() for js in found.sets] == wanted["sets"]
        again = BlockRow.from_dict(json.loads(json.dumps(row.to_dict())), oracle)
        assert again.result().evaluations == found.evaluations
    assert found.queries == 0
    with pytest.raises(ValueError, match="lists of candidates"):
        start_blocks([oracle], SearchOptions(), candidates=[[], []])
