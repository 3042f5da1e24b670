"""Searches that are told how many indices are marked: certain runs, fewest queries, broken promises."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit
from qiskit.circuit.library import DiagonalGate

from qattn import GroverStatistics, SparseSampler, ThresholdOracle, find_all
from qattn.machines.sparse import amplitudes
from qattn.search.grover import grover_template
from qattn.search.known import KnownSchedule, cheapest_run, exact_run
from qattn.search.protocols import MarkedSet, ScoreTable, SearchOptions
from qattn.search.rounds import find_rows, run_rows, start_rows
from qattn.search.row import Row
from qattn.search.statistics import hit_probability
from qattn.testing import statevector

MACHINE = GroverStatistics()


def random_set(n, k, seed):
    return MarkedSet(n, np.random.default_rng(seed).choice(n, size=k, replace=False))


def test_exact_runs_hit_for_certain_with_the_fewest_iterations():
    """Every n up to 100 and every count up to a quarter of it, on all n amplitudes."""
    for n in range(4, 101):
        for t in range(1, n // 4 + 1):
            m, angles = exact_run(n, t)
            theta = math.asin(math.sqrt(t / n))
            assert m == math.ceil(math.pi / (4 * theta) - 0.5 - 1e-9)
            final = amplitudes(np.where(np.arange(n) < t, -1.0, 1.0), m, angles)
            assert np.sum(np.abs(final[:t]) ** 2) == pytest.approx(1, abs=1e-12)
            assert hit_probability(n, t, m, angles) == pytest.approx(1, abs=1e-12)
            if (m, angles) != (m, ()):  # plain iterations would not do
                assert hit_probability(n, t, m) < 1 - 1e-9


def test_one_angle_a_little_off_is_seen():
    m, (first, second) = exact_run(1000, 3)
    assert hit_probability(1000, 3, m, (first, second)) > 1 - 1e-12
    assert hit_probability(1000, 3, m, (first + 0.01, second)) < 1 - 1e-6
    assert hit_probability(1000, 3, m, (second, first)) < 1 - 1e-6


def test_too_many_marked_for_an_exact_run():
    assert exact_run(4, 1) == (1, ())
    assert exact_run(4, 4) == (0, ())
    with pytest.raises(ValueError, match="3 of 8"):
        exact_run(8, 3)


@pytest.mark.parametrize(("n", "marked"), [(8, (5,)), (13, (0, 12)), (16, (3,))])
def test_the_circuit_of_an_exact_run_ends_on_the_marked_indices(n, marked):
    m, angles = exact_run(n, len(marked))
    bits = (n - 1).bit_length()
    signs = np.ones(1 << bits)
    signs[list(marked)] = -1
    oracle = QuantumCircuit(bits)
    oracle.append(DiagonalGate(signs.tolist()), range(bits))
    named = QuantumCircuit(*[type(oracle.qregs[0])(bits, "index")])
    named.compose(oracle, inplace=True)
    circuit = grover_template(n, named, [], m, angles=angles).circuit.remove_final_measurements(inplace=False)
    chances = np.abs(statevector(circuit)) ** 2
    assert chances[list(marked)] == pytest.approx(1 / len(marked), abs=1e-9)


@pytest.mark.parametrize("objective", ["queries", "rounds"])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 37, 256])
def test_all_are_found_and_nothing_is_proven(n, objective):
    broken = 0
    for k in sorted({0, 1, 2, n // 4, n // 2, n} & set(range(n + 1))):
        for seed in range(5):
            oracle = random_set(n, k, seed)
            found = find_all(oracle, sampler=MACHINE, k_exact=k, seed=seed, objective=objective)
            assert found.indices.tolist() == oracle.marked_set.tolist()
            broken += found.broken_promise
            if not found.broken_promise:
                assert found.ended in ("promise", "exhausted")
                assert found.miss_bound <= 1e-4
    assert broken <= 2  # of 30, each with chance 0.01 at most


def gate(n, marked):
    signs = np.ones(1 << max(1, (n - 1).bit_length()))
    signs[list(marked)] = -1
    return DiagonalGate(signs.tolist())


@pytest.mark.parametrize(
    "sampler", [None, SparseSampler(seed=1), SparseSampler(seed=1, literal=True)], ids=["aer", "sparse", "literal"]
)
def test_exact_amplification_on_circuits_never_misses(sampler):
    """Whatever is measured is marked: as many evaluations as finds, on a user's gate and on an oracle of ours."""
    marked = [1, 6, 11]
    for seed in range(3):
        found = find_all(
            gate(13, marked),
            check=lambda j: j in marked,
            n=13,
            k_exact=3,
            objective="rounds",
            seed=seed,
            sampler=sampler,
        )
        assert found.indices.tolist() == marked
        assert found.evaluations == 3
        assert not found.broken_promise
    keys = np.eye(3, dtype=int)[np.arange(12) % 3]
    keys[5] = keys[9] = 2
    ours = ThresholdOracle.from_row([1.0, 1.0, 1.0], keys, 5.0, bits=3)
    assert ours.exact
    found = find_all(ours, k_exact=2, objective="rounds", seed=0, sampler=sampler)
    assert found.indices.tolist() == [5, 9]
    assert found.evaluations == 2


def test_one_of_many_is_one_shot():
    found = find_all(random_set(4096, 1, 0), sampler=MACHINE, k_exact=1, objective="rounds", seed=0)
    assert (found.rounds, found.evaluations, found.queries) == (1, 1, 50)


