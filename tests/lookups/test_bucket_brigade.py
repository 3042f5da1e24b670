"""The resilient bucket brigade: every input, its depth, and errors that stay where they happen."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from qattn.lookups import get
from qattn.lookups.bucket_brigade import BucketBrigade, best_lanes, route, route_gates, routing_depth, routing_swaps
from qattn.simulator.infidelity import infidelity, written_out
from qattn.synthesis.cost import count
from qattn.synthesis.gates import measured
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.reversible import DirtyAncillaError, execute


def words(n: int, bits: int) -> np.ndarray:
    return np.random.default_rng(100 * n + bits).integers(2, size=(n, bits)).astype(bool)


@pytest.mark.parametrize("n", range(2, 65))
def test_every_input_of_every_size(n: int) -> None:
    """Onto a used word and from |0>, the inverse and the measured undo included; ancillas end in |0>."""
    data, used, lookup = words(n, 3), words(n, 4)[:, :3], BucketBrigade(lanes=1 + n % 3)
    run = execute(lookup.gates(data).program(), {"index": np.arange(n), "word": used}).check_clean("index", "word")
    assert np.array_equal(run.bits("word"), data ^ used)
    assert np.array_equal(run.values("index"), np.arange(n))
    assert not run.signs.any()
    load = lookup.load(data)
    loaded = execute(load, n).check_clean("index", "word")
    assert np.array_equal(loaded.bits("word"), data)
    assert np.array_equal(loaded.values("index"), np.arange(n))
    both = load.compose(load.inverse())
    for seed, circuit in enumerate((both, measured(both), measured(both))):
        undone = execute(circuit, n, seed=seed).check_clean("index")
        assert np.array_equal(undone.values("index"), np.arange(n))
        assert not undone.signs.any()


@pytest.mark.parametrize("n", [2, 3, 4, 5, 8, 13, 16, 33, 64])
def test_the_token_comes_out_at_leaf_j(n: int) -> None:
    circuit = route(n)
    run = execute(circuit, n)
    assert np.array_equal(run.bits("wire")[:, -n:], np.eye(n, dtype=bool))
    assert not run.bits("index").any()
    assert count(circuit).toffoli == routing_swaps(n)
    assert count(circuit).toffoli_depth == routing_depth(n)


def test_routing_depth_is_logarithmic(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for n in (4, 8, 16, 32, 64, 128):
        circuit = route(n)
        rows.append((n, count(circuit).toffoli_depth, circuit.depth(), circuit.num_qubits))
        assert rows[-1][1] == 2 * math.log2(n) - 1
        assert rows[-1][3] <= 3 * n + math.log2(n)
    steps = [after[2] - before[2] for before, after in itertools.pairwise(rows)]
    assert max(steps) <= 8  # doubling n adds a constant
    with capsys.disabled():
        print("\n" + "\n".join(f"n = {n:3}: Toffoli depth {t}, depth {d}, {q} qubits" for n, t, d, q in rows))


@pytest.mark.parametrize("lanes", [None, 1, 2, 5, 9])
def test_lanes_are_depth_for_qubits(lanes: int | None) -> None:
    """Any number of lanes does the same for the same Toffolis; prices are the counts."""
    data, lookup = words(13, 7), BucketBrigade(lanes)
    for there, back in ((lookup.cost(data, by_measurement=False)), (lookup.load_cost(data, by_measurement=False))):
        assert there == back
    load = lookup.load(data)
    assert count(load) == lookup.load_cost(data)[0]
    assert count(lookup.build(data.astype(int), 1)) == lookup.cost(data)[0]
    assert count(measured(load.inverse())).toffoli_depth == lookup.load_cost(data)[1].toffoli_depth
    assert count(load).toffoli == get("bucket_brigade").load_cost(data)[0].toffoli
    assert best_lanes(1) == 1 < best_lanes(512) < 30
    with pytest.raises(ValueError, match="lanes = 0"):
        BucketBrigade(0)


def test_errors_stay_where_they_happen(capsys: pytest.CaptureFixture[str]) -> None:
    """Infidelity per p: a power of log n, where unary and the token tree grow as n; the same test fails for those."""
    growth = {}
    for kind in ("bucket_brigade", "unary", "token_tree"):
        found = []
        for n in (64, 1024):
            program = written_out(get(kind).gates(words(n, 1)).program())
            found.append(infidelity(program, n, ("index", "word"), samples=2000, seed=n))
            assert found[-1].error < 0.08 * found[-1].value
        growth[kind] = found[1].value / found[0].value
        with capsys.disabled():
            print(f"\n{kind}: {found[0].value:.0f} p, {found[1].value:.0f} p, {growth[kind]:.1f} times", end="")
    assert growth["bucket_brigade"] <= 5
    assert growth["unary"] >= 10
    assert growth["token_tree"] >= 10


def test_infidelity_is_what_small_circuits_say() -> None:
    """Against sums written by hand, and a circuit that leaves an ancilla dirty is refused."""
    net = Netlist({"index": 1, "word": 1, "spare": 1})
    net.cx(0, 1)  # after it, X, Y and Z on either qubit: Z on either and Y leave (|00> - |11>), X the wrong word
    found = infidelity(net.program(), 2, ("index", "word"), samples=500)
    assert found.places == 2
    assert found.value == pytest.approx(2, abs=5 * found.error + 1e-9)
    assert found.lost == 0
    net.cx(0, 2)
    with pytest.raises(DirtyAncillaError, match=r"spare\[0\]"):
        infidelity(net.program(), 2, ("index", "word"))
    net.cx(0, 2)  # X on the spare qubit does nothing to the result; Z between the two does, after them it does not
    found = infidelity(net.program(), 2, ("index", "word"), samples=5000)
    by_hand = 2 + (1 + 2 / 3) + (1 + 0)
    assert found.places == 6
    assert found.value == pytest.approx(by_hand, abs=5 * found.error)
    assert found.lost == pytest.approx(2, abs=0.2)  # X and Y: of the index between its two uses, of the spare
    assert route_gates(8) is route_gates(8)
