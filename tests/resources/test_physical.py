"""Physical machines by QDK's estimator, and by the one it replaces."""

import subprocess
import sys

import pytest

from qattn.resources.clock import ROUND_GATES, cycles
from qattn.resources.logical import estimate
from qattn.resources.physical import CODES, WORST, Point, Workload, front, non_dominated, physical
from qattn.resources.traffic import Traffic
from qattn.synthesis.cost import Cost

pytest.importorskip("qdk.qre", reason="extra estimate")
ROW = Cost(qubits=1494, toffoli=2_000_000, measurements=2_000_000, toffoli_depth=1_500_000)


def old_estimate(row: Cost, error_rate: float, gate_ns: float = 50, budget: float = 1e-2) -> tuple[int, float]:
    """(qubits, seconds) of the estimator that `qdk.qre` replaces."""
    from qdk.estimator import LogicalCounts

    counts = {"numQubits": row.qubits, "ccixCount": row.toffoli, "measurementCount": row.measurements}
    rates = ("oneQubitMeasurementErrorRate", "oneQubitGateErrorRate", "twoQubitGateErrorRate", "tGateErrorRate")
    times = dict.fromkeys(("oneQubitGateTime", "twoQubitGateTime", "tGateTime"), f"{gate_ns} ns")
    qubit = {
        "instructionSet": "GateBased", "oneQubitMeasurementTime": f"{2 * gate_ns} ns", **times,
        **dict.fromkeys((*rates, "idleErrorRate"), error_rate),
    }  # fmt: skip
    total = LogicalCounts(counts).estimate({"qubitParams": qubit, "errorBudget": budget})["physicalCounts"]
    return total["physicalQubits"], total["runtime"] * 1e-9


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_and_new_estimator_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    """One row of 4096 keys, d = 64, 8 bits, QROAM: the same model of time and code, within a quarter."""
    row = estimate(4096, 64, 8, 16, lookups=["select_swap"])[0].row
    for rate in (1e-3, 1e-4):
        qubits, seconds = old_estimate(row, rate)
        new = physical(row, rate)
        with capsys.disabled():
            print(
                f"\n{rate:g}: old {qubits:.3g} qubits, {seconds:.3g} s; new {new.qubits:.3g}, {new.row_s:.3g} s", end=""
            )
        assert new.qubits == pytest.approx(qubits, rel=0.25)
        assert new.row_s == pytest.approx(seconds, rel=0.25)


def test_physical_machines_shrink_with_the_error_rate() -> None:
    row = estimate(64, 4, 4, k=2, lookups=["select_swap"])[0].row
    machines = [physical(row, rate) for rate in (1e-3, 1e-4, 1e-5)]
    assert all(machine is not None for machine in machines)
    assert machines[0].qubits > machines[1].qubits > machines[2].qubits > row.qubits
    assert machines[0].code_distance > machines[2].code_distance
    assert physical(row, 0.2) is None
    assert physical(row, WORST) is not None
    assert physical(row, 1.01 * WORST) is None
    assert physical(row, 0) is None


def test_the_time_is_that_of_the_clock() -> None:
    """Cycles times rounds of error correction, unless a factory is waited for; moves are charged."""
    moved = Traffic(500, 994, 1_000_000, 1_000_000)
    for workload, moves in ((Workload("x", ROW), 0), (Workload("x", ROW, moved), 2_000_000)):
        [point, *_] = front([workload])
        expected = cycles(ROW, moves // 2, moves // 2) * point.code_distance * ROUND_GATES * 50e-9
        assert point.seconds == pytest.approx(expected, rel=0.01)
        assert point.moves == moves
        assert point.failure <= 1e-2
        assert point.code == CODES[0] if not moves else point.code in CODES[1:]


def test_idle_qubits_in_memory_take_less_room_and_more_time() -> None:
    [plain], [stored, *_] = front([Workload("x", ROW)]), front([Workload("x", ROW, Traffic(500, 994, 10**6, 10**6))])
    assert stored.qubits < plain.qubits / 1.5
    assert stored.seconds > plain.seconds
    assert 0 < stored.memory_qubits < stored.qubits
    assert stored.logical_memory == 994
    assert plain.memory_qubits == plain.memory_distance == 0


def test_a_front_has_no_point_that_another_beats() -> None:
    def at(qubits: int, seconds: float) -> Point:
        return Point("x", CODES[0], 1e-3, 50, qubits, seconds, 0.0, 3, 0, 0, 0, 1, "T", 1, 0, 0)

    points = [at(9, 1.0), at(3, 5.0), at(4, 5.0), at(4, 4.0), at(3, 6.0), at(10, 1.0)]
    assert non_dominated(points) == [at(3, 5.0), at(4, 4.0), at(9, 1.0)]
    assert non_dominated([]) == []


def test_rotations_cost_magic_states_too() -> None:
    bare, turned = Cost(qubits=20, toffoli=1000), Cost(qubits=20, toffoli=1000, rotations=1000)
    assert physical(turned).row_s > 2 * physical(bare).row_s


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """qre prints a warning when it finds nothing, which would spoil --json."""
    assert physical(Cost(qubits=1000, toffoli=10**30)) is None
    assert physical(Cost(qubits=1 << 40, toffoli=1)) is None
    assert physical(Cost(qubits=1000, toffoli=10**17), 1.9e-3) is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("wrong", [{"gate_ns": 0.4}, {"budget": 0.0}, {"budget": 1.5}])
def test_no_such_machine(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        physical(ROW, **wrong)


def test_without_the_extra_the_error_names_it() -> None:
    code = "import sys; sys.modules['pandas'] = None; from qattn.resources.physical import *; physical(Cost(qubits=3))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert 'pip install -e ".[estimate]"' in done.stderr
