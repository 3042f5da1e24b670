"""A token down a tree of routers: the index bits find their way first, then the token, and CNOTs report what it meets.

Level l of the tree has a wire per node and, where both children exist, a router: a qubit that holds index bit l (from
the top) on the path of the index, 0 elsewhere. Whatever enters the root is handed down, left where the router holds 0
and right where it holds 1. The index bits go in one after the other, from the top, each settling in the routers of its
level; then a token |1> goes in and comes out at leaf j. All routers of a level act at once, and a bit can enter a level
two steps after the one before, so the whole journey takes a Toffoli depth of 3 log2 n - 3.

All bits of a word are read for the one token, so that Toffolis do not grow with the width: what `bucket_brigade`, whose
word bits travel one by one, does not have. What this tree does not have is its resilience: any wrong leaf anywhere
flips the parity that a bit is read by, and errors cost in proportion to n.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.arrays import Bits, Integers
from qattn.lookups.base import Lookup
from qattn.lookups.monomials import Halves
from qattn.synthesis.cost import Cost, and_cost
from qattn.synthesis.netlist import Netlist
from qattn.synthesis.registers import bit_matrix, index_bits


def token_tree(words: Integers, width: int) -> QuantumCircuit:
    """|j>|x> -> |j>|x xor word_j> through a tree of n - 1 routers.

    Args:
        words: (n,) integers, or (n, r) for r words side by side; the low `width` bits of each are used.
        width: bits of one word.

    Returns:
        A circuit on registers index, word (r * width), router (n - 1 at most) and wire (about 2 n); a word bit is read
        by a fan-in of CNOTs from the leaves to the root, along the wires that the token came by.

    Cost: one AND per router and passing bit, `routing_ands`, and as many undone; 2 n to 4 n CNOTs a word bit. O(n)
    qubits. Toffoli depth `routing_depth`, O(log n).
    Source: the routing is that of Giovannetti, Lloyd, Maccone, 0708.1879.
    """
    return token_tree_gates(bit_matrix(words, width)).circuit("token_tree")


def token_tree_gates(data: Bits) -> Netlist:
    """The gates of `token_tree` for (n, bits) words."""
    n = len(data)
    net = Netlist({"index": index_bits(n), "word": data.shape[1]})
    if n == 1:
        net.fan_out(None, np.array(net["word"], dtype=np.int32)[data[0]])
        return net
    tree, routing = Tree(n), route_gates(n)
    router, wire = net.add_register("router", sum(tree.routers)), net.add_register("wire", sum(tree.nodes))
    onto = [*net["index"], *router, *wire]
    net.append(routing, onto)
    for column, out in zip(data.T, net["word"], strict=True):
        _read(net, tree, column, wire, out)
    net.append(routing.inverse(), onto)
    return net


def route(n: int) -> QuantumCircuit:
    """|j>|0>|0> -> |0>|routers set along j>|token at leaf j>, for n >= 2 leaves; registers index, router, wire."""
    return route_gates(n).circuit("route")


def route_gates(n: int) -> Netlist:
    """The gates of `route`."""
    tree = Tree(n)
    net = Netlist({"index": index_bits(n), "router": sum(tree.routers), "wire": sum(tree.nodes)})
    index, wire = net["index"], net["wire"]
    for level in range(len(index)):
        _move(net, index[len(index) - 1 - level], wire[0])
        for above in range(level):
            _descend(net, tree, above)
        for node in range(tree.routers[level]):
            _move(net, wire[tree.wire(level, node)], net["router"][tree.router(level, node)])
    net.x(wire[0])
    for level in range(len(index)):
        _descend(net, tree, level)
    return net


def routing_ands(n: int) -> int:
    """ANDs of `route`: every router is passed by the index bits below its level and by the token."""
    return 0 if n == 1 else sum(count * (index_bits(n) - level) for level, count in enumerate(Tree(n).routers))


def routing_depth(n: int) -> int:
    """Toffoli depth of `route` for n a power of two, and a bound on it for other n: 3 log2 n - 3 (1 for n = 2)."""
    return n - 1 if n <= 2 else 3 * index_bits(n) - 3


def query_depth(n: int) -> int:
    """Toffoli depth of the measured lookup and of its inverse, twice that in a unitary rendering; exact for every n.

    The last step falls away when the tree lacks the right half of its right half.
    """
    if n <= 2:
        return n - 1
    bits = index_bits(n)
    return 3 * bits - 3 - (bits > 2 and n <= 3 << (bits - 2))


@dataclass(frozen=True)
class TokenTree(Lookup):
    """The least Toffoli depth, and about 3 n qubits."""

    name: ClassVar[str] = "token_tree"

    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """See `token_tree`.

        Args:
            words: (n,) integers, or (n, r) for r words side by side.
            width: bits of one word.

        Returns:
            A circuit on registers index, word, router and wire.
        """
        return token_tree(words, width)

    def gates(self, data: Bits) -> Netlist:
        """See `token_tree`."""
        return token_tree_gates(data)

    def cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """By formula.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            The same cost twice: of the lookup and of its inverse.
        """
        n, ands = len(data), routing_ands(len(data))
        depth = query_depth(n) * (1 if by_measurement else 2)
        cost = and_cost(ands, ands, cnot=_cnots(data), depth=depth, by_measurement=by_measurement)
        cost = replace(cost, qubits=index_bits(n) + data.shape[1] + (0 if n == 1 else Tree(n).qubits))
        return cost, cost

    def shape_cost(self, n: int, bits: int) -> Cost:
        """Toffolis and qubits exact, the depth within a few, CNOTs of random words.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            Cost of a load and its undo by measurement.
        """
        w, tree, ands, kept = index_bits(n), Tree(n), routing_ands(n), sum(Halves.of(n).ancillas)
        reports = sum(n / 2**level * (1 - 0.5 ** min(2**level, 64)) for level in range(w))  # nodes over a 1, a bit
        cnot = 4 * tree.moves + 2 * ands + round(2 * bits * reports)
        depth = 3 * w - 3 + max(0, w // 2 - 1)
        qubits = w + bits + kept + (0 if n == 1 else tree.qubits)
        return Cost(qubits, ands + kept, 4 * (ands + kept), cnot, ands + kept + bits, depth, fixups=n * bits // 2)


class Tree:
    """Nodes and routers of each level for n leaves; the leaves are the nodes of the last level."""

    def __init__(self, n: int) -> None:
        depth = index_bits(n)
        self.nodes = [-(-n >> (depth - level)) for level in range(depth + 1)]
        self.routers = [(n + (1 << (depth - level - 1)) - 1) >> (depth - level) for level in range(depth)]

    @property
    def qubits(self) -> int:
        """Routers and wires."""
        return sum(self.routers) + sum(self.nodes)

    @property
    def moves(self) -> int:
        """Swaps with an empty qubit in `route`: index bits in, down the levels, into the routers; and the token."""
        depth = len(self.routers)
        down = sum(nodes * (depth - level) for level, nodes in enumerate(self.nodes))
        return depth + sum(self.routers) + down

    def wire(self, level: int, node: int) -> int:
        """Position of a node's wire in its register.

        Args:
            level: 0 at the root, `index_bits(n)` at the leaves.
            node: its number within the level, from the left.

        Returns:
            An index into register wire.
        """
        return sum(self.nodes[:level]) + node

    def router(self, level: int, node: int) -> int:
        """Position of a node's router in its register.

        Args:
            level: 0 at the root.
            node: its number within the level, from the left.

        Returns:
            An index into register router.
        """
        return sum(self.routers[:level]) + node


def _move(net: Netlist, source: int, empty: int) -> None:
    """SWAP with a wire in |0>."""
    net.cx(source, empty)
    net.cx(empty, source)


def _descend(net: Netlist, tree: Tree, level: int) -> None:
    """Hand what is on the wires of a level to the left or right wire below, as the routers say."""
    router, wire = net["router"], net["wire"]
    for node in range(tree.nodes[level]):
        above, left = wire[tree.wire(level, node)], wire[tree.wire(level + 1, 2 * node)]
        if node < tree.routers[level]:
            right = wire[tree.wire(level + 1, 2 * node + 1)]
            net.temporary_and(router[tree.router(level, node)], above, right)
            net.cx(right, above)
        _move(net, above, left)


def _read(net: Netlist, tree: Tree, column: Bits, wire: Sequence[int], out: int) -> None:
    """Add to `out` the memory bit of the leaf that holds the token: leaves with a 1 report to the root, and back."""
    report = []
    live = set(np.flatnonzero(column).tolist())
    for level in reversed(range(len(tree.nodes) - 1)):
        report += [(wire[tree.wire(level + 1, node)], wire[tree.wire(level, node // 2)]) for node in sorted(live)]
        live = {node // 2 for node in live}
    for source, target in report:
        net.cx(source, target)
    if live:
        net.cx(wire[0], out)
    for source, target in reversed(report):
        net.cx(source, target)


def _cnots(data: Bits) -> int:
    """Moves (2 CNOTs), right turns (1), and the reports of the leaves, there and back."""
    if len(data) == 1:
        return 0
    tree = Tree(len(data))
    total, live = 2 * (2 * tree.moves + routing_ands(len(data))), data
    for _ in tree.routers:
        total += 2 * int(np.count_nonzero(live))
        live = np.concatenate([live, np.zeros((len(live) % 2, live.shape[1]), dtype=bool)])
        live = live[0::2] | live[1::2]
    return total + int(np.count_nonzero(live))
