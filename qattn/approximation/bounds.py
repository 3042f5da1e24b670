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

- Lemma 4.3 Part 4 takes |S_i| = k in every row: it fails on rows with fewer, and its consequence 2n on empty ones.
  Part 5, and Lemma 4.4 Part 2 with it, fails on empty rows, which reach exp(eta) - 1 > eta.
- Appendix C proves Lemma 4.4 Part 2, the bound by D(A), under the heading of Part 1, the bound by D(B), and leaves the
  other out as similar. Part 1 does follow, since B >= A entry by entry, and is true on empty rows too.
- Lemma 5.2 has eta^2 by the assumption |V|_inf <= eta alone; in general it is 2 eta |V|_inf. Theorem 6.1 has
  neither this assumption nor tau >= 2 log n and is false as printed: with V a hundred times as large the error is a
  hundred times as large, and the bound the same.
- Theorem 3.1, and the running times that rest on it, says O~(sqrt(n k)) for any unknown k <= n, which is nothing at
  k = 0. To tell k = 0 from k = 1 takes Omega(sqrt n) queries; sqrt(n max(k, 1)) is right.
- Appendix A gives B1 k zero entries a row; it has at most k NON-zero ones. Lemma 5.1 has B = 0 off S_i; it is 1.
- "Low-rank structures" (abstract): B2 has rank 1, but B1 can have full rank, and B with it: Q = K = c I has k = 1.
- Lemma 7.3 Part 1, O(n log n + nk), contradicts Part 2 and Theorem 7.2 from d = 4 on; d = 1 has no exponent at all.
- Lemma 8.3 says "any n, d" and "must"; it needs the SETH of Theorem 8.2 and a growing d = 2^(O(log* n)): at d = 1
  sorting finds everything in n log n + output. Nor does its proof keep the promise of k entries a row: the
  binary search asks at thresholds which more than k entries pass, where such an algorithm may answer anything.
- Remark 7.4 calls Algorithm 4 nearly optimal by that bound; but it runs, by Theorem 7.2, at constant d, where the bound
  says nothing: n^(2 - 1/floor(d/2)) is a power of n below n^2.

Loose, not wrong: Lemma 4.3 Part 1 has 2 eta for 1 - exp(-eta); Part 4 asks for tau >= 2 log n where log(2n / m_i) is
enough; Lemma 4.5 has the constant 3 in its proof, where 1 - exp(-eta) is true.

Numbers beyond float64 are carried as logarithms: a bound of exp(750) is printed as such, and compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from qattn.approximation.facts import Facts, exp_of, log_of, measure
from qattn.arrays import Indices
from qattn.classical import exact
from qattn.scores import scores

