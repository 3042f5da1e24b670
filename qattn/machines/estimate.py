"""Time and memory of a run of circuits, before it starts.

Estimates for one core of a common machine, right within a factor of a few: enough to tell minutes from hours.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

from qattn.arrays import ProblemError

HOUR = 3600.0
MOMENT_S = 0.3
MINUTES_S = 60.0
GATE_S = 3e-6  # of a gate on Aer, whatever the width
AMPLITUDE_S = 1.5e-9  # of an amplitude of a gate on Aer's state vector
BUILD_S = 3e-5  # to build and transpile a gate
LOAD_S = 1.5e-5  # to build and flatten the lookup's gates, of one bit of one key
NETWORK_S = 4e-6  # to compile a gate of a row's arithmetic
WORD_S = 2e-11  # to execute it on one key
LOAD_BYTES = 600.0  # the lookup's gates while they are built, of one bit of one key
GATE_BYTES = 4e3  # a gate of a circuit that is being built, transpiled and bound


class TooLong(ProblemError):
    """A run that would take hours, or more memory than there is; the message says what to do instead."""


@dataclass(frozen=True)
class Load:
    """What a run asks of the machine that simulates its circuits.

    Attributes:
        where: the simulator, in words.
        seconds: of all circuits, one after another.
        memory: bytes of the largest circuit and its state.
        qubits: of a circuit.
        gates: of one Grover iterate.
        queries: iterates in all, about.
        longest: seconds of the longest circuit.
    """

    where: str
    seconds: float
    memory: float
    qubits: int
    gates: float
    queries: float
    longest: float = 0.0

    @property
    def light(self) -> bool:
        """Whether it takes moments: no circuit long enough to keep Ctrl-C waiting, all of them within minutes."""
        return self.longest <= MOMENT_S and self.seconds <= MINUTES_S

    def check(self, available: float | None = None) -> None:
        """Refuse a run of more than an hour, or of more memory than there is.

        Args:
            available: bytes of memory; the machine's own by default.

        Raises:
            TooLong: above an hour, or above the memory.
        """
        room = memory_available() if available is None else available
        if self.seconds <= HOUR and self.memory <= room:
            return
        limit = (
            f"about {self.seconds / HOUR:.2g} hours"
            if self.seconds > HOUR
            else f"about {self.memory / 2**30:.2g} GiB of memory, of {room / 2**30:.2g} GiB"
        )
        raise TooLong(
            f"full circuits on {self.where} would take {limit}: {self.queries:.3g} queries of {self.gates:.3g} gates "
            f"on {self.qubits} qubits. Use sampler=GroverStatistics() (--statistics) for the exact statistics without "
            "circuits, fewer bits, a smaller rank, fewer rows or keys; anyway=True (--anyway) runs it all the same"
        )


def aer_seconds(gates: float, qubits: int) -> float:
    """Seconds of one circuit on Aer's state vector.

    Args:
        gates: gates of the circuit.
        qubits: width; the state has 2^qubits amplitudes.

    Returns:
        Seconds on one core, right within a factor of a few.
    """
    return gates * (GATE_S + AMPLITUDE_S * 2.0 ** min(qubits, 100))


def expected_queries(n: int, k: int) -> float:
    """Queries of one row, about: find k of n and certify; about 2.5 sqrt(n max(k, 1)) with one shot a round.

    Args:
        n: keys.
        k: members of the row.

    Returns:
        Grover iterations in all.
    """
    return 2.5 * math.sqrt(n * max(min(k, n), 1))


def aer_load(gates: float, qubits: int, n: int, counts: list[int]) -> Load:
    """The load of a search on Aer.

    Args:
        gates: of one Grover iterate.
        qubits: of the circuit.
        n: keys.
        counts: members expected in each row.

    Returns:
        Seconds, bytes and size; compare `Load.light`, `Load.check`.
    """
    queries = sum(expected_queries(n, k) for k in counts)
    longest = math.pi / 4 * math.sqrt(n)  # iterations of the longest circuit
    seconds = aer_seconds(queries * gates, qubits) + BUILD_S * gates * longest * min(longest, 10)
    return Load(
        "Aer",
        seconds,
        16 * 2.0 ** min(qubits, 100) + GATE_BYTES * gates * longest,
        qubits,
        gates,
        queries,
        aer_seconds(gates * longest, qubits),
    )


def sparse_load(n: int, components: int, bits: int, counts: list[int], *, rising: bool) -> Load:
    """The load of a search whose oracles are executed on the sparse simulator.

    Args:
        n: keys.
        components: of a key, as the circuit computes with them.
        bits: of a component.
        counts: members expected in each row.
        rising: top-k: a row's oracle is compiled anew for every threshold on the way.

    Returns:
        Seconds, bytes and size.
    """
    queries = sum(expected_queries(n, k) for k in counts)
    cells = n * components * bits
    arithmetic = 24.0 * components * bits  # gates of one row's network, forth and back
    oracles = sum(k + 2 if rising else 1 for k in counts)
    seconds = LOAD_S * cells + oracles * arithmetic * (NETWORK_S + n * WORD_S) + queries * n * 4e-9
    memory = LOAD_BYTES * cells + arithmetic * (n / 8 + 100)
    return Load("the sparse simulator", seconds, memory, 4 * components * bits, cells + arithmetic, queries)


def pairs_load(pairs: int, qubits: int, cells: int) -> Load:
    """The load of one search over all pairs of a matrix on the sparse simulator, beside that of its rows.

    Args:
        pairs: indices of its oracle.
        qubits: of its circuit.
        cells: bits of all rows and keys that it looks up.

    Returns:
        Seconds, bytes and size.
    """
    queries, gates = expected_queries(pairs, 1), cells + 6.0 * qubits
    seconds = LOAD_S * cells + gates * pairs * WORD_S + queries * pairs * 8e-9
    memory = LOAD_BYTES * cells + pairs * (qubits / 8 + 64)
    return Load("the sparse simulator", seconds, memory, qubits, gates, queries)


def memory_available() -> float:
    """Bytes of memory that a new task may take; 4 GiB where the system does not tell."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError, IndexError):
        pass
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return 4.0 * 2**30
