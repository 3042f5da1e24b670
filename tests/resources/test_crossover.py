from qattn.resources.crossover import ASSUMPTIONS, Rates, crossovers, words


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
