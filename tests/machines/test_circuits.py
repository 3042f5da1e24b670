"""The circuits of jobs: one template for a family, bound to each row's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit
from qiskit.quantum_info import Statevector

from qattn import ThresholdOracle
from qattn.encoding.keys import encode_keys
from qattn.encoding.rows import encode_row
from qattn.machines.circuits import Circuits
from qattn.search.protocols import Job, MarkedSet
from qattn.search.rotation import hit_probability

K = np.random.default_rng(0).integers(-4, 4, (13, 2))


def rows() -> list[ThresholdOracle]:
    """Two rows over the same keys, with other numbers and marks."""
    keys = encode_keys(K, 3)
    made = []
    for q, tau in (([3, -2], 6), ([-1, 3], 2)):
        q = np.array(q, dtype=float)
        made.append(ThresholdOracle(q, K, tau, keys, encode_row(keys, q, tau), width=8))
    return made


def chances(circuit: QuantumCircuit) -> np.ndarray:
    """The distribution of the measured integer."""
    bare = circuit.remove_final_measurements(inplace=False)
    index = next(own for own in bare.qregs if own.name == "index")
    return Statevector(bare).probabilities([bare.find_bit(q).index for q in index])


@pytest.mark.parametrize("m", [0, 1, 2])
def test_a_bound_circuit_finds_what_is_marked_and_not_excluded(m: int) -> None:
    """Uniform over the marked that are left and over the rest, with the sums of theory."""
    circuits = Circuits()
    for row in rows():
        for known in ((), tuple(row.marked_set[:1].tolist())):
            left = np.setdiff1d(row.marked_set, known) if m else np.arange(0)
            found = chances(circuits.bound(Job(row, m, known)))
            assert np.allclose(found[13:], 0, atol=1e-12)
            assert found[left].sum() == pytest.approx(hit_probability(13, left.size, m), abs=1e-12)
            assert np.ptp(found[left]) < 1e-12 if left.size else True
            assert np.ptp(np.delete(found[:13], left)) < 1e-12


def test_rows_of_one_family_share_a_template_and_nothing_else_does() -> None:
    first, second = rows()
    circuits = Circuits()
    one = circuits.template(Job(first, 1))
    assert circuits.template(Job(second, 1)) is one
    assert circuits.bindings(Job(first, 1)) != circuits.bindings(Job(second, 1))
    others = [Job(first, 2), Job(first, 1, (int(first.marked_set[0]),)), Job(first, 0)]
    assert len({id(circuits.template(job)) for job in others} | {id(one)}) == 4
    assert circuits.template(Job(second, 0)) is circuits.template(Job(first, 0, (1,))), "no oracle is in it"
    assert Circuits().template(Job(first, 1)) is not one


def test_a_template_is_transpiled_once() -> None:
    class Counts:
        calls = 0

        def run(self, circuit: QuantumCircuit) -> QuantumCircuit:
            self.calls += 1
            circuit = circuit.copy()
            circuit.metadata = {"transpiled": True}
            return circuit

    passes = Counts()
    circuits = Circuits(passes)
    for row in rows():
        assert circuits.bound(Job(row, 1)).metadata == {"transpiled": True}
    assert passes.calls == 1


def test_a_bare_oracle_has_no_circuit_to_run() -> None:
    with pytest.raises(ValueError, match=r"MarkedSet has no circuit.*GroverStatistics"):
        Circuits().template(Job(MarkedSet(8, np.array([1])), 1))
