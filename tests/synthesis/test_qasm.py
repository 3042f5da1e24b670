from __future__ import annotations

import math
import re

import numpy as np
import pytest
from qiskit import qasm2, qasm3
from qiskit.circuit import ClassicalRegister, Parameter, QuantumCircuit, QuantumRegister
from qiskit.quantum_info import Statevector

from qattn.lookups.unary import unary
from qattn.synthesis.gates import measured
from qattn.synthesis.qasm import BRAKET, CIRQ, DIALECTS, OPENQASM2, OPENQASM3, Dialect, to_qasm


def body(circuit: QuantumCircuit, dialect: Dialect = OPENQASM3) -> list[str]:
    lines = to_qasm(circuit, dialect=dialect).splitlines()[len(dialect.header) :]
    return [line for line in lines if not line.startswith(("qubit", "bit", "qreg", "creg"))]


def test_gates_and_angles() -> None:
    circuit = QuantumCircuit(QuantumRegister(5, "index"))
    circuit.h(0)
    circuit.mcx([0, 1, 2, 3], 4)
    circuit.cp(-3 * math.pi / 8, 0, 1)
    circuit.p(0.1, 2)
    circuit.barrier()
    assert body(circuit) == [
        "h index[0];",
        "ctrl(4) @ x index[0], index[1], index[2], index[3], index[4];",
        "cp(-3*pi/8) index[0], index[1];",
        "p(0.1) index[2];",
        "barrier index;",
    ]


def test_measured_blocks_are_conditioned_on_their_bit() -> None:
    text = to_qasm(measured(unary(np.arange(4), 2)), "first\nsecond")
    assert "// first\n// second\n" in text
    assert "qubit[1] path;" in text
    assert "bit[2] m;" in text
    assert re.search(r"h path\[0\];\nm\[0\] = measure path\[0\];\nif \(m\[0\]\) \{\n  cz .*;\n  x path\[0\];\n\}", text)


def test_no_register_is_named_like_a_gate() -> None:
    from qattn.show.gallery import CASES, exhibits

    gates = {
        "x",
        "y",
        "z",
        "h",
        "s",
        "t",
        "p",
        "u",
        "id",
        "cx",
        "cz",
        "cp",
        "ch",
        "rx",
        "ry",
        "rz",
        "sx",
        "ccx",
        "swap",
    }
    for exhibit in exhibits(CASES[0]):
        names = re.findall(r"^(?:qubit|bit)\[\d+\] (\w+);", to_qasm(exhibit.circuit), flags=re.MULTILINE)
        assert names
        assert not gates & set(names)
        assert len(names) == len(set(names))


def test_what_cannot_be_written_is_named() -> None:
    free = QuantumCircuit(1)
    free.p(Parameter("a"), 0)
    with pytest.raises((ValueError, TypeError)):
        to_qasm(free)
    odd = QuantumCircuit(1)
    odd.u(0.1, 0.2, 0.3, 0)
    with pytest.raises(ValueError, match="'u'"):
        to_qasm(odd)


def every_gate() -> QuantumCircuit:
    """Every gate the writer knows by name, many controls, a phase and a barrier, on six qubits."""
    circuit = QuantumCircuit(QuantumRegister(6, "index"), global_phase=0.3)
    for q in range(6):
        circuit.ry(0.2 + q, q)
    circuit.mcx([0, 1, 2], 3)
    circuit.mcx([4, 1, 2, 3], 0)
    circuit.mcx([0, 1, 2, 3, 4], 5)
    circuit.mcp(0.7, [5, 1, 3], 2)
    circuit.barrier()
    for name in ("x", "z", "h", "s", "sdg", "t", "tdg"):
        getattr(circuit, name)(1)
    for name in ("p", "rx", "ry", "rz"):
        getattr(circuit, name)(0.4, 2)
    for name in ("cx", "cz", "swap", "ch"):
        getattr(circuit, name)(3, 0)
    for name in ("cp", "crx", "cry", "crz"):
        getattr(circuit, name)(-1.1, 5, 4)
    circuit.ccx(0, 5, 2)
    circuit.cswap(1, 2, 3)
    return circuit


@pytest.mark.parametrize("name", ["openqasm3", "pyqasm", "cirq", "openqasm2"])
def test_every_gate_reads_back_as_it_was(name: str) -> None:
    dialect = DIALECTS[name]
    text = to_qasm(every_gate(), dialect=dialect)
    read = qasm2.loads(text, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS) if dialect is OPENQASM2 else None
    if read is None:
        pytest.importorskip("qiskit_qasm3_import")
        read = qasm3.loads(text)
    overlap = np.vdot(Statevector(every_gate()).data, Statevector(read).data)
    assert abs(overlap) == pytest.approx(1, abs=1e-9)
    if dialect.phases:
        assert overlap == pytest.approx(1, abs=1e-9)


def test_braket_has_its_own_words() -> None:
    text = to_qasm(every_gate(), dialect=BRAKET)
    assert "include" not in text
    assert not re.search(r"^(cx|ccx|sdg|tdg|p|cp|ch|cr[xyz]|ctrl|gphase)\b", text, re.MULTILINE)
    assert {"cnot", "ccnot", "si", "ti", "phaseshift", "cphaseshift"} <= set(re.findall(r"^[a-z]+", text, re.MULTILINE))


def test_an_outcome_is_a_register_of_its_own_where_conditions_have_no_block() -> None:
    circuit = measured(unary(np.arange(4), 2))
    for dialect, declared, read in (
        (CIRQ, "bit[1] m_1;", "m_0[0] = measure path[0];"),
        (OPENQASM2, "creg m_1[1];", "measure path[0] -> m_0[0];"),
    ):
        text = to_qasm(circuit, dialect=dialect)
        assert declared in text
        assert read in text
        assert re.search(r"^if \(m_0 == 1\) cz .*;\nif \(m_0 == 1\) x path\[0\];$", text, re.MULTILINE)
        assert "{" not in text


def test_a_condition_on_zero() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "a"), ClassicalRegister(1, "m"))
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 0)):
        circuit.x(0)
    assert body(circuit)[1:] == ["if (!m[0]) {", "  x a[0];", "}"]
    assert body(circuit, CIRQ)[1:] == ["if (m_0 == 0) x a[0];"]
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.measure(0, 0)
    with pytest.raises(ValueError, match="under a condition"):
        to_qasm(circuit, dialect=CIRQ)


def test_an_x_with_many_controls_is_toffolis_on_borrowed_qubits() -> None:
    """Clifford + T where qubits can be borrowed; by its definition, with small angles, where none can."""
    free, full = QuantumCircuit(QuantumRegister(9, "a")), QuantumCircuit(QuantumRegister(6, "a"))
    for circuit in (free, full):
        circuit.mcx([0, 1, 2, 3, 4], 5)
    words, without = ({re.split(r"[ (]", line)[0] for line in body(circuit, CIRQ)} for circuit in (free, full))
    assert words <= {"h", "t", "tdg", "cx", "ccx"}
    assert "cp" in without


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_no_dialect_writes_what_it_has_no_word_for(dialect: Dialect) -> None:
    odd = QuantumCircuit(1)
    odd.u(0.1, 0.2, 0.3, 0)
    with pytest.raises(ValueError, match=f"'u' has no form in OpenQASM {dialect.version}"):
        to_qasm(odd, dialect=dialect)
