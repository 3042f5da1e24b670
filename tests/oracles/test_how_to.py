"""What a how-to says goes wrong does; that its examples run is checked with all pages (tests/test_pages.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qattn.synthesis.execution import DirtyAncillaError

PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "from_amplification_problem.md"


def test_without_the_undoing_line_it_fails_as_said() -> None:
    said = "without it: DirtyAncillaError"
    [block] = [text for text in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL) if said in text]
    broken = "\n".join(line for line in block.splitlines() if said not in line)
    with pytest.raises(DirtyAncillaError, match=r"work\[0\].*index 3"):
        exec(compile("from qattn import find_all\n" + broken, "how-to", "exec"), {})
