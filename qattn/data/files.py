"""Arrays from files that others wrote: .npz and .safetensors, checked before anything is cast, never unpickled."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qattn.arrays import Floats, ProblemError, missing_extra, real_array

HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


class FileError(ValueError):
    """A file that does not hold what it should; the message says what is wrong with it, in one line."""


def load_npz(path: str | Path, head: str | None = None) -> tuple[Floats, Floats, Floats]:
    """(Q, K, V) from an .npz or .safetensors file with arrays Q, K, V, or Q_HEAD, K_HEAD, V_HEAD.

    Args:
        path: the file; nothing in it is unpickled.
        head: which head of the file, such as "L4H2"; None for arrays named Q, K, V.

    Returns:
        Three float64 matrices, as they are in the file.

    Raises:
        FileError: when the file is damaged, lacks these arrays (the message lists the heads it has), or holds something
            other than real numbers.
    """
    names = [name if head is None else f"{name}_{head}" for name in "QKV"]
    with _opened(Path(path)) as arrays:
        if any(name not in arrays for name in names):
            heads = sorted(name[2:] for name in arrays if name.startswith("Q_"))
            hint = (
                f"it has the heads {', '.join(heads)}; name one" if heads else f"it has {', '.join(arrays) or 'none'}"
            )
            raise FileError(f"{path} has no arrays {', '.join(names)}; {hint}")
        q, k, v = (_real(path, name, arrays[name]()) for name in names)
    return q, k, v


def load_tokens(path: str | Path) -> list[str] | None:
    """The array `tokens` of an .npz, one name per key; None when it has none."""
    with _opened(Path(path)) as arrays:
        return [str(token) for token in arrays["tokens"]().ravel()] if "tokens" in arrays else None


def head_names(path: str | Path) -> list[str]:
    """The heads of a file: the names X for which it has an array Q_X."""
    with _opened(Path(path)) as arrays:
        return sorted(name[2:] for name in arrays if name.startswith("Q_"))


Arrays = Mapping[str, Callable[[], NDArray[Any]]]  # an array is read when it is called for


@contextmanager
def _opened(path: Path) -> Iterator[Arrays]:
    """The arrays of a file by name; whatever is wrong with it becomes one line."""
    try:
        with path.open("rb") as file:
            magic = file.read(8)
        if path.suffix == ".safetensors":
            yield _safetensors(path)
        elif magic.startswith(b"PK"):
            with zipfile.ZipFile(path) as archive:
                yield {
                    Path(name).stem: lambda name=name: _member(archive, name)  # type: ignore[misc]
                    for name in archive.namelist()
                    if name.endswith(".npy")
                }
        else:
            raise FileError(f"{path} is {_kind(magic)}; give an .npz (numpy.savez) with arrays Q, K, V")
    except (FileError, ImportError):
        raise
    except FileNotFoundError:
        raise FileError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise FileError(f"{path} is a folder; give an .npz file with arrays Q, K, V") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}") from None
    except Exception as error:  # a damaged file raises whatever its reader stumbles over
        words = " ".join(str(error).split()) or type(error).__name__
        raise FileError(f"{path} is damaged: {words}; write it again") from None


def _kind(magic: bytes) -> str:
    if not magic:
        return "empty"
    if magic.startswith(b"\x93NUMPY"):
        return "a single array (.npy)"
    return "a pickle, which is not read" if magic[:1] == b"\x80" else "no .npz file"


def _member(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """One array of an .npz; its header is held against the bytes that are there before memory is set aside."""
    data = archive.read(name)  # the whole member, so that its checksum is verified
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    if version not in HEADERS:
        raise FileError(f"{archive.filename}: array {name} has the format version {version}; write it again")
    shape, _, dtype = HEADERS[version](stream)
    if dtype.hasobject:
        raise FileError(f"{archive.filename}: array {name} holds Python objects; save plain numbers instead")
    there, said = len(data) - stream.tell(), math.prod(shape) * dtype.itemsize
    if there != said:
        raise FileError(
            f"{archive.filename}: the header of {name} says {said} bytes, there are {there}; write it again"
        )
    stream.seek(0)
    array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
    return array


def _safetensors(path: Path) -> Arrays:
    try:
        from safetensors import safe_open
    except ImportError as error:
        raise missing_extra("reading .safetensors", "safetensors") from error
    with safe_open(path, framework="numpy") as file:
        names = list(file.keys())

    def read(name: str) -> NDArray[Any]:
        with safe_open(path, framework="numpy") as file:
            try:
                array: NDArray[Any] = file.get_tensor(name)
            except TypeError:
                raise FileError(
                    f"{path}: array {name} has a type NumPy lacks (bfloat16?); save it as float32"
                ) from None
            return array

    return {name: lambda name=name: read(name) for name in names}  # type: ignore[misc]


def _real(path: str | Path, name: str, array: NDArray[Any]) -> Floats:
    """The array as float64, if it is a matrix of real numbers."""
    try:
        matrix = real_array(f"array {name}", array)
    except ProblemError as error:
        raise FileError(f"{path}: {error}") from None
    if matrix.ndim != 2:
        raise FileError(f"{path}: array {name} has shape {array.shape}; it must be a matrix, one row per token")
    return matrix
