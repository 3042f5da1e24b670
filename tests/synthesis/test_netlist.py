"""Gates as rows, and their two renderings: what a netlist says, its circuit and its program say too."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from qiskit.circuit import Parameter, QuantumCircuit, QuantumRegister
from qiskit.circuit.library import CSwapGate, CXGate, MCXGate

from qattn.synthesis.flatten import flatten
from qattn.synthesis.gates import And, UndoAnd, measured
from qattn.synthesis.netlist import BARRIER, Loading, Netlist
from qattn.synthesis.reversible import execute
from qattn.testing import assert_same_gates

SIZES = {"index": 3, "word": 2, "rest": 2}


A = Parameter("a")


def random_netlist(seed: int, size: int = 60) -> Netlist:
    """Every kind of gate there is, a block of somebody else's and a load among them."""
    rng, net = np.random.default_rng(seed), Netlist(SIZES)

    def inner() -> Netlist:
        block = Netlist({"a": 2, "b": 1})
        block.temporary_and(0, 1, 2)
        block.fan_out(2, np.array([0], dtype=np.int32))
        block.undo_and(0, 1, 2)
        return block

    theirs = QuantumCircuit(QuantumRegister(3, "q"))
    theirs.append(MCXGate(2, ctrl_state=1), [2, 0, 1])
    theirs.sx(1)
    theirs.global_phase = 0.25

    loading = Loading(3, inner, lambda: inner().inverse().circuit())
    kinds: list[Callable[[list[int]], None]] = [
        lambda q: net.x(q[0]), lambda q: net.cx(*q[:2]), lambda q: net.mcx(q[1 : 1 + int(rng.integers(5))], q[0]),
        lambda q: net.temporary_and(*q[:3]), lambda q: net.undo_and(*q[:3]), lambda q: net.swap(*q[:2]),
        lambda q: net.cswap(*q[:3]), lambda q: net.z(q[0]), lambda q: net.h(q[0]), lambda q: net.phase(0.3, q[0]),
        lambda q: net.phase(math.pi, *q[:2]), lambda q: net.phase(A * 2, *q[:2]), lambda q: net.barrier(),
        lambda q: net.fan_out(q[0], np.array(q[1:], dtype=np.int32)), lambda q: net.load(loading, q[:3]),
        lambda q: net.fan_out(None, np.array(q[2:], dtype=np.int32)), lambda q: net.append(Netlist.of(theirs), q[:3]),
    ]  # fmt: skip
    for kind in rng.permutation(np.resize(np.arange(len(kinds)), size)):
        kinds[kind]([int(x) for x in rng.permutation(net.qubits)])
    return net


@pytest.mark.parametrize("seed", range(5))
def test_program_and_circuit_say_the_same(seed: int) -> None:
    net = random_netlist(seed)
    for one in (net, net.inverse(), net.copy(), net.settled()):
        assert_same_gates(one.program(), flatten(one.circuit()))


@pytest.mark.parametrize("seed", range(5))
def test_inverse_is_that_of_the_circuit(seed: int) -> None:
    """As Qiskit inverts the built circuit: loads become unloads, ANDs are undone, angles and blocks turned back."""
    net = random_netlist(seed)
    ours, theirs = net.inverse().circuit(), net.circuit().inverse()
    assert [i.name for i in ours.data] == [i.name for i in theirs.data]
    assert {"load", "unload"} & {i.name for i in ours.data}
    assert_same_gates(flatten(ours), flatten(theirs))
    assert_same_gates(net.inverse().inverse().program(), net.program())


def test_append_goes_onto_other_wires() -> None:
    """Composed by rows, and composed by Qiskit."""
    rng = np.random.default_rng(0)
    part, net = random_netlist(1), Netlist({"a": 9, "b": 3})
    onto = [int(x) for x in rng.permutation(12)[: part.qubits]]
    net.x(0)
    net.append(part, onto)
    net.append(part.inverse(), onto)
    circuit = QuantumCircuit(QuantumRegister(9, "a"), QuantumRegister(3, "b"))
    circuit.x(0)
    circuit.compose(part.circuit(), [circuit.qubits[i] for i in onto], inplace=True)
    circuit.compose(part.circuit().inverse(), [circuit.qubits[i] for i in onto], inplace=True)
    assert_same_gates(net.program(), flatten(circuit))
    barriers = [[[c.find_bit(q).index for q in i.qubits] for i in c.data if i.name == "barrier"]
                for c in (net.circuit(), circuit)]  # fmt: skip
    assert barriers[0] == barriers[1] != []


