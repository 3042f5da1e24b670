"""The searches of other packages, where they are installed: what their own loops would ask of the phase oracle.

Each is run as the package wrote it; only circuits of many qubits are replaced by what they measure ideally. A search
that wants to be told how many indices are marked is told.
"""

from __future__ import annotations

import importlib.util
import math
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from qattn.search.rotation import hit_probability

MISSES = 2  # of PennyLane's fixed-point runs, each of which finds with p_min = 0.9, before nothing is taken to be left
P_MIN = 0.9


def installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


# qiskit-algorithms ---------------------------------------------------------------------------------------------------


def qiskit_algorithms(n: int, k: int, trials: int, rng: np.random.Generator, *, bbht: bool) -> tuple[Any, float]:
    """Queries of each search and the share that missed: its own loop, called again until a call finds nothing."""
    from qiskit import QuantumCircuit
    from qiskit_algorithms import AmplificationProblem, Grover
    from qiskit_algorithms.utils import algorithm_globals

    qubits, shots = n.bit_length() - 1, 1 if bbht else 1024
    algorithm_globals.random_seed = int(rng.integers(2**31))
    queries, missed = np.zeros(trials), 0
    for trial in range(trials):
        unknown = set(rng.choice(n, size=k, replace=False).tolist())

        class Measured(Grover):  # type: ignore[misc]
            def construct_circuit(self, problem: Any, power: int | None = None, measurement: bool = False) -> Any:
                """No circuit: what the sampler needs to know of it."""
                return SimpleNamespace(power=int(power or 0), cregs=[SimpleNamespace(name="found")])

        def run(circuits: Any, unknown: set[int] = unknown, trial: int = trial) -> Any:
            power = circuits[0].power
            queries[trial] += power * shots
            counts = sample_counts(n, unknown, power, shots, rng)
            data = SimpleNamespace(found=SimpleNamespace(num_shots=shots, get_counts=lambda: counts))
            return SimpleNamespace(result=lambda: [SimpleNamespace(data=data)])

        oracle = QuantumCircuit(qubits)
        while True:
            problem = AmplificationProblem(oracle, is_good_state=lambda bits, unknown=unknown: int(bits, 2) in unknown)
            search = Measured(sample_from_iterations=bbht, sampler=SimpleNamespace(run=run))
            result = search.amplify(problem)
            if not result.oracle_evaluation:
                break
            unknown.remove(int(result.top_measurement, 2))
        missed += bool(unknown)
    return queries, missed / trials


def sample_counts(n: int, unknown: set[int], power: int, shots: int, rng: np.random.Generator) -> dict[str, int]:
    """Ideal measurements as a dictionary of bit strings."""
    hits = int(rng.binomial(shots, hit_probability(n, len(unknown), power)))
    drawn = rng.choice(sorted(unknown), size=hits).tolist() if hits else []
    while len(drawn) < shots:
        drawn += [j for j in rng.integers(n, size=shots - len(drawn)).tolist() if j not in unknown]
    width = n.bit_length() - 1
    values, counts = np.unique(drawn, return_counts=True)
    return {format(j, f"0{width}b"): c for j, c in zip(values.tolist(), counts.tolist(), strict=True)}


# Qrisp ---------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def qrisp_iterations(n: int, t: int) -> int:
    """Uses of the oracle in Qrisp's exact search for one of t marked indices, t told; n a power of two."""
    from qrisp import QuantumVariable
    from qrisp.algorithms.grover import grover_tools

    seen: list[int] = []

    class Recorder:
        """In place of the environment that repeats an iterate; the iterate itself is built once, as Qrisp does."""

        def __init__(self, _: Any, iterations: int) -> None:
            seen.append(int(iterations))

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    kept, grover_tools.IterationEnvironment = grover_tools.IterationEnvironment, Recorder
    try:
        variable = QuantumVariable(n.bit_length() - 1)
        grover_tools.grovers_alg(variable, lambda _, phase: None, exact=True, winner_state_amount=t)
    finally:
        grover_tools.IterationEnvironment = kept
    return sum(seen)


# PennyLane -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def pennylane_chance(n: int, t: int, iters: int) -> float:
    """How likely PennyLane's fixed-point amplification finds one of t of n: its template on the plane it turns in."""
    import pennylane as qml

    @qml.qnode(qml.device("default.qubit", wires=2))
    def circuit() -> Any:
        start = qml.RY(2 * math.asin(math.sqrt(t / n)), wires=0)  # |1> is marked
        qml.AmplitudeAmplification(start, qml.Z(0), iters=iters, fixed_point=True, work_wire=1, p_min=P_MIN)
        return qml.probs(wires=0)

    return float(circuit()[1])


@lru_cache(maxsize=64)
def pennylane_iters(n: int) -> int:
    """The fewest iterations, an odd number, that find a single marked index with probability `P_MIN`."""
    iters = 2 * int(0.4 * math.log(2 / math.sqrt(1 - P_MIN)) * math.sqrt(n)) + 1
    while pennylane_chance(n, 1, iters) < P_MIN:
        iters += 2
    return iters


def pennylane_search(n: int, k: int, trials: int, rng: np.random.Generator) -> tuple[Any, float]:
    """Queries of each search and the share that missed: the fixed-point run again and again, until `MISSES` in a row.

    An iteration of the pair that PennyLane counts as two uses the oracle twice.
    """
    iters = pennylane_iters(n)
    queries, missed = np.zeros(trials), 0
    for trial in range(trials):
        left, misses = k, 0
        while misses < MISSES:
            queries[trial] += 2 * (iters // 2)
            hit = left and rng.random() < pennylane_chance(n, left, iters)
            left, misses = (left - 1, 0) if hit else (left, misses + 1)
        missed += left > 0
    return queries, missed / trials
