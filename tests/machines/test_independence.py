"""Samplers that repeat their draws: reseeded where the seed is seen, refused where it is not, the others untouched."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from qiskit.primitives import BackendSamplerV2, BaseSamplerV2, StatevectorSampler
from qiskit.providers.basic_provider import BasicSimulator
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import SamplerV2

from qattn import ThresholdOracle, find_all
from qattn.machines.independence import WATCHED, Watch, own_seed, reseeded
from qattn.machines.sampler import SamplerMachine, as_machine
from qattn.search.protocols import Job

K = np.array([[0], [0], [0], [1], [0], [0], [0], [0]])


def oracle() -> ThresholdOracle:
    return ThresholdOracle.from_row([1.0], K, 1.0)


def executor(**simulator: Any) -> BaseSamplerV2:
    from qiskit_ibm_runtime.executor_sampler import Sampler

    return Sampler(mode=AerSimulator(), options={"simulator": simulator} if simulator else None)


def local_runtime(seed: int) -> BaseSamplerV2:
    from qiskit_ibm_runtime import SamplerV2 as RuntimeSampler

    return RuntimeSampler(mode=AerSimulator(), options={"simulator": {"seed_simulator": seed}})


class Inherited(StatevectorSampler):
    """A user's subclass."""


class Wrapper(BaseSamplerV2):
    """Hands everything on, and counts."""

    def __init__(self, *inner: BaseSamplerV2) -> None:
        self.inner, self.jobs = inner, []

    def run(self, pubs: Any, *, shots: int | None = None) -> Any:
        pubs = list(pubs)
        self.jobs.append(len(pubs))
        return self.inner[(len(self.jobs) - 1) % len(self.inner)].run(pubs, shots=shots)


class Stubborn(StatevectorSampler):
    """Seeded where nobody looks: what is set from outside has no effect."""

    def run(self, pubs: Any, *, shots: int | None = None) -> Any:
        return StatevectorSampler(seed=5).run(pubs, shots=shots)


SEEDED = {
    "statevector": lambda: StatevectorSampler(seed=3),
    "numpy integer": lambda: StatevectorSampler(seed=np.int64(3)),
    "subclass": lambda: Inherited(seed=3),
    "aer": lambda: SamplerV2(seed=3),
    "aer run option": lambda: SamplerV2(options={"run_options": {"seed_simulator": 3}}),
    "aer backend option": lambda: SamplerV2(options={"backend_options": {"seed_simulator": 3}}),
    "aer backend": lambda: SamplerV2.from_backend(AerSimulator(seed_simulator=3)),
    "backend": lambda: BackendSamplerV2(backend=AerSimulator(), options={"seed_simulator": 3}),
    "backend's own": lambda: BackendSamplerV2(backend=AerSimulator(seed_simulator=3)),
    "basic": lambda: BackendSamplerV2(backend=BasicSimulator(), options={"seed_simulator": 3}),
    "executor": lambda: executor(seed_simulator=3),
    "runtime": lambda: local_runtime(3),
}
FREE = {
    "statevector": StatevectorSampler,
    "generator": lambda: StatevectorSampler(seed=np.random.default_rng(3)),
    "aer": SamplerV2,
    "backend": lambda: BackendSamplerV2(backend=AerSimulator()),
    "executor": executor,
    "aer wrapper": lambda: Wrapper(SamplerV2()),
    "wrapped generator": lambda: Wrapper(StatevectorSampler(seed=np.random.default_rng(3))),
}


@pytest.mark.parametrize("name", SEEDED)
def test_an_integer_seed_is_seen_and_each_job_gets_its_own(name: str) -> None:
    sampler = SEEDED[name]()
    assert own_seed(sampler) == 3
    before = copy.copy(vars(sampler))
    assert own_seed(reseeded(sampler, 8)) == 8
    machine = as_machine(sampler)
    job = [Job(oracle(), 0, (), 20, seed=seed) for seed in (1, 2)]
    draws = [*machine.run(job), *machine.run(job[:1])]
    assert not np.array_equal(draws[0], draws[1])
    assert np.array_equal(draws[0], draws[2]), "the job's seed and the sampler's decide"
    assert own_seed(sampler) == 3
    assert vars(sampler) == before, "the caller's sampler is as it was"


