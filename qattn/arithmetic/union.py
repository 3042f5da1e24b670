"""One answer from several comparisons over the same keys: does any row reach its threshold?

Row r is asked about the first visible[r] of n keys. There are two ways to put the rows' comparisons together:

- `side_by_side`: a key is loaded once, every row compares it with ancillas of its own, and the R answers are joined by
  at most 2 ANDs a row, and about log2 n for every prefix; all that is left is undone together, by measurement where
  that is wanted. What it saves are loads: one for R rows.
- `in_turn`: the rows' whole circuits one after the other on the same qubits, each answer copied to a flag before its
  row is undone. Few qubits, and no saving: the flags have to be undone the same way. It takes any inner product.

Both end with the answer on register `score`, one qubit, so that Z on it and the inverse make a phase oracle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qattn.synthesis.cost import Cost, Operation, and_cost, and_depth
from qattn.synthesis.netlist import Netlist, Wires
from qattn.synthesis.registers import index_bits

Literal = tuple[int, bool]  # a wire, and whether its complement is meant


@dataclass(frozen=True)
class Union:
    """The OR of R answers, each of them for a prefix of the indices, as gates on numbered wires.

    Attributes:
        n: indices.
        visible: of each answer: it counts for the indices below this.
        ops: ("x", (target,)), ("cx", (control, target)) and ("and", (a, b, target)); wires are the index, the answers,
            clean ancillas, and last the result.
        wires: how many.
    """

    n: int
    visible: tuple[int, ...]
    ops: tuple[Operation, ...]
    wires: int

    @property
    def ancillas(self) -> int:
        """Clean wires between the answers and the result."""
        return self.wires - index_bits(self.n) - len(self.visible) - 1

    @cached_property
    def ands(self) -> int:
        """Number of ANDs."""
        return sum(name == "and" for name, _ in self.ops)

    def cost(self, *, by_measurement: bool = True) -> Cost:
        """Of these gates and their inverse."""
        cnots = sum(name == "cx" for name, _ in self.ops)
        depth = and_depth(self.ops) * (1 if by_measurement else 2)
        return and_cost(self.ands, self.ands, cnot=2 * cnots, depth=depth, by_measurement=by_measurement)


def union(n: int, visible: Sequence[int]) -> Union:
    """|j>|a_1 .. a_R>|0> -> |j>|a_1 .. a_R>|garbage>|OR over r of a_r [j < visible_r]>.

    Args:
        n: indices.
        visible: 1 to n, for each answer.

    Returns:
        The gates on their own wires, and how many ancillas they take.

    Cost: R - 1 ANDs, one more for each answer on a prefix, and at most log2 n for each length of a prefix.
    """
    bits = index_bits(n)
    writer = _Writer(bits + len(visible))
    below = {m: writer.below(m, bits) for m in sorted(set(visible)) if m < n}
    answers = [(bits + r, False) for r in range(len(visible))]
    kept = [writer.both(a, below[m]) if m in below else a for a, m in zip(answers, visible, strict=True)]
    none = [(wire, not flip) for wire, flip in kept]
    while len(none) > 1:  # a balanced tree
        none = [writer.both(*none[i : i + 2]) if i + 1 < len(none) else none[i] for i in range(0, len(none), 2)]
    ((wire, flip),) = none
    writer.ops.append(("cx", (wire, writer.wires)))
    writer.ops += [("x", (writer.wires,))] * (not flip)
    return Union(n, tuple(visible), tuple(writer.ops), writer.wires + 1)


class _Writer:
    """Operations on literals; every AND goes onto a wire of its own."""

    def __init__(self, wires: int) -> None:
        self.wires = wires
        self.ops: list[Operation] = []

    def both(self, a: Literal, b: Literal) -> Literal:
        """The AND of two literals."""
        flips: list[Operation] = [("x", (wire,)) for wire, flip in (a, b) if flip]
        self.ops += [*flips, ("and", (a[0], b[0], self.wires)), *flips]
        self.wires += 1
        return self.wires - 1, False

    def below(self, m: int, bits: int) -> Literal:
        """[j < m] for 0 < m < 2^bits, bit by bit from the lowest 1 of m: j < m on the bits up to i.

        Where m has a 1 this is so when j has a 0, or is below on the bits before; where m has a 0, when both.
        """
        lowest = (m & -m).bit_length() - 1
        found: Literal = (lowest, True)
        for i in range(lowest + 1, bits):
            if m >> i & 1:
                wire, flip = self.both((i, False), (found[0], not found[1]))
                found = wire, not flip
            else:
                found = self.both((i, True), found)
        return found


def join(net: Netlist, answers: Wires, what: Union) -> None:
    """Write a union into a netlist with a register `index`: its ancillas as `any`, its result as `score`.

    Args:
        net: written to; has a register index.
        answers: the wires that hold a_1 .. a_R.
        what: the union.
    """
    onto = [*net["index"], *answers, *net.add_register("any", what.ancillas), *net.add_register("score", 1)]
    net.barrier()
    for name, wires in what.ops:
        net.operation(name, [onto[wire] for wire in wires])


def side_by_side(n: int, visible: Sequence[int], size: int, tails: Sequence[tuple[Wires, Netlist]]) -> Netlist:
    """|j>|K_j>|0> -> |j>|K_j>|garbage>|answer>: every row's comparison of loaded key bits, and their union.

    Args:
        n: indices.
        visible: how many of them each row sees.
        size: key bits.
        tails: for each row, which key bits it takes as its register `key`, and its comparison, which leaves them as
            they were and ends with the answer on the top qubit of its register `score`.

    Returns:
        Gates on registers index, key, those of row r as `name_r`, any and score.
    """
    net = Netlist({"index": index_bits(n), "key": size})
    answers = []
    for r, (columns, tail) in enumerate(tails):
        net.barrier()
        onto = [0] * tail.qubits
        for name, wires in tail.registers.items():
            own = [net["key"][c] for c in columns] if name == "key" else net.add_register(f"{name}_{r}", len(wires))
            for wire, place in zip(wires, own, strict=True):
                onto[wire] = place
        net.append(tail, onto)
        answers.append(onto[tail["score"][-1]])
    join(net, answers, union(n, visible))
    return net


def loaded(load: Netlist, tail: Netlist) -> Netlist:
    """The whole of it: a load, on registers index, key and the lookup's, and what `side_by_side` made.

    Args:
        load: on registers index, key and the lookup's.
        tail: the comparisons and their union, on index, key and their own.

    Returns:
        Gates on all these registers.
    """
    net = load.copy()
    onto = [*net["index"], *net["key"]]
    for name, wires in tail.registers.items():
        if name not in ("index", "key"):
            onto += net.add_register(name, len(wires))
    net.barrier()
    net.append(tail, onto)
    return net


def in_turn(n: int, visible: Sequence[int], parts: Sequence[Netlist]) -> Netlist:
    """|j>|0> -> |j>|0>|answers>|answer>: whole comparisons one after the other, each undone once it is copied.

    Args:
        n: indices.
        visible: how many of them each row sees.
        parts: each row's circuit, of its first register `index`, ends with the answer on the top qubit of `score`.

    Returns:
        Gates on registers index, row (the qubits of whichever row is compared), flag and score.
    """
    bits = index_bits(n)
    row = max(part.qubits - len(part["index"]) for part in parts)
    net = Netlist({"index": bits, "row": row, "flag": len(parts), "score": 1})
    for r, part in enumerate(parts):
        seen = list(part["index"])
        others = iter(net["row"])
        onto = [net["index"][seen.index(wire)] if wire in seen else next(others) for wire in range(part.qubits)]
        net.barrier()
        net.append(part, onto)
        net.barrier()
        for pattern, mask in intervals(visible[r], n):
            where = [wire for b, wire in enumerate(net["index"]) if mask >> b & 1]
            zeros = [wire for b, wire in enumerate(net["index"]) if (mask & ~pattern) >> b & 1]
            _flip(net, zeros)
            net.mcx([*where, onto[part["score"][-1]]], net["flag"][r])
            _flip(net, zeros)
        net.barrier()
        net.append(part.inverse(), onto)
    net.barrier()
    _flip(net, net["flag"])
    net.mcx(net["flag"], net["score"][0])
    _flip(net, net["flag"])
    net.x(net["score"][0])
    return net


def intervals(m: int, n: int) -> Iterator[tuple[int, int]]:
    """(pattern, mask) of disjoint sets of indices, [j & mask == pattern], that make up 0..m-1 for all j < n.

    Args:
        m: how many of the first indices.
        n: number of indices, n >= m.

    Yields:
        Pairs, the largest set first.
    """
    bits = index_bits(n)
    if m >= n:
        yield 0, 0
        return
    for i in range(bits):
        if m >> i & 1:
            yield (m >> (i + 1)) << (i + 1), ((1 << bits) - 1) >> i << i


def _flip(net: Netlist, wires: Wires) -> None:
    for wire in wires:
        net.x(wire)
