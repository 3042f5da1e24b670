from __future__ import annotations

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn.lookups import get
from qattn.lookups.unary import unary
from qattn.synthesis.gates import measured, unitary
from qattn.synthesis.registers import bit_matrix
from qattn.synthesis.reversible import execute

SIZES = [1, 2, 3, 5, 8, 13, 64, 100]
KINDS = ["table", "unary", "select_swap", "bucket_brigade"]


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


@pytest.mark.parametrize("n", SIZES)
def test_unary_iteration_takes_n_minus_2_ands(n: int) -> None:
    assert unary(words(n, 3), 3).count_ops().get("temporary_and", 0) == max(0, n - 2)


def test_unknown_lookup_is_named() -> None:
    with pytest.raises(ValueError, match=r"'quantum'.*unary"):
        get("quantum")
