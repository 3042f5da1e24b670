"""What one error costs: the infidelity of a reversible circuit under Pauli noise of probability p, as p -> 0.

Of all trajectories only those with a single error count to first order. So the coefficient of p is a sum over all
places where an error may happen, and it is estimated by drawing places, not trajectories: no p has to be chosen, and
rare errors cost nothing to wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Bits, Words
from qattn.simulator.sites import touched
from qattn.synthesis.execution import DirtyAncillaError, pack, qubit_name, unpack
from qattn.synthesis.program import CCX, CSWAP, CX, SWAP, Program, Rows
from qattn.synthesis.words import run_words


@dataclass(frozen=True)
class Infidelity:
    """Coefficients of p, with their standard errors.

    Attributes:
        places: qubits touched, summed over all gates: where an error may happen.
        value: 1 - <ideal|rho|ideal>, the ancillas traced out.
        error: its standard error.
        clean: the same where all ancillas are measured and found in |0>.
        clean_error: its standard error.
        lost: probability that some ancilla is found in |1>.
    """

    places: int
    value: float
    error: float
    clean: float
    clean_error: float
    lost: float


def infidelity(
    program: Program,
    n: int,
    keep: Sequence[str],
    *,
    samples: int = 1000,
    seed: int | np.random.Generator = 0,
) -> Infidelity:
    """Infidelity of a circuit on n^(-1/2) sum_j |j>|0>, to first order in the probability of X, Y or Z after a gate.

    Args:
        program: of X, CX, CCX, SWAP, CSWAP, Z and CZ, with a register `index`; ancillas end in |0>.
        n: number of indices.
        keep: registers that hold the result; all others are ancillas.
        samples: places drawn.
        seed: of the draws.

    Returns:
        The coefficient of p with its standard error, also where all ancillas are found clean.

    Raises:
        DirtyAncillaError: when an ancilla is not |0> at the end without any error.
    """
    rng = np.random.default_rng(seed)
    run = Run.start(program, n, keep)
    values = np.empty((samples, 3))
    for k, trace in enumerate(run.single_errors(samples, rng)):
        right, clean = ~trace.moved.any(axis=1), trace.marks == 0
        overlap = float(trace.signs[right & clean].sum() / n) ** 2
        values[k] = (
            1 - float(np.sum(trace.sums(np.where(right, 1 / n, 0.0)) ** 2)),
            clean.mean() - overlap,
            1 - clean.mean(),
        )
    mean, spread = run.places * values.mean(axis=0), run.places * values.std(axis=0) / np.sqrt(samples)
    (value, clean_value, lost), (error, clean_error, _) = mean.tolist(), spread.tolist()
    return Infidelity(run.places, value, error, clean_value, clean_error, lost)


def search_loss(
    program: Program, n: int, marked: Bits, iterations: int, *, samples: int = 1000, seed: int | np.random.Generator = 0
) -> tuple[float, float]:
    """What errors in the oracle take from a Grover search's success, as the coefficient of p as p -> 0.

    One error strikes in one of the queries; the others and the reflections are ideal, and all qubits but the index are
    reset before the next query. Less is lost than the infidelity of all queries: part of a state goes on as it should.

    Args:
        program: the phase oracle, as `infidelity` takes them.
        n: number of indices.
        marked: (n,) the indices whose sign the oracle flips.
        iterations: m >= 1.
        samples: places drawn.
        seed: of the draws.

    Returns:
        The coefficient, all m queries together, and its standard error.
    """
    rng = np.random.default_rng(seed)
    run = Run.start(program, n, ("index",))
    signs = np.where(marked, -1.0, 1.0)
    states, wanted = [np.full(n, n**-0.5)], []
    for _ in range(iterations):
        states.append(reflected(signs * states[-1]))
    ideal = float(np.sum(states[-1][marked] ** 2))
    for best in np.flatnonzero(marked).tolist():  # the states that the rest of the search takes to a marked index
        goals = [np.eye(1, n, best)[0]]
        for _ in range(iterations - 1):
            goals.append(signs * reflected(goals[-1]))
        wanted.append([reflected(goal) for goal in goals])
    losses = np.empty(samples)
    weights = 1 << np.arange(len(program.registers["index"]))
    for k, trace in enumerate(run.single_errors(samples, rng)):
        query = int(rng.integers(iterations))
        arrived = np.arange(n) ^ trace.moved @ weights
        inside = arrived < n
        arrived = np.where(inside, arrived, 0)
        before = signs * states[query] * inside
        hits = (np.sum(trace.sums(before * goals[iterations - 1 - query][arrived]) ** 2) for goals in wanted)
        losses[k] = ideal - float(sum(hits))
    scale = run.places * iterations
    return scale * float(losses.mean()), scale * float(losses.std()) / np.sqrt(samples)


def reflected(state: NDArray[np.float64]) -> NDArray[np.float64]:
    """Grover's reflection about the mean: 2 mean - a, for every amplitude a."""
    return np.asarray(2 * state.mean() - state)


