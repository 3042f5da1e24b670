"""Our OpenQASM files in another simulator: Microsoft's QDK, sparse state vectors, against plain integers and theory.

    python benchmarks/crosscheck.py [--json] [--quick]       needs `pip install -e ".[estimate]"`

Reads files of circuits/ as they are. Every lookup must map |j>|0> to |j>|K_j> for all j at once; every phase oracle,
unitary or measured, must flip exactly the signs of the marked keys; and m Grover iterations must find a marked key with
probability sin^2((2m + 1) theta), sin^2 theta = M/n, to 1e-9. All but index and word must be back in |0>.
"""

from __future__ import annotations

import math
import re
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from common import parser, show

from qattn.resources.logical import cost_instance
from qattn.show.gallery import CASES

FOLDER = Path(__file__).resolve().parents[1] / "circuits"
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


def checks(quick: bool) -> list[dict[str, Any]]:
    """All checks, file by file."""
    rows = []
    for case in CASES[:1] if quick else CASES:
        folder = FOLDER / "n{}_d{}_b{}".format(*case)
        q, keys, tau = cost_instance(*case)
        K = np.array(keys)
        marked = K @ np.array(q) >= tau
        for path in sorted(folder.glob("lookup_*.qasm")):
            rows.append(check_lookup(path, K, case[2]))
        rows += [check_oracle(path, marked) for path in sorted(folder.glob("oracle_*.qasm"))]
        for name in ("frugal", "cheapest"):
            rows.append(check_iterate(folder / f"grover_{name}.qasm", marked))
        rows += [check_search(folder / "oracle_cheapest.qasm", marked, m) for m in (1, 2, 3)]
    return rows


def main() -> int:
    """Run all checks; exit code 1 when one fails."""
    own = parser(__doc__, quick="the smallest instance only")
    options = own.parse_args()
    try:
        quantum_development_kit()
    except ImportError as error:
        print(f"skipped: {error}", file=sys.stderr)
        return 0 if options.quick else 2
    rows = checks(options.quick)
    right = all(row["ok"] for row in rows)
    show({"checks": rows, "ok": right}, lambda: as_text(rows), options.json, indent=1)
    return 0 if right else 1


def as_text(rows: list[dict[str, Any]]) -> None:
    """A line for each check."""
    for row in rows:
        extra = f"  P {row['p_marked']:.12f} theory {row['theory']:.12f}" if "theory" in row else ""
        verdict = "ok" if row["ok"] else "WRONG"
        print(f"{verdict:5} {row['file']:38} {row['qubits']:4} qubits  error {row['error']:.1e}{extra}")


if __name__ == "__main__":
    sys.exit(main())
