"""Kill -9 at every kind of point, resume in a new process: the same result, no job twice, no round lost."""

from pathlib import Path

import pytest
from conftest import FOUND, Shell, jobs_of, outcome

POINTS = [
    "before write_circuits rounds/000-0.qpy",
    "during 000.json",
    "before append submitting",
    "after append submitting",
    "program_run",  # the request never arrives
    "after program_run",  # the service has the job, nobody knows its id
    "before append submitted",
    "after append submitted",
    "job_get",  # while queued
    "job_results",  # before the results are read
    "after job_results",  # while they are
    "during 000-0.json",  # while the round is written
    "after write rounds/000-0.json",
    "before write_circuits rounds/001-0.qpy",
    "before write result.json",
]


def begin(shell: Shell, problem: Path, kill: str = "") -> int:
    command = ["run", problem, "--backend", "ibm_double", "--tau", "1", "--folder", "run"]
    return int(shell(*command, kill=kill).returncode)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory, problem: Path, double) -> dict:
    """The outcome of a run that nobody disturbs, and the number of its jobs."""
    place = tmp_path_factory.mktemp("whole")
    shell = make_shell(place, double)
    assert begin(shell, problem) == 0
    facts = outcome(place / "run")
    assert facts["found"] == FOUND
    return {"outcome": facts, "jobs": len(jobs_of(place))}


def make_shell(place: Path, double) -> Shell:
    from conftest import shell as fixture

    return fixture.__wrapped__(place, double)  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("point", POINTS)
def test_killed_and_resumed(point: str, shell: Shell, problem: Path, tmp_path: Path, uninterrupted: dict) -> None:
    assert begin(shell, problem, kill=point) == -9
    resumed = shell("resume", "run")
    assert resumed.returncode == 0, resumed.stderr
    assert outcome(tmp_path / "run") == uninterrupted["outcome"]
    tags = [job["tags"][0] for job in jobs_of(tmp_path)]
    assert len(tags) == len(set(tags)) == uninterrupted["jobs"]
    assert not [path for path in (tmp_path / "run").rglob("*.tmp") if path.is_file()]
