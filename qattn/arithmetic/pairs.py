"""Whether a loaded row and a loaded key reach the row's threshold: both factors of the inner product are in registers.

With a and x the components in offset binary, a sum of products is a sum of squares, 2 a x = (a + x)^2 - a^2 - x^2, and
what belongs to the row or to the key alone is loaded with it, as one number each:

    2 (T_i - 1 - A_i.X_j) + 1 = row_i + key_j - sum_l (a_il + x_jl)^2      modulo 2^W,

negative exactly when A_i.X_j >= T_i. A component of b bits on both sides takes b ANDs for the sum and b (b + 1) / 2 for
the products of two different bits of it (a square's other terms are the bits themselves); all these bits and the two
numbers are one heap, compressed column by column as in `carry_save`. About 1.5 b^2 ANDs a component, against 2 b^2 with
products of single bits. A row sees the keys up to a last one, which is loaded with it as well; and so are the keys that
are known in it already, up to as many as there are slots: an AND of their equality with j, log2 n ANDs a slot, takes
their mark away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np

from qattn.arithmetic.bit_heap import Literal, sign_network
from qattn.arithmetic.comparison import key_bits
from qattn.arrays import Bits, Indices, Integers
from qattn.lookups.base import Lookup, load_all_cost, load_all_gates
from qattn.synthesis.cost import Cost, Operation, and_cost, and_depth
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import bit_matrix, index_bits


@dataclass(frozen=True)
class Shape:
    """What decides the gates beside the loads.

    Attributes:
        components: r of a key, and of a row.
        key_bits: of a component of a key.
        row_bits: of a component of a row.
        width: W, of the number whose sign is the answer.
        index: bits of j.
        bounded: whether rows differ in the keys they see, or there are fewer than 2^index.
        slots: known keys of a row that the row brings along.
    """

    components: int
    key_bits: int
    row_bits: int
    width: int
    index: int
    bounded: bool
    slots: int

    @property
    def sizes(self) -> tuple[int, int]:
        """Bits of a loaded key and of a loaded row."""
        more = self.index * self.bounded + self.slots * (self.index + 1)
        return self.components * self.key_bits + self.width, self.components * self.row_bits + self.width + more


@dataclass(frozen=True, eq=False)
class PairComparison:
    """What is compiled: A_i.X_j >= T_i, j < visible_i, and j is none of the known keys of row i.

    Index i 2^b + j is the pair (i, j), b the bits of j.

    Attributes:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.
        A: (n_q, r) coefficients of the rows, n_q >= 2.
        T: (n_q,) thresholds.
        width: two's complement bits that hold T_i - 1 - A_i.X_j for every row and key.
        visible: (n_q,) how many keys each row sees, 1 to n.
        known: for each row, distinct keys j < visible_i with A_i.X_j >= T_i whose mark is taken away.
    """

    X: Integers
    bits: int
    A: Integers
    T: Integers
    width: int
    visible: Integers
    known: tuple[Indices, ...]

    @cached_property
    def shape(self) -> Shape:
        """What decides the gates beside the loads."""
        b = index_bits(len(self.X))
        row_bits = max(int(max(self.A.max(), -1 - self.A.min())).bit_length() + 1, 1)
        bounded = bool(np.any(self.visible < 1 << b))
        return Shape(self.X.shape[1], self.bits, row_bits, self.width + 1, b, bounded, max(map(len, self.known)))

    @cached_property
    def key_words(self) -> Bits:
        """(n, bits) what is loaded for each key: its components in offset binary, and its number modulo 2^W."""
        shape = self.shape
        x = self.X + (1 << (shape.key_bits - 1))
        number = (x**2).sum(axis=1) + (x.sum(axis=1) << shape.row_bits)
        return np.concatenate([key_bits(self.X, shape.key_bits), bit_matrix(number, shape.width)], axis=1)

    @cached_property
    def row_words(self) -> Bits:
        """(n_q, bits) for each row: components, number, the last key it sees, each slot's key and whether one is."""
        shape = self.shape
        a = self.A + (1 << (shape.row_bits - 1))
        both = shape.components << (shape.row_bits + shape.key_bits - 1)
        number = 2 * self.T - 1 + (a**2).sum(axis=1) + (a.sum(axis=1) << shape.key_bits) - both
        parts = [key_bits(self.A, shape.row_bits), bit_matrix(number, shape.width)]
        if shape.bounded:
            parts.append(bit_matrix(self.visible - 1, shape.index))
        if shape.slots:
            slots = np.zeros((len(self.A), shape.slots), dtype=np.int64)
            for row, js in zip(slots, self.known, strict=True):
                row[: len(js)] = np.asarray(js) + (1 << shape.index)
            parts.append(bit_matrix(slots, shape.index + 1))
        return np.concatenate(parts, axis=1)

    def gates(self, lookup: Lookup) -> Netlist:
        """|i 2^b + j>|0> -> |i 2^b + j>|garbage>, register `score` (one qubit) being 1 exactly for the marked pairs.

        Args:
            lookup: loads the rows and the keys.

        Returns:
            Gates on registers index, key, row, the two lookups' own, sum and score.
        """
        key, row = (load_all_gates(lookup, words) for words in (self.key_words, self.row_words))
        net = Netlist({"index": len(key["index"]) + len(row["index"])})
        low, high = net["index"][: len(key["index"])], net["index"][len(key["index"]) :]
        loads = ("key", key, low), ("row", row, high)
        held = {name: net.add_register(name, len(load["key"])) for name, load, _ in loads}
        for name, load, index in loads:
            onto = [*index, *held[name]]
            for own, wires in load.registers.items():
                if own not in ("index", "key"):
                    onto += net.add_register(f"{own}_{name}", len(wires))
            net.append(load, onto)
            net.barrier()
        compare = pair_network(self.shape)
        sums = net.add_register("sum", compare.wires - compare.inputs - 1)
        onto = [*low, *held["key"], *held["row"], *sums, *net.add_register("score", 1)]
        for gate, operands in compare.ops:
            net.operation(gate, [onto[wire] for wire in operands])
        return net

    def cost(self, lookup: Lookup, *, by_measurement: bool = True) -> Cost:
        """Of one query, the phase form of `gates`, by formula.

        Args:
            lookup: loads the rows and the keys.
            by_measurement: what can be undone by measurement is; False: the unitary rendering.

        Returns:
            The cost, in the conventions of `qattn.synthesis.cost`.
        """
        loads = [
            load_all_cost(lookup, words, by_measurement=by_measurement) for words in (self.key_words, self.row_words)
        ]
        compare = pair_network(self.shape)
        cnots = sum(name == "cx" for name, _ in compare.ops)
        depth = and_depth(compare.ops) * (1 if by_measurement else 2)
        middle = and_cost(compare.ands, compare.ands, cnot=2 * cnots, depth=depth, by_measurement=by_measurement)
        own = compare.wires - compare.inputs
        (there, back), (there_too, back_too) = loads
        more = max(back.qubits - there.qubits, back_too.qubits - there_too.qubits, 0)  # clean ones that both undos use
        qubits = there.qubits + there_too.qubits + own + more
        return replace(there + there_too + middle + back + back_too, qubits=qubits)


