"""Bucket-brigade QRAM as a circuit whose errors stay where they happen: infidelity grows as (log n)^2, not as n.

Level l of a binary tree has a wire per node and, where both children exist, a router: a qubit that holds index bit l
(from the top) on the path of the index, 0 elsewhere. Whatever is on a node's wire is swapped with the left child's, and
with the right child's when the router holds 1. The index bits go in one after the other, from the top, each swapped
into the routers of its level; then a token |1> goes in and comes out at leaf j. A word bit is a CNOT from each leaf
that holds a 1 onto a bus of n wires, on which the routers bring it up to the root. Then all goes back.

Everything moves by SWAP and controlled SWAP, so an error away from the path of j stays away from it: a router on the
path never lets the wrong side in. Only errors on the path count, O(log n) routers passed by O(log n) bits each
(Hann et al., 2012.05340); the rest leaves a trace in the ancillas that is the same for nearly all j. `token_tree`,
whose bits are read by a fan-in of CNOTs over all leaves, has no such property.

Hann et al. read by a Z on each leaf, with the bus in |+>, which takes a word bit down and up again. A token that waits
at the leaf costs one journey for all bits, and then a bit that starts in |0> has only to come up: half as many
controlled SWAPs for wide words, and basis states stay basis states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

import numpy as np
from qiskit.circuit import CircuitInstruction, ClassicalRegister, IfElseOp, QuantumCircuit
from qiskit.circuit.library import XGate, ZGate

from qattn.arrays import Bits, Integers
from qattn.lookups.base import Lookup
from qattn.lookups.token_tree import Tree, routing_ands
from qattn.synthesis.cost import Cost
from qattn.synthesis.netlist import Loading, Netlist
from qattn.synthesis.registers import bit_matrix, index_bits, register

_X, _Z = XGate(), ZGate()


def bucket_brigade(words: Integers, width: int, *, lanes: int | None = None) -> QuantumCircuit:
    """|j>|x> -> |j>|x xor word_j> through a tree of n - 1 routers.

    Args:
        words: (n,) integers, or (n, r) for r words side by side; the low `width` bits of each are used.
        width: bits of one word.
        lanes: word bits on their way at once; None: by `best_lanes`.

    Returns:
        A circuit on registers index, word (r * width), router (n - 1), wire (about 2 n) and bus (n a lane).

    Cost: per word bit 2 (n - 1) controlled SWAPs, n - 1 for one that is loaded from |0> (`BucketBrigade.load`), and
    2 `routing_swaps` for all. Toffoli depth of the routing 2 log2 n - 1, of a word bit log2 n.
    Source: Giovannetti, Lloyd, Maccone, 0708.1879; its resilience, Hann et al., 2012.05340.
    """
    return BucketBrigade(lanes).gates(bit_matrix(words, width)).circuit("bucket_brigade")


def route(n: int) -> QuantumCircuit:
    """|j>|0>|0> -> |0>|routers set along j>|token at leaf j>, for n >= 2 leaves; registers index, router, wire."""
    return route_gates(n).circuit("route")


@lru_cache(maxsize=16)
def route_gates(n: int) -> Netlist:
    """The gates of `route`."""
    tree = Tree(n)
    net = Netlist({"index": index_bits(n), "router": sum(tree.routers), "wire": sum(tree.nodes)})
    index, wire, router = net["index"], net["wire"], net["router"]
    for level in range(len(index)):
        net.swap(index[len(index) - 1 - level], wire[0])
        for above in range(level):
            _descend(net, tree, above)
        for node in range(tree.routers[level]):
            net.swap(wire[tree.wire(level, node)], router[tree.router(level, node)])
    net.x(wire[0])
    for level in range(len(index)):
        _descend(net, tree, level)
    return net.settled()


def _descend(net: Netlist, tree: Tree, level: int) -> None:
    """Hand what is on the wires of a level to the left or right wire below, as the routers say."""
    wire, router = net["wire"], net["router"]
    for node in range(tree.nodes[level]):
        left = wire[tree.wire(level + 1, 2 * node)]
        net.swap(wire[tree.wire(level, node)], left)
        if node < tree.routers[level]:
            net.cswap(router[tree.router(level, node)], left, wire[tree.wire(level + 1, 2 * node + 1)])


def routing_swaps(n: int) -> int:
    """Controlled SWAPs of `route`: every router is passed by the index bits below its level and by the token."""
    return routing_ands(n)


def routing_depth(n: int) -> int:
    """Toffoli depth of `route`: each index bit follows one step behind the one before, and so does the token."""
    return 0 if n == 1 else 2 * index_bits(n) - 1


def best_lanes(bits: int) -> int:
    """Lanes of the least qubits times depth of a load, for large n: (3 + lanes) n by (4 + bits / lanes) log2 n."""
    return min(range(1, max(1, bits) + 1), key=lambda lanes: (3 + lanes) * (4 + -(-bits // lanes)))


@dataclass(frozen=True)
class BucketBrigade(Lookup):
    """The QRAM as a circuit: errors cost as (log n)^2, words about n Toffolis a bit, 4 n qubits or more.

    Attributes:
        lanes: word bits on their way at once, n qubits each; None: by `best_lanes`.
    """

    name: ClassVar[str] = "bucket_brigade"
    lanes: int | None = None

    def __post_init__(self) -> None:
        if self.lanes is not None and self.lanes < 1:
            raise ValueError(f"lanes = {self.lanes}; give at least one, or None")

    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """See `bucket_brigade`.

        Args:
            words: (n,) integers, or (n, r) for r words side by side.
            width: bits of one word.

        Returns:
            A circuit on registers index, word, router, wire and bus.
        """
        return bucket_brigade(words, width, lanes=self.lanes)

    def gates(self, data: Bits) -> Netlist:
        """See `bucket_brigade`."""
        return self._gates(data, fresh=False)

    def loading(self, data: Bits) -> Netlist:
        """Word bits only come up; the undo by measurement routes a token, and Z on the leaves takes the phases back."""
        if len(data) == 1:
            return super().loading(data)
        net = self._registers(data)
        unload = lru_cache(maxsize=1)(lambda: self._unload(data))
        net.load(Loading(net.qubits, lambda: self._gates(data, fresh=True), unload), range(net.qubits))
        return net

    def cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """By formula; nothing in it is undone by measurement.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            (there, back), in the conventions of `qattn.synthesis.cost`.
        """
        cost = self._cost(len(data), data.shape[1], int(np.count_nonzero(data)), fresh=False)
        return cost, cost

    def load_cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """By formula.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: the measured rendering; False: the unitary one.

        Returns:
            (there, back) for a word that starts in |0>.
        """
        if len(data) == 1:
            return super().load_cost(data, by_measurement=by_measurement)
        there = self._cost(len(data), data.shape[1], int(np.count_nonzero(data)), fresh=True)
        return there, self._unload_cost(*data.shape) if by_measurement else there

    def shape_cost(self, n: int, bits: int) -> Cost:
        """Exact but for the CNOTs, which are those of random words.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            Cost of a load and its undo.
        """
        return self._cost(n, bits, n * bits // 2, fresh=True) + self._unload_cost(n, bits)

    def infidelity(self, n: int, bits: int) -> float:
        """Of fitted journeys: the token's to load, the same to clear, and each bit's; see `benchmarks/noise.py`.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            A coefficient: the infidelity is that times p.
        """
        levels = index_bits(n)
        routing, bit = levels**2 * (20.5 + 1.1 * levels), levels * (7.5 + 1.25 * levels)
        return 2 * routing + bits * bit

    def _lanes(self, bits: int) -> int:
        return min(max(1, bits), self.lanes or best_lanes(bits))

    def _registers(self, data: Bits) -> Netlist:
        n, bits = data.shape
        net = Netlist({"index": index_bits(n), "word": bits})
        if n > 1:
            tree = Tree(n)
            sizes = {"router": sum(tree.routers), "wire": sum(tree.nodes), "bus": n * self._lanes(bits)}
            for name, size in sizes.items():
                net.add_register(name, size)
        return net

    def _gates(self, data: Bits, *, fresh: bool) -> Netlist:
        """`fresh`: the word starts in |0>, so that its bits need not go down first."""
        n, net = len(data), self._registers(data)
        if n == 1:
            net.fan_out(None, np.array(net["word"], dtype=np.int32)[data[0]])
            return net
        onto = [wire for name in ("index", "router", "wire") for wire in net[name]]
        net.append(route_gates(n), onto)
        net.barrier()
        leaves, lanes = net["wire"][-n:], self._lanes(data.shape[1])
        for place, (column, out) in enumerate(zip(data.T, net["word"], strict=True)):
            bus = net["bus"][place % lanes * n : (place % lanes + 1) * n]
            turns = [(net["router"][router], bus[left], bus[right]) for router, left, right in _turns(n)]
            if not fresh:
                net.swap(bus[0], out)
                for turn in turns:
                    net.cswap(*turn)
            for j in np.flatnonzero(column).tolist():
                net.cx(leaves[j], bus[j])
            for turn in reversed(turns):
                net.cswap(*turn)
            net.swap(bus[0], out)
        net.barrier()
        net.append(route_gates(n).inverse(), onto)
        return net

    def _unload(self, data: Bits) -> QuantumCircuit:
        """|j>|word_j> -> |j>|0>: word bits measured in the X basis, then a token, and Z on leaves that held a 1."""
        n, net = len(data), self._registers(data)
        circuit = net.circuit("unload")
        outcomes = ClassicalRegister(data.shape[1], "outcome")
        circuit.add_register(outcomes)
        word, leaves = register(circuit, "word"), register(circuit, "wire")[-n:]
        onto = [qubit for name in ("index", "router", "wire") for qubit in register(circuit, name)]
        circuit.h(word)
        circuit.measure(word, outcomes)
        there = route_gates(n)
        circuit.compose(there.circuit(), onto, inplace=True, copy=False)
        for column, qubit, outcome in zip(data.T, word, outcomes, strict=True):
            fixes = [CircuitInstruction(_Z, [leaves[j]]) for j in np.flatnonzero(column).tolist()]
            body = QuantumCircuit.from_instructions([*fixes, CircuitInstruction(_X, [qubit])], qubits=[*leaves, qubit])
            circuit.append(IfElseOp((outcome, 1), body), [*leaves, qubit], copy=False)
        circuit.compose(there.inverse().circuit(), onto, inplace=True, copy=False)
        return circuit

    def _cost(self, n: int, bits: int, ones: int, *, fresh: bool) -> Cost:
        """Of `_gates` for words with so many ones."""
        if n == 1:
            return Cost(qubits=1 + bits)
        tree, lanes, journeys = Tree(n), self._lanes(bits), 1 if fresh else 2
        toffoli = 2 * routing_swaps(n) + journeys * bits * sum(tree.routers)
        swaps = 2 * tree.moves + journeys * bits
        depth = 2 * routing_depth(n) + journeys * -(-bits // lanes) * index_bits(n)
        qubits = index_bits(n) + bits + tree.qubits + lanes * n
        return Cost(qubits, toffoli, 7 * toffoli, 2 * toffoli + 3 * swaps + ones, toffoli_depth=depth)

    def _unload_cost(self, n: int, bits: int) -> Cost:
        """Of `_unload`: two routings."""
        cost = replace(self._cost(n, 0, 0, fresh=True), qubits=self._cost(n, bits, 0, fresh=True).qubits)
        return replace(cost, measurements=bits)


@lru_cache(maxsize=16)
def _turns(n: int) -> tuple[tuple[int, int, int], ...]:
    """(router, left, right) of every CSWAP on a bus, from the root down; a node has the wire of its first leaf."""
    return tuple(_each_turn(n))


def _each_turn(n: int) -> Iterator[tuple[int, int, int]]:
    tree, depth = Tree(n), index_bits(n)
    for level, routers in enumerate(tree.routers):
        span = 1 << (depth - level - 1)
        for node in range(routers):
            yield tree.router(level, node), 2 * node * span, (2 * node + 1) * span
