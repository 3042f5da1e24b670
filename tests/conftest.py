"""Before any test imports Aer: its threads must not spin while workers share the cores (see `load_aer`).

And a machine that several tests stop a search with.
"""

import pytest

from qattn import GroverStatistics
from qattn.machines.aer import load_aer

load_aer()


class Stops:
    """A machine at which somebody presses Ctrl-C after so many rounds.

    Attributes:
        left: rounds until then.
    """

    def __init__(self, after: int) -> None:
        self.left = after

    def run(self, jobs):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return GroverStatistics().run(jobs)


@pytest.fixture
def stops() -> type[Stops]:
    return Stops
