"""What attend returns: its account, its JSON, and what it says of broken promises."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from qattn import attend
from qattn.result import json_text
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


def instance(n_q, n, d, seed, *, integer=False, ties=False):
    rng = np.random.default_rng(seed)
    Q, K = rng.normal(size=(n_q, d)), rng.normal(size=(n, d))
    if integer:
        Q, K = np.rint(3 * Q), np.rint(3 * K)
    if ties:
        K[n // 2 :] = K[: n - n // 2]
        K[0] = 0
    return Q, K, rng.normal(size=(n, 2))
