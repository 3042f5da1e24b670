"""Long work: estimated before it starts, stopped by Ctrl-C at once, taken up again with the same result."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from qattn.data import bundled


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
