"""What an oracle's gates mark, executed on all indices: the integers, or an error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn import ThresholdOracle
from qattn.oracles.truth_table import TruthTableOracle
from qattn.simulator import marks as module
from qattn.simulator.marks import Marks
from qattn.synthesis.execution import DirtyAncillaError

FORM = {"lookup": "select_swap", "arithmetic": "carry_save", "key_layout": "parallel"}


def oracle(n: int, d: int = 3, bits: int = 3, seed: int = 0, **form: str) -> ThresholdOracle:
    rng = np.random.default_rng(seed)
    half = 1 << (bits - 1)
    K, q = rng.integers(-half, half, (n, d)), rng.integers(-half, half, d)
    return ThresholdOracle.from_row(q, K, float(np.sort(K @ q)[-max(1, n // 8)]), bits=bits, **(form or FORM))


@pytest.mark.parametrize("form", [{}, FORM, {"lookup": "unary", "arithmetic": "ripple"}], ids=str)
@pytest.mark.parametrize("n", [1, 2, 13, 64, 200])
def test_the_gates_mark_what_plain_integers_say(n: int, form: dict[str, str]) -> None:
    marks, row = Marks(), oracle(n, seed=n, **form)
    for tau in (row.tau, row.tau - 2, row.tau + 1e9, -1e9):
        at = row.at(tau)
        assert np.array_equal(np.flatnonzero(marks.of(at)), at.marked_set)
    gates, qubits = marks.size(row)
    assert gates > 0
    assert qubits >= row.keys.X.shape[1]


def test_the_shared_load_is_the_whole_circuit() -> None:
    """Loaded once and compared row by row: the same signs as the whole circuit of each row, gate by gate."""
    marks = Marks()
    for seed in range(5):
        row = oracle(50, seed=seed)
        assert np.array_equal(marks.of(row), row.marked())


def test_any_gate_dropped_or_changed_shows() -> None:
    """50 random gates of the arithmetic: the run stops at a dirty ancilla or the marks differ from the integers."""
    rng = np.random.default_rng(1)
    row = oracle(64, d=4, bits=4, seed=3)
    sound = Marks()
    assert np.array_equal(np.flatnonzero(sound.of(row)), row.marked_set)

    def seen(change) -> bool:
        try:
            return not np.array_equal(np.flatnonzero(Marks(change).of(row)), row.marked_set)
        except DirtyAncillaError:
            return True

    def dropped(place):
        return lambda rows: np.delete(rows, place, axis=0)

    def changed(place):
        def change(rows):
            rows = rows.copy()
            rows[place, 1] = (rows[place, 1] + 1) % rows[place, 3] if rows[place, 3] else rows[place, 1]
            rows[place, 0] = {0: 1, 1: 0, 2: 1}[int(rows[place, 0])]
            return rows

        return change

    length = len(sound_rows(row))
    results = [seen((dropped if i % 2 else changed)(int(rng.integers(length)))) for i in range(50)]
    assert all(results), f"{results.count(False)} broken gates were not noticed"
    assert not seen(lambda rows: rows)


def sound_rows(row: ThresholdOracle) -> np.ndarray:
    kept = []
    Marks(lambda rows: (kept.append(rows), rows)[1]).of(row)
    return kept[0]


def test_an_oracle_that_leaves_an_ancilla_is_refused() -> None:
    @dataclass(frozen=True)
    class Dirty(TruthTableOracle):
        @property
        def circuit(self) -> QuantumCircuit:
            circuit = super().circuit.copy()
            circuit.add_register(QuantumRegister(1, "left"))
            circuit.cx(0, circuit.qubits[-1])
            return circuit

    row = oracle(8)
    assert np.array_equal(np.flatnonzero(Marks().of(TruthTableOracle(row))), TruthTableOracle(row).marked_set)
    with pytest.raises(DirtyAncillaError, match=r"left\[0\]"):
        Marks().of(Dirty(row))


def test_the_lookup_is_executed_once_for_all_rows_of_the_same_keys() -> None:
    marks, first = Marks(), oracle(20)
    for tau in (1, 2, 3):
        marks.of(first.at(tau))
    assert len(marks.loads) == 1
    assert len(marks.known) == 3
    marks.of(oracle(20, seed=5))
    assert len(marks.loads) == 2


def test_answers_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    marks, row = Marks(), oracle(13)
    for tau in (1, 2, 3, 1):
        assert np.array_equal(np.flatnonzero(marks.of(row.at(tau))), row.at(tau).marked_set)
        assert len(marks.known) <= 2
