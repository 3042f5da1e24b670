"""A search that was stopped, as a file: what each row knows, and which problem it is for.

A row is a pure state and draws every random number from its own seed, so a search that goes on from here ends as it
would have ended without the stop, on machines that sample each job from the job's seed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from qattn.arrays import ProblemError
from qattn.oracles.base import Searchable
from qattn.search.protocols import SearchOptions
from qattn.search.row import Row

FORMAT = "qattn search 1"
State = Mapping[str, Any]


def digest(arrays: Sequence[NDArray[Any] | None], options: SearchOptions, *more: object) -> str:
    """SHA-256 of everything that decides how a search goes, its seed excepted (every row has its own).

    Args:
        arrays: the problem's.
        options: of the search.
        more: what else decides it; plain values.

    Returns:
        64 hexadecimal digits.
    """
    total = hashlib.sha256()
    for array in arrays:
        total.update(b"none" if array is None else f"{array.dtype.str}{array.shape}".encode() + array.tobytes())
    known = (options.k, options.k_max, options.delta, options.sharing, options.objective, options.shots_a_round,
             options.longest)  # fmt: skip
    exact: tuple[object, ...] = () if options.k_exact is None else (options.k_exact,)
    exact += () if options.loose is None else ("loose", options.loose)
    exact += () if options.most_extras is None else ("most_extras", options.most_extras)
    total.update(repr((known + exact, options.neighbours, more)).encode())
    return total.hexdigest()


def to_state(rows: Sequence[Row], problem: str) -> State:
    """The rows as plain numbers, with the digest of their problem.

    Args:
        rows: all rows of the call, in order.
        problem: the problem's `digest`.

    Returns:
        What `save` writes and `from_state` reads.
    """
    return {"format": FORMAT, "problem": problem, "rows": [row.to_dict() for row in rows]}


def from_state(state: State, oracles: Sequence[Searchable], problem: str, kind: type[Row] = Row) -> tuple[Row, ...]:
    """The rows that `to_state` described, over fresh oracles.

    Args:
        state: what was saved.
        oracles: one per row, in order.
        problem: digest of the problem at hand.
        kind: class of the rows' states.

    Returns:
        The rows, ready for their next round.

    Raises:
        ProblemError: when the state is another problem's, or damaged.
    """
    if state.get("format") != FORMAT or state.get("problem") != problem or len(state.get("rows", ())) != len(oracles):
        raise ProblemError("resume is for another problem or other options; give those of the call that was stopped")
    try:
        return tuple(kind.from_dict(facts, oracle) for facts, oracle in zip(state["rows"], oracles, strict=True))
    except (KeyError, TypeError, ValueError) as error:
        raise ProblemError(f"resume is damaged ({error}); start again without it") from None


def save(state: State, path: str | Path) -> None:
    """Write the state as JSON; the old file or the new one is there, never half of one.

    Args:
        state: what `to_state` made.
        path: of the file; folders above it are made.

    Raises:
        OSError: when the file cannot be written.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(state))
    os.replace(temporary, target)


def load(path: str | Path) -> State:
    """The state in a file.

    Raises:
        ProblemError: when there is none, or it is damaged.
    """
    try:
        state = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise ProblemError(f"cannot resume from {path}: {error}") from None
    if not isinstance(state, dict):
        raise ProblemError(f"cannot resume from {path}: it holds no search")
    return state
