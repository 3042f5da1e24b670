"""Compilation of the kernels by numba, an optional dependency (extra `halfspace`)."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any


def available() -> bool:
    """Whether numba is installed; it is not imported by asking."""
    return importlib.util.find_spec("numba") is not None


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as machine code that releases the interpreter lock, kept on disk where a cache can be written.

    Floating-point operations keep their order and are rounded one by one (no fast-math, no fusing), so a kernel that
    adds products in the order of `qattn.classical.exact` yields the very same scores.
    """
    try:
        from numba import njit
    except ImportError as error:
        raise ImportError('this needs numba: pip install "qattn-grover[halfspace]"') from error
    try:
        return njit(nogil=True, cache=True, error_model="numpy")(function)
    except RuntimeError:  # a read-only installation without a cache directory: compile in every process
        return njit(nogil=True, error_model="numpy")(function)
