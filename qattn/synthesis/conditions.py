"""Conditions of classically controlled blocks as plain data, and their value given the outcomes so far."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from qiskit.circuit import Bit, ClassicalRegister
from qiskit.circuit.classical import expr, types

Value = int | float


@dataclass(frozen=True)
class Term:
    """A node of a classical expression over outcome bits.

    Attributes:
        kind: "value", "bits" (an unsigned integer, lowest bit first), "variable", or the name of an operation.
        places: indices of outcome bits.
        parts: operands.
        value: of a constant; or the name of a variable.
        width: bits of the result; None for truth values and floating-point numbers.
    """

    kind: str
    places: tuple[int, ...] = ()
    parts: tuple[Term, ...] = ()
    value: Value | str = 0
    width: int | None = None


@dataclass(eq=False)
class Memory:
    """Outcome bits and classical variables of one run.

    Attributes:
        bits: current value of every classical bit.
        variables: by name.
    """

    bits: list[bool]
    variables: dict[str, Value] = field(default_factory=dict)

    def copy(self) -> Memory:
        """An independent memory with the same contents."""
        return Memory(list(self.bits), dict(self.variables))


_OPERATIONS: dict[str, Callable[..., Value]] = {
    "BIT_AND": operator.and_, "BIT_OR": operator.or_, "BIT_XOR": operator.xor,
    "LOGIC_AND": lambda a, b: bool(a) and bool(b), "LOGIC_OR": lambda a, b: bool(a) or bool(b),
    "EQUAL": operator.eq, "NOT_EQUAL": operator.ne, "LESS": operator.lt, "LESS_EQUAL": operator.le,
    "GREATER": operator.gt, "GREATER_EQUAL": operator.ge, "SHIFT_LEFT": operator.lshift,
    "SHIFT_RIGHT": operator.rshift, "ADD": operator.add, "SUB": operator.sub, "MUL": operator.mul,
    "DIV": lambda a, b: a / b if isinstance(a, float) else a // b,
    "BIT_NOT": operator.invert, "LOGIC_NOT": operator.not_, "NEGATE": operator.neg,
    "CAST": lambda a: a, "TRUTH": bool, "REAL": float, "INDEX": lambda a, b: a >> b & 1,
}  # fmt: skip


def evaluate(term: Term, memory: Memory) -> Value:
    """The value of a term.

    Args:
        term: an expression over outcome bits and variables.
        memory: their present values.

    Returns:
        A number; of a term with a width, modulo 2^width.
    """
    if term.kind == "bits":
        return sum(memory.bits[place] << i for i, place in enumerate(term.places))
    if term.kind == "value":
        return term.value if not isinstance(term.value, str) else 0
    if term.kind == "variable":
        return memory.variables[str(term.value)]
    value = _OPERATIONS[term.kind](*(evaluate(part, memory) for part in term.parts))
    return value if term.width is None else int(value) % (1 << term.width)


def store(target: Term, value: Value, memory: Memory) -> None:
    """Assign to outcome bits, to one bit of them, or to a variable.

    Args:
        target: a variable, outcome bits (lowest first), or one bit of an unsigned integer ("INDEX").
        value: of bits the lowest are taken.
        memory: changed in place.
    """
    if target.kind == "variable":
        memory.variables[str(target.value)] = value
    elif target.kind == "bits":
        for i, place in enumerate(target.places):
            memory.bits[place] = bool(int(value) >> i & 1)
    else:  # one bit of an unsigned integer
        whole, at = target.parts[0], int(evaluate(target.parts[1], memory))
        held = int(evaluate(whole, memory))
        store(whole, held & ~(1 << at) | int(bool(value)) << at, memory)


def compare(target: Bit | ClassicalRegister, value: int, bit_of: Mapping[Bit, int]) -> Term:
    """`target == value`, the condition of most if blocks.

    Args:
        target: a classical bit or register.
        value: what it is compared with.
        bit_of: place of each classical bit.

    Returns:
        A term of value True or False.
    """
    return Term("EQUAL", parts=(lift(target, bit_of), Term("value", value=int(value))))


def lift(node: Bit | ClassicalRegister | expr.Expr, bit_of: Mapping[Bit, int]) -> Term:
    """A bit, register or Qiskit expression as a term.

    Args:
        node: the condition, or a part of one.
        bit_of: place of each classical bit among the outcomes.

    Returns:
        The term.

    Raises:
        ValueError: for kinds of expression that this package does not know (durations and stretches).
    """
    if isinstance(node, ClassicalRegister):
        return Term("bits", tuple(bit_of[bit] for bit in node))
    if not isinstance(node, expr.Expr):
        return Term("bits", (bit_of[node],))
    width = node.type.width if isinstance(node.type, types.Uint) else None
    if isinstance(node, expr.Value):
        return Term("value", value=node.value)
    if isinstance(node, expr.Var):
        return Term("variable", value=str(node.var)) if node.standalone else lift(node.var, bit_of)
    if isinstance(node, expr.Cast):
        kind = {types.Bool: "TRUTH", types.Float: "REAL"}.get(type(node.type), "CAST")
        return Term(kind, parts=(lift(node.operand, bit_of),), width=width)
    if isinstance(node, expr.Unary):
        return Term(node.op.name, parts=(lift(node.operand, bit_of),), width=width)
    if isinstance(node, expr.Binary) and node.op.name in _OPERATIONS:
        return Term(node.op.name, parts=(lift(node.left, bit_of), lift(node.right, bit_of)), width=width)
    if isinstance(node, expr.Index):
        return Term("INDEX", parts=(lift(node.target, bit_of), lift(node.index, bit_of)))
    raise ValueError(f"the classical expression {node} cannot be simulated")
