"""The page and the frame in a notebook hold the record."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister

import qattn
from qattn.oracles.threshold import ThresholdOracle
from qattn.show.gallery import FORMS
from qattn.show.stepper import step


def instance(n: int = 13, form: str = "textbook") -> ThresholdOracle:
    K = np.random.default_rng(5).integers(-4, 4, size=(n, 3))
    return ThresholdOracle.from_row([3, -1, 2], K, 5, bits=3).formed(FORMS[form])


def test_the_page_holds_the_record_and_asks_for_nothing(tmp_path: Path) -> None:
    steps = step(instance(), 1)
    page = steps.save(tmp_path / "new" / "step.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="steps">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert [stage["name"] for stage in data["stages"]] == [stage.name for stage in steps.stages]
    for stage, shown in zip(steps.stages, data["stages"], strict=True):
        for own, place in zip(steps.registers, shown["c"], strict=True):
            assert [v and int(v, 16) for v in data["pool"][place]["v"]] == list(stage.columns[own.name].values)
        np.testing.assert_allclose(data["pool"][shown["a"]]["re"], stage.amplitudes.real, atol=1e-12)
    assert not re.search(r"https?://|<link[^>]+href=\"(?!data:)|\bsrc=|@import|url\(", page)
    assert qattn.step is step


def test_names_of_a_circuit_cannot_break_the_page() -> None:
    circuit = QuantumCircuit(QuantumRegister(1, "q"), name="</script><b>")
    circuit.barrier(label="</script><img src=x onerror=alert(1)>")
    circuit.x(0)
    page = step(circuit).html
    assert page.count("</script>") == 2
    assert "<img" not in page


def test_a_notebook_shows_the_page() -> None:
    shown = step(instance(form="frugal"), 1)._repr_html_()
    assert shown.startswith("<iframe")
    assert "srcdoc=" in shown
    assert shown.count("<") == 2, "the page is quoted"
