"""Kill -9 at every kind of point, resume in a new process: the same result, no job twice, no round lost."""

import json
import signal

import pytest

EVERY_RUN = ("after append submitting", "after program_run", "job_results", "during 000-0.json")
POINTS = [
    "before write_circuits rounds/000-0.qpy",
    "during 000-0.qpy",
    "during 000.json",
    "after write rounds/000.json",
    "before append submitting",
    "after append submitting",
    "jobs_get",  # asking for the tag before the job is sent
    "program_run",  # the request never arrives
    "after program_run",  # the service has the job, nobody knows its id
    "after append submitted",
    "job_get",  # while queued
    "job_results",  # before the results are read
    "after job_results",  # while they are
    "during 000-0.json",  # while the round is written
    "after write rounds/000-0.json",
    "before write_circuits rounds/001-0.qpy",
    "after append collected",
    "before write result.json",
    "during result.json",
    "after write result.json",
]  # the others take minutes: `make slow`


def test_the_undisturbed_run(undisturbed) -> None:
    facts = undisturbed.outcome()
    assert facts["found"] == [*undisturbed.found]
    assert facts["rounds"] == facts["hardware"]["jobs"] == len(undisturbed.jobs()) >= 2
    assert "demonstration" in facts["hardware"]["label"]
    assert 0 < facts["miss_bound"] <= 1e-60
    assert 0 <= facts["hardware"]["miss_estimate"] < 0.1


@pytest.mark.parametrize(
    "point", [pytest.param(point, marks=() if point in EVERY_RUN else pytest.mark.slow) for point in POINTS]
)
def test_killed_and_resumed(point: str, world, undisturbed) -> None:
    assert world.submit(kill=point).returncode == -signal.SIGKILL
    resumed = world.shell("resume", "run")
    assert resumed.returncode == 0, resumed.stderr
    assert world.outcome() == undisturbed.outcome()
    tags = [job["tags"][0] for job in world.jobs()]
    assert len(tags) == len(set(tags)) == len(undisturbed.jobs())
    assert not list((world.root / "run").rglob("*.tmp"))


def test_walk_away_and_come_back(world, undisturbed) -> None:
    """Queued jobs: submit ends, status says so, resume without waiting says so, resume finishes."""
    world.tell(polls=6)
    submitted = world.submit()
    assert submitted.returncode == 0, submitted.stderr
    assert "later: qattn resume run" in submitted.stdout
    assert "open jobs: job-1" in world.shell("status", "run").stdout
    waiting = world.shell("resume", "run", "--no-wait")
    assert waiting.returncode == 7
    assert "job job-1 is queued" in waiting.stderr
    assert world.shell("resume", "run").returncode == 0
    assert world.outcome() == undisturbed.outcome()
    again = world.shell("resume", "run", token=None)  # finished: read from the folder, without account or network
    assert again.returncode == 0, again.stderr
    assert len(world.jobs()) == len(undisturbed.jobs())


@pytest.mark.parametrize("batches", [pytest.param(True, marks=pytest.mark.slow), False])
def test_large_rounds_are_batches_where_the_plan_has_them(batches: bool, world, undisturbed) -> None:
    world.tell(part=1, faults={} if batches else {"create_session": ["403 Client"] * 9})
    done = world.submit(kill="" if batches else "before append submitted")
    if not batches:  # killed after the first of two parts: the resumed run submits the other one only
        assert done.returncode == -signal.SIGKILL
        done = world.shell("resume", "run")
    assert done.returncode == 0, done.stderr
    facts, expected = world.outcome(), undisturbed.outcome()
    assert facts["found"] == expected["found"]
    first = [job for job in world.jobs() if job["tags"][0].split("-")[2] == "0"]
    circuits = json.loads((world.root / "run" / "rounds" / "000.json").read_text())["jobs"]
    assert len(first) == len(circuits) > 2
    assert {job["session_id"] for job in first} == ({"batch-1"} if batches else {None})
    assert ("close_session" in (world.root / "service" / "calls.txt").read_text()) == batches


def test_the_noise_of_a_backend_of_the_account(world) -> None:
    options = ["--tau", 8, "--k", 2, "--oracle", "truth_table", "--seeds", 1, "--json"]
    command = ["submit", world.problem, "--folder", "run", "--backend", "simulated_ibm_double"]
    done = world.shell(*command, *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["found"] == [*world.found]
    assert not world.jobs()
