"""A token never comes out: not in logs, warnings, tracebacks or URL-encoded."""

import io
import logging
import warnings
from urllib.parse import quote

import pytest

from qattn.hardware.secrets import HIDDEN, redact, redacted

TOKEN = "a/b+c%d secret"


def test_every_form_is_hidden() -> None:
    text = f"apikey={quote(TOKEN, safe='')} or {TOKEN}!"
    assert redact(text, TOKEN) == f"apikey={HIDDEN} or {HIDDEN}!"
    assert redact(text, None) == text


def test_logs_of_any_library_while_inside(caplog) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("some.library")
    logger.addHandler(handler)
    try:
        with redacted(TOKEN):
            logger.error("key %s, again %s", TOKEN, {"token": TOKEN})
            try:
                raise ValueError(f"bad {TOKEN}")
            except ValueError:
                logger.exception("failed")
        logger.error("after %s", "x")
    finally:
        logger.removeHandler(handler)
    assert TOKEN not in stream.getvalue()
    assert "ValueError: bad <token>" in stream.getvalue()
    assert "after x" in stream.getvalue()


def test_warnings_while_inside(capsys) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with redacted(TOKEN):
            warnings.warn(f"cannot use {TOKEN}", stacklevel=1)
    assert TOKEN not in capsys.readouterr().err


def test_everything_is_put_back_after_an_error() -> None:
    before = logging.getLogRecordFactory(), warnings.showwarning
    with pytest.raises(KeyError), redacted(TOKEN):
        raise KeyError
    assert (logging.getLogRecordFactory(), warnings.showwarning) == before
