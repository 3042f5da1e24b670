"""Pauli noise: against Aer with the same noise model, nothing at noise 0, and no wrong key whatever the noise."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit.random import random_circuit
from scipy.stats import chi2_contingency, chisquare

from qattn import PauliNoise, SparseSampler, ThresholdOracle, attend, find_all
from qattn.search.grover import grover_template
from qattn.simulator import statevector
from qattn.simulator.channels import Channel
from qattn.simulator.sites import touched
from qattn.synthesis.flatten import flatten, flatten_steps

SHOTS = 1000


def circuits() -> list[QuantumCircuit]:
    """Ten circuits of 1 to 10 qubits: random gates, lookups and searches, with measurements and resets on the way."""
    made = []
    for seed, qubits in enumerate((2, 3, 4, 5, 6)):
        circuit = QuantumCircuit(QuantumRegister(qubits), ClassicalRegister(qubits, "c"))
        for part in range(3):
            circuit.compose(random_circuit(qubits, 3, max_operands=3, seed=10 * seed + part), inplace=True)
            circuit.reset(part % qubits)
            circuit.measure((part + 1) % qubits, part % qubits)
        circuit.measure(range(qubits), range(qubits))
        made.append(circuit)
    ghz = QuantumCircuit(10, 10)
    ghz.h(0)
    for qubit in range(9):
        ghz.cx(qubit, qubit + 1)
    ghz.measure(range(10), range(10))
    made.append(ghz)
    again = QuantumCircuit(2, 6)  # one qubit used again and again
    for i in range(6):
        again.reset(0)
        again.h(0)
        again.cx(0, 1)
        again.measure(0, i)
        with again.if_test((again.clbits[i], 1)):
            again.x(1)
    made.append(again)
    K = np.array([[1, -2], [3, 1], [-1, 0], [2, 2]])
    for lookup, tau in (("table", 3), ("unary", 4)):
        oracle = ThresholdOracle.from_row([1, 1], K, tau, bits=3, lookup=lookup).circuit
        made.append(grover_template(4, oracle, [], 2, reset=True).circuit.decompose(["temporary_and", "undo_and"]))
    one = QuantumCircuit(1, 1)
    for _ in range(20):
        one.id(0)
        one.x(0)
    one.measure(0, 0)
    made.append(one)
    return [written(circuit) for circuit in made]


def written(circuit: QuantumCircuit) -> QuantumCircuit:
    """In gates that Aer and we both take as they stand."""
    from qiskit import transpile

    names = ["id", "x", "h", "rz", "sx", "cx", "ccx", "swap", "cswap", "cp", "measure", "reset", "if_else"]
    return transpile(circuit, basis_gates=names, optimization_level=0)


def aer_model(p: float = 0.02) -> object:
    """Depolarizing, joint and biased errors on gates, before measurements, after resets, and in the readout."""
    from qiskit_aer.noise import NoiseModel, ReadoutError, depolarizing_error, pauli_error

    model = NoiseModel(["id", "x", "h", "rz", "sx", "cx", "ccx", "swap", "cswap", "cp"])
    model.add_all_qubit_quantum_error(depolarizing_error(p, 1), ["x", "h"])
    model.add_all_qubit_quantum_error(pauli_error([("X", p), ("Z", 2 * p), ("I", 1 - 3 * p)]), ["sx", "id"])
    model.add_all_qubit_quantum_error(depolarizing_error(2 * p, 2), ["cx", "swap"])
    model.add_all_qubit_quantum_error(pauli_error([("XX", p), ("YZ", p), ("II", 1 - 2 * p)]), ["cp"])
    model.add_all_qubit_quantum_error(pauli_error([("XIZ", p), ("IZX", p), ("III", 1 - 2 * p)]), ["ccx", "cswap"])
    model.add_quantum_error(pauli_error([("XZ", 5 * p), ("II", 1 - 5 * p)]), ["cx"], [0, 1])
    model.add_all_qubit_quantum_error(pauli_error([("X", p), ("I", 1 - p)]), ["reset"])
    model.add_all_qubit_quantum_error(pauli_error([("Y", p), ("I", 1 - p)]), ["measure"])
    model.add_all_qubit_readout_error(ReadoutError([[1 - 2 * p, 2 * p], [2 * p, 1 - 2 * p]]))
    model.add_readout_error(ReadoutError([[1 - 4 * p, 4 * p], [4 * p, 1 - 4 * p]]), [0])
    return model


def aer_counts(circuit: QuantumCircuit, model: object, shots: int, seed: int) -> Counter[str]:
    from qiskit_aer import AerSimulator

    machine = AerSimulator(noise_model=model, max_parallel_threads=1)
    return Counter(machine.run(circuit, shots=shots, seed_simulator=seed).result().get_counts())


def our_counts(circuit: QuantumCircuit, noise: PauliNoise | None, shots: int, seed: int) -> Counter[str]:
    data = SparseSampler(seed=seed, noise=noise).run([circuit], shots=shots).result()[0].data
    joined = [np.array(register.get_bitstrings()) for register in reversed(data.values())]
    return Counter(" ".join(words) for words in zip(*joined, strict=True))


def agreement(ours: Counter[str], theirs: Counter[str]) -> float:
    """The probability of so large a difference between two samples of one distribution; rare outcomes together."""
    both = ours + theirs
    kept = [word for word in both if both[word] >= 20]
    rows = [[sample[word] for word in kept] for sample in (ours, theirs)]
    for row, sample in zip(rows, (ours, theirs), strict=True):
        row.append(sample.total() - sum(row))
    table = np.array(rows)[:, np.array(rows).sum(axis=0) > 0]
    return 1.0 if table.shape[1] < 2 else float(chi2_contingency(table).pvalue)


def test_outcomes_are_those_of_aer(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten circuits, resets and measurements on the way included; the same test on false noise fails."""
    model = aer_model()
    noise = PauliNoise.from_aer(model)
    assert noise.channels is not None
    doubled = {
        key: tuple(Channel(one.errors, tuple(2 * chance for chance in one.chances)) for one in channels)
        for key, channels in noise.channels.items()
    }
    alone = {key: channels for key, channels in noise.channels.items() if key[0] != "cx"}
    false = {"no errors": None, "p doubled": replace(noise, channels=doubled), "none on cx": PauliNoise(channels=alone)}
    values, worst = [], dict.fromkeys(false, 1.0)
    for seed, circuit in enumerate(circuits()):
        assert circuit.num_qubits <= 10
        theirs = aer_counts(circuit, model, SHOTS, seed)
        values.append(agreement(our_counts(circuit, noise, SHOTS, seed), theirs))
        for name, wrong in false.items() if seed in (5,) else ():
            worst[name] = min(worst[name], agreement(our_counts(circuit, wrong, SHOTS, seed), theirs))
    with capsys.disabled():
        print("\nchi-square p against Aer:", " ".join(f"{value:.3f}" for value in values), "| false noise:", worst)
    assert len(values) >= 10
    assert min(values) > 1e-3
    assert max(worst.values()) < 1e-6


