"""One proof for a matrix: what the loose rows miss is found, counted, and missed no more often than delta."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import binom

from qattn import GroverStatistics
from qattn.encoding.precision import Precision
from qattn.machines.row_search import RowSearch, search_matrix
from qattn.oracles.design import Form
from qattn.oracles.matrix import MatrixOracle
from qattn.oracles.rows import Rows, compile_rows
from qattn.problem import make_problem
from qattn.search.matrix import LEAST, MOST, loose_share, matrix_found, matrix_oracle, start_matrix, unproven
from qattn.search.protocols import SearchOptions
from qattn.search.rounds import next_round, run_rows
from qattn.search.row import Row

STATISTICS = GroverStatistics()


def matrix(n_q: int = 8, n: int = 16, k: int = 1, seed: int = 0) -> Rows:
    """Rows that k of their keys reach, integers."""
    rng = np.random.default_rng(seed)
    Q, K = rng.normal(size=(n_q, 4)).round(1) * 10, rng.normal(size=(n, 4)).round(1) * 10
    tau = np.sort(Q @ K.T, axis=1)[:, -k]
    return compile_rows(make_problem(Q, K, K, tau), Precision(8, None, k, 0, 0), form=Form.of("unary", "carry_save"))


def wanted(rows: Rows) -> list[list[int]]:
    p = rows.problem
    return [np.flatnonzero(p.scores(i) >= p.tau[i]).tolist() for i in range(p.n_q)]


@pytest.mark.parametrize(("block", "loose"), [(1, 0.3), (2, 0.3)])
def test_a_call_misses_no_more_than_delta_and_its_loose_rows_do(block: int, loose: float) -> None:
    """A call at delta = .05 finds all; without the search of the pairs one in five or more would not."""
    rows, delta, calls = matrix(), 0.05, 300
    groups = tuple(tuple(range(i, i + block)) for i in range(0, 8, block)) if block > 1 else ()
    members, without, whole = wanted(rows), 0, 0
    for seed in range(calls):
        options = SearchOptions(delta=delta, sharing=8 // block, loose=loose, seed=seed)
        search = RowSearch(rows, options, STATISTICS, groups=groups)
        found, pairs = search_matrix(search)
        sets = [js for one in found for js in one.known]
        assert pairs is not None
        assert pairs.miss_bound <= delta
        without += [sets[i].tolist() for i in range(8)] != members
        whole += [np.union1d(sets[i], pairs.sets[i]).tolist() for i in range(8)] != members
    assert binom.sf(whole - 1, calls, delta) > 1e-3, f"{whole} of {calls} calls missed a key"
    assert binom.sf(without - 1, calls, delta) < 1e-9, f"rows alone missed in {without} of {calls}: nothing is shown"


def test_what_rows_know_is_out_of_the_search_and_what_they_missed_is_in_it() -> None:
    rows = matrix(n=64)
    found = RowSearch(rows, SearchOptions(loose=0.9, sharing=8, seed=0), STATISTICS).run(range(8))
    oracle = matrix_oracle(rows, found, [(i,) for i in range(8)])
    left = [(i, j) for i, js in enumerate(wanted(rows)) for j in js if j not in found[i].indices]
    assert [oracle.pair(index) for index in oracle.marked_set if oracle.score(index) >= 0] == left
    assert left
    [row] = run_rows([start_matrix(oracle, SearchOptions(delta=1e-6, seed=1), 8)], STATISTICS)
    result = matrix_found(row)
    assert [(i, j) for i, js in enumerate(result.sets) for j in js] == left
    assert result.queries == row.queries > 0
    assert result.rounds == row.rounds
    scored = {int(index) for index in row.scores if oracle.pairs(index)} - set(oracle.known_indices.tolist())
    assert result.evaluations.sum() == len(scored)
    assert result.extras.tolist() == [
        int(sum(oracle.pair(j)[0] == i for j in row.result().rejected.tolist())) for i in range(8)
    ]


def test_a_saved_search_of_pairs_ends_as_the_one_that_went_on() -> None:
    oracle = MatrixOracle(matrix(k=2))
    rows = (start_matrix(oracle, SearchOptions(seed=5), 8),)
    for _ in range(3):
        rows = next_round(rows, STATISTICS)
    again = Row.from_dict(json.loads(json.dumps(rows[0].to_dict())), oracle)
    ends = [run_rows([row], STATISTICS)[0].result() for row in (rows[0], again)]
    assert ends[0].queries == ends[1].queries
    assert np.array_equal(ends[0].indices, ends[1].indices)
    assert ends[0].indices.size == 16


def test_no_proof_is_needed_where_every_row_stopped_by_a_promise() -> None:
    rows = matrix()
    promised = compile_rows(
        make_problem(rows.problem.Q, rows.problem.K, rows.problem.K, rows.problem.tau, k=1),
        Precision(8, None, 1, 0, 0), form=rows.form,
    )  # fmt: skip
    for seed in range(30):
        search = RowSearch(promised, SearchOptions(loose=0.3, sharing=8, seed=seed, k_max=1), STATISTICS)
        found, pairs = search_matrix(search)
        assert (pairs is None) == (not unproven(found)) == all(one.ended in ("promise", "exhausted") for one in found)
        complete = [one.indices.tolist() for one in found] == wanted(rows)
        assert complete or pairs is not None


def test_how_loose_rows_may_be() -> None:
    assert loose_share(0.0) == MOST
    assert loose_share(4096.0) == loose_share(16384.0) == LEAST
    assert LEAST < loose_share(256.0) < loose_share(64.0) < MOST
    with pytest.raises(ValueError, match="loose"):
        SearchOptions(loose=1.5)
    with pytest.raises(ValueError, match="loose"):
        SearchOptions(loose=0.1, k_exact=2)
    assert SearchOptions(delta=0.01, sharing=10).share(3) == 0.001
    assert SearchOptions(delta=0.01, sharing=10, loose=0.1).share(3) == 0.1
