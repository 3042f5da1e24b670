"""Every error has an exit code of its own, and none of them needs anything but its words."""

from __future__ import annotations

import pickle

from qattn.hardware import errors
from qattn.hardware.errors import HardwareError, NetworkError, TooManyRequests


def kinds() -> list[type[HardwareError]]:
    found = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, HardwareError)]
    return [kind for kind in found if kind is not HardwareError]


def test_exit_codes_differ_and_leave_those_of_the_shell_alone() -> None:
    codes = {kind.__name__: kind.code for kind in kinds() if kind is not TooManyRequests}
    assert len(kinds()) == 8
    assert len(set(codes.values())) == len(codes)
    assert codes["RunFolderError"] == 2  # a mistake in what was given, as everywhere in the shell
    assert not {0, 1, 130} & set(codes.values())


def test_being_asked_to_wait_is_a_network_error_with_more_patience() -> None:
    assert issubclass(TooManyRequests, NetworkError)
    assert TooManyRequests.patience > NetworkError.patience


def test_they_are_pickled_with_their_words() -> None:
    for kind in kinds():
        again = pickle.loads(pickle.dumps(kind("what to do")))
        assert type(again) is kind
        assert str(again) == "what to do"
