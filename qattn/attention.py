"""attend(): the whole way from (Q, K, V) to D^-1 B V (Algorithms 1 and 2), with an account of what it cost."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qattn.approximation.far_field import FITS, Fit
from qattn.approximation.guarantee import Promise, guaranteed
from qattn.approximation.sparse import algorithm_2
from qattn.arithmetic.base import InnerProduct
from qattn.arrays import Integers, Seed, seed_sequence
from qattn.classical import exact
from qattn.classical.exact import exact_attention
from qattn.encoding.kept import Kept
from qattn.encoding.precision import choose_precision
from qattn.lookups.base import Lookup
from qattn.machines.coarse_search import coarse_stage, search_coarse, told
from qattn.machines.ran import what_ran
from qattn.machines.row_search import Interrupted, RowSearch, search_matrix, search_rows
from qattn.oracles import families
from qattn.oracles.base import CircuitOracle
from qattn.oracles.design import Form
from qattn.oracles.families import Family
from qattn.oracles.rows import Rows
from qattn.problem import AttentionProblem, ProblemError, make_problem
from qattn.resources.blocks import Blocks
from qattn.resources.placement import Asked, loose_of, place
from qattn.result import Accounts, AttentionResult, accounts, with_first_stage, with_proof
from qattn.search.checkpoint import State
from qattn.search.protocols import Machine, SearchOptions
from qattn.search.schedule import Schedule

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2
    from qiskit.transpiler import PassManager


__all__ = ["AttentionResult", "attend", "exact_attention"]


METHODS = ("grover", "halfspace", "exact")
FAR_FIELDS = tuple(FITS)
PROOFS = ("rows", "matrix")
COARSEST = 12  # bits from which on a first stage is no cheaper than what it is to spare


def attend(
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    tau: ArrayLike | None = None,
    *,
    k: int | None = None,
    method: str = "grover",
    sampler: BaseSamplerV2 | Machine | None = None,
    pass_manager: PassManager | None = None,
    far_field: str | Fit = "ones",
    scale: float = 1.0,
    causal: bool = False,
    visible: ArrayLike | None = None,
    mask: None = None,
    delta: float = 1e-2,
    rank: int | str | None = None,
    bits: int | None = None,
    samples: int = 16,
    error: float | None = None,
    most_samples: int | None = None,
    objective: str = "queries",
    shots: int | None = None,
    longest: int | None = None,
    neighbours: bool = False,
    block: int | str = 1,
    proof: str = "rows",
    coarse: int | None = None,
    oracle: str | Family = "arithmetic",
    lookup: str | Lookup | None = None,
    arithmetic: str | InnerProduct | None = None,
    executor: Executor | None = None,
    seed: Seed = None,
    progress: bool = False,
    bind: bool | None = None,
    resume: Interrupted | State | str | Path | None = None,
    anyway: bool = False,
    kept: Kept | None = None,
) -> AttentionResult:
    """Attention from the large scores of each row, found by Grover search (Algorithm 1) and applied (Algorithm 2).

    Args:
        Q: (n_q, d) query rows.
        K: (n, d) keys.
        V: (n, d_v) values.
        tau: threshold on scale <Q_i, K_j>: a number, one per row, or None with k given.
        k: without tau, the k best keys of each row; with tau, the promise |S_i| <= k that lets a row stop at k finds.
        method: "grover" (circuits), "halfspace" (Algorithm 4) or "exact" (all scores).
        sampler: any Qiskit BaseSamplerV2, `SparseSampler()`, `GroverStatistics()`; None: Aer where its circuits take
            moments, the sparse simulator for all others (`accounts.simulator` says which).
        pass_manager: transpiles the circuits; by default for the sampler's own backend, where it has one.
        far_field: what stands for the other keys: "ones" (the paper), "constant" or "linear" (from samples), or a
            function of your own (see `qattn.approximation.far_field`).
        scale: multiplies Q, 1/sqrt(d) in a transformer.
        causal: row i sees only the keys up to its own position.
        visible: (n_q,) row i sees the first visible[i] keys, instead of `causal`.
        mask: not here; `attend_heads` takes any mask, and leading axes.
        delta: allowed probability that the call misses any key; shared equally among the rows. Half of it
            where `error` is given.
        rank: key components the circuit computes with, or "all" for the coordinates as they are; None chooses.
        bits: bits per component; None chooses.
        samples: keys sampled per row for the "constant" and "linear" far fields.
        error: largest relative error |out - exact| / |exact| (Euclidean) of each row, such as 0.05: `samples` keys and
            then as many more are drawn in a row as prove it, with confidence 1 - delta for each row (half of delta
            for a miss of the search, half for the draws; `qattn.approximation.guarantee`). The result's `guarantee`
            says what was proven and what it read; a row that draws all its keys is exact. Finite-sample proofs are
            dear: one unseen key may weigh as much as the least found, so a small k can mean reading nearly every key.
        most_samples: with `error`, the most keys that a row may draw; by default all that are left. A row that would
            need more is listed in the guarantee's `unmet`.
        objective: "queries" (fewest oracle queries) or "rounds" (fewest sampler jobs, for hardware).
        shots: shots per row and round; by default 1 or 100, by the objective.
        longest: most Grover iterations of a circuit, where a machine allows no more; by default as many as help.
        neighbours: check first what the rows beside a row have found (k evaluations, fewer queries); on real heads
            keys repeat from row to row. The result then depends on the chunks of an executor.
        block: rows that one search serves: a query loads a key once for all of them and marks the union of their sets,
            a measured key is scored in each, and delta is shared by the blocks. "auto" takes as many as are predicted
            to cost the fewest Toffolis a row (`accounts.why` says which and why; one where a load is nearly free).
        proof: "rows": each row (or block) is searched until it is proven that nothing is left in it. "matrix", with
            tau: rows are searched less thoroughly, and then one search over all pairs of a row and a key finds what
            they missed and carries the proof, with all of delta; its oracle looks both up and multiplies registers,
            so that a query is dearer (`accounts.proof_queries` counts them). It saves a third to a half for hundreds of
            rows that are empty, and next to nothing elsewhere (docs/explanation/costs.md). On the sparse simulator
            unless a sampler is given.
        coarse: search first with circuits of so many bits, such as 3, which cost a part and mark about the same keys;
            what they find the row's own circuits need not find again, only prove complete. That takes more queries, of
            which most are cheap (`accounts.coarse_queries`), and pays where many keys are found, most of all in blocks
            (docs/explanation/costs.md). The proof does not rest on it.
        oracle: the family of oracles that search the rows: "arithmetic", "truth_table" (scores all keys; a
            demonstration of Grover search), or a function of your own from a row's `ThresholdOracle` to a
            `qattn.oracles.base.CircuitOracle`.
        lookup: how the circuits load keys: a name of `qattn.lookups` or a `Lookup`. None: the table, which needs the
            fewest qubits; on the sparse simulator QROAM ("select_swap"), which needs the fewest Toffolis.
        arithmetic: how they compare: a name of `qattn.arithmetic` or an `InnerProduct`. None: the phase accumulator,
            which needs the fewest qubits and serves all rows with one circuit; on the sparse simulator "carry_save".
        executor: any concurrent.futures.Executor: a process pool, a Dask client's get_executor(), MPI's; rows are
            searched in chunks, with the same result whatever the chunks.
        seed: same seed, same result with `sampler=None`, `GroverStatistics()`, and samplers of Qiskit, Aer and
            qiskit-ibm-runtime that simulate from an integer seed of their own; any other sampler draws as it likes. A
            number, a numpy Generator (which moves on), or None.
        progress: show a progress bar.
        bind: True sends circuits with their numbers put in, False parametrised circuits with arrays of numbers; None
            sends arrays only to samplers known to read them right.
        resume: where a call with the same arguments goes on that Ctrl-C stopped: the `Interrupted` it raised, its
            `state`, or the file that its `save` wrote.
        anyway: run circuits on Aer although they are estimated to take more than an hour, or the memory.
        kept: what an `AttentionCache` keeps of these keys and values; its own `attend` passes it on.

    Returns:
        Output, attention, the sets found and their accounts.

    Raises:
        ProblemError: a ValueError that says what does not fit.
        TooLong: a ProblemError; the circuits would take more than an hour, or more memory than there is.
        Interrupted: a KeyboardInterrupt, with what was found and how to go on.

    Cost: O(sqrt(n k)) queries a row to find, O(sqrt n) to certify (Theorem 3.1); O(n k d) for Algorithm 2.

    Example:
        >>> from qattn import GroverStatistics, attend
        >>> Q, K, V = [[2, 0], [0, 3]], [[2, 0], [0, 1], [1, 1], [0, -1]], [[1], [2], [3], [4]]
        >>> result = attend(Q, K, V, tau=3, sampler=GroverStatistics(), seed=1)
        >>> [js.tolist() for js in result.found]
        [[0], [1, 2]]
        >>> result.output.round(2).tolist()
        [[1.1], [2.5]]
    """
    start = time.perf_counter()
    if mask is not None:
        raise ProblemError("attend takes no mask; use attend_heads(Q, K, V, tau, mask=mask), also for one head")
    problem = make_problem(Q, K, V, tau, k=k, scale=scale, causal=causal, visible=visible, kept=kept)
    _check_options(method, far_field, delta, samples)
    promise = _promise(error, delta, samples, most_samples)
    missing = delta if promise is None else delta / 2  # the search's share
    _check_proof(proof, problem, method)
    _check_coarse(coarse, proof, method)
    seeds = seed_sequence(seed).spawn(2)
    precision = None
    if method == "grover":
        precision = choose_precision(problem.Q, problem.K, problem.tau, problem.k, bits=bits, rank=rank, kept=kept)
        family = families.get(oracle)
        if block != 1 and family is not families.arithmetic:
            raise ProblemError(f"block = {block!r} goes with oracle = 'arithmetic', whose circuits can share a load")
        loose = loose_of(problem, precision) if proof == "matrix" else None
        if loose is not None and family is not families.arithmetic:
            raise ProblemError("proof = 'matrix' goes with oracle = 'arithmetic', whose circuits look keys up")
        if coarse is not None and family is not families.arithmetic:
            raise ProblemError(f"coarse = {coarse} goes with oracle = 'arithmetic', whose circuits compute in bits")
        form = None
        if lookup is not None or arithmetic is not None:
            form = Form.of("table" if lookup is None else lookup, "phase" if arithmetic is None else arithmetic)
        asked = Asked(block, missing, loose, form, sampler, pass_manager, anyway, coarse)
        placed = place(problem, precision, family, asked)
        options = SearchOptions(
            k=(problem.k or None) if problem.tau is None else None, delta=missing,
            sharing=len(placed.blocks.groups) or problem.n_q, loose=loose, objective=objective, shots=shots,
            longest=longest, neighbours=neighbours, seed=seeds[0],
        )  # fmt: skip
        search = RowSearch(placed.rows, options, placed.sampler, pass_manager, bind, placed.blocks.groups)
        found, account = grover_sets(
            search, placed.blocks, coarse=placed.coarse, executor=executor, progress=progress, resume=resume
        )
    else:
        found, account = classical_sets(problem, method)
    guarantee = None
    if promise is None:
        output, attention, draws = algorithm_2(problem, found, far_field, samples=samples, seed=seeds[1])
    else:
        output, attention, draws, guarantee = guaranteed(problem, found, far_field, promise, seeds[1])
    account = replace(account, evaluations=account.evaluations + draws.spent)
    wall = time.perf_counter() - start
    name = far_field if isinstance(far_field, str) else far_field.__name__
    return AttentionResult(
        output, attention, found, account, problem, method, name, delta, precision, draws, wall, guarantee
    )


def _check_proof(proof: str, problem: AttentionProblem, method: str) -> None:
    if proof not in PROOFS:
        raise ProblemError(f"proof = {proof!r}; choose one of {', '.join(PROOFS)}")
    if proof == "matrix" and (method != "grover" or problem.tau is None):
        raise ProblemError(
            "proof = 'matrix' goes with method = 'grover' and tau; the k best have no threshold to look up"
        )


def _check_coarse(coarse: int | None, proof: str, method: str) -> None:
    if coarse is None:
        return
    if isinstance(coarse, bool) or not isinstance(coarse, int | np.integer) or not 1 <= coarse <= COARSEST:
        raise ProblemError(f"coarse = {coarse!r}; give the bits of a first stage's circuits, 1 to {COARSEST}, or None")
    if method != "grover" or proof != "rows":
        raise ProblemError(f"coarse = {coarse} goes with method = 'grover' and proof = 'rows'")


def _promise(error: float | None, delta: float, samples: int, most: int | None) -> Promise | None:
    if error is not None:
        return Promise(error, delta, samples, most)
    if most is not None:
        raise ProblemError(f"most_samples = {most} goes with error; without it every row draws `samples` keys")
    return None


def _check_options(method: str, far_field: str | Fit, delta: float, samples: int) -> None:
    if method not in METHODS:
        raise ProblemError(f"method = {method!r}; choose one of {', '.join(METHODS)}")
    if isinstance(far_field, str) and far_field not in FAR_FIELDS:
        raise ProblemError(f"far_field = {far_field!r}; choose one of {', '.join(FAR_FIELDS)}, or pass a function")
    if not 0 < delta < 1:
        raise ProblemError(f"delta = {delta}; give a probability between 0 and 1, such as 0.01")
    if samples < 1:
        raise ProblemError(f"samples = {samples}; the far field needs at least one key per row")


def grover_sets(
    search: RowSearch,
    blocks: Blocks = Blocks(why=""),  # noqa: B008  (frozen)
    *,
    coarse: Rows | None = None,
    executor: Executor | None = None,
    progress: bool = False,
    resume: Interrupted | State | str | Path | None = None,
) -> tuple[list[Integers], Accounts]:
    """S_i of every row by Grover search (Algorithm 1), any key of the call missed with probability delta at most.

    Args:
        search: the rows and how to search them.
        blocks: which of them are searched together.
        coarse: the same rows in few bits, for a first stage.
        executor: runs chunks of rows.
        progress: show a bar.
        resume: where an interrupted search goes on.

    Returns:
        (sets, accounts): n_q sorted index arrays.

    Raises:
        Interrupted: on Ctrl-C, with what was found.
    """
    pairs = before = None
    if coarse is not None:
        first = coarse_stage(search, coarse)
        before, found = search_coarse(first, search, executor=executor, progress=progress, resume=resume)
    elif search.options.loose is None:
        found = search_rows(search, executor=executor, progress=progress, resume=resume)
    else:
        found, pairs = search_matrix(search, executor=executor, progress=progress, resume=resume)
    if search.groups:
        widest: CircuitOracle = search.rows.block(blocks.widest)
        prepared: list[int] = []
    else:
        oracles = search.rows.oracles()
        widest, prepared = max(oracles, key=lambda oracle: oracle.n), [oracle.evaluations for oracle in oracles]
    ran = what_ran(widest, search.sampler)
    account = accounts(found, search.searches, ran, prepared)
    if before is not None:
        account = with_first_stage(account, accounts(before, search.searches, ran), told(search, before))
    by_row = {
        i: share.indices
        for one, rows in zip(found, search.searches, strict=True)
        for i, share in zip(rows, one.by_row(), strict=True)
    }
    sets = [by_row[i] for i in range(len(by_row))]
    if search.options.loose is not None:
        may_miss = any(one.miss_bound for one in found)  # not where every row was empty from the start
        account = with_proof(account, pairs, Schedule.bound(search.options.delta) if may_miss else 0.0)
        sets = sets if pairs is None else [np.union1d(*both) for both in zip(sets, pairs.sets, strict=True)]
    return sets, replace(account, block=blocks.size, why=blocks.why)


def classical_sets(problem: AttentionProblem, method: str) -> tuple[list[Integers], Accounts]:
    """S_i of every row without a quantum computer: Algorithm 4, or all scores.

    Args:
        problem: the instance.
        method: "exact" or "halfspace".

    Returns:
        (sets, accounts): n_q sorted index arrays.
    """
    evaluations = problem.visible.copy()
    if problem.k == 0:
        found, evaluations = [np.empty(0, np.int64) for _ in range(problem.n_q)], np.zeros(problem.n_q, np.int64)
    elif problem.tau is None:
        found = exact.top_k(problem.Q, problem.K, problem.k or 1, visible=problem.visible)
    elif method == "exact":
        found = exact.above(problem.Q, problem.K, problem.tau, visible=problem.visible)
    else:
        from qattn.classical.halfspace import HalfSpaceReporter

        # Algorithm 4 as printed builds on Q and queries with K, which reports columns; rows need it the other way
        reported, evaluations = HalfSpaceReporter(problem.K).counted(problem.Q, problem.tau)
        found = [js[js < seen] for js, seen in zip(reported, problem.visible, strict=True)]
    zero = np.zeros(problem.n_q, dtype=np.int64)
    return found, Accounts(zero, evaluations, extras=zero)
