"""The paper's statements as numbers, for one instance: does the hypothesis hold, what is claimed, what is measured.

Beside each bound of the paper stands ours, which needs no hypothesis. Let every score off S_i lie in [low, high] with
low <= 0 <= high, and |S_i| = m_i of n keys. A and B agree on S_i; elsewhere B = 1 and A lies between exp(low) and
exp(high), which is 1 under the paper's condition [-eta, 0]. So with h_i = m_i exp(tau_i)

    |A - B| <= max(1 - exp(low), exp(high) - 1)                         (1 - exp(-eta) <= eta under the condition)
    D(A)_i >= h_i + (n - m_i) exp(low),        D(B)_i >= h_i + n - m_i

and, since two weight vectors that differ by x in L1 norm, one sided, are at total variation distance at most x over the
larger sum once they are normalised, row i of D^-1 A - D^-1 B has total variation, and every entry, at most

    t_i = (n - m_i) max((1 - exp(low)) / (h_i + n - m_i), (exp(high) - 1) / (h_i + (n - m_i) exp(high)))

which is at most 1 - exp(-eta) under the condition. An output differs by at most t_i times the range of a column of V.
Where the paper's own form slips:

- Lemma 4.3 Part 1 has 2 eta for 1 - exp(-eta). Part 4 takes |S_i| = k in every row: it fails on rows with fewer, and
  its consequence 2n on empty ones. Part 5, and Lemma 4.4 Part 2 with it, fails on empty rows, which reach
  exp(eta) - 1 > eta. Where Part 4 asks for tau >= 2 log n, log(2n / m_i) is enough.
- Lemma 4.5 has the constant 3 in its proof, where 1 - exp(-eta) is true.
- Lemma 5.2 and Theorem 6.1 owe their eta^2 to the assumption |V|_inf <= eta alone; in general it is 2 eta |V|_inf.
- Appendix A gives B1 k zero entries a row; it has at most k NON-zero ones. Lemma 5.1 has B = 0 off S_i; it is 1.
- Lemma 7.3 Part 1, O(n log n + nk), contradicts Part 2 and Theorem 7.2 from d = 4 on; d = 1 has no exponent at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import structural_rank

from qattn.classical import exact
from qattn.scores import scores

if TYPE_CHECKING:
    from rich.table import Table

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

RANK_LIMIT = 1024  # keys and rows up to which ranks are measured, by singular values
BLOCK = 1 << 20  # entries of A held at once


@dataclass(frozen=True)
class Statement:
    """One statement of the paper on one instance.

    Attributes:
        name: where it stands, such as "Lemma 4.3, Part 1".
        claim: what is bounded, in words and symbols.
        holds: whether the hypothesis it is stated under is true here.
        paper: the paper's bound; where it says O(.), with the constant of its proof, or 1 for a running time.
        ours: our bound, true without the hypothesis; None where there is none.
        measured: the exact value; None where it was not computed.
        at_least: True when the bounds are lower bounds.
    """

    name: str
    claim: str
    holds: bool
    paper: float | None
    ours: float | None
    measured: float | None
    at_least: bool = False

    @property
    def paper_true(self) -> bool | None:
        """Whether the paper's bound is true of the measured value, hypothesis or not."""
        return self._true(self.paper)

    @property
    def ours_true(self) -> bool | None:
        """Whether our bound is."""
        return self._true(self.ours)

    def _true(self, bound: float | None) -> bool | None:
        if bound is None or self.measured is None:
            return None
        if math.isinf(bound):  # beyond float64
            return True
        # float64 computes both sides; exp and sums of n terms leave a few parts in 1e12
        slack = 1e-10 * abs(bound) + 1e-13
        return self.measured >= bound - slack if self.at_least else self.measured <= bound + slack


