"""What an oracle of each form will cost, by formula: what `qattn.synthesis.cost.count` finds in the built one.

ANDs, T, CNOTs, measurements, rotations and qubits follow from n, the words' bits and the row's digits. The Toffoli
depth of a lookup is that of its ANDs alone, taken from the lookup of empty words; stages add up, as barriers part them.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
from qiskit.circuit import QuantumCircuit

from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import compress
from qattn.arithmetic.phase import planes
from qattn.arithmetic.ripple import signed_digits
from qattn.lookups.bucket_brigade import Tree, routing_ands
from qattn.lookups.loading import key_bits
from qattn.lookups.monomials import Bits, Halves, spectrum
from qattn.lookups.select_swap import best_block, block_load, load_ands, select_swap, slices
from qattn.lookups.table import load
from qattn.oracles.design import OBJECTIVES, Comparison, Form, all_forms, held_planes
from qattn.synthesis.cost import Cost, count, phase_cost
from qattn.synthesis.gates import measured, unitary
from qattn.synthesis.registers import index_bits


def predict(form: Form, what: Comparison, *, by_measurement: bool = True) -> Cost:
    """Cost of one query: the phase form of the oracle, in its measured or its unitary rendering."""
    stages = {"phase": _phase, "ripple": _ripple, "carry_save": _carry_save}[form.arithmetic]
    return stages(form, what, by_measurement)


def choose(objective: str, what: Comparison) -> Form:
    """The form with the fewest qubits, Toffolis (measured rendering), or least Toffoli depth.

    For "toffoli" and "depth" the phase accumulator is left out: its rotations are neither, and dearer than both.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective = {objective!r}; choose one of {', '.join(OBJECTIVES)}")
    costs = {form: predict(form, what, by_measurement=objective != "qubits") for form in all_forms()}
    if objective != "qubits":
        costs = {form: cost for form, cost in costs.items() if form.arithmetic != "phase"}

    def key(form: Form) -> tuple[int, ...]:
        cost = costs[form]
        first = {"qubits": cost.qubits, "toffoli": cost.toffoli, "depth": cost.toffoli_depth}[objective]
        return first, cost.toffoli + cost.rotations, cost.qubits

    return min(costs, key=key)


def _ands(computed: int, undone: int, cnot: int, depth: int, by_measurement: bool) -> Cost:
    """So many ANDs computed and undone, with so many CNOTs."""
    if by_measurement:
        return Cost(0, computed, 4 * computed, cnot, undone, depth, fixups=undone)
    return Cost(0, computed + undone, 4 * (computed + undone), cnot, 0, depth)


# lookups -------------------------------------------------------------------------------------------------------


def lookup_cost(kind: str, data: Bits, *, by_measurement: bool = True, backwards: bool = False) -> Cost:
    """|j>|x> -> |j>|x xor word_j>, for (n, bits) words; the inverse circuit differs at most in depth."""
    n, bits = data.shape
    qubits, depth = index_bits(n) + bits, _lookup_depth(kind, n, bits, by_measurement)[backwards]
    if kind == "table":
        return replace(_table(data), qubits=qubits)
    if kind == "unary":
        ands = max(0, n - 2)
        cnot = 2 * ands + (int(data.sum()) if n > 1 else 0)
        return replace(_ands(ands, ands, cnot, depth, by_measurement), qubits=qubits + max(0, index_bits(n) - 1))
    if kind == "bucket_brigade":
        ancillas = 0 if n == 1 else sum(Tree(n).routers) + sum(Tree(n).nodes)
        cost = _ands(routing_ands(n), routing_ands(n), _brigade_cnots(data), depth, by_measurement)
        return replace(cost, qubits=qubits + ancillas)
    there, back = _block(data, by_measurement)
    copies = Cost(qubits=there.qubits + bits, cnot=bits)
    return replace(there + copies + back, toffoli_depth=depth)


