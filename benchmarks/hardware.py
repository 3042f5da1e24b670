"""Grover search on simulated processors: gates, forecast and simulated hit rates, post-selection, p-values.

    python benchmarks/hardware.py [--json] [--quick]

Each case is one row over n keys of d components of so many bits (arithmetic oracle), or over n answers (truth table),
with one marked key; of `ROWS` random rows the one with the fewest two-qubit gates is taken, and of all m the one with
the largest forecast hit rate. The circuit is compiled once per processor and simulated with that processor's gate,
relaxation and readout errors; `SEEDS` runs of `SHOTS` shots are drawn from it, and each is weighed by itself, as a run
on hardware is (`qattn.hardware.evidence`), beside shots of a circuit without iterations.

`fidelity` is Qiskit's `QuantumCircuit.estimate_fidelity`, the product of 1 - infidelity over all gates: it counts the
errors that leave the state alone as no errors, so it lies above `success`, which does not.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from qiskit.circuit import QuantumCircuit
from qiskit.transpiler import Target

from qattn.hardware.compile import Compiler, grover_circuit, measure_size
from qattn.hardware.evidence import Sample, weigh
from qattn.hardware.ibm import fake_backend
from qattn.hardware.post_selection import ANCILLA, INDEX, Shots
from qattn.hardware.simulated import noisy_simulator, onto, used_qubits
from qattn.oracles import families
from qattn.oracles.base import CircuitOracle
from qattn.oracles.folded import cx_gates
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.protocols import SET_ASIDE, Job
from qattn.synthesis.phase_synthesis import two_qubit_gates

BACKENDS = ("fake_torino", "fake_fez", "fake_marrakesh", "fake_nighthawk", "fake_miami", "fake_boston")
ARITHMETIC = ((4, 2, 2), (5, 2, 2), (6, 2, 2), (8, 2, 2), (8, 2, 3))
TRUTH_TABLE = (8, 16)
ROWS, SEEDS, SHOTS, CONTROL = 16, 20, 400, 100
CLOSE = 0.05  # forecast and simulation, at n <= 8


@dataclass(frozen=True)
class Case:
    """One circuit on one processor; rates are of the one marked key."""

    backend: str
    oracle: str
    n: int
    d: int
    bits: int
    m: int
    score_sums: int
    two_qubit_gates: int
    qubits: int
    success: float
    fidelity: float
    guess: float
    ideal: float
    forecast: float
    simulated: float
    forecast_kept: float
    kept: float
    forecast_post_selected: float
    post_selected: float
    p_median: float
    p_worst: float

    @property
    def close(self) -> bool:
        """Whether forecast and simulation agree, with and without post-selection."""
        pairs = [(self.forecast, self.simulated), (self.forecast_post_selected, self.post_selected)]
        return all(abs(a - b) < CLOSE for a, b in pairs)


def oracles(kind: str, n: int, d: int, bits: int) -> Iterator[CircuitOracle]:
    """Random rows with one marked key, each over keys of its own."""
    rng = np.random.default_rng([n, d, bits])
    made = 0
    while made < ROWS:
        K = rng.integers(-(1 << bits - 1), 1 << bits - 1, (n, d)).astype(float)
        q = rng.integers(1, 3, d).astype(float)
        oracle = families.get(kind)(ThresholdOracle.from_row(q, K, float((K @ q).max())))
        if oracle.marked_set.size == 1:
            made += 1
            yield oracle


def cheapest(kind: str, n: int, d: int, bits: int) -> CircuitOracle:
    """The row whose circuit has the fewest two-qubit gates before layout."""
    return min(oracles(kind, n, d, bits), key=lambda o: cx_gates(grover_circuit(Job(o, 1))))


def measured(circuit: QuantumCircuit, target: Target, shots: int, seed: int) -> Shots:
    """Shots of a circuit with the noise of its qubits."""
    qubits = used_qubits([circuit])
    run = noisy_simulator(target, qubits).run(onto(circuit, qubits), shots=shots, memory=True, seed_simulator=seed)
    names = [register.name for register in reversed(circuit.cregs)]  # the last register is written first
    words = [dict(zip(names, word.split(), strict=True)) for word in run.result().get_memory()]
    index, ancilla = (np.array([int(word.get(name, "0"), 2) for word in words]) for name in (INDEX, ANCILLA))
    return Shots(index, ancilla)


def score_sums(oracle: CircuitOracle) -> int:
    """Scores computed classically to make the circuit: a table's n, or one for each state its qubits can be in."""
    return oracle.evaluations or 1 << oracle.compact().num_qubits


