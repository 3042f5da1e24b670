"""What can go wrong on hardware, one class per thing the user can do about it; `code` is the shell's exit code."""

from __future__ import annotations


class HardwareError(RuntimeError):
    """A run on hardware stopped; its folder can be resumed."""

    code = 1


class RunFolderError(HardwareError):
    """The run folder is missing, in use, damaged or of another problem."""

    code = 2


class NoiseRefused(HardwareError):
    """The forecast says that the result would be noise; `anyway` submits nevertheless."""

    code = 3


class AccountError(HardwareError):
    """No account, a wrong token, or one that is not text."""

    code = 4


class NetworkError(HardwareError):
    """The service could not be reached, after several tries.

    Attributes:
        patience: factor on the pauses between tries.
    """

    code = 5
    patience = 1.0


class TooManyRequests(NetworkError):
    """The service asks to wait; it was asked again, with longer pauses than for a network that fails."""

    patience = 8.0


class QuotaError(HardwareError):
    """The account has used up its time on the processors; the run goes on in its next period."""

    code = 8


class JobFailed(HardwareError):
    """A job failed, was cancelled, ran out of its time or is gone; resuming runs its round again."""

    code = 6


class Unfinished(HardwareError):
    """Not an error: a job is still queued or running; resume later."""

    code = 7
