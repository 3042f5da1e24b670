"""Distributions, data bins and independence of `SparseSampler`."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from qiskit.circuit import ClassicalRegister, Parameter, QuantumCircuit, QuantumRegister, library
from qiskit.circuit.random import random_circuit
from qiskit.primitives import StatevectorSampler
from qiskit.quantum_info import Statevector
from scipy.stats import chisquare

from qattn import SparseSampler, ThresholdOracle
from qattn.search.grover import grover_template, iterate, uniform
from qattn.simulator.branches import TooManyBranches
from qattn.simulator.trajectories import Plan, sample
from qattn.synthesis.flatten import flatten
from qattn.synthesis.gates import measured

LEVEL = 1e-5


def counts(circuit: QuantumCircuit, shots: int = 4000, seed: int = 1) -> Counter[int]:
    """Outcomes as integers over all classical bits in the order of the circuit."""
    bits = sample(Plan.of(flatten(circuit)), shots, np.random.default_rng(seed))
    return Counter(int(x) for x in bits @ (1 << np.arange(circuit.num_clbits)))


def exact(circuit: QuantumCircuit) -> dict[int, float]:
    """Probabilities of final classical values, by branching a dense state at every measurement."""
    todo = [(0, Statevector.from_int(0, 2**circuit.num_qubits), 0, 1.0)]
    result: Counter[int] = Counter()
    while todo:
        place, state, bits, weight = todo.pop()
        if place == len(circuit.data):
            result[bits] += weight
            continue
        step = circuit.data[place]
        qubits = [circuit.find_bit(q).index for q in step.qubits]
        if step.name in ("measure", "reset"):
            for outcome, chance in enumerate(state.probabilities(qubits)):
                if chance > 1e-12:
                    kept = state.data.copy()
                    kept[np.arange(kept.size) >> qubits[0] & 1 != outcome] = 0
                    after = Statevector(kept / chance**0.5)
                    if step.name == "measure":
                        clbit = circuit.find_bit(step.clbits[0]).index
                        now = bits & ~(1 << clbit) | outcome << clbit
                    else:
                        now, after = bits, after.evolve(library.XGate(), qubits) if outcome else after
                    todo.append((place + 1, after, now, weight * chance))
        elif step.name == "if_else":
            target, value = step.operation.condition
            register = list(target) if isinstance(target, ClassicalRegister) else [target]
            held = sum((bits >> circuit.find_bit(bit).index & 1) << i for i, bit in enumerate(register))
            blocks = step.operation.blocks
            block = blocks[0] if held == value else blocks[1] if len(blocks) > 1 else None
            after = state.evolve(without_bits(block), qubits) if block is not None else state
            todo.append((place + 1, after, bits, weight))
        else:
            todo.append((place + 1, state.evolve(step.operation, qubits), bits, weight))
    return dict(result)


def without_bits(block: QuantumCircuit) -> QuantumCircuit:
    bare = QuantumCircuit(block.num_qubits, global_phase=block.global_phase)
    for step in block.data:
        bare.append(step.operation, [block.find_bit(q).index for q in step.qubits])
    return bare


def agrees(found: Counter[int], wanted: dict[int, float]) -> float:
    """The p-value of the counts; 0 when something impossible was seen."""
    if any(value not in wanted for value in found):
        return 0.0
    shots = sum(found.values())
    rare = [value for value in wanted if wanted[value] * shots < 5]
    rows = [(found[value], wanted[value] * shots) for value in wanted if value not in rare]
    if rare:
        rows.append((sum(found[value] for value in rare), sum(wanted[value] for value in rare) * shots))
    if len(rows) < 2:
        return 1.0
    observed, expected = np.array(rows, dtype=float).T
    return float(chisquare(observed, expected * observed.sum() / expected.sum()).pvalue)


def feeding_circuit(seed: int) -> QuantumCircuit:
    """Random gates, measurements and resets in their midst, gates conditioned on bits and registers."""
    rng = np.random.default_rng(seed)
    circuit = QuantumCircuit(QuantumRegister(4, "q"), ClassicalRegister(2, "a"), ClassicalRegister(3, "b"))
    for _ in range(14):
        kind, q = int(rng.integers(7)), [int(x) for x in rng.permutation(4)]
        if kind < 3:
            circuit.compose(random_circuit(3, 2, max_operands=3, seed=rng), q[:3], inplace=True)
        elif kind == 3:
            circuit.measure(q[0], int(rng.integers(5)))
        elif kind == 4:
            circuit.reset(q[0])
        elif kind == 5:
            with circuit.if_test((circuit.clbits[int(rng.integers(5))], int(rng.integers(2)))) as otherwise:
                circuit.h(q[0])
                circuit.cx(q[0], q[1])
            with otherwise:
                circuit.ry(0.7, q[2])
        else:
            with circuit.if_test((circuit.cregs[1], int(rng.integers(4)))):
                circuit.sx(q[0])
    circuit.measure([0, 1, 2], [0, 1, 2])
    return circuit


@pytest.mark.parametrize("seed", range(30))
def test_mid_circuit_measurements_and_feed_forward(seed: int) -> None:
    circuit = feeding_circuit(seed)
    assert agrees(counts(circuit), exact(circuit)) > LEVEL


def test_null_a_wrong_condition_or_a_missing_reset_shows() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.ry(0.6, 1)
    circuit.measure(1, 1)
    wanted = exact(circuit)
    assert agrees(counts(circuit), wanted) > LEVEL
    wrong = QuantumCircuit(2, 2)
    wrong.h(0)
    wrong.measure(0, 0)
    with wrong.if_test((wrong.clbits[0], 0)):
        wrong.ry(0.6, 1)
    wrong.measure(1, 1)
    assert agrees(counts(wrong), wanted) < LEVEL


@pytest.mark.parametrize("seed", range(20))
def test_same_distribution_and_data_bins_as_the_statevector_sampler(seed: int) -> None:
    circuit = QuantumCircuit(QuantumRegister(6, "q"), ClassicalRegister(4, "low"), ClassicalRegister(9, "high"))
    circuit.compose(random_circuit(6, 6, max_operands=4, seed=seed), range(6), inplace=True)
    circuit.measure([5, 0, 3], [0, 7, 12])
    circuit.measure(2, 3)
    ours = SparseSampler(seed=seed).run([circuit], shots=3000).result()[0].data
    theirs = StatevectorSampler(seed=np.random.default_rng(seed)).run([circuit], shots=3000).result()[0].data
    assert list(ours) == list(theirs) == ["low", "high"]
    for name in ("low", "high"):
        assert ours[name].array.shape == theirs[name].array.shape
        assert ours[name].num_bits == theirs[name].num_bits
    wanted = exact(circuit)
    joint = Counter(
        int(a, 2) | int(b, 2) << 4 for a, b in zip(ours.low.get_bitstrings(), ours.high.get_bitstrings(), strict=True)
    )
    assert agrees(joint, wanted) > LEVEL


def test_parameter_arrays_and_shots_of_pubs() -> None:
    a, b = Parameter("a"), Parameter("b")
    circuit = QuantumCircuit(3)
    circuit.ry(a, 0)
    circuit.mcp(2 * b, [0], 1)
    circuit.append(library.RXGate(a + b).control(1), [0, 2])
    circuit.rz(b, 2)
    circuit.measure_all()
    values = np.random.default_rng(0).normal(size=(2, 3, 2))
    result = SparseSampler(seed=1).run([(circuit, values), (circuit, [0.3, 0.1], 77)], shots=2000).result()
    assert result[0].data.meas.shape == (2, 3)
    assert result[1].data.meas.num_shots == 77
    assert result[1].data.meas.shape == ()
    for index in np.ndindex(2, 3):
        wanted = exact(circuit.assign_parameters(values[index]))
        assert agrees(Counter(result[0].data.meas.get_int_counts(index)), wanted) > LEVEL
    with pytest.raises(ValueError):
        SparseSampler().run([circuit]).result()


def test_the_same_bound_circuit_gives_the_same_draws_as_its_parameters() -> None:
    a = Parameter("a")
    circuit = QuantumCircuit(2)
    circuit.rx(a, 0)
    circuit.cp(a / 3, 0, 1)
    circuit.rzz(a, 0, 1)
    circuit.measure_all()
    open_run = SparseSampler(seed=4).run([(circuit, [1.1])]).result()[0].data.meas
    bound_run = SparseSampler(seed=4).run([circuit.assign_parameters([1.1])]).result()[0].data.meas
    assert np.array_equal(open_run.array, bound_run.array)


def test_shots_are_independent_whatever_the_seed() -> None:
    circuit = QuantumCircuit(20)
    circuit.h(range(20))
    circuit.measure_all()

    def draws(sampler: SparseSampler, pubs: int = 1) -> list[tuple[int, ...]]:
        results = sampler.run([circuit] * pubs, shots=8).result()
        return [tuple(int(word, 2) for word in result.data.meas.get_bitstrings()) for result in results]

    sampler = SparseSampler(seed=5)
    rows = [*draws(sampler, 3), *draws(sampler), *draws(sampler)]
    assert len({word for row in rows for word in row}) > 38
    twin = SparseSampler(seed=5)
    assert rows == [*draws(twin, 3), *draws(twin), *draws(twin)]
    assert draws(SparseSampler(seed=6)) != rows[:1]
    assert draws(SparseSampler()) != draws(SparseSampler())
    generator = np.random.default_rng(5)
    assert draws(SparseSampler(seed=generator)) != draws(SparseSampler(seed=generator))


def test_a_coin_tossed_until_heads() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 0)
    with circuit.while_loop((circuit.clbits[0], 0)):
        circuit.reset(0)
        circuit.h(0)
        circuit.x(1)
        circuit.measure(0, 0)
    circuit.measure(1, 1)
    found = counts(circuit, 3000)
    assert agrees(found, {3: 2 / 3, 1: 1 / 3}) > LEVEL


def test_teleportation_of_a_state() -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.u(0.9, 0.4, 0.2, 0)
    circuit.h(1)
    circuit.cx(1, 2)
    circuit.cx(0, 1)
    circuit.h(0)
    circuit.measure([0, 1], [0, 1])
    with circuit.if_test((circuit.clbits[1], 1)):
        circuit.x(2)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.z(2)
    circuit.append(library.UGate(0.9, 0.4, 0.2).inverse(), [2])
    circuit.measure(2, 2)
    found = counts(circuit, 2000)
    assert all(not value >> 2 for value in found)
    assert agrees(found, dict.fromkeys(range(4), 0.25)) > LEVEL


@pytest.mark.parametrize("rendering", ["unitary", "measured"])
@pytest.mark.parametrize(("n", "lookup", "arithmetic"), [(13, "select_swap", "carry_save"), (16, "table", "phase")])
def test_grover_on_real_oracles(rendering: str, n: int, lookup: str, arithmetic: str) -> None:
    """Uncomputing by measurement: a fair coin for each ancilla, and the search as good as ever."""
    rng = np.random.default_rng(n)
    K, q = rng.integers(-4, 4, (n, 2)), rng.integers(-4, 4, 2)
    layout = "parallel" if arithmetic == "carry_save" else "streamed"
    tau = float(np.sort(K @ q)[-2])
    oracle = ThresholdOracle.from_row(q, K, tau, bits=3, lookup=lookup, arithmetic=arithmetic, key_layout=layout)
    phase = oracle.circuit if rendering == "unitary" else measured(oracle.circuit)
    step, _ = iterate(n, phase)
    circuit = QuantumCircuit(*step.qregs, *step.cregs, ClassicalRegister(4, "found"))
    index = next(register for register in circuit.qregs if register.name == "index")
    circuit.compose(uniform(n), index, inplace=True)
    for _ in range(2):
        circuit.compose(step, circuit.qubits, step.clbits, inplace=True)
    circuit.measure(index, circuit.cregs[-1])
    data = SparseSampler(seed=2).run([circuit], shots=400).result()[0].data
    marked = K @ q >= tau
    chance = float(np.sin(5 * np.arcsin(np.sqrt(marked.mean()))) ** 2)
    wanted = {j: chance / marked.sum() if marked[j] else (1 - chance) / (~marked).sum() for j in range(n)}
    assert agrees(Counter(data.found.get_int_counts()), wanted) > LEVEL
    if rendering == "measured" and len(circuit.cregs) > 1 and circuit.cregs[0].size > 3:
        assert len(data[circuit.cregs[0].name].get_counts()) > 100  # outcomes differ from shot to shot


def test_many_qubits() -> None:
    circuit = QuantumCircuit(3000)
    circuit.h(range(0, 3000, 300))
    for q in range(3000):
        if q % 300:
            circuit.cx(q - 1, q)
    circuit.measure_all()
    words = SparseSampler(seed=0).run([circuit], shots=50).result()[0].data.meas.get_bitstrings()
    assert all(word == "".join(bit * 300 for bit in word[::300]) for word in words)
    assert len(set(words)) > 30


def test_memory_and_stopping_and_pickling() -> None:
    circuit = QuantumCircuit(30)
    circuit.h(range(30))
    for q in range(29):
        circuit.cx(q, q + 1)
        circuit.ccx(q, (q + 5) % 30, q + 1 if (q + 5) % 30 != q + 1 else 0)
    circuit.measure_all()
    job = SparseSampler(memory=2.0**22).run([circuit])
    with pytest.raises(TooManyBranches, match="branches"):
        job.result()
    small = QuantumCircuit(1)
    small.measure_all()
    job = SparseSampler().run([small])
    assert pickle.loads(pickle.dumps(job)).result()[0].data.meas.get_counts() == {"0": 1024}
    with pytest.warns(UserWarning, match="no classical register"):
        SparseSampler().run([QuantumCircuit(1)]).result()


def test_progress_counts_circuits() -> None:
    a, seen = Parameter("a"), []
    circuit = QuantumCircuit(1)
    circuit.rx(a, 0)
    circuit.measure_all()
    SparseSampler(progress=lambda done, total: seen.append((done, total))).run(
        [(circuit, [[0.1], [0.2], [0.3]])]
    ).result()
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_searches_run_on_it_like_on_any_sampler() -> None:
    from qattn import find_all

    rng = np.random.default_rng(3)
    K, q = rng.integers(-4, 4, (16, 2)), rng.integers(-4, 4, 2)
    tau = float(np.sort(K @ q)[-3])
    oracle = ThresholdOracle.from_row(q, K, tau, bits=3)
    found = find_all(oracle, delta=1e-3, seed=1, sampler=SparseSampler(seed=3))
    assert set(found.indices) == set(np.flatnonzero(K @ q >= tau))
    assert grover_template(16, *oracle.template(), 1).n == 16


SLOW = """
import time
from qiskit.circuit import QuantumCircuit
from qattn import SparseSampler

warm = QuantumCircuit(2, 1)
warm.h([0, 1])
warm.cx(0, 1)
warm.measure(0, 0)
SparseSampler().run([warm]).result()
circuit = QuantumCircuit(21, 1)
circuit.h(range(21))
for _ in range(3000):
    for q in range(20):
        circuit.ccx(q, q + 1, (q + 2) % 21)
        circuit.h(q)
circuit.measure(0, 0)
job = SparseSampler().run([circuit])
print("running", flush=True)
job.result()
"""


def test_ctrl_c_ends_a_long_simulation_within_seconds() -> None:
    process = subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "running"
    time.sleep(2)
    assert process.poll() is None, "the simulation was meant to last"
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert time.monotonic() - start < 20  # 2 s on a quiet machine
