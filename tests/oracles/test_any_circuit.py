"""Phase oracles written with plain Qiskit, searched on Aer and on the sparse simulator; and what is no phase oracle."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from qiskit import transpile
from qiskit.circuit import ClassicalRegister, Gate, Parameter, QuantumCircuit, QuantumRegister
from qiskit.circuit.library import (
    DiagonalGate,
    IntegerComparatorGate,
    PhaseOracleGate,
    UnitaryGate,
    ZGate,
)

from qattn import GroverStatistics, SparseSampler, find_all, phase_oracle
from qattn.oracles.any_circuit import AnyCircuit, OracleError
from qattn.simulator.signs import NotDiagonalError, index_signs
from qattn.synthesis.execution import DirtyAncillaError
from qattn.testing import assert_maps

FORMULA = "(a | b | ~d) & (~a | c) & (b ^ d) & (~c | e)"


def formula(j: int) -> bool:
    a, b, c, d, e = (j >> i & 1 for i in range(5))
    return bool((a or b or not d) and (not a or c) and (b ^ d) and (not c or e))


def sat():
    """A SAT formula, by Qiskit's own synthesis."""
    return PhaseOracleGate(FORMULA, var_order=list("abcde")), formula, {}


def diagonal():
    """A table of signs, on 11 of 16 indices."""
    signs = np.ones(16)
    signs[[0, 3, 10, 12]] = -1
    return DiagonalGate(signs.tolist()), lambda j: j in (0, 3, 10, 12), {"n": 11}


def comparator():
    """x < 5 as a bit oracle, made a phase oracle by the target's kickback."""
    return phase_oracle(IntegerComparatorGate(4, 5, geq=False), target=4), lambda j: j < 5, {"index": range(4)}


def second_register():
    """The index is not the first register: a key is written down, an index is compared with it."""
    key, index = QuantumRegister(3, "key"), QuantumRegister(3, "x")
    circuit = QuantumCircuit(key, index)
    for prepare in (True, False):
        if not prepare:
            circuit.mcp(np.pi, key[:-1], key[-1])
        circuit.x(key) if prepare else circuit.cx(index, key)
        circuit.cx(index, key) if prepare else circuit.x(key)
    return circuit, lambda j: j == 0, {"index": "x"}


def with_ancillas():
    """The number of ones is counted into ancillas and compared; then undone."""
    x, total = QuantumRegister(4, "x"), QuantumRegister(3, "sum")
    circuit, count = QuantumCircuit(x, total), QuantumCircuit(x, total)
    for bit in x:
        count.mcx([bit, total[0], total[1]], total[2])
        count.ccx(bit, total[0], total[1])
        count.cx(bit, total[0])
    circuit.compose(count, inplace=True)
    circuit.x([total[0], total[2]])
    circuit.ccz(*total)
    circuit.x([total[0], total[2]])
    circuit.compose(count.inverse(), inplace=True)
    return circuit, lambda j: j.bit_count() == 2, {}


ORACLES = [sat, diagonal, comparator, second_register, with_ancillas]


@functools.cache
def marked(make):
    circuit, check, how = make()
    oracle = AnyCircuit.of(circuit, check, **how)
    return [j for j in range(oracle.n) if check(j)]


@pytest.mark.parametrize("make", ORACLES, ids=lambda make: make.__name__)
def test_the_circuit_does_what_check_says_on_every_index(make):
    """The tests' own oracles, amplitude by amplitude on Aer, and the same by the sparse state."""
    circuit, check, how = make()
    oracle = AnyCircuit.of(circuit, check, **how)
    signs = index_signs(oracle.circuit, oracle.n)
    assert np.flatnonzero(signs).tolist() == marked(make)
    states = [{"index": j} for j in range(oracle.n)]
    assert_maps(oracle.circuit, states, states, phases=(-1.0) ** signs)


@pytest.mark.parametrize(
    "sampler", [None, SparseSampler(seed=2), SparseSampler(seed=2, literal=True)], ids=["aer", "sparse", "literal"]
)
@pytest.mark.parametrize("make", ORACLES, ids=lambda make: make.__name__)
def test_all_marked_indices_are_found(make, sampler):
    circuit, check, how = make()
    found = find_all(circuit, check=check, sampler=sampler, delta=1e-6, seed=1, **how)
    assert found.indices.tolist() == marked(make)
    assert found.rejected.size == 0
    assert 0 < found.miss_bound <= 1e-6
    unchecked = find_all(circuit, check=check, sampler=sampler, delta=1e-6, seed=1, check_oracle=False, **how)
    assert unchecked.indices.tolist() == marked(make)


def test_check_sees_what_was_measured_and_each_index_once():
    asked = []
    gate, check, how = sat()
    found = find_all(gate, check=lambda j: asked.append(j) or check(j), seed=0, **how)
    assert len(asked) == len(set(asked)) == found.evaluations
    assert all(type(j) is int for j in asked)