def test_every_kind_of_error_as_often_as_it_should_be() -> None:
    """20 gates on one qubit: the parity of flips; errors after a gate of several qubits on each of them by itself."""
    flips = {"bit": 0.01, "phase": 0.0, "depolarizing": 0.02 / 3}
    for kind, p in flips.items():
        circuit = QuantumCircuit(1, 1)
        for _ in range(20):
            circuit.x(0)
        circuit.measure(0, 0)
        rate = 0.01
        ones = our_counts(circuit, PauliNoise(rate, kind=kind), 20000, 1)["1"]
        expected = (1 - (1 - 2 * p) ** 20) / 2
        assert abs(ones / 20000 - expected) < 5 * math.sqrt(max(expected, 1e-9) / 20000)
    swap = QuantumCircuit(3, 3)
    swap.cswap(0, 1, 2)
    swap.measure(range(3), range(3))
    counts = our_counts(swap, PauliNoise({1: 0.0, 3: 0.5}, kind="bit"), 8000, 2)
    assert chisquare([counts[f"{word:03b}"] for word in range(8)]).pvalue > 1e-5
    assert our_counts(swap, PauliNoise({1: 0.5, 2: 0.0}), 100, 2) == {"000": 100}  # 3 qubits: as 2, the most named


def test_waiting_measuring_and_resetting() -> None:
    circuit = QuantumCircuit(2, 1)
    for _ in range(7):
        circuit.x(0)
    circuit.cx(1, 0)  # qubit 1 has waited seven steps
    circuit.measure(1, 0)
    ones = our_counts(circuit, PauliNoise(0, idle=0.02, kind="bit"), 20000, 3)["1"] / 20000
    assert abs(ones - (1 - 0.96**7) / 2) < 0.012
    reset = QuantumCircuit(1, 2)
    reset.x(0)
    reset.measure(0, 0)
    reset.reset(0)
    reset.measure(0, 1)
    counts = our_counts(reset, PauliNoise(0, measure=0.2, reset=0.3), 20000, 4)
    first, second = (sum(counts[w] for w in counts if w[place] == "1") / 20000 for place in (1, 0))
    assert abs(first - 0.8) < 0.015
    assert abs(second - (0.3 * 0.8 + 0.7 * 0.2)) < 0.017


