"""Our OpenQASM files in other tools: loaded by each in its dialect, and executed there against plain integers.

    python benchmarks/crosscheck.py [--json] [--quick]

All tools, best in an environment of their own: pip install -e ".[estimate,test]" pyqasm cirq-core ply pytket
amazon-braket-sdk

The files are those of `qattn circuits --dialect NAME`. Every tool of `readers.py` that is installed loads all of them;
the others are named. Then the files of n = 16 are executed in the tools that have a simulator, as far as their qubits
reach: what a file did to all keys at once is undone again by plain integers, written as many-controlled X and Z, and
every qubit must be back in |0>. The same with one bit of the plain integers wrong must be seen.

In QDK, sparse state vectors, n = 16 and 64: every lookup must map |j>|0> to |j>|K_j> for all j at once; every phase
oracle, unitary or measured, must flip exactly the signs of the marked keys; and m Grover iterations must find a marked
key with probability sin^2((2m + 1) theta), sin^2 theta = M/n, to 1e-9. All but index and word must be back in |0>.
"""

from __future__ import annotations

import math
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from common import parser, show
from qiskit.circuit import QuantumCircuit
from readers import READERS, Reader

from qattn.resources.logical import cost_instance
from qattn.search.grover import iterate, uniform
from qattn.show.gallery import CASES, FORMS, Exhibit, exhibits, oracle, write_gallery
from qattn.synthesis.qasm import DIALECTS, to_qasm
from qattn.synthesis.registers import register

TOLERANCE = 1e-9


