"""Calls over a network that may fail: tried again with growing pauses."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from qattn.hardware.errors import NetworkError

T = TypeVar("T")

TRIES = 6  # 1 + 2 + .. + 16 pauses
PAUSE_S = 1.0


def pauses() -> Iterator[float]:
    """Seconds between tries: doubling."""
    return (PAUSE_S * 2**i for i in range(TRIES - 1))


def patiently(call: Callable[[], T], say: Callable[[str], None]) -> T:
    """The call's value; network errors are tried again with growing pauses, then raised.

    Args:
        call: what may fail for want of a network.
        say: told before each pause.

    Returns:
        What `call` returns.

    Raises:
        NetworkError: after `TRIES` tries.
    """
    for pause in pauses():
        try:
            return call()
        except NetworkError as error:
            pause *= error.patience
            say(f"{error}; trying again in {pause:g} s")
            time.sleep(pause)
    return call()
