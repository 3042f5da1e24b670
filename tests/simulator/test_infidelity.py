"""Coefficients from single errors, against trajectories of whole circuits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn import PauliNoise, SparseSampler, ThresholdOracle
from qattn.search.grover import grover_template
from qattn.simulator.channels import Channel
from qattn.simulator.infidelity import infidelity, search_loss, written_out
from qattn.synthesis.flatten import flatten
from qattn.synthesis.gates import unitary


def oracle(lookup: str) -> ThresholdOracle:
    """One marked key of 16."""
    K = np.random.default_rng(2).permutation(16)[:, None] - 8
    return ThresholdOracle.from_row([1], K, 7, bits=4, lookup=lookup, arithmetic="carry_save", key_layout="parallel")


@pytest.mark.parametrize("lookup", ["unary", "bucket_brigade"])
def test_the_forecast_of_a_search_is_what_trajectories_show(lookup: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever success is .2 or more, within .05; half of the loss, twice of it, and a dead forecast are not."""
    n, m, row = 16, 3, oracle(lookup)
    [best] = row.marked_set.tolist()
    loss, error = search_loss(written_out(row.program()), n, np.arange(n) == best, m, samples=3000)
    assert error < 0.05 * loss
    circuit = grover_template(n, unitary(row.circuit).decompose(["swap", "cswap"]), [], m, reset=True).circuit
    ideal = math.sin(7 * math.asin(0.25)) ** 2
    largest = {"true": 0.0, "half": 0.0, "twice": 0.0}
    for lost in (0.3, 0.8, 1.2):
        p = lost / loss
        single = Channel(("X", "Y", "Z"), (p / 3,) * 3)
        noise = PauliNoise(channels={(name, None): (single,) for name in ("cx", "ccx", "z")})
        counts = SparseSampler(seed=1, noise=noise).run([circuit], shots=1500).result()[0].data.found.get_int_counts()
        success = counts[best] / 1500
        if success < 0.2:
            continue
        for name, part in (("true", 1.0), ("half", 0.5), ("twice", 2.0)):
            right = math.exp(-part * lost / (ideal - 1 / n))
            forecast = right * ideal + (1 - right) / n
            largest[name] = max(largest[name], abs(forecast - success))
    with capsys.disabled():
        print(f"\n{lookup}: largest differences", {name: round(value, 3) for name, value in largest.items()}, end="")
    assert largest["true"] < 0.05
    assert min(largest["half"], largest["twice"]) > 0.1


def test_writing_swaps_out_changes_nothing() -> None:
    circuit = QuantumCircuit(3)
    circuit.x(0)
    circuit.swap(0, 1)
    circuit.cswap(0, 1, 2)
    program = flatten(circuit)
    out = written_out(program)
    assert [int(code) for code in out.ops[:, 0]] == [0, 1, 1, 1, 1, 2, 1]
    counts = []
    for one in (circuit, circuit.decompose(["swap", "cswap"])):
        measured = one.copy()
        measured.measure_all()
        counts.append(SparseSampler(seed=1).run([measured], shots=1).result()[0].data.meas.get_counts())
    assert counts[0] == counts[1]


def test_an_operation_that_is_no_permutation_is_refused() -> None:
    circuit = QuantumCircuit(1)
    circuit.h(0)
    with pytest.raises(ValueError, match="none of X, Z and SWAP"):
        infidelity(flatten(circuit), 2, ("q",))
    with pytest.raises(ValueError, match="no register 'index'; it has q"):
        infidelity(flatten(QuantumCircuit(QuantumRegister(1, "q"))), 2, ("q",))
