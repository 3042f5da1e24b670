"""The stepper's record, held against plain integers, theory, and the simulator's state."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from qiskit.circuit import Parameter, QuantumCircuit, QuantumRegister

from qattn.arithmetic.bit_heap import network
from qattn.oracles.base import CircuitOracle
from qattn.oracles.design import Form
from qattn.oracles.threshold import ThresholdOracle
from qattn.oracles.truth_table import TruthTableOracle
from qattn.search.protocols import Job, MarkedSet
from qattn.show.gallery import FORMS, oracle
from qattn.show.stepper import step
from qattn.show.steps import Steps

EVERY = {**FORMS, "unary-phase": Form.of("unary", "phase", "streamed"),
         "table-ripple": Form.of("table", "ripple", "streamed"),
         "parallel-ripple": Form.of("select_swap", "ripple", "parallel"),
         "parallel-phase": Form.of("table", "phase", "parallel")}  # fmt: skip


def instance(n: int = 13, form: str = "textbook", tau: float = 5) -> ThresholdOracle:
    rng = np.random.default_rng(5)
    K = rng.integers(-4, 4, size=(n, 3))
    return ThresholdOracle.from_row([3, -1, 2], K, tau, bits=3).formed(EVERY[form])


def carry_save(searched: ThresholdOracle) -> tuple[list[int], list[list[int]]]:
    """Register key as loaded; key, sum and score after the network of adders: bit by bit, in plain integers."""
    what = searched.comparison
    net = network(what.A, what.T, what.bits, what.width)
    keys, half = len(net.keys), 1 << (what.bits - 1)
    loaded, after = [], []
    for row in what.X.tolist():
        bits = [(row[place // what.bits] + half) >> (place % what.bits) & 1 for place in net.keys]
        loaded.append(sum(bit << i for i, bit in enumerate(bits)))
        bits += [0] * (net.wires - keys)
        for _, (*controls, target) in net.ops:
            bits[target] ^= all(bits[wire] for wire in controls)
        parts = bits[:keys], bits[keys:-1], bits[-1:]
        after.append([sum(bit << i for i, bit in enumerate(part)) for part in parts])
    return loaded, [list(column) for column in zip(*after, strict=True)]


def assert_registers(steps: Steps, searched: ThresholdOracle) -> None:
    """Every register of every branch at every stage equals plain integers, told from the stage's name alone."""
    what = searched.comparison
    X, A, T, half = what.X, what.A, what.T, 1 << (what.bits - 1)
    names = {own.name: own for own in steps.registers}
    history: list[dict[str, list[int | None]]] = []
    references: list[np.ndarray] = []
    open_stages: list[int] = []
    start = T - 1 + (int(A.sum()) * half if searched.form.arithmetic.name == "ripple" else 0)
    score = np.full(len(X), 0)
    for i, stage in enumerate(steps.stages):
        now = {name: steps.integers(i, name) for name in names}
        assert now["index"] == list(range(len(X)))
        if stage.name in ("uniform start", "diffusion"):
            assert all(not any(column) for name, column in now.items() if name != "index"), "ancillas are clean"
            score[:] = 0
            assert not open_stages
        elif stage.name.startswith("undo "):
            done = open_stages.pop()
            assert stage.name == f"undo {steps.stages[done].name}"
            assert now == history[done - 1]
            score = references[done - 1].copy()
        else:
            if stage.name != "Z on the sign":
                open_stages.append(i)
            if found := re.fullmatch(r"load component (\d+)", stage.name):
                own, c = now["key"], int(found[1])
                read = X[:, c] % (2 * half) if "two's complement" in stage.note else X[:, c] + half
                assert own == read.tolist()
            elif found := re.fullmatch(r"load bit (\d+) of component (\d+)", stage.name):
                assert now["key"] == (X[:, int(found[2])] >> int(found[1]) & 1).tolist()
            elif stage.name == "start the score":
                score[:] = start
            elif stage.name.startswith("multiply-add"):
                if found := re.fullmatch(r"score -> score ([+-]) (\d+) \(K_j,(\d+)(?: \+ (\d+))?\)", stage.note):
                    score += int(found[1] + found[2]) * (X[:, int(found[3])] + int(found[4] or 0))
                elif found := re.search(r"bit (\d+) of component (\d+)", stage.name):
                    t, c = int(found[1]), int(found[2])
                    score -= A[c] * (-half if t == what.bits - 1 else 1 << t) * (X[:, c] >> t & 1)
                else:  # all planes at once
                    score -= X @ A
            elif stage.name.startswith(("compare", "add up")):
                score[:] = T - 1 - X @ A
            if stage.name.startswith("add up"):
                loaded, kept = carry_save(searched)
                assert history[-1]["key"] == loaded
                assert [now[name] for name in ("key", "sum", "score")] == kept
        if names["score"].size > 1:
            width = names["score"].size
            half_score = 1 << (width - 1)
            assert now["score"] == ((score + half_score) % (1 << width) - half_score).tolist(), stage.name
        if stage.name == "Z on the sign":
            sign = [value >> (names["score"].size - 1) & 1 for value in stage.columns["score"].values]  # type: ignore[operator]
            assert np.array_equal(sign, X @ A >= T)
            if names["score"].size > 1:
                assert now["score"] == (T - 1 - X @ A).tolist()
        history.append(now)
        references.append(score.copy())
        assert steps.probability(i) == pytest.approx(steps.theory(i), abs=1e-9)


