"""The memory that the paper assumes, beside the lookups that have a circuit."""

from __future__ import annotations

from dataclasses import dataclass

from qiskit.circuit import QuantumCircuit

from qattn import lookups as known
from qattn.arrays import Bits, Integers
from qattn.lookups.base import Lookup
from qattn.synthesis.cost import Cost
from qattn.synthesis.registers import index_bits

LOOKUPS = ("unary", "select_swap", "token_tree", "bucket_brigade", "qram")


@dataclass(frozen=True)
class Qram(Lookup):
    """The assumption of the paper: a memory of free qubits that loads a word for one Toffoli; no circuit."""

    name = "qram"

    def build(self, words: Integers, width: int) -> QuantumCircuit:
        """Refuse: a QRAM that loads a word for one Toffoli has no circuit.

        Args:
            words: not looked at.
            width: not looked at.

        Returns:
            Nothing.

        Raises:
            ValueError: always.
        """
        raise ValueError(
            "lookup = 'qram' is an assumption, no circuit; choose unary, select_swap, token_tree or bucket_brigade"
        )

    def load_cost(self, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
        """One Toffoli each way, whatever the words are.

        Args:
            data: (n, bits) booleans, bit 0 of each word first.
            by_measurement: makes no difference.

        Returns:
            (there, back).
        """
        once = Cost(index_bits(len(data)) + data.shape[1], toffoli=1, t=4, toffoli_depth=1)
        return once, once

    def shape_cost(self, n: int, bits: int) -> Cost:
        """One Toffoli to load, one to unload.

        Args:
            n: number of words.
            bits: bits of a word.

        Returns:
            Cost of both; the memory itself has no qubits here.
        """
        return Cost(index_bits(n) + bits, toffoli=2, t=8, toffoli_depth=2)


QRAM = Qram()


def resolve(lookup: str | Lookup) -> Lookup:
    """A lookup by name, "qram" included.

    Raises:
        ValueError: when the name is unknown.
    """
    if lookup == QRAM.name:
        return QRAM
    if isinstance(lookup, str) and lookup not in known.names():
        raise ValueError(f"lookup = {lookup!r}; choose one of {', '.join(known.names())} or {QRAM.name}")
    return known.get(lookup)
