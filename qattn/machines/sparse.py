"""The machine behind `SparseSampler`: whole circuits at thousands of qubits, exactly.

By default each oracle's gates are executed on all n indices once (`qattn.simulator.marks`), ancillas checked; a run of
m iterations is then its signs, the excluded indices' signs and m reflections of n amplitudes, which is what the circuit
does, exactly. With `literal=True` every gate of every iterate runs on the sparse state; with noise it does so anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Floats, Integers
from qattn.machines.circuits import Circuits
from qattn.oracles.base import CircuitOracle, with_circuit
from qattn.search.protocols import Job
from qattn.simulator import PauliNoise, SparseSampler
from qattn.simulator.marks import Marks

Complex = NDArray[np.complex128]


@dataclass(frozen=True)
class SparseMachine:
    """Samples each job from the job's seed, so that a row's samples do not depend on its neighbours.

    Attributes:
        literal: run every gate of every iterate.
        noise: Pauli errors after the gates.
        marks: what the oracles' gates do; kept for the life of one call.
        circuits: builds whole Grover circuits, for `literal`.
    """

    literal: bool = False
    noise: PauliNoise | None = None
    marks: Marks = field(default_factory=Marks, repr=False)
    circuits: Circuits = field(default_factory=Circuits, repr=False)

    @classmethod
    def of(cls, sampler: SparseSampler) -> SparseMachine:
        """What stands behind a sampler."""
        circuits = Circuits(reset=sampler.reset_ancillas)
        return cls(sampler.literal, sampler.noise, circuits=circuits)

    def run(self, jobs: Sequence[Job]) -> list[Integers]:
        """The measured indices, one array per job.

        Raises:
            DirtyAncillaError: when an oracle's gates do not bring its ancillas back to |0>.
        """
        return [self._literally(job) if self.literal else self._sampled(job) for job in jobs]

    def size(self, oracle: CircuitOracle) -> tuple[int, int]:
        """(gates of one query, qubits) of an oracle's circuit."""
        return self.marks.size(oracle)

    def _sampled(self, job: Job) -> Integers:
        n, rng = job.oracle.n, np.random.default_rng(job.seed)
        chances = np.full(n, 1 / n)
        if job.iterations:
            chances = np.abs(amplitudes(self._signs(job), job.iterations, job.angles)) ** 2
        return rng.choice(n, size=job.shots, p=chances / chances.sum())

    def _signs(self, job: Job) -> Floats:
        signs = np.where(self.marks.of(with_circuit(job.oracle)), -1.0, 1.0)
        signs[list(job.excluded)] *= -1
        return signs

    def _literally(self, job: Job) -> Integers:
        sampler = SparseSampler(seed=np.random.default_rng(job.seed), noise=self.noise)
        result = sampler.run([self.circuits.bound(job)], shots=job.shots).result()
        return np.array([int(word, 2) for word in result[0].data.found.get_bitstrings()], dtype=np.int64)


def amplitudes(signs: Floats, iterations: int, angles: Sequence[float] = ()) -> Floats | Complex:
    """(n,) amplitudes after some Grover iterations: the oracle's signs, then the reflection about the uniform state.

    Args:
        signs: (n,) +1 or -1 of each index.
        iterations: m >= 0.
        angles: of the last reflections, in radians; the others turn by pi. Without them the amplitudes are real.

    Returns:
        Real amplitudes, of norm 1.
    """
    state: Floats | Complex = np.full(signs.size, signs.size**-0.5)
    for _ in range(iterations - len(angles)):
        state = signs * state
        state = 2 * state.mean() - state
    for angle in angles:
        state = signs * state
        state = (1 - np.exp(1j * angle)) * state.mean() - state
    return state
