from __future__ import annotations

import numpy as np

from qattn.lookups.table import table
from qattn.synthesis.cost import count


def test_a_parity_takes_cnots_only() -> None:
    words = np.array([mask.bit_count() & 1 for mask in range(16)])
    cost = count(table(words, 1))
    assert (cost.toffoli, cost.cnot, cost.qubits) == (0, 4, 5)


def test_one_marked_index_takes_every_monomial_above_it() -> None:
    words = np.zeros(8, dtype=np.int64)
    words[0] = 1
    circuit = table(words, 1)
    assert dict(circuit.count_ops()) == {"x": 1, "cx": 3, "ccx": 3, "mcx": 1}