def test_the_comparison_sees_what_it_should() -> None:
    """Other gates, a gate dropped, a register renamed: not the same."""
    net, other = random_netlist(2), random_netlist(3)
    with pytest.raises(AssertionError, match="operation 0 is"):
        assert_same_gates(net.program(), other.program())
    rows, whole = net.rows, net.program()
    for i in np.random.default_rng(0).permutation(len(rows))[:20]:
        if rows[i, 0] != BARRIER:
            wrong = replace(whole, ops=np.delete(whole.ops, i, axis=0), helper=np.delete(whole.helper, i))
            with pytest.raises(AssertionError):
                assert_same_gates(wrong, whole)
    renamed = net.copy()
    renamed.registers = {"other" if name == "rest" else name: wires for name, wires in net.registers.items()}
    with pytest.raises(AssertionError, match="registers"):
        assert_same_gates(renamed.program(), net.program())


def test_codes_are_gates_of_qiskit() -> None:
    net = Netlist({"index": 3})
    net.temporary_and(0, 1, 2)
    net.undo_and(1, 0, 2)
    net.cswap(2, 0, 1)
    net.cx(2, 1)
    circuit = net.circuit("name")
    assert [i.operation.base_class for i in circuit.data] == [And, UndoAnd, CSwapGate, CXGate]
    assert [[circuit.find_bit(q).index for q in i.qubits] for i in circuit.data] == [
        [0, 1, 2],
        [1, 0, 2],
        [2, 0, 1],
        [2, 1],
    ]
    assert circuit.name == "name"
    assert measured(circuit).count_ops()["measure"] == 1


def test_empty_registers_and_no_gates() -> None:
    net = Netlist({"index": 1, "key": 0})
    assert_same_gates(net.program(), flatten(net.circuit()))
    assert [own.name for own in net.circuit().qregs] == ["index", "key"]
    net.fan_out(0, np.array([], dtype=np.int32))
    assert len(net.program()) == 0
    assert len(net.inverse().program()) == 0


def test_what_cannot_be_is_refused() -> None:
    net = Netlist({"a": 1})
    with pytest.raises(ValueError, match="'a' already"):
        net.add_register("a", 2)
    with pytest.raises(ValueError, match="1 classical bits"):
        Netlist.of(QuantumCircuit(1, 1))
    a = QuantumRegister(2, "a")
    shared = Netlist.of(QuantumCircuit(a, QuantumRegister(name="b", bits=[a[0]])))
    assert shared.program().registers == {"a": (0, 1), "b": (0,)}
    with pytest.raises(ValueError, match="share qubits"):
        shared.circuit()


def test_execute_takes_the_program_and_wide_registers() -> None:
    """70 qubits do not fit an integer: bits by column; the answers are those of the circuit."""
    net = Netlist({"index": 4, "wide": 70, "out": 1})
    for wire in net["wide"][::3]:
        net.cx(wire, net["out"][0])
    bits = np.random.default_rng(0).integers(2, size=(16, 70)).astype(bool)
    for form in (net.program(), net.circuit()):
        run = execute(form, {"index": np.arange(16), "wide": bits})
        assert np.array_equal(run.bits("out")[:, 0], bits[:, ::3].sum(axis=1) % 2 == 1)
        assert np.array_equal(run.bits("wide"), bits)
        assert np.array_equal(run.values("index"), np.arange(16))
    for wrong in ({"wide": bits[:, :-1]}, {"wide": np.arange(16)}, {"index": np.arange(17)}, {"there": np.arange(4)},
                  {"index": np.arange(16), "wide": bits[:3]}, {"index": np.array([-1])}):  # fmt: skip
        with pytest.raises(ValueError, match="do not fit"):
            execute(net.program(), wrong)
