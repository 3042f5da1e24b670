"""Array types, and the compilation of loops over arrays by numba."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Indices = NDArray[np.int64]
Bits = NDArray[np.bool_]
Words = NDArray[np.uint64]


def available() -> bool:
    """Whether numba is installed; it is not imported by asking."""
    return importlib.util.find_spec("numba") is not None


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as machine code that releases the interpreter lock, kept on disk where a cache can be written.

    Floating-point operations keep their order and are rounded one by one (no fast-math, no fusing), so a kernel that
    adds products in the order of `qattn.classical.exact` yields the very same scores.

    numba does not notice when a kernel of another file that this one calls has changed; after editing one, remove the
    __pycache__ beside it.
    """
    try:
        from numba import njit
    except ImportError as error:
        raise ImportError('this needs numba: pip install "qattn-grover[halfspace]"') from error
    try:
        machine: Callable[..., Any] = njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # a read-only installation without a cache directory: compile in every process
        machine = njit(nogil=True, error_model="numpy")(function)
    return machine
