"""Grover iterates gate by gate: our sparse simulator beside QDK's, Aer's state vector and Aer's matrix product state.

    python benchmarks/simulate.py [--json] [--quick]       QDK needs `pip install -e ".[estimate]"`

Every simulator runs the same circuit: the uniform start, then m iterates (oracle and reflection, every gate of them).
An iterate's seconds are the difference of two m, each the quickest of five, compilation and start left out, and the
probability of a marked key is checked against theory to 1e-9 wherever amplitudes can be read. Each simulator has one
thread; peers run one after another in a process of their own, which is ended after `--limit` seconds. Also: all inputs
of the (4096, 64, 8) oracle by `execute`, beside `execute` as it was when it walked circuits in Python. And `attend`
itself on full circuits, each call in a fresh process: 16 rows of 4,096 keys in 64 dimensions with k = 16, and one row,
for its memory.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
from common import parser, show
from qiskit.circuit import ClassicalRegister, QuantumCircuit

from qattn.resources.logical import cost_instance
from qattn.search.grover import iterate, uniform
from qattn.show.gallery import FORMS, oracle
from qattn.synthesis.gates import unitary

CASES = {
    "n64_d4_b4 frugal": ((64, 4, 4), "frugal"),
    "n64_d4_b4 cheapest": ((64, 4, 4), "cheapest"),
    "n1024_d32_b6 cheapest": ((1024, 32, 6), "cheapest"),
    "n4096_d64_b8 cheapest": ((4096, 64, 8), "cheapest"),
}
QUICK = ("n64_d4_b4 frugal", "n64_d4_b4 cheapest")
PEERS = ("qdk", "aer statevector", "aer matrix_product_state")
TOLERANCE = 1e-9
TRIES = 5  # of which the quickest counts, for us and for others: the machine may be busy


def marked_of(name: str) -> np.ndarray:
    """(n,) which keys the case's oracle marks, from plain integers."""
    q, K, tau = cost_instance(*CASES[name][0])
    return np.array(K) @ np.array(q) >= tau


def step_of(name: str) -> QuantumCircuit:
    """One iterate on the oracle's registers."""
    case, form = CASES[name]
    return iterate(case[0], unitary(oracle(case, FORMS[form]).circuit))[0]


def theory(marked: np.ndarray, m: int) -> float:
    """P(marked) after m iterates."""
    return math.sin((2 * m + 1) * math.asin(math.sqrt(marked.mean()))) ** 2


def clock(function: Any, *arguments: Any) -> tuple[float, Any]:
    """Seconds and result."""
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def further(seconds: float) -> int:
    """The larger m: more iterates where they are quick."""
    return 41 if seconds < 0.1 else 11 if seconds < 0.5 else 3


def ours(name: str) -> dict[str, Any]:
    """Our simulator's seconds an iterate."""
    from qattn.simulator.branches import Branches, Gates
    from qattn.synthesis.flatten import flatten

    build_s, step = clock(step_of, name)
    marked, compile_s, program = marked_of(name), *clock(flatten, step)
    index = next(register for register in step.qregs if register.name == "index")
    start = step.copy_empty_like()
    start.compose(uniform(len(marked)), index, inplace=True)
    first = Gates.of(flatten(start))

    def run(m: int) -> tuple[float, Branches]:
        """Seconds of m iterates in one program, as a circuit holds them, and the state."""
        gates = Gates.of(replace(program, ops=np.tile(program.ops, (m, 1)), helper=np.tile(program.helper, m)))
        state = Branches.zero(program.qubits)
        state.run(first, 0, len(first.program))
        seconds, stop = clock(state.run, gates, 0, len(gates.program))
        if stop < len(gates.program):
            raise AssertionError("the iterates were not run to their end")
        return seconds, state

    jit_s = clock(run, 1)[0]
    low, high = 1, further(run(1)[0])
    least = {m: min(run(m)[0] for _ in range(TRIES)) for m in (low, high)}
    state = run(high)[1]
    state.write_out()
    rows = [step.find_bit(qubit).index for qubit in index]
    js = sum((state.bits(q).astype(np.int64) << i for i, q in enumerate(rows)), np.zeros(state.count, np.int64))
    rest = [q for q in range(program.qubits) if q not in rows]
    assert not state.arrays.planes[rest].any(), "an ancilla is left dirty"
    found = float(np.sum(np.abs(state.arrays.amps[: state.count][marked[js]]) ** 2))
    return {
        "qubits": program.qubits, "gates": program.gates, "s_per_iterate": (least[high] - least[low]) / (high - low),
        "build_s": build_s, "compile_s": compile_s, "first_run_s": jit_s, "error": abs(found - theory(marked, high)),
    }  # fmt: skip


