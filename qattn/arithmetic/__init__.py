"""Inner products with constants, compared with a threshold: the objects, and the names by which they are known."""

from __future__ import annotations

from qattn.arithmetic.base import Comparison, InnerProduct
from qattn.arithmetic.carry_save import CarrySave
from qattn.arithmetic.phase import Phase
from qattn.arithmetic.ripple import Ripple

__all__ = ["Comparison", "InnerProduct", "get", "names", "register"]

_NAMED: dict[str, InnerProduct] = {
    "phase": Phase(),
    "ripple": Ripple(),
    "carry_save": CarrySave(),
}


def names() -> tuple[str, ...]:
    """The names of all inner products, the package's own first."""
    return tuple(_NAMED)


def get(arithmetic: str | InnerProduct) -> InnerProduct:
    """The inner product of that name; an inner product is returned as it is.

    Raises:
        ValueError: when the name is unknown, or it is no inner product, or none that can be hashed.
    """
    if isinstance(arithmetic, InnerProduct):
        if type(arithmetic).__hash__ is None:
            raise ValueError(f"arithmetic = {arithmetic!r} cannot be hashed; make its class a dataclass(frozen=True)")
        return arithmetic
    if not isinstance(arithmetic, str) or arithmetic not in _NAMED:
        known = ", ".join(_NAMED)
        raise ValueError(f"arithmetic = {arithmetic!r}; choose one of {known}, or give a qattn.arithmetic.InnerProduct")
    return _NAMED[arithmetic]


def register(name: str, arithmetic: InnerProduct) -> None:
    """Make an inner product known by a name, in this process; see `qattn.lookups.register`.

    Raises:
        ValueError: when the name is empty or taken by another, or the object is no `InnerProduct`.
    """
    if not isinstance(arithmetic, InnerProduct):
        raise ValueError(f"arithmetic = {arithmetic!r}; give an object of a subclass of qattn.arithmetic.InnerProduct")
    if not name or _NAMED.get(name, arithmetic) != arithmetic:
        raise ValueError(f"name = {name!r}; choose another, {', '.join(_NAMED)} are taken")
    _NAMED[name] = arithmetic
