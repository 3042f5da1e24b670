"""Figures say what the run says."""

import numpy as np
import pytest

from qattn import GroverStatistics, attend
from qattn.data import load_head
from qattn.show.plots import attention_figure


@pytest.mark.parametrize("causal", [True, False])
def test_a_rows_bar_is_its_queries_and_its_evaluations_beside_a_scan_of_what_it_sees(causal) -> None:
    result = attend(
        *load_head("L3H0", 16), k=3, sampler=GroverStatistics(), seed=0, causal=causal, far_field="constant", samples=3
    )
    cost = attention_figure(result).axes[2]
    queries, evaluations = cost.containers
    assert [bar.get_width() for bar in queries] == result.queries.tolist()
    assert [bar.get_width() for bar in evaluations] == result.evaluations.tolist()
    assert [bar.get_x() for bar in evaluations] == result.queries.tolist()
    [scan] = cost.lines
    assert np.array_equal(scan.get_xdata()[::2], result.problem.visible)
