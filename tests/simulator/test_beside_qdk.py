"""Our simulator and QDK's on the same files: the gallery of n = 16, in superposition over all its inputs."""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from qiskit import qasm3
from qiskit.circuit import QuantumCircuit
from scipy.stats import chisquare

from qattn.simulator import SparseSampler, statevector

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "circuits/n16_d2_b3").glob("*.qasm"))
DENSE = 20  # qubits that `statevector` and a test have memory for
SHOTS = 4000  # a tenth of that where every shot is a trajectory


def width(path: Path) -> int:
    """Qubits of a file."""
    return sum(map(int, re.findall(r"^qubit\[(\d+)\]", path.read_text(), re.MULTILINE)))


SMALL = [path for path in FILES if "measured" not in path.stem and width(path) <= DENSE]

pytestmark = pytest.mark.skipif(
    not any(map(importlib.util.find_spec, ("qdk", "qsharp"))), reason='QDK is missing: pip install -e ".[estimate]"'
)
importer = pytest.importorskip("qiskit_qasm3_import", reason="Qiskit's importer of OpenQASM 3 is missing")


@cache
def crosscheck() -> ModuleType:
    """`benchmarks/crosscheck.py`, which knows how QDK is called."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        import crosscheck
    finally:
        sys.path.pop(0)
    return crosscheck


def program(text: str) -> str:
    """Hadamards on the inputs before a file's statements, and, where it has an index, after them.

    The second ones turn signs into a distribution. A file that makes its own superposition gets only those.
    """
    head, body = crosscheck().parts(text)
    inputs = next(name for name in ("index", "key") if f" {name};" in text)
    size = int(next(line for line in head if line.endswith(f" {inputs};"))[6:].split("]")[0])
    wall = [f"h {inputs}[{i}];" for i in range(size)]
    starts_itself = "grover" in text
    return "\n".join([*head, *([] if starts_itself else wall), *body, *(wall if inputs == "index" else [])]) + "\n"


def of_qdk(text: str, tmp_path: Path) -> dict[int, complex]:
    """Amplitudes by basis state, the first qubit of the file the lowest bit."""
    path = tmp_path / "file.qasm"
    path.write_text(text)
    file = crosscheck().Program(path)
    shifts = np.cumsum([0, *file.registers.values()])
    return {
        sum(value << int(shift) for value, shift in zip(values, shifts, strict=False)): amplitude
        for values, amplitude in file.run(file.body).items()
    }


def test_the_files_are_there() -> None:
    assert len(FILES) >= 19
    assert len(SMALL) >= 8


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_amplitudes_are_equal(path: Path, tmp_path: Path) -> None:
    text = program(path.read_text())
    assert difference(qasm3.loads(text), of_qdk(text, tmp_path)) < 1e-12


def difference(circuit: QuantumCircuit, theirs: dict[int, complex]) -> float:
    """The largest, over all amplitudes."""
    dense = np.zeros(1 << circuit.num_qubits, complex)
    dense[list(theirs)] = list(theirs.values())
    return float(np.abs(statevector(circuit) - dense).max())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_distributions_are_equal(path: Path, tmp_path: Path) -> None:
    """All qubits measured: nothing that QDK gives no amplitude, and chi^2 against its probabilities."""
    text = program(path.read_text())
    assert p_value(qasm3.loads(text), of_qdk(text, tmp_path)) > 1e-4


def p_value(circuit: QuantumCircuit, theirs: dict[int, complex]) -> float:
    """That SparseSampler's shots are of this distribution; 0 for an outcome outside of it."""
    shots = SHOTS // 10 if circuit.num_clbits else SHOTS
    circuit.measure_all()
    counts = SparseSampler(seed=3).run([circuit], shots=shots).result()[0].data.meas.get_int_counts()
    expected = {state: shots * abs(a) ** 2 for state, a in theirs.items() if abs(a) ** 2 > 1e-12}
    if not counts.keys() <= expected.keys():
        return 0.0
    observed = [counts.get(state, 0) for state in expected]
    total = sum(expected.values())
    return (
        float(chisquare(observed, [x * shots / total for x in expected.values()]).pvalue) if len(expected) > 1 else 1.0
    )


@pytest.mark.parametrize("stem", ["oracle_frugal", "oracle_cheapest", "oracle_cheapest_measured", "lookup_unary"])
def test_another_key_is_seen(stem: str, tmp_path: Path) -> None:
    """The null test: our file with one gate more in its middle is not QDK's."""
    path = next(path for path in FILES if path.stem == stem)
    lines = path.read_text().splitlines()
    top = next(i for i in range(len(lines) // 2, len(lines)) if lines[i].startswith("c") and "index" not in lines[i])
    lines.insert(top, lines[top])  # the gate twice is no gate
    broken = program("\n".join(lines) + "\n")
    theirs = of_qdk(program(path.read_text()), tmp_path)
    assert p_value(qasm3.loads(broken), theirs) < 1e-4
