"""Bucket-brigade QRAM as a circuit: the index bits find their way down a tree of routers, and one token after them.

Level l of the tree has a wire per node and, where both children exist, a router: a qubit that holds index bit l (from
the top) on the path of the index, 0 elsewhere. Whatever enters the root is handed down, left where the router holds 0
and right where it holds 1. The index bits go in one after the other, from the top, each settling in the routers of its
level; then a token |1> goes in and comes out at leaf j. All routers of a level act at once, and a bit can enter a level
two steps after the one before, so the whole journey takes a Toffoli depth of 3 log2 n - 3.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit, QuantumRegister, Qubit

from qattn.synthesis.gates import temporary_and
from qattn.synthesis.registers import bit_matrix, index_bits


def bucket_brigade(words: NDArray[np.int64], width: int) -> QuantumCircuit:
    """|j>|x> -> |j>|x xor word_j> through a tree of n - 1 routers.

    Args:
        words: (n,) integers, or (n, r) for r words side by side; the low `width` bits of each are used.
        width: bits of one word.

    Returns:
        A circuit on registers index, word (r * width), router (n - 1 at most) and wire (about 2 n); a word bit is read
        by a fan-in of CNOTs from the leaves to the root, along the wires that the token came by.

    Cost: one AND per router and passing bit, `routing_ands`, and as many undone; 2 n to 4 n CNOTs a word bit. O(n)
    qubits. Toffoli depth `routing_depth`, O(log n).
    Source: Giovannetti, Lloyd, Maccone, 0708.1879; as a circuit, Hann et al., 2012.05340.
    """
    data = bit_matrix(words, width)
    n, depth = len(data), index_bits(len(data))
    index, word = QuantumRegister(depth, "index"), QuantumRegister(data.shape[1], "word")
    circuit = QuantumCircuit(index, word, name="bucket_brigade")
    if n == 1:
        for b in np.flatnonzero(data[0]).tolist():
            circuit.x(word[b])
        return circuit
    tree = Tree(n)
    router, wire = QuantumRegister(sum(tree.routers), "router"), QuantumRegister(sum(tree.nodes), "wire")
    circuit.add_register(router, wire)
    routing = route(n)
    onto = [*index, *router, *wire]
    circuit.compose(routing, onto, inplace=True, copy=False)
    for b in range(word.size):
        _read(circuit, tree, data[:, b], wire, word[b])
    circuit.compose(routing.inverse(), onto, inplace=True, copy=False)
    return circuit


def route(n: int) -> QuantumCircuit:
    """|j>|0>|0> -> |0>|routers set along j>|token at leaf j>, for n >= 2 leaves; registers index, router, wire."""
    tree = Tree(n)
    index = QuantumRegister(index_bits(n), "index")
    router, wire = QuantumRegister(sum(tree.routers), "router"), QuantumRegister(sum(tree.nodes), "wire")
    circuit = QuantumCircuit(index, router, wire, name="route")
    for level in range(len(index)):
        _move(circuit, index[len(index) - 1 - level], wire[0])
        for above in range(level):
            _descend(circuit, tree, above, router, wire)
        for node in range(tree.routers[level]):
            _move(circuit, wire[tree.wire(level, node)], router[tree.router(level, node)])
    circuit.x(wire[0])
    for level in range(len(index)):
        _descend(circuit, tree, level, router, wire)
    return circuit


def routing_ands(n: int) -> int:
    """ANDs of `route`: every router is passed by the index bits below its level and by the token."""
    return 0 if n == 1 else sum(count * (index_bits(n) - level) for level, count in enumerate(Tree(n).routers))


def routing_depth(n: int) -> int:
    """Toffoli depth of `route` for n a power of two, and a bound on it for other n: 3 log2 n - 3 (1 for n = 2)."""
    return n - 1 if n <= 2 else 3 * index_bits(n) - 3


class Tree:
    """Nodes and routers of each level for n leaves; the leaves are the nodes of the last level."""

    def __init__(self, n: int) -> None:
        depth = index_bits(n)
        self.nodes = [-(-n >> (depth - level)) for level in range(depth + 1)]
        self.routers = [(n + (1 << (depth - level - 1)) - 1) >> (depth - level) for level in range(depth)]

    def wire(self, level: int, node: int) -> int:
        """Position of a node's wire in its register."""
        return sum(self.nodes[:level]) + node

    def router(self, level: int, node: int) -> int:
        """Position of a node's router in its register."""
        return sum(self.routers[:level]) + node


def _move(circuit: QuantumCircuit, source: Qubit, empty: Qubit) -> None:
    """SWAP with a qubit in |0>."""
    circuit.cx(source, empty)
    circuit.cx(empty, source)


def _descend(circuit: QuantumCircuit, tree: Tree, level: int, router: QuantumRegister, wire: QuantumRegister) -> None:
    """Hand what is on the wires of a level to the left or right wire below, as the routers say."""
    for node in range(tree.nodes[level]):
        above, left = wire[tree.wire(level, node)], wire[tree.wire(level + 1, 2 * node)]
        if node < tree.routers[level]:
            right = wire[tree.wire(level + 1, 2 * node + 1)]
            temporary_and(circuit, router[tree.router(level, node)], above, right)
            circuit.cx(right, above)
        _move(circuit, above, left)


def _read(circuit: QuantumCircuit, tree: Tree, column: NDArray[np.bool_], wire: QuantumRegister, out: Qubit) -> None:
    """Add to `out` the memory bit of the leaf that holds the token: leaves with a 1 report to the root, and back."""
    report = []
    live = set(np.flatnonzero(column).tolist())
    for level in reversed(range(len(tree.nodes) - 1)):
        report += [(wire[tree.wire(level + 1, node)], wire[tree.wire(level, node // 2)]) for node in sorted(live)]
        live = {node // 2 for node in live}
    for source, target in report:
        circuit.cx(source, target)
    if live:
        circuit.cx(wire[0], out)
    for source, target in reversed(report):
        circuit.cx(source, target)
