import pytest

from qattn.resources.logical import estimate
from qattn.resources.physical import physical


def test_physical_machines_shrink_with_the_error_rate() -> None:
    pytest.importorskip("qdk", reason="extra estimate")
    row = estimate(64, 4, 4, k=2, lookups=["select_swap"])[0].row
    machines = [physical(row, rate) for rate in (1e-3, 1e-4, 1e-5)]
    assert all(machine is not None for machine in machines)
    assert machines[0].qubits > machines[1].qubits > machines[2].qubits > row.qubits
    assert machines[0].code_distance > machines[2].code_distance
    assert physical(row, 0.2) is None
