"""What the README shows works as shown: Python blocks run in order, commands exist, links and pictures are there."""

import re
import runpy
import shlex
from pathlib import Path

import matplotlib
import pytest
from typer.testing import CliRunner

from qattn.cli.run import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def test_every_block_runs_as_written() -> None:
    """Python and shell, from top to bottom, in an empty folder; on what the package alone installs."""
    matplotlib.use("agg")
    run_page = runpy.run_path(str(ROOT / "docs" / "_extensions" / "run_pages.py"))["run_page"]
    printed = [ran.printed for ran in run_page(ROOT / "README.md")]
    assert len(printed) == len(blocks("python")) + len(blocks("bash")) >= 6
    assert "misses any with probability at most" in printed[0]
    assert "[1 3]" in printed[1]
    assert "QROM in the circuit" in printed[-1]


@pytest.mark.parametrize("line", [line for block in blocks("bash") for line in block.splitlines() if "qattn" in line])
def test_shell_options_exist(line: str) -> None:
    command = shlex.split(line, comments=True)[1:]
    done = CliRunner().invoke(app, [command[0], "--help"], env={"COLUMNS": "200"}, color=False)
    assert done.exit_code == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.output)
    for option in (word for word in command if word.startswith("--")):
        assert option in text, f"{command[0]} has no {option}"


def test_makefile_has_the_commands() -> None:
    targets = re.findall(r"^make (\w+)", README, flags=re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / link).is_file(), link


def test_numbers_of_the_cost_table() -> None:
    """The README's own numbers, recomputed."""
    from qattn.resources.logical import estimate, queries

    bills = {bill.lookup: bill for bill in estimate(4096, 64, 8, 16, lookups=["select_swap", "unary", "qram"])}
    assert f"{bills['select_swap'].query.toffoli:,} / {bills['unary'].query.toffoli:,}" in README
    assert f"| {bills['qram'].query.toffoli} |" in README
    assert f"{bills['select_swap'].row.toffoli:,} against {4096 * 64:,}" in README
    assert f"| {queries(4096, 16):.0f} (1.6" in README
