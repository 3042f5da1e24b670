"""Where errors may happen in a program, and drawing some of them."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from qattn.arrays import Integers
from qattn.simulator.channels import Channel
from qattn.simulator.trajectories import Error, Plan
from qattn.synthesis.program import CCX, CSWAP, CX, CZ, LAST_WORD, MCX, MCZ, SWAP, Program

Draw = Callable[[np.random.Generator], list[Error]]


@dataclass(eq=False)
class Sites:
    """Where errors may happen: the operations after which each channel acts, and the qubits, one site after another."""

    last: defaultdict[Channel, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))
    qubits: defaultdict[Channel, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("q")))

    def add(self, channel: Channel, last: int, qubits: Sequence[int]) -> None:
        """One channel after operation `last`; one of single letters is a site on each of the qubits.

        Args:
            channel: what happens there.
            last: the operation after which it happens.
            qubits: that it acts on.
        """
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
