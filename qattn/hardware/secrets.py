"""Between a service's client and us: its errors become ours, its logs and messages lose the token.

Errors are told apart by the names of their classes and their HTTP status: nothing of the client is imported.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from qattn.hardware.errors import AccountError, HardwareError, JobFailed, NetworkError

HIDDEN = "<token>"


def redact(text: str, token: str | None) -> str:
    """The text with the token, as it is or URL-encoded, replaced.

    Args:
        text: what will be shown or logged.
        token: what must not be in it; None leaves the text alone.
    """
    if not token:
        return text
    for form in {token, quote(token, safe=""), quote_plus(token), repr(token)[1:-1]}:
        text = text.replace(form, HIDDEN)
    return text


@contextmanager
def redacted(token: str | None) -> Iterator[None]:
    """While inside, log records and warnings of every library are made without the token."""
    make_record, show = logging.getLogRecordFactory(), warnings.showwarning

    def record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        made = make_record(*args, **kwargs)
        made.msg, made.args = redact(made.getMessage(), token), ()
        if made.exc_info:
            made.exc_text = redact(logging.Formatter().formatException(made.exc_info), token)
            made.exc_info = None
        return made

    def warning(message: Warning | str, *args: Any, **kwargs: Any) -> None:
        text = redact(str(message), token)
        show(text if text != str(message) else message, *args, **kwargs)

    logging.setLogRecordFactory(record)
    warnings.showwarning = warning
    try:
        yield
    finally:
        logging.setLogRecordFactory(make_record)
        warnings.showwarning = show


@contextmanager
def guarded(token: str) -> Iterator[None]:
    """Logs and warnings without the token; whatever the service raises becomes one of our errors, without it too."""
    with redacted(token):
        try:
            yield
        except HardwareError:
            raise
        except Exception as error:
            raise translated(error, token) from None


def translated(error: Exception, token: str) -> Exception:
    """Our error for what the service raised: what the user can do about it decides the class.

    Args:
        error: what the service's client raised.
        token: kept out of the message.
    """
    words = redact(str(error), token)
    names = {kind.__name__ for link in _chain(error) for kind in type(link).__mro__}
    status = next((s for link in _chain(error) if (s := _status(link))), 0)
    if "RuntimeJobNotFound" in names:
        return JobFailed(f"the service no longer has the job ({words})")
    if "QiskitBackendNotFoundError" in names:
        return ValueError(f"your account has no such backend: {words}")
    if names & {"ConnectionError", "Timeout", "TimeoutError"} or status in (408, 429) or status >= 500 or status == -1:
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
