"""Which footage is kept whatever its age: the file beside it, which holds before any hub is reached."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from console.model.base import Record
from console.paths import write_private

FILE = "locks.json"


class KeptLock(Record, frozen=True, kw_only=True):
    """One lock as the recorder obeys it: an incident's ("incident:ID") or a person's."""

    id: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    reason: str = ""
    person: str = ""


class KeptLocks(Record, frozen=True, kw_only=True):
    """All locks, and up to which entry of the log they follow it.

    `unlocked` are incidents' locks that a person took away: the incident itself may still be told of again.
    """

    version: int = 1
    run: str = ""
    seq: int = -1
    locks: tuple[KeptLock, ...] = ()
    unlocked: tuple[str, ...] = ()


class LockSpan(NamedTuple):
    """A locked stretch of one camera."""

    lock_id: str
    from_ns: int
    to_ns: int


class LocksError(Exception):
    """The file of locks is there and cannot be used; the text says why."""


def read_locks(folder: Path) -> KeptLocks:
    """The locks beside the footage; none where the file is missing. Raises LocksError."""
    try:
        told = msgspec.json.decode((folder / FILE).read_bytes(), type=KeptLocks)
    except FileNotFoundError:
        return KeptLocks()
    except OSError as error:
        raise LocksError(f"{FILE}: cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise LocksError(f"{FILE}: {error}") from None
    if told.version != 1:
        raise LocksError(f"{FILE}: version: expected 1, found {told.version}")
    return told


def write_locks(folder: Path, locks: KeptLocks) -> None:
    """Write them, whole or not at all. Raises OSError."""
    write_private(folder / FILE, msgspec.json.encode(locks))
