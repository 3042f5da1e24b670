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

_OWN: dict[str, Lookup] = {
    "table": Table(),
    "unary": Unary(),
    "select_swap": SelectSwap(),
    "bucket_brigade": BucketBrigade(),
}
_NAMED = dict(_OWN)


def names() -> tuple[str, ...]:
    """The names of all lookups, the package's own first."""
    return tuple(_NAMED)


def get(lookup: str | Lookup) -> Lookup:
    """The lookup of that name; a lookup is returned as it is.

    Raises:
        ValueError: when the name is unknown, or it is no lookup at all; the message lists the names.
    """
    if isinstance(lookup, Lookup):
        return lookup
    if not isinstance(lookup, str) or lookup not in _NAMED:
        raise ValueError(f"lookup = {lookup!r}; choose one of {', '.join(_NAMED)}, or give a qattn.lookups.Lookup")
    return _NAMED[lookup]


def register(name: str, lookup: Lookup) -> None:
    """Make a lookup known by a name, in this process.

    From then on it is also among the forms that an objective chooses from, by its own prices. A name may be given
    again, to another lookup; those of the package's own stay.

    Raises:
        ValueError: when the name is one of the package's own or empty, or the object is no `Lookup`.
    """
    if name in _OWN or not name:
        raise ValueError(f"name = {name!r}; choose another, {', '.join(_OWN)} are the package's own")
    if not isinstance(lookup, Lookup):
        raise ValueError(f"lookup = {lookup!r}; give an object of a subclass of qattn.lookups.Lookup")
    _NAMED[name] = lookup
