"""The circuit that was asked for: numbers put in where arrays are misread, gates that the sampler's backend has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from qiskit.primitives import BackendSamplerV2, BaseSamplerV2, StatevectorSampler
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import SamplerV2

from qattn import GroverStatistics, ThresholdOracle, attend, find_all
from qattn.classical.exact import above
from qattn.data import theorem_instance
from qattn.machines.sampler import as_machine
from qattn.search.protocols import Job

N = 8


def oracle() -> ThresholdOracle:
    K = np.array([[0], [1], [0], [3], [0], [2], [0], [0]])
    return ThresholdOracle.from_row([1.0], K, 3.0)


class AerSubclass(SamplerV2):
    """A user's Aer."""


class Recorder(BaseSamplerV2):
    """Hands everything on and keeps it; wants bound circuits, and one number of shots in a job, as some do."""

    def __init__(self, inner: BaseSamplerV2, *, strict: bool = False) -> None:
        self.inner, self.strict, self.pubs = inner, strict, []

    def run(self, pubs: Any, *, shots: int | None = None) -> Any:
        pubs = [SamplerPub.coerce(pub) for pub in pubs]
        if self.strict and (len({pub.shots for pub in pubs}) > 1 or any(pub.circuit.parameters for pub in pubs)):
            raise TypeError("one number of shots and bound circuits, please")
        self.pubs.append(pubs)
        return self.inner.run(pubs, shots=shots)


class RecordingStatevector(StatevectorSampler):
    """A subclass is not on the list of those that read arrays right."""

    def run(self, pubs: Any, *, shots: int | None = None) -> Any:
        pubs = [SamplerPub.coerce(pub) for pub in pubs]
        assert not any(pub.circuit.parameters for pub in pubs)
        return super().run(pubs, shots=shots)


def executor() -> BaseSamplerV2:
    from qiskit_ibm_runtime.executor_sampler import Sampler

    return Sampler(mode=AerSimulator())


def fake(name: str) -> Any:
    from qiskit_ibm_runtime import fake_provider

    return getattr(fake_provider, name)()


SAMPLERS = {
    "statevector": StatevectorSampler,
    "statevector subclass": RecordingStatevector,
    "aer": SamplerV2,
    "aer subclass": AerSubclass,
    "aer wrapper": lambda: Recorder(SamplerV2()),
    "strict wrapper": lambda: Recorder(SamplerV2(), strict=True),
    "executor": executor,
    "matrix product states": lambda: SamplerV2(options={"backend_options": {"method": "matrix_product_state"}}),
    "wrapped matrix product states": lambda: Recorder(
        SamplerV2(options={"backend_options": {"method": "matrix_product_state"}})
    ),
    "backend over aer": lambda: BackendSamplerV2(backend=AerSimulator()),
    "backend with couplings": lambda: BackendSamplerV2(
        backend=GenericBackendV2(8, coupling_map=[[i, i + 1] for i in range(7)], noise_info=False)
    ),
}


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_distribution_is_that_of_the_circuit(name: str) -> None:
    """Two iterations: the marked index with sin^2(5 theta) = .945, and with it excluded, as good as never."""
    machine = as_machine(SAMPLERS[name]())
    hit, excluded, uniform = machine.run(
        [Job(oracle(), 2, (), 300, 1), Job(oracle(), 2, (3,), 200, 2), Job(oracle(), 0, (), 200, 3)]
    )
    assert [len(hit), len(excluded), len(uniform)] == [300, 200, 200]
    assert abs(np.mean(hit == 3) - np.sin(5 * np.arcsin(N**-0.5)) ** 2) < 0.08
    assert np.mean(excluded == 3) < 0.25
    assert np.bincount(uniform, minlength=N).min() >= 5


@pytest.mark.parametrize("name", ["FakeManilaV2", pytest.param("FakeTorino", marks=pytest.mark.slow)])
def test_a_fake_processor_gets_its_own_gates(name: str) -> None:
    """One iteration of four keys finds the marked one for certain; noise of some hundred gates leaves most of it."""
    four = ThresholdOracle.from_row([1.0], np.array([[0], [0], [1], [0]]), 1.0)
    for sampler in (SamplerV2.from_backend(fake(name)), BackendSamplerV2(backend=fake(name))):
        [measured] = as_machine(sampler).run([Job(four, 1, (), 200, 1)])
        assert np.mean(measured == 2) > 0.5


def test_bind_chooses_between_circuits_and_arrays() -> None:
    jobs = [Job(oracle(), 1, (), 5, 1), Job(oracle(), 1, (), 5, 2)]
    for bind, expected in ((None, False), (True, False), (False, True)):
        recorder = Recorder(StatevectorSampler())
        as_machine(recorder, bind=bind).run(jobs)
        pubs = [pub for pub in recorder.pubs[0] if pub.circuit.cregs[0].size == 3 and pub.circuit.num_qubits > 3]
        assert any(pub.circuit.parameters for pub in pubs) is expected
        assert sum(pub.parameter_values.size for pub in pubs if pub.circuit.parameters) == 2 * expected


def test_bind_through_the_public_face() -> None:
    Q, K, V, tau = theorem_instance(4, 2, 1, seed=1)
    expected = above(Q, K, np.full(len(Q), tau))
    for bind in (None, True, False):
        result = attend(Q, K, V, tau, bits=2, delta=1e-4, sampler=StatevectorSampler(seed=1), bind=bind, seed=1)
        assert all(np.array_equal(a, b) for a, b in zip(result.found, expected, strict=True))
        assert find_all(oracle(), sampler=StatevectorSampler(), bind=bind, delta=1e-6).indices.tolist() == [3]


def test_bind_is_refused_where_it_means_nothing_or_harm() -> None:
    with pytest.raises(ValueError, match="runs no circuits"):
        find_all(oracle(), sampler=GroverStatistics(), bind=True)
    with pytest.raises(ValueError, match="Aer reads parameter arrays wrongly"):
        find_all(oracle(), bind=False)


def test_one_number_of_shots_for_a_job_where_that_may_be_wanted() -> None:
    recorder = Recorder(StatevectorSampler())
    measured = as_machine(recorder).run([Job(oracle(), 1, (), shots, shots) for shots in (4, 2, 4)])
    assert [len(row) for row in measured] == [4, 2, 4]
    assert sorted({pub.shots for pub in pubs}.pop() for pubs in recorder.pubs) == [2, 4]
    assert all(len({pub.shots for pub in pubs}) == 1 for pubs in recorder.pubs)
