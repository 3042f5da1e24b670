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


def test_cost_keeps_its_keys_and_gains_the_front_and_the_stages(tmp_path: Path) -> None:
    pytest.importorskip("qdk.qre", reason="extra estimate")
    picture = tmp_path / "deep" / "bill.png"
    facts = json.loads(asked("cost", "--n", "256", "--d", "16", "--bits", "6", "--json", "--figure", str(picture)))
    assert {"n", "d", "bits", "k", "delta", "promise", "queries_per_row", "classical", "lookups"} <= set(facts)
    assert picture.stat().st_size > 10_000
    wanted = {"qubits", "seconds", "error_rate", "code", "memory_qubits", "workload", "failure"}
    assert all(wanted <= set(point) for point in facts["front"])
    for rate in (1e-3, 1e-4, 1e-5):
        mine = [(point["qubits"], point["seconds"]) for point in facts["front"] if point["error_rate"] == rate]
        assert mine == sorted(mine)
        assert [seconds for _, seconds in mine] == sorted((seconds for _, seconds in mine), reverse=True)
        assert len({point["code"] for point in facts["front"] if point["error_rate"] == rate}) >= 2
    for bill in facts["lookups"].values():
        query, stages = bill["query"], {stage["name"]: stage["cost"] for stage in bill["stages"]}
        assert sum(cost["toffoli"] for cost in list(stages.values())[:4]) == query["toffoli"]
        assert {"error_rate", "gate_ns", "code_distance", "qubits", "factories", "row_s"} == set(bill["machines"][0])
    assert facts["against"]["unary"]["bit_operations"] == 36 * facts["against"]["unary"]["multiply_adds"]
    two = facts["qram_assumption"]
    assert two["d_operations_a_query"]["query"] == 16 < two["one_toffoli_a_load"]["query"]
    assert "fan-out" in facts["time_model"]


def test_the_tables_say_what_a_number_assumes() -> None:
    printed = " ".join(asked("cost", "--n", "64", "--d", "4", "--bits", "4", "--k", "2").split())
    for words in ("stage by stage", "Toffoli after another", "excluded", "one Toffoli a load", "in memory"):
        assert words in printed


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


def test_the_same_table_twice() -> None:
    """No rate is measured, so nothing that else runs on the machine moves the answer; none is said in words."""
    first = asked("crossover", "--d", "8", "--k", "2", "--bits", "4")
    assert asked("crossover", "--d", "8", "--k", "2", "--bits", "4") == first
    assert "none: no n from 2^6 to 2^80" in " ".join(first.split())
    assert "as many as the circuit allows at once" in " ".join(first.split())
    alone = json.loads(asked(*CROSSOVER, "--at-once", "1", "--json"))
    widest = json.loads(asked(*CROSSOVER, "--json"))
    assert (alone["at_once"], widest["at_once"]) == (1, None)  # JSON has no infinity
    tree = [one for one in alone["crossovers"] if one["assumption"] == "token_tree" and one["measure"][:4] == "time"]
    assert all(one["n"] is None for one in tree)  # n Toffolis one after another lose


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--n", "1"], "n >= 2"),
        (["--lookup", "magic"], "choose one of"),
        (["--k", "9"], "from 0 to n = 8"),
        (["--cpu-rate", "0"], "cpu = 0"),
        (["--gate-ns", "0"], "gate_ns = 0"),
    ],
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
