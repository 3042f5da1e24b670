"""The hardware commands in this process: JSON, exit codes, and which file knows the runtime."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from qattn.cli.run import app
from qattn.hardware import ibm

ROOT = Path(ibm.__file__).parents[1]
TINY = {"Q": np.array([[1.0, 1.0], [-1.0, 0.0]]), "K": np.array([[1.0, 0], [-1, 1], [0, -1], [-2, -1]])}


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    np.savez(tmp_path / "tiny.npz", **TINY, V=np.arange(8.0).reshape(4, 2))
    return str(tmp_path / "tiny.npz")


def invoke(*arguments: str):
    return CliRunner().invoke(app, arguments)


def test_only_one_file_knows_the_runtime() -> None:
    knowing = [p.name for p in ROOT.rglob("*.py") if "import qiskit_ibm_runtime" in (text := p.read_text()) or
               "from qiskit_ibm_runtime" in text]  # fmt: skip
    assert knowing == ["ibm.py"]
    script = "import sys, qattn, qattn.cli.run, qattn.hardware.run; sys.exit('qiskit_ibm_runtime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=ROOT.parent).returncode == 0


def test_without_the_runtime_the_extra_is_named(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime", None)
    with pytest.raises(ImportError, match=r'pip install -e "\.\[ibm\]"'):
        ibm.connect("fake_torino")


def test_execution_options_are_the_samplers() -> None:
    options = ibm.Execution("XY4", True, False, 60).options("a-tag", 12)
    assert options["dynamical_decoupling"] == {"enable": True, "sequence_type": "XY4"}
    twirling = {"enable_gates": True, "enable_measure": False}
    assert options["twirling"] == {**twirling, "num_randomizations": 12, "shots_per_randomization": 1}
    assert ibm.Execution().options("a-tag", 100)["twirling"]["num_randomizations"] * 4 == 100
    plain = ibm.Execution(None, False, False).options("a-tag", 12)
    assert plain["twirling"] == {"enable_gates": False, "enable_measure": False}
    assert "dynamical_decoupling" not in plain
    assert options["environment"]["job_tags"] == ["a-tag", "qattn"]
    assert options["max_execution_time"] == 60
    with pytest.raises(ValueError, match="choose XX, XpXm, XY4 or None"):
        ibm.Execution("YY")