def written_out(program: Program) -> Program:
    """The same with every SWAP as three CNOTs, every CSWAP as a Toffoli between two, as costs are counted."""
    rows: list[Rows] = []
    ops = program.ops
    swaps = np.flatnonzero(np.isin(ops[:, 0], (SWAP, CSWAP)))
    done = 0
    for i in swaps.tolist():
        rows.append(ops[done:i])
        code, control, a, b = (int(x) for x in ops[i])
        middle = (CX, b, b, a) if code == SWAP else (CCX, control, b, a)
        outer = (CX, a, a, b)
        rows.append(np.array([outer, middle, outer], dtype=np.int32))
        done = i + 1
    rows.append(ops[done:])
    out = np.concatenate(rows)
    return replace(program, ops=out, helper=np.zeros(len(out), dtype=np.bool_))


@dataclass(frozen=True, eq=False)
class Trace:
    """What an error did to every index at the end of a circuit, compared with no error.

    Attributes:
        moved: (n, kept qubits) flips of the qubits that hold the result.
        marks: (n,) a number for each pattern of flipped ancillas, 0 for none.
        signs: (n,) 1 or -1.
    """

    moved: Bits
    marks: NDArray[np.uint64]
    signs: NDArray[np.float64]

    def sums(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Signed sums of weights of the indices that leave the same pattern: their states add up, others do not."""
        _, groups = np.unique(self.marks, return_inverse=True)
        return np.asarray(np.bincount(groups, weights=weights * self.signs), dtype=np.float64)


@dataclass(eq=False)
class Run:
    """The circuit without errors, as far as it has gone, and its end."""

    program: Program
    n: int
    planes: Words
    signs: Words
    valid: Words
    kept: list[int]
    final: Words
    final_signs: Words
    names: NDArray[np.uint64]
    places: int
    position: int = 0

    @classmethod
    def start(cls, program: Program, n: int, keep: Sequence[str]) -> Run:
        """The circuit run once without errors.

        Args:
            program: as `infidelity` takes it.
            n: number of indices.
            keep: registers that hold the result.

        Returns:
            The run, at its start, with what its end is.

        Raises:
            DirtyAncillaError: when an ancilla is not |0> at the end.
        """
        places = touched(program)[0].size  # refuses operations of other kinds
        missing = [name for name in ("index", *keep) if name not in program.registers]
        if missing:
            raise ValueError(f"the program has no register {missing[0]!r}; it has {', '.join(program.registers)}")
        valid = pack(np.ones(n, dtype=bool))
        planes = np.zeros((program.qubits, valid.size), np.uint64)
        for i, row in enumerate(program.registers["index"]):
            planes[row] = pack(np.arange(n) >> i & 1)
        signs = np.zeros_like(valid)
        names = np.random.default_rng(0).integers(1, 2**63, size=program.qubits, dtype=np.uint64)
        kept = [row for name in keep for row in program.registers[name]]
        run = cls(program, n, planes, signs, valid, kept, planes.copy(), signs.copy(), names, places)
        run._advance(run.final, run.final_signs, 0, len(program))
        dirty = [row for row in np.flatnonzero(run.final.any(axis=1)).tolist() if row not in set(kept)]
        if dirty:
            raise DirtyAncillaError(f"qubit {qubit_name(program.registers, dirty[0])} is left in |1> without an error")
        return run

    def single_errors(self, samples: int, rng: np.random.Generator) -> Iterator[Trace]:
        """What X, Y or Z at places drawn from all there are does to the end; once only.

        Args:
            samples: places drawn.
            rng: where they come from.

        Yields:
            A trace for each place, in the order of the circuit.
        """
        after, qubits = touched(self.program)
        chosen = rng.integers(after.size, size=samples)
        for site, letter in zip(chosen[np.argsort(after[chosen])].tolist(), rng.integers(3, size=samples), strict=True):
            yield self._with_error(int(after[site]), int(qubits[site]), "XYZ"[letter])

    def _with_error(self, after: int, qubit: int, letter: str) -> Trace:
        """Errors must come in order."""
        self._advance(self.planes, self.signs, self.position, after + 1)
        self.position = after + 1
        planes, signs = self.planes.copy(), self.signs.copy()
        if letter != "Z":
            planes[qubit] ^= self.valid
        if letter != "X":
            signs ^= planes[qubit]
        self._advance(planes, signs, after + 1, len(self.program))
        planes ^= self.final
        signs ^= self.final_signs
        marks = np.zeros(self.n, np.uint64)
        moved = np.array([unpack(planes[row], self.n) for row in self.kept]).T
        planes[self.kept] = 0
        for row in np.flatnonzero(planes.any(axis=1)).tolist():
            marks ^= np.where(unpack(planes[row], self.n), self.names[row], np.uint64(0))
        return Trace(moved, marks, np.where(unpack(signs, self.n), -1.0, 1.0))

    def _advance(self, planes: Words, signs: Words, start: int, stop: int) -> None:
        ops, held = self.program.ops, np.full(self.program.qubits, -1, np.int32)
        run_words(ops, self.program.wires, start, stop, planes, self.valid.size, signs, self.valid, held)
