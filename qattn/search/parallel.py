"""Rows over workers: any concurrent.futures.Executor, the same result whatever the chunks.

The work holds all keys, a task only names rows: to a process pool the arrays of the work go once, as files that every
worker maps; to Dask the work goes once, as data that its workers hand on.
"""

from __future__ import annotations

import io
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

Task = TypeVar("Task")
Answer = TypeVar("Answer")

ROWS = 16  # most rows of a chunk
ATTEMPTS = 3  # times a chunk is sent out before it is run here
LARGE = 1 << 16  # bytes from which an array goes as a file


def chunks(count: int) -> list[range]:
    """`count` rows in contiguous chunks: eight or more, of at most 16 rows, so that a slow one holds up little."""
    size = max(1, min(ROWS, -(-count // 8)))
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


def run_chunks(
    work: Callable[[Task], Answer], tasks: Sequence[Task], executor: Executor
) -> Iterator[tuple[int, Answer]]:
    """(position, work(task)) of every task as it ends.

    A chunk whose worker was lost is sent out again; when the whole pool is broken (a process pool breaks when one of
    its processes dies) what is left runs in this process. An error of the work itself (a ValueError, say) is raised
    at once. On any way out, Ctrl-C included, the chunks not yet started are cancelled.

    Args:
        work: what a worker does with a task.
        tasks: one per chunk.
        executor: where it does it.

    Yields:
        (position in `tasks`, answer), in the order in which chunks end.
    """
    with _sender(work, executor) as send:
        waiting = dict(enumerate(send(task) for task in tasks))
        attempts = dict.fromkeys(waiting, 1)
        try:
            while waiting:
                position = next((p for p, future in waiting.items() if future.done()), next(iter(waiting)))
                future = waiting.pop(position)
                if not _lost(future):
                    yield position, future.result()
                    continue
                attempts[position] += 1
                again = _resend(send, tasks[position]) if attempts[position] <= ATTEMPTS else None
                if again is None:
                    yield position, work(tasks[position])
                else:
                    waiting[position] = again
        finally:
            for future in waiting.values():
                future.cancel()


@contextmanager
def _sender(work: Callable[[Task], Answer], executor: Executor) -> Iterator[Callable[[Task], Future[Answer]]]:
    """Sends tasks to the executor's workers, the work itself once."""
    if isinstance(executor, ProcessPoolExecutor):
        with tempfile.TemporaryDirectory(prefix="qattn-") as folder:
            parcel = _packed(work, Path(folder))
            yield lambda task: executor.submit(_run_parcel, parcel, task)
    elif type(executor).__name__ == "ClientExecutor":  # Dask's, which names its client nowhere else
        client = executor._client  # type: ignore[attr-defined]
        held = client.scatter(work, hash=False)

        def send(task: Task) -> Future[Answer]:
            nonlocal held
            if held.status not in ("finished", "pending"):  # it was lost with the worker that held it
                held = client.scatter(work, hash=False)
            return executor.submit(_apply, held, task)

        yield send
    else:
        yield lambda task: executor.submit(work, task)


class _Pickler(pickle.Pickler):
    """Writes large arrays as .npy files in a folder; the rest is bytes."""

    def __init__(self, file: io.BytesIO, folder: Path) -> None:
        super().__init__(file, protocol=5)
        self.folder = folder
        self.files: dict[int, tuple[str, object]] = {}  # the array too: while it lives, its id is its own

    def persistent_id(self, obj: object) -> str | None:
        if type(obj) is not np.ndarray or obj.nbytes < LARGE or obj.dtype.hasobject:
            return None
        if id(obj) not in self.files:
            path = self.folder / f"{len(self.files)}.npy"
            np.save(path, obj, allow_pickle=False)
            self.files[id(obj)] = str(path), obj
        return self.files[id(obj)][0]


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: str) -> object:
        return np.load(pid, mmap_mode="c", allow_pickle=False).view(np.ndarray)


def _packed(work: Callable[[Task], Answer], folder: Path) -> bytes:
    """The work as bytes, as a pool would send it, its large arrays in a folder that this machine's processes read."""
    file = io.BytesIO()
    _Pickler(file, folder).dump(work)
    return file.getvalue()


@lru_cache(maxsize=1)
def _opened(parcel: bytes) -> Callable[[Any], Any]:
    """The work of a parcel; a worker keeps the last one, and what its machine learnt with it."""
    work: Callable[[Any], Any] = _Unpickler(io.BytesIO(parcel)).load()
    return work


def _run_parcel(parcel: bytes, task: Task) -> Any:
    return _opened(parcel)(task)


def _apply(work: Callable[[Task], Answer], task: Task) -> Answer:
    return work(task)


def _lost(future: Future[Answer]) -> bool:
    """Wait for a chunk; True when its worker died rather than the work failed."""
    try:
        error = future.exception()
    except CancelledError:  # with the worker, what it held for others was lost
        return True
    return isinstance(error, BrokenProcessPool) or type(error).__name__ in ("KilledWorker", "CommClosedError")


def _resend(send: Callable[[Task], Future[Answer]], task: Task) -> Future[Answer] | None:
    try:
        return send(task)
    except RuntimeError:  # the pool is broken or shut down
        return None
