"""What a run on a processor would cost and whether it can work, from the processor's Target alone: nothing is run."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit.transpiler import Target

from qattn.hardware.compile import Compiler, Size, grover_circuit, measure_size, outline
from qattn.hardware.resumable import NOISE
from qattn.oracles.base import CircuitOracle
from qattn.search.certificate import first_plan
from qattn.search.protocols import Job
from qattn.search.schedule import Schedule
from qattn.synthesis.phase_synthesis import two_qubit_gates

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKS = 0.5  # success from which most shots are free of errors
JOB_S = 2.0  # QPU seconds a job of the service costs beside its shots
REPEAT_S = 250e-6  # pause between shots, the service's default rep_delay
POOL = 16  # rows looked at for a forecast
ROWS = 2  # of these compiled
MANY = 100  # gates from which a circuit is first looked at without layout: it may be noise already
LEAST_SHOTS = 12  # per row and round: fewer find a key no more often than they save a round


@dataclass(frozen=True)
class Iterations:
    """The forecast of one number of Grover iterations, for a row with one marked key.

    Attributes:
        m: Grover iterations.
        size: the circuit of the worst row compiled.
        ideal: probability of measuring the marked key without noise.
        hit: the same with the processor's noise, among all shots: signal * ideal + (1 - signal) / n.
    """

    m: int
    size: Size
    ideal: float
    hit: float

    def hit_kept(self, n: int) -> float:
        """The same among the shots that show no error.

        Args:
            n: number of keys.
        """
        return self.size.right * self.ideal + (1 - self.size.right) / n


@dataclass(frozen=True)
class Forecast:
    """Whether a run can work, and what it would take.

    Attributes:
        backend: its name.
        oracle: the family of oracles, by name.
        label: what the oracle is, in words.
        n: keys.
        n_q: rows.
        iterations: one entry per m that was compiled, m = 0 first.
        rounds: jobs of the service one after another, about.
        shots: shots in all, about.
        qpu_s: seconds of the processor, about.
        complete: False when larger m were left out because a smaller one is noise already.
        row_shots: shots per row and round that a search of one round takes, about.
    """

    backend: str
    oracle: str
    label: str
    n: int
    n_q: int
    iterations: tuple[Iterations, ...]
    rounds: int
    shots: int
    qpu_s: float
    complete: bool
    row_shots: int

    @property
    def guess(self) -> float:
        """Probability that a guess is the one marked key."""
        return 1 / self.n

    @property
    def best(self) -> Iterations:
        """The m >= 1 with the largest hit probability."""
        return max(self.iterations[1:] or self.iterations, key=lambda line: line.hit)

    @property
    def worth(self) -> tuple[int, ...]:
        """The m worth running: their circuits are not noise and they hit more often than any smaller m.

        Where error rates are unknown, all that were compiled.
        """
        kept, most = [], 0.0
        for line in self.iterations:
            if math.isnan(line.size.success) or (line.size.success >= NOISE and line.hit > most):
                kept.append(line.m)
                most = line.hit
        return tuple(kept)

    @property
    def verdict(self) -> str:
        """One of "will work", "marginal", "noise", and "unknown" where error rates are."""
        searching = self.iterations[1:]
        if not searching:
            return "will work"  # one or two keys: nothing to amplify
        if any(math.isnan(line.size.success) for line in searching):
            return "unknown"
        best = max(line.size.success for line in searching)
        if best < NOISE:
            return "noise"
        return "will work" if best >= WORKS and self.best.hit > self.guess else "marginal"

    @property
    def words(self) -> str:
        """The verdict with the numbers that say why."""
        line = self.best
        if self.verdict == "unknown":
            return (
                f"unknown: the calibration of {self.backend} leaves out error rates of gates that are needed; m = "
                f"{line.m} takes {line.size.two_qubit_gates} two-qubit gates on {len(line.size.qubits)} qubits"
            )
        least, most = ("", "") if line.size.laid_out else ("at least ", "at most ")
        facts = (
            f"{self.verdict}: m = {line.m} takes {least}{line.size.two_qubit_gates} two-qubit gates on "
            f"{len(line.size.qubits)} qubits of {self.backend} and runs without an error with probability "
            f"{most}{max(line.size.success, 1e-300):.2g}; the marked key is measured with probability {line.hit:.3g}, "
            f"by guessing with {self.guess:.3g}, without noise with {line.ideal:.3g}"
        )
        if line.size.kept < 1:
            facts += f", with {line.hit_kept(self.n):.3g} among the {line.size.kept:.0%} of shots that show no error"
        if self.verdict == "noise":
            return facts + f". Below {NOISE:g} the histogram cannot be told from guessing"
        return facts + f". Worth running: m = {', '.join(map(str, self.worth))}"

    @property
    def longest(self) -> int | None:
        """The most iterations that a search may ask for; None, where none are worth running, leaves all."""
        return max(self.worth) if max(self.worth, default=0) else None

    def success_of(self, m: int) -> float:
        """The forecast success of m iterations; the largest m compiled stands for larger ones."""
        return next((line.size.success for line in self.iterations if line.m == m), self.iterations[-1].size.success)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers for JSON."""
        facts = asdict(self)
        derived = {"verdict": self.verdict, "worth": self.worth, "words": self.words}
        return {**facts, "guess": self.guess, **derived}


