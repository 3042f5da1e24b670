"""The committed gallery is what the code builds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qattn.resources.logical import cost_instance
from qattn.show.gallery import CASES, FORMS, oracle, write_gallery
from qattn.synthesis.reversible import execute

FOLDER = Path(__file__).resolve().parents[2] / "circuits"


def test_the_folder_is_up_to_date(tmp_path: Path) -> None:
    """Programs and table letter by letter; drawings, whose style belongs to Qiskit, by name."""
    written = {path.relative_to(tmp_path) for path in write_gallery(tmp_path)}
    committed = {path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.is_file()}
    assert written == committed, "run `qattn circuits` and commit the folder"
    for path in sorted(written):
        if path.suffix != ".txt":
            assert (tmp_path / path).read_text() == (FOLDER / path).read_text(), f"{path}: run `qattn circuits`"


def test_its_oracles_mark_the_keys_of_the_instance() -> None:
    for case in CASES:
        q, K, tau = cost_instance(*case)
        for form in FORMS.values():
            run = execute(oracle(case, form).measured_circuit, case[0], seed=1).check_clean("index")
            assert np.array_equal(run.signs, np.array(K) @ np.array(q) >= tau)
