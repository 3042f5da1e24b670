"""A stage as a figure for slides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn.oracles.threshold import ThresholdOracle
from qattn.show.gallery import FORMS
from qattn.show.stepper import step


def instance(n: int = 13, form: str = "textbook") -> ThresholdOracle:
    K = np.random.default_rng(5).integers(-4, 4, size=(n, 3))
    return ThresholdOracle.from_row([3, -1, 2], K, 5, bits=3).formed(FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_slides(tmp_path: Path, form: str) -> None:
    steps = step(instance(form=form), 1)
    for i in (0, 3, -1):
        figure = steps.frame(i)
        figure.savefig(tmp_path / "frame.png")
        assert steps.stages[i].name in figure.get_suptitle()
    texts = [text.get_text() for text in figure.findobj(lambda artist: hasattr(artist, "get_text"))]
    assert all(own.name in texts for own in steps.registers)
    assert any(f"{steps.probability(-1):.6f}" in text for text in texts)
    with pytest.raises(IndexError, match="stage 99"):
        steps.frame(99)


def test_complex_amplitudes(tmp_path: Path) -> None:
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.s(0)
    step(circuit).frame(-1).savefig(tmp_path / "frame.png")
