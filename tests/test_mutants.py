"""The faults of benchmarks/mutants.py stand where they say, so that running them means something."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load():
    spec = importlib.util.spec_from_file_location("mutants", ROOT / "benchmarks" / "mutants.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


mutants = load()


@pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_place_and_names_tests_that_exist(mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.old) == 1, "the text has moved; move the mutant along"
    assert mutant.old != mutant.new
    for test in mutant.tests:
        file, name = test.split("::")
        assert f"def {name}(" in (ROOT / file).read_text()


def test_a_mutant_whose_text_is_gone_is_an_error_and_one_that_lives_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("x = 1\n")
    (tmp_path / "test_code.py").write_text("from mine import x\n\n\ndef test_x():\n    assert x\n")

    def verdict(old: str, new: str) -> str:
        return mutants.verdict(mutants.Mutant("m", "mine.py", old, new, ("test_code.py",)), tmp_path)

    assert verdict("x = 1", "x = 0") == "killed"
    assert verdict("x = 1", "x = 2") == "survived"
    assert verdict("x = 3", "x = 0").startswith("error: mine.py holds its text 0 times")
    assert verdict("x = 1", "x = ").startswith("error: pytest gave status")
    assert (tmp_path / "mine.py").read_text() == "x = 1\n"
