"""Nothing in place of the processor: no run may claim evidence, and the demonstrations must fail.

The processors here read uniform random words, the same word always, or mostly one word. What is compiled for them is
what is compiled for a real one; where twenty runs are made, the circuits, which they ignore, are left out.
"""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from demonstration import demonstrate, instance

from qattn.hardware.evidence import SIGNIFICANT, Sample, p_value, trials, weigh
from qattn.hardware.ibm import fake_backend
from qattn.hardware.post_selection import Shots
from qattn.hardware.resumable import FolderMachine
from qattn.hardware.run import HardwareResult, Request, begin, go_on
from qattn.hardware.run_folder import RunFolder

SEEDS = 20


@dataclass
class Nothing:
    """A provider whose processor does not do what it is asked.

    Attributes:
        kind: "noise" (index and ancillas uniform), "clean noise" (ancillas 0), "dead" (all 0) or "biased" (mostly 0).
        n: indices.
        rng: draws the words.
    """

    kind: str
    n: int
    rng: np.random.Generator
    calibration: str = "today"
    works: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> Any:
        return TORINO.target

    def submit(self, work: Any, *, together: bool) -> str:
        return work.tag

    def find(self, tag: str) -> None:
        return None

    def collect(self, job_id: str, work: Any) -> list[Shots]:
        return [self.shots(work.shots * count) for count in work.copies]

    def shots(self, count: int) -> Shots:
        words = self.rng.integers(1 << (self.n - 1).bit_length(), size=count)
        ancilla = self.rng.integers(4, size=count) if self.kind == "noise" else np.zeros(count, dtype=np.int64)
        if self.kind == "dead":
            words[:] = 0
        elif self.kind == "biased":
            words[self.rng.random(count) < 0.7] = 0
        return Shots(words, ancilla)

    def cancel(self, job_id: str) -> None: ...

    def close(self) -> None: ...


TORINO = fake_backend("fake_torino")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Runs that were begun, by n: the forecast is made once."""
    made = {}
    for n in (4, 8, 16):
        Q, K, V, tau = instance(n, seed=n)
        folder = tmp_path_factory.mktemp("begun") / str(n)
        begin(folder, Q[:4], K, V, tau, Request("fake_torino", k=2, oracle="truth_table", seeds=1))
        made[n] = folder
    return made


def as_compiled(self: FolderMachine, number: int, jobs: Any) -> dict[str, Any]:
    """What compiling says of a round, without circuits."""
    count = len(jobs)
    return {"calibration": "today", "success": [0.7] * count, "kept": [0.9] * count, "right": [0.78] * count}


def run(place: Path, to: Path, kind: str, n: int, seed: int) -> HardwareResult:
    shutil.copytree(place, to)
    nothing = Nothing(kind, n, np.random.default_rng([seed, n]))
    return go_on(RunFolder.open(to), connector=lambda: nothing)


@pytest.mark.parametrize("n", [4, 8, 16])
@pytest.mark.parametrize("kind", ["noise", "clean noise"])
def test_noise_is_no_evidence(kind: str, n: int, begun, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(FolderMachine, "_compiled", as_compiled)
    claims, found = 0, 0
    for seed in range(SEEDS):
        done = run(begun[n], tmp_path / str(seed), kind, n, seed)
        claims += done.evidence.better
        found += sum(js.size for js in done.result.found)
        assert ("no evidence" in done.words) != done.evidence.better
    assert claims <= 1
    assert found > 0  # the check of each index finds keys all the same: that alone shows nothing


@pytest.mark.parametrize("n", [4, 8, 16])
def test_a_dead_processor_is_named(n: int, begun, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(FolderMachine, "_compiled", as_compiled)
    done = run(begun[n], tmp_path / "run", "dead", n, 0)
    shots = done.facts["shots"]
    assert done.evidence.verdict == f"dead: {shots} of {shots} shots read 0"
    assert not done.evidence.better
    assert done.facts["miss_estimate"] == 1  # empty sets mean nothing here


@pytest.mark.parametrize("n", [4, 8, 16])
def test_a_processor_that_favours_an_index_is_no_evidence(n: int, begun, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(FolderMachine, "_compiled", as_compiled)
    for seed in range(3):
        done = run(begun[n], tmp_path / str(seed), "biased", n, seed)
        assert not done.evidence.better
        assert "does not measure all indices alike" in done.words


@pytest.mark.parametrize("kind", ["noise", "clean noise", "dead", "biased"])
@pytest.mark.parametrize(("n", "oracle"), [(4, "arithmetic"), (8, "arithmetic"), (16, "truth_table")])
def test_the_demonstrations_fail(n: int, oracle: str, kind: str, tmp_path: Path) -> None:
    nothing = Nothing(kind, n, np.random.default_rng(n))
    with pytest.raises(AssertionError):
        demonstrate(n, oracle, tmp_path / "run", lambda: nothing, seeds=1)


def history(rng: np.random.Generator, success: float, n: int = 8, rows: int = 4) -> list[Sample]:
    """What a search might see of a processor of this success; its next round depends on what it found."""
    samples = []
    for row in range(rows):
        left = set(rng.choice(n, size=rng.integers(0, 3), replace=False).tolist())
        for number in range(3):
            found: set[int] = set()
            for m in (0, 1, 2):
                theta = np.arcsin(np.sqrt(len(left) / n))
                hit = np.sin((2 * m + 1) * theta) ** 2
                chances = np.full(n, (1 - hit) / max(n - len(left), 1))
                chances[list(left)] = hit / max(len(left), 1)
                js = rng.choice(n, size=5, p=success * chances / chances.sum() + (1 - success) / n)
                samples.append(Sample((number, row), m, n, 0.6, js, js, frozenset(left)))
                found |= left & set(js.tolist())
            left -= found
    return samples


def all_trials(samples: list[Sample]) -> list[Any]:
    places = dict.fromkeys(sample.place for sample in samples)
    return [t for place in places for t in trials(s for s in samples if s.place == place)]


def test_p_values_hold_under_guessing_whatever_the_search_does() -> None:
    rng = np.random.default_rng(1)
    drawn = np.array([p_value(all_trials(history(rng, 0.0))) for _ in range(2000)])
    for level in (0.5, 0.2, 0.05, 0.01):
        assert (drawn <= level).mean() <= level
    # counted as a search counts, with the shots that find the keys, the same histories often look like a success
    naive = [first_finds_counted(history(rng, 0.0)) for _ in range(300)]
    assert np.mean(np.array(naive) <= 0.05) > 0.05


def first_finds_counted(samples: list[Sample]) -> float:
    """The false version: hits on the keys that were found, against their share, as if they had been known before."""
    from scipy.stats import binom

    hits, shots, guess = 0, 0, 0.0
    for place in dict.fromkeys(sample.place for sample in samples):
        group = [s for s in samples if s.place == place]
        found = {j for s in group for j in s.kept.tolist() if j in s.marked}
        if found:
            hits += sum(j in found for s in group for j in s.kept.tolist())
            shots += sum(s.kept.size for s in group)
            guess += sum(s.kept.size for s in group) * len(found) / 8
    return float(binom.sf(hits - 1, shots, guess / shots)) if shots else 1.0


@pytest.mark.parametrize("success", [0.4, 0.6, 0.9])
def test_a_processor_that_works_is_seen(success: float) -> None:
    rng = np.random.default_rng(2)
    drawn = [weigh(history(rng, success, rows=12)) for _ in range(20)]
    assert np.median([evidence.p for evidence in drawn]) < SIGNIFICANT
    assert all(evidence.uniform > 1e-4 for evidence in drawn)
