"""Lookups of classical data, |j>|x> -> |j>|x xor word_j>: the objects, and the names by which they are known.

A lookup of your own is a subclass of `Lookup` with a method `build`; give the object itself wherever a lookup is asked
for, or a name to it:

    qattn.lookups.register("toy", Toy())
    attend(Q, K, V, tau, lookup="toy")
"""

from __future__ import annotations

from qattn.lookups.base import Lookup
from qattn.lookups.bucket_brigade import BucketBrigade
from qattn.lookups.select_swap import SelectSwap
from qattn.lookups.table import Table
from qattn.lookups.unary import Unary

__all__ = ["Lookup", "get", "names", "register"]

_NAMED: dict[str, Lookup] = {
    "table": Table(),
    "unary": Unary(),
    "select_swap": SelectSwap(),
    "bucket_brigade": BucketBrigade(),
}


def names() -> tuple[str, ...]:
    """The names of all lookups, the package's own first."""
    return tuple(_NAMED)


def get(lookup: str | Lookup) -> Lookup:
    """The lookup of that name; a lookup is returned as it is.

    Raises:
        ValueError: when the name is unknown, or the object is no lookup, or cannot be hashed.
    """
    if isinstance(lookup, Lookup):
        if type(lookup).__hash__ is None:
            raise ValueError(f"lookup = {lookup!r} cannot be hashed; make its class a dataclass(frozen=True)")
        return lookup
    if not isinstance(lookup, str) or lookup not in _NAMED:
        raise ValueError(f"lookup = {lookup!r}; choose one of {', '.join(_NAMED)}, or give a qattn.lookups.Lookup")
    return _NAMED[lookup]


def register(name: str, lookup: Lookup) -> None:
    """Make a lookup known by a name, in this process.

    From then on it is also among the forms that an objective chooses from, by its own prices.

    Raises:
        ValueError: when the name is empty or taken by another, or the object is no `Lookup`.
    """
    if not isinstance(lookup, Lookup):
        raise ValueError(f"lookup = {lookup!r}; give an object of a subclass of qattn.lookups.Lookup")
    if not name or _NAMED.get(name, lookup) != lookup:
        raise ValueError(f"name = {name!r}; choose another, {', '.join(_NAMED)} are taken")
    _NAMED[name] = lookup
