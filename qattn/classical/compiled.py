"""Compilation of the kernels by numba."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any


def available() -> bool:
    """Whether numba is installed; it is not imported by asking."""
    return importlib.util.find_spec("numba") is not None


def compiled(function: Callable[..., Any], reorder: bool = False) -> Callable[..., Any]:
    """The function as machine code that releases the interpreter lock, kept on disk where a cache can be written.

    Floating-point operations keep their order and are rounded one by one (no fast-math, no fusing), so a kernel that
    adds products in the order of `qattn.classical.exact` yields the very same scores. With `reorder` sums may be taken
    in any order and products fused: faster, and not the same in the last bits.

    numba does not notice when a kernel of another file that this one calls has changed; after editing one, remove the
    __pycache__ beside it.
    """
    from numba import njit

    fast: Any = {"reassoc", "contract"} if reorder else False
    try:
        machine: Callable[..., Any] = njit(nogil=True, error_model="numpy", fastmath=fast, cache=True)(function)
    except RuntimeError:  # a read-only installation without a cache directory: compile in every process
        machine = njit(nogil=True, error_model="numpy", fastmath=fast)(function)
    return machine


def reordered(function: Callable[..., Any]) -> Callable[..., Any]:
    """`compiled` with sums in any order, for what need not be the same to the last bit."""
    return compiled(function, reorder=True)


def inner(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of compiled kernels, not to be called from Python: it compiles in half the time."""
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True}
    machine: Callable[..., Any] = njit(**options)(function)
    return machine
