"""What one query costs, predicted without building a circuit, and counted in the built one.

The oracle is the one with the fewest Toffolis, carry-save over whole keys, on the instance `cost_instance(n, d, bits)`.
Up to `PREDICTED` key bits the numbers are the predicted ones, which equal the gates counted in the built circuit;
beyond, the lookup follows its `shape_cost` and the inner product is that of a smaller instance.
"""

from __future__ import annotations

import math
import random
from dataclasses import replace
from functools import lru_cache

from qiskit.circuit import QuantumCircuit, QuantumRegister

from qattn.arithmetic.bit_heap import network
from qattn.arithmetic.carry_save import compress_cost
from qattn.arithmetic.comparison import Comparison
from qattn.lookups.base import Lookup
from qattn.oracles.design import Form
from qattn.oracles.threshold import ThresholdOracle
from qattn.resources.assumed import QRAM, resolve
from qattn.search.grover import diffusion, uniform
from qattn.synthesis.cost import Cost, count
from qattn.synthesis.gates import measured, temporary_and, undo_and
from qattn.synthesis.registers import index_bits, multi_controlled_z

PREDICTED = 1 << 21  # key bits, n d bits, up to which the lookup's cost is taken from the data
REFERENCE = 256  # keys of the instance whose inner product stands for all larger ones
WIDEST = 128  # components up to which the inner product is counted


def cost_instance(n: int, d: int, bits: int, seed: int = 7) -> tuple[list[int], list[list[int]], int]:
    """(q, K, tau): uniform `bits`-bit signed integers, tau such that about sqrt(n)/4 keys reach it.

    Args:
        n: keys.
        d: components.
        bits: of a component, signed.
        seed: of the instance.

    Returns:
        Plain Python integers.
    """
    rng = random.Random(f"{seed}-{n}-{d}-{bits}")
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    q = [rng.randint(low, high) for _ in range(d)]
    K = [[rng.randint(low, high) for _ in range(d)] for _ in range(n)]
    scores = sorted((sum(a * x for a, x in zip(q, row, strict=True)) for row in K), reverse=True)
    return q, K, scores[max(1, round(n**0.5 / 4)) - 1]


@lru_cache(maxsize=8)
def instance_comparison(n: int, d: int, bits: int) -> Comparison:
    """The comparison of `cost_instance`.

    Args:
        n: keys.
        d: components.
        bits: of a component.

    Returns:
        Its integers, from which every form of the oracle is priced and built.
    """
    q, K, tau = cost_instance(n, d, bits)
    return ThresholdOracle.from_row(q, K, tau, bits=bits).comparison


