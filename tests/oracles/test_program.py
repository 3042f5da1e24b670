"""The oracle's gates without its circuit: the same gates, much sooner, and the lookup once for all rows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn import ThresholdOracle
from qattn.arithmetic.base import phase_gates
from qattn.arithmetic.carry_save import CarrySave
from qattn.arithmetic.comparison import Comparison
from qattn.arithmetic.phase import Phase
from qattn.lookups import Lookup, get
from qattn.lookups.base import stored_load_all
from qattn.lookups.select_swap import SelectSwap
from qattn.lookups.unary import Unary, unary
from qattn.oracles.design import Form, all_forms
from qattn.resources.logical import cost_instance
from qattn.synthesis.flatten import flatten
from qattn.synthesis.gates import measured
from qattn.synthesis.program import Program
from qattn.synthesis.reversible import DirtyAncillaError, execute
from qattn.testing import assert_same_gates

CHEAPEST = Form.of("select_swap", "carry_save", "parallel")
SIZES = [(1, 2, 2), (2, 1, 1), (5, 3, 2), (13, 3, 3), (33, 4, 4)]


def oracle(n: int, d: int, bits: int, form: Form, quantile: float = 0.7, seed: int = 0) -> ThresholdOracle:
    rng, half = np.random.default_rng(seed), 2 ** (bits - 1)
    K, q = rng.integers(-half, half, (n, d)), rng.integers(-half, half, d)
    return ThresholdOracle.from_row(q, K, float(np.quantile(K @ q, quantile)), bits=bits).formed(form)


def written(circuit: QuantumCircuit) -> list[object]:
    """Registers, instructions, qubits, classical bits, parameters, and what loads and conditions hold, recursively."""
    place = {bit: i for i, bit in enumerate([*circuit.qubits, *circuit.clbits])}
    out: list[object] = [[(own.name, own.size) for own in (*circuit.qregs, *circuit.cregs)], circuit.global_phase]
    for i in circuit.data:
        plain = [p for p in i.operation.params if not isinstance(p, QuantumCircuit)]
        out.append((i.name, [place[bit] for bit in (*i.qubits, *i.clbits)], plain))
        if i.name in ("load", "unload"):
            out.append([written(i.operation.definition), written(i.operation.unload())])
        elif i.name == "if_else":
            out.append([place[i.operation.condition[0]], *map(written, i.operation.blocks)])
    return out


@pytest.mark.parametrize("form", all_forms(), ids=str)
def test_program_is_the_flattened_circuit(form: Form) -> None:
    """Gate by gate, the circuit composed and inverted by Qiskit; and the rendering with loads and ANDs in it."""
    for size in SIZES:
        own = oracle(*size, form)
        assert_same_gates(own.program(), flatten(own.circuit))
        gates = phase_gates(form.gates(own.comparison))
        assert written(gates.circuit()) == written(own.circuit), size
        assert written(measured(gates.circuit())) == written(own.measured_circuit), size
        assert np.array_equal(own.marked(), own.marks(np.arange(own.n))), size


@dataclass(frozen=True)
class Theirs(Lookup):
    """A circuit and nothing else."""

    def build(self, words: np.ndarray, width: int) -> QuantumCircuit:
        return unary(words, width)


@dataclass(frozen=True)
class Backwards(Unary):
    """Inherits gates, but builds a circuit of its own."""

    def build(self, words: np.ndarray, width: int) -> QuantumCircuit:
        return unary(words, width).inverse()


@dataclass(frozen=True)
class BackwardsQROAM(SelectSwap):
    """The same of a lookup that has a load of its own."""

    def build(self, words: np.ndarray, width: int) -> QuantumCircuit:
        return unary(words, width).inverse()


@dataclass(frozen=True)
class OwnLoad(SelectSwap):
    """Inherits gates, but loads in its own way."""

    def load(self, data: np.ndarray) -> QuantumCircuit:
        return get("unary").load(data)


@pytest.mark.parametrize("lookup", [Theirs(), Backwards(), BackwardsQROAM(), OwnLoad()])
@pytest.mark.parametrize("arithmetic", ["phase", "ripple", "carry_save"])
def test_a_lookup_without_gates_is_flattened(lookup: Lookup, arithmetic: str) -> None:
    """Its circuit is what counts, also where a subclass inherits the gates of another."""
    for form in (Form.of(lookup, arithmetic, layout) for layout in Form.of(lookup, arithmetic).arithmetic.layouts):
        own = oracle(13, 3, 3, form)
        assert_same_gates(own.program(), flatten(own.circuit))
        assert np.array_equal(own.marked(), own.marks(np.arange(own.n)))
    data = np.random.default_rng(1).integers(2, size=(13, 4)).astype(bool)
    assert_same_gates(lookup.loading(data).program(), flatten(lookup.load(data)))
    assert_same_gates(lookup.gates(data).program(), flatten(lookup.build(data.astype(int), 1)))
    ours = get("select_swap").load(data)
    assert written(lookup.load(data)) != written(ours)


@dataclass(frozen=True)
class Twice(CarrySave):
    """Inherits gates, but compares by an inner product that is another."""

    def compute(self, what: Comparison, lookup: Lookup, layout: str) -> QuantumCircuit:
        circuit = super().compute(what, lookup, layout)
        circuit.add_register(QuantumRegister(1, "more"))
        circuit.x(circuit.qubits[-1])
        return circuit


def test_an_inner_product_without_gates_is_flattened() -> None:
    own = oracle(13, 3, 3, Form.of("unary", Twice(), "parallel"))
    assert_same_gates(own.program(), flatten(own.circuit))
    assert own.program().registers["more"] == (own.circuit.num_qubits - 1,)
    with pytest.raises(ValueError, match="Twice with parallel keys is not one load"):
        own.lookup_program()


HALVED = [form for form in all_forms() if form.key_layout == "parallel" and not isinstance(form.arithmetic, Phase)]


@pytest.mark.parametrize("form", HALVED, ids=str)
def test_rows_share_the_lookup(form: Form) -> None:
    """The halves, executed one after the other, mark what the whole marks; the lookup is one object for all rows."""
    rng = np.random.default_rng(0)
    K = rng.integers(-8, 8, (40, 3))
    rows = [ThresholdOracle.from_row(q, K, 5, bits=4).formed(form) for q in rng.choice([-7, -5, 3, 5, 7], (4, 3))]
    lookup = rows[0].lookup_program()
    loaded = execute(lookup, 40).bits("key")
    assert np.array_equal(loaded, rows[0].comparison.key_bits[:, : loaded.shape[1]])
    for row in rows:
        assert row.lookup_program() is lookup
        half = row.arithmetic_program()
        run = execute(half, {"key": loaded}).check_clean("key")
        assert np.array_equal(run.signs, row.marks(np.arange(40)))
        assert np.array_equal(run.bits("key"), loaded)
        assert 2 * lookup.gates + half.gates == row.program().gates
    other = replace(rows[0], K=K[::-1], keys=replace(rows[0].keys, X=rows[0].keys.X[::-1]))
    assert other.lookup_program() is not lookup


def test_a_row_that_needs_fewer_key_bits_has_a_lookup_of_its_own() -> None:
    K = np.random.default_rng(0).integers(-8, 8, (20, 3))
    rows = [ThresholdOracle.from_row(q, K, 2, bits=4).formed(CHEAPEST) for q in ([3, 5, 1], [3, 0, 1], [0, 0, 0])]
    for row in rows:
        loaded = execute(row.lookup_program(), 20).bits("key") if row.q.any() else np.zeros((20, 0), dtype=bool)
        run = execute(row.arithmetic_program(), {"key": loaded}).check_clean("key")
        assert np.array_equal(run.signs, row.marks(np.arange(20)))
    assert len({row.lookup_program().qubits for row in rows}) == 3


@pytest.mark.parametrize("layout", ["streamed", "parallel"])
def test_streams_have_no_halves(layout: str) -> None:
    own = oracle(5, 3, 2, Form.of("unary", "phase" if layout == "parallel" else "ripple", layout))
    for half in (own.lookup_program, own.arithmetic_program):
        with pytest.raises(ValueError, match=f"with {layout} keys is not one load and one comparison"):
            half()


def test_any_gate_of_the_comparison_matters() -> None:
    """Null: with any one gate left out, a dirty ancilla, a lost key or a wrong sign, on all keys there can be."""
    K = np.array(list(np.ndindex(8, 8, 8))) - 4
    own = ThresholdOracle.from_row([3, -2, 1], K, 5, bits=3).formed(CHEAPEST)
    half, loaded, marks = (
        own.arithmetic_program(),
        execute(own.lookup_program(), 512).bits("key"),
        own.marks(range(512)),
    )
    for i in range(len(half)):
        wrong = replace(half, ops=np.delete(half.ops, i, axis=0), helper=np.delete(half.helper, i))
        try:
            run = execute(wrong, {"key": loaded}).check_clean("key")
        except DirtyAncillaError:
            continue
        assert not (np.array_equal(run.signs, marks) and np.array_equal(run.bits("key"), loaded)), i


def clock(function: Callable[[], Program]) -> tuple[float, Program]:
    stored_load_all.cache_clear()
    start = time.perf_counter()
    made = function()
    return time.perf_counter() - start, made


def test_a_program_is_there_long_before_the_circuit() -> None:
    """At (512, 32, 6), nothing kept from before: at least 8 times as soon as building the circuit and flattening it."""
    q, K, tau = cost_instance(512, 32, 6)
    own = ThresholdOracle.from_row(q, K, tau, bits=6).formed(CHEAPEST)
    slow, circuit = clock(lambda: flatten(own.circuit))
    fast, program = min((clock(own.program) for _ in range(3)), key=lambda run: run[0])
    assert slow > 8 * fast
    assert_same_gates(program, circuit)
    assert program.gates > 100_000


FRESH = """
import numpy as np
from qattn.resources.logical import cost_instance
from qattn import ThresholdOracle
q, K, tau = cost_instance(4096, 64, 8)
own = ThresholdOracle.from_row(q, K, tau, bits=8, lookup="select_swap", arithmetic="carry_save", key_layout="parallel")
assert np.array_equal(own.marked(), np.array(K) @ np.array(q) >= tau)
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads the peak from /proc")
def test_a_row_at_full_size_fits_in_little_memory() -> None:
    """(4096, 64, 8), 2.1 million gates, compiled and executed on all inputs in a fresh process: under 1.5 GiB."""
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1.5 * 2**20
