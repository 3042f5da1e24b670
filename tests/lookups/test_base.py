"""What every lookup owes: its words, its undo, its prices; and what `Lookup` refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn import ThresholdOracle
from qattn.lookups import Lookup, get, names
from qattn.lookups.base import load_all
from qattn.lookups.table import table
from qattn.synthesis.cost import count
from qattn.synthesis.gates import measured, unitary
from qattn.synthesis.registers import bit_matrix
from qattn.synthesis.reversible import execute

SIZES = [1, 2, 3, 5, 8, 13, 64, 100]
KINDS = list(names())  # the registry, so that a new lookup is tested by its line there


def words(n: int, width: int) -> np.ndarray:
    return np.random.default_rng(n).integers(0, 2**width, n)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_lookup_xors_the_word_of_every_index(kind: str, n: int) -> None:
    """On a fresh and on a used word register, in every rendering, and backwards; ancillas end in |0>."""
    data, start = words(n, 5), words(n, 5)[::-1]
    circuit = get(kind).build(data, 5)
    there_and_back = circuit.compose(circuit.inverse())
    for render in (QuantumCircuit.copy, unitary, measured):
        run = execute(render(circuit), {"index": np.arange(n), "word": start}, seed=n).check_clean("index", "word")
        assert np.array_equal(run.values("word"), start ^ data)
        assert np.array_equal(run.values("index"), np.arange(n))
        assert not run.signs.any()
        assert not execute(render(there_and_back), n, seed=n).check_clean("index").signs.any()


@pytest.mark.parametrize("kind", KINDS)
def test_many_words_side_by_side(kind: str) -> None:
    data = np.random.default_rng(0).integers(-4, 4, (11, 30))
    run = execute(get(kind).build(data, 3), 11).check_clean("index", "word")
    assert np.array_equal(run.bits("word"), bit_matrix(data, 3))


def test_unknown_lookup_is_named() -> None:
    with pytest.raises(ValueError, match=r"'quantum'.*unary"):
        get("quantum")


@pytest.mark.parametrize("kind", KINDS)
def test_prices_are_the_counts(kind: str) -> None:
    """Of the lookup and of the load, there and back, in both renderings: formula against gate by gate."""
    lookup, rng = get(kind), np.random.default_rng(0)
    for n in [*range(1, 20), 24, 25, 33, 48, 49, 64, 65]:
        data = rng.integers(2, size=(n, int(rng.integers(1, 6)))).astype(bool)
        for by_measurement in (True, False):
            assert lookup.cost(data, by_measurement=by_measurement) == Lookup.cost(
                lookup, data, by_measurement=by_measurement
            )
            load, render = lookup.load(data), measured if by_measurement else QuantumCircuit.copy
            there, back = lookup.load_cost(data, by_measurement=by_measurement)
            loaded, unloaded = count(render(load)), count(render(load.inverse()))
            assert (there, replace(back, qubits=0)) == (loaded, replace(unloaded, qubits=0))
            assert max(there.qubits, back.qubits) == max(loaded.qubits, unloaded.qubits)


@pytest.mark.parametrize("kind", KINDS)
def test_whole_keys_are_undone_by_measurement(kind: str) -> None:
    data = bit_matrix(np.random.default_rng(1).integers(0, 16, (21, 3)), 4)
    load = load_all(get(kind), data)
    assert np.array_equal(execute(load, 21).bits("key"), data)
    there_and_back = measured(load.compose(load.inverse()))
    for seed in range(3):
        assert not execute(there_and_back, 21, seed=seed).check_clean("index").signs.any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "bits"), [(16, 4), (64, 8), (100, 6), (256, 2)])
def test_price_by_shape_is_that_of_random_words(kind: str, n: int, bits: int) -> None:
    data = np.random.default_rng(3).integers(2, size=(n, bits)).astype(bool)
    there, back = get(kind).load_cost(data)
    by_shape, counted = get(kind).shape_cost(n, bits), there + back
    if kind == "table":
        assert by_shape.toffoli == pytest.approx(counted.toffoli, rel=0.3)
    else:
        assert (by_shape.toffoli, by_shape.qubits) == (counted.toffoli, counted.qubits)
    assert by_shape.cnot == pytest.approx(counted.cnot, rel=0.2, abs=40)
    assert abs(by_shape.toffoli_depth - counted.toffoli_depth) <= (8 if kind != "table" else counted.toffoli_depth / 2)


@dataclass(frozen=True)
class Wrong(Lookup):
    """An empty circuit on registers of these names and sizes."""

    registers: tuple[tuple[str, int], ...]
    clbits: int = 0

    def build(self, words: np.ndarray, width: int) -> QuantumCircuit:
        circuit = QuantumCircuit(*(QuantumRegister(size, name) for name, size in self.registers))
        if self.clbits:
            circuit.measure_all()
        return circuit


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong((("index", 2),)),
        Wrong((("word", 3), ("index", 2))),
        Wrong((("index", 3), ("word", 3))),
        Wrong((("index", 2), ("word", 2))),
        Wrong((("index", 2), ("word", 3), ("score", 1))),
        Wrong((("index", 2), ("word", 3)), clbits=1),
    ],
)
def test_other_registers_are_refused(wrong: Wrong) -> None:
    """An ancilla called `score` would be composed onto the score itself."""
    data = np.ones((4, 3), dtype=bool)
    for use in (wrong.cost, wrong.load, lambda rows: load_all(wrong, rows)):
        with pytest.raises(ValueError, match="'Wrong' builds a circuit on registers"):
            use(data)


class Growing(Lookup):
    """As many ancillas as words that are not 0, put to no use."""

    def build(self, words: np.ndarray, width: int) -> QuantumCircuit:
        circuit = table(words, width)
        circuit.add_register(QuantumRegister(np.count_nonzero(np.any(words, axis=1) if words.ndim > 1 else words), "a"))
        return circuit


@pytest.mark.parametrize("arithmetic", ["phase", "ripple"])
def test_ancillas_may_depend_on_the_words(arithmetic: str) -> None:
    """A component is loaded with more ancillas than the one before it."""
    K = np.array([[0, 1], [0, -2], [1, 1], [0, 0], [0, 1]])
    oracle = ThresholdOracle.from_row([1, 1], K, 1, bits=2, lookup=Growing(), arithmetic=arithmetic)
    assert np.array_equal(oracle.marked(), K.sum(axis=1) >= 1)
    assert count(oracle.measured_circuit) == oracle.cost()
    assert oracle.qubits == oracle.circuit.num_qubits


def test_nothing_is_built_to_price_more_than_fits() -> None:
    with pytest.raises(ValueError, match="shape_cost"):
        Wrong(()).shape_cost(1 << 40, 8)
