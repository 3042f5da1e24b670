"""The OR of R rows in one oracle: against plain integers on every input, in every form, and what breaks it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qattn import GroverStatistics, SparseSampler, ThresholdOracle, find_all
from qattn.arithmetic.base import phase_gates
from qattn.arithmetic.union import intervals, union
from qattn.oracles.block import BlockOracle
from qattn.oracles.design import Form, all_forms
from qattn.scores import scores
from qattn.simulator.marks import Marks
from qattn.synthesis.cost import count
from qattn.synthesis.execution import DirtyAncillaError
from qattn.synthesis.netlist import AND, Netlist
from qattn.synthesis.registers import index_bits
from qattn.synthesis.reversible import execute
from qattn.testing import assert_maps

SIZES = [(1, 1, 2, 2), (3, 2, 2, 2), (5, 2, 3, 4), (12, 3, 3, 8), (16, 2, 3, 4)]
TOFFOLI = Form.of("select_swap", "carry_save")


def prefix(row: ThresholdOracle, m: int) -> ThresholdOracle:
    return replace(row, K=row.K[:m], keys=row.keys.prefix(m))


def block(n: int, d: int, bits: int, R: int, seed: int = 0, form: Form = TOFFOLI) -> tuple[BlockOracle, np.ndarray]:
    """Rows with thresholds and prefixes of their own, and which keys some row reaches, from plain integers."""
    rng, half = np.random.default_rng((n, d, R, seed)), 2 ** (bits - 1)
    K, Q = rng.integers(-half, half, (n, d)), rng.integers(-half, half, (R, d))
    visible = rng.integers(1, n + 1, R)
    visible[rng.integers(R)] = n
    S = K @ Q.T
    taus = [int(np.sort(S[:m, r])[-1 - int(m > 2)]) + int(rng.random() < 0.4) for r, m in enumerate(visible)]
    rows = [ThresholdOracle.from_row(q, K, tau, bits=bits).formed(form) for q, tau in zip(Q, taus, strict=True)]
    reached = (taus <= S) & (np.arange(n)[:, None] < visible)
    rows = [prefix(row, int(m)) for row, m in zip(rows, visible, strict=True)]
    return BlockOracle(tuple(rows)), reached.any(axis=1)


@pytest.mark.parametrize("size", SIZES)
def test_every_input_in_every_form(size: tuple[int, int, int, int]) -> None:
    """Signs against plain integers, ancillas clean, and the cost in both renderings equal to the count."""
    seen = []
    for form in all_forms():
        oracle, reached = block(*size, form=form)
        assert np.array_equal(oracle.marked_set, np.flatnonzero(reached))
        assert np.array_equal(oracle.marked(), reached), str(form)
        assert oracle.qubits == oracle.cost(by_measurement=False).qubits, str(form)
        if form.shares:
            assert count(oracle.measured_circuit) == oracle.cost(), str(form)
            assert count(oracle.circuit) == oracle.cost(by_measurement=False), str(form)
        seen.append(reached.mean())
    assert size[0] < 5 or 0 < seen[0] < 1


@pytest.mark.parametrize("R", [2, 4, 8])
@pytest.mark.parametrize(("n", "d", "bits"), [(33, 4, 4), (64, 3, 5), (100, 8, 3)])
def test_every_input_of_larger_blocks(n: int, d: int, bits: int, R: int) -> None:
    marks = Marks()
    for form in (TOFFOLI, Form.of("unary", "ripple", "parallel")):
        for seed in range(2):
            oracle, reached = block(n, d, bits, R, seed, form)
            assert 0 < reached.sum() < n
            assert np.array_equal(oracle.marked(), reached)
            assert np.array_equal(marks.of(oracle), reached), "with the load shared between blocks"


def test_amplitude_by_amplitude_on_aer() -> None:
    for form in (Form.of("table", "phase"), Form.of("unary", "ripple", "streamed")):
        oracle, reached = block(5, 1, 2, 2, form=form)
        basis = [{"index": j} for j in range(oracle.n)]
        assert oracle.qubits <= 18
        assert_maps(oracle.circuit, basis, basis, phases=np.where(reached, -1, 1))
        for flag in (0, 1):
            inputs = [{"index": j, "flag_out": flag} for j in range(oracle.n)]
            outputs = [{"index": j, "flag_out": flag ^ int(reached[j])} for j in range(oracle.n)]
            assert_maps(oracle.bit_circuit, inputs, outputs)


@given(n=st.integers(1, 20), seed=st.integers(0, 2**32 - 1), R=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_union_of_answers_on_prefixes(n: int, seed: int, R: int) -> None:
    """Every index with every combination of answers."""
    visible = np.random.default_rng(seed).integers(1, n + 1, R).tolist()
    what = union(n, visible)
    net = Netlist({"index": index_bits(n), "answer": R, "any": what.ancillas, "score": 1})
    for name, wires in what.ops:
        net.operation(name, wires)
    index, answer = (x.ravel() for x in np.meshgrid(np.arange(n), np.arange(1 << R)))
    wanted = [any(a >> r & 1 and j < m for r, m in enumerate(visible)) for j, a in zip(index, answer, strict=True)]
    after = execute(net.program(), {"index": index, "answer": answer}, seed=0)
    assert np.array_equal(after.values("score"), wanted)
    assert np.array_equal(after.values("index"), index)
    assert np.array_equal(after.values("answer"), answer)
    assert what.ands <= 2 * R - 1 + (len(set(visible) - {n}) * (index_bits(n) - 1))
    for m in visible:
        below = [sum(j & mask == pattern for pattern, mask in intervals(m, n)) for j in range(n)]
        assert below == [int(j < m) for j in range(n)]


def test_rows_share_the_load() -> None:
    """(256, 16, 4) by QROAM: eight rows in one query take less than half of what eight queries take."""
    rng = np.random.default_rng(1)
    K, Q = rng.integers(-8, 8, (256, 16)), rng.integers(-8, 8, (8, 16))
    rows = tuple(ThresholdOracle.from_row(q, K, 300, bits=4).formed(Form.of("unary", "carry_save")) for q in Q)
    apart = sum(row.cost().toffoli for row in rows)
    assert 2 * BlockOracle(rows).cost().toffoli < apart
    one = BlockOracle(rows[:1])
    assert one.cost().toffoli == rows[0].cost().toffoli, "a block of one row costs what the row costs"
    turns = BlockOracle(tuple(row.formed(Form.of("unary", "ripple")) for row in rows[:2]))
    assert not turns.form.shares
    assert turns.cost().toffoli >= 2 * sum(row.cost().toffoli for row in turns.rows), "in turn saves nothing"


def test_every_and_matters_and_a_dirty_ancilla_is_an_error() -> None:
    """Leave out the undo of one AND: some ancilla stays dirty. Leave out both: some sign is wrong, or it is dirty."""
    oracle, reached = block(16, 2, 3, 4)
    net = phase_gates(oracle.form.any_gates(oracle.comparison))
    wires, program = net.rows, oracle.program()
    first = int(np.flatnonzero(wires[:, 0] == AND)[-1])
    marks = Marks(change=lambda rows: np.delete(rows, len(rows) - 1, axis=0))
    assert first > 0
    assert len(program) > first
    found_out = 0
    places = np.flatnonzero(program.ops[:, 0] == 2)  # CCX
    half = len(places) // 2
    for place in places[half:]:
        ops = np.delete(program.ops, place, axis=0)
        broken = replace(program, ops=ops, helper=np.zeros(len(ops), dtype=bool))
        try:
            execute(broken, oracle.n, seed=0).check_clean("index")
        except DirtyAncillaError:
            found_out += 1
    assert found_out > 0.6 * half, "an AND whose target is 0 on all inputs leaves nothing behind"
    with pytest.raises((DirtyAncillaError, AssertionError)):
        assert np.array_equal(marks.of(oracle), reached), "the last gate undoes something"


def test_as_a_searchable() -> None:
    """Marks, scores, pairs, thresholds; find_all finds the union on statistics and on whole circuits."""
    oracle, reached = block(33, 4, 4, 4, seed=3)
    js = np.arange(oracle.n)
    table = np.array([[scores(row.q, row.K)[j] if j < row.n else -np.inf for row in oracle.rows] for j in js])
    assert np.array_equal(oracle.row_scores(js), table)
    assert np.array_equal(oracle.score(js), (table - oracle.thresholds).max(axis=1))
    assert np.array_equal(oracle.marks(js), reached)
    assert oracle.pairs(32) == [(r, 32) for r, row in enumerate(oracle.rows) if row.n == 33]
    for sampler in (GroverStatistics(), SparseSampler()):
        found = find_all(oracle, sampler=sampler, delta=1e-6, seed=0)
        assert np.array_equal(found.indices, np.flatnonzero(reached))
    higher = oracle.raised([oracle.rows[0].tau + 1, *oracle.thresholds[1:]])
    assert higher.rows[1] is oracle.rows[1]
    assert set(higher.marked_set) <= set(oracle.marked_set)
    with pytest.raises(ValueError, match="a threshold for each row"):
        find_all(oracle, k=2, sampler=GroverStatistics())


def test_whole_circuits_gate_by_gate() -> None:
    """The literal simulation of Grover circuits on a block's oracle finds the union too."""
    oracle, reached = block(5, 1, 2, 2, seed=1)
    found = find_all(oracle, sampler=SparseSampler(literal=True), delta=0.05, seed=0)
    assert np.array_equal(found.indices, np.flatnonzero(reached))


def test_margins_of_real_rows() -> None:
    """Real rows: every member of every row is marked, and nothing that no row's integers mark."""
    rng = np.random.default_rng(0)
    K, Q = rng.normal(size=(50, 4)), rng.normal(size=(4, 4))
    rows = tuple(ThresholdOracle.from_row(q, K, 1.5, bits=4).formed(TOFFOLI) for q in Q)
    oracle = BlockOracle(rows)
    assert not oracle.exact
    members = np.flatnonzero((K @ Q.T >= 1.5).any(axis=1))
    assert set(members) <= set(np.flatnonzero(oracle.marked()))
    assert np.array_equal(np.flatnonzero(oracle.marked()), oracle.marked_set)


def test_rows_that_do_not_belong_together() -> None:
    row = ThresholdOracle.from_row([1, 2], [[1, 0], [0, 1]], 1, bits=3)
    other = ThresholdOracle.from_row([1, 2], [[1, 0], [1, 1]], 1, bits=3)
    with pytest.raises(ValueError, match="at least one row"):
        BlockOracle(())
    with pytest.raises(ValueError, match="other keys"):
        BlockOracle((row, other))
    with pytest.raises(ValueError, match="one form"):
        BlockOracle((row, row.formed(TOFFOLI)))
