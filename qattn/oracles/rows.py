"""All rows of a problem as integers under one code of the keys, and their oracles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from qattn.encoding.keys import KeyCode, encode_keys
from qattn.encoding.precision import Precision
from qattn.encoding.rows import RowCode, aimed, encode_row
from qattn.oracles.base import CircuitOracle
from qattn.oracles.block import BlockOracle
from qattn.oracles.design import Form
from qattn.oracles.families import Family, arithmetic
from qattn.oracles.threshold import ThresholdOracle
from qattn.problem import AttentionProblem


@dataclass(frozen=True, eq=False)
class Rows:
    """All rows of a problem as integers, under one code of the keys and one score width: one circuit per prefix length.

    Attributes:
        problem: the instance; top-k rows start at threshold 0 and get theirs from the search.
        keys: the keys as integers.
        codes: each row's coefficients and threshold.
        width: score qubits, what the widest row needs.
        family: makes the oracle to search from a row's `ThresholdOracle`.
        form: how the rows' circuits are built.
    """

    problem: AttentionProblem
    keys: KeyCode
    codes: tuple[RowCode, ...]
    width: int
    family: Family = arithmetic
    form: Form = field(default_factory=Form.of)

    def oracles(self, rows: Sequence[int] | None = None) -> list[CircuitOracle]:
        """One oracle per row; of all rows by default."""
        wanted = range(self.problem.n_q) if rows is None else rows
        return [self.family(row) for row in self.thresholds(wanted)]

    def block(self, rows: Sequence[int]) -> BlockOracle:
        """The oracle of some rows together."""
        return BlockOracle(tuple(self.thresholds(rows)))

    def thresholds(self, rows: Sequence[int]) -> list[ThresholdOracle]:
        """The rows' threshold oracles."""
        p = self.problem
        lengths = np.unique(p.visible[list(rows)]).tolist()
        prefixes = {m: (self.keys.prefix(m), p.K[:m]) for m in lengths}
        made = []
        for i in rows:
            keys, K = prefixes[int(p.visible[i])]
            tau = 0.0 if p.tau is None else float(p.tau[i])
            made.append(ThresholdOracle(p.Q[i], K, tau, keys, self.codes[i], width=self.width).formed(self.form))
        return made


def compile_rows(
    problem: AttentionProblem, precision: Precision, family: Family = arithmetic, form: Form | None = None
) -> Rows:
    """The rows of a problem as integers of this precision, ready to be searched; O(n_q n r) once.

    Args:
        problem: the instance; top-k rows start at threshold 0 and get theirs from the search.
        precision: bits and rank.
        family: makes the oracle to search from a row's `ThresholdOracle`.
        form: how circuits are built; by table and phase accumulator by default.

    Returns:
        The rows; oracles are made from them when asked for. A cache's keys are encoded once, not for each token.
    """
    if problem.kept is not None and precision.rank is None:
        keys = problem.kept.code(precision.bits)
    else:
        keys = encode_keys(problem.K, precision.bits, rank=precision.rank, Q=problem.Q if precision.rank else None)
    codes = tuple(encode_row(keys, q, tau) for q, tau in zip(problem.Q, _thresholds(problem), strict=True))
    return Rows(problem, keys, codes, _width(problem, codes), family, form or Form.of())


def coarsened(rows: Rows, bits: int) -> Rows:
    """The same rows with keys and coefficients of few bits, to find most of what they mark with cheaper circuits.

    Args:
        rows: as they are searched to a proof.
        bits: of a key component and of a coefficient, 1 or more; 2 keeps of a coefficient its sign or nothing.

    Returns:
        Rows that mark about the same keys, some less and some more: what they miss is for `rows` to find.

    Raises:
        ValueError: when bits is out of range.
    """
    problem = rows.problem
    keys = encode_keys(problem.K, bits) if problem.kept is None else problem.kept.code(bits)
    codes = tuple(
        aimed(encode_row(keys, q, tau, query_bits=bits), fine, tau)
        for q, tau, fine in zip(problem.Q, _thresholds(problem), rows.codes, strict=True)
    )
    return replace(rows, keys=keys, codes=codes, width=_width(problem, codes))


def _thresholds(problem: AttentionProblem) -> list[float]:
    return [0.0] * problem.n_q if problem.tau is None else [float(tau) for tau in problem.tau]


def _width(problem: AttentionProblem, codes: Sequence[RowCode]) -> int:
    return max(code.full_width if problem.tau is None else code.width for code in codes)
