"""Independent shots, on which every miss bound rests: samplers that repeat their draws are reseeded or refused.

With an integer seed, Qiskit's StatevectorSampler, BackendSamplerV2 and Aer's SamplerV2 start every run (some of them
every PUB) from the same random numbers (Qiskit issues 13047 and 13730). A search that misses an index on such a sampler
misses it every time, and would certify an empty row. Where the seed can be seen, a copy of the sampler gets a new one
for every job of the search; the caller's sampler is not touched. That this helped, and that a sampler we know
nothing of does not repeat, is watched: the first sampler jobs carry a few small circuits of random bits.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from qiskit.circuit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.primitives import BackendSamplerV2, BaseSamplerV2, StatevectorSampler

from qattn.arrays import Integers

BITS = 40  # random bits that agree by chance once in 10^12 times
WIDTH = 12  # most qubits of a circuit of random bits
WATCHED = 3  # sampler jobs that carry them
SIMULATORS = (
    "qiskit_aer",
    "qiskit.providers.basic_provider",
    "qiskit.providers.fake_provider",
    "qiskit_ibm_runtime.fake_provider",
)


@dataclass(eq=False)
class Watch:
    """Compares random bits within and between the first jobs of a sampler.

    A job carries `count` equal circuits of `width` qubits in |+>, measured. Good samplers agree by chance with
    probability 2^-40 a comparison. One that repeats itself in every PUB is refused after its first job, one that
    repeats in every run after its second, one that takes turns between two seeds after its third. A search that ended
    earlier has used no draw twice.

    Attributes:
        width: qubits of a circuit.
        jobs: what the jobs so far drew, (count, shots) integers each.
    """

    width: int = 0
    jobs: list[Integers] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """True when enough jobs have been compared."""
        return len(self.jobs) >= WATCHED

    @property
    def count(self) -> int:
        """How many circuits a job carries: one shot of all but one of them gives 40 bits."""
        return 1 + -(-BITS // self.width)

    def circuit(self, qubits: int) -> QuantumCircuit:
        """`width` random bits, measured into register `found`; at most as many as the search's circuits have qubits.

        Args:
            qubits: of the search's circuits.

        Returns:
            A circuit on at most 12 qubits; all of a Watch have the width of the first.
        """
        self.width = self.width or max(1, min(WIDTH, qubits))
        index, found = QuantumRegister(self.width, "index"), ClassicalRegister(self.width, "found")
        circuit = QuantumCircuit(index, found)
        circuit.h(index)
        circuit.measure(index, found)
        return circuit

    def check(self, drawn: Sequence[Integers], name: str) -> None:
        """Compare a job's draws, one array of shots per circuit, with each other and with the jobs before.

        Args:
            drawn: (shots,) integers of each circuit, all of the same length.
            name: of the sampler, for the message.

        Raises:
            ValueError: when they agree; says what to do.
        """
        bits = np.array(drawn)
        if (bits == bits[0]).all():
            raise ValueError(_refusal(name, "circuits of one job"))
        for before in self.jobs:
            shots = min(bits.shape[1], before.shape[1])
            first, last = bits[:, :shots] == before[:, :shots], bits[:, -shots:] == before[:, -shots:]
            if first.all() or last.all():  # Aer repeats the last shots when there are more of them
                raise ValueError(_refusal(name, "jobs"))
        self.jobs.append(bits)


def _refusal(name: str, where: str) -> str:
    return (
        f"{name} repeats itself: {BITS} random bits or more came out alike in two {where}. A search is proven to miss "
        "nothing by independent shots only. Leave out the integer seed of the sampler, or of the sampler that it "
        "wraps, or give StatevectorSampler seed=numpy.random.default_rng(...); "
        "sampler=None is Aer, seeded by the call's own seed"
    )


def own_seed(sampler: BaseSamplerV2) -> int | None:
    """The integer from which a simulator of Qiskit, Aer or qiskit-ibm-runtime would start every run; None without one.

    Subclasses too. A processor ignores such a seed, so that there is none.
    """
    facts: Any = sampler
    kind = kind_of(sampler)
    if kind == "statevector":
        return _integer(getattr(facts, "_seed", None))
    if kind == "aer":
        run = getattr(getattr(facts, "_options", None), "run_options", {})
        seeds = (getattr(facts, "_seed", None), run.get("seed_simulator"), _option(backend_of(sampler)))
    elif kind in ("backend", "runtime") and _simulated(backend_of(sampler)):
        options = facts.options if kind == "backend" else facts.options.simulator
        seeds = (options.seed_simulator, _option(backend_of(sampler)), None)
    else:
        return None
    return next((seed for seed in map(_integer, seeds) if seed is not None), None)


def reseeded(sampler: BaseSamplerV2, seed: int) -> BaseSamplerV2:
    """A copy of a sampler that has an `own_seed`, with another; backend and all else are shared.

    Args:
        sampler: of a kind that `own_seed` knows.
        seed: from which its runs start.

    Returns:
        The copy; the caller's sampler is not touched.
    """
    twin: Any = copy.copy(sampler)
    kind = kind_of(sampler)
    if kind == "backend":
        twin._options = replace(twin.options, seed_simulator=seed)
    elif kind == "runtime":
        options = copy.deepcopy(twin.options)
        options.simulator.seed_simulator = seed
        setattr(twin, "_options" if hasattr(twin, "_options") else "options", options)
    else:
        twin._seed = seed
    made: BaseSamplerV2 = twin
    return made


def kind_of(sampler: BaseSamplerV2) -> str:
    """Which known sampler this is or derives from: statevector, aer, backend, runtime; "" for any other."""
    if isinstance(sampler, StatevectorSampler):
        return "statevector"
    if isinstance(sampler, BackendSamplerV2):
        return "backend"
    homes = {base.__module__.partition(".")[0] for base in type(sampler).__mro__ if base.__name__.startswith("Sampler")}
    return "aer" if "qiskit_aer" in homes else "runtime" if "qiskit_ibm_runtime" in homes else ""


def backend_of(sampler: BaseSamplerV2) -> Any:
    """The backend that a sampler runs on, if it has one: `backend`, a property or a method, or Aer's own."""
    facts: Any = sampler
    if kind_of(sampler) == "aer":
        return getattr(facts, "_backend", None)
    backend = getattr(facts, "backend", None)
    return backend() if callable(backend) and not hasattr(backend, "run") else backend


def _simulated(backend: object) -> bool:
    return any(base.__module__.startswith(SIMULATORS) for base in type(backend).__mro__)


def _option(backend: Any) -> object:
    return getattr(getattr(backend, "options", None), "seed_simulator", None)


def _integer(seed: object) -> int | None:
    return int(seed) if isinstance(seed, int | np.integer) else None
