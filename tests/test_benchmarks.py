"""Every benchmark loads: what it imports and the options it takes are there, whatever moved."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "benchmarks"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "common")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_benchmark_loads_and_explains_itself(name, monkeypatch, capsys) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    before = set(sys.modules)
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except ModuleNotFoundError as error:
        if not (error.name or "qattn").startswith(("qattn", "promises", "baselines", "common")):
            pytest.skip(f"needs {error.name}")
        raise
    finally:
        for loaded in set(sys.modules) - before:
            if loaded.split(".")[0] in ("promises", "baselines", "common", *SCRIPTS, spec.name):
                del sys.modules[loaded]
    assert module.__doc__
    if hasattr(module, "main"):
        monkeypatch.setattr(sys, "argv", [f"{name}.py", "--help"])
        with pytest.raises(SystemExit) as stopped:
            module.main()
        assert stopped.value.code == 0
        assert "usage" in capsys.readouterr().out