@pytest.mark.parametrize("sampler", [None, SparseSampler(seed=1), GroverStatistics()], ids=["aer", "sparse", "ideal"])
@pytest.mark.parametrize("n", [1, 2, 3, 8])
def test_nothing_and_everything_marked(n, sampler):
    for phase, expected in ((0.0, []), (np.pi, list(range(n)))):
        circuit = QuantumCircuit(3, global_phase=phase)
        found = find_all(circuit, check=lambda j, all_=bool(phase): all_, n=n, sampler=sampler, delta=1e-6, seed=3)
        assert found.indices.tolist() == expected


def test_a_circuit_transpiled_to_other_gates_is_the_same_oracle():
    circuit, check, how = comparator()
    other = transpile(circuit, basis_gates=["rz", "sx", "cx"], optimization_level=1)
    assert find_all(other, check=check, sampler=SparseSampler(seed=0), delta=1e-6, **how).indices.tolist() == [
        *range(5)
    ]


def test_numpy_answers_are_answers():
    table = np.arange(8) % 3 == 1
    found = find_all(DiagonalGate((1.0 - 2 * table).tolist()), check=lambda j: table[j], delta=1e-6, seed=1)
    assert found.indices.tolist() == [1, 4, 7]


def two(*gates):
    """A circuit on x (two qubits) and an ancilla."""
    circuit = QuantumCircuit(QuantumRegister(2, "x"), QuantumRegister(1, "w"))
    for name, *args in gates:
        getattr(circuit, name)(*args)
    return circuit


WRONG = [
    (two(("ccx", 0, 1, 2), ("z", 2)), DirtyAncillaError, r"work\[0\] is left in \|1>, wholly or partly, for index 3"),
    (two(("h", 2), ("cz", 0, 2)), DirtyAncillaError, "work"),
    (two(("h", 2), ("cz", 0, 2), ("h", 2)), DirtyAncillaError, "work"),
    (two(("x", 0)), NotDiagonalError, "index 0 goes to 1"),
    (two(("swap", 0, 1)), NotDiagonalError, "index 1 goes to 2"),
    (two(("h", 0)), NotDiagonalError, "index . goes to"),
    (two(("cs", 0, 1)), NotDiagonalError, r"index 3 gets the phase exp\(0.5 pi i\)"),
    (two(("p", 1e-3, 0)), NotDiagonalError, "index 1 gets the phase"),
]


@pytest.mark.parametrize(("circuit", "kind", "words"), WRONG)
def test_what_is_no_phase_oracle_is_refused(circuit, kind, words):
    with pytest.raises(kind, match=words):
        find_all(circuit, check=lambda j: True, seed=0)
    with pytest.raises(ValueError, match=words if kind is NotDiagonalError else "work"):
        find_all(circuit, check=lambda j: True, seed=0, sampler=SparseSampler(seed=0), check_oracle=False)


def measured():
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    return circuit


def conditioned():
    circuit = QuantumCircuit(2, 1)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.z(0)
    return circuit


def reset():
    circuit = QuantumCircuit(2)
    circuit.reset(0)
    return circuit


def turned():
    circuit = QuantumCircuit(2)
    circuit.p(Parameter("angle"), 0)
    return circuit


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"oracle": measured()}, "measure"),
        ({"oracle": conditioned()}, "if_else"),
        ({"oracle": reset()}, "reset"),
        ({"oracle": turned()}, "open parameters .angle."),
        ({"oracle": ZGate(), "n": 3}, "n = 3; 1 index qubits hold"),
        ({"oracle": ZGate(), "n": 0}, "n = 0"),
        ({"oracle": ZGate(), "n": True}, "n = True"),
        ({"oracle": ZGate(), "n": 1.5}, "n = 1.5"),
        ({"oracle": ZGate(), "k": 1}, "leave k out"),
        ({"oracle": ZGate(), "check": None}, "needs check"),
        ({"oracle": ZGate(), "check": 5}, "give a function"),
        ({"oracle": two(), "index": "y"}, "no register 'y'; the circuit has x, w"),
        ({"oracle": two(), "index": QuantumRegister(2, "x2")}, "is not in the circuit"),
        ({"oracle": two(), "index": [0, 0]}, "each qubit once"),
        ({"oracle": two(), "index": [7]}, "index = "),
        ({"oracle": two(), "index": []}, "at least one"),
        ({"oracle": QuantumCircuit(0)}, "no index qubits"),
        ({"oracle": Gate("opaque", 2, [])}, "opaque"),
    ],
)
def test_what_cannot_be_searched_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        find_all(**{"check": lambda j: True, "seed": 0, **arguments})


