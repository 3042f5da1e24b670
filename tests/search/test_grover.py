"""Grover circuits: any n, exact success probabilities, exclusions, bit order, on two samplers."""

import numpy as np
import pytest
from qiskit.primitives import StatevectorSampler

from qattn import ThresholdOracle
from qattn.machines.sampler import as_machine
from qattn.search.grover import diffusion, grover_template, iterate, uniform
from qattn.search.protocols import Job
from qattn.testing import statevector


def oracle_with(n: int, marked: int, seed: int = 0) -> ThresholdOracle:
    """An arithmetic oracle over n keys with exactly `marked` of them at or above tau."""
    rng = np.random.default_rng(seed)
    K, q = rng.integers(-4, 4, (n, 2)), np.array([3, -2])
    scores = K @ q
    order = np.argsort(-scores, kind="stable")
    K[order[:marked]] = [3, -4]  # score 17
    K[order[marked:]] = np.minimum(K[order[marked:]], [2, 3])
    oracle = ThresholdOracle.from_row(q, K, 17)
    assert oracle.marked_set.size == marked
    return oracle


@pytest.mark.parametrize("n", [1, 2, 3, 5, 6, 8, 13, 16, 21])
def test_uniform_state_and_its_reflection(n: int) -> None:
    circuit = uniform(n)
    state = statevector(circuit)
    flat = np.zeros_like(state)
    flat[:n] = n**-0.5
    assert np.allclose(state, flat)
    reflection = np.column_stack([statevector(diffusion(n), column) for column in np.eye(len(flat), dtype=complex)])
    assert np.allclose(reflection, 2 * np.outer(flat, flat) - np.eye(len(flat)))


@pytest.mark.parametrize(("n", "marked"), [(5, 1), (5, 2), (8, 1), (8, 3), (13, 1), (13, 2), (13, 7)])
def test_success_probability_is_the_sine_law(n: int, marked: int) -> None:
    """The exact amplitudes on Aer, not samples: P(marked) = sin^2((2m+1) theta), uniform within each class."""
    oracle = oracle_with(n, marked)
    theta = np.arcsin(np.sqrt(marked / n))
    for m in range(5):
        circuit = grover_template(n, oracle.circuit, [], m).circuit.remove_final_measurements(inplace=False)
        probability = np.abs(statevector(circuit)) ** 2
        index = probability.reshape(-1, 2 ** (n - 1).bit_length())
        assert np.isclose(index[0].sum(), 1), "key, score and ancillas are back in |0>"
        hit = index[0][oracle.marked_set]
        assert np.allclose(hit, np.sin((2 * m + 1) * theta) ** 2 / marked)
        miss = np.delete(index[0], oracle.marked_set)
        assert np.isclose(miss[n - marked :].sum(), 0), "nothing beyond n"


@pytest.mark.parametrize("n", [3, 8, 13])
def test_exclusions_undo_the_phase(n: int) -> None:
    oracle = oracle_with(n, 2, seed=1)
    first = int(oracle.marked_set[0])
    template = grover_template(n, oracle.circuit, [], 2, slots=2)  # one slot stays idle
    circuit = template.circuit.assign_parameters(template.bindings([], [first])).remove_final_measurements(
        inplace=False
    )
    probability = np.abs(statevector(circuit)) ** 2
    theta = np.arcsin(np.sqrt(1 / n))
    assert np.isclose(probability[int(oracle.marked_set[1])], np.sin(5 * theta) ** 2)
    assert np.isclose(probability[first], np.cos(5 * theta) ** 2 / (n - 1))


def test_too_many_exclusions_are_refused() -> None:
    oracle = oracle_with(8, 2)
    with pytest.raises(ValueError, match="2 indices to exclude"):
        grover_template(8, oracle.circuit, [], 1, slots=1).bindings([], [1, 2])


@pytest.mark.parametrize("sampler", [None, "statevector", "aer primitive"])
def test_bit_order_and_parameter_arrays(sampler: str | None) -> None:
    """An asymmetric case: index 1 = |..01> of 13 would come out as 8 if the bits were read backwards.

    Three rows share one circuit through parameter arrays (StatevectorSampler); Aer binds each first, because Aer 0.18
    reads arrays of cp and mcphase angles as 0.
    """
    if sampler == "statevector":
        machine = as_machine(StatevectorSampler(seed=3))
    elif sampler == "aer primitive":
        from qiskit_aer.primitives import SamplerV2

        machine = as_machine(SamplerV2(seed=3))
    else:
        machine = as_machine(None)
    K = np.zeros((13, 1), dtype=int)
    K[[1, 2, 11]] = [[3], [2], [-4]]
    rows = [ThresholdOracle.from_row(q, K, tau) for q, tau in (([1], 3), ([2], 4), ([-1], 4))]
    width = max(row.score_bits for row in rows)
    from dataclasses import replace

    keys = rows[0].keys
    rows = [replace(row, keys=keys, width=width) for row in rows]
    jobs = [Job(rows[0], 2, (), 400, 1), Job(rows[1], 2, (1,), 400, 2), Job(rows[2], 2, (), 400, 3)]
    theta = np.arcsin(np.sqrt(1 / 13))
    for measured, target in zip(machine.run(jobs), (1, 2, 11), strict=True):
        assert measured.shape == (400,)
        assert abs(np.mean(measured == target) - np.sin(5 * theta) ** 2) < 0.08
        assert measured.max() < 13


def test_same_seed_same_samples_whatever_runs_beside() -> None:
    oracle = oracle_with(13, 2)
    job = Job(oracle, 1, (), 50, seed=7)
    alone = as_machine(None).run([job])[0]
    beside = as_machine(None).run([Job(oracle, 2, (), 20, seed=1), job])[1]
    assert np.array_equal(alone, beside)


def test_iterate_keeps_the_registers_of_its_oracle() -> None:
    oracle = oracle_with(8, 1)
    circuit, parameters = iterate(8, oracle.circuit, slots=3)
    assert [register.name for register in circuit.qregs] == ["index", "key", "score"]
    assert len(parameters) == 3 * (3 + 1)


def test_what_is_not_a_sampler_is_refused() -> None:
    with pytest.raises(ValueError, match="BaseSamplerV2"):
        as_machine("aer")  # type: ignore[arg-type]
