"""Rows over workers: the same result whatever the executor and the chunks, also when a worker dies."""

import multiprocessing
import os
import pickle
import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from qattn import GroverStatistics, attend
from qattn.data import load_head
from qattn.search.parallel import chunks, run_chunks


@dataclass(frozen=True)
class Mortal:
    """Grover statistics on a machine that dies the first time it is asked for anything; `scar` remembers."""

    scar: Path

    def run(self, jobs):
        if not self.scar.exists():
            self.scar.touch()
            os._exit(1)
        return GroverStatistics().run(jobs)


def run(executor: Executor | None, machine=None):
    Q, K, V = load_head("L2H11", 64)
    return attend(Q, K, V, k=4, seed=11, sampler=machine or GroverStatistics(), bits=5, rank=16, executor=executor)


def assert_same(a, b) -> None:
    assert np.array_equal(a.output, b.output)
    assert a.queries.tolist() == b.queries.tolist()
    assert a.evaluations.tolist() == b.evaluations.tolist()
    assert a.miss_bound == b.miss_bound
    assert all(np.array_equal(x, y) for x, y in zip(a.found, b.found, strict=True))


@pytest.fixture(scope="module")
def alone():
    return run(None)


def processes(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("fork"))


def test_process_pool_gives_the_same(alone) -> None:
    with processes(2) as pool:
        assert_same(alone, run(pool))


def test_a_lost_worker_costs_its_chunk_only(alone, tmp_path) -> None:
    """The killed process breaks the whole pool; what is left runs here."""
    with processes(2) as pool:
        assert_same(alone, run(pool, Mortal(tmp_path / "scar")))


@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_same_and_survives_a_killed_worker(alone, tmp_path) -> None:
    distributed = pytest.importorskip("distributed")
    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        assert_same(alone, run(client.get_executor()))
        assert_same(alone, run(client.get_executor(), Mortal(tmp_path / "scar")))


def test_aer_rows_do_not_depend_on_chunks() -> None:
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(5, 2)), rng.normal(size=(6, 2)), rng.normal(size=(6, 1))
    results = [attend(Q, K, V, 0.5, bits=2, seed=3)]
    with ThreadPoolExecutor(1) as pool:
        results.append(attend(Q, K, V, 0.5, bits=2, seed=3, executor=pool))
    assert_same(*results)


def test_chunks_cover_every_row_once() -> None:
    for count in range(300):
        assert [i for part in chunks(count) for i in part] == list(range(count))
        assert all(len(part) <= 16 for part in chunks(count))


def test_an_error_of_the_work_is_raised_and_the_rest_cancelled() -> None:
    def work(task: int) -> int:
        if task == 1:
            raise ValueError("task 1 is bad")
        return task

    with ThreadPoolExecutor(1) as pool, pytest.raises(ValueError, match="task 1 is bad"):
        list(run_chunks(work, [0, 1, 2], pool))


@dataclass(frozen=True)
class Heavy:
    """Work that holds a large array, and says which process met it in how many guises."""

    keys: np.ndarray

    def run(self, task: int) -> tuple[int, int, float]:
        return os.getpid(), id(self.keys), float(self.keys[task])


def test_the_arrays_of_the_work_go_to_a_pool_once(monkeypatch) -> None:
    """A chunk takes bytes that do not grow with the keys, and a worker opens them once."""
    keys = np.arange(1_000_000.0)
    sizes = []
    with processes(2) as pool:
        submit = pool.submit

        def counted(function, *arguments):
            sizes.append(sum(len(pickle.dumps(part)) for part in arguments))
            return submit(function, *arguments)

        monkeypatch.setattr(pool, "submit", counted)
        answers = dict(run_chunks(Heavy(keys).run, list(range(40)), pool))
    assert [answers[i][2] for i in range(40)] == list(range(40))
    assert len({answer[:2] for answer in answers.values()}) <= 2
    assert len(sizes) == 40
    assert max(sizes) < 5_000


def test_small_and_odd_arrays_reach_a_pool_whole() -> None:
    with processes(1) as pool:
        for keys in (np.arange(3.0), np.asfortranarray(np.ones((300, 100)))[1], np.zeros(200_000)[::2]):
            [(_, answer)] = run_chunks(Heavy(keys).run, [1], pool)
            assert answer[2] == keys[1]
