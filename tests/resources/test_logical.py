"""Bills against counted circuits; crossovers against what must be true of them."""

import json
import subprocess
import sys

import pytest

from qattn.resources.crossover import ASSUMPTIONS, Rates, crossovers, words
from qattn.resources.logical import (
    LOOKUPS,
    arithmetic_cost,
    counted_cost,
    estimate,
    queries,
    query_cost,
    resolve,
)
from qattn.resources.physical import physical

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
    """2^40 keys: QROM about n, QROAM about sqrt(n bits), the tree logarithmic in depth, the assumption free."""
    n, bits = 1 << 40, 512
    unary, swap, tree, qram = (resolve(lookup).shape_cost(n, bits) for lookup in LOOKUPS)
    assert unary.toffoli == pytest.approx(n, rel=1e-5)
    assert swap.toffoli == pytest.approx((2 * n * bits) ** 0.5, rel=0.01)
    assert tree.toffoli_depth < 150
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
    rounds = bill.row.toffoli // bill.iteration.toffoli
    assert bill.row.toffoli == rounds * bill.iteration.toffoli
    assert bill.matrix.cnot == 64 * bill.row.cnot
    assert bill.matrix.qubits == bill.query.qubits
    assert bill.iteration.toffoli > bill.query.toffoli == bill.counted.toffoli


@pytest.mark.parametrize(("argument", "match"), [((1, 4, 4, "unary"), "n >= 2"), ((8, 4, 4, "magic"), "choose one of")])
def test_bad_input(argument: tuple, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        query_cost(*argument)


def test_physical_machines_shrink_with_the_error_rate() -> None:
    pytest.importorskip("qdk", reason="extra estimate")
    row = estimate(64, 4, 4, k=2, lookups=["select_swap"])[0].row
    machines = [physical(row, rate) for rate in (1e-3, 1e-4, 1e-5)]
    assert all(machine is not None for machine in machines)
    assert machines[0].qubits > machines[1].qubits > machines[2].qubits > row.qubits
    assert machines[0].code_distance > machines[2].code_distance
    assert physical(row, 0.2) is None


def test_crossovers_at_d_64_and_k_16() -> None:
    """d = 64, k = 16: keys in the circuit never win by gates, the paper's accounting wins at once."""
    found = crossovers(64, rates=Rates(cpu=1e11))
    where = {(one.assumption, one.measure): one.n for one in found}
    toffolis, gates, cpu, gpu = dict.fromkeys(one.measure for one in found)
    assert len(found) == 4 * len(ASSUMPTIONS)
    for lookup in ("unary", "select_swap"):
        assert all(where[lookup, measure] is None for measure in (toffolis, gates, cpu, gpu))
    assert where["bucket_brigade", gates] is None
    assert where["paper", toffolis] < where["qram", toffolis] < where["qram", cpu] < where["qram", gpu]
    assert "three things have to be true" in words(found, 64, 16)


def test_faster_logic_wins_earlier() -> None:
    slow, fast = (crossovers(8, 4, 2, rates=Rates(1e9, toffoli_s=s)) for s in (1e-5, 1e-8))
    for a, b in zip(slow, fast, strict=True):
        assert b.n is None if a.n is None and b.measure.startswith(("Tof", "gates")) else (b.n or 0) <= (a.n or 1 << 99)


def test_cost_command_agrees_with_the_counted_circuit() -> None:
    arguments = ["cost", "--n", "64", "--d", "4", "--bits", "4", "--k", "2", "--count", "--json"]
    done = subprocess.run([sys.executable, "-m", "qattn.cli", *arguments], capture_output=True, text=True, check=True)
    facts = json.loads(done.stdout)
    assert set(facts["lookups"]) == set(LOOKUPS)
    for lookup in CIRCUITS:
        assert facts["lookups"][lookup]["query"] == facts["lookups"][lookup]["counted"]
    assert facts["classical"]["multiply_adds_matrix"] == 64 * 64 * 4


def test_crossover_command_draws(tmp_path) -> None:
    picture = tmp_path / "crossover.png"
    arguments = ["crossover", "--d", "8", "--k", "2", "--bits", "4", "--cpu-rate", "1e10", "--figure", str(picture)]
    done = subprocess.run([sys.executable, "-m", "qattn.cli", *arguments], capture_output=True, text=True, check=True)
    assert "none" in done.stdout
    assert "For this algorithm to win" in " ".join(done.stdout.split())
    assert picture.stat().st_size > 10_000
