"""From search jobs to measured integers on any BaseSamplerV2.

Endianness: bit i of a measured integer is qubit i of register index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2, BitArray, StatevectorSampler
from qiskit.transpiler import PassManager, generate_preset_pass_manager

from qattn.arrays import Integers
from qattn.machines.aer import AerMachine, aer_pass_manager
from qattn.machines.circuits import Circuits
from qattn.machines.independence import Watch, backend_of, kind_of, own_seed, reseeded
from qattn.machines.sparse import SparseMachine
from qattn.simulator import SparseSampler

if TYPE_CHECKING:
    from qattn.search.protocols import Job, Machine


TAKES_ARRAYS = (StatevectorSampler,)  # samplers known to read parameter arrays right; not their subclasses
COMMON_GATES = ["h", "x", "sx", "p", "rx", "ry", "rz", "cx", "cz", "cp"]
MIXES_SHOTS = ("statevector", "aer", "backend")  # kinds known to take PUBs of different shots in one job


def as_machine(
    sampler: BaseSamplerV2 | Machine | None = None, pass_manager: PassManager | None = None, bind: bool | None = None
) -> Machine:
    """The machine behind `sampler=`: None is Aer's statevector simulator, a BaseSamplerV2 is wrapped, a machine stays.

    Aer on a GPU (package qiskit-aer-gpu) is a sampler too:
    `qiskit_aer.primitives.SamplerV2(options={"backend_options": {"method": "statevector", "device": "GPU"}})`.

    Args:
        sampler: where the circuits run.
        pass_manager: transpiles them; by default for the sampler's own backend, where it has one.
        bind: True sends circuits with their numbers put in, False parametrised circuits with arrays of numbers, fewer
            and smaller to send; None does so only for samplers known to read the arrays right (Aer 0.18 does not).

    Returns:
        Something with `run(jobs)`, see `qattn.search.protocols.Machine`.

    Raises:
        ValueError: when sampler is none of these, or what is for circuits comes with a machine that has none.
    """
    if isinstance(sampler, type):
        raise ValueError(
            f"sampler is the class {sampler.__name__}; pass an instance of it, such as {sampler.__name__}()"
        )
    if sampler is None:
        if bind is False:
            raise ValueError("bind = False, but Aer reads parameter arrays wrongly; leave bind out")
        return AerMachine(Circuits(pass_manager or aer_pass_manager()))
    if type(sampler) is SparseSampler and pass_manager is None and bind is None:
        return SparseMachine.of(sampler)
    if isinstance(sampler, BaseSamplerV2):
        if bind is None:
            bind = type(sampler) not in TAKES_ARRAYS
        reset = isinstance(sampler, SparseSampler) and sampler.reset_ancillas
        return SamplerMachine(sampler, Circuits(pass_manager or default_pass_manager(sampler), reset), bind)
    if callable(getattr(sampler, "run", None)):
        if pass_manager is not None or bind is not None:
            raise ValueError(f"{type(sampler).__name__} runs no circuits; leave pass_manager and bind out")
        return sampler
    raise ValueError(f"sampler = {sampler!r}; give a BaseSamplerV2, GroverStatistics() or None for Aer")


def default_pass_manager(sampler: BaseSamplerV2) -> PassManager | None:
    """What suits the sampler's own backend: level 0 where all qubits are coupled, Qiskit's default level 2 elsewhere.

    Without a backend: None for Qiskit's StatevectorSampler, which takes any gate; for others, gates that all know.

    Args:
        sampler: with or without a backend.

    Returns:
        What transpiles the circuits; None leaves them as they are.
    """
    if isinstance(sampler, StatevectorSampler):
        return None
    backend: Any = backend_of(sampler)
    target = getattr(backend, "target", None)  # asked once: Aer makes it anew each time
    if target is None:
        return generate_preset_pass_manager(0, basis_gates=COMMON_GATES)
    if target.build_coupling_map() is None:
        return generate_preset_pass_manager(0, target=target)
    return generate_preset_pass_manager(2, backend=backend, seed_transpiler=0)


@dataclass(frozen=True)
class Pub:
    """One circuit of a sampler job, and the jobs of the search that its rows of values stand for; none on a probe."""

    circuit: QuantumCircuit
    values: dict[tuple[Any, ...], NDArray[np.float64]] | None
    shots: int
    positions: tuple[int, ...] = ()


@dataclass(frozen=True)
class SamplerMachine:
    """Any BaseSamplerV2: the jobs of a round become one sampler job, rows of one circuit one PUB where arrays are read.

    A sampler that is known to start every run from an integer seed runs each job by itself, on a copy seeded by that
    integer and the job's own seed; on others the draws are the sampler's. A sampler that repeats its draws all the same
    is refused (see `qattn.machines.independence`). A sampler that may want one number of shots for all PUBs of a job
    gets one job for each number.

    Attributes:
        sampler: where the circuits run; never changed.
        circuits: builds and transpiles them.
        bind: put the numbers into the circuits, rather than hand over arrays.
        watch: over the independence of the first jobs.
    """

    sampler: BaseSamplerV2
    circuits: Circuits
    bind: bool = True
    watch: Watch = field(default_factory=Watch, repr=False)

    def run(self, jobs: Sequence[Job]) -> list[Integers]:
        """The measured indices, one array per job.

        Raises:
            ValueError: when the sampler repeats its draws.
        """
        if not jobs:
            return []
        seed = own_seed(self.sampler)
        pubs = self._pubs(jobs, together=seed is None and not self.bind)
        probes = [] if self.watch.over else self._probes(pubs)
        if seed is None:
            drawn = self._run([*probes, *pubs])
        else:
            tries = len(self.watch.jobs)
            keys = [(0, tries, i) for i in range(len(probes))] + [(1, jobs[pub.positions[0]].seed) for pub in pubs]
            drawn = [
                _draws(reseeded(self.sampler, _mix(seed, key)), [pub])[0]
                for key, pub in zip(keys, [*probes, *pubs], strict=True)
            ]
        if probes:
            self.watch.check([rows[0] for rows in drawn[: len(probes)]], type(self.sampler).__name__)
        found = {
            position: row
            for pub, rows in zip(pubs, drawn[len(probes) :], strict=True)
            for position, row in zip(pub.positions, rows, strict=True)
        }
        return [found[position] for position in range(len(jobs))]

    def _pubs(self, jobs: Sequence[Job], *, together: bool) -> list[Pub]:
        """The jobs as PUBs; `together`: those of one circuit and number of shots as one."""
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for position, job in enumerate(jobs):
            template = self.circuits.template(job)
            shared = together and template.circuit.parameters
            groups[(id(template), job.shots) if shared else position].append(position)
        pubs = []
        for positions in groups.values():
            job = jobs[positions[0]]
            template = self.circuits.template(job)
            if self.bind or not template.circuit.parameters:
                pubs.append(Pub(self.circuits.bound(job), None, job.shots, tuple(positions)))
            else:
                bindings = [self.circuits.bindings(jobs[p]) for p in positions]
                values = {tuple(bindings[0]): np.array([list(row.values()) for row in bindings])}
                pubs.append(Pub(template.circuit, values, job.shots, tuple(positions)))
        return pubs

    def _probes(self, pubs: Sequence[Pub]) -> list[Pub]:
        """Circuits of random bits that travel in the job of the search: the first in it, with the fewest shots."""
        circuit = self.circuits.transpiled(self.watch.circuit(min(pub.circuit.num_qubits for pub in pubs)))
        shots = 1 if kind_of(self.sampler) in MIXES_SHOTS else min(pub.shots for pub in pubs)
        return [Pub(circuit, None, shots)] * self.watch.count

    def _run(self, pubs: Sequence[Pub]) -> list[Integers]:
        """What the PUBs drew, from one sampler job, or one for each number of shots."""
        groups: dict[int, list[int]] = defaultdict(list)
        for place, pub in enumerate(pubs):
            groups[0 if kind_of(self.sampler) in MIXES_SHOTS else pub.shots].append(place)
        drawn: dict[int, Integers] = {}
        for places in groups.values():
            drawn.update(zip(places, _draws(self.sampler, [pubs[place] for place in places]), strict=True))
        return [drawn[place] for place in range(len(pubs))]


def _draws(sampler: BaseSamplerV2, pubs: Sequence[Pub]) -> list[Integers]:
    """(rows, shots) integers per PUB, from one sampler job."""
    results = sampler.run([(pub.circuit, pub.values, pub.shots) for pub in pubs]).result()
    return [integers(result.data.found) for result in results]


def _mix(seed: int, key: tuple[int, ...]) -> int:
    """31 bits from the sampler's seed and a key."""
    return int(np.random.SeedSequence([seed % 2**64, *(part % 2**64 for part in key)]).generate_state(1)[0]) >> 1


def integers(measured: BitArray) -> Integers:
    """Measured words as integers, (rows, shots): a BitArray stores each word big-endian in bytes."""
    words = measured.array.reshape(-1, measured.num_shots, measured.array.shape[-1]).astype(np.int64)
    weights = 256 ** np.arange(words.shape[-1] - 1, -1, -1, dtype=np.int64)
    return np.asarray(words @ weights)
