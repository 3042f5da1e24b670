"""What a lookup is: one object that builds its circuit, |j>|x> -> |j>|x xor word_j>, and prices it.

`build` is all that a lookup of your own has to have. The rest follows from it: loading from |0>, with an undo by
measurement, and prices, counted gate by gate from the built circuit, which is slow but right. A lookup that knows its
prices overrides them; the tests hold every price to the count. One that writes its gates as a `Netlist` (`gates`, and
`loading` for a load of its own) spares programs the detour through a QuantumCircuit. Little-endian everywhere: qubit 0
of a register is its least significant bit, and words are given as (n, bits) booleans, bit 0 first, wherever they are
called data.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache, partial
from typing import ClassVar

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.arrays import Bits, Integers
from qattn.lookups.monomials import measured_unload, measured_unload_cost
from qattn.synthesis.cost import Cost, count
from qattn.synthesis.gates import measured
from qattn.synthesis.netlist import Loading, Netlist
from qattn.synthesis.registers import index_bits

TAKEN = ("key", "score", "carry", "sum", "flag", "fix")  # registers of an oracle that no lookup's ancilla may be
MATTERS = 2 / 3  # of all places where an error may happen, the part where it harms; .54 to .8 in all lookups measured
MOST_BITS = 1 << 22  # n * bits up to which a price by shape is counted from random words


class Lookup(ABC):
    """Classical data in superposition: the QRAM-style register of the oracle.

    Two lookups that compare equal build the same circuits; the package's own are frozen dataclasses.

    Attributes:
        name: what reports call it; the name of the class unless it says otherwise.
        bitwise: the bits of a word are loaded one after the other, without ancillas: few at a time cost no more than
            all together, so that an inner product that can use one bit at a time asks for one.
    """

    name: ClassVar[str]
    bitwise: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        """A class without a name is called what it is; a circuit of its own goes before gates that it inherits."""
        super().__init_subclass__()
        own = vars(cls)
        if "name" not in own:
            cls.name = cls.__name__
        if "build" in own and "gates" not in own:
            cls.gates = Lookup.gates  # type: ignore[method-assign]
            if "load" not in own:
                cls.load, cls.loading = Lookup.load, Lookup.loading  # type: ignore[method-assign]
        if "load" in own and "loading" not in own:
            cls.loading = _as_loaded  # type: ignore[method-assign, assignment]

    @abstractmethod
    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """|j>|x>|0> -> |j>|x xor word_j>|0>, unitary, for indices below n; any other index is a don't-care.

        Args:
            words: (n,) integers, or (n, r) for r words side by side; the low `width` bits of each are used.
            width: bits of one word.

        Returns:
            A circuit on registers index (`index_bits(n)` qubits), word (r * width) and any ancillas, in this order.
        """

    def gates(self, data: Bits) -> Netlist:
        """The gates of `build` for (n, bits) words; by default its circuit as one block.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.

        Returns:
            Gates on registers index, word and any ancillas.

        Raises:
            ValueError: when the circuit of `build` has other registers than it may.
        """
        return Netlist.of(_checked(self, self.build(data.astype(np.int64), 1), data.shape))

    def load(self, data: Bits) -> QuantumCircuit:
        """|j>|0>|0> -> |j>|word_j>|garbage_j>, to be undone by the inverse or, in the measured rendering, cheaper.

        By default the circuit of `build`, undone by measuring the word and a phase lookup (`measured_unload`).

        Args:
            data: (n, bits) the words, at least one bit.

        Returns:
            A circuit on registers index, word and the lookup's own, in this order.
        """
        return self.loading(data).circuit("load")

    def loading(self, data: Bits) -> Netlist:
        """The gates of `load`.

        Args:
            data: (n, bits) booleans, at least one bit a word.

        Returns:
            Gates on registers index, word and the lookup's own.
        """
        forward = self.gates(data)
        net = Netlist({name: len(wires) for name, wires in forward.registers.items()})
        index, word = (len(net[name]) for name in ("index", "word"))
        unload = partial(measured_unload, data, index, net.qubits - index - word)
        net.load(Loading(net.qubits, lambda: forward, unload), range(net.qubits))
        return net

    def cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """Cost of `build` and of its inverse; by default counted gate by gate from the built circuit.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: what is undone by measurement is priced so; False: the unitary rendering.

        Returns:
            (there, back), in the conventions of `qattn.synthesis.cost`.
        """
        circuit = _checked(self, self.build(data.astype(np.int64), 1), data.shape)
        both = circuit, circuit.inverse()
        there, back = (count(measured(one) if by_measurement else one) for one in both)
        return there, back

    def load_cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """Cost of `load` and of its undo; must match the gates of `loading`.

        Args:
            data: (n, bits) booleans, at least one bit a word.
            by_measurement: what is undone by measurement is priced so; False: the unitary rendering.

        Returns:
            (there, back); by default the cost of `build` and of `measured_unload` or the inverse.
        """
        there, back = self.cost(data, by_measurement=by_measurement)
        return there, measured_unload_cost(data, there.qubits) if by_measurement else back

    def shape_cost(self, n: int, bits: int) -> Cost:
        """Cost of loading and clearing n random words by measurement, known without the words.

        By default counted on random words; a lookup with a formula answers for any n.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            One cost for both.

        Raises:
            ValueError: when it would have to be counted and there are more than 2^22 bits.
        """
        if n * bits > MOST_BITS:
            raise ValueError(
                f"lookup {self.name!r} has no formula for {n} words of {bits} bits, and a circuit of more than "
                f"{MOST_BITS} bits is not built to be counted; give it a `shape_cost`"
            )
        data = np.random.default_rng(0).integers(2, size=(n, bits)).astype(bool)
        there, back = self.load_cost(data)
        return there + back

    def infidelity(self, n: int, bits: int) -> float:
        """1 - <ideal|rho|ideal> of loading and clearing n random words, ancillas traced out, in units of p as p -> 0.

        After every Toffoli and CNOT each of its qubits suffers X, Y or Z with probability p. By default two thirds of
        all places where that may happen; a lookup whose errors stay where they happen says so.

        Args:
            n: words.
            bits: of a word.

        Returns:
            A coefficient: the infidelity is that times p.
        """
        return MATTERS * self.shape_cost(n, bits).places


def append_lookup(net: Netlist, lookup: Lookup, data: Bits, places: dict[str, list[int]]) -> None:
    """Look (n, bits) words up into the wires of `key`; ancillas are added when first seen, and used again.

    A lookup stands between barriers, being a stage of its own, unless it is bitwise.

    Args:
        net: written to.
        lookup: the lookup.
        data: the words.
        places: wires by the name of their register, index and key at the start; ancillas are added to it.

    Raises:
        ValueError: when the lookup's circuit has other registers than it may.
    """
    part = lookup.gates(data)
    onto: list[int] = []
    for own, wires in part.registers.items():
        place = places.setdefault("key" if own == "word" else own, [])
        if len(place) < len(wires):  # the first of its name, or larger than those before
            name = f"{own}_{len(wires)}" if place else own
            place.extend(net.add_register(name, len(wires) - len(place)))
        onto += place[: len(wires)]
    if not lookup.bitwise:
        net.barrier()
    net.append(part, onto)
    if not lookup.bitwise:
        net.barrier()


def load_all(lookup: Lookup, data: Bits) -> QuantumCircuit:
    """|j>|0> -> |j>|word_j>|garbage_j>: whole keys once, for inner products that hold all their bits.

    Args:
        lookup: the lookup.
        data: (n, bits) the words; without bits nothing is loaded.

    Returns:
        A circuit on registers index, key (the word) and the lookup's own.

    Raises:
        ValueError: when the lookup's circuit has other registers than it may.
    """
    return load_all_gates(lookup, data).circuit()


def load_all_gates(lookup: Lookup, data: Bits) -> Netlist:
    """The gates of `load_all`; the last few are kept: all rows of the same keys ask for the same one.

    Args:
        lookup: loads the words.
        data: (n, bits) booleans; without bits nothing is loaded.

    Returns:
        Gates on registers index, key and the lookup's own; not to be changed, as callers share them.

    Raises:
        ValueError: when the lookup's circuit has other registers than it may.
    """
    return stored_load_all(lookup, data.tobytes(), data.shape[0], data.shape[1])


@lru_cache(maxsize=4)
def stored_load_all(lookup: Lookup, data: bytes, n: int, bits: int) -> Netlist:
    """`load_all_gates` from the bytes of the data, the last few kept.

    Args:
        lookup: loads the words.
        data: (n, bits) booleans, row by row.
        n: words.
        bits: of a word.

    Returns:
        Gates, shared by all callers.
    """
    if not bits:  # the comparison is the same for every key
        return Netlist({"index": index_bits(n), "key": 0})
    words = np.frombuffer(data, dtype=bool).reshape(n, bits)
    forward = lookup.loading(words)
    net = Netlist({"key" if name == "word" else name: len(wires) for name, wires in forward.registers.items()})
    net.append(forward, range(net.qubits))
    return net.settled()


def _as_loaded(lookup: Lookup, data: Bits) -> Netlist:
    """`loading` of a lookup that only has `load`."""
    return Netlist.of(_checked(lookup, lookup.load(data), data.shape))


def load_all_cost(lookup: Lookup, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
    """Cost of `load_all` and of its undo.

    Args:
        lookup: loads the words.
        data: (n, bits) booleans; nothing is paid without bits.
        by_measurement: what is undone by measurement is priced so; False: the unitary rendering.

    Returns:
        (there, back).
    """
    if not data.shape[1]:
        return Cost(index_bits(len(data))), Cost()
    return lookup.load_cost(data, by_measurement=by_measurement)


def _checked(lookup: Lookup, circuit: QuantumCircuit, shape: tuple[int, ...]) -> QuantumCircuit:
    """The circuit, if its registers are those of a lookup of (n, bits) words."""
    sizes = [(own.name, own.size) for own in circuit.qregs]
    wanted = [("index", index_bits(shape[0])), ("word", shape[1])]
    taken = any(name in TAKEN for name, _ in sizes)
    loose = sum(size for _, size in sizes) != circuit.num_qubits or circuit.num_clbits
    if sizes[:2] != wanted or taken or loose:
        raise ValueError(
            f"lookup {lookup.name!r} builds a circuit on registers {sizes} and {circuit.num_clbits} classical bits; "
            f"it must be {wanted}, then ancillas on registers of other names than {', '.join(TAKEN)}, none shared"
        )
    return circuit