def load_cost(kind: str, data: Bits, *, by_measurement: bool = True) -> tuple[Cost, Cost]:
    """Loading (n, bits) words from |0>, and clearing them again; see `qattn.lookups.loading`."""
    n, bits = data.shape
    if not bits:
        return Cost(index_bits(n)), Cost()
    if kind == "select_swap":
        return _block(data, by_measurement)
    there = lookup_cost(kind, data, by_measurement=by_measurement)
    if not by_measurement:
        return there, there
    halves = Halves.of(n)
    ands = sum(halves.ancillas)
    depth = max(_monomial_depth(halves.lows), _monomial_depth(halves.highs))
    back = _ands(ands, ands, 0, depth, True) + Cost(measurements=bits, fixups=_fixups(spectrum(data), halves))
    return there, replace(back, qubits=there.qubits + ands)


def _table(data: Bits) -> Cost:
    coefficients = spectrum(np.concatenate([data, np.zeros(((1 << index_bits(len(data))) - len(data), data.shape[1]))]))
    controls = np.array([mask.bit_count() for mask in range(len(coefficients))])
    toffoli = np.where(controls > 2, 2 * controls - 3, controls == 2).astype(int)
    per_bit = toffoli @ coefficients.astype(int)
    total = int(per_bit.sum())
    return Cost(0, total, 7 * total, int(coefficients[controls == 1].sum()), 0, int(per_bit.max(initial=0)))


def _block(data: Bits, by_measurement: bool) -> tuple[Cost, Cost]:
    """`block_load` and its inverse."""
    n, bits = data.shape
    block = best_block(n, bits)
    loaded, products = slices(data, block)
    halves, coefficients = Halves.of(len(loaded)), spectrum(loaded)
    once = load_ands(n, bits, block)
    kept = sum(halves.ancillas)
    walked = len(coefficients) - 1 - (len(coefficients) - 1).bit_length() - kept
    select = sum(len(p.outputs) if p.k is None else 2 + 2 * len(p.outputs) for p in products)
    load = int(coefficients[1:].sum())
    there = _ands(once, walked, load + select, _block_depth(n, block, by_measurement)[0], by_measurement)
    slot = block - 1 - (block - 1).bit_length()
    qubits = index_bits(n) + loaded.shape[1] + len(products) + slot + kept + 1
    there = replace(there, qubits=qubits)
    if not by_measurement:
        return there, there
    back = _ands(0, once - walked, select, _block_depth(n, block, True)[1], True)
    return there, back + Cost(measurements=loaded.shape[1], fixups=_fixups(coefficients, halves))


def _fixups(coefficients: Bits, halves: Halves) -> int:
    """CZ of all measured bits: monomials with a part in both halves."""
    masks = np.arange(len(coefficients))
    both = (masks >= halves.lows) & (masks % halves.lows > 0)
    return int(coefficients[both].sum())


def _monomial_depth(masks: int) -> int:
    return max(0, max(mask.bit_count() for mask in range(masks)) - 1)


def _brigade_cnots(data: Bits) -> int:
    """Moves (2 CNOTs), right turns (1), and the reports of the leaves, there and back."""
    if len(data) == 1:
        return 0
    tree = Tree(len(data))
    depth = len(tree.routers)
    moves = depth + sum(tree.routers) + sum(tree.nodes[level] * (depth - level) for level in range(depth))
    total, live = 2 * (2 * moves + routing_ands(len(data))), data
    for _ in range(depth):
        total += 2 * int(live.sum())
        live = np.concatenate([live, np.zeros((len(live) % 2, live.shape[1]), dtype=bool)])
        live = live[0::2] | live[1::2]
    return total + int(live.sum())


@lru_cache(maxsize=256)
def _lookup_depth(kind: str, n: int, bits: int, by_measurement: bool) -> tuple[int, int]:
    """Toffoli depth of a lookup and of its inverse, from empty words."""
    empty = np.zeros(n, dtype=np.int64)
    if kind == "table":
        return 0, 0
    if kind == "select_swap":
        return _both_depths(select_swap(empty, 1, best_block(n, bits)), by_measurement)
    return _both_depths(load(kind, empty, 1), by_measurement)


@lru_cache(maxsize=256)
def _block_depth(n: int, block: int, by_measurement: bool) -> tuple[int, int]:
    return _both_depths(block_load(np.zeros(n, dtype=np.int64), 1, block), by_measurement)


