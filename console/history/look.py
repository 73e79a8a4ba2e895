"""Reads history for a window, in a thread of its own: what is asked for last is read, what it replaced is
given up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from console.clock import SECOND_NS, WALL_CLOCK
from console.history.envelope import Envelope, Wanted
from console.history.layout import FOLDER
from console.history.reader import Cancelled, HistoryReader

STATE_EVERY_NS = 2 * SECOND_NS

_log = logging.getLogger("bongsu.history")


class Asked(NamedTuple):
    """One question: these points between two times, in so many columns. `key` says whose it is."""

    key: str
    points: tuple[Wanted, ...]
    from_ns: int
    to_ns: int
    columns: int


class Found(NamedTuple):
    """The answer to a question, by point."""

    asked: Asked
    envelopes: MappingProxyType[str, Envelope]
    took_ms: float


class HistoryLook:
    """For the window's process. No method but `stop` waits; any thread may call them. An answer never
    changes.

    `version` grows with each answer. `writer_problem` is what the history process says of its disk (empty:
    all is
    well; "silent": it does not run).
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._waiting: dict[str, Asked] = {}
        self._asked: dict[str, Asked] = {}
        self._found: dict[str, Found] = {}
        self.version = 0
        self.writer_problem = ""
        self._ended = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="history-look", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def ask(self, asked: Asked) -> None:
        """Read this, instead of what was asked with its key before."""
        with self._wake:
            if self._asked.get(asked.key) != asked:
                self._asked[asked.key] = self._waiting[asked.key] = asked
                self._wake.notify()

    def again(self, key: str) -> None:
        """Read what was asked with a key once more: there is news on disk."""
        with self._wake:
            if key in self._asked:
                self._waiting[key] = self._asked[key]
                self._wake.notify()

    def forget(self, keys: Sequence[str]) -> None:
        """These are not asked for any more."""
        with self._wake:
            for key in keys:
                for book in (self._asked, self._waiting, self._found):
                    book.pop(key, None)

    def found(self, key: str) -> Found | None:
        """The newest answer for a key; perhaps not yet to its newest question."""
        return self._found.get(key)

    def is_loading(self, key: str) -> bool:
        """Whether the newest question of a key is not answered yet."""
        asked, found = self._asked.get(key), self._found.get(key)
        return asked is not None and (found is None or found.asked != asked)

    def _run(self) -> None:
        reader = HistoryReader(self._home / FOLDER)
        state_ns = -STATE_EVERY_NS
        while True:
            with self._wake:
                if not self._waiting and not self._ended:
                    self._wake.wait(STATE_EVERY_NS / SECOND_NS)
                if self._ended:
                    break
                asked = self._waiting.pop(next(iter(self._waiting))) if self._waiting else None
            if WALL_CLOCK.mono_ns() - state_ns > STATE_EVERY_NS:
                state_ns = WALL_CLOCK.mono_ns()
                self._look_at_writer()
            if asked is not None:
                self._answer(reader, asked)
        reader.close()

    def _answer(self, reader: HistoryReader, asked: Asked) -> None:
        began_ns = WALL_CLOCK.mono_ns()
        try:
            found = reader.read(
                asked.points, asked.from_ns, asked.to_ns, asked.columns, lambda: self._is_wanted(asked)
            )
        except Cancelled:
            return
        except Exception:
            _log.exception("History could not be read by an error of the console itself.")
            found = ()
        by_point = MappingProxyType({one.point_id: one for one in found})
        took_ms = (WALL_CLOCK.mono_ns() - began_ns) / 1e6
        with self._wake:
            if self._asked.get(asked.key) == asked:
                self._found[asked.key] = Found(asked, by_point, took_ms)
                self.version += 1

    def _is_wanted(self, asked: Asked) -> bool:
        return not self._ended and self._asked.get(asked.key) == asked

    def _look_at_writer(self) -> None:
        path = self._home / "run" / "history.json"
        try:
            said = msgspec.json.decode(path.read_bytes(), type=dict[str, object])
            age_ns = WALL_CLOCK.now_ns() - int(str(said.get("at_ns", 0)))
            self.writer_problem = "silent" if age_ns > 10 * SECOND_NS else str(said.get("problem", ""))
        except (OSError, ValueError):
            self.writer_problem = "silent"
