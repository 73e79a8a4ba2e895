"""Keeps spans, edges and locks of the cameras somebody looks at fresh, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from console.footage.layout import FOLDER
from console.footage.locks import LocksError, LockSpan, read_locks
from console.footage.store import FootageStore, Problem, Span

LOOK_EVERY_S = 1.0

_log = logging.getLogger("bongsu.footage")


class _Wanted(NamedTuple):
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int


class _Seen(NamedTuple):
    spans: MappingProxyType[str, tuple[Span, ...]]
    edges: MappingProxyType[str, tuple[int, int]]
    locks: MappingProxyType[str, tuple[LockSpan, ...]]
    problems: tuple[Problem, ...]


_NOTHING = _Seen(MappingProxyType({}), MappingProxyType({}), MappingProxyType({}), ())


class FootageWatch:
    """For the window's process: `wanted` says what is looked at, the others what is known of it. No method
    but `stop` waits; any thread may call them. What is answered never changes: a later look gives a new one.

    `version` grows when something that was told before is different.
    """

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER
        self._wanted = _Wanted((), 0, 0)
        self._seen = _NOTHING
        self.version = 0
        self._ended = False
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="footage-watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._ended = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def wanted(self, camera_ids: tuple[str, ...], from_ns: int, to_ns: int) -> None:
        """Keep these fresh from now on, instead of what was wanted before."""
        wanted = _Wanted(camera_ids, from_ns, to_ns)
        if wanted != self._wanted:
            self._wanted = wanted
            self._wake.set()

    def spans_of(self, camera_id: str) -> tuple[Span, ...]:
        """Where there are pictures in the wanted time; empty while that is not known yet."""
        return self._seen.spans.get(camera_id, ())

    def edges_of(self, camera_id: str) -> tuple[int, int] | None:
        return self._seen.edges.get(camera_id)

    def locks_of(self, camera_id: str) -> tuple[LockSpan, ...]:
        """The locked stretches that touch the wanted time."""
        return self._seen.locks.get(camera_id, ())

    def knows(self, camera_id: str) -> bool:
        """Whether it was looked at: no spans then means that there are no pictures."""
        return camera_id in self._seen.spans

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._seen.problems

    def _run(self) -> None:
        store = FootageStore(self._folder)
        locks_problem = ""
        while not self._ended:
            self._wake.clear()
            wanted = self._wanted
            locks_problem = self._look(store, wanted, locks_problem)
            if wanted == self._wanted and not self._ended:
                self._wake.wait(LOOK_EVERY_S)

    def _look(self, store: FootageStore, wanted: _Wanted, problem_before: str) -> str:
        store.refresh()
        spans: dict[str, tuple[Span, ...]] = {}
        edges: dict[str, tuple[int, int]] = {}
        for camera_id in wanted.camera_ids:
            if self._ended:
                return problem_before
            spans[camera_id] = store.spans(camera_id, wanted.from_ns, wanted.to_ns)
            found = store.edges(camera_id)
            if found is not None:
                edges[camera_id] = found
        problem, locks = "", self._seen.locks
        try:
            locks = MappingProxyType(self._locks(wanted))
        except LocksError as error:
            problem = str(error)
            if problem != problem_before:
                _log.warning("The locks of the footage are shown as they were: %s", problem)
        seen = _Seen(MappingProxyType(spans), MappingProxyType(edges), locks, store.problems())
        if seen != self._seen:
            self._seen = seen
            self.version += 1
        return problem

    def _locks(self, wanted: _Wanted) -> dict[str, tuple[LockSpan, ...]]:
        found: dict[str, list[LockSpan]] = {}
        for lock in read_locks(self._folder).locks:
            if lock.from_ns > wanted.to_ns or lock.to_ns < wanted.from_ns:
                continue
            for camera_id in lock.camera_ids:
                if camera_id in wanted.camera_ids:
                    found.setdefault(camera_id, []).append(LockSpan(lock.id, lock.from_ns, lock.to_ns))
        return {camera_id: tuple(locks) for camera_id, locks in found.items()}
