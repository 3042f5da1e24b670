"""Files of others: whatever is in them, the arrays come out as they are or one line says why not."""

import io
import pickle
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from qattn.data import FileError, bundled, head_names, load_npz, load_tokens

GOOD = {name: np.arange(12.0).reshape(4, 3) for name in "QKV"}


def saved(path: Path, **arrays) -> Path:
    np.savez(path, **{**GOOD, **arrays})
    return path


def with_member(path: Path, data: bytes) -> Path:
    """An .npz whose array Q is these bytes."""
    saved(path)
    with zipfile.ZipFile(path) as old:
        rest = {name: old.read(name) for name in old.namelist() if name != "Q.npy"}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in {"Q.npy": data, **rest}.items():
            new.writestr(name, content)
    return path


def member(header: str, body: bytes = b"") -> bytes:
    stream = io.BytesIO()
    stream.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + body)
    return stream.getvalue()


def broken(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files by what is wrong with them, and the words that must say so."""
    whole = saved(folder / "whole.npz").read_bytes()
    files = {
        "truncated": whole[: len(whole) // 2],
        "empty": b"",
        "text": b"Q K V\n1 2 3\n",
        "pickle": pickle.dumps({"Q": 1}),
        "npy": b"\x93NUMPY" + b"\x01\x00rest",
    }
    made = {}
    for name, content in files.items():
        (folder / f"{name}.npz").write_bytes(content)
        made[name] = folder / f"{name}.npz"
    flipped = bytearray(whole)
    flipped[whole.index(b"NUMPY") + 150] ^= 0x10
    (folder / "flipped.npz").write_bytes(flipped)
    huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000, 1000000), }\n"
    return {
        "truncated": (made["truncated"], "damaged"),
        "empty": (made["empty"], "is empty"),
        "text": (made["text"], "no .npz file"),
        "pickle": (made["pickle"], "a pickle, which is not read"),
        "one array": (made["npy"], "a single array"),
        "flipped bit": (folder / "flipped.npz", "damaged"),
        "absent": (folder / "absent.npz", "no such file"),
        "folder": (folder, "is a folder"),
        "lying header": (with_member(folder / "huge.npz", member(huge)), "the header of Q.npy says"),
        "hostile header": (with_member(folder / "h.npz", member("{'descr': __import__('os')}\n")), "damaged"),
        "objects": (saved(folder / "o.npz", Q=np.array([[object()]])), "Python objects"),
        "complex": (saved(folder / "c.npz", K=np.ones((4, 3)) * 1j), "real numbers"),
        "dates": (saved(folder / "d.npz", V=np.array([["2020-01-01"]], dtype="datetime64[D]")), "real numbers"),
        "strings": (saved(folder / "s.npz", Q=np.array([["a"]])), "real numbers"),
        "records": (saved(folder / "r.npz", Q=np.zeros((2, 2), dtype="f8,i4")), "real numbers"),
        "four axes": (saved(folder / "4.npz", Q=np.zeros((1, 2, 3, 4))), "must be a matrix"),
    }


KINDS = [
    "truncated", "empty", "text", "pickle", "one array", "flipped bit", "absent", "folder", "lying header",
    "hostile header", "objects", "complex", "dates", "strings", "records", "four axes",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_wrong_is_said_in_one_line(kind: str, tmp_path: Path) -> None:
    files = broken(tmp_path)
    assert set(files) == set(KINDS)
    path, words = files[kind]
    with pytest.raises(FileError) as refused:
        load_npz(path)
    message = str(refused.value)
    assert words in message
    assert "\n" not in message
    assert "allow_pickle" not in message, "never advice to load unsafely"


def test_any_byte_changed_or_cut_off_is_an_error_or_changes_nothing(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.npz").read_bytes()
    rng = np.random.default_rng(0)
    path = tmp_path / "x.npz"
    for trial in range(300):
        content = bytearray(whole)
        place = int(rng.integers(len(whole)))
        if trial % 3:
            content[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(content if trial % 3 else content[:place])
        with suppress(FileError):
            assert all(np.array_equal(array, GOOD["Q"]) for array in load_npz(path))


def test_compressed_float32_and_integers_are_read(tmp_path: Path) -> None:
    np.savez_compressed(
        tmp_path / "a.npz", Q=np.ones((2, 2), np.float32), K=np.ones((2, 2), int), V=np.eye(2, dtype=bool)
    )
    assert all(array.dtype == np.float64 for array in load_npz(tmp_path / "a.npz"))
    np.savez(tmp_path / "f.npz", Q=np.asfortranarray(GOOD["Q"]), K=GOOD["K"], V=GOOD["V"])
    assert np.array_equal(load_npz(tmp_path / "f.npz")[0], GOOD["Q"])


def test_safetensors_are_read(tmp_path: Path) -> None:
    save_file = pytest.importorskip("safetensors.numpy").save_file
    path = tmp_path / "head.safetensors"
    save_file({f"{name}_L1H2": array.astype(np.float32) for name, array in GOOD.items()}, path)
    assert head_names(path) == ["L1H2"]
    assert np.array_equal(load_npz(path, "L1H2")[1], GOOD["K"])
    with pytest.raises(FileError, match="it has the heads L1H2"):
        load_npz(path)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(FileError, match="damaged"):
        load_npz(path, "L1H2")


def test_the_bundled_heads() -> None:
    assert "L4H2" in head_names(bundled(16))
    assert len(load_tokens(bundled(16)) or []) == 16
