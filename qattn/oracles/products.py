"""The nonlinear parts of key bits, each a product of two or three factors, loaded with few two-qubit gates.

A key bit is a polynomial over GF(2) in the index bits; its linear part is a parity that is read in place. What the bits
need beyond it spans a space of polynomials modulo linear ones, and any basis of that space will do. Each basis element
is sought as one product of factors: index bits, parities of them, or elements that are loaded already, each possibly
negated. A product of two factors costs 3 CX with a relative-phase Toffoli (Margolus), one of three costs 6, a parity of
w bits 2 (w - 1) more. Where no element is one product, it is loaded as the XOR of several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from qiskit.circuit import QuantumCircuit, QuantumRegister
from qiskit.circuit.library import RC3XGate, RCCXGate

from qattn.synthesis.phase_synthesis import reed_muller
from qattn.synthesis.registers import multi_controlled_x

CX = {2: 3, 3: 6, 4: 36}  # by the number of factors: relative-phase Toffolis up to three
LARGE = 100  # of more factors
PARITIES = 4  # index bits up to which parities are tried as factors; there are 2^width of them


@dataclass(frozen=True)
class Factor:
    """A parity of index bits or a loaded product, possibly negated.

    Attributes:
        wires: of the index bits, or the one of the loaded product.
        negated: whether it is 1 where the parity is 0.
        truth: its value by the index, bit j of the number for index j.
    """

    wires: tuple[int, ...]
    negated: bool
    truth: int


@dataclass(frozen=True)
class Product:
    """What one key qubit holds: the XOR of products of factors; usually of one product.

    Attributes:
        terms: factors of each product.
        spectrum: masks of the index bits whose products it is the XOR of, linear ones included, as bits of a number.
    """

    terms: tuple[tuple[Factor, ...], ...]
    spectrum: int

    @property
    def cost(self) -> int:
        """CX to load it."""
        extra = sum(2 * (len(factor.wires) - 1) for term in self.terms for factor in term)
        return extra + sum(CX.get(len(term), LARGE) for term in self.terms)


def products(spectra: Sequence[int], width: int, seed: int = 0) -> list[Product]:
    """Products whose spectra span the nonlinear parts of all given ones, in the order in which they are loaded.

    Args:
        spectra: of the key bits, as bits of a number: bit m for the product of the index bits in the mask m.
        width: index bits.
        seed: which of several products of one cost is taken; another may need fewer swaps on a processor.

    Returns:
        As many as the space has dimensions.
    """
    return list(_products(tuple(spectra), width, seed))


def dimension(spectra: Sequence[int], width: int) -> int:
    """How many products `products` would return.

    Args:
        spectra: of the key bits.
        width: index bits.

    Returns:
        The dimension of the space that their nonlinear parts span.
    """
    wanted, high = Span(), nonlinear(width)
    for spectrum in spectra:
        wanted.add(spectrum & high)
    return len(wanted)


@lru_cache(maxsize=256)
def _products(spectra: tuple[int, ...], width: int, seed: int) -> tuple[Product, ...]:
    wanted, high = Span(), nonlinear(width)
    for spectrum in spectra:
        wanted.add(spectrum & high)
    loaded: list[Product] = []
    have = Span()
    rng = np.random.default_rng(seed) if seed else None
    while len(have) < len(wanted):
        every = list(_candidates(loaded, width))
        if rng is not None:
            every = [every[i] for i in rng.permutation(len(every))]
        options = [made for made in every if made.spectrum & high in wanted and made.spectrum & high not in have]
        if not options:
            options = [_sum(vector, every, width) for vector in _simple(wanted, have)]
        best = min(options, key=lambda made: made.cost)
        loaded.append(best)
        have.add(best.spectrum & high)
    return tuple(loaded)


def load(circuit: QuantumCircuit, made: Sequence[Product], index: QuantumRegister, key: QuantumRegister) -> None:
    """|j>|0> -> |j>|products> on registers index and key, up to a phase of each j.

    Args:
        circuit: which has the registers.
        made: what each qubit of `key` is to hold.
        index: the index.
        key: the qubits that are loaded.
    """
    wires = [*index, *key]
    for target, product in zip(key, made, strict=True):
        for term in product.terms:
            parities = [(wires[x], wires[factor.wires[0]]) for factor in term for x in factor.wires[1:]]
            negated = [wires[factor.wires[0]] for factor in term if factor.negated]
            for pair in parities:
                circuit.cx(*pair)
            if negated:
                circuit.x(negated)
            _multiply(circuit, [wires[factor.wires[0]] for factor in term], target)
            if negated:
                circuit.x(negated)
            for pair in reversed(parities):
                circuit.cx(*pair)


def _multiply(circuit: QuantumCircuit, controls: list[object], target: object) -> None:
    """|x, t> -> |x, t xor product of x> up to a phase of each basis state."""
    if len(controls) == 2:
        circuit.append(RCCXGate(), [*controls, target])
    elif len(controls) == 3:
        circuit.append(RC3XGate(), [*controls, target])
    else:
        multi_controlled_x(circuit, controls, target)


def _candidates(loaded: Sequence[Product], width: int) -> Iterator[Product]:
    """Products of two factors, and of three that are single qubits; no two factors are put on one qubit."""
    bits = [_variable(i, width) for i in range(width)]
    factors: list[Factor] = []
    most = width if width <= PARITIES else 1
    for wires in (wires for size in range(1, most + 1) for wires in combinations(range(width), size)):
        truth = 0
        for wire in wires:
            truth ^= bits[wire]
        factors.extend(_both(wires, truth, width))
    single = [factor for factor in factors if len(factor.wires) == 1]
    for number, product in enumerate(loaded):
        single.extend(_both((width + number,), _values(product.spectrum, width), width))
    every = [*factors, *(factor for factor in single if factor.wires[0] >= width)]
    for pair in combinations(every, 2):
        if _apart(pair):
            yield _product(pair, width)
    for triple in combinations(single, 3):
        if len({factor.wires for factor in triple}) == 3:
            yield _product(triple, width)


def _apart(pair: tuple[Factor, Factor]) -> bool:
    """Whether both parities can be made side by side: neither needs the qubit that the other one is made on."""
    a, b = pair
    return a.wires[0] not in b.wires and b.wires[0] not in a.wires


def _both(wires: tuple[int, ...], truth: int, width: int) -> Iterable[Factor]:
    everywhere = (1 << (1 << width)) - 1
    return Factor(wires, False, truth), Factor(wires, True, truth ^ everywhere)


def _product(factors: tuple[Factor, ...], width: int) -> Product:
    truth = (1 << (1 << width)) - 1
    for factor in factors:
        truth &= factor.truth
    return Product((factors,), _spectrum(truth, width))


def _simple(wanted: Span, have: Span) -> list[int]:
    """Vectors of `wanted` beyond `have` that are sums of few monomials, of low degree."""
    basis: list[int] = []
    for vector in wanted.vectors:
        for known in basis:
            if vector >> _leading(known) & 1:
                vector ^= known
        lead = _leading(vector)
        basis = [known ^ vector if known >> lead & 1 else known for known in basis]
        basis.append(vector)
    left = []
    for vector in (vector for vector in basis if vector not in have):
        for known in have.vectors:
            vector = min(vector, vector ^ known, key=_monomials_cost)
        left.append(vector)
    return left


def _sum(vector: int, every: Sequence[Product], width: int) -> Product:
    """The polynomial as a XOR of products, each the one that leaves the cheapest monomials; at last those monomials."""
    terms: list[tuple[Factor, ...]] = []
    high, rest, spectrum = nonlinear(width), vector, vector
    while rest:
        best = min(every, key=lambda made: made.cost + _monomials_cost(rest ^ made.spectrum & high))
        if best.cost + _monomials_cost(rest ^ best.spectrum & high) >= _monomials_cost(rest):
            break
        terms.extend(best.terms)
        rest ^= best.spectrum & high
        spectrum ^= best.spectrum & ~high
    for mask in (mask for mask in range(1 << width) if rest >> mask & 1):
        terms.append(tuple(Factor((i,), False, _variable(i, width)) for i in range(width) if mask >> i & 1))
    return Product(tuple(terms), spectrum)


def _leading(vector: int) -> int:
    """The monomial of the largest degree."""
    return max(_masks(vector), key=lambda mask: (mask.bit_count(), mask))


@lru_cache(maxsize=1 << 16)
def _monomials_cost(vector: int) -> int:
    return sum(CX.get(mask.bit_count(), LARGE) for mask in _masks(vector))


def _masks(vector: int) -> Iterator[int]:
    return (mask for mask in range(vector.bit_length()) if vector >> mask & 1)


def nonlinear(width: int) -> int:
    """The masks of two and more bits, as bits of a number."""
    return sum(1 << mask for mask in range(1 << width) if mask.bit_count() > 1)


def _variable(i: int, width: int) -> int:
    return sum(1 << j for j in range(1 << width) if j >> i & 1)


@lru_cache(maxsize=1 << 16)
def _spectrum(truth: int, width: int) -> int:
    """The XOR Moebius transform of a number's bits, its own inverse."""
    bits = np.array([truth >> j & 1 for j in range(1 << width)], dtype=bool)
    return sum(1 << int(mask) for mask in np.flatnonzero(reed_muller(bits)))


_values = _spectrum


class Span:
    """A space of numbers under XOR."""

    def __init__(self) -> None:
        self.vectors: list[int] = []  # as they came, only independent ones
        self._reduced: dict[int, tuple[int, int]] = {}  # by leading bit: a vector, and which of `vectors` it sums up

    def __len__(self) -> int:
        return len(self.vectors)

    def __contains__(self, vector: int) -> bool:
        return self.reduce(vector)[0] == 0

    def reduce(self, vector: int) -> tuple[int, int]:
        """What is left of a vector, and the vectors taken from it as bits of a number.

        Args:
            vector: any number.

        Returns:
            0 and the vectors that sum up to it, where it is in the space.
        """
        used = 0
        while vector and (lead := vector.bit_length()) in self._reduced:
            known, parts = self._reduced[lead]
            vector, used = vector ^ known, used ^ parts
        return vector, used

    def add(self, vector: int) -> None:
        """Make the space hold a vector.

        Args:
            vector: any number.
        """
        rest, used = self.reduce(vector)
        if rest:
            self._reduced[rest.bit_length()] = (rest, used | 1 << len(self.vectors))
            self.vectors.append(vector)
