from __future__ import annotations

import math
import re

import numpy as np
import pytest
from qiskit.circuit import Parameter, QuantumCircuit, QuantumRegister

from qattn.lookups.unary import unary
from qattn.synthesis.gates import measured
from qattn.synthesis.qasm import to_qasm


def body(circuit: QuantumCircuit) -> list[str]:
    return [line for line in to_qasm(circuit).splitlines()[2:] if not line.startswith(("qubit", "bit"))]


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
    assert re.search(
        r"h path\[0\];\nm\[0\] = measure path\[0\];\nif \(m\[0\] == 1\) \{\n  cz .*;\n  x path\[0\];\n\}", text
    )


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
