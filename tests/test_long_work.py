"""Long work: estimated before it starts, stopped by Ctrl-C at once, taken up again with the same result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from qattn import GroverStatistics, attend, attend_heads
from qattn.data import bundled, load_head
from qattn.find import Interrupted
from qattn.heads import HeadsInterrupted
from qattn.machines import aer
from qattn.machines.apart import Apart
from qattn.machines.estimate import TooLong, aer_load, sparse_load


class Stops:
    """A machine that is interrupted in some round."""

    def __init__(self, after: int) -> None:
        self.left = after

    def run(self, jobs):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return GroverStatistics().run(jobs)


@pytest.mark.parametrize("options", [{"k": 3}, {"tau": 1.0}, {"tau": 1.0, "objective": "rounds"}], ids=str)
@pytest.mark.parametrize("after", [0, 1, 7])
def test_resumed_from_the_error_its_state_or_a_file_it_ends_the_same(after: int, options, tmp_path: Path) -> None:
    Q, K, V = load_head("L4H2", 64)
    arguments = {"far_field": "constant", "seed": 4, **options}
    whole = attend(Q[:9], K, V, sampler=GroverStatistics(), **arguments)
    if whole.accounts.rounds <= after:
        pytest.skip("ends in fewer rounds")
    with pytest.raises(Interrupted, match="of 9 rows done") as stopped:
        attend(Q[:9], K, V, sampler=Stops(after), **arguments)
    stopped.value.save(tmp_path / "deep" / "state.json")
    assert set(stopped.value.done) == {row.number for row in stopped.value.rows if row.done}
    for resume in (stopped.value, stopped.value.state, tmp_path / "deep" / "state.json"):
        again = attend(Q[:9], K, V, sampler=GroverStatistics(), resume=resume, **arguments)
        assert np.array_equal(again.output, whole.output)
        assert np.array_equal(again.queries, whole.queries)
        assert all(np.array_equal(a, b) for a, b in zip(again.found, whole.found, strict=True))


@pytest.mark.parametrize("after", [0, 3, 30])
def test_heads_that_are_done_are_kept_and_the_rest_goes_on(after: int) -> None:
    Q, K, V = (np.stack([load_head(name, 64)[part][:20] for name in ("L4H2", "L5H0", "L2H11")]) for part in range(3))
    arguments = {"k": 2, "seed": 4, "causal": True, "far_field": "constant"}
    whole = attend_heads(Q, K, V, sampler=GroverStatistics(), **arguments)
    with pytest.raises(HeadsInterrupted, match="resume=this") as stopped:
        attend_heads(Q, K, V, sampler=Stops(after), **arguments)
    with pytest.raises(HeadsInterrupted) as twice:
        attend_heads(Q, K, V, sampler=Stops(2), resume=stopped.value, **arguments)
    assert len(twice.value.parts) >= len(stopped.value.parts)
    machine = Stops(1000)
    again = attend_heads(Q, K, V, sampler=machine, resume=twice.value, **arguments)
    assert np.array_equal(again.output, whole.output)
    assert np.array_equal(again.queries, whole.queries)
    assert again.miss_bound == whole.miss_bound
    rounds = sum(part.result.accounts.rounds for part in whole.parts)
    assert 1000 - machine.left == rounds - after - 2


def test_a_file_of_another_problem_or_half_a_file_is_refused(tmp_path: Path) -> None:
    Q, K, V = load_head("L4H2", 64)
    with pytest.raises(Interrupted) as stopped:
        attend(Q[:4], K, V, k=2, sampler=Stops(1), seed=0)
    path = tmp_path / "state.json"
    stopped.value.save(path)
    calls = [((Q[:4], K, V), {"k": 3}), ((Q[1:5], K, V), {"k": 2}), ((Q[:4], 2 * K, V), {"k": 2}),
             ((Q[:4], K, V), {"k": 2, "delta": 0.02}), ((Q[:3], K, V), {"k": 2})]  # fmt: skip
    for arrays, options in calls:
        with pytest.raises(ValueError, match="another problem or other options"):
            attend(*arrays, sampler=GroverStatistics(), resume=path, **options)
    text = path.read_text()
    for broken in (text[: len(text) // 2], "[]", "", text.replace("schedule", "x", 1)):
        path.write_text(broken)
        with pytest.raises(ValueError, match="resume"):
            attend(Q[:4], K, V, k=2, sampler=GroverStatistics(), resume=path, seed=0)


def test_a_run_that_cannot_be_done_is_refused_before_it_starts() -> None:
    rng = np.random.default_rng(0)
    K = rng.normal(size=(5000, 64))
    start = time.process_time()
    with pytest.raises(TooLong, match=r"hours.*GroverStatistics.*anyway"):
        attend(K, K, K[:, :2], k=16)
    assert time.process_time() - start < 5 * max(1.0, os.getloadavg()[0] / 2)
    assert attend(K[:2], K, K[:, :2], k=4, sampler=GroverStatistics(), seed=0).queries.sum() > 0


def test_estimates_grow_with_the_work_and_memory_is_looked_at() -> None:
    light, heavy = aer_load(1000, 14, 16, [2] * 4), aer_load(1000, 24, 16, [2] * 4)
    assert light.light
    assert not heavy.light
    assert heavy.seconds > 100 * light.seconds
    light.check()
    with pytest.raises(TooLong, match="GiB of memory"):
        light.check(available=1000.0)
    small, large = (sparse_load(n, 64, 8, [16] * 4, rising=False) for n in (64, 4096))
    assert large.seconds > 10 * small.seconds
    assert large.memory > 10 * small.memory


def test_circuits_in_a_process_of_their_own_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.integers(-2, 2, (2, 2)), rng.integers(-2, 2, (5, 2)), rng.normal(size=(5, 3))
    here = attend(Q, K, V, 1.0, seed=1)
    monkeypatch.setattr(aer, "PATIENCE_S", 0.0)
    there = attend(Q, K, V, 1.0, seed=1)
    assert np.array_equal(here.queries, there.queries)
    assert np.array_equal(here.output, there.output)


def test_a_process_that_dies_is_an_error_and_none_is_left_behind() -> None:
    from qiskit.circuit import QuantumCircuit

    circuit = QuantumCircuit(1, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    apart = Apart()
    assert apart.run(circuit, 3, 0).tolist() == [1, 1, 1]
    assert apart.process is not None
    apart.process.kill()
    apart.process.wait()
    with pytest.raises((RuntimeError, BrokenPipeError)):
        apart.run(circuit, 3, 0)
    assert apart.process is None


def started(tmp_path: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "qattn.cli", "run", str(bundled(64)), "--head", "L2H11", "--k", "6", *options]
    return subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def interrupted(tmp_path: Path, wait: float) -> tuple[int, float, str]:
    """Exit code, seconds from SIGINT to the end, and stderr of a run that is stopped some time after its first line."""
    process = started(tmp_path)
    assert process.stderr is not None
    first = process.stderr.readline()
    assert "searching 64 rows" in first
    time.sleep(wait)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, said = process.communicate(timeout=120)
    return process.returncode, time.monotonic() - start, said


def test_ctrl_c_keeps_what_was_found_and_the_shell_goes_on_from_it(tmp_path: Path) -> None:
    code, _, said = interrupted(tmp_path, 3.0)
    assert code in (0, 130), said  # 0: a fast machine was done
    assert "Traceback" not in said
    kept = tmp_path / "out" / "L2H11-resume.json"
    if code == 130 and kept.exists():
        assert "finished rows:" in said
        assert f"--resume {Path('out') / kept.name}" in said
        process = started(tmp_path, "--resume", str(kept), "--json")
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        whole = started(tmp_path, "--json").communicate(timeout=300)[0]
        assert json.loads(out)["found"] == json.loads(whole)["found"]


@pytest.mark.slow
def test_ctrl_c_at_ten_moments_is_answered_within_two_seconds(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    ends = [interrupted(tmp_path, float(rng.uniform(0, 4))) for _ in range(10)]
    assert [code for code, _, _ in ends] == [130] * 10
    assert max(seconds for _, seconds, _ in ends) < 2
