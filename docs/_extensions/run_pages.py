"""The code on the pages is run: `python` and `bash` blocks in order, and what they print is what stands below them.

A page runs from top to bottom in an empty folder of its own. A `text` block right after a block of code is what that
code prints, "..." standing for anything; `py` and `sh` blocks are only read. `<!-- needs: MODULE -->` names what a page
cannot run without. `python docs/_extensions/run_pages.py PAGE ...` writes the output into the pages.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^```(\w+)\n(.*?)^```\n(?:\s*\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE
)
SAME = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
WIDTH = "100"


@dataclass(frozen=True)
class Ran:
    """One block of code: its place in the page, what should be printed (None: nothing is said), and what was."""

    found: re.Match[str]
    expected: str | None
    printed: str

    @property
    def same(self) -> bool:
        """Whether it printed what the page says."""
        return self.expected is None or doctest.OutputChecker().check_output(
            self.expected, self.printed, SAME
        )


def needs(page: Path) -> list[str]:
    """Modules without which the page's code cannot run."""
    return re.findall(r"<!-- needs: (\w+) -->", page.read_text(encoding="utf-8"))


def run_page(page: Path) -> Iterator[Ran]:
    """Its blocks, one after the other; an exception in one of them is raised."""
    names: dict[str, object] = {"__name__": page.stem}
    page, before = page.resolve(), Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
                language, code, expected = found.groups()
                if language == "python":
                    out = io.StringIO()
                    with contextlib.redirect_stdout(out):
                        exec(compile(code, f"{page.name}", "exec"), names)
                    yield Ran(found, expected, out.getvalue())
                elif language == "bash":
                    yield Ran(found, expected, "".join(map(_shell, code.splitlines())))
        finally:
            os.chdir(before)


def _shell(line: str) -> str:
    words = shlex.split(line, comments=True)
    if not words:
        return ""
    if words[0] != "qattn":
        raise ValueError(
            f"{line!r}: a bash block is run and holds qattn commands; write sh"
        )
    environment = {**os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1", "TERM": "dumb"}
    command = [sys.executable, "-m", "qattn.cli", *words[1:]]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{line!r} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def write(page: Path) -> None:
    """Put what is printed where the page says something else."""
    text = page.read_text(encoding="utf-8")
    for ran in reversed(list(run_page(page))):
        if ran.expected is not None and not (ran.same and "..." in ran.expected):
            start, end = ran.found.span(3)
            lines = "\n".join(
                line.rstrip() for line in ran.printed.strip("\n").splitlines()
            )
            text = f"{text[:start]}{lines}\n{text[end:]}"
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        write(Path(name).resolve())
