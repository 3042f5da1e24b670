"""The forms an oracle can take: which lookup, which inner product, whole keys or one component at a time."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import QuantumCircuit

from qattn.arithmetic.carry_save import carry_save
from qattn.arithmetic.phase import phase_accumulator
from qattn.arithmetic.ripple import ripple

LOOKUPS = ("table", "unary", "select_swap", "bucket_brigade")
ARITHMETICS = ("phase", "ripple", "carry_save")
LAYOUTS = ("streamed", "parallel")
OBJECTIVES = ("qubits", "toffoli", "depth")


@dataclass(frozen=True)
class Form:
    """How an oracle is built.

    Attributes:
        lookup: "table", "unary", "select_swap" or "bucket_brigade".
        arithmetic: "phase", "ripple" or "carry_save".
        key_layout: "streamed" or "parallel".
    """

    lookup: str
    arithmetic: str
    key_layout: str

    def __post_init__(self) -> None:
        for name, value, known in (
            ("lookup", self.lookup, LOOKUPS),
            ("arithmetic", self.arithmetic, ARITHMETICS),
            ("key_layout", self.key_layout, LAYOUTS),
        ):
            if value not in known:
                raise ValueError(f"{name} = {value!r}; choose one of {', '.join(known)}")
        if self.arithmetic == "carry_save" and self.key_layout == "streamed":
            raise ValueError("carry_save keeps every key bit until its undo; use key_layout = 'parallel'")


def all_forms() -> list[Form]:
    """Every lookup with every arithmetic and layout that go together."""
    kinds = itertools.product(LOOKUPS, ARITHMETICS, LAYOUTS)
    return [Form(*kind) for kind in kinds if kind[1:] != ("carry_save", "streamed")]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is compiled: A.X_j >= T for n keys, with a score register of `width` bits.

    Attributes:
        X: (n, r) keys, two's complement on `bits` bits.
        bits: width of one key component.
        A: (r,) coefficients.
        T: threshold.
        width: two's complement bits that hold T - 1 - A.X_j for every key.
    """

    X: NDArray[np.int64]
    bits: int
    A: NDArray[np.int64]
    T: int
    width: int


def held_planes(form: Form, bits: int, rank: int) -> int:
    """Key bits the phase accumulator holds at once: one under a table, a component under lookups that cost n anyway."""
    if form.key_layout == "parallel":
        return bits * rank
    return 1 if form.lookup == "table" else bits


def compute(form: Form, what: Comparison) -> QuantumCircuit:
    """|j>|0> -> |j>|garbage>, the top qubit of register `score` being 1 exactly when A.X_j >= T."""
    if form.arithmetic == "phase":
        held = held_planes(form, what.bits, what.X.shape[1])
        coefficients = [int(a) for a in what.A]
        return phase_accumulator(
            what.X, what.bits, coefficients, what.T - 1, what.width, lookup=form.lookup, planes_at_once=held
        )
    build = ripple if form.arithmetic == "ripple" else carry_save
    return build(what.A, what.X, what.T, what.bits, what.width, lookup=form.lookup, key_layout=form.key_layout)
