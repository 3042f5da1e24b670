"""The call graph of a query."""

from dataclasses import replace

import pytest

from qattn.resources.assumed import LOOKUPS
from qattn.resources.query import PREDICTED, query_cost, reflection_cost
from qattn.resources.stages import QUERY, exclusion_cost, iteration_stages, query_stages
from qattn.synthesis.cost import Cost


def total(stages) -> Cost:
    cost = Cost()
    for stage in stages:
        cost = cost + stage.cost
    return replace(cost, qubits=0)


@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize("size", [(5, 3, 4), (64, 4, 4), (100, 6, 5), (1 << 20, 64, 8)])
def test_the_stages_add_up_to_the_query(size: tuple[int, int, int], lookup: str) -> None:
    """In every field; also where the price is known by shape alone."""
    assert total(query_stages(*size, lookup)) == replace(query_cost(*size, lookup), qubits=0)


def test_where_the_toffolis_of_a_query_are() -> None:
    """QROM pays for the load, the assumed QRAM for the inner product; nothing undoes an AND by a gate."""
    unary, qram = ({stage.name: stage.cost for stage in query_stages(1024, 8, 6, name)} for name in ("unary", "qram"))
    assert list(unary) == list(QUERY)
    assert unary["load"].toffoli > 5 * unary["inner product"].toffoli
    assert qram["load"].toffoli == qram["unload"].toffoli == 1
    assert unary["undo the inner product"].toffoli == 0 < unary["undo the inner product"].measurements


def test_an_iteration_has_the_reflection_and_what_is_known() -> None:
    stages = {stage.name: stage.cost for stage in iteration_stages(4096, 4, 4, "unary", excluded=11.4)}
    assert stages["reflect"] == reflection_cost(4096)
    assert exclusion_cost(4096).toffoli == 19
    assert exclusion_cost(4096, by_measurement=True).toffoli == 10
    assert stages["exclude what is known"].toffoli == 19 * 11
    assert stages["exclude what is known"].toffoli_depth == 19
    assert PREDICTED < (1 << 20) * 64 * 8
