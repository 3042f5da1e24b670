"""Attention by quantum search, on Qiskit.

Implements "Beyond Classical Attention: Quantum Attention for Scalable Computation" (Guo, Song, Yang, Zhang).
Everything public is imported when first used, so that `import qattn` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qattn.accuracy import estimate_error
    from qattn.attention import attend
    from qattn.choice import choose
    from qattn.classical.halfspace import HalfSpaceReporter
    from qattn.classical.maxip import max_inner_product
    from qattn.hardware import forecast
    from qattn.heads import attend_heads
    from qattn.oracle.threshold import ThresholdOracle
    from qattn.result import AttentionResult
    from qattn.search.find import Found, find_all
    from qattn.search.statistics import GroverStatistics
    from qattn.simulator import SparseSampler
    from qattn.sparse import SparseAttention

__version__ = "0.1.0"

_HOMES = {
    "AttentionResult": "qattn.result",
    "Found": "qattn.search.find",
    "GroverStatistics": "qattn.search.statistics",
    "HalfSpaceReporter": "qattn.classical.halfspace",
    "SparseAttention": "qattn.sparse",
    "SparseSampler": "qattn.simulator",
    "ThresholdOracle": "qattn.oracle.threshold",
    "attend": "qattn.attention",
    "attend_heads": "qattn.heads",
    "choose": "qattn.choice",
    "estimate_error": "qattn.accuracy",
    "find_all": "qattn.search.find",
    "forecast": "qattn.hardware",
    "max_inner_product": "qattn.classical.maxip",
}

__all__ = [
    "AttentionResult",
    "Found",
    "GroverStatistics",
    "HalfSpaceReporter",
    "SparseAttention",
    "SparseSampler",
    "ThresholdOracle",
    "attend",
    "attend_heads",
    "choose",
    "estimate_error",
    "find_all",
    "forecast",
    "max_inner_product",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'qattn' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
