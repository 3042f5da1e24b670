"""QROAM: load a block of keys at once, then select one; here with half the ANDs of the usual swap network.

The index is j = (group, slot). Every bit of a word is

    sum over masks i of the slot bits  f_i(slot) v_i(group)    (mod 2; f_0 = 1, f_i the monomial of mask i),

and the v_i are loaded by the group alone. A swap network spends an AND on each f_i v_i, block - 1 a bit. But one AND
can serve two of them: with u and v loaded,

    (f_i + v_k)(f_k + v_i) = f_i f_k + f_i v_i + f_k v_k + v_i v_k,

where v_i v_k is a function of the group, loaded along with v_0, and f_i f_k is again a slot monomial (a CNOT). As
block - 1 is odd, two word bits share one AND for a last pair: (block - 1)/2 ANDs a bit, 3/2 instead of 3 for blocks
of 4.

The group's words are loaded monomial by monomial (`monomials`), for groups - 1 - log2 groups ANDs instead of
groups - 2, and as the monomials of both halves of the group bits are kept, the unload by measurement takes no Toffoli.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np
from qiskit.circuit import ClassicalRegister, QuantumCircuit, QuantumRegister

from qattn.arrays import Bits, Integers
from qattn.lookups.base import Lookup
from qattn.lookups.monomials import Halves, and_count, append_measured_unload, monomial_depth, monomials
from qattn.synthesis.cost import Cost, and_cost
from qattn.synthesis.netlist import Loading, Netlist
from qattn.synthesis.phase_synthesis import reed_muller
from qattn.synthesis.registers import bit_matrix, index_bits


@dataclass(frozen=True)
class Product:
    """One AND of the selection: (f_i + left)(f_k + right), or f_i right when k is None, added to some word bits."""

    i: int
    k: int | None
    left: int | None
    right: int
    outputs: tuple[int, ...]


def selection_ands(bits: int, block: int) -> int:
    """ANDs that select one of `block` words of this many bits, the slot monomials left out.

    Args:
        bits: bits of a word.
        block: words of a group, a power of two.

    Returns:
        Their number.
    """
    if block <= 2:
        return bits * (block - 1)
    return bits // 2 * (block - 1) + bits % 2 * (block // 2)


def load_ands(n: int, bits: int, block: int) -> int:
    """ANDs of `block_load`; its unload takes none.

    Args:
        n: number of words.
        bits: bits of a word.
        block: words of a group, a power of two.

    Returns:
        Their number.
    """
    return and_count(-(-n // block)) + and_count(block) + selection_ands(bits, block)


def best_block(n: int, bits: int) -> int:
    """The block size with the fewest ANDs in a load; of equals the smallest, which needs the fewest qubits.

    Args:
        n: number of words.
        bits: bits of a word.

    Returns:
        A power of two up to 2^index_bits(n).
    """
    return min((1 << k for k in range(index_bits(n) + 1)), key=lambda block: load_ands(n, bits, block))


def select_swap(words: Integers, width: int, block: int | None = None) -> QuantumCircuit:
    """|j>|x> -> |j>|x xor word_j>: load a copy, add it, unload it.

    Args:
        words: (n,) integers, or (n, r) for r words side by side; the low `width` bits of each are used.
        width: bits of one word.
        block: keys loaded at once, a power of two; None chooses by `best_block`.

    Returns:
        A circuit on registers index, word (r * width) and those of `block_load`, its word being `held`.

    Cost: `load_ands`; unloading doubles it in a unitary rendering and is free in a measured one.
    Source: Low, Kliuchnikov, Schaeffer, 1812.00954; Berry et al., 1902.02134; selection as in this module.
    """
    return select_swap_gates(bit_matrix(words, width), block).circuit("select_swap")


def select_swap_gates(data: Bits, block: int | None = None) -> Netlist:
    """The gates of `select_swap` for (n, bits) words.

    Args:
        data: (n, bits) booleans, bit 0 of each word first.
        block: words of a group, a power of two up to 2^index_bits(n); None: `best_block`.

    Returns:
        Gates on registers index, word, held and the load's ancillas.

    Raises:
        ValueError: when block is no such number.
    """
    load = block_load_gates(data, block)
    sizes = {name: len(wires) for name, wires in load.registers.items()}
    ancillas = [name for name in sizes if name not in ("index", "word")]
    net = Netlist({"index": sizes["index"], "word": sizes["word"], "held": sizes["word"]})
    for name in ancillas:
        net.add_register(name, sizes[name])
    onto = [wire for name in ("index", "held", *ancillas) for wire in net[name]]
    net.append(load, onto)
    for source, target in zip(net["held"], net["word"], strict=True):
        net.cx(source, target)
    net.append(load.inverse(), onto)
    return net


def block_load(words: Integers, width: int, block: int | None = None) -> QuantumCircuit:
    """|j>|0>|0> -> |j>|word_j>|garbage_j>: for uses that keep the garbage until the inverse, or its measured form.

    Args:
        words: (n,) integers, or (n, r) for r words side by side.
        width: bits of one word.
        block: words of a group, a power of two up to 2^index_bits(n); None: `best_block`.

    Returns:
        A circuit on registers index, word, and slice (loaded v_i), product, slot, low, high, temp; all but index clean
        at the start.

    Raises:
        ValueError: when block is no such number.

    Cost: `load_ands`. Toffoli depth about n / block.
    Source: as for `select_swap`.
    """
    return block_load_gates(bit_matrix(words, width), block).circuit("block_load")


def block_load_gates(data: Bits, block: int | None = None) -> Netlist:
    """The gates of `block_load` for (n, bits) words.

    Args:
        data: (n, bits) booleans, bit 0 of each word first.
        block: words of a group, a power of two up to 2^index_bits(n); None: `best_block`.

    Returns:
        Gates on the registers of `block_load`, those without a qubit left out.

    Raises:
        ValueError: when block is no such number.
    """
    n, bits = data.shape
    block = best_block(n, bits) if block is None else block
    if block < 1 or block & (block - 1) or block > 1 << index_bits(n):
        raise ValueError(f"block = {block}; choose a power of two up to {1 << index_bits(n)}")
    groups, slot_bits = -(-n // block), block.bit_length() - 1
    loaded, products = slices(data, block)
    halves = Halves.of(groups)
    sizes = {
        "index": index_bits(n), "word": bits, "slice": loaded.shape[1] - bits, "product": len(products),
        "slot": and_count(block), "low": halves.ancillas[0], "high": halves.ancillas[1], "temp": 1,
    }  # fmt: skip
    net = Netlist({name: size for name, size in sizes.items() if size})
    at = {name: net[name] if size else () for name, size in sizes.items()}
    group = at["index"][slot_bits:]
    low = monomials(net, group[: halves.low_bits], at["low"], halves.lows)
    high = monomials(net, group[halves.low_bits :], at["high"], halves.highs)
    slot = monomials(net, at["index"][:slot_bits], at["slot"], block)
    net.barrier()
    kept = [wire for wire in (*low, *high) if wire is not None]
    onto = [*kept, *at["word"], *at["slice"], *at["temp"]]
    coefficients = reed_muller(loaded)
    forward, unload = (partial(build, coefficients, halves) for build in (_iterate, _unload))
    net.load(Loading(len(onto), forward, unload), onto)
    net.barrier()
    _select(net, products, slot, at)
    return net


@dataclass(frozen=True)
class SelectSwap(Lookup):
    """QROAM: about sqrt(n bits) Toffolis, and as many more qubits; its garbage makes the undo free of Toffolis."""

    name: ClassVar[str] = "select_swap"

    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """|j>|x>|0> -> |j>|x xor word_j>|0> by groups of words, see `select_swap`.

        Args:
            words: (n,) integers, or (n, r) for r words side by side.
            width: bits of one word.

        Returns:
            A circuit on registers index, word, held and the load's ancillas.
        """
        return select_swap(words, width)

    def load(self, data: Bits) -> QuantumCircuit:
        """|j>|0>|0> -> |j>|word_j>|garbage_j>, see `block_load`."""
        return block_load(data.astype(np.int64), 1)

    def gates(self, data: Bits) -> Netlist:
        """The gates of `build`."""
        return select_swap_gates(data)

    def loading(self, data: Bits) -> Netlist:
        """The gates of `load`."""
        return block_load_gates(data)

    def cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """Cost of the lookup (a load, the copies, the load undone) and of its inverse, by formula.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: what can be undone by measurement is; False: by as many ANDs again.

        Returns:
            The same cost twice.
        """
        there, back = self.load_cost(data, by_measurement=by_measurement)
        bits = data.shape[1]
        cost = there + Cost(qubits=there.qubits + bits, cnot=bits) + back
        return cost, cost

    def load_cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """Cost of a load and of its undo, by formula.

        Args:
            data: (n, bits) booleans, at least one bit a word.
            by_measurement: what can be undone by measurement is; False: by as many ANDs again.

        Returns:
            (there, back).
        """
        n, bits = data.shape
        block = best_block(n, bits)
        loaded, products = slices(data, block)
        halves, coefficients = Halves.of(len(loaded)), reed_muller(loaded)
        kept, walked = sum(halves.ancillas), and_count(len(loaded)) - sum(halves.ancillas)
        select = sum(len(p.outputs) if p.k is None else 2 + 2 * len(p.outputs) for p in products)
        cnot = int(np.count_nonzero(coefficients[1:])) + select
        depth = max(halves.depth, monomial_depth(block)) + walked * (1 if by_measurement else 2) + (block > 1)
        there = and_cost(load_ands(n, bits, block), walked, cnot=cnot, depth=depth, by_measurement=by_measurement)
        qubits = index_bits(n) + loaded.shape[1] + len(products) + and_count(block) + kept + 1
        there = replace(there, qubits=qubits)
        if not by_measurement:
            return there, there
        outcomes = Cost(measurements=loaded.shape[1], fixups=halves.fixups(coefficients))
        return there, and_cost(0, load_ands(n, bits, block) - walked, cnot=select) + outcomes

    def shape_cost(self, n: int, bits: int) -> Cost:
        """Toffolis and qubits exact for an even number of bits, the depth within a few, CNOTs of random words.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            Cost of a load and its undo by measurement.
        """
        block = best_block(n, bits)
        groups, selected, data = -(-n // block), selection_ands(bits, block), n * bits // 2
        kept = sum(Halves.of(groups).ancillas)
        loaded = bits + selected * (2 if block > 2 else 1)
        qubits = index_bits(n) + loaded + selected + and_count(block) + kept + 1
        ands, depth = load_ands(n, bits, block), and_count(groups) - kept + (block > 1)
        return Cost(qubits, ands, 4 * ands, data + 8 * selected, ands + loaded, depth, fixups=data)


def slices(data: Bits, block: int) -> tuple[Bits, list[Product]]:
    """What each group loads, and the products that use it.

    Args:
        data: (n, bits) booleans, bit 0 of each word first.
        block: words of a group, a power of two.

    Returns:
        (groups, bits + slices) booleans, the words' own bits first; and the products, whose operands are columns of the
        slices, numbered without the words' bits.
    """
    groups, bits = -(-len(data) // block), data.shape[1]
    padded = np.zeros((groups * block, bits), dtype=bool)
    padded[: len(data)] = data
    v = reed_muller(padded.reshape(groups, block, bits).swapaxes(0, 1))  # (block, groups, bits)
    word, columns, products = v[0].copy(), [], []

    def keep(column: Bits) -> int:
        columns.append(column)
        return len(columns) - 1

    def pair(i: int, k: int, of_i: Bits, of_k: Bits, *outputs: int) -> None:
        """The AND that adds f_i of_i + f_k of_k."""
        products.append(Product(i, k, keep(of_k), keep(of_i), outputs))
        for output in outputs:
            word[:, output] ^= of_i & of_k

    def pairs(output: int, first: int, of: dict[int, Bits]) -> None:
        for i in range(first, first + len(of) - 1, 2):
            pair(i, i + 1, of[i], of[i + 1], output)

    top = block - 1
    twins = bits // 2 * 2 if block > 2 else 0
    for a in range(0, twins, 2):
        b = a + 1
        pairs(a, 1, {i: v[i, :, a] ^ (v[1, :, b] if i == 1 else False) for i in range(1, top)})
        pairs(b, 2, {i: v[i, :, b] ^ (v[top, :, a] if i == top else False) for i in range(2, block)})
        pair(1, top, v[1, :, b], v[top, :, a], a, b)
    for a in range(twins, bits if block > 1 else 0):
        pairs(a, 1, {i: v[i, :, a] for i in range(1, top)})
        products.append(Product(top, None, None, keep(v[top, :, a]), (a,)))
    return np.concatenate([word, np.array(columns, dtype=bool).reshape(-1, groups).T], axis=1), products


def _select(net: Netlist, products: list[Product], slot: list[int | None], at: dict[str, Sequence[int]]) -> None:
    """Add every product to its word bits. `slot` holds the wires of the slot monomials by mask."""
    monomial = [-1 if wire is None else wire for wire in slot]
    for product, target in zip(products, at["product"], strict=True):
        right = at["slice"][product.right]
        if product.k is None or product.left is None:
            net.temporary_and(monomial[product.i], right, target)
        else:
            left = at["slice"][product.left]
            net.cx(monomial[product.i], left)
            net.cx(monomial[product.k], right)
            net.temporary_and(left, right, target)
        for output in product.outputs:
            net.cx(target, at["word"][output])
            if product.k is not None:
                net.cx(monomial[product.i | product.k], at["word"][output])


def _kept(coefficients: Bits, halves: Halves) -> dict[str, int]:
    """Sizes of the registers low, high (the kept monomials), data, temp."""
    return {"low": halves.lows - 1, "high": halves.highs - 1, "data": coefficients.shape[1], "temp": 1}


def _iterate(coefficients: Bits, halves: Halves) -> Netlist:
    """Write, for every monomial of the group bits, its row of coefficients: one AND where both halves take part."""
    net = Netlist(_kept(coefficients, halves))
    low, high, (temp,) = [None, *net["low"]], [None, *net["high"]], net["temp"]
    data = np.array(net["data"], dtype=np.int32)
    for mask, row in enumerate(coefficients):
        a, b = high[mask >> halves.low_bits], low[mask & (halves.lows - 1)]
        if a is None or b is None:
            net.fan_out(b if a is None else a, data[row])
        else:
            net.temporary_and(a, b, temp)
            net.fan_out(temp, data[row])
            net.undo_and(a, b, temp)
    return net


def _unload(coefficients: Bits, halves: Halves) -> QuantumCircuit:
    """The inverse by measurement: CZ between the kept monomials."""
    registers = [QuantumRegister(size, name) for name, size in _kept(coefficients, halves).items()]
    outcomes = ClassicalRegister(coefficients.shape[1], "outcome")
    circuit = QuantumCircuit(*registers, outcomes, name="unload")
    append_measured_unload(circuit, coefficients, [None, *registers[0]], [None, *registers[1]], registers[2], outcomes)
    return circuit
