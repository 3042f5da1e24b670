"""`SparseSampler`, a Qiskit sampler for circuits whose states have few nonzero amplitudes, and `statevector`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2, BitArray, DataBin, PrimitiveJob, PrimitiveResult, SamplerPubResult
from qiskit.primitives.containers import SamplerPubLike
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.providers import JobError

from qattn.arrays import Bits
from qattn.simulator.branches import Branches, Gates
from qattn.simulator.noise import PauliNoise
from qattn.simulator.sites import Draw
from qattn.simulator.trajectories import Plan, sample
from qattn.synthesis.flatten import flatten, flatten_steps
from qattn.synthesis.program import MATRIX, RESET, Program


class Stopped(RuntimeError):
    """A simulation was interrupted or cancelled."""


class SparseSampler(BaseSamplerV2):  # type: ignore[misc]
    """Samples circuits exactly, keeping only the nonzero amplitudes.

    Memory and time grow with the number of nonzero basis states, not with the number of qubits: reversible arithmetic
    on a superposition of n inputs costs n bits a qubit, and thousands of qubits are no obstacle. Any circuit runs that
    consists of gates with a definition or a matrix, measurements, resets and control flow.

    Args:
        seed: an integer or Generator. Shots are independent in any case: the generator lives as long as the sampler,
            so no run and no PUB repeats the draws of another; two samplers with the same integer agree.
        default_shots: shots of a PUB that does not say.
        memory: bytes a state may take; None: half of the machine's memory.
        progress: called with the number of finished circuits and their total.
        literal: in `qattn.attend` and `qattn.find_all`, run every gate of every Grover iterate; otherwise each oracle's
            gates are executed on all indices once, and iterates follow from its signs, exactly.
        noise: Pauli errors; every shot is then a trajectory of its own, and searches run every gate.
        reset_ancillas: in `qattn.attend` and `qattn.find_all`, reset all qubits but the index after every iterate, so
            that an error's traces in them do not reach the next, and a noisy state keeps its n branches.

    Example:
        >>> from qiskit.circuit import QuantumCircuit
        >>> from qattn import SparseSampler
        >>> circuit = QuantumCircuit(2000)
        >>> _ = circuit.h(0)
        >>> for q in range(1, 2000):
        ...     _ = circuit.cx(0, q)
        >>> circuit.measure_all()
        >>> counts = SparseSampler(seed=1).run([circuit], shots=100).result()[0].data.meas.get_counts()
        >>> set(counts) == {"0" * 2000, "1" * 2000}
        True
    """

    def __init__(
        self,
        *,
        seed: int | np.random.Generator | None = None,
        default_shots: int = 1024,
        memory: float | None = None,
        progress: Callable[[int, int], None] | None = None,
        literal: bool = False,
        noise: PauliNoise | None = None,
        reset_ancillas: bool = False,
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._default_shots = default_shots
        self._memory = memory
        self._progress = progress
        if noise is not None and not isinstance(noise, PauliNoise):
            raise ValueError(f"noise = {noise!r}; give a qattn.PauliNoise, such as PauliNoise.from_aer(noise_model)")
        self.noise, self.reset_ancillas = noise, reset_ancillas
        self.literal = literal or noise is not None or reset_ancillas

    @property
    def default_shots(self) -> int:
        """Shots of a PUB that does not say."""
        return self._default_shots

    def run(self, pubs: Iterable[SamplerPubLike], *, shots: int | None = None) -> PrimitiveJob[Any]:
        """Start sampling; see `qiskit.primitives.BaseSamplerV2.run`. Ctrl-C while waiting for the result stops it.

        Args:
            pubs: circuits, or (circuit, parameter values, shots), as Qiskit's samplers take them.
            shots: of PUBs that do not say; None: the sampler's default.

        Returns:
            A job; `result()` gives a BitArray per classical register, bit 0 last in strings as everywhere in Qiskit.

        Raises:
            ValueError: naming an instruction that has neither definition nor matrix.
        """
        coerced = [SamplerPub.coerce(pub, self._default_shots if shots is None else shots) for pub in pubs]
        if any(len(pub.circuit.cregs) == 0 for pub in coerced):
            warnings.warn("a circuit has no classical register, so its result is empty; add measurements", stacklevel=2)
        programs: dict[int, Written] = {}
        for pub in coerced:
            if id(pub.circuit) not in programs:
                programs[id(pub.circuit)] = Written.of(pub.circuit, self.noise)
        rngs = [np.random.default_rng(self._rng.integers(2**63, size=4)) for _ in coerced]
        job = _Job(self._run, coerced, [programs[id(pub.circuit)] for pub in coerced], rngs)
        job._submit()
        return job

    def _run(
        self, pubs: list[SamplerPub], programs: list[Written], rngs: list[np.random.Generator], stop: Event
    ) -> PrimitiveResult[SamplerPubResult]:
        def check() -> None:
            if stop.is_set():
                raise Stopped("the simulation was stopped")

        done, total, results = 0, sum(pub.size for pub in pubs), []
        for pub, written, rng in zip(pubs, programs, rngs, strict=True):
            program = written.program
            circuit, bits = pub.circuit, np.zeros((*pub.shape, pub.shots, program.clbits), dtype=bool)
            values = pub.parameter_values.as_array(circuit.parameters)
            plan = None if circuit.parameters else written.plan(program)
            for index in np.ndindex(pub.shape):
                bound = plan or written.plan(program.bind(dict(zip(circuit.parameters, values[index], strict=True))))
                bits[index] = sample(bound, pub.shots, rng, memory=self._memory, check=check, errors=written.draw)
                done += 1
                if self._progress is not None:
                    self._progress(done, total)
            results.append(_result(pub, bits))
        return PrimitiveResult(results, metadata={"version": 2})


@dataclass(frozen=True, eq=False)
class Written:
    """A circuit's program, and what draws a trajectory's errors of it."""

    program: Program
    draw: Draw | None = None

    @classmethod
    def of(cls, circuit: QuantumCircuit, noise: PauliNoise | None) -> Written:
        """A circuit under noise, or without.

        Args:
            circuit: what is run.
            noise: Pauli errors; None: none.

        Returns:
            Its program, and what draws its errors.
        """
        if noise is None:
            return cls(flatten(circuit))
        program, steps = flatten_steps(circuit)
        return cls(program, noise.draw(program, steps, Plan.of(program, noisy=True)))

    def plan(self, program: Program) -> Plan:
        """How the program, its parameters bound, is run."""
        return Plan.of(program, noisy=self.draw is not None)


def statevector(
    circuit: QuantumCircuit, *, noise: PauliNoise | None = None, seed: int | np.random.Generator | None = None
) -> NDArray[np.complex128]:
    """(2^qubits,) amplitudes of a unitary circuit on |0...0>, qubit 0 the lowest bit of a basis state.

    Args:
        circuit: without measurements.
        noise: Pauli errors; the amplitudes are then those of one trajectory, up to its global phase.
        seed: of the trajectory.

    Returns:
        Complex amplitudes, global phase included.

    Raises:
        ValueError: when the circuit measures, or resets a qubit whose state is not known.
        TooManyBranches: when memory would not hold the amplitudes.
    """
    written = Written.of(circuit, noise)
    program = written.program.bind({})
    drawn = [] if written.draw is None else written.draw(np.random.default_rng(seed))
    errors = sorted(drawn, key=lambda error: error.after)
    state, gates, position = Branches.zero(program.qubits), Gates.of(program), 0
    while True:
        while errors and errors[0].after < position:
            error = errors.pop(0)
            state.pauli(error.qubit, error.kind)
        stop = errors[0].after + 1 if errors else len(program)
        position = state.run(gates, position, stop)
        if position == stop and (errors or stop == len(program)):
            if errors:
                continue
            break
        code, _, _, t = (int(x) for x in program.ops[position])
        if code == MATRIX:
            state.matrix(program.operands(position), program.blocks[t])
        elif code == RESET and (one := state.chance(t)) in (0, 1):
            state.project(t, one == 1)
            if one:
                state.pauli(t, "X")
        else:
            raise ValueError("a circuit with measurements has no state vector; remove_final_measurements() first")
        position += 1
    return np.asarray(state.dense() * np.exp(1j * float(program.phase)))


def _result(pub: SamplerPub, bits: Bits) -> SamplerPubResult:
    """Outcome bits as one BitArray per classical register: big-endian bytes, zeros in front."""
    arrays = {}
    for register in pub.circuit.cregs:
        columns = [pub.circuit.find_bit(bit).index for bit in register][::-1]
        padded = np.pad(bits[..., columns], [(0, 0)] * (bits.ndim - 1) + [(-len(columns) % 8, 0)])
        arrays[register.name] = BitArray(np.packbits(padded, axis=-1), len(columns))
    metadata = {"shots": pub.shots, "circuit_metadata": pub.circuit.metadata}
    return SamplerPubResult(DataBin(**arrays, shape=pub.shape), metadata=metadata)


class _Job(PrimitiveJob[Any]):  # type: ignore[misc]
    """A job on a daemon thread that ends with the program, and when waiting for its result is interrupted."""

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:
        self._stop = Event()
        super().__init__(function, *args, self._stop)

    def _submit(self) -> None:
        if self._future is not None:
            raise JobError("the job has been submitted already")
        self._future: Future[Any] | None = Future()
        Thread(target=self._work, args=(self._future,), daemon=True).start()

    def _work(self, future: Future[Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(self._function(*self._args, **self._kwargs))
        except BaseException as error:
            future.set_exception(error)

    def result(self) -> Any:
        """The result, when it is there."""
        try:
            return super().result()
        except KeyboardInterrupt:
            self._stop.set()
            raise

    def cancel(self) -> bool:
        """Stop the simulation at the next opportunity."""
        self._stop.set()
        return bool(super().cancel())

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        return {name: value for name, value in state.items() if name not in ("_stop", "_function", "_args")} | {
            "_stop": None, "_function": None, "_args": (),
        }  # fmt: skip
