"""Rows over workers: any concurrent.futures.Executor, the same result whatever the chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")

ROWS = 16  # most rows of a chunk
ATTEMPTS = 3  # times a chunk is sent out before it is run here


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
    waiting = dict(enumerate(executor.submit(work, task) for task in tasks))
    attempts = dict.fromkeys(waiting, 1)
    try:
        while waiting:
            position = next((p for p, future in waiting.items() if future.done()), next(iter(waiting)))
            future = waiting.pop(position)
            if not _lost(future):
                yield position, future.result()
                continue
            attempts[position] += 1
            again = _resubmit(work, tasks[position], executor) if attempts[position] <= ATTEMPTS else None
            if again is None:
                yield position, work(tasks[position])
            else:
                waiting[position] = again
    finally:
        for future in waiting.values():
            future.cancel()


def _lost(future: Future[Answer]) -> bool:
    """Wait for a chunk; True when its worker died rather than the work failed."""
    error = future.exception()
    return isinstance(error, BrokenProcessPool) or type(error).__name__ in ("KilledWorker", "CommClosedError")


def _resubmit(work: Callable[[Task], Answer], task: Task, executor: Executor) -> Future[Answer] | None:
    try:
        return executor.submit(work, task)
    except RuntimeError:  # the pool is broken or shut down
        return None