def qdk(name: str) -> dict[str, Any]:
    """QDK's sparse simulator; the iterates stand in a loop, so that both m compile the same text."""
    from crosscheck import Program, quantum_development_kit

    from qattn.synthesis.qasm import to_qasm

    qsharp, openqasm = quantum_development_kit()
    step, marked = step_of(name), marked_of(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "iterate.qasm"
        path.write_text(to_qasm(step, name))
        program = Program(path)
    sizes = ", ".join(f"Qubit[{size}]" for size in program.registers.values())
    names = ", ".join(f"r{i}" for i in range(len(program.registers)))
    compile_s = error = 0.0

    def call(m: int) -> float:
        """Seconds of the call alone; its amplitudes are checked."""
        nonlocal compile_s, error
        qsharp.init()
        body = [*program.start(), f"for int i in [1:{m}] {{", *program.body, "}"]
        source = "\n".join([*program.header, *body]) + "\n"
        compile_s = clock(
            lambda text: openqasm.import_openqasm(text, name="program", program_type=openqasm.ProgramType.Operation),
            source,
        )[0]
        qsharp.eval(f"use ({names}) = ({sizes});")
        seconds = clock(qsharp.eval, f"program({names});")[0]
        dump = qsharp.dump_machine()
        state = {program._values(key): dump[key] for key in dump}
        found = sum(abs(a) ** 2 for values, a in state.items() if marked[values[0]] and not any(values[1:]))
        error = max(error, abs(found - theory(marked, m)))
        return seconds

    high = further(call(1))
    least = {m: min(call(m) for _ in range(1 if high == 3 else TRIES)) for m in (1, high)}
    return {"s_per_iterate": (least[high] - least[1]) / (high - 1), "compile_s": compile_s, "error": error}


def aer(name: str, method: str) -> dict[str, Any]:
    """Aer, one thread; frequencies of 4,000 shots tell whether it ran what was asked."""
    from qiskit import transpile
    from qiskit_aer import AerSimulator

    step, marked = step_of(name), marked_of(name)
    room = {"n_qubits": step.num_qubits} if method == "matrix_product_state" else {}
    backend = AerSimulator(method=method, max_parallel_threads=1, fusion_enable=False, **room)
    seconds, compile_s, shots, z = {}, 0.0, 4000, 0.0
    for m in (1, 3):
        circuit = QuantumCircuit(*step.qregs, ClassicalRegister(marked.size.bit_length() - 1, "found"))
        index = next(register for register in circuit.qregs if register.name == "index")
        circuit.compose(uniform(len(marked)), index, inplace=True)
        for _ in range(m):
            circuit.compose(step, circuit.qubits, inplace=True, copy=False)
        circuit.measure(index, circuit.cregs[0])
        compile_s, ready = clock(lambda made: transpile(made, backend, optimization_level=0), circuit)
        result = backend.run(ready, shots=shots, seed_simulator=m).result()
        if not result.success:
            raise ValueError(result.results[0].status if result.results else result.status)
        seconds[m] = result.results[0].time_taken
        found = sum(c for word, c in result.get_counts().items() if marked[int(word, 2)]) / shots
        p = theory(marked, m)
        z = max(z, abs(found - p) / math.sqrt(max(p * (1 - p), 1e-9) / shots))
    return {"s_per_iterate": (seconds[3] - seconds[1]) / 2, "compile_s": compile_s, "z": z}


def peer(name: str, simulator: str, limit_s: float) -> dict[str, Any]:
    """A peer's numbers from its own process, or why there are none."""
    command = [sys.executable, __file__, "--peer", simulator, "--case", name]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        return {"none": f"not finished after {limit_s:g} s"}
    if done.returncode:
        return {"none": (done.stderr.strip().splitlines() or ["failed"])[-1][:160]}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def executed(case: tuple[int, int, int]) -> dict[str, Any]:
    """All inputs of an oracle by `execute`, now and as it was."""
    from baselines.execute_2026 import execute as execute_2026

    from qattn.synthesis.flatten import flatten
    from qattn.synthesis.reversible import execute

    q, K, tau = cost_instance(*case)
    marked = np.array(K) @ np.array(q) >= tau
    build_s, circuit = clock(lambda: oracle(case, FORMS["cheapest"]).circuit)
    compile_s, program = clock(flatten, circuit)
    execute(program, case[0])
    now_s, now = min((clock(lambda: execute(program, case[0])) for _ in range(3)), key=lambda t: t[0])
    before_s, before = clock(execute_2026, circuit, case[0])
    right = all(np.array_equal(run.check_clean("index").signs, marked) for run in (now, before))
    return {
        "case": "n{}_d{}_b{}".format(*case), "qubits": program.qubits, "gates": program.gates, "build_s": build_s,
        "compile_s": compile_s, "now_s": now_s, "before_s": before_s, "ratio": before_s / now_s, "right": right,
    }  # fmt: skip


def whole(rows: int, n: int = 4096, d: int = 64, bits: int = 8, k: int = 16) -> dict[str, Any]:
    """A call of attend on random integers and full circuits: what it took, and whether brute force finds the same."""
    import qattn
    from qattn.classical.exact import top_k

    rng, most = np.random.default_rng(0), 1 << bits - 1
    K, Q = (rng.integers(-most, most, (count, d)).astype(float) for count in (n, rows))
    seconds, result = clock(lambda: qattn.attend(Q, K, K[:, :4], k=k, seed=0, bits=bits))
    right = [bool(np.array_equal(*pair)) for pair in zip(result.found, top_k(Q, K, k), strict=True)]
    accounts = result.accounts
    return {
        "n": n, "d": d, "bits": bits, "k": k, "rows": rows, "simulator": accounts.simulator, "gates": accounts.gates,
        "qubits": accounts.qubits, "queries_a_row": float(result.queries.mean()),
        "evaluations_a_row": float(result.evaluations.mean()), "rows_right": sum(right), "seconds": seconds,
        "peak_gib": peak_gib(),
    }  # fmt: skip


def peak_gib() -> float:
    """Most memory this program has held; getrusage would count what its parent held when it was forked."""
    status = Path("/proc/self/status")
    if not status.exists():
        return math.nan
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 2**20


def fresh(rows: int, quick: bool) -> dict[str, Any]:
    """`whole` in a process of its own."""
    command = [sys.executable, __file__, "--rows", str(rows), *(["--quick"] if quick else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def table(quick: bool, limit_s: float) -> list[dict[str, Any]]:
    """A row for each case: ours, then the peers that finish."""
    rows: list[dict[str, Any]] = []
    given_up: set[str] = set()
    for name in QUICK if quick else CASES:
        row: dict[str, Any] = {"case": name, "ours": ours(name)}
        for simulator in PEERS:
            got = {"none": "a smaller case did not finish"}
            if simulator not in given_up:
                got = peer(name, simulator, limit_s)
            if "none" in got and "cheapest" in name:
                given_up.add(simulator)
            if "s_per_iterate" in got:
                got["ratio"] = got["s_per_iterate"] / row["ours"]["s_per_iterate"]
            row[simulator] = got
        rows.append(row)
    return rows


def main() -> int:
    """Print the table; exit code 1 when an amplitude or a marked set is wrong."""
    own = parser(__doc__, quick="small oracles, one small instance of the others")
    own.add_argument("--limit", type=float, help="seconds for each peer (180, or 30 with --quick)")
    own.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    own.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    own.add_argument("--rows", type=int, help="only attend, with this many rows, in this process")
    options = own.parse_args()
    if options.rows:
        print(json.dumps(whole(options.rows, *((512, 16, 6, 4) if options.quick else ()))))
        return 0
    if options.peer:
        found = qdk(options.case) if options.peer == "qdk" else aer(options.case, options.peer.split()[1])
        print(json.dumps(found))
        return 0
    rows = table(options.quick, options.limit or (30 if options.quick else 180))
    runs = [executed((1024, 32, 6) if options.quick else (4096, 64, 8))]
    right = all(row["ours"]["error"] < TOLERANCE for row in rows) and all(run["right"] for run in runs)
    right &= all(row["qdk"].get("error", 0) < TOLERANCE for row in rows)
    calls = [fresh(16, options.quick), fresh(1, options.quick)]
    right &= all(call["rows_right"] == call["rows"] for call in calls)
    facts = {"iterates": rows, "executed": runs, "attend": calls, "ok": right}
    show(facts, lambda: as_text(facts), options.json, indent=1)
    return 0 if right else 1


def as_text(facts: dict[str, Any]) -> None:
    """Seconds of an iterate by every simulator, then the other two parts."""
    for row in facts["iterates"]:
        own = row["ours"]
        print(f"{row['case']}: {own['qubits']} qubits, {own['gates']:,} gates an iterate")
        seconds = f"{own['s_per_iterate'] * 1e3:10.3f} ms  compile {own['compile_s']:.2f} s"
        print(f"  {'ours':26} {seconds}  error {own['error']:.0e}")
        for simulator in PEERS:
            got = row[simulator]
            text = got.get("none") or (
                f"{got['s_per_iterate'] * 1e3:10.3f} ms  {got['ratio']:.0f} x  compile {got['compile_s']:.2f} s"
            )
            print(f"  {simulator:26} {text}")
    for run in facts["executed"]:
        print(
            f"{run['case']} on all inputs: {run['now_s']:.3f} s (compile {run['compile_s']:.1f} s); "
            f"as it was {run['before_s']:.2f} s, {run['ratio']:.0f} x"
        )
    for call in facts["attend"]:
        print(
            "attend, {rows} rows of n = {n}, d = {d}, k = {k}: {rows_right} right, {qubits} qubits, {gates:,} gates a "
            "query, {queries_a_row:.0f} queries and {evaluations_a_row:.0f} evaluations a row, {seconds:.0f} s, "
            "{peak_gib:.2f} GiB".format(**call)
        )


if __name__ == "__main__":
    sys.exit(main())
