"""The committed gallery is what the code builds, and every dialect says the same."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from qattn.resources.logical import cost_instance
from qattn.show.gallery import CASES, FORMS, KEPT, exhibits, oracle, write_gallery
from qattn.synthesis.qasm import DIALECTS, to_qasm
from qattn.synthesis.reversible import execute

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "circuits"


def test_the_folder_is_up_to_date(tmp_path: Path) -> None:
    """Programs and table letter by letter; drawings, whose style belongs to Qiskit, by name."""
    written = {path.relative_to(tmp_path) for path in write_gallery(tmp_path)}
    committed = {path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.is_file()}
    assert written == committed, "run `qattn circuits` and commit the folder"
    for path in sorted(written):
        if path.suffix != ".txt":
            assert (tmp_path / path).read_text() == (FOLDER / path).read_text(), f"{path}: run `qattn circuits`"


def test_the_folder_is_small_and_whole_at_n_16() -> None:
    stems = {exhibit.stem for exhibit in exhibits(CASES[0])}
    small, large = (FOLDER / "n{}_d{}_b{}".format(*case) for case in CASES)
    assert {path.stem for path in small.glob("*.qasm")} == stems
    assert {path.stem for path in large.iterdir()} == set(KEPT) < stems
    lines = sum(len(path.read_text().splitlines()) for path in FOLDER.rglob("*") if path.is_file())
    assert lines < 10_000


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dialect_has_every_circuit(dialect: str, tmp_path: Path) -> None:
    written = write_gallery(tmp_path, dialect)
    programs = [path for path in written if path.suffix == ".qasm"]
    assert len(programs) == sum(1 for case in CASES for _ in exhibits(case))
    table = (tmp_path / "README.md").read_text()
    assert all(f"({path.relative_to(tmp_path)})" in table for path in programs)
    assert all(path.is_file() for path in written)


def test_a_dialect_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no dialect 'fortran'; there are openqasm3, "):
        write_gallery(tmp_path, "fortran")
    assert not list(tmp_path.iterdir())


@cache
def benchmark(name: str) -> ModuleType:
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.pop(0)


@pytest.mark.parametrize("tool", ["openqasm3", "qiskit", "pyqasm", "cirq", "pytket", "braket"])
def test_a_tool_loads_its_dialect(tool: str) -> None:
    reader = next(reader for reader in benchmark("readers").READERS if reader.name == tool)
    if reader.missing:
        pytest.skip(f"pip install {reader.packages}")
    for exhibit in exhibits(CASES[0]):
        reader.load(to_qasm(exhibit.circuit, exhibit.action, DIALECTS[reader.dialect]))


@pytest.mark.parametrize("stem", ["lookup_table", "oracle_frugal", "inner_product_carry_save"])
def test_the_crosscheck_runs_files_and_sees_a_wrong_bit(stem: str) -> None:
    """Through Qiskit's importer and Aer: file and undoing leave |0...0>; with one bit of the integers wrong, not."""
    readers, crosscheck = benchmark("readers"), benchmark("crosscheck")
    reader = next(reader for reader in readers.READERS if reader.name == "qiskit")
    if reader.missing:
        pytest.skip(f"pip install {reader.packages}")
    exhibit = next(exhibit for exhibit in exhibits(CASES[0]) if exhibit.stem == stem)
    text = to_qasm(exhibit.circuit)
    right = [crosscheck.executed(reader, text, made) for made in crosscheck.Undone(exhibit, CASES[0]).programs()]
    wrong = crosscheck.Undone(exhibit, CASES[0], wrong=True).programs()
    assert set(right) == {1.0}
    assert any(crosscheck.executed(reader, text, made) < 0.99 for made in wrong)


def test_its_oracles_mark_the_keys_of_the_instance() -> None:
    for case in CASES:
        q, K, tau = cost_instance(*case)
        for form in FORMS.values():
            run = execute(oracle(case, form).measured_circuit, case[0], seed=1).check_clean("index")
            assert np.array_equal(run.signs, np.array(K) @ np.array(q) >= tau)
