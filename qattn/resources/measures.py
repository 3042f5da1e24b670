"""What a row's search and its classical scan are compared by: operations, time on stated machines, equal hardware."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from qattn.resources.clock import layers, seconds
from qattn.resources.logical import CPU_RATE, GPU_RATE
from qattn.synthesis.cost import Cost

TOFFOLI_S = 1e-5  # seconds a logical Toffoli: the reaction time often assumed for superconducting qubits
PROBES = 32  # inverted lists that an approximate search reads


@dataclass(frozen=True)
class Rates:
    """How fast the machines are, and what they may do.

    Attributes:
        cpu: multiply-adds a second; by default those of float32 on a desktop processor.
        gpu: multiply-adds a second of a GPU-class machine.
        toffoli_s: seconds of a logical Toffoli.
        at_once: Toffolis that run at once, see `qattn.resources.clock`; infinity: as many as the circuit allows.
        probes: inverted lists that an approximate classical search reads.
    """

    cpu: float = CPU_RATE
    gpu: float = GPU_RATE
    toffoli_s: float = TOFFOLI_S
    at_once: float = math.inf
    probes: int = PROBES

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name} = {value}; give a number above 0")
        layers(Cost(), self.at_once)


@dataclass(frozen=True)
class Instance:
    """One row's work for both sides.

    Attributes:
        n: keys.
        d: components.
        bits: of a component.
        k: keys a row finds.
        assumption: how a load is paid for.
        step: cost of one Grover iteration.
        iterations: of the row.
    """

    n: int
    d: int
    bits: int
    k: int
    assumption: str
    step: Cost
    iterations: float


@dataclass(frozen=True)
class Measure:
    """One way to compare a row's search with a row's scan.

    Attributes:
        name: short.
        quantum: what the search costs.
        classical: what the scan costs, in the same unit.
    """

    name: str
    quantum: Callable[[Instance], float]
    classical: Callable[[Instance], float]


def measures(rates: Rates) -> list[Measure]:
    """Toffolis, all gates, time against three classical searches, and time on equal hardware."""
    time = partial(_time, rates)
    return [
        Measure("Toffolis against multiply-adds", lambda one: one.iterations * one.step.toffoli, _multiply_adds),
        Measure(
            "gates against bit operations", lambda one: one.iterations * (one.step.toffoli + one.step.cnot),
            lambda one: _multiply_adds(one) * one.bits**2,
        ),
        Measure("time against a CPU", time, lambda one: _multiply_adds(one) / rates.cpu),
        Measure("time against a GPU", time, lambda one: _multiply_adds(one) / rates.gpu),
        Measure("time against approximate top-k", time, lambda one: approximate(one, rates.probes) / rates.cpu),
        Measure("steps on equal hardware", lambda one: one.iterations * layers(one.step), equal_hardware),
    ]  # fmt: skip


def _multiply_adds(one: Instance) -> float:
    return one.n * one.d


def _time(rates: Rates, one: Instance) -> float:
    return one.iterations * seconds(one.step, rates.toffoli_s, rates.at_once)


def approximate(one: Instance, probes: int = PROBES) -> float:
    """Multiply-adds of an approximate top-k by inverted lists, such as FAISS's IndexIVF: no guarantee, high recall.

    4 sqrt(n) lists, as FAISS advises for many keys: a row is compared with all their centres, then with the keys of the
    nearest ones. Building the lists, once for all rows, is left out.

    Args:
        one: the row.
        probes: lists that are read.

    Returns:
        d (lists + probes n / lists); never more than the scan.
    """
    lists = min(4 * math.sqrt(one.n), one.n)
    return min(one.d * (lists + probes * one.n / lists), _multiply_adds(one))


def equal_hardware(one: Instance) -> float:
    """Steps of a scan by as many classical units as the search has active parts, each as fast as its gates.

    A memory of n cells that answers in superposition is active: every query drives all of its routers, so its owner has
    n controlled parts. Given those, n classical units compare one key each and merge the k best in a tree: d bits^2 bit
    operations and k log2 n, a number that hardly grows, against at least sqrt(n) queries one after another. So there is
    no n from which on a circuit-built QRAM wins here, whatever its depth (Jaques and Rattew, 2305.10310); among a few
    hundred long keys it may be ahead, for a unit is granted one bit operation a step. A QRAM for one Toffoli does not
    win either unless its cells are passive, and then the comparison with a single CPU is the fair one. A lookup without
    cells gets one unit for as many qubits as hold a key.

    Args:
        one: the row.

    Returns:
        Bit operations one after another.
    """
    cells = one.n if one.assumption not in ("unary", "select_swap") else one.step.qubits // (one.d * one.bits)
    units = min(max(cells, 1), one.n)
    return -(-one.n // units) * one.d * one.bits**2 + one.k * math.log2(one.n)
