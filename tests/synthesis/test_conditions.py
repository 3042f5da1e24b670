"""Classical expressions as data: their value is Qiskit's, against plain integers."""

from __future__ import annotations

import pytest
from qiskit.circuit import ClassicalRegister, Clbit
from qiskit.circuit.classical import expr, types

from qattn.synthesis.conditions import Memory, Term, compare, evaluate, lift, store

REGISTER = ClassicalRegister(4, "c")
BIT_OF = {bit: i for i, bit in enumerate(REGISTER)}
BINARY = {
    "bit_and": lambda a, b: a & b, "bit_or": lambda a, b: a | b, "bit_xor": lambda a, b: a ^ b,
    "equal": lambda a, b: a == b, "not_equal": lambda a, b: a != b, "less": lambda a, b: a < b,
    "less_equal": lambda a, b: a <= b, "greater": lambda a, b: a > b, "greater_equal": lambda a, b: a >= b,
    "shift_left": lambda a, b: (a << b) % 16, "shift_right": lambda a, b: a >> b, "add": lambda a, b: (a + b) % 16,
    "sub": lambda a, b: (a - b) % 16, "mul": lambda a, b: a * b % 16,
}  # fmt: skip


def memory(value: int) -> Memory:
    return Memory([bool(value >> i & 1) for i in range(4)])


@pytest.mark.parametrize("name", BINARY)
def test_binary_operations_on_a_register_of_four_bits(name: str) -> None:
    for b in range(0, 16, 3):
        right = expr.lift(b, types.Uint(4))
        term = lift(getattr(expr, name)(expr.lift(REGISTER), right), BIT_OF)
        assert [evaluate(term, memory(a)) for a in range(16)] == [BINARY[name](a, b) for a in range(16)]


def test_unary_operations_index_and_casts() -> None:
    inverted = lift(expr.bit_not(REGISTER), BIT_OF)
    second = lift(expr.index(expr.lift(REGISTER), 1), BIT_OF)
    truth = lift(expr.cast(REGISTER, types.Bool()), BIT_OF)
    narrow = lift(expr.cast(REGISTER, types.Uint(2)), BIT_OF)
    neither = lift(expr.logic_not(expr.logic_or(REGISTER[0], REGISTER[3])), BIT_OF)
    for a in range(16):
        now = memory(a)
        assert evaluate(inverted, now) == 15 - a
        assert evaluate(second, now) == a >> 1 & 1
        assert evaluate(truth, now) is bool(a)
        assert evaluate(narrow, now) == a % 4
        assert evaluate(neither, now) == (not a & 0b1001)


def test_the_condition_of_an_if_is_a_comparison() -> None:
    for value in (0, 5, 15, 16):
        term = compare(REGISTER, value, BIT_OF)
        assert [evaluate(term, memory(a)) for a in range(16)] == [a == value for a in range(16)]
    assert evaluate(compare(REGISTER[2], 1, BIT_OF), memory(0b0100))
    assert not evaluate(compare(REGISTER[2], 0, BIT_OF), memory(0b0100))


def test_store_to_bits_to_one_bit_and_to_a_variable() -> None:
    now = memory(0b1010)
    store(lift(REGISTER, BIT_OF), 0b10110, now)
    assert now.bits == [False, True, True, False], "the lowest bits are taken"
    one = Term("INDEX", parts=(lift(REGISTER, BIT_OF), Term("value", value=3)))
    store(one, 1, now)
    assert now.bits == [False, True, True, True]
    store(one, 0, now)
    assert now.bits == [False, True, True, False]
    store(Term("variable", value="total"), 7, now)
    assert evaluate(Term("variable", value="total"), now) == 7


def test_a_copy_of_the_memory_is_another_memory() -> None:
    now = memory(3)
    now.variables["x"] = 1
    other = now.copy()
    other.bits[0], other.variables["x"] = False, 2
    assert now.bits[0]
    assert now.variables["x"] == 1


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be simulated"):
        lift(expr.Stretch.new("s") if hasattr(expr, "Stretch") else expr.Expr(), BIT_OF)
    with pytest.raises(KeyError):
        lift(Clbit(), BIT_OF)
