"""What attend() returns: the output, B, and the account of what it cost."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from qattn.approximation.draws import Draws
from qattn.approximation.far_field import LinearField
from qattn.approximation.guarantee import Guarantee
from qattn.approximation.sparse import SparseAttention
from qattn.arrays import Floats, Integers
from qattn.classical.exact import exact_attention
from qattn.encoding.precision import Precision
from qattn.encoding.similarity import Groups
from qattn.machines.ran import Ran
from qattn.problem import AttentionProblem, Goodness, goodness
from qattn.scores import scores
from qattn.search.matrix import MatrixFound
from qattn.search.row import Found

if TYPE_CHECKING:
    from qattn.approximation.bounds import Statement


EXACT_LIMIT = 1 << 26  # n_q n d up to which a report compares with exact attention


@dataclass(frozen=True, eq=False)
class Accounts:
    """What the search of each row cost and guarantees.

    Attributes:
        queries: (n_q,) uses of the phase oracle, all shots counted.
        evaluations: (n_q,) classical scores, O(d) each; samples of the far field are counted here too.
        rounds: sampler jobs run one after another.
        miss_bound: whatever the sets S_i, a call like this one misses any of their keys with at most this probability
            (ideal circuits, independent shots, and |S_i| <= k where that was promised).
        extras: (n_q,) marked keys that the classical check rejected.
        seeded: (n_q,) evaluations, among the above, of keys that another row had found.
        qubits: width of the search circuits; 0 for classical methods.
        gates: of one query ("sparse") or one Grover iterate ("aer"); 0 where no circuits ran or it is not known.
        simulator: "aer", "sparse", or the class of another sampler or machine; "" for classical methods.
        block: rows that one search served; the queries of a block are divided among its rows.
        proof_queries: uses of the oracle of all pairs, among `queries` and divided among the rows, by the search that
            carries the proof of the whole matrix; 0 where every row has its own.
        coarse_queries: uses of oracles of few bits, among `queries`, by the first stage of a search in two
            (`coarse=`); `rounds` counts both stages, `extras`, `qubits` and `gates` are those of the second.
        why: why so many; "" where it was not asked.
    """

    queries: Integers
    evaluations: Integers
    rounds: int = 0
    miss_bound: float = 0.0
    extras: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    seeded: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    qubits: int = 0
    gates: int = 0
    simulator: str = ""
    block: int = 1
    proof_queries: int = 0
    coarse_queries: int = 0
    why: str = ""


def accounts(found: Sequence[Found], groups: Groups, ran: Ran, prepared: Sequence[int] = ()) -> Accounts:
    """What each row cost; the call's miss bound is the sum of all searches' (union bound), 1 at most.

    Args:
        found: what each search found.
        groups: the rows that each served.
        ran: which circuits ran where.
        prepared: evaluations that went into making each search's oracle; () for none.

    Returns:
        One entry per row of the call.
    """
    queries, evaluations, seeded, extras = np.zeros((4, sum(map(len, groups))), dtype=np.int64)
    for one, rows, before in zip(found, groups, prepared or [0] * len(found), strict=True):
        for i, share in zip(rows, one.by_row(), strict=True):
            queries[i], evaluations[i] = share.queries, share.evaluations + before
            seeded[i], extras[i] = share.seeded, share.extras
    bound = float(min(sum(one.miss_bound for one in found), 1.0))
    rounds = max(one.rounds for one in found)
    return Accounts(queries, evaluations, rounds, bound, extras, seeded, ran.qubits, ran.gates, ran.simulator)


def with_first_stage(account: Accounts, first: Accounts, told: Integers) -> Accounts:
    """The account of a search in two stages.

    Args:
        account: of the second stage.
        first: of the first.
        told: (n_q,) keys that the second stage knew from the first: their scores are counted there.

    Returns:
        Queries, evaluations and rounds of both.
    """
    return replace(
        account, queries=account.queries + first.queries, rounds=account.rounds + first.rounds,
        evaluations=account.evaluations + first.evaluations - told, seeded=account.seeded + first.seeded - told,
        coarse_queries=int(first.queries.sum()),
    )  # fmt: skip


def with_proof(account: Accounts, pairs: MatrixFound | None, bound: float) -> Accounts:
    """The account with the search over all pairs, which carries the proof of all rows.

    Args:
        account: of the rows' searches.
        pairs: what the search over all pairs found; None where no row needed it.
        bound: the miss bound of the whole call.

    Returns:
        Its queries and evaluations added to those of the rows.
    """
    if pairs is None:
        return replace(account, miss_bound=bound)
    each, over = divmod(pairs.queries, account.queries.size)
    return replace(
        account, queries=account.queries + each + (np.arange(account.queries.size) < over),
        evaluations=account.evaluations + pairs.evaluations, extras=account.extras + pairs.extras,
        rounds=account.rounds + pairs.rounds, miss_bound=bound, qubits=max(account.qubits, pairs.qubits),
        proof_queries=pairs.queries,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class AttentionResult:
    """Attention by search: the output, B, and the account.

    Attributes:
        output: (n_q, d_v) D(B)^-1 B V.
        attention: B = near + far.
        found: per row, the sorted indices of S_i.
        accounts: what it cost.
        problem: the validated instance.
        method: "grover", "halfspace" or "exact".
        far_field: "ones", "constant", "linear", or the name of your own.
        delta: the allowed miss probability of the whole call.
        precision: the encoding of the oracle, None for classical methods.
        draws: the keys sampled for the far field.
        wall_s: seconds the call took.
        guarantee: what is proven of each row's error, where `error` was asked for.

    Example:
        >>> from qattn import attend
        >>> result = attend([[2, 0]], [[2, 0], [0, 1], [1, 1], [0, -1]], [[1], [2], [3], [4]], k=1, method="exact")
        >>> result
        AttentionResult(1 rows, 4 keys, 1 found by exact; 0 queries + 4 evaluations, miss_bound=0.00e+00)
        >>> result.evaluations.tolist(), result.miss_bound
        ([4], 0.0)
    """

    output: Floats
    attention: SparseAttention
    found: list[Integers]
    accounts: Accounts
    problem: AttentionProblem
    method: str
    far_field: str
    delta: float
    precision: Precision | None
    draws: Draws
    wall_s: float
    guarantee: Guarantee | None = None

    def __repr__(self) -> str:
        p, found = self.problem, sum(js.size for js in self.found)
        return (
            f"AttentionResult({p.n_q} rows, {p.n} keys, {found} found by {self.method}; "
            f"{self.queries.sum()} queries + {self.evaluations.sum()} evaluations, miss_bound={self.miss_bound:.2e})"
        )

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.report())}</pre>"

    @property
    def queries(self) -> Integers:
        """(n_q,) uses of the phase oracle per row."""
        return self.accounts.queries

    @property
    def evaluations(self) -> Integers:
        """(n_q,) classical scores per row."""
        return self.accounts.evaluations

    @property
    def miss_bound(self) -> float:
        """Whatever the sets S_i, a call like this one misses any key with at most this probability; at most delta."""
        return self.accounts.miss_bound

    @property
    def flat_rows(self) -> Integers:
        """Rows in which "linear" fell back on "constant": the fitted line left what far weights can be."""
        far = self.attention.far
        return far.flat if isinstance(far, LinearField) else np.zeros(0, np.int64)

    @property
    def broken_promises(self) -> list[int]:
        """Rows that hold more than the promised k keys, as far as the run has seen: keys found, and keys drawn.

        The search of such a row may have stopped too soon, and the miss bound does not cover it. A row that is not
        listed may break the promise unseen.
        """
        p = self.problem
        if p.tau is None or p.k is None:
            return []
        drawn = (js[s >= t] for js, s, t in zip(self.draws.columns, self.draws.scores, p.tau, strict=True))
        return [i for i, (a, b) in enumerate(zip(self.found, drawn, strict=True)) if np.union1d(a, b).size > p.k]

    @property
    def bounds(self) -> tuple[Statement, ...]:
        """The paper's statements as numbers for this instance (`qattn.approximation.bounds`); O(n_q n d)."""
        from qattn.approximation.bounds import bounds

        p = self.problem
        return bounds(p.Q, p.K, p.V, self.thresholds(), found=self.found, visible=p.visible)

    def thresholds(self) -> Floats:
        """(n_q,) tau_i: as given, or each row's k-th best score (infinity for a row without finds)."""
        p = self.problem
        if p.tau is not None:
            return p.tau
        lowest = [scores(p.Q[i], p.K[js]).min(initial=np.inf) for i, js in enumerate(self.found)]
        return np.array(lowest)

    def goodness(self) -> Goodness:
        """Definition 1.2 and the conditions of Theorem 1.3, measured over all pairs, not over the finds; O(n_q n d)."""
        return goodness(self.problem, self.found if self.problem.tau is None else None)

    @property
    def small(self) -> bool:
        """Whether reports compare with exact attention."""
        return self.problem.n_q * self.problem.n * self.problem.d <= EXACT_LIMIT

    def max_error(self) -> float:
        """Largest |output - exact attention| entry; O(n_q n d), for diagnosis."""
        return float(np.abs(self.output - exact_attention(self.problem)).max())

    def to_dict(self) -> dict[str, Any]:
        """Everything but the arrays of size n d, in plain Python types."""
        p, small = self.problem, self.small
        return {
            "n": p.n,
            "n_q": p.n_q,
            "d": p.d,
            "method": self.method,
            "far_field": self.far_field,
            "flat_rows": self.flat_rows.tolist(),
            "k": p.k,
            "tau": None if p.tau is None else p.tau.tolist(),
            "simulator": self.accounts.simulator,
            "qubits": self.accounts.qubits,
            "gates": self.accounts.gates,
            "precision": None if self.precision is None else str(self.precision),
            "found": [js.tolist() for js in self.found],
            "queries": self.queries.tolist(),
            "evaluations": self.evaluations.tolist(),
            "extras": self.accounts.extras.tolist(),
            "seeded": self.accounts.seeded.tolist(),
            "rounds": self.accounts.rounds,
            "block": self.accounts.block,
            "proof_queries": self.accounts.proof_queries,
            "coarse_queries": self.accounts.coarse_queries,
            "delta": self.delta,
            "miss_bound": self.miss_bound,
            "broken_promises": self.broken_promises,
            "guarantee": None if self.guarantee is None else self.guarantee.to_dict(),
            "max_error": self.max_error() if small else None,
            "goodness": str(self.goodness()) if small else None,
            "wall_s": self.wall_s,
        }

    def to_json(self, indent: int | None = None) -> str:
        """`to_dict` as JSON; null where a number is not finite."""
        return json_text(self.to_dict(), indent)

    def report(self) -> str:
        """The run in words."""
        from qattn.show.report import report

        return report(self)


def json_text(value: Any, indent: int | None = None) -> str:
    """Plain Python types as JSON. JSON has no NaN and no infinity: such a number is null, for "not known".

    Args:
        value: plain Python types.
        indent: as in `json.dumps`.

    Returns:
        The text.
    """
    return json.dumps(_finite(value), indent=indent, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
