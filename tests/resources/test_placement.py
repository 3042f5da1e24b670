"""Where a call runs: Aer for small circuits, the sparse simulator for others, a refusal before work that never ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qattn import GroverStatistics
from qattn.encoding.precision import Precision, choose_precision
from qattn.machines.estimate import TooLong
from qattn.machines.sparse import SparseMachine
from qattn.oracles import families
from qattn.oracles.design import Form
from qattn.problem import AttentionProblem, make_problem
from qattn.resources import placement
from qattn.resources.placement import Asked, loose_of, place

ASKED = Asked(1, 0.01)


def instance(n: int, d: int, n_q: int = 2) -> tuple[AttentionProblem, Precision]:
    rng = np.random.default_rng(n)
    problem = make_problem(rng.integers(-4, 4, (n_q, d)), rng.integers(-4, 4, (n, d)), np.ones((n, 1)), tau=9.0)
    return problem, choose_precision(problem.Q, problem.K, problem.tau, None)


def test_small_circuits_run_on_aer_and_wide_ones_on_the_sparse_simulator() -> None:
    small = place(*instance(8, 2), families.arithmetic, ASKED)
    assert small.sampler is None
    assert small.rows.form == Form.of("table", "phase")
    wide = place(*instance(300, 8), families.arithmetic, ASKED)
    assert isinstance(wide.sampler, SparseMachine)
    assert wide.rows.form == Form.of("select_swap", "carry_save")


def test_what_is_asked_for_is_taken() -> None:
    form, statistics = Form.of("unary", "ripple"), GroverStatistics()
    placed = place(*instance(8, 2), families.arithmetic, replace(ASKED, form=form, sampler=statistics))
    assert placed.rows.form == form
    assert placed.sampler is statistics
    assert place(*instance(8, 2, 4), families.arithmetic, replace(ASKED, block=2)).blocks.size == 2


@pytest.mark.parametrize("form", [None, Form.of("unary", "carry_save")])
def test_pairs_never_run_on_aer_and_are_estimated_first(form, monkeypatch) -> None:
    problem, precision = instance(8, 2, 4)
    asked = replace(ASKED, loose=loose_of(problem, precision), form=form)
    assert isinstance(place(problem, precision, families.arithmetic, asked).sampler, SparseMachine)
    estimate = placement.pairs_load
    monkeypatch.setattr(placement, "pairs_load", lambda *sizes: replace(estimate(*sizes), seconds=1e6))
    with pytest.raises(TooLong):
        place(problem, precision, families.arithmetic, asked)
    place(problem, precision, families.arithmetic, replace(asked, anyway=True))


def test_a_single_row_is_its_own_matrix() -> None:
    assert loose_of(*instance(8, 2, 1)) is None
    assert 0 < loose_of(*instance(8, 2, 64)) <= loose_of(*instance(8, 2, 2)) < 1


def test_circuits_that_would_take_years_are_refused_before_any_is_built() -> None:
    problem, precision = instance(4000, 32)
    with pytest.raises(TooLong):
        place(problem, precision, families.arithmetic, replace(ASKED, form=Form.of("table", "phase")))
