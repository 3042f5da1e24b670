"""Pauli noise: after every gate its qubits suffer X, Y or Z with some probability; each shot is one trajectory.

A Pauli error takes a basis state to a basis state, so a noisy trajectory of a sparse state stays as sparse as the state
was, and noise on thousands of qubits costs no more than the circuit itself. What is drawn is exact: no channel is
approximated, and channels that are not Pauli's are refused.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qattn.simulator.trajectories import Error, Plan
from qattn.synthesis.flatten import Step
from qattn.synthesis.program import (
    BRANCH,
    CCX,
    CSWAP,
    CX,
    CZ,
    JUMP,
    LAST_WORD,
    MCX,
    MCZ,
    SWAP,
    Program,
)

if TYPE_CHECKING:
    from qiskit.transpiler import Target

Integers = NDArray[np.int64]
Draw = Callable[[np.random.Generator], list[Error]]

KINDS = {"depolarizing": "XYZ", "bit": "X", "phase": "Z"}
WEIGHTLESS = {"id", "delay", "global_phase"}  # a target need not name these


@dataclass(frozen=True)
class Channel:
    """Pauli errors on the qubits of one instruction, at most one of them at a time.

    Attributes:
        errors: a letter of "IXYZ" for each qubit, the instruction's first qubit first; of a measurement also "F" or "I"
            for its classical bit, F flipping it. A single letter is for each of the instruction's qubits on its own.
        chances: the probability of each.
    """

    errors: tuple[str, ...]
    chances: tuple[float, ...]

    @property
    def total(self) -> float:
        """The probability of any error."""
        return min(1.0, math.fsum(self.chances))

    @cached_property
    def sums(self) -> list[float]:
        """The chances summed up."""
        return list(accumulate(self.chances))


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
    channels: Mapping[tuple[str, tuple[int, ...] | None], tuple[Channel, ...]] | None = field(
        default=None, kw_only=True, repr=False
    )

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
        channels: dict[tuple[str, tuple[int, ...] | None], tuple[Channel, ...]] = {}
        for name in target.operation_names:
            for qubits, facts in (target[name] or {}).items():
                error = 0.0 if facts is None or facts.error is None else min(1.0, float(facts.error))
                found: tuple[Channel, ...] = ()
                if error and name == "measure":
                    found = (Channel(("IF",), (error,)),)
                elif error and name == "reset":
                    found = (Channel(("X",), (error,)),)
                elif error and qubits is not None:
                    found = (_uniform(error, len(qubits)),)
                channels[name, None if qubits is None else tuple(qubits)] = found
        return cls(channels=channels | {("*", None): ()})

    @classmethod
    def from_aer(cls, noise_model: Any) -> PauliNoise:
        """The errors of a `qiskit_aer.noise.NoiseModel` that is made of Pauli errors, joint ones kept joint.

        Args:
            noise_model: with Pauli and depolarizing errors on gates, measurements and resets, and symmetric readout
                errors.

        Raises:
            ValueError: naming an error that is no Pauli error, such as thermal relaxation.
        """
        if getattr(noise_model, "_custom_noise_passes", None):
            raise ValueError("the noise model has noise passes of its own (relaxation while waiting); leave them out")
        found: dict[tuple[str, tuple[int, ...] | None], list[Channel]] = defaultdict(list)
        for entry in noise_model.to_dict()["errors"]:
            where = entry.get("gate_qubits") or [None]
            for name, qubits in product(entry["operations"], where):
                channel = _readout(entry, name) if entry["type"] == "roerror" else _pauli(entry, name)
                found[name, None if qubits is None else tuple(qubits)].append(channel)
        _add_defaults(found)
        return cls(channels={key: tuple(channels) for key, channels in found.items()})

    def draw(self, program: Program, steps: Sequence[Step], plan: Plan) -> Draw:
        """Draws one trajectory's errors of a circuit.

        Args:
            program: the circuit, its final measurements included.
            steps: its instructions, as `qattn.synthesis.flatten.flatten_steps` returns them.
            plan: the program as it will be run.

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
            key: tuple[str, tuple[int, ...] | None] = (step.name, step.qubits)
            if key not in self.channels:
                key = (step.name, None)
            if key not in self.channels and ("*", None) in self.channels and step.name not in WEIGHTLESS:
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


