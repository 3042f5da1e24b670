"""`qattn cost` and `qattn crossover`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from qattn.cli import estimate
from qattn.cli.run import app
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


def asked(*arguments: str) -> str:
    """What a command prints, in this process."""
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_classical_bill_is_arithmetic() -> None:
    options = ["--n", "32", "--d", "4", "--bits", "3", "--k", "2", "--cpu-rate", "1e6", "--gpu-rate", "1e9"]
    facts = json.loads(asked("cost", *options, "--lookup", "unary", "--error-rate", "1e-4", "--json"))
    assert facts["classical"] == {
        "multiply_adds_row": 128, "cpu_rate": 1e6, "gpu_rate": 1e9, "cpu_row_s": 128e-6, "multiply_adds_matrix": 4096,
        "cpu_matrix_s": 4096e-6, "gpu_matrix_s": 4096e-9,
    }  # fmt: skip
    assert list(facts["lookups"]) == ["unary"]
    assert facts["queries_per_row"] > 0
    promised = json.loads(asked("cost", *options, "--lookup", "unary", "--promise", "--json"))
    assert promised["queries_per_row"] < facts["queries_per_row"]


def test_the_table_has_a_column_per_lookup_and_says_what_was_counted() -> None:
    options = ["--n", "16", "--d", "2", "--bits", "3", "--k", "1", "--cpu-rate", "1e10"]
    printed = asked("cost", *options, "--lookup", "unary", "--lookup", "qram", "--count")
    assert "unary" in printed
    assert "qram" in printed
    assert "bucket_brigade" not in printed
    assert "counted circuit" in printed
    assert "DIFFERS" not in printed
    assert "counted circuit" not in asked("cost", *options, "--lookup", "unary")


CROSSOVER = ["crossover", "--d", "8", "--k", "2", "--bits", "4", "--cpu-rate", "1e10"]


def test_crossover_command_draws(tmp_path: Path) -> None:
    picture = tmp_path / "crossover.png"
    printed = asked(*CROSSOVER, "--figure", str(picture))
    assert "none" in printed
    assert "For this algorithm to win" in " ".join(printed.split())
    assert picture.stat().st_size > 10_000


def test_crossovers_as_json_have_null_where_the_search_never_wins() -> None:
    facts = json.loads(asked(*CROSSOVER, "--json"))
    assert (facts["d"], facts["k"], facts["cpu"]) == (8, 2, 1e10)
    won = [one["n"] for one in facts["crossovers"]]
    assert None in won
    assert any(isinstance(n, int) for n in won)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--n", "1"], "n >= 2"), (["--lookup", "magic"], "choose one of"), (["--k", "9"], "from 0 to n = 8")],
)
def test_what_cannot_be_is_an_error_of_ours(arguments: list[str], words: str) -> None:
    done = CliRunner().invoke(
        app, ["cost", "--n", "8", "--d", "2", "--bits", "2", "--k", "1", "--cpu-rate", "1e9", *arguments]
    )
    assert isinstance(done.exception, ValueError)
    assert words in str(done.exception)


def test_cost_without_qdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The logical table stands by itself, and says what the rest needs; rates that are asked for are an error."""
    options = ["--n", "16", "--d", "2", "--bits", "2", "--k", "1", "--cpu-rate", "1e9", "--lookup", "unary"]
    whole = asked("cost", *options)
    for name in ["qdk", *(name for name in sys.modules if name.startswith("qdk."))]:
        monkeypatch.setitem(sys.modules, name, None)
    printed = asked("cost", *options)
    assert 'pip install -e ".[estimate]"' in printed.replace("\n", "")
    assert "physical qubits" not in printed
    toffolis = [[line.split() for line in text.splitlines() if "│ Toffoli" in line] for text in (whole, printed)]
    assert len(toffolis[0]) >= 3
    assert toffolis[0] == toffolis[1]
    refused = CliRunner().invoke(app, ["cost", *options, "--error-rate", "2.5e-3"])
    assert refused.exit_code != 0


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_number_is_broken_on_a_narrow_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ["--n", "512", "--d", "8", "--bits", "4", "--k", "1", "--cpu-rate", "1e9", "--error-rate", "1e-3"]
    bills = json.loads(asked("cost", *options, "--json"))["lookups"]
    monkeypatch.setattr(estimate, "console", Console(width=width))
    printed = asked("cost", *options).split()
    numbers = [bill["query"][field] for bill in bills.values() for field in ("qubits", "toffoli", "cnot")]
    assert len(numbers) == 3 * len(LOOKUPS)
    assert [number for number in numbers if f"{number:,}" not in printed] == []
    assert max(map(len, asked("cost", *options).splitlines())) <= width
