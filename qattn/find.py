"""find_all, and Algorithm 1 for all rows: compile each oracle, then search, over workers if there are some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qattn.encoding.keys import encode_keys, encode_row
from qattn.encoding.precision import Precision
from qattn.machines.sampler import as_machine
from qattn.oracles.threshold import ThresholdOracle
from qattn.problem import AttentionProblem
from qattn.result import Accounts
from qattn.search.parallel import chunks, run_chunks
from qattn.search.protocols import Machine, Searchable
from qattn.search.rounds import Seed, find_rows
from qattn.search.row import Found, Row

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2
    from qiskit.transpiler import PassManager

Integers = NDArray[np.int64]


def find_all(
    oracle: Searchable,
    *,
    sampler: BaseSamplerV2 | Machine | None = None,
    pass_manager: PassManager | None = None,
    k_max: int | None = None,
    k: int | None = None,
    delta: float = 1e-2,
    seed: Seed = None,
    objective: str = "queries",
    shots: int | None = None,
    candidates: Iterable[int] = (),
    bind: bool | None = None,
) -> Found:
    """All indices with score >= tau, or the k best, by Grover search with an unknown number of marked indices.

    Args:
        oracle: a `ThresholdOracle`, or anything `Searchable`.
        sampler: any Qiskit BaseSamplerV2, `GroverStatistics()`, or None for Aer.
        pass_manager: transpiles the circuits; by default for the sampler's own backend, where it has one.
        k_max: promise that no more than k_max indices score tau or more; the search stops when it has verified them.
        k: find the k best instead, whatever the oracle's tau; equal scores rank by index.
        delta: allowed probability of missing any index.
        seed: same seed, same result with `sampler=None`, `GroverStatistics()`, and samplers of Qiskit, Aer and
            qiskit-ibm-runtime that simulate from an integer seed of their own; any other sampler draws as it likes.
        objective: "queries" (one shot a round) or "rounds" (few rounds of many shots, for hardware).
        shots: shots per round; by default 1 or 100, by the objective.
        candidates: indices to check first; those that are marked cost no query.
        bind: True sends circuits with their numbers put in, False parametrised circuits with arrays of numbers; None
            sends arrays only to samplers known to read them right.

    Raises:
        ValueError: when a number is out of range, or the sampler repeats its draws (a wrapped integer seed).
        SearchInterrupted: on Ctrl-C, with what was found.

    Cost: O(sqrt(n k)) queries to find k indices and O(sqrt(n log(1/delta))) or a little more to certify.
    """
    machine = as_machine(sampler, pass_manager, bind)
    [found] = find_rows(
        [oracle], machine, k_max=k_max, k=k, delta=delta, seed=seed, objective=objective, shots=shots,
        candidates=[candidates],
    )  # fmt: skip
    return found


@dataclass(frozen=True, eq=False)
class RowSearch:
    """Everything a worker needs to search some rows.

    With a sampler that the call's seed seeds (see `find_all`), how rows are cut into chunks changes nothing.

    Attributes:
        problem: the instance.
        precision: the encoding, the same for all rows.
        width: score qubits, the same for all rows, so that one circuit serves them.
        sampler: what `as_machine` takes; must survive pickling when workers are processes.
        pass_manager: for the sampler's machine.
        delta: allowed miss probability of the whole call, shared equally by its rows.
        seed: of the call; row i draws from its own stream of it.
        objective: "queries" or "rounds", see `qattn.search.rounds`.
        neighbours: let rows check first what the rows beside them found; then chunks do matter.
        bind: what `as_machine` takes.
    """

    problem: AttentionProblem
    precision: Precision
    width: int
    sampler: Any
    pass_manager: Any
    delta: float
    seed: np.random.SeedSequence
    objective: str = "queries"
    neighbours: bool = False
    bind: bool | None = None

    def run(self, rows: range, on_round: Callable[[Sequence[Row]], None] | None = None) -> list[Found]:
        """Search these rows in lock step, one sampler job a round.

        A row whose integers cannot reach the threshold is proven empty without a query: its promise is 0.
        """
        oracles = compile_rows(self.problem, self.precision, rows, self.width)
        top_k, k = self.problem.tau is None and self.problem.k != 0, self.problem.k
        empty = [self.problem.k == 0 or (not top_k and oracle.row.high < oracle.row.T) for oracle in oracles]
        promises: list[int | None] = [0 if none else k for none in empty]
        return find_rows(
            oracles,
            as_machine(self.sampler, self.pass_manager, self.bind),
            k=k if top_k else None,
            k_max=None if top_k else promises,
            delta=self.delta,
            sharing=self.problem.n_q,
            first=rows.start,
            seed=self.seed,
            objective=self.objective,
            neighbours=self.neighbours,
            on_round=on_round,
        )


def compile_rows(
    problem: AttentionProblem, precision: Precision, rows: range | None = None, width: int | None = None
) -> list[ThresholdOracle]:
    """One oracle per row, under one code of the keys and one score width: one circuit per prefix length.

    Args:
        problem: the instance; top-k rows start at threshold 0 and get theirs from the search.
        precision: bits and rank.
        rows: which rows; all by default.
        width: score qubits; by default what the widest of all rows needs.
    """
    keys = encode_keys(problem.K, precision.bits, rank=precision.rank, Q=problem.Q if precision.rank else None)
    tau = np.zeros(problem.n_q) if problem.tau is None else problem.tau
    wanted = range(problem.n_q) if rows is None else rows
    codes = {
        i: encode_row(keys, problem.Q[i], float(tau[i])) for i in (range(problem.n_q) if width is None else wanted)
    }
    if width is None:
        width = max(code.full_width if problem.tau is None else code.width for code in codes.values())
    prefixes = {int(m): (keys.prefix(int(m)), problem.K[:m]) for m in np.unique(problem.visible)}
    oracles = []
    for i in wanted:
        code, K = prefixes[int(problem.visible[i])]
        oracles.append(ThresholdOracle(problem.Q[i], K, float(tau[i]), code, codes[i], width=width))
    return oracles


def search_rows(search: RowSearch, *, executor: Executor | None = None, progress: bool = False) -> list[Found]:
    """What was found in every row, by this process or by an executor's workers; the same either way."""
    count = search.problem.n_q
    with progress_bar(count, progress) as advance:
        if executor is None:
            return search.run(range(count), lambda states: advance(sum(state.done for state in states)))
        found: dict[int, Found] = {}
        parts = chunks(count)
        for position, answers in run_chunks(search.run, parts, executor):
            found.update(zip(parts[position], answers, strict=True))
            advance(len(found))
    return [found[i] for i in range(count)]


@contextmanager
def progress_bar(count: int, wanted: bool) -> Iterator[Callable[[int], None]]:
    """A bar over the rows on standard error; the function inside says how many are done."""
    if not wanted:
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("searching rows", total=count)
        yield lambda done: bar.update(task, completed=done)


def accounts(found: Sequence[Found], qubits: int) -> Accounts:
    """The rows' accounts as arrays; the call's miss bound is the sum of the rows' (union bound)."""
    return Accounts(
        queries=np.array([f.queries for f in found], dtype=np.int64),
        evaluations=np.array([f.evaluations + f.seeded for f in found], dtype=np.int64),
        seeded=np.array([f.seeded for f in found], dtype=np.int64),
        rounds=max(f.rounds for f in found),
        miss_bound=float(sum(f.miss_bound for f in found)),
        extras=np.array([f.rejected.size for f in found], dtype=np.int64),
        qubits=qubits,
    )
