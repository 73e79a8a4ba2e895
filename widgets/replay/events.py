"""Events of the record as columns: a time line draws thousands without looping over them. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from console.model import events as ev
from console.model.state import CityState
from widgets.replay.stretch import Shown

SORTS = ("incident", "alarm", "detection", "camera", "act")
"""What is told apart by shape, colour and word."""
KINDS: dict[str, str] = {
    "incident.opened": "incident", "incident.extended": "incident",
    "case.opened": "incident", "clue.gathered": "incident", "incident.split": "incident",
    "alarm.raised": "alarm", "alarm.moved": "alarm",
    "signal.received": "detection", "device.condition_changed": "camera",
    "alarm.acknowledged": "act", "incident.acknowledged": "act", "incident.noted": "act",
    "incident.resolved": "act", "incident.closed": "act", "handoff.queued": "act",
    "incident.claimed": "act", "incident.taken_over": "act", "incident.released": "act",
    "incident.verified": "act", "incident.responding": "act", "incident.held": "act",
    "incident.hold_ended": "act", "incident.regraded": "act", "incident.reclassified": "act",
    "incident.merged": "act", "incident.escalated": "act",
    "handoff.accepted": "act", "handoff.rejected": "act", "handoff.arrived": "act",
    "footage.locked": "act", "footage.unlocked": "act", "footage.export_started": "act",
    "city.mode_changed": "act", "masks.set": "act", "masks.lifted": "act",
}  # fmt: skip
"""Which entries are events of a time line. Looks and look-ups are not: they would hide the rest."""
RANKS = {"detection": 5, "camera": 6, "act": 7}
GOOD_AGAIN = 8
"""In a heap of marks the least is shown. Priorities 1 to 4 come first, last a camera that works again."""


class Mark(NamedTuple):
    """One mark: the entry it stands for (the most urgent of `count`), in pixels from the left."""

    x: float
    seq: int
    sort: str
    rank: int
    count: int


class _Lane:
    """Events of the city, or of one camera, by time."""

    def __init__(self) -> None:
        self.at_ns = np.empty(0, np.int64)
        self.seq = np.empty(0, np.int64)
        self.rank = np.empty(0, np.int8)
        self.sort = np.empty(0, np.int8)

    def add(self, rows: list[tuple[int, int, int, int]]) -> None:
        new = np.array(rows, np.int64).reshape(-1, 4)
        at_ns = np.concatenate([self.at_ns, new[:, 0]])
        seq = np.concatenate([self.seq, new[:, 1]])
        order = np.lexsort((seq, at_ns))
        self.at_ns, self.seq = at_ns[order], seq[order]
        self.rank = np.concatenate([self.rank, new[:, 2].astype(np.int8)])[order]
        self.sort = np.concatenate([self.sort, new[:, 3].astype(np.int8)])[order]


class EventBook:
    """What is known of the record, each entry once. `version` grows with what is known. UI thread only."""

    def __init__(self, cameras: frozenset[str]) -> None:
        self._cameras = cameras
        self._entries: dict[int, ev.Entry] = {}
        self._lanes: dict[str, _Lane] = {"": _Lane()}
        self._cameras_of: dict[str, tuple[str, ...]] = {}
        self.version = 0

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, seq: int) -> ev.Entry:
        """An entry by its number. Raises KeyError for one that is not known."""
        return self._entries[seq]

    def learn(self, state: CityState) -> None:
        """Which cameras belong to incidents whose beginning is not loaded."""
        for incident in state.incidents.values():
            self._cameras_of.setdefault(incident.id, incident.camera_ids)

    def clear(self) -> None:
        """Forget all events (which cameras belong to an incident stays known)."""
        self._entries.clear()
        self._lanes = {"": _Lane()}
        self.version += 1

    def add(self, entries: Iterable[ev.Entry]) -> None:
        """Take entries in any order; what is no event, or is known, is passed over."""
        rows: dict[str, list[tuple[int, int, int, int]]] = {}
        for entry in sorted(entries, key=_seq_of):
            event = entry.event
            sort = KINDS.get(ev.kind_of(event))
            if sort is None or entry.seq in self._entries:
                continue
            if isinstance(event, ev.DeviceConditionChanged) and event.device_id not in self._cameras:
                continue  # a lamp's condition is no event of a camera's time line
            if isinstance(event, ev.AlarmMoved):
                sort = _sort_of_move(event)
                if not sort:
                    continue
            if isinstance(event, ev.OPENED):
                self._cameras_of[event.incident_id] = event.camera_ids
            self._entries[entry.seq] = entry
            row = (at_of(entry), entry.seq, rank_of(event, sort), SORTS.index(sort))
            for lane in ("", *self.cameras_of(event)):
                rows.setdefault(lane, []).append(row)
        for lane, added in rows.items():
            self._lanes.setdefault(lane, _Lane()).add(added)
        if rows:
            self.version += 1

    def cameras_of(self, event: ev.AnyEvent) -> tuple[str, ...]:
        """The cameras an event is about."""
        found = [
            *getattr(event, "camera_ids", ()), *self._cameras_of.get(getattr(event, "incident_id", ""), ()),
            *getattr(event, "device_ids", ()), getattr(event, "camera_id", ""),
            getattr(event, "device_id", ""),
        ]  # fmt: skip
        if isinstance(event, ev.SignalReceived):
            found.append(event.signal.device_id)
        return tuple(one for one in dict.fromkeys(found) if one in self._cameras)

    def marks(self, shown: Shown, mark_px: int, camera_id: str = "") -> list[Mark]:
        """At most one mark each `mark_px` pixels, the most urgent of those that fall there."""
        lane = self._lanes.get(camera_id)
        if lane is None:
            return []
        first, last = np.searchsorted(lane.at_ns, (shown.from_ns, shown.to_ns + 1))
        if first == last:
            return []
        x = (lane.at_ns[first:last] - shown.from_ns) * (shown.width_px / shown.span_ns)
        rank, place = lane.rank[first:last], (x // mark_px).astype(np.int64)
        order = np.lexsort((np.arange(len(x)), rank, place))
        _, begin, count = np.unique(place[order], return_index=True, return_counts=True)
        chosen = order[begin]
        return [
            Mark(at, seq, SORTS[sort], urgency, many)
            for at, seq, sort, urgency, many in zip(
                x[chosen].tolist(), lane.seq[first:last][chosen].tolist(),
                lane.sort[first:last][chosen].tolist(), rank[chosen].tolist(), count.tolist(), strict=True,
            )
        ]  # fmt: skip

    def after(self, at_ns: int, camera_id: str = "") -> ev.Entry | None:
        """The first event after a moment, of the city or of a camera."""
        lane = self._lanes.get(camera_id, _Lane())
        number = int(np.searchsorted(lane.at_ns, at_ns, "right"))
        return self._entries[int(lane.seq[number])] if number < len(lane.at_ns) else None

    def before(self, at_ns: int, camera_id: str = "") -> ev.Entry | None:
        """The last event before a moment."""
        lane = self._lanes.get(camera_id, _Lane())
        number = int(np.searchsorted(lane.at_ns, at_ns, "left")) - 1
        return self._entries[int(lane.seq[number])] if number >= 0 else None


def at_of(entry: ev.Entry) -> int:
    """When it happened: a detection when its source saw it, everything else when it was decided."""
    return entry.event.signal.at_ns if isinstance(entry.event, ev.SignalReceived) else entry.at_ns


def rank_of(event: ev.AnyEvent, sort: str) -> int:
    """How urgent: a priority, else after all of them."""
    if isinstance(event, ev.GATHERED):
        return 4
    if isinstance(event, ev.DeviceConditionChanged) and event.condition == "up":
        return GOOD_AGAIN
    return int(getattr(event, "priority", 4)) if sort in ("incident", "alarm") else RANKS[sort]


def _sort_of_move(event: ev.AlarmMoved) -> str:
    """A new alarm, a person's act, or "" for what nobody did and nobody heard."""
    if event.is_new:
        return "alarm"
    return "act" if event.who.startswith("person:") else ""


def _seq_of(entry: ev.Entry) -> int:
    return entry.seq
