"""An exact simulator of states with few nonzero amplitudes, at thousands of qubits and millions of gates."""

from __future__ import annotations

from qattn.simulator.noise import PauliNoise
from qattn.simulator.sampler import SparseSampler, statevector

__all__ = ["PauliNoise", "SparseSampler", "statevector"]
