"""Samplers of other providers: one number of shots for all circuits of a job, bound circuits, or both."""

import numpy as np
import pytest
from demonstration import instance

import qattn


def check(sampler: object, **options: object) -> None:
    """Every key of four rows over four keys, and over eight, is found through a sampler."""
    for n in (4, 8):
        Q, K, V, tau = instance(n, seed=n)
        result = qattn.attend(Q[:4], K, V, tau, k=2, sampler=sampler, objective="rounds", seed=3, **options)
        for i, js in enumerate(result.found):
            assert np.array_equal(js, np.flatnonzero(Q[i] @ K.T >= tau))
        assert result.miss_bound <= 0.01


def test_the_runtimes_executor_takes_one_number_of_shots() -> None:
    runtime = pytest.importorskip("qiskit_ibm_runtime.executor_sampler")
    from qiskit_aer import AerSimulator

    check(runtime.Sampler(mode=AerSimulator()))


def test_brakets_local_simulator() -> None:
    """`make braket` makes an environment for qiskit-braket-provider, which wants another cloudpickle than Dask."""
    braket = pytest.importorskip("qiskit_braket_provider")
    check(braket.BraketSampler(braket.BraketLocalBackend()))


def test_aqts_offline_simulator() -> None:
    """`make aqt` makes an environment for qiskit-aqt-provider, which wants another Qiskit."""
    pytest.importorskip("qiskit_aqt_provider")
    from qiskit_aqt_provider import AQTProvider
    from qiskit_aqt_provider.primitives import AQTSampler

    check(AQTSampler(backend=AQTProvider().offline.ideal()))