@dataclass(frozen=True)
class PairNetwork:
    """The comparison of a loaded row with a loaded key as gates on numbered wires.

    Attributes:
        inputs: the first wires: the index bits of j, a key's word, a row's word.
        wires: how many in all; the others start in |0>, and the last one ends as the answer.
        ops: ("x", (target,)), ("cx", (control, target)) and ("and", (a, b, target)), in order.
    """

    inputs: int
    wires: int
    ops: tuple[Operation, ...]

    @property
    def ands(self) -> int:
        """Number of ANDs."""
        return sum(name == "and" for name, _ in self.ops)


@lru_cache(maxsize=32)
def pair_network(shape: Shape) -> PairNetwork:
    """|j>|key>|row>|0> -> |j>|garbage>|answer>, the answer being whether the pair is marked.

    Args:
        shape: sizes of what is loaded.

    Returns:
        The gates on their own wires.

    Cost: for a component of b bits on both sides b (b + 3) / 2 ANDs and as many adders as it has bits, 1.5 b^2 in all;
    log2 n for the keys that a row sees, and log2 n for each slot.
    """
    key, row = shape.sizes
    inputs = shape.index + key + row
    j = list(range(shape.index))
    x, a = (
        [list(range(start + c * bits, start + (c + 1) * bits)) for c in range(shape.components)]
        for start, bits in ((shape.index, shape.key_bits), (shape.index + key, shape.row_bits))
    )
    at = shape.index + key + shape.components * shape.row_bits
    numbers = [range(shape.index + key - shape.width, shape.index + key), range(at, at + shape.width)]
    rest = iter(range(at + shape.width, inputs))
    writer = _Writer(inputs)
    sign = writer.sign([writer.add(*both) for both in zip(x, a, strict=True)], numbers, shape.width)
    answer = writer.both(sign, writer.at_most(j, [next(rest) for _ in j])) if shape.bounded else sign
    slots = [writer.equal(j, [next(rest) for _ in range(shape.index + 1)]) for _ in range(shape.slots)]
    writer.ops += [("cx", (wire, writer.wires)) for wire in (answer, *slots)]
    return PairNetwork(inputs, writer.wires + 1, tuple(writer.ops))


