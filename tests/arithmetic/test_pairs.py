"""The comparison of two registers, on every input it may get, against plain integers."""

from __future__ import annotations

import numpy as np
import pytest

from qattn.arithmetic.pairs import PairComparison, Shape, pair_network
from qattn.lookups import get
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import bit_matrix, index_bits
from qattn.synthesis.reversible import execute


@pytest.mark.parametrize(("key_bits", "row_bits"), [(1, 1), (1, 3), (3, 1), (2, 2), (2, 4), (4, 2), (3, 3)])
def test_every_row_with_every_key_at_every_threshold(key_bits: int, row_bits: int) -> None:
    """One component: the numbers that a row and a key bring along, and the answer's sign; the network alone."""
    x, a = np.arange(-(1 << key_bits) // 2, 1 << key_bits >> 1), np.arange(-(1 << row_bits) // 2, 1 << row_bits >> 1)
    low, high = min(0, int(np.outer(x, a).min())), int(np.outer(x, a).max())
    a, T = (grid.ravel() for grid in np.meshgrid(a, np.arange(low, high + 2)))
    width = int(max(high + 1 - low, high - low)).bit_length() + 1
    what = PairComparison(
        x[:, None], key_bits, a[:, None], T, width, np.full(len(a), len(x)), tuple(np.empty((len(a), 0), np.int64))
    )
    assert what.shape.row_bits == row_bits
    net = pair_network(what.shape)
    i, j = np.divmod(np.arange(len(a) * len(x)), len(x))
    sizes = what.shape.sizes
    program = Netlist({"j": what.shape.index, "key": sizes[0], "row": sizes[1], "sum": net.wires - net.inputs - 1,
                       "score": 1})  # fmt: skip
    for name, wires in net.ops:
        program.operation(name, wires)
    words = {"j": bit_matrix(j, what.shape.index), "key": what.key_words[j], "row": what.row_words[i]}
    after = execute(program.program(), words, seed=0)
    assert np.array_equal(after.values("score"), a[i] * x[j] >= T[i])


def test_the_whole_of_it_with_known_keys_and_prefixes() -> None:
    rng = np.random.default_rng(0)
    X, A = rng.integers(-4, 4, (6, 2)), rng.integers(-4, 4, (5, 2))
    S, visible = A @ X.T, np.array([1, 6, 4, 5, 2])
    T = np.sort(S, axis=1)[:, 2]
    reached = (T[:, None] <= S) & (np.arange(6) < visible[:, None])
    known = tuple(np.flatnonzero(row)[:r] for r, row in enumerate(reached))
    for row, js in zip(reached, known, strict=True):
        row[js] = False
    what = PairComparison(X, 3, A, T, 8, visible, known)
    net = what.gates(get("unary"))
    index = np.arange(5 << index_bits(6))
    after = execute(net.program(), index.size, seed=0)
    i, j = np.divmod(index, 8)
    wanted = [key < 6 and reached[row, key] for row, key in zip(i, j, strict=True)]
    assert np.array_equal(after.values("score") == 1, wanted)
    assert reached.any()


def test_squares_take_fewer_ands_than_products() -> None:
    """(32 components of 6 bits): 55 ANDs a component, where products of single bits take 72."""
    ands = pair_network(Shape(32, 6, 6, 17, 10, False, 0)).ands
    assert 32 * 52 < ands < 32 * 56
    assert pair_network(Shape(32, 6, 6, 17, 10, False, 3)).ands == ands + 30
    assert pair_network(Shape(32, 6, 6, 17, 10, True, 0)).ands == ands + 11
