"""What persons wrote into hand-offs as they wrote it, apart from the log: the log cannot forget a number.

A file for each thread under DIR/handoff/words, readable by the owner only, gone when the thread is forgotten.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from console.model.base import Record
from console.paths import private_folder, write_private

_log = logging.getLogger("bongsu.hub.ladder")
FOLDER = ("handoff", "words")
_BIGGEST = 256 << 10


class Kept(Record, frozen=True, kw_only=True):
    """A person's words of one thread: of the draft, of fields of the card by id, numbers of calls by row."""

    thread_id: str
    text: str = ""
    fields: dict[str, str] = msgspec.field(default_factory=dict)
    numbers: dict[str, str] = msgspec.field(default_factory=dict)


class DraftBook:
    """Held in memory, written behind by a thread of its own. `keep` and `of` belong to the hub's loop."""

    def __init__(self, home: Path) -> None:
        self._folder = home.joinpath(*FOLDER)
        self._kept: dict[str, Kept | None] = {}
        self._queue: queue.Queue[Kept | str | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="hand-off words")
        self._thread.start()

    def of(self, thread_id: str) -> Kept | None:
        """What is kept; None where nothing was, or it cannot be read."""
        if thread_id not in self._kept:
            self._kept[thread_id] = self._read(thread_id)
        return self._kept[thread_id]

    def words(self, thread_id: str, text: str, fields: Sequence[tuple[str, str]]) -> None:
        """Keep the words of a draft; empty `fields` leave those that are there."""
        before = self.of(thread_id) or Kept(thread_id=thread_id)
        self._keep(replace(before, text=text, fields={**before.fields, **dict(fields)}))

    def number(self, thread_id: str, call: int, number: str) -> None:
        """Keep the number of a call."""
        before = self.of(thread_id) or Kept(thread_id=thread_id)
        self._keep(replace(before, numbers={**before.numbers, str(call): number}))

    def forget_all_but(self, thread_ids: Iterable[str]) -> None:
        """Threads that the state has forgotten have no words either."""
        for gone in self._kept.keys() - set(thread_ids):
            del self._kept[gone]
            self._queue.put(gone)

    def close(self) -> None:
        """Write what is still to be written."""
        self._queue.put(None)
        self._thread.join()

    def _keep(self, kept: Kept) -> None:
        self._kept[kept.thread_id] = kept
        self._queue.put(kept)

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                if isinstance(job, str):
                    self._path(job).unlink(missing_ok=True)
                else:
                    private_folder(self._folder.parent)
                    write_private(self._path(job.thread_id), msgspec.json.encode(job))
            except OSError as error:
                _log.error("Words of a hand-off could not be kept on disk: %s. They last until the hub ends.",
                           error.strerror)  # fmt: skip

    def _read(self, thread_id: str) -> Kept | None:
        path = self._path(thread_id)
        try:
            if path.stat().st_size > _BIGGEST:
                return None
            return msgspec.json.decode(path.read_bytes(), type=Kept)
        except (OSError, ValueError):
            return None

    def _path(self, thread_id: str) -> Path:
        return self._folder / f"{hashlib.sha256(thread_id.encode()).hexdigest()[:32]}.json"