def test_what_describes_a_circuit_is_refused_elsewhere():
    from qattn.search.protocols import MarkedSet

    for extra in ({"check": bool}, {"n": 4}, {"index": "x"}):
        with pytest.raises(ValueError, match="leave them out for MarkedSet"):
            find_all(MarkedSet(4, [1]), sampler=GroverStatistics(), **extra)


def test_classical_bits_that_nothing_uses_do_no_harm():
    circuit = QuantumCircuit(QuantumRegister(2, "x"), ClassicalRegister(2, "c"))
    circuit.cz(0, 1)
    circuit.barrier()
    assert find_all(circuit, check=lambda j: j == 3, seed=0, delta=1e-6).indices.tolist() == [3]


def test_a_check_that_fails_says_for_which_index():
    def check(j):
        return 1 // j == 2

    with pytest.raises(ZeroDivisionError) as raised:
        find_all(ZGate(), check=check, seed=0)
    assert "check(0)" in raised.value.__notes__[0]
    with pytest.raises(OracleError, match=r"check\(\d\) returned None"):
        find_all(ZGate(), check=lambda j: None, seed=0)


def test_a_circuit_that_marks_more_than_check_wants():
    """What the circuit marks and check refuses is excluded and reported; what check wants is still found, all of it."""
    gate, _, how = sat()
    wanted = [j for j in marked(sat) if j % 2]
    for seed in range(5):
        found = find_all(gate, check=lambda j: formula(j) and j % 2 == 1, delta=1e-6, seed=seed, **how)
        assert found.indices.tolist() == wanted
        assert found.rejected.tolist() == sorted(set(marked(sat)) - set(wanted))


def test_a_circuit_that_does_not_mark_what_check_wants_is_an_error():
    """Bit 0 taken for the last: the oracle of another question."""
    gate, check, _ = sat()
    with pytest.raises(OracleError, match="is True, but the circuit does not mark"):
        find_all(gate, check=lambda j: check(int(f"{j:05b}"[::-1], 2)), delta=1e-6, seed=0)


def test_a_shuffled_oracle_finds_nothing():
    """The null: a circuit that marks what nobody asked for makes no finds, whatever check knows."""
    shuffled = UnitaryGate(np.diag([1.0, 1, 1, 1, 1, -1, 1, 1]))
    found = find_all(shuffled, check=lambda j: False, delta=1e-6, seed=0)
    assert found.indices.tolist() == []
    assert found.rejected.tolist() == [5]


def test_phase_oracles_from_circuits_that_leave_their_work_behind():
    """ANDs computed and never undone: the kickback entangles, compute and undo does not."""
    bit = QuantumCircuit(QuantumRegister(3, "x"), QuantumRegister(1, "and"), QuantumRegister(1, "out"))
    bit.ccx(0, 1, 3)
    bit.ccx(3, 2, 4)
    with pytest.raises(DirtyAncillaError):
        find_all(phase_oracle(bit, "out"), check=lambda j: j == 7, seed=0)
    undone = phase_oracle(bit, "out", uncompute=True)
    assert find_all(undone, check=lambda j: j == 7, delta=1e-6, seed=0).indices.tolist() == [7]
    with pytest.raises(OracleError, match="target has 3 qubits"):
        phase_oracle(bit, "x")
    with pytest.raises(OracleError, match="no register 'y'"):
        phase_oracle(bit, "y")
    with pytest.raises(OracleError, match="measure"):
        phase_oracle(measured(), 0)


def test_a_wide_oracle_is_checked_and_searched_without_a_state_vector():
    """40 qubits: a chain of ANDs, computed and undone."""
    x, chain = QuantumRegister(8, "x"), QuantumRegister(32, "chain")
    circuit = QuantumCircuit(x, chain)
    steps = [(x[0], x[1], chain[0]), *((chain[i], x[2 + i % 6], chain[i + 1]) for i in range(31))]
    for step in steps:
        circuit.ccx(*step)
    circuit.z(chain[31])
    for step in reversed(steps):
        circuit.ccx(*step)
    assert find_all(circuit, check=lambda j: j == 255, delta=1e-6, seed=0).indices.tolist() == [255]


def test_more_indices_than_one_state_holds():
    n = 40_000
    circuit = QuantumCircuit(16)
    circuit.mcp(np.pi, list(range(15)), 15)
    circuit.x(15)
    circuit.mcp(np.pi, list(range(15)), 15)
    circuit.x(15)
    signs = index_signs(AnyCircuit.of(circuit, bool).circuit, 2**16)
    assert np.flatnonzero(signs).tolist() == [2**15 - 1, 2**16 - 1]
    found = find_all(circuit, check=lambda j: j == 2**15 - 1, n=n, sampler=GroverStatistics(), delta=1e-6, seed=1)
    assert found.indices.tolist() == [2**15 - 1]
