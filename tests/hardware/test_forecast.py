"""Forecasts: numbers that say why, a verdict, and no circuits for what cannot work."""

import json

import numpy as np
import pytest

import qattn
from qattn.data import load_head
from qattn.hardware.ibm import fake_backend


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.integers(-1, 2, (4, 2)).astype(float), rng.integers(-2, 2, (4, 2)).astype(float)


def test_four_keys_will_work_on_torino(rows) -> None:
    made = qattn.forecast(*rows, 1.0, backend="fake_torino", seeds=4)
    assert made.verdict == "will work"
    assert made.worth == (0, 1)
    one = made.iterations[1]
    assert one.size.two_qubit_gates < 40
    assert one.hit == pytest.approx(one.size.signal + (1 - one.size.signal) / 4)
    assert one.size.success <= one.size.signal <= one.size.right  # some errors change nothing, others show
    assert made.rounds >= 1
    assert made.qpu_s > 2 * made.rounds
    assert "two-qubit gates on" in made.words
    assert json.loads(json.dumps(made.to_dict()))["verdict"] == "will work"


def test_64_keys_on_fez_are_noise_and_the_numbers_say_why() -> None:
    Q, K, _ = load_head("L4H2", 64)
    made = qattn.forecast(Q[:2], K, k=4, backend="fake_fez", bits=3, rank=3, seeds=1)
    assert made.verdict == "noise"
    assert not made.complete
    assert made.worth == (0,)
    assert made.iterations[-1].size.two_qubit_gates > 1000
    assert not made.iterations[-1].size.laid_out
    assert "at least" in made.words
    assert "Below 0.05 the histogram cannot be told from guessing" in made.words


def test_a_truth_table_is_labelled(rows) -> None:
    made = qattn.forecast(*rows, 1.0, backend="fake_torino", oracle="truth_table", seeds=2)
    assert "demonstration" in made.label
    assert made.iterations[1].size.two_qubit_gates <= 4


def test_a_backend_or_a_target_will_do(rows) -> None:
    backend = fake_backend("fake_manila_v2")
    for given in (backend, backend.target):
        assert qattn.forecast(*rows, 1.0, backend=given, seeds=1).iterations[1].size.success > 0.5


def test_mistakes_are_named(rows) -> None:
    with pytest.raises(ValueError, match="there is no fake backend 'fake_torinoo'"):
        qattn.forecast(*rows, 1.0, backend="fake_torinoo")
    with pytest.raises(ValueError, match="choose one of arithmetic, truth_table"):
        qattn.forecast(*rows, 1.0, backend="fake_torino", oracle="magic")
