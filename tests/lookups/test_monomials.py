from __future__ import annotations

import pytest
from qiskit.circuit import QuantumCircuit

from qattn.lookups.monomials import Halves, and_count, append_monomials, monomial_depth
from qattn.synthesis.cost import count


@pytest.mark.parametrize("n", [1, 2, 3, 8, 17, 100, 1366])
def test_halves_cover_every_mask(n: int) -> None:
    halves = Halves.of(n)
    assert halves.lows * (halves.highs - 1) < n <= halves.lows * halves.highs
    assert and_count(n) == sum(mask.bit_count() > 1 for mask in range(n))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 8, 13, 16, 31])
def test_monomials_cost_one_and_each(n: int) -> None:
    bits = max(1, (n - 1).bit_length())
    circuit = QuantumCircuit(bits + and_count(n))
    found = append_monomials(circuit, circuit.qubits[:bits], circuit.qubits[bits:], n)
    assert len(found) == n
    assert count(circuit).toffoli == and_count(n)
    assert count(circuit).toffoli_depth == monomial_depth(n)
