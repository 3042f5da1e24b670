"""Failures on command: one clear message, its exit code, a folder that resumes, and the token nowhere."""

import json
from pathlib import Path

import pytest

NETWORK, REFUSED, ACCOUNT, FAILED, NOISE, MISTAKE = 5, 6, 4, 6, 3, 2

# name: (what the service does, exit code of submit, words of the message)
FAILURES = {
    "job failed": ({"end": {"status": "Failed", "reason": "a fridge warmed up"}}, FAILED, "job job-1 failed"),
    "cancelled by others": ({"end": {"status": "Cancelled"}}, FAILED, "job job-1 was cancelled"),
    "out of time": (
        {"end": {"status": "Cancelled", "reason": "Ran too long", "reason_code": 1305}}, FAILED,
        "maximal execution time; raise --max-execution-time",
    ),
    "network down at submission": ({"faults": {"program_run": ["drop"] * 9}}, NETWORK, "cannot be reached"),
    "network down at the results": ({"faults": {"job_results": ["drop"] * 9}}, NETWORK, "cannot be reached"),
    "service down": ({"faults": {"job_get": ["503 Server"] * 9}}, NETWORK, "cannot be reached"),
    "token withdrawn": ({"faults": {"program_run": ["unauthorized"]}}, ACCOUNT, "check the token and the instance"),
    "request refused": ({"faults": {"program_run": ["400 Client"]}}, REFUSED, "refused the request"),
}  # fmt: skip


def one_message(stderr: str) -> str:
    """The error of a command: exactly one, without a traceback."""
    errors = [line for line in stderr.splitlines() if line.startswith("error:")]
    assert len(errors) == 1, stderr
    assert "Traceback" not in stderr
    return errors[0]


def tokenless(world, *outputs: str) -> None:
    """The token is in no output and in no file of the run, of the user's home or beside them."""
    assert not any(world.token in text or "s3cret" in text for text in outputs)
    service = world.root / "service"
    for path in world.root.rglob("*"):
        if path.is_file() and service not in path.parents:
            assert b"s3cret" not in path.read_bytes(), path


IN_EVERY_RUN = ("job failed",)  # the others take minutes: `make slow`


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in IN_EVERY_RUN else pytest.mark.slow) for name in FAILURES]
)
def test_failures_say_what_to_do_and_the_run_goes_on(name: str, world, undisturbed) -> None:
    settings, code, words = FAILURES[name]
    world.tell(**settings)
    broken = world.submit()
    assert broken.returncode == code, broken.stderr
    assert words in one_message(broken.stderr)
    world.tell(faults={})
    resumed = world.shell("resume", "run")
    assert resumed.returncode == 0, resumed.stderr
    assert world.outcome()["found"] == undisturbed.outcome()["found"]
    paid = [job["id"] for job in world.jobs() if job["state"]["status"] == "Completed"]
    assert len(paid) == len(undisturbed.jobs())
    tokenless(world, broken.stdout, broken.stderr, resumed.stdout, resumed.stderr)


def test_a_short_network_drop_is_not_noticed(world, undisturbed) -> None:
    drops = {"after program_run": ["drop"], "job_get": ["drop", "502 Server"], "job_results": ["drop"]}
    world.tell(faults=drops)
    done = world.submit()
    assert done.returncode == 0, done.stderr
    assert "looking whether the job arrived" in done.stderr
    assert world.outcome() == undisturbed.outcome()
    assert len(world.jobs()) == len(undisturbed.jobs())  # the drop after the arrival did not submit a second job
    tokenless(world, done.stdout, done.stderr)


def test_an_expired_job_runs_again(world, undisturbed) -> None:
    world.tell(polls=2)
    assert world.submit().returncode == 0
    (world.root / "service" / "jobs" / "job-1.json").unlink()
    gone = world.shell("resume", "run")
    assert gone.returncode == FAILED
    assert "no longer has the job" in one_message(gone.stderr)
    assert world.shell("resume", "run").returncode == 0
    assert world.outcome() == undisturbed.outcome()


def test_cancelled_by_the_user_and_resumed(world, undisturbed) -> None:
    world.tell(polls=3)
    assert world.submit().returncode == 0
    cancelled = world.shell("cancel", "run")
    assert "cancelled job-1" in cancelled.stdout
    assert world.jobs()[0]["state"]["status"] == "Cancelled"
    assert "no job is queued or running" in world.shell("cancel", "run").stdout
    assert world.shell("resume", "run").returncode == 0
    assert world.outcome()["found"] == undisturbed.outcome()["found"]