@dataclass(frozen=True, eq=False)
class Facts:
    """What is measured of an instance, over all pairs a row sees; the largest over rows unless it says otherwise.

    Attributes:
        n: keys; and n_q rows, d dimensions.
        seen: (n_q,) keys each row sees.
        members: (n_q,) |S_i|.
        tau: (n_q,) the lowest score in S_i, or the threshold where S_i is empty.
        low: the smallest score off any S_i; `high` the largest.
        value: |V|_inf; `spread` the largest range of a column.
        entry: |A - B|.
        sums: |D(A) - D(B)|; `sums_a` the same over D(A), `sums_b` over D(B).
        least_sum: the smallest D(A).
        normalised: |D(A)^-1 A - D(B)^-1 B|.
        output: |D(A)^-1 A V - D(B)^-1 B V|.
        near: entries of B - 1 that are not zero, in a row.
        far_rank: numerical rank of B - near; `rank` of D(B)^-1 B; `structure` its structural bound. None if too large.
    """

    n: int
    n_q: int
    d: int
    seen: Indices
    members: Indices
    tau: Floats
    low: float
    high: float
    value: float
    spread: float
    entry: float
    sums: float
    sums_a: float
    sums_b: float
    least_sum: float
    normalised: float
    output: float
    near: int
    far_rank: int | None
    rank: int | None
    structure: int | None


def bounds(
    Q: ArrayLike,
    K: ArrayLike,
    V: ArrayLike,
    tau: ArrayLike,
    found: Sequence[Indices] | None = None,
    *,
    visible: ArrayLike | None = None,
    queries: float | None = None,
) -> tuple[Statement, ...]:
    """Every statement of Sections 4 to 7 on one instance.

    Args:
        Q: (n_q, d) rows, scaled.
        K: (n, d) keys.
        V: (n, d_v) values.
        tau: threshold, or (n_q,).
        found: the sets S_i; by default the keys at or above tau.
        visible: (n_q,) row i sees the first visible[i] keys; all by default.
        queries: uses of the phase oracle a search took, for the running time of Theorem 1.3.

    Cost: O(n_q n (d + d_v)) time, O(n) memory, and singular values of an n_q x n matrix up to n, n_q = 1024.
    """
    facts = measure(Q, K, V, tau, found, visible=visible)
    wanted = float(np.min(np.asarray(tau, dtype=np.float64)))
    return tuple(_statements(facts, wanted, queries))


def measure(
    Q: ArrayLike, K: ArrayLike, V: ArrayLike, tau: ArrayLike, found: Sequence[Indices] | None = None, *,
    visible: ArrayLike | None = None,
) -> Facts:  # fmt: skip
    """Compare A and B row by row; see `Facts`. The far field is the paper's, B = 1 off S_i."""
    Q, K, V = (np.ascontiguousarray(array, dtype=np.float64) for array in (Q, K, V))
    n_q, n = len(Q), len(K)
    seen = np.full(n_q, n) if visible is None else np.asarray(visible, dtype=np.int64)
    sets = exact.above(Q, K, tau, visible=visible) if found is None else list(found)
    threshold = np.array(np.broadcast_to(np.asarray(tau, dtype=np.float64), n_q))
    worst = dict.fromkeys(("entry", "sums", "sums_a", "sums_b", "normalised", "output"), 0.0)
    low, high, least_sum, near = 0.0, -math.inf, math.inf, 0
    for i in range(n_q):
        row = Q[i] @ K[: seen[i]].T
        off = np.ones(seen[i], dtype=bool)
        off[sets[i]] = False
        threshold[i] = row[sets[i]].min(initial=threshold[i] if not sets[i].size else math.inf)
        low, high = row[off].min(initial=low), row[off].max(initial=high)
        shift = max(float(row.max()) - 600, 0.0)  # exp(709) overflows; ratios do not see a common factor
        with np.errstate(over="ignore"):
            A, gap = np.exp(row - shift), np.where(off, np.expm1(row), 0.0)  # gap = A - B
        B = np.where(off, math.exp(-shift), A)
        a, b, unit = float(A.sum()), float(B.sum()), math.exp(min(shift, 700.0))
        difference = A / a - B / b
        values = {
            "entry": np.abs(gap).max(),
            "sums": abs(gap.sum()),
            "sums_a": abs(gap.sum()) / unit / a,
            "sums_b": abs(gap.sum()) / unit / b,
            "normalised": np.abs(difference).max(),
            "output": np.abs(difference @ V[: seen[i]]).max(),
        }
        worst = {name: max(worst[name], float(value)) for name, value in values.items()}
        least_sum = min(least_sum, a * unit)
        near = max(near, int(np.count_nonzero(row[sets[i]])))
    members = np.array([len(js) for js in sets], dtype=np.int64)
    ranks = _ranks(Q, K, sets, seen) if max(n, n_q) <= RANK_LIMIT else (None, None, None)
    return Facts(
        n, n_q, Q.shape[1], seen, members, threshold, float(low), float(high), float(np.abs(V).max()),
        float(np.ptp(V, axis=0).max()), least_sum=least_sum, near=near,
        far_rank=ranks[0], rank=ranks[1], structure=ranks[2], **worst,
    )  # fmt: skip


