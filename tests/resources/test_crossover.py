import math

import pytest

from qattn.resources.crossover import ASSUMPTIONS, BUILT, Rates, crossovers, where_none, words
from qattn.resources.measures import Instance, approximate
from qattn.synthesis.cost import Cost


@pytest.fixture(scope="module")
def found():
    return crossovers(64)


def test_crossovers_at_d_64_and_k_16(found) -> None:
    """d = 64, k = 16: keys in the circuit never win by gates, the paper's accounting wins at once."""
    where = {(one.assumption, one.measure): one.n for one in found}
    toffolis, gates, cpu, gpu, approximately, equal = dict.fromkeys(one.measure for one in found)
    assert len(found) == 6 * len(ASSUMPTIONS)
    for lookup in ("unary", "select_swap"):
        assert all(where[lookup, measure] is None for measure in (toffolis, gates, cpu, gpu, approximately, equal))
    assert where["bucket_brigade", gates] is None
    assert where["paper", toffolis] < where["qram", toffolis] < where["qram", cpu] < where["qram", gpu]
    assert "three things have to be true" in words(found, 64, 16)


def test_the_same_table_twice(found) -> None:
    assert crossovers(64) == found


@pytest.mark.parametrize(("d", "bits", "k"), [(64, 8, 16), (8, 4, 1), (1, 2, 1), (128, 8, 4)])
def test_no_circuit_built_qram_wins_on_equal_hardware(d: int, bits: int, k: int) -> None:
    """At no size, however small the keys: sqrt(n) queries against a scan in a number of steps that hardly grows."""
    equal = [one for one in crossovers(d, bits, k) if one.measure == "steps on equal hardware"]
    assert {one.assumption for one in equal} == set(ASSUMPTIONS)
    assert all(one.n is None and one.ratio > 1 for one in equal if one.assumption in BUILT)
    assert all(one.n is None for one in equal)  # nor an assumed one, while its cells are active


def test_approximate_top_k_is_never_dearer_than_the_scan(found) -> None:
    for n in (64, 1 << 12, 1 << 40):
        one = Instance(n, 64, 8, 16, "qram", Cost(), 1.0)
        assert approximate(one) <= n * 64
        assert approximate(one, 64) >= approximate(one, 16)
    assert approximate(Instance(1 << 40, 64, 8, 16, "qram", Cost(), 1.0)) == 64 * (2**22 + 32 * 2**18)
    where = {(one.assumption, one.measure): one for one in found}
    exact, fast = (where["qram", f"time against {name}"] for name in ("a CPU", "approximate top-k"))
    assert exact.n is not None
    assert fast.n is None  # both grow as sqrt(n), and a Toffoli takes 10 us


def test_none_is_said_in_words(found) -> None:
    text = where_none(found)
    assert text.startswith("none: no n from 2^6 to 2^80")
    assert "QROM in the circuit" in text
    assert all(one.to_dict()["in_words"] == "none" for one in found if one.n is None)


def test_faster_logic_wins_earlier() -> None:
    slow, fast = (crossovers(8, 4, 2, rates=Rates(1e9, toffoli_s=s)) for s in (1e-5, 1e-8))
    timed = [(a, b) for a, b in zip(slow, fast, strict=True) if a.measure.startswith("time")]
    assert all((b.n or math.inf) <= (a.n or math.inf) for a, b in timed)
    assert any((b.n or math.inf) < (a.n or math.inf) for a, b in timed)
    others = [(a, b) for a, b in zip(slow, fast, strict=True) if not a.measure.startswith("time")]
    assert all(a == b for a, b in others)
