"""The memory that has no circuit."""

import numpy as np
import pytest

from qattn.resources.assumed import LOOKUPS, QRAM, resolve


def test_one_toffoli_each_way_whatever_the_words() -> None:
    data = np.ones((8, 3), dtype=bool)
    there, back = QRAM.load_cost(data)
    assert there.toffoli == back.toffoli == 1
    assert QRAM.shape_cost(1 << 40, 512).toffoli == 2


def test_names_and_what_has_no_circuit() -> None:
    assert [resolve(name).name for name in LOOKUPS] == list(LOOKUPS)
    assert resolve(QRAM) is QRAM
    with pytest.raises(ValueError, match="assumption"):
        QRAM.build(np.ones((2, 1), dtype=np.int64), 1)
    with pytest.raises(ValueError, match="choose one of"):
        resolve("magic")
