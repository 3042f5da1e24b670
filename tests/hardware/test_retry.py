"""Pauses between tries: doubling, longer where the service asks to wait, and an end to them."""

from __future__ import annotations

import pytest

from qattn.hardware import retry
from qattn.hardware.errors import JobFailed, NetworkError, TooManyRequests
from qattn.hardware.retry import patiently


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    made: list[float] = []
    monkeypatch.setattr(retry.time, "sleep", made.append)
    return made


def test_too_many_requests_are_waited_for_longer(pauses: list[float]) -> None:
    answers = [TooManyRequests("429"), NetworkError("reset"), None]

    def call() -> str:
        answer = answers.pop(0)
        if answer:
            raise answer
        return "here"

    assert patiently(call, lambda words: None) == "here"
    assert pauses == [8 * retry.PAUSE_S, 2 * retry.PAUSE_S]


def test_a_network_that_stays_away_is_an_error_in_the_end(pauses: list[float]) -> None:
    calls: list[int] = []
    said: list[str] = []

    def call() -> None:
        calls.append(1)
        raise NetworkError("reset")

    with pytest.raises(NetworkError, match="reset"):
        patiently(call, said.append)
    assert len(calls) == retry.TRIES
    assert pauses == [retry.PAUSE_S * factor for factor in (1, 2, 4, 8, 16)]
    assert said[0] == "reset; trying again in 1 s"


def test_what_is_not_the_network_is_not_tried_again(pauses: list[float]) -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        raise JobFailed("refused")

    with pytest.raises(JobFailed):
        patiently(call, lambda words: None)
    assert (len(calls), pauses) == (1, [])
