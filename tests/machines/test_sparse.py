"""Whole circuits on the sparse simulator: the gates decide, any broken gate shows, both ways of running agree."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.stats import chisquare

from qattn import SparseSampler, ThresholdOracle, attend, find_all
from qattn.classical.exact import above, top_k
from qattn.data import load_head
from qattn.machines.sampler import as_machine
from qattn.machines.sparse import SparseMachine, amplitudes
from qattn.search.protocols import Job, MarkedSet
from qattn.search.rotation import hit_probability

FORM = {"lookup": "select_swap", "arithmetic": "carry_save", "key_layout": "parallel"}


def oracle(n: int, d: int = 3, bits: int = 3, seed: int = 0, **form: str) -> ThresholdOracle:
    rng = np.random.default_rng(seed)
    half = 1 << (bits - 1)
    K, q = rng.integers(-half, half, (n, d)), rng.integers(-half, half, d)
    return ThresholdOracle.from_row(q, K, float(np.sort(K @ q)[-max(1, n // 8)]), bits=bits, **(form or FORM))


@pytest.mark.parametrize("n", [13, 64])
@pytest.mark.parametrize("excluded", [0, 2])
def test_literal_and_default_runs_have_the_same_distribution(n: int, excluded: int) -> None:
    row = oracle(n, d=2, bits=2, seed=4)
    row = row.at(float(np.sort(row.score(np.arange(n)))[-4]))
    known = tuple(row.marked_set[:excluded].tolist())
    assert row.marked_set.size > excluded
    for m in (1, 2):
        jobs = [Job(row, m, known, shots=1500, seed=s) for s in (5, 6)]
        machines = (SparseMachine(), SparseMachine(literal=True))
        drawn = [np.bincount(a.run([job])[0], minlength=n) for a, job in zip(machines, jobs, strict=True)]
        signs = np.where(np.isin(np.arange(n), np.setdiff1d(row.marked_set, known)), -1.0, 1.0)
        chances = amplitudes(signs, m) ** 2
        assert chances[signs < 0].sum() == pytest.approx(hit_probability(n, int((signs < 0).sum()), m))
        kept = chances > 1e-12
        for counts in drawn:
            assert counts[~kept].sum() == 0
            assert chisquare(counts[kept], 1500 * chances[kept] / chances[kept].sum()).pvalue > 1e-3
    shifted = np.roll(chances[kept], 1)
    if np.ptp(chances[kept]) > 1e-9:
        assert chisquare(drawn[0][kept], 1500 * shifted / shifted.sum()).pvalue < 1e-3


def test_attend_on_a_real_head_of_64_tokens() -> None:
    Q, K, V = load_head("L2H11", 64)
    result = attend(Q[:6], K, V, k=4, seed=0)
    assert result.accounts.simulator == "sparse"
    assert result.accounts.qubits > 100
    assert result.accounts.gates > 1000
    for found, best in zip(result.found, top_k(Q[:6], K, 4), strict=True):
        assert np.array_equal(found, best)
    facts = result.to_dict()
    assert {"simulator", "gates", "qubits", "queries", "evaluations"} <= set(facts)


def test_light_circuits_still_run_on_aer_and_a_literal_run_is_asked_for() -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.integers(-2, 2, (2, 2)), rng.integers(-2, 2, (5, 2)), rng.normal(size=(5, 3))
    runs = [attend(Q, K, V, 1.0, sampler=s, seed=1) for s in (None, SparseSampler(), SparseSampler(literal=True))]
    assert [run.accounts.simulator for run in runs] == ["aer", "sparse", "sparse"]
    for run in runs:
        assert [js.tolist() for js in run.found] == [js.tolist() for js in above(Q, K, 1.0)]


def test_find_all_on_it_and_what_it_cannot_run() -> None:
    row = oracle(100, seed=8)
    found = find_all(row, sampler=SparseSampler(), seed=1, delta=1e-6)
    assert np.array_equal(found.indices, row.marked_set)
    with pytest.raises(ValueError, match="has no circuit"):
        find_all(MarkedSet(8, np.array([1])), sampler=SparseSampler())


def test_a_machine_travels_without_what_it_knows() -> None:
    machine = as_machine(SparseSampler())
    assert isinstance(machine, SparseMachine)
    job = Job(oracle(13), 1, shots=20, seed=3)
    here = machine.run([job])[0]
    assert machine.marks.known
    there = pickle.loads(pickle.dumps(machine))
    assert not there.marks.known
    assert np.array_equal(there.run([job])[0], here)
