"""A small problem, the double of the service, and the shell run against it in processes of its own."""

from __future__ import annotations

import importlib.util
import json
import multiprocessing
import os
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # for `demonstration`, which several tests share
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    ["qiskit", "qiskit_aer", "qiskit_ibm_runtime.executor_sampler", "qattn.cli.run", "qattn.hardware.run"]
)
KEYS = np.random.default_rng(5).integers(-8, 8, (16, 2)).astype(float)
ROWS = np.array([[1.0, 1.0], [-1.0, 0.0]])
TAU = 8.0
SURE = 1e-60  # so small that a search takes more than the shots of one round
OPTIONS = [
    "--backend", "ibm_double", "--tau", TAU, "--k", 3, "--delta", SURE, "--oracle", "truth_table", "--seeds", 1,
]  # fmt: skip


def load(name: str) -> ModuleType:
    """A module beside this file."""
    spec = importlib.util.spec_from_file_location(f"machines_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class World:
    """A folder with a service of its own, and the shell that uses it."""

    root: Path
    problem: Path
    token: str
    found: tuple[list[int], ...] = tuple(np.flatnonzero(KEYS @ q >= TAU).tolist() for q in ROWS)

    def shell(self, *arguments: object, kill: str = "", token: str | None = "", fresh: bool = False, **env: str) -> Any:
        """`qattn ...` in a new process; `kill` names the point at which it dies, token None leaves it out.

        The process is forked from one that has imported the libraries, unless `fresh`.
        """
        self.tell()
        base = {name: value for name, value in os.environ.items() if not name.startswith("QISKIT")}
        base |= {"HOME": str(self.root / "home"), "QATTN_KILL": kill, **env}
        if token is not None:
            base["QISKIT_IBM_TOKEN"] = token or self.token
        request = {
            "env": base, "cwd": str(self.root), "root": str(self.root / "service"), "path": [str(HERE.parents[1])],
            "arguments": [str(argument) for argument in arguments],
        }  # fmt: skip
        if fresh:
            command = [sys.executable, str(HERE / "double.py"), request["root"], *request["arguments"]]
            path = os.pathsep.join([str(HERE.parents[1]), *filter(None, [base.get("PYTHONPATH")])])
            return subprocess.run(
                command, capture_output=True, text=True, check=False, env={**base, "PYTHONPATH": path}, cwd=self.root
            )
        process = FORKS.Process(target=runpy.run_path, args=(str(HERE / "double.py"), {"REQUEST": request}, "__main__"))
        process.start()
        process.join(120)
        out, err = ((self.root / name).read_text() for name in ("stdout.txt", "stderr.txt"))
        return subprocess.CompletedProcess(arguments, process.exitcode, out, err)

    def submit(self, **options: Any) -> Any:
        """Submit the problem into the folder `run`."""
        return self.shell("submit", self.problem, "--folder", "run", *OPTIONS, **options)

    def tell(self, **settings: Any) -> None:
        """Tell the double: faults per call, how the next job ends, how often it is queued, a new calibration."""
        (self.root / "service").mkdir(exist_ok=True)
        for name, value in settings.items():
            (self.root / "service" / f"{name}.json").write_text(json.dumps(value))

    def jobs(self) -> list[dict[str, Any]]:
        """The jobs that the double has."""
        return [json.loads(path.read_text()) for path in sorted((self.root / "service" / "jobs").glob("*.json"))]

    def outcome(self) -> dict[str, Any]:
        """The report of the finished run, without what differs between equal runs."""
        facts = json.loads((self.root / "run" / "result.json").read_text())
        return {name: value for name, value in facts.items() if name != "wall_s"}


@pytest.fixture(scope="session")
def double() -> ModuleType:
    """The module of the double: its token, names and client."""
    return load("double")


@pytest.fixture(scope="session")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two rows over sixteen keys, as an .npz."""
    path = tmp_path_factory.mktemp("problem") / "sixteen.npz"
    np.savez(path, Q=ROWS, K=KEYS, V=np.arange(32.0).reshape(16, 2))
    return path


@pytest.fixture
def world(tmp_path: Path, problem: Path, double: ModuleType) -> World:
    """A fresh service and the shell on it."""
    return World(tmp_path, problem, double.TOKEN)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, problem: Path, double: ModuleType) -> World:
    """A run that nobody disturbed."""
    place = World(tmp_path_factory.mktemp("undisturbed"), problem, double.TOKEN)
    done = place.submit()
    assert done.returncode == 0, done.stderr
    return place
