"""Docstrings: every argument and result of a public function is named, and the examples run."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import qattn

ROOT = Path(qattn.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
NOTHING = {"None", "NoReturn", "Never"}  # return annotations that need no Returns
# typer makes the help of a command from its docstring, and says itself what each option is
COMMANDS = {"run", "circuits", "demo", "cost", "crossover", "forecast", "submit", "status", "resume", "cancel", "step"}
WITHOUT_EXAMPLE = {"forecast"}  # needs a backend


def parameters(function: ast.FunctionDef) -> list[str]:
    """The names of all arguments but self and cls."""
    a = function.args
    every = [*a.posonlyargs, *a.args, *([a.vararg] if a.vararg else []), *a.kwonlyargs, *([a.kwarg] if a.kwarg else [])]
    return [one.arg for one in every if one.arg not in ("self", "cls")]


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions, and public methods of public classes, by their qualified name; overloads are left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            if not any("overload" in ast.unparse(decorator) for decorator in node.decorator_list):
                yield prefix + node.name, node
        elif isinstance(node, ast.If | ast.Try):
            yield from functions(node, prefix)


def section(text: str, name: str) -> str | None:
    """The indented lines below `name:`, without their common indent."""
    found = re.search(rf"^{name}:\n((?:[ ]+\S.*\n?|\n)+)", text, re.MULTILINE)
    return None if found is None else found[1]


def entries(block: str) -> dict[str, str]:
    """What a section of Google style says by name: `name: text` at its first indent."""
    return {name.lstrip("*"): text for name, text in re.findall(r"^ {4}(\*{0,2}\w+): *(\S.*)$", block, re.MULTILINE)}


def complaints(source: str) -> list[str]:
    """What the docstrings of a module lack."""
    lacking: list[str] = []
    for name, function in functions(ast.parse(source)):
        wanted, text = parameters(function), ast.get_docstring(function) or ""
        if len(wanted) < 2:
            continue
        summary = text.split("\n")[0].strip()
        if len(summary) < 2 or (text.split("\n")[1:2] or [""])[0].strip():
            lacking.append(f"{name}: no summary of one line")
        said = entries(section(text, "Args") or "")
        if list(said) != wanted:
            lacking.append(f"{name}: Args names {', '.join(said) or 'nothing'}, not {', '.join(wanted)}")
        returns = "None" if function.returns is None else ast.unparse(function.returns)
        if returns.strip("'\"") not in NOTHING and not (section(text, "Returns") or section(text, "Yields")):
            lacking.append(f"{name}: returns {returns}, and has no Returns")
    return lacking


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def dotted(path: Path) -> str:
    return ".".join(part for part in ("qattn", *path.relative_to(ROOT).with_suffix("").parts) if part != "__init__")


def test_every_argument_and_result_is_described() -> None:
    found = [
        f"{path.relative_to(ROOT)} {line}"
        for path in MODULES
        for line in complaints(path.read_text(encoding="utf-8"))
        if room(path) != "cli" or line.split(":")[0] not in COMMANDS
    ]
    assert found == []


GOOD = '''
def scaled(value: float, exponent: int, *more: int, **options: int) -> float:
    """A number times a power of two.

    Args:
        value: of any size.
        exponent: the power;
            more: is no argument of this line.
        *more: further powers.
        options: of no use.

    Returns:
        The product.
    """


class _Private:
    def nothing(self, a, b): ...


class Public:
    def one(self, a): ...

    def two(self, a: int, b: int) -> None:
        """Both.

        Args:
            a: the first.
            b: the second.
        """
'''


@pytest.mark.parametrize(("before", "after", "complaint"), [
    ("        exponent: the power;\n", "", "Args names value, more, options, not value, exponent, more, options"),
    ("        options: of no use.\n", "", "Args names value, exponent, more, not"),
    ("        value: of any size.\n", "        value:\n", "Args names exponent, more, options"),
    ("        value: of any size.\n", "        values: of any size.\n", "Args names values,"),
    ("            b: the second.\n", "", "Public.two: Args names a, not a, b"),
    ("    Args:\n        value", "    Arguments:\n        value", "Args names nothing"),
    ("    Returns:\n        The product.\n", "", "returns float, and has no Returns"),
    ("    Returns:\n        The product.\n", "    Returns:\n", "returns float, and has no Returns"),
    ('"""A number times a power of two.\n', '"""A number times\n    a power of two.\n', "no summary of one line"),
    ('"""Both.\n', '"""\n', "Public.two: no summary of one line"),
    ("def one(self, a): ...", "def one(self, a, b): ...", "Public.one: Args names nothing, not a, b"),
])  # fmt: skip
def test_the_check_sees_what_is_missing(before: str, after: str, complaint: str) -> None:
    assert complaints(GOOD) == []
    assert GOOD.count(before) == 1
    assert any(complaint in line for line in complaints(GOOD.replace(before, after)))


def test_the_check_looks_at_the_package() -> None:
    """Not at a handful of functions that happen to pass."""
    seen = {dotted(path): [name for name, _ in functions(ast.parse(path.read_text()))] for path in MODULES}
    assert sum(map(len, seen.values())) > 500
    assert "attend" in seen["qattn.attention"]
    assert "Searching.observe" in seen["qattn.search.schedule"]


@pytest.mark.parametrize("path", [p for p in MODULES if ">>>" in p.read_text(encoding="utf-8")], ids=dotted)
def test_examples_run(path: Path) -> None:
    done = doctest.testmod(importlib.import_module(dotted(path)))
    assert done.attempted > 0
    assert done.failed == 0


@pytest.mark.parametrize("name", sorted(set(qattn.__all__) - WITHOUT_EXAMPLE))
def test_public_names_have_an_example(name: str) -> None:
    public = getattr(qattn, name)
    assert ">>>" in (public.__doc__ or ""), f"{name} needs an example"
