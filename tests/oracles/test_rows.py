"""Rows as integers: each with its own prefix and threshold, all of one width."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.encoding.precision import choose_precision
from qattn.oracles.rows import compile_rows
from qattn.problem import make_problem


@pytest.mark.parametrize("tau", [None, 2.0])
def test_compiled_rows_are_the_rows_alone_under_one_width(tau: float | None) -> None:
    """Each with its own prefix and threshold; the oracles mark what plain integers say."""
    rng = np.random.default_rng(13)
    Q, K = rng.integers(-4, 4, (3, 2)), rng.integers(-4, 4, (13, 2))
    visible = np.array([1, 5, 13])
    problem = make_problem(Q, K, np.ones((13, 1)), tau, k=2 if tau is None else None, visible=visible)
    rows = compile_rows(problem, choose_precision(problem.Q, problem.K, problem.tau, problem.k))
    oracles = rows.oracles()
    assert [oracle.n for oracle in oracles] == visible.tolist()
    assert {oracle.width for oracle in oracles} == {rows.width}
    for i, oracle in enumerate(oracles):
        for level in (-3, 2, 9):
            members = np.flatnonzero(K[: visible[i]] @ Q[i] >= level)
            assert oracle.at(level).marked_set.tolist() == members.tolist()
    assert [oracle.n for oracle in rows.oracles(range(1, 2))] == [5]
    assert rows.oracles(range(0)) == []
