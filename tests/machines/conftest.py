"""A small problem, the double of the service, and the shell run against it in processes of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

HERE = Path(__file__).parent
Shell = Callable[..., "subprocess.CompletedProcess[str]"]

KEYS = np.array([[1.0, 0.0], [-1.0, 1.0], [0.0, -1.0], [-2.0, -1.0]])
ROWS = np.array([[1.0, 1.0], [-1.0, 0.0]])  # at tau = 1 row 0 has key 0, row 1 the keys 1 and 3
FOUND = [[0], [1, 3]]


def load_double() -> ModuleType:
    spec = importlib.util.spec_from_file_location("service_double", HERE / "double.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def double() -> ModuleType:
    """The module of the double: its token, names and client."""
    return load_double()


@pytest.fixture(scope="session")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two rows over four keys, as an .npz."""
    path = tmp_path_factory.mktemp("problem") / "four.npz"
    np.savez(path, Q=ROWS, K=KEYS, V=np.arange(8.0).reshape(4, 2))
    return path


@pytest.fixture
def shell(tmp_path: Path, double: ModuleType) -> Shell:
    """The shell in a new process, with the double for a service; its settings are files in tmp_path/service."""

    def run(*arguments: object, kill: str = "", token: str | None = double.TOKEN, **env: str) -> Any:
        service = tmp_path / "service"
        service.mkdir(exist_ok=True)
        base = {name: value for name, value in os.environ.items() if not name.startswith("QISKIT")}
        path = os.pathsep.join([str(HERE.parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
        base |= {"HOME": str(tmp_path / "home"), "QATTN_KILL": kill, "PYTHONPATH": path, **env}
        if token is not None:
            base["QISKIT_IBM_TOKEN"] = token
        command = [sys.executable, str(HERE / "double.py"), str(service), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=base, cwd=tmp_path)

    return run


@pytest.fixture
def service(tmp_path: Path) -> Callable[..., None]:
    """Tell the double what to do: faults per call, how a job ends, how often it is queued, a new calibration."""

    def tell(**settings: Any) -> None:
        (tmp_path / "service").mkdir(exist_ok=True)
        for name, value in settings.items():
            (tmp_path / "service" / f"{name}.json").write_text(json.dumps(value))

    return tell


def jobs_of(tmp_path: Path) -> list[dict[str, Any]]:
    """The jobs that the double has."""
    return [json.loads(path.read_text()) for path in sorted((tmp_path / "service" / "jobs").glob("*.json"))]


def outcome(folder: Path) -> dict[str, Any]:
    """The report of a finished run, without what differs between equal runs."""
    facts = json.loads((folder / "result.json").read_text())
    return {name: value for name, value in facts.items() if name != "wall_s"}
