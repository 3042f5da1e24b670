"""The pruned noise model agrees with the whole one, and the forecast with both."""

import math

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

from qattn.hardware.compile import Compiler, grover_circuit, measure_size
from qattn.hardware.ibm import fake_backend
from qattn.hardware.simulated import noisy_simulator, onto, part_of, used_qubits
from qattn.oracles import families
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.protocols import Job


@pytest.fixture(scope="module")
def torino():
    return fake_backend("fake_torino")


def simulated(circuit: QuantumCircuit, target, marked, shots: int = 40_000) -> float:
    """The fraction of shots that measure a marked index."""
    qubits = used_qubits([circuit])
    run = noisy_simulator(target, qubits).run(onto(circuit, qubits), shots=shots, seed_simulator=11)
    counts = run.result().get_counts()
    return sum(count for word, count in counts.items() if int(word, 2) in marked) / shots


@pytest.mark.parametrize(
    ("n", "kind", "m"),
    [(4, "arithmetic", 1), (8, "arithmetic", 1), (8, "arithmetic", 2), (8, "truth_table", 2), (16, "truth_table", 3)],
)
def test_forecast_is_within_5_percent_of_the_simulation(torino, n: int, kind: str, m: int) -> None:
    rng = np.random.default_rng(n)
    K, q = rng.integers(-2, 2, (n, 2)), rng.integers(1, 3, 2)
    oracle = ThresholdOracle.from_row(q, K, float(np.sort(K @ q)[-1]))
    circuit = Compiler(torino.target, 4).run(grover_circuit(Job(families.get(kind)(oracle), m)))
    share = oracle.marked_set.size / n
    ideal = math.sin((2 * m + 1) * math.asin(math.sqrt(share))) ** 2
    chance = measure_size(circuit, torino.target).success
    hit = simulated(circuit, torino.target, set(oracle.marked_set.tolist()))
    assert abs(chance * ideal + (1 - chance) * share - hit) < 0.05


def test_the_part_of_a_target_is_that_part(torino) -> None:
    qubits = [4, 3, 5]
    part = part_of(torino.target, qubits)
    assert part.num_qubits == 3
    assert part["cz"][1, 0].error == torino.target["cz"][3, 4].error
    assert part["measure"][2,].error == torino.target["measure"][5,].error
    assert part.qubit_properties[0].t1 == torino.target.qubit_properties[4].t1


def test_circuits_move_onto_their_qubits() -> None:
    circuit = QuantumCircuit(9, 2)
    circuit.h(7)
    circuit.barrier()
    circuit.cx(7, 2)
    circuit.measure([7, 2], [0, 1])
    qubits = used_qubits([circuit])
    assert qubits == [2, 7]
    small = onto(circuit, qubits)
    assert small.num_qubits == 2
    assert [[small.find_bit(q).index for q in op.qubits] for op in small.data if op.name == "cx"] == [[1, 0]]
    assert small.clbits == circuit.clbits
