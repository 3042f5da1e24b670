"""The quick form of `benchmarks/adversary.py`, and that its lines fail where a bound is broken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    from promises import line

    return line


def test_a_line_fails_where_its_bound_is_broken(lines: ModuleType) -> None:
    assert lines.Line("true", 0.02, 7, 200).passed
    assert not lines.Line("false", 0.02, 14, 200).passed
    assert not lines.Line("wrong key", 0.02, 0, 200, wrong=1).passed
    assert not lines.Line("nothing tried", 0.02, 0, 0).passed
    assert not lines.Line("refused", 0.0, 0, 0, refused="no").passed
    assert lines.Line("may be refused", 0.0, 0, 0, refused="no", may_refuse=True).passed


def test_the_lines_see_a_sampler_that_repeats(lines: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """The null test: with the watch and the reseeding out of action, the repeating samplers are convicted."""
    from promises import samplers

    from qattn.machines import independence, sampler

    monkeypatch.setattr(sampler, "own_seed", lambda sampler: None)
    monkeypatch.setattr(independence.Watch, "over", True)
    for name in ("StatevectorSampler(seed=int)", "Aer SamplerV2(seed=int)"):
        line = samplers.line("threshold", name, 60)
        assert line.count >= 5
        assert not line.passed


def test_no_sampler_misses_more_than_its_bound() -> None:
    script = [sys.executable, str(BENCHMARKS / "adversary.py"), "--section", "samplers", "--quick", "--json"]
    run = subprocess.run(script, capture_output=True, text=True, check=False)
    facts = json.loads(run.stdout)
    assert run.returncode == 0, [line for line in facts["samplers"] if not line["passed"]]
    assert len(facts["samplers"]) >= 45
    assert all(line["trials"] or line["may_refuse"] for line in facts["samplers"])