@pytest.mark.parametrize(("n", "k"), [(1024, 1), (1024, 4), (4096, 16)])
def test_fewest_queries(n, k):
    """The mean is the least there can be with repeated runs, and below exact runs and the search without a promise."""
    m = np.arange(1, int(math.sqrt(n)) + 1)
    theta = np.arcsin(np.sqrt(np.arange(1, k + 1) / n))[:, None]
    least = float((m / np.sin((2 * m + 1) * theta) ** 2).min(axis=1).sum())
    rows = find_rows([random_set(n, k, s) for s in range(400)], MACHINE, SearchOptions(k_exact=k, seed=1, delta=1e-3))
    queries = np.array([found.queries for found in rows])
    assert abs(queries.mean() - least) < 4 * queries.std() / 20 + 0.02 * least
    assert queries.mean() < sum(exact_run(n, t)[0] for t in range(1, k + 1))


def test_a_kept_promise_is_seldom_taken_for_broken():
    delta, trials = 0.3, 600
    options = SearchOptions(k_exact=3, delta=delta, sharing=1, seed=5)
    broken, missed = 0, 0
    for seed in range(trials):
        oracle = random_set(64, 3, seed)
        found = find_all(oracle, sampler=MACHINE, k_exact=3, delta=delta, seed=seed)
        broken += found.broken_promise
        missed += found.indices.size < 3
        assert found.broken_promise == (found.ended != "promise")
    assert options.k_exact == 3
    assert 0 < broken <= delta * trials
    assert missed <= delta * delta * trials


@pytest.mark.parametrize("objective", ["queries", "rounds"])
@pytest.mark.parametrize(("k", "promised"), [(0, 1), (0, 5), (2, 3), (3, 7), (1, 64)])
def test_fewer_than_promised_is_found_out_and_the_search_goes_on_to_a_proof(k, promised, objective):
    delta, trials, missed = 0.1, 60, 0
    for seed in range(trials):
        oracle = random_set(64, k, seed)
        found = find_all(oracle, sampler=MACHINE, k_exact=promised, delta=delta, seed=seed, objective=objective)
        missed += found.indices.size < k
        if found.ended == "exhausted":
            continue
        assert found.broken_promise
        assert found.ended == "certified"
        assert 0 < found.miss_bound <= delta
    assert missed <= 2 * delta * trials


def test_more_than_promised_is_found_out_where_exact_runs_miss():
    """Twice as many marked as promised: an exact run overshoots, and its first miss is a contradiction."""
    seen = 0
    for seed in range(40):
        oracle = random_set(256, 6, seed)
        found = find_all(oracle, sampler=MACHINE, k_exact=3, delta=1e-3, seed=seed, objective="rounds")
        if found.broken_promise and found.ended == "certified":
            seen += 1
            assert found.indices.tolist() == oracle.marked_set.tolist()
        else:  # three were found without a miss: nothing tells
            assert found.ended == "promise"
            assert found.indices.size == 3
    assert seen >= 35


def test_more_members_than_k_max_is_a_broken_promise_too():
    oracle = random_set(8, 4, 0)
    broken = [find_all(oracle, sampler=MACHINE, k_max=2, shots=20, seed=s).broken_promise for s in range(20)]
    assert any(broken)
    assert not find_all(oracle, sampler=MACHINE, k_max=4, shots=20, seed=0).broken_promise


def test_a_dead_machine_ends():
    class Dead:
        def run(self, jobs):
            return [np.zeros(job.shots, dtype=np.int64) for job in jobs]

    for objective in ("queries", "rounds"):
        found = find_all(MarkedSet(128, [7, 9]), sampler=Dead(), k_exact=2, seed=0, objective=objective)
        assert found.broken_promise
        assert found.indices.size == 0


def test_candidates_count_as_finds():
    oracle = random_set(256, 3, 0)
    found = find_all(oracle, sampler=MACHINE, k_exact=3, candidates=oracle.marked_set, seed=0)
    assert (found.queries, found.ended) == (0, "promise")
    assert found.indices.tolist() == oracle.marked_set.tolist()
    more = find_all(oracle, sampler=MACHINE, k_exact=2, candidates=oracle.marked_set, seed=0)
    assert more.broken_promise


@pytest.mark.parametrize("objective", ["queries", "rounds"])
@pytest.mark.parametrize("promised", [3, 6])
def test_a_stopped_search_goes_on_from_a_file_as_if_it_had_not_stopped(promised, objective):
    oracle = random_set(200, 3, 4)
    options = SearchOptions(k_exact=promised, objective=objective, seed=3)
    [whole] = find_rows([oracle], MACHINE, options)
    states = []
    run_rows(start_rows([oracle], options), MACHINE, on_round=lambda rows: states.append(rows[0]))
    for state in states:
        again = Row.from_dict(json.loads(json.dumps(state.to_dict())), oracle)
        [row] = run_rows([again], MACHINE)
        assert all(np.array_equal(getattr(row.result(), f), getattr(whole, f)) for f in whole.__dataclass_fields__)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"k_exact": -1}, "k_exact = -1"),
        ({"k_exact": 1, "k_max": 1}, "one of them"),
        ({"k_exact": 1, "k": 1}, "one of them"),
        ({"k_exact": 65}, "only 64 indices"),
    ],
)
def test_promises_that_make_no_sense_are_refused(more, words):
    with pytest.raises(ValueError, match=words):
        find_all(random_set(64, 1, 0), sampler=MACHINE, **more)


def test_an_oracle_with_extras_is_refused():
    with pytest.raises(ValueError, match="use k_max"):
        find_all(ScoreTable(np.arange(8.0), 4.0, margin=0.5), sampler=MACHINE, k_exact=4)


def test_the_cheapest_run_needs_no_iteration_where_most_are_marked():
    assert cheapest_run(8, 8) == (0, 1.0)
    assert cheapest_run(8, 6)[0] == 0
    assert cheapest_run(1024, 1)[0] == pytest.approx(0.58 * 32, abs=1)
    assert KnownSchedule.start(8, 0, 0.1).done
