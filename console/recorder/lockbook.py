"""Which footage must stay: follows the hub's decisions and keeps what follows from them on disk."""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from console.clock import SECOND_NS
from console.footage.locks import FILE, KeptLock, KeptLocks, LocksError, LockSpan, read_locks, write_locks
from console.model import events as ev
from console.model.base import Position
from console.model.footage import FootageLock
from console.model.incident import Incident
from console.model.state import CityState
from console.recorder.figures import LockFigures

INCIDENT_LOCK = "incident:"
DAMAGED = FILE + ".damaged"
REMEMBERED_SIGNALS = 2_000
REMEMBERED_UNLOCKED = 10_000
"""The hub itself remembers fewer closed incidents."""
_HOUR_NS = 3600 * SECOND_NS

_log = logging.getLogger("bongsu.recorder")

Nearest = Callable[[Position, int, float], tuple[str, ...]]
"""(where, how many, within m): the best recorded cameras."""


class LockBook:
    """Any thread.

    The file is read first, so that locks hold before any hub is reached. Where it cannot be read nothing at
    all may be freed until a hub has said what is locked; the damaged file stays beside the new one.
    """

    def __init__(self, folder: Path, figures: LockFigures, nearest: Nearest) -> None:
        self._folder, self._figures, self._nearest = folder, figures, nearest
        self._signals: OrderedDict[str, int] = OrderedDict()
        self.problem = ""
        try:
            kept = read_locks(folder)
        except LocksError as error:
            self.problem = str(error)
            kept = KeptLocks()
            _log.error("Nothing is freed until the hub has said what is locked: %s", error)
        self._run, self._seq = kept.run, kept.seq
        self._locks = {lock.id: lock for lock in kept.locks}
        self._unlocked = dict.fromkeys(kept.unlocked)
        self._spans: dict[str, list[LockSpan]] = {}
        self._changed = False
        self._guard = threading.RLock()
        self._make_spans()

    @property
    def is_readable(self) -> bool:
        """Whether it is known what is locked."""
        return not self.problem

    @property
    def locks(self) -> tuple[KeptLock, ...]:
        return tuple(self._locks.values())

    def is_locked(self, camera_id: str, begin_ns: int, end_ns: int) -> bool:
        """Whether any of this stretch of a camera must stay. Any thread."""
        if self.problem:
            return True
        return any(
            span.from_ns <= end_ns and span.to_ns >= begin_ns for span in self._spans.get(camera_id, ())
        )

    @property
    def spans(self) -> Mapping[str, Sequence[LockSpan]]:
        """The locked stretches by camera; a later change makes a new one."""
        return self._spans

    def snapshot(self, state: CityState) -> None:
        """What the hub says is so. Locks that persons took away meanwhile go, those they set come."""
        with self._guard:
            self._snapshot(state)

    def _snapshot(self, state: CityState) -> None:
        is_same_log = state.seq >= self._seq and not self.problem
        for lock in tuple(self._locks.values()):
            is_persons = not lock.id.startswith(INCIDENT_LOCK)
            if is_persons and lock.id not in state.footage_locks and is_same_log:
                self._drop(lock.id)
        if self._seq > state.seq:
            _log.warning(
                "The hub's record is younger than the locks beside the footage: they are all kept."
            )
        for released in state.released_footage:
            self._release(INCIDENT_LOCK + released)
        for told in state.footage_locks.values():
            self._keep(_of_person(told))
        for incident in state.incidents.values():
            self._of_incident(incident, _ended_ns(incident))
        if self.problem:
            self.problem = ""
            self._save_damaged()
        self._stand_at(state.run, state.seq)

    def entry(self, entry: ev.Entry, state: CityState) -> None:
        """One more entry; `state` has it folded in."""
        with self._guard:
            self._entry(entry, state)

    def _entry(self, entry: ev.Entry, state: CityState) -> None:
        event = entry.event
        match event:
            case ev.SignalReceived():
                self._signals[event.signal.uid] = event.signal.at_ns
                if len(self._signals) > REMEMBERED_SIGNALS:
                    self._signals.popitem(last=False)
            case ev.FootageLocked():
                self._keep(_of_person(state.footage_locks[event.lock_id]))
            case ev.FootageUnlocked():
                if event.lock_id.startswith(INCIDENT_LOCK):
                    self._release(event.lock_id)
                else:
                    self._drop(event.lock_id)
            case ev.IncidentOpened() | ev.IncidentExtended() | ev.CaseOpened() | ev.ClueGathered():
                incident = state.incidents.get(event.incident_id)
                if incident is not None:
                    self._of_incident(incident, 0)
            case ev.IncidentResolved() | ev.IncidentClosed():
                self._over(state, event.incident_id, entry.at_ns)
            case ev.IncidentVerified(over=True):
                self._over(state, event.incident_id, entry.at_ns)
            case ev.IncidentsMerged():
                self._over(state, event.other_id, entry.at_ns)
                kept = state.incidents.get(event.kept_id)
                if kept is not None:
                    self._of_incident(kept, 0)
            case ev.IncidentSplit():
                new = state.incidents.get(event.new_id)
                if new is not None:
                    self._of_incident(new, 0)
        self._seq_seen(entry)

    def _over(self, state: CityState, incident_id: str, at_ns: int) -> None:
        incident = state.incidents.get(incident_id)
        if incident is not None:
            self._of_incident(incident, at_ns)

    def prune(self, touches: Callable[[str, int, int], bool], now_ns: int) -> None:
        """Forget incidents' locks that hold nothing: over for an hour, and no footage of them is kept."""
        with self._guard:
            self._prune(touches, now_ns)

    def _prune(self, touches: Callable[[str, int, int], bool], now_ns: int) -> None:
        for lock in tuple(self._locks.values()):
            is_over = lock.id.startswith(INCIDENT_LOCK) and lock.to_ns < now_ns - _HOUR_NS
            if is_over and not any(touches(one, lock.from_ns, lock.to_ns) for one in lock.camera_ids):
                # Remembered, so that the hub's next snapshot does not bring it back.
                self._release(lock.id)

    def save(self) -> None:
        """Write what changed. Raises OSError; it is tried again with the next change or call."""
        with self._guard:
            if not self._changed or self.problem:
                return
            unlocked = tuple(self._unlocked)[-REMEMBERED_UNLOCKED:]
            write_locks(
                self._folder, KeptLocks(run=self._run, seq=self._seq, locks=self.locks, unlocked=unlocked)
            )
            self._changed = False

    def _of_incident(self, incident: Incident, ended_ns: int) -> None:
        figures, lock_id = self._figures, INCIDENT_LOCK + incident.id
        if lock_id in self._unlocked:
            return
        before = self._locks.get(lock_id)
        first_ns = min(
            [incident.opened_at_ns]
            + [self._signals[uid] for uid in incident.signal_uids if uid in self._signals]
        )
        first_ns = max(first_ns, incident.opened_at_ns - int(figures.earlier_h * _HOUR_NS))
        from_ns = max(0, first_ns - int(figures.before_s * SECOND_NS))
        longest_ns = incident.opened_at_ns + int(figures.longest_h * _HOUR_NS)
        to_ns = min(longest_ns, ended_ns + int(figures.after_s * SECOND_NS)) if ended_ns else longest_ns
        camera_ids = incident.camera_ids
        if before is None:
            near = self._nearest(incident.place.position, figures.nearest, figures.within_m)
            camera_ids += tuple(one for one in near if one not in camera_ids)
        else:
            camera_ids = before.camera_ids + tuple(
                one for one in camera_ids if one not in before.camera_ids
            )
            from_ns = min(from_ns, before.from_ns)
            # Resolved first and closed later: what counts is when it was first over.
            to_ns = min(to_ns, before.to_ns)
        self._keep(
            KeptLock(id=lock_id, camera_ids=camera_ids, from_ns=from_ns, to_ns=to_ns, reason=incident.type)
        )

    def _keep(self, lock: KeptLock) -> None:
        if self._locks.get(lock.id) != lock:
            self._locks[lock.id] = lock
            self._touched()

    def _drop(self, lock_id: str) -> None:
        if self._locks.pop(lock_id, None) is not None:
            self._touched()

    def _release(self, lock_id: str) -> None:
        if lock_id not in self._unlocked:
            self._unlocked[lock_id] = None
            self._changed = True
        self._drop(lock_id)

    def _touched(self) -> None:
        self._changed = True
        self._make_spans()

    def _make_spans(self) -> None:
        spans: dict[str, list[LockSpan]] = {}
        for lock in self._locks.values():
            for camera_id in lock.camera_ids:
                spans.setdefault(camera_id, []).append(LockSpan(lock.id, lock.from_ns, lock.to_ns))
        self._spans = spans  # replaced, never changed: another thread may be reading

    def _seq_seen(self, entry: ev.Entry) -> None:
        self._run, self._seq = entry.run, entry.seq

    def _stand_at(self, run: str, seq: int) -> None:
        if (run, seq) != (self._run, self._seq):
            self._run, self._seq = run, seq

    def _save_damaged(self) -> None:
        try:
            os.replace(self._folder / FILE, self._folder / DAMAGED)
        except OSError as error:
            _log.warning("The damaged %s could not be put aside: %s", FILE, error.strerror)
        self._changed = True


def _ended_ns(incident: Incident) -> int:
    return incident.changed_at_ns if incident.stage in ("resolved", "closed") else 0


def _of_person(told: FootageLock) -> KeptLock:
    return KeptLock(
        id=told.id, camera_ids=told.camera_ids, from_ns=told.from_ns, to_ns=told.to_ns, reason=told.reason,
        person=told.person,
    )  # fmt: skip
