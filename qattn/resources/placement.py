"""Where a call runs: which rows are searched together, in what form of circuit, and on what where no sampler is given.

Whatever is simulated is estimated first; what would not end within an hour, or not fit in memory, is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qattn.encoding.precision import Precision
from qattn.machines.estimate import Load, aer_load, pairs_load, sparse_load
from qattn.machines.sparse import SparseMachine
from qattn.oracles.design import Form
from qattn.oracles.families import Family
from qattn.oracles.matrix import MatrixOracle
from qattn.oracles.rows import Rows, coarsened, compile_rows
from qattn.problem import AttentionProblem
from qattn.resources.blocks import Blocks, choose_blocks
from qattn.search.matrix import loose_share
from qattn.search.protocols import Machine
from qattn.simulator import SparseSampler

if TYPE_CHECKING:
    from qiskit.primitives import BaseSamplerV2
    from qiskit.transpiler import PassManager


@dataclass(frozen=True)
class Asked:
    """What was asked for.

    Attributes:
        block: rows of a block, or "auto".
        delta: allowed probability of a miss in the whole call.
        loose: allowed in each search of rows, where one over all pairs carries the proof (`loose_of`); else None.
        form: of the circuits; None where it is chosen.
        sampler: what the circuits run on; None where a simulator is chosen.
        pass_manager: for that sampler, or for Aer.
        anyway: nothing is refused for its load.
        coarse: bits of the circuits of a first stage; None for a search in one.
    """

    block: int | str
    delta: float
    loose: float | None = None
    form: Form | None = None
    sampler: BaseSamplerV2 | Machine | None = None
    pass_manager: PassManager | None = None
    anyway: bool = False
    coarse: int | None = None


@dataclass(frozen=True)
class Placed:
    """Rows in the form they are searched in, and on what.

    Attributes:
        rows: the rows.
        sampler: as asked for, or our simulator; None is Aer.
        blocks: which rows are searched together.
        coarse: the rows in few bits, for a first stage; None for a search in one.
    """

    rows: Rows
    sampler: BaseSamplerV2 | Machine | None
    blocks: Blocks
    coarse: Rows | None = None


def place(problem: AttentionProblem, precision: Precision, family: Family, asked: Asked) -> Placed:
    """Where the rows of a call run.

    With a sampler of the user's, or a form, that is taken; else Aer by table and phase accumulator, where that takes
    moments, or the sparse simulator with the form that takes the fewest Toffolis. The circuits of all pairs of a matrix
    are too wide for Aer.

    Args:
        problem: the instance.
        precision: of the encoding.
        family: makes oracles of rows.
        asked: what was asked for.

    Returns:
        Rows, sampler and blocks.

    Raises:
        TooLong: when the simulation would take more than an hour, or more memory than there is.
    """
    sampler, matrix = asked.sampler, asked.loose is not None
    if asked.form is not None or not (sampler is None or isinstance(sampler, SparseSampler)):
        rows = compile_rows(problem, precision, family, asked.form or Form.of("table", "phase"))
        coarse = _coarse(rows, asked)
        blocks = _blocks(rows, precision, asked, coarse)
        if sampler is None and matrix:
            _check(asked, _pairs_load(rows))
            sampler = SparseMachine()
        elif sampler is None:
            _check(asked, _aer_load(rows, precision, blocks))
        return Placed(rows, sampler, blocks, coarse)
    if sampler is None and not matrix:
        rows = compile_rows(problem, precision, family)
        coarse = _coarse(rows, asked)
        blocks = _blocks(rows, precision, asked, coarse)
        load = _aer_load(rows, precision, blocks)
        if asked.pass_manager is not None or load.light:
            _check(asked, load)
            return Placed(rows, None, blocks, coarse)
    _check(asked, _sparse_load(problem, precision))
    rows = compile_rows(problem, precision, family, Form.of("select_swap", "carry_save"))
    if matrix:
        _check(asked, _pairs_load(rows))
    machine = SparseMachine() if sampler is None else SparseMachine.of(sampler)
    coarse = _coarse(rows, asked)
    return Placed(rows, machine, _blocks(rows, precision, asked, coarse), coarse)


def loose_of(problem: AttentionProblem, precision: Precision) -> float | None:
    """What each search of rows may miss with where one over all pairs carries the proof.

    Args:
        problem: the instance, with thresholds.
        precision: for how many keys are expected to be marked.

    Returns:
        A probability; None for a single row, which is its own matrix.
    """
    marked = precision.members + precision.extras
    each = marked if problem.k is None else min(marked, problem.k)
    return loose_share(problem.n_q * each) if problem.n_q > 1 else None


def _check(asked: Asked, load: Load) -> None:
    if not asked.anyway:
        load.check()


def _coarse(rows: Rows, asked: Asked) -> Rows | None:
    """The rows of a first stage."""
    return None if asked.coarse is None else coarsened(rows, asked.coarse)


def _blocks(rows: Rows, precision: Precision, asked: Asked, coarse: Rows | None) -> Blocks:
    """Which rows are searched together."""
    if asked.block == 1 or (rows.problem.tau is None and rows.problem.k == 0):
        return Blocks(why="")
    members = float(_members(rows.problem, precision))
    return choose_blocks(
        rows.problem, rows.block, asked.block, members=members, delta=asked.delta, loose=asked.loose,
        coarse_of=None if coarse is None else coarse.block,
    )  # fmt: skip


def _sparse_load(problem: AttentionProblem, precision: Precision) -> Load:
    """What the rows ask of the sparse simulator."""
    components = problem.d if precision.rank is None else precision.rank
    counts = [_members(problem, precision)] * problem.n_q
    return sparse_load(int(problem.visible.max()), components, precision.bits, counts, rising=problem.tau is None)


def _pairs_load(rows: Rows) -> Load:
    """What the search of all pairs asks of it beside."""
    pairs = MatrixOracle(rows)
    what = pairs.comparison
    return pairs_load(pairs.n, pairs.qubits, what.key_words.size + what.row_words.size)


def _aer_load(rows: Rows, precision: Precision, blocks: Blocks) -> Load:
    """What the circuits of these rows or blocks ask of Aer, before any is built."""
    members = _members(rows.problem, precision)
    if blocks.groups:  # rows in turn, each computed and undone twice
        oracle = rows.block(blocks.widest)
        counts = [members * len(together) for together in blocks.groups]
        return aer_load(2 * blocks.size * precision.gates, oracle.qubits, oracle.n, counts)
    [row] = rows.oracles([int(np.argmax(rows.problem.visible))])
    return aer_load(precision.gates, row.qubits, row.n, [members] * rows.problem.n_q)


def _members(problem: AttentionProblem, precision: Precision) -> int:
    """Keys that a row is expected to find."""
    return problem.k if problem.k is not None else max(1, round(precision.members + precision.extras))