class _Writer:
    """Operations on numbered wires; every AND goes onto a wire of its own."""

    def __init__(self, wires: int) -> None:
        self.wires = wires
        self.ops: list[Operation] = []

    def fresh(self) -> int:
        """A clean wire."""
        self.wires += 1
        return self.wires - 1

    def both(self, a: int, b: int) -> int:
        """The AND of two wires."""
        target = self.fresh()
        self.ops.append(("and", (a, b, target)))
        return target

    def carry(self, a: int, b: int, carry: int) -> int:
        """The majority of three wires, which end as they were: one AND."""
        flips: list[Operation] = [("cx", (carry, a)), ("cx", (carry, b))]
        self.ops += flips
        out = self.both(a, b)
        self.ops += [("cx", (carry, out)), *flips]
        return out

    def add(self, x: Sequence[int], a: Sequence[int]) -> list[int]:
        """The bits of x + a, in place of the longer of the two but for the last one."""
        long, short = (x, a) if len(x) >= len(a) else (a, x)
        carry = self.both(long[0], short[0])
        self.ops.append(("cx", (short[0], long[0])))
        for i, wire in enumerate(long[1:], 1):
            before = carry
            if i < len(short):
                carry = self.carry(wire, short[i], before)
                self.ops.append(("cx", (short[i], wire)))
            else:
                carry = self.both(wire, before)
            self.ops.append(("cx", (before, wire)))
        return [*long, carry]

    def sign(self, sums: Sequence[Sequence[int]], numbers: Sequence[Sequence[int]], width: int) -> int:
        """The top bit of the numbers minus the squares of the sums, modulo 2^width.

        A bit of negative weight enters as its complement, -u = (1 - u) - 1.
        """
        columns: list[list[Literal]] = [[] for _ in range(width)]
        wires: list[int] = []
        ready: list[int] = []
        constant = 0

        def enter(wire: int, weight: int, depth: int, *, minus: bool) -> None:
            columns[weight].append(Literal(len(wires), minus))
            wires.append(wire)
            ready.append(depth)

        for number in numbers:
            for weight, wire in enumerate(number):
                enter(wire, weight, 0, minus=False)
        for bits in sums:
            for i, wire in enumerate(bits):
                if 2 * i < width:
                    enter(wire, 2 * i, i + 1, minus=True)
                    constant -= 1 << (2 * i)
            for (i, one), (k, other) in combinations(enumerate(bits), 2):
                if i + k + 1 < width:
                    enter(self.both(one, other), i + k + 1, k + 2, minus=True)
                    constant -= 1 << (i + k + 1)
        net = sign_network(columns, constant, ready)
        onto = [*(wires[i] for i in net.keys), *(self.fresh() for _ in range(net.wires - len(net.keys)))]
        self.ops += [(name, tuple(onto[wire] for wire in own)) for name, own in net.ops]
        return onto[-1]

    def at_most(self, j: Sequence[int], last: Sequence[int]) -> int:
        """[j <= last]: the carry of last + (2^b - 1 - j) + 1, one AND a bit."""
        flips: list[Operation] = [("x", (wire,)) for wire in j]
        self.ops += [*flips, ("x", (last[0],)), ("x", (j[0],))]
        carry = self.both(last[0], j[0])  # last has a 0 where j has a 1: no carry
        self.ops += [("x", (carry,)), ("x", (last[0],)), ("x", (j[0],))]
        for one, other in zip(j[1:], last[1:], strict=True):
            carry = self.carry(one, other, carry)
        self.ops += flips
        return carry

    def equal(self, j: Sequence[int], slot: Sequence[int]) -> int:
        """[the slot holds j], its last bit being whether it holds anything; one AND a bit of j."""
        found = slot[-1]
        for one, other in zip(j, slot[:-1], strict=True):
            self.ops += [("cx", (one, other)), ("x", (other,))]
            found = self.both(found, other)
        return found
