"""Aer's GPU path, where there is a GPU: the sampler as the README gives it."""

import numpy as np
import pytest
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import SamplerV2

from qattn import attend
from qattn.classical.exact import above
from qattn.data import theorem_instance


def run(device: str) -> None:
    Q, K, V, tau = theorem_instance(6, 3, 2, seed=1)
    sampler = SamplerV2(seed=1, options={"backend_options": {"method": "statevector", "device": device}})
    result = attend(Q, K, V, tau, bits=3, delta=1e-3, sampler=sampler, seed=1)
    expected = above(Q, K, np.full(6, tau))
    assert all(np.array_equal(a, b) for a, b in zip(result.found, expected, strict=True))


def test_the_same_call_on_the_cpu() -> None:
    run("CPU")


@pytest.mark.skipif("GPU" not in AerSimulator().available_devices(), reason="no GPU, or an Aer built without one")
def test_on_the_gpu() -> None:
    run("GPU")
