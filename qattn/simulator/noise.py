"""Pauli noise: after every gate its qubits suffer X, Y or Z with some probability; each shot is one trajectory.

A Pauli error takes a basis state to a basis state, so a noisy trajectory of a sparse state stays as sparse as the state
was, and noise on thousands of qubits costs no more than the circuit itself. What is drawn is exact: no channel is
approximated, and channels that are not Pauli's are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from qattn.simulator.channels import ANY, Channel, Where, aer_channels, target_channels
from qattn.simulator.sites import Draw, Sites
from qattn.simulator.trajectories import Plan
from qattn.synthesis.flatten import Step
from qattn.synthesis.program import (
    BRANCH,
    JUMP,
    Program,
)

if TYPE_CHECKING:
    from qiskit.transpiler import Target

KINDS = {"depolarizing": "XYZ", "bit": "X", "phase": "Z"}
WEIGHTLESS = {"id", "delay", "global_phase"}  # a target need not name these


@dataclass(frozen=True)
class PauliNoise:
    """Independent Pauli errors after every gate.

    Args:
        p: probability that a qubit suffers an error after a gate that touched it: one number, or one for each number of
            qubits of the gate, such as {1: 1e-4, 2: 1e-3}; gates of more qubits than any named take the largest's.
        idle: the same for each step of the circuit in which a qubit waits, all instructions taking one step.
        measure: probability that an outcome is recorded wrongly.
        reset: probability that a reset leaves |1>.
        kind: "depolarizing" (X, Y or Z, each with p/3), "bit" (X) or "phase" (Z).
        channels: errors by instruction, (name, qubits or None for all others); see `from_target` and `from_aer`.

    Raises:
        ValueError: when a probability is out of range or the kind unknown.

    Example:
        >>> from qattn import PauliNoise, SparseSampler
        >>> sampler = SparseSampler(seed=1, noise=PauliNoise({1: 1e-4, 2: 1e-3}, measure=1e-2))
    """

    p: float | Mapping[int, float] = 0.0
    idle: float = field(default=0.0, kw_only=True)
    measure: float = field(default=0.0, kw_only=True)
    reset: float = field(default=0.0, kw_only=True)
    kind: str = field(default="depolarizing", kw_only=True)
    channels: Mapping[Where, tuple[Channel, ...]] | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        rates = dict(self.p) if isinstance(self.p, Mapping) else {1: self.p}
        named = {f"p[{arity}]": rate for arity, rate in rates.items()}
        named |= {"idle": self.idle, "measure": self.measure, "reset": self.reset}
        for name, rate in named.items():
            if not 0 <= rate <= 1:
                raise ValueError(f"{name} = {rate!r}; give a probability from 0 to 1")
        if not rates or any(not isinstance(arity, int) or arity < 1 for arity in rates):
            raise ValueError(f"p = {self.p!r}; give a probability, or one by the number of a gate's qubits, from 1 on")
        if self.kind not in KINDS:
            raise ValueError(f"kind = {self.kind!r}; choose one of {', '.join(KINDS)}")

    def rate(self, arity: int) -> float:
        """The probability that a qubit suffers an error after a gate of so many qubits."""
        if not isinstance(self.p, Mapping):
            return self.p
        return self.p.get(arity, self.p[max((known for known in self.p if known < arity), default=min(self.p))])

    @classmethod
    def from_target(cls, target: Target) -> PauliNoise:
        """The errors of a processor's Target: a gate's average error as a uniform Pauli error on all its qubits.

        Circuits must be transpiled for the target, their qubits being its. An average gate error r on q qubits is the
        uniform Pauli channel with r (2^q + 1) / 2^q of any error; measurements are recorded wrongly with their error.
        Relaxation while waiting is no Pauli channel and left out.

        Args:
            target: of the processor.
        """
        return cls(channels=target_channels(target))

    @classmethod
    def from_aer(cls, noise_model: Any) -> PauliNoise:
        """The errors of a `qiskit_aer.noise.NoiseModel` that is made of Pauli errors, joint ones kept joint.

        Args:
            noise_model: with Pauli and depolarizing errors on gates, measurements and resets, and symmetric readout
                errors.

        Raises:
            ValueError: naming an error that is no Pauli error, such as thermal relaxation.
        """
        return cls(channels=aer_channels(noise_model))

    def draw(self, program: Program, steps: Sequence[Step], plan: Plan) -> Draw:
        """Draws one trajectory's errors of a circuit.

        Args:
            program: the circuit, its final measurements included.
            steps: its instructions, as `qattn.synthesis.flatten.flatten_steps` returns them.
            plan: the program as it will be run.

        Returns:
            A function that takes a generator and gives a trajectory's errors.

        Raises:
            ValueError: when the circuit runs operations again, or waits for outcomes while idle qubits suffer, or has
                an instruction that a target does not know.
        """
        _check_flow(program, bool(self.idle))
        sites = Sites()
        for step in steps:
            for channel in self._of(step):
                if channel.total:
                    sites.add(channel, step.last, (*step.qubits, *step.clbits))
        if self.idle:
            for channel, last, qubit in self._waiting(program.qubits, steps):
                sites.add(channel, last, (qubit,))
        return sites.drawing(plan)

    def _of(self, step: Step) -> Iterator[Channel]:
        """The channels after an instruction."""
        if self.channels is not None:
            key: Where = (step.name, step.qubits)
            if key not in self.channels:
                key = (step.name, None)
            if key not in self.channels and ANY in self.channels and step.name not in WEIGHTLESS:
                raise ValueError(
                    f"the target has no {step.name!r} on qubits {list(step.qubits)}; transpile the circuit for it first"
                )
            yield from self.channels.get(key, ())
        elif step.name == "measure":
            if self.measure:
                yield Channel(("IF",), (self.measure,))
        elif step.name == "reset":
            if self.reset:
                yield Channel(("X",), (self.reset,))
        elif step.name not in ("id", "delay") and step.qubits and (rate := self.rate(len(step.qubits))):
            yield self.single(rate)

    def single(self, rate: float) -> Channel:
        """This kind of error on one qubit with so much probability in all."""
        letters = KINDS[self.kind]
        return Channel(tuple(letters), (rate / len(letters),) * len(letters))

    def _waiting(self, qubits: int, steps: Sequence[Step]) -> Iterator[tuple[Channel, int, int]]:
        """(channel, the qubit's last operation, qubit) for every wait; all instructions begin as early as they can."""
        free, last = np.zeros(qubits, np.int64), np.full(qubits, -1, np.int64)
        for step in steps:
            if not step.qubits or step.name == "id":  # an identity is how a circuit says that a qubit waits
                continue
            own = list(step.qubits)
            start = int(free[own].max())
            for qubit in own:
                if start > free[qubit]:
                    yield (
                        self.single(_repeated(self.idle, self.kind, start - int(free[qubit]))),
                        int(last[qubit]),
                        qubit,
                    )
                free[qubit], last[qubit] = start + 1, step.last
        for qubit, time in enumerate(free.tolist()):
            if time < free.max():
                yield self.single(_repeated(self.idle, self.kind, int(free.max()) - time)), int(last[qubit]), qubit


def _check_flow(program: Program, idle: bool) -> None:
    flow = np.flatnonzero(np.isin(program.ops[:, 0], (JUMP, BRANCH)))
    if (program.ops[flow, 3] <= flow).any():
        raise ValueError("noise in a while loop is not supported: how often its gates run is not known beforehand")
    if idle and (program.ops[flow, 0] == BRANCH).any():
        raise ValueError("idle noise needs a circuit without control flow; its steps are not known beforehand")


def _repeated(p: float, kind: str, times: int) -> float:
    """The error's probability after so many steps."""
    full = 0.75 if kind == "depolarizing" else 0.5
    return full * (1 - (1 - p / full) ** times)
