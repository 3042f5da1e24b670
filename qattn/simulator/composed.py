"""A Grover search under Pauli noise, forecast from single errors: each query suffers as many as chance has it.

`qattn.simulator.infidelity` draws what one error does to every index. Here such errors are put into the queries of a
search, one after another: between two of them the state of the index goes on as it must. Nothing but the index is
simulated, n amplitudes a trajectory, whatever the number of qubits and gates of the oracle.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Bits
from qattn.simulator.infidelity import Run, Trace, reflected
from qattn.synthesis.program import Program

State = NDArray[np.float64]


def search_success(
    program: Program,
    n: int,
    marked: Bits,
    iterations: int,
    rates: Sequence[float],
    *,
    reflection_places: float = 0.0,
    samples: int = 4000,
    seed: int | np.random.Generator = 0,
) -> list[float]:
    """The probability of measuring a marked index, at each error rate, all qubits but the index reset after each query.

    What is left out: how two errors in the same query act on each other (they are applied one after the other), and
    where in a reflection its errors strike (each is X, Y or Z on a qubit of the index, after it).

    Args:
        program: the phase oracle, as `infidelity` takes them.
        n: number of indices.
        marked: (n,) the indices whose sign the oracle flips.
        iterations: m >= 0.
        rates: probabilities p of X, Y or Z after a gate, on each qubit that it touches.
        reflection_places: qubits touched, summed over the gates of one reflection.
        samples: single errors drawn, and trajectories for each rate.
        seed: of the draws.

    Returns:
        A probability for each rate, known to about 1/2 samples^(-1/2).
    """
    rng = np.random.default_rng(seed)
    run = Run.start(program, n, ("index",))
    traces = list(run.single_errors(samples, rng))
    signs = np.where(marked, -1.0, 1.0)
    ideal = [np.full(n, n**-0.5)]
    for _ in range(iterations):
        ideal.append(reflected(signs * ideal[-1]))
    right = float(np.sum(ideal[-1][marked] ** 2))
    found = []
    for p in rates:
        in_query = rng.poisson(p * run.places, size=(samples, iterations))
        in_reflection = rng.poisson(p * reflection_places, size=(samples, iterations))
        total = 0.0
        for struck in zip(in_query, in_reflection, strict=True):
            total += _trajectory(ideal, signs, marked, *struck, traces, rng) if any(map(np.any, struck)) else right
        found.append(total / samples)
    return found


def _trajectory(
    ideal: list[State], signs: State, marked: Bits, queries: NDArray[np.int64], reflections: NDArray[np.int64],
    traces: list[Trace], rng: np.random.Generator,
) -> float:  # fmt: skip
    """P(marked) at the end of one trajectory with so many errors in each query and each reflection."""
    first = int(np.argmax((queries > 0) | (reflections > 0)))
    state = ideal[first]
    for query, reflection in zip(queries[first:].tolist(), reflections[first:].tolist(), strict=True):
        state = signs * state
        for which in rng.integers(len(traces), size=query).tolist():
            state = _struck(state, traces[which], rng)
        state = reflected(state)
        for _ in range(reflection):
            state = _flipped(state, rng)
    return float(np.sum(state[marked] ** 2))


def _struck(state: State, trace: Trace, rng: np.random.Generator) -> State:
    """One error in a query, after which the ancillas are reset: the indices that leave one pattern there go on."""
    n = state.size
    arrived = np.arange(n) ^ trace.moved @ (1 << np.arange(trace.moved.shape[1]))
    _, groups = np.unique(trace.marks, return_inverse=True)
    chances = np.bincount(groups, weights=state**2)
    chosen = rng.choice(chances.size, p=chances / chances.sum())
    inside = (groups == chosen) & (arrived < n)
    out = np.zeros(n)
    np.add.at(out, arrived[inside], (trace.signs * state)[inside])
    return out / max(float(np.linalg.norm(out)), 1e-300) if out.any() else _lost(n, rng)


def _flipped(state: State, rng: np.random.Generator) -> State:
    """X, Y or Z, up to a phase, on one qubit of the index."""
    n = state.size
    bit, letter = 1 << int(rng.integers(max(1, (n - 1).bit_length()))), int(rng.integers(3))
    js = np.arange(n)
    out = np.where(js & bit, -state, state) if letter else state
    if letter < 2:
        moved = np.zeros(n)
        inside = js ^ bit < n
        moved[(js ^ bit)[inside]] = out[inside]
        out = moved
    norm = float(np.linalg.norm(out))
    return out / norm if norm > 0 else _lost(n, rng)


def _lost(n: int, rng: np.random.Generator) -> State:
    """All that was left has gone beyond the n indices: some index."""
    out = np.zeros(n)
    out[rng.integers(n)] = 1
    return out
