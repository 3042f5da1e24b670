"""`qattn step`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from qattn.cli.run import app

FILE = str(Path(__file__).parents[2] / "qattn" / "data" / "minilm_alice_n16.npz")


def page(path: Path) -> dict[str, object]:
    found = re.search(r'id="steps">(.*?)</script>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    made: dict[str, object] = json.loads(found[1])
    return made


@pytest.mark.parametrize("form", ["textbook", "cheapest"])
def test_a_head_of_a_model(tmp_path: Path, form: str) -> None:
    out = tmp_path / "new" / "step.html"
    options = ["--head", "L4H2", "--row", "3", "--k", "4", "--iterations", "2", "--form", form, "--out", str(out)]
    done = CliRunner().invoke(app, ["step", FILE, *options])
    assert done.exit_code == 0, done.output
    data = page(out)
    with np.load(FILE) as arrays:
        scores = arrays["K_L4H2"].astype(float) @ arrays["Q_L4H2"][3].astype(float)
    assert set(np.argsort(scores)[-4:].tolist()) <= set(data["marked"])  # type: ignore[call-overload]
    assert data["n"] == 16
    assert data["stages"][-1]["m"] == 2  # type: ignore[index]


def test_causal_and_tau(tmp_path: Path) -> None:
    out = tmp_path / "step.html"
    options = [
        "--head",
        "L4H2",
        "--row",
        "3",
        "--tau",
        "1",
        "--rank",
        "2",
        "--bits",
        "3",
        "--causal",
        "--out",
        str(out),
    ]
    assert CliRunner().invoke(app, ["step", FILE, *options]).exit_code == 0
    assert page(out)["n"] == 4


@pytest.mark.parametrize(("options", "words"), [
    (["--row", "16", "--k", "4"], "rows 0 to 15"),
    (["--row", "-1", "--k", "4"], "rows 0 to 15"),
    (["--row", "3"], "--tau"),
    (["--row", "3", "--k", "4", "--tau", "1"], "one of the two"),
    (["--row", "3", "--k", "0"], "give 1 to 16"),
    (["--row", "3", "--k", "4", "--form", "nice"], "frugal, textbook"),
    (["--row", "3", "--k", "4", "--iterations", "-1"], "iterations = -1"),
])  # fmt: skip
def test_mistakes_are_named(tmp_path: Path, options: list[str], words: str) -> None:
    done = CliRunner().invoke(app, ["step", FILE, "--head", "L4H2", *options, "--out", str(tmp_path / "x.html")])
    assert done.exit_code != 0
    assert words in str(done.exception)
    assert not (tmp_path / "x.html").exists()
