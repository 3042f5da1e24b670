"""Lookups of classical data, |j>|x> -> |j>|x xor word_j>: the objects, and the names by which they are known.

A lookup of your own is a subclass of `Lookup` with a method `build`; give the object itself wherever a lookup is asked
for, or a name to it:

    qattn.lookups.register("toy", Toy())
    attend(Q, K, V, tau, lookup="toy")

`get`, `names`, `register` and `unregister` are those of a `qattn.lookups.registry.Registry`.
"""

from __future__ import annotations

from qattn.lookups.base import Lookup
from qattn.lookups.bucket_brigade import BucketBrigade
from qattn.lookups.registry import Registry
from qattn.lookups.select_swap import SelectSwap
from qattn.lookups.table import Table
from qattn.lookups.token_tree import TokenTree
from qattn.lookups.unary import Unary

__all__ = ["Lookup", "get", "names", "register", "unregister"]

_REGISTRY: Registry[Lookup] = Registry(
    "lookup",
    Lookup,  # type: ignore[type-abstract]
    {
        "table": Table(),
        "unary": Unary(),
        "select_swap": SelectSwap(),
        "bucket_brigade": BucketBrigade(),
        "token_tree": TokenTree(),
    },
)
get, names, register, unregister = _REGISTRY.get, _REGISTRY.names, _REGISTRY.register, _REGISTRY.unregister
