"""A lookup in a file of somebody's own, through the public joints, with nothing edited here."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import qattn.lookups
from qattn import GroverStatistics, ThresholdOracle, attend
from qattn.oracles.design import all_forms
from qattn.synthesis.cost import count
from qattn.testing import assert_maps

TOY = '''
"""A lookup that writes every word by itself, under a control on the whole index."""

from dataclasses import dataclass

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.lookups import Lookup
from qattn.synthesis.registers import bit_matrix, index_bits, multi_controlled_x


@dataclass(frozen=True)
class Toy(Lookup):
    """|j>|x>|0> -> |j>|x xor word_j>|0>; one ancilla holds [index = j]."""

    broken: bool = False

    def build(self, words, width):
        data = bit_matrix(words, width)
        index, word = QuantumRegister(index_bits(len(data)), "index"), QuantumRegister(data.shape[1], "word")
        here = QuantumRegister(1, "here")
        circuit = QuantumCircuit(index, word, here)
        for j, row in enumerate(data):
            zeros = [qubit for b, qubit in enumerate(index) if not j >> b & 1]
            for again in range(1 if self.broken and j == 1 else 2):
                for qubit in zeros:
                    circuit.x(qubit)
                multi_controlled_x(circuit, list(index), here[0])
                for qubit in zeros:
                    circuit.x(qubit)
                if not again:
                    for b in np.flatnonzero(row).tolist():
                        circuit.cx(here[0], word[b])
        return circuit
'''


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The file as a module, its lookup registered as "toy"; forgotten afterwards."""
    path = tmp_path / "their_lookup.py"
    path.write_text(TOY)
    spec = importlib.util.spec_from_file_location("their_lookup", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "their_lookup", module)
    spec.loader.exec_module(module)
    qattn.lookups.register("toy", module.Toy())
    yield module
    qattn.lookups.unregister("toy")


def instance(n: int = 6, d: int = 2, bits: int = 2) -> tuple[np.ndarray, np.ndarray, float]:
    rng = np.random.default_rng(5)
    half = 2 ** (bits - 1)
    K, q = rng.integers(-half, half, (n, d)), rng.integers(1, 3, d)
    return q, K, float(np.median(K @ q))


def test_every_basis_input_of_the_lookup(theirs: ModuleType) -> None:
    words = np.random.default_rng(0).integers(0, 4, 6)
    cases = list(itertools.product(range(6), range(4)))
    inputs = [{"index": j, "word": x} for j, x in cases]
    outputs = [{"index": j, "word": x ^ int(words[j])} for j, x in cases]
    assert_maps(theirs.Toy().build(words, 2), inputs, outputs)
    with pytest.raises(AssertionError, match="should go to"):
        assert_maps(theirs.Toy(broken=True).build(words, 2), inputs, outputs)


def test_every_basis_input_of_its_oracles(theirs: ModuleType) -> None:
    """With every inner product and layout: signs, bit form on both flags, and the cost in both renderings."""
    q, K, tau = instance()
    marked = K @ q >= tau
    assert 0 < marked.sum() < len(K)
    basis = [{"index": j} for j in range(len(K))]
    forms = [form for form in all_forms() if form.lookup == theirs.Toy()]
    assert len(forms) == 5
    for form in forms:
        oracle = ThresholdOracle.from_row(
            q, K, tau, bits=2, lookup="toy", arithmetic=form.arithmetic, key_layout=form.key_layout
        )
        assert np.array_equal(oracle.marked(), marked), str(form)
        if oracle.qubits <= 20:
            assert_maps(oracle.circuit, basis, basis, phases=np.where(marked, -1, 1))
        assert count(oracle.measured_circuit) == oracle.cost(), str(form)
        assert count(oracle.circuit) == oracle.cost(by_measurement=False), str(form)
        assert oracle.cost().toffoli > 0


def test_a_broken_lookup_is_found_out(theirs: ModuleType) -> None:
    """At every threshold the sound one marks what it should; one that leaves its ancilla dirty does not."""
    q, K, _ = instance()

    def right(lookup: object) -> list[bool]:
        taus = np.unique(K @ q).tolist()
        oracles = [ThresholdOracle.from_row(q, K, tau, bits=2, lookup=lookup) for tau in taus]
        return [np.array_equal(oracle.marked(), K @ q >= oracle.tau) for oracle in oracles]

    assert all(right("toy"))
    assert not all(right(theirs.Toy(broken=True)))


@pytest.mark.parametrize("far_field", ["ones", "constant"])
def test_attend_with_it(theirs: ModuleType, far_field: str) -> None:
    """By name and as an object, on Aer; the same output as with the package's own."""
    rng = np.random.default_rng(2)
    Q, K, V = rng.integers(-2, 2, (2, 2)), rng.integers(-2, 2, (5, 2)), rng.normal(size=(5, 3))
    options = {"bits": 2, "far_field": far_field, "seed": 1}
    own = attend(Q, K, V, 1.0, **options)
    for lookup in ("toy", theirs.Toy()):
        made = attend(Q, K, V, 1.0, lookup=lookup, **options)
        assert [list(js) for js in made.found] == [list(js) for js in own.found]
        assert np.array_equal(made.output, own.output)
        assert made.accounts.qubits == own.accounts.qubits + 2  # one ancilla, and a component held at once
        assert attend(Q, K, V, 1.0, lookup=lookup, sampler=GroverStatistics(), **options).accounts.queries.sum() > 0
    with pytest.raises(ValueError, match=r"'quantum'.*table.*toy"):
        attend(Q, K, V, 1.0, lookup="quantum")
    with pytest.raises(ValueError, match="arithmetic = 'abacus'"):
        attend(Q, K, V, 1.0, arithmetic="abacus")
