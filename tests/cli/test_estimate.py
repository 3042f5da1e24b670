"""`qattn cost` and `qattn crossover`."""

import json
import subprocess
import sys

from qattn.resources.logical import LOOKUPS

CIRCUITS = [lookup for lookup in LOOKUPS if lookup != "qram"]


def test_cost_command_agrees_with_the_counted_circuit() -> None:
    arguments = ["cost", "--n", "64", "--d", "4", "--bits", "4", "--k", "2", "--count", "--json"]
    done = subprocess.run([sys.executable, "-m", "qattn.cli", *arguments], capture_output=True, text=True, check=True)
    facts = json.loads(done.stdout)
    assert set(facts["lookups"]) == set(LOOKUPS)
    for lookup in CIRCUITS:
        assert facts["lookups"][lookup]["query"] == facts["lookups"][lookup]["counted"]
    assert facts["classical"]["multiply_adds_matrix"] == 64 * 64 * 4


def test_crossover_command_draws(tmp_path) -> None:
    picture = tmp_path / "crossover.png"
    arguments = ["crossover", "--d", "8", "--k", "2", "--bits", "4", "--cpu-rate", "1e10", "--figure", str(picture)]
    done = subprocess.run([sys.executable, "-m", "qattn.cli", *arguments], capture_output=True, text=True, check=True)
    assert "none" in done.stdout
    assert "For this algorithm to win" in " ".join(done.stdout.split())
    assert picture.stat().st_size > 10_000
