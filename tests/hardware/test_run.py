"""The whole way on a processor's noise, without an account: the keys are found, the forecast is right."""

import json

import numpy as np
import pytest
from demonstration import demonstrate, instance
from qiskit.primitives import BackendSamplerV2, StatevectorSampler
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.transpiler import generate_preset_pass_manager

import qattn
from qattn.hardware.compile import grover_circuit
from qattn.hardware.errors import NoiseRefused
from qattn.hardware.execution import Execution
from qattn.hardware.ibm import SimulatedProvider, fake_backend
from qattn.hardware.resumable import CONTROL, FolderMachine
from qattn.hardware.run import Request, begin, go_on
from qattn.hardware.run_folder import RunFolder
from qattn.hardware.simulated import used_qubits
from qattn.oracles import families
from qattn.oracles.threshold import ThresholdOracle
from qattn.search.protocols import Job
from qattn.search.rotation import hit_probability


@pytest.mark.parametrize(
    ("n", "oracle"), [(4, "arithmetic"), (8, "arithmetic"), (8, "truth_table"), (16, "truth_table")]
)
def test_a_processor_with_noise_does_better_than_guessing(n: int, oracle: str, tmp_path) -> None:
    done = demonstrate(n, oracle, tmp_path / "run")
    assert done.result.miss_bound <= 0.01
    assert ("a demonstration of Grover search only" in done.words) == (oracle == "truth_table")
    assert f"{done.facts['miss_estimate']:.2e} with the errors measured" in done.words
    assert "the processor did better than guessing, p = " in done.words
    facts = done.to_dict()["hardware"]
    assert facts["shots"] == sum(line.shots for line in done.evidence.lines) >= facts["kept"] > 0
    ran = dict.fromkeys(range(8), 0)
    folder = RunFolder.open(tmp_path / "run")
    for path in (folder.root / "rounds").glob("[0-9][0-9][0-9].json"):
        for job in folder.read(f"rounds/{path.name}")["jobs"]:
            ran[job["iterations"]] += job["shots"]
    assert done.result.queries.sum() == sum(m * shots for m, shots in ran.items())  # every shot that ran is a query
    if oracle == "truth_table":
        assert (done.result.evaluations >= n).all()  # building the table scored every key
        assert "this was a scan: every key of every row was scored classically" in done.words
    elif n == 8:
        assert (done.result.evaluations < n).all()
        assert "this was a scan" not in done.words
    again = go_on(RunFolder.open(tmp_path / "run"))
    assert json.dumps(again.to_dict()["found"]) == json.dumps(done.to_dict()["found"])
    assert again.evidence == done.evidence


@pytest.mark.parametrize(("n", "oracle", "m"), [(4, "arithmetic", 1), (8, "truth_table", 2), (16, "truth_table", 2)])
def test_forecast_success_is_what_local_mode_measures(n: int, oracle: str, m: int, tmp_path) -> None:
    Q, K, _, tau = instance(n, seed=n)
    row = next(i for i in range(n) if (Q[i] @ K.T >= tau).sum() == 1)
    backend = fake_backend("fake_torino")
    chance = qattn.forecast(Q[row : row + 1], K, tau, backend=backend, oracle=oracle, post_select=False).success_of(m)
    folder = RunFolder.create(tmp_path / "run", {"Q": Q}, {})
    machine = FolderMachine(folder, lambda: SimulatedProvider.of(backend))
    found = families.get(oracle)(ThresholdOracle.from_row(Q[row], K, tau))
    machine.post_select = False
    [measured] = machine.run([Job(found, m, shots=4000, seed=3)])
    hit = np.isin(measured, found.marked_set).mean()
    ideal = hit_probability(n, 1, m)
    assert abs(chance * ideal + (1 - chance) / n - hit) < 0.05


def test_twirling_and_the_noise_of_any_backend(tmp_path) -> None:
    """A user's backend is simulated with its own target; twirling goes through the runtime's local mode."""
    backend = GenericBackendV2(5, noise_info=True, seed=2)
    Q, K, _, tau = instance(4, seed=4)
    provider = SimulatedProvider.of(backend, Execution("XY4", True, True))
    machine = FolderMachine(RunFolder.create(tmp_path / "run", {"Q": Q}, {}), lambda: provider, seeds=2)
    oracle = ThresholdOracle.from_row(Q[0], K, tau)
    jobs = [Job(oracle, 1, shots=50, seed=1), Job(oracle, 0, shots=20, seed=2)]
    first, second = machine.run(jobs)
    assert (first.size, second.size) == (60, 20)  # a job has one number of shots: 20, thrice for the first
    assert max(first.max(), second.max()) < 4


