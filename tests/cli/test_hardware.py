"""The hardware commands in this process: JSON, tables and exit codes."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from qattn.cli.run import app
from qattn.data import bundled

TINY = {"Q": np.array([[1.0, 1.0], [-1.0, 0.0]]), "K": np.array([[1.0, 0], [-1, 1], [0, -1], [-2, -1]])}


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    np.savez(tmp_path / "tiny.npz", **TINY, V=np.arange(8.0).reshape(4, 2))
    return str(tmp_path / "tiny.npz")


def invoke(*arguments: str):
    return CliRunner().invoke(app, arguments)


def test_forecast_as_json_and_as_a_table(tiny: str) -> None:
    made = json.loads(invoke("forecast", tiny, "--backend", "fake_torino", "--tau", "1", "--json").stdout)
    assert made["verdict"] == "will work"
    assert made["iterations"][1]["size"]["two_qubit_gates"] < 40
    assert invoke("forecast", tiny, "--backend", "fake_torino", "--tau", "1").exit_code == 0


def test_forecast_of_noise_ends_with_code_3_and_the_numbers() -> None:
    file, options = str(bundled(64)), ["--head", "L4H2", "--k", "4", "--bits", "2", "--rank", "2", "--seeds", "1"]
    refused = invoke("forecast", file, "--backend", "fake_fez", *options, "--json")
    assert refused.exit_code == 3
    made = json.loads(refused.stdout)
    assert made["verdict"] == "noise"
    assert made["iterations"][1]["size"]["success"] < 0.01


def test_run_on_a_fake_backend(tiny: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    done = invoke("run", tiny, "--backend", "fake_torino", "--tau", "1", "--k", "2", "--folder", folder, "--json")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout)
    assert facts["found"] == [[0], [1, 3]]
    assert facts["hardware"]["oracle"] == "arithmetic"
    assert facts["hardware"]["evidence"]["dead"] is None
    assert facts["hardware"]["kept"] <= facts["hardware"]["shots"]
    state = json.loads(invoke("status", folder, "--json").stdout)
    assert state["finished"]
    assert state["open_jobs"] == []


def test_a_mistake_in_the_folder_is_exit_2_on_stderr(tmp_path: Path) -> None:
    for command in ("status", "resume", "cancel"):
        done = invoke(command, str(tmp_path / "absent"), "--json")
        assert done.exit_code == 2
        assert done.stdout == ""
        assert "absent" in " ".join(done.stderr.split())


def test_a_finished_run_has_nothing_to_cancel_and_resumes_to_the_same(tiny: str, tmp_path: Path) -> None:
    folder = str(tmp_path / "run")
    first = json.loads(invoke("run", tiny, "--backend", "fake_torino", "--tau", "1", "--k", "2", "--folder", folder,
                              "--json").stdout)  # fmt: skip
    assert json.loads(invoke("cancel", folder, "--json").stdout) == {"cancelled": []}
    assert "no job is queued or running" in invoke("cancel", folder).stdout
    assert json.loads(invoke("resume", folder, "--json").stdout)["found"] == first["found"]
    assert "finished: True" in invoke("status", folder).stdout