def test_errors_in_a_block_that_is_skipped_do_not_happen() -> None:
    circuit = QuantumCircuit(1, 2)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        for _ in range(50):
            circuit.x(0)
            circuit.id(0)
    circuit.measure(0, 1)
    noise = PauliNoise(channels={("x", None): (Channel(("X",), (0.5,)),), ("id", None): (Channel(("X",), (0.5,)),)})
    assert our_counts(circuit, noise, 200, 1) == {"00": 200}


@pytest.mark.parametrize("noise", [PauliNoise(0), PauliNoise(0.0, idle=0.0), PauliNoise({1: 0.0, 2: 0.0})])
def test_no_noise_is_no_noise(noise: PauliNoise) -> None:
    for seed in range(5):
        circuit = random_circuit(6, 8, max_operands=3, seed=seed)
        assert np.array_equal(statevector(circuit, noise=noise, seed=seed), statevector(circuit))
    wrong = statevector(circuit, noise=PauliNoise(0.2), seed=1)
    assert not np.allclose(np.abs(np.vdot(wrong, statevector(circuit))), 1)


def test_the_steps_of_a_circuit_are_its_gates() -> None:
    """A gate that takes several operations is one step, and its error comes after the last of them."""
    circuit = QuantumCircuit(4)
    circuit.y(0)
    circuit.rxx(0.3, 0, 1)
    circuit.append(random_circuit(2, 2, seed=1).to_gate(), [2, 3])
    program, steps = flatten_steps(circuit)
    assert [step.name for step in steps[:2]] == ["y", "rxx"]
    assert steps[0].last == 1
    assert steps[-1].last == len(program) - 1
    assert np.array_equal(program.ops, flatten(circuit).ops)
    places, qubits = touched(flatten(_words()))
    assert sorted(zip(places.tolist(), qubits.tolist(), strict=True)) == [
        (0, 0),
        (1, 0),
        (1, 1),
        (2, 0),
        (2, 1),
        (2, 2),
    ]


def _words() -> QuantumCircuit:
    circuit = QuantumCircuit(3)
    circuit.x(0)
    circuit.swap(0, 1)
    circuit.cswap(0, 1, 2)
    return circuit


@pytest.mark.parametrize(
    ("arguments", "options"),
    [((-0.1,), {}), ((1.5,), {}), (({},), {}), (({0: 0.1},), {}), ((0.1,), {"idle": 2}), ((0.1,), {"kind": "pauli"})],
)
def test_wrong_numbers_are_refused(arguments: tuple[object, ...], options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"give|choose"):
        PauliNoise(*arguments, **options)  # type: ignore[arg-type]


