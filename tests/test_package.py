"""The wheel holds all that the package needs outside the clone, and says what it is in few words."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
USE = """
import numpy as np
import qattn
from qattn.data import heads, load_head

assert __file__ != qattn.__file__ and qattn.__file__.startswith({folder!r}), qattn.__file__
assert [len(load_head(heads(n)[0], n)[0]) for n in (16, 64, 512)] == [16, 64, 512]
Q, K, V = load_head("L2H11", 16)
result = qattn.attend(Q[:2], K, V, k=2, sampler=qattn.GroverStatistics(), seed=0)
print(result.report())
oracle = qattn.ThresholdOracle.from_row([2, -1], [[1, 2], [3, -1], [-2, 1], [0, -3]], tau=3)
qattn.step(oracle).save("step.html")
"""


def test_description_is_short() -> None:
    assert 20 < len(PROJECT["description"]) <= 135


def test_the_wheel_outside_the_clone(tmp_path: Path) -> None:
    builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder(str(ROOT))
    wheel = Path(next(builder.build(directory=str(tmp_path / "dist"))))
    place = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    inside = {str(path.relative_to(place)) for path in (place / "qattn").rglob("*")}
    clone = {str(path.relative_to(ROOT)) for path in (ROOT / "qattn").rglob("*") if path.is_file()}
    assert {name for name in clone if "__pycache__" not in name} - inside == set()
    script = tmp_path / "use.py"
    script.write_text(USE.format(folder=str(place)))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(place)}
    done = subprocess.run([sys.executable, script], cwd=elsewhere, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "queries" in done.stdout
    assert "<html" in (elsewhere / "step.html").read_text()[:200]
