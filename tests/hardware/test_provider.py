"""What the run folder knows of jobs: tags, what is open, what is collected, and what a round asks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn.hardware.provider import Work, collected_jobs, fingerprint, open_jobs
from qattn.hardware.run_folder import RunFolder
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.protocols import Job

KEYS = np.array([[1.0, 0], [-1, 1], [0, -1], [-1, -1]])


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "run", {"Q": np.eye(2)}, {})


def test_tags_are_unique_and_name_the_run(folder: RunFolder, tmp_path: Path) -> None:
    other = RunFolder.create(tmp_path / "other", {"Q": np.eye(2)}, {})
    works = [
        Work(place, number, part, attempt, 10, (1,), 0)
        for place in (folder, other) for number in (0, 1, 11) for part in (0, 1) for attempt in (0, 1)
    ]  # fmt: skip
    assert len({work.tag for work in works}) == len(works)
    assert all(folder.manifest["run"] in work.tag for work in works if work.folder is folder)


def test_its_circuits_are_those_of_the_folder(folder: RunFolder) -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.cx(0, 1)
    circuit.measure(1, 0)
    folder.write_circuits("rounds/003-1.qpy", [circuit])
    assert Work(folder, 3, 1, 0, 10, (2,), 0).circuits == [circuit]


def test_open_is_what_is_neither_collected_nor_failed(folder: RunFolder) -> None:
    for i in range(3):
        folder.append("submitting", tag=f"t{i}")
        folder.append("submitted", tag=f"t{i}", job=f"job-{i}")
    assert open_jobs(folder) == {"t0": "job-0", "t1": "job-1", "t2": "job-2"}
    folder.append("failed", tag="t1", job="job-1", why="a fridge warmed up")
    folder.write("rounds/000-0.json", {"job": "job-0", "measured": []})
    assert open_jobs(folder) == {"t2": "job-2"}
    assert collected_jobs(folder) == ["job-0"]
    (folder.root / "rounds" / "000-0.json").write_text('{"job": "jo')  # a file cut short: its job is still there to ask
    assert open_jobs(folder) == {"t0": "job-0", "t2": "job-2"}


def test_a_fingerprint_sees_all_that_a_round_asks() -> None:
    def asked(**change: object) -> str:
        settings = {"iterations": 1, "shots": 10, "seed": 3, "excluded": (1, 2), **change}
        row = settings.pop("q", [1.0, 1.0])
        oracle = ThresholdOracle.from_row(row, KEYS, settings.pop("tau", 1.0))
        return fingerprint([Job(oracle, **settings)])  # type: ignore[arg-type]

    same = asked()
    assert asked() == same
    assert asked(excluded=(2, 1)) == same
    changes = [
        {"iterations": 2}, {"shots": 11}, {"seed": 4}, {"excluded": (1,)}, {"q": [1.0, -1.0]}, {"tau": 0.0},
        {"angles": (0.5,)},
    ]  # fmt: skip
    assert len({same, *(asked(**change) for change in changes)}) == 1 + len(changes)
