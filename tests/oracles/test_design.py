"""Choosing a form: by predicted cost, without building a circuit."""

from __future__ import annotations

import time

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn import ThresholdOracle
from qattn.oracles.design import OBJECTIVES, Form, all_forms, choose


def row(n: int, d: int, bits: int) -> tuple[np.ndarray, np.ndarray, float]:
    rng, half = np.random.default_rng(0), 2 ** (bits - 1)
    K, q = rng.integers(-half, half, (n, d)), rng.integers(-half, half, d)
    return q, K, float(np.sort(K @ q)[-16])


@pytest.mark.parametrize(
    "size", [(1024, 32, 6), pytest.param((4096, 64, 8), marks=pytest.mark.slow)], ids=lambda size: f"n{size[0]}"
)
def test_choosing_takes_less_time_than_building_what_is_chosen(size: tuple[int, int, int]) -> None:
    """Both from cold: the second threshold's network is not the first's."""
    q, K, tau = row(*size)
    start = time.perf_counter()
    chosen = ThresholdOracle.from_row(q, K, tau, bits=size[2], objective="toffoli")
    choosing = time.perf_counter() - start
    assert chosen.form == Form.of("select_swap", "carry_save")
    start = time.perf_counter()
    _ = chosen.at(tau - 1).measured_circuit
    building = time.perf_counter() - start
    print(f"{size}: choosing {choosing:.3f} s, building {building:.3f} s, ratio {choosing / building:.3f}")
    assert choosing < building


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_choosing_builds_no_circuit(objective: str, monkeypatch: pytest.MonkeyPatch) -> None:
    q, K, tau = row(100, 4, 4)
    oracle = ThresholdOracle.from_row(q, K, tau, bits=4)
    expected = oracle.best(objective).form

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a circuit was built")

    monkeypatch.setattr(QuantumCircuit, "__init__", refuse)
    monkeypatch.setattr(QuantumCircuit, "from_instructions", refuse)
    assert choose(objective, oracle.comparison) == expected
    with pytest.raises(AssertionError, match="a circuit was built"):
        oracle.compute()


def test_a_form_is_named_by_its_parts() -> None:
    assert str(Form.of("unary", "ripple")) == "unary-ripple-streamed"
    assert str(Form.of()) == "table-phase-streamed"
    assert Form.of(arithmetic="carry_save").key_layout == "parallel"
    assert Form.of("unary", "ripple") == Form.of(Form.of("unary").lookup, "ripple")
    assert len({str(form) for form in all_forms()}) == len(all_forms()) == 25
