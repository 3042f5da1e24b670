"""The lectures: public names only, outputs stored without errors, exercises with solutions that check themselves."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

LECTURES = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
MAGIC = re.compile(r"^\s*[%!]")


def cells(path: Path) -> list[dict[str, Any]]:
    found = json.loads(path.read_text("utf-8"))["cells"]
    assert isinstance(found, list)
    return found


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def code(path: Path) -> str:
    text = "\n".join(source(cell) for cell in cells(path) if cell["cell_type"] == "code")
    return "\n".join(line for line in text.splitlines() if not MAGIC.match(line))


def private_names(text: str) -> list[str]:
    """Names with a leading underscore that are imported, or reached into."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            found += [name for name in names if name.startswith("_")]
        elif isinstance(node, ast.Import):
            found += [name for alias in node.names for name in alias.name.split(".") if name.startswith("_")]
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
            found.append(node.attr)
    return found


def unsolved(given: list[dict[str, Any]]) -> list[str]:
    """Exercises that no hidden solution with an assert follows."""
    found = []
    for cell, after in zip(given, [*given[1:], {"cell_type": "markdown", "source": [], "metadata": {}}], strict=True):
        [*titles] = re.findall(r"Exercise \d+", source(cell)) if cell["cell_type"] == "markdown" else []
        solved = after["cell_type"] == "code" and "solution" in after["metadata"].get("tags", [])
        if titles and not (solved and after["metadata"]["jupyter"]["source_hidden"] and "assert" in source(after)):
            found.append(titles[-1])
    return found


def test_there_are_seven() -> None:
    assert len(LECTURES) == 7


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_a_lecture(path: Path) -> None:
    given = cells(path)
    assert private_names(code(path)) == []
    exercises = [cell for cell in given if cell["cell_type"] == "markdown" and "Exercise 1" in source(cell)]
    assert exercises, "no exercises"
    assert sum("solution" in cell["metadata"].get("tags", []) for cell in given) >= 3
    assert unsolved(given) == []
    assert all(cell["execution_count"] for cell in given if cell["cell_type"] == "code"), "a cell was not executed"
    shown = [output for cell in given if cell["cell_type"] == "code" for output in cell["outputs"]]
    assert any("image/png" in output.get("data", {}) for output in shown), "no stored figure"
    assert [output["ename"] for output in shown if output["output_type"] == "error"] == []


def test_what_is_wrong_is_seen() -> None:
    text = "from qattn._x import y\nz._hidden\nfrom qattn import _w\nimport qattn._v"
    assert sorted(private_names(text)) == ["_hidden", "_v", "_w", "_x"]
    task = {"cell_type": "markdown", "source": ["**Exercise 2.** Why?"], "metadata": {}}
    hidden = {"tags": ["solution"], "jupyter": {"source_hidden": True}}
    answer = {"cell_type": "code", "source": ["x = 1"], "metadata": hidden}
    assert unsolved([task, answer]) == ["Exercise 2"]
    assert unsolved([task, {**answer, "source": ["assert x"]}]) == []
    assert unsolved([task]) == ["Exercise 2"]