@dataclass(eq=False)
class Sites:
    """Where errors may happen: the operations after which each channel acts, and the qubits, one site after another."""

    last: defaultdict[Channel, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))
    qubits: defaultdict[Channel, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))

    def add(self, channel: Channel, last: int, qubits: Sequence[int]) -> None:
        """One channel after operation `last`; one of single letters is a site on each of the qubits."""
        self.qubits[channel].extend(qubits)
        self.last[channel].extend([last] * (len(qubits) // len(channel.errors[0])))

    def drawing(self, plan: Plan) -> Draw:
        """Draws errors for a plan: by the number of its operations, those after final measurements left out."""
        end = len(plan.gates.program)
        removed = np.array(plan.removed, dtype=np.int64)
        groups: defaultdict[int, list[tuple[Channel, Integers, Integers]]] = defaultdict(list)
        for channel, places in self.last.items():
            last = np.array(places, dtype=np.int64)
            place = np.where(np.isin(last, removed), end, last - np.searchsorted(removed, last, side="right"))
            qubits = np.array(self.qubits[channel], dtype=np.int64).reshape(last.size, -1)
            groups[math.frexp(channel.total)[1]].append((channel, place, qubits))  # chances of about the same size
        starts = {size: np.cumsum([0, *(place.size for _, place, _ in parts)]) for size, parts in groups.items()}

        def draw(rng: np.random.Generator) -> list[Error]:
            drawn: list[Error] = []
            for size, parts in groups.items():  # drawn together with the most that is possible, then thinned
                most, total = min(1.0, math.ldexp(1.0, size)), int(starts[size][-1])
                for site in rng.choice(total, size=rng.binomial(total, most), replace=False).tolist():
                    part = bisect_right(starts[size], site) - 1
                    channel, place, qubits = parts[part]
                    which = bisect_right(channel.sums, rng.random() * most)
                    if which < len(channel.errors):
                        at = site - int(starts[size][part])
                        drawn += _errors(int(place[at]), qubits[at].tolist(), channel.errors[which], end)
            return drawn

        return draw


def _errors(place: int, qubits: list[int], letters: str, end: int) -> list[Error]:
    """The errors of one site; after a final measurement only its record counts."""
    return [
        Error(place, qubit, letter)
        for qubit, letter in zip(qubits, letters, strict=True)
        if letter == "F" or (letter != "I" and place < end)
    ]


def touched(program: Program) -> tuple[Integers, Integers]:
    """(operation, qubit) for every qubit that a gate of a program of X, Z and SWAP with any controls touches.

    Args:
        program: without operations of other kinds.

    Raises:
        ValueError: naming an operation of another kind.
    """
    codes = program.ops[:, 0]
    if (codes > LAST_WORD).any():
        raise ValueError(f"operation {int(codes.max())} is none of X, Z and SWAP with controls")
    three = np.flatnonzero(np.isin(codes, (CCX, CSWAP)))
    two = np.flatnonzero(np.isin(codes, (CX, CCX, SWAP, CSWAP, CZ)))
    every = np.flatnonzero(codes != MCZ)
    places = [every, two, three]
    qubits = [program.ops[every, 3], program.ops[two, 1], program.ops[three, 2]]
    for i in np.flatnonzero(np.isin(codes, (MCX, MCZ))).tolist():
        start, count = int(program.ops[i, 1]), int(program.ops[i, 2])
        places.append(np.full(count, i))
        qubits.append(program.wires[start : start + count])
    return np.concatenate(places), np.concatenate(qubits).astype(np.int64)


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


def _uniform(error: float, qubits: int) -> Channel:
    """The uniform Pauli channel of an average gate error."""
    letters = tuple("".join(some) for some in product("IXYZ", repeat=qubits))[1:]
    total = min(1.0, error * (2**qubits + 1) / 2**qubits)
    return Channel(letters, (total / len(letters),) * len(letters))


def _pauli(entry: Mapping[str, Any], name: str) -> Channel:
    """One of Aer's quantum errors as a channel."""
    found: dict[str, float] = defaultdict(float)
    width = 1 + max(qubit for steps in entry["instructions"] for step in steps for qubit in step["qubits"])
    for steps, chance in zip(entry["instructions"], entry["probabilities"], strict=True):
        letters = ["I"] * width
        for step in steps:
            named = step["name"]
            if named not in ("id", "x", "y", "z", "pauli"):
                raise ValueError(
                    f"the error on {name!r} holds {named!r}, no Pauli error; SparseSampler takes Pauli errors only. "
                    "Twirl it first, or run it on Aer"
                )
            own = step["params"][0][::-1] if named == "pauli" else named.upper().replace("ID", "I")
            for qubit, letter in zip(step["qubits"], own, strict=True):
                letters[qubit] = _PRODUCT[letters[qubit], letter]
        found["".join(letters)] += float(chance)
    if name == "measure":  # before the measurement: X and Y flip the outcome and the qubit
        flip = found.get("X", 0.0) + found.get("Y", 0.0)
        return Channel(("XF",), (flip,))
    found.pop("I" * width, None)
    return Channel(tuple(found), tuple(found.values()))


def _readout(entry: Mapping[str, Any], name: str) -> Channel:
    """One of Aer's readout errors as a channel."""
    matrix = np.array(entry["probabilities"], dtype=float)
    if matrix.shape != (2, 2) or abs(matrix[0, 1] - matrix[1, 0]) > 1e-12:
        raise ValueError(
            f"the readout error {matrix.tolist()} on {name!r} is not symmetric, so that no Pauli error equals it; "
            "give both outcomes the same probability of being recorded wrongly"
        )
    return Channel(("IF",), (float(matrix[0, 1]),))


def _add_defaults(found: dict[tuple[str, tuple[int, ...] | None], list[Channel]]) -> None:
    """A readout error of some qubits leaves the errors before their measurement as they are, and vice versa."""
    for name, qubits in list(found):
        if name == "measure" and qubits is not None:
            own, others = found[name, qubits], found.get((name, None), [])
            kinds = {channel.errors for channel in own}
            own += [channel for channel in others if channel.errors not in kinds]


_PRODUCT = {
    (a, b): "I" if a == b else a if b == "I" else b if a == "I" else next(c for c in "XYZ" if c not in (a, b))
    for a in "IXYZ"
    for b in "IXYZ"
}
