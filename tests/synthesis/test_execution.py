"""Final bits, phases and ancillas of all inputs, packed 64 to a word."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.synthesis.execution import pack, unpack
from qattn.synthesis.reversible import DirtyAncillaError, execute


def on_index(size: int, *others: QuantumRegister) -> QuantumCircuit:
    return QuantumCircuit(QuantumRegister(size, "index"), *others)


@pytest.mark.parametrize("n", [1, 63, 64, 65, 200])
def test_packing_round_trip(n: int) -> None:
    bits = np.random.default_rng(n).integers(2, size=n).astype(bool)
    assert np.array_equal(unpack(pack(bits), n), bits)


def test_dirty_ancilla_names_qubit_and_input() -> None:
    circuit = on_index(3, QuantumRegister(2, "anc"))
    circuit.ccx(0, 2, 4)
    with pytest.raises(DirtyAncillaError, match=r"anc\[1\].*input 5"):
        execute(circuit, 8).check_clean("index")
    assert execute(circuit, 5).check_clean("index").n == 5