class Program:
    """An OpenQASM file of the gallery: its qubit registers and the lines after their declarations."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text().splitlines()
        declared = [re.fullmatch(r"qubit\[(\d+)\] (\w+);", line) for line in lines]
        self.registers = {match[2]: int(match[1]) for match in declared if match}
        last = max(i for i, match in enumerate(declared) if match)
        after = lines[last + 1 :]
        outcomes = [line for line in after if line.startswith("bit[")]
        self.header, self.body = lines[: last + 1] + outcomes, after[len(outcomes) :]

    @property
    def qubits(self) -> int:
        """Qubits in all registers."""
        return sum(self.registers.values())

    def run(self, body: list[str]) -> dict[tuple[int, ...], complex]:
        """Amplitudes after the declarations and `body`, by the values of the registers in order."""
        qsharp, openqasm = quantum_development_kit()
        qsharp.init()
        source = "\n".join([*self.header, *body]) + "\n"
        openqasm.import_openqasm(source, name="program", program_type=openqasm.ProgramType.Operation)
        names = ", ".join(f"r{i}" for i in range(len(self.registers)))
        sizes = ", ".join(f"Qubit[{size}]" for size in self.registers.values())
        shape = (names, sizes) if len(self.registers) == 1 else (f"({names})", f"({sizes})")
        qsharp.eval(f"use {shape[0]} = {shape[1]}; program({names});")
        dump = qsharp.dump_machine()
        return {self._values(key): dump[key] for key in dump}

    def _values(self, key: int) -> tuple[int, ...]:
        """QDK writes the first qubit first; our registers are little-endian."""
        bits = f"{key:0{self.qubits}b}"
        values, start = [], 0
        for size in self.registers.values():
            values.append(int(bits[start : start + size][::-1], 2))
            start += size
        return tuple(values)

    def start(self) -> list[str]:
        """The uniform superposition over a full index register."""
        return [f"h index[{i}];" for i in range(self.registers["index"])]

    def diffusion(self) -> list[str]:
        """Reflection about it, up to a global phase."""
        size = self.registers["index"]
        flips = [f"x index[{i}];" for i in range(size)]
        top = f"index[{size - 1}]"
        controls = ", ".join(f"index[{i}]" for i in range(size - 1))
        middle = [f"h {top};", f"ctrl({size - 1}) @ x {controls}, {top};", f"h {top};"]
        return [*self.start(), *flips, *middle, *flips, *self.start()]


def quantum_development_kit() -> tuple[Any, Any]:
    """The modules qsharp and openqasm of the package qdk, or of its older name."""
    try:
        from qdk import openqasm, qsharp
    except ImportError:
        try:
            warnings.simplefilter("ignore", DeprecationWarning)
            import qsharp
            from qsharp import openqasm
        except ImportError as error:
            raise ImportError('the QDK is missing; pip install -e ".[estimate]"') from error
    return qsharp, openqasm


def check_lookup(path: Path, K: np.ndarray, bits: int) -> dict[str, Any]:
    """All keys at once: n amplitudes of 1/sqrt(n) on |j>|K_j>|0...>."""
    program = Program(path)
    state = program.run([*program.start(), *program.body])
    n = len(K)
    words = [sum(int(x + (1 << (bits - 1))) << (bits * c) for c, x in enumerate(key)) for key in K]
    rest = (0,) * (len(program.registers) - 2)
    error = max(abs(state.get((j, words[j], *rest), 0) - n**-0.5) for j in range(n))
    return _result(path, program, error=error, states=len(state))


def check_oracle(path: Path, marked: np.ndarray) -> dict[str, Any]:
    """All keys at once: the sign of |j> is -1 where j is marked, up to one phase for all."""
    program = Program(path)
    state = program.run([*program.start(), *program.body])
    n, rest = len(marked), (0,) * (len(program.registers) - 1)
    amplitudes = np.array([state.get((j, *rest), 0) for j in range(n)]) * np.where(marked, -1, 1)
    error = float(np.abs(amplitudes / amplitudes[0] * abs(amplitudes[0]) - n**-0.5).max())
    return _result(path, program, error=error, states=len(state))


def check_search(path: Path, marked: np.ndarray, iterations: int) -> dict[str, Any]:
    """P(marked) after m Grover iterations, against theory."""
    program = Program(path)
    state = program.run([*program.start(), *([*program.body, *program.diffusion()] * iterations)])
    found = sum(abs(amplitude) ** 2 for values, amplitude in state.items() if marked[values[0]] and not any(values[1:]))
    theta = math.asin(math.sqrt(marked.mean()))
    expected = math.sin((2 * iterations + 1) * theta) ** 2
    row = _result(path, program, error=abs(found - expected), states=len(state))
    return row | {"iterations": iterations, "p_marked": found, "theory": expected}


def check_iterate(path: Path, marked: np.ndarray) -> dict[str, Any]:
    """A file that holds the uniform start and one iterate, run as it is."""
    program = Program(path)
    state = program.run(program.body)
    found = sum(abs(amplitude) ** 2 for values, amplitude in state.items() if marked[values[0]] and not any(values[1:]))
    expected = math.sin(3 * math.asin(math.sqrt(marked.mean()))) ** 2
    row = _result(path, program, error=abs(found - expected), states=len(state))
    return row | {"iterations": 1, "p_marked": found, "theory": expected}


def _result(path: Path, program: Program, *, error: float, states: int) -> dict[str, Any]:
    file = f"{path.parent.name}/{path.stem}"
    return {"file": file, "qubits": program.qubits, "error": error, "states": states, "ok": error < TOLERANCE}


def checks(folder: Path, quick: bool) -> list[dict[str, Any]]:
    """All checks in QDK, file by file."""
    rows = []
    for case in CASES[:1] if quick else CASES:
        files = folder / name_of(case)
        K, marked = instance(case)
        rows += [check_lookup(path, K, case[2]) for path in sorted(files.glob("lookup_*.qasm"))]
        rows += [check_oracle(path, marked) for path in sorted(files.glob("oracle_*.qasm"))]
        rows += [check_iterate(files / f"grover_{name}.qasm", marked) for name in ("frugal", "cheapest")]
        rows += [check_search(files / "oracle_cheapest.qasm", marked, m) for m in (1, 2, 3)]
    return rows


def name_of(case: tuple[int, int, int]) -> str:
    """The folder of an instance."""
    return "n{}_d{}_b{}".format(*case)


def instance(case: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """(n, d) keys and (n,) which are marked, in plain integers."""
    q, keys, tau = cost_instance(*case)
    K = np.array(keys)
    return K, K @ np.array(q) >= tau


def load_all(reader: Reader, folder: Path) -> dict[str, Any]:
    """All files of the reader's dialect, loaded by it."""
    failed = {}
    files = sorted(folder.rglob("*.qasm"))
    for path in files:
        try:
            reader.load(path.read_text())
        except Exception as error:  # whatever a tool raises
            failed[f"{path.parent.name}/{path.stem}"] = f"{type(error).__name__}: {error}"[:200]
    return {
        "tool": reader.name, "dialect": reader.dialect, "files": len(files), "loaded": len(files) - len(failed),
        "failed": failed, "ok": not failed,
    }  # fmt: skip