@pytest.mark.parametrize("form", EVERY)
def test_registers_are_plain_integers(form: str) -> None:
    searched = instance(form=form)
    steps = step(searched, 2)
    assert steps.marked.sum() == searched.marked_set.size > 0
    assert_registers(steps, searched)
    assert steps.stages[-1].iteration == 2
    for m in (1, 2):  # within an iteration, the diffusion alone moves the probability
        assert sum(stage.iteration == m and stage.name == "diffusion" for stage in steps.stages) == 1


def test_a_false_record_does_not_pass() -> None:
    """One wrong integer, one wrong sign or a wrong name anywhere is found."""
    searched = instance()
    steps = step(searched)

    def with_stage(i: int, **changes: object) -> Steps:
        stages = list(steps.stages)
        stages[i] = dataclasses.replace(stages[i], **changes)  # type: ignore[arg-type]
        return dataclasses.replace(steps, stages=tuple(stages))

    for i, stage in enumerate(steps.stages):
        for name in ("key", "score", "carry"):
            column = stage.columns[name]
            for row in (0, 12):
                assert column.values[row] is not None
                values = list(column.values)
                values[row] = column.values[row] ^ 1
                broken = {**stage.columns, name: dataclasses.replace(column, values=tuple(values))}
                if name == "carry" and stage.name not in ("uniform start", "diffusion") and "undo" not in stage.name:
                    continue
                if name == "key" and stage.name.startswith(("start", "multiply", "Z")):
                    continue  # what key holds there is asserted where it was loaded
                with pytest.raises(AssertionError):
                    assert_registers(with_stage(i, columns=broken), searched)
        with pytest.raises(AssertionError):
            assert_registers(with_stage(i, amplitudes=stage.amplitudes * 0.999), searched)
    loads = [i for i, stage in enumerate(steps.stages) if stage.name == "load component 1"]
    with pytest.raises(AssertionError):
        assert_registers(with_stage(loads[0], name="load component 2"), searched)


@pytest.mark.parametrize("name", ["key", "sum", "score"])
def test_a_false_sum_does_not_pass(name: str) -> None:
    searched = instance(form="cheapest")
    steps = step(searched)
    stages = list(steps.stages)
    i = next(i for i, stage in enumerate(stages) if stage.name.startswith("add up"))
    column = stages[i].columns[name]
    values = tuple(v if v is None or row else v ^ 1 for row, v in enumerate(column.values))
    columns = {**stages[i].columns, name: dataclasses.replace(column, values=values)}
    stages[i] = dataclasses.replace(stages[i], columns=columns)
    with pytest.raises(AssertionError):
        assert_registers(dataclasses.replace(steps, stages=tuple(stages)), searched)


@pytest.mark.parametrize("form", FORMS)
def test_hundreds_of_qubits_stay_small(form: str) -> None:
    searched = oracle((64, 4, 4), FORMS[form])
    steps = step(searched, 2)
    assert steps.qubits == searched.qubits
    assert_registers(steps, searched)
    if form == "cheapest":
        assert steps.qubits == 92
    assert len(steps.html.encode()) < 3_000_000


