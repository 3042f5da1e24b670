"""The run folder: whole files or none, a journal that survives a torn line, one process at a time."""

import json
import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from qattn.hardware.errors import RunFolderError
from qattn.hardware.run_folder import RunFolder, digest

ARRAYS = {"Q": np.eye(2), "K": np.ones((3, 2))}


def make(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", ARRAYS, {"request": {"backend": "fake_torino"}})


def test_a_run_is_found_again(tmp_path: Path) -> None:
    made = make(tmp_path)
    found = RunFolder.open(tmp_path / "run")
    assert found.manifest == made.manifest
    assert len(found.manifest["run"]) == 16
    assert "qiskit" in found.manifest["versions"]
    assert {name: array.tolist() for name, array in found.arrays().items()} == {
        "Q": [[1, 0], [0, 1]],
        "K": [[1, 1]] * 3,
    }


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="holds no run"):
        RunFolder.open(tmp_path)
    folder = make(tmp_path)
    with pytest.raises(RunFolderError, match="holds a run already"):
        make(tmp_path)
    np.savez(folder.root / "problem.npz", **{**ARRAYS, "Q": np.zeros((2, 2))})
    with pytest.raises(RunFolderError, match="is not what this run was made for"):
        RunFolder.open(folder.root)
    folder.write("manifest.json", {"format": 99})
    with pytest.raises(RunFolderError, match="this version reads 3"):
        RunFolder.open(folder.root)
    (folder.root / "manifest.json").write_text("{")
    with pytest.raises(RunFolderError, match="cannot read"):
        RunFolder.open(folder.root)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    folder = make(tmp_path)
    folder.write("a.json", [1])
    with pytest.raises(TypeError):
        folder.write("a.json", [object()])
    assert folder.read("a.json") == [1]
    assert not list(folder.root.glob("*.tmp"))


def test_a_line_cut_short_by_a_crash_is_skipped(tmp_path: Path) -> None:
    folder = make(tmp_path)
    folder.append("submitting", tag="a")
    with (folder.root / "journal.jsonl").open("ab") as file:
        file.write(b'{"event": "submitted", "ta')
    folder.append("submitting", tag="b")
    assert [event["tag"] for event in folder.events()] == ["a", "b"]
    assert all("time" in event for event in folder.events())


def _hold(root: Path, held, release) -> None:
    with RunFolder(root).locked():
        held.set()
        release.wait(20)


def test_two_processes_cannot_work_on_one_run(tmp_path: Path) -> None:
    folder = make(tmp_path)
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(folder.root, held, release))
    other.start()
    assert held.wait(20)
    with pytest.raises(RunFolderError, match="another process"), folder.locked():
        pass
    other.kill()
    other.join()
    with folder.locked():
        (folder.root / "free.json").write_text(json.dumps(True))
    assert folder.read("free.json")


def test_digests_see_names_types_shapes_and_values() -> None:
    a = np.arange(6.0)
    assert len({digest(x) for x in ({"a": a}, {"b": a}, {"a": a.reshape(2, 3)}, {"a": a.astype(int)}, {"a": -a})}) == 5
    assert digest({"a": a, "b": a}) == digest({"b": a, "a": a})
