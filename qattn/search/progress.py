"""How far a search has come, shown while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(count: int, wanted: bool) -> Iterator[Callable[[float], None]]:
    """A bar over the rows on standard error; the function inside says how many are done, parts of a row included.

    Args:
        count: rows in all.
        wanted: without it nothing is shown.

    Yields:
        a function of the number of rows done.
    """
    if not wanted:
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    console.print(f"searching {count} rows; Ctrl-C stops and keeps what was found", highlight=False, soft_wrap=True)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("searching rows", total=count)
        yield lambda done: bar.update(task, completed=done)
