"""The figure of the bill."""

import pytest

from qattn.resources.logical import estimate
from qattn.resources.physical import CODES, Point
from qattn.show.bill import bill_figure


def test_every_lookup_has_its_stages_and_every_machine_a_mark() -> None:
    bills = estimate(64, 4, 4, 2, lookups=["unary", "qram"])
    points = [
        Point("unary", CODES[2], 1e-3, 50, 900, 9.0, 0.01, 9, 9, 300, 10, 1, "T", 20, 10, 5),
        Point("unary", CODES[0], 1e-3, 50, 2000, 5.0, 0.01, 9, 0, 0, 10, 1, "T", 20, 0, 0),
        Point("unary", CODES[0], 1e-4, 50, 500, 4.0, 0.01, 7, 0, 0, 10, 1, "T", 20, 0, 0),
    ]
    left, right = bill_figure(bills, points).axes
    assert sum(line.get_marker() in "os^" for line in left.lines) == 3
    assert {text.get_text() for text in left.get_legend().get_texts()} >= {"error rate 0.001", CODES[0], CODES[2]}
    ends = {round(bar.get_x() + bar.get_width(), 9) for bar in right.containers[-1]}
    assert ends == {1.0}
    for bill, text in zip(bills, right.texts, strict=True):
        assert text.get_text() == f"{sum(stage.cost.toffoli for stage in bill.stages):,}"


@pytest.mark.parametrize("lookups", [["unary"], ["qram"]])
def test_without_a_machine_the_stages_remain(lookups: list[str]) -> None:
    left, right = bill_figure(estimate(16, 2, 3, 1, lookups=lookups), []).axes
    assert left.get_legend() is None
    assert len(right.containers) == 6