def case(backend: str, oracle: CircuitOracle, kind: str, d: int, bits: int, seeds: int) -> Case:
    """Compile, forecast, simulate, weigh."""
    target, n = fake_backend(backend).target, oracle.n
    compiler, theta = Compiler(target, 8), math.asin(math.sqrt(1 / n))
    [key] = oracle.marked_set.tolist()
    made = []
    for m in range(1, math.floor(math.pi / 4 / theta) + 1):
        circuit = compiler.job(Job(oracle, m), ancillas=True)
        size, ideal = measure_size(circuit, target, n), math.sin((2 * m + 1) * theta) ** 2
        made.append((size.signal * ideal + (1 - size.signal) / n, m, ideal, size, circuit))
    forecast, m, ideal, size, circuit = max(made, key=lambda entry: entry[:2])
    shots = measured(circuit, target, SHOTS * seeds, seed=1)
    control = measured(compiler.run(grover_circuit(Job(oracle, 0))), target, CONTROL * seeds, seed=2)
    kept = shots.kept(n)
    values = []
    for s in range(seeds):
        mine, other = slice(s * SHOTS, (s + 1) * SHOTS), slice(s * CONTROL, (s + 1) * CONTROL)
        values.append(weigh([
            Sample((0, 0), m, n, size.right, shots.index[mine], kept[mine], frozenset([key])),
            Sample((0, -1), 0, n, 1.0, control.index[other], control.kept(n)[other], frozenset()),
        ]).p)  # fmt: skip
    clean = kept[kept != SET_ASIDE]
    return Case(
        backend, kind, n, d, bits, m, score_sums(oracle), size.two_qubit_gates, len(size.qubits), size.success,
        float(circuit.estimate_fidelity(target) or math.nan), 1 / n, ideal, forecast,
        float((shots.index == key).mean()), size.kept, clean.size / kept.size,
        size.right * ideal + (1 - size.right) / n, float((clean == key).mean()), float(np.median(values)), max(values),
    )  # fmt: skip


def iterates(backend: str = "fake_torino") -> list[int]:
    """CZ of one iterate of (8, 2, 2) at level 3, for the first four random rows."""
    compiler = Compiler(fake_backend(backend).target, 8)
    rows = list(oracles("arithmetic", 8, 2, 2))[:4]
    return [two_qubit_gates(compiler.job(Job(row, 1))) for row in rows]


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="two processors, two shapes, five seeds")
    options = parser.parse_args()
    backends = BACKENDS[1:3] if options.quick else BACKENDS
    shapes: list[tuple[str, int, int, int]] = [("arithmetic", *shape) for shape in ARITHMETIC]
    shapes += [("truth_table", n, 2, 2) for n in TRUTH_TABLE]
    shapes = shapes[3:4] + shapes[5:6] if options.quick else shapes
    rows = {shape: cheapest(*shape) for shape in shapes}
    found = []
    for backend in backends:
        for shape, oracle in rows.items():
            kind, _, d, bits = shape
            found.append(case(backend, oracle, kind, d, bits, 5 if options.quick else SEEDS))
            if not options.json:
                show(found[-1])
    small = [c for c in found if c.n <= 8]
    shown = [c for c in found if (c.oracle, c.n, c.d, c.bits) == ("arithmetic", 8, 2, 2)]
    facts: dict[str, Any] = {
        "cases": [{**asdict(c), "close": c.close} for c in found],
        "forecast_within_0.05_at_n_8": all(c.close for c in small),
        "p_worst_at_8_2_2": {c.backend: c.p_worst for c in shown},
        "shots_a_row": SHOTS,
    }
    if not options.quick:
        made = iterates()
        facts["iterate_cz_8_2_2_torino"] = {"rows": made, "median": float(np.median(made))}
    if options.json:
        print(json.dumps(facts, indent=1))
    else:
        print({name: value for name, value in facts.items() if name != "cases"})


def show(c: Case) -> None:
    """A line of the table."""
    print(
        f"{c.backend:15s} {c.oracle:11s} ({c.n},{c.d},{c.bits}) m={c.m} {c.two_qubit_gates:4d} CZ",
        f"success {c.success:.2f} (fidelity {c.fidelity:.2f})  hit {c.forecast:.3f} simulated {c.simulated:.3f}",
        f"guess {c.guess:.3f}  kept {c.forecast_kept:.2f} simulated {c.kept:.2f}",
        f"post-selected {c.forecast_post_selected:.3f} simulated {c.post_selected:.3f}",
        f"p median {c.p_median:.0e} worst {c.p_worst:.0e}  {'' if c.close else 'NOT CLOSE'}",
        sep="  ",
        flush=True,
    )


if __name__ == "__main__":
    main()
