"""A stopped search as a file: the same rows again, or a refusal."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qattn.problem import ProblemError
from qattn.search.checkpoint import digest, from_state, load, save, to_state
from qattn.search.protocols import MarkedSet, ScoreTable, SearchOptions
from qattn.search.rounds import next_round, run_rows, start_rows
from qattn.search.statistics import GroverStatistics

OPTIONS = SearchOptions(seed=3, delta=0.01)
TOP = SearchOptions(seed=3, k=3)


def oracles(options: SearchOptions) -> list:
    if options.k is not None:
        return [ScoreTable(np.random.default_rng(i).normal(size=200), 0.0) for i in range(3)]
    return [MarkedSet(500, np.arange(3 * i)) for i in range(3)]


@pytest.mark.parametrize("options", [OPTIONS, TOP, replace(TOP, objective="rounds")], ids=str)
@pytest.mark.parametrize("rounds", [0, 1, 9])
def test_from_a_file_a_search_ends_as_without_a_stop(options: SearchOptions, rounds: int, tmp_path: Path) -> None:
    rows = start_rows(oracles(options), options)
    whole = run_rows(rows, GroverStatistics())
    for _ in range(rounds):
        rows = next_round(rows, GroverStatistics())
    save(to_state(rows, "here"), tmp_path / "state.json")
    again = from_state(load(tmp_path / "state.json"), oracles(options), "here")
    assert [row.to_dict() for row in again] == [row.to_dict() for row in rows]
    ended = run_rows(again, GroverStatistics())
    assert [row.to_dict() for row in ended] == [row.to_dict() for row in whole]


def test_everything_that_decides_a_search_is_in_the_digest_but_the_seed() -> None:
    arrays, options = [np.eye(3), None], SearchOptions(k_max=2, seed=0)
    base = digest(arrays, options, 4)
    assert digest([np.eye(3), None], replace(options, seed=1), 4) == base
    others = [
        digest([2 * np.eye(3), None], options, 4), digest([np.eye(3).astype(np.float32), None], options, 4),
        digest([np.eye(3).reshape(9), None], options, 4), digest([None, np.eye(3)], options, 4),
        digest([np.eye(3)], options, 4), digest(arrays, options, 5), digest(arrays, options, 4, 4),
        *(digest(arrays, replace(options, **change), 4) for change in (
            {"k_max": 3}, {"k_max": None}, {"k_max": None, "k": 2}, {"delta": 0.02}, {"sharing": 7},
            {"objective": "rounds"}, {"shots": 2}, {"neighbours": True},
        )),
    ]  # fmt: skip
    assert len({base, *others}) == len(others) + 1


@pytest.mark.parametrize("change", ["format", "problem", "rows", "key", "value"])
def test_another_problem_or_a_damaged_state_is_refused(change: str) -> None:
    state = json.loads(json.dumps(to_state(start_rows(oracles(OPTIONS), OPTIONS), "here")))
    from_state(state, oracles(OPTIONS), "here")
    if change == "format":
        state["format"] = "qattn search 0"
    elif change == "problem":
        state["problem"] = "there"
    elif change == "rows":
        state["rows"].pop()
    elif change == "key":
        del state["rows"][1]["schedule"]
    else:
        state["rows"][1]["scores"] = [["x", 1.0]]
    with pytest.raises(ProblemError, match="resume is"):
        from_state(state, oracles(OPTIONS), "here")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00"])
def test_a_file_that_holds_no_search_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text(text)
    for path in (tmp_path / "state.json", tmp_path / "absent.json", tmp_path):
        with pytest.raises(ProblemError, match="cannot resume from"):
            load(path)


def test_the_old_file_stays_when_the_new_one_cannot_be_written(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "deep" / "state.json"
    save({"rows": 1}, path)

    def full(self: Path, text: str) -> None:
        with open(self, "w") as file:
            file.write(text[: len(text) // 2])
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="no space"):
            save({"rows": 2}, path)
    assert load(path) == {"rows": 1}
    save({"rows": 3}, path)
    assert load(path) == {"rows": 3}
    assert os.listdir(path.parent) == ["state.json"]
