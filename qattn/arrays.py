"""Array types, what may come in as an array or a seed, and the compilation of loops over arrays by numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Indices = NDArray[np.int64]
Bits = NDArray[np.bool_]
Words = NDArray[np.uint64]
Seed = int | np.random.SeedSequence | np.random.Generator | None


class ProblemError(ValueError):
    """Inputs that are not an attention problem; the message says which array or value, and what to do."""


def real_array(name: str, array: ArrayLike, *, finite: bool = True) -> Floats:
    """An array of real numbers as float64, looked at before any cast; every array of the user's comes in here.

    Args:
        name: what messages call it.
        array: anything NumPy reads: arrays, nested lists, pandas frames, torch tensors on the CPU without a gradient.
        finite: refuse NaN and infinity.

    Returns:
        float64, contiguous, of the same shape; the array itself where it is that already.

    Raises:
        ProblemError: for complex numbers, dates, strings, objects, masked arrays, and tensors that NumPy cannot read.
    """
    values = plain_array(name, array)
    if values.dtype.kind not in "fiub":
        entry = f" (the first entry is {values.flat[0]!r:.40})" if values.dtype.kind == "O" and values.size else ""
        raise ProblemError(f"{name} has dtype {values.dtype}{entry}; it must be real numbers")
    with np.errstate(over="ignore"):
        numbers: Floats = np.asarray(values, dtype=np.float64, order="C")
    if finite and not np.isfinite(numbers).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(numbers))[0])
        place = list(where) if where else ""
        raise ProblemError(f"{name}{place} is {numbers[where]}; replace NaN and infinity by finite numbers first")
    return numbers


def plain_array(name: str, array: ArrayLike) -> NDArray[Any]:
    """An array as NumPy reads it; refuses what NumPy would read wrongly or not at all, masked arrays above all.

    Args:
        name: what messages call it.
        array: anything NumPy reads.

    Returns:
        An array of whatever dtype NumPy gives it.
    """
    _refuse_special(name, array)
    try:
        return np.asarray(array)
    except (TypeError, ValueError, RuntimeError, OverflowError) as error:
        advice = f"give numbers in a rectangle; of a tensor on a device pass {name}.cpu()"
        raise ProblemError(f"{name} cannot be read as an array ({error}); {advice}") from error


def _refuse_special(name: str, array: object) -> None:
    """What must not reach NumPy, also inside lists; torch is recognised without being imported."""
    if isinstance(array, np.ma.MaskedArray):
        words = f"pass {name}.filled(value), or {name}.data; keys are hidden by `mask=` of attend_heads"
        raise ProblemError(f"{name} is a masked array, whose mask would be lost; {words}")
    if isinstance(array, list | tuple):
        for part in array:
            if not isinstance(part, float | int | np.number):
                _refuse_special(name, part)
    elif getattr(array, "requires_grad", False):
        raise ProblemError(f"{name} requires grad, and the search has no gradient; pass {name}.detach()")
    elif str(getattr(array, "dtype", "")) == "torch.bfloat16":
        raise ProblemError(f"{name} has dtype torch.bfloat16, which NumPy does not know; pass {name}.float()")


def seed_sequence(seed: Seed) -> np.random.SeedSequence:
    """The root of a call's random numbers. A SeedSequence gives the same root each time, a Generator moves on.

    Args:
        seed: a whole number from 0 on, a numpy Generator or SeedSequence, or None for a fresh one.

    Returns:
        The root; spawn from it.

    Raises:
        ProblemError: when the seed is none of these.
    """
    if isinstance(seed, np.random.SeedSequence):
        return np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key, pool_size=seed.pool_size)
    if isinstance(seed, np.random.Generator):
        return np.random.SeedSequence(seed.integers(2**63, size=2).tolist())
    if seed is None or (isinstance(seed, int | np.integer) and seed >= 0):
        return np.random.SeedSequence(seed)
    raise ProblemError(f"seed = {seed!r}; give a whole number from 0 on, a numpy Generator (default_rng), or None")


def missing_extra(what: str, extra: str) -> ImportError:
    """The error for a dependency that comes with an extra: says which, and how to install it from a clone.

    Args:
        what: what needs it, in words.
        extra: its name in pyproject.toml.

    Returns:
        The error, to be raised by the caller.
    """
    return ImportError(f'{what} needs the extra `{extra}`; in a clone of qattn: pip install -e ".[{extra}]"')


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as machine code that releases the interpreter lock, kept on disk where a cache can be written.

    Floating-point operations keep their order and are rounded one by one (no fast-math, no fusing), so a kernel that
    adds products in the order of `qattn.classical.exact` yields the very same scores.

    numba does not notice when a kernel of another file that this one calls has changed; after editing one, remove the
    __pycache__ beside it.
    """
    from numba import njit

    try:
        machine: Callable[..., Any] = njit(nogil=True, error_model="numpy", cache=True)(function)
    except RuntimeError:  # a read-only installation without a cache directory: compile in every process
        machine = njit(nogil=True, error_model="numpy")(function)
    return machine


def inner(function: Callable[..., Any]) -> Callable[..., Any]:
    """A part of compiled kernels of the same file, not to be called from Python: it compiles in half the time."""
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True}
    machine: Callable[..., Any] = njit(**options)(function)
    return machine


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """`inner`, put into each place that calls it: a constant argument makes a version of its own."""
    from numba import njit

    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, "forceinline": True}
    machine: Callable[..., Any] = njit(**options)(function)
    return machine