def test_cancelling_a_finished_job_keeps_its_results(world, undisturbed) -> None:
    """It finished after the last look at it: the service answers 409, and nothing is paid for again."""
    world.tell(polls=3)
    assert world.submit().returncode == 0
    path = world.root / "service" / "jobs" / "job-1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "state": {"status": "Completed"}}))
    late = world.shell("cancel", "run")
    assert late.returncode == 0, late.stderr
    assert "resuming collects what it measured" in late.stdout + late.stderr
    assert "open jobs: job-1" in world.shell("status", "run").stdout
    resumed = world.shell("resume", "run")
    assert resumed.returncode == 0, resumed.stderr
    assert world.outcome() == undisturbed.outcome()
    assert len(world.jobs()) == len(undisturbed.jobs())
    tokenless(world, late.stdout, late.stderr, resumed.stdout, resumed.stderr)


def test_a_retired_backends_finished_job_is_still_collected(world, undisturbed) -> None:
    """The service no longer lists the processor: what it measured is kept, and only a new job names what is wrong."""
    world.tell(polls=3)
    assert world.submit().returncode == 0
    world.tell(retired=True)
    gone = world.shell("resume", "run")
    assert gone.returncode == MISTAKE, gone.stderr
    assert "your account has no such backend" in one_message(gone.stderr)
    assert "collected: 1" in world.shell("status", "run").stdout
    assert (world.root / "run" / "rounds" / "000-0.json").is_file()
    assert len(world.jobs()) == 1
    world.tell(retired=False)
    back = world.shell("resume", "run")
    assert back.returncode == 0, back.stderr
    assert world.outcome() == undisturbed.outcome()
    assert len(world.jobs()) == len(undisturbed.jobs())


@pytest.mark.parametrize(("change", "code", "words"), [
    ({"error": 0.001}, 0, "calibration changed"),
    ({"error": 0.3}, NOISE, "was calibrated again"),
    ({"broken": "its qubits"}, MISTAKE, "no longer fit"),
])  # fmt: skip
def test_calibration_changes_before_a_prepared_round_is_sent(change, code, words, world, undisturbed) -> None:
    assert world.submit(kill="before append submitting").returncode == -9
    if "broken" in change:
        layout = json.loads((world.root / "run" / "rounds" / "000.json").read_text())["layout"]
        change = {"broken": sorted({qubit for qubits in layout for qubit in qubits})}
    world.tell(calibration=change)
    resumed = world.shell("resume", "run")
    assert resumed.returncode == code, resumed.stderr
    assert words in resumed.stderr
    assert len(world.jobs()) == (len(undisturbed.jobs()) if code == 0 else 0)
    again = world.shell("resume", "run", "--anyway")
    assert again.returncode == 0, again.stderr
    assert world.outcome()["found"] == undisturbed.outcome()["found"]


@pytest.mark.parametrize(("token", "words"), [
    (None, "no IBM Quantum account"),
    ("wrong-s3cret", "refused the account"),
    ("s3cret\n", "blanks or line ends"),
])  # fmt: skip
def test_tokens_that_do_not_work(token: str | None, words: str, world) -> None:
    done = world.submit(token=token)
    assert done.returncode == ACCOUNT, done.stderr
    assert words in one_message(done.stderr)
    assert not (world.root / "run").exists()
    tokenless(world, done.stdout, done.stderr)


@pytest.mark.parametrize("saved", ["1234509876", '["s3cret"]', '{"deep": "s3cret"}', "null"])
def test_a_saved_token_that_is_not_text(saved: str, world) -> None:
    home = world.root / "home" / ".qiskit"
    home.mkdir(parents=True)
    account = '{"channel": "ibm_quantum_platform", "token": ' + saved + "}"
    (home / "qiskit-ibm.json").write_text('{"default-ibm-quantum-platform": ' + account + "}")
    done = world.submit(token=None)
    assert done.returncode == ACCOUNT, done.stderr
    assert "s3cret" not in done.stdout + done.stderr
    assert "1234509876" not in done.stdout + done.stderr
    one_message(done.stderr)


def test_the_libraries_logs_do_not_have_it_either(world) -> None:
    world.tell(faults={"job_get": ["drop"]}, end={"status": "Failed"})
    logs = {"QISKIT_IBM_RUNTIME_LOG_LEVEL": "DEBUG", "QISKIT_IBM_RUNTIME_LOG_FILE": str(world.root / "log.txt")}
    done = world.submit(fresh=True, **logs)
    assert done.returncode == FAILED
    assert (world.root / "log.txt").stat().st_size > 100
    tokenless(world, done.stdout, done.stderr)


def test_noise_is_refused_unless_asked_for(world, tmp_path: Path) -> None:
    world.tell(calibration={"error": 0.3})
    refused = world.submit()
    assert refused.returncode == NOISE
    assert "the histogram cannot be told from guessing" in one_message(refused.stderr)
    assert not (tmp_path / "run").exists()
    assert not (tmp_path / "service" / "jobs").exists()


def test_mistakes_in_the_folder(world) -> None:
    assert "holds no run" in one_message(world.shell("resume", "nowhere").stderr)
    world.tell(polls=2)
    assert world.submit().returncode == 0
    twice = world.submit()
    assert twice.returncode == MISTAKE
    assert "holds a run already" in one_message(twice.stderr)
