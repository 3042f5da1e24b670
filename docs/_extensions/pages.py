"""Pages made at build time: the lectures, a page for each room of the package, the shell's help."""

import re
import shutil
from pathlib import Path

import qattn

TOP = "the_way_itself"


def copy_lectures(source: Path, target: Path) -> None:
    """notebooks/*.ipynb beside the tutorials' index."""
    for old in target.glob("*.ipynb"):
        old.unlink()
    for notebook in source.glob("*.ipynb"):
        shutil.copy(notebook, target)


def write_rooms(package: Path, target: Path) -> None:
    """One page for each folder of the package, and one for the modules at its top; no module can be left out.

    Args:
        package: qattn's folder.
        target: where the pages go, `rooms/` below it.
    """
    folder = target / "rooms"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    modules = sorted(path for path in package.glob("*.py") if path.stem != "__init__")
    (folder / f"{TOP}.rst").write_text(_room("qattn", "The way itself", modules, None))
    for room in sorted(path.parent for path in package.glob("*/__init__.py")):
        modules = sorted(
            path for path in room.glob("*.py") if not path.stem.startswith("__")
        )
        (folder / f"{room.name}.rst").write_text(
            _room(f"qattn.{room.name}", room.name, modules, room)
        )


def _room(dotted: str, title: str, modules: list[Path], room: Path | None) -> str:
    lines = [title, "=" * len(title), ""]
    if room is not None:
        lines += [f".. automodule:: {dotted}", ""]
    for path in modules:
        name = f"{dotted}.{path.stem}"
        lines += [path.stem, "-" * len(path.stem), "", f".. automodule:: {name}"]
        public = [one for one in qattn.__all__ if getattr(qattn, one).__module__ == name]
        if public:
            lines += [f"   :exclude-members: {', '.join(public)}", ""]
            links = ", ".join(f":py:obj:`qattn.{one}`" for one in public)
            lines += [
                f"   Described with :doc:`the public names </reference/public>`: {links}."
            ]
        lines += [""]
    return "\n".join(lines)


def write_shell(target: Path) -> None:
    """What `qattn --help` and the help of each command print."""
    from typer.testing import CliRunner

    from qattn.cli.run import app

    def text(*words: str) -> str:
        narrow = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
        done = CliRunner().invoke(app, [*words, "--help"], env=narrow, prog_name="qattn")
        return re.sub(r"\x1b\[[0-9;]*m", "", done.output).strip("\n")

    commands = sorted(
        command.name or command.callback.__name__ for command in app.registered_commands
    )
    parts = ["# The shell", f"```text\n{text()}\n```"]
    parts += [f"## qattn {name}\n\n```text\n{text(name)}\n```" for name in commands]
    target.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