class Undone:
    """A file's circuit between a start and its undoing by plain integers, which leaves every qubit in |0>."""

    def __init__(self, exhibit: Exhibit, case: tuple[int, int, int], wrong: bool = False) -> None:
        self.exhibit, self.case, self.wrong = exhibit, case, wrong
        self.K, self.marked = instance(case)
        if wrong:
            self.marked = self.marked ^ (np.arange(case[0]) == 5)

    def programs(self) -> Iterator[tuple[QuantumCircuit, QuantumCircuit, list[str]]]:
        """Start, undoing, and the qubits that must read 0."""
        kind = self.exhibit.stem.split("_")[0]
        start, end = (self.exhibit.circuit.copy_empty_like() for _ in range(2))
        if kind == "inner":
            yield from self._inner_products()
            return
        index = register(start, "index")
        if kind == "grover":
            marking = self._marking(start)
            step, _ = iterate(self.case[0], marking)
            end.compose(step.inverse(), [*end.qubits], inplace=True)
            end.compose(uniform(self.case[0]).inverse(), register(end, "index"), inplace=True)
        else:
            start.h(index)
            end.compose(self._table(end) if kind == "lookup" else self._marking(end), inplace=True)
            end.h(index)
        yield start, end, qubits_of(start)

    def _marking(self, like: QuantumCircuit) -> QuantumCircuit:
        """-1 on the marked keys."""
        circuit = like.copy_empty_like()
        for j in np.flatnonzero(self.marked):
            on_index(circuit, int(j), None)
        return circuit

    def _table(self, like: QuantumCircuit) -> QuantumCircuit:
        """XOR of every key, in offset binary, onto the word."""
        circuit, bits = like.copy_empty_like(), self.case[2]
        for j, key in enumerate(self.K):
            word = sum(int(x + (1 << bits - 1)) << bits * c for c, x in enumerate(key)) ^ (self.wrong and j == 5)
            for b, qubit in enumerate(register(circuit, "word")):
                if word >> b & 1:
                    on_index(circuit, j, qubit)
        return circuit

    def _inner_products(self) -> Iterator[tuple[QuantumCircuit, QuantumCircuit, list[str]]]:
        """Every key of d components as a basis state: key, start minus inner product, and the carries."""
        (n, d, bits), stem = self.case, self.exhibit.stem
        q, _, tau = cost_instance(n, d, bits)
        T = oracle(self.case, FORMS["frugal"]).row.T
        for value in range(1 << d * bits):
            start, end = (self.exhibit.circuit.copy_empty_like() for _ in range(2))
            score = register(end, "score")
            fields = [value >> bits * c & (1 << bits) - 1 for c in range(d)]
            twos = [(x ^ 1 << bits - 1) - (1 << bits - 1) for x in fields]
            key = twos if stem.endswith("phase") else [x - (1 << bits - 1) for x in fields]
            total = int(np.dot(q, key))
            answer = int(total >= tau) if stem.endswith("carry_save") else T - 1 - total
            answer ^= self.wrong and value == 5
            for circuit, names in ((start, ("key",)), (end, ("key", "score"))):
                for name in names:
                    for b, qubit in enumerate(register(circuit, name)):
                        if (value if name == "key" else answer) >> b & 1:
                            circuit.x(qubit)
            yield start, end, [f"score[{b}]" for b in range(len(score))] if "carry" in stem else qubits_of(start)


def on_index(circuit: QuantumCircuit, j: int, target: Any) -> None:
    """X on the target, or a sign, where the index is j."""
    index = list(register(circuit, "index"))
    zeros = [qubit for b, qubit in enumerate(index) if not j >> b & 1]
    for qubit in zeros:
        circuit.x(qubit)
    if target is None:
        circuit.h(index[-1])
        circuit.mcx(index[:-1], index[-1])
        circuit.h(index[-1])
    else:
        circuit.mcx(index, target)
    for qubit in zeros:
        circuit.x(qubit)


def qubits_of(circuit: QuantumCircuit) -> list[str]:
    """Names of all qubits."""
    return [f"{one.name}[{i}]" for one in circuit.qregs for i in range(len(one))]


