from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from qiskit.circuit import QuantumCircuit

import qattn.arithmetic
import qattn.lookups
from qattn.lookups import Lookup
from qattn.lookups.unary import Unary, unary


class Mine(Lookup):
    def build(self, words: np.ndarray, width: int) -> QuantumCircuit:
        return unary(words, width)


def test_a_name_comes_and_goes() -> None:
    mine, names = Mine(), qattn.lookups.names()
    assert mine.name == "Mine"
    qattn.lookups.register("mine", mine)
    try:
        assert qattn.lookups.get("mine") is mine
        assert qattn.lookups.names() == (*names, "mine")
        qattn.lookups.register("mine", mine)  # the same once more changes nothing
        with pytest.raises(ValueError, match="mine are taken"):
            qattn.lookups.register("mine", Mine())
    finally:
        qattn.lookups.unregister("mine")
    assert qattn.lookups.names() == names
    with pytest.raises(ValueError, match="'mine'"):
        qattn.lookups.get("mine")


def test_importing_the_package_is_enough() -> None:
    code = "import qattn; qattn.lookups.get('unary'); qattn.arithmetic.get('phase')"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_refused() -> None:
    @dataclass
    class Unhashable(Mine):
        size: int = 1

    with pytest.raises(ValueError, match="taken"):
        qattn.lookups.register("unary", Mine())
    with pytest.raises(ValueError, match="choose another"):
        qattn.lookups.register("", Mine())
    with pytest.raises(ValueError, match="no lookup"):
        qattn.lookups.register("function", unary)
    with pytest.raises(ValueError, match="frozen"):
        qattn.lookups.get(Unhashable())
    with pytest.raises(ValueError, match="stay"):
        qattn.lookups.unregister("unary")
    for nothing in (None, 3, unary, Unary):
        with pytest.raises(ValueError, match=r"choose one of table.*qattn\.lookups\.Lookup"):
            qattn.lookups.get(nothing)
    with pytest.raises(ValueError, match=r"choose one of phase.*qattn\.arithmetic\.InnerProduct"):
        qattn.arithmetic.get(Unary())
