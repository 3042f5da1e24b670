"""A run on disk: what was asked, what was sent, what came back; every write is whole or not there.

    manifest.json        the problem's hash, seed, options, versions, forecast; written last: without it there is no run
    problem.npz          Q, K, V, tau
    journal.jsonl        submitting, submitted, collected, failed: a line each, on the disk before the next step
    rounds/000.json      the jobs of a round: row, iterations, excluded, shots, and what the forecast says of them
    rounds/000-0.qpy     the ISA circuits of its first part
    rounds/000-0.json    what was measured
    result.json          the report of the finished run

No secret is ever written here.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from qattn.hardware.errors import RunFolderError

FORMAT = 3  # 3: every shot that ran is kept, with its ancillas
PACKAGES = ("qattn-grover", "qiskit", "qiskit-aer", "qiskit-ibm-runtime", "numpy")


@dataclass(frozen=True)
class RunFolder:
    """One run. Made by `create`, found again by `open`.

    Attributes:
        root: the folder.
    """

    root: Path

    @classmethod
    def create(cls, root: str | Path, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> RunFolder:
        """A new run folder with its problem and manifest.

        Args:
            root: where; made when it is not there.
            arrays: the problem.
            facts: what the manifest holds beside what every run has.

        Returns:
            The folder.

        Raises:
            RunFolderError: when there is a run already, or the disk is full or read-only.
        """
        folder = cls(Path(root))
        with _named(folder.root):
            (folder.root / "rounds").mkdir(parents=True, exist_ok=True)
        with folder.locked():  # of two that are made at the same time, one is
            folder._make(arrays, facts)
        return folder

    def _make(self, arrays: Mapping[str, NDArray[Any]], facts: Mapping[str, Any]) -> None:
        """Write the problem, then the manifest."""
        if self.has("manifest.json"):
            raise RunFolderError(f"{self.root} holds a run already; resume it, or give a new folder")
        with self._replacing("problem.npz") as file:
            np.savez(file, **dict(arrays))  # type: ignore[arg-type]
        manifest = {
            "format": FORMAT,
            "run": secrets.token_hex(8),
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "problem_hash": digest(arrays),
            "versions": versions(),
            **facts,
        }
        self.write("manifest.json", manifest)

    @classmethod
    def open(cls, root: str | Path) -> RunFolder:
        """The run in a folder, checked.

        Raises:
            RunFolderError: when there is none, or its problem is not the one it was made for.
        """
        folder = cls(Path(root))
        if not (folder.root / "manifest.json").is_file():
            raise RunFolderError(f"{root} holds no run; `qattn submit` makes one")
        if folder.manifest.get("format") != FORMAT:
            raise RunFolderError(f"{root} is of format {folder.manifest.get('format')}; this version reads {FORMAT}")
        if digest(folder.arrays()) != folder.manifest["problem_hash"]:
            raise RunFolderError(f"{root}/problem.npz is not what this run was made for; its finds would be wrong")
        return folder

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was asked."""
        return dict(self.read("manifest.json"))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The problem's arrays."""
        path = self.root / "problem.npz"
        try:
            with np.load(path, allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise RunFolderError(f"{path} is missing or damaged ({error}); put a copy of it back") from None

    def has(self, name: str) -> bool:
        """Whether a file was written."""
        return (self.root / name).is_file()

    @property
    def finished(self) -> bool:
        """Whether the run has its report, whole."""
        try:
            return self.has("result.json") and isinstance(self.read("result.json"), dict)
        except RunFolderError:
            return False

    def read(self, name: str) -> Any:
        """A JSON file of the folder."""
        try:
            return json.loads((self.root / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RunFolderError(f"cannot read {self.root / name}: {error}") from None

    def write(self, name: str, value: object) -> None:
        """Write JSON so that the old file or the new one is there after a power cut, never half of one.

        Args:
            name: of the file, relative to the folder.
            value: plain Python types.
        """
        with self._replacing(name) as file:
            file.write(json.dumps(value, indent=1).encode())

    def write_circuits(self, name: str, circuits: list[Any]) -> None:
        """Write circuits as QPY, whole or not at all.

        Args:
            name: of the file, relative to the folder.
            circuits: in the processor's gates.
        """
        from qiskit import qpy

        with self._replacing(name) as file:
            qpy.dump(circuits, file)

    def read_circuits(self, name: str) -> list[Any]:
        """Circuits from QPY."""
        from qiskit import qpy

        path = self.root / name
        try:
            with path.open("rb") as file:
                return list(qpy.load(file))
        except Exception as error:  # whatever half a file makes of the reader
            raise RunFolderError(f"{path} is missing or damaged ({error})") from None

    def append(self, event: str, **facts: object) -> None:
        """Add an event to the journal; it is on the disk when this returns.

        Args:
            event: its kind.
            facts: what JSON can hold.
        """
        path = self.root / "journal.jsonl"
        line = json.dumps({"event": event, "time": time.time(), **facts}).encode() + b"\n"
        with _named(path), path.open("ab") as file:
            if file.tell() and not _ends_whole(path):
                file.write(b"\n")  # a line that a crash cut short stays, and is skipped
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def events(self) -> list[dict[str, Any]]:
        """The journal; lines cut short by a crash are left out."""
        path = self.root / "journal.jsonl"
        if not path.exists():
            return []
        found = []
        for line in path.read_bytes().split(b"\n"):
            with suppress(ValueError):
                found.append(json.loads(line))
        return [event for event in found if isinstance(event, dict)]

    @contextmanager
    def locked(self, *, reading: bool = False) -> Iterator[None]:
        """Only one process works on a run at a time; the system frees the lock when that process dies.

        Args:
            reading: nothing will be written, so a folder that cannot be is read without a lock.

        Raises:
            RunFolderError: when another process holds it, or it cannot be written.
        """
        with ExitStack() as stack:
            try:
                with _named(self.root):
                    file = stack.enter_context((self.root / ".lock").open("a+b"))
            except RunFolderError:
                if not reading:
                    raise
            else:
                self._take(file)
            yield

    def _take(self, file: IO[bytes]) -> None:
        """Lock the folder, and clear away what a process that was killed while it wrote has left."""
        try:
            _lock(file)
        except OSError:
            raise RunFolderError(f"another process is working on {self.root}; wait for it or stop it") from None
        for left in self.root.rglob(".*.tmp"):
            with suppress(OSError):
                left.unlink(missing_ok=True)

    @contextmanager
    def _replacing(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write that takes the place of `name` in one step, after its bytes are on the disk."""
        path = self.root / name
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with _named(path):
                with temporary.open("wb") as file:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, path)
                _sync_folder(path.parent)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """What the system says of a full or read-only disk, in one line."""
    try:
        yield
    except OSError as error:
        what = "is the disk full? Free some space" if error.errno in (ENOSPC, EDQUOT) else "make it writable"
        raise RunFolderError(f"cannot write {path} ({error.strerror or error}); {what}, then resume the run") from None


def digest(arrays: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 of named arrays: names, types, shapes and values."""
    total = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name} {array.dtype.str} {array.shape}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def versions() -> dict[str, str]:
    """Installed versions of what decides a run's circuits and results."""
    found = {}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _sync_folder(folder: Path) -> None:
    """Put a rename on the disk; systems that cannot open folders do so by themselves."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(file: IO[bytes]) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