def _both_depths(circuit: QuantumCircuit, by_measurement: bool) -> tuple[int, int]:
    return _depth(circuit, by_measurement), _depth(circuit.inverse(), by_measurement)


def _depth(circuit: QuantumCircuit, by_measurement: bool) -> int:
    return count(measured(circuit) if by_measurement else unitary(circuit)).toffoli_depth


# oracles -------------------------------------------------------------------------------------------------------


def _carry_save(form: Form, what: Comparison, by_measurement: bool) -> Cost:
    net = network(what.A, what.T, what.bits, what.width)
    there, back = load_cost(form.lookup, key_bits(what.X, what.bits)[:, list(net.keys)], by_measurement=by_measurement)
    ancillas = net.wires - len(net.keys)
    cnot = 2 * sum(name == "cx" for name, _ in net.ops)
    depth = _depth(compress(net), True) * (1 if by_measurement else 2)
    heap = _ands(net.ands, net.ands, cnot, depth, by_measurement)
    return _with_ancillas(there, heap, back, ancillas)


def _ripple(form: Form, what: Comparison, by_measurement: bool) -> Cost:
    used = np.flatnonzero(what.A).tolist()
    data = key_bits(what.X, what.bits).reshape(len(what.X), -1, what.bits)[:, used]
    adders = Cost()
    for c in used:
        for position, _ in signed_digits(-int(what.A[c])):
            adders += _adder(what.bits, what.width - position, by_measurement)
    adders += adders
    ancillas = 2 * what.width - 1
    if form.key_layout == "parallel":
        there, back = load_cost(form.lookup, data.reshape(len(data), -1), by_measurement=by_measurement)
        return _with_ancillas(there, adders, back, ancillas)
    base = Cost(index_bits(len(data)) + what.bits)
    return _with_ancillas(base, adders, _streamed(form.lookup, list(data.swapaxes(0, 1)), by_measurement), ancillas)


def _streamed(lookup: str, words: list[Bits], by_measurement: bool) -> Cost:
    """Each word loaded as its difference from the last, and all of it backwards."""
    total = Cost()
    for last, word in itertools.pairwise([np.zeros_like(word) for word in words[:1]] + words):
        for backwards in (False, True):
            total += lookup_cost(lookup, last ^ word, by_measurement=by_measurement, backwards=backwards)
    return total


def _with_ancillas(there: Cost, middle: Cost, back: Cost, ancillas: int) -> Cost:
    qubits = max(there.qubits, back.qubits) + ancillas
    return replace(there + middle + back, qubits=qubits)


def _adder(bits: int, width: int, by_measurement: bool) -> Cost:
    """Key of `bits` bits added to `width` bits; see `qattn.arithmetic.ripple.add`."""
    if width < 1:
        return Cost()
    ands, overlap = width - 1, min(bits, width)
    inner = max(0, min(overlap, ands) - 1)
    cnot = 5 * inner + ands + (width > 1) + (overlap == width)
    return _ands(ands, ands, cnot, ands if by_measurement else 2 * ands, by_measurement)


def _phase(form: Form, what: Comparison, by_measurement: bool) -> Cost:
    held = held_planes(form, what.bits, what.X.shape[1])
    groups = planes(what.X, what.bits, held)
    words = [np.zeros((len(what.X), held), dtype=bool) for _ in groups]
    for word, group in zip(words, groups, strict=True):
        for slot, (c, t) in enumerate(group):
            word[:, slot] = what.X[:, c] >> t & 1
    lookups = _streamed(form.lookup, words, by_measurement)
    total = Cost()
    for r in range(what.width):
        total += _turn(what.T - 1, r, 0)
        for c, t in (plane for group in groups for plane in group):
            total += _turn(int(what.A[c]) << t, r, 1)
        for s in range(r):
            total += phase_cost(math.pi / 2 ** (r - s), 1)
    qubits = max(lookups.qubits, index_bits(len(what.X)) + held) + what.width
    return replace(lookups + total + total, qubits=qubits)


def _turn(weight: int, r: int, controls: int) -> Cost:
    """Adding an integer to qubit r of the Fourier score."""
    residue = weight % (1 << (r + 1))
    return phase_cost(2 * math.pi * residue / (1 << (r + 1)), controls) if residue else Cost()
