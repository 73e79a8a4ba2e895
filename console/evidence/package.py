"""A package while it is made: a folder with a name that says so, put in place whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.clock import SECOND_NS, WALL_CLOCK
from console.evidence.job import ExportFailed, Wrapping
from console.evidence.keys import public_pem
from console.evidence.manifest import MANIFEST, PUBLIC_KEY, SIGNATURE, SIGNED_PREFIX, FileEntry
from console.paths import private_folder

UNFINISHED = ".unfinished-"
_JUST_MADE_NS = 60 * SECOND_NS
_BLOCK_BYTES = 1 << 20
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
"""What a file system answers that has no hard links or no modes (FAT, exFAT)."""
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


class Placed(NamedTuple):
    path: Path
    manifest_sha256: str
    files: int
    bytes: int


class Staging:
    """The unfinished package, beside its place so that it can be moved in one step. One thread."""

    def __init__(self, place: Path, name: str, wrapping: Wrapping) -> None:
        """Raises ExportFailed("exists") and OSError."""
        self._place, self._name, self._wrapping = place, name, wrapping
        self.target = place / (name + (".zip" if wrapping == "zip" else ""))
        if os.path.lexists(self.target):
            raise ExportFailed("exists", self.target.name)
        if not place.is_dir():
            private_folder(place)
        _sweep(place)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{UNFINISHED}{name}-", dir=place))
        self._held = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def path(self, name: str) -> Path:
        """Where a file of this name (with `/`) is to be written."""
        path = self.folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def put(self, name: str, data: bytes) -> None:
        self.path(name).write_bytes(data)

    def listed(self) -> tuple[FileEntry, ...]:
        """All files as they are on disk now, with their hashes, by name."""
        return tuple(
            FileEntry(name=name, bytes=path.stat().st_size, sha256=_sha256(path))
            for name, path in self._files()
        )

    def sign(self, manifest: bytes, key: Ed25519PrivateKey) -> None:
        self.put(MANIFEST, manifest)
        self.put(SIGNATURE, key.sign(SIGNED_PREFIX + manifest))

    def finish(self, step: Callable[[float], None]) -> Placed:
        """Put the package in its place. Raises ExportFailed("exists") and OSError."""
        files = self._files()
        sha256 = _sha256(self.folder / MANIFEST)
        for number, (_, path) in enumerate(files):
            _protect(path, 0o400)
            _sync(path)
            step(number / len(files) / (2 if self._wrapping == "zip" else 1))
        size = sum(path.stat().st_size for _, path in files)
        if self._wrapping == "zip":
            size = self._zip(files, step)
        else:
            _sync(self.folder)
            self._move(self.folder)
            self._let_go()
        _sync(self._place)
        return Placed(self.target, sha256, len(files), size)

    def _zip(self, files: list[tuple[str, Path]], step: Callable[[float], None]) -> int:
        # Inside the unfinished folder: whatever happens, it goes with it.
        archive = self.folder.with_name(self.folder.name + ".zip")
        try:
            with zipfile.ZipFile(archive, "x", zipfile.ZIP_STORED, strict_timestamps=True) as out:
                for number, (name, path) in enumerate(files):
                    entry = zipfile.ZipInfo(f"{name}", _ZIP_DATE)
                    entry.external_attr = 0o100400 << 16
                    entry.file_size = path.stat().st_size
                    with path.open("rb") as source, out.open(entry, "w") as sink:
                        shutil.copyfileobj(source, sink, _BLOCK_BYTES)
                    step(0.5 + number / len(files) / 2)
            _protect(archive, 0o600)
            _sync(archive)
            self._move(archive)
        finally:
            archive.unlink(missing_ok=True)
        self.abandon()
        return self.target.stat().st_size

    def _move(self, made: Path) -> None:
        if os.path.lexists(self.target):
            raise ExportFailed("exists", self.target.name)
        if made.is_dir():
            os.rename(made, self.target)  # a folder that appeared meanwhile and is not empty refuses
            return
        try:
            os.link(made, self.target)  # never replaces a file
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            os.rename(made, self.target)  # a stick's file system: looked just above, and nobody else names so
        else:
            made.unlink()

    def abandon(self) -> None:
        """Remove what was written; nothing is left that looks like an export."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def _files(self) -> list[tuple[str, Path]]:
        return sorted(
            (path.relative_to(self.folder).as_posix(), path)
            for path in self.folder.rglob("*") if path.is_file()
        )  # fmt: skip


def _sweep(place: Path) -> None:
    """Remove what killed exports left in a place: nobody holds it, and it is not just being made."""
    for left in place.glob(f"{UNFINISHED}*"):
        try:
            if WALL_CLOCK.now_ns() - left.stat().st_mtime_ns < _JUST_MADE_NS:
                continue
            if left.is_dir() and not left.is_symlink():
                if _is_held(left):
                    continue
                shutil.rmtree(left, ignore_errors=True)
            left.with_name(f"{left.name}.zip").unlink(missing_ok=True)
        except OSError:
            continue  # gone meanwhile, or not ours to remove


def _is_held(folder: Path) -> bool:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def add_key(staging: Staging, key: Ed25519PrivateKey) -> None:
    staging.put(PUBLIC_KEY, public_pem(key.public_key()))


def _protect(path: Path, mode: int) -> None:
    """Set who may read it, where the file system knows of that; a stick's does not."""
    try:
        path.chmod(mode)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
