"""Inner products with constants, compared with a threshold: the objects, and the names by which they are known."""

from __future__ import annotations

from qattn.arithmetic.base import Comparison, InnerProduct
from qattn.arithmetic.carry_save import CarrySave
from qattn.arithmetic.phase import Phase
from qattn.arithmetic.ripple import Ripple

__all__ = ["Comparison", "InnerProduct", "get", "names", "register"]

_OWN: dict[str, InnerProduct] = {
    "phase": Phase(),
    "ripple": Ripple(),
    "carry_save": CarrySave(),
}
_NAMED = dict(_OWN)


def names() -> tuple[str, ...]:
    """The names of all inner products, the package's own first."""
    return tuple(_NAMED)


def get(arithmetic: str | InnerProduct) -> InnerProduct:
    """The inner product of that name; an inner product is returned as it is.

    Raises:
        ValueError: when the name is unknown, or it is no inner product at all; the message lists the names.
    """
    if isinstance(arithmetic, InnerProduct):
        return arithmetic
    if not isinstance(arithmetic, str) or arithmetic not in _NAMED:
        known = ", ".join(_NAMED)
        raise ValueError(f"arithmetic = {arithmetic!r}; choose one of {known}, or give a qattn.arithmetic.InnerProduct")
    return _NAMED[arithmetic]


def register(name: str, arithmetic: InnerProduct) -> None:
    """Make an inner product known by a name, in this process; see `qattn.lookups.register`.

    Raises:
        ValueError: when the name is one of the package's own or empty, or the object is no `InnerProduct`.
    """
    if name in _OWN or not name:
        raise ValueError(f"name = {name!r}; choose another, {', '.join(_OWN)} are the package's own")
    if not isinstance(arithmetic, InnerProduct):
        raise ValueError(f"arithmetic = {arithmetic!r}; give an object of a subclass of qattn.arithmetic.InnerProduct")
    _NAMED[name] = arithmetic
