from __future__ import annotations

import itertools

import numpy as np
import pytest

from qattn.lookups.token_tree import route, routing_ands, routing_depth, token_tree
from qattn.synthesis.cost import count
from qattn.synthesis.reversible import execute


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8, 13, 16, 33])
def test_the_token_comes_out_at_leaf_j(n: int) -> None:
    circuit = route(n)
    run = execute(circuit, n)
    assert np.array_equal(run.bits("wire")[:, -n:], np.eye(n, dtype=bool))
    assert not run.bits("index").any()
    assert count(circuit).toffoli == routing_ands(n)
    assert count(circuit).toffoli_depth <= routing_depth(n)


def test_routing_depth_is_logarithmic() -> None:
    sizes = (4, 8, 16, 32)
    rows = [(n, count(route(n)).toffoli_depth, route(n).depth(), route(n).num_qubits) for n in sizes]
    for n, toffoli_depth, depth, qubits in rows:
        print(f"n = {n:2}: routing takes Toffoli depth {toffoli_depth}, depth {depth} in all gates, {qubits} qubits")
        assert toffoli_depth == routing_depth(n) == 3 * (n.bit_length() - 1) - 3
        assert qubits <= 3 * n + n.bit_length()
    steps = [after[2] - before[2] for before, after in itertools.pairwise(rows)]
    assert max(steps) <= 12  # doubling n adds a constant


@pytest.mark.parametrize("n", [4, 16, 32])
def test_a_query_stays_shallow(n: int) -> None:
    words = np.random.default_rng(n).integers(0, 8, n)
    assert count(token_tree(words, 3)).toffoli_depth <= 2 * routing_depth(n)