def _ranks(Q: Floats, K: Floats, sets: Sequence[Indices], seen: Indices) -> tuple[int, int, int]:
    """Numerical ranks of B - near and of D^-1 B, and what the pattern of near allows the second."""
    near, visible = np.zeros((len(Q), len(K))), np.arange(len(K)) < seen[:, None]
    top = np.zeros((len(Q), 1))  # rows are scaled by exp(-top), which changes no rank
    for i, js in enumerate(sets):
        score = Q[i] @ K[js].T
        top[i] = max(0.0, score.max(initial=0.0))
        near[i, js] = np.exp(score - top[i]) - np.exp(-top[i])
    B = near + visible * np.exp(-top)
    far = (B - near) * np.exp(np.minimum(top, 600.0))
    far_rank = int(np.linalg.matrix_rank(far, tol=1e-6))
    rank = int(np.linalg.matrix_rank(B / B.sum(axis=1, keepdims=True)))
    return far_rank, rank, min(len(Q), len(K), int(structural_rank(csr_array(near))) + far_rank)


def _statements(f: Facts, tau: float, queries: float | None) -> Iterator[Statement]:
    eta, k, n = max(-f.low, 0.0), int(f.members.max(initial=0)), f.n
    ours = _our_bounds(f)
    rest, large, small = f.high <= 0, tau >= 2 * math.log(n), f.value <= eta
    good, steep = rest and large, k * math.exp(min(tau, 700.0))
    yield Statement("Lemma 4.3, Part 1", "|A - B| off S_i <= 2 eta", good, 2 * eta, ours.entry, f.entry)
    yield Statement("Lemma 4.3, Part 2", "|A - B| on S_i = 0", good, 0.0, 0.0, 0.0)
    yield Statement("Lemma 4.3, Part 3", "|A 1 - B 1| <= 2 n eta", good, 2 * n * eta, ours.sums, f.sums)
    yield Statement("Lemma 4.3, Part 4", "A 1 >= k exp(tau)", good, steep, ours.least_sum, f.least_sum, True)
    yield Statement("Lemma 4.3, Part 4", "k exp(tau) >= 2 n, so A 1 >= 2 n", good, 2.0 * n, None, f.least_sum, True)
    yield Statement("Lemma 4.3, Part 5", "|A 1 - B 1| / A 1 <= eta", good, eta, ours.sums_a, f.sums_a)
    yield Statement("Lemma 4.4, Part 1", "|D(A) - D(B)| / D(B) <= eta", good, eta, ours.sums_b, f.sums_b)
    yield Statement("Lemma 4.4, Part 2", "|D(A) - D(B)| / D(A) <= eta", good, eta, ours.sums_a, f.sums_a)
    yield Statement("Lemma 4.4, Part 3", "|A - B| <= 2 eta", good, 2 * eta, ours.entry, f.entry)
    entry = "|D(A)^-1 A - D(B)^-1 B| <= O(eta), 3 eta in the proof"
    yield Statement("Lemma 4.5", entry, good, 3 * eta, ours.normalised, f.normalised)
    output = "|output - exact output| <= O(eta^2), 2 eta^2 in the proof, for |V| <= eta"
    yield Statement("Lemma 5.2", output, good and small, 2 * eta**2, ours.output, f.output)
    for theorem in ("1.3", "1.5"):
        sparse = "non-zeros in a row of B1 = B - 1 1^T <= k"
        yield Statement(f"Theorem {theorem}, Part 1", sparse, good, k, k, f.near)
        yield Statement(f"Theorem {theorem}, Part 1", "rank of B2 = B - B1 is 1", good, 1, None, f.far_rank)
        yield Statement(f"Theorem {theorem}, Part 2", entry, good, 3 * eta, ours.normalised, f.normalised)
        yield _time(f, theorem, k, good, queries)
    yield Statement("Theorem 6.1", output, rest and small, 2 * eta**2, ours.output, f.output)
    yield Statement("Section 1", "rank of D^-1 B is low: at most k-row sparse + 1", good, None, f.structure, f.rank)


