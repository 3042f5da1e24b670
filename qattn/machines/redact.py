"""Keeps an API token out of everything that is logged, warned or raised."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

HIDDEN = "<token>"


def redact(text: str, token: str | None) -> str:
    """The text with the token, as it is or URL-encoded, replaced."""
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
