"""Products of index bits: what each key qubit holds, for every index, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit.circuit import QuantumCircuit, QuantumRegister
from qiskit.quantum_info import Statevector

from qattn.oracles.products import Product, Span, dimension, load, nonlinear, products


def polynomial(*monomials: int) -> int:
    return sum(1 << mask for mask in monomials)


def value(spectrum: int, j: int) -> int:
    """The polynomial at j, monomial by monomial."""
    return sum(spectrum >> mask & 1 for mask in range(1 << 10) if mask & j == mask) % 2


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(0, 4), st.integers(0, 3), st.data())
def test_each_qubit_holds_its_product_for_every_index(width: int, count: int, seed: int, data: st.DataObject) -> None:
    spectra = [data.draw(st.integers(0, (1 << (1 << width)) - 1)) for _ in range(count)]
    made = products(spectra, width, seed)
    index, key = QuantumRegister(width, "index"), QuantumRegister(len(made), "key")
    for j in range(1 << width):
        circuit = QuantumCircuit(index, key)
        for q in range(width):
            if j >> q & 1:
                circuit.x(q)
        load(circuit, made, index, key)
        word = sum(value(product.spectrum, j) << i for i, product in enumerate(made))
        assert abs(Statevector(circuit)[j | word << width]) == pytest.approx(1, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.lists(st.integers(0, 2**16 - 1), max_size=6), st.integers(0, 3))
def test_they_are_a_basis_of_the_nonlinear_parts(width: int, spectra: list[int], seed: int) -> None:
    high, spectra = nonlinear(width), [spectrum % (1 << (1 << width)) for spectrum in spectra]
    given_, held = Span(), Span()
    for spectrum in spectra:
        given_.add(spectrum & high)
    for product in products(spectra, width, seed):
        held.add(product.spectrum & high)
    assert len(held) == len(given_) == len(products(spectra, width, seed)) == dimension(spectra, width)
    assert all(spectrum & high in held for spectrum in spectra)


@pytest.mark.parametrize(
    ("spectra", "costs"),
    [
        ([polynomial(0b011)], [3]),
        ([polynomial(0b011, 0b001, 0)], [3]),  # a(b + 1) + 1
        ([polynomial(0b011, 0b101)], [5]),  # a(b + c)
        ([polynomial(0b011, 0b101, 0b110)], [7]),  # (a + b)(a + c) + a, where three products cost 9
        ([polynomial(0b111)], [6]),
        ([polynomial(0b111, 0b110)], [6]),  # (a + 1)bc
        ([polynomial(0b111), polynomial(0b110)], [3, 3]),  # a times what is loaded
        ([polynomial(0b111), polynomial(0b110), polynomial(0b101), polynomial(0b011)], [3, 3, 3, 3]),
        ([polynomial(0b101), polynomial(0b100)], [3]),
        ([polynomial(0b1, 0)], []),
    ],
)
def test_costs(spectra: list[int], costs: list[int]) -> None:
    made = products(spectra, 3)
    assert sorted(product.cost for product in made) == costs
    index, key = QuantumRegister(3, "index"), QuantumRegister(len(made), "key")
    circuit = QuantumCircuit(index, key)
    load(circuit, made, index, key)
    ops = circuit.count_ops()
    assert ops.get("cx", 0) + 3 * ops.get("rccx", 0) + 6 * ops.get("rcccx", 0) == sum(costs)


def test_seeds_make_other_products_and_are_the_same_in_every_call() -> None:
    spectra = [polynomial(0b111), polynomial(0b110), polynomial(0b101), polynomial(0b011)]
    made = [products(spectra, 3, seed) for seed in range(8)]
    assert made == [products(spectra, 3, seed) for seed in range(8)]
    assert len({tuple(product.spectrum for product in some) for some in made}) > 3
    assert all(sum(product.cost for product in some) == 12 for some in made)


def test_what_is_no_product_is_loaded_term_by_term() -> None:
    """ab + cd is no product of two factors."""
    [product] = products([polynomial(0b0011, 0b1100)], 4)
    assert len(product.terms) == 2
    assert product.cost == 6
    [product] = products([polynomial(0b0011, 0b0101, 0b1100)], 4)  # a(b + c) + cd = ab + c(a + d)
    assert product.cost == 8


def test_a_span_says_which_vectors_sum_up() -> None:
    rng = np.random.default_rng(1)
    vectors = [int(x) for x in rng.integers(1, 1 << 12, 7)]
    span = Span()
    for vector in vectors:
        span.add(vector)
    for _ in range(50):
        chosen = int(rng.integers(1 << len(span)))
        total = 0
        for i, vector in enumerate(span.vectors):
            total ^= vector * (chosen >> i & 1)
        assert span.reduce(total) == (0, chosen)
        assert total in span
    outside = next(x for x in range(1, 1 << 12) if x not in span)
    assert span.reduce(outside)[0]
    assert isinstance(products([3], 2), list)
    assert Product((), 0).cost == 0
