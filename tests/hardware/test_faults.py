"""Full disks, read-only folders, half a file, two at once: one line each, and nothing is paid for twice."""

import os
import shutil
import threading
from dataclasses import dataclass, field
from errno import ENOSPC, EROFS
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from demonstration import instance
from qiskit.providers.fake_provider import GenericBackendV2

from qattn.hardware import run_folder
from qattn.hardware.errors import (
    HardwareError,
    JobFailed,
    RunFolderError,
)
from qattn.hardware.post_selection import Shots
from qattn.hardware.run import HardwareResult, Request, begin, cancel, go_on
from qattn.hardware.run_folder import RunFolder

TARGET = GenericBackendV2(4, noise_info=True, seed=1).target
TOKEN = "s3cret-t0ken"


@dataclass
class Shop:
    """A provider that keeps what it was sent, by tag, and measures the same whenever it is asked."""

    calibration: str = "today"
    sent: list[str] = field(default_factory=list)
    over: bool = True

    @property
    def target(self) -> Any:
        return TARGET

    def submit(self, work: Any, *, together: bool) -> str:
        self.sent.append(work.tag)
        return f"job of {work.tag}"

    def find(self, tag: str) -> str | None:
        return f"job of {tag}" if tag in self.sent else None

    def collect(self, job_id: str, work: Any) -> list[Shots] | str:
        if not self.over:
            return "QUEUED"
        rng = np.random.default_rng([work.seed, work.number])
        made = [rng.integers(8, size=work.shots * count) for count in work.copies]
        return [Shots(index, np.zeros_like(index)) for index in made]

    def cancel(self, job_id: str) -> None:
        if self.over:
            raise JobFailed("409: it is over")

    def close(self) -> None: ...


def made(folder: Path, shop: Shop) -> RunFolder:
    Q, K, V, tau = instance(8, seed=8)
    request = Request("shop", k=2, oracle="truth_table", seeds=1, delta=1e-9, shots=4)
    return begin(folder, Q[:2], K, V, tau, request, connector=lambda: shop)[0]


def outcome(done: HardwareResult) -> tuple[Any, ...]:
    return [js.tolist() for js in done.result.found], done.facts["shots"], done.evidence


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Any, ...], int]:
    shop = Shop()
    done = go_on(made(tmp_path_factory.mktemp("undisturbed") / "run", shop), connector=lambda: shop)
    assert len(shop.sent) >= 2
    return outcome(done), len(shop.sent)


def test_a_full_disk_at_every_write(undisturbed, tmp_path: Path, monkeypatch) -> None:
    """The disk is full at the first write of a run, or the second, ...; space is freed, the run is resumed."""
    real, left = os.fsync, [0]
    place = made(tmp_path / "begun", Shop()).root

    def fsync(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(run_folder.os, "fsync", fsync)
    for at in range(1, 100):
        shop, folder = Shop(), RunFolder(tmp_path / str(at))
        shutil.copytree(place, folder.root)
        left[0] = at
        try:
            go_on(folder, connector=lambda shop=shop: shop)
            break  # a run has fewer writes than that
        except RunFolderError as error:
            words = str(error)
        assert words.endswith("is the disk full? Free some space, then resume the run")
        assert "\n" not in words
        assert outcome(go_on(folder, connector=lambda shop=shop: shop)) == undisturbed[0]
        assert len(shop.sent) == undisturbed[1]
        assert not list(folder.root.rglob("*.tmp"))
    assert at > 15


CUT = ["rounds/000.json", "rounds/000-0.json", "rounds/000-0.qpy", "rounds/001-0.json", "journal.jsonl", "result.json"]


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_half_a_file_is_made_again_and_not_paid_again(name: str, share: float, undisturbed, tmp_path: Path) -> None:
    shop = Shop()
    folder = made(tmp_path / "run", shop)
    go_on(folder, connector=lambda: shop)
    path = folder.root / name
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    done = go_on(RunFolder.open(folder.root), connector=lambda: shop)
    assert outcome(done) == undisturbed[0]
    assert len(shop.sent) == undisturbed[1]
    assert folder.finished


@pytest.mark.parametrize(("name", "words"), [
    ("problem.npz", "missing or damaged"), ("manifest.json", "cannot read"),
])  # fmt: skip
def test_half_of_what_was_asked_is_named(name: str, words: str, tmp_path: Path) -> None:
    folder = made(tmp_path / "run", Shop())
    path = folder.root / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RunFolderError, match=words) as caught:
        RunFolder.open(folder.root)
    assert "\n" not in str(caught.value)
    path.write_bytes(whole)
    assert RunFolder.open(folder.root).manifest == folder.manifest


def test_a_lost_journal_does_not_send_a_job_again(undisturbed, tmp_path: Path) -> None:
    """Its tag is asked for before every submission."""
    shop = Shop(over=False)
    folder = made(tmp_path / "run", shop)
    with pytest.raises(HardwareError, match="queued"):
        go_on(folder, wait=False, connector=lambda: shop)
    (folder.root / "journal.jsonl").unlink()
    shop.over = True
    assert outcome(go_on(folder, connector=lambda: shop)) == undisturbed[0]
    assert len(shop.sent) == undisturbed[1]


def test_a_finished_run_is_shown_from_a_read_only_folder(undisturbed, tmp_path: Path, monkeypatch) -> None:
    shop = Shop()
    folder = made(tmp_path / "run", shop)
    unfinished = made(tmp_path / "other", shop)
    go_on(folder, connector=lambda: shop)
    real = Path.open

    def read_only(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if set(mode) & set("wa+x"):
            raise OSError(EROFS, "Read-only file system")
        return real(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", read_only)
    assert outcome(go_on(RunFolder.open(folder.root))) == undisturbed[0]
    with pytest.raises(RunFolderError, match="make it writable"):
        go_on(unfinished, connector=lambda: shop)


def test_of_many_that_make_one_folder_one_does(tmp_path: Path) -> None:
    barrier, wins, losses = threading.Barrier(8), [], []

    def make(i: int) -> None:
        barrier.wait()
        try:
            wins.append(RunFolder.create(tmp_path / "run", {"Q": np.full((50, 50), i)}, {}))
        except RunFolderError as error:
            losses.append(str(error))

    threads = [threading.Thread(target=make, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wins) == 1
    assert len(losses) == 7
    assert RunFolder.open(tmp_path / "run").manifest == wins[0].manifest  # its problem is the winner's


def test_cancelling_what_is_over_keeps_its_results(undisturbed, tmp_path: Path) -> None:
    shop, said = Shop(over=False), []
    folder = made(tmp_path / "run", shop)
    with pytest.raises(HardwareError, match="queued"):
        go_on(folder, wait=False, connector=lambda: shop)
    shop.over = True
    assert cancel(folder, say=said.append, connector=lambda: shop) == []
    assert "resuming collects what it measured" in said[-1]
    assert outcome(go_on(folder, connector=lambda: shop)) == undisturbed[0]
    assert len(shop.sent) == undisturbed[1]
