"""find_all and the search of all rows: whole, in chunks, stopped and resumed, the same sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qattn import GroverStatistics, attend
from qattn.data import load_head
from qattn.find import Interrupted


class Stops:
    """A machine that is interrupted in some round."""

    def __init__(self, after: int) -> None:
        self.left = after

    def run(self, jobs):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return GroverStatistics().run(jobs)


@pytest.mark.parametrize("options", [{"k": 3}, {"tau": 1.0}, {"tau": 1.0, "objective": "rounds"}], ids=str)
@pytest.mark.parametrize("after", [0, 1, 7])
def test_resumed_from_the_error_its_state_or_a_file_it_ends_the_same(after: int, options, tmp_path: Path) -> None:
    Q, K, V = load_head("L4H2", 64)
    arguments = {"far_field": "constant", "seed": 4, **options}
    whole = attend(Q[:9], K, V, sampler=GroverStatistics(), **arguments)
    if whole.accounts.rounds <= after:
        pytest.skip("ends in fewer rounds")
    with pytest.raises(Interrupted, match="of 9 rows done") as stopped:
        attend(Q[:9], K, V, sampler=Stops(after), **arguments)
    stopped.value.save(tmp_path / "deep" / "state.json")
    assert set(stopped.value.done) == {row.number for row in stopped.value.rows if row.done}
    for resume in (stopped.value, stopped.value.state, tmp_path / "deep" / "state.json"):
        again = attend(Q[:9], K, V, sampler=GroverStatistics(), resume=resume, **arguments)
        assert np.array_equal(again.output, whole.output)
        assert np.array_equal(again.queries, whole.queries)
        assert all(np.array_equal(a, b) for a, b in zip(again.found, whole.found, strict=True))


def test_a_file_of_another_problem_or_half_a_file_is_refused(tmp_path: Path) -> None:
    Q, K, V = load_head("L4H2", 64)
    with pytest.raises(Interrupted) as stopped:
        attend(Q[:4], K, V, k=2, sampler=Stops(1), seed=0)
    path = tmp_path / "state.json"
    stopped.value.save(path)
    calls = [((Q[:4], K, V), {"k": 3}), ((Q[1:5], K, V), {"k": 2}), ((Q[:4], 2 * K, V), {"k": 2}),
             ((Q[:4], K, V), {"k": 2, "delta": 0.02}), ((Q[:3], K, V), {"k": 2})]  # fmt: skip
    for arrays, options in calls:
        with pytest.raises(ValueError, match="another problem or other options"):
            attend(*arrays, sampler=GroverStatistics(), resume=path, **options)
    text = path.read_text()
    for broken in (text[: len(text) // 2], "[]", "", text.replace("schedule", "x", 1)):
        path.write_text(broken)
        with pytest.raises(ValueError, match="resume"):
            attend(Q[:4], K, V, k=2, sampler=GroverStatistics(), resume=path, seed=0)