@pytest.mark.parametrize("name", FREE)
def test_what_has_no_integer_seed_runs(name: str) -> None:
    sampler = FREE[name]()
    assert own_seed(sampler) is None
    found = find_all(oracle(), sampler=sampler, delta=1e-6, seed=4)
    assert found.indices.tolist() == [3]


@pytest.mark.parametrize("seed", range(3))
def test_the_certified_empty_row_is_gone(seed: int) -> None:
    """The first three seeds with which this search found nothing and certified it, for each sampler."""
    for sampler in (StatevectorSampler(seed=3 + seed), SamplerV2(seed=seed), Inherited(seed=seed)):
        assert find_all(oracle(), sampler=sampler, delta=1e-6, seed=seed).indices.tolist() == [3]


@pytest.mark.parametrize("objective", ["queries", "rounds"])
@pytest.mark.parametrize(
    "inner",
    [
        [StatevectorSampler(seed=3)],
        [SamplerV2(seed=3)],
        [BackendSamplerV2(backend=AerSimulator(), options={"seed_simulator": 3})],
        [SamplerV2(seed=3), SamplerV2(seed=4)],
        [Wrapper(SamplerV2(seed=3))],
    ],
    ids=["statevector", "aer", "backend", "two in turns", "twice wrapped"],
)
def test_a_seed_that_is_not_seen_is_refused_by_what_it_draws(inner: list[BaseSamplerV2], objective: str) -> None:
    machine = as_machine(Wrapper(*inner))
    shots = (1, 1, 1) if objective == "queries" else (7, 4, 9)  # the draws are compared whatever the shots are

    def search() -> None:
        for i, count in enumerate(shots):
            machine.run([Job(oracle(), 1 + i % 2, (), count, seed=i)])

    with pytest.raises(ValueError, match=r"Wrapper repeats itself: .*default_rng"):
        search()


def test_a_seed_that_cannot_be_changed_is_refused() -> None:
    with pytest.raises(ValueError, match="Stubborn repeats itself"):
        find_all(oracle(), sampler=Stubborn(seed=1), seed=1)


def test_the_watch_has_no_job_of_its_own_and_ends() -> None:
    sampler = Wrapper(StatevectorSampler())
    machine = as_machine(sampler)
    for i in range(WATCHED + 2):
        machine.run([Job(oracle(), 1, (), 1, seed=i)])
    assert len(sampler.jobs) == WATCHED + 2
    assert min(sampler.jobs[:WATCHED]) > 1
    assert sampler.jobs[WATCHED:] == [1, 1]


def test_a_machine_that_answers_zero_is_refused() -> None:
    watch = Watch()
    watch.circuit(8)
    with pytest.raises(ValueError, match="Dead repeats itself"):
        watch.check([np.zeros(1, dtype=np.int64)] * watch.count, "Dead")


def test_the_watch_lets_independent_draws_pass() -> None:
    rng = np.random.default_rng(1)
    for width in (1, 3, 12):
        for _ in range(300):
            watch = Watch()
            watch.circuit(width)
            while not watch.over:
                watch.check(list(rng.integers(2**width, size=(watch.count, 1 + len(watch.jobs)))), "Good")


def test_a_machine_without_jobs_runs_nothing() -> None:
    sampler = Wrapper(StatevectorSampler())
    machine = as_machine(sampler)
    assert isinstance(machine, SamplerMachine)
    assert machine.run([]) == []
    assert sampler.jobs == []


def test_same_seed_same_result_with_a_seeded_sampler() -> None:
    runs = [find_all(oracle(), sampler=SamplerV2(seed=2), seed=9) for _ in range(2)]
    assert runs[0].queries == runs[1].queries
    assert runs[0].indices.tolist() == runs[1].indices.tolist()
