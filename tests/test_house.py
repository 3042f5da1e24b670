"""The order of the rooms: every module imports from earlier rooms only, inside functions too."""

from __future__ import annotations

import ast
from pathlib import Path

import qattn

ROOT = Path(qattn.__file__).parent

# One line a floor; a module may import from its own room and from any floor above its own in this list.
FLOORS = [
    ["arrays"], ["scores"], ["problem"], ["data"],
    ["encoding"],
    ["synthesis"],
    ["lookups"], ["arithmetic"],
    ["oracles"],
    ["simulator"],
    ["search"],
    ["machines"],
    ["classical"],
    ["approximation"],
    ["result"],
    ["resources"],
    ["find"], ["attention"], ["cache"], ["maxip"],
    ["heads"], ["tuning"],
    ["hardware"],
    ["show"],
    ["integrations"],
    ["cli"],
    ["testing"],
]  # fmt: skip
ORDER = {room: place for place, floor in enumerate(FLOORS) for room in floor}
EXCEPTIONS = {("result", "show"), ("heads", "show")}  # report() loads the room that writes it when it is called


TESTS = Path(__file__).parent


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> set[str]:
    """The qattn modules that a file imports at run time, as dotted names below `qattn`."""
    found: set[str] = set()
    names = {name_of(other) for other in modules()}

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                visit(other)
            return
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: import by full name"
            if node.module == "qattn":
                found.update(alias.name for alias in node.names if alias.name != "__version__")
            elif node.module and node.module.startswith("qattn."):
                below = node.module.removeprefix("qattn.")
                inner = {f"{below}.{alias.name}" for alias in node.names} & names
                found.update(inner)
                if len(inner) < len(node.names):
                    found.add(below)
        elif isinstance(node, ast.Import):
            found.update(a.name.removeprefix("qattn.") for a in node.names if a.name.startswith("qattn."))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text()))
    return found


def room(module: str) -> str:
    return module.split(".")[0]


def violations(graph: dict[str, set[str]]) -> list[str]:
    return [
        f"{module} imports {other}"
        for module, others in graph.items()
        for other in others
        if room(module) != room(other)
        and ORDER[room(other)] >= ORDER[room(module)]
        and (room(module), room(other)) not in EXCEPTIONS
    ]


def circle(graph: dict[str, set[str]]) -> list[str]:
    """A circle of modules, if there is one."""
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for other in sorted(graph.get(module, ())):
            if (room(module), room(other)) not in EXCEPTIONS and (found := walk(other, [*path, module])):
                return found
        done.add(module)
        return []

    for module in sorted(graph):
        if found := walk(module, []):
            return found
    return []


def house() -> dict[str, set[str]]:
    return {name_of(path): imports(path) for path in modules()}


def test_nothing_at_the_top_but_the_way_itself() -> None:
    tops = {path.stem for path in ROOT.glob("*.py")} - {"__init__"}
    assert tops == {
        "attention", "cache", "problem", "scores", "result", "find", "heads", "tuning", "maxip", "arrays", "testing",
    }  # fmt: skip
    assert {room(name_of(path)) for path in modules()} <= set(ORDER)
    assert all(len(path.relative_to(ROOT).parts) <= 2 for path in modules()), "one level of folders"


def test_imports_go_to_earlier_rooms_only() -> None:
    assert violations(house()) == []


def test_no_circle() -> None:
    assert circle(house()) == []


def without_namesake(root: Path, tests: Path) -> list[str]:
    """Modules without a test file of their name in the same room."""
    places = (path.relative_to(root) for path in sorted(root.rglob("*.py")))
    return [
        str(place)
        for place in places
        if place.name not in ("__init__.py", "__main__.py")
        and not (tests / place.parent / f"test_{place.name}").exists()
    ]


def test_each_module_has_its_namesake(tmp_path: Path) -> None:
    assert without_namesake(ROOT, TESTS) == []
    for name in ("qattn/a.py", "qattn/room/b.py", "qattn/room/__init__.py", "tests/test_a.py", "tests/test_b.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert without_namesake(tmp_path / "qattn", tmp_path / "tests") == ["room/b.py"], "in its own room"


def test_the_check_sees_what_it_should(tmp_path: Path) -> None:
    """Nothing passes for want of looking: an arrow up and a circle are both found, inside functions too."""
    file = tmp_path / "x.py"
    file.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from qattn.cli import run\n"
        "def f():\n    from qattn.show.plots import rotation\n    from qattn.hardware import retry\n"
    )
    assert imports(file) == {"show.plots", "hardware.retry"}
    assert violations({"search.row": {"machines.sampler"}}) == ["search.row imports machines.sampler"]
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