if TYPE_CHECKING:
    from rich.table import Table


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
        unit: what the rounding of `measured` is relative to.
        logs: the logarithms of paper, ours and measured where these may leave float64, and are infinite or 0.
    """

    name: str
    claim: str
    holds: bool
    paper: float | None
    ours: float | None
    measured: float | None
    at_least: bool = False
    unit: float = 1.0
    logs: tuple[float | None, float | None, float | None] = (None, None, None)

    @property
    def paper_true(self) -> bool | None:
        """Whether the paper's bound is true of the measured value, hypothesis or not."""
        return self._true(self.paper, self.log_paper)

    @property
    def ours_true(self) -> bool | None:
        """Whether our bound is."""
        return self._true(self.ours, self.log_ours)

    @property
    def log_paper(self) -> float | None:
        """log(paper), also where that is beyond float64."""
        return log_of(self.paper) if self.logs[0] is None else self.logs[0]

    @property
    def log_ours(self) -> float | None:
        """log(ours)."""
        return log_of(self.ours) if self.logs[1] is None else self.logs[1]

    @property
    def log_measured(self) -> float | None:
        """log(measured)."""
        return log_of(self.measured) if self.logs[2] is None else self.logs[2]

    def _true(self, bound: float | None, log_bound: float | None) -> bool | None:
        if bound is None or log_bound is None or self.measured is None or self.log_measured is None:
            return None
        # float64 computes both sides; exp and sums of n terms leave a few parts in 1e12
        if math.isfinite(bound) and math.isfinite(self.measured) and (bound or self.measured):
            slack = 1e-10 * abs(bound) + 1e-13 * self.unit
            return self.measured >= bound - slack if self.at_least else self.measured <= bound + slack
        if log_bound == self.log_measured:  # both 0
            return True
        slack = 1e-10 * max(1.0, abs(self.log_measured) if math.isfinite(self.log_measured) else 1.0)
        return self.log_measured >= log_bound - slack if self.at_least else self.log_measured <= log_bound + slack


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

    Returns:
        Each statement with its hypothesis, the paper's bound and ours, and the measured value.

    Cost: O(n_q n (d + d_v)) time, O(n) memory, and singular values of an n_q x n matrix up to n, n_q = 1024.
    """
    facts = measure(Q, K, V, tau, found, visible=visible)
    wanted = float(np.min(np.asarray(tau, dtype=np.float64)))
    return tuple(_statements(facts, wanted, queries))


def _statements(f: Facts, tau: float, queries: float | None) -> Iterator[Statement]:
    eta, k, n = max(-f.low, 0.0), int(f.members.max(initial=0)), f.n
    ours = _our_bounds(f)
    rest, large, small = f.high <= 0, tau >= 2 * math.log(n), f.value <= eta
    good, log_eta, log_n = rest and large, float(np.log(max(eta, 0.0)) if eta else -np.inf), math.log(n)
    steep = math.log(k) + tau if k else -math.inf
    twice = math.log(2) + log_eta
    yield _large("Lemma 4.3, Part 1", "|A - B| off S_i <= 2 eta", good, twice, ours.log_entry, f.log_entry)
    yield Statement("Lemma 4.3, Part 2", "|A - B| on S_i = 0", good, 0.0, 0.0, 0.0)
    claim = "|A 1 - B 1| <= 2 n eta"
    yield _large("Lemma 4.3, Part 3", claim, good, twice + log_n, ours.log_sums, f.log_sums)
    part, least = "Lemma 4.3, Part 4", f.log_least_sum
    yield _large(part, "A 1 >= k exp(tau)", good, steep, ours.log_least_sum, least, True)
    yield _large(part, "k exp(tau) >= 2 n, so A 1 >= 2 n", good, math.log(2 * n), None, least, True)
    yield _large("Lemma 4.3, Part 5", "|A 1 - B 1| / A 1 <= eta", good, log_eta, ours.log_sums_a, f.log_sums_a)
    for part, of, bound, log in (("1", "B", ours.log_sums_b, f.log_sums_b), ("2", "A", ours.log_sums_a, f.log_sums_a)):
        yield _large(f"Lemma 4.4, Part {part}", f"|D(A) - D(B)| / D({of}) <= eta", good, log_eta, bound, log)
    yield _large("Lemma 4.4, Part 3", "|A - B| <= 2 eta", good, twice, ours.log_entry, f.log_entry)
    entry = "|D(A)^-1 A - D(B)^-1 B| <= O(eta), 3 eta in the proof"
    yield Statement("Lemma 4.5", entry, good, 3 * eta, ours.normalised, f.normalised)
    output = "|output - exact output| <= O(eta^2), 2 eta^2 in the proof"
    values = 2 * eta**2, ours.output, f.output, False, f.spread
    yield Statement("Lemma 5.2", f"{output}, for |V| <= eta", good and small, *values)
    for theorem in ("1.3", "1.5"):
        sparse = "non-zeros in a row of B1 = B - 1 1^T <= k"
        yield Statement(f"Theorem {theorem}, Part 1", sparse, good, k, k, f.near)
        yield Statement(f"Theorem {theorem}, Part 1", "rank of B2 = B - B1 is 1", good, 1, None, f.far_rank)
        yield Statement(f"Theorem {theorem}, Part 2", entry, good, 3 * eta, ours.normalised, f.normalised)
        yield _time(f, theorem, k, good, queries)
    yield Statement("Theorem 6.1", f"{output}, for any V and tau as printed", rest, *values)
    low_rank = "rank of D^-1 B is low: at most that of B1's pattern + 1, which can be n"
    yield Statement("Section 1", low_rank, good, None, f.structure, f.rank)


def _large(
    name: str, claim: str, holds: bool, paper: float, ours: float | None, measured: float, at_least: bool = False
) -> Statement:
    """A statement from the logarithms of its numbers."""
    values = (exp_of(paper), None if ours is None else exp_of(ours), exp_of(measured))
    return Statement(name, claim, holds, *values, at_least, logs=(paper, ours, measured))


@dataclass(frozen=True)
class _Ours:
    """Our bounds on the fields of `Facts` of the same names."""

    log_entry: float
    log_sums: float
    log_sums_a: float
    log_sums_b: float
    log_least_sum: float
    normalised: float
    output: float


def _our_bounds(f: Facts) -> _Ours:
    """The formulas at the head of this module, in logarithms; an empty row's entries are below that, 1/n apart."""
    high, far = max(f.high, 0.0), np.log(np.maximum(f.seen - f.members, 1e-300))
    far = np.where(f.seen > f.members, far, -np.inf)
    heavy = np.where(f.members > 0, np.log(np.maximum(f.members, 1)) + np.where(f.members > 0, f.tau, 0.0), -np.inf)
    down = float(log_of(-math.expm1(f.low)) or 0.0) if f.low > -700 else 0.0
    up = high + float(log_of(-math.expm1(-high)) or 0.0) if high else -math.inf
    b, lowest, highest = (np.logaddexp(heavy, far + move) for move in (0.0, f.low, high))
    variation = np.exp(np.minimum(far + np.maximum(down - b, up - highest), 0.0))
    others = np.maximum(f.seen - 1, 0)
    above = 1 / (1 + others * math.exp(f.low - high)) - 1 / f.seen
    below = 1 / f.seen - 1 / (1 + others * min(exp_of(high - f.low), 1e300))
    return _Ours(
        log_entry=max(down, up),
        log_sums=float(np.max(far)) + max(down, up),
        log_sums_a=float(np.max(far + np.maximum(down - lowest, up - highest))),
        log_sums_b=float(np.max(far - b)) + max(down, up),
        log_least_sum=float(np.min(lowest)),
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
    """The statements as a rich table; a bound that is false here is marked.

    Args:
        statements: what `bounds` returned.
        title: above the table.

    Returns:
        One row per statement.
    """
    from rich.table import Table

    result = Table("statement", "claim", "hypothesis", "paper", "ours", "measured", title=title)
    for s in statements:
        marks = ["" if true is not False else " (false)" for true in (s.paper_true, s.ours_true)]
        logs = (s.log_paper, s.log_ours, s.log_measured)
        numbers = [_printed(*pair) for pair in zip((s.paper, s.ours, s.measured), logs, strict=True)]
        result.add_row(
            s.name, s.claim, "holds" if s.holds else "fails", numbers[0] + marks[0], numbers[1] + marks[1], numbers[2]
        )
    return result


def _printed(value: float | None, log: float | None) -> str:
    if value is None or log is None:
        return "-"
    beyond = math.isinf(value) or (value == 0 and math.isfinite(log))
    return f"exp({log:.4g})" if beyond and math.isfinite(log) else f"{value:.3g}"


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