@lru_cache(maxsize=1024)
def query_cost(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap", *, predicted: bool = True) -> Cost:
    """One query: load, inner product, Z, undo, by the measured rendering.

    Args:
        n: keys.
        d: components of a key.
        bits: bits of a component.
        lookup: one of `LOOKUPS`, another name of `qattn.lookups`, or a `Lookup`.
        predicted: take the lookup from the data where there are few enough; False prices it by shape for every n.

    Returns:
        Cost of one query.

    Raises:
        ValueError: when n < 2, d < 1 or bits < 2.
    """
    check_size(n, d, bits)
    chosen = resolve(lookup)
    if predicted and chosen != QRAM and n * d * bits <= PREDICTED:
        return Form.of(chosen, "carry_save").cost(instance_comparison(n, d, bits))
    arithmetic, loaded = arithmetic_cost(n, d, bits)
    load = chosen.shape_cost(n, loaded)
    return replace(load + arithmetic, qubits=load.qubits + arithmetic.qubits - loaded)


def counted_cost(n: int, d: int, bits: int, lookup: str | Lookup = "select_swap") -> Cost:
    """`query_cost`, counted gate by gate in the built circuit: about 8 us a CNOT.

    Args:
        n: keys.
        d: components.
        bits: of a component.
        lookup: a circuit lookup, not "qram".

    Returns:
        Cost of one query.
    """
    check_size(n, d, bits)
    q, K, tau = cost_instance(n, d, bits)
    oracle = ThresholdOracle.from_row(
        q, K, tau, bits=bits, lookup=resolve(lookup), arithmetic="carry_save", key_layout="parallel"
    )
    return count(oracle.measured_circuit)


def arithmetic_cost(n: int, d: int, bits: int) -> tuple[Cost, int]:
    """The inner product, Z and undo alone, counted, and how many key bits it reads.

    For n > 256 as for 256 keys: the row decides this cost, the keys only move the threshold and with it an AND or two.
    For d > 128 in proportion to d, which is a few percent too much: longer rows share more sums.

    Args:
        n: keys.
        d: components.
        bits: of a component.

    Returns:
        The cost, the loaded key bits among its qubits, and the number of those bits.
    """
    cost, loaded = _arithmetic(min(n, REFERENCE), min(d, WIDEST), bits)
    if d <= WIDEST:
        return cost, loaded
    scaled = {name: value * d // WIDEST for name, value in cost.to_dict().items()}
    depth = cost.toffoli_depth + 4 * math.ceil(math.log2(d / WIDEST))
    return Cost(**{**scaled, "toffoli_depth": depth}), loaded * d // WIDEST


@lru_cache(maxsize=64)
def _arithmetic(n: int, d: int, bits: int) -> tuple[Cost, int]:
    what = instance_comparison(n, d, bits)
    net = network(what.A, what.T, what.bits, what.width)
    return replace(compress_cost(net), qubits=net.wires), len(net.keys)


def iteration_cost(n: int, query: Cost) -> Cost:
    """A Grover iteration: one query and the reflection about the uniform state.

    Args:
        n: keys.
        query: cost of one query.

    Returns:
        Cost of one iteration.
    """
    return query + reflection_cost(n)


@lru_cache(maxsize=256)
def reflection_cost(n: int, *, by_measurement: bool = False) -> Cost:
    """The reflection about the uniform state over n keys.

    Args:
        n: keys.
        by_measurement: its ladder of ANDs is undone by measurement; False: as `qattn.search.grover.diffusion` builds
            it, by an X with controls on all other index bits, 2 k - 3 Toffolis for k of them.

    Returns:
        The cost of one.
    """
    if not by_measurement:
        return count(diffusion(n))
    return count(uniform(n)).times(2) + controlled_z_cost(index_bits(n), by_measurement=True)


@lru_cache(maxsize=256)
def controlled_z_cost(bits: int, *, by_measurement: bool = False) -> Cost:
    """-1 on the state in which so many qubits are 1: the heart of a reflection, and what excludes one found key.

    Args:
        bits: qubits, 1 or more.
        by_measurement: by `ladder_z`, undone by measurement; False: by an X with bits - 1 controls, as it is built.

    Returns:
        2 bits - 5 Toffolis as it is built, bits - 2 by measurement (for 3 bits or more).
    """
    if by_measurement:
        return count(measured(ladder_z(bits)))
    circuit = QuantumCircuit(bits)
    multi_controlled_z(circuit, circuit.qubits)
    return count(circuit)


def ladder_z(bits: int) -> QuantumCircuit:
    """|x>|0> -> (-1)^[x = 1..1] |x>|0> by a ladder of ANDs, registers index and and, that are undone in reverse.

    Args:
        bits: qubits of index, 1 or more.

    Returns:
        The circuit; `qattn.synthesis.gates.measured` undoes the ANDs by measurement.
    """
    index, ands = QuantumRegister(bits, "index"), QuantumRegister(max(bits - 2, 0), "and")
    circuit = QuantumCircuit(index, ands)
    steps = [(ands[i - 1] if i else index[0], index[i + 1], ands[i]) for i in range(len(ands))]
    for step in steps:
        temporary_and(circuit, *step)
    multi_controlled_z(circuit, [ands[-1] if ands.size else index[0], index[-1]] if bits > 1 else index[:])
    for step in reversed(steps):
        undo_and(circuit, *step)
    return circuit


def check_size(n: int, d: int, bits: int) -> None:
    """Refuse sizes that no query has.

    Args:
        n: keys.
        d: components.
        bits: of a component.

    Raises:
        ValueError: when n < 2, d < 1 or bits < 2.
    """
    if n < 2 or d < 1 or bits < 2:
        raise ValueError(f"n = {n}, d = {d}, bits = {bits}; give n >= 2, d >= 1 and bits >= 2")