def execute_all(reader: Reader, folder: Path, case: tuple[int, int, int]) -> dict[str, Any]:
    """The files of an instance in a reader's simulator, and each again with plain integers that are wrong."""
    wrong_answers, missed, ran, left = {}, [], 0, []
    for exhibit in exhibits(case):
        wide = exhibit.circuit.num_qubits > reader.most_qubits
        if wide or (exhibit.circuit.num_clbits and not reader.measured):
            left.append(exhibit.stem)
            continue
        text, ran = (folder / name_of(case) / f"{exhibit.stem}.qasm").read_text(), ran + 1
        lowest = min(executed(reader, text, program) for program in Undone(exhibit, case).programs())
        if lowest < 1 - TOLERANCE:
            wrong_answers[exhibit.stem] = lowest
        null = Undone(exhibit, case, wrong=True)
        if all(executed(reader, text, program) > 0.99 for program in null.programs()):
            missed.append(exhibit.stem)
    return {
        "tool": reader.name, "dialect": reader.dialect, "executed": ran, "left_out": left, "wrong": wrong_answers,
        "null_not_seen": missed, "ok": ran > 0 and not wrong_answers and not missed,
    }  # fmt: skip


def executed(reader: Reader, text: str, program: tuple[QuantumCircuit, QuantumCircuit, list[str]]) -> float:
    """How often the qubits read 0 after start, file, undoing."""
    start, end, zero = program
    assert reader.run is not None
    head, body = parts(text)
    written = [parts(to_qasm(circuit, dialect=DIALECTS[reader.dialect]))[1] for circuit in (start, end)]
    return reader.run("\n".join([*head, *written[0], *body, *written[1]]) + "\n", zero)


def parts(text: str) -> tuple[list[str], list[str]]:
    """Declarations and statements of a file of the gallery."""
    lines = text.splitlines()
    last = max(i for i, line in enumerate(lines) if re.match(r"(qubit|bit)\[|[qc]reg ", line))
    return lines[: last + 1], lines[last + 1 :]


def main() -> int:
    """Run all checks; exit code 1 when one fails, 2 when no tool is there to execute a file."""
    own = parser(__doc__, quick="n = 16 only, and only QDK executes")
    options = own.parse_args()
    warnings.simplefilter("ignore")
    missing = {reader.name: f"pip install {reader.packages}" for reader in READERS if reader.missing}
    there = [reader for reader in READERS if not reader.missing]
    facts: dict[str, Any] = {"missing": missing, "loads": [], "executions": [], "checks": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for dialect in {"openqasm3", *(reader.dialect for reader in there)}:
            write_gallery(folder / dialect, dialect)
        for reader in there:
            facts["loads"].append(load_all(reader, folder / reader.dialect))
            if reader.run and not options.quick:
                facts["executions"].append(execute_all(reader, folder / reader.dialect, CASES[0]))
        try:
            quantum_development_kit()
            facts["checks"] = checks(folder / "openqasm3", options.quick)
        except ImportError as error:
            missing["qdk"] = str(error)
    facts["ok"] = all(row["ok"] for part in ("loads", "executions", "checks") for row in facts[part])
    show(facts, lambda: as_text(facts), options.json, indent=1)
    nothing = not facts["executions"] and not facts["checks"] and not options.quick
    return 2 if nothing else 0 if facts["ok"] else 1


def as_text(facts: dict[str, Any]) -> None:
    """A line for each tool and each check."""
    for name, how in facts["missing"].items():
        print(f"missing {name}: {how}")
    for row in facts["loads"]:
        print(
            f"{row['tool']:10} loads {row['loaded']} of {row['files']} files, dialect {row['dialect']}",
            row["failed"] or "",
        )
    for row in facts["executions"]:
        wide = f", too large for it {len(row['left_out'])}" if row["left_out"] else ""
        seen = row["executed"] - len(row["null_not_seen"])
        print(
            f"{row['tool']:10} executes {row['executed']} files of n = 16{wide}: {len(row['wrong'])} wrong; "
            f"one wrong bit in the plain integers seen in {seen} of {row['executed']}"
        )
    for row in facts["checks"]:
        extra = f"  P {row['p_marked']:.12f} theory {row['theory']:.12f}" if "theory" in row else ""
        verdict = "ok" if row["ok"] else "WRONG"
        print(f"{verdict:5} {row['file']:38} {row['qubits']:4} qubits  error {row['error']:.1e}{extra}")


if __name__ == "__main__":
    sys.exit(main())
