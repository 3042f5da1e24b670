"""The oracle of all pairs: against plain integers on every input, its cost, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qattn import lookups
from qattn.encoding.precision import Precision
from qattn.oracles.design import Form
from qattn.oracles.matrix import MatrixOracle
from qattn.oracles.rows import compile_rows
from qattn.problem import make_problem
from qattn.scores import scores
from qattn.simulator.signs import index_signs
from qattn.synthesis.cost import count
from qattn.synthesis.execution import DirtyAncillaError
from qattn.synthesis.reversible import execute

SIZES = [(2, 1, 1, 2), (2, 2, 1, 2), (3, 5, 2, 2), (4, 8, 2, 3), (5, 16, 2, 3), (7, 12, 3, 4), (16, 33, 4, 3)]


def matrix(
    n_q: int, n: int, d: int, bits: int, seed: int = 0, *, lookup: str = "select_swap", known: bool = True,
    causal: bool = True, real: bool = False,
) -> tuple[MatrixOracle, np.ndarray]:  # fmt: skip
    """An oracle with thresholds, prefixes and known keys of its own in each row, and (n_q, 2^b) what it should mark."""
    rng, half = np.random.default_rng((n_q, n, d, bits, seed)), 2 ** (bits - 1)
    K, Q = (rng.integers(-half, half, (m, d)).astype(float) for m in (n, n_q))
    if real:
        K, Q = K + rng.normal(size=K.shape), Q + rng.normal(size=Q.shape)
    visible = rng.integers(1, n + 1, n_q) if causal else np.full(n_q, n)
    S = np.stack([scores(q, K) for q in Q])
    tau = np.array([np.sort(S[i, :m])[-1 - int(m > 2)] + (rng.random() < 0.3) for i, m in enumerate(visible)])
    problem = make_problem(Q, K, K, tau, visible=visible)
    rows = compile_rows(problem, Precision(bits, None, 1, 0, 0), form=Form.of(lookup, "carry_save"))
    all_pairs = MatrixOracle(rows)
    marked = np.zeros((n_q, all_pairs.width), dtype=bool)
    reached = np.stack([rows.keys.X @ code.A >= code.T for code in rows.codes])
    marked[:, :n] = reached & (np.arange(n) < visible[:, None])
    some = [rng.permutation(js := np.flatnonzero(row))[: rng.integers(js.size + 1)] for row in marked]
    if known:
        for i, js in enumerate(some):
            marked[i, js] = False
    return (replace(all_pairs, known=tuple(some)) if known else all_pairs), marked


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lookup", lookups.names())
def test_every_input_by_every_lookup(size: tuple[int, int, int, int], lookup: str) -> None:
    """Signs against plain integers, ancillas clean, and the cost in both renderings equal to the count."""
    for known, causal in ((True, True), (False, True), (True, False)):
        oracle, marked = matrix(*size, lookup=lookup, known=known, causal=causal)
        assert oracle.n == marked.size
        assert np.array_equal(oracle.marked_set, np.flatnonzero(marked))
        assert np.array_equal(oracle.marks(np.arange(oracle.n)), marked.ravel())
        assert np.array_equal(oracle.marked(), marked.ravel())
        assert oracle.qubits == oracle.circuit.num_qubits
    assert count(oracle.measured_circuit) == oracle.cost()
    assert count(oracle.circuit) == oracle.cost(by_measurement=False)


@pytest.mark.parametrize("size", SIZES[2:])
def test_reals_with_a_margin(size: tuple[int, int, int, int]) -> None:
    """Every pair at or above its threshold is marked, and the score says which pairs are."""
    for seed in range(4):
        oracle, marked = matrix(*size, seed=seed, real=True, known=False)
        assert np.array_equal(oracle.marked(), marked.ravel())
        p = oracle.rows.problem
        members = [(i, j) for i in range(p.n_q) for j in np.flatnonzero(p.scores(i) >= p.tau[i])]
        above = np.flatnonzero(oracle.score(np.arange(oracle.n)) >= 0)
        assert [oracle.pair(index) for index in above] == members
        assert np.all(oracle.marks(above))
        assert not oracle.exact


def test_on_superpositions() -> None:
    """The unitary circuit on a sparse state: signs with their phases, on all indices at once."""
    for size in SIZES[:2]:
        oracle, marked = matrix(*size, lookup="unary")
        assert np.array_equal(index_signs(oracle.circuit, oracle.n), marked.ravel())


def test_leaving_out_a_gate_is_seen() -> None:
    """Of all Toffolis of the uncomputation, leaving one out leaves an ancilla dirty in most cases."""
    oracle, _ = matrix(7, 12, 3, 4)
    program = oracle.program()
    places = np.flatnonzero(program.ops[:, 0] == 2)
    places = places[len(places) // 2 :: 4]
    seen = 0
    for place in places:
        ops = np.delete(program.ops, place, axis=0)
        broken = replace(program, ops=ops, helper=np.zeros(len(ops), dtype=bool))
        try:
            execute(broken, oracle.n, seed=0).check_clean("index")
        except DirtyAncillaError:
            seen += 1
    assert len(places) > 20
    assert seen > 0.6 * len(places)


def test_known_keys_cost_little() -> None:
    """(64, 64, 8, 4): a slot costs log2 n ANDs and the words it lengthens, however many rows fill it."""
    rng = np.random.default_rng(3)
    Q, K = (rng.integers(-8, 8, (64, 8)).astype(float) for _ in range(2))
    tau = np.sort(Q @ K.T, axis=1)[:, -4]
    rows = compile_rows(make_problem(Q, K, K, tau), Precision(4, None, 1, 0, 0), form=Form.of("unary", "carry_save"))
    plain = MatrixOracle(rows)
    i, j = np.divmod(plain.marked_set, plain.width)
    known = tuple(j[i == row] for row in range(64))
    full = MatrixOracle(rows, known)
    slots = max(map(len, known))
    assert full.marked_set.size == 0
    assert np.array_equal(full.marked(), np.zeros(full.n, dtype=bool))
    assert full.cost().toffoli - plain.cost().toffoli == slots * 6


def test_what_it_refuses() -> None:
    oracle, marked = matrix(4, 8, 2, 3, known=False)
    p = oracle.rows.problem
    i, j = oracle.pair(int(oracle.marked_set[0]))
    with pytest.raises(ValueError, match=f"row {i}: the known keys"):
        MatrixOracle(oracle.rows, tuple(np.array([j, j] if row == i else [], dtype=np.int64) for row in range(4)))
    i, j = next((i, j) for i, j in np.argwhere(~marked))
    with pytest.raises(ValueError, match=f"row {i}: the known keys"):
        MatrixOracle(oracle.rows, tuple(np.array([j] if row == i else [], dtype=np.int64) for row in range(4)))
    with pytest.raises(ValueError, match="known keys of 3 rows"):
        MatrixOracle(oracle.rows, (np.empty(0, np.int64),) * 3)
    with pytest.raises(ValueError, match="threshold of its own"):
        oracle.at(1.0)
    with pytest.raises(ValueError, match="give tau"):
        MatrixOracle(replace(oracle.rows, problem=make_problem(p.Q, p.K, p.K, k=2)))
    with pytest.raises(ValueError, match="one row"):
        MatrixOracle(replace(oracle.rows, problem=make_problem(p.Q[:1], p.K, p.K, 1.0)))