def forecast_rows(
    rows: Sequence[CircuitOracle],
    target: Target,
    name: str,
    *,
    oracle: str = "arithmetic",
    delta: float = 1e-2,
    k_max: int | None = None,
    seeds: int = 8,
    shots: int | None = None,
    post_select: bool = True,
) -> Forecast:
    """Forecast a search over these rows on a processor; nothing is run.

    Args:
        rows: the oracles.
        target: the processor.
        name: its name.
        oracle: the name of their family, for the report.
        delta: allowed probability of missing any key of any row.
        k_max: the promise |S_i| <= k, if any.
        seeds: layout seeds tried per circuit; the one with the largest success is kept.
        shots: shots per row and round; None: those of a search of one round.
        post_select: measure the ancillas too.

    Returns:
        The forecast.

    Cost: compiles up to two rows for each m: seconds for n up to 16. Circuits that are noise before layout are
        not laid out. Keys that are found and excluded later add a few gates.
    """
    n = max(row.n for row in rows)
    lines = _iterations(rows, Compiler(target, seeds), n, post_select)
    most = lines[-1].m if lines else 0
    made = Forecast(name, oracle, _label(_heaviest(rows, n)[0]), n, len(rows), lines, 0, 0, 0.0, most == _most(n), 0)
    share, k = delta / len(rows), n if k_max is None else min(k_max, n)
    row_shots = shots or _row_shots(made, k, share)
    rounds, total = _rounds(n, k, share, row_shots, made.longest)
    duration = max(line.size.duration_s for line in lines)
    per_shot = REPEAT_S + (0.0 if math.isnan(duration) else duration)
    qpu_s = rounds * JOB_S + total * len(rows) * per_shot
    return replace(made, rounds=rounds, shots=total * len(rows), qpu_s=qpu_s, row_shots=row_shots)


def _label(row: CircuitOracle) -> str:
    """What the oracle is, with the score sums that went into its circuit."""
    circuit = row.compact()
    if row.evaluations or any(register.name == "score" for register in circuit.qregs):
        return row.label
    sums = 1 << circuit.num_qubits
    return f"{row.label}; the comparison is folded from a table of up to {sums} score sums, where a scan makes {row.n}"


def _most(n: int) -> int:
    """Iterations that find one key of n."""
    return math.floor(math.pi / 4 / math.asin(math.sqrt(1 / n))) if n > 2 else 0


def _iterations(rows: Sequence[CircuitOracle], compiler: Compiler, n: int, post_select: bool) -> tuple[Iterations, ...]:
    """What each m takes, up to the first that is noise."""
    sample, theta = _heaviest(rows, n), math.asin(math.sqrt(1 / n))
    lines: list[Iterations] = []
    for m in range(_most(n) + 1):
        ideal = math.sin((2 * m + 1) * theta) ** 2
        size = _worst(compiler, sample, m, post_select)
        lines.append(Iterations(m, size, ideal, size.signal * ideal + (1 - size.signal) / n))
        if m and size.success < NOISE:
            break
    return tuple(lines)


def _row_shots(made: Forecast, k_max: int, delta: float) -> int:
    """Shots that make up, with the errors forecast, for the runs of an ideal search's first plan."""
    plan = first_plan(made.n, k_max, delta, made.longest) if k_max else ()
    right = made.best.size.success
    return max(LEAST_SHOTS, math.ceil(len(plan) / (0.5 if math.isnan(right) else max(right, NOISE))))


def _worst(compiler: Compiler, rows: Sequence[CircuitOracle], m: int, post_select: bool) -> Size:
    """The least likely circuit among a few rows; where one alone is noise the others are not compiled."""
    sizes = []
    for row in rows[: 1 if m == 0 else None]:
        circuit = grover_circuit(Job(row, m), ancillas=post_select)
        if two_qubit_gates(circuit) > MANY:
            bound = outline(circuit, compiler.target)
            if bound.success < NOISE / 10:
                return bound
        isa = compiler.job(Job(row, m), ancillas=post_select)
        sizes.append(measure_size(isa, compiler.target, row.n, post_select=post_select))
    return min(sizes, key=lambda size: (not math.isnan(size.success), size.success))


def _heaviest(rows: Sequence[CircuitOracle], n: int) -> list[CircuitOracle]:
    """The rows with the most two-qubit gates before layout, of a sample of those that see all keys and can find one."""
    live = [row for row in rows if row.n == n and not row.empty] or [row for row in rows if row.n == n]
    if any(register.name == "score" for register in live[0].compact().qregs):
        return live[:1]  # too large to fold: all rows cost about the same
    pool = [live[i] for i in sorted({int(i) for i in np.linspace(0, len(live) - 1, POOL)})]
    return sorted(pool, key=lambda row: -two_qubit_gates(row.compact()))[:ROWS]


def _rounds(n: int, k_max: int, delta: float, shots: int, longest: int | None) -> tuple[int, int]:
    """(rounds, shots of a row) for a row with a few marked keys, all found in the first round: search, then proof."""
    state = Schedule.start(n, k_max, delta, shots=shots, longest=longest)
    rounds, total = 0, 0
    finds = min(k_max, max(1, round(math.sqrt(n) / 2)))
    while not state.done:
        runs = state.next()
        rounds, total = rounds + 1, total + sum(s for _, s in runs)
        new = finds if rounds == 1 else 0
        state = state.observe(runs, [min(new, s) for _, s in runs], new)
    return rounds, total
