"""Inner products with constants, compared with a threshold: the objects, and the names by which they are known.

`get`, `names`, `register` and `unregister` are those of a `qattn.lookups.registry.Registry`.
"""

from __future__ import annotations

from qattn.arithmetic.base import InnerProduct
from qattn.arithmetic.carry_save import CarrySave
from qattn.arithmetic.comparison import Comparison
from qattn.arithmetic.phase import Phase
from qattn.arithmetic.ripple import Ripple
from qattn.lookups.registry import Registry

__all__ = ["Comparison", "InnerProduct", "get", "names", "register", "unregister"]

_REGISTRY: Registry[InnerProduct] = Registry(
    "arithmetic",
    InnerProduct,  # type: ignore[type-abstract]
    {
        "phase": Phase(),
        "ripple": Ripple(),
        "carry_save": CarrySave(),
    },
)
get, names, register, unregister = _REGISTRY.get, _REGISTRY.names, _REGISTRY.register, _REGISTRY.unregister
