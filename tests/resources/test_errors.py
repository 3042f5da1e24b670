"""What the bill says about errors, against simulated circuits."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, QuantumCircuit

from qattn import PauliNoise, SparseSampler, ThresholdOracle
from qattn.lookups import get
from qattn.resources.crossover import demanded
from qattn.resources.errors import (
    Success,
    demanded_error,
    longest_run,
    query_infidelity,
    step_infidelity,
)
from qattn.resources.logical import cost_instance, estimate
from qattn.search.grover import uniform
from qattn.simulator.channels import Channel
from qattn.simulator.infidelity import infidelity, written_out
from qattn.synthesis.registers import register


def written(circuit: QuantumCircuit) -> QuantumCircuit:
    """SWAP and CSWAP in the gates that the bill counts."""
    return circuit.decompose(["swap", "cswap"])


def there_and_back(oracle: ThresholdOracle) -> QuantumCircuit:
    """The uniform state, two queries by measurement, ancillas reset after each, and the index back to |0>."""
    query = written(oracle.measured_circuit)
    index = register(query, "index")
    outcome = ClassicalRegister(len(index), "found")
    circuit = query.copy_empty_like()
    circuit.add_register(outcome)
    circuit.compose(uniform(oracle.n), index, inplace=True)
    for _ in range(2):
        circuit.compose(query, circuit.qubits, query.clbits, inplace=True)
        circuit.reset([qubit for qubit in circuit.qubits if qubit not in index])
    circuit.compose(uniform(oracle.n).inverse(), index, inplace=True)
    circuit.measure(index, outcome)
    return circuit


def on_gates(p: float) -> PauliNoise:
    """Errors after Toffolis and CNOTs of every name, and after nothing else."""
    single = Channel(("X", "Y", "Z"), (p / 3,) * 3)
    return PauliNoise(channels={(name, None): (single,) for name in ("temporary_and", "ccx", "cx", "cz")})


def simulated(oracle: ThresholdOracle, p: float, shots: int) -> float:
    """Infidelity of a query in units of p: both queries leave the uniform state but for errors."""
    sampler = SparseSampler(seed=1, noise=on_gates(p))
    data = sampler.run([there_and_back(oracle)], shots=shots).result()[0].data
    return -math.log(data.found.get_counts()["0" * data.found.num_bits] / shots) / (2 * p)


@pytest.mark.parametrize(
    "lookup",
    ["unary", "bucket_brigade", *(pytest.param(one, marks=pytest.mark.slow) for one in ("select_swap", "token_tree"))],
)
def test_the_bill_of_a_query_is_what_trajectories_show(lookup: str, capsys: pytest.CaptureFixture[str]) -> None:
    """n = 32: the formula within a quarter of noisy circuits, measured undo included; half or twice it is not."""
    n, d, bits = 32, 2, 3
    q, K, tau = cost_instance(n, d, bits)
    oracle = ThresholdOracle.from_row(
        q, K, tau, bits=bits, lookup=lookup, arithmetic="carry_save", key_layout="parallel"
    )
    formula = query_infidelity(n, d, bits, lookup)
    found = simulated(oracle, 0.15 / formula, 500)
    with capsys.disabled():
        print(f"\n{lookup}: formula {formula:.0f} p, simulated {found:.0f} p", end="")
    assert formula == pytest.approx(found, rel=0.25)


@pytest.mark.slow
@pytest.mark.parametrize("lookup", ["unary", "select_swap", "token_tree", "bucket_brigade"])
@pytest.mark.parametrize("bits", [1, 8])
def test_the_formula_of_a_load_for_growing_n(lookup: str, bits: int) -> None:
    """Load and inverse by gates, half of a load and its inverse; the formula's unload is by measurement."""
    for n in (16, 64, 256, 1024):
        data = np.random.default_rng(n).integers(2, size=(n, bits)).astype(bool)
        load = get(lookup)
        program = written_out((load.loading(data) if lookup == "bucket_brigade" else load.gates(data)).program())
        found = infidelity(program, n, ("index", "word"), samples=2000, seed=n)
        if lookup == "bucket_brigade":
            levels = n.bit_length() - 1
            formula = load.infidelity(n, bits) - levels**2 * (20.5 + 1.1 * levels)
        else:
            there, _ = load.cost(data, by_measurement=False)
            formula = 2 / 3 * there.places
        assert formula == pytest.approx(found.value, rel=0.25, abs=4 * found.error)


def test_success_is_a_product_over_queries() -> None:
    n, d, bits, p = 256, 4, 4, 1e-6
    [bill] = estimate(n, d, bits, k=2, lookups=["unary"], p=p)
    query, step = query_infidelity(n, d, bits, "unary"), step_infidelity(n, d, bits, "unary")
    assert bill.success == Success(
        p, query, math.exp(-p * query), math.exp(-p * step * longest_run(n)),
        math.exp(-p * step * bill.rounds),
    )  # fmt: skip
    assert bill.success.row < bill.success.run < bill.success.query < 1
    assert estimate(n, d, bits, k=2, lookups=["unary"])[0].success is None
    right = demanded_error(n, d, bits, "unary")
    assert math.exp(-right * step * longest_run(n)) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="p = 2"):
        estimate(n, d, bits, k=2, lookups=["unary"], p=2)


def test_what_each_n_demands() -> None:
    """1/n^1.5 for a QROM, 1/sqrt(n) and logarithms for a QRAM that is built of gates."""
    errors = demanded((1 << 20, 1 << 30), 64, 8)
    fall = {assumption: rates[0] / rates[1] for assumption, rates in errors.items()}
    assert fall["unary"] == pytest.approx(2**15, rel=0.02)
    assert 2**5 < fall["bucket_brigade"] < 2**7
    assert fall["qram"] == pytest.approx(2**5, rel=0.1)


def test_the_command_states_the_success() -> None:
    arguments = ["cost", "--n", "64", "--d", "4", "--bits", "4", "--k", "2", "--p", "1e-6", "--json"]
    done = subprocess.run([sys.executable, "-m", "qattn.cli", *arguments], capture_output=True, text=True, check=True)
    for lookup, bill in json.loads(done.stdout)["lookups"].items():
        assert bill["success"]["query"] == pytest.approx(math.exp(-1e-6 * query_infidelity(64, 4, 4, lookup)))
