"""Where the console keeps its own files, and where it finds what it ships with."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def home() -> Path:
    """The data folder of this installation: $BONGSU_HOME, else the user's data folder."""
    told = os.environ.get("BONGSU_HOME")
    if told:
        return Path(told).expanduser().resolve()
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "bongsu"


def private_folder(path: Path) -> Path:
    """`path` as a folder only its owner can enter, made where it was missing."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def shipped(folder: str) -> Path:
    """The folder `assets` or `seeds`: beside the source in a checkout, inside the package when installed.

    Raises FileNotFoundError when neither exists, which means a broken installation.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package.parent / folder, package / "_shipped" / folder):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"The program's own folder {folder!r} is missing: install it again.")


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Only one process or thread at a time reads and rewrites `path`; the others wait."""
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_private(path: Path, data: bytes) -> None:
    """Write a file only its owner can read, whole or not at all."""
    private_folder(path.parent)
    # A name of its own: two processes may write the same file, and the later whole one wins.
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