def test_exclusions_and_jobs() -> None:
    searched = instance()
    known = tuple(searched.marked_set[:1].tolist())
    steps = step(Job(searched, 3, excluded=known))
    assert steps.marked.sum() == searched.marked_set.size - 1
    assert not steps.marked[known[0]]
    for i in range(len(steps)):
        if steps.stages[i].name in ("uniform start", "diffusion"):
            assert steps.probability(i) == pytest.approx(steps.theory(i), abs=1e-9)
    assert steps.stages[-1].iteration == 3
    assert "take the sign back" in [stage.name for stage in steps.stages]
    assert len(step(Job(searched, 0))) == 1
    assert step(Job(searched, 3), 1).stages[-1].iteration == 1
    assert step(Job(searched, 3, excluded=tuple(searched.marked_set.tolist()))).probability(-1) == 0


@pytest.mark.parametrize("tau", [-100.0, 100.0])
def test_all_or_none_marked(tau: float) -> None:
    steps = step(instance(tau=tau), 2)
    assert steps.marked.all() or not steps.marked.any()
    assert steps.probability(-1) == pytest.approx(steps.theory(-1), abs=1e-9)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 16])
def test_any_number_of_keys(n: int) -> None:
    searched = instance(n, tau=1)
    steps = step(searched, 1)
    assert steps.rows == tuple(range(n))
    assert steps.probability(-1) == pytest.approx(steps.theory(-1), abs=1e-9)
    assert steps.html


def test_keys_without_amplitude_are_left_blank() -> None:
    """n = 4 with one marked: after one iteration all others are gone."""
    searched = ThresholdOracle.from_row([1, 0], [[3, 0], [1, 0], [0, 0], [-1, 0]], 3, bits=3)
    steps = step(searched)
    assert steps.integers(len(steps) - 1, "index") == [0, None, None, None]
    assert steps.probability(-1) == pytest.approx(1, abs=1e-9)


def test_other_oracles() -> None:
    base = instance()
    table = step(TruthTableOracle(base), 1)
    assert table.probability(-1) == pytest.approx(table.theory(-1), abs=1e-9)
    assert table.plain is None
    with pytest.raises(ValueError, match="has no circuit"):
        step(MarkedSet(8, np.array([3])))
    with pytest.raises(ValueError, match="iterations = -1"):
        step(base, -1)


def test_what_cannot_be_shown_is_refused() -> None:
    measured = QuantumCircuit(2, 1)
    measured.measure(0, 0)
    measured.x(1)
    measured.cx(0, 1)
    opened = QuantumCircuit(1)
    opened.rx(Parameter("angle"), 0)
    wide = QuantumCircuit(14)
    wide.h(range(14))
    for circuit, words in ((measured, "measures"), (opened, "angle"), (wide, "4096"), (QuantumCircuit(), "no qubits")):
        with pytest.raises(ValueError, match=words):
            step(circuit)
    with pytest.raises(ValueError, match="iterations = 2 for a circuit"):
        step(QuantumCircuit(1), 2)


class Unclean(CircuitOracle):
    """Marks 3 of 16, and leaves a qubit in superposition."""

    n, tau, exact = 16, 1.0, True
    marked_set = np.array([3])

    def marks(self, js: object) -> np.ndarray:
        return np.asarray(js) == 3

    score = at = marks  # type: ignore[assignment]

    @property
    def circuit(self) -> QuantumCircuit:
        made = QuantumCircuit(QuantumRegister(4, "index"), QuantumRegister(1, "left"))
        made.h(4)
        made.x([2, 3])
        made.mcp(np.pi, [0, 1, 2], 3)
        made.x([2, 3])
        return made


def test_an_oracle_that_leaves_something_behind_is_shown_as_it_is() -> None:
    """Two branches share each index; they are two rows, and theory still counts one marked key."""
    steps = step(Unclean())
    assert steps.label is None
    assert len(steps.rows) == 32
    assert [stage.name for stage in steps.stages] == ["uniform start", "write left", "act on index", "diffusion"]
    assert steps.wanted == 1
    assert steps.marked.sum() == 2
    assert steps.probability(-1) == pytest.approx(steps.theory(-1), abs=1e-9)
    assert set(steps.integers(-1, "left")) == {0, 1}
