"""The access record: a line of JSON for everything that happened at the door, on disk before it is believed.

`home/share/access/YYYY-MM-DD.jsonl` (the day of UTC), each line an `AccessLine`; numbers go on from file to
file. The hub takes them in order and remembers the last number it has.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from console.footage.layout import day_of
from console.model.share import (
    LONGEST_SHARE_NS,
    AccessLine,
    ShareAccess,
    ViewBegan,
    ViewEnded,
)
from console.paths import private_folder

FOLDER = ("share", "access")
ENDING = ".jsonl"
SERVING = ".serving"
"""Beside the record, locked by who writes it."""

_log = logging.getLogger("bongsu.share")
_decode = msgspec.json.Decoder(AccessLine).decode


class Remembered(NamedTuple):
    """What earlier lines say that still counts: views nobody ended, and who opened which share first."""

    open_views: tuple[ViewBegan, ...]
    holders: dict[str, str]


class AccessLog:
    """Appends lines. `add` may be called from any thread; it returns when the line is on disk."""

    def __init__(self, home: Path, on_line: Callable[[AccessLine], None] | None = None) -> None:
        """`on_line` hears each line that is on disk, in order, in the thread that wrote it."""
        self._on_line = on_line
        self._folder = home.joinpath(*FOLDER)
        self._lock = threading.Lock()
        self._only = -1
        self._seq = 0
        self._day = ""
        self._handle = -1
        self._size = 0

    def open(self, now_ns: int) -> Remembered:
        """Read what earlier runs left, cut a torn last line off. Raises OSError, also where another process
        writes here: two would give the same numbers.
        """
        private_folder(self._folder)
        self._be_the_only_one()
        days = _days(self._folder)
        if days:
            _cut_torn(self._folder / f"{days[-1]}{ENDING}")
        since = day_of(max(0, now_ns - LONGEST_SHARE_NS))
        views: dict[str, ViewBegan] = {}
        holders: dict[str, str] = {}
        for number, day in enumerate(days):
            if day < since and number < len(days) - 1:
                continue
            for line in _lines(self._folder / f"{day}{ENDING}"):
                self._seq = max(self._seq, line.seq)
                access = line.access
                if isinstance(access, ViewBegan):
                    views[access.uid] = access
                    holders.setdefault(access.share_id, access.address)
                elif isinstance(access, ViewEnded):
                    views.pop(access.view_uid, None)
        return Remembered(tuple(views.values()), holders)

    def add(self, access: ShareAccess) -> int:
        """Write a line and wait for the disk; its number. Raises OSError: then nothing was written."""
        with self._lock:
            line = AccessLine(seq=self._seq + 1, access=access)
            data = msgspec.json.encode(line) + b"\n"
            handle = self._of_day(day_of(access.at_ns))
            try:
                done = 0
                while done < len(data):
                    done += os.write(handle, data[done:])
                os.fsync(handle)
            except OSError:
                self._take_back()
                raise
            self._size += len(data)
            self._seq = line.seq
            if self._on_line is not None:
                self._on_line(line)
            return line.seq

    def close(self) -> None:
        with self._lock:
            self._let_go()
            if self._only >= 0:
                os.close(self._only)
                self._only = -1

    def _be_the_only_one(self) -> None:
        handle = os.open(self._folder.parent / SERVING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise OSError(errno.EBUSY, "another `bongsu share serve` runs on this data folder") from None
        self._only = handle

    def _of_day(self, day: str) -> int:
        """The file to write; never an earlier one than the last, whatever the clock does."""
        day = max(day, self._day)
        if self._handle >= 0 and day == self._day:
            return self._handle
        self._let_go()
        path = self._folder / f"{day}{ENDING}"
        private_folder(self._folder)
        is_new = not path.exists()
        if not is_new:
            _cut_torn(path)  # of a line that could not be taken back
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._day, self._size = day, os.fstat(self._handle).st_size
        if is_new:
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return self._handle

    def _take_back(self) -> None:
        """Cut off what a full disk took of a line: shorter needs no room."""
        try:
            os.ftruncate(self._handle, self._size)
        except OSError:
            pass  # it is torn, and cut off before the next line
        self._let_go()

    def _let_go(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def read_access(home: Path, after_seq: int = 0) -> Iterator[AccessLine]:
    """The lines behind a number, in order, as far as they are whole. Any process, also while one writes.

    A line that cannot be read is told in the log and passed over. Raises OSError.
    """
    folder = home.joinpath(*FOLDER)
    for day in _days(folder):
        for line in _lines(folder / f"{day}{ENDING}"):
            if line.seq > after_seq:
                yield line


def _days(folder: Path) -> list[str]:
    try:
        return sorted(path.stem for path in folder.iterdir() if path.suffix == ENDING)
    except FileNotFoundError:
        return []


def _lines(path: Path) -> Iterator[AccessLine]:
    with open(path, "rb") as file:
        for number, raw in enumerate(file, 1):
            if not raw.endswith(b"\n"):
                return
            try:
                yield _decode(raw)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                _log.error("Line %d of %s cannot be read: %s", number, path.name, error)


def _cut_torn(path: Path) -> None:
    """Take away what follows the last whole line. Raises OSError."""
    with open(path, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        end = size
        while end:
            begin = max(0, end - 4096)
            file.seek(begin)
            found = file.read(end - begin).rfind(b"\n")
            if found >= 0:
                end = begin + found + 1
                break
            end = begin
        if end < size:
            file.truncate(end)
