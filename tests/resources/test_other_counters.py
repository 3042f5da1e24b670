"""Counts against those of other people's compilers and cost models."""

import numpy as np
import pytest
from qiskit import generate_preset_pass_manager

from qattn import ThresholdOracle, lookups
from qattn.resources.query import controlled_z_cost, cost_instance, ladder_z
from qattn.synthesis.cost import count
from qattn.synthesis.gates import unitary
from qattn.synthesis.registers import bit_matrix

CLIFFORD_T = ["h", "s", "sdg", "t", "tdg", "x", "y", "z", "cx"]
CIRCUITS = ["unary", "select_swap", "token_tree", "bucket_brigade"]


def t_gates(circuit, level: int) -> int:
    """T gates that Qiskit's Clifford+T pass manager leaves."""
    compiled = generate_preset_pass_manager(level, basis_gates=CLIFFORD_T).run(circuit)
    found = compiled.count_ops()
    assert set(found) <= {*CLIFFORD_T, "barrier"}
    return found.get("t", 0) + found.get("tdg", 0)


@pytest.mark.parametrize("lookup", CIRCUITS)
def test_qiskit_finds_the_t_gates_of_the_bill(lookup: str) -> None:
    """The unitary rendering: equal as written; an optimizer may remove some, and removes none that are not there."""
    q, K, tau = cost_instance(16, 2, 3)
    oracle = ThresholdOracle.from_row(q, K, tau, bits=3, lookup=lookup, arithmetic="carry_save", key_layout="parallel")
    circuit = unitary(oracle.circuit)
    bill = count(circuit)
    assert bill.t == 7 * bill.toffoli > 0
    assert t_gates(circuit, 0) == bill.t
    assert 0 < t_gates(circuit, 2) <= bill.t


def test_qiskit_agrees_about_the_ladder() -> None:
    circuit = unitary(ladder_z(8))
    assert t_gates(circuit, 0) == count(circuit).t == 7 * 2 * controlled_z_cost(8, by_measurement=True).toffoli


@pytest.mark.parametrize("n", [16, 64, 100, 256])
def test_qualtran_finds_the_ands_of_a_load(n: int) -> None:
    """Unary iteration over n different words (it merges equal neighbours), by Qualtran's call graph."""
    pytest.importorskip("qualtran", reason="Qualtran is not installed")
    from qualtran.bloqs.data_loading.qrom import QROM
    from qualtran.resource_counting import QECGatesCost, get_cost_value

    words = np.random.default_rng(n).permutation(n)
    theirs = get_cost_value(QROM.build_from_data(words, target_bitsizes=(8,)), QECGatesCost())
    data = bit_matrix(words, 8)
    there, _ = lookups.get("unary").load_cost(data)
    assert theirs.and_bloq + theirs.toffoli == there.toffoli == n - 2
    assert theirs.measurement == there.measurements
