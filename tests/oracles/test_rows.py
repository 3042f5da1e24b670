"""Rows as integers: each with its own prefix and threshold, all of one width."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.encoding.precision import Precision, choose_precision
from qattn.oracles.design import Form
from qattn.oracles.rows import coarsened, compile_rows
from qattn.problem import make_problem
from qattn.simulator.signs import index_signs


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


@pytest.mark.parametrize("k", [None, 2])
def test_rows_of_few_bits_mark_about_the_same_and_claim_nothing(k: int | None) -> None:
    rng = np.random.default_rng(3)
    Q, K = rng.normal(size=(24, 8)), rng.normal(size=(200, 8))
    tau = None if k else np.sort(Q @ K.T, axis=1)[:, -20]
    fine = compile_rows(make_problem(Q, K, K, tau, k=k), Precision(8, None, 20, 0, 0))
    shared = {}
    for bits in (1, 2, 4, 8):
        coarse = coarsened(fine, bits)
        assert coarse.keys.bits == bits
        assert coarse.problem is fine.problem
        levels = np.sort(Q @ K.T, axis=1)[:, -20]
        pairs = [(a.at(t), b.at(t)) for a, b, t in zip(fine.oracles(), coarse.oracles(), levels, strict=True)]
        assert not any(b.exact for _, b in pairs)
        both = sum(np.intersect1d(a.marked_set, b.marked_set).size for a, b in pairs)
        shared[bits] = both / sum(np.union1d(a.marked_set, b.marked_set).size for a, b in pairs)
    assert shared[1] < shared[2] < shared[4] < shared[8]
    assert shared[1] > 0.2  # of two sets of a tenth of the keys 0.05 would be in both by chance
    assert shared[4] > 0.8


def test_a_row_of_few_bits_is_empty_where_the_whole_row_is_proven_to_be() -> None:
    Q, K = np.ones((2, 2)), np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0]])
    fine = compile_rows(make_problem(Q, K, K, np.array([99.0, 2.0])), Precision(4, None, 1, 0, 0))
    assert [oracle.empty for oracle in fine.oracles()] == [True, False]
    assert [oracle.empty for oracle in coarsened(fine, 2).oracles()] == [True, False]


@pytest.mark.parametrize("bits", [1, 2])
def test_the_circuit_of_a_row_of_few_bits_marks_what_its_integers_say(bits: int) -> None:
    rng = np.random.default_rng(4)
    Q, K = rng.normal(size=(2, 3)), rng.normal(size=(8, 3))
    for lookup, arithmetic in (("table", "phase"), ("select_swap", "carry_save")):
        rows = compile_rows(make_problem(Q, K, K, 0.4), Precision(6, None, 2, 0, 0), form=Form.of(lookup, arithmetic))
        for oracle in coarsened(rows, bits).oracles():
            signs = index_signs(oracle.circuit, oracle.n)
            assert np.flatnonzero(signs).tolist() == oracle.marked_set.tolist()
