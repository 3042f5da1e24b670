"""The shell: JSON keys, exit codes, messages that say what to do."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qattn.classical.exact import above, top_k
from qattn.data import bundled, load_head


def qattn(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "qattn.cli", *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("options", [pytest.param(["--k", "4"], marks=pytest.mark.slow), ["--tau", "2.0"]])
def test_run_on_a_real_head_equals_brute_force(options, tmp_path: Path) -> None:
    """Full circuits on Aer, as in the README."""
    picture = tmp_path / "run.png"
    done = qattn("run", str(bundled(16)), "--head", "L4H2", *options, "--json", "--figure", str(picture))
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    wanted = {"n", "d", "qubits", "found", "queries", "evaluations", "miss_bound", "rounds", "max_error", "wall_s"}
    assert wanted <= set(facts)
    Q, K, _ = load_head("L4H2")
    expected = top_k(Q, K, 4) if options[0] == "--k" else above(Q, K, np.full(16, 2.0))
    assert facts["found"] == [js.tolist() for js in expected]
    assert 0 < facts["miss_bound"] <= 0.01
    assert picture.stat().st_size > 10_000


def test_table_for_people() -> None:
    done = qattn("run", str(bundled(64)), "--head", "L2H11", "--k", "4", "--statistics")
    assert done.returncode == 0, done.stderr
    assert "missed keys: whatever they are, a run like this misses" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "absent.npz", "--k", "1"], "absent.npz"),
        (["run", "HEADS", "--head", "L9H9", "--k", "1"], "it has the heads"),
        (["run", "HEADS", "--head", "L4H2"], "give --tau"),
        (["run", "HEADS", "--head", "L4H2", "--k", "1", "--method", "magic"], "choose one of"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(arguments, message) -> None:
    done = qattn(*[str(bundled(16)) if a == "HEADS" else a for a in arguments])
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
