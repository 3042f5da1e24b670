"""The how-to's examples run and print what they say."""

from __future__ import annotations

import re
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "docs" / "how_to" / "from_amplification_problem.md").read_text(encoding="utf-8")


def test_the_examples_run_and_print_what_they_say(capsys):
    names: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 3
    for block in blocks:
        exec(compile(block, "how-to", "exec"), names)
        printed = capsys.readouterr().out
        said = re.findall(r"print\(.*#.*?(\[[\d ]+\])$", block, flags=re.MULTILINE)
        assert said
        for answer in said:
            assert answer in printed


def test_without_the_undoing_line_it_fails_as_said():
    import pytest

    from qattn.synthesis.execution import DirtyAncillaError

    block = re.findall(r"^```python\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)[1]
    broken = "\n".join(line for line in block.splitlines() if "without this line" not in line)
    with pytest.raises(DirtyAncillaError, match=r"work\[0\].*index 3"):
        exec(compile("from qattn import find_all\n" + broken, "how-to", "exec"), {})
