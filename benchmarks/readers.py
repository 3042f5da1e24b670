"""Tools that read our OpenQASM files: how each is called, on its own simulator where it has one.

Used by `crosscheck.py`; alone it says what is installed.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from common import parser, show

SHOTS, SEED = 20, 7  # where a tool gives shots: a single wrong sign of 16 reads 0 in all of 20 with probability 5e-3
Run = Callable[[str, list[str]], float]  # a program and qubits of it: how often all of these read 0 after it


def with_openqasm3(text: str) -> Any:
    """The reference parser's syntax tree."""
    import openqasm3

    return openqasm3.parse(text)


def with_qiskit(text: str) -> Any:
    """Qiskit's importer."""
    from qiskit import qasm3

    return qasm3.loads(text)


def with_pyqasm(text: str) -> Any:
    """PyQASM: validated, and unrolled to elementary gates."""
    import pyqasm

    module = pyqasm.loads(text)
    module.validate()
    module.unroll()
    return module


def with_cirq(text: str) -> Any:
    """Cirq's importer."""
    from cirq.contrib.qasm_import import circuit_from_qasm

    return circuit_from_qasm(text)


def with_pytket(text: str) -> Any:
    """TKET's importer."""
    from pytket.qasm import circuit_from_qasm_str

    return circuit_from_qasm_str(text)


def with_braket(text: str) -> Any:
    """The interpreter of Braket's local simulator."""
    from braket.default_simulator.openqasm.interpreter import Interpreter

    return Interpreter().run(text)


def on_aer(text: str, qubits: list[str]) -> float:
    """Through Qiskit's importer, on Aer; what is wide or measured as a matrix product state: it has few terms."""
    from qiskit import transpile
    from qiskit.circuit import ClassicalRegister
    from qiskit_aer import AerSimulator

    circuit = with_qiskit(text)
    named = {f"{register.name}[{i}]": qubit for register in circuit.qregs for i, qubit in enumerate(register)}
    last = ClassicalRegister(len(qubits), "last")
    circuit.add_register(last)
    circuit.measure([named[qubit] for qubit in qubits], last)
    wide = circuit.num_qubits > 15 or circuit.count_ops()["measure"] > len(qubits)
    method = "matrix_product_state" if wide else "statevector"
    backend = AerSimulator(method=method, max_parallel_threads=1, n_qubits=circuit.num_qubits)
    ready = transpile(circuit, backend, optimization_level=0)
    counts = backend.run(ready, shots=SHOTS, seed_simulator=SEED).result().get_counts()
    return sum(count for word, count in counts.items() if "1" not in word.split()[0]) / SHOTS


def on_cirq(text: str, qubits: list[str]) -> float:
    """Cirq's state vector after one trajectory of the measured bits."""
    import cirq

    circuit = with_cirq(text)
    order = sorted(circuit.all_qubits())
    state = cirq.Simulator(dtype=np.complex128, seed=SEED).simulate(circuit, qubit_order=order).final_state_vector
    axes = [order.index(cirq.NamedQubit(name)) for q in qubits if (name := q.replace("[", "_").rstrip("]"))]
    at = tuple(0 if axis in axes else slice(None) for axis in range(len(order)))
    return float(np.sum(np.abs(state.reshape((2,) * len(order))[at]) ** 2))


def on_braket(text: str, qubits: list[str]) -> float:
    """Braket's local simulator."""
    from braket.devices import LocalSimulator
    from braket.ir.openqasm import Program

    outcomes = re.search(r"^bit\[(\d+)\] (\w+);", text, re.MULTILINE)  # one register holds all that is measured
    before, name = (int(outcomes[1]), outcomes[2]) if outcomes else (0, "last")
    declared = f"bit[{before + len(qubits)}] {name};"
    text = text.replace(outcomes[0], declared) if outcomes else text.replace("qubit", f"{declared}\nqubit", 1)
    text += "".join(f"{name}[{before + i}] = measure {qubit};\n" for i, qubit in enumerate(qubits))
    result = LocalSimulator().run(Program(source=text), shots=SHOTS).result()
    return float((~result.measurements[:, before:].any(axis=1)).mean())


@dataclass(frozen=True)
class Reader:
    """A tool: the modules that must be there, what installs them, the dialect it reads, and how.

    `run` is its simulator, for files of at most that many qubits, and with measurements if it is quick at them.
    """

    name: str
    modules: tuple[str, ...]
    packages: str
    dialect: str
    load: Callable[[str], Any]
    run: Run | None = None
    most_qubits: int = 0
    measured: bool = True

    @property
    def missing(self) -> bool:
        """Whether it is not installed."""
        return not all(map(_there, self.modules))


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its parent
        return False


READERS = (
    Reader("openqasm3", ("openqasm3",), "openqasm3[parser]", "openqasm3", with_openqasm3),
    Reader("qiskit", ("qiskit_qasm3_import",), "qiskit-qasm3-import", "openqasm3", with_qiskit, on_aer, 100),
    Reader("pyqasm", ("pyqasm",), "pyqasm", "pyqasm", with_pyqasm),
    Reader("cirq", ("cirq", "ply"), "cirq-core ply", "cirq", with_cirq, on_cirq, 19),
    Reader("pytket", ("pytket",), "pytket", "openqasm2", with_pytket),
    Reader("braket", ("braket.devices",), "amazon-braket-sdk", "braket", with_braket, on_braket, 13, measured=False),
)


def main() -> int:
    """What is installed."""
    options = parser(__doc__, quick="the same").parse_args()
    warnings.simplefilter("ignore")
    facts = {reader.name: {"installed": not reader.missing, "packages": reader.packages} for reader in READERS}

    def lines() -> None:
        for name, fact in facts.items():
            print(f"{name:10} {'installed' if fact['installed'] else 'missing: pip install ' + str(fact['packages'])}")

    show(facts, lines, options.json, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
