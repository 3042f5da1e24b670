"""The shell on broken files and wrong options: one line on stderr, exit code 2, nothing on stdout, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qattn.data import bundled


def qattn(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qattn.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def wrong(folder: Path) -> list[list[str]]:
    whole = bundled(16).read_bytes()
    (folder / "cut.npz").write_bytes(whole[:5000])
    place = whole.index(b"Q_L4H2.npy") + 400
    (folder / "flip.npz").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    (folder / "empty.npz").write_bytes(b"")
    (folder / "text.npz").write_text("not arrays")
    np.save(folder / "one.npy", np.eye(3))
    np.savez(folder / "complex.npz", Q=np.eye(3) * 1j, K=np.eye(3), V=np.eye(3))
    np.savez(folder / "objects.npz", Q=np.array([[None]]), K=np.eye(3), V=np.eye(3))
    np.savez(folder / "nan.npz", Q=np.full((2, 2), np.nan), K=np.eye(2), V=np.eye(2))
    np.savez(folder / "shapes.npz", Q=np.eye(3), K=np.eye(2), V=np.eye(2))
    head = [str(bundled(16)), "--head", "L4H2"]
    files = [
        "cut.npz", "flip.npz", "empty.npz", "text.npz", "one.npy", "complex.npz", "objects.npz", "nan.npz",
        "shapes.npz", "absent.npz", ".",
    ]  # fmt: skip
    return [
        *(["run", str(folder / name), "--k", "1", *(["--head", "L4H2"] if name[:2] in ("cu", "fl") else [])]
          for name in files),
        ["run", *head],
        ["run", *head, "--k", "two"],
        ["run", *head, "--k", "1", "--method", "magic"],
        ["run", *head, "--k", "1", "--far-field", "magic", "--json"],
        ["run", *head, "--k", "1", "--no-such-option"],
        ["run", *head, "--k", "-1"],
        ["run", *head, "--k", "1", "--delta", "2"],
        ["run", *head, "--k", "1", "--backend", "fake_nowhere"],
        ["status", str(folder / "absent")],
        ["cost", "--n", "1"],
        ["nothing"],
    ]  # fmt: skip


@pytest.mark.parametrize("case", range(22))
def test_one_line_and_exit_2(case: int, tmp_path: Path) -> None:
    cases = wrong(tmp_path)
    assert len(cases) == 22
    done = qattn(*cases[case])
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stdout == ""


def test_version_and_bounds_as_json() -> None:
    assert qattn("--version").stdout.startswith("qattn ")
    done = qattn("run", str(bundled(16)), "--head", "L4H2", "--k", "2", "--statistics", "--json", "--bounds")
    assert {"Lemma 5.2", "Lemma 4.3 Part 1"} & {bound["name"] for bound in json.loads(done.stdout)["bounds"]}


def test_help_lists_the_exit_codes() -> None:
    assert "Exit codes" in qattn("--help").stdout
