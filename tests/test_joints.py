"""Pieces in files of somebody's own, through the public joints, with nothing edited here."""

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
from qattn.hardware.run import Request, begin, go_on
from qattn.oracles import families
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


TOYS = '''
"""An oracle family, a far field, a machine and a provider."""

from dataclasses import dataclass, field

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister
from qiskit.primitives import StatevectorSampler
from qiskit.providers.fake_provider import GenericBackendV2

from qattn.approximation.far_field import ConstantField
from qattn.hardware.post_selection import Shots
from qattn.oracles.base import CircuitOracle, with_circuit
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.grover import grover_template
from qattn.synthesis.registers import index_bits, multi_controlled_z


@dataclass(frozen=True, eq=False)
class OneByOne(CircuitOracle):
    """Flips the phase of each member by itself."""

    base: ThresholdOracle

    @property
    def n(self):
        return self.base.n

    @property
    def tau(self):
        return self.base.tau

    @property
    def exact(self):
        return True

    @property
    def evaluations(self):
        return self.n

    @property
    def marked_set(self):
        return np.flatnonzero(self.base.score(np.arange(self.n)) >= self.tau)

    def marks(self, js):
        return self.base.score(js) >= self.tau

    def score(self, js):
        return self.base.score(js)

    def at(self, tau):
        return OneByOne(self.base.at(tau))

    @property
    def circuit(self):
        index = QuantumRegister(index_bits(self.n), "index")
        circuit = QuantumCircuit(index)
        for j in self.marked_set.tolist():
            zeros = [qubit for b, qubit in enumerate(index) if not j >> b & 1]
            circuit.x(zeros) if zeros else None
            multi_controlled_z(circuit, list(index))
            circuit.x(zeros) if zeros else None
        return circuit


def tenth(problem, found, draws, shift):
    """exp(0)/10 for every far key."""
    return ConstantField(np.exp(-shift) / 10, problem.visible, np.zeros(problem.n_q))


class Plain:
    """A machine that runs each job's circuit on Qiskit's reference sampler."""

    def __init__(self):
        self.jobs = []

    def run(self, jobs):
        self.jobs += jobs
        return [self.sample(job) for job in jobs]

    def sample(self, job):
        circuit = with_circuit(job.oracle).compact(job.excluded)
        bound = grover_template(job.oracle.n, circuit, [], job.iterations).circuit
        sampler = StatevectorSampler(seed=np.random.default_rng(job.seed))
        counts = sampler.run([bound], shots=job.shots).result()[0].data.found.get_bitstrings()
        return np.array([int(word, 2) for word in counts])


@dataclass
class Desk:
    """A provider of one ideal processor."""

    target: object = field(default_factory=lambda: GenericBackendV2(5, noise_info=True, seed=1).target)
    calibration: str = "today"
    kept: dict = field(default_factory=dict)

    def submit(self, work, *, together):
        job = f"desk-{len(self.kept)}"
        self.kept[work.tag] = job
        return job

    def find(self, tag):
        return self.kept.get(tag)

    def collect(self, job_id, work):
        from qiskit_aer import AerSimulator

        backend, measured = AerSimulator(), []
        for i, (circuit, copies) in enumerate(zip(work.circuits, work.copies)):
            run = backend.run(circuit, shots=work.shots * copies, memory=True, seed_simulator=work.seed + i)
            words = [word.split() for word in run.result().get_memory()]  # the register that was added last comes first
            index = np.array([int(word[-1], 2) for word in words])
            ancilla = np.array([int(word[0], 2) if word[1:] else 0 for word in words])
            measured.append(Shots(index, ancilla))
        return measured

    def cancel(self, job_id):
        pass

    def close(self):
        pass
'''


def module_of(name: str, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A file of somebody's own, imported."""
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The file of toys, its oracle family registered as "one_by_one"; forgotten afterwards."""
    module = module_of("their_toys", TOYS, tmp_path, monkeypatch)
    families.register("one_by_one", module.OneByOne)
    yield module
    families.unregister("one_by_one")


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The file as a module, its lookup registered as "toy"; forgotten afterwards."""
    module = module_of("their_lookup", TOY, tmp_path, monkeypatch)
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


def test_every_basis_input_of_their_oracle(toys: ModuleType) -> None:
    q, K, tau = instance()
    oracle = toys.OneByOne(ThresholdOracle.from_row(q, K, tau, bits=2))
    basis = [{"index": j} for j in range(len(K))]
    signs = np.where(K @ q >= tau, -1, 1)
    assert_maps(oracle.circuit, basis, basis, phases=signs)
    first = int(oracle.marked_set[0])
    signs[first] = 1
    assert_maps(oracle.compact([first]), basis, basis, phases=signs)
    assert count(oracle.circuit).qubits == oracle.qubits == 3
    assert oracle.pairs(4) == [(0, 4)]


def test_attend_with_all_of_them(theirs: ModuleType, toys: ModuleType) -> None:
    """Lookup, oracle family, far field and machine, by name and as objects, against brute force."""
    rng = np.random.default_rng(2)
    Q, K, V = rng.integers(-2, 2, (2, 2)), rng.integers(-2, 2, (5, 2)), rng.normal(size=(5, 3))
    weights = np.where(Q @ K.T >= 1, np.exp(Q @ K.T), 0.1)
    wanted = weights @ V / weights.sum(axis=1, keepdims=True)
    for oracle in ("one_by_one", toys.OneByOne, "arithmetic"):
        machine = toys.Plain()
        made = attend(Q, K, V, 1.0, lookup="toy", oracle=oracle, far_field=toys.tenth, sampler=machine, bits=2, seed=1)
        assert [js.tolist() for js in made.found] == [np.flatnonzero(row).tolist() for row in Q @ K.T >= 1]
        np.testing.assert_allclose(made.output, wanted, atol=1e-12)
        assert made.queries.sum() == sum(job.iterations * job.shots for job in machine.jobs) > 0
        assert {job.row for job in machine.jobs} == {0, 1}
        assert (made.evaluations >= (0 if oracle == "arithmetic" else 5)).all()
    with pytest.raises(ValueError, match="one_by_one"):
        attend(Q, K, V, 1.0, oracle="abacus")


def test_a_run_with_their_provider(toys: ModuleType, tmp_path: Path) -> None:
    """Begun, submitted to the desk, collected, and read again from its folder without it."""
    K = np.array([[1.0, 1.0], [-1.0, 1.0], [0.0, -2.0], [1.0, -1.0]])
    Q = np.array([[1.0, 1.0], [1.0, 0.0]])
    desk = toys.Desk()
    request = Request("their desk", k=2, oracle="one_by_one", seeds=1)
    folder, seen = begin(tmp_path / "run", Q, K, np.eye(4), 1.0, request, connector=lambda: desk)
    assert seen.oracle == "one_by_one"
    done = go_on(folder, connector=lambda: desk)
    assert [js.tolist() for js in done.result.found] == [[0], [0, 3]]
    assert len(desk.kept) == done.facts["jobs"] > 0
    assert (done.result.evaluations >= 4).all(), "the family says that it scored every key"

    def unplugged() -> object:
        raise AssertionError("a finished run needs no provider")

    assert go_on(folder, connector=unplugged).to_dict()["found"] == done.to_dict()["found"]
