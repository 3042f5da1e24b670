from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn.lookups.select_swap import best_block, block_load, load_ands, select_swap
from qattn.synthesis.cost import count
from qattn.synthesis.gates import measured
from qattn.synthesis.registers import bit_matrix, index_bits
from qattn.synthesis.reversible import execute


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 13, 40])
def test_every_block_size_loads_every_word(n: int, width: int) -> None:
    rng = np.random.default_rng(n)
    words, start = rng.integers(0, 2**width, n), rng.integers(0, 2**width, n)
    for block in (1 << k for k in range(index_bits(n) + 1)):
        circuit = measured(select_swap(words, width, block))
        for seed in range(3):
            run = execute(circuit, {"index": np.arange(n), "word": start}, seed=seed).check_clean("index", "word")
            assert np.array_equal(run.values("word"), words ^ start)
            assert not run.signs.any()
        assert count(circuit).toffoli == load_ands(n, width, block)


def test_a_block_of_four_takes_three_ands_for_two_bits() -> None:
    words = np.random.default_rng(0).integers(0, 2**6, 64)
    assert load_ands(64, 6, 4) == (16 - 1 - 4) + 1 + 9
    assert count(measured(block_load(words, 6, 4))).toffoli == load_ands(64, 6, 4)


def test_measured_unload_takes_no_toffoli() -> None:
    load = block_load(np.random.default_rng(0).integers(0, 2**6, 64), 6)
    there_and_back = measured(load.compose(load.inverse()))
    assert count(there_and_back).toffoli == count(measured(load)).toffoli
    assert not execute(there_and_back, 64, seed=4).check_clean("index").signs.any()


@given(st.integers(1, 5000), st.integers(1, 600))
@settings(deadline=None, max_examples=60)
def test_best_block_beats_its_neighbours(n: int, bits: int) -> None:
    block = best_block(n, bits)
    assert load_ands(n, bits, block) <= min(load_ands(n, bits, other) for other in (1, max(1, block // 2), block * 2))


def test_bad_block_is_named() -> None:
    with pytest.raises(ValueError, match="block = 3"):
        select_swap(np.arange(8), 3, block=3)
    with pytest.raises(ValueError, match="block = 16"):
        select_swap(np.arange(8), 3, block=16)


def test_words_of_many_components() -> None:
    data = np.random.default_rng(1).integers(-8, 8, (100, 20))
    run = execute(block_load(data, 4), 100)
    assert np.array_equal(run.bits("word"), bit_matrix(data, 4))
