"""Between a service's client and us: its errors become ours, its logs and messages lose the token.

Errors are told apart by the names of their classes and their HTTP status: nothing of the client is imported.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

from qattn.hardware.errors import (
    AccountError,
    HardwareError,
    JobFailed,
    NetworkError,
    QuotaError,
    TooManyRequests,
)

T = TypeVar("T")

HIDDEN = "<token>"
QUOTA = re.compile(r"quota|usage limit|limit (?:is |was )?reached|exceed|no (?:time|usage) left", re.IGNORECASE)


def redact(text: str, token: str | None) -> str:
    """The text with the token, as it is or URL-encoded, replaced.

    Args:
        text: what will be shown or logged.
        token: what must not be in it; None leaves the text alone.

    Returns:
        The text with a placeholder.
    """
    if not token:
        return text
    for form in {token, quote(token, safe=""), quote_plus(token), repr(token)[1:-1]}:
        text = text.replace(form, HIDDEN)
    return text


class _Hiding:
    """The tokens hidden now; the factory of log records and the printer of warnings while there are any."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tokens: list[str] = []
        self.make_record: Callable[..., logging.LogRecord] = logging.LogRecord
        self.show: Callable[..., None] = warnings.showwarning

    def enter(self, token: str) -> None:
        with self.lock:
            if not self.tokens:
                self.make_record, self.show = logging.getLogRecordFactory(), warnings.showwarning
                logging.setLogRecordFactory(self.record)
                warnings.showwarning = self.warning
            self.tokens.append(token)

    def leave(self, token: str) -> None:
        with self.lock:
            self.tokens.remove(token)
            if not self.tokens:
                logging.setLogRecordFactory(self.make_record)
                warnings.showwarning = self.show

    def hide(self, text: str) -> str:
        for token in tuple(self.tokens):
            text = redact(text, token)
        return text

    def record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        made = self.make_record(*args, **kwargs)
        made.msg, made.args = self.hide(made.getMessage()), ()
        if made.exc_info:
            made.exc_text = self.hide(logging.Formatter().formatException(made.exc_info))
            made.exc_info = None
        return made

    def warning(self, message: Warning | str, *args: Any, **kwargs: Any) -> None:
        text = self.hide(str(message))
        self.show(text if text != str(message) else message, *args, **kwargs)


_HIDING = _Hiding()


@contextmanager
def redacted(token: str | None) -> Iterator[None]:
    """While inside, log records and warnings of every library are made without the token.

    This holds for the whole process, not for one logger or thread, on purpose: a filter on a logger does not see the
    records of its children, a handler of the user's may be anywhere, and the service's client also logs from threads of
    its own. Calls in several threads overlap as they like; when the last one leaves, all is as it was.

    Args:
        token: what must not come out; None hides nothing.
    """
    if not token:
        yield
        return
    _HIDING.enter(token)
    try:
        yield
    finally:
        _HIDING.leave(token)


def guarded(token: str, action: Callable[[], T]) -> T:
    """The value of an action that uses the service; its logs, warnings and errors are without the token.

    What it raises becomes one of our errors, raised where the original is no longer being handled: it is not in its
    `__cause__` or `__context__`, which a traceback or a crash report would print.

    Args:
        token: of the account.
        action: what uses the service.

    Returns:
        What the action gives.

    Raises:
        HardwareError: or a ValueError or ImportError, without the token.
    """
    with redacted(token):
        try:
            return action()
        except Exception as error:
            problem = error if isinstance(error, HardwareError) else translated(error, token)
            problem.__cause__ = problem.__context__ = None
    raise problem.with_traceback(None)


def translated(error: Exception, token: str) -> Exception:
    """Our error for what the service raised: what the user can do about it decides the class.

    Args:
        error: what the service's client raised.
        token: kept out of the message.

    Returns:
        A `HardwareError`, or a ValueError for a mistake in what was asked; without cause or context.
    """
    words = redact(str(error), token)
    names = {kind.__name__ for link in _chain(error) for kind in type(link).__mro__}
    status = next((s for link in _chain(error) if (s := _status(link))), 0)
    if "RuntimeJobNotFound" in names:
        return JobFailed(f"the service no longer has the job ({words})")
    if "QiskitBackendNotFoundError" in names:
        return ValueError(f"your account has no such backend: {words}")
    if status == 429:
        return TooManyRequests(f"IBM Quantum asks to wait: too many requests, status 429 ({words})")
    if status in (402, 403) and QUOTA.search(words):
        return QuotaError(f"the account has no processor time left: wait for its next period, or raise it ({words})")
    if names & {"ConnectionError", "Timeout", "TimeoutError"} or status == 408 or status >= 500 or status == -1:
        return NetworkError(f"IBM Quantum cannot be reached ({words})")
    if names & {"IBMNotAuthorizedError", "InvalidAccountError", "AccountNotFoundError"} or status in (401, 403):
        return AccountError(f"IBM Quantum refused the account: check the token and the instance ({words})")
    if "RuntimeInvalidStateError" in names or status:
        return JobFailed(f"IBM Quantum refused the request ({words})")
    if isinstance(error, ValueError | ImportError):
        return ImportError(words) if isinstance(error, ImportError) else ValueError(words)
    return HardwareError(f"{type(error).__name__}: {words}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _status(error: BaseException) -> int:
    """The HTTP status behind an error, -1 where the request never got an answer, 0 where it is not about HTTP."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return status
    found = re.search(r"\b([45]\d\d) (?:Client|Server) Error", str(error))
    return int(found[1]) if found else 0