def test_what_is_no_pauli_error_is_refused() -> None:
    from qiskit_aer.noise import NoiseModel, ReadoutError, thermal_relaxation_error

    model = NoiseModel()
    model.add_all_qubit_quantum_error(thermal_relaxation_error(50, 60, 1), ["x"])
    with pytest.raises(ValueError, match=r"'x' holds 'kraus'|'x' holds 'reset'"):
        PauliNoise.from_aer(model)
    model = NoiseModel()
    model.add_all_qubit_readout_error(ReadoutError([[0.9, 0.1], [0.2, 0.8]]))
    with pytest.raises(ValueError, match="not symmetric"):
        PauliNoise.from_aer(model)
    with pytest.raises(ValueError, match="PauliNoise"):
        SparseSampler(noise=0.1)  # type: ignore[arg-type]
    loop = QuantumCircuit(1, 1)
    with loop.while_loop((loop.clbits[0], 1)):
        loop.measure(0, 0)
    with pytest.raises(ValueError, match="while loop"):
        SparseSampler(noise=PauliNoise(0.1)).run([loop])


def test_a_targets_errors() -> None:
    from qiskit import transpile
    from qiskit_ibm_runtime.fake_provider import FakeTorino

    target = FakeTorino().target
    noise = PauliNoise.from_target(target)
    assert noise.channels is not None
    [channel] = noise.channels["cz", (0, 1)]
    assert channel.total == pytest.approx(target["cz"][0, 1].error * 5 / 4)
    assert len(channel.errors) == 15
    bell = QuantumCircuit(2, 2)
    bell.h(0)
    bell.cx(0, 1)
    bell.measure(range(2), range(2))
    placed = transpile(bell, target=target, seed_transpiler=1, initial_layout=[3, 4])
    counts = our_counts(placed, noise, 4000, 1)
    wrong = (counts["01"] + counts["10"]) / 4000
    flips = [target["measure"][qubit,].error for qubit in (3, 4)]
    assert abs(wrong - sum(flips)) < 0.03
    with pytest.raises(ValueError, match=r"no 'h' on qubits \[0\]; transpile"):
        SparseSampler(noise=noise).run([bell])


@pytest.mark.parametrize(("p", "reset"), [(1e-4, False), (3e-3, False), (3e-3, True), (1.0, True)])
def test_noise_reports_no_wrong_key(p: float, reset: bool) -> None:
    """n no power of two: an error may leave an index that is no key's."""
    rng = np.random.default_rng(5)
    Q, K, V = rng.normal(size=(2, 3)), rng.normal(size=(11, 3)), rng.normal(size=(11, 2))
    sampler = SparseSampler(seed=1, noise=PauliNoise(p), reset_ancillas=reset)
    result = attend(Q, K, V, 0.8, sampler=sampler, scale=1.0, seed=3)
    truth = Q @ K.T >= 0.8
    assert truth.any()
    for row, found in enumerate(result.found):
        assert truth[row, list(found)].all()


def test_a_subclass_or_a_pass_manager_changes_nothing() -> None:
    """Both go by way of any other sampler; noise and resets stay what they are."""
    from qattn.machines.sampler import as_machine, default_pass_manager

    class Own(SparseSampler):
        pass

    oracle = ThresholdOracle.from_row([1], [[1], [3], [0], [2]], 3, bits=3)
    for sampler, manager in ((Own(seed=1, noise=PauliNoise(0.01), reset_ancillas=True), None),
                             (SparseSampler(seed=1, noise=PauliNoise(0.01), reset_ancillas=True), default_pass_manager(
                                 Own()))):  # fmt: skip
        machine = as_machine(sampler, manager)
        assert machine.circuits.reset
        assert set(find_all(oracle, sampler=sampler, pass_manager=manager, seed=1).indices.tolist()) <= {1}


def test_resets_are_between_the_iterates_and_change_nothing_without_noise() -> None:
    oracle = ThresholdOracle.from_row([1, 1], [[1, 0], [3, 1], [-1, 0], [0, 0], [1, 1]], 4, bits=3)
    template = grover_template(5, oracle.circuit, [], 3, reset=True)
    resets = template.circuit.count_ops()["reset"]
    assert resets == 2 * (oracle.qubits - 3)
    found = find_all(oracle, sampler=SparseSampler(seed=1, reset_ancillas=True), seed=1)
    assert list(found.indices) == [1]
