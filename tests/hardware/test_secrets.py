"""A token never comes out: not in logs, warnings, tracebacks or URL-encoded."""

import io
import logging
import pickle
import traceback
import warnings
from urllib.parse import quote

import pytest

from qattn.hardware.errors import AccountError, HardwareError, JobFailed, NetworkError, QuotaError, TooManyRequests
from qattn.hardware.secrets import HIDDEN, guarded, redact, redacted, translated

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


class Http(Exception):
    """As the service's client raises it."""

    def __init__(self, words: str, status_code: int) -> None:
        super().__init__(words)
        self.status_code = status_code


@pytest.mark.parametrize(("status", "text", "kind", "words"), [
    (429, "slow down", TooManyRequests, "too many requests"),
    (403, "instance usage limit exceeded", QuotaError, "no processor time left"),
    (402, "quota", QuotaError, "no processor time left"),
    (403, "you may not use this backend", AccountError, "check the token and the instance"),
    (401, "who are you", AccountError, "check the token"),
    (503, "down", NetworkError, "cannot be reached"),
    (400, "what?", JobFailed, "refused the request"),
])  # fmt: skip
def test_what_the_service_says_is_told_apart(status: int, text: str, kind: type, words: str) -> None:
    made = translated(Http(f"{text}, apikey {TOKEN}", status), TOKEN)
    assert type(made) is kind
    assert words in str(made)
    assert TOKEN not in str(made)


def chain(error: BaseException | None) -> list[BaseException]:
    return [] if error is None else [error, *chain(error.__cause__), *chain(error.__context__)]


@pytest.mark.parametrize("ours", [True, False])
def test_no_token_in_the_chain_of_an_exception(ours: bool) -> None:
    def fails() -> None:
        try:
            raise Http(f"apikey {TOKEN}", 500)
        except Http as error:
            if ours:
                raise JobFailed("it failed") from error
            raise RuntimeError(f"again {TOKEN}") from error

    with pytest.raises(HardwareError) as caught:
        guarded(TOKEN, fails)
    links = chain(caught.value)
    assert len(links) == 1
    assert not any(TOKEN in "".join(traceback.format_exception(link)) for link in links)
    assert TOKEN.encode() not in pickle.dumps(caught.value)
