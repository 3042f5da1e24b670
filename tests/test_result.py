"""What attend returns: its account, its JSON, and what it says of broken promises."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from qattn import attend, find_all
from qattn.machines.ran import Ran
from qattn.result import accounts, json_text
from qattn.scores import scores
from qattn.search.block import BlockFound
from qattn.search.protocols import MarkedSet
from qattn.search.statistics import GroverStatistics


def test_json_has_null_where_nothing_is_known():
    assert json_text({"a": [math.nan, 1.0, (math.inf, {"b": -math.inf})], "c": "NaN"}) == (
        '{"a": [null, 1.0, [null, {"b": null}]], "c": "NaN"}'
    )
    V = np.array([[1e308], [-1e308], [1e308]])  # the error overflows float64
    with np.errstate(over="ignore", invalid="ignore"):
        result = attend([[1.0]], [[0.0], [-800.0], [-900.0]], V, 1.0, method="exact")
        facts = json.loads(result.to_json(), parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    assert facts["found"] == [[]]


def test_account_and_json() -> None:
    Q, K, V = instance(3, 12, 2, 6)
    result = attend(Q, K, V, k=2, seed=0, sampler=GroverStatistics())
    facts = json.loads(result.to_json())
    wanted = {"n", "d", "qubits", "found", "queries", "evaluations", "miss_bound", "rounds", "max_error", "wall_s"}
    assert wanted <= set(facts)
    assert facts["found"] == [js.tolist() for js in result.found]
    assert result.queries.shape == result.evaluations.shape == (3,)
    assert "queries" in result.report()


def instance(n_q, n, d, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_q, d)), rng.normal(size=(n, d)), rng.normal(size=(n, 2))


def test_thresholds_are_those_given_or_the_k_th_best() -> None:
    Q, K, V = instance(3, 12, 2, 6)
    assert attend(Q, K, V, [0.5, 1.0, 1e9], method="exact").thresholds().tolist() == [0.5, 1.0, 1e9]
    best = attend(Q, K, V, k=4, method="exact").thresholds()
    assert best.tolist() == [np.sort(scores(q, K))[-4] for q in Q]
    assert attend(Q, K, V, k=0, method="exact").thresholds().tolist() == [np.inf] * 3


def test_more_keys_found_than_promised_is_said_and_a_kept_promise_is_not() -> None:
    Q, K, V = np.array([[1.0], [-1.0]]), np.array([[2.0], [3.0], [-4.0]]), np.ones((3, 1))
    assert attend(Q, K, V, 1.0, k=1, method="exact").broken_promises == [0]
    assert attend(Q, K, V, 1.0, k=2, method="exact").broken_promises == []
    assert attend(Q, K, V, k=1, method="exact").broken_promises == [], "the k best are no promise"
    assert attend(Q, K, V, 1.0, method="exact").broken_promises == []


def test_max_error_is_the_largest_difference_to_softmax() -> None:
    Q, K, V = instance(3, 12, 2, 6)
    run = attend(Q, K, V, 0.5, method="exact")
    weights = np.exp(Q @ K.T)
    exact = weights @ V / weights.sum(axis=1, keepdims=True)
    assert run.max_error() == pytest.approx(np.abs(run.output - exact).max(), rel=1e-9)
    assert run.max_error() > 1e-3
    assert attend(Q, K, V, -1e9, method="exact").max_error() < 1e-12


def test_all_and_nothing_found_and_one_key() -> None:
    Q, K, V = instance(2, 5, 2, 0)
    for tau, size in ((-1e9, 5), (1e9, 0)):
        facts = json.loads(attend(Q, K, V, tau, method="exact").to_json())
        assert [len(js) for js in facts["found"]] == [size] * 2
        assert facts["queries"] == [0, 0]
    one = attend(Q, K[:1], V[:1], 1e9, method="exact")
    assert np.allclose(one.output, V[:1], atol=1e-15)
    assert repr(one) == "AttentionResult(2 rows, 1 keys, 0 found by exact; 0 queries + 2 evaluations, " \
                        "miss_bound=0.00e+00)"  # fmt: skip


def test_the_page_of_a_notebook_escapes_the_report() -> None:
    run = attend([[1.0]], [[1.0], [2.0]], [[1.0], [2.0]], 0.5, method="exact")
    page = run._repr_html_()
    assert page.startswith("<pre>")
    assert "<" not in page.removeprefix("<pre>").removesuffix("</pre>")


def test_bounds_of_rows_add_up_to_one_at_most() -> None:
    likely = replace(find_all(MarkedSet(8, [1]), sampler=GroverStatistics(), seed=0), miss_bound=0.7)
    assert accounts([likely], [(0,)], Ran("x", 1)).miss_bound == 0.7
    assert accounts([likely] * 3, [(0,), (1,), (2,)], Ran("x", 1)).miss_bound == 1.0


def test_what_went_into_an_oracle_counts_with_its_row_and_a_blocks_queries_are_divided() -> None:
    alone = find_all(MarkedSet(8, [1]), sampler=GroverStatistics(), seed=0)
    prepared = accounts([alone, alone], [(1,), (0,)], Ran("x", 1), [5, 0])
    assert (prepared.evaluations - alone.evaluations).tolist() == [0, 5]
    block = BlockFound(
        alone.indices, alone.rejected, 7, 4, 2, 3, 0.01, "certified", 0.0,
        sets=(np.array([1]), np.array([2, 3])), extras=(np.array([4]), np.array([], dtype=int)), scored=(4, 2),
        offered=(1, 1),
    )  # fmt: skip
    bill = accounts([block], [(1, 0)], Ran("x", 1))
    assert bill.queries.tolist() == [3, 4]
    assert bill.evaluations.tolist() == [2, 4]
    assert bill.seeded.tolist() == [1, 1]
    assert bill.extras.tolist() == [0, 1]