@dataclass(frozen=True)
class _Ours:
    """Our bounds on the fields of `Facts` of the same names."""

    entry: float
    sums: float
    sums_a: float
    sums_b: float
    least_sum: float
    normalised: float
    output: float


def _our_bounds(f: Facts) -> _Ours:
    """The formulas at the head of this module; an empty row's entries are below that, 1/n apart from each other."""
    high = max(f.high, 0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        heavy = np.where(f.members, f.members * np.exp(f.tau), 0.0)
        down, up, far = -np.expm1(f.low), np.expm1(high), f.seen - f.members
        largest, smallest = float(np.exp(high)), math.exp(f.low)
    far = np.maximum(far, 1e-300)  # a row without far keys has heavy > 0, and its bounds are 0
    variation = far * np.maximum(down / (heavy + far), up / (heavy + far * largest))
    others = np.maximum(f.seen - 1, 0)
    above = largest / (largest + others * smallest) - 1 / f.seen
    below = 1 / f.seen - smallest / (smallest + others * largest)
    return _Ours(
        entry=float(max(down, up)),
        sums=float(np.max(far) * max(down, up)),
        sums_a=float(np.max(far * np.maximum(down / (heavy + far * smallest), up / (heavy + far * largest)))),
        sums_b=float(np.max(far * max(down, up) / (heavy + far))),
        least_sum=float(np.min(heavy + far * smallest)),
        normalised=float(np.max(np.where(f.members, variation, np.minimum(variation, np.maximum(above, below))))),
        output=float(np.max(variation)) * f.spread,
    )


def _time(f: Facts, theorem: str, k: int, good: bool, queries: float | None) -> Statement:
    """The running time, in multiplications, without the factors that O~ hides."""
    if theorem == "1.3":
        work = None if queries is None else (queries + float(f.members.sum())) * f.d
        paper = f.n_q * (math.sqrt(f.n * k) + k) * f.d
        return Statement("Theorem 1.3, Part 3", "n_q (sqrt(n k) d + k d) in time O~", good, paper, None, work)
    half = f.d // 2
    exponent = 1 - 1 / half if half else 0.0  # d = 1: sorting
    paper = f.n_q * (k + f.n**exponent)
    claim = f"n_q (k + n^(1 - 1/floor(d/2))) in time O~, all pairs {f.n_q * f.n * f.d:.3g}"
    return Statement("Theorem 1.5, Part 3", claim, good, paper, None, None)


def table(statements: Sequence[Statement], title: str | None = None) -> Table:
    """The statements as a rich table; a bound that is false here is marked."""
    from rich.table import Table

    result = Table("statement", "claim", "hypothesis", "paper", "ours", "measured", title=title)
    for s in statements:
        marks = ["" if true is not False else " (false)" for true in (s.paper_true, s.ours_true)]
        numbers = ["-" if value is None else f"{value:.3g}" for value in (s.paper, s.ours, s.measured)]
        result.add_row(
            s.name, s.claim, "holds" if s.holds else "fails", numbers[0] + marks[0], numbers[1] + marks[1], numbers[2]
        )
    return result


def main() -> None:
    """Print the table for an instance of Theorem 1.3 and for a real head."""
    from rich.console import Console

    from qattn.data import load_head, theorem_instance

    console = Console()
    Q, K, V, tau = theorem_instance(64, 8, 2, eta=0.1)
    console.print(table(bounds(Q, K, V, tau), "an instance of Theorem 1.3: n = 64, d = 8, k <= 2, eta = 0.1"))
    Q, K, V = load_head("L4H2", 64)
    found = exact.top_k(Q, K, 4)
    lowest = [scores(q, K[js]).min() for q, js in zip(Q, found, strict=True)]
    console.print(table(bounds(Q, K, V, lowest, found), "MiniLM head L4H2 on 64 tokens, the 4 best keys of each row"))


if __name__ == "__main__":
    main()
