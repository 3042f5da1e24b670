"""The families of oracles a row can be searched with, by name: `attend(..., oracle=name)`."""

from __future__ import annotations

from collections.abc import Callable

from qattn.oracles.base import CircuitOracle
from qattn.oracles.threshold import ThresholdOracle
from qattn.oracles.truth_table import TruthTableOracle

Family = Callable[[ThresholdOracle], CircuitOracle]


def arithmetic(row: ThresholdOracle) -> CircuitOracle:
    """The row's own circuit: keys loaded, compared and unloaded."""
    return row


_FAMILIES: dict[str, Family] = {"arithmetic": arithmetic, "truth_table": TruthTableOracle}


def register(name: str, family: Family) -> None:
    """Add a family under a name; it gets the row's `ThresholdOracle` and returns the oracle to search.

    Args:
        name: for `attend(..., oracle=name)`.
        family: gets a row's `ThresholdOracle`, returns the oracle to search.

    Raises:
        ValueError: when the name is taken.
    """
    if _FAMILIES.get(name, family) is not family:
        raise ValueError(f"there is an oracle family {name!r} already; choose another name")
    _FAMILIES[name] = family


def unregister(name: str) -> None:
    """Forget a family that `register` added."""
    _FAMILIES.pop(name, None)


def get(family: str | Family) -> Family:
    """The family of that name; a function of your own stays what it is.

    Raises:
        ValueError: when there is no such name.
    """
    if not isinstance(family, str):
        return family
    if family not in _FAMILIES:
        raise ValueError(f"oracle = {family!r}; choose one of {', '.join(_FAMILIES)}, or pass a function")
    return _FAMILIES[family]
