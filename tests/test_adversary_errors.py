"""The light form of benchmarks/adversary_errors.py: what is stated about errors survives being attacked."""

import importlib.util
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "benchmarks" / "adversary_errors.py"


@pytest.mark.skipif(not FILE.exists(), reason="the benchmarks are not installed with the package")
def test_what_is_stated_about_errors_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    specification = importlib.util.spec_from_file_location("adversary_errors", FILE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, "adversary_errors", module)
    specification.loader.exec_module(module)
    heads, gaussian = module.FAMILIES[:2]
    cells = [(heads, 2, 60), (gaussian, 2, 60), (gaussian, 64, 30)]
    attacks = [line for cell in cells for field in module.FIELDS for line in module.coverage(*cell[:2], field, cell[2])]
    attacks += module.choices(heads, 2, 20)
    assert [line for line in attacks if not line.passed] == []