def test_a_hopeless_run_is_refused_and_can_be_forced(tmp_path) -> None:
    rng = np.random.default_rng(0)
    Q, K = rng.normal(size=(1, 6)), rng.normal(size=(16, 6))
    request = Request("fake_torino", k=2, bits=3, rank=4, seeds=1)
    with pytest.raises(NoiseRefused, match="cannot be told from guessing"):
        begin(tmp_path / "run", Q, K, np.ones((16, 1)), None, request)
    assert not (tmp_path / "run").exists()


def test_parts_of_a_large_round_are_jobs_of_their_own(tmp_path, monkeypatch) -> None:
    from qattn.hardware import resumable as rounds

    monkeypatch.setattr(rounds, "PART", 2)
    Q, K, _, tau = instance(4, seed=4)
    folder = RunFolder.create(tmp_path / "run", {"Q": Q}, {})
    jobs = [Job(ThresholdOracle.from_row(Q[i], K, tau), 1, shots=5 + i, seed=i) for i in range(3)]
    made = FolderMachine(folder, lambda: SimulatedProvider.of(fake_backend("fake_manila_v2")), seeds=1).run(jobs)
    assert [row.size for row in made] == [5, 10, 10]  # portions of 5; what ran more than was asked for is used
    assert sorted(path.name for path in (folder.root / "rounds").glob("*.qpy")) == ["000-0.qpy", "000-1.qpy"]

    def unplugged() -> SimulatedProvider:
        raise AssertionError("a finished round needs no provider")

    again = FolderMachine(folder, unplugged, seeds=1).run(jobs)
    assert [row.tolist() for row in again] == [row.tolist() for row in made]


def test_a_round_knows_its_rows_by_number(tmp_path) -> None:
    """Two rows with the same q; the first is proven empty and never runs, so the jobs are the second's."""
    K = np.array([[1.0, 2.0], [3.0, -1.0], [-2.0, 1.0], [0.0, -3.0]])
    Q, tau = np.array([[2.0, -1.0], [2.0, -1.0]]), np.array([1000.0, 7.0])
    folder, _ = begin(tmp_path / "run", Q, K, np.eye(4), tau, Request("fake_manila_v2", k=1, seeds=1, anyway=True))
    done = go_on(folder)
    assert [js.tolist() for js in done.result.found] == [[], [1]]
    rounds = [folder.read(f"rounds/{path.name}") for path in (folder.root / "rounds").glob("[0-9][0-9][0-9].json")]
    assert {job["row"] for facts in rounds for job in facts["jobs"]} == {1, CONTROL}


@pytest.mark.parametrize("other", ["generic backend", "statevector"])
def test_other_providers_through_attend(other: str) -> None:
    """Any BaseSamplerV2 with a pass manager for its machine: here one that is not IBM's, and Qiskit's reference."""
    Q, K, V, tau = instance(4, seed=4)
    if other == "generic backend":
        backend = GenericBackendV2(8, noise_info=False, seed=3)
        sampler = BackendSamplerV2(backend=backend, options={"seed_simulator": 7})
        passes = generate_preset_pass_manager(1, backend=backend, seed_transpiler=1)
    else:
        sampler = StatevectorSampler(seed=7)
        passes = generate_preset_pass_manager(1, basis_gates=["rz", "sx", "x", "cx"])
    result = qattn.attend(Q, K, V, tau, k=2, sampler=sampler, pass_manager=passes, objective="rounds", seed=5)
    for i, js in enumerate(result.found):
        assert np.array_equal(js, np.flatnonzero(Q[i] @ K.T >= tau))


def test_a_circuit_needs_few_qubits() -> None:
    Q, K, _, tau = instance(4, seed=4)
    circuit = grover_circuit(Job(ThresholdOracle.from_row(Q[0], K, tau), 1))
    assert len(used_qubits([circuit])) <= 3
