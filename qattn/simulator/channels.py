"""Pauli channels, and those of processors and of Aer's noise models."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, product
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from qiskit.transpiler import Target

Where = tuple[str, tuple[int, ...] | None]  # an instruction's name, and its qubits or None for all others
ANY: Where = ("*", None)  # there where instructions that are not named are refused


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


def target_channels(target: Target) -> dict[Where, tuple[Channel, ...]]:
    """The channels of a processor, by instruction; see `PauliNoise.from_target`."""
    channels: dict[Where, tuple[Channel, ...]] = {}
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
    return channels | {ANY: ()}


def aer_channels(noise_model: Any) -> dict[Where, tuple[Channel, ...]]:
    """The channels of a noise model of Aer, by instruction; see `PauliNoise.from_aer`."""
    if getattr(noise_model, "_custom_noise_passes", None):
        raise ValueError("the noise model has noise passes of its own (relaxation while waiting); leave them out")
    found: dict[Where, list[Channel]] = defaultdict(list)
    for entry in noise_model.to_dict()["errors"]:
        where = entry.get("gate_qubits") or [None]
        for name, qubits in product(entry["operations"], where):
            channel = _readout(entry, name) if entry["type"] == "roerror" else _pauli(entry, name)
            found[name, None if qubits is None else tuple(qubits)].append(channel)
    _add_defaults(found)
    return {key: tuple(channels) for key, channels in found.items()}


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


def _add_defaults(found: dict[Where, list[Channel]]) -> None:
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
