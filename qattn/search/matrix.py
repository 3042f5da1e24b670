"""One proof for a whole matrix: after loose searches of the rows, one search over all pairs of a row and a key.

The rows' searches may each miss with the probability `SearchOptions.loose`, far more than a share of delta; what they
found is told to the oracle of all pairs (`qattn.oracles.matrix`). One search over its n_q 2^b indices then finds what
they missed and certifies that nothing is left, with all of delta. It is a row's search in every way, over pairs: its
certificate (`qattn.search.certificate`) holds for every number of unknown pairs, whatever was found before.

A proof takes about sqrt(n_q n log(1/delta)) queries for the matrix instead of n_q sqrt(n log(n_q/delta)), each of them
several times as dear as a row's. That pays where there are many rows and they are empty (`benchmarks/joint.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qattn.arrays import Indices, Integers
from qattn.oracles.matrix import MatrixOracle
from qattn.oracles.rows import Rows
from qattn.search.protocols import SearchOptions
from qattn.search.rounds import row_seeds
from qattn.search.row import Found, Row, start_row

LEFT = 3.0  # pairs that the loose searches may leave, about
LEAST, MOST = 0.003, 0.3  # allowed to one of them


@dataclass(frozen=True, eq=False)
class MatrixFound:
    """What the search over all pairs found, and what it cost.

    Attributes:
        sets: for each row the sorted keys at or above its threshold that its own search had missed.
        queries: uses of the pairs' oracle.
        evaluations: (n_q,) classical scores of measured pairs.
        extras: (n_q,) marked pairs below their threshold.
        rounds: jobs run.
        miss_bound: of the whole call.
        qubits: of the oracle's circuit.
    """

    sets: tuple[Indices, ...]
    queries: int
    evaluations: Integers
    extras: Integers
    rounds: int
    miss_bound: float
    qubits: int


def loose_share(marked: float) -> float:
    """What a row's (or block's) search may miss with: the more, the fewer pairs are expected to be marked.

    A find among all pairs costs sqrt(n_q n) queries, so that only few should be left to it. A search that misses
    mostly stops before its first find and leaves all of its keys, so that loose times marked pairs are left at most,
    about; a row without a key leaves nothing, whatever it is allowed.

    Args:
        marked: pairs expected to be marked in the whole matrix.

    Returns:
        A probability, chosen by `benchmarks/joint.py`; it decides the cost alone, never the proof.
    """
    return float(np.clip(LEFT / max(marked, 1e-9), LEAST, MOST))


def unproven(found: Sequence[Found]) -> bool:
    """Whether some search of rows ended on a loose certificate, so that the matrix has to be searched."""
    return any(one.ended == "certified" for one in found)


def matrix_oracle(rows: Rows, found: Sequence[Found], groups: Sequence[Sequence[int]]) -> MatrixOracle:
    """All pairs but those that the rows' searches know.

    Args:
        rows: the rows.
        found: what each search found.
        groups: the rows that each served.

    Returns:
        The oracle.
    """
    known = {i: js for one, own in zip(found, groups, strict=True) for i, js in zip(own, one.known, strict=True)}
    return MatrixOracle(rows, tuple(known[i] for i in range(rows.problem.n_q)))


def start_matrix(oracle: MatrixOracle, options: SearchOptions, number: int) -> Row:
    """The search of all pairs before its first round, for `run_rows`.

    Args:
        oracle: the pairs.
        options: of the call; the search has all of its delta.
        number: the searches of rows before it; its random numbers are its own.

    Returns:
        Its state.
    """
    [seed] = row_seeds(options.seed, number, 1)
    return start_row(number, seed, oracle, options.delta, shots=options.shots_a_round, longest=options.longest)


def matrix_found(row: Row) -> MatrixFound:
    """What the finished search of all pairs says of every row.

    Args:
        row: its state; of an oracle of pairs.

    Returns:
        New keys of each row, and the cost.
    """
    oracle = row.oracle
    if not isinstance(oracle, MatrixOracle):
        raise TypeError(f"a search of pairs is over a MatrixOracle, not {type(oracle).__name__}")
    n_q, width, result = oracle.rows.problem.n_q, oracle.width, row.result()
    scored = np.array(sorted(row.scores), dtype=np.int64)
    scored = np.setdiff1d(scored[oracle.seen(scored)], oracle.known_indices)  # the others' scores are known, or none

    def by_row(indices: Indices) -> Integers:
        return np.bincount(indices // width, minlength=n_q).astype(np.int64)

    i, j = np.divmod(result.indices, width)
    return MatrixFound(
        tuple(j[i == number] for number in range(n_q)), result.queries, by_row(scored), by_row(result.rejected),
        result.rounds, result.miss_bound, oracle.qubits,
    )  # fmt: skip
