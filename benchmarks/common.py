"""What every benchmark takes and gives: its options, its output, and the clock it is timed by."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def parser(description: str | None, quick: str) -> argparse.ArgumentParser:
    """A parser with --json and --quick.

    Args:
        description: the benchmark's docstring, printed as it is.
        quick: what --quick leaves out.

    Returns:
        The parser, for options of the benchmark's own.
    """
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", action="store_true", help="JSON on stdout and nothing else there")
    made.add_argument("--quick", action="store_true", help=quick)
    return made


def show(facts: Any, text: Callable[[], object], as_json: bool, indent: int | None = None) -> None:
    """Print the facts as JSON, or let `text` print them for people.

    Args:
        facts: plain Python types.
        text: prints; called without --json only.
        as_json: whether --json was given.
        indent: as in `json.dumps`.
    """
    if as_json:
        print(json.dumps(facts, indent=indent))
    else:
        text()


def on_threads(count: int) -> None:
    """Start this script again with that many threads, unless it has them: libraries read the number when they load."""
    if os.environ.get("OMP_NUM_THREADS") != str(count):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | dict.fromkeys(THREADS, str(count)))


def clock() -> float:
    """Seconds of this process on one thread, so that a busy machine matters less; else seconds on the wall."""
    return time.process_time() if os.environ.get("OMP_NUM_THREADS") == "1" else time.perf_counter()
