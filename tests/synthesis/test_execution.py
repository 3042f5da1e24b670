"""Final bits, phases and ancillas of all inputs, packed 64 to a word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.synthesis.execution import HALF, TURN, DirtyAncillaError, Execution, pack, qubit_name, unpack
from qattn.synthesis.reversible import execute


def on_index(size: int, *others: QuantumRegister) -> QuantumCircuit:
    return QuantumCircuit(QuantumRegister(size, "index"), *others)


@pytest.mark.parametrize("n", [1, 63, 64, 65, 200])
def test_packing_round_trip(n: int) -> None:
    bits = np.random.default_rng(n).integers(2, size=n).astype(bool)
    assert np.array_equal(unpack(pack(bits), n), bits)


def test_dirty_ancilla_names_qubit_and_input() -> None:
    circuit = on_index(3, QuantumRegister(2, "anc"))
    circuit.ccx(0, 2, 4)
    with pytest.raises(DirtyAncillaError, match=r"anc\[1\].*input 5"):
        execute(circuit, 8).check_clean("index")
    assert execute(circuit, 5).check_clean("index").n == 5


def ran(n: int) -> Execution:
    """Register a holds i, b is empty, c is bit 0 of i; the phase is i / 8 turns."""
    values = np.arange(n)
    planes = np.array([pack(values >> q & 1) for q in range(4)] + [pack(values & 1)])
    return Execution({"a": (0, 1, 2, 3), "b": (), "c": (4,)}, n, planes, values * (TURN // 8) % TURN, (True,))


@pytest.mark.parametrize("n", [1, 5, 16])
def test_values_and_bits_are_little_endian(n: int) -> None:
    run = ran(n)
    assert run.values("a").tolist() == list(range(n))
    assert run.values("b").tolist() == [0] * n
    assert run.bits("a").tolist() == [[bool(i >> q & 1) for q in range(4)] for i in range(n)]
    with pytest.raises(ValueError, match=r"no register 'd'; there are \['a', 'b', 'c'\]"):
        run.values("d")


def test_clean_is_zero_outside_what_is_kept() -> None:
    run = ran(16)
    assert run.check_clean("a", "c") is run
    with pytest.raises(DirtyAncillaError, match=r"c\[0\] is left in \|1> for input 1 \(1 dirty"):
        run.check_clean("a")
    with pytest.raises(DirtyAncillaError, match=r"a\[0\] .* input 1 \(4 dirty"):
        run.check_clean("c")
    assert ran(1).check_clean().n == 1, "input 0 leaves all at 0"


def test_a_phase_that_is_no_sign_is_named() -> None:
    assert ran(1).signs.tolist() == [False]
    with pytest.raises(ValueError, match=r"input 1 has the phase 0\.125 turns"):
        _ = ran(5).signs
    signed = replace(ran(5), turns=np.array([0, HALF, 0, HALF, 0]))
    assert signed.signs.tolist() == [False, True, False, True, False]


def test_wide_registers_are_read_bit_by_bit() -> None:
    run = Execution({"wide": tuple(range(63))}, 2, np.full((63, 1), 2, np.uint64), np.zeros(2, np.int64), ())
    with pytest.raises(ValueError, match=r"63 qubits; read it with bits\(\)"):
        run.values("wide")
    assert run.bits("wide").sum(axis=1).tolist() == [0, 63]


def test_qubits_are_named_by_register() -> None:
    registers = {"a": (3, 1), "b": ()}
    assert [qubit_name(registers, row) for row in (3, 1, 7)] == ["a[0]", "a[1]", "qubit 7"]


def test_packed_words_end_in_zeros() -> None:
    assert pack([]).size == 0
    assert pack(np.ones(65)).tolist() == [2**64 - 1, 1]
