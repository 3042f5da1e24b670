"""Bills against counted circuits."""

import pytest

from qattn.resources.logical import (
    LOOKUPS,
    arithmetic_cost,
    counted_cost,
    estimate,
    queries,
    query_cost,
    resolve,
    spent,
)

CIRCUITS = [lookup for lookup in LOOKUPS if lookup != "qram"]


@pytest.mark.parametrize("lookup", CIRCUITS)
@pytest.mark.parametrize(("n", "d", "bits"), [(5, 3, 4), (16, 2, 3), (64, 4, 4), (100, 6, 5)])
def test_bill_equals_the_counted_circuit(n: int, d: int, bits: int, lookup: str) -> None:
    assert query_cost(n, d, bits, lookup) == counted_cost(n, d, bits, lookup)


@pytest.mark.slow
@pytest.mark.parametrize("lookup", CIRCUITS)
def test_bill_of_the_largest_case_equals_the_counted_circuit(lookup: str) -> None:
    assert query_cost(4096, 64, 8, lookup) == counted_cost(4096, 64, 8, lookup)


@pytest.mark.parametrize("lookup", CIRCUITS)
@pytest.mark.parametrize(("n", "d", "bits"), [(16, 2, 4), (100, 8, 4), (256, 8, 6), (777, 4, 6), (1024, 16, 6)])
def test_formula_for_any_n_follows_the_prediction(n: int, d: int, bits: int, lookup: str) -> None:
    """What stands for n that no data are made for: ANDs and qubits exact, the row's own apart."""
    predicted, formula = query_cost(n, d, bits, lookup), query_cost(n, d, bits, lookup, predicted=False)
    slack = 0 if n <= 256 else 0.2 * arithmetic_cost(n, d, bits)[0].toffoli  # beyond 256 keys it is another row's
    assert abs(formula.toffoli - predicted.toffoli) <= slack
    assert abs(formula.qubits - predicted.qubits) <= 4 * slack
    assert abs(formula.toffoli_depth - predicted.toffoli_depth) <= 8
    assert formula.cnot == pytest.approx(predicted.cnot, rel=0.08, abs=30)


def test_prices_by_shape_beyond_any_data() -> None:
    """2^40 keys: QROM about n, QROAM about sqrt(n bits), the trees of little depth, the assumption free."""
    n, bits = 1 << 40, 512
    unary, swap, tree, brigade, qram = (resolve(lookup).shape_cost(n, bits) for lookup in LOOKUPS)
    assert unary.toffoli == pytest.approx(n, rel=1e-5)
    assert swap.toffoli == pytest.approx((2 * n * bits) ** 0.5, rel=0.01)
    assert tree.toffoli_depth < 150
    assert brigade.toffoli_depth < 2000
    assert brigade.toffoli == pytest.approx(n * (bits + 8), rel=1e-3)
    assert qram.toffoli == 2
    assert all(load.cnot > n * bits / 2.01 for load in (unary, swap, tree))


def test_qram_bill_is_the_arithmetic_and_two_loads() -> None:
    arithmetic, _ = arithmetic_cost(64, 4, 4)
    assert query_cost(64, 4, 4, "qram").toffoli == arithmetic.toffoli + 2
    with pytest.raises(ValueError, match="assumption"):
        counted_cost(64, 4, 4, "qram")


def test_queries_scale_and_the_promise_saves_the_proof() -> None:
    assert queries(1 << 20, 4) == pytest.approx(16 * queries(1 << 12, 4))
    assert queries(1024, 4, promise=True) < queries(1024, 4)
    assert queries(1024, 0) == pytest.approx(1.9 * 32, rel=0.15)
    with pytest.raises(ValueError, match="k = 9"):
        queries(8, 9)


def test_rows_and_matrices_add_up() -> None:
    bill = estimate(64, 4, 4, k=2, lookups=["unary"], counted=True)[0]
    known = round(bill.rounds * bill.excluded)  # keys that are excluded, over all queries
    assert known > 0
    assert bill.row.toffoli == bill.rounds * bill.iteration.toffoli + known * bill.exclusion.toffoli
    assert bill.row_by_measurement.toffoli < bill.row.toffoli
    assert bill.matrix.cnot == 64 * bill.row.cnot
    assert bill.matrix.qubits == bill.query.qubits
    assert bill.iteration.toffoli > bill.query.toffoli == bill.counted.toffoli


def test_keys_that_are_known_are_excluded_and_billed() -> None:
    """None where there is one key to find; of 16, an average query excludes more than half, and costs 19 for each."""
    none, many = spent(4096, 0), spent(4096, 16)
    assert none.excluded == 0
    assert 9 < many.excluded < 13
    assert many.queries == queries(4096, 16)
    swap, qram = estimate(4096, 64, 8, 16, lookups=["select_swap", "qram"])
    shares = [bill.row.toffoli / (bill.rounds * bill.iteration.toffoli) - 1 for bill in (swap, qram)]
    assert shares == [pytest.approx(0.08, abs=0.01), pytest.approx(0.23, abs=0.02)]


def test_a_number_of_keys_that_is_no_power_of_two() -> None:
    """The uniform state then takes rotations, which the reflection has too."""
    bill = estimate(100, 4, 4, k=2, lookups=["unary"])[0]
    assert bill.iteration.rotations > bill.query.rotations == 0


@pytest.mark.parametrize(("argument", "match"), [((1, 4, 4, "unary"), "n >= 2"), ((8, 4, 4, "magic"), "choose one of")])
def test_bad_input(argument: tuple, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        query_cost(*argument)
