"""Attention by quantum search, on Qiskit.

Implements "Beyond Classical Attention: Quantum Attention for Scalable Computation" (Guo, Song, Yang, Zhang).
Everything public is imported when first used, so that `import qattn` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qattn.approximation.error import estimate_error
    from qattn.approximation.sparse import SparseAttention
    from qattn.attention import attend
    from qattn.cache import AttentionCache
    from qattn.classical.halfspace import HalfSpaceReporter
    from qattn.find import find_all
    from qattn.hardware.run import forecast
    from qattn.heads import attend_heads
    from qattn.maxip import max_inner_product
    from qattn.oracles.any_circuit import phase_oracle
    from qattn.oracles.threshold import ThresholdOracle
    from qattn.result import AttentionResult
    from qattn.search.row import Found
    from qattn.search.statistics import GroverStatistics
    from qattn.show.stepper import step
    from qattn.simulator import PauliNoise, SparseSampler
    from qattn.tuning import choose

__version__ = "0.1.0"

_HOMES = {
    "AttentionCache": "qattn.cache",
    "AttentionResult": "qattn.result",
    "Found": "qattn.search.row",
    "GroverStatistics": "qattn.search.statistics",
    "HalfSpaceReporter": "qattn.classical.halfspace",
    "PauliNoise": "qattn.simulator",
    "SparseAttention": "qattn.approximation.sparse",
    "SparseSampler": "qattn.simulator",
    "ThresholdOracle": "qattn.oracles.threshold",
    "attend": "qattn.attention",
    "attend_heads": "qattn.heads",
    "choose": "qattn.tuning",
    "estimate_error": "qattn.approximation.error",
    "find_all": "qattn.find",
    "forecast": "qattn.hardware.run",
    "max_inner_product": "qattn.maxip",
    "phase_oracle": "qattn.oracles.any_circuit",
    "step": "qattn.show.stepper",
}

_ROOMS = ("arithmetic", "lookups")  # where names can be registered: `qattn.lookups.register`

__all__ = [
    "AttentionCache",
    "AttentionResult",
    "Found",
    "GroverStatistics",
    "HalfSpaceReporter",
    "PauliNoise",
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
    "phase_oracle",
    "step",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return import_module(f"qattn.{name}")
    raise AttributeError(f"module 'qattn' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
